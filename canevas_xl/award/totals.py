"""Owns totals and ranking: on unrounded values, with published tie-breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from canevas_xl.award.arrays import Array
from canevas_xl.model.campaign import Criterion
from canevas_xl.model.note import Ranked

SAME: Final = 1e-9
"""Two totals that differ by less, relatively, are equal."""


def totals(criteria: Sequence[Criterion], notes: Array, points: float = 100.0) -> Array:
    """Add up Σ weight·note/points.

    Args:
        criteria: in the order of ``notes``.
        notes: shape (criteria, …, offers), 0 to ``points``, NaN where unknown.
        points: N of every criterion.

    Returns:
        Shape (…, offers); NaN where a note with a weight is unknown.
    """
    return sum(
        (criterion.weight * notes[i] / points for i, criterion in enumerate(criteria) if criterion.weight),
        start=np.zeros(notes.shape[1:]),
    )


def ranking(criteria: Sequence[Criterion], notes: Array, points: float = 100.0) -> tuple[Ranked, ...]:
    """Rank offers by their total, then by the notes of the criteria that break ties, in their published order.

    Args:
        criteria: in the order of ``notes``.
        notes: shape (criteria, offers).
        points: N of every criterion.

    Returns:
        One value per offer, best first; offers whose total is unknown come last, without a rank.
    """
    total = totals(criteria, notes, points)
    breakers = sorted((c.tie_break, i) for i, c in enumerate(criteria) if c.tie_break)
    keys = [total, *(notes[i] for _, i in breakers)]
    known = [offer for offer in range(total.shape[0]) if not np.isnan(total[offer])]
    ranked: list[Ranked] = []
    for group in _groups(known, keys):
        rank = len(ranked) + 1
        ranked += [Ranked(offer, float(total[offer]), rank, tied=len(group) > 1) for offer in group]
    unknown = [Ranked(o, float("nan"), None, tied=False) for o in range(total.shape[0]) if np.isnan(total[o])]
    return (*ranked, *unknown)


def _groups(offers: list[int], keys: Sequence[Array]) -> list[list[int]]:
    """Split offers into groups of equals, best first; each key splits the groups that the one before left."""
    if len(offers) < 2 or not keys:  # noqa: PLR2004 - one offer cannot be tied
        return [offers] if offers else []
    key, *rest = keys
    ordered = sorted(offers, key=lambda offer: -float(key[offer]))
    groups: list[list[int]] = []
    for offer in ordered:
        if groups and same(float(key[groups[-1][0]]), float(key[offer])):
            groups[-1].append(offer)
        else:
            groups.append([offer])
    return [part for group in groups for part in _groups(sorted(group), rest)]


def same(left: float, right: float) -> bool:
    """Say whether two figures are equal but for the noise of floating point."""
    return abs(left - right) <= SAME * max(abs(left), abs(right))
