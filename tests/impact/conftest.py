"""What tests of impacts share: a template small enough to compute by hand, its factors, and the shipped ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.templates import find_template, load_template
from canevas_xl.model.answer import Answers, answers_of
from canevas_xl.model.factor import FactorSet, Process
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import INDICATORS, Origin

TINY: dict[str, Any] = {
    "id": "tiny",
    "version": "1.0.0",
    "factor_set": "tiny@1.0.0",
    "method": "ef-3.1",
    "phases": ["sourcing"],
    "functional_unit": {"unit": "year", "per": "LIFE", "total": "N * LIFE"},
    "stages": ["materials", "manufacturing", "delivery"],
    "perimeters": [{"code": "plate", "indicators": ["all"]}, {"code": "service", "indicators": ["cch"]}],
    "parameters": [{"code": "N", "unit": "item", "default": 10}],
    "lists": [{"code": "MODES", "options": [{"code": "TRUCK"}, {"code": "TRAIN"}]}],
    "families": [{"code": "freight", "list": "MODES", "members": {"TRUCK": "T-TRUCK", "TRAIN": "T-TRAIN"}}],
    "sections": [{"code": "ALL"}],
    "fields": [
        {"code": "LIFE", "section": "ALL", "type": "number", "plausible": {"min": 2, "max": 4}},
        {
            "code": "FOOD",
            "section": "ALL",
            "type": "number",
            "unit": "kg",
            "plausible": {"min": 1, "max": 3},
            "default": {"value": 3},
        },
        {"code": "MODE", "section": "ALL", "type": "choice", "list": "MODES", "default": {"value": "TRUCK"}},
        {"code": "KM", "section": "ALL", "type": "number", "unit": "km", "plausible": {"min": 0, "max": 100}},
    ],
    "tables": [
        {
            "code": "PARTS",
            "section": "ALL",
            "rows": ["TOP", "LEG"],
            "columns": [
                {
                    "code": "MASS",
                    "type": "number",
                    "unit": "kg",
                    "plausible": {"min": 0, "max": 8},
                    "default": {"value": 8},
                    "scored": True,
                }
            ],
        }
    ],
    "derived": [{"code": "WEIGHT", "formula": "sum(PARTS, MASS)"}],
    "flows": [
        {
            "code": "food",
            "perimeter": "plate",
            "stage": "own",
            "process": "T-FOOD",
            "quantity": "FOOD",
            "unit": "kg",
            "controlled_by": "buyer",
        },
        {
            "code": "steel",
            "perimeter": "service",
            "stage": "materials",
            "process": "T-STEEL",
            "quantity": "MASS",
            "unit": "kg",
            "each": "PARTS",
            "controlled_by": "supplier",
        },
        {
            "code": "way",
            "perimeter": "service",
            "stage": "delivery",
            "family": "freight",
            "by": "MODE",
            "quantity": "WEIGHT / 1000 * KM",
            "unit": "t.km",
            "controlled_by": "supplier",
            "proxy": True,
        },
    ],
    "reference": {"LIFE": 2, "FOOD": 3, "MODE": "TRUCK", "KM": 100, "TOP.MASS": 6, "LEG.MASS": 4},
    "scale": {"low": 1, "high": 10},
}
"""Per year of a life: food, steel parts, and their way."""

ANSWERS = TINY["reference"]


def process(name: str, unit: str, uncertainty: float | None = None) -> Process:
    return Process(
        name, name, name, unit, "test", "Source", "V1", name, "LO", "FR", 2020, None, uncertainty, None, "EF 3.1",
        (), "", "", "",
    )  # fmt: skip


def climate_only(value: float) -> tuple[float | None, ...]:
    return (value, *[None] * 15)


@pytest.fixture
def tiny() -> Template:
    return Template.model_validate(TINY)


@pytest.fixture
def tiny_factors() -> FactorSet:
    """Food: 16 indicators in two stages, all 2 and all 1; steel 2 (± 10 %), truck 0.1 (± 70 %), train 0.01."""
    processes = [
        process("T-FOOD", "kg"),
        process("T-STEEL", "kg", 10.0),
        process("T-TRUCK", "t.km", 70.0),
        process("T-TRAIN", "t.km", 20.0),
    ]
    factors = {
        ("T-FOOD", "agriculture"): (2.0,) * 16,
        ("T-FOOD", "packaging"): (1.0,) * 16,
        ("T-STEEL", "total"): climate_only(2.0),
        ("T-TRUCK", "total"): climate_only(0.1),
        ("T-TRAIN", "total"): climate_only(0.01),
    }
    return FactorSet("tiny", "1.0.0", "f" * 64, {p.id: p for p in processes}, factors, {})


@pytest.fixture(scope="session")
def method() -> Method:
    shipped = shipped_method("ef-3.1")
    assert {category.code for category in shipped.categories} == set(INDICATORS)
    return shipped


@pytest.fixture(scope="session")
def starter() -> FactorSet:
    return shipped_factor_set("starter@2026.1.0")


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], Template]:
    """Load a shipped template by its name."""

    def load(name: str) -> Template:
        loaded = load_template(find_template(name)).value
        assert loaded is not None
        return loaded.template

    return load


@pytest.fixture
def answered() -> Callable[..., Answers]:
    """The tiny template's answers, with changes; None leaves one out."""

    def answer(**changes: float | str | None) -> Answers:
        values = {**ANSWERS, **{key.replace("_", "."): value for key, value in changes.items()}}
        return answers_of({key: value for key, value in values.items() if value is not None}, Origin.MEASURED)

    return answer
