"""Who is compared with whom, and what the rural code asks of the winner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from canevas_xl.award.comparison import comparable, compare
from canevas_xl.award.food import food_findings
from canevas_xl.findings.finding import Finding, Place
from canevas_xl.findings.messages import message, remedy
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Lot

NAN = float("nan")
PRICE = Criterion("C1", "Prix", CriterionKind.PRICE, 50.0, "F1", tie_break=2)
IMPACT = Criterion("C2", "Impact", CriterionKind.IMPACT, 30.0, "F1", tie_break=1)
NOTE = Criterion("C3", "Technique", CriterionKind.OTHER, 20.0, "F7")
CRITERIA = (PRICE, IMPACT, NOTE)


def test_an_offer_that_lacks_what_another_has_is_out() -> None:
    values = np.array([[100, 120, NAN], [60, 50, 40], [70, 80, 90]], dtype=float)
    assert comparable(values).tolist() == [True, True, False]


def test_what_nobody_has_yet_keeps_nobody_out() -> None:
    values = np.array([[100, 120], [60, 50], [NAN, NAN]])
    compared = compare(CRITERIA, values)
    assert comparable(values).tolist() == [True, True]
    assert compared.findings == ()
    assert compared.value.notes[0].tolist() == [100, pytest.approx(100 * 100 / 120)]
    assert [one.rank for one in compared.value.ranked] == [None, None]


def test_nobodys_note_leans_on_an_offer_that_is_out() -> None:
    values = np.array([[100, 120, 10], [60, 50, NAN], [70, 80, 100]], dtype=float)
    compared, alone = compare(CRITERIA, values).value, compare(CRITERIA, values[:, :2]).value
    assert np.array_equal(compared.notes[:, :2], alone.notes)
    assert np.isnan(compared.notes[:, 2]).all()
    assert [(one.offer, one.total) for one in compared.ranked] == [(one.offer, one.total) for one in alone.ranked]


def test_places_are_those_of_the_values_given() -> None:
    values = np.array([[NAN, 120, 100], [60, 50, 50], [70, 80, 80]], dtype=float)
    assert [(one.offer, one.rank) for one in compare(CRITERIA, values).value.ranked] == [(2, 1), (1, 2)]


def test_equal_totals_are_parted_by_the_published_tie_break() -> None:
    values = np.array([[100, 50.0], [50.0, 100], [80, 80]])
    ranked = compare((replace(PRICE, weight=40.0), replace(IMPACT, weight=40.0), NOTE), values).value.ranked
    assert [(one.offer, one.rank, one.tied) for one in ranked] == [(0, 1, False), (1, 2, False)]


def test_without_criteria_nobody_has_a_rank() -> None:
    compared = compare((), np.empty((0, 3)))
    assert [one.rank for one in compared.value.ranked] == [None, None, None]


def test_a_formula_that_cannot_apply_is_said() -> None:
    compared = compare(CRITERIA, np.array([[100, 120], [0, 50], [70, 80]], dtype=float))
    assert [finding.code for finding in compared.findings] == ["A201"]
    assert [one.rank for one in compared.value.ranked] == [None, None]


def retained(note: float, *criteria: Criterion, costing: Costing | None = None) -> list[Finding]:
    """What is said of food retained with that note on the first of the criteria that are not the price."""
    lot = Lot(1, "Repas", {}, criteria=(PRICE, *criteria, NOTE), costing=costing)
    notes = {one.code: 70.0 for one in lot.criteria} | {criteria[0].code: note}
    return food_findings(lot, notes, Place(key="L1 S001 R1"), "Cantine")


@pytest.mark.parametrize(("note", "code"), [(40.0, "S201"), (39.99, "S202"), (100.0, "S201")])
def test_the_retained_food_must_reach_four_tenths(note: float, code: str) -> None:
    (said,) = retained(note, IMPACT)
    assert (said.code, said.kind.severity) == (code, "information")
    for language in ("fr", "en"):
        assert all(part in message(said, language) for part in ("R230-30-2", "Cantine"))
        assert remedy(said, language)


@pytest.mark.parametrize("weight", [9.9, 30.1])
def test_outside_ten_to_thirty_per_cent_the_rule_on_food_does_not_apply(weight: float) -> None:
    assert retained(10.0, replace(IMPACT, weight=weight)) == []


def test_the_rule_on_food_looks_at_the_criterion_as_published_not_at_its_parts() -> None:
    parts = (replace(IMPACT, code="E1", weight=30.0), replace(NOTE, code="E2", weight=70.0))
    group = Criterion("E", "Environnement", CriterionKind.GROUP, 20.0, "", parts=parts)
    (said,) = retained(50.0, group)
    assert (said.code, dict(said.facts)["criterion"]) == ("S201", "Environnement")


def test_a_price_that_counts_externalities_is_what_the_rule_on_food_is_about() -> None:
    price = Criterion("F", "Prix fictif", CriterionKind.FICTITIOUS, 30.0, "F1")
    assert [one.code for one in retained(39.0, price, costing=Costing(years=1, units=1.0, carbon_price=0.1))] == [
        "S202"
    ]
    cost = replace(price, kind=CriterionKind.COST)
    assert retained(39.0, cost, costing=Costing(years=1, maintenance=True)) == []


def test_an_unknown_note_says_nothing() -> None:
    assert retained(NAN, IMPACT) == []
