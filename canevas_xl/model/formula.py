"""Owns the tree of a spreadsheet formula; ``rules.spreadsheet`` writes it as text and computes its cached value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant number, text or truth."""

    value: float | str | bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, zero-based, always written absolute. Inputs are never referred to this way: see ``SameRow``."""

    sheet: str
    """The sheet's code in the plan, not its displayed name."""
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, bounds included."""

    sheet: str
    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class SameRow:
    """The cell of a column on the formula's own row and sheet, as ``INDEX($E:$E,ROW())``.

    Cutting and pasting an input rewrites plain references to it; this form is immune (it names no cell).
    """

    column: int


@dataclass(frozen=True, slots=True)
class Use:
    """A function (``IF``, ``SUM``…) or an operator (``+ - * / ^ & = <> < <= > >=``, ``NEG``) on its arguments."""

    function: str
    arguments: tuple[Formula, ...]


Formula = Literal | Cell | Area | SameRow | Use
