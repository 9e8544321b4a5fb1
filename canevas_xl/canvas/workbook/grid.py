"""Owns the one grid of all sheets: columns and their codes, widths, the title bar; and the builder that fills it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.plan import (
    Bars,
    CellPlan,
    Content,
    Link,
    LookWhen,
    Page,
    SheetPlan,
    Stamp,
    Style,
    Validation,
)

KEY: Final = 0
LABEL: Final = 1
VALUE: Final = 2
UNIT: Final = 3
ORIGIN: Final = 4
EVIDENCE: Final = 5
CONF: Final = 6
KEPT: Final = 7
STATE: Final = 8
EXAMPLE: Final = 9
USED: Final = 10
"""Hidden: the value that formulas take, ``#N/A`` while unknown; KEPT shows it, or nothing."""
GIVEN: Final = 11
"""Hidden: 1 if something stands in the answer cell."""
ORIGIN_CODE: Final = 12
DEFAULTED: Final = 13
"""Hidden: 1 where the published default counts."""
ASKED: Final = 14
"""Hidden: 1 where the item is asked of this supplier now; on a row heading, 1 if the row exists."""
PROBLEM: Final = 15
"""Hidden: the number of what is wrong (``problems.py``), 0 if nothing is."""

CODES: Final = ("KEY", "LABEL", "VALUE", "UNIT", "ORIGIN", "EVIDENCE", "CONF", "KEPT", "STATE")
WIDTHS: Final = (11.0, 41.0, 16.0, 13.0, 20.0, 17.0, 9.0, 12.0, 13.0, 13.0)
"""165 characters: a screen of 1366 pixels shows them at this zoom, and A4 without words smaller than 8 points."""
ZOOM: Final = 92
LAST: Final = EXAMPLE

TITLE_ROW: Final = 0
PURPOSE_ROW: Final = 1
WAY_ROW: Final = 2
CODES_ROW: Final = 3
HEAD_ROW: Final = 4
BODY: Final = 5

_LINE_POINTS: Final = 15.0
_PLAIN_HEIGHT: Final = 15.0
PAGE_POINTS: Final = 560.0
"""Heights of rows that fit on A4 landscape, at the widths of the grid, in the program that prints largest."""
FEW: Final = 5
"""Rows of a table that stand below its heads, at least, on the page where it begins."""
_USUAL_HEIGHT: Final = 17.0
_FILLING: Final = 0.93
"""Letters of running text are a little narrower than the figures in which widths are counted."""


