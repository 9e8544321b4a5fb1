"""Owns what the build scripts share: tables read and written, and the sha256 of a package."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

Cells = dict[str, str]


def squeeze(text: object) -> str:
    """Collapse no-break and double spaces, which the headers of Agribalyse hold."""
    return " ".join(str(text if text is not None else "").split())


def read_csv(path: Path) -> list[Cells]:
    """Read a CSV file, byte order mark or not, headers and cells squeezed."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [{squeeze(name): squeeze(cell) for name, cell in row.items()} for row in csv.DictReader(stream)]


def table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """Write a CSV file: UTF-8, comma, line feed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue().encode()


def digest(files: Mapping[str, bytes]) -> dict[str, str]:
    """Give the sha256 of each file, and under ``""`` that of the list of them."""
    each = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    listing = "".join(f"{value}  {name}\n" for name, value in each.items())
    return {**each, "": hashlib.sha256(listing.encode()).hexdigest()}


def write(place: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of a package and tell their paths."""
    place.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (place / name).write_bytes(content)
        print(place / name)
