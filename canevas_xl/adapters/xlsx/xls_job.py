"""Owns reading Excel 97-2003 workbooks (.xls), in a child process only (``child``): prints the cells as one JSON text.

xlrd gives numbers as they are stored, with what shows them as dates apart, so that a price is never taken for a date.
It does not say where formulas stand.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import xlrd

from canevas_xl.adapters.xlsx.jobs import bind_myself
from canevas_xl.adapters.xlsx.shown import Drawn, Shows, drawn, share_text, shows, truth_text

MOST_CELLS: Final = 400_000
MODULE: Final = __name__ if __name__ != "__main__" else "canevas_xl.adapters.xlsx.xls_job"
_EPOCHS: Final = (datetime(1899, 12, 30), datetime(1904, 1, 1))  # noqa: DTZ001 - cells have no zone
_FIRST_DAY: Final = 36_526
"""1 January 2000: a number shown as a date, but of another century, is a number with a wrong format."""
_LAST_DAY: Final = 73_050
TOO_MANY: Final = 3


def sheets_of(path: str) -> list[dict[str, Any]]:
    """Read every sheet: name, hidden, and cells as [row, column, value, error]."""
    book = xlrd.open_workbook(path, on_demand=True, formatting_info=True, ragged_rows=True)
    sheets, left = [], MOST_CELLS
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        cells = [
            [row, column, *_value(sheet.cell(row, column), sheet.rich_text_runlist_map.get((row, column), ()), book)]
            for row in range(sheet.nrows)
            for column in range(sheet.row_len(row))
            if sheet.cell_type(row, column) not in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}
        ]
        left -= len(cells)
        if left < 0:
            sys.exit(TOO_MANY)
        sheets.append({"name": sheet.name, "hidden": sheet.visibility != 0, "cells": cells})
        book.unload_sheet(index)
    return sheets


def _value(cell: Any, runs: Sequence[tuple[int, int]], book: Any) -> tuple[float | str, bool]:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return _text(str(cell.value), runs, book), False
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#?"), True
    number = float(cell.value)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return truth_text(true=bool(number)), False
    if cell.ctype == xlrd.XL_CELL_DATE and _FIRST_DAY <= number <= _LAST_DAY:
        moment = _EPOCHS[book.datemode] + timedelta(seconds=round(number * 86_400))
        return (moment.date() if number == int(number) else moment).isoformat(), False
    is_share = cell.ctype == xlrd.XL_CELL_NUMBER and shows(_format(cell, book)) is Shows.SHARE
    return share_text(number) if is_share else number, False


def _text(text: str, runs: Sequence[tuple[int, int]], book: Any) -> str:
    """Write a text as it looks; each run begins somewhere, with the number of its font."""
    ends = [*(start for start, _ in runs), len(text)]
    looks = [None, *(_look(book.font_list[font]) for _, font in runs)]
    return "".join(drawn(text[start:end], look) for start, end, look in zip([0, *ends], ends, looks, strict=False))


def _look(font: Any) -> Drawn | None:
    if font.struck_out:
        return Drawn.STRUCK
    return {1: Drawn.RAISED, 2: Drawn.LOWERED}.get(font.escapement)


def _format(cell: Any, book: Any) -> str:
    return str(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)


if __name__ == "__main__":
    bind_myself(int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(sheets_of(sys.argv[1]), allow_nan=False))
