"""Owns the tidy data package beside the results: the same rows as CSV, with a manifest that describes every column.

The package imports again without loss: numbers keep all their digits and stand bare, texts stand between quotes, and
what is empty is nothing at all. A spreadsheet that opens a table never takes a text for a formula: where one could
begin, at the start of a text or after a sign at which some program cuts, an apostrophe stands before it. Reading by
the rules of the manifest takes it away again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from canevas_xl.model.block import Block
from canevas_xl.model.formula import Area
from canevas_xl.model.plan import CellPlan, WorkbookPlan
from canevas_xl.report.results import EMPTY, blocks, defined_name

TABLES: Final = (
    "follow.register", "findings.list", "findings.changes", "requests.list", "answers.tidy", "impacts.totals",
    "impacts.stages", "compare.offers", "robust.pairs", "robust.ranks", "notes.ranking", "notes.criteria",
    "notes.values", "data.lines", "margins.control", "margins.requirements", "margins.levers", "threads.list",
    "review.figures", "review.feedback", "log.events",
)  # fmt: skip
"""Blocks that are tables; summaries in sentences are not data."""
MANIFEST: Final = "datapackage.json"
DIALECT: Final = {
    "delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True,
    "quotedFields": "texts", "bareFields": "numbers, or nothing",
    "shield": "an apostrophe before a text, or a part of one, that a spreadsheet would take for a formula",
}  # fmt: skip
"""How the tables are written, as the manifest says it."""
Value = float | str | None

_FORMULA: Final = r"[ ']*[=+\-@＝＋－＠\t\r\n]"
"""What spreadsheets take for the beginning of a formula, spaces or shields before it or not."""
_BARE: Final = re.compile(rf"(^|[;\t\r\n])(?={_FORMULA})")
_SHIELDED: Final = re.compile(rf"(^|[;\t\r\n])'(?={_FORMULA})")
"""Fields are cut at other signs where a program expects them: ``;`` in French, tabs, lines."""
_FIELD: Final = re.compile(r'(?:"(?P<text>(?:[^"]|"")*)"|(?P<number>[^",\n]*))(?P<end>,|\n|\Z)')


def data_package(plan: WorkbookPlan, facts: Mapping[str, Any]) -> Mapping[str, bytes]:
    """Give the files of the package, by name, from a planned workbook of results.

    Args:
        plan: with cached values, as ``report.book.plan_results`` gives it.
        facts: what the manifest says of the campaign (code, template, fingerprints).
    """
    sheets = {sheet.code: {(cell.row, cell.column): cell for cell in sheet.cells} for sheet in plan.sheets}
    places = _places(plan)
    files = {f"{name}.csv": _table(sheets[places[name].sheet], places[name]) for name in TABLES}
    resources = [
        {
            "name": name,
            "path": f"{name}.csv",
            "sha256": hashlib.sha256(files[f"{name}.csv"]).hexdigest(),
            "dialect": DIALECT,
            "schema": {"fields": [{"name": column.lower()} for column in places[name].columns]},
        }
        for name in TABLES
    ]
    manifest = {"profile": "tabular-data-package", **facts, "resources": resources}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return {**files, MANIFEST: text.encode()}


def _places(plan: WorkbookPlan) -> Mapping[str, Block]:
    """Find the tables where the workbook names them: they are as large as what fills them."""
    areas = dict(plan.names)
    return {name: _placed(blocks()[name], areas) for name in TABLES}


def _placed(block: Block, areas: Mapping[str, Area]) -> Block:
    area = areas[defined_name(block)]
    width = area.last_column - area.first_column + 1
    more = (f"O{n}" for n in range(1, width + 1) if f"O{n}" not in block.columns)
    return replace(block, area=area, columns=(*block.columns, *more)[:width])


def _table(cells: Mapping[tuple[int, int], CellPlan], block: Block) -> bytes:
    area = block.area
    first = cells.get((area.first_row, area.first_column))
    if first is not None and first.style == EMPTY:
        return written([[column.lower() for column in block.columns]]).encode()
    lines = [
        [_value(cells.get((row, column))) for column in range(area.first_column, area.last_column + 1)]
        for row in range(area.first_row, area.last_row + 1)
    ]
    heads: list[Value] = [column.lower() for column in block.columns]
    return written([heads, *(line for line in lines if any(value is not None for value in line))]).encode()


def _value(cell: CellPlan | None) -> Value:
    if cell is None or cell.content is None:
        return None
    if isinstance(cell.content, float | str):
        return cell.content
    # A formula that shows nothing gives an empty text: in a column of numbers it stands for what is not there.
    value = cell.cached
    return value if isinstance(value, float) else str(value or "") or None


# --- One table as text ------------------------------------------------------------------------------------------


def written(rows: list[list[Value]]) -> str:
    """Write rows; :func:`read` gives them back, to the bit and to the letter."""
    return "".join(",".join(map(_field, row)) + "\n" for row in rows)


def read(text: str) -> list[list[Value]]:
    """Read what :func:`written` wrote.

    Raises:
        ValueError: it is not written so.
    """
    rows: list[list[Value]] = []
    line: list[Value] = []
    for value, last in _fields(text):
        line.append(value)
        if last:
            rows.append(line)
            line = []
    return rows


def _field(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(value)
    return '"' + _BARE.sub(r"\1'", value).replace('"', '""') + '"'


def _fields(text: str) -> Iterator[tuple[Value, bool]]:
    """Give each field, and whether it is the last of its line."""
    place = 0
    while place < len(text):
        found = _FIELD.match(text, place)
        if found is None or found["end"] == "":
            raise ValueError(place)
        if found["text"] is not None:
            value: Value = _SHIELDED.sub(r"\1", found["text"].replace('""', '"'))
        else:
            value = float(found["number"]) if found["number"] else None
        yield value, found["end"] == "\n"
        place = found.end()
