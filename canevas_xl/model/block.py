"""Owns blocks: named places of fixed capacity into which results are written again and again."""

from __future__ import annotations

from dataclasses import dataclass

from canevas_xl.model.formula import Area


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of values under its heads; charts and formulas may point at it for ever."""

    name: str
    """``<sheet>.<what>``, unique."""
    sheet: str
    """Code of the sheet in the plan."""
    area: Area
    """Values only, without the heads."""
    columns: tuple[str, ...]
    """Codes of the columns, in order."""

    @property
    def capacity(self) -> int:
        """How many rows it holds."""
        return self.area.last_row - self.area.first_row + 1
