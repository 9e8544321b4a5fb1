"""Owns the fixture ``simulated_excel``: an ``xw.App`` over the simulated Excel, and what its user saw."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import xlwings as xw
from pyopenvba.apps.excel import ExcelApplication

from simulated.dispatch import REFUSALS
from simulated.windows import DESKTOP, ENGINE, MODULES, Box


@dataclass(frozen=True)
class SimulatedExcel:
    """One running Excel, without a workbook, as xlwings sees it, and as its user does."""

    app: xw.App
    program: ExcelApplication
    """pyOpenVBA's, with the VBA interpreter: ``program.run("Module.Macro")``, ``program.dialogs``."""
    hwnd: int
    """Number of its window: what VBA's ``Application.Hwnd`` gives."""

    @property
    def shown(self) -> list[Box]:
        """The message boxes that Python showed, oldest first (VBA's are in ``program.dialogs``)."""
        return DESKTOP.shown

    @property
    def status(self) -> str:
        """What the status bar says; empty when Excel has it."""
        said = self.program.application.status_bar
        return said if isinstance(said, str) else ""

    def press(self, title: str, button: int) -> None:
        """Let the user press a button (1 OK, 2 Cancel, 6 Yes, 7 No) in boxes of that title; else OK or Yes."""
        DESKTOP.pressed[title] = button

    def open(self, path: Path) -> xw.Book:
        """Open a workbook and bring it to the front."""
        book = self.app.books.open(str(path))
        book.activate()
        return book

    def refuse(self, hresult: int | None) -> None:
        """Answer every call with RPC_E_CALL_REJECTED or VBA_E_IGNORE (``simulated.dispatch``); None: work again."""
        REFUSALS.hresult = hresult


def start(program: ExcelApplication | None = None) -> SimulatedExcel:
    """Bring up a simulated Excel: an empty one, or one that was made before (with an add-in, say)."""
    hwnd = DESKTOP.start(program)
    app = xw.App(impl=ENGINE.App(xl=hwnd))
    return SimulatedExcel(app, DESKTOP.running[hwnd], hwnd)


@pytest.fixture
def simulated_excel(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedExcel]:
    """An Excel without a workbook; pywin32 can be imported, and xlwings asks Excel once, not for ever."""
    for name, module in MODULES.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setattr(ENGINE, "N_COM_ATTEMPTS", 1)
    before = xw.engines.active
    xw.engines.active = xw.engines["excel"]
    DESKTOP.empty()
    yield start()
    REFUSALS.hresult = None
    DESKTOP.empty()
    xw.engines.active = before
