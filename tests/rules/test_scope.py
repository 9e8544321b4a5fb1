"""Answers become values in the documented order; what nobody knows stays unknown."""

from __future__ import annotations

from typing import Any

import pytest

from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.expression import UNKNOWN, Partial
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import Origin, Status
from canevas_xl.rules.errors import ExpressionError
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Kept, Scope, build_scope, references, row_scope

ND, SO, MES = Origin.NOT_KNOWN, Origin.NOT_APPLICABLE, Origin.MEASURED
UNKNOWN_MISSING = Kept(UNKNOWN, Status.MISSING)


def number(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": "number", "scored": True, **more}


def choice(code: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "type": "choice", "list": "MODES", "scored": True, **more}


def template(**parts: Any) -> Template:
    """Make the smallest template that holds these parts."""
    return Template.model_validate({
        "id": "tiny", "version": "1.0.0", "factor_set": "none@1.0.0", "method": "none", "phases": ["consultation"],
        "functional_unit": {"unit": "item", "per": "1", "total": "1"}, "stages": ["use"], "sections": [{"code": "S"}],
        "perimeters": [{"code": "all", "indicators": ["cch"]}], "flows": [], "scale": {"low": 0, "high": 1},
        "lists": [{"code": "MODES", "options": [{"code": "TRUCK"}, {"code": "TRAIN"}]}],
    } | parts)  # fmt: skip


def answers(**given: Answer) -> Answers:
    """Key answers by their names, ``__`` standing for the point of a table's key."""
    return {name.replace("__", "."): answer for name, answer in given.items()}


def said(value: float | str | None = None, origin: Origin | None = MES) -> Answer:
    return Answer("", value, origin)


def scope(declared: Template, given: Answers, **more: Any) -> Scope:
    return build_scope(declared, given, more.pop("parameters", {}), more.pop("rows", {}), **more)


DEFAULTED = template(fields=[number("K2", default={"value": 7.5}, not_applicable=0)])


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        (said(3.0), Kept(3.0, Status.GIVEN)),
        (said(0.0), Kept(0.0, Status.GIVEN)),
        (said(None, ND), Kept(7.5, Status.DEFAULT)),
        (said("  ", ND), Kept(7.5, Status.DEFAULT)),
        (said(3.0, ND), Kept(UNKNOWN, Status.NOT_KNOWN)),
        (said(None, SO), Kept(0.0, Status.NOT_APPLICABLE)),
        (said(3.0, SO), Kept(3.0, Status.GIVEN)),
        (said(None, MES), UNKNOWN_MISSING),
        (said(None, None), UNKNOWN_MISSING),
        (said("trois"), UNKNOWN_MISSING),
        (said(float("nan")), UNKNOWN_MISSING),
        (said(float("inf")), UNKNOWN_MISSING),
    ],
)
def test_an_answer_is_kept_for_what_it_is_worth(answer: Answer, kept: Kept) -> None:
    built = scope(DEFAULTED, answers(K2=answer))
    assert built.kept["K2"] == kept
    assert built.value("K2") == kept.value


def test_a_field_that_nobody_answered_is_missing() -> None:
    assert scope(DEFAULTED, {}).kept["K2"] == UNKNOWN_MISSING


def test_not_known_without_default_stays_unknown() -> None:
    assert scope(template(fields=[number("M0")]), answers(M0=said(None, ND))).kept["M0"].status is Status.NOT_KNOWN


def test_sans_objet_counts_only_where_it_was_declared() -> None:
    assert scope(template(fields=[number("M0")]), answers(M0=said(None, SO))).kept["M0"] == UNKNOWN_MISSING


def test_an_unscored_field_has_no_origin() -> None:
    declared = template(fields=[number("I1", scored=False, default={"value": 5})])
    assert scope(declared, answers(I1=said(None, ND))).kept["I1"] == UNKNOWN_MISSING
    assert scope(declared, answers(I1=said(2.0, ND))).kept["I1"] == Kept(2.0, Status.GIVEN)


@pytest.mark.parametrize(("typed", "kept"), [("TRUCK", "TRUCK"), ("PLANE", UNKNOWN), (3.0, UNKNOWN)])
def test_a_choice_is_a_code_of_its_list(typed: float | str, kept: object) -> None:
    assert scope(template(fields=[choice("T1")]), answers(T1=said(typed))).value("T1") == kept


@pytest.mark.parametrize(("consequence", "status"), [("default", Status.DEFAULT), ("blocks", Status.MISSING)])
def test_silence_gets_the_default_only_when_scored_and_only_where_that_is_the_consequence(
    consequence: str, status: Status
) -> None:
    declared = template(fields=[number("K2", default={"value": 7.5}, consequence=consequence)])
    assert scope(declared, {}, missing="default").kept["K2"].status is status
    assert scope(declared, {}).kept["K2"] == UNKNOWN_MISSING


def test_a_default_may_be_a_formula_of_other_answers() -> None:
    declared = template(fields=[number("K2", default={"value": "2.5 * K1", "formula": True}), number("K1")])
    assert scope(declared, answers(K1=said(10.0), K2=said(None, ND))).kept["K2"] == Kept(25.0, Status.DEFAULT)
    assert scope(declared, answers(K2=said(None, ND))).kept["K2"] == Kept(UNKNOWN, Status.NOT_KNOWN)


