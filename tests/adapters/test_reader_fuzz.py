"""Files changed at random, and workbooks drawn at random: cells or a fault, the same cells that openpyxl finds.

Few cases in each run, so that it stays short; ``CANEVAS_FUZZ=20000`` draws as many.
"""

from __future__ import annotations

import io
import math
import os
import random
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
import shipped
import xlsx_plans
from hypothesis import given, settings
from hypothesis import strategies as st

from canevas_xl.adapters.xlsx.returned import read_returned
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.errors import Fault
from canevas_xl.model.cells import Workbook

CASES = int(os.environ.get("CANEVAS_FUZZ", "500"))
FAULTS = {"X123", "X124", "X125", "X126", "X127", "X140"}
PARTS = ("xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "_rels/.rels")
WORDS = (
    b"<", b">", b"/", b"&", b'"', b"0", b"-1", b"1e309", b"\0", b"\xff", b"&#0;", b"&#x10FFFF;", b"<c", b"</row>",
    b't="s"', b't="b"', b't="e"', b't="inlineStr"', b'r="A1"', b'r="XFD1048576"', b"<!--", b"-->", b"<![CDATA[",
    b"<!DOCTYPE a>", b"  ", b"999999999999", b"<v>", b"</v>", b"<f>", b's="0"', b"<?x?>",
)  # fmt: skip
"""What is put into parts at random places: what parsers stumble over."""


@cache
def small() -> bytes:
    """A workbook with one of everything."""
    return Stencil.from_bytes(workbook_bytes(xlsx_plans.plan())).copy(xlsx_plans.IDENTITY)


@cache
def real() -> bytes:
    """A return."""
    return shipped.copy_of(shipped.planned("mobilier-bureau", "fr", "full"))


@cache
def spreadsheet() -> bytes:
    """The same cells in OpenDocument, as few as it takes."""
    cells = "".join(
        f"<table:table-row><table:table-cell office:value-type='float' office:value='{n}' table:formula='of:=[.A{n}]'/>"
        f"<table:table-cell office:value-type='string'><text:p>ligne <text:s text:c='2'/>{n}</text:p>"
        "</table:table-cell><table:table-cell table:number-columns-repeated='3'/></table:table-row>"
        for n in range(1, 60)
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        body = f"<office:body><office:spreadsheet><table:table table:name='F'>{cells}</table:table>"
        content = (
            f"<office:document-content {spaces}>{body}</office:spreadsheet></office:body></office:document-content>"
        )
        archive.writestr("content.xml", content)
    return out.getvalue()


def mutated(data: bytes, draw: random.Random) -> bytes:
    """Change bytes: flipped, cut out, doubled, swapped, cut short."""
    bad = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 5, 30))):
        at, length = draw.randrange(len(bad)), draw.choice((1, 2, 8, 200, 4_000))
        match draw.randrange(6):
            case 0:
                bad[at] = draw.randrange(256)
            case 1:
                bad[at] ^= 1 << draw.randrange(8)
            case 2:
                del bad[at : at + length]
            case 3:
                bad[at:at] = bad[at : at + length]
            case 4:
                other = draw.randrange(len(bad))
                bad[at : at + length] = bad[other : other + length]
            case _:
                bad[at:at] = draw.choice(WORDS)
        if len(bad) < 10:
            break
    return bytes(bad if draw.random() < 0.9 else bad[: draw.randrange(len(bad) + 1)])


