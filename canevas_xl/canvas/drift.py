"""Owns the comparison of a campaign as it stands with what was issued: what changed since counts for nothing.

Results are computed from the frozen record alone (``canvas.freeze``); here it is only said what differs, so that
nobody believes in a weight that was typed after the opening.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from canevas_xl.canvas.freeze import FrozenRecord, freeze, reachable_processes
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.findings.messages import spoken
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Campaign, Costing, Criterion, Lot, every_criterion
from canevas_xl.model.canvas import Subject
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.template import Template

MOST_NAMED: Final = 6
_FREE: Final = frozenset({"suppliers", "lots", "items", "requirements", "price_spread", "erratum"})
"""What of a campaign is compared apart, or may change: suppliers can be added, the rest decides nothing."""


def changed_by_buyer(record: FrozenRecord, campaign: Campaign) -> tuple[Finding, ...]:
    """Say what ``campagne.xlsx`` states otherwise than the record of one lot (S301 to S307).

    Args:
        record: the last of its lot and round.
        campaign: as the workbook now states it.
    """
    issued = record.subject
    lot = next((one for one in campaign.lots if one.number == issued.lot.number), None)
    if lot is None:
        return (found("S307", lot=issued.lot.number),)
    now = freeze(replace(issued, campaign=campaign, lot=lot), record.as_of).subject
    return (*_criteria(issued.lot, now.lot), *_need(issued.lot, now.lot), *_terms(issued, now))


def changed_by_release(record: FrozenRecord, template: Template, subject: Subject) -> tuple[Finding, ...]:
    """Say what now ships otherwise than the record holds (S308 to S310): a newer release changes no result.

    Args:
        record: the last of its lot and round.
        template: the one that now ships under the same name and version.
        subject: factors and method that now ship under the names that the record states.
    """
    issued = record.subject
    factors = _changed_factors(issued.factors, subject.factors, issued.template)
    findings = [found("S308", set=f"{issued.factors.id}@{issued.factors.version}", count=len(factors),
                      processes=_named(factors))] if factors else []  # fmt: skip
    if template != issued.template:
        items = _changed_defaults(issued.template, template)
        findings.append(found("S309", template=f"{template.id}@{template.version}", items=_named(items) or ["–"]))
    old, new = issued.method, subject.method
    if (dict(old.normalisation), dict(old.weighting)) != (dict(new.normalisation), dict(new.weighting)):
        findings.append(found("S310", method=old.id))
    return tuple(findings)


def _named(codes: list[str]) -> list[str]:
    return codes[:MOST_NAMED] + ["…"] * (len(codes) > MOST_NAMED)


def _criteria(issued: Lot, now: Lot) -> Iterator[Finding]:
    before, after = ({one.code: one for one in every_criterion(lot.criteria)} for lot in (issued, now))
    for code in dict.fromkeys((*before, *after)):
        place = Place(key=f"L{issued.number}.{code}")
        old, new = before.get(code), after.get(code)
        if old is None or new is None:
            yield found("S303", place, criterion=(old or new or _NOBODY).label)
            continue
        if old.weight != new.weight:
            yield found("S301", place, criterion=old.label, before=old.weight, after=new.weight)
        if _method_of(old) != _method_of(new):
            yield found("S302", place, criterion=old.label, before=_method_of(old), after=_method_of(new))
    yield from _costing(issued, now)


def _costing(issued: Lot, now: Lot) -> Iterator[Finding]:
    """S304: what costs are made of."""
    for one in fields(Costing):
        old, new = (None if lot.costing is None else getattr(lot.costing, one.name) for lot in (issued, now))
        if old != new:
            before, after = ("–" if value in {None, ""} else value for value in (old, new))
            place = Place(key=f"L{issued.number} {keys.cost_key(one.name.upper())}")
            yield found("S304", place, lot=issued.number, parameter=one.name, before=before, after=after)


_NOBODY: Final = Criterion("", "–", "price", 0.0, "")  # type: ignore[arg-type]


def _method_of(criterion: Criterion) -> str:
    """Write how a criterion turns values into notes: formula, bounds, opening, bands, indicator, tie-break."""
    parts: list[tuple[str, object]] = [
        ("", criterion.formula), ("", criterion.kind.value), ("", criterion.indicator), ("", criterion.item),
        ("L=", criterion.low),
        ("H=", criterion.high), ("n=", criterion.fan if criterion.formula == "F3" else None),
        ("", "; ".join(f"{bound:g}: {share:g}" for bound, share in criterion.bands)), ("=", criterion.tie_break),
        ("Σ ", ", ".join(part.code for part in criterion.parts)),
    ]  # fmt: skip
    return " · ".join(f"{sign}{spoken(value, 'en')}" for sign, value in parts if value not in {None, ""})


def _need(issued: Lot, now: Lot) -> Iterator[Finding]:
    """S304: the buyer's parameters, and what it fixed in tables."""
    pairs = (
        (keys.parameter_key, issued.parameters, now.parameters),
        (keys.row_key, issued.rows, now.rows),
    )
    for key, before, after in pairs:
        for code in dict.fromkeys((*before, *after)):
            old, new = _value(before, code), _value(after, code)
            if old != new:
                place = Place(key=f"L{issued.number} {key(code)}")
                yield found("S304", place, lot=issued.number, parameter=code, before=old, after=new)


def _value(values: Mapping[str, Any], code: str) -> object:
    return values.get(code, "–")


def _terms(issued: Subject, now: Subject) -> Iterator[Finding]:
    """S305 items, S306 everything else that was announced."""
    before, after = ({one.code: one for one in subject.campaign.items} for subject in (issued, now))
    items = [code for code in dict.fromkeys((*before, *after)) if before.get(code) != after.get(code)]
    if items:
        yield found("S305", items=_named(items))
    names = [one.name for one in fields(Campaign) if one.name not in _FREE]
    others = [name for name in names if getattr(issued.campaign, name) != getattr(now.campaign, name)]
    if issued.campaign.requirements != now.campaign.requirements:
        others.append("requirements")
    if issued.lot.title != now.lot.title:
        others.append("lot")
    if others:
        yield found("S306", terms=others)


def _changed_factors(issued: FactorSet, now: FactorSet, template: Template) -> list[str]:
    """Processes of the record whose values now are others, or that are gone."""
    return [
        process
        for process in reachable_processes(template)
        if process not in issued.replaced
        and (process not in now.processes or _values(issued, process) != _values(now, process))
    ]


def _values(factors: FactorSet, process: str) -> dict[str, tuple[float | None, ...]]:
    return {stage: tuple(factors.impacts(process, stage)) for stage in factors.stages(process)}


def _changed_defaults(issued: Template, now: Template) -> list[str]:
    """Items whose default or bounds are others."""
    before, after = (
        {one.code: one for one in (*t.fields, *(c for table in t.tables for c in table.columns))} for t in (issued, now)
    )
    return [code for code in dict.fromkeys((*before, *after)) if before.get(code) != after.get(code)]
