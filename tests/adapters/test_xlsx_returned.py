"""Whatever form a return comes back in, it is told by its contents and read with the reader of that form."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
import xlsx_plans
from endless import coming_to_an_end
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from presence import missing

from canevas_xl.adapters.xlsx import child
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.child import in_child
from canevas_xl.adapters.xlsx.ods import MOST_CELLS
from canevas_xl.adapters.xlsx.returned import read_returned
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.adapters.xlsx.xls_job import sheets_of
from canevas_xl.errors import Fault
from canevas_xl.model.cells import Saved, Sheet

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in {"office": "office", "table": "table", "text": "text", "style": "style", "meta": "meta"}.items()
)


def good() -> bytes:
    return Stencil.from_bytes(workbook_bytes(xlsx_plans.plan())).copy(xlsx_plans.IDENTITY)


def put(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def codes(path: Path) -> list[str]:
    return [finding.code for finding in read_returned(path).findings]


def refused(path: Path) -> str:
    with pytest.raises(Fault) as caught:
        read_returned(path)
    return caught.value.code


# --- .xlsx, .xlsm -----------------------------------------------------------------------------------------------


def test_a_plain_workbook_is_read_without_a_word(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xlsx", good())
    assert read_returned(path).value == read_cells(path)
    assert codes(path) == []


def test_macros_are_said_and_values_are_read(tmp_path: Path) -> None:
    path = put(tmp_path, "a.xlsx", with_parts(good(), {"xl/vbaProject.bin": b"x"}))
    assert codes(path) == ["X141"]
    assert read_returned(path).value == read_cells(put(tmp_path, "b.xlsx", good()))


def test_the_buyers_own_workbook_may_hold_no_macros(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        read_cells(put(tmp_path, "campagne.xlsx", with_parts(good(), {"xl/VBAPROJECT.BIN": b"x"})))
    assert caught.value.code == "X127"


@pytest.mark.parametrize(
    "part",
    ["xl/externalLinks/externalLink1.xml", "xl/embeddings/oleObject1.bin", "xl/activeX/a.xml", "xl/connections.xml"],
)
def test_what_leads_elsewhere_is_said_and_not_followed(tmp_path: Path, part: str) -> None:
    assert codes(put(tmp_path, "a.xlsx", with_parts(good(), {part: b"<a/>"}))) == ["X143"]


# --- .ods -------------------------------------------------------------------------------------------------------


def ods(rows: str, styles: str = "", **parts: bytes) -> bytes:
    """An OpenDocument spreadsheet with one sheet."""
    table = f"<table:table table:name='F'>{rows}</table:table>"
    body = f"{styles}<office:body><office:spreadsheet>{table}</office:spreadsheet>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml", f"<office:document-content {SPACES}>{body}</office:body></office:document-content>"
        )
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def cell(kind: str, attributes: str = "", text: str = "") -> str:
    return f"<table:table-cell office:value-type='{kind}' {attributes}><text:p>{text}</text:p></table:table-cell>"


def sheet_of(tmp_path: Path, rows: str) -> Sheet:
    return read_returned(put(tmp_path, "a.ods", ods(rows))).value.sheets[0]


def row(*cells: str, times: int = 1) -> str:
    return f"<table:table-row table:number-rows-repeated='{times}'>{''.join(cells)}</table:table-row>"


def test_every_kind_of_value_is_understood(tmp_path: Path) -> None:
    cells = (
        cell("float", "office:value='12.5'", "12,5 kg"),
        cell("percentage", "office:value='0.05'", "5 %"),
        cell("currency", "office:value='3'", "3 €"),
        cell("boolean", "office:boolean-value='true'", "VRAI"),
        cell("date", "office:date-value='2026-09-01'", "01/09/26"),
        cell("date", "office:date-value='2026-09-01T00:00:00'"),
        cell("string", "", "a<text:s text:c='2'/>b<text:tab/>c"),
        "<table:table-cell/>",
    )
    sheet = sheet_of(tmp_path, row(*cells))
    values = [sheet.value(0, column) for column in range(8)]
    assert values == [12.5, "5 %", 3.0, "TRUE", "2026-09-01", "2026-09-01", "a  b\tc", None]


@pytest.mark.parametrize(
    ("look", "read"),
    [
        ("text-position='super 58%'", "12³"), ("text-position='33% 58%'", "12³"), ("text-position='sub 58%'", "12₃"),
        ("text-position='-8% 100%'", "12₃"), ("text-position='0% 100%'", "123"),
        ("text-line-through-type='single'", "123\u0336"), ("text-line-through-style='solid'", "123\u0336"),
        ("text-line-through-style='none'", "123"),
    ],
)  # fmt: skip
def test_a_figure_that_is_raised_lowered_or_struck_out_is_none_of_the_number_beside_it(
    tmp_path: Path, look: str, read: str
) -> None:
    style = f"<style:style style:name='T1'><style:text-properties style:{look}/></style:style>"
    text = cell("string", "", "12<text:span text:style-name='T1'>3</text:span>")
    read_back = read_returned(put(tmp_path, "a.ods", ods(row(text), style)))
    assert read_back.value.sheets[0].value(0, 0) == read


def test_a_height_of_figures_without_end_is_gone_through_once(tmp_path: Path) -> None:
    style = f"<style:style style:name='T1'><style:text-properties style:text-position='{'1' * 400_000}'/></style:style>"
    with coming_to_an_end():
        read = read_returned(put(tmp_path, "a.ods", ods(row(cell("string", "", "12")), style)))
    assert read.value.sheets[0].value(0, 0) == "12"


def test_repeated_rows_and_cells_stand_where_they_are_shown(tmp_path: Path) -> None:
    held = cell("string", "table:number-columns-repeated='2'", "x")
    empty = "<table:table-cell table:number-columns-repeated='3'/>"
    sheet = sheet_of(tmp_path, row("<table:table-cell/>", times=4) + row(empty, held, times=2))
    assert set(sheet.cells) == {(4, 3), (4, 4), (5, 3), (5, 4)}


def test_what_is_empty_may_repeat_to_the_end_of_the_sheet(tmp_path: Path) -> None:
    assert (
        sheet_of(tmp_path, row("<table:table-cell table:number-columns-repeated='16384'/>", times=1_048_576)).cells
        == {}
    )


def test_more_cells_than_can_be_held_are_refused(tmp_path: Path) -> None:
    assert refused(put(tmp_path, "a.ods", ods(row(cell("string", "", "x"), times=MOST_CELLS + 1)))) == "X127"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("of:=SUM([.A1:.B2];1)", "SUM(A1:B2,1)"),
        ("of:=IF([$Calcul.$C$5]=0;&quot;a;b[.A1]&quot;;2)", 'IF(Calcul!$C$5=0,"a;b[.A1]",2)'),
        ("of:=INDEX([.$L:.$L];ROW())", "INDEX($L:$L,ROW())"),
        (
            "of:=[$&apos;Mon offre&apos;.$K$8]+[$&apos;Mon offre&apos;.$K$9:.$K$10]",
            "'Mon offre'!$K$8+'Mon offre'!$K$9:$K$10",
        ),
        ("of:=[&apos;file:///a.ods&apos;#$Feuille1.$A$1]", "'file:///a.ods'#Feuille1!$A$1"),
        ("of:=ORG.GNUMERIC.SUMPRODUCT([.H1:.H2])", "SUMPRODUCT(H1:H2)"),
    ],
)
def test_formulas_are_written_as_in_xlsx(tmp_path: Path, written: str, read: str) -> None:
    sheet = sheet_of(tmp_path, row(cell("float", f'office:value="1" table:formula="{written}"')))
    assert sheet.cells[0, 0].formula == read


def test_a_formula_without_an_end_is_gone_through_once(tmp_path: Path) -> None:
    rows = row(*[cell("float", f'office:value="1" table:formula="of:=[{"a" * 30_000}]"')] * 20)
    start = time.process_time()
    assert len(sheet_of(tmp_path, rows).cells) == 20
    assert time.process_time() - start < 2


def test_an_encrypted_spreadsheet_is_said_to_need_its_password(tmp_path: Path) -> None:
    data = with_parts(ods(""), {"META-INF/manifest.xml": b"<m><manifest:encryption-data/></m>"})
    assert refused(put(tmp_path, "a.ods", data)) == "X125"


def test_a_chart_is_nothing_to_speak_of_and_an_object_or_a_link_is(tmp_path: Path) -> None:
    assert codes(put(tmp_path, "a.ods", with_parts(ods(""), {"Object 1/content.xml": b"<a/>"}))) == []
    assert codes(put(tmp_path, "b.ods", with_parts(ods(""), {"Object 1": b"x"}))) == ["X143"]
    assert codes(put(tmp_path, "c.ods", ods("<table:table-source/>"))) == ["X143"]
    assert codes(put(tmp_path, "d.ods", with_parts(ods(""), {"Basic/Standard/a.xml": b"<a/>"}))) == ["X141"]


# --- .xls -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook that Gnumeric saved as Excel 97-2003."""
    if shutil.which("ssconvert") is None:
        missing("Gnumeric is not installed")
    folder = tmp_path_factory.mktemp("old")
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B2"], book.active["C3"] = "Prix", 12.5, "=1+1"
    book.active["B2"].number_format = "#,##0.00 €"
    raised = TextBlock(InlineFont(vertAlign="superscript"), "3")
    book.active["A5"], book.active["A6"] = CellRichText("12", raised, "."), CellRichText("12", raised)
    book.active["B3"], book.active["B3"].number_format = 0.5, "0%"
    hidden = book.create_sheet("cachée")
    hidden.sheet_state = "hidden"
    hidden["IV65536"].font = Font(bold=True)
    book.save(folder / "a.xlsx")
    subprocess.run(["ssconvert", folder / "a.xlsx", folder / "a.xls"], check=True, capture_output=True)
    return folder / "a.xls"


