"""Owns how a process bounds itself: by limits of the system on POSIX, by a job object on Windows."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import Any, Final, NoReturn

_FORBIDDEN: Final = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.startfile", "os.system", "os.fork")
OUTPUT: Final = 64 << 20
"""Bytes that a child may write: what it says, and nothing else."""
_PROCESS_TIME: Final = 0x2
_ACTIVE_PROCESSES: Final = 0x8
_PROCESS_MEMORY: Final = 0x100
_TICKS: Final = 10_000_000
"""Of 100 ns, in a second."""
_EXTENDED_LIMITS: Final = 9
"""JobObjectExtendedLimitInformation."""


class Forbidden(Exception):  # noqa: N818 - it says what the attempt was
    """A child tried to reach the network or to start a program."""


def bind_myself(memory: int, seconds: int) -> None:
    """Bound this process for the rest of its life: memory in bytes, processor time in seconds; no network, no program.

    Called first thing by a child, so that no program that starts it comes in between: on Windows the ``python.exe`` of
    an environment is one.

    Raises:
        OSError: the system does not bound it.
    """
    sys.addaudithook(_refuse)
    if sys.platform == "win32":
        _join_job(ctypes.WinDLL("kernel32"), memory, seconds)
        return
    import resource  # noqa: PLC0415 - it exists on POSIX only

    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        _stop(event)


def _stop(event: str) -> NoReturn:
    raise Forbidden(event)


def _join_job(kernel: Any, memory: int, seconds: int) -> None:
    """Put this process, alone, into a job of its own, which is closed when it ends."""
    kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
    kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, wintypes.LPVOID, wintypes.DWORD)
    kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    limits = _ExtendedLimits()
    limits.basic.flags = _PROCESS_TIME | _ACTIVE_PROCESSES | _PROCESS_MEMORY
    limits.basic.process_time = seconds * _TICKS
    limits.basic.active_processes = 1
    limits.process_memory = memory
    job = kernel.CreateJobObjectW(None, None)
    if not (
        job
        and kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        and kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())
    ):
        raise OSError("no job object")


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )
