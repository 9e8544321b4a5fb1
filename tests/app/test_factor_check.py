"""``factors check``: what ships passes, and each seeded fault is found."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from canevas_xl import resources
from canevas_xl.adapters.store.shelves import factor_sets
from canevas_xl.app.factors import check, check_folder
from canevas_xl.findings.finding import Finding

TODAY = date(2026, 11, 22)
Rows = list[list[str]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the shipped set that a test may spoil."""
    shipped = resources.data_folder("factors") / "sets" / "starter" / "2026.1.0"
    return Path(shutil.copytree(shipped, tmp_path / "starter" / "2026.1.0"))


def blocking(package: Path) -> set[str]:
    return {one.code for one in check_folder(package, TODAY) if one.blocks}


def edited(package: Path, file: str, edit: Callable[[Rows], None]) -> None:
    """Change a table and seal the package again, as an author does."""
    path = package / file
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))) if path.exists() else []
    edit(rows)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    path.write_text(stream.getvalue(), "utf-8")
    manifest = json.loads((package / "datapackage.json").read_text("utf-8"))
    names = sorted({one["path"] for one in manifest["resources"]} | {file})
    digests = {name: hashlib.sha256((package / name).read_bytes()).hexdigest() for name in names}
    manifest["resources"] = [{"path": name, "hash": f"sha256:{digest}"} for name, digest in digests.items()]
    listing = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    manifest["sha256"] = hashlib.sha256(listing.encode()).hexdigest()
    (package / "datapackage.json").write_text(json.dumps(manifest), "utf-8")


def cell(key: str, column: str, value: str, stage: str = "") -> Callable[[Rows], None]:
    """Change one cell of the row whose first cells are ``key`` and ``stage``."""

    def edit(rows: Rows) -> None:
        row = next(row for row in rows if row[0] == key and stage in ("", row[1]))
        row[rows[0].index(column)] = value

    return edit


def test_all_that_ships_passes() -> None:
    checked = check(None, TODAY)
    assert [one.reference for one in checked] == [one.reference for one in factor_sets()]
    assert {one.reference: [finding.code for finding in one.findings if finding.blocks] for one in checked} == {
        one.reference: [] for one in checked
    }


def test_a_validity_that_passed_is_said_and_not_punished() -> None:
    (starter,) = check("starter@2026.1.0", TODAY)
    assert [one.code for one in starter.findings] == ["F133"]
    assert not starter.blocked


SEEDED: dict[str, tuple[str, Callable[[Rows], None], str]] = {
    "score": ("published_scores.csv", cell("AGB32-6111", "single_score_mpt", "2.8"), "F140"),
    "score of a value changed": ("factors.csv", cell("AGB32-6111", "acd", "9", "total"), "F140"),
    "score of nothing": ("published_scores.csv", cell("AGB32-6111", "process", "BC-26729"), "F145"),
    "sum of stages": ("factors.csv", cell("BC-27002", "cch", "130", "materials"), "F141"),
    "sum of posts": (
        "posts.csv",
        lambda rows: rows.extend([["process", "kind", "name", "value"], ["BC-26729", "Amont", "", "1"]]),
        "F142",
    ),
    "identical rows": ("processes.csv", cell("AGB32-26006", "same_as", ""), "F143"),
    "false twin": ("processes.csv", cell("BC-26729", "same_as", "BC-26730"), "F020"),
    "unit": ("processes.csv", cell("BC-26729", "unit", "furlong"), "F012"),
    "licence": ("processes.csv", cell("BC-26729", "licence", "GPL"), "F013"),
    "date": ("processes.csv", cell("BC-26729", "valid_until", "déc.-18"), "F014"),
    "duplicate": ("processes.csv", lambda rows: rows.append(list(rows[1])), "F011"),
    "credit on offer": ("factors.csv", cell("BC-26729", "cch", "-2.2", "total"), "F022"),
    "no number": ("factors.csv", cell("BC-26729", "cch", "nan", "total"), "F010"),
    "family": (
        "families.csv",
        lambda rows: rows.extend(
            [["family", "choice", "process", "label_fr", "label_en"], ["steel", "OLD", "BC-0", "vieux", "old"]]
        ),
        "F144",
    ),
}


@pytest.mark.parametrize("fault", SEEDED)
def test_each_seeded_fault_is_found(package: Path, fault: str) -> None:
    file, edit, code = SEEDED[fault]
    assert blocking(package) == set()
    edited(package, file, edit)
    assert code in blocking(package)


def test_a_file_changed_by_one_byte_is_found(package: Path) -> None:
    path = package / "factors.csv"
    path.write_bytes(path.read_bytes().replace(b"2.211", b"2.212", 1))
    assert blocking(package) == {"F003"}


def test_a_family_may_not_offer_twice_the_same_data(package: Path) -> None:
    edited(
        package,
        "families.csv",
        lambda rows: rows.extend(
            [
                ["family", "choice", "process", "label_fr", "label_en"],
                ["fish", "COD", "AGB32-26043", "cabillaud", "cod"],
                ["fish", "POLLOCK", "AGB32-26006", "lieu", "pollock"],
            ]
        ),
    )
    assert blocking(package) == {"F144"}


def test_a_set_can_be_checked_in_its_folder(package: Path) -> None:
    (one,) = check(str(package), TODAY)
    assert (one.reference, one.blocked) == (str(package), False)


def test_findings_say_in_which_set(package: Path) -> None:
    edited(package, "published_scores.csv", cell("AGB32-6111", "single_score_mpt", "2.8"))
    found: tuple[Finding, ...] = check_folder(package, TODAY)
    assert {(one.place.file, one.place.key) for one in found if one.code == "F140"} == {
        ("starter@2026.1.0", "AGB32-6111")
    }
