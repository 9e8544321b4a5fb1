"""Owns a workbook file as a grid: areas are rewritten in its sheets' XML, everything else stays byte for byte.

A spreadsheet program need not be there. Cells keep their look; formulas are written with the value that they give.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import escape

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.adapters.xlsx.package import DAMAGED, Package, local, open_package
from canevas_xl.errors import Fault
from canevas_xl.model.grid import Looks, Rectangle, Seen, Selection, Value, Values, Written
from canevas_xl.rules.spreadsheet import column_letters

Put = Callable[[bytes], None]
"""Puts the file in its place, whole."""
Say = Callable[[str], None]
Tell = Callable[[str, str, bool], None]
"""Title, text, whether it warns."""

WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"
CHAIN: Final = "xl/calcChain.xml"
"""The order in which Excel computed: wrong once a formula is gone, and made again by itself."""
LONGEST_TEXT: Final = 32_766
"""Characters: what a running Excel can be given too."""

_AREA: Final = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_DATA: Final = re.compile(r"<sheetData\s*/>|<sheetData>(.*?)</sheetData>", re.DOTALL)
_ROW: Final = re.compile(r"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL: Final = re.compile(r"<c\b([^>]*?)(?:/>|>.*?</c>)", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r'\b([a-z]+)="([^"]*)"')
_CHAINED: Final = re.compile(rb"<(?:Relationship|Override)\b[^>]*calcChain[^>]*?/>")
_HEIGHT: Final = re.compile(r'\s(?:ht|customHeight)="[^"]*"')
_SIZE: Final = re.compile(r"<dimension\b[^>]*/>")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def _nothing(*_: object) -> None:
    """Say nothing."""


class FileGrid:
    """A workbook on disk; ``app.grid.Grid`` says what each does."""

    live: Final = False

    def __init__(
        self, path: Path, put: Put, status: Say = _nothing, tell: Tell = _nothing, selected: Selection | None = None
    ) -> None:
        """Take the file; nothing is read yet. ``selected`` is a cell that was chosen otherwise than by clicking it."""
        self.path, self._put, self._status, self._tell, self._selected = path, put, status, tell, selected

    @property
    def name(self) -> str:
        """File name of the workbook."""
        return self.path.name

    @property
    def address(self) -> str:
        """Where the file lies."""
        return str(self.path)

    def named(self, names: Collection[str]) -> Mapping[str, Rectangle]:
        """Find areas by their defined names.

        Raises:
            Fault: the file cannot be read.
        """
        if not self.path.exists():
            return MappingProxyType({})
        package = open_package(self.path)
        with package.archive:
            defined = {
                element.get("name", ""): _rectangle("".join(element.itertext()))
                for element in package.elements(WORKBOOK, "definedName")
                if element.get("name") in names
            }
        return MappingProxyType({name: area for name, area in defined.items() if area is not None})

    def read(self, area: Rectangle) -> Seen:
        """Read all of an area.

        Raises:
            Fault: the file cannot be read.
        """
        sheets = read_cells(self.path, as_stored=True).sheets  # as Excel gives them: a share of 0.5 shows as 50 %
        sheet = next(one for one in sheets if one.name == area.sheet)
        rows = range(area.top, area.top + area.rows)
        columns = range(area.left, area.left + area.columns)
        cells = ((sheet.cells.get((row, column)) for column in columns) for row in rows)
        return [[None if cell is None else cell.value for cell in row] for row in cells]

    def write(self, area: Rectangle, rows: Values) -> None:
        """Write rows from the top and empty the rest of the area; protected sheets stay so.

        Raises:
            Fault: the file cannot be read or written, or is made in a way that is not known here.
            ValueError: more rows or columns than the area has.
        """
        if len(rows) > area.rows or any(len(row) > area.columns for row in rows):
            raise ValueError(f"{len(rows)} rows in {area}")
        package = open_package(self.path)
        with package.archive:
            part = _part_of(package, area.sheet)
            entries = {name: package.archive.read(name) for name in package.archive.namelist()}
        entries[part] = _rewritten(entries[part].decode("utf-8"), area, rows, package.file).encode()
        self._put(_zipped(_without_chain(entries)))

    def dress(self, area: Rectangle, looks: Looks) -> None:
        """Cells of a file keep their look: results have a workbook of their own, drawn with every look."""

    def selection(self) -> Selection | None:
        """Tell the cell that was chosen, if one was."""
        return self._selected

    def status(self, text: str) -> None:
        """Say what is being done where there is somebody to read it."""
        self._status(text)

    def tell(self, title: str, text: str, *, warn: bool = False) -> None:
        """Show a message where there is somebody to read it."""
        self._tell(title, text, warn)

    def save(self) -> None:
        """All is on disk already."""


# --- Where things stand -----------------------------------------------------------------------------------------


def _rectangle(text: str) -> Rectangle | None:
    match = _AREA.fullmatch(text.strip().removeprefix("="))
    if match is None:
        return None
    sheet = match[1].replace("''", "'") if match[1] else match[2]
    top, left = int(match[4]) - 1, _column(match[3])
    last_row, last_column = (int(match[6]) - 1, _column(match[5])) if match[5] else (top, left)
    return Rectangle(sheet, top, left, last_row - top + 1, last_column - left + 1)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _part_of(package: Package, sheet: str) -> str:
    """Find the part that holds a sheet."""
    for element in package.elements(WORKBOOK, "sheet"):
        attributes = {local(name): value for name, value in element.attrib.items()}
        if attributes.get("name") == sheet:
            targets = {one.get("Id"): one.get("Target", "") for one in package.elements(RELATIONS, "Relationship")}
            target = targets.get(attributes.get("id"), "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise Fault(DAMAGED, path=package.file, reason=sheet)


# --- The XML of a sheet -----------------------------------------------------------------------------------------


def _rewritten(xml: str, area: Rectangle, rows: Values, file: str) -> str:
    """Give a sheet with an area rewritten."""
    data = _DATA.search(xml)
    if data is None:
        raise Fault(DAMAGED, path=file, reason=area.sheet)
    lines = {int(_attributes(found[1])["r"]) - 1: (found[1], found[2] or "") for found in _ROW.finditer(data[1] or "")}
    looks = _looks(lines.get(area.top, ("", ""))[1])
    for down in range(area.rows):
        row = area.top + down
        values = rows[down] if down < len(rows) else ()
        if values or row in lines:
            attributes, cells = lines.get(row, (f' r="{row + 1}"', ""))
            # Without a height of its own a row is as tall as its wrapped texts need, as soon as it is shown.
            lines[row] = (_HEIGHT.sub("", attributes), _with_values(cells, (row, area), values, looks))
    written = "".join(f"<row{attributes}>{cells}</row>" for _, (attributes, cells) in sorted(lines.items()))
    whole = f"{xml[: data.start()]}<sheetData>{written}</sheetData>{xml[data.end() :]}"
    return _SIZE.sub("", whole, count=1)


def _with_values(cells: str, place: tuple[int, Rectangle], values: Collection[Value], looks: Mapping[int, str]) -> str:
    """Give the cells of a row with those of the area rewritten; each keeps its look, or takes the first row's."""
    row, area = place
    line = {_column_of(found[1]): found[0] for found in _CELL.finditer(cells)}
    own = _looks(cells)
    given = [*values, *[None] * (area.columns - len(values))]
    for column, value in enumerate(given, area.left):
        look = own.get(column, looks.get(column, "") if value is not None else "")
        if value is not None or column in line:
            line[column] = _cell(f"{column_letters(column)}{row + 1}", look, value)
    return "".join(line[column] for column in sorted(line))


