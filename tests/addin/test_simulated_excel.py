"""The simulated Excel behaves as Excel does in what our tests rest on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlwings as xw
from simulated.dispatch import RPC_E_CALL_REJECTED, VBA_E_IGNORE, ComError
from simulated.excel import SimulatedExcel

AWKWARD = "Réponse = société & Co (2).xlsx"


@pytest.fixture
def sheet(simulated_excel: SimulatedExcel) -> xw.Sheet:
    return simulated_excel.app.books.add().sheets[0]


def test_blocks_come_back_as_they_were_written(sheet: xw.Sheet) -> None:
    rows = [["Produit", 12.5], ["Table", dt.datetime(2025, 1, 2)], [None, True]]  # noqa: DTZ001 - Excel knows no zones

    sheet["A1"].value = rows

    assert sheet["A1:B3"].options(ndim=2).value == rows


def test_a_formula_is_computed(sheet: xw.Sheet) -> None:
    sheet["A1"].value = 12.5

    sheet["B1"].formula = "=A1*2"

    assert sheet["B1"].value == 25


@pytest.mark.parametrize(("text", "taken"), [("00123", 123), ("1-2", "a date"), ("=1+1", 2)])
def test_text_is_taken_for_something_else_as_in_excel(sheet: xw.Sheet, text: str, taken: object) -> None:
    sheet["A1"].value = text

    value = sheet["A1"].value
    assert ("a date" if isinstance(value, dt.datetime) else value) == taken


@pytest.mark.parametrize("text", ["00123", "1-2", "=1+1", "@x", "=cmd|'/C calc'!A0"])
def test_text_in_a_text_cell_stays_text(sheet: xw.Sheet, text: str) -> None:
    sheet["A1"].number_format = "@"

    sheet["A1"].value = text

    assert sheet["A1"].value == text


def test_a_workbook_is_saved_and_opened_whatever_its_name(simulated_excel: SimulatedExcel, tmp_path: Path) -> None:
    book = simulated_excel.app.books.add()
    book.sheets[0].name = "Suivi"
    book.save(str(tmp_path / AWKWARD))
    book.close()

    assert simulated_excel.open(tmp_path / AWKWARD).sheet_names == ["Suivi"]
    assert AWKWARD in [book.name for book in simulated_excel.app.books]


def test_the_program_is_found_by_its_window(simulated_excel: SimulatedExcel) -> None:
    assert [app.hwnd for app in xw.apps] == [simulated_excel.hwnd]


def test_a_protected_sheet_refuses_writing(sheet: xw.Sheet) -> None:
    sheet.api.Protect("")

    with pytest.raises(ComError, match="protected sheet"):
        sheet["A1"].value = 1


def test_message_boxes_and_the_status_bar_are_kept(simulated_excel: SimulatedExcel) -> None:
    simulated_excel.press("Question", 7)
    simulated_excel.app.status_bar = "Lecture 3 / 12"

    assert simulated_excel.app.alert("Continuer ?", "Question", buttons="yes_no") == "no"
    assert [(box.title, box.text) for box in simulated_excel.shown] == [("Question", "Continuer ?")]
    assert simulated_excel.status == "Lecture 3 / 12"


def test_a_cell_being_edited_refuses_every_call(simulated_excel: SimulatedExcel, sheet: xw.Sheet) -> None:
    simulated_excel.refuse(RPC_E_CALL_REJECTED)
    with pytest.raises(Exception, match="not responding"):
        sheet["A1"].value = 1

    simulated_excel.refuse(VBA_E_IGNORE)
    with pytest.raises(ComError) as refused:
        sheet["A1"].value = 1
    assert refused.value.excepinfo is not None
    assert refused.value.excepinfo[-1] == VBA_E_IGNORE
