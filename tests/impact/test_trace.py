"""From a figure back to lines, factors and sources."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from canevas_xl.impact import figures
from canevas_xl.impact.assess import assess, generic_lot
from canevas_xl.impact.trace import trace
from canevas_xl.model.answer import Answers
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template


@pytest.fixture
def impacts(
    tiny: Template, tiny_factors: FactorSet, method: Method, answered: Callable[..., Answers]
) -> Callable[..., Impacts]:
    return lambda **changes: assess(tiny, generic_lot(tiny), answered(**changes), (tiny_factors, method))


def test_the_steps_add_up_to_the_figure(impacts: Callable[..., Impacts], tiny_factors: FactorSet) -> None:
    followed = trace(impacts(), tiny_factors)
    assert followed.total == figures.total(impacts())
    assert sum(step.amount for step in followed.steps) == pytest.approx(14.55)


def test_each_step_is_quantity_times_factor_with_its_source(
    impacts: Callable[..., Impacts], tiny_factors: FactorSet
) -> None:
    for step in trace(impacts(), tiny_factors).steps:
        assert step.amount == pytest.approx(step.quantity * step.factor)
        assert step.source == f"Source V1, {step.process}"


def test_the_largest_steps_come_first(impacts: Callable[..., Impacts], tiny_factors: FactorSet) -> None:
    followed = trace(impacts(), tiny_factors)
    assert [step.flow for step in followed.steps] == ["steel", "steel", "food", "food", "way"]


def test_one_stage_or_one_flow_can_be_followed(impacts: Callable[..., Impacts], tiny_factors: FactorSet) -> None:
    stage = trace(impacts(), tiny_factors, stage="agriculture")
    assert [(step.flow, step.factor) for step in stage.steps] == [("food", 2.0)]
    assert stage.total.known == pytest.approx(3)
    assert len(trace(impacts(), tiny_factors, flow="steel").steps) == 2


def test_what_is_unknown_comes_first_and_is_said(impacts: Callable[..., Impacts], tiny_factors: FactorSet) -> None:
    followed = trace(impacts(MODE=None), tiny_factors)
    assert followed.total.unknown == 1
    first = followed.steps[0]
    assert (first.flow, first.process, first.amount, first.source) == ("way", None, None, "")


def test_a_trace_names_the_release_of_its_factors(impacts: Callable[..., Impacts], tiny_factors: FactorSet) -> None:
    followed = trace(impacts(), tiny_factors)
    assert (followed.factor_set, followed.sha256) == ("tiny@1.0.0", "f" * 64)
