"""Owns the finding of inputs: by key and column code, in all sheets, never by address.

A row that holds the text ``KEY`` and column codes beside it opens a block; below it, until the next such row, a key in
the same column and a code above name one cell. This survives sorting, inserted rows, renamed sheets, pasted values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from canevas_xl.findings.finding import Place
from canevas_xl.intake.parse import plain
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.rules.spreadsheet import column_letters

HEAD: Final = "KEY"
PROSE: Final = frozenset({"LABEL", "HELP", "STATE", "UNIT", "DEFAULT", "BOUNDS", "KEPT"})
"""Columns in which headings between rows may stand."""
_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,15}")
_KEY: Final = re.compile(r"[A-Z0-9][A-Z0-9_.-]{0,40}")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an input stands, and what stands there."""

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


@dataclass(frozen=True, slots=True)
class Located:
    """Every input of a workbook, by (key, column code)."""

    spots: Mapping[tuple[str, str], Spot]
    duplicates: tuple[tuple[Spot, Spot], ...]
    """Keys that stand twice, once each: the first and the next place of one of their inputs."""
    strays: tuple[Spot, ...]
    """Something typed under a column code, in a row without a key between rows that have one."""

    def spot(self, key: str, code: str) -> Spot | None:
        """Where an input stands; None where the workbook has lost it."""
        return self.spots.get((key, code))

    def content(self, key: str, code: str) -> float | str | None:
        """What stands in an input; None where nothing does."""
        spot = self.spot(key, code)
        return spot.content if spot else None

    def has(self, key: str) -> bool:
        """Say whether a key stands anywhere."""
        return any(known == key for known, _ in self.spots)

    def keys(self) -> frozenset[str]:
        """Every key that stands somewhere."""
        return frozenset(key for key, _ in self.spots)


def locate(workbook: Workbook) -> Located:
    """Find every pair of key and column code in all sheets; of a pair that stands twice the first is kept."""
    spots: dict[tuple[str, str], Spot] = {}
    twice: dict[str, tuple[Spot, Spot]] = {}
    strays: list[Spot] = []
    for sheet in workbook.sheets:
        for block in _blocks(sheet):
            for code, spot in _spots(sheet, block):
                first = spots.setdefault((spot.key, code), spot)
                if first is not spot:
                    twice.setdefault(spot.key, (first, spot))
            strays += _strays(sheet, block)
    return Located(MappingProxyType(spots), tuple(twice.values()), tuple(strays))


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows under one row of column codes."""

    key_column: int
    codes: Mapping[int, str]
    """By column."""
    keys: Mapping[int, str]
    """By row."""


def _blocks(sheet: Sheet) -> Iterator[_Block]:
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), cell in sorted(sheet.cells.items()):
        if isinstance(cell.value, str) and not cell.error:
            rows[row][column] = plain(cell.value)
    heads = [row for row, texts in rows.items() if _head_column(texts) is not None]
    for place, head in enumerate(heads):
        end = heads[place + 1] if place + 1 < len(heads) else max(rows) + 1
        key_column = _head_column(rows[head])
        if key_column is None:
            continue
        codes = {c: t for c, t in rows[head].items() if c != key_column and _CODE.fullmatch(t)}
        keys = {row: text for row in rows if head < row < end and _KEY.fullmatch(text := rows[row].get(key_column, ""))}
        yield _Block(key_column, codes, keys)


def _head_column(texts: Mapping[int, str]) -> int | None:
    """The column that holds ``KEY``, if it is the first text of the row and other codes follow."""
    first = min(texts)
    if texts[first] != HEAD:
        return None
    follow = any(_CODE.fullmatch(text) for column, text in texts.items() if column != first)
    return first if follow else None


def _spots(sheet: Sheet, block: _Block) -> Iterator[tuple[str, Spot]]:
    for row, key in block.keys.items():
        for column, code in block.codes.items():
            yield code, Spot(sheet.name, row, column, key, sheet.cells.get((row, column)))


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
