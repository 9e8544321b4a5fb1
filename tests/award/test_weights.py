"""What weights really weigh, on simulated procedures."""

from __future__ import annotations

import numpy as np
import pytest

from canevas_xl.award.weights import (
    Market,
    effective_weights,
    reversal_risk,
    simulated_notes,
    simulated_values,
    weighed,
)
from canevas_xl.model.campaign import Criterion, CriterionKind


def criteria(impact: str = "F1", price: str = "F1", weight: float = 30.0, **bounds: float) -> tuple[Criterion, ...]:
    return (
        Criterion("PRICE", "Prix", CriterionKind.PRICE, 100 - weight, price),
        Criterion("IMPACT", "Impact", CriterionKind.IMPACT, weight, impact, **bounds),
    )


def impacts(spread: float, count: int = 4000) -> dict[str, np.ndarray]:
    drawn = 1 + spread * np.random.default_rng(7).standard_normal(count)
    return {"cch": 1.3 * np.maximum(drawn, 0.05)}


def market(impact_spread: float, price_spread: float, offers: int = 8) -> Market:
    return Market(impacts(impact_spread), price_spread, offers)


@pytest.mark.parametrize(("impact", "price", "expected"), [(0.05, 15.0, 0.14), (0.40, 10.0, 0.56)])
def test_thirty_per_cent_weighs_what_the_spreads_make_of_it(impact: float, price: float, expected: float) -> None:
    weights = weighed(criteria(), market(impact, price)).value
    assert weights[1].published == pytest.approx(0.30)
    assert weights[1].effective == pytest.approx(expected, abs=0.012)


def test_effective_weights_are_the_shares_of_weight_times_deviation() -> None:
    notes = np.array([[100.0, 80.0, 60.0], [50.0, 50.0, 80.0]])
    force = 70 * notes[0].std(), 30 * notes[1].std()
    weights = effective_weights(criteria(), notes)
    assert [w.effective for w in weights] == pytest.approx([f / sum(force) for f in force])


def test_a_criterion_on_which_all_are_equal_weighs_nothing_and_is_said_to_be_neutralised() -> None:
    checked = weighed(criteria("F5", low=0.0, high=100.0), market(0.05, 15.0))
    assert checked.value[1].effective < 0.01
    assert "A301" in [finding.code for finding in checked.findings]


def test_narrow_bounds_make_a_criterion_decide_more_than_it_says() -> None:
    checked = weighed(criteria("F5", weight=10.0, low=1.25, high=1.35), market(0.1, 5.0))
    assert [f.code for f in checked.findings if f.place.key == "IMPACT"] == ["A302"]


def test_min_max_is_warned_about() -> None:
    assert "A303" in [f.code for f in weighed(criteria("F2"), market(0.1, 10.0)).findings]


def test_formulas_that_lean_on_others_carry_a_risk_that_fixed_bounds_do_not() -> None:
    leaning, fixed = criteria("F2", "F2"), criteria("F5", "F5", low=0.9, high=1.8)
    fixed = (Criterion("PRICE", "Prix", CriterionKind.PRICE, 70, "F5", low=0.7, high=1.4), fixed[1])
    both = [simulated_values(c, market(0.15, 15.0, offers=4)) for c in (leaning, fixed)]
    assert reversal_risk(leaning, both[0]) > 0.01
    assert reversal_risk(fixed, both[1]) == 0.0
    assert "A304" in [f.code for f in weighed(leaning, market(0.15, 15.0, offers=4)).findings]


def test_an_indicator_that_is_not_computed_is_said() -> None:
    other = (*criteria()[:1], Criterion("EF", "Eau", CriterionKind.IMPACT, 30, "F1", indicator="wtu"))
    checked = weighed(other, market(0.1, 10.0))
    assert "A305" in [f.code for f in checked.findings]
    assert np.isnan(checked.value[1].effective)


def test_the_same_seed_gives_the_same_procedures() -> None:
    first, second = (simulated_values(criteria(), market(0.1, 10.0)) for _ in range(2))
    assert np.array_equal(first, second)


def test_notes_of_criteria_judged_by_people_go_through_the_published_formula() -> None:
    judged = (*criteria(), Criterion("TECH", "Technique", CriterionKind.OTHER, 20, "F7"))
    values = simulated_values(judged, market(0.1, 10.0))
    best = values[2].max(axis=-1, keepdims=True)
    assert np.allclose(simulated_notes(judged, values).value[2], 100 * values[2] / best)


def test_notes_without_a_formula_are_taken_as_they_are() -> None:
    judged = (*criteria(), Criterion("TECH", "Technique", CriterionKind.OTHER, 20, ""))
    values = simulated_values(judged, market(0.1, 10.0))
    assert np.array_equal(simulated_notes(judged, values).value[2], values[2])
