"""Owns the units: a small table, checked when templates and factors are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures, and how many of the dimension's first unit it holds."""

    code: str
    dimension: str
    factor: float = 1.0


UNITS: Final = {
    unit.code: unit
    for unit in (
        Unit("kg", "mass"), Unit("g", "mass", 1e-3), Unit("t", "mass", 1e3),
        Unit("kWh", "energy"), Unit("kWh_LHV", "energy_lhv"), Unit("kWh_HHV", "energy_hhv"), Unit("MJ", "heat"),
        Unit("m", "length"), Unit("m2", "area"),
        Unit("L", "volume"), Unit("m3", "volume", 1e3),
        Unit("km", "distance"), Unit("t.km", "freight"), Unit("vehicle.km", "driving"),
        Unit("passenger.km", "travel"),
        Unit("year", "duration"), Unit("week", "weeks"), Unit("hour", "hours"), Unit("day", "days"),
        Unit("item", "items"), Unit("meal", "meals"), Unit("dish", "dishes"), Unit("inhabitant", "people"),
        Unit("%", "share", 1e-2), Unit("1", "number"), Unit("EUR", "money"),
        Unit("km/round", "distance per round"), Unit("round/week", "frequency"),
        Unit("L/100km", "consumption"), Unit("kWh/100km", "consumption_electric"), Unit("kWh/year", "power"),
        Unit("unit/100km", "consumption_any"), Unit("count/year", "yearly"),
    )
}  # fmt: skip
"""Every unit that a template or a factor may name. LHV and HHV kilowatt-hours are different things."""
