"""Owns the protection of sheets that are open in Excel: the only module that takes it off, and puts it back as it was.

xlwings has no word for protection: Excel's own object is spoken to, in the words of Windows or of macOS.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import xlwings as xw

from canevas_xl.adapters.excel.names import snake
from canevas_xl.adapters.excel.refusals import is_refused
from canevas_xl.errors import Fault

LOCKED_PARTS: Final = ("DrawingObjects", "Contents", "Scenarios")
ALLOWED: Final = (
    "FormattingCells", "FormattingColumns", "FormattingRows", "InsertingColumns", "InsertingRows",
    "InsertingHyperlinks", "DeletingColumns", "DeletingRows", "Sorting", "Filtering", "UsingPivotTables",
)  # fmt: skip
"""What users may do on a protected sheet."""
_MACS: Final = {"allow_using_pivot_tables": "allow_using_pivot_table"}
"""Words of macOS that are not those of Windows in small letters."""


@contextmanager
def unprotected(sheet: xw.Sheet) -> Iterator[None]:
    """Take protection off for as long as it takes to write, then put it back with the same rights.

    Raises:
        Fault: G103, a password is needed; nothing has changed then.
    """
    doors = _on_macos if sys.platform == "darwin" else _on_windows
    was, take_off, put_back = doors(sheet.api)
    if not was["Contents"]:
        yield
        return
    take_off()
    if doors(sheet.api)[0]["Contents"]:
        raise Fault("G103", sheet=str(sheet.name))
    try:
        yield
    finally:
        put_back(was)


Rights = Mapping[str, bool]
_Doors = tuple[Rights, Callable[[], None], Callable[[Rights], None]]
"""What is locked and allowed, how to take protection off, how to put it back."""


def _on_windows(api: Any) -> _Doors:
    rights = api.Protection
    was = {part: bool(getattr(api, f"Protect{part}")) for part in LOCKED_PARTS}
    was |= {f"Allow{right}": bool(getattr(rights, f"Allow{right}")) for right in ALLOWED}
    was["UserInterfaceOnly"] = bool(api.ProtectionMode)

    def take_off() -> None:
        # An empty password is given: without one, Excel would ask for it in a dialogue that nobody sees.
        _tried(lambda: api.Unprotect(""))

    def put_back(state: Rights) -> None:
        api.Protect(**state)

    return was, take_off, put_back


def _on_macos(api: Any) -> _Doors:
    # Never seen in a real Excel: the words are those of its AppleScript dictionary, as xlwings ships it.
    rights = api.protection_object
    was = {"Contents": bool(api.protect_contents.get())}
    was |= {part: bool(getattr(api, f"protect_{snake(part)}").get()) for part in LOCKED_PARTS if part != "Contents"}
    was |= {f"Allow{right}": bool(getattr(rights, _macs(f"Allow{right}")).get()) for right in ALLOWED}
    was["UserInterfaceOnly"] = bool(api.protection_mode.get())

    def take_off() -> None:
        _tried(lambda: api.unprotect(password=""))

    def put_back(state: Rights) -> None:
        words = {_macs(right): value for right, value in state.items() if right != "Contents"}
        api.protect_worksheet(worksheet_contents=True, **words)

    return was, take_off, put_back


def _macs(right: str) -> str:
    return _MACS.get(snake(right), snake(right))


def _tried(take_off: Callable[[], object]) -> None:
    """Try: a wrong password is refused by an error of Excel's own, and what follows looks at the result."""
    try:
        take_off()
    except Exception as problem:
        if not is_refused(problem):
            raise
