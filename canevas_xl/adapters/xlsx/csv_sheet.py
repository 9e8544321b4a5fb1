"""Owns reading a sheet that was saved as text (.csv) as cells: separator and letters are told from the text itself."""

from __future__ import annotations

import csv
import io
import re
from types import MappingProxyType
from typing import Final

from canevas_xl.adapters.xlsx.package import DAMAGED, UNSAFE
from canevas_xl.errors import Fault
from canevas_xl.model.cells import Saved, Sheet, SheetCell, Workbook

MOST_CELLS: Final = 400_000
SEPARATORS: Final = (";", "\t", ",")
_HEAD: Final = 100_000
"""Characters that are looked at to tell the separator."""
_CODES: Final = re.compile(r'(?m)^[ \t;,]*+"?KEY"?([;,\t])"?[A-Z]')
"""The row of column codes of a canvas, with the separator that follows its first."""


def read_csv(data: bytes, file: str) -> Workbook:
    """Read a text as one sheet; every value is text, as it was written.

    Raises:
        Fault: X126 where a quotation never ends, X127 where it holds too much.
    """
    text = _text(data)
    cells: dict[tuple[int, int], SheetCell] = {}
    try:
        for row, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)):
            for column, written in enumerate(line):
                if written:
                    cells[row, column] = SheetCell(written)
            if len(cells) > MOST_CELLS:
                raise Fault(UNSAFE, path=file, reason=f"> {MOST_CELLS}")
    except csv.Error as problem:
        raise Fault(DAMAGED, path=file, reason=str(problem)[:80]) from problem
    return Workbook((Sheet("CSV", MappingProxyType(cells)),), saved=Saved.SHOWN)


def _text(data: bytes) -> str:
    """Read UTF-8 where it is, else what French programs on Windows write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separator(text: str) -> str:
    """Give the separator of the row of codes; without one, what stands outside quotations most often at the start.

    Sentences are full of commas, so counting alone could take them for the separator of a text with tabs.
    """
    if codes := _CODES.search(text.replace("\r", "\n") if "\n" not in text else text):
        return codes[1]
    head = text[:_HEAD]
    outside = "".join(head.split('"')[::2])
    return max(SEPARATORS, key=outside.count)
