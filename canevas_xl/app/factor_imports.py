"""Owns the import of factor sets: a publisher's files → a set in the user's data folder, and what was found on the way.

pandas is loaded here only, when an import runs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from canevas_xl import resources
from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.packages import State, alone, install, kept_originals, package
from canevas_xl.adapters.store.shelves import factor_sets, numbered, user_shelf
from canevas_xl.app.factors import METHOD
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import message
from canevas_xl.model.factor import Process
from canevas_xl.sources import agribalyse, agribalyse_layout, base_carbone, base_carbone_layout, own
from canevas_xl.sources.audit import passed
from canevas_xl.sources.harvest import Harvest

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_RELEASE: Final = re.compile(r"\d{1,4}\.\d{1,4}(\.\d{1,4})?")
MOST_REJECTED: Final = 0.25
"""Share of a publisher's rows that may not hold; of those published so far, 4 % at most do not."""


class Format(StrEnum):
    """What can be imported."""

    AGRIBALYSE = "agribalyse"
    BASE_CARBONE = "base-carbone"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is to be imported."""

    format: Format
    files: tuple[Path, ...]
    release: str | None = None
    """Stated by the user; else told by the file."""
    name: str = own.NAME
    """How a set of a buyer's own is called."""
    replace: bool = False
    """Whether a set of the same release with other contents gives way."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    harvest: Harvest
    state: State
    folder: Path
    findings: tuple[Finding, ...]
    """Doubts and information about what went in; what did not is in the harvest."""


@dataclass(frozen=True, slots=True)
class _Made:
    harvest: Harvest
    originals: Mapping[str, bytes]
    """The publisher's files that the set keeps, so that its other half can be added later."""
    completes: bool = False
    """Whether it adds the other half of a set that is there."""


def import_factors(wish: Wish, today: date) -> Imported:
    """Read, prove and install a publisher's file; the sets stay as they were unless all of it worked.

    Raises:
        WrongUse: F1xx, the file is not what its format says; F110, another set stands under its release; F127, too few
            of its rows can be kept.
        Fault: F139, another import is under way; X1xx, the data folder cannot be written.
    """
    _named_as_sets_are(wish)
    shelf = user_shelf()
    with alone(shelf):
        return _imported(wish, shelf, today)


def _imported(wish: Wish, shelf: Path, today: date) -> Imported:
    reading = _reading()
    makers = {Format.AGRIBALYSE: _agribalyse, Format.BASE_CARBONE: _base_carbone, Format.OWN: _own}
    made = makers[wish.format](wish, reading)
    harvest = made.harvest
    _mostly_kept(harvest, wish.format)
    if any(one.reference == harvest.reference and one.shipped for one in factor_sets()):
        raise WrongUse("F117", reference=harvest.reference)
    kept = {name: content for name, content in made.originals.items() if name in harvest.origins}
    origins = kept | {path.name: reading.read_file(path) for path in wish.files}
    ready = package(harvest, origins, made.originals)
    state = install(ready, shelf, replace=wish.replace or made.completes)
    said = (*harvest.findings, *passed((one.process for one in harvest), today))
    return Imported(harvest, state, shelf.joinpath(harvest.id, harvest.version), said)


def _named_as_sets_are(wish: Wish) -> None:
    """Refuse a name or a release that could not be a folder's.

    Raises:
        WrongUse: F119, it cannot.
    """
    if not _NAME.fullmatch(wish.name):
        raise WrongUse("F119", name=wish.name)
    if wish.release is not None and not _RELEASE.fullmatch(wish.release):
        raise WrongUse("F119", name=wish.release)


def _mostly_kept(harvest: Harvest, form: Format) -> None:
    """Refuse a file of which nothing can be kept, and a publisher's of which much cannot: its columns were moved.

    Raises:
        WrongUse: F101, it has no row; F127, too many of them cannot be kept; the first reason is given.
    """
    rejected, file = harvest.rejected, ", ".join(harvest.origins)
    if not harvest.candidates and not rejected:
        raise WrongUse("F101", file=file)
    few = form is Format.OWN or len(rejected) <= MOST_REJECTED * harvest.counts.read
    if harvest.candidates and few:
        return
    first = rejected[0]
    reason = {language: message(first.finding, language).removesuffix(".") for language in resources.LANGUAGES}
    facts = {"count": len(rejected), "read": harvest.counts.read, "line": first.line, "reason": reason}
    raise WrongUse("F127", file=file, **facts)


def write_own_model(path: Path, language: str) -> None:
    """Write the model for a buyer's own factors.

    Raises:
        WrongUse: F115, the name ends neither in .xlsx nor in .csv.
        Fault: X105, the file exists, or cannot be written.
    """
    from canevas_xl.adapters.store.imports.own_model import write_model  # noqa: PLC0415 - start-up: XlsxWriter

    write_model(path, language)


def _reading() -> Any:
    from canevas_xl.adapters.store.imports import read  # noqa: PLC0415 - start-up: pandas takes 400 ms

    return read


def _one_file(wish: Wish) -> Path:
    if len(wish.files) != 1:
        raise WrongUse("F118", format=wish.format.value, found=len(wish.files))
    return wish.files[0]


def _agribalyse(wish: Wish, reading: Any) -> _Made:
    read = [(path, reading.read_table(path, reading.AGRIBALYSE)) for path in wish.files]
    layouts = agribalyse_layout.recognised(table for _, table in read)
    version = agribalyse_layout.release_of(layouts, wish.release)
    given = {layouts.kind(table): path for path, table in read}
    kept = kept_originals(user_shelf() / agribalyse.ID / version)
    missing = [path for kind, path in kept.items() if kind not in given]
    tables = [*layouts.tables, *(_kept(path, reading) for path in missing)]
    originals = {f"{kind}{path.suffix.lower()}": reading.read_file(path) for kind, path in given.items()}
    originals |= {path.name: reading.read_file(path) for path in missing}
    harvest = agribalyse.judge(agribalyse_layout.recognised(tables), version, shipped_method(METHOD))
    return _Made(harvest, originals, completes=bool(kept) and bool(given.keys() - kept.keys()))


def _kept(path: Path, reading: Any) -> Any:
    """Read again the half of a set that was imported before.

    Raises:
        Fault: F113, it was damaged since.
    """
    try:
        return reading.read_table(path, reading.AGRIBALYSE)
    except WrongUse as refused:
        place = path.parent.parent
        raise Fault("F113", reference=f"{place.parent.name}@{place.name}", codes=[refused.code]) from refused


def _base_carbone(wish: Wish, reading: Any) -> _Made:
    table = reading.read_table(_one_file(wish), reading.BASE_CARBONE, base_carbone_layout.NEEDED)
    base_carbone_layout.laid_out(table)
    version = base_carbone_layout.release_of(table, wish.release)
    return _Made(base_carbone.judge(table, version, _shipped()), {})


def _own(wish: Wish, reading: Any) -> _Made:
    path = _one_file(wish)
    table = own.keyed(reading.read_table(path, reading.own_dialect(path)))
    return _Made(own.judge(table, wish.name, wish.release or own.RELEASE), {})


def _shipped() -> Mapping[str, Process]:
    """Give the processes that ship, the latest release of each."""
    shipped = sorted((one for one in factor_sets() if one.shipped), key=lambda one: numbered(one.version))
    processes: dict[str, Process] = {}
    for one in shipped:
        processes |= shipped_factor_set(one.reference).processes
    return MappingProxyType(processes)
