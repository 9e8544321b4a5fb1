"""Tiny files as publishers lay them out, for tests that spoil them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.model.factor_import import SourceLine, SourceTable
from canevas_xl.model.vocabulary import INDICATORS
from canevas_xl.sources import agribalyse_layout as agribalyse
from canevas_xl.sources import base_carbone_layout as base_carbone

RELEASE = "9.9"
"""A release that nobody published: tiny files need not have its number of rows."""
FOODS = ("Carotte, crue", "Lentille verte, sèche", "Pain de campagne")

Rows = list[dict[str, str]]


def score(values: Iterable[float]) -> float:
    method = shipped_method("ef-3.1")
    return sum(method.points(code) * value for code, value in zip(INDICATORS, values, strict=True))


def food_values(at: int) -> list[float]:
    return [(at + 1) * 10.0 ** (-n) * 1.2345678 for n in range(len(INDICATORS))]


def synthesis() -> Rows:
    """Three products whose scores are right, to eight digits."""
    rows = []
    for at, name in enumerate(FOODS):
        values = food_values(at)
        cells = dict(zip(agribalyse.NAMES, (f"{at + 1}00", "légumes", "crus", name, f"Food {at}"), strict=True))
        cells |= {"DQR": "2.5", "Score unique EF": f"{score(values):.8g}", "Préparation": "Pas de préparation"}
        cells |= {head: f"{value:.8g}" for head, value in zip(agribalyse.HEADERS.values(), values, strict=True)}
        rows.append(cells)
    return rows


def by_stage() -> Rows:
    """The same products by stage: shares of 10 to 25 % that add up to their totals."""
    rows = []
    for at, name in enumerate(FOODS):
        cells = dict(zip(agribalyse.NAMES, (f"{at + 1}00", "légumes", "crus", name, f"Food {at}"), strict=True))
        for share, stage in zip((0.25, 0.2, 0.2, 0.15, 0.1, 0.1), agribalyse.STAGES.values(), strict=True):
            values = [share * value for value in food_values(at)]
            cells[f"Score unique EF - {stage}"] = f"{score(values):.8g}"
            pairs = zip(agribalyse.HEADERS.values(), values, strict=True)
            cells |= {f"{head} - {stage}": f"{value:.8g}" for head, value in pairs}
        rows.append(cells)
    return rows


def elements() -> Rows:
    """A laptop by posts, a credit, a copy of Agribalyse, an archived row, a lorry with its gases."""
    blank = dict.fromkeys((*base_carbone.NEEDED, "Commentaire français"), "")
    wanted = {
        base_carbone.KIND: "Elément", base_carbone.TYPE: "Facteur d'émission",
        base_carbone.STATUS: "Valide générique", base_carbone.PLACE: "France continentale",
    }  # fmt: skip

    def row(code: str, name: str, unit: str, total: str, **more: str) -> dict[str, str]:
        named = {base_carbone.CODE: code, "Nom base français": name, base_carbone.UNIT: unit, base_carbone.TOTAL: total}
        return blank | wanted | named | more

    def post(code: str, name: str, total: str) -> dict[str, str]:
        cells = {base_carbone.KIND: "Poste", base_carbone.CODE: code, base_carbone.POST_NAME: name}
        return blank | cells | {base_carbone.TOTAL: total, base_carbone.POST_KIND: "Intrants"}

    return [
        row("1", "Ordinateur", "kgCO2e/unité", "156", Incertitude="50", **{"Période de validité": "déc.-18"}),
        post("1", "Matières premières", "120"),
        post("1", "Assemblage", "36"),
        row("2", "Carton - Recyclage - Emissions évitées", "kgCO2e/tonne", "-500"),
        row("3", "Carotte", "kgCO2e/kg de poids net", "0.4", Programme="AGRIBALYSE 3.1"),
        row("4", "Ancien", "kgCO2e/kg", "1", **{base_carbone.STATUS: "Archivé"}),
        row("5", "Rigide", "kgCO2e/tonne.km", "0.2", CO2f="0.19", CH4f="0.01", Incertitude="70"),
    ]


def table(rows: Rows, file: str = "test.csv", *, decimal_comma: bool = False) -> SourceTable:
    """Rows as a reader gives them."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    lines = tuple(SourceLine(at, {name: row.get(name, "") for name in columns}) for at, row in enumerate(rows, start=2))
    return SourceTable(file, columns, lines, decimal_comma)


def text(rows: Rows, separator: str = ",") -> str:
    """Rows as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in rows for name in row)), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def with_commas(rows: Rows, numbers: Sequence[str]) -> Rows:
    """Write the numbers as a French publisher does."""
    return [{name: cell.replace(".", ",") if name in numbers else cell for name, cell in row.items()} for row in rows]


def synthesis_file(folder: Path, rows: Rows | None = None, name: str = "synthese.csv") -> Path:
    path = folder / name
    path.write_text(text(synthesis() if rows is None else rows), "utf-8-sig")
    return path


def by_stage_file(folder: Path, rows: Rows | None = None) -> Path:
    path = folder / "detail.csv"
    path.write_text(text(by_stage() if rows is None else rows), "utf-8-sig")
    return path


def base_carbone_file(folder: Path, rows: Rows | None = None) -> Path:
    """The official layout: semicolons, cp1252, decimal commas, quoted cells of several lines."""
    cells: Iterable[Mapping[str, str]] = elements() if rows is None else rows
    rows = with_commas([dict(row) for row in cells], base_carbone.NUMBERS)
    rows[0]["Commentaire français"] = "une ligne\net une « autre »"
    path = folder / "base-carbone.csv"
    path.write_bytes(text(rows, ";").encode("cp1252"))
    return path
