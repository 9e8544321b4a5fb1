"""Owns what every grid is tried on: one workbook, in a file and open in the simulated Excel, and what its user sees."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from simulated.excel import SimulatedExcel

from canevas_xl.adapters.excel.grid import ExcelGrid
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.file_grid import FileGrid
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.grid import Grid
from canevas_xl.model.cells import Workbook
from canevas_xl.model.formula import Area
from canevas_xl.model.grid import Rectangle, Selection
from canevas_xl.model.plan import CellPlan, SheetPlan, Style, WorkbookPlan

OPEN, LOCKED = "Suivi d'été", "Notes"
LIST, MARKS, GONE = "CX_LIST", "CX_MARKS", "CX_GONE"
"""Six rows of three columns; four rows of two on a protected sheet; a name that no workbook has."""
TYPED: dict[tuple[int, int], float | str] = {(0, 1): "Titre", (2, 0): "à gauche", (2, 4): 12.5, (8, 1): "dessous"}
"""What stands around the list."""
SHARE = (6, 0)
"""Where 0.5 shows as 50 %, on the locked sheet."""


@dataclass
class Bench:
    """A grid, and what there is to see of it."""

    grid: Grid
    path: Path
    status: Callable[[], str]
    boxes: Callable[[], list[tuple[str, str]]]
    select: Callable[[Selection], None]

    def area(self, name: str = LIST) -> Rectangle:
        """Where a block is."""
        return self.grid.named([name])[name]

    def on_disk(self) -> Workbook:
        """The file, once saved."""
        self.grid.save()
        return read_cells(self.path)

    def protection(self) -> dict[str, str]:
        """What protects the locked sheet, as the file says it."""
        self.grid.save()
        with zipfile.ZipFile(self.path) as archive:
            found = re.search(r"<sheetProtection\b([^>]*)/>", archive.read("xl/worksheets/sheet2.xml").decode())
        assert found is not None
        return dict(re.findall(r'(\w+)="([^"]*)"', found[1]))


@dataclass
class Ears:
    """Somebody who reads what a file's grid says."""

    line: str = ""
    boxes: list[tuple[str, str]] = field(default_factory=list)

    def status(self, text: str) -> None:
        self.line = text

    def tell(self, title: str, text: str, _warn: bool) -> None:  # noqa: FBT001 - as FileGrid calls it
        self.boxes.append((title, text))


def workbook() -> bytes:
    """A workbook with two blocks, one of them on a protected sheet, and things around them."""
    around = tuple(CellPlan(*place, content, Style()) for place, content in TYPED.items())
    look = tuple(CellPlan(3, column, None, Style(bold=True)) for column in (1, 2, 3))
    marks = (
        CellPlan(0, 0, "Notes", Style()),
        CellPlan(1, 0, 3.0, Style()),
        CellPlan(*SHARE, 0.5, Style(number_format="0%")),
    )
    sheets = (
        SheetPlan("OPEN", OPEN, (*around, *look), protected=False),
        SheetPlan("LOCKED", LOCKED, marks, protected=True),
    )
    names = ((LIST, Area("OPEN", 3, 1, 7, 3)), (MARKS, Area("LOCKED", 1, 0, 4, 1)))
    return workbook_bytes(WorkbookPlan("Essai", "fr", sheets, names))


def in_a_file(path: Path, _: SimulatedExcel) -> Bench:
    """The grid over a file."""
    ears = Ears()
    grid = FileGrid(path, partial(write_atomically, path), ears.status, ears.tell)

    def choose(selection: Selection) -> None:
        grid._selected = selection

    return Bench(grid, path, lambda: ears.line, lambda: ears.boxes, choose)


def in_excel(path: Path, excel: SimulatedExcel) -> Bench:
    """The grid over xlwings, in the simulated Excel."""
    book = excel.open(path)

    def choose(selection: Selection) -> None:
        sheet = book.sheets[selection.sheet]
        sheet.activate()
        sheet.range(selection.row + 1, selection.column + 1).select()

    def boxes() -> list[tuple[str, str]]:
        return [(box.title, box.text) for box in excel.shown]

    return Bench(ExcelGrid(book), path, lambda: excel.status, boxes, choose)
