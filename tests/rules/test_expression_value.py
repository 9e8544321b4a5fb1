"""The value of an expression is what docs/templates.md says, and unknown is never zero."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from parity_cases import Case, cases, plain, scope_of

from canevas_xl.model.expression import UNKNOWN, Call, Expression, Partial, Unknown, Value
from canevas_xl.rules.evaluate import evaluate, known_part, rounded
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope

SCOPE = Scope(
    MappingProxyType({"A": 2.0, "B": 3.0, "Z": 0.0, "U": UNKNOWN, "C1": "PLASTIC", "YES": True}),
    MappingProxyType({
        "LEGS": MappingProxyType({"LEG1": {"T1": "TRUCK", "T2": 300.0}, "LEG2": {"T1": UNKNOWN, "T2": UNKNOWN}}),
        "FULL": MappingProxyType({"F1": {"X": 1.0}, "F2": {"X": 2.5}}),
        "EMPTY": MappingProxyType({}),
    }),
)  # fmt: skip


def value(written: str) -> Value:
    return evaluate(parse(written), SCOPE)


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("A + B * 2", 8.0),
        ("-A^2", -4.0),
        ("min(A, B, 1)", 1.0),
        ("max(4)", 4.0),
        ("clip(9, A, B)", 3.0),
        ("clip(-1, A, B)", 2.0),
        ("sum(A, B, 1)", 6.0),
        ("if(C1 = 'PLASTIC', A / 1000, 0)", 0.002),
        ("C1 in ('FIBRE', 'PLASTIC')", True),
        ("C1 != 'FIBRE'", True),
        ("lookup(C1, 'FIBRE', 1, 'PLASTIC', 7)", 7.0),
        ("not A > B", True),
        ("A < B and Z = 0", True),
        ("2 ^ 0.5 > 1.414", True),
    ],
)
def test_known_values_are_computed(written: str, due: Value) -> None:
    assert value(written) == due


@pytest.mark.parametrize(
    "written",
    [
        "U + 1", "0 * U", "min(A, U)", "sum(A, U)", "if(U = 1, 2, 2)", "U = U", "A > 1 or U > 1", "A < 1 and U > 1",
        "not U = 1", "lookup(U, 'X', 1)", "U in ('X')", "-U", "clip(A, U, 3)", "NOBODY",
    ],
)  # fmt: skip
def test_unknown_spreads(written: str) -> None:
    assert value(written) is UNKNOWN


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("if(A = 2, 5, U)", 5.0),
        ("lookup(C1, 'FIBRE', U, 'PLASTIC', 7)", 7.0),
        ("coalesce(U, A)", 2.0),
        ("coalesce(U, C1)", "PLASTIC"),
        ("known(U)", False),
        ("known(A)", True),
        ("count(A, U, C1)", 2.0),
        ("count(U)", 0.0),
    ],
)
def test_some_functions_see_through_the_unknown(written: str, due: Value) -> None:
    assert value(written) == due


@pytest.mark.parametrize(
    "written",
    [
        "1 / Z", "(0 - A) ^ 2", "Z ^ 0", "10 ^ 400", "10 ^ -400", "1e300 * 1e300", "lookup(C1, 'FIBRE', 1)", "C1 + 1",
        "A = 'X'", "C1 < 'X'", "A in ('X')", "lookup(A, 'X', 1)", "YES + 1", "if(A, 1, 2)", "A and B", "not C1",
        "YES = YES", "max(C1, 1)",
    ],
)  # fmt: skip
def test_what_cannot_be_computed_is_unknown(written: str) -> None:
    assert value(written) is UNKNOWN


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("0.1 * 3 = 0.3", True),
        ("0.1 * 3 > 0.3", False),
        ("0.1 * 3 <= 0.3", True),
        ("1.00000000001 = 1", False),
        ("1.000000000001 = 1", True),
        ("0.1234567890125 = 0.123456789013", True),
        ("0 - 0.1234567890125 = 0 - 0.123456789013", True),
        ("1e-13 = 0", False),
        ("Z = 0", True),
    ],
)
def test_numbers_are_compared_at_twelve_digits_half_away_from_zero(written: str, due: bool) -> None:  # noqa: FBT001 - a table of truths
    assert value(written) is due


@pytest.mark.parametrize(
    ("number", "twelve_digits"),
    [(0.0, "0"), (2.5, "2.50000000000"), (-1.000000000005, "-1.00000000001"), (123456789012.5, "123456789013")],
)
def test_rounding_is_that_of_what_spreadsheets_show(number: float, twelve_digits: str) -> None:
    assert str(rounded(number)) == twelve_digits


def test_a_sum_over_a_table_is_a_pair() -> None:
    assert value("sum(LEGS, T2 * A)") == Partial(600.0, 1)
    assert value("sum(FULL, X)") == Partial(3.5, 0)
    assert value("sum(EMPTY, X)") == Partial(0.0, 0)


def test_inside_a_larger_expression_an_incomplete_pair_is_unknown() -> None:
    assert value("sum(LEGS, T2) + 1") is UNKNOWN
    assert value("sum(FULL, X) + 1") == 4.5
    assert value("coalesce(sum(LEGS, T2), 9)") == 9.0


def test_rows_are_counted_whether_known_or_not() -> None:
    assert (value("count(LEGS)"), value("count(EMPTY)")) == (2.0, 0.0)


@pytest.mark.parametrize(
    ("given", "pair"), [(UNKNOWN, Partial(0.0, 1)), (4.0, Partial(4.0, 0)), (Partial(1.0, 2), Partial(1.0, 2))]
)
def test_any_value_reads_as_a_pair(given: Value, pair: Partial) -> None:
    assert known_part(given) == pair


@given(cases())
def test_every_tree_has_a_value(case: Case) -> None:
    assert isinstance(evaluate(case.tree, scope_of(case)), float | str | bool | Unknown | Partial)


SEES_THROUGH = {"coalesce", "known", "count"}


def uses(tree: Expression) -> set[str]:
    if not isinstance(tree, Call):
        return set()
    return {tree.function}.union(*map(uses, tree.arguments))


@given(cases(depth=3))
def test_knowing_less_never_changes_a_known_result_into_another(case: Case) -> None:
    if uses(case.tree) & SEES_THROUGH:
        return
    said = plain(evaluate(case.tree, scope_of(case)))
    for key in case.typed:
        less = Case(case.tree, {**case.typed, key: None}, case.rows, case.guarded)
        assert plain(evaluate(case.tree, scope_of(less))) in {None, said}
