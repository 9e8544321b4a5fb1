"""Owns the table of all lines on *Ce que pèse mon offre*: quantity × factor, one row per flow and row of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import calc, grid
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import CALC, LISTS, Places
from canevas_xl.canvas.workbook.values import LIST_LABEL, LIST_UNIT
from canevas_xl.model.formula import Cell, Formula
from canevas_xl.model.plan import Content
from canevas_xl.model.template import Flow
from canevas_xl.rules.build import div, eq, gt, if_, if_error, look_up, mul

BY_PROCESS = "by_process"


def fill(sheet: Sheet, places: Places, row: int) -> int:
    """Put the table, and give the row after it."""
    words = sheet.words
    sheet.section(row, words.say("weigh.all_lines"))
    titles = {grid.LABEL: "line", grid.VALUE: "stage", grid.UNIT: "who", grid.ORIGIN: "quantity", grid.EVIDENCE: "unit",
              grid.CONF: "factor", grid.KEPT: "impact", grid.STATE: "share", grid.EXAMPLE: "remark"}  # fmt: skip
    right = frozenset({grid.ORIGIN, grid.CONF, grid.KEPT, grid.STATE})
    sheet.heads(row + 1, {column: words.say(f"weigh.head.{name}") for column, name in titles.items()}, right)
    sheet.glue(row, row + 1 + min(grid.FEW, len(places.lines)))
    for position, (flow, of_row) in enumerate(places.lines):
        _line(sheet, places, row + 2 + position, position, (flow, of_row))
    return row + 2 + len(places.lines)


def _line(sheet: Sheet, places: Places, row: int, position: int, line: tuple[Flow, str]) -> None:
    flow, of_row = line
    words = sheet.words

    def at(column: int) -> Cell:
        return Cell(CALC, places.counted.first + position, column)

    exists = eq(at(calc.EXISTS), 1)

    def known(value: Formula) -> Formula:
        return if_(exists, if_error(value, "?"), "")

    label = calc.line_label(sheet, places, flow, of_row)
    stage = words.say("weigh.own_stages") if flow.stage == calc.OWN else words.term("stage", flow.stage)
    sheet.put(row, grid.LABEL, label, look.CELL)
    sheet.put(row, grid.VALUE, stage, look.CELL)
    sheet.put(row, grid.UNIT, words.term("controlled_by", flow.controlled_by.value), look.CELL)
    sheet.put(row, grid.ORIGIN, known(at(calc.QUANTITY)), look.FACTOR)
    sheet.put(row, grid.EVIDENCE, _unit(places, words.unit, flow, at(calc.PROCESS)), look.UNIT)
    sheet.put(row, grid.CONF, known(at(calc.FACTOR)), look.FACTOR)
    unknown = if_(eq(at(calc.MISSING), 1), "?", at(calc.IMPACT))
    sheet.put(row, grid.KEPT, if_(exists, unknown, ""), replace(look.IMPACT, size=10))
    total = calc.total_cell(places, calc.IMPACT)
    part = if_(gt(total, 0), div(mul(100, at(calc.IMPACT)), total), "")
    sheet.put(
        row,
        grid.STATE,
        if_(eq(at(calc.MISSING), 1), "?", if_(exists, part, "")),
        replace(look.NUMBER, size=10, number_format="#,##0.0"),
    )
    resting = if_(eq(at(calc.ON_DEFAULT), 1), words.say("weigh.default"), "")
    remark: Content = words.say("sources.proxy") if flow.proxy else resting
    sheet.put(row, grid.EXAMPLE, remark, replace(look.SMALL_WRAPPED, indent=1))
    who = words.term("controlled_by", flow.controlled_by.value)
    widest = words.say("sources.proxy") if flow.proxy else ""
    texts = ((label, grid.LABEL), (stage, grid.VALUE), (who, grid.UNIT), (widest, grid.EXAMPLE))
    sheet.tall(row, max(grid.lines(text, 1.1 * grid.WIDTHS[column]) for text, column in texts))


def _unit(places: Places, unit: Callable[[str], str], flow: Flow, process: Cell) -> Content:
    """The unit of the quantity: the flow's, or that of the process chosen."""
    if flow.unit != BY_PROCESS or flow.family is None:
        return unit(flow.unit)
    factors = places.canvas.subject.factors
    options = {factors.processes[code].unit for code in calc.processes_of(places, flow)}
    block = places.families[flow.family]
    found = if_error(look_up(process, block.column(LISTS, LIST_LABEL), block.column(LISTS, LIST_UNIT)), "")
    return found if len(options) > 1 else unit(options.pop())
