"""Owns the campaign: what a buyer states before anything is issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from canevas_xl.model.vocabulary import Phase


class Channel(StrEnum):
    """How canvases come back."""

    EMAIL = "email"
    PROFILE = "profile"


class CriterionKind(StrEnum):
    """What a criterion looks at."""

    PRICE = "price"
    IMPACT = "impact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One published criterion of a lot."""

    code: str
    label: str
    kind: CriterionKind
    weight: float
    """Per cent of the total."""
    formula: str
    """``F1`` … ``F7``."""
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
