"""Owns the reading of data packages: files that must be what their manifest says, tables with known columns."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from canevas_xl.errors import Fault


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: its number in the file (the header is 1), its cells in the order of the columns."""

    number: int
    cells: tuple[str, ...]


def read_bytes(path: Path) -> bytes:
    """Read a file of a package.

    Raises:
        Fault: F002, it is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise Fault("F002", file=str(path), reason=error.strerror or "") from error


def read_verified(folder: Path, digests: Mapping[str, str], whole: str) -> dict[str, str]:
    """Read the files that a manifest lists, as text, once their sha256 and that of their list are as stated.

    Raises:
        Fault: F002 a file is not there; F003 it is not the file that the manifest describes; F004 it is not UTF-8.
    """
    contents = {name: read_bytes(folder / name) for name in sorted(digests)}
    for name, content in contents.items():
        if hashlib.sha256(content).hexdigest() != digests[name]:
            raise Fault("F003", file=str(folder / name))
    listing = "".join(f"{digests[name]}  {name}\n" for name in contents)
    if hashlib.sha256(listing.encode()).hexdigest() != whole:
        raise Fault("F003", file=str(folder))
    return {name: decoded(content, folder / name) for name, content in contents.items()}


def decoded(content: bytes, path: Path) -> str:
    """Give the text of a file, with or without a byte order mark.

    Raises:
        Fault: F004, it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault("F004", file=str(path)) from error


def lines(text: str, columns: tuple[str, ...], file: Path) -> Iterator[Line]:
    """Give the lines of a CSV text whose header is exactly ``columns``; blank lines are passed over.

    Raises:
        Fault: F005, the header differs or the text is no CSV.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != columns:
            raise Fault("F005", file=str(file), expected=columns, found=header)
        for row in reader:
            if row:
                yield Line(reader.line_num, tuple(row))
    except csv.Error as error:
        raise Fault("F005", file=str(file), expected=columns, found=str(error)) from error
