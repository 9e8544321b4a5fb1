"""Two offers compared: how large the difference is, which lines make it, whether it can be told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from examples import FURNITURE, MEALS

from canevas_xl.impact.assess import assess, generic_lot
from canevas_xl.impact.figures import by_line, total
from canevas_xl.impact.gaps import offer_gaps
from canevas_xl.impact.verdict import verdict_on_offers
from canevas_xl.model.answer import answers_of
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Fitness, Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.offer import OfferKey
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import Origin


def key(name: str) -> OfferKey:
    return OfferKey(1, name, 1, 0)


@pytest.fixture(scope="module")
def assessed(shipped: Callable[[str], Template], starter: FactorSet, method: Method) -> Callable[..., Impacts]:
    def of(name: str, answers: dict[str, float | str]) -> Impacts:
        template = shipped(name)
        return assess(
            template, generic_lot(template), answers_of(answers, Origin.DOCUMENT), (starter, method), "default"
        )

    return of


@pytest.fixture(scope="module")
def meals(assessed: Callable[..., Impacts]) -> dict[OfferKey, Impacts]:
    return {key(name): assessed("restauration-scolaire", answers) for name, answers in MEALS.items()}


def test_pairs_stand_in_order_of_impact_and_name_the_lines(meals: dict[OfferKey, Impacts], starter: FactorSet) -> None:
    gaps = offer_gaps(meals, starter)
    assert [(gap.left.supplier, gap.right.supplier) for gap in gaps] == [("C", "A"), ("C", "B"), ("A", "B")]
    gas = gaps[2]
    assert gas.amount == pytest.approx(total(meals[key("B")]).known - total(meals[key("A")]).known)
    assert gas.relative == pytest.approx(gas.amount / total(meals[key("A")]).known)
    assert gas.lines[0].flow == "f41"  # the gas of the kitchen adds 0.28 kg, more than any menu
    assert gas.lines[0].right - gas.lines[0].left == pytest.approx(0.28, abs=0.005)
    whole = sum(
        abs(by_line(meals[key("B")])[line].known - part.known) for line, part in by_line(meals[key("A")]).items()
    )
    assert gas.lines[0].share == pytest.approx((gas.lines[0].right - gas.lines[0].left) / whole)


def test_what_the_data_leave_open_is_certain_and_what_firms_leave_open_less_so(
    meals: dict[OfferKey, Impacts], starter: FactorSet
) -> None:
    for gap in offer_gaps(meals, starter):
        assert gap.same_data.probability >= gap.own_data.probability
        assert gap.same_data.low < gap.amount < gap.same_data.high
        assert gap.own_data.high - gap.own_data.low > gap.same_data.high - gap.same_data.low


def test_a_small_difference_is_not_discernible_however_likely(
    assessed: Callable[..., Impacts], starter: FactorSet
) -> None:
    near = {**MEALS["A"], "D2": 36}
    (gap,) = offer_gaps(
        {key("A"): assessed("restauration-scolaire", MEALS["A"]), key("N"): assessed("restauration-scolaire", near)},
        starter,
    )
    assert gap.same_data.probability == 1.0
    assert gap.relative < 0.01
    assert not gap.discernible


def test_an_incomplete_offer_takes_no_part(assessed: Callable[..., Impacts], starter: FactorSet) -> None:
    silent = {name: value for name, value in FURNITURE["A"][0].items() if name != "DESK.M0"}
    offers = {key("A"): assessed("mobilier-bureau", FURNITURE["A"][0]), key("Z"): assessed("mobilier-bureau", silent)}
    assert offer_gaps(offers, starter) == ()


def test_many_offers_are_compared_with_the_next_and_with_the_lowest(
    assessed: Callable[..., Impacts], starter: FactorSet
) -> None:
    offers = {key(f"{n:02d}"): assessed("restauration-scolaire", {**MEALS["A"], "D2": 30 + n}) for n in range(18)}
    gaps = offer_gaps(offers, starter)
    assert len(gaps) == 17 + 16
    assert {gap.left.supplier for gap in gaps[17:]} == {"00"}


def verdict(
    template: Template, offers: list[Impacts], factors: FactorSet
) -> tuple[Fitness, list[str], dict[str, object]]:
    judged = verdict_on_offers(template, offers, factors)
    assert judged is not None
    return judged.fitness, [reason.code for reason in judged.reasons], dict(judged.reasons[0].facts)


def test_menus_that_differ_are_told_apart(
    shipped: Callable[[str], Template], meals: dict[OfferKey, Impacts], starter: FactorSet
) -> None:
    fitness, codes, facts = verdict(shipped("restauration-scolaire"), list(meals.values()), starter)
    assert fitness is Fitness.CHOOSE
    assert codes[:2] == ["received_told_apart", "received_weak_part"]
    assert facts["percent"] == 100


def test_alike_menus_only_orient(
    shipped: Callable[[str], Template], assessed: Callable[..., Impacts], starter: FactorSet
) -> None:
    near = [assessed("restauration-scolaire", {**MEALS["A"], "D2": km}) for km in (30, 33, 36)]
    fitness, codes, _ = verdict(shipped("restauration-scolaire"), near, starter)
    assert (fitness, codes[0]) == (Fitness.ORIENT, "received_alike")


def test_new_desks_rest_on_stand_ins_and_defaults(
    shipped: Callable[[str], Template], assessed: Callable[..., Impacts], starter: FactorSet
) -> None:
    template = shipped("mobilier-bureau")
    silent = [assessed("mobilier-bureau", FURNITURE[name][0]) for name in "CD"]
    fitness, codes, facts = verdict(template, silent, starter)
    assert (fitness, codes[0]) == (Fitness.INSUFFICIENT, "received_on_weak_data")
    assert facts["percent"] > 75
    told = [assessed("mobilier-bureau", FURNITURE[name][0]) for name in "ABC"]
    fitness, codes, _ = verdict(template, told, starter)
    assert (fitness, codes[0]) == (Fitness.ORIENT, "received_weak_difference")
    assert "received_defaults" in codes


def test_one_offer_alone_has_no_verdict(
    shipped: Callable[[str], Template], meals: dict[OfferKey, Impacts], starter: FactorSet
) -> None:
    assert verdict_on_offers(shipped("restauration-scolaire"), [meals[key("A")]], starter) is None
