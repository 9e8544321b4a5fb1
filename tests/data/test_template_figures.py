"""The figures that the shipped templates were designed to give, computed without the impact rooms.

Expected values were computed from the starter factors by hand, outside this program; here they come out of the
shipped templates through ``rules.scope`` and a plain sum, so that a changed flow, default or factor is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.templates import find_template, load_template
from canevas_xl.model.answer import Answer, Answers, answers_of
from canevas_xl.model.expression import UNKNOWN
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.template import Field, FieldType, Flow, Template
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, Origin
from canevas_xl.rules.effort import effort
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, build_scope, row_scope

Values = Mapping[str, float | str]


def loaded(name: str) -> Template:
    checked = load_template(find_template(name))
    assert checked.value is not None, checked.findings
    return checked.value.template


MEALS = loaded("restauration-scolaire@1.0.0")
FURNITURE = loaded("mobilier-bureau@1.0.0")
DEVICES = loaded("informatique-postes@1.0.0")
TEMPLATES = {template.id: template for template in (MEALS, FURNITURE, DEVICES)}

BY_STAGE = shipped_factor_set("starter@2026.1.0")
BY_TOTAL = BY_STAGE.by_total()
METHOD = shipped_method("ef-3.1")


# --- A direct sum -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    flow: Flow
    process: str
    quantity: float
    """Per functional unit."""


def kept(template: Template, answers: Answers, rows: Values | None = None) -> Scope:
    return build_scope(template, answers, {}, rows or {}, missing="default")


def lines(template: Template, scope: Scope) -> Iterator[Line]:
    members = {family.code: family.members for family in template.families}
    per = evaluate(parse(template.functional_unit.per), scope)
    for flow in template.flows:
        inner = [row_scope(scope, flow.each, row) for row in scope.tables[flow.each]] if flow.each else [scope]
        for each in inner:
            quantity = evaluate(parse(flow.quantity), each)
            chosen = flow.process or members[str(flow.family)].get(str(each.value(str(flow.by))))
            if quantity is UNKNOWN or chosen is None:
                yield Line(flow, "", float("inf"))
            else:
                yield Line(flow, chosen, quantity / per)  # type: ignore[operator]


def caused(found: list[Line], factors: FactorSet, indicator: str = CLIMATE) -> float:
    at = INDICATORS.index(indicator)
    if any(not line.process for line in found):
        return float("inf")
    return sum(line.quantity * (factors.whole(line.process)[at] or 0.0) for line in found)


def climate(template: Template, values: Values, rows: Values | None = None, factors: FactorSet = BY_TOTAL) -> float:
    return caused(list(lines(template, kept(template, answers_of(values), rows))), factors)


# --- School meals -----------------------------------------------------------------------------------------------


def meal(plan: str, **service: float | str) -> dict[str, float | str]:
    counts = {f"P{number:02d}": float(count) for number, count in enumerate(plan.split(), start=1)}
    return {**counts, "K3": 0.0, "K4": 0.0, "C1": "REUSABLE", **service}


MEAL_A = meal("4 0 0 2 4 1 3 1 0 1 3 1", K1=250000.0, K2=350000.0, D1="DIESEL", D2=30.0, D3=4.0, D4=9.0, D5=100.0)
MEAL_B = meal(
    "3 1 1 3 4 1 4 0 0 1 2 0",
    K1=90000.0, K2=45000.0, K3=117000.0, C1="FIBRE", C2=12.0, D1="DIESEL", D2=25.0, D3=5.0, D4=11.0, D5=100.0,
)  # fmt: skip
MEAL_C = meal("4 0 0 0 3 0 1 3 2 0 6 1", K1=600000.0, K2=960000.0, D1="ELEC", D2=40.0, D3=5.0, D4=35.0, D5=50.0)


def part(values: Values, perimeter: str) -> list[Line]:
    found = lines(MEALS, kept(MEALS, answers_of(values)))
    return [line for line in found if line.flow.perimeter == perimeter]


def index(found: list[Line]) -> float:
    """Millipoints: every category over what a person causes in a year, weighted."""
    return sum(
        caused(found, BY_TOTAL, code) * 1000 * METHOD.weighting[code] / METHOD.normalisation[code]
        for code in INDICATORS
    )


@pytest.mark.parametrize(
    ("values", "plate", "points", "service", "total"),
    [
        (MEAL_A, 1.15284, 0.137464, 0.10628, 1.25912),
        (MEAL_B, 1.31765, 0.159388, 0.36397, 1.68161),
        (MEAL_C, 1.03065, 0.120655, 0.08502, 1.11567),
    ],
    ids="ABC",
)
def test_example_meals_weigh_what_they_were_designed_to(
    values: Values, plate: float, points: float, service: float, total: float
) -> None:
    assert caused(part(values, "assiette"), BY_TOTAL) == pytest.approx(plate, abs=5.1e-6)
    assert index(part(values, "assiette")) == pytest.approx(points, abs=5.1e-7)
    # one unit of the last digit: B was computed with board rounded to 1.2 kg per kg
    assert caused(part(values, "service"), BY_TOTAL) == pytest.approx(service, abs=1e-5)
    assert climate(MEALS, values) == pytest.approx(total, abs=5.1e-6)


@pytest.mark.parametrize("values", [MEAL_A, MEAL_B, MEAL_C], ids="ABC")
def test_food_by_stage_agrees_with_published_totals_within_half_a_per_cent_of_a_meal(values: Values) -> None:
    assert len(BY_STAGE.stages("AGB32-6111")) == 6
    assert climate(MEALS, values, factors=BY_STAGE) == pytest.approx(climate(MEALS, values), rel=5e-3)


def test_a_menu_that_nobody_declares_is_the_published_unfavourable_plan() -> None:
    silent = {key: value for key, value in MEAL_A.items() if not key.startswith("P")}
    assert caused(part(silent, "assiette"), BY_TOTAL) == pytest.approx(1.5920, abs=5.1e-5)
    assert kept(MEALS, answers_of(silent)).value("MEALS") == 20


def test_who_decides_a_usual_meal_is_34_per_cent_buyer_44_regulation_22_candidate() -> None:
    found = list(lines(MEALS, kept(MEALS, answers_of(MEAL_A))))
    shares = {
        who: caused([line for line in found if line.flow.controlled_by == who], BY_TOTAL) / caused(found, BY_TOTAL)
        for who in ("buyer", "regulation", "supplier", "generic")
    }
    assert {who: round(100 * share) for who, share in shares.items()} == {
        "buyer": 34, "regulation": 44, "supplier": 22, "generic": 0,
    }  # fmt: skip


def test_a_gas_kitchen_alone_adds_more_than_the_example_menus_differ() -> None:
    gas = [line for line in part(MEAL_B, "service") if line.flow.code == "f41"]
    menus = {caused(part(values, "assiette"), BY_TOTAL) for values in (MEAL_A, MEAL_C)}
    assert caused(gas, BY_TOTAL) == pytest.approx(0.28, abs=5e-3)
    assert caused(gas, BY_TOTAL) > max(menus) - min(menus)


# --- Office furniture -------------------------------------------------------------------------------------------


def masses(row: str, *kilograms: float) -> dict[str, float | str]:
    return {f"{row}.M{number}": mass for number, mass in enumerate(kilograms)}


def route(semi: float, van: float) -> dict[str, float | str]:
    return {"LEG1.T1": "SEMI", "LEG1.T2": semi, "LEG2.T1": "VUL", "LEG2.T2": van}


USUAL = {**masses("DESK", 38, 18, 0, 19, 0.6, 0, 0), **masses("CHAIR", 15, 6, 0, 1, 5, 2.5, 0), "A": "NON"}
DESK_A = {**USUAL, **route(800, 60), "R1": 0.0, "R2": 0.0, "E1": 4.0, "E2": 0.5, "G": 10.0}
DESK_B = {**DESK_A, "R1": 30.0, "R2": 50.0, "G": 12.0}
DESK_D = {**masses("DESK", 38), **masses("CHAIR", 15), **route(1500, 100), "E1": 6.0, "E2": 0.8, "G": 5.0}
DESK_C = {**DESK_D, "A": "NON"}
REUSED = {
    **masses("DESK", 38, 2, 0, 3, 0.3, 0, 32.7),
    **masses("CHAIR", 15, 0, 0, 0, 0.5, 1, 13.5),
    **route(300, 60),
    "A": "NON", "R1": 0.0, "R2": 0.0, "E1": 2.0, "E2": 0.2, "G": 10.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "total", "years"),
    [
        (DESK_A, 153.7708, 10),
        (DESK_B, 138.4984, 12),
        (DESK_C, 254.7837, 10),
        (DESK_D, 463.0816, 10),
        (REUSED, 47.2709, 10),
    ],
    ids=["A", "B", "C", "D", "reused"],
)
def test_example_workstations_weigh_what_they_were_designed_to(values: Values, total: float, years: float) -> None:
    assert kept(FURNITURE, answers_of(values)).value("L") == years
    assert climate(FURNITURE, values) * years == pytest.approx(total, abs=5.1e-5)


def test_a_route_that_nobody_knows_is_a_long_road() -> None:
    unknown = {key: value for key, value in DESK_C.items() if not key.startswith("LEG")}
    said = Answer("LEG1.T1", None, Origin.NOT_KNOWN)
    asked = kept(FURNITURE, {**answers_of(unknown), "LEG1.T1": said})
    assert caused(list(lines(FURNITURE, asked)), BY_TOTAL) == pytest.approx(climate(FURNITURE, DESK_C), rel=1e-12)
    assert climate(FURNITURE, unknown) == pytest.approx(climate(FURNITURE, DESK_C), rel=1e-12)


def test_a_part_not_available_weighs_as_mass_not_detailed() -> None:
    answers = {**answers_of(DESK_A), "DESK.M1": Answer("DESK.M1", None, Origin.NOT_KNOWN)}
    scope = kept(FURNITURE, answers)
    assert scope.tables["PRODUCTS"]["DESK"]["ND"] == pytest.approx(18.4)
    assert caused(list(lines(FURNITURE, scope)), BY_TOTAL) > climate(FURNITURE, DESK_A)


# --- Computers and screens --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "condition", "energy", "warranty", "per_year"),
    [
        ("LAPTOP", "NEW", 28, 3, 32.656),
        ("LAPTOP", "NEW", 20, 5, 32.240),
        ("LAPTOP", "NEW", 28, 7, 23.742),
        ("LAPTOP", "REFURBISHED", 35, 2, 14.820),
        ("LAPTOP", "REFURBISHED", 35, 5, 9.620),
        ("SCREEN_L", "NEW", 40, 5, 51.680),
        ("DESKTOP", "NEW", 60, 5, 36.920),
    ],
)
def test_example_devices_weigh_what_they_were_designed_to(
    device: str, condition: str, energy: float, warranty: float, per_year: float
) -> None:
    values = {"DEV1.Q2": condition, "DEV1.Q3": float(energy), "DEV1.Q4": float(warranty)}
    assert climate(DEVICES, values, {"DEV1.Q1": device, "DEV1.QTY": 7.0}) == pytest.approx(per_year, abs=5.1e-4)


def test_devices_of_a_lot_weigh_by_their_number() -> None:
    laptops = {"DEV1.Q2": "NEW", "DEV1.Q3": 28.0, "DEV1.Q4": 3.0}
    screens = {"DEV2.Q2": "NEW", "DEV2.Q3": 40.0, "DEV2.Q4": 5.0}
    rows = {"DEV1.Q1": "LAPTOP", "DEV1.QTY": 30.0, "DEV2.Q1": "SCREEN_L", "DEV2.QTY": 10.0}
    assert climate(DEVICES, {**laptops, **screens}, rows) == pytest.approx((3 * 32.656 + 51.680) / 4, abs=1e-9)


def test_device_postes_add_up_to_the_published_device() -> None:
    for process in ("BC-27002", "BC-27003", "BC-27005", "BC-27006"):
        assert BY_STAGE.whole(process)[0] == pytest.approx(BY_TOTAL.whole(process)[0], rel=5e-3)


# --- All of them ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answers", "minutes", "days"),
    [("restauration-scolaire", 21, 25, 2), ("mobilier-bureau", 20, 30, 5), ("informatique-postes", 7, 12, 1)],
)
def test_the_burden_is_the_announced_one(name: str, answers: int, minutes: float, days: float) -> None:
    sums = effort(TEMPLATES[name])
    assert (sums.answers, sums.minutes, sums.days_to_get) == (answers, minutes, days)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_reference_is_the_first_example(name: str) -> None:
    template = TEMPLATES[name]
    expected = {"restauration-scolaire": 1.25912, "mobilier-bureau": 15.37708, "informatique-postes": 32.656}
    fixed = {key: value for key, value in template.reference.items() if key in {"DEV1.Q1", "DEV1.QTY"}}
    assert climate(template, template.reference, fixed) == pytest.approx(expected[name], abs=5.1e-6)


# --- Silence never pays -----------------------------------------------------------------------------------------


def fields(template: Template) -> dict[str, Field]:
    """By key, everything asked: fields, and columns of every row."""
    cells = {
        f"{row}.{column.code}": column
        for table in template.tables
        for row, column in product(table.rows, table.columns)
    }
    return {field.code: field for field in template.fields} | cells


def plausible(template: Template, key: str, said: Values, rows: Values) -> tuple[float, float]:
    """The plausible bounds of one number, among what is said already."""
    field, scope = fields(template)[key], kept(template, answers_of(said), rows)
    if "." in key:
        row = key.partition(".")[0]
        table = next(table.code for table in template.tables if row in table.rows)
        scope = row_scope(scope, table, row) if row in scope.tables[table] else scope
    bounds = next((by for by in field.plausible_by if evaluate(parse(by.when), scope) is True), field.plausible)
    low = field.hard.min if bounds.min is None else bounds.min
    high = field.hard.max if bounds.max is None else bounds.max
    per = 1.0 if field.per is None else evaluate(parse(field.per), scope)
    assert low is not None
    assert high is not None
    assert isinstance(per, float | int)
    return low * per, high * per


def drawn(data: st.DataObject, template: Template, keys: list[str], rows: Values, said: Values) -> Values:
    """Plausible answers to ``keys``, each among those before it."""
    lists = {each.code: [option.code for option in each.options] for each in template.lists}
    values = dict(said)
    for key in keys:
        field = fields(template)[key]
        if field.type is FieldType.CHOICE:
            values[key] = data.draw(st.sampled_from(lists[str(field.list)]), label=key)
        else:
            low, high = plausible(template, key, values, rows)
            value = data.draw(st.floats(low, high), label=key)
            values[key] = float(round(value)) if field.type is FieldType.INTEGER else value
    return values


def assert_silence_never_pays(template: Template, said: Values, keys: list[str], rows: Values | None = None) -> None:
    spoken = climate(template, said, rows)
    assert spoken < float("inf")
    for key in keys:
        silent = climate(template, {other: value for other, value in said.items() if other != key}, rows)
        assert silent >= spoken * (1 - 1e-12), (key, said, silent, spoken)


SERVICE = ["K1", "K2", "K3", "K4", "C1", "D1", "D2", "D3", "D4", "D5"]


@given(st.data())
def test_silence_on_the_service_of_meals_never_pays(data: st.DataObject) -> None:
    menu = {key: value for key, value in MEAL_A.items() if key.startswith("P")}
    said = dict(drawn(data, MEALS, SERVICE, {}, menu))
    asked = SERVICE
    if said["C1"] != "REUSABLE":
        said, asked = dict(drawn(data, MEALS, ["C2"], {}, said)), [*SERVICE, "C2"]
    assert_silence_never_pays(MEALS, said, asked)


@given(st.data())
def test_silence_on_a_device_never_pays(data: st.DataObject) -> None:
    device = data.draw(st.sampled_from(["LAPTOP", "DESKTOP", "SCREEN_S", "SCREEN_L"]))
    rows: Values = {"DEV1.Q1": device, "DEV1.QTY": 10.0}
    keys = ["DEV1.Q2", "DEV1.Q3", "DEV1.Q4"]
    assert_silence_never_pays(DEVICES, drawn(data, DEVICES, keys, rows, {}), keys, rows)


@given(st.data())
def test_silence_on_furniture_never_pays_beyond_the_5_per_cent_that_need_no_detail(data: st.DataObject) -> None:
    said: dict[str, float | str] = {"A": data.draw(st.sampled_from(["OUI", "NON"]), label="A")}
    for row, low, high in (("DESK", 20.0, 70.0), ("CHAIR", 4.0, 25.0)):
        said |= composition(data, row, data.draw(st.floats(low, high), label=f"{row}.M0"), said["A"] == "OUI")
    said = dict(drawn(data, FURNITURE, ["R1", "R2", "E1", "E2", "G"], {}, {**said, **route(500, 20)}))
    parts = [f"{row}.M{number}" for row, number in product(("DESK", "CHAIR"), range(1, 7))]
    assert_silence_never_pays(FURNITURE, said, [*parts, "A", "R1", "R2", "E1", "E2", "G"])


@given(st.data())
def test_silence_on_aluminium_or_padding_never_pays_up_to_all_that_masses_may_add_up_to(data: st.DataObject) -> None:
    said: dict[str, float | str] = {"A": data.draw(st.sampled_from(["OUI", "NON"]), label="A")}
    for row, low, high in (("DESK", 20.0, 70.0), ("CHAIR", 4.0, 25.0)):
        total = data.draw(st.floats(low, high), label=f"{row}.M0")
        said |= composition(data, row, total, said["A"] == "OUI", most=1.02)
    spoken = {**said, **route(500, 20), "R1": 0.0, "R2": 0.0, "E1": 4.0, "E2": 0.5, "G": 10.0}
    column = "M2" if said["A"] == "OUI" else "M5"
    assert_silence_never_pays(FURNITURE, spoken, [f"DESK.{column}", f"CHAIR.{column}"])


def composition(data: st.DataObject, row: str, total: float, aluminium: bool, most: float = 0.95) -> Values:  # noqa: FBT001 - a fact
    """Masses of every part, in plausible shares of at most ``most`` of the total."""
    shares = [data.draw(st.floats(0, 1), label=f"{row}.M{number}") for number in range(1, 7)]
    shares[1] *= aluminium
    scale = most * total / max(1.0, sum(shares))
    kilograms = [share * scale for share in shares]
    kilograms[4] = min(4.0, kilograms[4])
    return masses(row, total, *kilograms)


@given(st.data())
def test_silence_on_a_road_or_a_ship_never_pays(data: st.DataObject) -> None:
    base = {key: value for key, value in DESK_A.items() if not key.startswith("LEG")}
    mode = data.draw(st.sampled_from(["VUL", "RIGID12", "RIGID26", "SEMI", "TRAIN", "SHIP"]), label="LEG1.T1")
    said = drawn(data, FURNITURE, ["LEG1.T2"], {}, {**base, "LEG1.T1": mode})
    assert_silence_never_pays(FURNITURE, said, ["LEG1.T1", "LEG1.T2"])
    assert climate(FURNITURE, base) >= climate(FURNITURE, said) * (1 - 1e-12)


def test_kilometres_without_a_vehicle_count_as_the_heaviest_one() -> None:
    base = {key: value for key, value in DESK_A.items() if not key.startswith("LEG")}
    silent = climate(FURNITURE, {**base, "LEG1.T2": 400.0})
    assert silent == pytest.approx(climate(FURNITURE, {**base, "LEG1.T1": "VUL", "LEG1.T2": 400.0}), rel=1e-12)
    modes = [option.code for each in FURNITURE.lists if each.code == "MODE" for option in each.options]
    assert silent == max(climate(FURNITURE, {**base, "LEG1.T1": mode, "LEG1.T2": 400.0}) for mode in modes)


@pytest.mark.parametrize(("aluminium", "told", "small"), [("OUI", 3.0, 1.9), ("OUI", None, 0.0), ("NON", None, 1.9)])
def test_small_parts_count_as_steel_unless_aluminium_is_there_and_not_told(
    aluminium: str, told: float | None, small: float
) -> None:
    values = {**DESK_A, "A": aluminium, "DESK.M2": told}
    scope = kept(FURNITURE, answers_of({key: value for key, value in values.items() if value is not None}))
    assert scope.tables["PRODUCTS"]["DESK"]["SMALL_PARTS"] == pytest.approx(small)