def test_an_old_workbook_is_read_in_a_process_of_its_own(old: Path) -> None:
    read = read_returned(old)
    assert [one.code for one in read.findings] == ["X142"]
    assert read.value.saved is Saved.VALUES
    assert [sheet.hidden for sheet in read.value.sheets] == [False, True]
    assert {at: one.value for at, one in read.value.sheets[0].cells.items()} == {
        (0, 0): "Prix",
        (1, 1): 12.5,
        (2, 1): "50 %",
        (2, 2): 2.0,
        (4, 0): "12³.",
        (5, 0): "12³",
    }


def test_a_look_in_the_last_corner_of_an_old_workbook_costs_nothing(old: Path) -> None:
    tracemalloc.start()
    try:
        sheets_of(str(old))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 50 << 20


def test_a_child_that_does_not_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_waited", lambda process, _: (process.kill(), process.wait(), None)[2])
    with pytest.raises(Fault) as caught:
        in_child("canevas_xl.adapters.xlsx.xls_job", put(tmp_path, "a.xls", b""))
    assert (caught.value.code, caught.value.facts["reason"]) == ("X140", "> 10 s")


def bound(attempt: str) -> subprocess.CompletedProcess[bytes]:
    """Attempt something in a process that is bound as a child is."""
    program = f"from canevas_xl.adapters.xlsx.jobs import bind_myself; bind_myself(300 << 20, 1); {attempt}"
    return subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)


