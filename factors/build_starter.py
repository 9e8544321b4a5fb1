"""Builds the shipped starter set from the files that their publishers give; same files, same bytes.

    CANEVAS_REFERENCE_DATA=FOLDER python factors/build_starter.py [OUT]

``OUT`` defaults to this folder. The decisions (what is added, withdrawn, held inside a value) stand in
``starter.toml``; this script only carries values over, in the digits of their source, and computes the ties.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import openpyxl
from data_packages import Cells, digest, read_csv, squeeze, table, write

from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, STAGES, TOTAL

HERE: Final = Path(__file__).resolve().parent
SYNTHESIS: Final = "official/agribalyse-3.2-synthese.csv"
BY_STAGE: Final = "official/agribalyse-3.2-detail-par-etape.csv"
BASE_CARBONE: Final = "official/base-carbone-v23.6.xlsx"

PROCESS_COLUMNS: Final = (
    "id", "name_fr", "name_en", "unit", "group", "source", "source_version", "source_id", "licence", "geography",
    "reference_year", "valid_until", "uncertainty_percent", "dqr", "basis", "contains", "withdrawn", "same_as", "note",
)  # fmt: skip
FOOD_STAGES: Final = {
    "Agriculture": "agriculture",
    "Transformation": "processing",
    "Emballage": "packaging",
    "Transport": "transport",
    "Supermarché et distribution": "retail",
    "Consommation": "consumption",
}
POST_STAGES: Final = {
    "Matières premières": "materials",
    "Approvisionnement": "supply",
    "Mise en forme": "forming",
    "Assemblage": "assembly",
    "Distribution": "delivery",
    "Utilisation": "use",
    "Fin de vie": "end_of_life",
}
"""A Base Carbone row is split when each of its posts has a name in this table; energy and freight rows are not."""
UNITS: Final = {"kgCO2e/unité": ("item", 1), "kgCO2e/tonne": ("kg", 1000), "kgCO2e/tonne de déchets": ("kg", 1000)}
MONTHS: Final = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")

ENDED: Final = 'validity period ended (still "Valide générique" in V23.6)'
STILL_VALID: Final = "still published as valid (V23.6)"


@dataclass
class Row:
    """One process on its way into the set: its cells, and its values by stage, as text."""

    cells: Cells
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass
class Official:
    """The publishers' files, read once."""

    synthesis: dict[str, Cells]
    by_stage: dict[str, Cells]
    french: dict[str, str]
    """Indicator → its name in the headers of Agribalyse."""
    elements: dict[str, Cells]
    posts: dict[str, list[Cells]]

    @cached_property
    def alike(self) -> dict[tuple[str, ...], list[str]]:
        """Foods by their 16 published values, in the publisher's order."""
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for code in self.synthesis:
            found[self.totals(code)].append(code)
        return dict(found)

    def totals(self, code: str) -> tuple[str, ...]:
        """Give the 16 published values of a food."""
        return tuple(self.synthesis[code][name] for name in self.french.values())


