r"""Owns the argument file: how a button, a menu or a window hands over the folder, the workbook and the answers.

It is a text in UTF-16, little end first, with its mark (what Windows' scripting objects write), of lines
``key=value``: ``folder``, ``workbook`` (full path or web address), ``selection`` and ``answer.<ask>``. In a value
``\n`` is a new line and ``\\`` a backslash. It holds data only: the action's name stands on the command line, and
neither is ever code.

The workbook's name should be read here rather than on the command line, where Windows replaces ``%WORDS%``.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.files import fault_of
from canevas_xl.addin.places import Places
from canevas_xl.addin.registry import Ask
from canevas_xl.errors import Fault

REFUSED: Final = "X131"
LARGEST: Final = 1 << 20
"""Bytes of an argument file: paths of some thousand files that were chosen together."""
_MARK: Final = b"\xff\xfe"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,80}\.txt")
_ESCAPE: Final = re.compile(r"\\(.?)", re.DOTALL)
_MEANT: Final = {"n": "\n", "\\": "\\"}
_ANSWER: Final = "answer."
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)  # Windows has none: links are refused by name there
_BINARY: Final = getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What came with a click."""

    folder: str = ""
    """Of the active workbook, on this machine; empty where it is not known."""
    workbook: str = ""
    """Full path or web address; only a name where it was never saved."""
    answers: Mapping[Ask, str] = field(default_factory=dict)
    selection: str = ""
    """``row,column,sheet`` from 0, where no live workbook can be asked; empty where nothing is selected."""

    @property
    def name(self) -> str:
        """File name of the workbook."""
        return re.split(r"[/\\]", self.workbook)[-1]


def write_arguments(arguments: Arguments, places: Places) -> Path:
    """Write an argument file that only this user can read, under a name that nobody can guess.

    Raises:
        Fault: X102, X104 or X110: the place cannot be written.
    """
    path = places.requests / f"request-{secrets.token_hex(12)}.txt"
    pairs = {"folder": arguments.folder, "workbook": arguments.workbook, "selection": arguments.selection}
    pairs |= {f"{_ANSWER}{ask}": text for ask, text in arguments.answers.items()}
    text = "".join(f"{key}={_escaped(value)}\n" for key, value in pairs.items())
    try:
        places.requests.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(_MARK + text.encode("utf-16-le"))
    except OSError as problem:
        raise fault_of(problem, path) from problem
    return path


def read_arguments(path: Path, places: Places) -> Arguments:
    """Read an argument file, and remove it.

    Args:
        path: a file directly in ``places.requests``; any other is neither read nor removed.
        places: the user's.

    Raises:
        Fault: X131 with the reason: elsewhere, a link, another user's, too long, not UTF-16, a control character, an
            unknown or repeated key, an unknown escape.
    """
    _refuse_elsewhere(path, places)
    try:
        data = _bytes(path)
    except OSError as problem:
        raise _refused("unreadable") from problem
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
    return _parsed(data)


def _refuse_elsewhere(path: Path, places: Places) -> None:
    if not path.is_absolute() or not _NAME.fullmatch(path.name):
        raise _refused("place")
    try:
        same = path.parent.resolve(strict=True) == places.requests.resolve(strict=True)
    except OSError as problem:
        raise _refused("place") from problem
    if not same:
        raise _refused("place")


def _bytes(path: Path) -> bytes:
    """Read one regular file that no link leads to."""
    if path.is_symlink():
        raise _refused("link")
    handle = os.open(path, os.O_RDONLY | _NO_FOLLOW | _BINARY)
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise _refused("link")
        if hasattr(os, "getuid") and found.st_uid != os.getuid():
            raise _refused("owner")
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _refused("size")
    return data


def _parsed(data: bytes) -> Arguments:
    if not data.startswith(_MARK):
        raise _refused("encoding")
    try:
        text = data[len(_MARK) :].decode("utf-16-le")
    except UnicodeDecodeError as problem:
        raise _refused("encoding") from problem
    pairs: dict[str, str] = {}
    for line in text.replace("\r\n", "\n").split("\n"):
        if not line:
            continue
        key, sign, value = line.partition("=")
        if not sign or key not in _KEYS or key in pairs:
            raise _refused("key")
        if any(unicodedata.category(letter) == "Cc" for letter in line):
            raise _refused("control")
        pairs[key] = _plain(value)
    if any("\n" in pairs.get(key, "") for key in _LINES):
        raise _refused("control")
    answers = {Ask(key.removeprefix(_ANSWER)): value for key, value in pairs.items() if key.startswith(_ANSWER)}
    return Arguments(pairs.get("folder", ""), pairs.get("workbook", ""), answers, pairs.get("selection", ""))


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _plain(value: str) -> str:
    def meant(match: re.Match[str]) -> str:
        if match[1] not in _MEANT:
            raise _refused("escape")
        return _MEANT[match[1]]

    return _ESCAPE.sub(meant, value)


_LINES: Final = ("folder", "workbook", "selection")
_KEYS: Final = frozenset({*_LINES, *(f"{_ANSWER}{ask}" for ask in Ask)})


def _refused(reason: str) -> Fault:
    return Fault(REFUSED, reason=reason)
