"""Owns the command *bureau*: opens the window that offers the buttons outside Excel."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from canevas_xl.adapters.excel.refusals import is_busy
from canevas_xl.adapters.store.folder import CAMPAIGN
from canevas_xl.addin import outside
from canevas_xl.addin.context import Stopped, Told
from canevas_xl.addin.faults import PARIS, word_fault
from canevas_xl.addin.outside import Choice, Wanted
from canevas_xl.addin.places import Places, user_places
from canevas_xl.app.results import RESULTS
from canevas_xl.app.templates import list_templates
from canevas_xl.cli.show import Screen
from canevas_xl.errors import DONE, Fault

if TYPE_CHECKING:
    import tkinter as tk

    from canevas_xl.addin.bureau import Bureau

NO_WINDOW: Final = "X137"
BUREAU: Final = "bureau"


def bureau(words: argparse.Namespace, screen: Screen) -> int:
    """Run ``bureau [DIR]`` until its window is closed.

    Raises:
        Fault: X137, no window can be opened.
    """
    try:
        import tkinter as tk  # noqa: PLC0415 - not every Python has it
    except ImportError as problem:
        raise Fault(NO_WINDOW, reason=str(problem)) from problem
    try:
        root = tk.Tk()
    except tk.TclError as problem:
        raise Fault(NO_WINDOW, reason=str(problem)) from problem
    window(root, screen.language, Path(words.folder).resolve() if words.folder else None)
    root.mainloop()
    return DONE


def window(root: tk.Tk, language: str, folder: Path | None) -> Bureau:
    """Draw the window and give it what it needs of the program."""
    from canevas_xl.addin.bureau import Bureau, Desk  # noqa: PLC0415 - needs tkinter, which not every Python has

    places = user_places()
    desk = Desk(
        act=partial(_act, language, places),
        findings=partial(_chosen, outside.findings_shown, language),
        figures=partial(_chosen, outside.figures_shown, language),
        is_open=partial(_is_open, places),
        open=open_file,
        templates=tuple((card.reference, card.title) for card in list_templates(language)),
        campaign=CAMPAIGN,
        results=RESULTS,
    )
    made = Bureau(root, desk, language, folder)

    def failed(_: type[BaseException], problem: BaseException, __: object) -> None:
        if not isinstance(problem, Exception):
            raise problem
        made.tell(BUREAU, word_fault(problem, BUREAU, language, places), warn=True)

    root.report_callback_exception = failed
    return made


def _act(language: str, places: Places, wanted: Wanted, progress: Callable[[int, int], None]) -> Told:
    """Run an action; what goes wrong is told, as a button tells it."""
    try:
        live = outside.grid_of(wanted.folder, places) if wanted.folder and wanted.selected is None else None
        grid = live or outside.results_grid(wanted.folder or places.data, wanted.selected)
        return outside.act(wanted, grid, language, datetime.now(PARIS), progress, places)
    except Stopped:
        raise
    except Exception as problem:  # noqa: BLE001 - the last door: in a thread nobody else would hear of it
        return Told(word_fault(problem, wanted.action, language, places), waits=True)


def _is_open(places: Places, folder: Path) -> bool:
    """Say whether a running Excel holds the campaign; one that is busy is asked again when the action starts."""
    try:
        return outside.grid_of(folder, places) is not None
    except Exception as problem:
        if not is_busy(problem):
            raise
        return True


def _chosen(listed: Callable[[Path, str], tuple[Choice, ...]], language: str, folder: Path) -> tuple[Choice, ...]:
    """List rows of the results; none where they cannot be read."""
    try:
        return listed(folder, language)
    except Fault:
        return ()


def open_file(path: Path) -> bool:
    """Open a file of ours with the program that the system has for it; say whether there is one."""
    if sys.platform == "win32":
        try:
            os.startfile(path)  # noqa: S606 - a file that we wrote
        except OSError:
            return False
        return True
    program = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if program:
        # Some wait until the file is closed: not the window's business.
        run = partial(subprocess.run, [program, str(path)], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        threading.Thread(target=run, daemon=True).start()
    return bool(program)
