"""Owns the unit slips: a number a thousand times off, because it was typed in the unit above or below."""

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
EXACT: Final = 1e-9
"""How far beyond a bound rounding may carry a number, relatively."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a number probably was meant to be."""

    value: float
    """In the unit that was asked."""
    unit: str
    """The symbol of the unit that it seems to have been typed in."""


def slip(value: float, unit: str, low: float, high: float) -> Slip | None:
    """Find the slip of a thousand that would bring ``value`` between ``low`` and ``high``; None where none does.

    A range that starts at zero would take any number divided by a thousand: there, only what ends in the upper nine
    tenths of the range counts as recognised.
    """
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
