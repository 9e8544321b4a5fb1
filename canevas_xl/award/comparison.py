"""Owns the comparison of a lot's offers: values of the published criteria become notes, totals and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from canevas_xl.award.arrays import Array
from canevas_xl.award.formulas import notes
from canevas_xl.award.totals import ranking, totals
from canevas_xl.findings.finding import Checked, Finding
from canevas_xl.model.campaign import Criterion, leaves
from canevas_xl.model.note import Ranked

POINTS = 100.0
"""Of every criterion, before its weight."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Offers compared on the criteria of their lot."""

    notes: Array
    """Shape (criteria and sub-criteria, offers), in published order, 0 to 100; NaN where unknown or not compared."""
    ranked: tuple[Ranked, ...]
    """One per compared offer, best first."""


def comparable(values: Array) -> Array:
    """Say which offers can be compared: those that lack no value which some other offer has.

    A criterion on which nobody has a value yet keeps nobody out; the totals then are unknown.

    Args:
        values: shape (leaves, offers), NaN where unknown.

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
        criteria: of the lot, with their sub-criteria.
        values: shape (leaves, offers), in the order of ``model.campaign.leaves``: EUR, impact per functional unit,
            notes of people; NaN where unknown.

    Returns:
        Notes and ranks; ``Ranked.offer`` is the place in ``values``; without criteria nobody has a rank. Findings of
        ``formulas.notes``.
    """
    if not criteria:
        unranked = tuple(Ranked(offer, float("nan"), None, tied=False) for offer in range(values.shape[1]))
        return Checked(Comparison(values, unranked))
    taking_part = np.flatnonzero(comparable(values))
    given = leaf_notes(criteria, values[:, taking_part])
    inside = rolled_up(criteria, given.value)
    points = np.full((len(inside), values.shape[1]), np.nan)
    points[:, taking_part] = inside
    ranked = tuple(
        Ranked(int(taking_part[one.offer]), one.total, one.rank, one.tied)
        for one in ranking(_in_total(criteria), inside, POINTS)
    )
    return Checked(Comparison(points, ranked), given.findings)


def leaf_notes(criteria: Sequence[Criterion], values: Array) -> Checked[Array]:
    """Give the note of each leaf, 0 to 100; shape (leaves, …, offers) as ``values``.

    Findings: those of ``formulas.notes``, on leaves of which some value is known.
    """
    points = np.full(values.shape, np.nan)
    findings: list[Finding] = []
    for i, leaf in enumerate(leaves(criteria)):
        given = notes(leaf, values[i], POINTS)
        points[i] = given.value
        if not np.isnan(values[i]).all():
            findings += given.findings
    return Checked(points, tuple(findings))


def rolled_up(criteria: Sequence[Criterion], given: Array) -> Array:
    """Add the notes of sub-criteria up to those of their criteria: Σ weight·note/100.

    Args:
        criteria: of the lot.
        given: shape (leaves, …, offers).

    Returns:
        Shape (criteria and sub-criteria, …, offers), in published order.
    """
    rest = iter(given)
    rows: list[Array] = []
    for criterion in criteria:
        if not criterion.parts:
            rows.append(next(rest))
            continue
        parts = [next(rest) for _ in criterion.parts]
        rows += [totals(criterion.parts, np.stack(parts), POINTS), *parts]
    return np.stack(rows) if rows else given


def total_points(criteria: Sequence[Criterion], values: Array) -> Array:
    """Give the total of points, shape (…, offers), of values of shape (leaves, …, offers)."""
    return totals(_in_total(criteria), rolled_up(criteria, leaf_notes(criteria, values).value), POINTS)


def _in_total(criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """Give every criterion in order; sub-criteria weigh in their criterion already: here they only part equals."""
    return tuple(
        one for criterion in criteria for one in (criterion, *(replace(part, weight=0.0) for part in criterion.parts))
    )
