"""Lint, names and formulas: each code means one thing, whatever is named exists, and formulas can be computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lint_samples import Sample
from pydantic import ValidationError

Spoil = Callable[[Sample], object]


def test_a_clean_template_gives_no_findings() -> None:
    assert Sample().findings() == ()


def test_the_linter_says_the_same_twice() -> None:
    sample = Sample()
    sample.of("fields", "E2")["default"] = {"value": "0.1 * N", "formula": True}
    assert sample.findings() == sample.findings() != ()


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda s: s.column("T2").update(code="E2"), "tables.LEGS.columns.E2"),
        (lambda s: s.of("parameters", "N").update(code="E2"), "parameters.E2"),
        (lambda s: s.data["tables"][0].update(rows=["LEG1", "E1"]), "tables.LEGS.rows.E1"),
        (lambda s: s.of("derived", "MASS").update(code="P1"), "derived.P1"),
        (lambda s: s.of("flows", "legs").update(code="energy"), "flows.energy"),
        (lambda s: s.of("lists", "MODE")["options"].append({"code": "TRUCK"}), "lists.MODE.TRUCK"),
        (lambda s: s.data["sections"].append({"code": "CUP"}), "sections.CUP"),
    ],
)
def test_a_code_that_means_two_things_is_refused(spoil: Spoil, place: str) -> None:
    """T201."""
    sample = Sample()
    spoil(sample)
    assert sample.places("T201") == [place]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda s: s.of("fields", "A1").update(section="NOWHERE"), "fields.A1.section"),
        (lambda s: s.of("fields", "A1").pop("section"), "fields.A1.section"),
        (lambda s: s.of("fields", "E1").update(list="NOTHING"), "fields.E1.list"),
        (lambda s: s.data["tables"][0].update(section="NOWHERE"), "tables.LEGS.section"),
        (lambda s: s.data["tables"][0]["defaults"].update({"LEG9.T1": "TRUCK"}), "tables.LEGS.defaults.LEG9.T1"),
        (lambda s: s.of("flows", "food").update(perimeter="nowhere"), "flows.food.perimeter"),
        (lambda s: s.of("flows", "legs").update(each="TRIPS"), "flows.legs.each"),
        (lambda s: s.of("flows", "legs").update(family="none"), "flows.legs.family"),
        (lambda s: s.of("flows", "legs").update(by="T2"), "flows.legs.by"),
        (lambda s: s.of("flows", "energy").update(by="T1"), "flows.energy.by"),
        (lambda s: s.of("flows", "energy").update(replaces=["nothing"]), "flows.energy.replaces"),
        (lambda s: s.of("flows", "energy").update(replaces=["energy"]), "flows.energy.replaces"),
        (lambda s: s.of("derived", "MASS").update(each="TRIPS"), "derived.MASS.each"),
        (lambda s: s.of("rules", "SOME").update(about=["Z9"]), "rules.SOME.about"),
        (lambda s: s.of("requirements", "R1").update(governs=["nothing"]), "requirements.R1.governs"),
        (lambda s: s.of("requirements", "R1").update(items=["Z9"]), "requirements.R1.items"),
        (lambda s: s.of("families", "freight").update(list="NOTHING"), "families.freight.list"),
    ],
)
def test_whatever_is_named_must_exist(spoil: Spoil, place: str) -> None:
    """T202."""
    sample = Sample()
    spoil(sample)
    assert place in sample.places("T202")


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("T203", lambda s: s.of("flows", "food").update(process="TINY-CAKE")),
        ("T203", lambda s: s.of("families", "energy")["members"].update(GAS="TINY-CAKE")),
        ("T204", lambda s: s.of("flows", "legs").update(stage="flying")),
        ("T204", lambda s: s.data["stages"].append("flying")),
        ("T205", lambda s: s.of("perimeters", "service").update(indicators=["co2"])),
        ("T206", lambda s: s.of("fields", "P1").update(unit="ounce")),
        ("T206", lambda s: s.of("parameters", "N").update(unit="ounce")),
        ("T206", lambda s: s.of("lists", "ENERGY")["options"][0].update(unit="ounce")),
        ("T207", lambda s: s.data.update(factor_set="tiny@0.9.0")),
        ("T207", lambda s: s.data.update(method="ef-3.0")),
        ("T208", lambda s: s.of("fields", "A1").update(code="A-1")),
        ("T242", lambda s: s.of("fields", "E2").update(unit_follows="P1")),
        ("T242", lambda s: s.of("lists", "ENERGY")["options"][0].pop("unit")),
        ("T242", lambda s: s.of("fields", "E2").update(unit_follows="T1")),
        ("T265", lambda s: s.of("families", "energy")["members"].pop("GAS")),
        ("T265", lambda s: s.of("families", "energy")["members"].update(COAL="TINY-GAS")),
        ("T270", lambda s: s.of("flows", "energy").update(family="freight")),
    ],
)
def test_names_lead_to_processes_stages_indicators_units_and_choices(code: str, spoil: Spoil) -> None:
    sample = Sample()
    spoil(sample)
    assert code in sample.codes()


@pytest.mark.parametrize(
    ("code", "spoil", "place"),
    [
        ("E102", lambda s: s.of("flows", "food").update(quantity="MASS *"), "flows.food.quantity"),
        ("T211", lambda s: s.of("flows", "food").update(quantity="MAS"), "flows.food.quantity"),
        ("T211", lambda s: s.of("fields", "E2").update(per="MEALS"), "fields.E2.per"),
        ("T211", lambda s: s.of("fields", "E2")["default"].update(value="2 * M"), "fields.E2.default"),
        ("T211", lambda s: s.of("fields", "A1").update(asked_if="X > 1"), "fields.A1.asked_if"),
        ("T211", lambda s: s.data["functional_unit"].update(total="X"), "functional_unit.total"),
        ("T211", lambda s: s.of("rules", "SOME").update(holds="X > 1"), "rules.SOME.holds"),
        ("T212", lambda s: s.of("flows", "food").update(quantity="T2"), "flows.food.quantity"),
        ("T213", lambda s: s.of("derived", "MASS").update(formula="MASS + 1"), "derived"),
        ("T213", lambda s: s.of("fields", "P1")["default"].update(value="MASS", formula=True), "derived"),
        ("T214", lambda s: s.of("flows", "food").update(quantity="MASS * LEGS"), "flows.food.quantity"),
        ("T215", lambda s: s.of("rules", "SOME").update(holds="E1 = 'COAL'"), "rules.SOME.holds"),
        ("T215", lambda s: s.of("rules", "SOME").update(holds="E1 in ('GAS', 'COAL')"), "rules.SOME.holds"),
        ("T215", lambda s: s.of("flows", "food").update(quantity="lookup(E1, 'GAS', 1, 'COAL', 2)"),
         "flows.food.quantity"),
    ],
)  # fmt: skip
def test_formulas_name_what_stands_in_their_reach(code: str, spoil: Spoil, place: str) -> None:
    sample = Sample()
    spoil(sample)
    assert sample.places(code) == [place]


@pytest.mark.parametrize(
    "quantity", ["MASS + sum(LEGS, T2 * E2)", "MASS * count(LEGS)", "sum(MASS, E2)", "lookup(E1, 'GAS', 1, 'POWER', 2)"]
)
def test_tables_are_read_through_their_sum_and_count(quantity: str) -> None:
    sample = Sample()
    sample.of("flows", "food")["quantity"] = quantity
    assert not sample.codes() & {"T211", "T212", "T214", "T215"}


@pytest.mark.parametrize(
    ("code", "spoil"),
    [
        ("T295", lambda s: s.data["reference"].update(Z9=1)),
        ("T295", lambda s: s.data["reference"].update({"LEG3.T2": 1})),
        ("T296", lambda s: s.data["reference"].update(E1="COAL")),
        ("T296", lambda s: s.data["reference"].update(P1=500)),
        ("T296", lambda s: s.data["reference"].update(P1="GAS")),
        ("T297", lambda s: s.data["reference"].pop("P1")),
        ("T297", lambda s: s.data["reference"].pop("LEG1.T2")),
        ("T297", lambda s: s.data["reference"].update({"LEG2.T1": "TRAIN"})),
    ],
)
def test_the_reference_answers_everything_scored_and_nothing_else(code: str, spoil: Spoil) -> None:
    sample = Sample()
    spoil(sample)
    assert code in sample.codes()


def test_the_reference_need_not_answer_what_it_is_not_asked() -> None:
    sample = Sample()
    sample.of("fields", "P1").update(asked_if="E1 = 'POWER'", not_applicable=0)
    del sample.data["reference"]["P1"]
    assert "T297" not in sample.codes()


@pytest.mark.parametrize("quantity", ["MASS * E1", "MASS / (E2 - 1000)", "lookup(E1, 'POWER', 1)"])
def test_a_flow_that_no_answer_lets_compute_is_said(quantity: str) -> None:
    """T298: everything is answered, and the flow still has no quantity."""
    sample = Sample()
    sample.of("flows", "food")["quantity"] = quantity
    assert sample.places("T298") == ["flows.food.quantity"]


@pytest.mark.parametrize("scale", [{"low": 0.4, "high": 2}, {"low": 0.1, "high": 0.2}])
def test_a_reference_off_the_scale_is_doubted(scale: dict[str, float]) -> None:
    """T299: gas 0.3 and food 0.03 kg a cup."""
    sample = Sample()
    sample.data["scale"] = scale
    assert sample.codes() == {"T299"}


def test_what_replaces_a_flow_must_switch_it_off() -> None:
    """T272."""
    sample = Sample()
    sample.of("flows", "generic")["quantity"] = "1"
    assert sample.places("T272") == ["flows.energy.replaces"]


def paths(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside nested tables and lists."""
    keys = data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    for key in keys:
        yield (*above, key)
        yield from paths(data[key], (*above, key))


@pytest.mark.parametrize("value", [None, "E1", "T2", 0])
def test_whatever_is_spoilt_the_linter_speaks_and_never_falls(value: object) -> None:
    """Each value of the declaration is removed, then replaced; what the schema lets through is linted."""
    linted = 0
    for *above, last in paths(Sample().data):
        sample = Sample()
        holder = sample.data
        for key in above:
            holder = holder[key]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
        try:
            sample.findings()
        except ValidationError:
            continue
        linted += 1
    assert linted > 20
