"""Owns writing files so that none is ever left half-written, and none replaced unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path
from typing import Final

from canevas_xl.errors import Fault

FOLDER_MISSING: Final = "X101"
NO_RIGHT: Final = "X102"
OPEN_ELSEWHERE: Final = "X103"
DISK_FULL: Final = "X104"
FILE_EXISTS: Final = "X105"
CANNOT_WRITE: Final = "X110"
PATH_TOO_LONG: Final = "X113"

# By name: which of these errors a system knows differs.
_CODES: Final = {
    "ENOENT": FOLDER_MISSING,
    "ENOTDIR": FOLDER_MISSING,
    "EEXIST": FOLDER_MISSING,  # a file stands where the folder should
    "EACCES": NO_RIGHT,
    "EPERM": NO_RIGHT,
    "EROFS": NO_RIGHT,
    "EBUSY": OPEN_ELSEWHERE,
    "ETXTBSY": OPEN_ELSEWHERE,
    "ENOSPC": DISK_FULL,
    "EDQUOT": DISK_FULL,
    "EFBIG": DISK_FULL,  # a limit set on the size of files is a quota by another name
    "ENAMETOOLONG": PATH_TOO_LONG,
}
_LONGEST: Final = 259
"""Characters of a path that Windows takes as it comes set; of a longer one it says that it does not exist."""
_LOOKED_AT: Final = frozenset({5, 32, 33})
"""Windows' errors (access denied, sharing, lock) while another program has a file in its hands."""
_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between attempts."""


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet.

    Raises:
        Fault: X105 where it exists; and what :func:`write_atomically` raises.
    """
    if os.path.lexists(path):
        raise Fault(FILE_EXISTS, path=str(path))
    write_atomically(path, data)


def write_atomically(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write ``data`` beside ``path``, then put it in its place in one step: whoever looks sees the old or the new.

    The folder that holds it is made if need be; the folder around that one must be there, or the path is mistyped.
    ``lasting`` waits until the disk holds it (fsync); what can be made again at will need not wait.

    Raises:
        Fault: X101 no folder, X102 no right, X103 open in another program, X104 disk full, X110 anything else;
            the file is then as it was, and nothing stands beside it.
    """
    # A link is followed, so that the file it shows is replaced, not the link.
    target = Path(os.path.realpath(path)) if os.path.islink(path) else path  # noqa: PTH114 - asks rights of nobody
    draft = target.with_name(f".canevas-{secrets.token_hex(8)}.tmp")
    try:
        refuse_held(path)
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
        _write(draft, data, lasting=lasting)
        _put(draft, target)
    except OSError as problem:
        raise fault_of(problem, path) from problem
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)


def refuse_held(path: Path) -> None:
    """Refuse a file that Excel (``~$name``) or LibreOffice (``.~lock.name#``) has left word that it holds.

    Raises:
        Fault: X103, it is held.
        IsADirectoryError: it is a folder.
    """
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    locks = (path.with_name(name) for name in (f"~${path.name}", f".~lock.{path.name}#"))
    if path.exists() and any(lock.exists() for lock in locks):
        raise Fault(OPEN_ELSEWHERE, path=str(path))


def _write(draft: Path, data: bytes, *, lasting: bool) -> None:
    with draft.open("xb") as stream:
        stream.write(data)
        if lasting:
            stream.flush()
            os.fsync(stream.fileno())


def _put(draft: Path, target: Path) -> None:
    """Move the draft over the target. The folder let us write: a refusal now means that somebody holds the target."""
    try:
        move(draft, target)
    except PermissionError as problem:
        if target.exists():
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY)) from problem
        raise


def move(source: Path, target: Path) -> None:
    """Move a file or a folder in one step, over the target if there is one.

    On Windows a virus scanner or a synchronisation looks at what was just written, and nobody may move it meanwhile:
    that is waited for, a second and a half in all.

    Raises:
        OSError: the system refuses.
    """
    for pause in _PAUSES:
        try:
            source.replace(target)
        except PermissionError as problem:
            if getattr(problem, "winerror", None) not in _LOOKED_AT:
                raise
            time.sleep(pause)
        else:
            return
    source.replace(target)


def fault_of(problem: OSError, path: Path) -> Fault:
    """Say what the system refused, as the fault of ``path``."""
    code = _CODES.get(errno.errorcode.get(problem.errno or 0, ""), CANNOT_WRITE)
    tried = Path(problem.filename).absolute() if isinstance(problem.filename, str) else path.absolute()
    if code == FOLDER_MISSING and hasattr(problem, "winerror") and len(str(tried)) > _LONGEST:
        code = PATH_TOO_LONG
    if code == FOLDER_MISSING:
        return Fault(code, path=str(path.parent))
    if code == CANNOT_WRITE:
        return Fault(code, path=str(path), reason=problem.strerror or type(problem).__name__)
    return Fault(code, path=str(path))
