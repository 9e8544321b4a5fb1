"""Owns a buyer at work in the simulated Excel: types in the campaign's workbook, selects, clicks on buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlwings as xw
from simulated.excel import SimulatedExcel

from canevas_xl.adapters.excel.grid import ExcelGrid
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.addin.actions import FUNCTIONS
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.registry import Ask
from canevas_xl.intake.locate import locate
from canevas_xl.report.live import placed
from canevas_xl.report.results import blocks, defined_name

Rows = list[dict[str, str | float | None]]


@dataclass
class Buyer:
    """Somebody in front of Excel."""

    excel: SimulatedExcel
    folder: Path
    now: datetime
    language: str = "fr"
    book: xw.Book | None = None

    def opens(self, path: Path | None = None) -> None:
        """Open a workbook, the campaign's unless told."""
        self.book = self.excel.open(path or self.folder / "campagne.xlsx")

    @property
    def open_book(self) -> xw.Book:
        assert self.book is not None
        return self.book

    def clicks(self, action: str, **answers: str) -> Told:
        """Click on a button, having answered what it asks."""
        given = {Ask(name): text for name, text in answers.items()}
        grid = ExcelGrid(self.open_book)
        return FUNCTIONS[action](Context(grid, self.folder, given, self.language, self.now, lambda *_: None))

    def types(self, values: Mapping[tuple[str, str], float | str]) -> None:
        """Type into inputs, by key and column code; nothing is saved."""
        spots = locate(read_cells(self.folder / "campagne.xlsx")).spots
        for place, value in values.items():
            spot = spots[place]
            cell = self.open_book.sheets[spot.sheet].range(spot.row + 1, spot.column + 1)
            cell.value = "'" + value if isinstance(value, str) else value

    def sees(self, block: str) -> Rows:
        """The rows of a block of results, by code of their columns."""
        grid = ExcelGrid(self.open_book)
        areas = grid.named([defined_name(blocks()[block])])
        columns = placed(areas)[block].columns
        rows = grid.read(areas[defined_name(blocks()[block])])
        return [dict(zip(columns, row, strict=True)) for row in rows if any(value is not None for value in row)]

    def selects(self, block: str, row: int, column: str) -> None:
        """Select a cell of a block of results."""
        grid = ExcelGrid(self.open_book)
        name = defined_name(blocks()[block])
        area = grid.named([name])[name]
        columns = placed({name: area})[block].columns
        sheet = self.open_book.sheets[area.sheet]
        sheet.activate()
        sheet.range(area.top + row + 1, area.left + columns.index(column) + 1).select()
