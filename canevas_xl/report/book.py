"""Owns the plan of ``resultats.xlsx``: the layout of the result sheets with its blocks filled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model.block import Block
from canevas_xl.model.plan import CellPlan, SheetPlan, Style, WorkbookPlan
from canevas_xl.model.template import Template, Texts
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.results import blocks, defined_name, result_sheets
from canevas_xl.report.sheets.impacts import compare_rows, data_rows, impact_rows, robust_rows
from canevas_xl.report.sheets.notes import note_rows
from canevas_xl.report.sheets.returns import answer_rows, finding_rows, follow_rows, log_rows
from canevas_xl.report.words import OutcomeWords
from canevas_xl.rules.spreadsheet import recalculated

SHOWN = ("FOLLOW", "FINDINGS", "ANSWERS", "IMPACTS", "COMPARE", "NOTES", "ROBUST", "DATA", "LOG")
"""Sheets that results fill today; the others stay in ``campagne.xlsx`` until they are."""
LOCKED = frozenset({"NOTES"})
"""Formulas that award points are not typed over."""


def all_rows(outcome: Outcome, language: str) -> Blocks:
    """Give the rows of every block that has any."""
    words = OutcomeWords.of(language)
    return {
        **follow_rows(outcome, words),
        **finding_rows(outcome, words),
        **answer_rows(outcome, words),
        **impact_rows(outcome, words),
        **compare_rows(outcome, words),
        **note_rows(outcome.scores, blocks(), words),
        **robust_rows(outcome, words),
        **data_rows(outcome, words),
        **log_rows(outcome, words),
    }


def plan_results(outcome: Outcome, template: Template, texts: Texts, language: str) -> WorkbookPlan:
    """Plan the workbook of results, every formula with its value.

    Raises:
        ValueError: more rows than a block holds.
    """
    words = Words.of(template, texts, language, outcome.campaign.code)
    rows = all_rows(outcome, language)
    places = blocks()
    status = OutcomeWords.of(language).say("status.as_of", moment=outcome.as_of.strftime("%Y-%m-%d %H:%M"))
    filled = {**rows, **{name: ((status,),) for name in places if name.endswith(".status")}}
    sheets = tuple(
        with_blocks(replace(sheet, protected=sheet.code in LOCKED), filled, places)
        for sheet in result_sheets(words, SHOWN)
    )
    names = tuple((defined_name(block), block.area) for block in places.values() if block.sheet in SHOWN)
    plan = WorkbookPlan(
        title=words.say("workbook.title"), language=language, sheets=sheets, names=names, author=outcome.campaign.buyer
    )
    return recalculated(plan)


def with_blocks(sheet: SheetPlan, rows: Blocks, places: Mapping[str, Block]) -> SheetPlan:
    """Put rows into the blocks of a sheet; what stood in them goes, its look stays."""
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    for name, block in places.items():
        if block.sheet == sheet.code and name in rows:
            _put(cells, block, rows[name])
    return replace(sheet, cells=tuple(cells[place] for place in sorted(cells)))


def _put(cells: dict[tuple[int, int], CellPlan], block: Block, rows: tuple[tuple[Content, ...], ...]) -> None:
    if len(rows) > block.capacity:
        raise ValueError(f"{len(rows)} rows in {block.name}")
    area = block.area
    for down, row in enumerate(rows):
        for right, content in enumerate(row):
            place = (area.first_row + down, area.first_column + right)
            there = cells.get(place) or cells.get((area.first_row, place[1]))
            cells[place] = CellPlan(*place, content, there.style if there else Style())
