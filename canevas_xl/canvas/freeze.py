"""Owns the frozen record: everything that an impact or a note depends on, as one canonical text with its hash.

What is published at issue is what counts for ever (CJEU C-6/15; CE 362532: weights and method are fixed before
opening). The record therefore holds the rows themselves, not references to releases that may change, and spells out
every default of the nouns, so that a later program that has another default reads what was meant.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import TypeAdapter

from canevas_xl.model.campaign import Campaign, Lot
from canevas_xl.model.canvas import Subject
from canevas_xl.model.factor import FactorSet, Licence, Process, Replaced
from canevas_xl.model.method import Category, Method
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import INDICATORS

FORMAT: Final = 1
"""Of the record; a reader refuses one that it does not know."""
LONGEST: Final = 20_000_000
"""Characters of a record; real ones hold some hundred thousand."""


@dataclass(frozen=True, slots=True)
class FrozenRecord:
    """A subject as it was issued."""

    subject: Subject
    as_of: date
    text: str
    """Canonical JSON: no needless spaces, keys in the order of the declaration, one line feed at the end."""

    @property
    def fingerprint(self) -> str:
        """sha256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Factors:
    id: str
    version: str
    sha256: str
    processes: tuple[Process, ...]
    factors: tuple[tuple[str, str, tuple[float | None, ...]], ...]
    """Process, stage, one value per category of ``INDICATORS``."""
    licences: tuple[Licence, ...]
    replaced: tuple[Replaced, ...] = ()
    """What stood where the buyer put another value."""


@dataclass(frozen=True, slots=True)
class _Method:
    id: str
    title: str
    sha256: str
    categories: tuple[Category, ...]
    normalisation: dict[str, float]
    weighting: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in the file, key by key."""

    format: Literal[1]
    as_of: date
    campaign: Campaign
    lot: Lot
    template: Template
    texts: dict[str, dict[str, str]]
    factors: _Factors
    method: _Method
    previous: _Factors | None = None
    """The same processes in the release before."""
    zone: str = ""
    """Name of the deadline's time zone, of which the deadline itself keeps the offset only; empty where it has none."""


_CONTENT: Final = TypeAdapter(_Content)


def reachable_processes(template: Template) -> tuple[str, ...]:
    """Ids of every process that an answer can lead to, in order of first appearance."""
    families = {family.code: family for family in template.families}
    found: dict[str, None] = {}
    for flow in template.flows:
        for process in (flow.process,) if flow.process else families[str(flow.family)].members.values():
            found[str(process)] = None
    return tuple(found)


def freeze(subject: Subject, as_of: date) -> FrozenRecord:
    """Seal a subject: who is asked is not part of it, so that one more can be asked later.

    The record's subject is read back from its text: what is issued today is made of what is kept, nothing more.
    """
    public = replace(subject.campaign, suppliers=(), lots=(), open_canvas=False)
    # pydantic writes dictionaries, not the frozen views that nouns hold
    lot = replace(subject.lot, parameters=dict(subject.lot.parameters), rows=dict(subject.lot.rows))
    content = _Content(
        format=FORMAT,
        as_of=as_of,
        campaign=public,
        lot=lot,
        template=subject.template,
        texts={language: dict(texts) for language, texts in subject.texts.items()},
        factors=_factors(subject.factors, reachable_processes(subject.template)),
        method=_method(subject.method),
        previous=None
        if subject.previous is None
        else _factors(subject.previous, reachable_processes(subject.template)),
        zone=getattr(public.deadline.tzinfo, "key", ""),
    )
    # Read once before it is kept: a whole number that stands for a real one is then written as one.
    return thaw(canonical(_dumped(_read(canonical(_dumped(content))))))


def thaw(text: str) -> FrozenRecord:
    """Read a record back.

    Raises:
        ValueError: the text is not a record of this format, letter by letter as one is written (pydantic's error
            is a ValueError).
    """
    if len(text) > LONGEST:
        raise ValueError("length")
    content = _read(text)
    data = json.loads(text)
    # Doubled keys, values that are no numbers, other spaces: not ours, though JSON readers let them pass.
    if canonical(data) != text or not _holds(_dumped(content), data):
        raise ValueError("not canonical")
    subject = Subject(
        campaign=_zoned(content.campaign, content.zone),
        lot=content.lot,
        template=content.template,
        texts=MappingProxyType({language: MappingProxyType(texts) for language, texts in content.texts.items()}),
        factors=_factors_back(content.factors),
        method=_method_back(content.method),
        previous=None if content.previous is None else _factors_back(content.previous),
    )
    _check_whole(subject)
    return FrozenRecord(subject, content.as_of, text)


