"""The text of an expression becomes the tree that an author means, or an error that says where and what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.findings.finding import found
from canevas_xl.findings.messages import message, remedy
from canevas_xl.model.expression import Call, Code, Name, Number
from canevas_xl.resources import LANGUAGES
from canevas_xl.rules.errors import ExpressionError
from canevas_xl.rules.parse import names, parse, shown, tables


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("-2^2", "-2 ^ 2"),
        ("(-2)^2", "(-2) ^ 2"),
        ("2^-1", "2 ^ -1"),
        ("A-B-C", "A - B - C"),
        ("A-(B-C)", "A - (B - C)"),
        ("A+B*C", "A + B * C"),
        ("(A+B)*C", "(A + B) * C"),
        ("not A = 1 and B > 2 or C < 3", "not A = 1 and B > 2 or C < 3"),
        ("not (A = 1 or B = 2)", "not (A = 1 or B = 2)"),
        ("C1 in('FIBRE','PLASTIC')", "C1 in ('FIBRE', 'PLASTIC')"),
        ("  max(0,ND-0.05*M0) ", "max(0, ND - 0.05 * M0)"),
        ("1.50", "1.5"),
    ],
)
def test_operators_bind_as_documented(written: str, canonical: str) -> None:
    assert shown(parse(written)) == canonical
    assert parse(canonical) == parse(written)


def test_unary_minus_is_looser_than_a_power() -> None:
    assert parse("-2^2") == Call("neg", (Call("^", (Number(2.0), Number(2.0))),))


def test_a_lookup_holds_its_subject_then_codes_and_values() -> None:
    tree = parse("lookup(Q1, 'LAPTOP', 60, 'DESKTOP', 200)")
    assert tree == Call("lookup", (Name("Q1"), Code("LAPTOP"), Number(60.0), Code("DESKTOP"), Number(200.0)))


@pytest.mark.parametrize(
    ("written", "code", "position"),
    [
        ("", "E102", 1),
        ("1 +", "E102", 4),
        ("max(1, 2", "E102", 9),
        ("0,5", "E101", 2),
        ("2K", "E101", 1),
        ("A # B", "E101", 3),
        ("'plastic'", "E101", 1),
        ("A not B", "E101", 3),
        ("lookup A", "E103", 8),
        ("average(A)", "E104", 1),
        ("a1", "E101", 1),
        ("if(A = 1, 2)", "E105", 1),
        ("lookup(Q1, 'A')", "E105", 1),
        ("lookup(Q1, 'A', 1, 'A', 2)", "E106", 1),
        ("lookup(Q1, K, 1)", "E106", 1),
        ("C1 in (FIBRE)", "E106", 8),
        ("1e999", "E107", 1),
        ("(" * 60 + "1" + ")" * 60, "E108", 41),
        ("1" + " + 1" * 60, "E108", 1),
        ("A < B < C", "E109", 7),
        ("A ^ B ^ C", "E109", 7),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(written: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(written)
    assert (caught.value.code, caught.value.facts["position"]) == (code, position)


@pytest.mark.parametrize("written", ["1 +", "0,5", "max(1 2)", "f(A)", "if(A)", "A in (B)", "1e999", "(" * 50, "A=B=C"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_its_words(written: str, language: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(written)
    said = found(caught.value.code, **caught.value.facts)
    assert "{" not in message(said, language) + remedy(said, language)


@given(st.text(alphabet="AB1.5'+-*/^()=<>!, iforntcyudmaxsl_", max_size=40))
def test_any_text_is_a_tree_or_an_expression_error(written: str) -> None:
    try:
        tree = parse(written)
    except ExpressionError:
        return
    assert parse(shown(tree)) == tree


def test_names_and_possible_tables_are_found() -> None:
    tree = parse("sum(LEGS, T2 * N) + count(DESK) + count(A, B) + max(C, 1)")
    assert names(tree) == {"LEGS", "T2", "N", "DESK", "A", "B", "C"}
    assert tables(tree) == {"LEGS", "DESK"}