def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


def _column_of(attributes: str) -> int:
    return _column(_attributes(attributes)["r"].rstrip("0123456789"))


def _looks(cells: str) -> dict[int, str]:
    """Give the number of the look of each cell of a row, by column."""
    styled = ((_column_of(found[1]), _attributes(found[1])) for found in _CELL.finditer(cells))
    return {column: attributes["s"] for column, attributes in styled if "s" in attributes}


def _cell(reference: str, look: str, value: Value) -> str:
    opened = f'<c r="{reference}"' + (f' s="{look}"' if look else "")
    match value:
        case None | "":
            return f"{opened}/>"
        case str():
            return f'{opened} t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
        case Written():
            return f"{opened}{_formula(value)}</c>"
        case _:
            return f"{opened}><v>{_number(value)}</v></c>"


def _formula(written: Written) -> str:
    formula, shown = f"<f>{escape(written.formula)}</f>", written.value
    if isinstance(shown, str):
        kind = "e" if shown.startswith("#") else "str"
        return f' t="{kind}">{formula}<v>{_text(shown)}</v>'
    return f">{formula}" + ("" if shown is None else f"<v>{_number(shown)}</v>")


def _number(value: float) -> str:
    if not isfinite(value):
        raise ValueError(value)
    return repr(value)


def _text(text: str) -> str:
    """Write a text: characters that XML does not hold as ``_xHHHH_``, and what looks like that with its sign so."""
    cut = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    plain = _LOOKS_ESCAPED.sub("_x005F_", cut)
    return escape(_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", plain))


# --- The package ------------------------------------------------------------------------------------------------


def _without_chain(entries: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, data in entries.items():
        if name != CHAIN:
            yield name, _CHAINED.sub(b"", data) if name in {RELATIONS, "[Content_Types].xml"} else data


def _zipped(entries: Iterator[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
