"""Owns the scores of a lot: impacts and bids put side by side, compared as the frozen record says.

It stands above ``impact`` and ``award``, which do not know each other: impacts become values here, and values notes
there. Who takes part:

- an offer that an undecided finding stops is shown, with its impacts, and not compared;
- so is an offer whose impact is incomplete even with the published defaults, where a criterion looks at it (S101), or
  which lacks a price, a cost or a note that others have (said when *Prix et notes* is read, or S102 where it has no row
  there);
- the others are compared among themselves: the lowest, highest and mean values of F1 to F4 are theirs alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np

from canevas_xl.award.arrays import Array
from canevas_xl.award.comparison import Comparison, compare
from canevas_xl.award.cost import COSTS, cost, looks_at_impact, measures
from canevas_xl.award.food import food_findings
from canevas_xl.canvas.freeze import reachable_processes
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.impact.assess import assess
from canevas_xl.impact.figures import total
from canevas_xl.impact.gaps import offer_gaps
from canevas_xl.impact.releases import turned
from canevas_xl.impact.verdict import verdict_on_offers
from canevas_xl.model.answer import Answers
from canevas_xl.model.campaign import (
    Costing,
    Criterion,
    CriterionKind,
    Lot,
    Measure,
    compared_on,
    every_criterion,
    leaves,
)
from canevas_xl.model.canvas import Subject
from canevas_xl.model.impact import Impacts, InventoryLine
from canevas_xl.model.note import Ranked
from canevas_xl.model.offer import Offer, OfferKey
from canevas_xl.model.score import Bid, LotScores, ReleaseBefore, ScoredOffer
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import CLIMATE
from canevas_xl.report.ranks import rank_chances
from canevas_xl.rules.scope import build_scope

FOOD: Final = "food"
"""Group of processes that the rural code's rule on food is about."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One offer with everything that criteria look at."""

    offer: Offer
    impacts: Impacts
    as_given: Impacts
    values: Mapping[str, float]
    measures: Mapping[Measure, float]
    stopped: bool


def score_lot(
    subject: Subject, fingerprint: str, offers: Sequence[Offer], stopped: Collection[OfferKey], bids: Sequence[Bid]
) -> Checked[LotScores]:
    """Assess and compare the offers of one lot, in any order.

    Args:
        subject: what was issued, read back from the frozen record.
        fingerprint: of that record.
        offers: of this lot, one per key.
        stopped: keys of offers that wait for a decision.
        bids: prices and notes; those of other lots are left aside.

    Returns:
        Every offer, the ranked ones first. Findings: S101 to S104, A201, A202, S201, S202.
    """
    known = {bid.key: bid for bid in bids if bid.key.lot == subject.lot.number}
    ordered = sorted(offers, key=lambda offer: offer.key)
    entries = [_entry(subject, offer, known.get(offer.key), stopped=offer.key in stopped) for offer in ordered]
    findings = [*_missing(subject, entries, known)]
    out = [one.stopped or (_impact_counts(subject.lot) and not total(one.impacts).complete) for one in entries]
    compared = compare(subject.lot.criteria, _values(leaves(subject.lot.criteria), entries, out))
    findings += compared.findings
    scored = _in_order(subject.lot.criteria, entries, out, compared.value)
    findings += _food(subject, scored)
    rivals = sorted(
        (one for one in scored if one.ranked is not None and total(one.impacts).complete),
        key=lambda one: one.offer.key,
    )
    earlier = impacts_before(subject, rivals)
    scores = LotScores(
        subject=subject,
        fingerprint=fingerprint,
        offers=scored,
        verdict=verdict_on_offers(
            subject.template,
            [one.impacts for one in rivals],
            subject.factors,
            subject.campaign.deadline.date(),
            earlier,
            compared_on(subject.lot.criteria),
        ),
        gaps=offer_gaps({one.offer.key: one.impacts for one in rivals}, subject.factors),
        ranks=rank_chances(subject, rivals),
    )
    return Checked(replace(scores, before=_before(subject, rivals, earlier)), tuple(findings))


