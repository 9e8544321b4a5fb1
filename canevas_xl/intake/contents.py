"""Owns the one look at every cell of a workbook: what stands where, as every program writes it.

Whose a return is, where its inputs stand and what was changed in it are all told from here, so that its thousands of
cells are gone through once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from canevas_xl.intake.issued import Spot, normal
from canevas_xl.model.cells import Saved, Sheet, SheetCell, Workbook

MOST_KEPT: Final = 50_000
"""Contents whose normal form is remembered."""


class _Normals(dict[float | str | None, str]):
    """What was normalised already: nearly all that stands in a return stood in the one before."""

    def __missing__(self, value: float | str | None) -> str:
        """Normalise what was not met yet."""
        if len(self) >= MOST_KEPT:
            self.clear()
        self[value] = text = normal(value)
        return text


_NORMALS: Final = _Normals()


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in one sheet, by zero-based row and column."""

    sheet: Sheet
    texts: Mapping[Spot, str]
    """Constants, normalised; none is empty."""
    formulas: Mapping[Spot, SheetCell]
    """Cells with a formula. What they were last seen to give differs in each return, and is not normalised."""
    shown: Mapping[Spot, str]
    """Texts that formulas were last seen to give, as they stand."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands in a workbook."""

    sheets: tuple[Content, ...]
    properties: Mapping[str, str]
    saved: Saved = Saved.WHOLE


def contents(workbook: Workbook | Contents) -> Contents:
    """Look at every cell, unless that was done already."""
    if isinstance(workbook, Contents):
        return workbook
    return Contents(tuple(map(_content, workbook.sheets)), workbook.properties, workbook.saved)


def _content(sheet: Sheet) -> Content:
    texts: dict[Spot, str] = {}
    formulas: dict[Spot, SheetCell] = {}
    for at, cell in sheet.cells.items():
        if cell.formula is not None:
            formulas[at] = cell
        elif text := _NORMALS[cell.value]:
            texts[at] = text
    shown = {at: cell.value for at, cell in formulas.items() if isinstance(cell.value, str)}
    return Content(sheet, texts, formulas, shown)
