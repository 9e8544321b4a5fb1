"""Drawing offers that could be, before there are any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from canevas_xl.impact.assess import generic_lot
from canevas_xl.impact.plausible import plausible_offers
from canevas_xl.impact.repair import scaled, sum_rules, whole_parts
from canevas_xl.model.answer import Answers
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.template import Rule, Template

TEMPLATES = ("restauration-scolaire", "mobilier-bureau", "informatique-postes")


def drawn(template: Template, factors: FactorSet, count: int = 60) -> list[dict[str, object]]:
    offers = plausible_offers(template, generic_lot(template), factors, count=count, seed=3)
    assert len(offers.answers) >= 0.9 * count
    return [{key: answer.value for key, answer in answers.items()} for answers in offers.answers]


def ruled(tiny: Template, **rule: object) -> Template:
    return tiny.model_copy(update={"rules": (Rule.model_validate({"code": "RULE", **rule}),)})


def with_field(tiny: Template, code: str, **changes: object) -> Template:
    fields = tuple(
        type(field).model_validate({**field.model_dump(), **changes}) if field.code == code else field
        for field in tiny.fields
    )
    return tiny.model_copy(update={"fields": fields})


def test_answers_stay_within_their_plausible_ranges(tiny: Template, tiny_factors: FactorSet) -> None:
    for offer in drawn(tiny, tiny_factors):
        assert 2 <= offer["LIFE"] <= 4
        assert 1 <= offer["FOOD"] <= 3
        assert offer["MODE"] in {"TRUCK", "TRAIN"}
        assert 0 <= offer["TOP.MASS"] <= 8


def test_an_amount_that_may_be_zero_is_absent_about_one_time_in_two(tiny: Template, tiny_factors: FactorSet) -> None:
    offers = drawn(tiny, tiny_factors, 200)
    assert 0.4 < np.mean([offer["KM"] == 0 for offer in offers]) < 0.6
    assert not any(offer["FOOD"] == 0 for offer in offers)


def test_ranges_per_something_follow_it(tiny: Template, tiny_factors: FactorSet) -> None:
    scaled_food = with_field(tiny, "FOOD", per="LIFE * N")
    for offer in drawn(scaled_food, tiny_factors):
        assert 1 <= offer["FOOD"] / (offer["LIFE"] * 10) <= 3


def test_ranges_that_depend_on_a_choice_follow_it(tiny: Template, tiny_factors: FactorSet) -> None:
    by_mode = with_field(tiny, "KM", plausible_by=[{"when": "MODE = 'TRAIN'", "min": 500, "max": 600}])
    for offer in drawn(by_mode, tiny_factors):
        assert offer["KM"] >= 500 if offer["MODE"] == "TRAIN" else offer["KM"] <= 100


def test_what_is_not_asked_is_not_drawn(tiny: Template, tiny_factors: FactorSet) -> None:
    conditional = with_field(tiny, "KM", asked_if="MODE = 'TRAIN'", not_applicable=0)
    for offer in drawn(conditional, tiny_factors):
        assert ("KM" in offer) == (offer["MODE"] == "TRAIN")


def test_whole_numbers_are_whole(tiny: Template, tiny_factors: FactorSet) -> None:
    whole = with_field(tiny, "FOOD", type="integer")
    assert {offer["FOOD"] for offer in drawn(whole, tiny_factors)} == {1, 2, 3}


def test_rules_hold(tiny: Template, tiny_factors: FactorSet) -> None:
    choosy = ruled(tiny, holds="MODE != 'TRUCK' or KM < 20", severity="doubt", about=["MODE", "KM"])
    for offer in drawn(choosy, tiny_factors):
        assert offer["MODE"] == "TRAIN" or offer["KM"] < 20


def test_an_offer_that_cannot_respect_a_rule_is_left_out(tiny: Template, tiny_factors: FactorSet) -> None:
    impossible = ruled(tiny, holds="FOOD > 5", severity="blocks", about=["FOOD"])
    offers = plausible_offers(impossible, generic_lot(tiny), tiny_factors, count=3)
    assert offers.answers == ()
    assert offers.impacts["cch"].shape == (0,)


def test_a_menu_plan_has_its_twenty_meals_and_its_frequencies(
    shipped: Callable[[str], Template], starter: FactorSet
) -> None:
    for offer in drawn(shipped("restauration-scolaire"), starter):
        dishes = [offer[f"P{number:02d}"] for number in range(1, 13)]
        assert sum(dishes) == 20
        assert all(dish == int(dish) for dish in dishes)
        assert sum(dishes[:3]) >= 4
        assert dishes[6] + dishes[7] >= 4
        assert sum(dishes[8:]) >= 4


def test_parts_of_furniture_do_not_outweigh_it(shipped: Callable[[str], Template], starter: FactorSet) -> None:
    for offer in drawn(shipped("mobilier-bureau"), starter):
        for product in ("DESK", "CHAIR"):
            parts = sum(offer.get(f"{product}.M{i}", 0.0) for i in range(1, 7))
            assert parts <= 1.02 * offer[f"{product}.M0"] * (1 + 1e-9)
        assert offer["A"] == "OUI" or offer["DESK.M2"] + offer["CHAIR.M2"] == 0


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_drawn_offer_has_a_known_impact(
    shipped: Callable[[str], Template], starter: FactorSet, name: str
) -> None:
    template = shipped(name)
    offers = plausible_offers(template, generic_lot(template), starter, count=30)
    assert np.all(offers.impacts["cch"] > 0)
    assert offers.impacts["cch"].std() > 0


def test_the_same_seed_draws_the_same_offers(tiny: Template, tiny_factors: FactorSet) -> None:
    def answers(seed: int) -> tuple[Answers, ...]:
        return plausible_offers(tiny, generic_lot(tiny), tiny_factors, count=5, seed=seed).answers

    assert answers(1) == answers(1)
    assert answers(1) != answers(2)


def test_sums_are_found_through_derived_values(shipped: Callable[[str], Template]) -> None:
    (menu,) = sum_rules(shipped("restauration-scolaire"))
    assert menu.fields == tuple(f"P{number:02d}" for number in range(1, 13))
    assert menu.whole
    (masses,) = sum_rules(shipped("mobilier-bureau"))
    assert (masses.table, sorted(masses.fields)) == ("PRODUCTS", ["M1", "M2", "M3", "M4", "M5", "M6"])
    assert not masses.whole


@pytest.mark.parametrize("limit", [4.0, 9.0, 15.0])
def test_parts_move_in_proportion_and_stay_in_their_ranges(limit: float) -> None:
    ranges = np.array([[1.0, 6.0], [2.0, 6.0], [0.0, 6.0]])
    moved = scaled(np.array([2.0, 5.0, 3.0]), limit, ranges)
    assert moved.sum() == pytest.approx(limit)
    assert np.all((ranges[:, 0] <= moved) & (moved <= ranges[:, 1]))


def test_absent_parts_stay_absent_when_others_can_grow() -> None:
    ranges = np.array([[0.0, 6.0], [0.0, 6.0]])
    assert scaled(np.array([0.0, 2.0]), 5.0, ranges).tolist() == [0, 5]
    assert scaled(np.array([0.0, 0.0]), 6.0, ranges).sum() == pytest.approx(6)


def test_whole_parts_add_up_exactly() -> None:
    ranges = np.array([[0.0, 6.0]] * 5)
    fitted = whole_parts(np.array([5.0, 4.0, 6.0, 1.0, 3.0]), 11, ranges)
    assert fitted.sum() == 11
    assert np.all(fitted == np.floor(fitted))


def test_a_limit_out_of_reach_is_not_reached() -> None:
    ranges = np.array([[0.0, 2.0], [0.0, 2.0]])
    assert scaled(np.array([1.0, 1.0]), 10.0, ranges).tolist() == [2, 2]
