"""Owns the rows of blocks as a workbook takes them that exists already: what fits, formulas as they read there.

Blocks lie where their names now are: the buyer may have inserted rows or renamed sheets. What does not fit is left
out, and the block says so in its last row. A sheet whose formulas could no longer point at all that they need says
where to look instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from canevas_xl.model.block import Block
from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use
from canevas_xl.model.grid import Look, Looks, Rectangle, Value, Written
from canevas_xl.model.plan import CellPlan, SheetPlan, Style, WorkbookPlan
from canevas_xl.report.book import all_rows
from canevas_xl.report.outcome import Content, Dressed, Outcome, Rows
from canevas_xl.report.results import LAYOUTS, blocks, defined_name
from canevas_xl.report.words import OutcomeWords
from canevas_xl.rules.spreadsheet import recalculated
from canevas_xl.rules.spreadsheet import text as formula_text

VALIDATED: Final = frozenset({"FOLLOW", "FINDINGS", "REQUESTS", "ANSWERS", "THREADS", "LOG"})
"""Sheets that reading the returns fills; the others need scores."""
RESULTS: Final = "resultats.xlsx"
"""Where all of it stands."""
_FORMULA: Final = (Literal, Cell, Area, SameRow, Use)


@dataclass(frozen=True, slots=True)
class LiveBlock:
    """What one area is given."""

    area: Rectangle
    rows: tuple[tuple[Value, ...], ...]
    left_out: int = 0
    """Rows for which there is no room."""
    looks: Looks = field(default_factory=dict)
    """Of the columns in which some cell has a look of its own."""


def names_of(codes: Collection[str]) -> frozenset[str]:
    """Give the defined names of the blocks of some sheets."""
    return frozenset(defined_name(block) for block in blocks().values() if block.sheet in codes)


def placed(areas: Mapping[str, Rectangle]) -> Mapping[str, Block]:
    """Give the blocks that are there, where they are; ``areas`` by defined name.

    A block whose columns are not the ones that it was drawn with is left out: nothing would stand under its head.
    """
    found = {}
    for name, block in blocks().items():
        there = areas.get(defined_name(block))
        columns = None if there is None else _columns(block, there.columns)
        if there is not None and columns is not None:
            last_row, last_column = there.top + there.rows - 1, there.left + there.columns - 1
            area = Area(block.sheet, there.top, there.left, last_row, last_column)
            found[name] = replace(block, area=area, columns=columns)
    return MappingProxyType(found)


def _columns(block: Block, width: int) -> tuple[str, ...] | None:
    """Give the codes of the columns; offers side by side are as many as there are."""
    fixed = tuple(code for code in block.columns if not code[1:].isdigit())
    if len(fixed) == len(block.columns):
        return fixed if width == len(fixed) else None
    return (*fixed, *(f"O{n}" for n in range(1, width - len(fixed) + 1))) if width >= len(fixed) else None


@dataclass(frozen=True, slots=True)
class Live:
    """What a workbook is given."""

    blocks: tuple[LiveBlock, ...]
    missing: tuple[str, ...]
    """Codes of sheets of which something has no place any more: the name of a block is gone."""


def live_blocks(outcome: Outcome, areas: Mapping[str, Rectangle], codes: Collection[str]) -> Live:
    """Give what each block of some sheets is given, every formula with its value.

    Args:
        outcome: what is shown, in the language of the campaign.
        areas: where all blocks are, by defined name.
        codes: of the sheets.
    """
    language = outcome.campaign.language
    words, there = OutcomeWords.of(language), placed(areas)
    status = words.say("status.as_of", moment=outcome.as_of.strftime(words.say("status.moment")))
    every = {name: block for name, block in blocks().items() if block.sheet in codes}
    rows = {
        **{name: ((status,),) for name in every if name.endswith(".status")},
        **{name: mine for name, mine in all_rows(outcome, language, {**blocks(), **there}).items() if name in every},
    }
    whole = {
        code for code in codes if _is_whole({name: rows[name] for name in rows if every[name].sheet == code}, there)
    }
    fit = {name: mine for name, mine in rows.items() if name in there and every[name].sheet in whole}
    shown = {block.sheet: areas[defined_name(block)].sheet for block in there.values()}
    values = _values(fit, there, shown)
    found = []
    for name, mine in rows.items():
        area = areas.get(defined_name(every[name]))
        if area is not None and name in fit:
            plain = tuple(tuple(_given(cell, at, values, shown) for at, cell in row) for row in _at(mine, there[name]))
            fitted = _fitted(area, plain, words)
            found.append(replace(fitted, looks=_looks(mine[: len(fitted.rows)], there[name])))
        elif area is not None:
            found.append(LiveBlock(area, ((words.say("live.elsewhere", file=RESULTS),),), len(mine)))
    lost = (block.sheet for name, block in every.items() if name in rows and defined_name(block) not in areas)
    return Live(tuple(found), tuple(dict.fromkeys(lost)))


def _is_whole(rows: Mapping[str, Rows], there: Mapping[str, Block]) -> bool:
    """Say whether a sheet can be shown: no row is wider than its block, and formulas find all that they look at."""
    placed_ones = {name: mine for name, mine in rows.items() if name in there}
    if any(len(row) > len(there[name].columns) for name, mine in placed_ones.items() for row in mine):
        return False
    if not any(isinstance(_bare(cell), _FORMULA) for mine in rows.values() for row in mine for cell in row):
        return True
    return placed_ones == rows and all(len(mine) <= there[name].capacity for name, mine in rows.items())


def _at(rows: Rows, block: Block) -> list[list[tuple[tuple[str, int, int], Content]]]:
    """Give each cell with the sheet, row and column where it comes to lie."""
    area = block.area
    return [
        [((block.sheet, area.first_row + down, area.first_column + right), cell) for right, cell in enumerate(row)]
        for down, row in enumerate(rows)
    ]


def _values(
    rows: Mapping[str, Rows], there: Mapping[str, Block], shown: Mapping[str, str]
) -> Mapping[tuple[str, int, int], float | str | None]:
    """Compute what formulas give, from the blocks alone: they point at nothing else."""
    cells: dict[str, list[CellPlan]] = {}
    for name, mine in rows.items():
        for row in _at(mine, there[name]):
            cells.setdefault(there[name].sheet, []).extend(
                CellPlan(down, right, _bare(cell), Style()) for (_, down, right), cell in row
            )
    sheets = tuple(SheetPlan(code, shown[code], tuple(mine)) for code, mine in cells.items())
    computed = recalculated(WorkbookPlan("", "", sheets))
    return {
        (sheet.code, cell.row, cell.column): cell.cached if not isinstance(cell.cached, bool) else None
        for sheet in computed.sheets
        for cell in sheet.cells
    }


def _given(
    content: Content,
    at: tuple[str, int, int],
    values: Mapping[tuple[str, int, int], float | str | None],
    shown: Mapping[str, str],
) -> Value:
    bare = _bare(content)
    if bare is None or isinstance(bare, str | float | int):
        return bare
    return Written(formula_text(bare, shown), values.get(at))


def _looks(rows: Rows, block: Block) -> Looks:
    """Give the looks of each column in which some cell has one of its own; the others' are the column's."""
    drawn = (column for sheet in LAYOUTS for one in sheet.blocks if one.name == block.name for column in one.columns)
    styles = {column.code: column.style for column in drawn}
    found = {}
    for right in sorted({right for row in rows for right, cell in enumerate(row) if isinstance(cell, Dressed)}):
        own = styles.get(block.columns[right]) or styles["O1"]  # offers side by side may be more than were drawn
        found[right] = tuple(_look(row[right] if right < len(row) else None, own) for row in rows)
    return MappingProxyType(found)


def _look(content: Content, style: Style) -> Look:
    mine = content.style if isinstance(content, Dressed) else style
    return Look(mine.number_format, mine.bold)


def _bare(content: Content) -> float | str | Formula | None:
    return content.content if isinstance(content, Dressed) else content


def _fitted(area: Rectangle, rows: tuple[tuple[Value, ...], ...], words: OutcomeWords) -> LiveBlock:
    """Leave out what does not fit, and say so in the last row."""
    over = len(rows) - area.rows
    if over <= 0:
        return LiveBlock(area, rows)
    left = over + 1
    return LiveBlock(area, (*rows[: area.rows - 1], (words.say("live.more", count=left, file=RESULTS),)), left)
