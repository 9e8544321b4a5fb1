"""Owns where factor sets stand: those that ship with the program, and those that the user imported."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.factor_sets import MANIFEST, load_factor_set, shipped_factor_set, shipped_shelf
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.model.factor import FactorSet

PROGRAM: Final = "canevas-xl"
OVERRIDE: Final = "CANEVAS_DATA"
ASIDE: Final = ".replaced-"
"""Where a set waits, on its shelf, while the one that replaces it is put in its place: ``.replaced-<id>@<version>``."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A factor set that is there."""

    id: str
    version: str
    folder: Path
    shipped: bool

    @property
    def reference(self) -> str:
        """Its name and release."""
        return f"{self.id}@{self.version}"


def user_data_folder() -> Path:
    """Give the folder of the user's own data: ``CANEVAS_DATA``, else where the system keeps such things."""
    if stated := os.environ.get(OVERRIDE):
        return Path(stated)
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / PROGRAM
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / PROGRAM
    named = os.environ.get("XDG_DATA_HOME", "")
    # A relative path there is to be ignored (XDG base directory specification).
    return (Path(named) if named and Path(named).is_absolute() else Path.home() / ".local" / "share") / PROGRAM


def user_shelf() -> Path:
    """Give the folder of the imported factor sets; it need not exist."""
    return user_data_folder() / "factors" / "sets"


def factor_sets() -> tuple[Shelved, ...]:
    """List the factor sets that there are, shipped ones first, then by name and release."""
    return (*_on(shipped_shelf(), shipped=True), *_on(user_shelf(), shipped=False))


def _on(shelf: Path, *, shipped: bool) -> tuple[Shelved, ...]:
    found = [
        Shelved(path.parent.parent.name, path.parent.name, path.parent, shipped)
        for path in shelf.glob(f"*/*/{MANIFEST}")
        if not (path.parent.name.startswith(".") or path.parent.parent.name.startswith("."))
    ]
    # Of an import that was killed while it replaced a set, the old one counts until the next import puts it back.
    found += [
        Shelved(one.place.parent.name, one.place.name, one.folder, shipped)
        for one in set_aside(shelf)
        if not one.place.is_dir()
    ]
    return tuple(sorted(found, key=lambda one: (one.id, numbered(one.version))))


@dataclass(frozen=True, slots=True)
class Aside:
    """A set that was moved out of its place."""

    folder: Path
    place: Path


def set_aside(shelf: Path) -> tuple[Aside, ...]:
    """List the sets of a shelf that were moved out of their places by an import that was interrupted."""
    folders = sorted(path.parent for path in shelf.glob(f"{ASIDE}*@*/{MANIFEST}"))
    return tuple(Aside(one, shelf.joinpath(*one.name.removeprefix(ASIDE).split("@", 1))) for one in folders)


def numbered(version: str) -> tuple[int, ...]:
    """Give a release as numbers, so that 3.10 comes after 3.9."""
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def factor_set(reference: str) -> FactorSet:
    """Load a factor set that ships with the program or that the user imported (``agribalyse@3.2``).

    Raises:
        WrongUse: F001, there is none of that name and release.
        Fault: F009 a shipped set, F113 an imported one is damaged.
    """
    one = shelved(reference)
    if one.shipped:
        return shipped_factor_set(reference)
    return _imported(one.folder, (one.folder / MANIFEST).stat().st_mtime_ns)


def shelved(reference: str) -> Shelved:
    """Find a set by its name and release; by its name alone, its latest release.

    Raises:
        WrongUse: F001, there is none.
    """
    known = factor_sets()
    matching = [one for one in known if reference in (one.reference, one.id)]
    if not matching:
        raise WrongUse("F001", reference=reference, known=[one.reference for one in known])
    return max(matching, key=lambda one: numbered(one.version))


@cache
def _imported(folder: Path, _written: int) -> FactorSet:
    """Load an imported set, once for each time that it was written."""
    reference = f"{folder.parent.name}@{folder.name}"
    try:
        checked = load_factor_set(folder)
    except Fault as fault:
        raise Fault("F113", reference=reference, codes=[fault.code]) from fault
    if checked.blocked:
        codes = sorted({finding.code for finding in checked.findings if finding.blocks})
        raise Fault("F113", reference=reference, codes=codes)
    return checked.value
