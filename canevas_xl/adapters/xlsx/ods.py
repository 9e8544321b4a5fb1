"""Owns reading OpenDocument spreadsheets (.ods) as cells: values, formulas, hidden sheets, properties.

The same guards hold as for .xlsx (``package``); what is written once and said to repeat is bounded besides. Libraries
were tried first: they lose formulas and hidden sheets, and refuse the files of some programs.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from canevas_xl.adapters.xlsx.package import DAMAGED, UNSAFE, Package, local
from canevas_xl.adapters.xlsx.shown import Drawn, drawn, share_text, truth_text
from canevas_xl.errors import Fault
from canevas_xl.findings.messages import harmless
from canevas_xl.model.cells import Sheet, SheetCell, Workbook

CONTENT: Final = "content.xml"
META: Final = "meta.xml"
MOST_CELLS: Final = 400_000
"""Cells with something in them, over all sheets, repeats counted."""
MOST_ROWS: Final = 1 << 20
MOST_COLUMNS: Final = 1 << 14
MOST_SPACES: Final = 1_000
"""Spaces that one element stands for."""
LONGEST_FORMULA: Final = 32_767
"""Characters; of a longer one only that it is there is kept."""
_PIECES: Final = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")|\[(?P<reference>[^\[\]]*)\]|(?P<whose>\b(?:ORG|COM)\.[A-Z]+\.)|;"""
)
_ADDRESS: Final = re.compile(
    r"""(?P<file>^'(?:[^']++|'')*+'\#|^|(?<=:))\$?(?P<sheet>'(?:[^']++|'')*+'|[^.':$]*+)\.(?P<cell>[^:]*)"""
)
"""Only looked for where an address can start: a long text without a point is gone through once."""
_NUMBERS: Final = frozenset({"float", "currency", "percentage"})
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})


def read_ods(package: Package) -> Workbook:
    """Read every sheet of an OpenDocument spreadsheet.

    Raises:
        Fault: X126 where its parts do not fit together, X127 where it holds too much.
    """
    with package.archive:
        try:
            return Workbook(_sheets(package), MappingProxyType(_properties(package)))
        except (ValueError, LookupError, OverflowError) as problem:
            raise Fault(DAMAGED, path=package.file, reason=str(problem)[:80]) from problem


def _sheets(package: Package) -> tuple[Sheet, ...]:
    hidden_styles: set[str] = set()
    looks: dict[str, Drawn] = {}
    sheets: list[Sheet] = []
    left = MOST_CELLS
    for element in package.elements(CONTENT, "style", "table"):
        said = _said(element)
        if local(element.tag) == "style":
            if any(_said(child).get("display") == "false" for child in element):
                hidden_styles.add(said.get("name", ""))
            looks |= {said.get("name", ""): look for child in element if (look := _look(_said(child)))}
            continue
        if looks:
            _draw(element, looks)
        cells = _table(element, left, package.file)
        left -= len(cells)
        sheets.append(
            Sheet(harmless(said.get("name", "")), MappingProxyType(cells), said.get("style-name") in hidden_styles)
        )
    return tuple(sheets)


def _look(said: Mapping[str, str]) -> Drawn | None:
    """Say how a style draws a text, as far as that changes what it says."""
    if any(said.get(f"text-line-through-{part}", "none") != "none" for part in ("style", "type")):
        return Drawn.STRUCK
    # « super 58% », « -33% 58% »: how high, and how large.
    height = said.get("text-position", "0%").partition(" ")[0]
    if height == "super" or re.fullmatch(r"[0.]*+[1-9][0-9.]*+%", height):
        return Drawn.RAISED
    return Drawn.LOWERED if height == "sub" or height.startswith("-") else None


def _draw(table: ET.Element, looks: Mapping[str, Drawn]) -> None:
    """Write parts of texts as they look."""
    for span in table.iter():
        if local(span.tag) == "span" and (look := looks.get(_said(span).get("style-name", ""))):
            span.text = drawn(span.text or "", look)


def _table(table: ET.Element, most: int, file: str) -> dict[tuple[int, int], SheetCell]:
    cells: dict[tuple[int, int], SheetCell] = {}
    row = 0
    for line in _rows(table):
        times = _times(line, "number-rows-repeated", MOST_ROWS - row)
        held = dict(_line(line))
        if len(cells) + len(held) * times > most:
            raise Fault(UNSAFE, path=file, reason=f"> {MOST_CELLS}")
        for column, cell in held.items():
            for down in range(times):
                cells[row + down, column] = cell
        row += times
    return cells


