"""The short way of reading a sheet gives what the long way gives, or leaves the file to it."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path
from unittest.mock import patch

import openpyxl
import pytest
import returned
import xlsx_plans
from endless import PATIENCE
from hypothesis import given, settings
from hypothesis import strategies as st

from canevas_xl.adapters.xlsx import cells as reader
from canevas_xl.adapters.xlsx import package
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.plain import plain_cells, plain_texts
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.errors import Fault
from canevas_xl.model.cells import Sheet

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
ROWS = (
    '<row r="1" spans="1:4" ht="30" customHeight="1"><c r="A1" s="1"/><c r="B1" s="1" t="s"><v>0</v></c>'
    '<c r="C1"><v>-1.5E-3</v></c><c r="D1" t="str"><f>IF(A1&gt;0,"&amp;",B1)</f><v>été &amp; hiver_x000D_</v></c>'
    '</row><row r="2"/><row r="3" customFormat="false"><c r="A3" s="2"></c><c r="B3">'
    '<f t="shared" ref="B3:B4" si="0">A1*2</f><v>4</v></c>'
    '<c r="C3" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c r="D3" t="b"><v>1</v></c></row>'
    '<row r="4"><c r="B4"><f t="shared" si="0"/><v></v></c><c r="C4" t="e"><f>NA()</f><v>#N/A</v></c>'
    '<c r="D4" t="s"><v>1</v></c><c r="E4" s="1"><v>45000</v></c><c r="F4"><f>X()</f><v /></c></row>'
)
FRAME = (
    '<sheetPr/><dimension ref="A1:F4"/>',
    '<mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells><pageMargins left="0.7" right="0.7"/>',
)
SPACE = b'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PLAIN = f"{DECLARED}<worksheet {MAIN}>{FRAME[0]}<sheetData>{ROWS}</sheetData>{FRAME[1]}</worksheet>".encode()
SHARED = (
    f'{DECLARED}<sst {MAIN}><si><t>un</t></si><si><t xml:space="preserve"> d&amp;eux\n</t></si>'
    "<si><t/></si><si><t>&#95;x0041_</t></si></sst>"
).encode()
STYLES = f'<styleSheet {MAIN}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="F" r:id="worksheet"/></sheets></workbook>'
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
LINK = f'<Relationship Id="{{0}}" Type="{OFFICE}/{{0}}" Target="{{1}}"/>'


def package_of(sheet: bytes = PLAIN, texts: bytes = SHARED) -> bytes:
    """A workbook of one sheet; nothing is packed, so that reading is all that costs."""
    links = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml"))
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": RELATIONS.format(LINK.format("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS.format("".join(LINK.format(*link) for link in links)),
        "xl/styles.xml": STYLES,
        SHEET: sheet,
        TEXTS: texts,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(path: Path) -> tuple[Sheet, ...] | str:
    """The sheets of a file, or the code of what refuses it."""
    try:
        return read_cells(path).sheets
    except Fault as fault:
        return fault.code


def read_the_long_way(path: Path) -> tuple[Sheet, ...] | str:
    """The same, following every tag of every part."""
    with (
        patch.object(reader, "plain_cells", return_value=None),
        patch.object(reader, "plain_texts", return_value=None),
        patch.object(package, "_tree", return_value=None),
    ):
        return read(path)


def sheets_left_to_the_long_way(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        left = [name for name in parts if plain_cells(archive.read(name)) is None]
        return [*left, TEXTS] if TEXTS in archive.namelist() and plain_texts(archive.read(TEXTS)) is None else left


def assert_both_ways_agree(path: Path) -> None:
    sheets = read(path)
    assert not isinstance(sheets, str)
    assert sheets == read_the_long_way(path)
    assert sheets_left_to_the_long_way(path) == []


@pytest.fixture(scope="module")
def canvas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A canvas as it is issued."""
    return returned.issued(tmp_path_factory.mktemp("campagne"))[1][0]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "classeur.xlsx"
    path.write_bytes(Stencil.from_bytes(workbook_bytes(xlsx_plans.plan())).copy(xlsx_plans.IDENTITY))
    return path


def test_what_we_write_is_read_alike_both_ways(written: Path, canvas: Path) -> None:
    assert_both_ways_agree(written)
    assert_both_ways_agree(canvas)


def test_what_openpyxl_saved_is_read_alike_both_ways(tmp_path: Path, canvas: Path) -> None:
    path = tmp_path / "openpyxl.xlsx"
    openpyxl.load_workbook(canvas).save(path)
    assert_both_ways_agree(path)


