"""Owns what happens between a click in LibreOffice and its message: one action on the files of a campaign's folder.

Started by the extension (``addin/oxt``) as ``python -m canevas_xl.addin.office ACTION --lang=fr --arguments=FILE``. It
shows nothing: it says one JSON object with ``title``, ``text``, ``warn`` and ``open``, a workbook to show.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.folder import CAMPAIGN
from canevas_xl.addin.arguments import Arguments, read_arguments
from canevas_xl.addin.context import Told
from canevas_xl.addin.faults import PARIS, word_fault
from canevas_xl.addin.launch import DONE, MISUSED, TOLD
from canevas_xl.addin.outside import Wanted, act, results_grid
from canevas_xl.addin.places import user_places
from canevas_xl.addin.registry import ACTIONS, SHOWING, Action, Ask
from canevas_xl.addin.wording import Words
from canevas_xl.app.results import RESULTS
from canevas_xl.model.grid import Selection
from canevas_xl.resources import LANGUAGES

_PARTS: Final = 3


def main(given: Sequence[str] | None = None) -> int:
    """Run one action and say how it ended.

    Returns:
        0 done, 2 wrong use, 10 stopped by a fault that is told.
    """
    words = list(sys.argv[1:] if given is None else given)
    options = dict(word.removeprefix("--").split("=", 1) for word in words if word.startswith("--") and "=" in word)
    action = ACTIONS.get(words[0]) if words else None
    if action is None or "arguments" not in options:
        return MISUSED
    language = options.get("lang", "")
    code, said = run(action, Path(options["arguments"]), language if language in LANGUAGES else LANGUAGES[0])
    sys.stdout.write(json.dumps(said, ensure_ascii=False))
    return code


def run(action: Action, file: Path, language: str) -> tuple[int, dict[str, str | bool]]:
    """Run an action with what its argument file says; every outcome ends here."""
    places, folder = user_places(), ""
    try:
        arguments = read_arguments(file, places)
        folder = arguments.folder
        wanted = _wanted(action, arguments)
        grid = results_grid(wanted.folder or places.data, wanted.selected)
        told, code = act(wanted, grid, language, datetime.now(PARIS), _nothing, places), DONE
    except Exception as problem:  # noqa: BLE001 - the last door: LibreOffice would show nothing
        told, code = Told(word_fault(problem, action.name, language, places), waits=True), TOLD
    results = Path(folder) / RESULTS
    shown = str(results) if code == DONE and action.name in SHOWING and results.exists() else ""
    title = Words(language).button(action.name)
    return code, {"title": title, "text": told.text, "warn": told.waits, "open": shown}


def _wanted(action: Action, arguments: Arguments) -> Wanted:
    folder = arguments.folder or arguments.answers.get(Ask.NEW_FOLDER, "")
    selected, saved = _selection(arguments.selection), arguments.name.casefold() == CAMPAIGN
    return Wanted(action.name, Path(folder) if folder else None, arguments.answers, selected, saved)


def _selection(text: str) -> Selection | None:
    parts = text.split(",", _PARTS - 1)
    if len(parts) < _PARTS or not (parts[0].isdecimal() and parts[1].isdecimal()):
        return None
    return Selection(parts[2], int(parts[0]), int(parts[1]))


def _nothing(_: int, __: int) -> None:
    """LibreOffice shows no progress of ours."""


if __name__ == "__main__":
    sys.exit(main())
