"""Owns the inventory and the impacts: quantities of processes, and what they cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one line causes at one stage."""

    line: InventoryLine
    stage: str
    impacts: Any
    """numpy array over the perimeter's indicators, NaN where unknown."""
