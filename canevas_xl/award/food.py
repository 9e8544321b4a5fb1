"""Owns what the rural code asks of the offer retained for food (EGalim): a check on the result, never a formula.

CRPM R230-30-2: products bought under a criterion that prices environmental externalities, of a weight of 10 to 30 %,
count among sustainable purchases if the note of the retained product is at least four tenths of the highest one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from canevas_xl.award.arrays import Array
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.campaign import Criterion, CriterionKind

WEIGHTS: Final = (10.0, 30.0)
"""Per cent of the total, both included."""
LEAST: Final = 0.4
"""Of the points of the criterion."""


def food_findings(
    criteria: Sequence[Criterion], notes: Array, place: Place, name: str, points: float = 100.0
) -> list[Finding]:
    """Say whether the retained offer reaches four tenths on each impact criterion of that weight (S201, S202).

    Args:
        criteria: of the lot.
        notes: of the retained offer, in their order, out of ``points``.
        place: of the offer.
        name: what people call it.
        points: N.
    """
    return [
        found("S201" if note >= LEAST * points else "S202", place, name=name, criterion=one.label, note=float(note))
        for one, note in zip(criteria, notes, strict=True)
        if one.kind is CriterionKind.IMPACT and WEIGHTS[0] <= one.weight <= WEIGHTS[1] and note == note  # noqa: PLR0124 - NaN
    ]
