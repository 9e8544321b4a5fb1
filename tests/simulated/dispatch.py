"""Stands in for pywin32's late-bound objects: each is a proxy of an object of pyOpenVBA's Excel in memory.

Values cross the border as pywin32 hands them over: empty is ``None``, dates are datetimes in UTC, errors are integers
(0x800A0000 plus Excel's number), blocks are tuples of tuples.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import MethodType
from typing import Any, Final

from pyopenvba.apps.excel._io import load_workbook, save_workbook
from pyopenvba.exceptions import PyOpenVBAError, VBARuntimeError
from pyopenvba.interpreter._objects import VBAObject
from pyopenvba.interpreter._values import (
    EMPTY,
    MISSING,
    NOTHING,
    NULL,
    VBAArray,
    VBACurrency,
    VBADate,
    VBAErrorValue,
    VBAInt,
)

DISP_E_EXCEPTION: Final = -2147352567
DISP_E_UNKNOWNNAME: Final = -2147352570
RPC_E_CALL_REJECTED: Final = -2147418111
"""0x80010001: Excel shows a dialogue, or a cell is being edited."""
VBA_E_IGNORE: Final = -2146777998
"""0x800AC472: a cell is being edited."""
_ERRORS: Final = -2146828288
_LONGEST: Final = 2**31
_WITHOUT_EFFECT: Final = frozenset({"AutoFit"})
"""Measures text on a screen: there is none here."""


class ComError(Exception):
    """What pywin32 raises when Excel refuses a call."""

    def __init__(
        self, hresult: int, strerror: str = "", excepinfo: tuple[Any, ...] | None = None, argerror: object = None
    ) -> None:
        super().__init__(hresult, strerror, excepinfo, argerror)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, strerror, excepinfo, argerror


class Refusals:
    """What Excel answers instead of working: nothing of the kind, or that it is busy with the user."""

    hresult: int | None = None

    def refuse(self) -> None:
        """Raise as pywin32 does while a cell is being edited."""
        if self.hresult == RPC_E_CALL_REJECTED:
            raise ComError(RPC_E_CALL_REJECTED, "Call was rejected by callee.")
        if self.hresult is not None:
            raise ComError(DISP_E_EXCEPTION, "Exception occurred.", (0, None, None, None, 0, self.hresult))


REFUSALS: Final = Refusals()


class _Ole:
    """The part of a pywin32 object that xlwings asks when an attribute was not found."""

    def __init__(self, obj: VBAObject) -> None:
        self.obj = obj

    def GetIDsOfNames(self, *_: object) -> int:  # noqa: N802 - pywin32's name
        REFUSALS.refuse()
        raise ComError(DISP_E_UNKNOWNNAME, "Unknown name.")


class CDispatch:
    """A late-bound pywin32 object over one of pyOpenVBA's."""

    _oleobj_: _Ole

    def __init__(self, obj: VBAObject) -> None:
        object.__setattr__(self, "_oleobj_", _Ole(obj))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or REFUSALS.hresult == RPC_E_CALL_REJECTED:
            raise AttributeError(name)  # pywin32, too, takes a rejected question after a name for an unknown name
        obj = self._oleobj_.obj
        if name.startswith("Get") and obj.vba_member(name) is None:
            return self._method(name.removeprefix("Get"))  # pywin32's way to give a property arguments: GetAddress(…)
        spec = obj.vba_member(name)
        takes = spec is not None and spec.parameters and name in {"Range", "Item", "Resize", "End"}
        if name in _WITHOUT_EFFECT or name in _FILES or takes or (spec is not None and spec.kind == "method"):
            return self._method(name)
        return _asked(obj, name, (), {})

    def __setattr__(self, name: str, value: object) -> None:
        REFUSALS.refuse()
        with _Translated():
            self._oleobj_.obj.vba_set(name, to_vba(value))

    def __call__(self, *args: object, **named: object) -> Any:
        obj = self._oleobj_.obj
        default = None if obj.vba_type_name == "Range" else obj.vba_default_member()
        return _asked(obj, default.name if default else "Item", args, named)

    def __iter__(self) -> Iterator[Any]:
        return (to_python(value) for value in self._oleobj_.obj.vba_iterate())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CDispatch) and other._oleobj_.obj is self._oleobj_.obj

    def __hash__(self) -> int:
        return id(self._oleobj_.obj)

    def __bool__(self) -> bool:
        return True

    def _method(self, name: str) -> MethodType:
        """Give a bound method, as pywin32 does: xlwings wraps nothing else."""
        return MethodType(lambda self, *args, **named: _asked(self._oleobj_.obj, name, args, named), self)


