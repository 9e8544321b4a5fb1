"""Owns the showing of results in a grid: blocks written where their names are, and the way back from a cell."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from canevas_xl.app.grid import Grid
from canevas_xl.model.block import Block
from canevas_xl.model.figure import Figure
from canevas_xl.model.grid import Rectangle, Seen
from canevas_xl.report.live import live_blocks, names_of, placed
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.pointed import figure_at
from canevas_xl.report.results import LAYOUTS, defined_name

EVERY = tuple(layout.code for layout in LAYOUTS)
"""Codes of all result sheets."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown."""

    sheets: tuple[str, ...]
    """Names of the sheets that were written, as shown."""
    left_out: tuple[tuple[str, int], ...]
    """Sheet and how many rows had no room there."""
    missing: tuple[str, ...]
    """Codes of sheets that are gone, or from which something was taken away."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """The row of a block that is selected."""

    block: Block
    area: Rectangle
    seen: Seen
    """The whole block."""
    row: int
    """In the block, from 0."""
    column: int

    def cell(self, code: str) -> str | float | None:
        """Give what stands in a column of the selected row; None where the block has no such column."""
        return self.seen[self.row][self.block.columns.index(code)] if code in self.block.columns else None


def show(grid: Grid, outcome: Outcome, codes: Collection[str] = EVERY) -> Shown:
    """Write the blocks of some sheets into a grid; what stands beside them is left as it is.

    Raises:
        Fault: a sheet cannot be written (G103), or the grid is gone.
    """
    areas = grid.named(names_of(EVERY))
    live = live_blocks(outcome, areas, codes)
    found = sorted(live.blocks, key=lambda one: one.area.sheet)
    for one in found:
        grid.write(one.area, one.rows)
        grid.dress(one.area, one.looks)
    left = {sheet: sum(one.left_out for one in mine) for sheet, mine in groupby(found, lambda one: one.area.sheet)}
    return Shown(tuple(left), tuple((sheet, count) for sheet, count in left.items() if count), live.missing)


def pointed(grid: Grid) -> Pointed | None:
    """Tell which row of which block is selected; None where none is."""
    selection = grid.selection()
    if selection is None:
        return None
    areas = grid.named(names_of(EVERY))
    for name, block in placed(areas).items():
        area = areas[defined_name(block)]
        if area.holds(selection) and not name.endswith(".status"):
            return Pointed(block, area, grid.read(area), selection.row - area.top, selection.column - area.left)
    return None


def figure_pointed(there: Pointed, outcome: Outcome) -> Figure | None:
    """Name the figure that is selected; None where the cell, or its row, is no figure of an offer."""
    code = there.block.columns[there.column]
    return figure_at(outcome, there.block, there.seen, there.row, code)
