"""Builds release 2026.2.0 of the starter set: the rows of 2026.1.0 as they stand, and many more chosen by rules.

And release 2025.1.0: the foods of 2026.1.0 as the release of Agribalyse before published them, so that a ranking that
hangs on the release can be said.

    CANEVAS_REFERENCE_DATA=FOLDER python factors/build_release.py [OUT]

``OUT`` defaults to this folder. What is taken and what stays out stands in ``starter-2026.2.toml``; the names that the
sources lack or word badly, the words that people type and the closed families in ``starter-2026.2.words.toml``. The
same files give the same bytes.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from build_starter import (
    FOOD_STAGES,
    HERE,
    STILL_VALID,
    Official,
    Row,
    climate_only,
    collect,
    is_lost,
    manifest,
    note,
    per_unit,
    post_values,
    read_official,
    set_files,
    stage_values,
    tie,
    twins_of,
    validity,
    with_food_values,
)
from data_packages import Cells, read_csv, table, write

from canevas_xl.model.vocabulary import INDICATORS, STAGES, TOTAL

PLAN: Final = "starter-2026.2.toml"
WORDS: Final = "starter-2026.2.words.toml"
NAME_PARTS: Final = ("base", "attribut", "frontière")
YEAR: Final = re.compile(r"( [-–] )?\b20\d\d$")
SAID_ANYWAY: Final = frozenset({"manufacture", "new | manufacture"})
"""English boundaries that the French names do without."""
TOLERANCE: Final = 0.05
"""How far six stages of three digits may be from their published total, in any category."""
PREPARED: Final = frozenset({"Pas de préparation", "Réfrigéré chez le consommateur", "Micro-onde"})
UNITS: Final = {
    **dict.fromkeys(("unité", "appareil", "livre"), ("item", 1)),
    **dict.fromkeys(("tonne", "t", "tonne de déchets", "tonne produites"), ("kg", 1000)),
    **dict.fromkeys(("kg", "Kg"), ("kg", 1)),
    **dict.fromkeys(("litre", "Litre"), ("L", 1)),
    "kWh": ("kWh", 1),
    **dict.fromkeys(("kWh PCI", "KWh PCI", "kWhPCI", "kWh (PCI)"), ("kWh_LHV", 1)),
    "kWh PCS": ("kWh_HHV", 1),
    **dict.fromkeys(("m3", "m³"), ("m3", 1)),
    **dict.fromkeys(("t.km", "tonne.km"), ("t.km", 1)),
    "passager.km": ("passenger.km", 1),
    "km": ("vehicle.km", 1),
    **dict.fromkeys(("m²", "m² de paroi", "m² de sol", "m² de toiture"), ("m2", 1)),
    **dict.fromkeys(("m", "mL", "m de route"), ("m", 1)),
    "repas": ("meal", 1),
    "keuro (2023) HT": ("EUR", 1000),
}
"""Base Carbone's spelling of a unit → ours, and by what its value is divided. ``mL`` there is a linear metre."""
NO_DAY: Final = frozenset({"3 ans"})
"""What stands where a validity should, and names no day."""
MADE: Final = "materials supply forming assembly"
"""What a whole product holds whose source does not publish its posts: the careful reading."""
LEFT_COLUMNS: Final = ("source", "source_id", "name_fr", "reason", "detail")


@dataclass(frozen=True)
class Ground:
    """What rules work on: the plan, the publishers' files, our words."""

    plan: Mapping[str, Any]
    official: Official
    words: Mapping[str, Any]


@dataclass
class Chosen:
    """Rows that rules took, and those that they would have taken but for a defect."""

    rows: list[Row] = field(default_factory=list)
    left: list[tuple[str, str, str, str, str]] = field(default_factory=list)


def matches(rule: Mapping[str, Any], text: str) -> bool:
    """Say whether a rule takes a name."""
    taken = re.search(rule.get("take", "."), text) is not None
    return taken and not ("leave" in rule and re.search(rule["leave"], text))


