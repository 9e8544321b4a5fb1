"""Quantities of processes from answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from canevas_xl.impact.inventory import inventory
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.impact import InventoryLine
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import ControlledBy, Origin
from canevas_xl.rules.scope import build_scope

Lines = dict[tuple[str, str], InventoryLine]


def lines_of(template: Template, answers: Answers, missing: Literal["unknown", "default"] = "unknown") -> Lines:
    scope = build_scope(template, answers, {}, {}, missing=missing)
    return {(line.flow, line.row): line for line in inventory(template, scope)}


def test_one_line_per_flow_and_per_row_of_its_table(tiny: Template, answered: Callable[..., Answers]) -> None:
    assert list(lines_of(tiny, answered())) == [("food", ""), ("steel", "TOP"), ("steel", "LEG"), ("way", "")]


def test_quantities_are_per_functional_unit(tiny: Template, answered: Callable[..., Answers]) -> None:
    lines = lines_of(tiny, answered())
    assert lines["food", ""].quantity == 3 / 2
    assert lines["steel", "TOP"].quantity == 6 / 2
    assert lines["way", ""].quantity == 10 / 1000 * 100 / 2


def test_a_choice_names_the_process(tiny: Template, answered: Callable[..., Answers]) -> None:
    assert lines_of(tiny, answered(MODE="TRAIN"))["way", ""].process == "T-TRAIN"


def test_what_is_unknown_stays_unknown(tiny: Template, answered: Callable[..., Answers]) -> None:
    lines = lines_of(tiny, answered(MODE=None, TOP_MASS=None))
    assert lines["way", ""].process is None
    assert lines["way", ""].quantity is None
    assert lines["steel", "TOP"].quantity is None
    assert lines["steel", "LEG"].quantity == 2


def test_zero_is_a_number(tiny: Template, answered: Callable[..., Answers]) -> None:
    assert lines_of(tiny, answered(TOP_MASS=0))["steel", "TOP"].quantity == 0


def test_an_unknown_functional_unit_leaves_every_line_unknown(tiny: Template, answered: Callable[..., Answers]) -> None:
    lines = lines_of(tiny, answered(LIFE=None))
    assert {line.quantity for line in lines.values()} == {None}


def test_a_line_says_that_it_rests_on_a_default_of_its_own_row(
    tiny: Template, answered: Callable[..., Answers]
) -> None:
    answers = {**answered(TOP_MASS=None), "TOP.MASS": Answer("TOP.MASS", None, Origin.NOT_KNOWN)}
    lines = lines_of(tiny, answers)
    assert lines["steel", "TOP"].quantity == 8 / 2
    assert lines["steel", "TOP"].on_default
    assert not lines["steel", "LEG"].on_default


def test_a_default_is_seen_through_derived_values_and_sums(tiny: Template, answered: Callable[..., Answers]) -> None:
    lines = lines_of(tiny, answered(TOP_MASS=None), missing="default")
    assert lines["way", ""].on_default
    assert not lines["food", ""].on_default


def test_a_default_choice_of_process_counts_as_a_default(tiny: Template, answered: Callable[..., Answers]) -> None:
    assert lines_of(tiny, answered(MODE=None), missing="default")["way", ""].on_default


def test_a_flow_that_stands_for_what_was_not_said_rests_on_a_default_unless_it_is_zero(
    tiny: Template, answered: Callable[..., Answers]
) -> None:
    flows = [flow.model_copy(update={"default_data": flow.code == "food"}) for flow in tiny.flows]
    generic = tiny.model_copy(update={"flows": tuple(flows)})
    assert lines_of(generic, answered())["food", ""].on_default
    assert not lines_of(generic, answered(FOOD=0))["food", ""].on_default


def test_lines_say_who_decides_where_and_in_which_unit(tiny: Template, answered: Callable[..., Answers]) -> None:
    line = lines_of(tiny, answered())["way", ""]
    assert (line.controlled_by, line.perimeter, line.stage, line.unit) == (
        ControlledBy.SUPPLIER,
        "service",
        "delivery",
        "t.km",
    )
    assert line.proxy