def impacts_before(subject: Subject, rivals: Sequence[ScoredOffer]) -> tuple[Impacts, ...] | None:
    """Give the impacts of offers with the release before, in their order; None where there is none to compare with."""
    if subject.previous is None or len(rivals) < 2:  # noqa: PLR2004 - one offer has no order
        return None
    data = (subject.previous, subject.method)
    return tuple(assess(subject.template, subject.lot, one.offer.answers, data, "default") for one in rivals)


def _before(subject: Subject, rivals: Sequence[ScoredOffer], earlier: Sequence[Impacts] | None) -> ReleaseBefore | None:
    if subject.previous is None or earlier is None:
        return None
    keys = [one.offer.key for one in rivals]
    turns = turned([one.impacts for one in rivals], earlier, compared_on(subject.lot.criteria))
    old, new = subject.previous.processes, subject.factors.processes
    lent = {f"{old[one].source} {old[one].source_version}" for one in old if one in new and old[one] != new[one]}
    pairs = tuple((keys[turn.lighter], keys[turn.other], turn.indicator) for turn in turns)
    return ReleaseBefore(tuple(sorted(lent)), pairs)


def _entry(subject: Subject, offer: Offer, bid: Bid | None, *, stopped: bool) -> _Entry:
    data = (subject.factors, subject.method)
    impacts = assess(subject.template, subject.lot, offer.answers, data, "default")
    as_given = assess(subject.template, subject.lot, offer.answers, data, "unknown")
    known = _measures(subject, impacts, bid)
    criteria = leaves(subject.lot.criteria)
    numbers = answered_numbers(subject.template, subject.lot, offer.answers, {one.item for one in criteria if one.item})
    values = {
        one.code: numbers[one.item] if one.item else _value(subject, one, (impacts, bid), known) for one in criteria
    }
    return _Entry(offer, impacts, as_given, MappingProxyType(values), known, stopped)


def answered_numbers(template: Template, lot: Lot, answers: Answers, items: Collection[str]) -> Mapping[str, float]:
    """Give the numbers that criteria look at, with their published defaults; NaN while one is unknown.

    Args:
        template: what is asked.
        lot: its parameters, and what the buyer fixed.
        answers: of one offer.
        items: keys of answers.
    """
    if not items:
        return MappingProxyType({})
    kept = build_scope(template, answers, lot.parameters, lot.rows, missing="default").kept
    values = {item: kept[item].value if item in kept else None for item in items}
    return MappingProxyType(
        {item: float(one) if isinstance(one, int | float) else float("nan") for item, one in values.items()}
    )


def _measures(subject: Subject, impacts: Impacts, bid: Bid | None) -> Mapping[Measure, float]:
    """Give what the lot's costs are computed from; NaN while unknown, nothing where no criterion is a cost."""
    costing = subject.lot.costing
    if costing is None:
        return MappingProxyType({})
    stated = dict(bid.costs) if bid else {}
    whole = total(impacts)
    known = {
        Measure.PRICE: float("nan") if bid is None or bid.price is None else bid.price,
        Measure.ENERGY: yearly_energy((c.line for c in impacts.contributions), costing),
        Measure.IMPACT: whole.known if whole.complete else float("nan"),
    }
    needed = measures(leaves(subject.lot.criteria), costing)
    return MappingProxyType({one: known.get(one, stated.get(one.value, float("nan"))) for one in needed})


def yearly_energy(lines: Iterable[InventoryLine], costing: Costing) -> float:
    """Give what the chosen flow amounts to in a year, in its unit; NaN while a row of it is unknown.

    Args:
        lines: of one offer; a line that comes with each of its stages counts once.
        costing: names the flow and the functional units of a year.
    """
    rows = {line.row: line.quantity for line in lines if line.flow == costing.energy}
    if costing.units is None or any(quantity is None for quantity in rows.values()):
        return float("nan")
    return costing.units * sum(quantity for quantity in rows.values() if quantity is not None)


