"""The supplier's workbook computes what Python computes: our own engine, the assessment, LibreOffice and IronCalc."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import ironcalc
import pytest
from office import Office
from shipped import FILLINGS, LANGUAGES, TEMPLATES, answers_in, canvas_of, copy_of, grounds, lot_of, planned

from canevas_xl.canvas.workbook import calc
from canevas_xl.canvas.workbook.places import CALC, places
from canevas_xl.impact.assess import assess
from canevas_xl.impact.figures import by_line, by_stage, score, total
from canevas_xl.model.formula import Area, Cell, Literal, SameRow, Use
from canevas_xl.model.plan import CellPlan, SheetPlan, WorkbookPlan

TOLERANCE = 1e-9
FORMULA = (Literal, Cell, Area, SameRow, Use)
CASES = [(template, language, filling) for template in TEMPLATES for language in LANGUAGES for filling in FILLINGS]


@pytest.fixture(scope="module")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(soffice, tmp_path_factory.mktemp("office")) as started:
        yield started


def formulas(sheet: SheetPlan) -> Iterator[CellPlan]:
    return (cell for cell in sheet.cells if isinstance(cell.content, FORMULA))


def inputs(sheet: SheetPlan) -> dict[tuple[int, int], float | str]:
    return {
        (cell.row, cell.column): cell.content
        for cell in sheet.cells
        if not cell.style.locked and isinstance(cell.content, float | str | int)
    }


def differences(plan: WorkbookPlan, found: dict[str, dict[tuple[int, int], float | str]]) -> list[str]:
    """List the formula cells whose value another engine sees otherwise."""
    return [
        f"{sheet.code}!{(cell.row, cell.column)}: {cell.cached!r} here, {other!r} there"
        for sheet in plan.sheets
        for cell in formulas(sheet)
        for other in [found[sheet.name].get((cell.row, cell.column), "")]
        if not same(cell.cached, other)
    ]


def same(ours: object, theirs: object) -> bool:
    if isinstance(ours, bool):
        ours = float(ours)
    if isinstance(ours, float | int) and isinstance(theirs, float | int):
        return math.isclose(ours, theirs, rel_tol=TOLERANCE, abs_tol=1e-12)
    return (ours if ours is not None else "") == theirs


@pytest.mark.office
@pytest.mark.parametrize(("template", "language", "filling"), CASES)
def test_libreoffice_recalculates_every_formula_of_a_filled_workbook_to_our_value(
    office: Office, tmp_path: Path, template: str, language: str, filling: str
) -> None:
    issued, filled = planned(template, language, "empty"), planned(template, language, filling)
    path = tmp_path / "canvas.xlsx"
    path.write_bytes(copy_of(issued))
    with office.open(path) as book:
        for sheet in filled.sheets:
            for (row, column), value in inputs(sheet).items():
                book.type(sheet.name, row, column, value)
        book.recalculate()
        found = {sheet.name: book.values(sheet.name) for sheet in filled.sheets}
    assert differences(filled, found) == []


@pytest.mark.parametrize(("template", "language", "filling"), CASES)
def test_ironcalc_recalculates_every_formula_to_our_value(
    tmp_path: Path, template: str, language: str, filling: str
) -> None:
    plan = planned(template, language, filling)
    path = tmp_path / "canvas.xlsx"
    path.write_bytes(copy_of(plan))
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    found = {
        sheet.name: {
            (cell.row, cell.column): model.get_cell_value(position, cell.row + 1, cell.column + 1)
            for cell in formulas(sheet)
        }
        for position, sheet in enumerate(plan.sheets)
    }
    assert differences(plan, found) == []


@pytest.mark.parametrize(("template", "language", "filling"), CASES)
def test_lines_stages_and_totals_of_the_workbook_are_those_of_the_assessment(
    template: str, language: str, filling: str
) -> None:
    answers = answers_in(template, filling)
    canvas = canvas_of(template, language, answers)
    where, plan = places(canvas), planned(template, language, filling)
    sheet = next(one for one in plan.sheets if one.code == CALC)
    cached = {(cell.row, cell.column): cell.cached if cell.cached is not None else cell.content for cell in sheet.cells}
    found = grounds(template)
    impacts = assess(found.loaded.template, lot_of(template), answers, (found.factors, found.method))
    lines = by_line(impacts)
    for n, (flow, row) in enumerate(where.lines):
        at = where.counted.first + n
        expected = lines.get((flow.code, row))
        known, unknown = (expected.known, expected.unknown) if expected else (0.0, 0)
        assert cached[at, calc.IMPACT] == pytest.approx(known, rel=TOLERANCE, abs=1e-12), flow.code
        assert cached[at, calc.MISSING] == unknown, flow.code
    bottom = where.counted.last + 1
    whole = total(impacts)
    assert cached[bottom, calc.IMPACT] == pytest.approx(whole.known, rel=TOLERANCE)
    assert cached[bottom, calc.MISSING] == whole.unknown
    for stage, part in by_stage(impacts).items():
        assert cached[bottom, calc.stage_column(where, stage)] == pytest.approx(part.known, rel=TOLERANCE, abs=1e-12)
    for perimeter in where.wide:
        points = score(impacts, perimeter)
        assert points is not None
        by_category = {code: cached[bottom, calc.indicator_column(where, code)] for code in where.indicators}
        mine = sum(found.method.points(code) * float(amount) for code, amount in by_category.items())
        assert mine == pytest.approx(points.known, rel=TOLERANCE, abs=1e-12)


def test_the_comparison_would_see_another_value() -> None:
    full, half = planned(TEMPLATES[0], "fr", "full"), planned(TEMPLATES[0], "fr", "half")
    found = {
        sheet.name: {(cell.row, cell.column): cell.cached for cell in formulas(sheet) if cell.cached is not None}
        for sheet in half.sheets
    }
    assert len(list(formulas(next(one for one in full.sheets if one.code == CALC)))) > 500
    assert len(differences(full, found)) > 50
