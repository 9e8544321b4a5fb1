"""Owns life-cycle cost and the fictitious price."""

from __future__ import annotations

import numpy as np

from canevas_xl.award.arrays import Array
from canevas_xl.model.note import LifeCycleCost


def life_cycle_cost(cost: LifeCycleCost) -> float:
    """Give A + Σₜ (E·p·(1+g)ᵗ + K)/(1+r)ᵗ + (D−R)/(1+r)ᵀ + Σ q·c, EUR; payments fall at the end of each year."""
    year = np.arange(1, cost.years + 1, dtype=np.float64)
    energy = cost.energy_per_year * cost.energy_price * (1 + cost.energy_growth) ** year
    running = (energy + cost.maintenance_per_year) / (1 + cost.discount_rate) ** year
    end = (cost.disposal - cost.residual_value) / (1 + cost.discount_rate) ** cost.years
    outside = sum(quantity * price for quantity, price in cost.externalities)
    return float(cost.acquisition + np.sum(running) + end + outside)


def fictitious_price(price: Array, impact: Array, low: float, high: float, deduction: float) -> Array:
    """Give P − Dmax·clip((H−I)/(H−L), 0, 1), in the currency of ``price``; only where externalities are priced.

    Args:
        price: shape (offers,).
        impact: shape (offers,), per functional unit, NaN where unknown.
        low: L, the impact that earns the whole deduction.
        high: H, the impact that earns none; above ``low``.
        deduction: Dmax, in the currency of ``price``.

    Raises:
        ValueError: the bounds are equal or reversed.
    """
    if not high > low:
        raise ValueError((low, high))
    return np.asarray(price - deduction * np.clip((high - impact) / (high - low), 0.0, 1.0), dtype=np.float64)