@pytest.mark.office
def test_what_libreoffice_saved_is_read_alike_both_ways(soffice: str, tmp_path: Path, canvas: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(canvas)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    assert_both_ways_agree(tmp_path / canvas.name)


def test_every_way_of_writing_a_cell_is_read_alike_both_ways(tmp_path: Path) -> None:
    path = tmp_path / "cellules.xlsx"
    path.write_bytes(package_of())
    assert_both_ways_agree(path)
    sheets = read(path)
    assert not isinstance(sheets, str)
    assert len(sheets[0].cells) == 11


TAIL = b"</sheetData>"
UNUSUAL = {
    "comment": PLAIN.replace(b"</v>", b"</v><!-- -->", 1),
    "marked section": PLAIN.replace(b"<v>0</v>", b"<v><![CDATA[0]]></v>"),
    "prefix": PLAIN.replace(b'<row r="2"/>', b"<x:row " + SPACE + b"><x:c><x:v>9</x:v></x:c></x:row>"),
    "instruction": PLAIN.replace(b"<sheetPr/>", b"<?a <sheetData>?>"),
    "other quotes": PLAIN.replace(b'r="A1"', b"r='A1'"),
    "other order": PLAIN.replace(b'r="B1" s="1"', b's="1" r="B1"'),
    "no place": PLAIN.replace(b' r="C1"', b""),
    "spaces": PLAIN.replace(b"</row>", b"</row>\n  "),
    "row inside a row": PLAIN.replace(b'<row r="2"/>', b'<row r="2"><row r="9"><c r="A9"><v>9</v></c></row></row>'),
    "row elsewhere": PLAIN.replace(b"<sheetPr/>", b'<sheetPr><row r="9"><c r="A9"><v>9</v></c></row></sheetPr>'),
    "cell outside rows": PLAIN.replace(b'<row r="2"/>', b'<c r="A9"><v>9</v></c>'),
    "Latin letters": PLAIN.replace(b"UTF-8", b"ISO-8859-1"),
    "two sheets of data": PLAIN.replace(TAIL, b"</sheetData><sheetData><row><c><v>9</v></c></row></sheetData>"),
    "sign of a tag in an attribute": PLAIN.replace(b'spans="1:4"', b'spans="1>4"'),
    "delete character": PLAIN.replace(b"A1*2", b"A1*2\x7f"),
    "elements inside a value": PLAIN.replace(b"<v>4</v>", b"<v>4<b/></v>"),
}  # fmt: skip
WRONG = {
    "same attribute twice": PLAIN.replace(b'ht="30"', b'ht="30" ht="30"'),
    "unknown prefix": PLAIN.replace(b'ht="30"', b'x14ac:dyDescent="30"'),
    "unknown entity": PLAIN.replace(b"&gt;", b"&bad;"),
    "forbidden character": PLAIN.replace(b"A1*2", b"A1*\x01"),
    "forbidden reference": PLAIN.replace(b"A1*2", b"A1*&#0;"),
    "broken letter": PLAIN.replace("é".encode(), b"\xc3"),
    "end of a marked section": PLAIN.replace(b"A1*2", b"A1]]>2"),
    "row that does not end": PLAIN.replace(b"</row>", b"", 1),
    "surroundings that do not end": PLAIN.replace(b"</mergeCells>", b""),
    "text that is not there": PLAIN.replace(b"<v>0</v>", b"<v>-1</v>"),
    "style that is no number": PLAIN.replace(b's="1"><v>45000', b's="x"><v>45000'),
    "entities declared": PLAIN.replace(b"<worksheet", b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet"),
    "row that is no number": PLAIN.replace(b'<row r="3"', b'<row r="3:4"'),
    "other letters": PLAIN.replace(b"UTF-8", b"UTF-16"),
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_unusual_writing_is_left_to_the_long_way(tmp_path: Path, case: str) -> None:
    sheet = UNUSUAL[case]
    assert sheet != PLAIN
    assert plain_cells(sheet) is None
    path = tmp_path / "autre.xlsx"
    path.write_bytes(package_of(sheet))
    assert not isinstance(read(path), str)
    assert read(path) == read_the_long_way(path)


@pytest.mark.parametrize("case", WRONG)
def test_what_the_long_way_refuses_is_refused(tmp_path: Path, case: str) -> None:
    assert WRONG[case] != PLAIN
    path = tmp_path / "faux.xlsx"
    path.write_bytes(package_of(WRONG[case]))
    code = read_the_long_way(path)
    assert isinstance(code, str)
    assert read(path) == code


def test_rows_of_excel_use_a_prefix_that_must_be_declared() -> None:
    row = PLAIN.replace(b'ht="30"', b'x14ac:dyDescent="0.25"')
    assert plain_cells(row) is None
    assert plain_cells(row.replace(b"<worksheet", b'<worksheet xmlns:x14ac="urn:x14ac"')) is not None


PIECES = st.sampled_from([
    b"<row>", b"</row>", b'<row r="7"/>', b'<c r="A7"><v>7</v></c>', b'<c r="A7" t="s"><v>1</v></c>', b"<c>", b"</c>",
    b"<v>", b"</v>", b"<v/>", b"<f>", b"</f>", b"<f/>", b"<is><t>i</t></is>", b"<si>", b"</si>", b"<t>", b"</t>",
    b"&", b"&amp;", b"&#10;", b"&#x41;", b"&#127;", b"&nbsp;", b"_x0041_", b"\r", b"\r\n", b"\n", b"\t", b" ", b"\x00",
    b"\x01", b"\x7f", b"]]>", b"\xc2\xa0", b"\xef\xbf\xbe", b"\xed\xa0\x80", b"\xff", b"<!-- -->", b"<![CDATA[1]]>",
    b"<?a b?>", b' r="A7"', b' t="str"', b' s="1"', b' s="01"', b' xml:space="preserve"', b"'", b'"', b">", b"/>", b"<",
    b"1e999", b"nan", b"-", b".", b"1_0", b"<sheetData>", b"</sheetData>", b"<x:row/>", b"</worksheet>", b"<r>",
    b"<b></b>" * 70, b"<b>" * 30 + b"</b>" * 30,
])  # fmt: skip
EDIT = st.tuples(st.integers(0, 5_000), st.integers(0, 12), PIECES | st.binary(max_size=3) | st.just(b""))


def edited(part: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in edits:
        at = place % len(part)
        part = part[:at] + piece + part[at + length :]
    return part


def assert_both_ways_agree_on(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert read(path) == read_the_long_way(path)


@settings(max_examples=250, deadline=None)
@given(st.lists(EDIT, min_size=1, max_size=3))
def test_however_a_sheet_is_edited_both_ways_agree(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    assert_both_ways_agree_on(tmp_path_factory.getbasetemp() / "feuille.xlsx", package_of(edited(PLAIN, edits)))


@settings(max_examples=100, deadline=None)
@given(st.lists(EDIT, min_size=1, max_size=3))
def test_however_shared_texts_are_edited_both_ways_agree(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[int, int, bytes]]
) -> None:
    assert_both_ways_agree_on(tmp_path_factory.getbasetemp() / "textes.xlsx", package_of(texts=edited(SHARED, edits)))


def test_cells_are_counted_on_the_short_way_too(tmp_path: Path) -> None:
    path = tmp_path / "beaucoup.xlsx"
    path.write_bytes(package_of())
    with patch.object(reader, "MOST_CELLS", 10):
        assert read(path) == "X127"


@pytest.mark.parametrize(("bound", "left"), [("bytes", 500), ("elements", package.OPENING + 10)])
def test_what_is_read_whole_is_counted_with_the_rest(tmp_path: Path, bound: str, left: int) -> None:
    path = tmp_path / "lourd.xlsx"
    path.write_bytes(package_of())
    opened = package.open_package(path)
    setattr(opened.budget, bound, left)
    with opened.archive, pytest.raises(Fault) as caught:
        opened.spend(PLAIN)
    assert caught.value.code == "X127"


def test_a_large_part_is_left_to_the_long_way(tmp_path: Path) -> None:
    path = tmp_path / "grand.xlsx"
    path.write_bytes(package_of(PLAIN.replace(b"<sheetPr/>", b"<sheetPr/>" + b" " * package.AT_ONCE)))
    opened = package.open_package(path)
    with opened.archive:
        assert opened.at_once(SHEET) is None
        assert opened.at_once(TEXTS) == SHARED
    assert read(path) == read_the_long_way(path)


def test_surroundings_that_nest_too_deep_are_refused(tmp_path: Path) -> None:
    many, deep = b"<b></b>" * package.FLAT, b"<b>" * 100 + b"</b>" * 100
    path = tmp_path / "profond.xlsx"
    path.write_bytes(package_of(PLAIN.replace(b"<sheetPr/>", many + deep)))
    assert read(path) == read_the_long_way(path) == "X127"
    assert plain_cells(PLAIN.replace(b"<sheetPr/>", many)) is not None