def _value(
    subject: Subject, criterion: Criterion, of: tuple[Impacts, Bid | None], known: Mapping[Measure, float]
) -> float:
    """Give what a criterion looks at; NaN while it is unknown."""
    impacts, bid = of
    costing = subject.lot.costing
    if criterion.kind in COSTS:
        return float("nan") if costing is None else float(cost(criterion.kind, costing, known))
    if criterion.kind is CriterionKind.IMPACT:
        part = total(impacts, criterion.indicator or CLIMATE)
        return part.known if part.complete else float("nan")
    if criterion.kind is CriterionKind.PRICE:
        return float("nan") if bid is None or bid.price is None else bid.price
    return float("nan") if bid is None else bid.notes.get(criterion.code, float("nan"))


def _impact_counts(lot: Lot) -> bool:
    """Say whether some criterion looks at the impact, in points or as money; without criteria it is all there is."""
    return not lot.criteria or any(looks_at_impact(one, lot.costing) for one in lot.criteria)


def _values(criteria: Sequence[Criterion], entries: Sequence[_Entry], out: Sequence[bool]) -> Array:
    """Shape (leaves, offers); offers that take no part, whatever the others are, have none."""
    rows = [
        [float("nan") if gone else e.values[c.code] for e, gone in zip(entries, out, strict=True)] for c in criteria
    ]
    return np.array(rows, dtype=np.float64).reshape(len(criteria), len(entries))


def _missing(subject: Subject, entries: Sequence[_Entry], bids: Mapping[OfferKey, Bid]) -> Iterator[Finding]:
    """S101 an impact that is not whole, S102 an offer without a row, S103 a row without an offer, S104 no answer."""
    judged = [one for one in leaves(subject.lot.criteria) if one.item]
    computed_alone = {CriterionKind.IMPACT, CriterionKind.ANSWER}
    typed = any(one.kind not in computed_alone for one in leaves(subject.lot.criteria))
    for one in entries:
        key, part = one.offer.key, total(one.impacts)
        if not one.stopped and not part.complete and _impact_counts(subject.lot):
            yield found("S101", Place(key=str(key)), name=one.offer.name, lines=part.unknown)
        if typed and not one.stopped and key not in bids:
            yield found("S102", Place(key=str(key)), name=one.offer.name, offer=str(key))
        for criterion in judged:
            if not one.stopped and np.isnan(one.values[criterion.code]):
                facts = {"name": one.offer.name, "criterion": criterion.label, "item": criterion.item}
                yield found("S104", Place(key=str(key)), **facts)
    there = {one.offer.key for one in entries}
    for key in sorted(set(bids) - there):
        yield found("S103", Place(key=str(key)), offer=str(key))


def _in_order(
    criteria: Sequence[Criterion], entries: Sequence[_Entry], out: Sequence[bool], compared: Comparison
) -> tuple[ScoredOffer, ...]:
    """Put ranked offers first, then those without a total, then those that are not compared."""
    compared_at = {one.offer: one for one in compared.ranked}
    taking_part = {n: one for n, one in compared_at.items() if not out[n]}
    order = [*taking_part, *(n for n in range(len(entries)) if n not in taking_part)]
    return tuple(
        _scored(criteria, entries[n], compared.notes[:, n], _placed(taking_part.get(n), place))
        for place, n in enumerate(order)
    )


def _placed(ranked: Ranked | None, place: int) -> Ranked | None:
    return None if ranked is None else replace(ranked, offer=place)


def _scored(criteria: Sequence[Criterion], entry: _Entry, notes: Array, ranked: Ranked | None) -> ScoredOffer:
    every = every_criterion(criteria)
    given = {one.code: float(note) if ranked else float("nan") for one, note in zip(every, notes, strict=True)}
    return ScoredOffer(
        entry.offer,
        entry.impacts,
        entry.as_given,
        entry.values,
        MappingProxyType(given),
        ranked,
        MappingProxyType({measure.value: amount for measure, amount in entry.measures.items()}),
    )


def _food(subject: Subject, scored: Sequence[ScoredOffer]) -> list[Finding]:
    """Check the first offer where the lot is about food."""
    groups = {subject.factors.processes[process].group for process in reachable_processes(subject.template)}
    first = [one for one in scored if one.ranked is not None and one.ranked.rank == 1]
    if FOOD not in groups:
        return []
    return [
        finding
        for one in first
        for finding in food_findings(subject.lot, one.notes, Place(key=str(one.offer.key)), one.offer.name)
    ]
