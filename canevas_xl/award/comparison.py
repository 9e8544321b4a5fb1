"""Owns the comparison of a lot's offers: values of the published criteria become notes, totals and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from canevas_xl.award.arrays import Array
from canevas_xl.award.formulas import notes
from canevas_xl.award.totals import ranking
from canevas_xl.findings.finding import Checked, Finding
from canevas_xl.model.campaign import Criterion
from canevas_xl.model.note import Ranked

POINTS = 100.0
"""Of every criterion, before its weight."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Offers compared on the criteria of their lot."""

    notes: Array
    """Shape (criteria, offers), 0 to 100; NaN where unknown or not compared."""
    ranked: tuple[Ranked, ...]
    """One per compared offer, best first."""


def comparable(values: Array) -> Array:
    """Say which offers can be compared: those that lack no value which some other offer has.

    A criterion on which nobody has a value yet keeps nobody out; the totals then are unknown.

    Args:
        values: shape (criteria, offers), NaN where unknown.

    Returns:
        Shape (offers,), of truths.
    """
    known = ~np.isnan(values)
    begun = known.any(axis=1, keepdims=True)
    return np.asarray((known | ~begun).all(axis=0))


def compare(criteria: Sequence[Criterion], values: Array) -> Checked[Comparison]:
    """Turn values into notes by the published formulas, add them up and rank.

    Offers that are not :func:`comparable` are out of it entirely: they are not ranked, and no other offer's note
    leans on them (they are in no lowest, highest or mean value).

    Args:
        criteria: in the order of ``values``.
        values: shape (criteria, offers): EUR, impact per functional unit, notes of people; NaN where unknown.

    Returns:
        Notes and ranks; ``Ranked.offer`` is the place in ``values``; without criteria nobody has a rank. Findings of
        ``formulas.notes``.
    """
    if not criteria:
        unranked = tuple(Ranked(offer, float("nan"), None, tied=False) for offer in range(values.shape[1]))
        return Checked(Comparison(values, unranked))
    taking_part = np.flatnonzero(comparable(values))
    points = np.full(values.shape, np.nan)
    findings: list[Finding] = []
    for i, criterion in enumerate(criteria):
        given = notes(criterion, values[i, taking_part], POINTS)
        points[i, taking_part] = given.value
        if not np.isnan(values[i, taking_part]).all():
            findings += given.findings
    ranked = tuple(
        Ranked(int(taking_part[one.offer]), one.total, one.rank, one.tied)
        for one in ranking(criteria, points[:, taking_part], POINTS)
    )
    return Checked(Comparison(points, ranked), tuple(findings))
