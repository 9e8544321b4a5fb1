"""Owns the way from a campaign's results to pandas data frames, for notebooks; nothing is computed here.

Every frame comes from the data package beside ``resultats.xlsx``, after its tables were compared with their hashes.
pandas comes with the extra ``notebook`` (``pip install canevas-xl[notebook]``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from canevas_xl.app.results import PACKAGE
from canevas_xl.errors import Fault
from canevas_xl.report.package import MANIFEST, TABLES, Value, read

OFFER: Final = ("supplier", "lot", "variant")
"""Columns that name an offer."""
SIDE_BY_SIDE: Final = ("lot", "criterion", "weight", "formula")
"""Columns of *Notes* before its offers."""


def results(folder: Path | str) -> dict[str, pd.DataFrame]:
    """Give every table of a campaign's results, by name.

    Args:
        folder: the campaign's.

    Returns:
        One frame per table, in the order of the manifest. Numbers are ``float64``, equal to the bit to those
        computed; texts, and columns that hold both, are ``object``. What is empty is missing (NaN or None).

    Raises:
        Fault: N501, there are no results yet; N502, the manifest cannot be read; N503, a table is not the one that
            the manifest describes.
    """
    package = Path(folder) / PACKAGE
    return {name: _frame(name, _verified(package, name, sha256)) for name, sha256 in _tables(package)}


def offers(folder: Path | str) -> pd.DataFrame:
    """Give one row per offer: rank and total, impact per functional unit, difference to the lowest and its likelihood.

    Raises:
        Fault: as :func:`results`.
    """
    tables = results(folder)
    return tables["notes.ranking"].merge(tables["compare.offers"], how="left", on=list(OFFER))


def answers(folder: Path | str) -> pd.DataFrame:
    """Give one row per offer and item: its value, unit, origin, state and evidence.

    Raises:
        Fault: as :func:`results`.
    """
    return results(folder)["answers.tidy"]


def impacts(folder: Path | str) -> pd.DataFrame:
    """Give one row per offer and indicator: what is known, in the unit of the row, and how many lines are not.

    Impacts are as given, without defaults in the place of silence.

    Raises:
        Fault: as :func:`results`.
    """
    return results(folder)["impacts.totals"]


def notes(folder: Path | str) -> pd.DataFrame:
    """Give one row per criterion and offer: weight in per cent, published formula, note out of 100; then the totals.

    Raises:
        Fault: as :func:`results`.
    """
    wide = results(folder)["notes.criteria"]
    rows: list[dict[str, Value]] = []
    names: Mapping[str, Value] = {}
    places = [column for column in wide.columns if column not in SIDE_BY_SIDE]
    for line in wide.to_dict("records"):
        if pd.isna(line["weight"]):  # the row that names the offers of a lot
            names = {place: line[place] for place in places if line[place] is not None}
            continue
        common = {column: line[column] for column in SIDE_BY_SIDE}
        rows += [{**common, "supplier": name, "note": line[place]} for place, name in names.items()]
    return _typed(pd.DataFrame(rows, columns=[*SIDE_BY_SIDE, "supplier", "note"], dtype=object))


# --- The package ------------------------------------------------------------------------------------------------


def _tables(package: Path) -> list[tuple[str, str]]:
    """List the tables as (name, sha256)."""
    path = package / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        tables = [(str(one["name"]), str(one["sha256"])) for one in manifest["resources"]]
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise Fault("N501", path=str(path)) from missing
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as damaged:
        raise Fault("N502", path=str(path)) from damaged
    if not all(name in TABLES for name, _ in tables):
        raise Fault("N502", path=str(path))
    return tables


def _verified(package: Path, name: str, sha256: str) -> str:
    path = package / f"{name}.csv"
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise Fault("N503", path=str(path)) from problem
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Fault("N503", path=str(path))
    return data.decode()


# --- One table --------------------------------------------------------------------------------------------------


def _frame(name: str, text: str) -> pd.DataFrame:
    try:
        heads, *rows = read(text)
        return _typed(pd.DataFrame(rows, columns=[str(head) for head in heads], dtype=object))
    except ValueError as damaged:
        raise Fault("N503", path=f"{name}.csv") from damaged


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Make columns that hold numbers and nothing else ``float64``."""
    for column in frame.columns:
        there = [value for value in frame[column] if value is not None]
        if there and all(isinstance(value, float) for value in there):
            frame[column] = frame[column].astype("float64")
    return frame
