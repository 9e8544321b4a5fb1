"""Owns what happens between a click and its message: one action is run, and every outcome ends here.

The status bar speaks before anything heavy is loaded. What is slow to load and not needed is kept out: xlwings takes
whatever data frame and chart libraries it finds.

Arguments: ``ACTION --wb=NAME --from_xl=1 --app=PATH --hwnd=N --lang=fr --arguments=FILE``, each cut at its first ``=``.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from canevas_xl.adapters.excel.refusals import is_busy
from canevas_xl.addin.arguments import Arguments, read_arguments
from canevas_xl.addin.context import Context, Stopped, Told
from canevas_xl.addin.faults import PARIS, give_back, word_fault, write_down
from canevas_xl.addin.places import Places, campaign_folder, user_places
from canevas_xl.addin.registry import ACTIONS, Action, Needs
from canevas_xl.addin.wording import Words
from canevas_xl.errors import Fault
from canevas_xl.resources import LANGUAGES

if TYPE_CHECKING:
    from canevas_xl.app.grid import Grid

DONE: Final = 0
MISUSED: Final = 2
"""No such action, or no such workbook: whoever started us says so."""
TOLD: Final = 10
"""Something stopped the action, and the user was told."""
FOLDER_NEEDED: Final = 11
"""The user must say where the campaign's folder is; then the action is started again."""
BUSY: Final = 12
"""Excel could not even be asked for the workbook: a cell is being edited. Whoever started us says so."""
UNWANTED: Final = ("pandas", "polars", "matplotlib", "openpyxl", "pint", "PIL", "plotly", "xlwings.pro")
"""What xlwings would load if it found it, or that nothing here needs; ``xlwings.pro`` has a licence of its own."""
LATER: Final = "numpy"
"""Needed by scores, not by cells: half of what xlwings takes to load."""


@dataclass(frozen=True, slots=True)
class Click:
    """What was asked, before anything is looked at."""

    action: Action
    workbook: str
    window: int | None
    language: str
    file: str
    """Of arguments; empty where there is none."""


def main(given: Sequence[str] | None = None) -> int:
    """Run one action on the workbook in which its button was clicked.

    Returns:
        0 done, 2 wrong use, 10 stopped and told, 11 the folder must be asked, 12 Excel is busy.
    """
    places = user_places()
    click = read_click(sys.argv[1:] if given is None else given)
    if click is None:
        return MISUSED
    try:
        arguments, refused = _arguments(click, places)
        grid = _grid(arguments.name or click.workbook, click.window)
    except Exception as problem:  # noqa: BLE001 - nothing can be shown yet: whoever started us speaks
        if is_busy(problem):
            return BUSY
        write_down(places, click.action.name, traceback.format_exc())
        return MISUSED
    if grid is None:
        write_down(places, click.action.name, f"not open: {click.workbook}")
        return MISUSED
    return run(click, grid, lambda: _context(click, grid, arguments, refused, places), places)


def read_click(given: Sequence[str]) -> Click | None:
    """Read the command line; None where it names no action or no workbook."""
    words = [word for word in given if not word.startswith("--")]
    options = dict(word.removeprefix("--").split("=", 1) for word in given if word.startswith("--") and "=" in word)
    action = ACTIONS.get(words[0]) if len(words) == 1 else None
    if action is None or "wb" not in options:
        return None
    window, language = options.get("hwnd", ""), options.get("lang", "")
    return Click(
        action=action,
        workbook=options["wb"],
        window=int(window) if window.isdecimal() else None,
        language=language if language in LANGUAGES else LANGUAGES[0],
        file=options.get("arguments", ""),
    )


def _arguments(click: Click, places: Places) -> tuple[Arguments, Fault | None]:
    """Read the argument file; why it was refused is told later, once there is something to tell it with."""
    try:
        return read_arguments(Path(click.file), places) if click.file else Arguments(), None
    except Fault as fault:
        return Arguments(), fault


def _grid(workbook: str, window: int | None) -> Grid | None:
    load_xlwings()
    from canevas_xl.adapters.excel.attach import attach  # noqa: PLC0415 - after the above, which makes it quick

    return attach(workbook, window)


def load_xlwings() -> None:
    """Load xlwings without what it would take along, unless it is there already."""
    if "xlwings" in sys.modules:
        return
    absent = [name for name in (*UNWANTED, LATER) if name not in sys.modules]
    for name in absent:
        sys.modules[name] = None  # type: ignore[assignment]  # Python's way to say: not here
    importlib.import_module("xlwings")
    if LATER in absent:
        del sys.modules[LATER]


def _context(
    click: Click, grid: Grid, arguments: Arguments, refused: Fault | None, places: Places
) -> Context | None:  # fmt: skip
    """Gather what the action is given; None where the folder must be asked first.

    Raises:
        Fault: X131, the argument file was refused.
    """
    if refused is not None:
        raise refused
    folder = None
    if click.action.needs is not Needs.NOTHING:
        folder = campaign_folder(arguments.folder, arguments.workbook, places)
        if folder is None:
            return None
    now = datetime.now(PARIS)
    progress = _progress(click, grid)
    return Context(grid, folder, arguments.answers, click.language, now, progress, places.log)


def _progress(click: Click, grid: Grid) -> Callable[[int, int], None]:
    from canevas_xl.adapters.excel.attach import stop_asked  # noqa: PLC0415 - loaded by now

    words = Words(click.language)
    label = words.button(click.action.name)

    def count(done: int, every: int) -> None:
        grid.status(words.say("told.progress", label=label, done=done, every=every))
        if done < every and stop_asked():
            raise Stopped

    return count


def run(click: Click, grid: Grid, context: Callable[[], Context | None], places: Places) -> int:
    """Run an action and tell how it ended, whatever happens."""
    words = Words(click.language)
    label = words.button(click.action.name)
    try:
        grid.status(words.say("told.working", label=label))
        given = context()
        told = None if given is None else _functions()[click.action.name](given)
    except Exception as problem:  # noqa: BLE001 - the last door: nobody else could tell the user
        return _tell(grid, label, word_fault(problem, click.action.name, click.language, places))
    give_back(grid)
    if told is None:
        return FOLDER_NEEDED
    grid.tell(label, told.text, warn=told.waits)
    return DONE


def _functions() -> Mapping[str, Callable[[Context], Told]]:
    from canevas_xl.addin.actions import FUNCTIONS  # noqa: PLC0415 - the status bar speaks first

    return FUNCTIONS


def _tell(grid: Grid, label: str, text: str) -> int:
    """Say why it ended."""
    give_back(grid)
    grid.tell(label, text, warn=True)
    return TOLD
