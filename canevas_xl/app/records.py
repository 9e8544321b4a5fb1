"""Owns the reading of frozen records from a campaign's folder."""

from __future__ import annotations

from pathlib import Path

from canevas_xl.canvas.freeze import LONGEST, FrozenRecord, thaw
from canevas_xl.errors import Fault


def read_record(path: Path) -> FrozenRecord:
    """Read a record, no further than one can be long.

    Raises:
        Fault: X106, it is not a record, or not whole.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            return thaw(stream.read(LONGEST + 1))
    except ValueError as error:
        raise Fault("X106", path=str(path)) from error
