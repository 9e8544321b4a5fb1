"""Owns the comparison of offers two by two on one indicator: how large, made by which lines, how likely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Final

from canevas_xl.impact.characterise import Array
from canevas_xl.impact.figures import by_line, total
from canevas_xl.impact.uncertainty import OWN_DATA, SAME_DATA, chances, doubtful_lines, sampled
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Impacts
from canevas_xl.model.offer import OfferKey
from canevas_xl.model.score import Chances, LineGap, OfferGap
from canevas_xl.model.vocabulary import CLIMATE

LIKELY: Final = 0.906
"""Share of draws from which two offers may be told apart: 0.9, and two standard errors of 10,000 draws, so that P(A<B)
is 0.9 all the same where the draw was lucky…"""
THRESHOLD: Final = 0.05
"""… if they also differ by more than this, relative to the lower one (published with the method)."""
LINES: Final = 3
ALL_PAIRS: Final = 16
"""Offers of which every pair is compared; of more, each with the next and with the lowest."""


def offer_gaps(
    offers: Mapping[OfferKey, Impacts], factors: FactorSet, indicator: str = CLIMATE
) -> tuple[OfferGap, ...]:
    """Compare offers whose impacts are complete, in pairs, the lower one first.

    Args:
        offers: impacts by offer; those that lack a line take no part.
        factors: as frozen: they say how uncertain each is.
        indicator: what is compared.

    Returns:
        Every pair, in order of impact (then of key); with more than 16 offers, each with the next and with the
        lowest.
    """
    totals = {key: total(impacts, indicator) for key, impacts in offers.items()}
    ordered = sorted((key for key, part in totals.items() if part.complete), key=lambda key: (totals[key].known, key))
    lines = [doubtful_lines(offers[key], factors, indicator) for key in ordered]
    views = [dict(zip(ordered, sampled(lines, view), strict=True)) for view in (SAME_DATA, OWN_DATA)]
    parts = {key: {place: part.known for place, part in by_line(offers[key], indicator).items()} for key in ordered}
    return tuple(
        _gap((left, right), (totals[left].known, totals[right].known), _lines(parts[left], parts[right]), views)
        for left, right in _pairs(ordered)
    )


def _pairs(ordered: list[OfferKey]) -> Iterator[tuple[OfferKey, OfferKey]]:
    if len(ordered) <= ALL_PAIRS:
        yield from combinations(ordered, 2)
        return
    yield from pairwise(ordered)
    yield from ((ordered[0], other) for other in ordered[2:])


def _gap(
    pair: tuple[OfferKey, OfferKey],
    amounts: tuple[float, float],
    lines: tuple[LineGap, ...],
    views: list[dict[OfferKey, Array]],
) -> OfferGap:
    left, right = pair
    amount = amounts[1] - amounts[0]
    relative = amount / amounts[0] if amounts[0] > 0 else float("nan")
    same, own = (chances(view[left], view[right]) for view in views)
    return OfferGap(left, right, amount, relative, lines, same, own, discernible(own, relative))


def discernible(own_data: Chances, relative: float) -> bool:
    """Say whether two offers may be told apart: likely enough, and far enough."""
    return own_data.probability >= LIKELY and relative > THRESHOLD


def _lines(left: Mapping[tuple[str, str], float], right: Mapping[tuple[str, str], float]) -> tuple[LineGap, ...]:
    """Pair lines and keep those that differ most; a line that only one offer has weighs nothing in the other."""
    places = list(dict.fromkeys((*left, *right)))
    gaps = {place: right.get(place, 0.0) - left.get(place, 0.0) for place in places}
    size = sum(abs(gap) for gap in gaps.values())
    ordered = sorted((place for place in places if gaps[place]), key=lambda place: (-abs(gaps[place]), place))
    return tuple(
        LineGap(*place, left.get(place, 0.0), right.get(place, 0.0), abs(gaps[place]) / size)
        for place in ordered[:LINES]
    )
