"""What a supplier can type: LibreOffice's window, a virtual screen, real keys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from presence import missing
from screen import Screen
from shipped import copy_of, planned

from canevas_xl.canvas.workbook import grid
from canevas_xl.model.plan import SheetPlan, Validation

pytestmark = [pytest.mark.office, pytest.mark.gui]
PLAN = planned("restauration-scolaire", "fr", "empty")


@pytest.fixture(scope="module")
def screen(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    for program in ("Xvfb", "xdotool"):
        if shutil.which(program) is None:
            missing(f"{program} is not installed")
    folder: Path = tmp_path_factory.mktemp("screen")
    path = folder / "canevas.xlsx"
    path.write_bytes(copy_of(PLAN))
    with Screen(soffice, folder) as started:
        started.show(path)
        yield started


def sheet_of(code: str) -> SheetPlan:
    return next(sheet for sheet in PLAN.sheets if sheet.code == code)


def first_rule(kind: str) -> tuple[SheetPlan, Validation]:
    """Give the first validation of a kind on *Mon offre*, then on *Accueil*."""
    for sheet in (sheet_of("OFFER"), sheet_of("WELCOME")):
        for rule in sheet.validations:
            if rule.kind == kind:
                return sheet, rule
    raise AssertionError(kind)


@pytest.mark.parametrize(
    ("kind", "bad"), [("integer", "99"), ("decimal", "-5"), ("list", "Peut-être"), ("length", "x" * 400)]
)
def test_a_bad_value_is_refused_with_its_french_message(screen: Screen, kind: str, bad: str) -> None:
    sheet, rule = first_rule(kind)
    said = screen.enter(sheet.name, rule.area.first_row, rule.area.first_column, bad)
    assert rule.error
    assert rule.error in said
    assert screen.shown(sheet.name, rule.area.first_row, rule.area.first_column) != bad


def test_a_good_value_is_taken(screen: Screen) -> None:
    sheet, rule = first_rule("integer")
    assert screen.enter(sheet.name, rule.area.first_row, rule.area.first_column, "4") == ""
    assert screen.shown(sheet.name, rule.area.first_row, rule.area.first_column) == "4"


def test_a_locked_cell_refuses_typing(screen: Screen) -> None:
    sheet = sheet_of("OFFER")
    locked = next(cell for cell in sheet.cells if cell.style.locked and isinstance(cell.content, str) and cell.content)
    before = screen.shown(sheet.name, locked.row, locked.column)
    assert screen.enter(sheet.name, locked.row, locked.column, "zz") != ""
    assert screen.shown(sheet.name, locked.row, locked.column) == before


def test_tab_goes_from_one_input_to_the_next(screen: Screen) -> None:
    sheet = sheet_of("OFFER")
    inputs = [(cell.row, cell.column) for cell in sheet.cells if not cell.style.locked]
    assert screen.tabbed(sheet.name, 6) == inputs[:6]


def test_a_percentage_typed_with_its_sign_is_doubted_at_once(screen: Screen) -> None:
    # spreadsheets keep « 30% » as 0.3
    sheet = sheet_of("OFFER")
    row = next(cell.row for cell in sheet.cells if cell.column == grid.KEY and cell.content == "I1")
    assert screen.enter(sheet.name, row, grid.VALUE, "30%") == ""
    assert screen.shown(sheet.name, row, grid.STATE) == "! à vérifier"
    assert screen.enter(sheet.name, row, grid.VALUE, "30") == ""
    assert screen.shown(sheet.name, row, grid.STATE) == "✓ rempli"
