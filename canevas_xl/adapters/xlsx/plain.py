"""Owns reading sheets and shared texts in the plain writing of spreadsheet programs, whole, by one expression each.

Following every tag from Python costs ten times what unpacking and parsing cost. Programs write cells in very few ways,
so one expression knows them; what it does not know to the last byte is None here, and is read (or refused) tag by tag,
as ever. Nothing is taken on trust:

* the expression covers all that stands between the first cell and the last, without a gap, and knows each element,
  the order in which they stand and each attribute, none of them twice: no tag is left for a parser to judge;
* texts hold no tag, and all of them are given to the parser, which judges their characters and reads ``&amp;``;
* what surrounds the cells, the *frame*, is given to the parser by ``package``, whose bounds it must keep.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, cast

from canevas_xl.adapters.xlsx.package import is_sound

_START: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=["']1\.0["'] encoding=["'](?i:utf-8)["'][^<>]*\?>\s*)?<[^?]"""
)
"""Letters are UTF-8, and this is the only instruction."""
_BETWEEN: Final = "\x7f"
"""Stands between texts while the parser reads them: one that a text holds too makes one text too many."""


def _attributes(*names: str) -> str:
    """Write the expression for attributes that may stand in any order, each at most once, as plain words."""
    values = ((name, "[0-9]{1,7}+" if name == "r" else "[ !#-%'-;=?-~]*+") for name in names)
    each = (f' {name}="{value}"(?![^<>]* {name}=")' for name, value in values)
    return f"(?:{'|'.join(each)})*+"


_ROW: Final = "<row" + _attributes(
    "r", "spans", "s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop",
    "thickBot", "x14ac:dyDescent",
)  # fmt: skip
_FORMULA: Final = "<f" + _attributes(
    "t", "ref", "si", "ca", "aca", "bx", "dt2D", "dtr", "del1", "del2", "r1", "r2", "xml:space"
)
_SPACE: Final = '(?: xml:space="preserve")?+'


def _cell(group: str) -> str:
    """Write the expression for the start of a cell; ``group`` opens what is asked: place, style and kind."""
    place, style, kind = f"{group}[A-Z]{{1,3}}+[0-9]{{1,7}}+)", f"{group}[0-9]{{1,9}}+)", f"{group}[A-Za-z]++)"
    return f'<c r="{place}"(?: s="{style}")?+(?: t="{kind}")?+(?: [cv]m="[0-9]++")?+'


_EMPTY: Final = f"(?:{_cell('(?:')}(?: ?/>|></c>))*+"
_NUMBER: Final = r"-?+[0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+(?=<)"
"""As programs write numbers; other ways of writing them are texts here, and looked at again by who reads cells."""
_CONTENT: Final = (
    f"(?:{_FORMULA}(?: ?(/)>|>([^<]*+)</f>))?+"
    f"(?:<v(?:{_SPACE}>(?:({_NUMBER})|([^<]*+))</v>| ?/>))?+"
    f"(?:<is><t{_SPACE}>([^<]*+)</t></is>)?+"
)
_GAP: Final = f"{_EMPTY}(?:</row>(?:{_ROW} ?/>)*+{_ROW}>{_EMPTY})*+"
"""From one cell with something in it to the next: cells without, and ends and starts of rows by turns."""
_CELLS: Final = re.compile(f"{_GAP}{_cell('(')}>{_CONTENT}</c>|(.+)", re.DOTALL)
"""Where a cell cannot follow, the rest is taken in one bite: looking for another further on might have no end."""
_END: Final = re.compile(f"{_GAP}</row>(?:{_ROW} ?/>)*+")
_TEXTS: Final = re.compile(rf"<si>(?:<t(?: ?/>|{_SPACE}>([^<]*+)</t>))</si>|(.+)", re.DOTALL)
_SAMPLE: Final = b'<c x14ac:dyDescent="0"/>'
"""Stands in the frame for rows that use this prefix, so that the parser says whether it is declared."""


@dataclass(frozen=True, slots=True)
class PlainCells:
    """The cells of a sheet as written, column by column; None where a cell does not have that part."""

    references: Sequence[str]
    styles: Sequence[str | None]
    kinds: Sequence[str | None]
    formulas: Sequence[str | None]
    """Empty where it shares another cell's."""
    numbers: Sequence[str | None]
    """The value, where it is written as a number."""
    texts: Sequence[str | None]
    """The value, where it is not."""
    inline: Sequence[str | None]


def plain_cells(data: bytes) -> PlainCells | None:
    """Read the cells of a sheet; None where it is not written plainly."""
    start, end = data.find(b"<sheetData>") + len(b"<sheetData>"), data.find(b"</sheetData>")
    if not len(b"<sheetData>") <= start <= end:
        return None
    frame = data[:start] + (_SAMPLE if b"x14ac:dyDescent" in data else b"") + data[end:]
    if not _can_surround(frame, b"row"):
        return None
    split = _split(_CELLS, b"</row>" + data[start:end])
    if split is None or not _END.fullmatch(split[1]):
        return None
    references, styles, kinds, closed, formulas, numbers, texts, inline = split[0]
    read = [_read(column) for column in (formulas, texts, inline)]
    if read[0] is None or read[1] is None or read[2] is None:
        return None
    if any(closed):
        read[0] = ["" if shut else formula for shut, formula in zip(closed, read[0], strict=True)]
    return PlainCells(cast("list[str]", references), styles, kinds, read[0], numbers, read[1], read[2])


def plain_texts(data: bytes) -> Sequence[str] | None:
    """Read the shared texts; None where they are not written plainly (runs of different looks, for instance)."""
    start, end = data.find(b"<si>"), data.rfind(b"</si>") + len(b"</si>")
    if not 0 <= start < end or not _can_surround(data[:start] + data[end:], b"si"):
        return None
    split = _split(_TEXTS, data[start:end] + b"<")
    texts = None if split is None or split[1] != "<" else _read(split[0][0])
    return None if texts is None else [text or "" for text in texts]


def _can_surround(frame: bytes, inside: bytes) -> bool:
    """Say whether what was cut out was all there is: nothing hides a tag, and no element like those inside is left."""
    return (
        (start := _START.match(frame)) is not None
        and b"<?" not in frame[start.end() :]
        and re.search(rb"<[^\s<>/]*" + inside + rb"[\s<>/]", frame) is None
        and is_sound(frame)
    )


def _split(expression: re.Pattern[str], data: bytes) -> tuple[list[list[str | None]], str] | None:
    """Give what each group found in each match, and the rest; None where anything stands between two matches."""
    try:
        pieces = expression.split(data.decode())
    except UnicodeDecodeError:
        return None
    wide = expression.groups + 1
    if any(pieces[::wide]):
        return None
    return [pieces[place:-wide:wide] for place in range(1, expression.groups)], pieces[-2] or ""


def _read(written: list[str | None]) -> Sequence[str | None] | None:
    """Let the parser read the texts of a column, all at once; None where it refuses one."""
    texts = list(filter(None, written))
    if not texts:
        return written
    try:
        whole = ET.fromstring(f"<t>{_BETWEEN.join(texts)}</t>").text
    except ET.ParseError:
        return None
    read = (whole or "").split(_BETWEEN)
    if len(read) != len(texts):
        return None
    if read == texts:
        return written
    following = iter(read)
    return [next(following) if text else text for text in written]
