"""Owns the board on which a sheet of the buyer's workbook is drawn: title bar, tables, inputs and what may be typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from math import ceil
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.lists import Lists
from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use
from canevas_xl.model.plan import CellPlan, Content, Link, LookWhen, Page, SheetPlan, Style, Validation

KEY: Final = 0
LABEL: Final = 1
TITLE_ROW: Final = 0
PURPOSE_ROW: Final = 1
WAY_ROW: Final = 2
BODY: Final = 4
"""First row under the title bar and an empty line."""
KEY_WIDTH: Final = 13.0
CREAM: Final = "#FFFBEA"
"""An empty input that may stay empty: lighter than one that is waited for."""
PRINTED: Final = 20
"""Rows that print of a table of fixed capacity: the others are room that hardly anybody needs."""
LONGEST: Final = 500
"""Characters of a text, unless told."""
INPUTS: Final = {
    "text": replace(look.INPUT_TEXT, indent=1),
    "list": replace(look.INPUT_CHOICE, indent=1),
    "number": look.numeric(look.INPUT_NUMBER),
    "integer": replace(look.INPUT_NUMBER, number_format="#,##0"),
}
_LINE_POINTS: Final = 15.0
_WIDE: Final = 40.0


@dataclass(frozen=True, slots=True)
class Rule:
    """What may be typed."""

    kind: str = "text"
    """``text``, ``number``, ``integer`` or ``list``."""
    low: float | None = None
    high: float | None = None
    list: str = ""
    """Name of a list of the hidden sheet."""
    strict: bool = True
    example: float | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """An input: what stands in it now, what may be typed, what it says when one enters it."""

    rule: Rule
    value: float | str | None = None
    title: str = ""
    prompt: str = ""
    required: bool = False
    number_format: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A locked cell."""

    content: Content
    style: Style = look.TEXT


