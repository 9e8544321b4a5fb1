"""Owns reading a workbook file as cells: what stands in each, and whether a formula does.

One pass over the parts of the file gives values and formulas together; whatever program wrote it. Nothing is
computed and nothing is trusted: see ``package`` for what is refused.
"""

from __future__ import annotations

import posixpath
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Final

from canevas_xl.adapters.xlsx.package import DAMAGED, NOT_A_WORKBOOK, UNSAFE, Package, local, open_package
from canevas_xl.adapters.xlsx.plain import PlainCells, plain_cells, plain_texts
from canevas_xl.adapters.xlsx.shown import BUILT_IN, Drawn, Shows, drawn, share_text, shows, truth_text
from canevas_xl.errors import Fault
from canevas_xl.findings.messages import harmless
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.rules.spreadsheet import column_letters

MOST_CELLS: Final = 400_000
"""Cells with something in them, over all sheets: a hundred times what the largest of our workbooks holds."""

NAMESPACES: Final = (
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
)
"""Of transitional and of strict files."""
_SPACE: Final = re.compile(rb"""\sxmlns=["'](?:%s)["']""" % b"|".join(map(re.escape, NAMESPACES)))
MOST_BEFORE: Final = 2_000
"""Bytes of a sheet in which its namespace is looked for; one that names it later is read the long way."""
LONGEST_REFERENCE: Final = 11
"""Characters, one more than the longest reference that :data:`_REFERENCE` knows."""
ASIDE: Final = ("extLst", "AlternateContent")
"""What programs keep for themselves or for one another: what stands there is not in the sheet that people see."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_FALSE: Final = frozenset({"0", "false"})
_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_filled: Final = partial(tuple.__new__, SheetCell)
"""Makes a cell of its three fields, in a third less time than by their names."""
_EPOCHS: Final = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - cells have no zone


def read_cells(path: Path, *, as_stored: bool = False) -> Workbook:
    """Read every sheet of an .xlsx file.

    Args:
        path: of the file.
        as_stored: read dates and percentages as the numbers that are stored, not as people see them.

    Raises:
        Fault: what :func:`~canevas_xl.adapters.xlsx.package.open_package` and :func:`workbook_of` refuse.
    """
    return workbook_of(open_package(path), as_stored=as_stored)


def workbook_of(package: Package, *, as_stored: bool = False) -> Workbook:
    """Read every sheet of a package that was judged; ``as_stored`` as for :func:`read_cells`.

    Raises:
        Fault: X124 where it holds no workbook, X126 where its parts do not fit together, X127 where it holds too many
            cells.
    """
    with package.archive:
        try:
            root = _relations(package, "")
            main = _only(root, "officeDocument")
            if main not in package.names:
                raise Fault(NOT_A_WORKBOOK, path=package.file, kind="zip")
            return _workbook(package, main, root, as_stored=as_stored)
        except (ValueError, LookupError, OverflowError) as problem:
            raise Fault(DAMAGED, path=package.file, reason=str(problem)[:80]) from problem


@dataclass(frozen=True, slots=True)
class _Relation:
    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class _Meanings:
    """What cells refer to: shared texts, styles, and from when days are counted."""

    texts: Sequence[str]
    shared: Mapping[str, SheetCell | None]
    """By the number of a shared text, as cells write it: the cell that holds it, and no formula."""
    shown: Mapping[int, Shows]
    """By the number of a style: what it shows, where that is no number."""
    epoch: datetime


def _workbook(package: Package, main: str, root: list[_Relation], *, as_stored: bool) -> Workbook:
    relations = _relations(package, main)
    sheets, epoch = _contents(package, main)
    texts = _shared_texts(package, _only(relations, "sharedStrings"))
    meanings = _Meanings(
        texts=texts,
        shared={str(number): _filled((text, None, False)) if text else None for number, text in enumerate(texts)},
        shown={} if as_stored else _styles(package, _only(relations, "styles")),
        epoch=epoch,
    )
    by_id = {relation.id: relation for relation in relations}
    read, left = [], MOST_CELLS
    for name, relation_id, hidden in sheets:
        relation = by_id[relation_id]
        if relation.kind != "worksheet":
            continue  # a sheet that is a chart holds no cells
        cells = _sheet(package, relation.target, meanings, left)
        left -= len(cells)
        read.append(Sheet(harmless(name), MappingProxyType(cells), hidden))
    return Workbook(tuple(read), MappingProxyType(_properties(package, root)))


def _properties(package: Package, root: list[_Relation]) -> dict[str, str]:
    """Read the custom properties of the document, each as text."""
    found: dict[str, str] = {}
    for relation in root:
        if relation.kind in {"custom-properties", "customProperties"} and relation.target in package.names:
            for element in package.elements(relation.target, "property"):
                found[element.get("name", "")] = _unescaped("".join(element.itertext()).strip())
    return found


def _relations(package: Package, part: str) -> list[_Relation]:
    """List what ``part`` refers to inside the package; the package itself is the empty part."""
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    if source not in package.names:
        return []
    relations = [
        _Relation(
            id=element.get("Id", ""),
            kind=element.get("Type", "").rpartition("/")[2],
            target=posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/"),
        )
        for element in package.elements(source, "Relationship")
        if element.get("TargetMode") != "External"
    ]
    if len({relation.id for relation in relations}) < len(relations):
        raise ValueError(source)
    return relations


def _only(relations: list[_Relation], kind: str) -> str:
    """Give the one part of a kind, empty where there is none; of two, each program would take its own."""
    targets = {relation.target for relation in relations if relation.kind == kind}
    if len(targets) > 1:
        raise ValueError(kind)
    return next(iter(targets), "")


def _contents(package: Package, main: str) -> tuple[list[tuple[str, str, bool]], datetime]:
    """List the sheets as (name, relation, hidden), and give the day from which days are counted."""
    sheets, epoch = [], _EPOCHS[False]
    for element in package.elements(main, "sheet", "workbookPr", *ASIDE):
        if local(element.tag) in ASIDE:
            continue
        attributes = {local(name): value for name, value in element.attrib.items()}
        if local(element.tag) == "workbookPr":
            epoch = _EPOCHS[attributes.get("date1904", "") in {"1", "true"}]
        else:
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((attributes["name"], attributes["id"], hidden))
    return sheets, epoch


def _shared_texts(package: Package, part: str) -> Sequence[str]:
    if part not in package.names:
        return ()
    whole = package.at_once(part)
    plain = None if whole is None else plain_texts(whole)
    if whole is None or plain is None:
        return [_text(element) for element in package.elements(part, "si")]
    package.spend(whole)
    return [_unescaped(text) for text in plain]


def _text(element: ET.Element) -> str:
    """Join the runs of a text, without the readings (``rPh``) that some languages write above it."""
    runs: list[str] = []
    for child in element:
        name = local(child.tag)
        if name == "t":
            runs.append(child.text or "")
        elif name == "r":
            parts = {local(part.tag): part for part in child}
            runs.append(drawn(parts["t"].text or "", _look(parts.get("rPr"))) if "t" in parts else "")
    return _unescaped("".join(runs))


def _look(properties: ET.Element | None) -> Drawn | None:
    """Say how a run is drawn, as far as that changes what it says."""
    said = {local(one.tag): one.get("val", "1") for one in properties} if properties is not None else {}
    if said.get("strike", "0") not in _FALSE:
        return Drawn.STRUCK
    return {"superscript": Drawn.RAISED, "subscript": Drawn.LOWERED}.get(said.get("vertAlign", ""))


def _unescaped(text: str) -> str:
    """Read ``_xHHHH_`` as the character it stands for, pairs of them as one where they are halves."""
    if "_x" not in text:
        return text
    decoded = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _styles(package: Package, part: str) -> dict[int, Shows]:
    """Give what cell styles show, by their number, where that is no number."""
    if part not in package.names:
        return {}
    formats, styles = dict(BUILT_IN), dict[int, Shows]()
    for element in package.elements(part, "numFmt", "cellXfs"):
        if local(element.tag) == "numFmt":
            formats[int(element.get("numFmtId", "0"))] = shows(element.get("formatCode", ""))
        else:
            kinds = [formats.get(int(style.get("numFmtId", "0")), Shows.NUMBER) for style in element]
            styles = {number: kind for number, kind in enumerate(kinds) if kind is not Shows.NUMBER}
    return styles


def _sheet(package: Package, part: str, meanings: _Meanings, most: int) -> dict[tuple[int, int], SheetCell]:
    """Read a sheet by one expression where it is written plainly (see ``plain``), else element by element."""
    whole = package.at_once(part)
    plain = plain_cells(whole) if whole is not None and _SPACE.search(whole, 0, MOST_BEFORE) else None
    if whole is None or plain is None:
        return _any_cells(package, part, meanings, most)
    # Plain or not, what the file may hold is counted in one purse.
    package.spend(whole)
    cells = _understood(plain, meanings)
    if len(cells) > most:
        raise Fault(UNSAFE, path=package.file, reason=f"> {MOST_CELLS}")
    return cells


def _understood(plain: PlainCells, meanings: _Meanings) -> dict[tuple[int, int], SheetCell]:
    """Understand the cells of a sheet: shared texts and numbers, nearly all there is, without a call for each."""
    shared, shown, places = meanings.shared, meanings.shown, map(_place, plain.references)
    cells: dict[tuple[int, int], SheetCell] = {}
    for place, kind, style, formula, number, text, inline in zip(
        places, plain.kinds, plain.styles, plain.formulas, plain.numbers, plain.texts, plain.inline, strict=True
    ):
        cell: SheetCell | None
        if kind == "s" and formula is None and number in shared:
            cell = shared[number]
        elif (
            number is not None
            and (kind is None or kind == "n")
            and (not shown or int(style or 0) not in shown)
            and isfinite(value := float(number))
        ):
            cell = _filled((value, formula, False))
        else:
            written = inline if kind == "inlineStr" else number or text
            cell = _one(kind or "n", style or "0", formula, written, meanings)
        if cell is not None:
            if place in cells:
                raise _twice(place)
            cells[place] = cell
    return cells


def _one(kind: str, style: str, formula: str | None, written: str | None, meanings: _Meanings) -> SheetCell | None:
    """Understand one cell of a sheet that is written plainly."""
    if kind == "inlineStr":
        return _holding(None if written is None else _unescaped(written), formula, kind)
    return _holding(_value(written, kind, style, meanings) if written else None, formula, kind)


def _any_cells(package: Package, part: str, meanings: _Meanings, most: int) -> dict[tuple[int, int], SheetCell]:
    """Read a sheet element by element, however it is written."""
    cells: dict[tuple[int, int], SheetCell] = {}
    for place, element in _placed(package, part):
        cell = _cell(element, meanings)
        if cell is None:
            continue
        if place in cells:
            raise _twice(place)
        cells[place] = cell
        if len(cells) > most:
            raise Fault(UNSAFE, path=package.file, reason=f"> {MOST_CELLS}")
    return cells


def _placed(package: Package, part: str) -> Iterator[tuple[tuple[int, int], ET.Element]]:
    """Give each cell with its place; a cell or row that does not say where it is follows the one before."""
    row = -1
    for line in package.elements(part, "row", *ASIDE):
        if local(line.tag) in ASIDE:
            continue
        if line.tag.rpartition("}")[0][1:].encode() not in NAMESPACES:
            # No program writes it, and each that reads it sees something else there.
            raise Fault(DAMAGED, path=package.file, reason="xmlns")
        row = int(line.get("r", row + 2)) - 1
        column = -1
        for element in line:
            if local(element.tag) != "c":
                continue
            reference = element.get("r", "")
            # Only what can be a reference is remembered: a hostile one may be long.
            row, column = _place(reference[:LONGEST_REFERENCE]) if reference else (row, column + 1)
            yield (row, column), element


def _twice(place: tuple[int, int]) -> ValueError:
    """Say that a cell stands twice: each program would take its own."""
    return ValueError(f"2 × {column_letters(place[1])}{place[0] + 1}")


@lru_cache(maxsize=20_000)
def _place(reference: str) -> tuple[int, int]:
    """Read a reference as zero-based row and column; the same few thousand come in every sheet and file."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, number - 1


