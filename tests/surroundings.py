"""Bad surroundings for tests: a disk without room, a folder that refuses writing, even for root."""

from __future__ import annotations

import contextlib
import ctypes
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_VERSION = 0x20080522
_RIGHTS_OVERRIDDEN = 0b110
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what lets root write where it may not."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


@contextlib.contextmanager
def small_quota(largest: int = 4096) -> Iterator[None]:
    """Let no file grow beyond ``largest`` bytes: what a full disk and a quota look like to a program."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@contextlib.contextmanager
def without_right_to_write(folder: Path) -> Iterator[None]:
    """Take away the right to write in a folder; root, whom rights do not bind, gives up that privilege meanwhile."""
    mode = folder.stat().st_mode
    folder.chmod(0o500)
    try:
        with _bound_by_rights():
            yield
    finally:
        folder.chmod(mode)


@contextlib.contextmanager
def _bound_by_rights() -> Iterator[None]:
    if not sys.platform.startswith("linux"):
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, sets = _Header(_VERSION, 0), (_Sets * 2)()
    if libc.capget(ctypes.byref(header), sets):
        pytest.fail("this system does not tell which privileges a program has")
    before = sets[0].effective
    sets[0].effective = before & ~_RIGHTS_OVERRIDDEN
    libc.capset(ctypes.byref(header), sets)
    try:
        yield
    finally:
        sets[0].effective = before
        libc.capset(ctypes.byref(header), sets)
