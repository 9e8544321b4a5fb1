"""Owns the filling of a planned workbook with answers by key and column code: examples, references, tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from canevas_xl.model.formula import Area
from canevas_xl.model.plan import CellPlan, SheetPlan, Validation, WorkbookPlan

HEAD: Final = "KEY"
Values = Mapping[tuple[str, str], float | str | None]
"""(key, column code) → what stands there: a number, a text, a code of the cell's list, or nothing."""


def fill(plan: WorkbookPlan, values: Values) -> WorkbookPlan:
    """Give the plan with some inputs filled; codes become the labels of the cell's list.

    Cached values of formulas are dropped: let ``rules.spreadsheet.recalculated`` follow.

    Raises:
        KeyError: the plan has no such key and column code, or the cell is locked.
    """
    left = dict(values)
    lists = {sheet.code: {(cell.row, cell.column): cell.content for cell in sheet.cells} for sheet in plan.sheets}
    sheets = tuple(_filled(sheet, left, lists) for sheet in plan.sheets)
    if left:
        raise KeyError(sorted(left))
    return replace(plan, sheets=sheets)


def _filled(sheet: SheetPlan, left: dict[tuple[str, str], float | str | None], lists: Lists) -> SheetPlan:
    """Fill one sheet, taking from ``left`` what is placed."""
    places = {pair: place for pair, place in inputs(sheet) if pair in left}
    if not places:
        return sheet
    by_place = {place: left.pop(pair) for pair, place in places.items()}
    cells = tuple(
        replace(cell, content=_labelled(by_place[cell.row, cell.column], cell, sheet, lists))
        if (cell.row, cell.column) in by_place
        else cell
        for cell in sheet.cells
    )
    return replace(sheet, cells=cells)


def inputs(sheet: SheetPlan) -> Iterator[tuple[tuple[str, str], tuple[int, int]]]:
    """Every input of a planned sheet: (key, column code) and (row, column)."""
    rows: dict[int, dict[int, CellPlan]] = {}
    for cell in sheet.cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    codes: dict[int, str] = {}
    for row in sorted(rows):
        first = rows[row].get(0)
        key = first.content if first is not None and isinstance(first.content, str) else ""
        if key == HEAD:
            codes = {column: str(cell.content) for column, cell in rows[row].items() if cell.content and column}
        elif key:
            for column, cell in rows[row].items():
                if column in codes and not cell.style.locked:
                    yield (key, codes[column]), (row, column)


Lists = Mapping[str, Mapping[tuple[int, int], object]]


def _labelled(value: float | str | None, cell: CellPlan, sheet: SheetPlan, lists: Lists) -> float | str | None:
    """Turn a code into the label that stands beside it in the cell's list; anything else stays."""
    if not isinstance(value, str):
        return value
    source = next((one.source for one in sheet.validations if one.source and _holds(one, cell)), None)
    if source is None:
        return value
    return next((label for code, label in _choices(source, lists) if code == value), value)


def _holds(validation: Validation, cell: CellPlan) -> bool:
    area = validation.area
    rows, columns = area.first_row <= cell.row <= area.last_row, area.first_column <= cell.column <= area.last_column
    return rows and columns


def _choices(source: Area, lists: Lists) -> Iterator[tuple[str, str]]:
    """Codes stand left of their labels on the hidden sheet."""
    cells = lists[source.sheet]
    for row in range(source.first_row, source.last_row + 1):
        label = str(cells.get((row, source.first_column), ""))
        code = cells.get((row, source.first_column - 1))
        if isinstance(code, str):
            yield code, label
