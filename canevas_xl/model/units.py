"""Owns the units: those that a template or a factor may name, checked when either is loaded."""

from __future__ import annotations

from typing import Final

UNITS: Final = frozenset(
    {
        "kg", "g", "t",
        "kWh", "kWh_LHV", "kWh_HHV", "MJ",
        "m", "m2", "L", "m3",
        "km", "t.km", "vehicle.km", "passenger.km",
        "year", "week", "hour", "day",
        "item", "meal", "dish", "inhabitant", "%", "1", "EUR",
        "km/round", "round/week", "L/100km", "kWh/100km", "unit/100km", "kWh/year", "count/year",
    }
)  # fmt: skip
"""None is ever turned into another. LHV and HHV kilowatt-hours are different things; texts ``terms`` word them all."""