class _Translated:
    """Turns what pyOpenVBA raises into what pywin32 would raise."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, VBARuntimeError):
            told = (0, "Microsoft Excel", str(error), None, 0, -2146827284)
            raise ComError(DISP_E_EXCEPTION, "Exception occurred.", told) from error
        if isinstance(error, PyOpenVBAError):
            raise NotImplementedError(str(error)) from error


def _asked(obj: Any, name: str, args: Sequence[object], named: Mapping[str, object]) -> Any:
    """Get a member's value or call it, as Excel would be."""
    REFUSALS.refuse()
    if name in _WITHOUT_EFFECT:
        return True
    if name in _FILES:
        return _FILES[name](obj, *args[:1], *(named[key] for key in ("Filename",) if key in named))
    given = [MISSING if value is None else to_vba(value) for value in args]
    with _Translated():
        words = {key: to_vba(value) for key, value in named.items() if value is not None}
        return to_python(obj.vba_get(name, given, words or None))


def _open(workbooks: Any, path: str) -> CDispatch:
    application = workbooks.application
    book = load_workbook(application, Path(path))
    application.workbooks_.books.append(book)
    application.activate_book(book)
    book._file = Path(path)
    return CDispatch(book)


def _save_as(book: Any, path: str) -> None:
    save_workbook(book, Path(path))
    book.path, book.name, book.saved = str(Path(path).parent), Path(path).name, True
    book._file = Path(path)


def _save(book: Any, *_: object) -> None:
    """Save where the file lies on this machine, though its path may be a web address (a synchronised folder)."""
    save_workbook(book, book._file)
    book.saved = True


def _close(book: Any, *_: object) -> None:
    books = book.application.workbooks_.books
    books.remove(book)
    book.application.active_book = books[-1] if books else None


_FILES: Final[Mapping[str, Callable[..., Any]]] = {"Open": _open, "Save": _save, "SaveAs": _save_as, "Close": _close}
"""What touches files: Excel takes many arguments there that pyOpenVBA does without."""


def to_python(value: Any) -> Any:
    """Give a value of pyOpenVBA as pywin32 gives it."""
    if any(value is nothing for nothing in (EMPTY, NULL, NOTHING, MISSING)):
        return None
    for kind, turned in _TO_PYTHON:
        if isinstance(value, kind):
            return turned(value)
    return value


def _tuples(array: VBAArray) -> tuple[Any, ...]:
    if array.dimensions == 1:
        return tuple(to_python(value) for value in array.items)
    (top, bottom), (left, right) = array.bounds
    return tuple(
        tuple(to_python(array.get([row, column])) for column in range(left, right + 1))
        for row in range(top, bottom + 1)
    )


def to_vba(value: Any) -> Any:
    """Give a value as pyOpenVBA takes it."""
    if value is None:
        return EMPTY
    bare = value if isinstance(value, CDispatch) else getattr(value, "_inner", value)  # xlwings wraps, to try again
    for kind, turned in _TO_VBA:
        if isinstance(bare, kind):
            return turned(bare)
    return bare


def _array(rows: Sequence[Any]) -> VBAArray:
    nested = bool(rows) and isinstance(rows[0], list | tuple)
    lines = rows if nested else [rows]
    array = VBAArray([(1, len(lines)), (1, len(lines[0]))])
    for row, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            array.items[array.offset([row, column])] = to_vba(value)
    return array


def _number(value: int) -> VBAInt | float:
    return VBAInt(value, "Long") if abs(value) < _LONGEST else float(value)


_TO_PYTHON: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (VBAObject, CDispatch),
    (VBAArray, _tuples),
    (VBADate, lambda value: value.to_datetime().replace(tzinfo=dt.UTC)),
    (VBAErrorValue, lambda value: _ERRORS + value.number),
    (VBACurrency, Decimal),
    (VBAInt, int),
)
_TO_VBA: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (CDispatch, lambda value: value._oleobj_.obj),
    (bool, bool),
    (int, _number),
    (list, _array),
    (tuple, _array),
    (dt.datetime, lambda value: VBADate.from_datetime(value.replace(tzinfo=None))),
    (dt.date, VBADate.from_datetime),
)
