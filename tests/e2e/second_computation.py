"""Owns a second computation of the demos: plain arithmetic over files, without a line of the project's code.

Quantities of each template are written out by hand from its rules; answers come from `donnees/answers.tidy.csv`,
factors, normalisation and weighting from `factors/`, words for codes from the templates' French texts.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import isnan, nan
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SET = ROOT / "factors/sets/starter/2026.1.0"
METHOD = ROOT / "factors/methods/ef-3.1"
NOT_AVAILABLE = "Donnée non disponible"
CLIMATE = "cch"


@dataclass(frozen=True)
class Line:
    """A quantity of a process, per functional unit; not a number where it is unknown."""

    process: str
    quantity: float
    stage: str = ""
    """Empty for the stages of the process itself."""
    by_supplier: bool = False
    on_default: bool = False
    in_every_category: bool = False

    def stages(self, category: str) -> dict[str, float]:
        """Impact by stage, in the unit of the category."""
        if self.stage:
            return {self.stage: self.quantity * factors()[self.process, "total", category]}
        return {stage: self.quantity * factors()[self.process, stage, category] for stage in own_stages(self.process)}

    def impact(self, category: str = CLIMATE) -> float:
        """Impact of all stages, in the unit of the category."""
        return sum(self.stages(category).values())


@dataclass(frozen=True)
class Said:
    """What one offer answers; defaults stand for what is not available and, if `counted`, for what was left out."""

    rows: Mapping[str, Mapping[str, str]]
    counted: bool

    def known(self, key: str) -> bool:
        return self.rows.get(key, {}).get("value", "") != ""

    def silent(self, *keys: str) -> bool:
        return not all(self.known(key) for key in keys)

    def word(self, key: str, default: str) -> str:
        """The label chosen; empty if unknown."""
        if self.known(key):
            return self.rows[key]["value"]
        return default if self.counted or self.rows.get(key, {}).get("origin") == NOT_AVAILABLE else ""

    def number(self, key: str, default: float) -> float:
        return float(self.word(key, repr(default)) or nan)


@cache
def factors() -> dict[tuple[str, str, str], float]:
    """Impact per unit, by process, stage and category."""
    return {
        (row["process"], row["stage"], category): float(text)
        for row in rows(SET / "factors.csv")
        for category, text in row.items()
        if category not in ("process", "stage") and text
    }


@cache
def own_stages(process: str) -> tuple[str, ...]:
    return tuple(
        stage for one, stage, category in factors() if one == process and category == CLIMATE and stage != "total"
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def codes(path: str, name: str) -> dict[str, str]:
    """Codes of the choices of a list by their French labels."""
    texts = tomllib.loads((ROOT / "workbook_templates" / path / "texts.fr.toml").read_text("utf-8"))
    return {label: code for code, label in texts["lists"][name].items()}


def answers(folder: Path) -> dict[str, dict[str, dict[str, str]]]:
    """Rows of each offer, by key."""
    told: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows(folder / "donnees/answers.tidy.csv"):
        told.setdefault(row["supplier"], {})[row["key"]] = row
    return told


def clip(value: float, low: float, high: float) -> float:
    """Hold a value between two bounds; the unknown stays unknown."""
    return value if isnan(value) else min(high, max(low, value))


def or_nothing(value: float) -> float:
    return 0.0 if isnan(value) else value


# --- School meals, per meal ---------------------------------------------------------------------------------------

MEALS, WEEKS = 36_000, 36
DISHES = {
    "P01": ("AGB32-6111", 70, 5), "P02": ("AGB32-6510", 70, 1), "P03": ("AGB32-21502", 70, 2),
    "P04": ("AGB32-28201", 70, 2), "P05": ("AGB32-36017", 70, 2), "P06": ("AGB32-28910", 60, 0),
    "P07": ("AGB32-26043", 70, 4), "P08": ("AGB32-26036", 70, 0), "P09": ("AGB32-36017", 45, 1),
    "P10": ("AGB32-12115", 60, 1), "P11": ("AGB32-20586", 60, 2), "P12": ("AGB32-20904", 80, 0),
}  # fmt: skip
"""Process, grams (half of the 90 g of eggs, in poultry) and dishes in the plan that stands for silence."""

BY_SUPPLIER = ("P04", "P05", "P06", "P09", "P10", "P11", "P12")
GARNISH = {
    "AGB32-7002": 40, "AGB32-20009": 70, "AGB32-17130": 8, "AGB32-9810": 3 / 20 * 50, "AGB32-9100": 3 / 20 * 50,
    "AGB32-4008": 4 / 20 * 180, "AGB32-20020": 5 / 20 * 150, "AGB32-20061_1": 5 / 20 * 150,
    "AGB32-19860": 10 / 20 * 100, "AGB32-12115": 10 / 20 * 30, "AGB32-13039": 10 / 20 * 120,
    "AGB32-13005": 5 / 20 * 100, "AGB32-13034": 5 / 20 * 120,
}  # fmt: skip
ENERGY = {"DIESEL": "BC-25775", "PETROL": "BC-25763", "LPG": "BC-14031", "ELEC": "BC-42513"}


def meal_lines(said: Said) -> Iterator[Line]:
    """The plate in all categories, the service in climate."""
    for key, (process, grams, dishes) in DISHES.items():
        kilograms = said.number(key, dishes) / 20 * grams / 1000
        mine = key in BY_SUPPLIER
        yield Line(process, kilograms, by_supplier=mine, on_default=said.silent(key), in_every_category=True)
    for process, served in GARNISH.items():
        yield Line(process, served / 1000, in_every_category=True)
    cooked = said.number("K1", MEALS)
    for key, process, most in (("K2", "BC-42513", 2.5), ("K3", "BC-37133", 2.0), ("K4", "BC-14087", 0.2)):
        energy = said.number(key, most * cooked) / cooked
        yield Line(process, energy, "kitchen", by_supplier=True, on_default=said.silent("K1", key))
    container = codes("restauration-scolaire/1.0.0", "CONTAINER")[
        said.word("C1", "Plastique jetable, si le cahier des charges l'autorise")
    ]
    for kind, processes in (
        ("PLASTIC", ("BC-20845", "BC-34528")),
        ("FIBRE", ("DEFRA-19_506_5156_15_1", "BC-34482")),
    ):
        box = said.number("C2", 25) / 1000 if container == kind else 0.0
        for process in processes:
            yield Line(process, box, "containers", on_default=said.silent("C1", "C2"))
    energy_code = codes("fragments/delivery-round/1.0.0", "ENERGY")[said.word("D1", "Gazole")]
    driven = said.number("D2", 100) * said.number("D3", 5) * WEEKS * said.number("D5", 100) / 100
    used = driven * said.number("D4", 35 if energy_code == "ELEC" else 14) / 100 / MEALS
    silent = said.silent("D1", "D2", "D3", "D4", "D5")
    yield Line(ENERGY[energy_code], used, "delivery", by_supplier=True, on_default=silent)


# --- Office furniture, per workstation and year -------------------------------------------------------------------

FREIGHT = {
    "VUL": ("BC-43735", 250), "RIGID12": ("BC-43724", 500), "RIGID26": ("BC-43718", 1000), "SEMI": ("BC-43643", 1500),
    "TRAIN": ("BC-43728", 3000), "SHIP": ("BC-28193", 22000), "PLANE": ("BC-43671", 16000),
}  # fmt: skip
"""Process and kilometres that stand for a distance left out."""


def furniture_lines(said: Said) -> Iterator[Line]:
    """Lines of both products, of packaging and of the route, divided by the credited years."""
    years = clip(said.number("G", 2), 10, 15)
    for line in (*product_lines(said, "DESK"), *product_lines(said, "CHAIR"), *carriage_lines(said)):
        yield Line(
            line.process, line.quantity / years, line.stage, line.by_supplier, line.on_default or said.silent("G")
        )


def product_lines(said: Said, product: str) -> Iterator[Line]:
    """What one product is made of, how it is made, and its end."""
    key = {name: f"{product}.{name}" for name in ("M0", "M1", "M2", "M3", "M4", "M5", "M6")}
    mass = said.number(key["M0"], nan)
    steel, aluminium, wood, plastic = (or_nothing(said.number(key[name], nan)) for name in ("M1", "M2", "M3", "M4"))
    reused = or_nothing(said.number(key["M6"], 0))
    no_aluminium = said.word("A", "Oui") == "Non"
    others = steel + aluminium + wood + plastic + reused
    detailed_some = any(said.known(key[name]) for name in ("M1", "M2", "M3", "M4"))
    left = clip(1.02 * mass - others, 0, 4) if no_aluminium and detailed_some else 0.0
    padding = or_nothing(said.number(key["M5"], left))
    recycled_steel, recycled_plastic = said.number("R1", 0) / 100, said.number("R2", 0) / 100
    for process, kilograms, asked in (
        ("BC-26729", steel * (1 - recycled_steel), "R1"),
        ("BC-26730", steel * recycled_steel, "R1"),
        ("BC-26731", aluminium, ""),
        ("DEFRA-19_500_5048_15_1", 2 * wood, ""),
        ("BC-20836", plastic * (1 - recycled_plastic), "R2"),
        ("BC-20843", plastic * recycled_plastic, "R2"),
        ("BC-20836", 1.5 * padding, key["M5"]),
        ("BI202-b5f6ed12", 0.25 * padding, key["M5"]),
        ("BI202-0a1aef50", 0.25 * padding, key["M5"]),
    ):
        yield Line(process, kilograms, "materials", by_supplier=True, on_default=bool(asked) and said.silent(asked))
    unsaid = max(0.0, mass - others - padding)
    aluminium_kept_back = not said.known(key["M2"]) and not no_aluminium and detailed_some
    small = 0.0 if aluminium_kept_back else 0.05 * mass
    rest = max(0.0, 1.02 * mass - others - padding if aluminium_kept_back else unsaid - small)
    yield Line("BC-26729", min(unsaid, small), "materials", on_default=True)
    yield Line("BC-20907", 2 * rest if no_aluminium else 0.0, "materials", on_default=True)
    yield Line("BC-26731", 0.0 if no_aluminium else rest, "materials", on_default=True)
    made = mass - reused
    yield Line("BC-42513", 2 * made, "manufacturing", on_default=said.silent(key["M6"]))
    yield Line("BC-37133", 1.5 * made, "manufacturing", on_default=said.silent(key["M6"]))
    yield Line("BC-34624", mass, "end_of_life")


def carriage_lines(said: Said) -> Iterator[Line]:
    """Packaging and the route, leg by leg: the published route where no leg is told."""
    box, film = said.number("E1", 6), said.number("E2", 1)
    yield Line("BC-26738", box, "packaging", by_supplier=True, on_default=said.silent("E1"))
    yield Line("BC-20831", film, "packaging", by_supplier=True, on_default=said.silent("E2"))
    tonnes = (said.number("DESK.M0", nan) + said.number("CHAIR.M0", nan) + box + film) / 1000
    modes = codes("fragments/delivery-legs/1.0.0", "MODE")
    for leg in ("LEG1", "LEG2", "LEG3"):
        mode, distance = f"{leg}.T1", f"{leg}.T2"
        if said.known(mode) or said.known(distance):
            process, usual = FREIGHT[modes[said.word(mode, "Utilitaire de moins de 3,5 t")]]
            silent = said.silent(mode, distance, "E1", "E2")
            carried = tonnes * said.number(distance, usual)
            yield Line(process, carried, "delivery", by_supplier=True, on_default=silent)


# --- Computers, per device and year: the example lot asks for 60 laptops ------------------------------------------


def computer_lines(said: Said) -> Iterator[Line]:
    """Manufacture over the credited years, and a year of electricity."""
    refurbished = said.word("DEV1.Q2", "Neuf") == "Reconditionné"
    years = clip(said.number("DEV1.Q4", 1), *((3, 6) if refurbished else (5, 8)))
    silent = said.silent("DEV1.Q2", "DEV1.Q4")
    yield Line("BC-27002", (0.25 if refurbished else 1.0) / years, by_supplier=True, on_default=silent)
    yield Line("BC-42513", said.number("DEV1.Q3", 60), "use", by_supplier=True, on_default=said.silent("DEV1.Q3"))


LINES = {
    "restauration-scolaire": meal_lines,
    "mobilier-bureau": furniture_lines,
    "informatique-postes": computer_lines,
}


# --- Sums and notes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """What is known, and how many lines are not."""

    known: float
    unknown: int


def added(amounts: Iterable[float]) -> Sum:
    told = list(amounts)
    return Sum(sum(one for one in told if not isnan(one)), sum(isnan(one) for one in told))


def total(lines: Iterable[Line], category: str = CLIMATE) -> Sum:
    """The sum over the lines that count in a category."""
    return added(line.impact(category) for line in lines if line.in_every_category or category == CLIMATE)


def by_stage(lines: Iterable[Line]) -> dict[str, Sum]:
    """Climate by stage."""
    parts: dict[str, list[float]] = {}
    for line in lines:
        for stage, amount in line.stages(CLIMATE).items():
            parts.setdefault(stage, []).append(amount)
    return {stage: added(amounts) for stage, amounts in parts.items()}


def share(lines: Iterable[Line], among: Iterable[Line]) -> float:
    """The known climate of some lines in that of all."""
    return total(lines).known / total(among).known


def index(lines: Iterable[Line]) -> float:
    """The EF 3.1 index of the lines that count in every category, in mPt."""
    everywhere = [line for line in lines if line.in_every_category]
    persons = {row["code"]: float(row["per_person"]) for row in rows(METHOD / "normalisation.csv")}
    weights = {row["code"]: float(row["share"]) for row in rows(METHOD / "weighting.csv")}
    return 1000 * sum(total(everywhere, code).known / persons[code] * weights[code] for code in persons)


def f1(value: float, values: Iterable[float]) -> float:
    return 100 * min(values) / value


def f5(value: float, low: float, high: float) -> float:
    return 100 * clip((high - value) / (high - low), 0, 1)


def f7(value: float, values: Iterable[float]) -> float:
    return 100 * value / max(values)


def note(criterion: Mapping[str, Any], value: float, values: Iterable[float]) -> float:
    """The note of one value by the formula that the example campaign publishes."""
    if criterion["FORMULA"] == "F5":
        return f5(value, criterion["LOW"], criterion["HIGH"])
    return {"F1": f1, "F7": f7}[criterion["FORMULA"]](value, values)


def rolled_up(
    criteria: Iterable[Mapping[str, Any]], given: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Notes of offers by label, with those of criteria that have sub-criteria, and the weighted total."""
    rows = list(criteria)
    tops = [row for row in rows if not row.get("PARENT")]
    every = {}
    for offer, notes in given.items():
        whole = dict(notes)
        for top in tops:
            parts = [row for row in rows if row.get("PARENT") == top["CODE"]]
            if parts:
                whole[top["LABEL"]] = sum(notes[part["LABEL"]] * part["WEIGHT"] for part in parts) / 100
        whole["Total pondéré"] = sum(whole[top["LABEL"]] * top["WEIGHT"] for top in tops) / 100
        every[offer] = whole
    return every


# --- Costs ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Terms:
    """What an example campaign publishes of its costs; growth and discount in per cent a year."""

    years: int
    units: float
    discount: float
    energy_price: float
    growth: float


def life_cycle_cost(price: float, yearly_energy: float, terms: Terms) -> float:
    """Price, then each year's energy as a ledger would: dearer each year, brought back to today one year at a time."""
    spent, tariff, worth = price, terms.energy_price, 1.0
    for _ in range(terms.years):
        tariff += tariff * terms.growth / 100
        worth /= 1 + terms.discount / 100
        spent += yearly_energy * tariff * worth
    return spent


def consumed(lines: Iterable[Line], process: str) -> float:
    """Quantity of a process per functional unit."""
    return sum(line.quantity for line in lines if line.process == process)
