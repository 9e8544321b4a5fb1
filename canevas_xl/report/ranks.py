"""Owns how likely each offer holds each rank when doubtful data are drawn again: information, which changes no note.

The draws are those of the view *own data* (``impact.uncertainty``), paired and with its seed. On points, each draw
goes through the published formulas and weights: prices and notes of people stay what they are, only impacts (and the
costs that count them) move.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from canevas_xl.award.arrays import Array
from canevas_xl.award.comparison import total_points
from canevas_xl.award.cost import cost, prices_impact
from canevas_xl.award.totals import SAME
from canevas_xl.impact.uncertainty import CHUNK, OWN_DATA, doubtful_lines, sampled
from canevas_xl.model.campaign import Criterion, CriterionKind, Measure, compared_on, leaves
from canevas_xl.model.canvas import Subject
from canevas_xl.model.score import RankChances, ScoredOffer
from canevas_xl.model.vocabulary import CLIMATE


def rank_chances(subject: Subject, rivals: Sequence[ScoredOffer]) -> tuple[RankChances, ...]:
    """Give P(rank = k) of every compared offer, on climate change and on the total of points.

    Args:
        subject: what was issued.
        rivals: compared offers whose impacts are complete.

    Returns:
        In the order of ``rivals``; nothing with fewer than two.
    """
    if len(rivals) < 2:  # noqa: PLR2004 - one offer has one rank
        return ()
    # In the order of keys: one more offer, or another order, changes no draw of the others.
    drawn = {code: _drawn(subject, rivals, code) for code in compared_on(subject.lot.criteria)}
    on_impact = _chances(_ranks(-drawn[CLIMATE]))
    on_points = _on_points(subject, rivals, drawn)
    return tuple(
        RankChances(one.offer.key, tuple(impact), tuple(points))
        for one, impact, points in zip(rivals, on_impact, on_points, strict=True)
    )


def _drawn(subject: Subject, rivals: Sequence[ScoredOffer], indicator: str) -> Array:
    """Give impacts of shape (draws, offers)."""
    return sampled([doubtful_lines(one.impacts, subject.factors, indicator) for one in rivals], OWN_DATA).T


def _on_points(
    subject: Subject, rivals: Sequence[ScoredOffer], drawn: Mapping[str, Array]
) -> Iterable[Sequence[float]]:
    criteria = subject.lot.criteria
    if not criteria or any(one.ranked is None or one.ranked.rank is None for one in rivals):
        return [() for _ in rivals]
    totals = np.concatenate([
        total_points(criteria, np.stack([_values(subject, leaf, rivals, part) for leaf in leaves(criteria)]))
        for part in _chunks(drawn)
    ])  # fmt: skip
    return [() for _ in rivals] if np.isnan(totals).any() else _chances(_ranks(totals))


def _chunks(drawn: Mapping[str, Array]) -> Iterator[Mapping[str, Array]]:
    """Give a few draws at a time: notes of many offers at once take room."""
    count = len(drawn[CLIMATE])
    for start in range(0, count, CHUNK):
        yield {indicator: impacts[start : start + CHUNK] for indicator, impacts in drawn.items()}


def _values(subject: Subject, leaf: Criterion, rivals: Sequence[ScoredOffer], drawn: Mapping[str, Array]) -> Array:
    """Give what a leaf looks at, shape (draws, offers)."""
    shape, costing = drawn[CLIMATE].shape, subject.lot.costing
    if leaf.kind is CriterionKind.IMPACT:
        return drawn[leaf.indicator or CLIMATE]
    if costing is not None and prices_impact(leaf.kind, costing):
        stated = {one: np.array([other.measures.get(one.value, np.nan) for other in rivals]) for one in Measure}
        return cost(leaf.kind, costing, {**stated, Measure.IMPACT: drawn[CLIMATE]})
    return np.broadcast_to(np.array([one.values[leaf.code] for one in rivals]), shape)


def _ranks(merit: Array) -> NDArray[np.intp]:
    """Rank each draw from zero, the highest first, shape (draws, offers); equals share the rank of the first."""
    order = np.argsort(-merit, axis=-1, kind="stable")
    ordered = np.take_along_axis(merit, order, axis=-1)
    places = np.zeros(merit.shape, dtype=np.intp)
    for place in range(1, merit.shape[-1]):
        above, here = ordered[:, place - 1], ordered[:, place]
        same = above - here <= SAME * np.maximum(np.abs(above), np.abs(here))
        places[:, place] = np.where(same, places[:, place - 1], place)
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, places, axis=-1)
    return ranks


def _chances(ranks: NDArray[np.intp]) -> list[list[float]]:
    """Give, for each offer, the share of draws at each rank."""
    draws, count = ranks.shape
    return [(np.bincount(ranks[:, offer], minlength=count) / draws).tolist() for offer in range(count)]
