"""Two offers compared: how large the difference is, which lines make it, whether it can be told."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
from examples import FURNITURE, MEALS

from canevas_xl.impact.assess import assess, generic_lot
from canevas_xl.impact.figures import by_line, total
from canevas_xl.impact.gaps import discernible, offer_gaps
from canevas_xl.impact.verdict import verdict_on_offers
from canevas_xl.model.answer import answers_of
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Fitness, Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.offer import OfferKey
from canevas_xl.model.score import Chances
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import ControlledBy, Origin
from canevas_xl.resources import data_folder


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


def test_luck_of_the_draw_tells_no_offers_apart() -> None:
    assert not discernible(Chances(0.9017, 0.0, 1.0), 0.07)
    assert discernible(Chances(0.91, 0.0, 1.0), 0.07)


@cache
def published() -> dict[str, tuple[float | None, bool]]:
    """Half-width, and whether it is of a whole product, as the shipped files say it."""
    folder = data_folder("factors") / "sets" / "starter" / "2026.1.0"
    with (folder / "processes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["id"]: (
                float(row["uncertainty_percent"]) if row["uncertainty_percent"] else None,
                row["unit"] in {"item", "meal"} or len(row["contains"].split()) > 1,
            )
            for row in csv.DictReader(file)
        }


def doubt(process: str, *, proxy: bool) -> float:
    stated, whole = published()[process]
    if stated is None and not proxy:
        return 45.0
    return max(stated or 0.0, 50.0 if proxy else 0.0, 30.0 if whole else 0.0)


def drawn_again(offers: list[Impacts], own: float, quantity: float) -> list[Any]:
    """The same model with other draws, line by line: σ = ln(1 + U)/1.96, shared and own parts by their variances."""
    source, count = np.random.default_rng(2027), 40_000
    lines = [{(c.line.flow, c.line.row): c.line for c in impacts.contributions} for impacts in offers]
    processes = sorted({line.process for one in lines for line in one.values() if line.process})
    shared = {process: source.standard_normal(count) for process in processes}
    totals = []
    for impacts, one in zip(offers, lines, strict=True):
        apart = {process: source.standard_normal(count) for process in processes}
        amount = np.zeros(count)
        for place, part in by_line(impacts).items():
            line = one[place]
            z = np.sqrt(1 - own) * shared[line.process] + np.sqrt(own) * apart[line.process]
            size = np.log(1 + doubt(line.process, proxy=line.proxy) / 100) / 1.96 * z
            if line.controlled_by is ControlledBy.SUPPLIER:
                size = size + np.log(1 + quantity / 100) / 1.96 * source.standard_normal(count)
            amount += part.known * np.exp(size)
        totals.append(amount)
    return totals


def test_chances_and_bands_computed_a_second_way(meals: dict[OfferKey, Impacts], starter: FactorSet) -> None:
    same, own = (drawn_again(list(meals.values()), *view) for view in ((0.0, 0.0), (0.5, 10.0)))
    place = {key: at for at, key in enumerate(meals)}
    for gap in offer_gaps(meals, starter):
        left, right = place[gap.left], place[gap.right]
        for told, drawn in ((gap.same_data, same), (gap.own_data, own)):
            difference = drawn[right] - drawn[left]
            assert told.probability == pytest.approx((difference > 0).mean(), abs=0.012)
            low, high = np.percentile(difference, [5, 95])
            assert (told.low, told.high) == pytest.approx((low, high), abs=0.05 * (high - low))


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
