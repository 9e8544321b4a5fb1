"""Stands in for the part of Windows that xlwings' Windows engine asks: windows of Excel, message boxes, pywin32.

The engine's module is imported once, while its imports are stood in for; nothing of it is replaced but the three
functions that look for windows on a screen, and what ends programs.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import itertools
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

import xlwings as xw
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel import _model as model
from pyopenvba.interpreter._objects import MemberSpec
from pyopenvba.interpreter._values import VBAInt
from pyopenvba.powerquery import _opc

from simulated.dispatch import CDispatch, ComError

_DLL: Final = "stand-in"
_PRESSED: Final = {0: 1, 1: 1, 3: 6, 4: 6}
"""By buttons (MB_OK, MB_OKCANCEL, MB_YESNOCANCEL, MB_YESNO): what is pressed where a test says nothing: OK, Yes."""


@dataclass(frozen=True, slots=True)
class Box:
    """A message box that was shown."""

    title: str
    text: str
    style: int
    """Windows' MB_ constants, added up."""


@dataclass
class Desktop:
    """The running Excels by window number, front first, and the message boxes that programs showed."""

    running: dict[int, ExcelApplication] = field(default_factory=dict)
    shown: list[Box] = field(default_factory=list)
    pressed: dict[str, int] = field(default_factory=dict)
    """By title of a box: the number of the button that the user presses (1 OK, 2 Cancel, 6 Yes, 7 No)."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1001))

    def start(self, excel: ExcelApplication | None = None) -> int:
        """Bring an Excel up, in front; give its window's number."""
        excel, number = excel or ExcelApplication(), next(self.numbers)
        excel.application._hwnd = number  # type: ignore[attr-defined]  # read by the member Hwnd below
        self.running[number] = excel
        self.front(number)
        return number

    def front(self, number: int, *_: object) -> int:
        """Put a window in front."""
        others = {other: excel for other, excel in self.running.items() if other != number}
        first = self.running[number]
        self.running.clear()
        self.running.update({number: first, **others})
        return 0

    def box(self, _window: int, text: str, title: str, style: int) -> int:
        """Keep a message box, and press its button."""
        self.shown.append(Box(title, text, style))
        return self.pressed.get(title, _PRESSED.get(style & 7, 1))

    def empty(self) -> None:
        """Begin again: nothing runs, nothing was shown."""
        self.running.clear()
        self.shown.clear()
        self.pressed.clear()


DESKTOP: Final = Desktop()


class _BaseClass:
    """Base of pywin32's early-bound classes; none is made here."""


def stand_ins() -> dict[str, ModuleType]:
    """Give the modules of pywin32 that the engine and our own code import."""
    client = _module(
        "win32com.client", CDispatch=CDispatch, CoClassBaseClass=type("CoClassBaseClass", (_BaseClass,), {}),
        DispatchBaseClass=type("DispatchBaseClass", (_BaseClass,), {}), Dispatch=_new_excel, DispatchEx=_new_excel,
    )  # fmt: skip
    made = (
        client,
        _module("win32com", client=client),
        _module("pywintypes", com_error=ComError, error=ComError, TimeType=dt.datetime, IID=str),
        _module(
            "pythoncom", com_error=ComError, ole_error=ComError, CoInitialize=lambda: None, new=None, __file__=_DLL
        ),
        _module(
            "win32api", MessageBox=DESKTOP.box, OpenProcess=lambda *_: 0, TerminateProcess=lambda *_: 0,
            CloseHandle=lambda *_: 0,
        ),
        _module(
            "win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNOCANCEL=3, MB_YESNO=4, MB_ICONINFORMATION=64, MB_ICONWARNING=48
        ),
        _module("win32gui"),
        _module("win32process", GetWindowThreadProcessId=lambda window: (0, window)),
        _module("win32timezone", TimeZoneInfo=SimpleNamespace(utc=lambda: dt.UTC)),
    )  # fmt: skip
    return {module.__name__: module for module in made}


def _module(name: str, **members: object) -> ModuleType:
    module = ModuleType(name)
    module.__dict__.update(members)
    return module


def _new_excel(*_: object) -> CDispatch:
    return CDispatch(DESKTOP.running[DESKTOP.start()].application)


MODULES: Final = stand_ins()


@contextlib.contextmanager
def _windows() -> Iterator[None]:
    """Let an import find pywin32 and ctypes' Windows half."""
    real = ctypes.PyDLL

    def dll(name: str, *rest: Any, **named: Any) -> Any:
        known = name == _DLL
        return SimpleNamespace(PyCom_PyObjectFromIUnknown=SimpleNamespace()) if known else real(name, *rest, **named)

    ole = SimpleNamespace(ole32=SimpleNamespace(CLSIDFromString=lambda *_: 0))
    user = SimpleNamespace(
        GetForegroundWindow=lambda: 0, SetForegroundWindow=DESKTOP.front, SetWindowPos=DESKTOP.front
    )  # fmt: skip
    with (
        patch.dict(sys.modules, MODULES),
        patch.multiple(ctypes, PyDLL=dll),
        patch.multiple(ctypes, create=True, oledll=ole, windll=SimpleNamespace(user32=user)),
    ):
        yield


def _teach_members() -> None:
    """Add the members that xlwings uses and pyOpenVBA's Excel does not have."""
    state: dict[str, object] = {}

    def window(application: Any) -> VBAInt:
        return VBAInt(getattr(application, "_hwnd", 0), "Long")

    def add(owner: Any, name: str, getter: Any, setter: Any = None) -> None:
        owner.vba_add_member(MemberSpec(name=name, kind="property", getter=getter, setter=setter))

    add(model.Application, "Hwnd", window)
    add(
        model.Application,
        "Interactive",
        lambda _: state.get("interactive", True),
        lambda _, value: state.update(interactive=value),
    )
    add(model.Application, "StartupPath", lambda _: "C:\\XLSTART")
    add(model.Workbook, "FileFormat", lambda _: VBAInt(51, "Long"))
    add(model.Workbook, "ReadOnly", lambda book: getattr(book, "_read_only", False))
    full = MemberSpec(name="FullName", kind="property", getter=_full_name)
    model.Workbook._vba_members["fullname"] = full  # pyOpenVBA's own knows no web address


def _deflated(data: bytes) -> bytes:
    """Compress with zlib: pyOpenVBA does the same in Python, which takes half of the time that saving takes."""
    press = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return press.compress(data) + press.flush()


def _full_name(book: Any) -> str:
    between = "\\" if "\\" in book.path else "/"
    return f"{book.path}{between}{book.name}" if book.path else str(book.name)


def _quit(app: Any) -> None:
    DESKTOP.running.pop(app.hwnd, None)


def _engine() -> ModuleType:
    with _windows():
        from xlwings import _xlwindows as engine  # noqa: PLC0415 - can be imported only among the stand-ins
    _teach_members()
    _opc.raw_compress = _deflated
    engine.get_excel_hwnds = lambda: list(DESKTOP.running)
    engine.get_xl_app_from_hwnd = lambda window: engine.COMRetryObjectWrapper(
        CDispatch(DESKTOP.running[window].application)
    )
    engine.is_hwnd_xl_app = lambda _: False
    engine.Apps.cleanup = staticmethod(lambda: None)
    engine.App.quit = engine.App.kill = _quit
    xw.engines.add(xw.Engine(impl=engine.engine))
    return engine


ENGINE: Final = _engine()
"""``xlwings._xlwindows``, as it is, over the simulated Excel."""
