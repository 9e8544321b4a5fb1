"""A workbook is read as cells, whatever program wrote it, and refused with a reason when it is not one."""

from __future__ import annotations

import contextlib
import io
import subprocess
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
import xlsx_plans
from endless import PATIENCE, coming_to_an_end

from canevas_xl.adapters.xlsx import cells as reader
from canevas_xl.adapters.xlsx import package
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.errors import Fault
from canevas_xl.findings.messages import fault_message
from canevas_xl.model.cells import Sheet, SheetCell

ROOT = "http://schemas.openxmlformats.org"
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def file_of(tmp_path: Path, data: bytes, name: str = "campagne.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def relations(**targets: str) -> str:
    office = f"{ROOT}/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'<Relationships xmlns="{ROOT}/package/2006/relationships">{links}</Relationships>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def handmade(rows: str, texts: str = "", styles: str = "", workbook: str = "") -> dict[str, str | bytes]:
    """The parts of a workbook of one sheet, as another program might write them."""
    main = f'xmlns="{ROOT}/spreadsheetml/2006/main" xmlns:r="{ROOT}/officeDocument/2006/relationships"'
    return {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook {main}>{workbook}<sheets><sheet name="F" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            worksheet="worksheets/sheet1.xml", sharedStrings="/xl/sharedStrings.xml", styles="styles.xml"
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{rows}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{texts}</sst>",
        "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
    }


def sheet_of(tmp_path: Path, rows: str, **more: str) -> Sheet:
    return read_cells(file_of(tmp_path, zipped(handmade(rows, **more)))).sheets[0]


def refused(path: Path) -> str:
    with pytest.raises(Fault) as caught:
        read_cells(path)
    for language in ("fr", "en"):
        assert fault_message(caught.value, language)
    return caught.value.code


def test_what_was_written_is_read(tmp_path: Path) -> None:
    data = Stencil.from_bytes(workbook_bytes(xlsx_plans.plan())).copy(xlsx_plans.IDENTITY)
    book = read_cells(file_of(tmp_path, data))
    lists, offer = book.sheets
    assert (lists.name, lists.hidden, offer.name, offer.hidden) == ("Listes", True, xlsx_plans.OFFER, False)
    assert [lists.value(row, 0) for row in range(4)] == ["OUI", "NON", "Ne sait pas", None]
    assert offer.cells[3, 1] == SheetCell("=1+1")
    assert offer.cells[4, 1] == SheetCell(" 00123 ")
    assert offer.cells[5, 1] == SheetCell(12.5)
    assert (5, 2) not in offer.cells
    assert offer.cells[6, 1] == SheetCell(1.0, "INDEX($C:$C,ROW())+1")
    assert offer.cells[7, 1] == SheetCell("#N/A", "NA()", error=True)
    assert book.properties == {"canevas_token": xlsx_plans.IDENTITY["token"], "canevas_fingerprint": "abc"}


def test_openpyxl_reads_the_same(tmp_path: Path) -> None:
    path = file_of(tmp_path, workbook_bytes(xlsx_plans.plan()))
    formulas, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    for sheet in read_cells(path).sheets:
        theirs = {
            (cell.row - 1, cell.column - 1): (cell.value, values[sheet.name][cell.coordinate].value)
            for row in formulas[sheet.name]
            for cell in row
            if cell.value is not None
        }
        ours = {
            place: (cell.value if cell.formula is None else f"={cell.formula}", cell.value)
            for place, cell in sheet.cells.items()
        }
        assert ours == theirs


def test_dates_are_read_as_iso_text_and_numbers_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for value in (date(2026, 9, 1), datetime(2026, 9, 1, 12, 30), time(8, 15), 46000):  # noqa: DTZ001 - cells have none
        sheet.append([value])
    for row, form in enumerate(('#,##0.00 "jours"', "[$-40C]d mmmm yyyy", "[Red]0.00", "0.00E+00", "General"), 5):
        sheet.cell(row, 1, 46000.25).number_format = form
    path = tmp_path / "dates.xlsx"
    book.save(path)
    column = [cell.value for cell in read_cells(path).sheets[0].cells.values()]
    assert column[:4] == ["2026-09-01", "2026-09-01T12:30:00", "08:15:00", 46000.0]
    assert column[4:] == [46000.25, "2025-12-09T06:00:00", 46000.25, 46000.25, 46000.25]


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    rows = '<row r="1"><c r="A1" s="1"><v>44804</v></c><c r="B1" s="1"><v>1e12</v></c></row>'
    sheet = sheet_of(tmp_path, rows, styles=styles, workbook='<workbookPr date1904="1"/>')
    assert (sheet.value(0, 0), sheet.value(0, 1)) == ("2026-09-01", 1e12)


def test_what_newer_programs_keep_aside_changes_no_date_and_adds_no_sheet(tmp_path: Path) -> None:
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    aside = '<extLst><ext><workbookPr/><sheet name="cachée" r:id="r1" xmlns:r="x"/></ext></extLst>'
    rows = '<row r="1"><c r="A1" s="1"><v>44804</v></c></row>'
    book = f'<workbookPr date1904="1"/>{aside}'
    path = file_of(tmp_path, zipped(handmade(rows, styles=styles, workbook=book)))
    assert [sheet.value(0, 0) for sheet in read_cells(path).sheets] == ["2026-09-01"]


@pytest.mark.parametrize("aside", ["extLst", "mc:AlternateContent"])
def test_rows_that_programs_do_not_show_are_not_read(tmp_path: Path, aside: str) -> None:
    shown = '<row r="1"><c r="A1"><v>4</v></c></row>'
    hidden = f'<{aside} xmlns:mc="x"><ext><row r="2"><c r="A2"><v>5</v></c></row></ext></{aside}>'
    assert list(sheet_of(tmp_path, shown + hidden).cells) == [(0, 0)]


@pytest.mark.parametrize("spans", ["", ' xml:lang="fr"'])
def test_a_cell_that_stands_twice_is_refused_however_it_is_written(tmp_path: Path, spans: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>4</v></c></row><row r="1"{spans}><c r="A1"><v>400</v></c></row>'
    assert refused(file_of(tmp_path, zipped(handmade(rows)))) == "X126"


def test_a_percentage_is_read_as_it_shows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    shown = {"0%": 0.5, "0.00%": 0.07, "0.0\\ %;-0.0\\ %": -0.125, "0%;;": 0.01234, '0.0"%"': 50, "General": 0.5}
    for row, (form, value) in enumerate(shown.items(), 1):
        book.active.cell(row, 1, value).number_format = form
    path = tmp_path / "shares.xlsx"
    book.save(path)
    column = [cell.value for cell in read_cells(path).sheets[0].cells.values()]
    # Three decimals could be thousands: there is a fourth.
    assert column == ["50 %", "7 %", "-12.5 %", "1.2340 %", 50.0, 0.5]


def test_a_format_whose_brackets_never_end_is_gone_through_once(tmp_path: Path) -> None:
    styles = f'<numFmts><numFmt numFmtId="200" formatCode="{"[" * 400_000}"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="200"/></cellXfs>'
    with coming_to_an_end():
        assert sheet_of(tmp_path, '<row r="1"><c r="A1" s="0"><v>5</v></c></row>', styles=styles).value(0, 0) == 5


def test_figures_that_are_raised_lowered_or_struck_out_are_no_figures_of_the_number_beside_them(tmp_path: Path) -> None:
    texts = "".join(
        f"<si><r><t>12</t></r><r><rPr>{look}</rPr><t>3</t></r></si>"
        for look in (
            '<vertAlign val="superscript"/>', '<vertAlign val="subscript"/>', "<strike/>", '<strike val="0"/><b/>',
        )
    )  # fmt: skip
    cells = "".join(f'<c r="A{row}" t="s"><v>{row - 1}</v></c>' for row in range(1, 5))
    sheet = sheet_of(tmp_path, f'<row r="1">{cells}</row>', texts=texts)
    assert [cell.value for cell in sheet.cells.values()] == ["12³", "12₃", "123\u0336", "123"]


def test_every_kind_of_cell_is_understood(tmp_path: Path) -> None:
    texts = (
        "<si><t xml:space='preserve'> a </t></si>"
        "<si><r><t>ri</t></r><r><t>che</t></r><rPh><t>non</t></rPh></si>"
        "<si><t>_x0009__x005F_x0009_ _xD83C__xDF31_</t></si><si><t/></si>"
    )
    rows = (
        '<row r="2"><c r="B2" t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>'
        '<row><c t="inlineStr"><is><t>dans la cellule</t></is></c><c t="b"><v>1</v></c>'
        '<c t="b"><f>TRUE()</f><v>1</v></c>'
        '<c t="e"><v>#REF!</v></c><c t="d"><v>2026-09-01</v></c><c t="str"><f>A1</f><v>é</v></c></row>'
        '<row r="9"><c r="A9"><v>1E-3</v></c><c r="B9"><f t="shared" si="0"/><v>2</v></c><c r="C9"><f>X()</f></c>'
        '<c r="D9" s="4"/><c r="E9"><v>NaN</v></c><c r="F9"><v>1_000</v></c><c r="G9"><v>-.5</v></c></row>'
    )
    sheet = sheet_of(tmp_path, rows, texts=texts)
    assert [sheet.value(1, column) for column in range(5)] == [None, " a ", "riche", "\t_x0009_ 🌱", None]
    third = [sheet.cells[2, column] for column in range(6)]
    assert third == [
        SheetCell("dans la cellule"),
        SheetCell("TRUE"),
        SheetCell("TRUE", "TRUE()"),
        SheetCell("#REF!", error=True),
        SheetCell("2026-09-01"),
        SheetCell("é", "A1"),
    ]
    assert {place[1]: cell for place, cell in sheet.cells.items() if place[0] == 8} == {
        0: SheetCell(0.001),
        1: SheetCell(2.0, ""),
        2: SheetCell(None, "X()"),
        4: SheetCell("NaN"),
        5: SheetCell("1_000"),
        6: SheetCell(-0.5),
    }


def test_strict_and_prefixed_files_are_read_like_others(tmp_path: Path) -> None:
    parts = handmade('<row r="1"><c r="A1"><v>7</v></c></row>')
    strict = {
        name: str(content)
        .replace(f"{ROOT}/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships")
        .replace(f"{ROOT}/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
        for name, content in parts.items()
    }
    rows = "<x:sheetData><x:row><x:c><x:v>7</x:v></x:c></x:row></x:sheetData>"
    sheet = f"<x:worksheet xmlns:x='{ROOT}/spreadsheetml/2006/main'>{rows}</x:worksheet>"
    for name, changed in (("strict", strict), ("prefixed", parts | {"xl/worksheets/sheet1.xml": sheet})):
        assert read_cells(file_of(tmp_path, zipped(changed), f"{name}.xlsx")).sheets[0].value(0, 0) == 7


def test_rows_and_cells_out_of_order_stand_where_they_say(tmp_path: Path) -> None:
    third = '<row r="3"><c r="B3"><v>3</v></c><c r="A3"><v>2</v></c></row>'
    sheet = sheet_of(tmp_path, third + '<row r="1"><c r="A1"><v>1</v></c></row>')
    assert {at: cell.value for at, cell in sheet.cells.items()} == {(2, 1): 3.0, (2, 0): 2.0, (0, 0): 1.0}


def test_extensions_of_newer_programs_are_no_cells(tmp_path: Path) -> None:
    parts = handmade('<row r="1"><c r="A1"><v>7</v></c></row>')
    space = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:xm="urn:xm"'
    area = "<x14:formula1><xm:f>Listes!$A$1</xm:f></x14:formula1><xm:sqref>A1</xm:sqref>"
    checks = f"<x14:dataValidation>{area}</x14:dataValidation>"
    more = f'<extLst><ext uri="{{CCE6A557}}" {space}><x14:dataValidations>{checks}</x14:dataValidations></ext></extLst>'
    sheet = str(parts["xl/worksheets/sheet1.xml"]).replace("</worksheet>", f"{more}</worksheet>")
    read = read_cells(file_of(tmp_path, zipped(parts | {"xl/worksheets/sheet1.xml": sheet})))
    assert {at: cell.value for at, cell in read.sheets[0].cells.items()} == {(0, 0): 7.0}


def test_a_sheet_in_a_language_that_no_spreadsheet_knows_is_damaged(tmp_path: Path) -> None:
    parts = handmade('<row r="1"><c r="A1"><v>7</v></c></row>')
    for space in (f'xmlns="{ROOT}/other"', ""):
        changed = str(parts["xl/worksheets/sheet1.xml"]).replace(f'xmlns="{ROOT}/spreadsheetml/2006/main"', space)
        assert refused(file_of(tmp_path, zipped(parts | {"xl/worksheets/sheet1.xml": changed}))) == "X126"


def test_a_cell_at_the_end_of_the_grid_costs_nothing(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    assert dict(sheet.cells) == {(1_048_575, 16_383): SheetCell(1.0)}


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    assert refused(tmp_path / "absent.xlsx") == "X121"
    assert refused(tmp_path) == "X122"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><table>", "HTML"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "XML"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"W\0o\0r\0k\0b\0o\0o\0k\0", "Excel 97-2003 (.xls)"),
        (b"nom;prix\n", "?"),
        (zipped({"content.xml": "", "mimetype": ""}), "OpenDocument (.ods)"),
        (zipped({"word/document.xml": ""}), "Word (.docx)"),
        (zipped({"photo.jpg": ""}), "zip"),
    ],
)
def test_what_is_not_a_workbook_is_named_by_its_contents(tmp_path: Path, start: bytes, kind: str) -> None:
    with pytest.raises(Fault) as caught:
        read_cells(file_of(tmp_path, start))
    assert (caught.value.code, caught.value.facts["kind"]) == ("X124", kind)


def test_an_encrypted_workbook_is_said_to_need_its_password(tmp_path: Path) -> None:
    encrypted = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    assert refused(file_of(tmp_path, encrypted)) == "X125"


def test_a_file_too_large_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "grand.xlsx"
    with path.open("wb") as stream:
        stream.truncate(package.LARGEST_FILE + 1)
    assert refused(path) == "X123"


def test_damaged_files_are_said_to_be(tmp_path: Path) -> None:
    whole = workbook_bytes(xlsx_plans.plan())
    assert refused(file_of(tmp_path, b"")) == "X126"
    assert refused(file_of(tmp_path, whole[: len(whole) // 2])) == "X126"
    broken = bytearray(whole)
    middle = whole.index(b"xl/worksheets/sheet2.xml") + 200
    broken[middle : middle + 40] = bytes(40)
    assert refused(file_of(tmp_path, bytes(broken))) == "X126"
    for rows in ('<row r="x"/>', '<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "<row"):
        assert refused(file_of(tmp_path, zipped(handmade(rows)))) == "X126"


def test_any_byte_changed_gives_cells_or_a_fault(tmp_path: Path) -> None:
    whole = workbook_bytes(xlsx_plans.plan())
    for place in range(0, len(whole), 41):
        changed = bytearray(whole)
        changed[place] ^= 0x5A
        path = file_of(tmp_path, bytes(changed))
        with contextlib.suppress(Fault):
            assert read_cells(path).sheets


@pytest.mark.parametrize("part", ["_rels/.rels", "xl/worksheets/sheet1.xml"])
def test_letters_in_an_unknown_code_are_damage(tmp_path: Path, part: str) -> None:
    parts = handmade("")
    parts[part] = f'<?xml version="1.0" encoding="inconnu"?>{parts[part]!s}'
    assert refused(file_of(tmp_path, zipped(parts))) == "X126"


BOMB = "<!DOCTYPE a [<!ENTITY b 'c'>]>"


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/vbaProject.bin": b"x"},
        {"XL/WORKBOOK.xml": b"x"},
        {"../../evil": b"x"},
        {"xl/media/big.bin": bytes(2 << 20)},
        {"xl/sharedStrings.xml": BOMB + "<sst/>"},
        {"xl/sharedStrings.xml": (BOMB + "<sst/>").encode("utf-16")},
        {"xl/sharedStrings.xml": " " * 65_530 + BOMB + "<sst/>"},
        {"xl/sharedStrings.xml": "<a>" * 500 + "</a>" * 500},
        {f"xl/{number}.xml": b"" for number in range(package.MOST_ENTRIES)},
    ],
    ids=["macros", "twins", "outside", "ratio", "entities", "utf16", "late", "deep", "many"],
)
def test_unsafe_contents_are_refused(tmp_path: Path, parts: dict[str, str | bytes]) -> None:
    assert refused(file_of(tmp_path, zipped(handmade("") | parts))) == "X127"


def test_too_many_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MOST_CELLS", 3)
    path = file_of(tmp_path, zipped(handmade("<row>" + "<c><v>1</v></c>" * 4 + "</row>")))
    assert refused(path) == "X127"


@pytest.mark.office
def test_what_libreoffice_saved_again_is_read(soffice: str, tmp_path: Path) -> None:
    source = file_of(tmp_path, Stencil.from_bytes(workbook_bytes(xlsx_plans.plan())).copy(xlsx_plans.IDENTITY))
    before = read_cells(source)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saved = tmp_path / "retour"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    after = read_cells(saved / source.name)
    assert [sheet.name for sheet in after.sheets] == [sheet.name for sheet in before.sheets]
    for old, new in zip(before.sheets, after.sheets, strict=True):
        assert new.hidden == old.hidden
        for place, cell in old.cells.items():
            assert (new.cells[place].value, new.cells[place].formula is None) == (cell.value, cell.formula is None)
    assert after.properties == before.properties
