"""Draws are paired: what offers share cancels out, what is theirs does not; nobody's draws hang on anybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canevas_xl.impact.assess import assess, generic_lot
from canevas_xl.impact.difference import PROXY_FLOOR, UNSTATED, WHOLE_PRODUCT_FLOOR, drawn_half_width, half_width
from canevas_xl.impact.uncertainty import (
    OWN_DATA,
    SAME_DATA,
    DoubtfulLine,
    View,
    chances,
    doubtful_lines,
    sampled,
    sigma,
)
from canevas_xl.model.answer import Answers
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template

INDEPENDENT = View(1.0, quantities=False)
"""Wrong on purpose: every factor drawn for each offer."""


def sixty_lines() -> tuple[tuple[DoubtfulLine, ...], tuple[DoubtfulLine, ...]]:
    """A, and B = A + 20 % on 5 of 60 lines of very different weights, each on a factor known within 50 %."""
    weights = np.random.default_rng(3).lognormal(0.0, 1.2, 60)
    first = tuple(DoubtfulLine(f"P{n:02d}", float(w), sigma(50.0), 0.0) for n, w in enumerate(weights))
    order = np.argsort(weights)
    raised = set(order[28:33].tolist())
    second = tuple(replace(line, amount=line.amount * 1.2) if n in raised else line for n, line in enumerate(first))
    return first, second


def probability(view: View, *offers: tuple[DoubtfulLine, ...]) -> float:
    left, right = sampled(offers, view)
    return chances(left, right).probability


def test_twenty_per_cent_on_five_of_sixty_lines_is_certain_paired_and_lost_when_drawn_apart() -> None:
    left, right = sixty_lines()
    assert probability(SAME_DATA, left, right) == 1.0
    assert probability(INDEPENDENT, left, right) == pytest.approx(0.54, abs=0.03)
    assert 0.5 < probability(OWN_DATA, left, right) < 1.0


@pytest.mark.parametrize("half_width", [10.0, 30.0, 50.0])
def test_draws_spread_as_stated(half_width: float) -> None:
    (drawn,) = sampled([(DoubtfulLine("P", 2.0, sigma(half_width), 0.0),)], SAME_DATA)
    assert np.median(drawn) == pytest.approx(2.0, rel=0.02)
    low, high = np.percentile(drawn, [2.5, 97.5])
    assert high == pytest.approx(2.0 * (1 + half_width / 100), rel=0.03)
    assert low == pytest.approx(2.0 / (1 + half_width / 100), rel=0.03)


def test_two_lines_on_one_process_share_its_doubt() -> None:
    twice = (DoubtfulLine("P", 1.0, sigma(50.0), 0.0), DoubtfulLine("P", 1.0, sigma(50.0), 0.0))
    once = (DoubtfulLine("P", 2.0, sigma(50.0), 0.0),)
    assert sampled([twice], SAME_DATA) == pytest.approx(sampled([once], SAME_DATA))


@pytest.mark.parametrize("view", [SAME_DATA, OWN_DATA])
def test_equal_offers_are_even(view: View) -> None:
    first, _ = sixty_lines()
    assert probability(view, first, first) == 0.5


def test_which_offer_comes_first_and_who_else_is_there_changes_no_draw() -> None:
    left, right = sixty_lines()
    other = (DoubtfulLine("Q", 3.0, sigma(30.0), sigma(10.0)),)
    alone = sampled([left, right], OWN_DATA)
    assert np.array_equal(sampled([other, right, left], OWN_DATA)[[2, 1]], alone)


lines = st.lists(
    st.builds(
        DoubtfulLine,
        st.sampled_from(["P", "Q", "R"]),
        st.floats(0.1, 10),
        st.floats(0.01, 0.3),
        st.floats(0, 0.05),
    ),
    min_size=1,
    max_size=4,
).map(tuple)


@given(lines, lines)
@settings(max_examples=20)
def test_either_way_round_the_chances_add_up_to_one(
    left: tuple[DoubtfulLine, ...], right: tuple[DoubtfulLine, ...]
) -> None:
    a, b = sampled([left, right], OWN_DATA, draws=1000)
    there, back = chances(a, b), chances(b, a)
    assert there.probability + back.probability == pytest.approx(1.0)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low <= there.high


def test_bands_leave_out_the_digits_on_which_processors_differ() -> None:
    left, right = sampled(sixty_lines(), OWN_DATA)
    told, nudged = chances(left, right), chances(left * (1 + 2**-52), right)
    assert (told.low, told.high) == (nudged.low, nudged.high)


def test_an_offer_without_lines_weighs_nothing() -> None:
    assert not sampled([()], OWN_DATA, draws=10).any()


def test_floors_and_declared_quantities(
    tiny: Template, tiny_factors: FactorSet, method: Method, answered: Callable[..., Answers]
) -> None:
    impacts = assess(tiny, generic_lot(tiny), answered(), (tiny_factors, method))
    found = {line.process: line for line in doubtful_lines(impacts, tiny_factors)}
    assert found["T-STEEL"].factor == sigma(10.0)
    assert found["T-TRUCK"].factor == sigma(70.0)
    assert found["T-FOOD"].factor == sigma(45.0)
    assert (found["T-FOOD"].quantity, found["T-STEEL"].quantity) == (0.0, sigma(10.0))
    gentler = {**tiny_factors.processes, "T-TRUCK": replace(tiny_factors.processes["T-TRUCK"], uncertainty_percent=5.0)}
    floored = {line.process: line for line in doubtful_lines(impacts, replace(tiny_factors, processes=gentler))}
    assert floored["T-TRUCK"].factor == sigma(50.0)


def test_a_whole_product_has_a_floor_whatever_it_is_measured_in(starter: FactorSet) -> None:
    beef, steel = starter.processes["AGB32-6111"], starter.processes["BC-26729"]
    assert drawn_half_width(replace(beef, uncertainty_percent=5.0), proxy=False) == WHOLE_PRODUCT_FLOOR
    assert drawn_half_width(replace(steel, uncertainty_percent=5.0), proxy=False) == 5.0


@pytest.mark.parametrize("name", ["AGB32-6111", "BC-24295", "BC-24309"])
def test_an_unknown_doubt_is_never_taken_for_a_small_one(starter: FactorSet, name: str) -> None:
    process = starter.processes[name]
    assert half_width(process, proxy=False) is None
    assert drawn_half_width(process, proxy=False) == UNSTATED
    assert drawn_half_width(process, proxy=True) == PROXY_FLOOR


def test_every_food_of_the_shipped_set_is_drawn_with_more_than_the_floor(starter: FactorSet) -> None:
    foods = [one for one in starter.processes.values() if one.source == "AGRIBALYSE"]
    assert foods
    assert all(one.whole_product for one in foods)
    assert min(drawn_half_width(one, proxy=False) for one in foods) >= WHOLE_PRODUCT_FLOOR
