"""Every classic function that planners may use is cached as LibreOffice and IronCalc compute it."""

from __future__ import annotations

from pathlib import Path

import ironcalc
import pytest
from office import Office
from parity_cases import agree

from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.model.formula import Area, Cell, Formula, SameRow
from canevas_xl.model.plan import CellPlan, Content, SheetPlan, Style, WorkbookPlan
from canevas_xl.rules import build as b
from canevas_xl.rules.spreadsheet import FUNCTIONS, recalculated, text

DATA: tuple[tuple[Content, ...], ...] = (
    ("CODE", "LABEL", "NUMBER", "MORE"),
    ("A", "Apple", 1.0, 10.0),
    ("B", "pear", 2.5, None),
    ("C", "Élan", -3.0, 20.0),
    ("A", "apple pie", 0.0, 5.0),
    ("D-1", None, None, 7.0),
    ("1E2", " two  spaces ", 100.0, 2.675),
)
LAST = len(DATA) - 1
CODES, LABELS, NUMBERS, MORE = (b.column("DATA", column, 1, LAST) for column in range(4))
HOLED = b.column("CASES", 2, 0, 3)
"""Cells of the sheet itself: a number, an error, an empty text, a number."""
BLANK = Cell("DATA", 2, 3)
TEXT = Cell("DATA", 1, 0)

CASES: tuple[Formula, ...] = (
    b.sum_(NUMBERS), b.sum_(NUMBERS, 5, TEXT), b.sum_(HOLED), b.min_(NUMBERS), b.max_(NUMBERS, MORE), b.min_(LABELS),
    b.min_(NUMBERS, 0.5), b.counta(LABELS), b.counta(HOLED), b.countif(CODES, "A"), b.countif(CODES, "a"),
    b.countif(NUMBERS, 0), b.countif(NUMBERS, ">0"), b.countif(NUMBERS, "<>0"), b.countif(CODES, "<>A"),
    b.countif(LABELS, ""), b.countif(HOLED, 7), b.countifs(CODES, "A", NUMBERS, ">=1"), b.sumifs(NUMBERS, CODES, "A"),
    b.sumifs(MORE, CODES, TEXT), b.sumifs(MORE, NUMBERS, "<=0", CODES, "<>B"), b.sumifs(HOLED, HOLED, 7),
    b.sumproduct(NUMBERS, MORE), b.sumproduct(b.mul(b.eq(CODES, "A"), MORE)),
    b.sumproduct(b.mul(b.is_error(HOLED), 1)), b.sumproduct(b.mul(HOLED, 1)), b.sumproduct(HOLED, HOLED),
    b.sumproduct(b.mul(b.eq(CODES, "A"), b.gt(NUMBERS, 0)), MORE),
    b.index(NUMBERS, 2), b.index(NUMBERS, 5), b.index(NUMBERS, 9), b.index(Area("DATA", 1, 0, LAST, 3), 3, 2),
    b.sum_(b.index(Area("DATA", 1, 2, LAST, 3), 0, 2)), b.match("c", CODES), b.match("élan", LABELS),
    b.match("ZZ", CODES), b.match(2.5, NUMBERS), b.match(0, NUMBERS), b.match(BLANK, NUMBERS), b.match(b.na(), CODES),
    b.look_up("D-1", CODES, MORE), b.look_up("1E2", CODES, NUMBERS), b.large(NUMBERS, 1), b.small(NUMBERS, 2),
    b.large(NUMBERS, 9), b.large(HOLED, 1), b.round_(2.675, 2), b.round_(-2.5), b.round_(1234.5, -2), b.round_(0.05, 0),
    b.use("INT", -2.5), b.use("ABS", -2.5), b.use("LOG10", 1000), b.use("LOG10", 0), b.use("INT", b.use("LOG10", 1e-6)),
    b.if_(True, 1, b.na()), b.if_(b.na(), 1, 2), b.if_(BLANK, 1, 2), b.if_(2, "X", "Y"), b.if_error(b.div(1, 0), "no"),
    b.if_error(3, "no"), b.div(1, 0), b.div(BLANK, 3), b.power(2, 10), b.power(4, -0.5), b.neg(b.power(2, 2)),
    b.power(b.neg(2), 2), b.add("A", 1), b.add(TEXT, 1), b.add(BLANK, 1), b.mul(b.eq(1, 1), 3), b.eq("É", "é"),
    b.eq("A", "a"), b.eq("A", "B"), b.ne("A", 1), b.lt("A", 1), b.lt(99, "A"), b.lt("a", "B"), b.eq(BLANK, 0),
    b.eq(BLANK, ""), b.eq(b.mul(0.1, 3), 0.3), b.gt(b.mul(0.1, 3), 0.3), b.ge(b.mul(0.1, 3), 0.3), b.exact("A", "a"),
    b.exact(TEXT, "A"), b.exact(b.na(), "A"), b.and_(True, b.gt(2, 1)), b.and_(True, False), b.or_(False, b.gt(2, 1)),
    b.or_(False, False), b.and_(NUMBERS, 1), b.not_(b.eq(1, 2)), b.is_number(BLANK), b.is_number(TEXT), b.is_number(4),
    b.is_number(b.na()), b.is_text(TEXT), b.is_text(BLANK), b.is_text("1E2"), b.is_blank(BLANK), b.is_blank(TEXT),
    b.is_blank(Cell("CASES", 2, 2)), b.is_error(b.na()), b.is_error(b.div(1, 0)), b.is_error(TEXT), b.length("déjà"),
    b.length(BLANK), b.trim(Cell("DATA", LAST, 1)), b.repeat("█", 3.7), b.repeat("x", 0),
    b.mid("été", 2), b.mid("abc", 9), b.mid(73282932000074.0, 14), b.mid("abc", 2, 9), b.find("7", "0123456789"),
    b.find("x", "0123456789"), b.find("é", "ÉTÉ été"), b.find("?", "a?b"), b.mid("abc", 0),
    b.cat("a", 1, "b", 0.5),
    b.cat(b.round_(b.div(1, 3), 3), ""), b.cat(12345678, " €"), b.cat(BLANK, "x"), b.cat(b.na(), "x"), b.cat(1e-6, ""),
    b.cat(b.round_(b.sub(1, 0.9), 6), ""), b.cat(b.neg(2.5), "!"), b.choose(2, "x", "y"), b.choose(3, "x", "y"),
    b.choose(1, 5, b.na()),
    b.hyperlink("#'Données'!A1", "Aller"), b.use("ROW"), b.use("ROW", TEXT), SameRow(3), b.mul(SameRow(3), 2), BLANK,
    Cell("DATA", 1, 2), b.na(), b.lit("x" * 300), b.length(b.lit('"' * 300)), b.lit(-2.0), b.mul(b.lit(-2.0), -3),
    b.sub(1, b.sub(2, 3)), b.div(8, b.div(4, 2)), b.power(b.power(2, 3), 2), b.power(2, b.power(3, 2)),
    b.mul(b.add(1, 2), 3),
)  # fmt: skip


