"""Owns the plan of ``resultats.xlsx``: the layout of the result sheets with its blocks filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from canevas_xl.canvas.campaign.board import lines
from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model.block import Block
from canevas_xl.model.plan import Bars, CellPlan, SheetPlan, Style, WorkbookPlan
from canevas_xl.model.template import Template, Texts
from canevas_xl.report.outcome import Blocks, Dressed, Outcome, Rows
from canevas_xl.report.results import EMPTY, blocks, defined_name, fitted, result_sheets
from canevas_xl.report.sheets.charts import charts_of, rooms_of
from canevas_xl.report.sheets.compare import compare_rows, robust_rows
from canevas_xl.report.sheets.data import data_rows
from canevas_xl.report.sheets.dialogue import margin_rows, thread_rows
from canevas_xl.report.sheets.follow import follow_rows
from canevas_xl.report.sheets.impacts import impact_rows
from canevas_xl.report.sheets.log import log_rows
from canevas_xl.report.sheets.notes import note_rows
from canevas_xl.report.sheets.requests import request_rows
from canevas_xl.report.sheets.returns import answer_rows, finding_rows
from canevas_xl.report.sheets.review import review_rows
from canevas_xl.report.words import OutcomeWords
from canevas_xl.rules.spreadsheet import recalculated

SHOWN = (
    "FOLLOW", "FINDINGS", "REQUESTS", "ANSWERS", "IMPACTS", "COMPARE", "NOTES", "ROBUST", "DATA", "MARGINS", "THREADS",
    "REVIEW", "LOG",
)  # fmt: skip
"""Sheets of results, in order."""
NEW_PAGE: Final = ("notes.criteria",)
"""Blocks that begin a printed page, rather than be cut under their heads."""
FULL: Final = 11.0
"""Points of the letters that widths of columns count."""
LEAST: Final = 17.0
"""Points of the lowest row."""
PER_LINE: Final = 13.5
"""Points of a line of small letters."""


def all_rows(outcome: Outcome, language: str, places: Mapping[str, Block]) -> Blocks:
    """Give the rows of every block; a sentence stands in one that has none. Formulas point at ``places``."""
    words = OutcomeWords.of(language)
    rows = {
        **follow_rows(outcome, words),
        **finding_rows(outcome, words),
        **request_rows(outcome, words),
        **answer_rows(outcome, words),
        **impact_rows(outcome, words),
        **compare_rows(outcome, words),
        **note_rows(outcome, places, words),
        **robust_rows(outcome, words),
        **data_rows(outcome, words),
        **margin_rows(outcome, words),
        **thread_rows(outcome, words),
        **review_rows(outcome, words),
        **log_rows(outcome, words),
    }
    return {name: mine or ((Dressed(words.say(f"empty.{name}"), EMPTY),),) for name, mine in rows.items()}


def plan_results(outcome: Outcome, template: Template, texts: Texts, language: str) -> WorkbookPlan:
    """Plan the workbook of results, every formula with its value; blocks are as large as what fills them."""
    words, said = Words.of(template, texts, language, outcome.campaign.code), OutcomeWords.of(language)
    # Where rows stand changes what formulas point at, not how many rows there are.
    layouts = fitted(all_rows(outcome, language, blocks()), rooms_of(outcome))
    places = blocks(layouts)
    status = said.say("status.as_of", moment=outcome.as_of.strftime(said.say("status.moment")))
    rows = {
        **all_rows(outcome, language, places),
        **{name: ((status,),) for name in places if name.endswith(".status")},
    }
    charts = charts_of(outcome, places, said)
    sheets = tuple(_finished(sheet, rows, places, charts) for sheet in result_sheets(words, SHOWN, layouts))
    names = tuple((defined_name(block), block.area) for block in places.values() if block.sheet in SHOWN)
    plan = WorkbookPlan(
        title=words.say("workbook.title"), language=language, sheets=sheets, names=names, author=outcome.campaign.buyer
    )
    return recalculated(plan)


def _finished(sheet: SheetPlan, rows: Blocks, places: Mapping[str, Block], charts: tuple[Bars, ...]) -> SheetPlan:
    mine = tuple(chart for chart in charts if chart.at.sheet == sheet.code)
    breaks = tuple(places[name].area.first_row - 2 for name in NEW_PAGE if places[name].sheet == sheet.code)
    return replace(with_blocks(sheet, rows, places), charts=mine, row_breaks=breaks)


def with_blocks(sheet: SheetPlan, rows: Blocks, places: Mapping[str, Block]) -> SheetPlan:
    """Put rows into the blocks of a sheet, each tall enough for what it says."""
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    heights, widths = dict(sheet.heights), dict(sheet.widths)
    for name, block in places.items():
        if block.sheet == sheet.code and name in rows:
            _put(cells, block, rows[name])
            if not name.endswith(".status"):
                heights.update(_heights(cells, block, widths))
    return replace(sheet, cells=tuple(cells[place] for place in sorted(cells)), heights=tuple(sorted(heights.items())))


def _put(cells: dict[tuple[int, int], CellPlan], block: Block, rows: Rows) -> None:
    if len(rows) > block.capacity:
        raise ValueError(f"{len(rows)} rows in {block.name}")
    area = block.area
    for down, row in enumerate(rows):
        for right, content in enumerate(row):
            place = (area.first_row + down, area.first_column + right)
            if isinstance(content, Dressed):
                cells[place] = CellPlan(*place, content.content, content.style)
                continue
            there = cells.get(place) or cells.get((area.first_row, place[1]))
            cells[place] = CellPlan(*place, content, there.style if there else Style())


def _heights(
    cells: Mapping[tuple[int, int], CellPlan], block: Block, widths: Mapping[int, float]
) -> Iterator[tuple[int, float]]:
    """Give the height of each row from its wrapped texts, which programs do not measure by themselves."""
    area = block.area
    for row in range(area.first_row, area.last_row + 1):
        there = (cells.get((row, column)) for column in range(area.first_column, area.last_column + 1))
        texts = [c for c in there if c is not None and c.style.wrap and isinstance(c.content, str)]
        needed = max((lines(str(c.content), widths[c.column] * FULL / c.style.size) for c in texts), default=1)
        yield row, max(LEAST, needed * PER_LINE + 4)
