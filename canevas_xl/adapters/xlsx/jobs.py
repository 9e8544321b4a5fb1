"""Owns how systems bound a process: from inside, on POSIX, and from outside by a job object, on Windows."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

_FORBIDDEN: Final = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.startfile", "os.system", "os.fork")
OUTPUT: Final = 64 << 20
"""Bytes that a child may write: what it says, and nothing else."""
_KILL_ON_CLOSE: Final = 0x2000
_PROCESS_MEMORY: Final = 0x100
_ACTIVE_PROCESSES: Final = 0x8
_EXTENDED_LIMITS: Final = 9
"""JobObjectExtendedLimitInformation."""


class Forbidden(Exception):  # noqa: N818 - it says what the attempt was
    """A child tried to reach the network or to start a program."""


def bind_myself(memory: int, seconds: int) -> None:
    """Bound this process for the rest of its life: memory in bytes, processor time in seconds; no network, no program.

    Called first thing by a child. On Windows the parent bounds it (:func:`bound_to_job`).
    """
    sys.addaudithook(_refuse)
    if sys.platform == "win32":
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


@contextmanager
def bound_to_job(process: subprocess.Popen[bytes], memory: int) -> Iterator[None]:
    """Bound a child's memory and end it with us, on Windows; elsewhere the child binds itself."""
    if sys.platform != "win32":
        yield
        return
    kernel = ctypes.windll.kernel32
    job = kernel.CreateJobObjectW(None, None)
    try:
        limits = _ExtendedLimits()
        limits.basic.flags = _KILL_ON_CLOSE | _PROCESS_MEMORY | _ACTIVE_PROCESSES
        limits.basic.active_processes = 1
        limits.process_memory = memory
        kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, int(process._handle))  # noqa: SLF001 - no public name gives the handle
        yield
    finally:
        kernel.CloseHandle(job)


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
