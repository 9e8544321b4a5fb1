"""The office program on a virtual screen: what a supplier can really type, refusals and their messages included.

UNO writes into cells whatever their lock and validation; only the graphical program applies them. So the keys are
typed with xdotool on a screen of Xvfb, and what the program says is read through its accessibility tree.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from office import Office, _uno


class Screen(Office):
    """A visible LibreOffice on its own virtual screen; use it as a context."""

    def __enter__(self) -> Self:
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
        self.desktop = self._connect()
        return self

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
        """Type a text in a cell (zero-based) and press Return; give what a dialogue then says, and dismiss it."""
        page = self.document.Sheets.getByName(sheet)
        self.controller.setActiveSheet(page)
        self.controller.select(page.getCellByPosition(column, row))
        time.sleep(0.3)
        self._keys("type", "--delay", "20", "--", text)
        self._keys("key", "Return")
        return self._dismissed()

    def shown(self, sheet: str, row: int, column: int) -> str:
        """What a cell shows."""
        return str(self.document.Sheets.getByName(sheet).getCellByPosition(column, row).String)

    def _keys(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=True)

    def _dismissed(self) -> str:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            for window in self._windows():
                buttons = _find(window, {"OK", "Cancel", "Annuler"})
                if buttons and len(list(_names(window))) < 12:
                    said = " ".join(_names(window))
                    buttons[0].doAccessibleAction(0)
                    time.sleep(0.3)
                    return said
            time.sleep(0.2)
        return ""

    def _windows(self) -> list[Any]:
        uno = _uno()
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        context = resolver.resolve(f"uno:pipe,name={self.pipe};urp;StarOffice.ComponentContext")
        toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
        return [toolkit.getTopWindow(index).getAccessibleContext() for index in range(toolkit.getTopWindowCount())]


def _children(place: Any) -> list[Any]:
    count = place.getAccessibleChildCount()
    return [place.getAccessibleChild(index).getAccessibleContext() for index in range(count)] if count < 40 else []


def _names(place: Any, depth: int = 0) -> list[str]:
    name = place.getAccessibleName()
    below = [name for child in _children(place) for name in _names(child, depth + 1)] if depth < 6 else []
    return ([name] if name else []) + below


def _find(place: Any, names: set[str], depth: int = 0) -> list[Any]:
    here = [place] if place.getAccessibleName() in names and hasattr(place, "doAccessibleAction") else []
    below = [one for child in _children(place) for one in _find(child, names, depth + 1)] if depth < 6 else []
    return here + below
