"""Owns the campaign: what a buyer states before anything is issued."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from canevas_xl.model.vocabulary import CLIMATE, Phase


class Channel(StrEnum):
    """How canvases come back."""

    EMAIL = "email"
    PROFILE = "profile"


class CriterionKind(StrEnum):
    """What a criterion looks at."""

    PRICE = "price"
    IMPACT = "impact"
    OTHER = "other"
    """A note that people give."""
    COST = "cost"
    """Life-cycle cost, EUR (:class:`Costing`)."""
    FICTITIOUS = "fictitious"
    """Price in which the impact counts as money, EUR (:class:`Costing`)."""
    ANSWER = "answer"
    """A number that the supplier answers, with its published default (a warranty, a share)."""
    GROUP = "group"
    """Nothing of its own: its sub-criteria do."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One published criterion of a lot, or one of its sub-criteria."""

    code: str
    label: str
    kind: CriterionKind
    weight: float
    """Per cent of the total; of a sub-criterion, per cent of its criterion."""
    formula: str
    """``F1`` … ``F7``; empty where sub-criteria make the note."""
    indicator: str = ""
    """Impact only: a category, by default climate change."""
    low: float | None = None
    """F5: impact per functional unit that gets all points."""
    high: float | None = None
    """F5: impact per functional unit that gets none."""
    fan: float = 2.0
    """F3: a value of ``fan`` times the lowest gets none."""
    bands: tuple[tuple[float, float], ...] = ()
    """F6: (highest value of the band, share of the points); above the last band, none."""
    tie_break: int = 0
    """Order in which criteria decide between equal totals; 0: not used."""
    item: str = ""
    """Answer only: its key (``G``, ``DEV1.Q4``)."""
    parts: tuple[Criterion, ...] = ()
    """Sub-criteria, which have none of their own."""


def every_criterion(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Give criteria in their published order, each before its sub-criteria; weights as published."""
    return tuple(one for criterion in criteria for one in (criterion, *criterion.parts))


def leaves(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Give what looks at something: sub-criteria, and criteria without any; weights in per cent of the total."""
    return tuple(
        one
        for criterion in criteria
        for one in (
            (replace(part, weight=criterion.weight * part.weight / 100) for part in criterion.parts)
            if criterion.parts
            else (criterion,)
        )
    )


def compared_on(criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """Give the categories on which offers are compared: climate change, and those that criteria look at."""
    looked_at = {one.indicator or CLIMATE for one in leaves(criteria) if one.kind is CriterionKind.IMPACT}
    return tuple(sorted(looked_at | {CLIMATE}))


def leaf_labels(criteria: Iterable[Criterion]) -> Mapping[str, str]:
    """Name leaves by code, each sub-criterion after its criterion."""
    return MappingProxyType(
        {
            one.code: f"{criterion.label} › {one.label}" if criterion.parts else one.label
            for criterion in criteria
            for one in criterion.parts or (criterion,)
        }
    )


class Measure(StrEnum):
    """What a cost is computed from; each offer has its own."""

    PRICE = "price"
    """EUR."""
    ENERGY = "energy"
    """Units of the chosen flow per year, for the whole need."""
    MAINTENANCE = "maintenance"
    """EUR per year."""
    DISPOSAL = "disposal"
    """EUR, at the end."""
    RESIDUAL = "residual"
    """EUR, worth at the end."""
    IMPACT = "impact"
    """kg CO2 eq. per functional unit."""


@dataclass(frozen=True, slots=True)
class Costing:
    """What a lot's life-cycle cost and fictitious price are made of, published with its criteria.

    What is not stated does not count: None is never zero.
    """

    years: int | None = None
    units: float | None = None
    """Functional units per year."""
    energy: str = ""
    """Code of the flow whose quantity the buyer pays for in use; empty: none."""
    energy_price: float | None = None
    """EUR per unit of that flow, today."""
    energy_growth: float = 0.0
    """Of that price, per cent a year."""
    discount: float = 0.0
    """Per cent a year."""
    maintenance: bool = False
    """Each offer states its yearly maintenance, EUR."""
    end: bool = False
    """Each offer states what its end of life costs, and what it is then worth, EUR."""
    carbon_price: float | None = None
    """External cost, EUR per kg CO2 eq."""
    deduction: float | None = None
    """Fictitious price: largest deduction Dmax, EUR; whole at ``low``, none at ``high``."""
    low: float | None = None
    """kg CO2 eq. per functional unit."""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot: its need and its criteria."""

    number: int
    title: str
    parameters: Mapping[str, float]
    """Buyer's parameters, by code."""
    rows: Mapping[str, float | str] = field(default_factory=dict)
    """What the buyer fixed in tables, by key (``DEV1.Q1``)."""
    criteria: tuple[Criterion, ...] = ()
    costing: Costing | None = None
    """None where no criterion is a cost."""


@dataclass(frozen=True, slots=True)
class Supplier:
    """Somebody who is asked."""

    code: str
    """Four characters ``[A-Z0-9]``."""
    name: str
    email: str
    language: str
    lots: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """What the buyer decides on one item."""

    code: str
    asked: bool
    consequence: str
    """If missing: ``default``, ``blocks`` or ``none``."""


@dataclass(frozen=True, slots=True)
class RequirementChoice:
    """What the buyer demands in the specification."""

    code: str
    text: str
    kind: str
    adjustable: bool
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A factor that the buyer replaces in this campaign, as typed on *Facteurs*."""

    place: int
    """Row, from 1."""
    process: str
    value: float | None
    """Its impact on climate change per unit; None where another process stands in its place."""
    by: str
    """Another process: of the same set (``BC-14087``), or of another (``base-carbone@23.6/BC-14087``); or empty."""
    reason: str
    source: str
    """Where the value is written."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """Everything that the buyer's workbook states."""

    code: str
    """Six characters ``[A-Z0-9]``."""
    title: str
    template: str
    """``restauration-scolaire@1.0.0``."""
    phase: Phase
    procedure: str
    """A code of the list PROCEDURE (``p1`` …, texts ``campaign``), or the buyer's own words."""
    amount: float | None
    """Estimated value of the contract, EUR before tax."""
    deadline: datetime
    """With its time zone."""
    buyer: str
    contact: str
    email: str
    channel: Channel
    profile: str
    """Address of the *profil d'acheteur*."""
    language: str
    round: int
    """Rounds start at 1; a changed campaign needs a new one, or an erratum."""
    erratum: str
    """Why an issued campaign was changed; empty otherwise."""
    open_canvas: bool
    """Also issue one canvas per lot that names no supplier."""
    lots: tuple[Lot, ...]
    suppliers: tuple[Supplier, ...]
    items: tuple[ItemChoice, ...]
    requirements: tuple[RequirementChoice, ...]
    price_spread: float
    """Expected standard deviation of prices, per cent of their mean: what weights would really weigh depends on it."""
    replacements: tuple[Replacement, ...] = ()
