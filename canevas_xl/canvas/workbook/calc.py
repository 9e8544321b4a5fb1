"""Owns the hidden sheet of calculation: what is checked, derived values, and the lines of the inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, sources
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.names import Names
from canevas_xl.canvas.workbook.places import CALC, LISTS, OFFER, SOURCES, Places
from canevas_xl.canvas.workbook.values import FALSE, LIST_CODE, LIST_LABEL
from canevas_xl.model.formula import Cell, Formula
from canevas_xl.model.template import Flow
from canevas_xl.rules.build import (
    Part,
    add,
    and_,
    div,
    eq,
    gt,
    if_,
    if_error,
    index,
    is_error,
    lit,
    look_up,
    match,
    min_,
    mul,
    sub,
    sum_,
)
from canevas_xl.rules.scope import references

CONTROLLED: Final = 0
"""Who decides: a code of ``ControlledBy``."""
LABEL: Final = 1
EXISTS: Final = 2
PROCESS: Final = 3
QUANTITY: Final = 4
POSITION: Final = 5
FACTOR: Final = 6
IMPACT: Final = 7
"""Climate change per functional unit; 0 while unknown, which MISSING says."""
MISSING: Final = 8
ON_DEFAULT: Final = 9
RANKING: Final = 10
"""The impact, ever so little less for each line further down, so that no two are equal."""
STAGES: Final = 11
OWN: Final = "own"
_TIE: Final = 1e-9


def per_cell(places: Places) -> Cell:
    """What the sum of flows is divided by."""
    return Cell(CALC, places.counted.first - 2, 2)


def units_cell(places: Places) -> Cell:
    """How many functional units the contract holds."""
    return Cell(CALC, places.counted.first - 2, 4)


def total_cell(places: Places, column: int) -> Cell:
    """The sum of a column of lines."""
    return Cell(CALC, places.counted.last + 1, column)


def missing_among(places: Places, chosen: Callable[[Flow], bool]) -> Formula:
    """How many of the chosen lines are unknown; they stand together or apart, so they are added one by one."""
    rows = [n for n, (flow, _) in enumerate(places.lines) if chosen(flow)]
    return add(*(Cell(CALC, places.counted.first + n, MISSING) for n in rows))


def stage_column(places: Places, stage: str) -> int:
    """Where the contributions to a stage stand."""
    return STAGES + places.stages.index(stage)


def indicator_column(places: Places, code: str) -> int:
    """Where the contributions to a category stand."""
    return STAGES + len(places.stages) + places.indicators.index(code)


def fill(sheet: Sheet, places: Places) -> None:
    """Put derived values and the lines of the inventory."""
    names = Names(places)
    for (code, row), cell in places.derived.items():
        derived = next(d for d in places.template.derived if d.code == code)
        sheet.put(cell.row, 1, f"{row}.{code}" if row else code, look.HIDDEN)
        sheet.put(cell.row, 2, names.formula(derived.formula, row), look.HIDDEN)
    unit = places.template.functional_unit
    for cell, label, formula in (
        (per_cell(places), "per", unit.per),
        (units_cell(places), "total", unit.total),
    ):
        sheet.put(cell.row, cell.column - 1, label, look.HIDDEN)
        sheet.put(cell.row, cell.column, names.formula(formula), look.HIDDEN)
    for position, (flow, row) in enumerate(places.lines):
        _line(sheet, places, names, places.counted.first + position, (flow, row))
    _totals(sheet, places)


def _line(sheet: Sheet, places: Places, names: Names, at: int, line: tuple[Flow, str]) -> None:
    flow, row = line

    def put(column: int, content: Part) -> Cell:
        return sheet.put(at, column, lit(content) if isinstance(content, bool) else content, look.HIDDEN)

    put(CONTROLLED, flow.controlled_by.value)
    put(LABEL, line_label(sheet, places, flow, row))
    exists = put(EXISTS, places.rows[row] if row else 1.0)
    process = put(PROCESS, process_of(places, names, flow, row))
    quantity = put(QUANTITY, div(names.formula(flow.quantity, row), per_cell(places)))
    position = put(POSITION, match(process, places.sources.column(SOURCES, grid.KEY)))
    factor = put(FACTOR, index(places.sources.column(SOURCES, sources.CLIMATE_COLUMN), position))
    there = eq(exists, 1)
    impact = put(IMPACT, if_(there, if_error(mul(quantity, factor), 0), 0))
    put(MISSING, if_(and_(there, is_error(mul(quantity, factor))), 1, 0))
    put(ON_DEFAULT, on_default(places, flow, row, quantity))
    put(RANKING, sub(impact, (at - places.counted.first) * _TIE))
    for stage in stages_of(places, flow):
        if flow.stage == OWN:
            area = places.sources.column(SOURCES, sources.stage_column(places, stage))
            amount: Formula = if_(there, if_error(mul(quantity, index(area, position)), 0), 0)
        else:
            amount = impact
        put(stage_column(places, stage), amount)
    if flow.perimeter in places.wide:
        for code in places.indicators:
            area = places.sources.column(SOURCES, sources.indicator_column(places, code))
            put(indicator_column(places, code), if_(there, if_error(mul(quantity, index(area, position)), 0), 0))


def _totals(sheet: Sheet, places: Places) -> None:
    last = STAGES + len(places.stages) + len(places.indicators)
    for column in (IMPACT, MISSING, *range(STAGES, last)):
        sheet.put(places.counted.last + 1, column, sum_(places.counted.column(CALC, column)), look.HIDDEN)


def line_label(sheet: Sheet, places: Places, flow: Flow, row: str) -> str:
    """The words of a line: the flow's, and its row's."""
    label = sheet.words.of_template(f"flows.{flow.code}")
    return f"{label} · {places.row_label(row)}" if row else label


def process_of(places: Places, names: Names, flow: Flow, row: str) -> Part:
    """The id of the process of a line; ``#N/A`` while the choice that names it is unknown."""
    if flow.family is None or flow.by is None:
        return flow.process or ""
    block = places.families[flow.family]
    chosen = names.resolver(row)(flow.by)
    return look_up(chosen, block.column(LISTS, LIST_CODE), block.column(LISTS, LIST_LABEL))


