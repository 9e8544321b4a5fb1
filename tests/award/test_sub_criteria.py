"""Sub-criteria: what a leaf gets, what its criterion makes of it, and what totals must respect whatever they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.award.comparison import compare, total_points
from canevas_xl.award.weights import Market, reversal_risk, simulated_values, weighed
from canevas_xl.findings.messages import message, remedy
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Measure, every_criterion, leaves

PRICE = Criterion("P", "Prix", CriterionKind.PRICE, 50.0, "F1", tie_break=2)
CLIMATE = Criterion("E1", "Climat", CriterionKind.IMPACT, 70.0, "F5", "cch", 10.0, 510.0)
HELP = Criterion("E2", "Conseil", CriterionKind.OTHER, 30.0, "F7")
GREEN = Criterion("E", "Environnement", CriterionKind.GROUP, 30.0, "", tie_break=1, parts=(CLIMATE, HELP))
COST = Criterion("C", "Coût", CriterionKind.COST, 20.0, "F3")
CRITERIA = (PRICE, GREEN, COST)
BEST = np.array([[-1], [-1], [1], [-1]])
"""Whether more is better, leaf by leaf."""

offers = st.integers(1, 6).flatmap(
    lambda count: st.lists(st.lists(st.floats(50, 500), min_size=count, max_size=count), min_size=4, max_size=4)
).map(np.array)  # fmt: skip


def totals_of(values: np.ndarray, criteria: tuple[Criterion, ...] = CRITERIA) -> np.ndarray:
    return np.asarray(total_points(criteria, values))


def test_leaves_weigh_what_they_are_of_the_total() -> None:
    assert [(one.code, one.weight) for one in leaves(CRITERIA)] == [("P", 50), ("E1", 21), ("E2", 9), ("C", 20)]
    assert [one.code for one in every_criterion(CRITERIA)] == ["P", "E", "E1", "E2", "C"]


def test_a_criterion_gets_the_weighted_sum_of_its_sub_criteria() -> None:
    values = np.array([[100.0, 200], [110, 310], [40, 80], [500, 750]])
    compared = compare(CRITERIA, values).value
    climate, help_ = np.array([80.0, 40.0]), np.array([50.0, 100.0])
    assert compared.notes[2].tolist() == pytest.approx(climate)
    assert compared.notes[1].tolist() == pytest.approx(0.7 * climate + 0.3 * help_)
    expected = 0.5 * np.array([100, 50]) + 0.3 * compared.notes[1] + 0.2 * np.array([100, 50])
    assert [one.total for one in compared.ranked] == pytest.approx(expected)


def test_without_sub_criteria_nothing_changes() -> None:
    flat = leaves(CRITERIA)
    values = np.array([[100.0, 200, 130], [110, 310, 250], [40, 80, 60], [500, 750, 600]])
    assert totals_of(values, flat) == pytest.approx(totals_of(values))


def test_a_criterion_lacks_its_note_while_a_sub_criterion_does() -> None:
    values = np.array([[100.0, 200], [110, 310], [np.nan, np.nan], [500, 750]])
    compared = compare(CRITERIA, values).value
    assert np.isnan(compared.notes[1]).all()
    assert not np.isnan(compared.notes[2]).any()
    assert [one.rank for one in compared.ranked] == [None, None]


def test_a_criterion_with_sub_criteria_and_a_sub_criterion_part_equals() -> None:
    flat = Criterion("P", "Prix", CriterionKind.PRICE, 100.0, "F5", low=0.0, high=1.0)
    for tie in (replace(GREEN, weight=0.0), replace(GREEN, weight=0.0, tie_break=0, parts=(CLIMATE, tied(HELP)))):
        values = np.array([[0.5, 0.5], [200, 200], [40, 80]])
        ranked = compare((flat, tie), values).value.ranked
        assert [(one.offer, one.rank) for one in ranked] == [(1, 1), (0, 2)]


def tied(criterion: Criterion) -> Criterion:
    return replace(criterion, tie_break=1)


@given(offers)
def test_notes_and_totals_stay_within_their_points(values: np.ndarray) -> None:
    compared = compare(CRITERIA, values).value
    assert np.all((compared.notes >= 0) & (compared.notes <= 100 + 1e-9))
    assert all(0 <= one.total <= 100 + 1e-9 for one in compared.ranked)


@given(offers, st.integers(0, 3), st.floats(0.5, 1))
def test_an_offer_that_improves_on_a_leaf_never_loses_points(values: np.ndarray, leaf: int, better: float) -> None:
    after = values.copy()
    after[leaf, 0] = values[leaf, 0] * better if BEST[leaf, 0] < 0 else values[leaf, 0] / better
    assert totals_of(after)[0] >= totals_of(values)[0] - 1e-9


@given(offers)
def test_an_offer_that_is_best_everywhere_has_the_best_total(values: np.ndarray) -> None:
    best = (BEST * values).max(axis=1) * BEST[:, 0]
    with_best = np.concatenate([values, best[:, None]], axis=1)
    totals = totals_of(with_best)
    assert totals[-1] >= totals.max() - 1e-9


@given(offers, st.integers(0, 99))
def test_the_order_of_offers_does_not_matter(values: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(values.shape[1])
    assert totals_of(values[:, order]) == pytest.approx(totals_of(values)[order], rel=1e-12)


@given(offers, st.sampled_from([0, 2, 3]), st.sampled_from([1e-3, 7.0, 1e3]))
def test_the_unit_of_a_value_does_not_matter(values: np.ndarray, leaf: int, unit: float) -> None:
    scaled = values.copy()
    scaled[leaf] *= unit
    assert totals_of(scaled) == pytest.approx(totals_of(values), rel=1e-9)


@given(offers)
def test_equal_offers_get_equal_notes(values: np.ndarray) -> None:
    twice = np.concatenate([values, values], axis=1)
    notes = compare(CRITERIA, twice).value.notes
    assert np.array_equal(notes[:, : values.shape[1]], notes[:, values.shape[1] :])


@given(offers)
def test_the_order_of_sub_criteria_does_not_matter(values: np.ndarray) -> None:
    swapped = (PRICE, replace(GREEN, parts=(HELP, CLIMATE)), COST)
    assert totals_of(values[[0, 2, 1, 3]], swapped) == pytest.approx(totals_of(values), rel=1e-12)


# --- What weights really weigh ------------------------------------------------------------------------------------


def market(mean_price: float | None = 40_000.0, costing: Costing | None = None) -> Market:
    drawn = np.random.default_rng(7).standard_normal(2000)
    impacts = 200 * np.maximum(0.1, 1 + 0.3 * drawn)
    return Market({"cch": impacts}, 10.0, mean_price=mean_price, costing=costing,
                  measures={Measure.IMPACT: impacts, Measure.ENERGY: 10 * impacts})  # fmt: skip


COSTING = Costing(years=5, units=60.0, energy="f2", energy_price=0.2, discount=3.0)


def test_leaves_are_what_is_weighed() -> None:
    checked = weighed(CRITERIA, market(costing=COSTING))
    assert [one.criterion for one in checked.value] == ["P", "E1", "E2", "C"]
    assert sum(one.published for one in checked.value) == pytest.approx(1)
    assert sum(one.effective for one in checked.value) == pytest.approx(1)


def test_a_neutralised_sub_criterion_is_said_by_its_name() -> None:
    flat = replace(GREEN, parts=(replace(CLIMATE, low=0.0, high=1e6), HELP))
    said = [one for one in weighed((PRICE, flat, COST), market(costing=COSTING)).findings if one.code == "A301"]
    assert [one.place.key for one in said] == ["E1"]


def test_a_losing_offer_can_change_the_winner_through_a_sub_criterion() -> None:
    leaning = replace(GREEN, weight=50.0, parts=(replace(CLIMATE, formula="F2"), HELP))
    criteria = leaves((PRICE, leaning))
    assert reversal_risk(criteria, simulated_values(criteria, market())) > 0


def test_a_cost_is_simulated_from_the_estimated_amount() -> None:
    values = simulated_values(leaves(CRITERIA), market(costing=COSTING))
    energy = (values[3] - values[0]) / (5 * 0.2 / 1.03**3)
    assert np.median(energy) == pytest.approx(2000, rel=0.05)
    assert np.corrcoef(energy.ravel(), values[1].ravel())[0, 1] > 0.99


def test_a_criterion_on_an_answer_is_weighed_on_what_plausible_offers_answer() -> None:
    years = Criterion("G", "Garantie", CriterionKind.ANSWER, 50.0, "F7", item="G")
    drawn = replace(market(), answers={"G": np.linspace(2, 15, 2000)})
    values = simulated_values((years,), drawn)
    assert (values.min(), values.max()) == (pytest.approx(2, abs=0.1), pytest.approx(15, abs=0.1))
    assert weighed((replace(PRICE, weight=50.0), years), drawn).value[1].effective > 0.5
    assert "A305" in [one.code for one in weighed((replace(PRICE, weight=50.0), years), market()).findings]


@pytest.mark.parametrize("without", [market(None, COSTING), market(40_000.0)])
def test_a_cost_that_cannot_be_simulated_is_said(without: Market) -> None:
    said = [one for one in weighed(CRITERIA, without).findings if one.code == "A306"]
    assert [one.place.key for one in said] == ["C"]
    assert all(message(said[0], language) and remedy(said[0], language) for language in ("fr", "en"))