def _cell(element: ET.Element, meanings: _Meanings) -> SheetCell | None:
    """Understand one cell; None where it holds nothing (a style, an empty text)."""
    parts = {local(child.tag): child for child in element}
    kind = element.get("t", "n")
    formula = None if "f" not in parts else parts["f"].text or ""
    if kind == "inlineStr":
        value: float | str | None = _text(parts["is"]) if "is" in parts else None
    else:
        written = parts["v"].text if "v" in parts else None
        value = None if written is None else _value(written, kind, element.get("s", "0"), meanings)
    return _holding(value, formula, kind)


def _holding(value: float | str | None, formula: str | None, kind: str | None) -> SheetCell | None:
    if formula is None and value in (None, ""):
        return None
    return SheetCell(value, formula, error=kind == "e")


def _value(written: str, kind: str, style: str, meanings: _Meanings) -> float | str:
    match kind:
        case "s":
            return meanings.texts[_index(written, len(meanings.texts))]
        case "b":
            return truth_text(true=written.strip() in {"1", "true"})
        case "n" if _NUMBER.fullmatch(written.strip()):
            number = float(written)
            if not isfinite(number):
                return written
            return _shown(number, meanings.shown.get(int(style)), meanings.epoch)
        case _:
            return _unescaped(written)


def _shown(number: float, kind: Shows | None, epoch: datetime) -> float | str:
    match kind:
        case Shows.DATE:
            return _date(number, epoch)
        case Shows.SHARE:
            return share_text(number)
        case _:
            return number


def _index(written: str, count: int) -> int:
    number = int(written)
    if not 0 <= number < count:
        raise IndexError(written)
    return number


def _date(days: float, epoch: datetime) -> float | str:
    """Write a day count as ISO text, to the second; a number that is no date stays a number."""
    try:
        moment = epoch + timedelta(seconds=round(days * 86_400))
    except OverflowError:
        return days
    if 0 <= days < 1:
        return moment.time().isoformat()
    return moment.date().isoformat() if days == int(days) else moment.isoformat()