def with_mutated_part(data: bytes, parts: tuple[str, ...], draw: random.Random) -> bytes:
    """Change a part, and pack it again, so that its checksum is right and a parser sees it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice([part for part in parts if part in contents])
    contents[name] = mutated(contents[name], draw)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for part, content in contents.items():
            archive.writestr(part, content)
    return out.getvalue()


def read(path: Path, data: bytes) -> Workbook | None:
    """Read it; None where it is refused, for a reason that is known."""
    path.write_bytes(data)
    try:
        return read_returned(path).value
    except Fault as fault:
        if fault.code not in FAULTS:
            raise
        return None


@pytest.mark.parametrize("share", range(4))
def test_a_return_whose_bytes_changed_is_read_or_refused(tmp_path: Path, share: int) -> None:
    draw = random.Random(share)  # noqa: S311 - the same files on every run
    sources = [real(), small(), spreadsheet()]
    for _ in range(CASES // 8):
        read(tmp_path / "mutated", mutated(draw.choice(sources), draw))


@pytest.mark.parametrize("share", range(4))
def test_a_part_that_changed_is_read_or_refused(tmp_path: Path, share: int) -> None:
    draw = random.Random(100 + share)  # noqa: S311 - the same files on every run
    accepted = 0
    for _ in range(CASES // 8):
        accepted += read(tmp_path / "a", with_mutated_part(spreadsheet(), ("content.xml",), draw)) is not None
        accepted += read(tmp_path / "b", with_mutated_part(small(), PARTS, draw)) is not None
    assert accepted


# --- openpyxl ---------------------------------------------------------------------------------------------------


def theirs(path: Path) -> dict[str, dict[tuple[int, int], object]] | None:
    """What openpyxl reads; None where it refuses, whatever it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # From memory: of a file that it refuses it leaves the handle open.
            book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()), data_only=True)
        except Exception:  # noqa: BLE001 - it raises anything at all over a broken file
            return None
    return {
        sheet.title: {
            (cell.row - 1, cell.column - 1): plain(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            # It shows where a link leads where there is no text.
            if cell.value not in {None, ""} and not (cell.hyperlink and cell.value == cell.hyperlink.location)
        }
        for sheet in book.worksheets
    }


def plain(value: object) -> object:
    """A value of openpyxl's as ours: dates as ISO text, a truth as its name."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return float(value)
    if isinstance(value, datetime):
        whole = value.replace(microsecond=0) + timedelta(seconds=value.microsecond >= 500_000)
        return whole.isoformat().removesuffix("T00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def ours(book: Workbook) -> dict[str, dict[tuple[int, int], object]]:
    return {
        sheet.name: {at: one.value for at, one in sheet.cells.items() if one.value not in {None, ""}}
        for sheet in book.sheets
    }


def differing(path: Path, book: Workbook) -> list[object] | None:
    """Cells on which openpyxl does not agree; None where it refuses the file."""
    other = theirs(path)
    if other is None:
        return None
    mine = ours(book)
    return [
        (name, at, mine[name].get(at), cells.get(at))
        for name, cells in other.items()
        if name in mine
        for at in mine[name].keys() | cells.keys()
        if not alike(mine[name].get(at), cells.get(at))
    ]


def alike(mine: object, other: object) -> bool:
    """Say whether both read the same; a percentage is a text for us and a share for openpyxl."""
    if isinstance(mine, str) and mine.endswith(" %") and isinstance(other, float):
        return math.isclose(float(mine.removesuffix(" %")), 100 * other)
    return mine == other


@pytest.mark.parametrize("share", range(4))
def test_openpyxl_finds_the_same_in_files_that_both_accept(tmp_path: Path, share: int) -> None:
    draw = random.Random(200 + share)  # noqa: S311 - the same files on every run
    path, compared = tmp_path / "both.xlsx", 0
    for _ in range(CASES // 4):
        book = read(path, with_mutated_part(small(), PARTS, draw))
        differs = None if book is None else differing(path, book)
        assert not differs
        compared += differs is not None
    assert compared > CASES / 100


# --- Workbooks drawn at random ----------------------------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).filter(
    lambda text: "_x" not in text and "\ufffe" not in text and "\uffff" not in text
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64)
CELL = st.one_of(
    NUMBERS.map(lambda value: ("n", value)),
    TEXTS.map(lambda value: ("inline", value)),
    TEXTS.map(lambda value: ("shared", value)),
    TEXTS.map(lambda value: ("str", value)),
    st.booleans().map(lambda value: ("b", value)),
    st.sampled_from(("#N/A", "#DIV/0!", "#REF!")).map(lambda value: ("e", value)),
)
PLACES = st.tuples(st.integers(0, 40), st.integers(0, 30))
SHEETS = st.lists(st.dictionaries(PLACES, CELL, max_size=25), min_size=1, max_size=3)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Written:
    """A workbook as some program might write it."""

    def __init__(self, sheets: list[dict[tuple[int, int], tuple[str, object]]], draw: random.Random) -> None:
        self.prefix = draw.choice(("", "x:"))
        self.shuffled = draw.random() < 0.5
        self.draw = draw
        self.texts: list[str] = []
        self.sheets = [self._sheet(cells) for cells in sheets]

    def _cell(self, at: tuple[int, int], kind: str, value: object) -> str:
        p, place = self.prefix, f"{xlsx_address(at)}"
        if kind == "inline":
            text = f'<{p}t xml:space="preserve">{escape(str(value))}</{p}t>'
            return f'<{p}c r="{place}" t="inlineStr"><{p}is>{text}</{p}is></{p}c>'
        if kind == "shared":
            self.texts.append(str(value))
            return f'<{p}c r="{place}" t="s"><{p}v>{len(self.texts) - 1}</{p}v></{p}c>'
        told = {"b": f"{value:d}" if kind == "b" else "", "n": f"{value!r}"}.get(kind, escape(str(value)))
        formula = f"<{p}f>1+1</{p}f>" if kind == "str" or self.draw.random() < 0.2 else ""
        return f'<{p}c r="{place}" t="{kind}">{formula}<{p}v>{told}</{p}v></{p}c>'

    def _sheet(self, cells: dict[tuple[int, int], tuple[str, object]]) -> str:
        p = self.prefix
        rows: dict[int, list[str]] = {}
        for at, (kind, value) in sorted(cells.items()):
            rows.setdefault(at[0], []).append(self._cell(at, kind, value))
        lines = [f'<{p}row r="{row + 1}">{"".join(inside)}</{p}row>' for row, inside in rows.items()]
        if self.shuffled:
            self.draw.shuffle(lines)
        space = f'xmlns:x="{MAIN}"' if p else f'xmlns="{MAIN}"'
        return f"<{p}worksheet {space}><{p}sheetData>{''.join(lines)}</{p}sheetData></{p}worksheet>"

    def data(self) -> bytes:
        """Give the file."""
        named = "".join(f'<sheet name="F{n}" sheetId="{n}" r:id="r{n}"/>' for n in range(1, len(self.sheets) + 1))
        links = [(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(self.sheets) + 1)]
        links.append(("r0", "sharedStrings", "sharedStrings.xml"))
        texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in self.texts)
        parts = {
            "[Content_Types].xml": _types(len(self.sheets)),
            "_rels/.rels": _relations([("r1", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(links),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
            **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(self.sheets, 1)},
        }
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return out.getvalue()


def xlsx_address(at: tuple[int, int]) -> str:
    """The address of a place."""
    return f"{openpyxl.utils.get_column_letter(at[1] + 1)}{at[0] + 1}"


def _types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/sharedStrings.xml", "sharedStrings")]
    parts += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, sheets + 1)]
    named = "".join(f'<Override PartName="{part}" ContentType="{kind}.{of}+xml"/>' for part, of in parts)
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rels}{named}</Types>'


def _relations(links: list[tuple[str, str, str]]) -> str:
    every = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, kind, target in links)
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{every}</Relationships>'
    )


def _expected(cells: dict[tuple[int, int], tuple[str, object]]) -> dict[tuple[int, int], object]:
    held = {at: str(value).upper() if isinstance(value, bool) else value for at, (_, value) in cells.items()}
    return {at: _as_parsed(value) for at, value in held.items() if value != ""}


def _as_parsed(value: object) -> object:
    return re.sub("\r\n?", "\n", value) if isinstance(value, str) else value


@settings(max_examples=max(60, CASES // 5))
@given(sheets=SHEETS, seed=st.integers(0, 1 << 30))
def test_workbooks_drawn_at_random_are_read_right_and_as_openpyxl_reads_them(
    tmp_path_factory: pytest.TempPathFactory, sheets: list[dict[tuple[int, int], tuple[str, object]]], seed: int
) -> None:
    path = next(_place(tmp_path_factory))
    book = read(path, Written(sheets, random.Random(seed)).data())  # noqa: S311 - hypothesis draws the seed
    assert book is not None
    assert list(ours(book).values()) == [_expected(cells) for cells in sheets]
    assert differing(path, book) == []


def _place(factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield factory.getbasetemp() / "drawn.xlsx"
