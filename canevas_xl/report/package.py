"""Owns the tidy data package beside the results: the same rows as CSV, with a manifest that describes every column.

Numbers keep all their digits and formulas their values, so that the package imports again without loss.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from canevas_xl.model.block import Block
from canevas_xl.model.formula import Area
from canevas_xl.model.plan import CellPlan, WorkbookPlan
from canevas_xl.report.results import blocks, defined_name

TABLES: Final = (
    "follow.register", "findings.list", "answers.tidy", "impacts.totals", "impacts.stages", "compare.offers",
    "robust.pairs", "notes.ranking", "notes.criteria", "notes.values", "data.lines", "log.events",
)  # fmt: skip
"""Blocks that are tables; summaries in sentences are not data."""
MANIFEST: Final = "datapackage.json"


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
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.lower() for column in block.columns)
    area = block.area
    for row in range(area.first_row, area.last_row + 1):
        line = [_value(cells.get((row, column))) for column in range(area.first_column, area.last_column + 1)]
        if any(value != "" for value in line):
            writer.writerow(line)
    return text.getvalue().encode()


def _value(cell: CellPlan | None) -> str:
    if cell is None or cell.content is None:
        return ""
    value = cell.content if isinstance(cell.content, float | str) else cell.cached
    return repr(value) if isinstance(value, float) else str(value if value is not None else "")
