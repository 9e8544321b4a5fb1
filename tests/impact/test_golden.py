"""The worked examples of the three shipped templates, to the last digit at which they were published."""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from examples import DEVICES, FURNITURE, MEALS, UNFAVOURABLE

from canevas_xl.impact import figures
from canevas_xl.impact.assess import assess, generic_lot, reference_answers
from canevas_xl.impact.characterise import coverage
from canevas_xl.impact.plausible import plausible_offers
from canevas_xl.model.answer import Answers, answers_of
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.template import Default, Template
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, ControlledBy, Origin
from canevas_xl.resources import data_folder

TEMPLATES = ("restauration-scolaire", "mobilier-bureau", "informatique-postes")


@pytest.fixture(scope="module")
def assessed(shipped: Callable[[str], Template], starter: FactorSet, method: Method) -> Callable[..., Impacts]:
    def of(
        name: str,
        answers: object,
        *,
        rows: dict[str, float | str] | None = None,
        stages: bool = False,
        missing: str = "default",
    ) -> Impacts:
        template = shipped(name)
        lot = generic_lot(template)
        if rows:
            lot = type(lot)(1, "", lot.parameters, rows)
        factors = starter if stages else starter.by_total()
        return assess(template, lot, answers_of(answers, Origin.DOCUMENT), (factors, method), missing)

    return of


@pytest.mark.parametrize(
    ("example", "plate", "index", "service", "whole"),
    [
        ("A", 1.15284, 0.137464, 0.10628, 1.25912),
        ("B", 1.31765, 0.159388, 0.36397, 1.68161),
        ("C", 1.03065, 0.120655, 0.08502, 1.11567),
    ],
)
def test_school_meals(
    assessed: Callable[..., Impacts], example: str, plate: float, index: float, service: float, whole: float
) -> None:
    meal = assessed("restauration-scolaire", MEALS[example], missing="unknown")
    assert round(figures.total(meal, perimeter="assiette").known, 5) == plate
    assert figures.total(meal, perimeter="service").known == pytest.approx(service, abs=1e-5)  # published as a rest
    assert round(figures.total(meal).known, 5) == whole
    assert round(figures.score(meal, "assiette").known, 6) == index
    assert figures.total(meal).complete


@pytest.mark.parametrize("example", MEALS)
def test_school_meals_by_stage_agree_with_their_published_totals(
    assessed: Callable[..., Impacts], example: str
) -> None:
    whole, staged = (assessed("restauration-scolaire", MEALS[example], stages=s) for s in (False, True))
    assert figures.total(staged).known == pytest.approx(figures.total(whole).known, rel=0.005)
    assert figures.score(staged, "assiette").known == pytest.approx(figures.score(whole, "assiette").known, rel=0.005)


def test_the_unfavourable_menu_plan(assessed: Callable[..., Impacts]) -> None:
    plan = assessed("restauration-scolaire", MEALS["A"] | UNFAVOURABLE)
    assert round(figures.total(plan, perimeter="assiette").known, 3) == 1.592


def test_who_decides_on_a_school_meal(assessed: Callable[..., Impacts]) -> None:
    shares = figures.who_decides(assessed("restauration-scolaire", MEALS["A"]))
    assert shares[ControlledBy.BUYER] == pytest.approx(0.34, abs=0.01)
    assert shares[ControlledBy.REGULATION] == pytest.approx(0.44, abs=0.01)
    assert shares[ControlledBy.SUPPLIER] == pytest.approx(0.22, abs=0.01)


@pytest.mark.parametrize("example", FURNITURE)
def test_office_furniture(assessed: Callable[..., Impacts], example: str) -> None:
    answers, whole, per_year = FURNITURE[example]
    credited = min(15, max(10, answers["G"]))
    post = assessed("mobilier-bureau", answers)
    assert figures.total(post).complete
    assert round(figures.total(post).known * credited, 4) == whole
    assert round(figures.total(post).known, 3) == per_year


@pytest.mark.parametrize(
    ("device", "condition", "energy", "warranty", "per_year"),
    DEVICES.values(),
    ids=DEVICES,
)
def test_computers(
    assessed: Callable[..., Impacts], device: str, condition: str, energy: float, warranty: float, per_year: float
) -> None:
    answers = {"DEV1.Q2": condition, "DEV1.Q3": energy, "DEV1.Q4": warranty}
    found = assessed("informatique-postes", answers, rows={"DEV1.Q1": device, "DEV1.QTY": 1})
    assert round(figures.total(found).known, 3) == per_year


def factor_rows() -> dict[str, list[float | None]]:
    """Published totals, read from the shipped file without the program's own reader."""
    path = data_folder("factors") / "sets" / "starter" / "2026.1.0" / "factors.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["stage"] == "total"]
    return {row["process"]: [float(row[i]) if row[i] else None for i in INDICATORS] for row in rows}