def foods(ground: Ground, like: Cells, held: set[str]) -> Chosen:
    """Take the foods that rules name, sub-group by sub-group, as the publisher lists them."""
    chosen, plan, official = Chosen(), ground.plan, ground.official
    for rule in plan["food"]:
        for code, total in official.synthesis.items():
            name = total["Nom du Produit en Français"]
            if total["Sous-groupe d'aliment"] != rule["subgroup"] or code in held or not matches(rule, name):
                continue
            reason = food_defect(code, name, plan["food_left"], official)
            if reason:
                chosen.left.append(("AGRIBALYSE", code, name, *reason))
            elif total["Préparation"] in PREPARED:
                chosen.rows.append(food(code, official, like))
    # The defective rows are on record whether a rule would have taken them or not.
    known = {code for _, code, *_ in chosen.left}
    for code in plan["food_left"]["single_score_is_not_the_sum"]:
        if code not in known:
            name = official.synthesis[code]["Nom du Produit en Français"]
            chosen.left.append(("AGRIBALYSE", code, name, "single_score_is_not_the_sum", ""))
    return chosen


def food_defect(code: str, name: str, left: Mapping[str, Any], official: Official) -> tuple[str, str] | None:
    """Say why a food stays out: its reason, and what is wrong with it."""
    if code in left["single_score_is_not_the_sum"]:
        return "single_score_is_not_the_sum", ""
    for reason in ("wrong_at_the_source", "holds_eggs"):
        if re.search(left[reason], name):
            return reason, ""
    if code not in official.by_stage:
        return "not_published_by_stage", ""
    lost = [one for one in INDICATORS if is_lost(code, one, official) and not lent(code, one, official)]
    if lost:
        return "stages_lost", " ".join(lost)
    stages = stage_values(code, official)[0].values()
    off = [one for one in INDICATORS if not adds_up(code, one, stages, official)]
    return ("stages_do_not_add_up", " ".join(off)) if off else None


def lent(code: str, indicator: str, official: Official) -> bool:
    """Say whether a row with the same sixteen totals lends the stages that a food lost."""
    return any(not is_lost(other, indicator, official) for other in twins_of(code, official))


def adds_up(code: str, indicator: str, stages: Iterable[tuple[str, ...]], official: Official) -> bool:
    """Say whether the six stages come near the published total."""
    place = INDICATORS.index(indicator)
    parts = [row[place] for row in stages]
    total = float(official.synthesis[code][official.french[indicator]])
    return all(parts) and abs(sum(map(float, parts)) - total) <= TOLERANCE * abs(total)


def food(code: str, official: Official, like: Cells) -> Row:
    """Carry a food over with its publisher's names; what all foods share is taken from ``like``."""
    total = official.synthesis[code]
    cells = like | {
        "id": f"AGB32-{code}",
        "name_fr": total["Nom du Produit en Français"],
        "name_en": total["LCI Name"],
        "source_id": code,
        "dqr": total["DQR"],
    }
    return with_food_values(cells, official)


def factors(ground: Ground, like: Cells, held: set[str]) -> Chosen:
    """Take the emission factors that rules name, category by category, as the publisher lists them."""
    chosen, plan, official = Chosen(), ground.plan, ground.official
    seen: set[tuple[str, ...]] = set()
    for rule in plan["base_carbone"]:
        for identifier, element in official.elements.items():
            name = full_name(element)
            if identifier in held or not offered(element, rule) or not matches(rule, name):
                continue
            if re.search(rule.get("leave_places", "^$"), place_of(element)):
                continue
            unit = UNITS.get(element["Unité français"].removeprefix("kgCO2e/"))
            if unit is None or unit[0] not in rule.get("units", [unit[0]]):
                continue
            same = (name, unit[0], place_of(element), element["Total poste non décomposé"])
            reason = factor_defect(name, plan["base_carbone_left"], twice=same in seen)
            held.add(identifier)
            seen.add(same)
            if reason:
                chosen.left.append(("ADEME Base Carbone", identifier, name, reason, ""))
            else:
                chosen.rows.append(factor(element, rule["group"], unit, ground, like))
    return chosen


def full_name(element: Cells) -> str:
    """Join what Base Carbone splits: base, attribute, boundary."""
    names = (element[f"Nom {part} français"].replace('"', "") for part in NAME_PARTS)
    return " | ".join(name for name in names if name)


def english_name(element: Cells, terms: Mapping[str, str]) -> str:
    """Join the English parts of a name; ``terms`` gives those that the source lacks.

    Raises:
        KeyError: a part has no English.
    """
    names = []
    for part in NAME_PARTS:
        french = element[f"Nom {part} français"].replace('"', "")
        if french:
            names.append(element[f"Nom {part} anglais"].replace('"', "") or terms[YEAR.sub("", french)])
    year = YEAR.search(full_name(element))
    told = any(year[0].strip(" -–") in name for name in names) if year else True
    names += [] if told or year is None else [year[0].strip(" -–")]
    return " - ".join(name for name in names if name and name not in SAID_ANYWAY)


