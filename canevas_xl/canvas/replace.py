"""Owns the replacement of factors in one campaign, before its issue: a value or another process, with its reason.

The process keeps its id, because the template names it; what stood there is kept beside it, with the reason, and is
published with the factors (*Facteurs et sources*) and frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from canevas_xl.canvas.freeze import reachable_processes
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.campaign import Replacement
from canevas_xl.model.campaign_keys import replacement_key
from canevas_xl.model.factor import FactorSet, Impacts, Licence, Process, Replaced
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL

VALUE: Final = "value"
LICENCE: Final = "BUYER"
_CLIMATE: Final = INDICATORS.index(CLIMATE)


def sets_named(replacements: Iterable[Replacement]) -> tuple[str, ...]:
    """Give the references of the sets from which replacing processes come (``agribalyse@3.2``), once each."""
    named = (one.by.partition("/")[0] for one in replacements if "/" in one.by)
    return tuple(dict.fromkeys(named))


def replaced(
    factors: FactorSet, template: Template, replacements: Iterable[Replacement], others: Mapping[str, FactorSet]
) -> Checked[FactorSet]:
    """Put a buyer's values in the place of published ones.

    Args:
        factors: the set that the template names.
        template: says which processes count, and for which categories.
        replacements: as read from *Facteurs*.
        others: sets that replacements name, by reference; one that is not there is missing.

    Returns:
        The set with every replacement that holds. Findings: C180 to C188, all on the row of the replacement.
    """
    findings: list[Finding] = []
    reachable = reachable_processes(template)
    rows, processes, licences = dict(factors.factors), dict(factors.processes), dict(factors.licences)
    done: dict[str, Replaced] = {}
    for one in replacements:
        place = Place(key=replacement_key(one.place))
        said = [*_incomplete(one, place)]
        if one.process not in reachable:
            said.append(found("C180", place, process=one.process))
        elif one.process in done:
            said.append(found("C187", place, process=one.process))
        if said:
            findings += said
            continue
        checked = _instead(one, factors, others, place)
        findings += checked.findings
        if checked.value is None:
            continue
        process, values, licence = checked.value
        old = factors.processes[one.process]
        done[one.process] = Replaced(old, factors.whole(one.process)[_CLIMATE], one.reason, one.by or VALUE)
        rows = {key: row for key, row in rows.items() if key[0] != one.process}
        rows |= {(one.process, stage): row for stage, row in values.items()}
        processes[one.process] = process
        licences[licence.code] = licence
    return Checked(
        replace(
            factors,
            processes=MappingProxyType(processes),
            factors=MappingProxyType(rows),
            licences=MappingProxyType(licences),
            replaced=MappingProxyType(done),
        )
        if done
        else factors,
        tuple(findings),
    )


def _incomplete(one: Replacement, place: Place) -> Iterable[Finding]:
    """C181 no reason, C182 neither or both of value and process, C183 a value without its source."""
    if not one.reason:
        yield found("C181", place, process=one.process)
    if (one.value is None) == (not one.by):
        yield found("C182", place, process=one.process)
    elif one.value is not None and not one.source:
        yield found("C183", place, process=one.process)


_Instead = tuple[Process, Mapping[str, Impacts], Licence]


def _instead(
    one: Replacement, factors: FactorSet, others: Mapping[str, FactorSet], place: Place
) -> Checked[_Instead | None]:
    """Give what stands in the place of a process, or say why nothing can."""
    if one.value is not None:
        return _value(one, one.value, factors, place)
    reference, slash, name = one.by.partition("/")
    lender = others.get(reference) if slash else factors
    name = name if slash else reference
    if lender is None or name not in lender.processes:
        return Checked(None, (found("C184", place, by=one.by),))
    old, new = factors.processes[one.process], lender.processes[name]
    if new.unit != old.unit:
        facts = {"process": one.process, "expected": old.unit, "by": one.by, "actual": new.unit}
        return Checked(None, (found("C185", place, **facts),))
    lost = _lost(factors.whole(one.process), lender.whole(name))
    if lost:
        return Checked(None, (found("C186", place, by=one.by, count=lost),))
    doubts = (found("C188", place, by=one.by),) if new.withdrawn else ()
    values = {stage: row for (held, stage), row in lender.factors.items() if held == name}
    # Codes of licences are the lender's own: its name keeps them apart.
    licence = replace(lender.licences[new.licence], code=f"{lender.id}:{new.licence}" if slash else new.licence)
    return Checked((replace(new, id=one.process, licence=licence.code, same_as=""), values, licence), doubts)


def _value(one: Replacement, value: float, factors: FactorSet, place: Place) -> Checked[_Instead | None]:
    """Give a process with the buyer's value for climate change; its stages keep their shares."""
    whole = factors.whole(one.process)
    lost = _lost(whole, tuple(value if code == CLIMATE else None for code in INDICATORS))
    if lost:
        return Checked(None, (found("C186", place, by=f"{value:g}", count=lost),))
    published = whole[_CLIMATE]
    stages = factors.stages(one.process)
    shares = {TOTAL: 1.0}
    if published and stages != (TOTAL,):
        shares = {stage: (factors.impacts(one.process, stage)[_CLIMATE] or 0.0) / published for stage in stages}
    values = {
        stage: tuple(value * share if code == CLIMATE else None for code in INDICATORS)
        for stage, share in shares.items()
    }
    process = replace(
        factors.processes[one.process],
        source=one.source,
        source_version="",
        source_id="",
        licence=LICENCE,
        reference_year=None,
        valid_until=None,
        uncertainty_percent=None,
        dqr=None,
        withdrawn="",
        same_as="",
        note=one.reason,
    )
    return Checked((process, values, Licence(LICENCE, one.source, one.reason, may_be_sent=True)))


def _lost(published: Impacts, instead: Impacts) -> int:
    """Count the categories that were known and would no longer be."""
    return sum(known is not None and value is None for known, value in zip(published, instead, strict=True))
