"""Owns the nouns of a workbook in which results are shown: rectangles, what their cells hold, what is selected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rectangle:
    """An area of a sheet as it now is, rows and columns from 0."""

    sheet: str
    """The sheet's name as it is shown."""
    top: int
    left: int
    rows: int
    columns: int

    def holds(self, selection: Selection) -> bool:
        """Say whether a cell lies in it."""
        return (
            self.sheet == selection.sheet
            and 0 <= selection.row - self.top < self.rows
            and 0 <= selection.column - self.left < self.columns
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A formula to write, as files hold it: English, A1, without its ``=``. Any other text is text."""

    formula: str
    value: float | str | None = None
    """What it gives, for files: programs that calculate do so again."""


Value = str | float | Written | None
"""What a cell of a block is given; never a truth."""
Values = Sequence[Sequence[Value]]
"""Rows of them, which may differ in length."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell tells beside its value: a sign that is in its number format (« ≥ », « ✗ »), that it weighs."""

    number_format: str
    bold: bool


Looks = Mapping[int, Sequence[Look]]
"""By column, from 0: the looks of its cells, from the top. Columns that are not named keep theirs."""
Seen = list[list[str | float | None]]
"""What stands in an area, every row as long as it is wide; errors are texts (``#N/A``)."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The cell that is selected, row and column from 0."""

    sheet: str
    row: int
    column: int
