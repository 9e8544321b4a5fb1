"""Owns the use cases about factors: list, show, find, check, import, and the model for a buyer's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.factor_sets import MANIFEST, load_factor_set
from canevas_xl.adapters.store.indexes import count_processes, manifest_of, read_index
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.set_tables import read_details
from canevas_xl.adapters.store.shelves import Shelved, factor_set, factor_sets, shelved
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.impact.difference import drawn_half_width, half_width
from canevas_xl.impact.uncertainty import sigma
from canevas_xl.model.factor import Impacts, Process
from canevas_xl.model.factor_import import Post, Ratings
from canevas_xl.sources.audit import audit
from canevas_xl.sources.search import Entry, entries, folded, readings, search

METHOD: Final = "ef-3.1"
"""The method of the single scores that sources publish."""


@dataclass(frozen=True, slots=True)
class Card:
    """A factor set, as one line of a list."""

    set: Shelved
    title: str
    processes: int
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A process that a search found, and the sets that hold it with the same value."""

    entry: Entry
    sets: tuple[str, ...]
    twins: tuple[Entry, ...] = ()
    """Other rows of its source with the same data, the one that stands for them first."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """How far a factor is certain: a lognormal, by its 95 % half-width."""

    stated: float | None
    """What the source gives, per cent."""
    used: float | None
    """With the floors of the method; None where the source gives none."""
    sigma: float
    """Of the logarithm, as draws use it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything that is known of one process of one set."""

    set: Shelved
    process: Process
    licence: str
    attribution: str
    may_be_sent: bool
    values: tuple[tuple[str, Impacts], ...]
    """By stage, in order of display, the published total last."""
    doubt: Doubt
    ratings: Ratings | None
    posts: tuple[Post, ...]
    score: float | None
    twins: tuple[Process, ...]
    """Other rows with the same data."""
    past: bool
    """Whether its period of validity has passed."""


@dataclass(frozen=True, slots=True)
class CheckedSet:
    """A set and what there is to say about it."""

    reference: str
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Say whether it must not be used."""
        return any(finding.blocks for finding in self.findings)


def list_sets() -> tuple[Card, ...]:
    """List the factor sets that there are, shipped and imported."""
    return tuple(_card(one) for one in factor_sets())


def _card(one: Shelved) -> Card:
    told = manifest_of(one.folder)
    sources = tuple(str(source.get("title", "")) for source in told.get("sources", []))
    return Card(one, str(told.get("title", one.reference)), count_processes(one.folder), sources)


def find(text: str) -> tuple[Found, ...]:
    """Find processes by their names or other words, in either language, best first.

    One process that several sets hold with the same value is found once.
    """
    known: dict[tuple[str, str, str], Found] = {}
    latest_first = reversed(factor_sets())
    for one in sorted(latest_first, key=lambda one: not one.shipped):
        for entry in _index(one):
            key = (entry.id, entry.climate, entry.source_version)
            known[key] = _also(known.get(key), entry, one.reference)
    by_entry = {found.entry: found for found in known.values()}
    shipped = {one.reference for one in factor_sets() if one.shipped}
    chosen = {found.entry.id for found in known.values() if not shipped.isdisjoint(found.sets)}
    alike: dict[tuple[str, str], list[Entry]] = {}
    for entry in by_entry:
        alike.setdefault(_group(entry), []).append(entry)
    return tuple(
        replace(by_entry[entry], twins=tuple(one for one in _first(alike[_group(entry)]) if one is not entry))
        for entry in search(text, by_entry, chosen)
    )


def left_out(text: str) -> tuple[str, ...]:
    """Name the rows that sets left out, each for a reason on record, and that a search names."""
    names = (row[2] for one in factor_sets() for row in read_details(one.folder).left_out)
    ways = [set(way.words) for way in readings(text)]
    return tuple(dict.fromkeys(name for name in names if any(way <= set(folded(name)) for way in ways)))


def _group(entry: Entry) -> tuple[str, str]:
    return entry.source_version, entry.same_as or entry.id


def _first(group: Iterable[Entry]) -> list[Entry]:
    return sorted(group, key=lambda one: bool(one.same_as))


def _also(found: Found | None, entry: Entry, reference: str) -> Found:
    """Add a set to those that hold a process: shipped names stand, and each set's words help to find it."""
    if found is None:
        return Found(entry, (reference,))
    words = f"{found.entry.folded_words} {entry.folded_words}"
    return Found(replace(found.entry, folded_words=words), (*found.sets, reference))


def _index(one: Shelved) -> Sequence[Entry]:
    known = read_index(one.folder)
    return tuple(entries(factor_set(one.reference))) if known is None else known


def show(name: str, today: date) -> tuple[Shown, ...]:
    """Show a process, in each set that holds it, the latest release first.

    Raises:
        WrongUse: F116, no set holds a process of that name.
    """
    holding = [one for one in factor_sets() if any(entry.id == name for entry in _index(one))]
    if not holding:
        raise WrongUse("F116", id=name)
    return tuple(_shown(one, name, today) for one in reversed(holding))


def _shown(one: Shelved, name: str, today: date) -> Shown:
    factors = factor_set(one.reference)
    process = factors.processes[name]
    details = read_details(one.folder)
    licence = factors.licences[process.licence]
    stages = [stage for stage in factors.stages(name) if stage != "total"]
    values = [(stage, factors.impacts(name, stage)) for stage in stages]
    if (name, "total") in factors.factors:
        values.append(("total", factors.impacts(name, "total")))
    stands = process.same_as or name
    return Shown(
        set=one,
        process=process,
        licence=licence.title,
        attribution=licence.attribution,
        may_be_sent=licence.may_be_sent,
        values=tuple(values),
        doubt=Doubt(
            process.uncertainty_percent,
            half_width(process, proxy=False),
            sigma(drawn_half_width(process, proxy=False)),
        ),
        ratings=details.ratings.get(name),
        posts=details.posts.get(name, ()),
        score=details.scores.get(name),
        twins=tuple(
            other for other in factors.processes.values() if other.id != name and stands in (other.id, other.same_as)
        ),
        past=process.valid_until is not None and process.valid_until < today,
    )


def check(name: str | None, today: date) -> tuple[CheckedSet, ...]:
    """Check one set, by its reference or its folder, or all that there are: rows, and what figures must agree with.

    Raises:
        WrongUse: F001, there is no such set.
    """
    if name is not None and (Path(name) / MANIFEST).is_file():
        folder = Path(name)
        return (CheckedSet(str(folder), check_folder(folder, today)),)
    chosen: Iterable[Shelved] = factor_sets() if name is None else (shelved(name),)
    return tuple(CheckedSet(one.reference, check_folder(one.folder, today)) for one in chosen)


def check_folder(folder: Path, today: date) -> tuple[Finding, ...]:
    """Check a set that stands in any folder: one that an author is making."""
    try:
        loaded = load_factor_set(folder)
        details = read_details(folder)
    except Fault as fault:
        return (found(fault.code, Place(file=str(folder)), **fault.facts),)
    method = shipped_method(METHOD)
    said = audit(loaded.value, details.scores, details.posts, method, today)
    return tuple(_placed(finding, folder) for finding in (*loaded.findings, *said))


def _placed(finding: Finding, folder: Path) -> Finding:
    place = finding.place
    return finding if place.file else replace(finding, place=replace(place, file=f"{folder.parent.name}@{folder.name}"))
