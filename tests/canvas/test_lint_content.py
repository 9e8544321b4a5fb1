"""Lint, items and flows: what is asked can be answered, borne and verified; what is counted is counted once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from lint_samples import Sample

from canevas_xl.model.template import Template
from canevas_xl.rules.effort import effort

Spoil = Callable[[Sample], object]


def spoilt(spoil: Spoil) -> Sample:
    sample = Sample()
    spoil(sample)
    return sample


@pytest.mark.parametrize(
    ("code", "spoil", "place"),
    [
        ("T231", lambda s: s.of("fields", "A1").pop("minutes"), "fields.A1.minutes"),
        ("T231", lambda s: s.column("T2").pop("minutes"), "tables.LEGS.columns.T2.minutes"),
        ("T232", lambda s: s.of("fields", "E1").pop("evidence"), "fields.E1.evidence"),
        ("T248", lambda s: s.column("T1").pop("contractual"), "tables.LEGS.columns.T1.contractual"),
        ("T235", lambda s: s.of("fields", "P1").update(hard={"min": 60, "max": 50}), "fields.P1.hard"),
        ("T235", lambda s: s.of("fields", "P1").update(plausible={"min": 9, "max": 8}), "fields.P1.plausible"),
        ("T235", lambda s: s.of("parameters", "N").update(hard={"min": 2, "max": 1}), "parameters.N"),
        ("T236", lambda s: s.of("fields", "P1").update(plausible={"min": 5, "max": 60}), "fields.P1.plausible"),
        ("T236", lambda s: s.of("fields", "E2")["plausible_by"][0].update(max=11), "fields.E2.plausible_by[0]"),
        ("T237", lambda s: s.of("fields", "P1")["default"].update(value=60), "fields.P1.default"),
        ("T237", lambda s: s.of("fields", "P1")["default"].update(value="GAS"), "fields.P1.default"),
        ("T237", lambda s: s.of("fields", "E1")["default"].update(value="COAL"), "fields.E1.default"),
        ("T237", lambda s: (s.of("fields", "P1").update(type="integer"),
                            s.of("fields", "P1")["default"].update(value=1.5)), "fields.P1.default"),
        ("T237", lambda s: s.data["tables"][0]["defaults"].update({"LEG1.T2": 3000}), "tables.LEGS.defaults.LEG1.T2"),
        ("T238", lambda s: s.of("parameters", "N").update(default=0), "parameters.N"),
        ("T240", lambda s: s.of("fields", "E2").pop("default"), "fields.E2.default"),
        ("T241", lambda s: s.of("fields", "A1").update(phases=["execution"]), "fields.A1.phases"),
        ("T241", lambda s: s.of("sections", "CUP").update(phases=["execution"]), "sections.CUP.phases"),
        ("T243", lambda s: s.of("fields", "P1").update(plausible={}, hard={"min": 0}), "fields.P1.plausible"),
        ("T245", lambda s: s.of("fields", "E1").update(phases=["sourcing"]), "fields.E1.phases"),
        ("T246", lambda s: s.data["tables"][0].update(required_rows=3), "tables.LEGS"),
        ("T247", lambda s: s.column("T1").update(fixed_by_buyer=True), "tables.LEGS"),
        ("T247", lambda s: s.of("fields", "A1").update(fixed_by_buyer=True), "fields.A1.fixed_by_buyer"),
        ("T221", lambda s: s.add("lists", code="COLOUR", options=[{"code": "RED"}]), "lists.COLOUR"),
        ("T222", lambda s: s.add("families", code="other", list="MODE",
                                 members={"TRUCK": "TINY-TRUCK", "TRAIN": "TINY-TRAIN"}), "families.other"),
        ("T223", lambda s: s.add("perimeters", code="extra", indicators=["cch"]), "perimeters.extra"),
        ("T224", lambda s: s.add("sections", code="EMPTY"), "sections.EMPTY"),
        ("T225", lambda s: s.of("fields", "A1").update(feeds="impact"), "fields.A1"),
        ("T271", lambda s: s.data.update(scale={"low": 2, "high": 2}), "scale"),
    ],
)  # fmt: skip
def test_what_is_asked_is_declared_soundly(code: str, spoil: Spoil, place: str) -> None:
    assert place in spoilt(spoil).places(code)


def test_a_scored_item_without_default_may_ask_back_instead() -> None:
    sample = Sample()
    del sample.of("fields", "E2")["default"]
    sample.of("fields", "E2")["consequence"] = "blocks"
    assert sample.codes() == set()


def asked(**keys: Any) -> dict[str, Any]:
    """One more field that only informs."""
    return {"section": "CUP", "type": "text", "feeds": "information", "consequence": "none", "minutes": 1, **keys}


def counted(sample: Sample) -> tuple[int, float]:
    whole = effort(Template.model_validate(sample.data))
    return whole.answers, whole.minutes


def test_an_open_table_counts_as_one_answer_and_a_row_of_minutes() -> None:
    """Four fields and one open table: 5 answers, 1 + 2 + 1 + 1 minutes, and 2 for the row that must exist."""
    assert counted(Sample()) == (5, 7.0)


def test_a_table_whose_rows_always_exist_counts_columns_by_rows() -> None:
    sample = Sample()
    sample.data["tables"][0]["open"] = False
    assert counted(sample) == (4 + 2 * 2, 5 + 2 * 2)


def test_rows_of_the_lot_count_once_and_what_the_buyer_fixes_not_at_all() -> None:
    sample = Sample()
    sample.data["tables"][0].update(open=False, rows_by_lot=True)
    sample.column("T1")["fixed_by_buyer"] = True
    assert counted(sample) == (4 + 1, 5 + 1)


def test_a_block_counts_as_one_answer_and_all_its_minutes() -> None:
    sample = Sample()
    for number in range(5):
        sample.data["fields"].append(asked(code=f"B{number}", block="round"))
    assert counted(sample) == (6, 12.0)


@pytest.mark.parametrize(("more", "code"), [(21, "T233"), (20, None)])
def test_more_than_25_answers_are_too_many(more: int, code: str | None) -> None:
    """T233; the sample has 5."""
    sample = Sample()
    for number in range(more):
        sample.data["fields"].append(asked(code=f"B{number}"))
    assert ("T233" in sample.codes()) is (code is not None)


@pytest.mark.parametrize(("minutes", "code"), [(38.5, "T234"), (38, None)])
def test_more_than_45_minutes_are_too_long(minutes: float, code: str | None) -> None:
    """T234; the sample takes 7."""
    sample = Sample()
    sample.data["fields"].append(asked(code="B1", minutes=minutes))
    assert ("T234" in sample.codes()) is (code is not None)


@pytest.mark.parametrize(
    ("code", "spoil", "place"),
    [
        ("T261", lambda s: s.of("flows", "energy").update(stage="processing"), "flows.energy.stage"),
        ("T261", lambda s: s.processes["TINY-TRUCK"].update(contains=("kitchen", "delivery")), "flows.energy.stage"),
        ("T262", lambda s: s.of("flows", "energy").update(stage="own"), "flows.energy.stage"),
        ("T263", lambda s: s.of("flows", "energy").update(perimeter="plate"), "flows.energy"),
        ("T264", lambda s: s.of("families", "energy")["members"].update(GAS="TINY-POWER"), "families"),
        ("T264", lambda s: s.processes["TINY-GAS"].update(same_as="TINY-POWER"), "families"),
        ("T273", lambda s: s.processes["TINY-TRUCK"].update(contains=("retail", "delivery")), "flows.legs.stage"),
        ("T273", lambda s: s.of("flows", "food").update(stage="processing"), "flows.food.stage"),
        ("T266", lambda s: s.processes["TINY-GAS"].update(withdrawn="avoided"), "flows.energy"),
        ("T267", lambda s: s.of("flows", "food").update(unit="g"), "flows.food.unit"),
        ("T267", lambda s: s.processes["TINY-GAS"].update(unit="L"), "flows.energy.unit"),
        ("T268", lambda s: s.data["stages"].remove("kitchen"), "flows.energy.stage"),
        ("T268", lambda s: s.data["stages"].remove("agriculture"), "flows.food.stage"),
    ],
)
def test_flows_count_each_thing_once_with_factors_that_fit(code: str, spoil: Spoil, place: str) -> None:
    assert place in spoilt(spoil).places(code)


def test_one_process_may_not_be_two_choices_across_families_of_a_list() -> None:
    """T264 across families: the same thing under two codes."""
    sample = Sample()
    sample.add("families", code="other", list="MODE", members={"TRUCK": "TINY-TRAIN", "TRAIN": "TINY-TRUCK"})
    assert "T264" in sample.codes()


def test_two_families_may_agree_on_a_list() -> None:
    sample = Sample()
    sample.add("families", code="again", list="MODE", members={"TRUCK": "TINY-TRUCK", "TRAIN": "TINY-TRAIN"})
    assert "T264" not in sample.codes()


def test_what_stands_in_for_silence_may_contain_more() -> None:
    """It weighs more on purpose: T261 is not said."""
    sample = Sample()
    sample.processes["TINY-TRUCK"]["contains"] = ("kitchen",)
    sample.of("flows", "legs")["default_data"] = True
    assert sample.codes() == set()


def test_a_family_whose_members_differ_in_unit_follows_the_units_of_its_choices() -> None:
    """T267 where a choice leads to a process counted otherwise."""
    sample = Sample()
    sample.of("flows", "energy")["unit"] = "by_process"
    sample.processes["TINY-GAS"]["unit"] = "L"
    assert sample.codes() == {"T267"}
    sample.of("lists", "ENERGY")["options"][0]["unit"] = "L/100km"
    assert sample.codes() == set()


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda s: s.of("fields", "E1")["default"].update(value="POWER"), "fields.E1.default"),
        (lambda s: s.of("fields", "E2")["default"].update(value="1.9 * N"), "fields.E2.default"),
        (lambda s: s.column("T2")["default"].update(value=400), "tables.LEGS.columns.T2.default"),
        (lambda s: s.data["tables"][0]["defaults"].update({"LEG1.T2": 400}), "tables.LEGS.defaults"),
        (lambda s: s.data["tables"][0]["defaults"].update({"LEG1.T1": "TRAIN"}), "tables.LEGS.defaults"),
        (lambda s: s.of("fields", "P1")["default"].pop("kind"), "fields.P1.default"),
    ],
)
def test_a_default_that_weighs_less_than_a_plausible_answer_is_found(spoil: Spoil, place: str) -> None:
    """T250: silence must not pay."""
    assert spoilt(spoil).places("T250") == [place]


def test_a_default_is_compared_in_every_plausible_surrounding() -> None:
    """Gas is worse than power only because it is used as much: with half the portion of gas silence would pay."""
    sample = Sample()
    sample.of("flows", "energy")["quantity"] = "if(E1 = 'GAS', max(0, E2 - 1000), E2) / N"
    assert sample.places("T250") == ["fields.E1.default"]


def test_answers_that_break_a_rule_are_no_measure_of_silence() -> None:
    """The default of 400 km is enough where longer legs are ruled out."""
    sample = Sample()
    sample.column("T2")["default"]["value"] = 400
    sample.data["tables"][0]["defaults"]["LEG1.T2"] = 400
    sample.add("rules", code="NEAR", each="LEGS", holds="T2 <= 400", severity="doubt", about=["T2"])
    sample.say("rules.NEAR", "Confirm the distance.")
    assert sample.codes() == set()


def test_silence_that_decides_the_divisor_is_seen() -> None:
    """Everything is divided by years that an answer credits: the shortest must be the default."""
    sample = Sample()
    sample.data["functional_unit"]["per"] = "G"
    sample.data["fields"].append(
        {
            "code": "G", "section": "CUP", "type": "number", "unit": "year", "hard": {"min": 1, "max": 9},
            "default": {"value": 2}, "evidence": True, "scored": True, "contractual": True, "minutes": 1,
        }
    )  # fmt: skip
    for word, text in (("label", "Years"), ("help", "Of warranty"), ("example", "5"), ("evidence", "Deed")):
        sample.say(f"fields.G.{word}", text)
    sample.data["reference"]["G"] = 5
    assert sample.places("T250") == ["fields.G.default"]


def test_silence_that_cannot_be_computed_is_said() -> None:
    """T251: without a plausible range nothing can be compared."""
    sample = Sample()
    sample.of("fields", "E2").update(hard={}, plausible={}, plausible_by=[])
    assert sample.places("T251") == ["fields.E2.default"]


def test_nothing_is_computed_while_the_structure_is_broken() -> None:
    sample = Sample()
    sample.of("flows", "food")["quantity"] = "NOTHING"
    sample.of("fields", "E1")["default"]["value"] = "POWER"
    assert not sample.codes() & {"T250", "T251"}
