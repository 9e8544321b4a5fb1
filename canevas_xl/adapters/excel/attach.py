"""Owns the way to the workbook in which a button was clicked, among all Excels that run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

import xlwings as xw

from canevas_xl.adapters.excel.grid import ExcelGrid

ATTEMPTS: Final = 2_000
"""Times that a call is tried while Excel is busy: a second or two. xlwings would go on for ever."""
ESCAPE: Final = 0x1B
_DOWN: Final = 0x8000


def attach(name: str, window: int | None) -> ExcelGrid | None:
    """Find an open workbook.

    Args:
        name: its file name, in any case.
        window: number of the window in which the button was clicked; None where the system has none (macOS).

    Returns:
        The grid; None where no such workbook is open.
    """
    engine = _patient_engine()
    # By its window: among several Excels each may hold a workbook of that name.
    apps = [xw.App(impl=engine.App(xl=window))] if engine is not None and window is not None else list(xw.apps)
    found = ((book, app) for app in apps for book in app.books if str(book.name).casefold() == name.casefold())
    return next((ExcelGrid(book, app) for book, app in found), None)


def attach_open(name: str, lies_there: Callable[[str], bool]) -> ExcelGrid | None:
    """Find a workbook that some running Excel holds; none is ever started.

    Args:
        name: its file name, in any case.
        lies_there: told its full path or web address, says whether it is the one.

    Returns:
        The grid; None where no Excel holds it, or where there is none.
    """
    engine = _patient_engine()
    if engine is not None and "pythoncom" in sys.modules:
        sys.modules["pythoncom"].CoInitialize()  # each thread that speaks to Excel must
    excels = next((one.apps for one in xw.engines if one.name == "excel"), ())  # no such engine without Excel
    mine = (
        ExcelGrid(book, app) for app in excels for book in app.books if str(book.name).casefold() == name.casefold()
    )
    return next((grid for grid in mine if lies_there(grid.address)), None)


def _patient_engine() -> Any:
    """Give xlwings' Windows engine, which is told to give up some day; None elsewhere."""
    engine: Any = sys.modules.get("xlwings._xlwindows")
    if engine is not None:
        engine.N_COM_ATTEMPTS = ATTEMPTS
    return engine


def stop_asked() -> bool:
    """Say whether the Escape key is down, on Windows: the way to stop a long action without a window of our own."""
    if sys.platform != "win32":
        return False
    import ctypes  # noqa: PLC0415 - its Windows half exists there only

    return bool(ctypes.windll.user32.GetAsyncKeyState(ESCAPE) & _DOWN)
