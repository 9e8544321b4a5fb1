"""Who is compared with whom, and what the rural code asks of the winner."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from canevas_xl.award.comparison import comparable, compare
from canevas_xl.award.food import food_findings
from canevas_xl.findings.finding import Place
from canevas_xl.findings.messages import message, remedy
from canevas_xl.model.campaign import Criterion, CriterionKind

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


@pytest.mark.parametrize(("note", "code"), [(40.0, "S201"), (39.99, "S202"), (100.0, "S201")])
def test_the_retained_food_must_reach_four_tenths(note: float, code: str) -> None:
    (said,) = food_findings(CRITERIA, np.array([80.0, note, 70.0]), Place(key="L1 S001 R1"), "Cantine")
    assert (said.code, said.kind.severity) == (code, "information")
    for language in ("fr", "en"):
        assert all(part in message(said, language) for part in ("R230-30-2", "Cantine"))
        assert remedy(said, language)


@pytest.mark.parametrize("weight", [9.9, 30.1])
def test_outside_ten_to_thirty_per_cent_the_rule_on_food_does_not_apply(weight: float) -> None:
    criteria = (PRICE, replace(IMPACT, weight=weight), NOTE)
    assert food_findings(criteria, np.array([80.0, 10.0, 70.0]), Place(), "Cantine") == []


def test_an_unknown_note_says_nothing() -> None:
    assert food_findings(CRITERIA, np.array([NAN, NAN, NAN]), Place(), "Cantine") == []
