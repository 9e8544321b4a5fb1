"""Releases that come after issue, older or newer, and factors replaced before it: what was issued stays."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import returned
from examples import MEALS

from canevas_xl.adapters.store.factor_sets import shipped_shelf
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.shelves import factor_set, user_shelf
from canevas_xl.app.check import check_campaign
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.results import write_results
from canevas_xl.app.score import issued_records, score_campaign

BIDS = {
    ("OFF.001", "SUPPLIER"): "S001", ("OFF.001", "LOT"): 1, ("OFF.001", "PRICE"): 148000, ("OFF.001", "N1"): 70,
    ("OFF.002", "SUPPLIER"): "S002", ("OFF.002", "LOT"): 1, ("OFF.002", "PRICE"): 139000, ("OFF.002", "N1"): 60,
}  # fmt: skip
REPLACED = {
    ("FAC.01", "PROCESS"): "BC-42513", ("FAC.01", "VALUE"): 0.78, ("FAC.01", "REASON"): "Marché à La Réunion",
    ("FAC.01", "SOURCE"): "Base Carbone V23.6, 24303",
}  # fmt: skip


def released(version: str, source_version: str) -> None:
    """Stand a release of the foods on the user's shelf: beef weighs ten times as much."""
    place = Path(shutil.copytree(shipped_shelf() / "starter" / "2025.1.0", user_shelf() / "foods" / version))
    rows = (place / "factors.csv").read_text("utf-8").splitlines()
    cells = [row.split(",") for row in rows[1:]]
    heavy = [",".join([*row[:2], *(f"{float(value) * 10:g}" for value in row[2:])]) for row in cells]
    (place / "factors.csv").write_text("\n".join([rows[0], *heavy, ""]), "utf-8")
    table = place / "processes.csv"
    table.write_text(table.read_text("utf-8").replace("3.1.1 (2023)", source_version), "utf-8")
    manifest = json.loads((place / "datapackage.json").read_text("utf-8"))
    digests = {
        one["path"]: hashlib.sha256((place / one["path"]).read_bytes()).hexdigest() for one in manifest["resources"]
    }
    for one in manifest["resources"]:
        one["hash"] = f"sha256:{digests[one['path']]}"
    listing = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    sealed = {"name": "foods", "version": version, "sha256": hashlib.sha256(listing.encode()).hexdigest()}
    (place / "datapackage.json").write_text(json.dumps(manifest | sealed), "utf-8")
    factor_set(f"foods@{version}")


def all_bytes(folder: CampaignFolder) -> dict[str, bytes]:
    """Issue, score and write again; give the bytes of records, copies and results."""
    assert not issue_campaign(folder, returned.ISSUED).blocked
    write_results(folder, score_campaign(folder, returned.LATE))
    places = (folder.path / "gel", folder.outbox, folder.path / "donnees", folder.path / "resultats.xlsx")
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*")))]
    return {str(file.relative_to(folder.path)): file.read_bytes() for file in files if file.is_file()}


def test_records_copies_and_results_are_the_same_bytes_after_an_older_and_a_newer_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path / "data"))
    folder, copies = returned.issued(tmp_path)
    (tmp_path / "retours").mkdir()
    pairs = list(zip(copies, MEALS.values(), strict=False))[:2]
    filled = [returned.answered(copy, tmp_path / "retours" / copy.name, answers) for copy, answers in pairs]
    returned.received(folder, *filled)
    returned.typed(folder.workbook, folder.workbook, BIDS)
    before = all_bytes(folder)
    assert "resultats.xlsx" in before
    released("3.1.9", "3.1.9 (2023)")
    released("4.0", "4.0 (2027)")
    assert all_bytes(folder) == before


def test_the_release_before_is_frozen_at_issue(tmp_path: Path) -> None:
    folder, _ = returned.issued(tmp_path)
    previous = issued_records(folder)[1].subject.previous
    assert previous is not None
    assert previous.version == "starter@2025.1.0"


def test_a_factor_replaced_before_issue_counts_and_is_frozen_with_its_reason(tmp_path: Path) -> None:
    folder, copies = returned.issued(tmp_path, "informatique-postes", REPLACED)
    subject = issued_records(folder)[1].subject
    assert subject.factors.whole("BC-42513")[0] == 0.78
    assert subject.factors.replaced["BC-42513"].reason == "Marché à La Réunion"
    (tmp_path / "retours").mkdir()
    back = returned.answered(
        copies[0], tmp_path / "retours" / "a.xlsx", {"DEV1.Q2": "Neuf", "DEV1.Q3": 20, "DEV1.Q4": 5}
    )
    returned.received(folder, back)
    assert "S308" not in [one.code for one in score_campaign(folder, returned.LATE).findings]


def test_no_factor_is_replaced_after_issue(tmp_path: Path) -> None:
    folder, _ = returned.issued(tmp_path, "informatique-postes")
    returned.typed(folder.workbook, folder.workbook, REPLACED)
    issued = issue_campaign(folder, returned.ISSUED)
    assert issued.blocked
    assert "I102" in [one.code for one in issued.findings]


def test_a_replacement_that_does_not_hold_stops_the_issue_at_its_cell(tmp_path: Path) -> None:
    folder, _ = returned.issued(tmp_path, "informatique-postes")
    changes = {**REPLACED, ("FAC.01", "REASON"): None, ("FAC.02", "PROCESS"): "BC-0", ("FAC.02", "BY"): "BC-1"}
    returned.typed(folder.workbook, folder.workbook, changes)
    report = check_campaign(folder, returned.ISSUED)
    told = {one.code: one.place for one in report.findings if one.code.startswith("C18")}
    assert set(told) == {"C181", "C180"}
    assert told["C181"].sheet == "Facteurs"
    assert told["C181"].cell
