"""After the deadline nothing new is issued; what was issued before stays so, and saying it again is no fault."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.check import check_campaign
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.intake.locate import locate

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
LATE = NOW + timedelta(days=400)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The shipped school-meal example, as it is made and as it is issued: once for all tests."""
    fresh, issued = (tmp_path_factory.mktemp("lateness") / name for name in ("fresh", "issued"))
    new_campaign("restauration-scolaire", fresh, NOW, language="fr", example=True)
    shutil.copytree(fresh, issued)
    issue_campaign(CampaignFolder(issued), NOW)
    return fresh, issued


@pytest.fixture
def folder(made: tuple[Path, Path], tmp_path: Path) -> CampaignFolder:
    """A copy that was issued."""
    return CampaignFolder(Path(shutil.copytree(made[1], tmp_path / "campagne")))


def edit(folder: CampaignFolder, changes: dict[tuple[str, str], float | str]) -> None:
    located = locate(read_cells(folder.workbook))
    book = openpyxl.load_workbook(folder.workbook)
    for (key, column), value in changes.items():
        spot = located.spot(key, column)
        assert spot is not None
        book[spot.place.sheet][spot.place.cell] = value
    book.save(folder.workbook)


def codes(folder: CampaignFolder) -> list[str]:
    return [finding.code for finding in issue_campaign(folder, LATE).findings]


def test_a_campaign_that_was_never_issued_is_too_late(made: tuple[Path, Path]) -> None:
    folder = CampaignFolder(made[0])
    assert codes(folder) == ["C122"]
    assert check_campaign(folder, LATE).blocked
    assert not folder.outbox.exists()


def test_issuing_again_after_the_deadline_changes_nothing_and_says_so(folder: CampaignFolder) -> None:
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    again = issue_campaign(folder, LATE)
    assert [finding.code for finding in again.findings] == ["C129"]
    assert not again.blocked
    assert not any(copy.new for copy in again.copies)
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()} == before
    report = check_campaign(folder, LATE)
    assert report.issued
    assert not report.blocked


@pytest.mark.parametrize(
    "changes",
    [
        {("SUP.005", "NAME"): "Traiteur", ("SUP.005", "EMAIL"): "a@b.example", ("SUP.005", "LOTS"): "1"},
        {("P.G_BEEF", "L1"): 80, ("CONS.ERRATUM", "VALUE"): "Le grammage du bœuf était faux."},
        {("CONS.ROUND", "VALUE"): 2},
        {("CONS.OPEN", "VALUE"): "Oui"},
        {("SUP.001", "NAME"): "Cuisine des Deux Vallées"},
    ],
    ids=["supplier", "erratum", "round", "open", "name"],
)
def test_nothing_new_is_issued_after_the_deadline(
    folder: CampaignFolder, changes: dict[tuple[str, str], float | str]
) -> None:
    before = sorted(folder.path.rglob("*"))
    edit(folder, changes)
    assert "C122" in codes(folder)
    assert sorted(folder.path.rglob("*")) == before