def canonical(value: object) -> str:
    """Write JSON that is the same bytes whenever the value is the same.

    Keys keep their order: that of lists and families is what suppliers see.

    Raises:
        ValueError: a number is not finite.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def unsendable(factors: FactorSet, processes: Iterable[str]) -> tuple[str, ...]:
    """Ids of those processes whose licence forbids sending them on."""
    return tuple(one for one in processes if not factors.licences[factors.processes[one].licence].may_be_sent)


def _zoned(campaign: Campaign, zone: str) -> Campaign:
    """Put the deadline back into its time zone, which people know by its name.

    Raises:
        ValueError: there is no such zone.
    """
    if not zone:
        return campaign
    try:
        return replace(campaign, deadline=campaign.deadline.astimezone(ZoneInfo(zone)))
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(zone) from error


def _read(text: str) -> _Content:
    return _CONTENT.validate_json(text, strict=True)


def _dumped(content: _Content) -> Any:
    return _CONTENT.dump_python(content, mode="json")


def _holds(whole: Any, part: Any) -> bool:
    """Say whether every value of ``part`` was understood: keys that a later program added may be missing from it."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and _holds(whole[key], part[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(_holds, whole, part))
    return bool(whole == part)


def _check_whole(subject: Subject) -> None:
    """Refuse a record whose parts do not fit together.

    Raises:
        ValueError: a factor, a licence or a category is missing, or a category cannot be normalised.
    """
    method = subject.method
    for factors in filter(None, (subject.factors, subject.previous)):
        _check_factors(factors, reachable_processes(subject.template))
    codes = {category.code for category in method.categories}
    if not codes or codes != set(method.weighting) or not all(method.normalisation.get(code, 0) > 0 for code in codes):
        raise ValueError(method.id)


def _check_factors(factors: FactorSet, processes: tuple[str, ...]) -> None:
    for process in processes:
        rows = [factors.factors.get((process, stage), ()) for stage in factors.stages(process)]
        licence = factors.processes[process].licence if process in factors.processes else ""
        if licence not in factors.licences or any(len(row) != len(INDICATORS) for row in rows):
            raise ValueError(process)


def _factors(factors: FactorSet, processes: tuple[str, ...]) -> _Factors:
    licences = sorted({factors.processes[process].licence for process in processes})
    return _Factors(
        id=factors.id,
        version=factors.version,
        sha256=factors.sha256,
        processes=tuple(factors.processes[process] for process in processes),
        factors=tuple(
            (process, stage, factors.factors[process, stage])
            for process in processes
            for stage in factors.stages(process)
        ),
        licences=tuple(factors.licences[code] for code in licences),
        replaced=tuple(factors.replaced[process] for process in processes if process in factors.replaced),
    )


def _factors_back(content: _Factors) -> FactorSet:
    return FactorSet(
        id=content.id,
        version=content.version,
        sha256=content.sha256,
        processes=MappingProxyType({process.id: process for process in content.processes}),
        factors=MappingProxyType({(process, stage): row for process, stage, row in content.factors}),
        licences=MappingProxyType({licence.code: licence for licence in content.licences}),
        replaced=MappingProxyType({one.process.id: one for one in content.replaced}),
    )


def _method(method: Method) -> _Method:
    return _Method(
        id=method.id,
        title=method.title,
        sha256=method.sha256,
        categories=method.categories,
        normalisation=dict(method.normalisation),
        weighting=dict(method.weighting),
    )


def _method_back(content: _Method) -> Method:
    return Method(
        id=content.id,
        title=content.title,
        sha256=content.sha256,
        categories=content.categories,
        normalisation=MappingProxyType(content.normalisation),
        weighting=MappingProxyType(content.weighting),
    )