@pytest.mark.parametrize("attempt", ["import socket; socket.socket()", "import os; os.system('true')"])
def test_a_child_reaches_no_network_and_starts_no_program(attempt: str) -> None:
    assert b"Forbidden" in bound(attempt).stderr


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS bounds no memory")
def test_a_child_that_would_fill_the_memory_is_stopped() -> None:
    assert b"MemoryError" in bound("bytearray(400 << 20)").stderr


def test_a_child_that_works_for_ever_is_stopped() -> None:
    assert bound("any(iter(int, 1))").returncode not in {0, 1}, "the system stopped it, and no error of its own"


def test_what_a_damaged_file_makes_the_child_do_is_a_fault_on_that_file(old: Path, tmp_path: Path) -> None:
    assert refused(put(tmp_path, "a.xls", old.read_bytes()[:3_000])) == "X140"


# --- .csv -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_sheet_as_text_is_read_whatever_its_letters_and_separator(
    tmp_path: Path, separator: str, letters: str
) -> None:
    rows = [["Clé", "Réponse"], ["P01", f"douze{separator}5"], ["", 'dit "oui"\nou non']]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    read = read_returned(put(tmp_path, "a.csv", out.getvalue().encode(letters)))
    assert [one.code for one in read.findings] == ["X144"]
    assert read.value.saved is Saved.SHOWN
    held = read.value.sheets[0].cells
    assert {at: one.value for at, one in held.items()} == {
        (line, column): text for line, texts in enumerate(rows) for column, text in enumerate(texts) if text
    }


def test_the_row_of_codes_tells_the_separator_whatever_sentences_hold(tmp_path: Path) -> None:
    text = "a, b, c, d, e, f, g, h\n\tKEY\tLABEL\tVALUE\n\tP01\tPain, fruits, eau\t1,5\n"
    sheet = read_returned(put(tmp_path, "a.csv", text.encode())).value.sheets[0]
    assert sheet.value(2, 3) == "1,5"


def test_a_text_whose_quotation_never_ends_is_damaged(tmp_path: Path) -> None:
    assert refused(put(tmp_path, "a.csv", b'a;"b\n' + b"c;d\n" * 50_000)) == "X126"
