"""What every grid keeps to: blocks are found, written and read alike, and nothing else is touched."""

from __future__ import annotations

import re
import zipfile
from functools import partial
from pathlib import Path

import pytest
import xlwings as xw
from grids import GONE, LIST, LOCKED, MARKS, OPEN, SHARE, TYPED, Bench
from simulated.excel import SimulatedExcel

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.xlsx.file_grid import FileGrid
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.errors import Fault
from canevas_xl.model.grid import Look, Rectangle, Selection, Values, Written
from canevas_xl.model.plan import CellPlan, SheetPlan, Style, WorkbookPlan

TEXTS = [
    "=cmd|'/C calc'!A0", "00123", "1-2", "@x", "'x", "''", "+33 1 23", "-x", "1e5", "12:30", "2024-01-02", "12/05/2024",
    "5 %", "12,50 €", "TRUE", "VRAI", "#N/A", "#REF!", "\tx", "a\tb", "\rx", "a\rb", "a\nb", " x ", "_x0041_",
    "œuf « à la coque »",
    "𝄞 clef", "<b>&amp;</b>", '"guillemets"', "x" * 9_000,
]  # fmt: skip
"""What a spreadsheet would take for something else, or a file would lose."""


def test_a_block_is_found_where_its_name_is(bench: Bench) -> None:
    assert bench.grid.named([LIST, MARKS]) == {
        LIST: Rectangle(OPEN, 3, 1, 5, 3),
        MARKS: Rectangle(LOCKED, 1, 0, 4, 2),
    }


def test_a_name_that_is_not_there_is_left_out(bench: Bench) -> None:
    assert bench.grid.named([GONE]) == {}


def test_the_workbook_is_called_by_its_file(bench: Bench) -> None:
    assert bench.grid.name == "Réponse = société & Co (2).xlsx"


def test_what_is_written_is_read_back(bench: Bench) -> None:
    bench.grid.write(bench.area(), [["Été", 1.5, None], [None, -0.0000125, 3.0], ["x"]])
    assert bench.grid.read(bench.area()) == [
        ["Été", 1.5, None],
        [None, -0.0000125, 3.0],
        ["x", None, None],
        [None] * 3,
        [None] * 3,
    ]


def test_numbers_keep_every_digit(bench: Bench) -> None:
    numbers = [[0.1 + 0.2, 1e-300, 123456789012345.6], [96.65376541857142, -1e300, 1 / 3]]
    bench.grid.write(bench.area(), numbers)
    assert bench.grid.read(bench.area())[:2] == numbers


def test_what_shows_as_a_percentage_is_the_number_that_is_stored(bench: Bench) -> None:
    assert bench.grid.read(Rectangle(LOCKED, *SHARE, 1, 1)) == [[0.5]]


def test_a_shorter_refresh_empties_the_rest(bench: Bench) -> None:
    bench.grid.write(bench.area(), [["a", 1.0, 2.0]] * 5)
    bench.grid.write(bench.area(), [["b"]])
    assert bench.grid.read(bench.area()) == [["b", None, None], *[[None] * 3] * 4]


def test_nothing_at_all_empties_the_block(bench: Bench) -> None:
    bench.grid.write(bench.area(), [["a", 1.0, Written("1+1", 2.0)]] * 5)
    bench.grid.write(bench.area(), [])
    assert bench.grid.read(bench.area()) == [[None] * 3] * 5


def test_a_second_time_changes_nothing(bench: Bench) -> None:
    rows: Values = [["=1+1", 2.5, Written("2+3", 5.0)]]
    bench.grid.write(bench.area(), rows)
    first = bench.grid.read(bench.area())
    bench.grid.write(bench.area(), rows)
    assert bench.grid.read(bench.area()) == first


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_text_arrives_as_that_text(bench: Bench, text: str) -> None:
    bench.grid.write(bench.area(), [[text, "a", text]])
    assert bench.grid.read(bench.area())[0] == [text, "a", text]


def test_texts_and_numbers_beside_a_formula_arrive_as_they_are(bench: Bench) -> None:
    for text in TEXTS:
        bench.grid.write(bench.area(), [[text, 1.25, Written("1+1", 2.0)], [None, None, text]])
        assert bench.grid.read(bench.area())[:2] == [[text, 1.25, 2.0], [None, None, text]]


def test_no_text_is_a_formula_in_the_file(bench: Bench) -> None:
    for text in TEXTS[:5]:
        bench.grid.write(bench.area(), [[text]])
        cell = bench.on_disk().sheets[0].cells[3, 1]
        assert (cell.value, cell.formula) == (text, None)


