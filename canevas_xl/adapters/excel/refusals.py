"""Owns the telling apart of Excel's refusals: busy with its user, or unwilling.

Its errors are pywin32's or appscript's, neither of which is everywhere: they are known by name and number.
"""

from __future__ import annotations

from typing import Any, Final

_REJECTED: Final = -2147418111
"""RPC_E_CALL_REJECTED, 0x80010001: a dialogue is open, or a cell is being edited."""
_EDITING: Final = -2146777998
"""VBA_E_IGNORE, 0x800AC472: a cell is being edited."""
_EXCELS: Final = frozenset({"com_error", "ComError", "CommandError"})
_SCODE: Final = 5
"""Where in what COM tells Excel's own number stands."""


def is_busy(problem: BaseException) -> bool:
    """Say whether Excel refused because a cell is being edited or a dialogue is open."""
    told: Any = getattr(problem, "excepinfo", None)
    codes = {getattr(problem, "hresult", None), told[_SCODE] if isinstance(told, tuple) and told[_SCODE:] else None}
    return type(problem).__name__ == "ExcelBusyError" or bool(codes & {_REJECTED, _EDITING})


def is_refused(problem: BaseException) -> bool:
    """Say whether Excel understood and refused."""
    return type(problem).__name__ in _EXCELS and not is_busy(problem)
