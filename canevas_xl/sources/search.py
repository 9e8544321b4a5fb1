"""Owns the search among factors: what can be typed, in French or English, and which answer comes first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from typing import Final, Self

from canevas_xl import resources
from canevas_xl.model.factor import FactorSet, Process
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

_LETTERS: Final = re.compile(r"[a-z0-9]+")
_RELEASE: Final = re.compile(r"\d+(?:\.\d+)*")
_LIGATURES: Final = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "ß": "ss"})
_SHORT: Final = 3
"""Words no longer than that keep their last letter (« gaz » and « bus » are no plurals) and begin no other: « van » is
no vanilla."""
_ARTICLE: Final = "the"
"""Without accents, « thé » would be found in every English name that has it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a search needs of one process: its words, folded, and what is said of it in one line. All text."""

    id: str
    group: str
    name_fr: str
    name_en: str
    unit: str
    climate: str
    """kg CO2 eq per unit, over all stages; empty where unknown."""
    categories: str
    """How many of the 16 are known."""
    contains: str
    source: str
    source_version: str
    source_id: str
    geography: str
    reference_year: str
    valid_until: str
    uncertainty_percent: str
    dqr: str
    withdrawn: str
    same_as: str
    """Id of the process that stands for a group of identical rows; empty where it stands for itself."""
    folded_fr: str
    folded_en: str
    folded_words: str

    @classmethod
    def of(cls, process: Process, factors: FactorSet, words: str) -> Self:
        """Make the entry of a process."""
        whole = factors.whole(process.id)
        climate = whole[INDICATORS.index(CLIMATE)]
        return cls(
            id=process.id,
            group=process.group,
            name_fr=process.name_fr,
            name_en=process.name_en,
            unit=process.unit,
            climate="" if climate is None else repr(climate),
            categories=str(sum(value is not None for value in whole)),
            contains=" ".join(process.contains),
            source=process.source,
            source_version=process.source_version,
            source_id=process.source_id,
            geography=process.geography,
            reference_year=_text(process.reference_year),
            valid_until=process.valid_until.isoformat() if process.valid_until else "",
            uncertainty_percent=_text(process.uncertainty_percent),
            dqr=_text(process.dqr),
            withdrawn=process.withdrawn,
            same_as=process.same_as,
            folded_fr=" ".join(folded(process.name_fr)),
            folded_en=" ".join(word for word in folded(process.name_en) if word != _ARTICLE),
            folded_words=" ".join(
                dict.fromkeys(folded(f"{words} {process.geography} {process.id} {process.source_id}"))
            ),
        )

    @classmethod
    def from_cells(cls, cells: Sequence[str]) -> Self:
        """Take an entry from a line of an index."""
        return cls(*cells)

    def cells(self) -> tuple[str, ...]:
        """Give the line of an index."""
        return astuple(self)

    def name(self, language: str) -> str:
        """The name in ``language``."""
        return self.name_fr if language == "fr" else self.name_en


INDEX_COLUMNS: Final = tuple(one.name for one in fields(Entry))


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def entries(factors: FactorSet) -> Iterator[Entry]:
    """Make the index of a set."""
    for process in factors.processes.values():
        yield Entry.of(process, factors, " ".join((process.group, *factors.words.get(process.id, ()))))


def folded(text: str) -> list[str]:
    """Give the words of a text without case, accents, ligatures or plural."""
    plain = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).encode("ascii", "ignore").decode().lower()
    return [_singular(word) for word in _LETTERS.findall(plain)]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > _SHORT and word[-1] in "sx" and not word[-2:].startswith("s") else word


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Expressions that mean the same, folded; where a group is named, they do so among its processes only."""

    expressions: tuple[tuple[str, ...], ...]
    group: str
    rarer: tuple[str, ...]
    """Words of what few mean by any of them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a query may mean: words that must all be met, in which group (empty: any), typed or put in their place."""

    words: tuple[str, ...]
    group: str = ""
    typed: bool = True


@cache
def _synonyms() -> tuple[Synonyms, ...]:
    listed = resources.catalogue("synonyms")["synonyms"]
    return tuple(
        Synonyms(
            tuple(tuple(folded(expression)) for expression in one["words"]),
            one.get("group", ""),
            tuple(folded(" ".join(one.get("rarer", ())))),
        )
        for one in listed
    )