def grams(answers: dict[str, float]) -> dict[str, float]:
    """Kilograms per meal, dish by dish and garnish by garnish, as a cook would write them."""
    served = {
        "AGB32-6111": answers["P01"] * 70, "AGB32-6510": answers["P02"] * 70, "AGB32-21502": answers["P03"] * 70,
        "AGB32-28201": answers["P04"] * 70, "AGB32-36017": answers["P05"] * 70 + answers["P09"] * 45,
        "AGB32-28910": answers["P06"] * 60, "AGB32-26043": answers["P07"] * 70, "AGB32-26036": answers["P08"] * 70,
        "AGB32-12115": answers["P10"] * 60 + 10 * 30, "AGB32-20586": answers["P11"] * 60,
        "AGB32-20904": answers["P12"] * 80, "AGB32-7002": 20 * 40, "AGB32-20009": 20 * 70, "AGB32-17130": 20 * 8,
        "AGB32-9810": 3 * 50, "AGB32-9100": 3 * 50, "AGB32-4008": 4 * 180, "AGB32-20020": 5 * 150,
        "AGB32-20061_1": 5 * 150, "AGB32-19860": 10 * 100, "AGB32-13039": 10 * 120, "AGB32-13005": 5 * 100,
        "AGB32-13034": 5 * 120,
    }  # fmt: skip
    return {process: weight / 20_000 for process, weight in served.items()}


@pytest.mark.parametrize("example", MEALS)
def test_school_meals_computed_a_second_way(assessed: Callable[..., Impacts], method: Method, example: str) -> None:
    answers, rows = MEALS[example], factor_rows()
    meal = assessed("restauration-scolaire", answers)
    for i, indicator in enumerate(INDICATORS):
        plate = sum(weight * rows[process][i] for process, weight in grams(answers).items())
        assert figures.total(meal, indicator, "assiette").known == pytest.approx(plate, rel=1e-12)
    fuel = {"DIESEL": "BC-25775", "ELEC": "BC-42513"}[answers["D1"]]
    per_meal = {
        "BC-42513": answers["K2"] / answers["K1"],
        "BC-37133": answers["K3"] / answers["K1"],
        "BC-14087": answers["K4"] / answers["K1"],
        "DEFRA-19_506_5156_15_1": answers.get("C2", 0) / 1000,
        "BC-34482": answers.get("C2", 0) / 1000,
    }
    driven = answers["D2"] * answers["D3"] * 36 * answers["D4"] / 100 * answers["D5"] / 100 / 36_000
    service = sum(amount * rows[process][0] for process, amount in per_meal.items()) + driven * rows[fuel][0]
    assert figures.total(meal, CLIMATE, "service").known == pytest.approx(service, rel=1e-12)
    points = sum(
        1000 * method.weighting[k] * figures.total(meal, k, "assiette").known / method.normalisation[k]
        for k in INDICATORS
    )
    assert figures.score(meal, "assiette").known == pytest.approx(points, rel=1e-12)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_reachable_process_has_the_indicators_of_its_perimeter(
    shipped: Callable[[str], Template], starter: FactorSet, name: str
) -> None:
    assert coverage(shipped(name), starter) == ()
    assert coverage(shipped(name), starter.by_total()) == ()


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_generic_reference_is_complete(
    shipped: Callable[[str], Template], starter: FactorSet, method: Method, name: str
) -> None:
    template = shipped(name)
    reference = assess(template, generic_lot(template), reference_answers(template), (starter, method))
    assert figures.total(reference).complete


def unfavourable(default: Default | None) -> bool:
    """Neutral defaults are the stated exception: the menu plan is read from its annex instead."""
    return default is not None and default.kind == "conservative"


def overfull(answers: Answers) -> set[str]:
    """Padding of products whose parts weigh more than the whole, within the tolerated 2 %: no mass is left for it."""
    masses = {key: answer.value for key, answer in answers.items() if key.partition(".")[2].startswith("M")}
    products = {key.partition(".")[0] for key in masses if key.endswith(".M0")}
    parts = {p: sum(v for k, v in masses.items() if k.startswith(p) and not k.endswith(".M0")) for p in products}
    return {f"{product}.M5" for product in products if parts[product] > masses[f"{product}.M0"]}


@pytest.mark.parametrize("name", TEMPLATES)
def test_silence_on_a_scored_item_never_lowers_the_impact(
    shipped: Callable[[str], Template], starter: FactorSet, method: Method, name: str
) -> None:
    template = shipped(name)
    lot, data = generic_lot(template), (starter, method)
    columns = [(column, f"{row}.") for table in template.tables for column in table.columns for row in table.rows]
    items = [(field, "") for field in template.fields] + columns
    scored = {prefix + item.code for item, prefix in items if item.scored and unfavourable(item.default)}
    assert scored
    for answers in plausible_offers(template, lot, starter, count=12, seed=5).answers:
        told = figures.total(assess(template, lot, answers, data, "default")).known
        for key in scored & set(answers) - overfull(answers):
            silent = {other: answer for other, answer in answers.items() if other != key}
            kept = figures.total(assess(template, lot, silent, data, "default"))
            assert kept.complete
            assert kept.known >= told * (1 - 1e-12), (key, answers[key].value)
