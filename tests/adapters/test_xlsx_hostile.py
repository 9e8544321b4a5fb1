"""Files made to exhaust whoever reads them: small, well formed, and refused soon."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from endless import coming_to_an_end
from xlsx_plans import plan

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.package import LARGEST_FILE
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.errors import Fault

HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
SHEET = "xl/worksheets/sheet1.xml"
NOISE = random.Random(1).randbytes(300_000).hex().encode()  # noqa: S311 - the same noise on every run
"""What does not pack well hides what does."""
MANY = 10_000_000
BOMBS: Mapping[str, bytes] = {
    "empty cells in one row": b"<row>" + b"<c/>" * MANY + b"</row>",
    "empty rows": b"<row/>" * MANY,
    "values in one cell": b"<row><c>" + b"<v/>" * MANY + b"</c></row>",
    "elements that nobody reads": b"<x/>" * MANY,
    "names": b"".join(b"<t%d/>" % number for number in range(200_000)),
    "attributes": b"<row " + b" ".join(b'a%d="1"' % number for number in range(200_000)) + b"/>",
    "one long attribute": b'<row a="' + b"a" * 4 * MANY + b'"/>',
    "one long text": b"<row><c t='str'><v>" + b"a" * 4 * MANY + b"</v></c></row>",
}


def replaced(name: str, content: bytes) -> bytes:
    """A good workbook with another part."""
    package = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook_bytes(plan()))) as good,
        zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bad,
    ):
        for entry in good.namelist():
            bad.writestr(entry, content if entry == name else good.read(entry))
    return package.getvalue()


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_part_that_would_fill_the_memory_is_refused_soon(tmp_path: Path, bomb: str) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(replaced(SHEET, HEAD + BOMBS[bomb] + b"<!--" + NOISE + b"-->" + TAIL))
    assert path.stat().st_size < LARGEST_FILE
    with coming_to_an_end(), pytest.raises(Fault) as caught:
        read_cells(path)
    assert caught.value.code == "X127"


def test_a_long_comment_is_not_begun_again_with_every_block(tmp_path: Path) -> None:
    path = tmp_path / "comment.xlsx"
    path.write_bytes(replaced(SHEET, HEAD + b"<!--" + b"<>" * 2 * MANY + NOISE + b"-->" + TAIL))
    with coming_to_an_end():
        read_cells(path)


def test_a_sheet_that_is_named_a_thousand_times_is_not_read_without_end(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_bytes(plan()))) as good:
        book = good.read("xl/workbook.xml").decode()
    start = book.index("<sheet ")
    one = book[start : book.index("/>", start) + 2]
    path = tmp_path / "again.xlsx"
    path.write_bytes(replaced("xl/workbook.xml", book.replace(one, one * 200_000).encode()))
    with coming_to_an_end(), pytest.raises(Fault) as caught:
        read_cells(path)
    assert caught.value.code == "X127"


def test_bytes_changed_at_random_give_a_value_or_a_fault(tmp_path: Path) -> None:
    draw = random.Random(20_261_122)  # noqa: S311 - the same faults on every run
    good, path, told = workbook_bytes(plan()), tmp_path / "flipped.xlsx", set()
    for _ in range(150):
        bad = bytearray(good)
        for _ in range(draw.choice((1, 2, 20))):
            bad[draw.randrange(len(bad))] = draw.randrange(256)
        path.write_bytes(bad)
        try:
            read_cells(path)
        except Fault as fault:
            told.add(fault.code)
    assert told
    assert told <= {"X124", "X125", "X126", "X127"}


def test_an_entry_that_claims_to_begin_before_the_file_is_damage(tmp_path: Path) -> None:
    bad = bytearray(workbook_bytes(plan()))
    end = bad.rindex(b"PK\5\6")
    start = int.from_bytes(bad[end + 16 : end + 20], "little")
    bad[end + 16 : end + 20] = (start + 500).to_bytes(4, "little")  # where the directory is said to begin
    path = tmp_path / "shifted.xlsx"
    path.write_bytes(bad)
    with pytest.raises(Fault) as caught:
        read_cells(path)
    assert caught.value.code == "X126"
