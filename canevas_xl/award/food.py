"""Owns what the rural code asks of the offer retained for food (EGalim): a check on the result, never a formula.

CRPM R230-30-2: products bought with regard to the costs of environmental externalities (CCP R2152-9, 2°) count among
sustainable purchases if the criterion that does so weighs 10 to 30 % among those of the contract, and if the note of
the retained product on it is at least four tenths of the highest that can be had.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Final

from canevas_xl.award.cost import looks_at_impact
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.campaign import Lot

WEIGHTS: Final = (10.0, 30.0)
"""Per cent of the total, both included."""
LEAST: Final = 40.0
"""Out of 100 points of the criterion."""
DIGITS: Final = 9
"""After the decimal sign: what lies beyond is the noise of floating point."""


def food_findings(lot: Lot, notes: Mapping[str, float], place: Place, name: str) -> list[Finding]:
    """Say whether the retained offer reaches four tenths on each published criterion that the rule may be about.

    That is a criterion of such a weight that looks at the impact, itself or by a sub-criterion, in points or as money.
    Whether what it does is to price externalities, the buyer is asked to check.

    Args:
        lot: with its criteria.
        notes: of the retained offer, out of 100, by code of the criterion; NaN while unknown.
        place: of the offer.
        name: what people call it.

    Returns:
        S201 or S202 for each such criterion.
    """
    looked_at = [one for one in lot.criteria if looks_at_impact(one, lot.costing)]
    return [
        found("S201" if round(note, DIGITS) >= LEAST else "S202", place, name=name, criterion=one.label, note=note)
        for one, note in ((one, notes[one.code]) for one in looked_at)
        if WEIGHTS[0] <= one.weight <= WEIGHTS[1] and not isnan(note)
    ]