def place_of(element: Cells) -> str:
    """Give the geography, with the part of it where one is named."""
    part = element["Sous-localisation géographique français"]
    whole = element["Localisation géographique"]
    return f"{whole} ({part})" if part and part != "France" else whole


def offered(element: Cells, rule: Mapping[str, Any]) -> bool:
    """Say whether a row is a valid generic factor of a rule's category, and not a copy of Agribalyse."""
    valid = (element["Type de l'élément"], element["Statut de l'élément"]) == ("Facteur d'émission", "Valide générique")
    return (
        valid
        and element["Code de la catégorie"].startswith(rule["of"])
        and "agribalyse" not in element["Source"].lower()
    )


def factor_defect(name: str, left: Mapping[str, str], *, twice: bool) -> str:
    """Say why a factor stays out; empty when it does not."""
    for reason, expression in left.items():
        if re.search(expression, name):
            return reason
    return "published_twice" if twice else ""


def factor(element: Cells, group: str, unit: tuple[str, int], ground: Ground, like: Cells) -> Row:
    """Carry an emission factor over; what all of Base Carbone shares is taken from ``like``."""
    published = element["Total poste non décomposé"]
    identifier = element["Identifiant de l'élément"]
    place = place_of(element)
    where = f" ({place.partition('(')[2]}" if "(" in place else ""
    cells = like | {
        "id": f"BC-{identifier}",
        "name_fr": full_name(element).replace(" | ", " - ") + where,
        "name_en": english_name(element, ground.words["terms"]) + where,
        "unit": unit[0],
        "group": group,
        "source_id": identifier,
        "geography": place,
        "reference_year": "",
        "valid_until": ends(element["Période de validité"]),
        "uncertainty_percent": element["Incertitude"],
        "note": note(f"{published} {element['Unité français']}", STILL_VALID),
    }
    value = per_unit(published, unit[1])
    return Row(cells, {TOTAL: climate_only(value)} | post_values(identifier, ground.official))


def ends(text: str) -> str:
    """Give the day on which a validity ends; empty where the source names none."""
    if re.fullmatch(r"\d{5}", text):  # a date that a spreadsheet turned into its number
        return (date(1899, 12, 30) + timedelta(days=int(text))).isoformat()
    if text in NO_DAY:
        return ""
    return validity(text.removeprefix("Données valides pour l'année "))


