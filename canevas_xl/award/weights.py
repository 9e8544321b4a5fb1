"""Owns what weights really weigh: the part of each criterion in the differences between totals.

Where a criterion has sub-criteria, they are what is weighed: every function here takes leaves, whose weights are in
per cent of the total (``model.campaign.leaves``); only :func:`weighed` takes a lot's criteria as they are published.

A criterion on which all offers get nearly the same note decides nothing, whatever its published weight; one whose
formula stretches small differences decides more than it says. Judged before issue, on plausible offers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from canevas_xl.award.arrays import Array
from canevas_xl.award.cost import COSTS, cost
from canevas_xl.award.formulas import depends_on_others, notes
from canevas_xl.award.totals import totals
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Measure, leaves
from canevas_xl.model.note import EffectiveWeight
from canevas_xl.model.vocabulary import CLIMATE

POINTS: Final = 100.0
NEUTRALISED: Final = 0.5
"""Below this share of its published weight, a criterion is said to be neutralised."""
OVERWEIGHT: Final = 2.0
"""Above this multiple of its published weight, a criterion is said to decide more than it announces."""
REVERSAL_SAID: Final = 0.02
"""Share of simulated procedures from which the risk of a changed winner is said."""
_OTHER_NOTES: Final = (50.0, 100.0)
"""Other criteria are judged by people: notes drawn evenly between these, out of 100."""
_LOWEST_PRICE: Final = 0.05
"""Simulated prices stay above this share of their mean: F1 refuses zero."""


@dataclass(frozen=True, slots=True)
class Market:
    """Plausible offers, from which procedures are simulated."""

    impacts: Mapping[str, Array]
    """By indicator: plausible impacts per functional unit, the same offers in the same order."""
    price_spread: float
    """Standard deviation of prices, per cent of their mean."""
    offers: int = 6
    draws: int = 2000
    seed: int = 1
    mean_price: float | None = None
    """EUR, the estimated amount of the lot; None: prices are relative, and costs cannot be simulated."""
    costing: Costing | None = None
    measures: Mapping[Measure, Array] = field(default_factory=lambda: MappingProxyType({}))
    """What costs are computed from besides the price, of the same plausible offers; what lacks counts as nothing."""
    answers: Mapping[str, Array] = field(default_factory=lambda: MappingProxyType({}))
    """What criteria on answers look at, by key, of the same plausible offers."""


def simulated_values(criteria: Sequence[Criterion], market: Market) -> Array:
    """Draw procedures: shape (criteria, draws, offers).

    Prices are independent of impacts (one offer's impacts on several indicators, and its energy, belong together);
    without an estimated amount they are relative to their mean, and costs are not known. Criteria on anything else
    get notes, not values. What each offer would cost in maintenance and at its end is left out.
    """
    draw = np.random.default_rng(market.seed)
    shape = (market.draws, market.offers)
    prices = np.maximum(_LOWEST_PRICE, 1 + market.price_spread / 100 * draw.standard_normal(shape))
    prices *= 1.0 if market.mean_price is None else market.mean_price
    count = min((len(sample) for sample in market.impacts.values()), default=0)
    picked = draw.integers(0, max(count, 1), shape)
    values = np.full((len(criteria), *shape), np.nan)
    for i, criterion in enumerate(criteria):
        sample = market.impacts.get(criterion.indicator or CLIMATE)
        if criterion.kind is CriterionKind.PRICE:
            values[i] = prices
        elif criterion.kind is CriterionKind.OTHER:
            values[i] = draw.uniform(*_OTHER_NOTES, shape)
        elif criterion.kind in COSTS:
            values[i] = _costs(criterion.kind, market, prices, picked)
        elif criterion.kind is CriterionKind.ANSWER:
            values[i] = market.answers[criterion.item][picked] if criterion.item in market.answers and count else np.nan
        elif sample is not None and count:
            values[i] = sample[picked]
    return values


def _costs(kind: CriterionKind, market: Market, prices: Array, picked: NDArray[np.intp]) -> Array:
    """Give simulated costs, EUR; unknown without an estimated amount, or without what they are computed from."""
    if market.mean_price is None or market.costing is None:
        return np.full(prices.shape, np.nan)
    stated = dict.fromkeys((Measure.MAINTENANCE, Measure.DISPOSAL, Measure.RESIDUAL), np.zeros(prices.shape))
    drawn = {measure: sample[picked] for measure, sample in market.measures.items()}
    return cost(kind, market.costing, {**stated, **drawn, Measure.PRICE: prices})


def simulated_notes(criteria: Sequence[Criterion], values: Array) -> Checked[Array]:
    """Turn drawn values into notes out of 100; same shape. Findings: those of ``formulas.notes``."""
    results = [
        notes(criterion, values[i], POINTS) if criterion.formula else Checked(values[i])
        for i, criterion in enumerate(criteria)
    ]
    found_all = tuple(finding for result in results for finding in result.findings)
    return Checked(np.stack([result.value for result in results]) if results else values, found_all)


def effective_weights(criteria: Sequence[Criterion], notes_samples: Array) -> tuple[EffectiveWeight, ...]:
    """Give w·sd(note)/Σ w·sd(note) for each criterion.

    Args:
        criteria: in the order of ``notes_samples``.
        notes_samples: shape (criteria, offers) or (criteria, draws, offers); the deviation is taken between the
            offers of one procedure and averaged over draws.
    """
    samples = notes_samples if notes_samples.ndim > 2 else notes_samples[:, None, :]  # noqa: PLR2004 - a shape
    spread = np.std(samples, axis=-1).mean(axis=-1)
    weights = np.array([criterion.weight for criterion in criteria])
    force = np.where(weights == 0, 0.0, weights * spread)
    whole, published = force.sum(), weights.sum()
    return tuple(
        EffectiveWeight(
            criterion.code,
            float(weights[i] / published) if published else float("nan"),
            float(force[i] / whole) if whole else float("nan"),
        )
        for i, criterion in enumerate(criteria)
    )


def reversal_risk(criteria: Sequence[Criterion], values: Array) -> float:
    """Share of simulated procedures in which withdrawing one losing offer changes the winner.

    Args:
        criteria: in the order of ``values``.
        values: shape (criteria, draws, offers), as :func:`simulated_values` draws them.
    """
    if not _leaning(criteria) or values.shape[-1] < 3:  # noqa: PLR2004 - two must remain to be compared
        return 0.0
    full = totals(criteria, simulated_notes(criteria, values).value)
    winner = np.argmax(np.nan_to_num(full, nan=-np.inf), axis=-1)
    changed = np.zeros(winner.shape, dtype=np.bool_)
    for gone in range(values.shape[-1]):
        left = np.array([offer for offer in range(values.shape[-1]) if offer != gone])
        total = totals(criteria, simulated_notes(criteria, values[..., left]).value)
        best = left[np.argmax(np.nan_to_num(total, nan=-np.inf), axis=-1)]
        changed |= (winner != gone) & (best != winner)
    return float(changed.mean())


def weighed(criteria: Sequence[Criterion], market: Market) -> Checked[tuple[EffectiveWeight, ...]]:
    """Say what each weight would really weigh on plausible offers, and warn of what a judge would question.

    Findings: A301 neutralised, A302 weighs more than it says, A303 the worst offer sets the scale (F2), A304 a
    losing offer can change the winner, A305 an impact criterion cannot be simulated, A306 nor can a cost.

    Args:
        criteria: of the lot; what is weighed are its leaves.
        market: from which procedures are simulated.
    """
    criteria = leaves(criteria)
    values = simulated_values(criteria, market)
    simulated = simulated_notes(criteria, values)
    weights = effective_weights(criteria, simulated.value)
    said = [*simulated.findings]
    said += [f for c, w in zip(criteria, weights, strict=True) for f in _said_of(c, w)]
    said += [
        found("A306" if c.kind in COSTS else "A305", Place(key=c.code), criterion=c.label)
        for c, sample in zip(criteria, values, strict=True)
        if bool(np.all(np.isnan(sample)))
    ]
    risk = reversal_risk(criteria, values)
    if risk >= REVERSAL_SAID:
        said.append(_reversal(criteria, risk))
    return Checked(weights, tuple(said))


def _leaning(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Criteria whose notes lean on the other offers."""
    return [c for c in criteria if depends_on_others(c)]


def _said_of(criterion: Criterion, weight: EffectiveWeight) -> list[Finding]:
    place = Place(key=criterion.code)
    facts = {
        "criterion": criterion.label,
        "published": f"{100 * weight.published:.0f}",
        "effective": f"{100 * weight.effective:.0f}",
    }
    said = []
    if weight.effective < NEUTRALISED * weight.published:
        said.append(found("A301", place, **facts))
    if weight.effective > OVERWEIGHT * weight.published:
        said.append(found("A302", place, **facts))
    if criterion.formula == "F2" and criterion.kind is not CriterionKind.OTHER:
        said.append(found("A303", place, criterion=criterion.label))
    return said


def _reversal(criteria: Sequence[Criterion], risk: float) -> Finding:
    involved = _leaning(criteria)
    return found(
        "A304",
        Place(key=", ".join(c.code for c in involved)),
        formulas=sorted({c.formula for c in involved}),
        share=f"{100 * risk:.0f}",
    )
