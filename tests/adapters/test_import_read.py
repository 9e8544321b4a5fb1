"""Reading a publisher's file: what is refused whole, and what is said was expected and found."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from publishers import base_carbone_file, elements, synthesis, synthesis_file, text

from canevas_xl import resources
from canevas_xl.adapters.store.imports import read
from canevas_xl.adapters.store.imports.read import AGRIBALYSE, BASE_CARBONE, own_dialect, read_table
from canevas_xl.errors import MISUSED, WrongUse
from canevas_xl.findings.messages import fault_message
from canevas_xl.model.factor_import import SourceTable


def refused(path: Path, dialect: object = AGRIBALYSE) -> WrongUse:
    with pytest.raises(WrongUse) as caught:
        read_table(path, BASE_CARBONE if dialect is BASE_CARBONE else AGRIBALYSE)
    for language in ("fr", "en"):
        assert path.name in fault_message(caught.value, language)
    assert caught.value.exit_code == MISUSED
    return caught.value


def said(key: str, **facts: object) -> dict[str, str]:
    """What was found, in both languages."""
    texts = {language: resources.texts("factors", language)[f"read.{key}"] for language in resources.LANGUAGES}
    return {language: text.format_map(facts) for language, text in texts.items()}


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def spoiled_archive() -> bytes:
    """A workbook whose sheet cannot be unpacked."""
    content = bytearray(workbook([["a", "b"], *[[n, n * n] for n in range(500)]]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 30 + len("xl/worksheets/sheet1.xml")
    content[start : start + 20] = b"\xff" * 20
    return bytes(content)


def test_a_byte_order_mark_blank_lines_and_double_spaces_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffCode AGB,Eutrophisation\u00a0 marine \n1,  a  b\n,\n2,c\n\n".encode())
    table = read_table(path, AGRIBALYSE)
    assert table.columns == ("Code AGB", "Eutrophisation marine")
    assert [(line.number, *line.cells.values()) for line in table.lines] == [(2, "1", "a b"), (4, "2", "c")]


def test_the_official_layout_of_base_carbone_is_read(tmp_path: Path) -> None:
    table = read_table(base_carbone_file(tmp_path), BASE_CARBONE)
    assert table.decimal_comma
    assert len(table.lines) == len(elements())
    assert table.lines[0].cells["Commentaire français"] == "une ligne et une « autre »"


def test_lines_are_counted_through_cells_of_several_lines(tmp_path: Path) -> None:
    table = read_table(base_carbone_file(tmp_path), BASE_CARBONE)
    assert [line.number for line in table.lines[:3]] == [2, 4, 5]


def test_identifiers_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Code,x\n0012,nan\n20047_1,1e3\n", "utf-8")
    assert [tuple(line.cells.values()) for line in read_table(path, AGRIBALYSE).lines] == [
        ("0012", "nan"), ("20047_1", "1e3"),
    ]  # fmt: skip


def test_a_workbook_is_told_by_its_bytes_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(workbook([["Code", "x"], ["1", 2.5], [None, None], ["2", None]]))
    table: SourceTable = read_table(path, AGRIBALYSE)
    assert [(line.number, *line.cells.values()) for line in table.lines] == [(2, "1", "2.5"), (4, "2", "")]


def test_only_the_wanted_columns_are_kept(tmp_path: Path) -> None:
    table = read_table(synthesis_file(tmp_path), AGRIBALYSE, {"Code AGB"})
    assert set(table.lines[0].cells) == {"Code AGB"}
    assert "DQR" in table.columns


@pytest.mark.parametrize("content", [b"a;b\n1;2\n", workbook([["a", "b"], [1, 2]])], ids=["csv", "xlsx"])
def test_a_file_without_any_wanted_column_tells_those_that_it_has(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)
    table = read_table(path, BASE_CARBONE, {"Type Ligne"})
    assert (table.columns, table.lines) == (("a", "b"), ())


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "nope.csv").code == "F100"


@pytest.mark.parametrize("path", [".", "/dev/null"])
def test_what_is_no_file_is_not_opened(path: str) -> None:
    assert refused(Path(path)).code == "F100"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  ", b"\xef\xbb\xbf", b"\r,\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refused(path).code == "F101"


def test_utf_8_is_expected_of_agribalyse(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text(synthesis()).encode("cp1252"))
    fault = refused(path)
    assert (fault.code, fault.facts["expected"]) == ("F102", "UTF-8")
    assert "cp1252" in str(fault.facts["found"])


def test_cp1252_is_expected_of_base_carbone(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text(elements(), ";"), "utf-8")
    fault = refused(path, BASE_CARBONE)
    assert (fault.code, fault.facts["found"]) == ("F102", "UTF-8")


def test_utf_16_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text(synthesis()).encode("utf-16"))
    assert refused(path).facts["found"] == "UTF-16"


def test_a_file_cut_inside_a_row_is_refused_with_its_line(tmp_path: Path) -> None:
    path = synthesis_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-150])
    fault = refused(path)
    assert (fault.code, fault.facts["line"], fault.facts["expected"]) == ("F105", 4, 24)


def test_a_file_cut_inside_a_quoted_cell_is_refused(tmp_path: Path) -> None:
    path = base_carbone_file(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b"une ligne") + 4])
    assert refused(path, BASE_CARBONE).code == "F128"


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n1,2,3\n", "utf-8")
    fault = refused(path)
    assert (fault.code, fault.facts["line"], fault.facts["found"]) == ("F105", 3, 3)


def test_a_file_cut_inside_a_letter_is_cut_and_not_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Code,Nom\n1,é".encode()[:-1])
    fault = refused(path)
    assert (fault.code, fault.facts["found"]) == ("F128", said("half_letter"))


def test_a_cell_that_has_no_value_in_its_spreadsheet_is_blank(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Code,x\n1,#N/A\n", "utf-8")
    assert read_table(path, AGRIBALYSE).lines[0].cells["x"] == ""


def test_a_folder_is_called_one(tmp_path: Path) -> None:
    assert refused(tmp_path).facts["reason"] == said("folder")


def test_no_refusal_speaks_the_language_of_a_library(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content, key in (
        (b'a,b\n1,"never closed\n', "open_quote"),
        (b"PK\x03\x04 broken", "no_workbook"),
        (b"just words\n", "no_columns"),
        (b"a,b\n1," + b"x" * 200_000 + b"\n", "no_cells"),
        (spoiled_archive(), "no_workbook"),
    ):
        path.write_bytes(content)
        assert refused(path).facts["found"] == said(key)


def test_a_cell_far_out_is_seen_between_two_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_PIECE", 100)
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(path)
    assert refused(path).facts["found"] == said("far_cell")


def test_a_workbook_that_would_fill_the_memory_is_refused_unopened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "UNPACKED", 1 << 20)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (2 << 20))
    assert refused(path).facts["found"] == said("large", size=1)


def test_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook([["a", "b"], [1, 2]])[:-400])
    assert refused(path).code == "F128"


@pytest.mark.parametrize(
    ("content", "found"), [(b"%PDF-1.4", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1", ".xls"), (b"<html>", "HTML/XML")]
)
def test_what_is_no_table_is_called_by_its_name(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    fault = refused(path)
    assert (fault.code, fault.facts["found"]) == ("F103", found)


def test_another_separator_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text(synthesis(), ";"), "utf-8")
    fault = refused(path)
    assert (fault.code, fault.facts["expected"], fault.facts["found"]) == ("F112", ",", ";")


def test_a_cell_at_the_end_of_the_world_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(path)
    assert refused(path).code == "F103"


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refused(path).code == "F103"


@pytest.mark.parametrize(
    ("content", "separator", "encoding"),
    [
        ("Identifiant;Unité\nx;é\n".encode("cp1252"), ";", "cp1252"),
        ("Identifiant;Unité\nx;é\n".encode("utf-8-sig"), ";", "utf-8-sig"),
        (b"Identifier,Unit\nx,y\n", ",", "utf-8-sig"),
    ],
)
def test_a_buyers_own_file_may_be_as_spreadsheets_save_it(
    tmp_path: Path, content: bytes, separator: str, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    dialect = own_dialect(path)
    assert (dialect.separator, dialect.encoding, dialect.decimal_comma) == (separator, encoding, separator == ";")
    assert len(read_table(path, dialect).lines) == 1