def readings(query: str) -> tuple[Reading, ...]:
    """Give what a query may mean: its own words first, then those with an expression replaced by a synonym."""
    words = tuple(folded(query))
    ways = [Reading(words)] if words else []
    for one in _synonyms():
        for known in one.expressions:
            at = _position(words, known)
            if at is not None:
                put = (words[:at] + other + words[at + len(known) :] for other in one.expressions if other != known)
                ways += [Reading(other, one.group, typed=False) for other in put]
    return tuple(dict.fromkeys(ways))


def _position(words: tuple[str, ...], part: tuple[str, ...]) -> int | None:
    starts = range(len(words) - len(part) + 1)
    return next((at for at in starts if words[at : at + len(part)] == part), None)


def search(query: str, index: Iterable[Entry], chosen: Container[str] = ()) -> list[Entry]:
    """Find the processes that a query names, best first.

    Where the query's words belong to a group of processes (« poids lourd » to freight), that group comes first; then
    rows without what few mean and did not ask for (a lorry on gas). Among rows that match as well: those that lists
    offer, of the latest release of their source, chosen ones, with the shortest name, with the latest validity. Copies
    of another source, and values per euro, come last.

    Args:
        query: as typed.
        index: where to look.
        chosen: identifiers of the processes that somebody picked out of their sources, as the shipped ones.
    """
    ways = readings(query)
    groups = {way.group for way in ways if way.group}
    entries = tuple(index)
    latest, rarer = _latest(entries), _rarer(query)
    ranked = []
    for entry in entries:
        rank = _rank(entry, ways)
        if rank is None:
            continue
        order = (
            entry.withdrawn in _LAST,
            bool(groups) and entry.group not in groups,
            not rarer.isdisjoint(entry.folded_fr.split()),
            rank,
            bool(entry.withdrawn),
            _release(entry) < latest[entry.source, entry.source_id],
            entry.id not in chosen,
            len(entry.folded_fr),
            -int(entry.valid_until.replace("-", "") or 0),
            entry.id,
        )
        ranked.append((order, entry))
    return [entry for _, entry in sorted(ranked, key=lambda one: one[0])]


def _latest(entries: Iterable[Entry]) -> dict[tuple[str, str], tuple[int, ...]]:
    """Give the latest release in which each row of a source is there."""
    latest: dict[tuple[str, str], tuple[int, ...]] = {}
    for entry in entries:
        key = entry.source, entry.source_id
        latest[key] = max(latest.get(key, ()), _release(entry))
    return latest


def _release(entry: Entry) -> tuple[int, ...]:
    """Give a release as numbers: « 3.2 (2024) » comes after « 3.1.1 »."""
    number = _RELEASE.search(entry.source_version)
    return tuple(int(part) for part in number[0].split(".")) if number else ()


def _rarer(query: str) -> frozenset[str]:
    """Give the words of what few mean by the query, but those that it asks for."""
    words = tuple(folded(query))
    meant = (one for one in _synonyms() if any(_position(words, known) is not None for known in one.expressions))
    return frozenset(word for one in meant for word in one.rarer) - set(words)


_LAST: Final = ("copy_of_agribalyse", "money_is_not_a_quantity")
_BEGINS, _HOLDS, _PREFIX, _ELSEWHERE = range(4)
"""How a row meets words: its name begins with them, or holds them, or words that begin so; or other words of it do."""


def _rank(entry: Entry, ways: Sequence[Reading]) -> tuple[int, bool] | None:
    """Say how well a row meets a query, in the best of its readings: what was typed comes before a synonym."""
    text = f" {entry.folded_fr} {entry.folded_en} {entry.folded_words} "
    ranks = [
        (min(_in_name(name, way.words) for name in (entry.folded_fr, entry.folded_en)), not way.typed)
        for way in ways
        if way.group in ("", entry.group) and all(_met(word, text, way) for word in way.words)
    ]
    return min(ranks, default=None)


def _met(word: str, text: str, way: Reading) -> bool:
    """Say whether a text has a word. What was typed may be its beginning; a synonym may not: « egg » is no eggplant."""
    return (f" {word}" if way.typed and len(word) > _SHORT else f" {word} ") in text


def _in_name(name: str, words: tuple[str, ...]) -> int:
    padded = f" {name} "
    if padded.startswith(f" {' '.join(words)} "):
        return _BEGINS
    if all(f" {word} " in padded for word in words):
        return _HOLDS
    return _PREFIX if all(f" {word}" in padded for word in words) else _ELSEWHERE