def stages_of(places: Places, flow: Flow) -> tuple[str, ...]:
    """The stages that a line can contribute to."""
    if flow.stage != OWN:
        return (flow.stage,)
    factors = places.canvas.subject.factors
    brought = {stage for process in processes_of(places, flow) for stage in factors.stages(process)}
    return tuple(stage for stage in places.stages if stage in brought)


def processes_of(places: Places, flow: Flow) -> tuple[str, ...]:
    """The processes that a flow can take."""
    if flow.process is not None:
        return (flow.process,)
    family = next(family for family in places.template.families if family.code == flow.family)
    return tuple(family.members.values())


def on_default(places: Places, flow: Flow, row: str, quantity: Cell) -> Part:
    """1 where a line rests on a published default."""
    cells = [places.beside(key, grid.DEFAULTED) for key in looked_at(places, flow, row)]
    judged = [cell for cell in cells if cell.sheet == OFFER]
    said = if_(gt(add(*judged), 0), 1, 0) if judged else lit(0)
    if not flow.default_data:
        return said
    return min_(1, add(said, if_(if_error(gt(quantity, 0), FALSE), 1, 0)))


def looked_at(places: Places, flow: Flow, row: str) -> Iterator[str]:
    """Keys of the answers that a line looks at: its own row's, and every row's of other tables."""
    codes = set(references(places.template, flow.quantity, flow.each)) | ({flow.by} if flow.by else set())
    for item in places.judged:
        if item.field.code not in codes:
            continue
        if item.table is None or item.table.code != flow.each or item.row == row:
            yield item.key
