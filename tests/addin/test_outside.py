"""Actions started from the window: in the campaign's workbook where a running Excel holds it, else on the results."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
import xlwings as xw
from endless import PATIENCE
from simulated.dispatch import RPC_E_CALL_REJECTED
from simulated.excel import SimulatedExcel
from simulated.windows import DESKTOP

from canevas_xl.adapters.excel.grid import ExcelGrid
from canevas_xl.adapters.xlsx.file_grid import FileGrid
from canevas_xl.addin import actions, outside
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.outside import Wanted, grid_of
from canevas_xl.addin.places import Places, campaign_folder
from canevas_xl.app.grid import Grid
from canevas_xl.cli import bureau
from canevas_xl.model.grid import Selection


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "data", tmp_path / "logs")


@pytest.fixture
def folder(tmp_path: Path, simulated_excel: SimulatedExcel) -> Path:
    """A campaign's folder with an awkward name, whose workbook is open."""
    return opened(simulated_excel, tmp_path / "L'été & Cie = 50 %")


def opened(excel: SimulatedExcel, folder: Path) -> Path:
    folder.mkdir()
    excel.app.books.add().save(folder / "campagne.xlsx")
    return folder


@pytest.fixture
def grids(monkeypatch: pytest.MonkeyPatch) -> list[Grid]:
    """Grids that the button « Aide » was given, one per click."""
    given: list[Grid] = []

    def remembers(context: Context) -> Told:
        given.append(context.grid)
        context.grid.status("…")
        return Told("fait")

    monkeypatch.setattr(outside, "FUNCTIONS", {**actions.FUNCTIONS, "help": remembers})
    return given


def test_the_workbook_of_the_folder_is_found_where_excel_holds_it(folder: Path, places: Places) -> None:
    grid = grid_of(folder, places)
    assert isinstance(grid, ExcelGrid)
    assert grid.name == "campagne.xlsx"


def test_it_is_found_by_another_way_to_the_same_folder(folder: Path, places: Places, tmp_path: Path) -> None:
    (tmp_path / "Z").symlink_to(folder)
    assert grid_of(tmp_path / "Z", places) is not None


def test_the_workbook_of_another_campaign_is_left_alone(folder: Path, places: Places, tmp_path: Path) -> None:
    other = tmp_path / "autre"
    other.mkdir()
    assert (folder / "campagne.xlsx").exists()
    assert grid_of(other, places) is None


def test_a_workbook_with_a_web_address_is_known_by_the_folder_that_was_told(
    folder: Path, places: Places, simulated_excel: SimulatedExcel
) -> None:
    simulated_excel.program.workbook.path = "https://mairie.example/Cantine"
    assert grid_of(folder, places) is None
    campaign_folder(str(folder), "https://mairie.example/Cantine/campagne.xlsx", places)
    assert grid_of(folder, places) is not None


def test_excel_is_never_started(simulated_excel: SimulatedExcel, places: Places, tmp_path: Path) -> None:
    simulated_excel.app.quit()
    assert grid_of(tmp_path, places) is None
    assert DESKTOP.running == {}


def test_where_xlwings_is_not_there_the_file_of_results_serves(
    places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "xlwings", raising=False)
    monkeypatch.setattr(outside, "find_spec", lambda _: None)
    for system in ("win32", "darwin", "linux"):
        monkeypatch.setattr(sys, "platform", system)
        assert grid_of(tmp_path, places) is None


def test_the_window_works_in_the_open_workbook_and_gives_its_status_bar_back(
    folder: Path, places: Places, simulated_excel: SimulatedExcel, grids: list[Grid]
) -> None:
    assert bureau._act("fr", places, Wanted("help", folder, {}), lambda *_: None) == Told("fait")
    assert isinstance(grids[0], ExcelGrid)
    assert simulated_excel.status == ""


def test_a_row_chosen_in_a_list_is_one_of_the_file(folder: Path, places: Places, grids: list[Grid]) -> None:
    wanted = Wanted("help", folder, {}, Selection("Notes", 3, 1))
    bureau._act("fr", places, wanted, lambda *_: None)
    assert isinstance(grids[0], FileGrid)


@pytest.mark.usefixtures("folder")
def test_a_cell_that_is_being_edited_is_told(
    places: Places, tmp_path: Path, simulated_excel: SimulatedExcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("canevas_xl.adapters.excel.attach.ATTEMPTS", 3)
    simulated_excel.refuse(RPC_E_CALL_REJECTED)
    told = bureau._act("fr", places, Wanted("check", tmp_path, {}), lambda *_: None)
    assert "Excel est occupé" in told.text
    assert bureau._is_open(places, tmp_path)


def test_no_sheet_of_the_workbook_is_asked_where_it_lies(
    folder: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def obeys(_: object) -> str:
        raise AssertionError

    monkeypatch.setattr(xw.Book, "fullname", property(obeys))
    assert grid_of(folder, places) is not None


def test_opening_a_file_does_not_wait_until_it_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opener = tmp_path / "xdg-open"
    until_closed = f"while [ ! -e '{tmp_path}/closed' ]; do sleep 0.05; done"
    opener.write_text(f"#!/bin/sh\necho \"$1\" > '{tmp_path}/seen'\n{until_closed}\n", "utf-8")
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    try:
        assert bureau.open_file(tmp_path / "L'été = 1.xlsx")
        until = time.monotonic() + PATIENCE
        while not (tmp_path / "seen").exists() or not (tmp_path / "seen").read_text("utf-8"):
            assert time.monotonic() < until
            time.sleep(0.02)
        assert (tmp_path / "seen").read_text("utf-8").strip() == str(tmp_path / "L'été = 1.xlsx")
    finally:
        (tmp_path / "closed").touch()


def test_where_no_program_opens_files_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not bureau.open_file(tmp_path / "x.xlsx")
