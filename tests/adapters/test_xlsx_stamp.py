"""A stamped copy is a workbook like one that was built for its supplier, at the cost of a copy."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
import xlsx_plans
from hypothesis import given, settings
from hypothesis import strategies as st

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.stamp import KEPT, Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.model.plan import CellPlan, Page, SheetPlan, Stamp, Style, WorkbookPlan

SUPPLIER = (1, 1)
TOKEN = (0, 1)


@pytest.fixture(scope="module")
def stencil() -> Stencil:
    return Stencil.from_bytes(workbook_bytes(xlsx_plans.plan()))


def read_back(tmp_path: Path, data: bytes) -> dict[tuple[int, int], object]:
    file = tmp_path / "copie.xlsx"
    file.write_bytes(data)
    sheet = next(sheet for sheet in read_cells(file).sheets if sheet.name == xlsx_plans.OFFER)
    return {place: cell.value for place, cell in sheet.cells.items()}


def test_every_entry_of_a_copy_is_sound(stencil: Stencil) -> None:
    with zipfile.ZipFile(io.BytesIO(stencil.copy(xlsx_plans.IDENTITY))) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "[Content_Types].xml"
        for name in package.namelist():
            ET.fromstring(package.read(name))


def test_the_identity_stands_everywhere_it_was_planned(stencil: Stencil, tmp_path: Path) -> None:
    copy = stencil.copy(xlsx_plans.IDENTITY)
    cells = read_back(tmp_path, copy)
    assert cells[TOKEN] == xlsx_plans.IDENTITY["token"]
    assert cells[SUPPLIER] == "Pour Dupont & Fils :"
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert book.custom_doc_props["canevas_token"].value == xlsx_plans.IDENTITY["token"]
    assert book[xlsx_plans.OFFER].oddFooter.center.text == xlsx_plans.IDENTITY["token"] + " · page &P"


def test_only_the_identity_differs_from_one_copy_to_the_next(stencil: Stencil) -> None:
    one = stencil.copy(xlsx_plans.IDENTITY)
    other = stencil.copy(xlsx_plans.IDENTITY | {"token": "CX1-ABC123-MART-L1-R1-BA9876543210"})
    with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(other)) as second:
        changed = {name for name in first.namelist() if first.read(name) != second.read(name)}
    assert changed == {"xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "docProps/custom.xml"}


def test_a_token_in_the_cells_of_every_sheet_changes_one_part() -> None:
    sheets = tuple(
        SheetPlan(f"S{number}", f"Feuille {number}", (CellPlan(0, 0, Stamp("token"), Style()),)) for number in range(8)
    )
    parts = Stencil.from_bytes(workbook_bytes(WorkbookPlan("t", "fr", sheets))).parts
    assert [part.name for part in parts] == [b"xl/sharedStrings.xml"]


def test_the_same_identity_gives_the_same_bytes(stencil: Stencil) -> None:
    again = Stencil.from_bytes(workbook_bytes(xlsx_plans.plan()))
    assert again == stencil
    assert again.copy(xlsx_plans.IDENTITY) == stencil.copy(xlsx_plans.IDENTITY)


def test_the_stamped_workbook_holds_what_a_built_one_would(stencil: Stencil) -> None:
    built = workbook_bytes(xlsx_plans.plan())
    with zipfile.ZipFile(io.BytesIO(built)) as package:
        expected = {name: package.read(name).decode() for name in package.namelist()}
    with zipfile.ZipFile(io.BytesIO(stencil.copy(xlsx_plans.IDENTITY))) as package:
        stamped = {name: package.read(name).decode() for name in package.namelist()}
    for name, content in expected.items():
        supplier = "Dupont &amp; Fils"
        token = xlsx_plans.IDENTITY["token"]
        assert stamped[name] == content.replace("\ue000token\ue001", token).replace("\ue000supplier\ue001", supplier)


@pytest.mark.parametrize(
    "supplier",
    [
        "",
        "A",
        'Dupont & Fils <SARL> "L\'Œuvre"',
        "]]> &amp; &#65;",
        "_x0041_ and _x005F_x0041_",
        "=1+1",
        "tab\tline\nreturn\rbell\x07",
        "中文 العربية 🌱",
        "\ue000token\ue001",
        "@@token@@",
        "\ufffe\uffff",
        "long " * 6000 + "end",
        "é" * 31_000,
    ],
)
def test_any_text_arrives_as_it_is(stencil: Stencil, tmp_path: Path, supplier: str) -> None:
    copy = stencil.copy(xlsx_plans.IDENTITY | {"supplier": supplier})
    assert read_back(tmp_path, copy)[SUPPLIER] == f"Pour {supplier} :".replace("\r\n", "\n")
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert package.testzip() is None


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_no_text_breaks_a_copy(text: str) -> None:
    copy = STENCIL.copy({"token": text, "supplier": text})
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        assert package.testzip() is None
        for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "docProps/custom.xml"):
            ET.fromstring(package.read(name))


def test_spaces_around_a_stamped_text_are_left_out(stencil: Stencil, tmp_path: Path) -> None:
    copy = stencil.copy(xlsx_plans.IDENTITY | {"token": "  CX1-A  ", "supplier": " Dupont\u00a0"})
    cells = read_back(tmp_path, copy)
    assert (cells[TOKEN], cells[SUPPLIER]) == ("CX1-A", "Pour Dupont :")


def test_a_footer_keeps_a_length_that_excel_accepts_and_doubles_its_ampersands() -> None:
    page = Page(footer=Stamp("supplier", before="&C", after=" · &P"))
    bare = WorkbookPlan("t", "fr", (SheetPlan("A", "A", (), page=page),), properties=(("who", Stamp("supplier")),))
    copy = Stencil.from_bytes(workbook_bytes(bare)).copy({"supplier": "Dupont & Fils " * 100})
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        sheet = ET.fromstring(package.read("xl/worksheets/sheet1.xml"))
        properties = ET.fromstring(package.read("docProps/custom.xml"))
    (footer,) = [element.text or "" for element in sheet.iter() if element.tag.endswith("oddFooter")]
    assert footer.startswith("&CDupont && Fils Dupont && Fils")
    assert footer.endswith(" · &P")
    assert len(footer) <= 255
    assert len("".join(properties.itertext())) == KEPT["property"]


def test_a_missing_text_is_not_stamped_as_nothing(stencil: Stencil) -> None:
    with pytest.raises(KeyError, match="supplier"):
        stencil.copy({"token": "CX1"})


def test_the_names_that_a_copy_needs_are_known(stencil: Stencil) -> None:
    assert stencil.names == {"token", "supplier"}


def test_a_workbook_without_stamps_is_copied_unchanged_in_content() -> None:
    data = workbook_bytes(WorkbookPlan("t", "fr", (SheetPlan("A", "A", (CellPlan(0, 0, "x", Style()),)),)))
    with (
        zipfile.ZipFile(io.BytesIO(Stencil.from_bytes(data).copy({}))) as copy,
        zipfile.ZipFile(io.BytesIO(data)) as file,
    ):
        assert {name: copy.read(name) for name in copy.namelist()} == {
            name: file.read(name) for name in file.namelist()
        }


def test_checksums_combine(stencil: Stencil) -> None:
    for part in stencil.parts:
        for piece in part.pieces:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(piece.deflated)
            assert len(content) == piece.size
            for before in (b"", b"\0", b"CX1-ABC123", bytes(range(256)) * 9):
                assert piece.after(zlib.crc32(before)) == zlib.crc32(before + content)


STENCIL = Stencil.from_bytes(workbook_bytes(xlsx_plans.plan()))
