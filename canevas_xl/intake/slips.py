"""Owns the unit slips: a number a thousand times off, typed in the unit above or below; a share for a percentage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SIBLINGS: Final = {
    "kg": ("g", "t"),
    "g": ("mg", "kg"),
    "kWh": ("Wh", "MWh"),
    "kWh_HHV": ("Wh", "MWh"),
    "kWh/year": ("Wh", "MWh"),
    "L": ("mL", "m³"),
    "km": ("m", "Mm"),
    "km/round": ("m", "Mm"),
}
"""Unit → the units a thousand times smaller and larger, by their symbols."""
PERCENT: Final = "%"
EXACT: Final = 1e-9
"""How far beyond a bound rounding may carry a number, relatively."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a number probably was meant to be."""

    value: float
    """In the unit that was asked."""
    unit: str
    """The symbol of the unit that it seems to have been typed in; empty for a share."""
    code: str = "C222"
    """Of what is said of it."""


def slip(value: float, unit: str, low: float, high: float) -> Slip | None:
    """Find the slip that would bring ``value`` between ``low`` and ``high``; None where none does.

    A range that starts at zero would take any number divided by a thousand: there, only what ends in the upper nine
    tenths of the range counts as recognised. Half a percent is nearly always half of all, and asked about even where
    it may stand: spreadsheets keep 50 % as 0.5.
    """
    if unit == PERCENT:
        return Slip(100 * value, "", "C229") if 0 < value < 1 and inside(100 * value, low, high) else None
    if unit not in SIBLINGS or value <= 0 or inside(value, low, high):
        return None
    floor = max(low, high / 10) if low <= 0 else low
    smaller, larger = SIBLINGS[unit]
    for meant, symbol in ((value / 1000, smaller), (value * 1000, larger)):
        if inside(meant, floor, high):
            return Slip(meant, symbol)
    return None


def inside(value: float, low: float, high: float) -> bool:
    """Say whether a value lies within bounds, both included, rounding aside."""
    return low - EXACT * abs(low) <= value <= high + EXACT * abs(high)