def grow(folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Give the files of the release, and the plan that names it."""
    plan = tomllib.loads((HERE / PLAN).read_text("utf-8"))
    before = tomllib.loads((HERE / plan["before"]).read_text("utf-8"))
    words = tomllib.loads((HERE / WORDS).read_text("utf-8"))
    official = read_official(folder)
    rows = collect(folder, before, official)
    first = {row.cells["source"]: row.cells for row in reversed(rows)}
    held = {row.cells["source_id"] for row in rows if row.cells["source"] == "AGRIBALYSE"}
    ground = Ground(plan, official, words)
    foods_taken = foods(ground, first["AGRIBALYSE"], held)
    held = {row.cells["source_id"] for row in rows if row.cells["source"] == "ADEME Base Carbone"}
    factors_taken = factors(ground, first["ADEME Base Carbone"], held)
    added = [*foods_taken.rows, *factors_taken.rows]
    for row in added:
        row.cells["contains"] = held_by(row)
    rename(added, words["renamed"])
    withdraw(added, words["withdrawn"])
    rows += added
    tie(rows)
    data = set_files(rows, before, official)
    left = sorted([*foods_taken.left, *factors_taken.left])
    data["left_out.csv"] = table(LEFT_COLUMNS, left)
    data["words.csv"] = table(("process", "words"), spoken(rows, words["spoken"]))
    data["families.csv"] = table(("family", "choice", "process", "label_fr", "label_en"), closed(rows, words["family"]))
    return data, before | {"version": plan["version"], "title": plan["title"]}


def held_by(row: Row) -> str:
    """Name the stages that a value holds, published apart or not."""
    own = " ".join(stage for stage in STAGES if stage in row.values)
    if own:
        return own
    if row.cells["group"] == "food_meals":
        return "agriculture processing packaging transport"
    return MADE if row.cells["unit"] == "item" and row.cells["group"] != "digital_services" else ""


def rename(rows: Iterable[Row], names: Mapping[str, Mapping[str, str]]) -> None:
    """Give the names that the source words badly.

    Raises:
        ValueError: a row does not exist.
    """
    by_id = {row.cells["id"]: row.cells for row in rows}
    for language, renamed in names.items():
        for identifier, name in renamed.items():
            if identifier not in by_id:
                raise ValueError(identifier)
            by_id[identifier][f"name_{language}"] = name


def withdraw(rows: Iterable[Row], reasons: Mapping[str, Any]) -> None:
    """Mark the rows that no list may offer."""
    for row in rows:
        for reason, rule in reasons.items():
            if row.cells["id"] in rule.get("ids", []) or row.cells["group"] in rule.get("groups", []):
                row.cells["withdrawn"] = reason


def spoken(rows: Iterable[Row], table_of_words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give what people type for each row: the words of every expression that its French name or group meets."""
    for row in rows:
        met = (
            words
            for expression, words in table_of_words.items()
            if re.search(expression, row.cells["name_fr"]) or expression == f"group:{row.cells['group']}"
        )
        found = dict.fromkeys(word.strip() for words in met for word in words.split(","))
        if found:
            yield row.cells["id"], ";".join(found)


def closed(rows: Iterable[Row], families: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, str, str, str]]:
    """Give the closed families.

    Raises:
        ValueError: a member does not exist, is withdrawn, is the same data as another, or is counted otherwise.
    """
    by_id = {row.cells["id"]: row.cells for row in rows}
    for family, choices in families.items():
        cells = [by_id[one["process"]] for one in choices.values()]
        data = [one["same_as"] or one["id"] for one in cells]
        if any(one["withdrawn"] for one in cells) or len(set(data)) != len(data):
            raise ValueError(family)
        for choice, one in choices.items():
            yield family, choice, one["process"], one["fr"], one["en"]


def recall(folder: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Give the files of the release before: foods only, withdrawn from every list."""
    before = tomllib.loads((HERE / tomllib.loads((HERE / PLAN).read_text("utf-8"))["before"]).read_text("utf-8"))
    plan = tomllib.loads((HERE / PLAN).read_text("utf-8"))["recalled"]
    official = replace(
        read_official(folder),
        synthesis={row["Code AGB"]: row for row in read_csv(folder / plan["synthesis"]) if row["Code AGB"]},
        by_stage={row["Code AGB"]: row for row in read_csv(folder / plan["by_stage"]) if row["Code AGB"]},
    )
    foods_now = [row for row in collect(folder, before, read_official(folder)) if row.cells["source"] == "AGRIBALYSE"]
    rows = [recalled(row, plan, official) for row in foods_now if row.cells["source_id"] in official.by_stage]
    tie(rows)
    about = {"id": before["id"], "version": plan["version"], "title": plan["title"], "licence": [plan["licence"]]}
    return set_files(rows, about, official), about


def recalled(row: Row, plan: Mapping[str, Any], official: Official) -> Row:
    """Give a food as the release before published it."""
    code = row.cells["source_id"]
    total = official.synthesis[code]
    names = [[f"{official.french[one]} - {label}" for one in INDICATORS] for label in FOOD_STAGES]
    stages = (tuple(official.by_stage[code][name] for name in columns) for columns in names)
    cells = row.cells | {
        "id": f"AGB311-{code}",
        "source_version": plan["source_version"],
        "licence": plan["licence"]["code"],
        "dqr": total["DQR"],
        "withdrawn": "older_release",
        "same_as": "",
        "note": note("per kg consumed, farm to plate", f"preparation: {total['Préparation']}"),
    }
    values = {TOTAL: tuple(total[official.french[one]] for one in INDICATORS)}
    return Row(cells, values | dict(zip(FOOD_STAGES.values(), stages, strict=True)))


def build(folder: Path, out: Path) -> None:
    """Write both releases below ``out``."""
    for data, plan in (grow(folder), recall(folder)):
        write(out / "sets" / plan["id"] / plan["version"], data | {"datapackage.json": manifest(data, plan)})


if __name__ == "__main__":
    build(Path(os.environ["CANEVAS_REFERENCE_DATA"]), Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