def plan() -> WorkbookPlan:
    look = Style()
    data = [CellPlan(row, column, one, look) for row, line in enumerate(DATA) for column, one in enumerate(line)]
    cases = [CellPlan(row, 0, case, look) for row, case in enumerate(CASES)]
    cases += [CellPlan(row, 3, float(row), look) for row in range(len(CASES))]
    holed: tuple[Content, ...] = (3.0, b.na(), b.if_(True, "", 1), 7.0)
    cases += [CellPlan(row, 2, one, look) for row, one in enumerate(holed)]
    names = (("DATA", "Données d'essai"), ("CASES", "Cas"))
    sheets = (SheetPlan(code, name, tuple(data if code == "DATA" else cases), protected=False) for code, name in names)
    return recalculated(WorkbookPlan("functions", "en", tuple(sheets)))


@pytest.fixture(scope="module")
def made() -> WorkbookPlan:
    return plan()


@pytest.fixture(scope="module")
def file(made: WorkbookPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("functions") / "functions.xlsx"
    path.write_bytes(workbook_bytes(made))
    return path


def disagreements(made: WorkbookPlan, seen: list[object]) -> list[str]:
    names = {sheet.code: sheet.name for sheet in made.sheets}
    cached = [cell.cached for cell in made.sheets[1].cells[: len(CASES)]]
    return [
        f"{text(case, names)}: cached {due!r}, engine {value!r}"
        for case, due, value in zip(CASES, cached, seen, strict=True)
        if not agree(None if isinstance(due, str) and due.startswith("#") else due, value)
    ]


def test_every_allowed_function_is_tried(made: WorkbookPlan) -> None:
    written = " ".join(text(case, {sheet.code: sheet.name for sheet in made.sheets}) for case in CASES)
    assert [name for name in FUNCTIONS if f"{name}(" not in written] == []


def test_ironcalc_computes_what_is_cached(made: WorkbookPlan, file: Path) -> None:
    model = ironcalc.load_from_xlsx(str(file), "en", "UTC", "en")
    model.evaluate()
    assert disagreements(made, [model.get_cell_value(1, row + 1, 1) for row in range(len(CASES))]) == []


@pytest.mark.office
def test_libreoffice_computes_what_is_cached(made: WorkbookPlan, file: Path, soffice: str, tmp_path: Path) -> None:
    with Office(soffice, tmp_path) as office, office.open(file) as book:
        book.recalculate()
        values = book.values("Cas")
    assert disagreements(made, [values.get((row, 0), "") for row in range(len(CASES))]) == []
