"""Owns the inventory and the impacts: quantities of processes, and what they cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from canevas_xl.model.answer import Answers
from canevas_xl.model.expression import Partial
from canevas_xl.model.vocabulary import ControlledBy


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One flow (of one table row) of one offer, per functional unit."""

    flow: str
    row: str
    """Row of the flow's table; empty without one."""
    perimeter: str
    stage: str
    """A stage of the vocabulary, or ``own``."""
    process: str | None
    """None while the choice that names it is unknown."""
    quantity: float | None
    """Per functional unit, in the unit of the process; None while unknown."""
    controlled_by: ControlledBy
    proxy: bool
    on_default: bool
    """Rests on at least one published default value."""
    unit: str = ""
    """Of the quantity, and of the process."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one line causes at one stage."""

    line: InventoryLine
    stage: str
    impacts: Any
    """numpy array over the perimeter's indicators, NaN where unknown."""


@dataclass(frozen=True, slots=True)
class Impacts:
    """What one offer causes per functional unit: contributions, from which ``impact.figures`` reads every figure."""

    indicators: Mapping[str, tuple[str, ...]]
    """By perimeter, in the order of the arrays of its contributions."""
    contributions: tuple[Contribution, ...]
    points: Mapping[str, float]
    """Millipoints of the single score per unit of each category of the method."""


@dataclass(frozen=True, slots=True)
class Step:
    """One term of a figure: quantity × factor, and where the factor is written."""

    flow: str
    row: str
    perimeter: str
    stage: str
    process: str | None
    quantity: float | None
    unit: str
    factor: float | None
    """Of the indicator, per unit of the process at this stage."""
    amount: float | None
    """Quantity × factor, per functional unit; None while unknown."""
    source: str
    """Source, version and identifier as the set states them."""
    reference_year: int | None
    uncertainty_percent: float | None
    proxy: bool
    on_default: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A figure followed to its lines, factors and sources."""

    indicator: str
    total: Partial
    """Per functional unit."""
    steps: tuple[Step, ...]
    """Largest first, unknown ones before all."""
    factor_set: str
    """``starter@2026.1.0``."""
    sha256: str


@dataclass(frozen=True, slots=True)
class PlausibleOffers:
    """Answers drawn within plausible ranges, and what they cause: what offers could look like before there are any."""

    answers: tuple[Answers, ...]
    inventories: tuple[tuple[InventoryLine, ...], ...]
    impacts: Mapping[str, Any]
    """By indicator: numpy array, per functional unit, one value per offer, NaN where unknown."""


class Fitness(StrEnum):
    """What data are fit for."""

    CHOOSE = "choose"
    ORIENT = "orient"
    """Fit to orient the need, not to separate offers."""
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that the verdict rests on; ``texts/verdict`` words it by its code."""

    code: str
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the data can carry, and why."""

    fitness: Fitness
    reasons: tuple[Reason, ...]
    """The deciding ones first."""


@dataclass(frozen=True, slots=True)
class Burden:
    """What answering costs a supplier."""

    answers: int
    minutes: float
    days_to_get: float
    """The longest wait for a document: waits run side by side."""