@dataclass(slots=True)
class Sheet:
    """A sheet while it is being planned; ``planned`` freezes it."""

    code: str
    name: str
    words: Words
    cells: dict[tuple[int, int], CellPlan] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    validations: list[Validation] = field(default_factory=list)
    looks: list[LookWhen] = field(default_factory=list)
    charts: list[Bars] = field(default_factory=list)
    glued: set[int] = field(default_factory=set)
    """Rows that print on the page of the row above."""
    heads_repeated: bool = False
    """Whether the heads of columns print on each page."""

    def put(self, row: int, column: int, content: Content, style: Style = look.TEXT) -> Cell:
        """Put one thing in one cell, and give the way to it."""
        self.cells[row, column] = CellPlan(row, column, content, style)
        return self.cell(row, column)

    def cell(self, row: int, column: int) -> Cell:
        """The way to a cell of this sheet."""
        return Cell(self.code, row, column)

    def area(self, first_row: int, column: int, last_row: int, last_column: int | None = None) -> Area:
        """The way to a rectangle of this sheet, one column wide unless told."""
        return Area(self.code, first_row, column, last_row, column if last_column is None else last_column)

    def fill_row(self, row: int, style: Style, first: int = KEY, last: int = LAST) -> None:
        """Give empty cells of a row a style, so that bands reach across."""
        for column in range(first, last + 1):
            if (row, column) not in self.cells:
                self.put(row, column, None, style)

    def paragraph(self, row: int, column: int, text: str, style: Style = look.WRAPPED, width: float = 0) -> None:
        """Put a text that overflows to the right on one line."""
        self.put(row, column, text, style)
        if width:
            self.tall(row, lines(text, width))

    def tall(self, row: int, count: int) -> None:
        """Make a row at least ``count`` lines tall."""
        self.heights[row] = max(self.heights.get(row, 0.0), count * _LINE_POINTS + 4)

    def section(self, row: int, text: str) -> None:
        """Put a section's heading, its line drawn across the grid; what follows it prints on the same page."""
        self.put(row, LABEL, text, look.SECTION)
        self.fill_row(row, look.SECTION, LABEL)
        self.heights[row] = 24.0
        self.glue(row, row + 2)

    def glue(self, first: int, last: int) -> None:
        """Keep rows on one printed page, bounds included."""
        self.glued |= set(range(first + 1, last + 1))

    def heads(self, row: int, titles: dict[int, str], right: frozenset[int] = frozenset()) -> None:
        """Put the titles of columns."""
        for column in range(LAST + 1):
            after_number = column - 1 in right and column not in right
            style = look.HEAD_RIGHT if column in right else look.HEAD_INDENTED if after_number else look.HEAD
            self.put(row, column, titles.get(column), style)
        tallest = max(lines(text, WIDTHS[column]) for column, text in titles.items())
        self.tall(row, tallest)

    def planned(self, *, freeze: int = BODY, hidden: bool = False, widths: tuple[float, ...] = WIDTHS) -> SheetPlan:
        """Freeze the sheet: widths, pages, footer with the token; heads of a whole sheet of answers on each page."""
        footer = Stamp("token", after=f" · {self.name}")
        heights = {} if hidden else self._breathing() | self.heights
        repeated = 0 if hidden else BODY if self.heads_repeated else WAY_ROW
        return SheetPlan(
            code=self.code,
            name=self.name,
            cells=tuple(self.cells[place] for place in sorted(self.cells)),
            widths=tuple(enumerate(widths)),
            heights=tuple(sorted(heights.items())),
            hidden_columns=() if hidden else tuple(range(USED, self._last_column() + 1)),
            validations=tuple(self.validations),
            looks=tuple(self.looks),
            charts=tuple(self.charts),
            freeze_row=0 if hidden else freeze,
            hidden=hidden,
            zoom=ZOOM,
            page=Page(landscape=True, repeat_rows=repeated, footer=footer),
            row_breaks=() if hidden else page_breaks(self._last_row(), heights, self._kept_together(), repeated),
            tab=None if hidden else look.DEEP,
        )

    def _breathing(self) -> dict[int, float]:
        return {row: _USUAL_HEIGHT for row, column in self.cells if column < USED}

    def _last_column(self) -> int:
        return max((column for _, column in self.cells), default=LAST)

    def _kept_together(self) -> set[int]:
        """Rows that start no page: those glued to the row above, and empty ones."""
        return self.glued | (set(range(self._last_row())) - {row for row, _ in self.cells})

    def _last_row(self) -> int:
        return max((row for row, column in self.cells if column < USED), default=0)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a sheet stands among the visible ones."""

    position: int
    count: int
    before: tuple[str, str] | None
    """Code and name of the sheet before."""
    after: tuple[str, str] | None
    links: tuple[int, int] = (ORIGIN, KEPT)
    """Columns in which the links to both stand."""


def title_bar(sheet: Sheet, way: Way, purpose: str, left: Formula | None) -> None:
    """Say what a sheet is for, where one is, what is left, and which copy this is."""
    sheet.put(TITLE_ROW, LABEL, sheet.name, look.BAND)
    sheet.put(TITLE_ROW, LAST, Stamp("token"), look.BAND_TOKEN)
    sheet.fill_row(TITLE_ROW, look.BAND)
    sheet.put(PURPOSE_ROW, LABEL, purpose, look.BAND_TEXT)
    sheet.fill_row(PURPOSE_ROW, look.BAND_TEXT)
    place = sheet.words.say("way.place", position=way.position, count=way.count)
    sheet.put(WAY_ROW, LABEL, left if left is not None else place, look.BAND_LEFT)
    if way.before:
        sheet.put(
            WAY_ROW, way.links[0], Link("◀ " + way.before[1], Cell(way.before[0], TITLE_ROW, LABEL)), look.BAND_LINK
        )
    if way.after:
        sheet.put(
            WAY_ROW, way.links[1], Link(way.after[1] + " ▶", Cell(way.after[0], TITLE_ROW, LABEL)), look.BAND_LINK
        )
    sheet.fill_row(WAY_ROW, look.BAND_TEXT)
    sheet.heights[TITLE_ROW] = 30.0
    sheet.heights[PURPOSE_ROW] = 20.0
    sheet.heights[WAY_ROW] = 20.0


def codes_row(sheet: Sheet, codes: tuple[str, ...] = CODES) -> None:
    """Put the codes by which columns of inputs are found."""
    for column, code in enumerate(codes):
        sheet.put(CODES_ROW, column, code, look.CODE)
    sheet.fill_row(CODES_ROW, look.CODE)
    sheet.heights[CODES_ROW] = 11.0


def page_breaks(last: int, heights: Mapping[int, float], glued: Collection[int], repeated: int) -> tuple[int, ...]:
    """Say which rows start a new page, so that none starts between rows that are glued.

    Args:
        last: the last row that prints.
        heights: of rows, in points; others have the height of any row.
        glued: rows that stay with the row above.
        repeated: how many rows at the top are printed on each page.
    """
    top = sum(heights.get(row, _PLAIN_HEIGHT) for row in range(repeated))
    found: list[int] = []
    start, filled = 0, 0.0
    for row in range(last + 1):
        filled += heights.get(row, _PLAIN_HEIGHT)
        if filled <= PAGE_POINTS:
            continue
        free = [one for one in range(start + 1, row + 1) if one not in glued]
        start = free[-1] if free else row
        found.append(start)
        filled = top + sum(heights.get(one, _PLAIN_HEIGHT) for one in range(start, row + 1))
    return tuple(found)


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column ``width`` characters wide (words of French are about 6 long)."""
    return sum(max(1, ceil(len(part) * _FILLING / width)) for part in text.split("\n"))
