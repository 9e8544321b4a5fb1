"""Owns notes: the points that a criterion gives, what they add up to, and what they would really weigh."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where one offer stands."""

    offer: int
    """Its index in the arrays that were compared."""
    total: float
    """Unrounded, out of the sum of the weights."""
    rank: int | None
    """From 1; equal offers share a rank and the next is skipped. None while the total is unknown."""
    tied: bool
    """Still equal to another offer after the published tie-break."""


@dataclass(frozen=True, slots=True)
class EffectiveWeight:
    """What a criterion or sub-criterion would really weigh: its part in the differences between totals."""

    criterion: str
    published: float
    """Share of the published weights, 0 to 1."""
    effective: float
    """w·sd(note)/Σ w·sd(note), 0 to 1; NaN while some notes are unknown or nothing differs."""
