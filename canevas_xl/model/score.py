"""Owns the comparison of a lot's offers: impacts, values, notes, totals and ranks, as published formulas give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

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
    """Notes that people gave, 0 to 100, by code of the criterion or sub-criterion."""
    costs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """What the offer says it costs besides its price, EUR, by measure (``maintenance``, ``disposal``, ``residual``)."""


@dataclass(frozen=True, slots=True)
class ScoredOffer:
    """One offer as the published method sees it."""

    offer: Offer
    impacts: Impacts
    """With the published defaults where the supplier said nothing."""
    as_given: Impacts
    """Without them: what is known, and how many lines are not."""
    values: Mapping[str, float]
    """What criteria and sub-criteria look at (EUR, impact per functional unit, a note), by code; NaN while unknown."""
    notes: Mapping[str, float]
    """Points of each criterion and sub-criterion out of 100, by code; NaN while unknown."""
    ranked: Ranked | None
    """Its index is its place in :attr:`LotScores.offers`. None while the offer is not compared: it waits for a
    decision, or something that a criterion looks at is missing; no other offer's note then leans on it."""
    measures: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """What costs are computed from (``award.cost``), by measure; NaN while unknown, empty where no criterion is one."""


@dataclass(frozen=True, slots=True)
class LineGap:
    """What one line adds to the difference between two offers; per functional unit, in the indicator's unit."""

    flow: str
    row: str
    left: float
    right: float
    share: float
    """Of the sum of differences line by line, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Chances:
    """What draws say of a difference."""

    probability: float
    """P(left < right); equal draws count half."""
    low: float
    """The difference right − left is larger in 95 % of draws."""
    high: float
    """It is smaller in 95 % of draws."""


@dataclass(frozen=True, slots=True)
class OfferGap:
    """Two offers compared on one indicator, per functional unit; ``left`` is the lower one."""

    left: OfferKey
    right: OfferKey
    amount: float
    """right − left."""
    relative: float
    """Of the left one; NaN unless it is positive."""
    lines: tuple[LineGap, ...]
    """The three that make most of the difference, largest first."""
    same_data: Chances
    """Factors drawn once for both: what the data set leaves open."""
    own_data: Chances
    """Half of each factor's doubt, and the declared quantities, drawn for each offer: two firms' steel differs."""
    discernible: bool
    """P ≥ 0.9 with data of their own, and a difference above the published threshold."""


@dataclass(frozen=True, slots=True)
class RankChances:
    """How likely one offer holds each rank, when doubtful data are drawn again; it changes no note."""

    key: OfferKey
    by_impact: tuple[float, ...]
    """P(rank = 1), P(rank = 2)… on climate change; each adds up to 1, and ties share the rank of the first."""
    by_points: tuple[float, ...]
    """The same on the total of points; empty while some total is unknown."""


@dataclass(frozen=True, slots=True)
class ReleaseBefore:
    """The same offers, computed with the release before; it changes no note."""

    sources: tuple[str, ...]
    """Sources that lent values, with their release (``AGRIBALYSE 3.1.1 (2023)``)."""
    turned: tuple[tuple[OfferKey, OfferKey, str], ...]
    """(lighter now, lighter with the release before, category): pairs whose order turns, the farthest apart first."""


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
    gaps: tuple[OfferGap, ...] = ()
    """Pairs of compared offers on climate change, in order of their impacts."""
    ranks: tuple[RankChances, ...] = ()
    """Of compared offers, in the order of :attr:`offers`; empty with fewer than two."""
    before: ReleaseBefore | None = None
    """None where no earlier release was there at issue, or fewer than two offers are complete."""
