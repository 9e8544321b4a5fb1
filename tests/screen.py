"""The office program on a virtual screen: what a supplier can really type, refusals and their messages included.

UNO writes into cells whatever their lock and validation; only the graphical program applies them. So the keys are
typed with xdotool on a screen of Xvfb, and what the program says is read through its accessibility tree.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from endless import PATIENCE
from office import Office, _uno

SMALL = 12
"""Names in a window that may be a question: a workbook shows more."""
MOVED = 10.0
"""Seconds of the clock after which a key has moved nothing."""
EDITABLE = {7}
"""State of a field that takes text (AccessibleStateType)."""


class Screen(Office):
    """A visible LibreOffice on its own virtual screen; use it as a context."""

    def _start(self) -> None:
        reading, writing = os.pipe()
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            pass_fds=(writing,), stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as told:
            self.environment = dict(os.environ, DISPLAY=f":{told.readline().strip()}", SAL_USE_VCLPLUGIN="gen")
        self.process = subprocess.Popen(
            [
                self.program, "--norestore", "--nologo", "--nofirststartwizard",
                f"-env:UserInstallation={self.profile.as_uri()}", f"--accept=pipe,name={self.pipe};urp;",
            ],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        self.server.terminate()
        self.server.wait()

    def show(self, path: Path) -> None:
        """Open a workbook in a window."""
        self.document: Any = self.desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, ())
        self.controller: Any = self.document.CurrentController
        self.controller.Frame.getContainerWindow().setFocus()
        time.sleep(1)

    def enter(self, sheet: str, row: int, column: int, text: str) -> str:
        """Type another text in a cell (zero-based), press Return; give what a dialogue then says, and dismiss it."""
        while self.dismissed():
            pass  # what a test before left
        before = self.shown(sheet, row, column)
        page = self.document.Sheets.getByName(sheet)
        self.controller.setActiveSheet(page)
        self.controller.select(page.getCellByPosition(column, row))
        time.sleep(0.3)
        self._keys("type", "--delay", "20", "--", text)
        self._keys("key", "Return")
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            said = self.dismissed()
            if said or self.shown(sheet, row, column) != before:
                return said
            time.sleep(0.05)
        raise AssertionError("what was typed is neither taken nor refused")

    def tabbed(self, sheet: str, times: int) -> list[tuple[int, int]]:
        """Press Tab from the top of a sheet; give the row and column (zero-based) of each stop."""
        self.controller.setActiveSheet(self.document.Sheets.getByName(sheet))
        self._keys("key", "ctrl+Home")
        time.sleep(1)
        stops: list[tuple[int, int]] = []
        for _ in range(times):
            before, until = self._selected(), time.monotonic() + MOVED
            self._keys("key", "Tab")
            while self._selected() == before and time.monotonic() < until:
                time.sleep(0.05)
            stops.append(self._selected())
        return stops

    def _selected(self) -> tuple[int, int]:
        place = self.controller.getSelection().getRangeAddress()
        return place.StartRow, place.StartColumn

    def shown(self, sheet: str, row: int, column: int) -> str:
        """What a cell shows."""
        return str(self.document.Sheets.getByName(sheet).getCellByPosition(column, row).String)

    def _keys(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True)

    def dismissed(self, typed: Iterator[str] | None = None) -> str:
        """Answer a dialogue, if one is there, and see it go; give what it said.

        Its empty fields are filled with what is ``typed``, one after the other.
        """
        said = ""
        with contextlib.suppress(_gone()):  # a window went away while it was looked at
            for window in self._windows():
                buttons = _find(window, {"OK", "Cancel", "Annuler"})
                if buttons and len(_names(window)) < SMALL:
                    for field in _fields(window) if typed is not None else ():
                        if not field.getText():
                            field.setText(next(typed))
                    said = " ".join(_names(window))
                    buttons[0].doAccessibleAction(0)
                    break
        if said:
            time.sleep(0.3)
        return said

    def _windows(self) -> list[Any]:
        toolkit = self._toolkit
        return [toolkit.getTopWindow(index).getAccessibleContext() for index in range(toolkit.getTopWindowCount())]

    @cached_property
    def _toolkit(self) -> Any:
        """Over a bridge of its own: the other one may wait for an answer to the dialogue."""
        uno = _uno()
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        context = resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
        return context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)


def _gone() -> type[Exception]:
    """What is raised of something that is no longer there."""
    return cast("type[Exception]", _uno().getClass("com.sun.star.uno.RuntimeException"))


def _children(place: Any) -> list[Any]:
    count = place.getAccessibleChildCount()
    return [place.getAccessibleChild(index).getAccessibleContext() for index in range(count)] if count < 40 else []


def _names(place: Any, depth: int = 0) -> list[str]:
    name = place.getAccessibleName()
    below = [name for child in _children(place) for name in _names(child, depth + 1)] if depth < 6 else []
    return ([name] if name else []) + below


def _fields(place: Any, depth: int = 0) -> list[Any]:
    """Fields of a dialogue in which something can be typed."""
    here = [place] if hasattr(place, "setText") and EDITABLE & set(place.getAccessibleStateSet().getStates()) else []
    below = [one for child in _children(place) for one in _fields(child, depth + 1)] if depth < 6 else []
    return here + below


def _find(place: Any, names: set[str], depth: int = 0) -> list[Any]:
    here = [place] if place.getAccessibleName() in names and hasattr(place, "doAccessibleAction") else []
    below = [one for child in _children(place) for one in _find(child, names, depth + 1)] if depth < 6 else []
    return here + below
