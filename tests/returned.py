"""Canvases that come back, for tests: issued for real, filled as a supplier would, and dropped in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.collect import collect
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.intake.locate import locate

PARIS = ZoneInfo("Europe/Paris")
ISSUED = datetime(2026, 9, 1, 9, 0, tzinfo=PARIS)
IN_TIME = datetime(2026, 9, 20, 10, 0, tzinfo=PARIS)
LATE = datetime(2026, 12, 24, 10, 0, tzinfo=PARIS)
IDENTITY = {
    "ID.NAME": "Traiteur des Prés", "ID.SIRET": "73282932000074", "ID.SIGNATORY": "Ana Roux, gérante",
    "ID.VARIANT": 0, "ID.ATTEST": "Oui", "ID.CONSENT": "Non",
}  # fmt: skip
"""A SIRET that follows its check digit."""
Inputs = Mapping[tuple[str, str], float | str | None]


def issued(
    tmp_path: Path, template: str = "restauration-scolaire", changes: Inputs | None = None
) -> tuple[CampaignFolder, list[Path]]:
    """Make and issue a template's example campaign; give its folder and its copies, in the order of suppliers."""
    new_campaign(template, tmp_path / "campagne", ISSUED, language="fr", example=True)
    folder = CampaignFolder(tmp_path / "campagne")
    if changes:
        typed(folder.workbook, folder.workbook, changes)
    done = issue_campaign(folder, ISSUED)
    assert not done.blocked, done.findings
    return folder, [copy.path for copy in done.copies]


def typed(source: Path, target: Path, inputs: Inputs) -> Path:
    """Type in a workbook as a spreadsheet program would, and save it elsewhere."""
    located = locate(read_cells(source))
    book = openpyxl.load_workbook(source)
    for (key, column), value in inputs.items():
        spot = located.spot(key, column)
        assert spot is not None, (key, column)
        book[spot.place.sheet][spot.place.cell] = value
    book.save(target)
    return target


def answered(source: Path, target: Path, values: Mapping[str, float | str], more: Inputs | None = None) -> Path:
    """Fill an issued copy: who answers, values with their origin where one is asked, and whatever else."""
    located = locate(read_cells(source))
    inputs: dict[tuple[str, str], float | str | None] = {(key, "VALUE"): value for key, value in IDENTITY.items()}
    for key, value in values.items():
        inputs[key, "VALUE"] = value
        if located.spot(key, "ORIGIN") is not None:
            inputs |= {(key, "ORIGIN"): "Mesurée", (key, "EVIDENCE"): "Pièce 3"}
    return typed(source, target, {**inputs, **(more or {})})


def received(folder: CampaignFolder, *paths: Path, at: datetime = IN_TIME) -> None:
    """Drop files in the folder, as received at a moment."""
    collect(folder, paths, at, at)
