"""What a child asks of Windows to be bound: simulated, since no Windows was at hand."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import pytest

from canevas_xl.adapters.xlsx import jobs

MYSELF, JOB = -1, 7
SECOND = 10_000_000
"""Windows' ticks."""


class Function:
    """Something to call that takes types as attributes, as ctypes' functions do."""

    def __init__(self, answer: Callable[..., int]) -> None:
        self.answer = answer

    def __call__(self, *given: Any) -> int:
        return self.answer(*given)


class Kernel:
    """As much of kernel32 as is asked: one job, with its limits and its processes."""

    def __init__(self) -> None:
        self.limits: Any = None
        self.members: list[int] = []
        self.CreateJobObjectW = Function(lambda *_: JOB)
        self.GetCurrentProcess = Function(lambda: MYSELF)
        self.SetInformationJobObject = Function(self._limit)
        self.AssignProcessToJobObject = Function(self._join)

    def _limit(self, job: int, kind: int, limits: Any, size: int) -> int:
        assert (job, kind, size) == (JOB, 9, ctypes.sizeof(limits._obj))
        self.limits = limits._obj
        return 1

    def _join(self, job: int, process: int) -> int:
        assert job == JOB
        self.members.append(process)
        return 1


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "addaudithook", lambda _: None)  # would bind the tests themselves
    monkeypatch.setattr(ctypes, "WinDLL", {"kernel32": kernel}.__getitem__, raising=False)
    return kernel


def test_a_child_joins_a_job_that_bounds_it_and_starts_no_process(windows: Kernel) -> None:
    jobs.bind_myself(300 << 20, 5)

    assert windows.members == [MYSELF]
    assert windows.limits.basic.flags == 0x2 | 0x8 | 0x100, "time, processes, memory of each"
    assert (windows.limits.basic.process_time, windows.limits.basic.active_processes) == (5 * SECOND, 1)
    assert windows.limits.process_memory == 300 << 20


@pytest.mark.parametrize("refusing", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"])
def test_a_child_that_windows_does_not_bound_reads_nothing(windows: Kernel, refusing: str) -> None:
    setattr(windows, refusing, Function(lambda *_: 0))
    with pytest.raises(OSError, match="no job object"):
        jobs.bind_myself(300 << 20, 5)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="sizes of a 64-bit system")
def test_limits_are_as_long_as_windows_takes_them() -> None:
    assert (ctypes.sizeof(jobs._BasicLimits), ctypes.sizeof(jobs._ExtendedLimits)) == (64, 144)
