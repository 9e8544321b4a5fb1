"""Life-cycle cost and fictitious price, against figures worked out term by term."""

from __future__ import annotations

import numpy as np
import pytest

from canevas_xl.award.cost import fictitious_price, life_cycle_cost
from canevas_xl.model.note import LifeCycleCost


def test_without_rates_costs_just_add_up() -> None:
    cost = LifeCycleCost(
        1000, 5, 100, 0.2, maintenance_per_year=30, disposal=50, residual_value=80, externalities=((400, 0.1),)
    )
    assert life_cycle_cost(cost) == pytest.approx(1000 + 5 * (100 * 0.2 + 30) + 50 - 80 + 40)


def test_energy_grows_and_everything_is_discounted() -> None:
    cost = LifeCycleCost(500, 2, 1000, 0.15, 0.1, maintenance_per_year=10, disposal=22, discount_rate=0.05)
    first = (1000 * 0.15 * 1.1 + 10) / 1.05
    second = (1000 * 0.15 * 1.21 + 10 + 22) / 1.1025
    assert life_cycle_cost(cost) == pytest.approx(500 + first + second)


def test_a_good_bought_and_used_for_no_year_costs_its_price_and_its_end() -> None:
    assert life_cycle_cost(LifeCycleCost(500, 0, 1000, 0.15, disposal=20)) == 520


def test_the_deduction_is_whole_at_the_lower_bound_and_none_at_the_upper() -> None:
    price = np.array([100.0, 100.0, 100.0, 100.0])
    impact = np.array([5.0, 10.0, 15.0, 30.0])
    assert fictitious_price(price, impact, 10, 20, 8).tolist() == [92, 92, 96, 100]


def test_reversed_bounds_are_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="20"):
        fictitious_price(np.array([1.0]), np.array([1.0]), 20, 10, 1)
