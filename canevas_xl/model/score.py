"""Owns the comparison of a lot's offers: impacts, values, notes, totals and ranks, as published formulas give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from canevas_xl.model.canvas import Subject
from canevas_xl.model.impact import Impacts, Verdict
from canevas_xl.model.note import Ranked
from canevas_xl.model.offer import Offer, OfferKey


@dataclass(frozen=True, slots=True)
class Bid:
    """What the buyer typed of one offer on *Prix et notes*."""

    key: OfferKey
    price: float | None
    notes: Mapping[str, float]
    """Notes that people gave, 0 to 100, by code of the criterion."""


@dataclass(frozen=True, slots=True)
class ScoredOffer:
    """One offer as the published method sees it."""

    offer: Offer
    impacts: Impacts
    """With the published defaults where the supplier said nothing."""
    as_given: Impacts
    """Without them: what is known, and how many lines are not."""
    values: Mapping[str, float]
    """What each criterion looks at (EUR, impact per functional unit, a note), by code; NaN while unknown."""
    notes: Mapping[str, float]
    """Points of each criterion out of 100, by code; NaN while unknown."""
    ranked: Ranked | None
    """None while the offer waits for a decision."""


@dataclass(frozen=True, slots=True)
class LotScores:
    """One lot, compared."""

    subject: Subject
    """As frozen at issue."""
    fingerprint: str
    offers: tuple[ScoredOffer, ...]
    """In order of rank, then those that wait."""
    verdict: Verdict | None
    """On the data, from the offers that came; None where fewer than two are complete."""