def test_a_text_too_long_for_a_cell_ends_with_an_ellipsis(bench: Bench) -> None:
    bench.grid.write(bench.area(), [["é" * 40_000]])
    assert bench.grid.read(bench.area())[0][0] == "é" * 32_765 + "…"


def test_a_formula_stands_with_what_it_gives(bench: Bench) -> None:
    top = Written(f"SUM('{OPEN.replace(chr(39), chr(39) * 2)}'!$C$4:$C$5)", 4.0)
    bench.grid.write(bench.area(), [["a", 1.0, top], ["b", 3.0, Written('IF(1>2,"x","")', "")]])
    assert [row[2] for row in bench.grid.read(bench.area())[:2]] in ([4.0, ""], [4.0, None])
    formula = bench.on_disk().sheets[0].cells[3, 3].formula or ""
    assert "SUM(" in formula


def test_what_a_formula_cannot_give_is_an_error(bench: Bench) -> None:
    bench.grid.write(bench.area(), [[Written("NA()", "#N/A")]])
    assert bench.grid.read(bench.area())[0][0] == "#N/A"


def test_what_stands_outside_of_the_block_stays(bench: Bench) -> None:
    bench.grid.write(bench.area(), [["a", 1.0, 2.0]] * 5)
    bench.grid.write(bench.area(), [["a"]])
    cells = bench.on_disk().sheets[0].cells
    assert {place: cell.value for place, cell in cells.items() if place != (3, 1)} == TYPED


def test_rows_that_do_not_fit_are_refused_before_anything_is_written(bench: Bench) -> None:
    bench.grid.write(bench.area(), [["a"]])
    for rows in ([["b"]] * 6, [["b"] * 4]):
        with pytest.raises(ValueError, match="rows in"):
            bench.grid.write(bench.area(), rows)
    assert bench.grid.read(bench.area())[0][0] == "a"


def test_a_protected_sheet_is_written_and_protected_as_before(bench: Bench) -> None:
    before = bench.protection()
    bench.grid.write(bench.area(MARKS), [["Lot 1", 80.5]])
    assert bench.grid.read(bench.area(MARKS))[0] == ["Lot 1", 80.5]
    assert bench.protection() == before
    assert before["sheet"] == "1"


def test_protection_comes_back_even_when_writing_fails(bench: Bench) -> None:
    before = bench.protection()
    with pytest.raises(Exception):  # noqa: B017, PT011 - each grid fails in its own way, over a formula that is none
        bench.grid.write(bench.area(MARKS), [[Written("SUM(", 1.0), float("inf")]])
    assert bench.protection() == before


def test_the_selected_cell_is_told(bench: Bench) -> None:
    bench.select(Selection(OPEN, 4, 2))
    assert bench.grid.selection() == Selection(OPEN, 4, 2)
    assert bench.area().holds(Selection(OPEN, 4, 2))
    assert not bench.area().holds(Selection(LOCKED, 4, 2))


def test_the_status_line_says_what_is_done_and_is_given_back(bench: Bench) -> None:
    bench.grid.status("Lecture des retours : 3 sur 12")
    assert bench.status() == "Lecture des retours : 3 sur 12"
    bench.grid.status("")
    assert bench.status() == ""


def test_a_message_is_shown_under_its_title(bench: Bench) -> None:
    bench.grid.tell("Vérifier", "Rien ne bloque.\nEnsuite : …")
    assert bench.boxes() == [("Vérifier", "Rien ne bloque.\nEnsuite : …")]


# --- Only where somebody may have changed the workbook meanwhile -------------------------------------------------


def test_a_sheet_with_a_password_is_left_alone_and_said(excel_bench: Bench) -> None:
    excel_bench.grid.book.sheets[LOCKED].api.Unprotect("")
    excel_bench.grid.book.sheets[LOCKED].api.Protect(Password="secret")  # noqa: S106 - the buyer's
    with pytest.raises(Fault, match="G103"):
        excel_bench.grid.write(excel_bench.area(MARKS), [["x"]])
    assert excel_bench.grid.read(excel_bench.area(MARKS))[0] == [3.0, None]
    assert excel_bench.grid.book.sheets[LOCKED].api.ProtectContents


def test_a_block_is_followed_through_inserted_rows(excel_bench: Bench) -> None:
    excel_bench.grid.book.sheets[OPEN].range("2:3").insert(shift="down")
    assert excel_bench.area() == Rectangle(OPEN, 5, 1, 5, 3)