def read_official(folder: Path) -> Official:
    """Read what Agribalyse and Base Carbone publish; identifiers are text."""
    elements: dict[str, Cells] = {}
    posts: dict[str, list[Cells]] = defaultdict(list)
    book = openpyxl.load_workbook(folder / BASE_CARBONE, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    header = [squeeze(name) for name in next(rows)]
    for row in rows:
        cells = dict(zip(header, map(plain, row), strict=True))
        if cells["Type Ligne"] == "Poste":
            posts[cells["Identifiant de l'élément"]].append(cells)
        else:
            elements[cells["Identifiant de l'élément"]] = cells
    book.close()
    return Official(
        synthesis={row["Code AGB"]: row for row in read_csv(folder / SYNTHESIS) if row["Code AGB"]},
        by_stage={row["Code AGB"]: row for row in read_csv(folder / BY_STAGE) if row["Code AGB"]},
        french={row["code"]: squeeze(row["name_fr_agribalyse"]) for row in read_csv(folder / "ef31_method.csv")},
        elements=elements,
        posts=dict(posts),
    )


def plain(value: object) -> str:
    """Write a cell of the Base Carbone workbook as text; midnight is not part of a date, nor ``.0`` of an integer."""
    return squeeze(value).removesuffix(" 00:00:00")


def validity(text: str) -> str:
    """Turn a period of validity into the ISO date on which it ends; empty where the source states none.

    Whole years end on 31 December, months (``déc.-18``) on their last day of at most 31.

    Raises:
        ValueError: it reads like no date that the sources are known to hold.
    """
    if text in ("", "nan"):
        return ""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    if whole_year := re.fullmatch(r"(?:Année )?(\d{4})", text):
        return f"{whole_year[1]}-12-31"
    if (month := re.fullmatch(r"(\w+)\.?-(\d\d)", text)) and month[1] == MONTHS[-1]:
        return f"20{month[2]}-12-31"
    raise ValueError(text)


def per_unit(value: str, divisor: int) -> str:
    """Divide a published value exactly, without an exponent that the source has not."""
    return format((Decimal(value) / divisor).normalize(), "f")


def climate_only(value: str) -> tuple[str, ...]:
    """Give 16 values of which only climate change is known: a blank is not zero."""
    return tuple(value if code == CLIMATE else "" for code in INDICATORS)


def starter_row(row: Cells, plan: Mapping[str, Any], official: Official) -> Row:
    """Carry one row of the starter table over, with the stages that its source publishes."""
    source = row["source"]
    licence = next(one["code"] for one in plan["licence"] if (one["source"], one["marked"]) == (source, row["licence"]))
    cells = {
        **dict.fromkeys(PROCESS_COLUMNS, ""),
        **{name: row[name] for name in ("id", "name_fr", "name_en", "unit", "source", "source_id", "reference_year")},
        "group": row["category"],
        "source_version": plan["version_label"].get(row["source_version"], row["source_version"]),
        "licence": licence,
        "geography": row["geo"],
        "valid_until": validity(row["valid_until"]),
        "uncertainty_percent": row["uncertainty_pct"],
        "dqr": row["dqr"],
        "basis": plan["basis"][source],
        "note": note(row["original_value"], row["notes"]),
    }
    if source == "AGRIBALYSE":
        return with_food_values(cells, official)
    values = {TOTAL: tuple(row[code] for code in INDICATORS)}
    return Row(cells, values | post_values(row["source_id"], official) if source == "ADEME Base Carbone" else values)


def note(*parts: str) -> str:
    """Join remarks; what ``valid_until`` says already is left to it, so that a note stays true as time passes."""
    said = (part.replace(ENDED, STILL_VALID).removesuffix(" > nan").rstrip("; ") for part in parts)
    return "; ".join(part for part in said if part)


def with_food_values(cells: Cells, official: Official) -> Row:
    """Give a food its published total and its six stages."""
    code = cells["source_id"]
    total = official.synthesis[code]
    values = {TOTAL: tuple(total[official.french[one]] for one in INDICATORS)}
    stages, lost = stage_values(code, official)
    twins = len(official.alike[official.totals(code)]) - 1
    shared = f"same 16 values as {twins} other rows of Agribalyse 3.2" if twins else ""
    prepared = f"preparation: {total['Préparation']}"
    cells["note"] = note("per kg consumed, farm to plate", prepared, "3 significant digits", shared, lost)
    return Row(cells, values | stages)


def stage_values(code: str, official: Official) -> tuple[dict[str, tuple[str, ...]], str]:
    """Give the six stages of a food, and what is to be said of those that the source lost.

    Agribalyse 3.2 writes 0 for the ecotoxicity of every stage of 34 foods whose total is not 0. A row with the same
    16 totals lends its values; without one they stay blank.
    """
    columns: dict[str, list[str]] = {}
    remarks = []
    for one in INDICATORS:
        lender = next((row for row in [code, *twins_of(code, official)] if not is_lost(row, one, official)), None)
        names = [f"{official.french[one]} - {label}" for label in FOOD_STAGES]
        columns[one] = [official.by_stage[lender][name] if lender else "" for name in names]
        if lender != code:
            remarks.append(
                f"{one} by stage: " + (f"from Agribalyse {lender}, same totals" if lender else "not published")
            )
    split = zip(*(columns[one] for one in INDICATORS), strict=True)
    return dict(zip(FOOD_STAGES.values(), split, strict=True)), "; ".join(remarks)


def is_lost(code: str, indicator: str, official: Official) -> bool:
    """Say whether all stages of a food stand at 0 although its total does not."""
    french = official.french[indicator]
    stages = [Decimal(official.by_stage[code][f"{french} - {label}"]) for label in FOOD_STAGES]
    return not any(stages) and Decimal(official.synthesis[code][french]) != 0


def twins_of(code: str, official: Official) -> Iterable[str]:
    """Give the other foods with the same 16 totals that are published by stage."""
    alike = official.alike[official.totals(code)]
    return (other for other in alike if other != code and other in official.by_stage)


def post_values(identifier: str, official: Official) -> dict[str, tuple[str, ...]]:
    """Give the stages of a device, a piece of furniture or a garment; nothing where posts are not stages."""
    posts = official.posts.get(identifier, [])
    if not all(post["Nom poste français"] in POST_STAGES for post in posts):
        return {}
    return {POST_STAGES[post["Nom poste français"]]: climate_only(post["Total poste non décomposé"]) for post in posts}


def added_food(entry: Mapping[str, str], official: Official, like: Cells) -> Row:
    """Add a food; what all foods share is taken from ``like``."""
    total = official.synthesis[entry["code"]]
    cells = like | {
        "id": f"AGB32-{entry['code']}",
        "name_fr": total["Nom du Produit en Français"],
        "name_en": entry["name_en"],
        "source_id": entry["code"],
        "dqr": total["DQR"],
    }
    return with_food_values(cells, official)


def added_base_carbone(entry: Mapping[str, str], official: Official, like: Cells) -> Row:
    """Add a valid generic element of Base Carbone; what all of them share is taken from ``like``."""
    element = official.elements[entry["id"]]
    if (element["Type de l'élément"], element["Statut de l'élément"]) != ("Facteur d'émission", "Valide générique"):
        raise ValueError(entry["id"])
    unit, divisor = UNITS[element["Unité français"]]
    published = element["Total poste non décomposé"]
    names = (element[f"Nom {part} français"] for part in ("base", "attribut", "frontière"))
    cells = like | {
        "id": f"BC-{entry['id']}",
        "name_fr": " - ".join(name for name in names if name),
        "name_en": entry["name_en"],
        "unit": unit,
        "group": entry["group"],
        "source_id": entry["id"],
        "geography": element["Localisation géographique"],
        "valid_until": validity(element["Période de validité"]),
        "uncertainty_percent": element["Incertitude"],
        "note": note(f"{published} {element['Unité français']}", STILL_VALID),
    }
    values = {TOTAL: climate_only(per_unit(published, divisor))}
    return Row(cells, values | post_values(entry["id"], official))


def collect(folder: Path, plan: Mapping[str, Any], official: Official) -> list[Row]:
    """Give all rows, sorted by source and then as their publishers list them; ties and reasons filled in."""
    rows = [starter_row(row, plan, official) for row in read_csv(folder / "starter_factors.csv")]
    first = {row.cells["source"]: row.cells for row in reversed(rows)}
    rows += [added_food(entry, official, first["AGRIBALYSE"]) for entry in plan["agribalyse"]]
    rows += [added_base_carbone(entry, official, first["ADEME Base Carbone"]) for entry in plan["base_carbone"]]
    reasons = {identifier: reason for reason, ids in plan["withdrawn"].items() for identifier in ids}
    unused = (set(reasons) | set(plan["contains"])) - {row.cells["id"] for row in rows}
    if unused:
        raise ValueError(f"starter.toml names rows that do not exist: {sorted(unused)}")
    for row in rows:
        identifier = row.cells["id"]
        own = [stage for stage in STAGES if stage in row.values]
        row.cells["contains"] = " ".join(own or plan["contains"].get(identifier, []))
        row.cells["withdrawn"] = reasons.get(identifier, "")
    tie(rows)
    return rows


def tie(rows: Iterable[Row]) -> None:
    """Let the first row with the same sixteen values stand for the others; rows that lack a value are not tied."""
    stands_for: dict[tuple[str, ...], str] = {}
    for row in rows:
        identifier, total = row.cells["id"], row.values[TOTAL]
        if all(total):
            same = stands_for.setdefault(total, identifier)
            row.cells["same_as"] = "" if same == identifier else same


def set_files(rows: list[Row], plan: Mapping[str, Any], official: Official) -> dict[str, bytes]:
    """Give the set's data files by name."""
    licences = ("code", "title", "url", "attribution", "may_be_sent")
    return {
        "factors.csv": table(
            ("process", "stage", *INDICATORS),
            (
                (row.cells["id"], stage, *row.values[stage])
                for row in rows
                for stage in (TOTAL, *STAGES)
                if stage in row.values
            ),
        ),
        "licences.csv": table(
            licences,
            (
                [*(one[name] for name in licences[:-1]), "yes" if one["may_be_sent"] else "no"]
                for one in plan["licence"]
            ),
        ),
        "processes.csv": table(PROCESS_COLUMNS, ([row.cells[name] for name in PROCESS_COLUMNS] for row in rows)),
        "published_scores.csv": table(
            ("process", "single_score_mpt"),
            (
                (row.cells["id"], official.synthesis[row.cells["source_id"]]["Score unique EF"])
                for row in rows
                if row.cells["source"] == "AGRIBALYSE"
            ),
        ),
    }


def manifest(files: Mapping[str, bytes], plan: Mapping[str, Any]) -> bytes:
    """Describe the set as a data package, with the sha256 of each file."""
    digests = digest(files)
    content = {
        "profile": "tabular-data-package",
        "name": plan["id"],
        "version": plan["version"],
        "title": plan["title"],
        "sha256": digests[""],
        "licenses": [
            {"name": one["code"], "title": one["title"], "path": one["url"], "attribution": one["attribution"]}
            for one in plan["licence"]
        ],
        "resources": [
            {
                "name": name.removesuffix(".csv"),
                "path": name,
                "format": "csv",
                "encoding": "utf-8",
                "bytes": len(files[name]),
                "hash": f"sha256:{digests[name]}",
            }
            for name in sorted(files)
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def build(folder: Path, out: Path) -> None:
    """Write the set below ``out``."""
    plan = tomllib.loads((HERE / "starter.toml").read_text("utf-8"))
    official = read_official(folder)
    data = set_files(collect(folder, plan, official), plan, official)
    files = data | {"datapackage.json": manifest(data, plan)}
    write(out / "sets" / plan["id"] / plan["version"], files)


if __name__ == "__main__":
    build(Path(os.environ["CANEVAS_REFERENCE_DATA"]), Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