Drawn = Ask | Shown


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its code, the words above it."""

    code: str
    head: str
    right: bool = False


@dataclass(slots=True)
class Board:
    """A sheet while it is being drawn; ``planned`` freezes it."""

    code: str
    words: Words
    lists: Lists
    widths: tuple[float, ...]
    """Of columns B, C…; A is the same everywhere."""
    row: int = BODY
    """Where the next thing is drawn."""
    cells: dict[tuple[int, int], CellPlan] = field(default_factory=dict)
    asks: dict[tuple[int, int], Ask] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    looks: list[LookWhen] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    """Rows that start a new printed page."""
    last_printed: int | None = None
    """Last row that prints; None: all."""

    @property
    def last(self) -> int:
        """The last column of the grid."""
        return len(self.widths)

    @property
    def name(self) -> str:
        """The name on the tab."""
        return self.words.say(f"sheet.{self.code}.name")

    def put(self, row: int, column: int, content: Content, style: Style = look.TEXT) -> Cell:
        """Put one thing in one cell, and give the way to it."""
        self.cells[row, column] = CellPlan(row, column, content, style)
        return Cell(self.code, row, column)

    def ask(self, row: int, column: int, ask: Ask) -> None:
        """Put an input in one cell."""
        self.put(row, column, ask.value, _input_style(ask))
        self.asks[row, column] = ask

    def draw(self, row: int, column: int, drawn: Drawn | None) -> None:
        """Put an input, a locked cell, or nothing."""
        if isinstance(drawn, Ask):
            self.ask(row, column, drawn)
        elif drawn is not None:
            self.put(row, column, drawn.content, drawn.style)

    def area(self, first_row: int, column: int, last_row: int) -> Area:
        """The way to a part of a column."""
        return Area(self.code, first_row, column, last_row, column)

    def band(self, row: int, style: Style, first: int = KEY) -> None:
        """Give the empty cells of a row a style, so that a band reaches across."""
        for column in range(first, self.last + 1):
            if (row, column) not in self.cells:
                self.put(row, column, None, style)

    def tall(self, row: int, texts: Iterable[tuple[str, float]]) -> None:
        """Make a row tall enough for wrapped texts of given widths."""
        needed = max((lines(text, width) for text, width in texts), default=1)
        self.heights[row] = max(self.heights.get(row, 0.0), needed * _LINE_POINTS + 5)

    def section(self, text: str) -> None:
        """Draw a heading with a line across."""
        self.put(self.row, LABEL, text, look.SECTION)
        self.band(self.row, look.SECTION, LABEL)
        self.heights[self.row] = 24.0
        self.row += 1

    def line(self, text: Content, style: Style = look.TEXT) -> None:
        """Draw one line of text that reaches to the right."""
        self.put(self.row, LABEL, text, style)
        self.row += 1

    def codes(self, columns: Sequence[Column]) -> None:
        """Draw the small row of column codes and, under it, the words above each column."""
        self.put(self.row, KEY, "KEY", look.CODE)
        self.put(self.row + 1, KEY, None, look.HEAD)
        for place, column in enumerate(columns, LABEL):
            self.put(self.row, place, column.code, look.CODE)
            style = look.HEAD_RIGHT if column.right else replace(look.HEAD, indent=int(place > LABEL))
            self.put(self.row + 1, place, column.head or None, style)
        self.band(self.row, look.CODE)
        self.band(self.row + 1, look.HEAD)
        self.heights[self.row] = 11.0
        self.tall(self.row + 1, ((c.head, self.widths[i]) for i, c in enumerate(columns)))
        self.row += 2

    def keyed(self, key: str, drawn: Sequence[Drawn | None], least: float = 20.0) -> int:
        """Draw one row that is found by its key; give its number."""
        row = self.row
        self.put(row, KEY, key, look.KEY)
        for column, one in enumerate(drawn, LABEL):
            self.draw(row, column, one)
        self.heights[row] = least
        self.tall(row, self._wrapped(row))
        self.row += 1
        return row

    def _wrapped(self, row: int) -> Iterable[tuple[str, float]]:
        for column in range(LABEL, self.last + 1):
            cell = self.cells.get((row, column))
            if cell is not None and cell.style.wrap and isinstance(cell.content, str):
                yield cell.content, self.widths[column - 1] * 11 / cell.style.size

    def title_bar(self, way: Mapping[str, Link | str], left: Formula | str, links: tuple[int, int]) -> None:
        """Say what the sheet is for, where one is, what is left; with the way before and after (columns ``links``)."""
        self.put(TITLE_ROW, LABEL, self.name, look.BAND)
        self.put(TITLE_ROW, self.last, self.words.say("workbook.identity"), look.BAND_TOKEN)
        self.put(PURPOSE_ROW, LABEL, self.words.say(f"sheet.{self.code}.purpose"), look.BAND_TEXT)
        self.put(PURPOSE_ROW, self.last, way["place"], replace(look.BAND_TEXT, align="right", size=9))
        self.put(WAY_ROW, LABEL, left, look.BAND_LEFT)
        for column, side in zip(links, ("before", "after"), strict=True):
            if side in way:
                self.put(WAY_ROW, column, way[side], look.BAND_LINK)
        for row, style, height in (
            (TITLE_ROW, look.BAND, 30.0),
            (PURPOSE_ROW, look.BAND_TEXT, 20.0),
            (WAY_ROW, look.BAND_TEXT, 20.0),
        ):
            self.band(row, style)
            self.heights[row] = height

    def planned(self, *, landscape: bool = True, protected: bool = True) -> SheetPlan:
        """Freeze the sheet: validations and looks gathered over runs of equal inputs."""
        return SheetPlan(
            code=self.code,
            name=self.name,
            cells=tuple(self.cells[place] for place in sorted(self.cells)),
            widths=((KEY, KEY_WIDTH), *enumerate(self.widths, LABEL)),
            heights=tuple(sorted(self.heights.items())),
            validations=tuple(self._validations()),
            looks=(*self._empty_looks(), *self.looks),
            freeze_row=WAY_ROW + 1,
            protected=protected,
            page=Page(
                landscape=landscape,
                repeat_rows=WAY_ROW + 1,
                footer=f"&L{self.words.say('workbook.footer')}&C{self.name}&R&P / &N",
                last_row=self.last_printed,
            ),
            row_breaks=tuple(self.breaks),
            tab=look.DEEP,
        )

    def _runs(self) -> Iterable[tuple[Ask, Area]]:
        """Equal inputs that follow each other in a column, as one area."""
        places = sorted(self.asks, key=lambda place: (place[1], place[0]))

        def alike(one: tuple[int, tuple[int, int]]) -> tuple[object, ...]:
            order, (row, column) = one
            ask = self.asks[row, column]
            return column, row - order, ask.rule, ask.title, ask.prompt, ask.required

        for _, group in groupby(enumerate(places), key=alike):
            run = [place for _, place in group]
            (first, column), (last, _) = run[0], run[-1]
            yield self.asks[first, column], self.area(first, column, last)

    def _validations(self) -> Iterable[Validation]:
        for ask, area in self._runs():
            yield self._validation(ask, area)

    def _validation(self, ask: Ask, area: Area) -> Validation:
        rule = ask.rule
        kind = {"text": "length", "number": "decimal"}.get(rule.kind, rule.kind)
        high = rule.high if rule.kind != "text" else rule.high or LONGEST
        return Validation(
            area=area,
            kind=kind,
            minimum=0 if rule.kind == "text" else rule.low,
            maximum=high,
            source=self.lists.area(rule.list) if rule.list else None,
            title=ask.title,
            prompt=ask.prompt,
            error_title=self.words.say("refused.title"),
            error=self._refusal(rule, kind, high),
            strict=rule.strict,
        )

    def _refusal(self, rule: Rule, kind: str, high: float | None) -> str:
        words = self.words
        if kind == "list":
            return words.say("refused.list")
        if kind == "length":
            return words.say("refused.length", high=int(high or LONGEST))
        example = next(value for value in (rule.example, rule.low, rule.high, 12) if value is not None)
        return words.say(
            "refused.integer" if kind == "integer" else "refused.number",
            bounds=words.between(rule.low, rule.high),
            example=example,
        )

    def _empty_looks(self) -> Iterable[LookWhen]:
        for ask, area in self._runs():
            fill = look.FILL if ask.required else CREAM
            edge = look.FILL_EDGE if ask.required else None
            empty = Use("=", (SameRow(area.first_column), Literal("")))
            yield LookWhen(area, empty, fill=fill, border=edge)


def _input_style(ask: Ask) -> Style:
    style = INPUTS[ask.rule.kind]
    return replace(style, number_format=ask.number_format) if ask.number_format else style


def lines(text: str, width: float) -> int:
    """How many lines a text takes in a column ``width`` characters wide.

    A width counts figures, which are wider than letters on average; narrow columns lose more at the end of each line.
    """
    lost = 1.08 if width < _WIDE else 0.96
    return sum(max(1, ceil(len(part) * lost / width)) for part in text.split("\n"))