def _rows(table: ET.Element) -> Iterator[ET.Element]:
    """Give the rows of a table, those inside groups and heads too, but not of a table inside a cell."""
    for child in table:
        name = local(child.tag)
        if name == "table-row":
            yield child
        elif name in {"table-rows", "table-header-rows", "table-row-group"}:
            yield from _rows(child)


def _line(row: ET.Element) -> Iterator[tuple[int, SheetCell]]:
    column = 0
    for element in row:
        if local(element.tag) not in _CELLS:
            continue
        times = _times(element, "number-columns-repeated", MOST_COLUMNS - column)
        cell = _cell(element)
        if cell is not None:
            for right in range(times):
                yield column + right, cell
        column += times


def _times(element: ET.Element, name: str, most: int) -> int:
    """How often an element repeats, at least once and never beyond the sheet."""
    return max(1, min(int(_said(element).get(name, "1")), most))


def _cell(element: ET.Element) -> SheetCell | None:
    """Understand one cell; None where it holds nothing."""
    said = _attributes(element)
    written = said.get("formula")
    formula = None if written is None else _formula(written)
    error = "error" in {said.get("value-type.calcext"), said.get("value-type")}
    value = _value(element, said)
    if formula is None and value in (None, ""):
        return None
    return SheetCell(value, formula, error=error)


def _formula(written: str) -> str:
    """Write a formula as .xlsx does: ``of:=SUM([$'A b'.$C$1:.$C$2];1)`` is ``SUM('A b'!$C$1:$C$2,1)``."""
    # « of:=… »: the prefix says whose grammar it is.
    text = written.partition("=")[2] or written
    if len(text) > LONGEST_FORMULA:
        return ""
    return _PIECES.sub(_rewritten, text)


def _rewritten(piece: re.Match[str]) -> str:
    if piece["text"]:
        return piece[0]
    if piece["whose"]:  # some programs say whose function it is
        return ""
    return "," if piece[0] == ";" else _ADDRESS.sub(_address, piece["reference"])


def _address(found: re.Match[str]) -> str:
    sheet = found["sheet"]
    return found["file"] + (f"{sheet}!" if sheet else "") + found["cell"]


def _value(element: ET.Element, said: Mapping[str, str]) -> float | str | None:
    kind = said.get("value-type")
    if kind in _NUMBERS:
        return _number(said["value"], kind)
    if kind == "boolean":
        return truth_text(true=said.get("boolean-value") == "true")
    if kind == "date":
        # A day is written with midnight by some programs and alone by others.
        return said["date-value"].removesuffix("T00:00:00")
    if kind == "time":
        return said["time-value"]
    if kind is None and said.get("formula") is None and not len(element):
        return None
    text = said.get("string-value")
    return text if text is not None else _text(element)


def _number(written: str, kind: str | None) -> float | str:
    number = float(written)
    if not math.isfinite(number):
        return written
    return share_text(number) if kind == "percentage" else number


def _text(element: ET.Element) -> str | None:
    paragraphs = [_runs(child) for child in element if local(child.tag) == "p"]
    return "\n".join(paragraphs) if paragraphs else None


def _runs(element: ET.Element) -> str:
    """Join the runs of a paragraph; spaces, tabs and line breaks are elements, and notes are not its text."""
    parts = [element.text or ""]
    for child in element:
        name = local(child.tag)
        if name == "s":
            parts.append(" " * min(MOST_SPACES, int(_said(child).get("c", "1"))))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in {"annotation", "note"}:
            parts.append(_runs(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _properties(package: Package) -> dict[str, str]:
    if META not in package.names:
        return {}
    found = package.elements(META, "user-defined")
    return {_said(element).get("name", ""): "".join(element.itertext()).strip() for element in found}


def _said(element: ET.Element) -> dict[str, str]:
    """Give the attributes by their local names."""
    return {local(name): text for name, text in element.attrib.items()}


def _attributes(element: ET.Element) -> dict[str, str]:
    """The same for a cell, where an extension says again, and better, of what kind the value is."""
    said: dict[str, str] = {}
    for name, text in element.attrib.items():
        extension = "calcext" in name.partition("}")[0]
        said[local(name) + (".calcext" if extension else "")] = text
    return said
