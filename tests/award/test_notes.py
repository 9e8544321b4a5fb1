"""The award formulas: figures checked by hand, and what every formula must respect."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from canevas_xl.award.formulas import FORMULAS, depends_on_others, expression, notes
from canevas_xl.award.totals import ranking, totals
from canevas_xl.findings.finding import found
from canevas_xl.findings.messages import message, remedy
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.rules.evaluate import evaluate

LOWER_IS_BETTER = ("F1", "F2", "F3", "F4", "F5", "F6")
BANDS = ((90.0, 1.0), (110.0, 0.6), (130.0, 0.2))

values_of_offers = st.lists(st.floats(50, 500), min_size=1, max_size=8).map(np.array)


def criterion(formula: str, **changed: object) -> Criterion:
    plain = Criterion("C1", "Impact", CriterionKind.IMPACT, 40.0, formula, low=90.0, high=140.0, bands=BANDS)
    return replace(plain, low=None, high=None, **changed) if formula == "F7" else replace(plain, **changed)


def given_notes(formula: str, *values: float, points: float = 40.0, **changed: object) -> list[float]:
    return notes(criterion(formula, **changed), np.array(values), points).value.tolist()


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("F1", [40, 35.714285714, 29.629629630]),
        ("F2", [40, 26.285714286, 0]),
        ("F3", [40, 35.2, 26]),
        ("F5", [32, 22.4, 4]),
        ("F6", [24, 8, 0]),
    ],
)
def test_three_offers_get_the_notes_checked_by_hand(formula: str, expected: list[float]) -> None:
    assert given_notes(formula, 100, 112, 135) == pytest.approx(expected, abs=1e-9)


def test_the_mean_formula_gives_half_the_points_to_the_mean_offer() -> None:
    assert given_notes("F4", 80, 100, 120) == pytest.approx([24, 20, 16])


def test_higher_is_better_in_f7_and_bounds_mirror_f5() -> None:
    assert given_notes("F7", 5, 10, 2.5) == pytest.approx([20, 40, 10])
    bounded = replace(criterion("F7"), low=2.0, high=12.0)
    assert notes(bounded, np.array([2.0, 7.0, 14.0]), 40).value == pytest.approx([0, 20, 40])


def test_equal_values_all_get_the_points_of_min_max() -> None:
    assert given_notes("F2", 100, 100, 100) == [40, 40, 40]


def test_values_equal_but_for_floating_point_are_equal_for_min_max() -> None:
    assert given_notes("F2", 0.3, 0.1 + 0.2) == [40, 40]


@pytest.mark.parametrize("formula", ["F1", "F3", "F4"])
@pytest.mark.parametrize("lowest", [0.0, -200.0])
def test_proportional_formulas_refuse_values_that_are_not_positive(formula: str, lowest: float) -> None:
    checked = notes(criterion(formula), np.array([100.0, lowest]))
    if formula == "F4" and lowest == 0.0:
        assert checked.findings == ()
        return
    assert np.isnan(checked.value).all()
    assert [finding.code for finding in checked.findings] == ["A201"]


@pytest.mark.parametrize(
    "broken",
    [{"low": None}, {"low": 140.0, "high": 90.0}, {"low": 90.0, "high": 90.0}],
)
def test_f5_without_two_bounds_in_order_is_refused(broken: dict[str, float | None]) -> None:
    checked = notes(replace(criterion("F5"), **broken), np.array([100.0, 120.0]))
    assert np.isnan(checked.value).all()
    assert checked.blocked


def test_f6_without_bands_is_refused() -> None:
    assert notes(criterion("F6", bands=()), np.array([100.0])).blocked


@pytest.mark.parametrize("formula", ["", "F9"])
def test_a_formula_that_does_not_exist_is_refused_by_name(formula: str) -> None:
    checked = notes(criterion(formula), np.array([100.0, 120.0]))
    assert [finding.code for finding in checked.findings] == ["A202"]
    assert "F1, F2" in remedy(checked.findings[0], "fr")
    assert not depends_on_others(criterion(formula))


def test_an_unknown_value_has_no_note_and_changes_no_other() -> None:
    with_hole = given_notes("F2", 100, float("nan"), 135)
    assert np.isnan(with_hole[1])
    assert [with_hole[0], with_hole[2]] == given_notes("F2", 100, 135)


def test_many_procedures_are_computed_at_once() -> None:
    procedures = np.array([[100.0, 112.0, 135.0], [-1.0, 5.0, 6.0]])
    checked = notes(criterion("F1"), procedures, 40)
    assert checked.value[0] == pytest.approx([40, 35.714285714, 29.629629630])
    assert np.isnan(checked.value[1]).all()


@pytest.mark.parametrize("formula", LOWER_IS_BETTER)
@given(values=values_of_offers)
def test_a_lower_value_never_gets_a_lower_note(formula: str, values: np.ndarray) -> None:
    got = notes(criterion(formula), values, 40).value
    order = np.argsort(values, kind="stable")
    assert np.all(np.diff(got[order]) <= 1e-12)


@pytest.mark.parametrize("formula", FORMULAS)
@given(values=values_of_offers)
def test_notes_stay_within_the_points(formula: str, values: np.ndarray) -> None:
    got = notes(criterion(formula), values, 40).value
    assert np.all((got >= 0) & (got <= 40))


@pytest.mark.parametrize("formula", ["F1", "F2", "F3"])
@given(values=values_of_offers)
def test_the_best_offer_gets_all_points(formula: str, values: np.ndarray) -> None:
    assert notes(criterion(formula), values, 40).value[np.argmin(values)] == 40


@pytest.mark.parametrize("formula", FORMULAS)
@given(values=values_of_offers)
def test_the_best_offer_gets_the_best_note(formula: str, values: np.ndarray) -> None:
    got = notes(criterion(formula), values, 40).value
    best = np.argmax(values) if formula == "F7" else np.argmin(values)
    assert got[best] == got.max()


@pytest.mark.parametrize("formula", ["F1", "F2", "F3", "F4", "F7"])
@given(values=values_of_offers, unit=st.sampled_from([1e-3, 0.25, 7.0, 1e3]))
def test_the_unit_of_the_values_does_not_matter(formula: str, values: np.ndarray, unit: float) -> None:
    assume(np.ptp(values) > 1e-6 or np.ptp(values) == 0)
    got = notes(criterion(formula), values * unit, 40).value
    assert got == pytest.approx(notes(criterion(formula), values, 40).value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("formula", FORMULAS)
@given(values=values_of_offers, seed=st.integers(0, 99))
def test_the_order_of_offers_does_not_matter(formula: str, values: np.ndarray, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(values))
    shuffled = notes(criterion(formula), values[order], 40).value
    assert shuffled == pytest.approx(notes(criterion(formula), values, 40).value[order], rel=1e-12)


@pytest.mark.parametrize("formula", FORMULAS)
@given(values=values_of_offers)
def test_equal_offers_get_equal_notes(formula: str, values: np.ndarray) -> None:
    twice = notes(criterion(formula), np.concatenate([values, values]), 40).value
    assert np.array_equal(twice[: len(values)], twice[len(values) :])


@pytest.mark.parametrize(("formula", "leans"), [("F1", True), ("F4", True), ("F5", False), ("F6", False), ("F7", True)])
def test_a_formula_leans_on_other_offers_when_it_names_them(formula: str, leans: bool) -> None:  # noqa: FBT001 - a table
    assert depends_on_others(criterion(formula)) is leans


def weighed_totals(formula: str, weights: tuple[float, float], *offers: tuple[float, float]) -> list[float]:
    price = replace(criterion(formula), code="P", kind=CriterionKind.PRICE, weight=weights[0])
    impact = replace(criterion(formula), weight=weights[1])
    table = np.array(offers).T
    both = np.stack([notes(c, table[i]).value for i, c in enumerate((price, impact))])
    return totals((price, impact), both).tolist()


def test_a_losing_offer_changes_the_winner_under_f1() -> None:
    a, b, c = (100, 60), (115, 50), (400, 20)
    assert weighed_totals("F1", (50, 50), a, b) == pytest.approx([91.67, 93.48], abs=0.005)
    assert weighed_totals("F1", (50, 50), a, b, c) == pytest.approx([66.67, 63.48, 62.50], abs=0.005)


def test_a_losing_offer_changes_the_winner_under_f2() -> None:
    a, b, c = (100, 60), (115, 50), (180, 52)
    assert weighed_totals("F2", (60, 40), a, b) == pytest.approx([60, 40])
    assert weighed_totals("F2", (60, 40), a, b, c)[:2] == pytest.approx([60, 88.75])


@given(values=values_of_offers, other=st.floats(1, 1000))
def test_no_offer_can_change_the_note_of_another_under_f5(values: np.ndarray, other: float) -> None:
    alone = notes(criterion("F5"), values, 40).value
    assert np.array_equal(notes(criterion("F5"), np.append(values, other), 40).value[:-1], alone)


def test_refusals_are_worded_in_both_languages() -> None:
    finding = found("A201", criterion="Prix", formula="F1", lowest=-3.5)
    assert "F1" in message(finding, "fr")
    assert "-3,5" in message(finding, "fr")
    assert remedy(finding, "en")


def offers_with(totals_wanted: list[float], breaking: list[float]) -> tuple[tuple[Criterion, ...], np.ndarray]:
    main = Criterion("C1", "Prix", CriterionKind.PRICE, 100.0, "F5")
    tie = Criterion("C2", "Impact", CriterionKind.IMPACT, 0.0, "F5", tie_break=1)
    return (main, tie), np.array([totals_wanted, breaking])


def test_ranks_follow_unrounded_totals() -> None:
    ranked = ranking(*offers_with([80.001, 80.002, 90.0], [0, 0, 0]))
    assert [(r.offer, r.rank) for r in ranked] == [(2, 1), (1, 2), (0, 3)]


def test_noise_of_floating_point_does_not_rank() -> None:
    ranked = ranking(*offers_with([80.0, 80.0 * (1 + 1e-12), 70.0], [1, 1, 1]))
    assert [(r.rank, r.tied) for r in ranked] == [(1, True), (1, True), (3, False)]


def test_the_published_tie_break_decides_between_equals() -> None:
    ranked = ranking(*offers_with([80.0, 80.0, 90.0], [20.0, 30.0, 0.0]))
    assert [(r.offer, r.rank) for r in ranked] == [(2, 1), (1, 2), (0, 3)]


def test_an_offer_with_an_unknown_total_is_listed_without_a_rank() -> None:
    ranked = ranking(*offers_with([80.0, float("nan")], [1, 1]))
    assert [(r.offer, r.rank) for r in ranked] == [(0, 1), (1, None)]


def test_a_criterion_without_weight_needs_no_note() -> None:
    criteria, both = offers_with([80.0, 70.0], [float("nan"), 1.0])
    assert totals(criteria, both).tolist() == [80.0, 70.0]


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_has_a_tree_for_spreadsheets(formula: str) -> None:
    assert expression(criterion(formula))


@dataclass(frozen=True)
class Known:
    """The names of one offer, for the evaluator of all other expressions."""

    values: dict[str, float]

    def value(self, name: str) -> float:
        return self.values[name]

    def rows(self, _table: str) -> None:
        return None


@pytest.mark.parametrize("formula", FORMULAS)
@given(values=values_of_offers)
def test_arrays_and_expressions_agree_on_what_a_formula_means(formula: str, values: np.ndarray) -> None:
    chosen = criterion(formula)
    others = {"LOWEST": float(values.min()), "HIGHEST": float(values.max()), "MEAN": float(values.mean())}
    published = {"N": 40.0, "FAN": 2.0, "L": 90.0, "H": 140.0}
    one_by_one = [evaluate(expression(chosen), Known({"V": float(v), **others, **published})) for v in values]
    assert notes(chosen, values, 40).value == pytest.approx(one_by_one, rel=1e-12, abs=1e-12)
