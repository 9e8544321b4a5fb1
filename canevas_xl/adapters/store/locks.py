"""Owns locks between programs: the system forgets them when a program ends, however it ends."""

from __future__ import annotations

import errno
import sys
from typing import Final

if sys.platform == "win32":
    import msvcrt
    import os
else:
    import fcntl

_FAR: Final = 1 << 30
"""Windows locks bytes, and nobody can read them meanwhile: so one that no file reaches."""
_HELD: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK})


def lock(handle: int) -> bool:
    """Keep an open file (or a folder, except on Windows) for this program until it is closed.

    On a file system that knows no locks, such as some network shares, nobody is kept apart.

    Returns:
        False where another program holds it.
    """
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        return problem.errno not in _HELD
    return True
