"""Owns the finding of inputs: by key and column code, in all sheets, never by address.

A row that holds the text ``KEY`` and column codes beside it opens a block; below it, until the next such row, a key in
the same column and a code above name one cell. This survives sorting, inserted rows, renamed sheets, pasted values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from types import MappingProxyType
from typing import Final, NamedTuple

from canevas_xl.findings.finding import Place
from canevas_xl.intake.contents import Content, Contents, contents
from canevas_xl.intake.parse import plain
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.rules.spreadsheet import column_letters

HEAD: Final = "KEY"
PROSE: Final = frozenset({"LABEL", "HELP", "STATE", "UNIT", "DEFAULT", "BOUNDS", "KEPT"})
"""Columns in which headings between rows may stand."""
_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,15}")
_KEY: Final = re.compile(r"[A-Z0-9][A-Z0-9_.-]{0,40}")


class Spot(NamedTuple):
    """Where an input stands, and what stands there: a tuple, since a workbook has hundreds."""

    sheet: str
    row: int
    column: int
    key: str
    cell: SheetCell | None
    """None where nothing stands."""

    @property
    def place(self) -> Place:
        """The spot as its reader sees it."""
        return Place(sheet=self.sheet, cell=f"{column_letters(self.column)}{self.row + 1}", key=self.key)

    @property
    def content(self) -> float | str | None:
        """A number, a text without spaces around it, or None where nothing is to be read."""
        value = None if self.cell is None or self.cell.error else self.cell.value
        return (plain(value) or None) if isinstance(value, str) else value

    @property
    def written(self) -> float | str | None:
        """The same, as it was typed: lines and raised figures, which change a number, are still there."""
        return None if self.cell is None or self.content is None else self.cell.value


@dataclass(frozen=True, slots=True)
class _Row:
    """One row under a row of column codes."""

    sheet: Sheet
    row: int
    key: str
    columns: Mapping[str, int]
    """By code; of a code that stands twice the first."""

    def at(self, column: int) -> Spot:
        return Spot(self.sheet.name, self.row, column, self.key, self.sheet.cells.get((self.row, column)))


@dataclass(frozen=True)
class Located:
    """Every input of a workbook, by key and column code."""

    rows: Mapping[str, Sequence[_Row]]
    """By key, in the order of the workbook."""
    duplicates: tuple[tuple[Spot, Spot], ...]
    """Keys that stand twice, once each: the first and the next place of one of their inputs."""
    strays: tuple[Spot, ...]
    """Something typed under a column code, in a row without a key between rows that have one."""

    @cached_property
    def spots(self) -> Mapping[tuple[str, str], Spot]:
        """All inputs, by (key, column code)."""
        spots: dict[tuple[str, str], Spot] = {}
        for key, rows in self.rows.items():
            for row in rows:
                for code, column in row.columns.items():
                    spots.setdefault((key, code), row.at(column))
        return MappingProxyType(spots)

    def spot(self, key: str, code: str) -> Spot | None:
        """Where an input stands; None where the workbook has lost it."""
        for row in self.rows.get(key, ()):
            if code in row.columns:
                return row.at(row.columns[code])
        return None

    def content(self, key: str, code: str) -> float | str | None:
        """What stands in an input; None where nothing does."""
        spot = self.spot(key, code)
        return spot.content if spot else None

    def written(self, key: str, code: str) -> float | str | None:
        """The same, as it was typed."""
        spot = self.spot(key, code)
        return spot.written if spot else None

    def has(self, key: str) -> bool:
        """Say whether a key stands anywhere."""
        return key in self.rows

    def keys(self) -> frozenset[str]:
        """Every key that stands somewhere."""
        return frozenset(self.rows)


def locate(workbook: Workbook | Contents) -> Located:
    """Find every key and its column codes in all sheets; of a pair that stands twice the first is kept."""
    rows: dict[str, list[_Row]] = {}
    twice: dict[str, tuple[Spot, Spot]] = {}
    strays: list[Spot] = []
    for content in contents(workbook).sheets:
        sheet = content.sheet
        for block in _blocks(content):
            columns = {code: column for column, code in reversed(tuple(block.codes.items()))}
            for number, key in block.keys.items():
                row = _Row(sheet, number, key, columns)
                before = rows.setdefault(key, [])
                pair = _twice(block, row, before) if before or len(columns) < len(block.codes) else None
                if pair:
                    twice.setdefault(key, pair)
                before.append(row)
            strays += _strays(sheet, block)
    return Located(MappingProxyType(rows), tuple(twice.values()), tuple(strays))


def _twice(block: _Block, row: _Row, before: Sequence[_Row]) -> tuple[Spot, Spot] | None:
    """The first input of a row that stood before, above or further left: where it did, and where it does now."""
    for column, code in block.codes.items():
        for other in (*before, row):
            if code in other.columns and (other is not row or other.columns[code] != column):
                return other.at(other.columns[code]), row.at(column)
    return None


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows under one row of column codes."""

    key_column: int
    codes: Mapping[int, str]
    """By column, from left to right."""
    keys: Mapping[int, str]
    """By row, from top to bottom."""


def _blocks(content: Content) -> Iterator[_Block]:
    """Every block, from top to bottom. Most sheets have none: they are only searched for the word that opens one."""
    rows = _rows_with_head(content)
    if not rows:
        return
    heads = [(row, column) for row, texts in rows.items() if (column := _head_column(texts)) is not None]
    columns = {column for _, column in heads}
    cells = sorted((at, _text(cell)) for at, cell in content.sheet.cells.items() if at[1] in columns)
    for place, (head, key_column) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else inf
        codes = {c: t for c, t in sorted(rows[head].items()) if c != key_column and _CODE.fullmatch(t)}
        below = ((row, text) for (row, column), text in cells if column == key_column and head < row < end)
        yield _Block(key_column, codes, {row: text for row, text in below if _KEY.fullmatch(text)})


def _rows_with_head(content: Content) -> dict[int, dict[int, str]]:
    """Texts by column of each row in which the word that opens a block stands, from top to bottom."""
    cells = content.sheet.cells
    alike = [at for at, text in content.texts.items() if text == HEAD] if HEAD in content.texts.values() else []
    alike += [at for at, text in content.shown.items() if plain(text) == HEAD]
    rows: dict[int, dict[int, str]] = {at[0]: {} for at in sorted(alike) if _text(cells[at]) == HEAD}
    for (row, column), cell in cells.items() if rows else ():
        if row in rows and isinstance(cell.value, str) and not cell.error:
            rows[row][column] = plain(cell.value)
    return rows


def _text(cell: SheetCell) -> str:
    """A text as it is compared; empty for anything else."""
    return plain(cell.value) if isinstance(cell.value, str) and not cell.error else ""


def _head_column(texts: Mapping[int, str]) -> int | None:
    """The column that holds ``KEY``, if it is the first text of the row and other codes follow."""
    first = min(texts)
    if texts[first] != HEAD:
        return None
    follow = any(_CODE.fullmatch(text) for column, text in texts.items() if column != first)
    return first if follow else None


def _strays(sheet: Sheet, block: _Block) -> Iterator[Spot]:
    if not block.keys:
        return
    first, last = min(block.keys), max(block.keys)
    for row in range(first, last):
        if row not in block.keys:
            typed = [column for column, code in block.codes.items() if code not in PROSE]
            found = [column for column in typed if sheet.value(row, column) not in {None, ""}]
            if found:
                yield Spot(sheet.name, row, found[0], "", sheet.cells[row, found[0]])
