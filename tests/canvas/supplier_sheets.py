"""Ways into the plan of a supplier's workbook, for its tests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import shipped
from shipped import LANGUAGES, TEMPLATES, answers_in, canvas_of

from canevas_xl.canvas.workbook import grid, plan_canvas
from canevas_xl.canvas.workbook.places import places
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use
from canevas_xl.model.plan import CellPlan, Content, Link, SheetPlan, Stamp, WorkbookPlan
from canevas_xl.model.vocabulary import Origin

FORMULA = (Literal, Cell, Area, SameRow, Use)
planned = cache(shipped.planned)
EVERY = [(template, language) for template in TEMPLATES for language in LANGUAGES]


def cells_of(plan: WorkbookPlan, code: str) -> dict[tuple[int, int], CellPlan]:
    sheet = next(sheet for sheet in plan.sheets if sheet.code == code)
    return {(cell.row, cell.column): cell for cell in sheet.cells}


def shown(plan: WorkbookPlan, cell: Cell) -> Content | bool:
    """What a cell shows: its content, or the value of its formula."""
    found = cells_of(plan, cell.sheet)[cell.row, cell.column]
    return found.cached if isinstance(found.content, FORMULA) else found.content


def unlocked(plan: WorkbookPlan) -> Iterator[tuple[SheetPlan, CellPlan]]:
    return ((sheet, cell) for sheet in plan.sheets for cell in sheet.cells if not cell.style.locked)


def words(plan: WorkbookPlan) -> Iterator[tuple[str, str]]:
    """Every text that a supplier can read, with where it stands."""
    for sheet in plan.sheets:
        yield sheet.name, sheet.name
        for cell in sheet.cells:
            where = f"{sheet.code}!{(cell.row, cell.column)}"
            yield from ((where, text) for text in _texts(cell.content))
            if isinstance(cell.cached, str):
                yield where, cell.cached
        for validation in sheet.validations:
            for text in (validation.title, validation.prompt, validation.error_title, validation.error):
                yield f"{sheet.code} {validation.area}", text
        for chart in sheet.charts:
            yield sheet.code, chart.alternative_text


def _texts(content: Content) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, Link):
        yield content.text
    elif isinstance(content, Stamp):
        yield content.before + content.after
    elif isinstance(content, Literal) and isinstance(content.value, str):
        yield content.value
    elif isinstance(content, Use):
        for argument in content.arguments:
            yield from _texts(argument)


def parts(formula: Content) -> Iterator[Formula]:
    """Every node of a formula."""
    if isinstance(formula, FORMULA):
        yield formula
    if isinstance(formula, Use):
        for argument in formula.arguments:
            yield from parts(argument)


def problem_of(template: str, changes: dict[str, Answer | None], key: str) -> float:
    """The number of what is wrong with one answer, when the full canvas is changed."""
    plan, cell = changed(template, changes, key, grid.PROBLEM)
    number = shown(plan, cell)
    assert isinstance(number, float | int)
    return number


def changed(template: str, changes: dict[str, Answer | None], key: str, column: int) -> tuple[WorkbookPlan, Cell]:
    """Plan the full canvas with some answers changed (None: emptied); give a cell on the row of one."""
    given = {**answers_in(template, "full"), **changes}
    answers: Answers = {name: answer for name, answer in given.items() if answer is not None}
    canvas = canvas_of(template, "fr", answers)
    return plan_canvas(canvas), places(canvas).beside(key, column)


def document(key: str, value: float | str | None, evidence: str = "Pièce 3") -> Answer:
    return Answer(key, value, Origin.DOCUMENT, evidence)
