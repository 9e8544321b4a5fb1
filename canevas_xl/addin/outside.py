"""Owns running actions without a click in Excel: for the window and for LibreOffice.

They work on the file of results, or, for the window, in the campaign's workbook where a running Excel holds it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CAMPAIGN
from canevas_xl.adapters.xlsx.file_grid import FileGrid
from canevas_xl.addin.actions import FUNCTIONS
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.faults import give_back
from canevas_xl.addin.launch import load_xlwings
from canevas_xl.addin.places import Places, campaign_folder, is_web_address
from canevas_xl.addin.registry import Ask
from canevas_xl.addin.wording import Words
from canevas_xl.app.grid import Grid
from canevas_xl.app.results import RESULTS
from canevas_xl.app.showing import EVERY
from canevas_xl.model.block import Block
from canevas_xl.model.grid import Rectangle, Selection
from canevas_xl.report.live import names_of, placed
from canevas_xl.report.results import defined_name

LONGEST: Final = 100
"""Characters of what a choice in a list says, before its number."""
Listed = Mapping[str, tuple[tuple[str, ...], str]]
"""Blocks by name: the columns that say what a row is, and the column of what is chosen."""
FIGURES: Final[Listed] = {
    "notes.ranking": (("SUPPLIER", "LOT"), "TOTAL"),
    "impacts.totals": (("SUPPLIER", "LOT", "INDICATOR"), "KNOWN"),
    "impacts.stages": (("SUPPLIER", "LOT", "STAGE"), "KNOWN"),
}
FINDINGS: Final[Listed] = {"findings.list": (("SEVERITY", "SUPPLIER", "MESSAGE"), "FINDING")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One run of an action outside Excel."""

    action: str
    folder: Path | None
    answers: Mapping[Ask, str]
    selected: Selection | None = None
    """In the file of results."""
    saved: bool = False
    """The campaign's workbook is open in front of the user, without changes."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A row of the results that can be chosen instead of clicked."""

    label: str
    selected: Selection


def results_grid(
    folder: Path, selected: Selection | None = None, status: Callable[[str], None] | None = None
) -> FileGrid:
    """Give the file of results as a grid; it may not exist yet."""
    path = folder / RESULTS
    put = partial(write_atomically, path)
    return FileGrid(path, put, status or (lambda _: None), selected=selected)


def grid_of(folder: Path, places: Places) -> Grid | None:
    """Give the campaign's workbook where a running Excel holds it; None elsewhere. Excel is never started."""
    if "xlwings" not in sys.modules:
        if sys.platform not in {"win32", "darwin"} or find_spec("xlwings") is None:
            return None
        load_xlwings()
    from canevas_xl.adapters.excel.attach import attach_open  # noqa: PLC0415 - xlwings is not everywhere

    def lies_there(address: str) -> bool:
        there = campaign_folder("", address, places) if is_web_address(address) else Path(address).parent
        return there is not None and there.is_dir() and there.samefile(folder)

    return attach_open(CAMPAIGN, lies_there) if folder.is_dir() else None


def act(
    wanted: Wanted, grid: Grid, language: str, now: datetime, progress: Callable[[int, int], None], places: Places
) -> Told:  # fmt: skip
    """Run an action on a grid and give what it tells.

    Raises:
        Stopped: the user asked to stop.
        Fault: something that the user can mend, or the surroundings.
    """
    context = Context(grid, wanted.folder, wanted.answers, language, now, progress, places.log, wanted.saved)
    try:
        return FUNCTIONS[wanted.action](context)
    finally:
        give_back(grid)


def findings_shown(folder: Path, language: str) -> tuple[Choice, ...]:
    """List the findings of the results, in their order.

    Raises:
        Fault: the file of results cannot be read.
    """
    return tuple(_choices(folder, FINDINGS, Words(language)))


def figures_shown(folder: Path, language: str) -> tuple[Choice, ...]:
    """List the figures of the results that can be traced.

    Raises:
        Fault: the file of results cannot be read.
    """
    return tuple(_choices(folder, FIGURES, Words(language)))


def _choices(folder: Path, wanted: Listed, words: Words) -> Iterator[Choice]:
    grid = results_grid(folder)
    areas = grid.named(names_of(EVERY))
    for name, block in placed(areas).items():
        if name in wanted:
            yield from _rows(grid, areas[defined_name(block)], block, wanted[name], words)


def _rows(
    grid: FileGrid, area: Rectangle, block: Block, wanted: tuple[tuple[str, ...], str], words: Words
) -> Iterator[Choice]:
    chosen = block.columns.index(wanted[1])
    for down, row in enumerate(grid.read(area)):
        value = row[chosen]
        if value is None:
            continue
        named = (_said(row[block.columns.index(code)], words) for code in wanted[0])
        whole = " · ".join(part for part in named if part)
        label = whole if len(whole) <= LONGEST else whole[: LONGEST - 1] + "…"
        number = value if isinstance(value, str) else words.number(value)
        said = words.say(f"bureau.choice.{wanted[1].lower()}", label=label, number=number)
        yield Choice(said, Selection(area.sheet, area.top + down, area.left + chosen))


def _said(value: str | float | None, words: Words) -> str:
    """Say one part of what a row is; a number is that of a lot."""
    return words.say("bureau.lot", number=f"{value:g}") if isinstance(value, float) else value or ""
