"""Tables of the data package: they import again without loss, and no spreadsheet takes a text for a formula."""

from __future__ import annotations

import csv
import io
import re
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.report.package import read, written

AWKWARD = ("", "12.5", "00123", "1e5", "NaN", "inf", "TRUE", "a\nb", "a\r\nb", 'dit "oui"', "a,b", "a;b", "'", "''x")
DANGEROUS = (
    "=1+1",
    "+33 1",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''=1",
    " =1",
    "x;=1",
    "a\n=1",
    "＝1",
    "a;'=1",
)
"""Some of them only where a program cuts fields at ``;`` or at the end of a line, whatever the quotes say."""


@pytest.mark.parametrize("text", [*AWKWARD, *DANGEROUS])
def test_a_text_comes_back_to_the_letter(text: str) -> None:
    assert read(written([[text, None, text]])) == [[text, None, text]]


@given(st.lists(st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.text()), min_size=2, max_size=4)))
def test_any_table_comes_back(rows: list[list[float | str | None]]) -> None:
    assert read(written(rows)) == rows


@given(st.text(alphabet="=+-@'; \t\r\n\"a＝"))
def test_what_looks_like_formulas_comes_back(text: str) -> None:
    assert read(written([[text]])) == [[text]]


@pytest.mark.parametrize("number", [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.0, 12.5, float("inf")])
def test_a_number_comes_back_to_the_bit(number: float) -> None:
    ((back,),) = read(written([[number]]))
    assert isinstance(back, float)
    assert struct.pack(">d", back) == struct.pack(">d", number)


def test_nothing_is_not_an_empty_text() -> None:
    assert written([[None, "", 0.0]]) == ',"",0.0\n'
    assert read(',"",0.0\n') == [[None, "", 0.0]]


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_spreadsheet_sees_no_formula_wherever_it_cuts(text: str) -> None:
    (row,) = csv.reader(io.StringIO(written([["x", text]]), newline=""))
    for part in re.split(r"[;\t\r\n]", row[1]):
        assert not re.match(r" *[=+\-@＝]", part), part


@pytest.mark.parametrize("text", ["a\n", '"a\n', '"a"b\n', "1.5", '"a"'])
def test_what_was_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\d|float"):
        read(text)