def test_a_row_inserted_inside_makes_room_for_one_more(excel_bench: Bench) -> None:
    excel_bench.grid.book.sheets[OPEN].range("5:5").insert(shift="down")
    excel_bench.grid.write(excel_bench.area(), [["a"]] * 6)
    assert excel_bench.area().rows == 6


def test_a_block_is_followed_to_the_new_name_of_its_sheet(excel_bench: Bench) -> None:
    excel_bench.grid.book.sheets[LOCKED].name = "À moi"
    # Excel rewrites its names by itself; the simulated one does not.
    excel_bench.grid.book.names[MARKS].refers_to = "='À moi'!$A$2:$B$5"
    assert excel_bench.area(MARKS) == Rectangle("À moi", 1, 0, 4, 2)


def test_a_deleted_sheet_takes_its_blocks_with_it(excel_bench: Bench) -> None:
    excel_bench.grid.book.sheets[OPEN].delete()
    assert set(excel_bench.grid.named([LIST, MARKS])) == {MARKS}


def test_a_cell_of_another_workbook_is_not_ours(excel_bench: Bench, simulated_excel: SimulatedExcel) -> None:
    simulated_excel.app.books.add().activate()
    assert excel_bench.grid.selection() is None


def test_rows_of_a_file_lose_the_heights_that_they_had(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    look = (CellPlan(0, 0, "a", Style()), CellPlan(3, 0, "b", Style()))
    sheet = SheetPlan("S", "Suivi", look, heights=((0, 40.0), (3, 40.0)))
    path.write_bytes(workbook_bytes(WorkbookPlan("Essai", "fr", (sheet,))))
    FileGrid(path, partial(write_atomically, path)).write(Rectangle("Suivi", 3, 0, 2, 1), [["un texte plus long"]])
    with zipfile.ZipFile(path) as archive:
        rows = re.findall(r"<row\b[^>]*>", archive.read("xl/worksheets/sheet1.xml").decode())
    assert [("ht=" in row, "customHeight" in row) for row in rows] == [(True, True), (False, False)]


def test_a_workbook_that_is_open_read_only_is_not_saved_and_that_is_said(
    excel_bench: Bench, simulated_excel: SimulatedExcel
) -> None:
    simulated_excel.program.workbook._read_only = True
    with pytest.raises(Fault, match="G104"):
        excel_bench.grid.save()


def test_what_looks_at_a_formula_is_computed_even_where_excel_computes_on_demand(excel_bench: Bench) -> None:
    book = excel_bench.grid.book
    book.app.calculation = "manual"
    beside = book.sheets[OPEN].range("H1")
    beside.formula = "=C4*2"
    excel_bench.grid.write(excel_bench.area(), [["a", Written("20+1", 21.0)]])
    assert beside.value == 42.0


def test_the_workbook_says_by_which_address_excel_knows_it(excel_bench: Bench, path: Path) -> None:
    assert excel_bench.grid.address == str(path)


def test_looks_that_say_something_are_given_and_taken_back(excel_bench: Bench) -> None:
    area, before = excel_bench.area(MARKS), excel_bench.protection()
    least, known = Look('"≥ "0.0', bold=True), Look("0.0", bold=False)
    column = excel_bench.grid.book.sheets[LOCKED].range((2, 2), (4, 2))
    for looks in ((known, least, least), (least, known, known)):
        excel_bench.grid.dress(area, {1: looks})
        assert [Look(cell.number_format, bold=cell.font.bold) for cell in column] == list(looks)
    assert excel_bench.protection() == before


def test_looks_that_differ_from_row_to_row_ask_excel_a_few_times_only(
    excel_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    column = [Look(f"0.{'0' * (row % 3)}", bold=row % 2 == 1) for row in range(90)]
    sheet, ranges, asked = excel_bench.grid.book.sheets[LOCKED], xw.Sheet.range, []

    def counted(of: xw.Sheet, address: str) -> xw.Range:
        asked.append(address)
        return ranges(of, address)

    monkeypatch.setattr(xw.Sheet, "range", counted)
    excel_bench.grid.dress(Rectangle(LOCKED, 1, 0, 90, 2), {1: column})

    assert len(asked) < len(column) / 5
    assert max(map(len, asked)) < 256
    assert [Look(cell.number_format, bold=bool(cell.font.bold)) for cell in ranges(sheet, "B2:B91")] == column
