"""Owns opening a zip that files came in, one level deep and within bounds."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Final

from canevas_xl.adapters.mail.contents import LARGEST_FILE, MIB, NOT_A_ZIP

MOST_MEMBERS: Final = 300
LARGEST_WHOLE: Final = 200 * MIB
_ENCRYPTED: Final = 0x1
_JUNK: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Members:
    """What a zip holds."""

    files: tuple[tuple[str, bytes], ...]
    refused: tuple[str, ...]
    """Names of members that cannot be taken out: encrypted, broken, too large or too many; the zip's own is empty."""


def unzip(data: bytes) -> Members:
    """Take the files out of a zip; what cannot be taken is named, never silently left."""
    files: list[tuple[str, bytes]] = []
    refused: list[str] = []
    left = LARGEST_WHOLE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for place, member in enumerate(archive.infolist()):
                if place >= MOST_MEMBERS:
                    refused.append("…")
                    break
                if member.is_dir() or is_junk(member.filename):
                    continue
                content = _taken(archive, member, min(left, LARGEST_FILE))
                if content is None:
                    refused.append(member.filename)
                else:
                    left -= len(content)
                    files.append((member.filename, content))
    except NOT_A_ZIP:
        refused.append("")
    return Members(tuple(files), tuple(refused))


def is_junk(name: str) -> bool:
    """Say whether a name is one that systems and office programs leave behind (``~$`` and ``.~lock`` hold files)."""
    last = name.rstrip("/").rpartition("/")[2]
    return name.startswith(_JUNK[0]) or last in _JUNK or last.startswith(("~$", "."))


def _taken(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit: int) -> bytes | None:
    if member.flag_bits & _ENCRYPTED:
        return None
    try:
        with archive.open(member) as stream:
            content = stream.read(limit + 1)
    except NOT_A_ZIP:
        return None
    return content if len(content) <= limit else None
