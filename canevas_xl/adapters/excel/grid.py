"""Owns a workbook that is open in Excel, as a grid: areas found by their names, read and written in one go each.

One call per area: each costs a message to Excel and back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

import xlwings as xw

from canevas_xl.adapters.excel.names import asked
from canevas_xl.adapters.excel.protection import unprotected
from canevas_xl.adapters.excel.refusals import is_refused
from canevas_xl.errors import Fault
from canevas_xl.model.grid import Look, Looks, Rectangle, Seen, Selection, Value, Values, Written
from canevas_xl.rules.spreadsheet import column_letters

LONGEST_TEXT: Final = 32_766
"""Characters: one less than a cell takes, for the apostrophe before."""
LONGEST_TOGETHER: Final = 8_000
"""Characters of a text that is written with others in one go: versions of Excel have refused longer ones in a block."""
MOST_PLACES: Final = 11
"""Addresses of areas that Excel takes in one text of 255 characters, the longest of 21 characters."""
LONGEST_STATUS: Final = 250
"""Characters that the status bar takes."""
LONGEST_MESSAGE: Final = 2_000
"""Characters of a message; a longer one would not fit on a small screen."""


class ExcelGrid:
    """An open workbook; ``app.grid.Grid`` says what each does."""

    live: Final = True

    def __init__(self, book: xw.Book, app: xw.App | None = None) -> None:
        """Take the workbook, which stays the user's: it is never closed here.

        ``app`` is its Excel, known by its window: it can still show a message while Excel is busy.
        """
        self.book = book
        self.app = book.app if app is None else app

    @property
    def name(self) -> str:
        """File name of the workbook."""
        return str(self.book.name)

    @property
    def address(self) -> str:
        """Full path or web address; ``fullname`` of xlwings would read settings in a sheet of the workbook."""
        return str(asked(self.book.api, "FullName"))

    def named(self, names: Collection[str]) -> Mapping[str, Rectangle]:
        """Find areas by their defined names."""
        found = {}
        for name in self.book.names:
            if name.name in names:
                area = _range_of(name)
                if area is not None:
                    found[name.name] = _rectangle(area)
        return MappingProxyType(found)

    def read(self, area: Rectangle) -> Seen:
        """Read all of an area."""
        rows = self._range(area).options(ndim=2, err_to_str=True).value
        seen = [[_seen(value) for value in row] + [None] * (area.columns - len(row)) for row in rows]
        return seen + [[None] * area.columns for _ in range(area.rows - len(seen))]

    def write(self, area: Rectangle, rows: Values) -> None:
        """Write rows from the top and empty what was used below.

        Raises:
            Fault: G103, the sheet is protected by a password.
            ValueError: more rows or columns than the area has.
        """
        if len(rows) > area.rows or any(len(row) > area.columns for row in rows):
            raise ValueError(f"{len(rows)} rows in {area}")
        needed = max(len(rows), _used(self.read(area)))
        if not needed:
            return
        together = [[_together(value) for value in row] + [None] * (area.columns - len(row)) for row in rows]
        together += [[None] * area.columns for _ in range(needed - len(rows))]
        with unprotected(self.book.sheets[area.sheet]):
            written = self._range(area, needed)
            written.value = together
            for down, row in enumerate(rows):
                for right, value in enumerate(row):
                    if _is_apart(value):
                        self._write_apart(area, (down, right), value)
            written.rows.autofit()  # wrapped texts are taller than they were
        if any(isinstance(value, Written) for row in rows for value in row):
            self.book.app.calculate()  # what looks at them, where Excel is told to compute on demand only

    def dress(self, area: Rectangle, looks: Looks) -> None:
        """Give cells their looks; however many they are, Excel is asked a few times for each look."""
        if not looks:
            return
        sheet = self.book.sheets[area.sheet]
        with unprotected(sheet):
            for look, places in _alike(area, looks).items():
                for first in range(0, len(places), MOST_PLACES):
                    cells = sheet.range(",".join(places[first : first + MOST_PLACES]))
                    cells.number_format, cells.font.bold = look.number_format, look.bold

    def selection(self) -> Selection | None:
        """Tell the selected cell, if it is one of this workbook."""
        chosen = self.app.selection
        if chosen is None or chosen.sheet.book.name != self.book.name:
            return None
        return Selection(str(chosen.sheet.name), chosen.row - 1, chosen.column - 1)

    def status(self, text: str) -> None:
        """Say what is being done in the status bar."""
        self.app.status_bar = text[:LONGEST_STATUS] or False

    def tell(self, title: str, text: str, *, warn: bool = False) -> None:
        """Show a message box."""
        told = text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"
        self.app.alert(told, title, buttons="ok", mode="critical" if warn else "info")

    def save(self) -> None:
        """Save the workbook under its own name.

        Raises:
            Fault: G104, Excel refuses: read-only, or the disk does.
        """
        if asked(self.book.api, "ReadOnly"):
            raise Fault("G104", file=self.name)  # Excel would ask for another name, in a dialogue
        try:
            self.book.save()
        except Exception as problem:
            if not is_refused(problem):
                raise
            raise Fault("G104", file=self.name) from problem

    def _write_apart(self, area: Rectangle, place: tuple[int, int], value: Value) -> None:
        cell = self._range(Rectangle(area.sheet, area.top + place[0], area.left + place[1], 1, 1))
        if isinstance(value, Written):
            cell.formula = f"={value.formula}"  # English, whatever Excel's language
        else:
            cell.value = _text(str(value))

    def _range(self, area: Rectangle, rows: int | None = None) -> xw.Range:
        sheet = self.book.sheets[area.sheet]
        corner = (area.top + 1, area.left + 1)
        return sheet.range(corner, (area.top + (area.rows if rows is None else rows), area.left + area.columns))


def _alike(area: Rectangle, looks: Looks) -> dict[Look, list[str]]:
    """Give the addresses of the cells that look alike; those below one another have one."""
    places: dict[Look, list[str]] = {}
    for right, column in looks.items():
        letters, last = column_letters(area.left + right), area.top
        for look, cells in groupby(column):
            first, last = last + 1, last + len(list(cells))
            places.setdefault(look, []).append(f"{letters}{first}:{letters}{last}")
    return places


def _range_of(name: xw.Name) -> xw.Range | None:
    """The area of a name; None where its sheet or its cells were deleted, or it stands for something else."""
    if "#REF!" in str(name.refers_to):
        return None
    try:
        return name.refers_to_range
    except Exception as problem:
        if not is_refused(problem):
            raise
        return None


def _rectangle(area: xw.Range) -> Rectangle:
    rows, columns = area.shape
    return Rectangle(str(area.sheet.name), area.row - 1, area.column - 1, rows, columns)


def _used(rows: Seen) -> int:
    """Count rows down to the last one that holds anything."""
    return max((number for number, row in enumerate(rows, 1) if any(value is not None for value in row)), default=0)


def _is_apart(value: Value) -> bool:
    """Say whether a value cannot be written together with others."""
    return isinstance(value, Written) or (isinstance(value, str) and len(value) > LONGEST_TOGETHER)


def _together(value: Value) -> str | float | None:
    """Give a value as Excel is told it among others; nothing in the place of what is written apart."""
    if isinstance(value, int | float):
        return float(value)
    return None if _is_apart(value) or not isinstance(value, str) or not value else _text(value)


def _text(text: str) -> str:
    """Put an apostrophe before: it makes a text of what would be a number, a date or a formula."""
    return "'" + (text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…")


def _seen(value: object) -> str | float | None:
    if value is None or isinstance(value, str):
        return value
    return float(value) if isinstance(value, int | float) else str(value)
