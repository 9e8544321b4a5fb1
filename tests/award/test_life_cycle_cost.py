"""Life-cycle cost and fictitious price, against sums year by year and figures worked out term by term."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.award.cost import coefficients, cost, measures, prices_impact
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Measure

COST, FICTITIOUS = CriterionKind.COST, CriterionKind.FICTITIOUS
WHOLE = Costing(
    years=5, units=60.0, energy="f2", energy_price=0.2, energy_growth=4.0, discount=3.0, maintenance=True, end=True,
    carbon_price=0.15,
)  # fmt: skip
OFFER = {
    Measure.PRICE: 27_000.0, Measure.ENERGY: 2_100.0, Measure.MAINTENANCE: 300.0, Measure.DISPOSAL: 500.0,
    Measure.RESIDUAL: 1_200.0, Measure.IMPACT: 9.62,
}  # fmt: skip


def year_by_year(costing: Costing, of: dict[Measure, float]) -> float:
    """A + Σₜ (E·p·(1+g)ᵗ + K)/(1+r)ᵗ + (D−R)/(1+r)ᵀ + q·c, one year after the other."""
    assert costing.years is not None
    whole = of[Measure.PRICE]
    for year in range(1, costing.years + 1):
        price = (costing.energy_price or 0) * (1 + costing.energy_growth / 100) ** year
        whole += (of[Measure.ENERGY] * price + of[Measure.MAINTENANCE]) / (1 + costing.discount / 100) ** year
    whole += (of[Measure.DISPOSAL] - of[Measure.RESIDUAL]) / (1 + costing.discount / 100) ** costing.years
    return whole + of[Measure.IMPACT] * (costing.units or 0) * costing.years * (costing.carbon_price or 0)


def test_a_whole_cost_is_the_sum_of_its_years() -> None:
    assert float(cost(COST, WHOLE, OFFER)) == pytest.approx(year_by_year(WHOLE, OFFER), rel=1e-12)
    assert float(cost(COST, WHOLE, OFFER)) == pytest.approx(30_364.95, abs=0.01)


@given(
    st.integers(1, 40), st.floats(-20, 20), st.floats(0, 20), st.floats(0, 1),
    st.lists(st.floats(0, 1e5), min_size=6, max_size=6),
)  # fmt: skip
def test_every_cost_is_the_sum_of_its_years(
    years: int, growth: float, discount: float, price: float, of: list[float]
) -> None:
    costing = Costing(years, 12.0, "f2", price, growth, discount, maintenance=True, end=True, carbon_price=0.1)
    offer = dict(zip(Measure, of, strict=True))
    assert float(cost(COST, costing, offer)) == pytest.approx(year_by_year(costing, offer), rel=1e-9, abs=1e-6)


def test_without_rates_costs_just_add_up() -> None:
    plain = Costing(years=4, units=1.0, energy="f2", energy_price=0.25)
    offer = {Measure.PRICE: 1000.0, Measure.ENERGY: 100.0}
    assert float(cost(COST, plain, offer)) == pytest.approx(1000 + 4 * 100 * 0.25)


def test_what_is_not_announced_does_not_count() -> None:
    plain = Costing(years=4, discount=3.0, maintenance=True)
    assert list(coefficients(COST, plain)) == [Measure.PRICE, Measure.MAINTENANCE]
    known = {Measure.PRICE: 1000.0, Measure.MAINTENANCE: 0.0}
    assert float(cost(COST, plain, known)) == 1000
    assert float(cost(COST, plain, {**known, Measure.IMPACT: 99.0, Measure.DISPOSAL: 99.0})) == 1000


@pytest.mark.parametrize("measure", Measure)
def test_what_counts_and_is_unknown_makes_the_cost_unknown(measure: Measure) -> None:
    assert np.isnan(cost(COST, WHOLE, {**OFFER, measure: float("nan")}))
    assert np.isnan(cost(COST, WHOLE, {one: value for one, value in OFFER.items() if one is not measure}))


def test_a_number_that_was_not_stated_is_not_zero() -> None:
    assert np.isnan(cost(COST, Costing(discount=3.0, maintenance=True), OFFER))
    assert np.isnan(cost(COST, Costing(years=5, energy="f2"), OFFER))


def test_the_deduction_is_whole_at_the_lower_bound_and_none_at_the_upper() -> None:
    costing = Costing(deduction=8.0, low=10.0, high=20.0)
    offers = {Measure.PRICE: np.full(4, 100.0), Measure.IMPACT: np.array([5.0, 10.0, 15.0, 30.0])}
    assert cost(FICTITIOUS, costing, offers).tolist() == [92, 92, 96, 100]


def test_an_external_cost_adds_the_impact_to_the_price() -> None:
    costing = Costing(years=5, units=60.0, carbon_price=0.15)
    assert float(cost(FICTITIOUS, costing, OFFER)) == pytest.approx(27_000 + 9.62 * 60 * 5 * 0.15)
    assert list(coefficients(FICTITIOUS, WHOLE)) == [Measure.PRICE, Measure.IMPACT]


def test_measures_are_those_that_some_cost_counts() -> None:
    both = [Criterion("A", "Coût", COST, 50, "F1"), Criterion("B", "Prix fictif", FICTITIOUS, 50, "F1")]
    costing = Costing(years=5, discount=3.0, maintenance=True, deduction=8.0, low=1.0, high=2.0)
    assert measures(both[:1], costing) == (Measure.PRICE, Measure.MAINTENANCE)
    assert measures(both, costing) == (Measure.PRICE, Measure.MAINTENANCE, Measure.IMPACT)
    assert measures([Criterion("P", "Prix", CriterionKind.PRICE, 100, "F1")], costing) == ()
    assert (prices_impact(COST, costing), prices_impact(FICTITIOUS, costing)) == (False, True)


@given(st.floats(0, 1e3), st.floats(0, 1e3), st.booleans())
def test_a_heavier_offer_never_costs_less(left: float, right: float, deduct: bool) -> None:  # noqa: FBT001 - drawn
    costing = Costing(deduction=50.0, low=10.0, high=500.0) if deduct else WHOLE
    low, high = sorted((left, right))
    amounts = [cost(FICTITIOUS, costing, {**OFFER, Measure.IMPACT: one}) for one in (low, high)]
    assert amounts[0] <= amounts[1]
