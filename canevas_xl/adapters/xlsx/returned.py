"""Owns reading what came back, in whatever form: told by its contents, judged, and read by the reader of that form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from canevas_xl.adapters.xlsx.cells import workbook_of
from canevas_xl.adapters.xlsx.child import STOPPED, in_child
from canevas_xl.adapters.xlsx.csv_sheet import read_csv
from canevas_xl.adapters.xlsx.ods import CONTENT, read_ods
from canevas_xl.adapters.xlsx.package import MACROS, Form, Package, open_file, open_zip
from canevas_xl.errors import Fault
from canevas_xl.findings.finding import Checked, Finding, found
from canevas_xl.findings.messages import harmless
from canevas_xl.model.cells import Saved, Sheet, SheetCell, Workbook

XLS: Final = "Excel 97-2003 (.xls)"
_OUTSIDE: Final = re.compile(
    r"externallinks/|embeddings/|activex/|ddelinks/|(^|/)connections[.]xml$|^object \d+$", re.IGNORECASE
)
"""What in the name of a part says that it leads elsewhere, or holds another file.

A chart of OpenDocument is a folder; an object is a file.
"""
_OUTSIDE_ODS: Final = (b"table:table-source", b"table:cell-range-source", b"table:dde-link", b"office:dde-source")
"""Elements of OpenDocument that take values from other files or programs."""


def read_returned(path: Path) -> Checked[Workbook]:
    """Read a file that came back; nothing in it is run, followed or opened.

    Returns:
        Its cells, and what is to be said of its form: X141 macros, X142 without formulas,
        X143 what leads outside, X144 a sheet as text.

    Raises:
        Fault: X121 to X140, why it cannot be read.
    """
    file = open_file(path)
    match file.form:
        case Form.XLS:
            return Checked(_xls(path), (found("X142", path=path.name, kind=XLS),))
        case Form.TEXT:
            return Checked(read_csv(file.data, path.name), (found("X144", path=path.name),))
        case Form.ODS:
            package = open_zip(file)
            remarks = tuple(_remarks(package))
            return Checked(read_ods(package), remarks)
        case Form.XLSX:
            package = open_zip(file)
            remarks = tuple(_remarks(package))
            return Checked(workbook_of(package), remarks)


def _remarks(package: Package) -> Iterator[Finding]:
    names = [name.casefold() for name in package.names]
    if any(name.endswith(MACROS) or name.startswith(("basic/", "scripts/")) for name in names):
        yield found("X141", path=package.file)
    outside = {found_name[0].strip("/ ") for name in names if (found_name := _OUTSIDE.search(name))}
    if CONTENT in package.names:
        content = package.at_once(CONTENT) or b""
        outside |= {element.decode() for element in _OUTSIDE_ODS if b"<" + element in content}
    if outside:
        yield found("X143", path=package.file, reason=", ".join(sorted(outside)))


def _xls(path: Path) -> Workbook:
    text = in_child("canevas_xl.adapters.xlsx.xls_job", path)
    try:
        return Workbook(tuple(_sheet(told) for told in json.loads(text)), saved=Saved.VALUES)
    except (ValueError, TypeError, KeyError) as problem:
        # A child whose parser was taken over may say anything: only the shape that is expected is believed.
        raise Fault(STOPPED, path=path.name, reason="JSON") from problem


def _sheet(told: dict[str, Any]) -> Sheet:
    cells = {(int(row), int(column)): _cell(value, error) for row, column, value, error in told["cells"]}
    return Sheet(harmless(str(told["name"])), MappingProxyType(cells), bool(told["hidden"]))


def _cell(value: object, error: object) -> SheetCell:
    if not isinstance(value, (str, float)):
        raise TypeError(type(value).__name__)
    return SheetCell(value, None, error=bool(error))
