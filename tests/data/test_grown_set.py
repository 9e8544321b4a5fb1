"""Release 2026.2.0 of the starter set, and the release before of its foods, looked at as data."""

from __future__ import annotations

import csv
import math
from collections import Counter

import pytest

from canevas_xl import resources
from canevas_xl.adapters.store.factor_sets import load_factor_set, shipped_factor_set, shipped_shelf
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL

CCH = INDICATORS.index(CLIMATE)
GROWN, FIRST, BEFORE = "starter@2026.2.0", "starter@2026.1.0", "starter@2025.1.0"


@pytest.fixture(scope="module")
def grown() -> FactorSet:
    return shipped_factor_set(GROWN)


def table(reference: str, name: str) -> list[dict[str, str]]:
    with shipped_shelf().joinpath(*reference.split("@"), name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("reference", [GROWN, BEFORE])
def test_there_is_nothing_to_be_said_against_it(reference: str) -> None:
    assert load_factor_set(shipped_shelf().joinpath(*reference.split("@"))).findings == ()


def test_it_holds_three_hundred_foods_and_two_hundred_and_fifty_factors_of_base_carbone_for_lists(
    grown: FactorSet,
) -> None:
    offered = Counter(process.source for process in grown.processes.values() if not process.withdrawn)
    assert offered["AGRIBALYSE"] == 600
    assert offered["ADEME Base Carbone"] == 605


def test_it_covers_the_purchases_of_public_buyers(grown: FactorSet) -> None:
    groups = Counter(process.group for process in grown.processes.values() if not process.withdrawn)
    wanted = {
        "food", "energy", "transport_freight", "transport_passenger", "materials", "it_devices", "furniture",
        "textiles", "end_of_life", "paper", "cleaning_chemicals", "roads_and_buildings", "paint", "vehicles",
        "grounds", "food_meals", "digital_services", "appliances", "sports", "electrical_equipment", "water",
    }  # fmt: skip
    assert set(groups) == wanted


def test_rows_of_the_first_release_are_the_same_to_the_last_digit(grown: FactorSet) -> None:
    first = shipped_factor_set(FIRST)
    for process, row in first.processes.items():
        assert grown.processes[process] == row
        assert grown.stages(process) == first.stages(process)
        for stage in (*first.stages(process), TOTAL):
            assert grown.impacts(process, stage) == first.impacts(process, stage)


def test_foods_stand_by_six_stages_that_come_near_their_total(grown: FactorSet) -> None:
    for process in grown.processes.values():
        if process.group == "food" and process.id != "AGB32-5214":
            assert len(grown.stages(process.id)) == 6
            for summed, total in zip(grown.whole(process.id), grown.impacts(process.id, TOTAL), strict=True):
                assert summed == pytest.approx(total, rel=0.05)


def test_published_single_scores_come_out_of_the_method() -> None:
    method = shipped_method("ef-3.1")
    for reference in (GROWN, BEFORE):
        factors = shipped_factor_set(reference)
        for row in table(reference, "published_scores.csv"):
            values = factors.impacts(row["process"], TOTAL)
            score = math.fsum(method.points(code) * (v or 0.0) for code, v in zip(INDICATORS, values, strict=True))
            assert score == pytest.approx(float(row["single_score_mpt"]), rel=0.0054)


def test_every_row_says_where_it_comes_from_and_what_it_may_be_used_for(grown: FactorSet) -> None:
    for process in grown.processes.values():
        assert process.source_id
        assert process.name_en
        assert grown.licences[process.licence].may_be_sent
        assert '"' not in process.name_fr or process.source == "AGRIBALYSE"


def test_defective_rows_stay_out_with_their_reason(grown: FactorSet) -> None:
    left = {(row["source"], row["source_id"]): row["reason"] for row in table(GROWN, "left_out.csv")}
    seven = {"25998", "26232", "26013", "26037", "26034", "27029", "9901"}
    assert {code for (_, code), reason in left.items() if reason == "single_score_is_not_the_sum"} == seven
    assert left["AGRIBALYSE", "22000"] == left["AGRIBALYSE", "9340_1"] == "wrong_at_the_source"
    assert left["AGRIBALYSE", "5215"] == "stages_lost"
    assert left["ADEME Base Carbone", "34667"] == "avoided_emissions"
    held = {(process.source, process.source_id) for process in grown.processes.values()}
    assert not held & set(left)


def test_no_copy_of_agribalyse_and_no_credit_came_in_from_base_carbone(grown: FactorSet) -> None:
    for process in grown.processes.values():
        climate = grown.impacts(process.id, TOTAL)[CCH]
        assert climate is not None
        assert climate > 0 or process.withdrawn == "avoided_emissions"
    assert not any("poids net" in process.note for process in grown.processes.values())


def test_euros_and_power_plants_are_withdrawn_from_every_list(grown: FactorSet) -> None:
    assert all(one.withdrawn == "money_is_not_a_quantity" for one in grown.processes.values() if one.unit == "EUR")
    assert grown.processes["BC-42773"].withdrawn == "power_plant_is_not_the_grid"


def test_reasons_are_worded_in_both_languages_and_no_word_is_left_over() -> None:
    sets = [shipped_factor_set(reference) for reference in (GROWN, FIRST, BEFORE)]
    reasons = {process.withdrawn for one in sets for process in one.processes.values() if process.withdrawn}
    for language in resources.LANGUAGES:
        worded = {key.removeprefix("withdrawn.") for key in resources.texts("factors", language)}
        assert reasons <= worded


def test_families_are_closed_offered_and_mutually_exclusive(grown: FactorSet) -> None:
    assert {"freight", "vehicle_energy", "main_dish", "computer", "grid_electricity", "asphalt"} <= set(grown.families)
    for choices in grown.families.values():
        processes = [grown.processes[process] for process in choices.values()]
        assert not any(process.withdrawn for process in processes)
        data = [process.same_as or process.id for process in processes]
        assert len(set(data)) == len(data)


def test_labels_of_families_are_short_in_both_languages() -> None:
    for row in table(GROWN, "families.csv"):
        assert 0 < len(row["label_fr"]) <= 40
        assert 0 < len(row["label_en"]) <= 40


@pytest.mark.parametrize(
    ("word", "process"),
    [("poids lourd", "BC-43643"), ("lorry", "BC-43718"), ("pulses", "AGB32-20504"), ("camionnette", "BC-43735"),
     ("goudron", "BC-20705"), ("solar", "BC-34720"), ("canteen", "BC-20682")],
)  # fmt: skip
def test_people_find_a_row_by_the_words_that_they_type(grown: FactorSet, word: str, process: str) -> None:
    assert word in grown.words[process]


def test_the_release_before_holds_the_same_foods_and_offers_none() -> None:
    before, first = shipped_factor_set(BEFORE), shipped_factor_set(FIRST)
    codes = {process.source_id for process in before.processes.values()}
    assert codes <= {process.source_id for process in first.processes.values() if process.source == "AGRIBALYSE"}
    assert len(codes) >= 45
    assert all(process.withdrawn == "older_release" for process in before.processes.values())
