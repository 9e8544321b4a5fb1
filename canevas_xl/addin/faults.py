"""Owns what becomes of whatever stopped an action: one text for the user, and a log for what nobody foresaw.

Excel's buttons, LibreOffice's and the window all end here.
"""

from __future__ import annotations

import traceback
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from canevas_xl.adapters.excel.refusals import is_busy, is_refused
from canevas_xl.addin.context import Stopped
from canevas_xl.addin.places import Places
from canevas_xl.addin.wording import Words
from canevas_xl.errors import Fault

if TYPE_CHECKING:
    from canevas_xl.app.grid import Grid

PARIS: Final = ZoneInfo("Europe/Paris")
LARGEST_LOG: Final = 1 << 20
"""Bytes after which the log begins anew."""


def word_fault(problem: Exception, action: str, language: str, places: Places) -> str:
    """Word what stopped an action: what the user can mend with what to do; the rest is written down and said once.

    Args:
        problem: as it was caught; its traceback is what is written down.
        action: its name, for the log.
        language: of the text.
        places: the user's.
    """
    words = Words(language)
    if isinstance(problem, Stopped):
        return words.say("told.stopped")
    if isinstance(problem, Fault):
        return words.fault(problem)
    if is_busy(problem):
        return words.fault(Fault("G105"))
    kept = write_down(places, action, "".join(traceback.format_exception(problem)))
    if isinstance(problem, OSError):
        # A drive that went away is no mistake of ours; where it was, the log helps to find out.
        reason = problem.strerror or type(problem).__name__
        return words.fault(Fault("X122", path=problem.filename or "?", reason=reason))
    key = "told.fault" if kept else "told.fault_unlogged"
    return words.say(key, name=type(problem).__name__, path=places.log)


def give_back(grid: Grid) -> None:
    """Give the status bar back, if Excel takes it: somebody who types by now still gets the message."""
    try:
        grid.status("")
    except Exception as problem:
        if not (is_busy(problem) or is_refused(problem)):
            raise


def write_down(places: Places, action: str, text: str) -> bool:
    """Add to the log, in UTF-8; say whether it could be written."""
    try:
        places.logs.mkdir(parents=True, exist_ok=True)
        full = places.log.exists() and places.log.stat().st_size > LARGEST_LOG
        with places.log.open("w" if full else "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"--- {datetime.now(PARIS).isoformat(timespec='seconds')} {action}\n{text}\n")
    except OSError:
        return False
    return True
