"""No genuine return is refused or misread, whatever program filled it; what was planted in it is found."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from clients import lacking
from journeys import TEMPLATES, Row, table_rows
from presence import missing

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.office
ELSEWHERE = {"R313", "R314", "R315", "R318"}
"""Who answers stands on another sheet than the one that is saved as text."""
REALLY_LOST = {("SheetJS", "ods", "R344")}
"""It loses formulas that show nothing or an error."""


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """Every program and form, over all shipped templates."""
    for reason in lacking():
        missing(reason)
    return table_rows(TEMPLATES, tmp_path_factory.mktemp("clients"))


def test_every_program_is_seen_in_every_form_that_it_writes(rows: list[Row]) -> None:
    seen = [f"{row.client} {row.form}" for row in rows]
    assert seen == [
        "LibreOffice xlsx", "LibreOffice ods", "LibreOffice xls", "LibreOffice csv",
        "Gnumeric xlsx", "Gnumeric ods", "Gnumeric xls", "openpyxl xlsx",
        "SheetJS xlsx", "SheetJS ods", "SheetJS xls", "ExcelJS xlsx",
    ]  # fmt: skip


def test_nothing_is_silently_wrong(rows: list[Row]) -> None:
    assert [row for row in rows if row.silently_wrong] == []


def test_identity_and_answers_are_as_they_were_typed(rows: list[Row]) -> None:
    assert [row for row in rows if not row.identity or row.right < row.answers] == []


def test_everything_that_was_planted_is_found(rows: list[Row]) -> None:
    assert [row for row in rows if row.found < row.planted] == []


def test_no_alarm_is_false(rows: list[Row]) -> None:
    false = [
        (row.client, row.form, code)
        for row in rows
        for code in row.besides
        if (row.client, row.form, code) not in REALLY_LOST and not (row.form == "csv" and code in ELSEWHERE)
    ]
    assert false == []


def test_the_page_of_the_documents_says_what_is_seen(rows: list[Row]) -> None:
    made = _maker()
    page = made.PAGE.read_text("utf-8")
    assert made.with_table(page, rows) == page, "run docs/make_round_trips.py"


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_round_trips", ROOT / "docs" / "make_round_trips.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
