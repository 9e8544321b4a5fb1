"""A filled campaign workbook for tests: planned, filled, written, and read back as cells."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import tiny_campaign

from canevas_xl.adapters.store.samples import sample_campaign
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.canvas.campaign import plan_campaign
from canevas_xl.canvas.fill import Values, fill
from canevas_xl.findings.finding import Checked
from canevas_xl.intake.campaign import read_campaign
from canevas_xl.intake.locate import locate
from canevas_xl.model.campaign import Campaign
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.model.plan import CellPlan, WorkbookPlan
from canevas_xl.model.template import LoadedTemplate
from canevas_xl.rules.spreadsheet import recalculated

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
GOOD: Values = {
    ("CONS.TITLE", "VALUE"): "Repas des écoles",
    ("CONS.BUYER", "VALUE"): "Ville d'Exemple",
    ("CONS.DATE", "VALUE"): "2027-01-15",
    ("CONS.CONTACT", "VALUE"): "Service achats",
    ("CONS.EMAIL", "VALUE"): "achats@exemple.fr",
    ("CONS.AMOUNT", "VALUE"): 45000.0,
    ("LOT.TITLE", "L1"): "Écoles élémentaires",
    ("LOT.TITLE", "L2"): "Écoles maternelles",
    ("P.N", "L2"): 12000.0,
    ("T.DEV1.Q1", "L1"): "LAPTOP",
    ("T.DEV1.Q1", "L2"): "SCREEN",
    ("L2.C1", "LABEL"): "Prix",
    ("L2.C1", "CODE"): "P",
    ("L2.C1", "KIND"): "price",
    ("L2.C1", "WEIGHT"): 70.0,
    ("L2.C1", "FORMULA"): "F1",
    ("L2.C2", "LABEL"): "Impact",
    ("L2.C2", "CODE"): "I",
    ("L2.C2", "KIND"): "impact",
    ("L2.C2", "WEIGHT"): 30.0,
    ("L2.C2", "FORMULA"): "F5",
    ("L2.C2", "LOW"): 0.9,
    ("L2.C2", "HIGH"): 2.0,
    ("SUP.001", "NAME"): "Alpha",
    ("SUP.001", "CODE"): "ALFA",
    ("SUP.001", "EMAIL"): "contact@alpha.fr",
    ("SUP.001", "LOTS"): "1, 2",
    ("SUP.002", "NAME"): "Beta",
    ("SUP.002", "EMAIL"): "hello@beta.example",
    ("SUP.002", "LANG"): "en",
    ("SUP.002", "LOTS"): "2",
}


def planned(changes: Values | None = None, language: str = "fr") -> WorkbookPlan:
    """The tiny campaign, filled well but for ``changes``."""
    return fill(bare(language), {**GOOD, **(changes or {})})


@cache
def bare(language: str) -> WorkbookPlan:
    """The tiny campaign as ``new`` makes it."""
    texts = tiny_campaign.LOADED.texts[language]
    today = date(2026, 11, 22)
    return plan_campaign(
        tiny_campaign.TINY, texts, tiny_campaign.FACTORS, language=language, code="AB12CD", today=today
    )


def written(folder: Path, changes: Values | None = None, language: str = "fr") -> Path:
    """The same as a file."""
    path = folder / "campagne.xlsx"
    path.write_bytes(workbook_bytes(recalculated(planned(changes, language))))
    return path


def cells(changes: Values | None = None, language: str = "fr") -> Workbook:
    """The same as cells, without a file between; the file's own way is tested apart."""
    return plan_cells(planned(changes, language))


def cells_of(loaded: LoadedTemplate, changes: Values | None = None, language: str = "fr") -> Workbook:
    """The shipped example of a template, as cells."""
    template = loaded.template
    plan = plan_campaign(
        template, loaded.texts[language], tiny_campaign.FACTORS, language=language, code="EXEMPL", today=NOW.date()
    )
    example = sample_campaign(f"{template.id}@{template.version}", language, NOW.date())
    return plan_cells(fill(plan, {**example, **(changes or {})}))


def replaced(workbook: Workbook, key: str, cell: SheetCell, column: str = "VALUE") -> Workbook:
    """The same cells with another one in an input."""
    spot = locate(workbook).spots[key, column]
    sheets = [
        Sheet(sheet.name, {**sheet.cells, (spot.row, spot.column): cell}) if sheet.name == spot.sheet else sheet
        for sheet in workbook.sheets
    ]
    return Workbook(tuple(sheets), workbook.properties)


def plan_cells(plan: WorkbookPlan) -> Workbook:
    """The constants of a plan as cells that were read."""
    sheets = [
        Sheet(sheet.name, {(one.row, one.column): SheetCell(one.content) for one in sheet.cells if typed(one)})
        for sheet in plan.sheets
    ]
    return Workbook(tuple(sheets), dict(plan.properties))  # type: ignore[arg-type]


def typed(cell: CellPlan) -> bool:
    """Say whether a constant stands in a planned cell."""
    return isinstance(cell.content, float | int | str) and cell.content != ""


def read(workbook: Workbook) -> Checked[Campaign | None]:
    """Read a campaign at the tests' clock."""
    return read_campaign(workbook, tiny_campaign.LOADED, NOW)


def codes(checked: Checked[Campaign | None]) -> list[str]:
    """Codes of what was found, sorted."""
    return sorted(finding.code for finding in checked.findings)
