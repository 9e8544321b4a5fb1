"""Owns reading the index that an import leaves in a set, so that a search loads nothing else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from canevas_xl.adapters.store.factor_sets import MANIFEST, PROCESSES
from canevas_xl.adapters.store.set_tables import INDEX
from canevas_xl.errors import Fault
from canevas_xl.sources.search import INDEX_COLUMNS, Entry


def read_index(folder: Path) -> tuple[Entry, ...] | None:
    """Read the index of a set; None where there is none, or not the one that its manifest describes."""
    try:
        content = (folder / INDEX).read_bytes()
        resources = manifest_of(folder).get("resources", [])
    except (OSError, Fault):
        return None
    stated = next((one["hash"] for one in resources if one["path"] == INDEX), "")
    if stated != f"sha256:{hashlib.sha256(content).hexdigest()}":
        return None
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    if tuple(next(rows, ())) != INDEX_COLUMNS:
        return None  # an index of another release of the program
    return tuple(Entry.from_cells(row) for row in rows)


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read what a set says of itself.

    Raises:
        Fault: F006, it cannot be understood.
    """
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Fault("F006", file=str(folder / MANIFEST), reason=str(error)) from error
    if not isinstance(content, dict):
        raise Fault("F006", file=str(folder / MANIFEST), reason=type(content).__name__)
    return content


def count_processes(folder: Path) -> int:
    """Count the processes of a set without loading it: one line each."""
    try:
        return max(0, (folder / PROCESSES).read_bytes().count(b"\n") - 1)
    except OSError:
        return 0
