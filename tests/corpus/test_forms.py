"""A return counts in whatever form it comes: the same answers, and a word on what the form does not tell."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from canvases import Bench
from presence import missing
from reading import bench
from returned import IN_TIME, received

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.consolidate import Consolidated, consolidate_campaign
from canevas_xl.model.answer import Answer


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Bench]:
    """An issued campaign, and a good return."""
    path = tmp_path_factory.mktemp("forms")
    return path, bench(path)


@pytest.fixture
def folder(made: tuple[Path, Bench], tmp_path: Path) -> CampaignFolder:
    """A copy of the campaign, for one form."""
    return CampaignFolder(Path(shutil.copytree(made[0] / "campagne", tmp_path / "campagne")))


@pytest.fixture
def good(made: tuple[Path, Bench], tmp_path: Path) -> Path:
    path = tmp_path / "retour.xlsx"
    path.write_bytes(made[1].good)
    return path


def consolidated(folder: CampaignFolder, path: Path) -> Consolidated:
    received(folder, path)
    return consolidate_campaign(folder, IN_TIME)


def answers(done: Consolidated) -> Mapping[str, Answer]:
    (offer,) = done.consolidation.offers
    return {key: replace(one, cell="") for key, one in offer.answers.items()}


def codes(done: Consolidated) -> list[str]:
    return [one.finding.code for one in done.consolidation.said]


@pytest.mark.parametrize(("form", "said"), [("ods", []), ("xls", ["X142"]), ("xlsx", [])])
def test_another_form_gives_the_same_answers(
    folder: CampaignFolder, made: tuple[Path, Bench], good: Path, form: str, said: list[str]
) -> None:
    if shutil.which("ssconvert") is None:
        missing("Gnumeric is not installed")
    saved = good.with_name(f"enregistré.{form}")
    subprocess.run(["ssconvert", good, saved], check=True, capture_output=True)
    done = consolidated(folder, saved)
    assert codes(done) == said
    expected = consolidated(CampaignFolder(Path(shutil.copytree(made[0] / "campagne", folder.path / "autre"))), good)
    assert answers(done) == answers(expected)
    assert all(not done.consolidation.stopped(one.key) for one in done.consolidation.offers)


@pytest.mark.parametrize("letters", ["utf-8", "cp1252"])
def test_a_sheet_saved_as_text_gives_its_answers_and_drowns_nobody(
    folder: CampaignFolder, good: Path, letters: str
) -> None:
    sheet = read_cells(good).sheets[1]
    width = 1 + max(column for _, column in sheet.cells)
    out = io.StringIO(newline="")
    lines = csv.writer(out, delimiter=";")
    for row in range(1 + max(row for row, _ in sheet.cells)):
        values = (sheet.value(row, column) for column in range(width))
        lines.writerow([f"{one:g}".replace(".", ",") if isinstance(one, float) else one or "" for one in values])
    text = good.with_suffix(".csv")
    text.write_text(out.getvalue(), letters, errors="replace")
    done = consolidated(folder, text)
    # Who answers stands on another sheet.
    assert sorted(codes(done)) == ["R313", "R314", "R315", "R318", "X144"]
    assert answers(done)["E1"].value == 4.0


def test_a_workbook_with_macros_counts_and_is_said_to_hold_some(folder: CampaignFolder, good: Path) -> None:
    with zipfile.ZipFile(good, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"Attribut VB_Name")
    done = consolidated(folder, good.rename(good.with_suffix(".xlsm")))
    assert codes(done) == ["X141"]
    assert answers(done)
