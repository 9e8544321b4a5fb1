"""Owns the verdict on the data: fit to choose, fit to orient the need only, or insufficient.

Given before issue on plausible offers, and after the opening on those that came. It judges the data, never an offer,
and never changes a point. Reasons are codes with facts; ``texts/verdict`` words them. Thresholds are
conventions of this project, published with the verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median
from typing import Final

from canevas_xl.impact.characterise import coverage
from canevas_xl.impact.difference import TOO_FAR, Difference, difference, difference_of_all
from canevas_xl.impact.figures import share_of, total, who_decides
from canevas_xl.impact.releases import NEAR, turned
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Fitness, Impacts, InventoryLine, PlausibleOffers, Reason, Verdict
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import CLIMATE, ControlledBy

SUPPLIER_DECIDES: Final = 0.25
"""Below this share, change the specification rather than add a criterion."""
WEAK_DIFFERENCE: Final = 0.50
"""Above this share of the difference on weak data, the data cannot separate offers."""
WEAK_REFERENCE: Final = 0.75
"""Above this share of the reference itself on stand-ins and defaults, they cannot orient the need either."""
LITTLE: Final = "supplier_decides_little"
ALIKE: Final = 0.05
"""Below this relative spread, plausible offers can hardly differ."""
MOST_PAIRS: Final = 0.5
"""Below this share of pairs that can be told apart, the data did not separate the offers that came."""


def verdict_before_issue(
    template: Template,
    reference: Impacts,
    offers: PlausibleOffers,
    factors: FactorSet,
    as_of: date | None = None,
) -> Verdict:
    """Judge what the data can carry for this template and need.

    Args:
        template: what will be asked.
        reference: impacts of the reference scenario.
        offers: plausible offers for the same need.
        factors: the set that both were computed from.
        as_of: the day on which validity is looked at; None leaves age unsaid.
    """
    missing = _missing(template, reference, factors)
    gap = difference(offers, factors)
    separating = _separating(gap)
    said = [*_roles(reference), *_spread(gap), *_age(reference, factors, as_of)]
    if missing:
        return Verdict(Fitness.INSUFFICIENT, (*missing, *separating, *said))
    if separating[0].code == "sound_difference":
        return Verdict(Fitness.CHOOSE, (*separating, *said))
    return Verdict(Fitness.ORIENT, (*separating, *said))


def verdict_on_offers(
    template: Template,
    offers: Sequence[Impacts],
    factors: FactorSet,
    as_of: date | None = None,
    before: Sequence[Impacts] | None = None,
    indicators: Sequence[str] = (CLIMATE,),
) -> Verdict | None:
    """Judge what the data carry of the differences between the offers that came.

    Args:
        template: what was asked.
        offers: impacts of the offers that are compared, published defaults included; all their lines are known.
        factors: as frozen.
        as_of: the day on which validity is looked at; None leaves age unsaid.
        before: impacts of the same offers with the release before, in the same order; None where there is none. An
            order that turns between offers that differ is one that the data do not carry.
        indicators: the categories whose order is looked at.

    Returns:
        None with fewer than two offers: nothing is compared.
    """
    inventories = [tuple(dict.fromkeys(one.line for one in impacts.contributions)) for impacts in offers]
    gap = difference_of_all(inventories, factors)
    if gap is None:
        return None
    gaps = coverage(template, factors)
    missing = [_reason("coverage_missing", count=len(gaps))] if gaps else []
    weak = median(share_of(one, lambda line: line.proxy or line.on_default) for one in offers)
    if weak > WEAK_REFERENCE:
        missing.append(_reason("received_on_weak_data", percent=_percent(weak)))
    fitness, separating = _separated(gap)
    turns, decided = _turns(offers, before, indicators)
    if decided and fitness is Fitness.CHOOSE:
        fitness, separating = Fitness.ORIENT, [*turns, *separating]
    else:
        separating += turns
    said = [*separating, *_received_defaults(offers), *_oldest(offers, factors, as_of)]
    return Verdict(Fitness.INSUFFICIENT if missing else fitness, (*missing, *said))


def _turns(
    offers: Sequence[Impacts], before: Sequence[Impacts] | None, indicators: Sequence[str]
) -> tuple[list[Reason], bool]:
    """Say whether the release before would rank the offers otherwise, and whether by more than a hair."""
    if before is None:
        return [], False
    turns = turned(offers, before, indicators)
    pairs = {frozenset((turn.lighter, turn.other)) for turn in turns}
    count = len(offers) * (len(offers) - 1) // 2
    if not turns:
        return [_reason("received_order_holds", total=count)], False
    return [_reason("received_order_turns", count=len(pairs), total=count)], turns[0].apart > NEAR


def advice_on(verdict: Verdict) -> str:
    """Say what to do before issue, as a key of ``texts/verdict``: the fitness, or that little would be at stake.

    Data that can separate offers call for no criterion where candidates decide next to nothing.
    """
    little = any(reason.code == LITTLE for reason in verdict.reasons)
    return "choose_little" if verdict.fitness is Fitness.CHOOSE and little else verdict.fitness.value


def _separated(gap: Difference) -> tuple[Fitness, list[Reason]]:
    """Say whether the data separated the offers that came, the deciding reason first."""
    facts = {
        "percent": _percent(gap.on_weak),
        "proxies": _percent(gap.on_proxies),
        "defaults": _percent(gap.on_defaults),
        "uncertain": _percent(gap.on_uncertain),
        "limit": _percent(WEAK_DIFFERENCE),
        "rest": 100 - _percent(gap.on_weak),
    }
    pairs = {"percent": _percent(gap.discernible), "needed": _percent(MOST_PAIRS)}
    enough = gap.discernible >= MOST_PAIRS
    told = _reason("received_told_apart" if enough else "received_told_few", **pairs, spread=_percent(gap.spread))
    weak = _reason("received_weak_difference" if gap.on_weak > WEAK_DIFFERENCE else "received_weak_part", **facts)
    if gap.spread < ALIKE:
        alike = _reason("received_alike", percent=_percent(gap.spread))
        return Fitness.ORIENT, [alike, weak] if _percent(gap.spread) else [alike]
    if gap.on_weak > WEAK_DIFFERENCE:
        return Fitness.ORIENT, [weak, told]
    return (Fitness.CHOOSE if enough else Fitness.ORIENT), [told, weak]


def _received_defaults(offers: Sequence[Impacts]) -> list[Reason]:
    """Say how much of the impacts rests on default values, where any does."""
    shares = [share_of(one, lambda line: line.on_default) for one in offers]
    highest = max(shares)
    count = sum(share > 0 for share in shares)
    return [_reason("received_defaults", count=count, percent=_percent(highest))] if count else []


def _oldest(offers: Sequence[Impacts], factors: FactorSet, as_of: date | None) -> list[Reason]:
    """Give the largest part of an offer on factors whose validity has passed."""
    if as_of is None:
        return []
    highest = max(_passed(one, factors, as_of) for one in offers)
    return [_reason("received_validity_passed", percent=_percent(highest))] if highest > 0 else []


def _reason(code: str, **facts: object) -> Reason:
    return Reason(code, tuple(facts.items()))


def _percent(share: float) -> int:
    return round(100 * share)


def _missing(template: Template, reference: Impacts, factors: FactorSet) -> list[Reason]:
    """Give the reasons for which not even the need can be oriented."""
    reasons = []
    gaps = coverage(template, factors)
    if gaps:
        reasons.append(_reason("coverage_missing", count=len(gaps)))
    unknown = total(reference).unknown
    if unknown:
        reasons.append(_reason("reference_incomplete", lines=unknown))
    weak = share_of(reference, lambda line: line.proxy or line.on_default)
    if weak > WEAK_REFERENCE:
        reasons.append(_reason("reference_on_weak_data", percent=_percent(weak)))
    return reasons


def _separating(gap: Difference | None) -> list[Reason]:
    """Say whether the data can separate offers, the deciding reason first."""
    if gap is None:
        return [_reason("no_plausible_offers")]
    facts = {
        "percent": _percent(gap.on_weak),
        "proxies": _percent(gap.on_proxies),
        "defaults": _percent(gap.on_defaults),
        "uncertain": _percent(gap.on_uncertain),
    }
    if gap.spread < ALIKE:
        return [_reason("offers_alike", percent=_percent(gap.spread))]
    if gap.separates_from is None:
        enough = _reason("never_separates", limit=_percent(TOO_FAR))
    else:
        enough = _reason("sound_difference", threshold=_percent(gap.separates_from))
    if gap.on_weak > WEAK_DIFFERENCE:
        return [_reason("weak_difference", **facts), enough]
    return [enough, _reason("weak_part", **facts)]


def _roles(reference: Impacts) -> list[Reason]:
    shares = who_decides(reference)
    supplier = shares[ControlledBy.SUPPLIER]
    code = "supplier_decides" if supplier >= SUPPLIER_DECIDES else LITTLE
    return [
        _reason(
            code,
            supplier=_percent(supplier),
            buyer=_percent(shares[ControlledBy.BUYER]),
            regulation=_percent(shares[ControlledBy.REGULATION]),
            generic=_percent(shares[ControlledBy.GENERIC]),
        )
        for _ in (0,)
        if supplier == supplier  # noqa: PLR0124 - NaN while nothing is known: nothing to say
    ]


def _spread(gap: Difference | None) -> list[Reason]:
    if gap is None:
        return []
    return [_reason("plausible_spread", percent=_percent(gap.spread), discernible=_percent(gap.discernible))]


def _age(reference: Impacts, factors: FactorSet, as_of: date | None) -> list[Reason]:
    """Say which part of the reference uses factors whose period of validity has passed: said, not punished."""
    if as_of is None:
        return []
    share = _passed(reference, factors, as_of)
    return [_reason("validity_passed", percent=_percent(share))] if share > 0 else []


def _passed(impacts: Impacts, factors: FactorSet, as_of: date) -> float:
    def passed(line: InventoryLine) -> bool:
        until = factors.processes[line.process].valid_until if line.process else None
        return until is not None and until < as_of

    return share_of(impacts, passed)
