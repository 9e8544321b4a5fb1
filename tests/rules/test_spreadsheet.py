"""Trees are written as every spreadsheet reads them, lowered with their guards, and leave with right values."""

from __future__ import annotations

import pytest

from canevas_xl.model.formula import Area, Cell, Formula, SameRow
from canevas_xl.model.plan import CellPlan, Content, Link, SheetPlan, Stamp, Style, WorkbookPlan
from canevas_xl.rules import build as b
from canevas_xl.rules.lower import Kind, kind_of, lower
from canevas_xl.rules.parse import parse
from canevas_xl.rules.spreadsheet import column_letters, recalculated, text

NAMES = {"OFFER": "Mon offre", "LISTS": "L'essentiel"}
A1 = Cell("OFFER", 0, 0)


@pytest.mark.parametrize(
    ("tree", "written"),
    [
        (A1, "'Mon offre'!$A$1"),
        (Cell("LISTS", 9, 27), "'L''essentiel'!$AB$10"),
        (Area("OFFER", 1, 2, 8, 3), "'Mon offre'!$C$2:$D$9"),
        (Area("OFFER", 0, 4, 1_048_575, 4), "'Mon offre'!$E:$E"),
        (SameRow(4), "INDEX($E:$E,ROW())"),
        (b.sub(1, b.sub(2, 3)), "1-(2-3)"),
        (b.sub(b.sub(1, 2), 3), "1-2-3"),
        (b.mul(b.add(1, 2), 3), "(1+2)*3"),
        (b.power(b.neg(2), 2), "(-2)^2"),
        (b.neg(b.power(2, 2)), "(0-(2^2))"),
        (b.power(b.lit(-2.0), 2), "(-2)^2"),
        (b.sum_(b.lit(-2.0), 1e-7), "SUM(-2,1E-07)"),
        (b.eq(b.cat("a", 1), 'b"c'), '"a"&1="b""c"'),
        (b.mul(b.eq(A1, 1), 2), "('Mon offre'!$A$1=1)*2"),
        (b.if_(True, 0.1, b.na()), "IF(TRUE,0.1,NA())"),
        (b.lit("x" * 300), '"' + "x" * 255 + '"&"' + "x" * 45 + '"'),
    ],
)
def test_a_tree_is_written_with_just_the_parentheses_it_needs(tree: Formula, written: str) -> None:
    assert text(tree, NAMES) == written


def test_only_classic_functions_and_finite_numbers_are_written() -> None:
    with pytest.raises(ValueError, match="XLOOKUP"):
        text(b.use("XLOOKUP", 1, 2), NAMES)
    with pytest.raises(ValueError, match="inf"):
        text(b.lit(float("inf")), NAMES)


def test_columns_have_letters() -> None:
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def cell_of(name: str) -> Formula:
    return Cell("OFFER", ord(name) - ord("A"), 0)


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("A + 1", "A1+1"),
        ("max(0, A - 0.05 * B)", "MAX(0,A1-0.05*A2)"),
        ("A > 0", "A1>0"),
        ("-A ^ 2", "(-IF(ABS(2*LOG10(A1))<100,A1^2,NA()))"),
        ("coalesce(A, 2)", "IFERROR(A1,2)"),
        ("known(A)", "NOT(ISERROR(A1))"),
        ("if(A = 0 and B > 0, 1, 2)", "IF((A1=0)*(A2>0)=1,1,2)"),
        ("K = 'X'", 'EXACT(A11,"X")'),
        ("K + 1", "NA()+1"),
        ("A = 'X'", "NA()"),
        ("lookup(K, 'X', 1)", 'IF(EXACT(A11,"X"),1,NA())'),
    ],
)
def test_cells_of_known_kind_need_no_guard(expression: str, written: str) -> None:
    tree = lower(parse(expression), cell_of, kinds=lambda name: Kind.CODE if name == "K" else Kind.NUMBER)
    assert text(tree, {"OFFER": "S"}).replace("'S'!", "").replace("$", "") == written


def test_cells_of_unknown_kind_are_guarded_against_obliging_spreadsheets() -> None:
    assert lower(parse("A + 1"), cell_of) == b.add(b.if_(b.is_number(cell_of("A")), cell_of("A"), b.na()), 1)


def test_the_kind_of_a_tree_is_what_it_can_give() -> None:
    assert kind_of(parse("if(A = 1, 'X', 2)")) is Kind.VALUE
    assert kind_of(parse("A > 1 or B > 1")) is Kind.TRUTH
    assert kind_of(parse("coalesce(A, 2)"), lambda _: Kind.NUMBER) is Kind.NUMBER


def value(formula: Formula | tuple[Formula, ...], *cells: Content, language: str = "en") -> object:
    """Compute a formula that stands in B1, beside ``cells`` in column A."""
    formulas = formula if isinstance(formula, tuple) else (formula,)
    planned = [CellPlan(row, 0, content, Style()) for row, content in enumerate(cells)]
    planned += [CellPlan(row, 1, one, Style()) for row, one in enumerate(formulas)]
    made = recalculated(WorkbookPlan("t", language, (SheetPlan("OFFER", "Offre", tuple(planned)),)))
    cached = [cell.cached for cell in made.sheets[0].cells if cell.column == 1]
    return cached if isinstance(formula, tuple) else cached[0]


@pytest.mark.parametrize(("language", "shown"), [("fr", "12,5 kg"), ("en", "12.5 kg")])
def test_numbers_joined_to_texts_take_the_readers_decimal_sign(language: str, shown: str) -> None:
    assert value(b.cat(A1, " kg"), 12.5, language=language) == shown


def test_stamps_and_links_are_texts() -> None:
    assert value(b.cat(A1, "!"), Stamp("token", "n° ")) == "n° token!"
    assert value(b.length(A1), Link("Aller", Cell("OFFER", 0, 0))) == 5.0


def test_a_formula_whose_cell_is_blank_shows_zero_and_an_error_its_name() -> None:
    assert value((A1, b.div(1, A1), b.na(), b.add("x", 1))) == [0.0, "#DIV/0!", "#N/A", "#VALUE!"]


def test_long_chains_are_computed_and_circles_refused() -> None:
    chain = tuple(b.add(Cell("OFFER", row + 1, 1), 1) for row in range(3000))
    assert value((*chain, b.lit(0)))[0] == 3000.0  # type: ignore[index]
    with pytest.raises(ValueError, match="circle"):
        value((Cell("OFFER", 1, 1), Cell("OFFER", 0, 1)))


def test_what_spreadsheets_compute_differently_is_refused() -> None:
    area = Area("OFFER", 0, 0, 1, 0)
    with pytest.raises(ValueError, match="multiplied"):
        value(b.sumproduct(b.eq(area, 1)), 1.0, 2.0)
    with pytest.raises(ValueError, match="area"):
        value(b.add(area, 1), 1.0, 2.0)
    with pytest.raises(ValueError, match="ISNUMBER"):
        value(b.sumproduct(b.mul(b.is_number(area), 1)), 1.0, 2.0)
