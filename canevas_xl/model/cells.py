"""Owns what stands in the cells of a workbook that was read, before anybody understands it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Saved(StrEnum):
    """How much of a workbook the form tells in which it was saved."""

    WHOLE = "whole"
    """Every sheet, with values and formulas."""
    VALUES = "values"
    """Every sheet; where formulas stand is not told (.xls)."""
    SHOWN = "shown"
    """One sheet, each cell as the text that it showed (.csv)."""


class SheetCell(NamedTuple):
    """One cell with something in it; a tuple, because a thousand returns hold millions of them."""

    value: float | str | None
    """A number, a text, a date as ISO text (``2026-09-01``, ``2026-09-01T12:00:00``), a percentage as text (``50 %``),
    a truth as 1 or 0, an error as its text (``#N/A``); what a formula was last seen to give, None where the file does
    not say."""
    formula: str | None = None
    """None where there is none; its text without the equals sign, empty where it shares another cell's."""
    error: bool = False
    """The value is an error, not a text that looks like one."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its cells that hold something, by zero-based (row, column)."""

    name: str
    cells: Mapping[tuple[int, int], SheetCell]
    hidden: bool = False

    def value(self, row: int, column: int) -> float | str | None:
        """What stands at ``row`` and ``column``, None where nothing does."""
        cell = self.cells.get((row, column))
        return None if cell is None else cell.value


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file in their order, and its custom properties."""

    sheets: tuple[Sheet, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    saved: Saved = Saved.WHOLE
