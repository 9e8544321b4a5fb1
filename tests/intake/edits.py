"""What suppliers and their programs do to a workbook that came back, on cells: for tests of what must survive it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from canevas_xl.model.cells import Sheet, SheetCell, Workbook

Place = tuple[int, int]


def on_sheet(workbook: Workbook, number: int, change: Callable[[Sheet], Sheet]) -> Workbook:
    sheets = list(workbook.sheets)
    sheets[number] = change(sheets[number])
    return replace(workbook, sheets=tuple(sheets))


def with_cell(workbook: Workbook, number: int, at: Place, cell: SheetCell | None) -> Workbook:
    """Put one cell, or empty it."""

    def put(sheet: Sheet) -> Sheet:
        cells = dict(sheet.cells)
        cells.pop(at, None)
        return replace(sheet, cells=cells if cell is None else {**cells, at: cell})

    return on_sheet(workbook, number, put)


def moved(sheet: Sheet, rows: Mapping[int, int]) -> Sheet:
    """Rows elsewhere; those that are not named stay."""
    return replace(sheet, cells={(rows.get(row, row), column): cell for (row, column), cell in sheet.cells.items()})


def with_row_inserted(workbook: Workbook, number: int, before: int) -> Workbook:
    last = max(row for row, _ in workbook.sheets[number].cells)
    rows = {row: row + 1 for row in range(before, last + 1)}
    return on_sheet(workbook, number, lambda sheet: moved(sheet, rows))


def without_row(workbook: Workbook, number: int, gone: int) -> Workbook:
    def cut(sheet: Sheet) -> Sheet:
        kept = {(row, column): cell for (row, column), cell in sheet.cells.items() if row != gone}
        last = max(row for row, _ in kept)
        return moved(replace(sheet, cells=kept), {row: row - 1 for row in range(gone, last + 1)})

    return on_sheet(workbook, number, cut)


def sorted_rows(workbook: Workbook, number: int, first: int, last: int) -> Workbook:
    """Rows of a range turned upside down, whole."""
    rows = {row: first + last - row for row in range(first, last + 1)}
    return on_sheet(workbook, number, lambda sheet: moved(sheet, rows))


def renamed(workbook: Workbook) -> Workbook:
    """Every sheet under another name, and in another order."""
    named = [replace(sheet, name=f"Feuil{number}") for number, sheet in enumerate(workbook.sheets, 1)]
    return replace(workbook, sheets=tuple(reversed(named)))