@pytest.mark.parametrize(
    ("mode", "kept"),
    [
        ("TRAIN", Kept(0.0, Status.NOT_APPLICABLE)),
        ("TRUCK", Kept(9.0, Status.GIVEN)),
        (None, Kept(9.0, Status.GIVEN)),
    ],
)
def test_what_is_not_asked_does_not_apply_and_doubt_asks(mode: str | None, kept: Kept) -> None:
    declared = template(fields=[choice("T1"), number("C2", asked_if="T1 = 'TRUCK'", not_applicable=0)])
    assert scope(declared, answers(T1=said(mode), C2=said(9.0))).kept["C2"] == kept


def test_parameters_are_the_lots_or_the_templates() -> None:
    declared = template(
        parameters=[{"code": "N", "unit": "1", "default": 5}, {"code": "W", "unit": "1", "default": 36}]
    )
    built = scope(declared, {}, parameters={"N": 12.0})
    assert (built.value("N"), built.value("W")) == (12.0, 36.0)


LEGS = {
    "code": "LEGS", "section": "S", "rows": ["LEG1", "LEG2", "LEG3"], "open": True, "required_rows": 1,
    "defaults": {"LEG1.T1": "TRUCK", "LEG1.T2": 1500, "LEG2.T1": "TRUCK", "LEG2.T2": 100},
    "columns": [choice("T1"), number("T2")],
}  # fmt: skip
TRIP = template(
    tables=[LEGS],
    derived=[
        {"code": "TONNES", "formula": "T2 * 2", "each": "LEGS"},
        {"code": "ALL", "formula": "sum(LEGS, TONNES)"},
        {"code": "HALF", "formula": "ALL / 2"},
    ],
)


def test_a_row_of_an_open_table_exists_once_something_is_typed_in_it() -> None:
    built = scope(TRIP, answers(LEG1__T2=said(300.0), LEG3__T1=said("TRAIN")))
    assert list(built.tables["LEGS"]) == ["LEG1", "LEG3"]
    assert built.tables["LEGS"]["LEG3"]["T2"] is UNKNOWN
    assert "LEG2.T1" not in built.kept


def test_required_rows_exist_though_empty() -> None:
    built = scope(TRIP, {})
    assert list(built.tables["LEGS"]) == ["LEG1"]
    assert built.kept["LEG1.T1"] == UNKNOWN_MISSING


@pytest.mark.parametrize("given", [answers(LEG1__T1=said(None, ND)), {}])
def test_a_table_that_is_not_known_takes_its_own_defaults_and_rows(given: Answers) -> None:
    built = scope(TRIP, given, missing="default")
    assert list(built.tables["LEGS"]) == ["LEG1", "LEG2"]
    assert built.kept["LEG2.T2"] == Kept(100.0, Status.DEFAULT)
    assert built.value("ALL") == Partial(3200.0, 0)


def test_an_empty_table_is_not_known_only_when_somebody_says_so() -> None:
    assert scope(TRIP, answers(LEG1__T1=said(None, ND))).value("HALF") == 1600.0
    assert scope(TRIP, {}).value("HALF") is UNKNOWN


def test_one_value_anywhere_makes_the_table_known() -> None:
    built = scope(TRIP, answers(LEG1__T1=said(None, ND), LEG2__T2=said(80.0)))
    assert built.kept["LEG1.T1"] == Kept(UNKNOWN, Status.NOT_KNOWN)
    assert built.value("ALL") == Partial(160.0, 1)


def test_derived_values_stand_in_their_rows() -> None:
    built = scope(TRIP, answers(LEG1__T2=said(300.0)))
    inside = row_scope(built, "LEGS", "LEG1")
    assert (inside.value("TONNES"), evaluate(parse("TONNES + T2 + count(LEGS)"), inside)) == (600.0, 901.0)
    assert built.value("TONNES") is UNKNOWN


def test_rows_by_lot_exist_where_the_buyer_filled_what_it_fixes() -> None:
    columns = [choice("Q1", fixed_by_buyer=True), number("Q3")]
    declared = template(
        tables=[{"code": "DEVICES", "section": "S", "rows": ["DEV1", "DEV2"], "rows_by_lot": True, "columns": columns}]
    )
    built = scope(declared, answers(DEV1__Q1=said("TRAIN"), DEV1__Q3=said(40.0)), rows={"DEV1.Q1": "TRUCK"})
    assert built.tables == {"DEVICES": {"DEV1": {"Q1": "TRUCK", "Q3": 40.0}}}
    assert built.kept["DEV1.Q1"].status is Status.GIVEN


def test_rows_of_a_closed_table_always_exist() -> None:
    table = {"code": "DESKS", "section": "S", "rows": ["DESK", "CHAIR"], "columns": [number("M0")]}
    assert list(scope(template(tables=[table]), {}).tables["DESKS"]) == ["DESK", "CHAIR"]


@pytest.mark.parametrize(
    "parts",
    [
        {"derived": [{"code": "X", "formula": "Y + 1"}, {"code": "Y", "formula": "X * 2"}]},
        {"fields": [number("K1", asked_if="K1 > 0")]},
        {
            "fields": [
                number("K1", default={"value": "K2", "formula": True}),
                number("K2", default={"value": "K1", "formula": True}),
            ]
        },
    ],
)
def test_values_that_go_round_in_a_circle_are_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(ExpressionError) as caught:
        scope(template(**parts), answers(K1=said(None, ND), K2=said(None, ND)))
    assert caught.value.code == "E110"
    assert " → " in str(caught.value.facts["circle"])


def test_references_go_through_derived_values_and_rows() -> None:
    assert references(TRIP, "HALF * N") == {"T2"}
    assert references(TRIP, "TONNES", "LEGS") == {"T2"}
    assert references(TRIP, "TONNES") == frozenset()
    assert references(TRIP, "count(LEGS)") == {"T1", "T2"}
    assert references(DEFAULTED, "K2 / 2 + 1") == {"K2"}
