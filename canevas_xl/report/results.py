"""Owns the layout of the result sheets, in ``campagne.xlsx`` and ``resultats.xlsx`` alike: titles, heads, blocks.

A layout is written once, with the file; blocks are written again and again, so these sheets are not protected:
what they hold is never read back, it is computed anew. *Notes* alone is, since its formulas award points.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign import CAMPAIGN_PROPERTY
from canevas_xl.canvas.campaign.board import LABEL, WAY_ROW, Board
from canevas_xl.canvas.campaign.lists import Lists
from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model.block import Block
from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.plan import Link, SheetPlan, Style, WorkbookPlan
from canevas_xl.model.template import Template, Texts

LOCKED: Final = frozenset({"NOTES"})
"""Formulas that award points are not typed over."""
OFFERS: Final = 10
"""Offers side by side on *Notes* before there are any; results have as many as there are."""
OFFER_WIDTH: Final = 17.0
RANK_WIDTH: Final = 14.0
STYLED_ROWS: Final = 300
"""Rows of a block that get a look; further ones are plain."""
SAID: Final = 92.0
"""Characters that a sheet needs to say how to fill it."""
NAMED: Final = 16.0
"""Characters that the name of a sheet needs."""
FIRST: Final = 4
"""Row of the first block's title, under the title bar."""

TEXT: Final = replace(look.CELL, indent=1)
NUMBER: Final = replace(look.NUMBER, size=10)
PERCENT: Final = replace(look.NUMBER, size=10, number_format='[=0]0%;[<0.005]"<1%";0%')
"""A share that is small is not said to be none."""
WHOLE: Final = replace(look.WHOLE, size=10)
YEAR: Final = replace(WHOLE, number_format="0")
IMPACT: Final = replace(NUMBER, number_format="[=0]0;[>=0.01]#,##0.0000;0.000E+00")
"""Impacts of all categories stand in one column, from kilograms to billionths; files give each its own digits."""
BESIDE: Final = replace(NUMBER, wrap=True)
"""Of offers side by side: their names head the rows, and break rather than run into each other."""
SENTENCE: Final = replace(look.TEXT, indent=1)
"""Reaches to the right over empty cells: it is broken into rows beforehand, and wraps in no column."""

EMPTY: Final = replace(SENTENCE, italic=True, colour=look.SMALL.colour)
"""A sentence in the place of rows that are not there; it is no data."""


@dataclass(frozen=True, slots=True)
class ColumnLayout:
    """One column of a block."""

    code: str
    width: float
    style: Style = TEXT
    headless: bool = False
    """Nothing stands above it: heads of offers stand in the rows."""


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """One block of a sheet, before it has a place."""

    name: str
    rows: int
    columns: tuple[ColumnLayout, ...]
    room: int = 0
    """Rows left free above it, for charts."""


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """One result sheet: its blocks, one under the other."""

    code: str
    blocks: tuple[BlockLayout, ...]


def _columns(*codes: str, width: float = 14.0, style: Style = TEXT) -> tuple[ColumnLayout, ...]:
    return tuple(ColumnLayout(code, width, style) for code in codes)


_WHO: Final = (ColumnLayout("SUPPLIER", 38.0), *_columns("LOT", width=8.0, style=WHOLE))
_OFFER: Final = (*_WHO, *_columns("VARIANT", width=10.0, style=WHOLE))

LAYOUTS: Final = (
    SheetLayout("FOLLOW", (
        BlockLayout("follow.summary", 12, (ColumnLayout("LABEL", 30.0), ColumnLayout("TEXT", 8.0, SENTENCE))),
        BlockLayout("follow.register", 400, (*_WHO, *_columns("ROUND", width=10.0, style=WHOLE),
            *_columns("ISSUED", "RECEIVED", width=17.0), ColumnLayout("STATE", 22.0),
            *_columns("BLOCKING", "DOUBTS", width=10.0, style=WHOLE), ColumnLayout("NEXT", 34.0))),
    )),
    SheetLayout("FINDINGS", (
        BlockLayout("findings.list", 1000, (ColumnLayout("SUPPLIER", 30.0), ColumnLayout("SEVERITY", 14.0),
            ColumnLayout("CELL", 22.0), ColumnLayout("MESSAGE", 52.0), ColumnLayout("REMEDY", 46.0),
            ColumnLayout("FINDING", 22.0), ColumnLayout("DECISION", 20.0))),
        BlockLayout("findings.changes", 600, (ColumnLayout("SUPPLIER", 30.0), ColumnLayout("KEY", 14.0),
            ColumnLayout("CELL", 22.0), ColumnLayout("WAS", 52.0), ColumnLayout("NOW", 46.0),
            ColumnLayout("KIND", 22.0), ColumnLayout("MATTERS", 20.0))),
    )),
    SheetLayout("REQUESTS", (
        BlockLayout("requests.list", 600, (*_OFFER, ColumnLayout("PLACE", 26.0), ColumnLayout("READ", 54.0),
            ColumnLayout("ASKED", 50.0), ColumnLayout("FINDING", 16.0), ColumnLayout("STATE", 30.0))),
    )),
    SheetLayout("ANSWERS", (
        BlockLayout("answers.tidy", 5000, (*_OFFER, ColumnLayout("KEY", 14.0), ColumnLayout("LABEL", 40.0),
            ColumnLayout("VALUE", 26.0, look.numeric(NUMBER)), ColumnLayout("UNIT", 24.0), ColumnLayout("ORIGIN", 26.0),
            ColumnLayout("STATE", 14.0),
            ColumnLayout("EVIDENCE", 28.0))),
    )),
    SheetLayout("IMPACTS", (
        BlockLayout("impacts.totals", 1000, (*_OFFER, ColumnLayout("INDICATOR", 40.0), ColumnLayout("UNIT", 20.0),
            *_columns("KNOWN", width=16.0, style=IMPACT), *_columns("UNKNOWN", width=12.0, style=WHOLE),
            *_columns("COUNTED", width=16.0, style=IMPACT),
            *_columns("DEFAULTS", "SUPPLIER_SHARE", width=17.0, style=PERCENT))),
        BlockLayout("impacts.stages", 1000, (*_OFFER, ColumnLayout("STAGE", 40.0), ColumnLayout("UNIT", 20.0),
            *_columns("KNOWN", width=16.0, style=IMPACT), *_columns("UNKNOWN", width=12.0, style=WHOLE),
            *_columns("COUNTED", width=16.0, style=IMPACT), *_columns("SHARE", width=17.0, style=PERCENT))),
    )),
    SheetLayout("COMPARE", (
        BlockLayout("compare.summary", 16, (ColumnLayout("TEXT", 30.0, SENTENCE),)),
        BlockLayout("compare.offers", 60, (*_OFFER, *_columns("UNIT", width=24.0),
            *_columns("COUNTED", "DIFFERENCE", width=16.0, style=NUMBER),
            *_columns("OVERTAKES", width=16.0, style=PERCENT), ColumnLayout("REASONS", 56.0))),
    )),
    SheetLayout("NOTES", (
        BlockLayout("notes.ranking", 60, (ColumnLayout("SUPPLIER", 38.0),
            *_columns("LOT", "VARIANT", "RANK", width=11.0, style=WHOLE), *_columns("TOTAL", style=NUMBER))),
        BlockLayout("notes.summary", 24, (ColumnLayout("TEXT", 30.0, SENTENCE),)),
        BlockLayout("notes.criteria", 60, (ColumnLayout("CRITERION", 30.0),
            *_columns("LOT", width=11.0, style=WHOLE), *_columns("WEIGHT", width=11.0, style=NUMBER),
            *_columns("FORMULA", width=18.0),
            *_columns(*(f"O{n}" for n in range(1, OFFERS + 1)), width=OFFER_WIDTH, style=BESIDE))),
        BlockLayout("notes.values", 90, (ColumnLayout("CRITERION", 30.0),
            *_columns("LOT", width=11.0, style=WHOLE), *_columns("COEFFICIENT", width=11.0, style=NUMBER),
            ColumnLayout("UNIT", 18.0),
            *_columns(*(f"O{n}" for n in range(1, OFFERS + 1)), width=OFFER_WIDTH, style=BESIDE))),
    )),
    SheetLayout("ROBUST", (
        BlockLayout("robust.summary", 14, (ColumnLayout("TEXT", 30.0, SENTENCE),)),
        BlockLayout("robust.pairs", 500, (ColumnLayout("OFFER", 30.0), ColumnLayout("OTHER", 30.0),
            *_columns("LOT", width=8.0, style=WHOLE), *_columns("LIGHTER", "SAME_DATA", width=17.0, style=PERCENT),
            *_columns("UNIT", width=24.0),
            *_columns("DIFFERENCE", "LOW", "HIGH", width=14.0, style=NUMBER), ColumnLayout("VERDICT", 26.0))),
        BlockLayout("robust.ranks", 130, (ColumnLayout("SUPPLIER", 30.0), ColumnLayout("BASIS", 30.0),
            *_columns("LOT", width=8.0, style=WHOLE), *_columns("VARIANT", width=17.0, style=WHOLE),
            *_columns(*(f"O{n}" for n in range(1, OFFERS + 1)), width=RANK_WIDTH, style=PERCENT))),
    )),
    SheetLayout("DATA", (
        BlockLayout("data.verdict", 24, (ColumnLayout("TEXT", 44.0, SENTENCE),)),
        BlockLayout("data.lines", 120, (ColumnLayout("PROCESS", 44.0), ColumnLayout("SOURCE", 34.0),
            *_columns("YEAR", width=10.0, style=YEAR), *_columns("UNCERTAINTY", "SHARE", width=14.0, style=PERCENT),
            ColumnLayout("REMARK", 48.0))),
    )),
    SheetLayout("MARGINS", (
        BlockLayout("margins.summary", 16, (ColumnLayout("TEXT", 38.0, SENTENCE),)),
        BlockLayout("margins.control", 16, (ColumnLayout("CONTROL", 38.0), *_columns("LOT", width=8.0, style=WHOLE),
            *_columns("SHARE", "LEAST", "MOST", width=14.0, style=PERCENT))),
        BlockLayout("margins.requirements", 80, (ColumnLayout("REQUIREMENT", 38.0),
            *_columns("LOT", width=8.0, style=WHOLE), ColumnLayout("KIND", 22.0), ColumnLayout("ADJUSTABLE", 16.0),
            *_columns("SHARE", "GAIN", width=14.0, style=PERCENT), *_columns("BLOCKED", width=14.0, style=WHOLE),
            ColumnLayout("HOLD", 26.0), ColumnLayout("PRICE_EFFECT", 24.0))),
        BlockLayout("margins.levers", 400, (ColumnLayout("SUPPLIER", 38.0), *_columns("LOT", width=8.0, style=WHOLE),
            ColumnLayout("REQUIREMENT", 34.0), ColumnLayout("HOLD", 18.0), ColumnLayout("CHANGE", 40.0),
            ColumnLayout("EFFECT", 34.0), *_columns("GOVERNED", width=16.0, style=IMPACT),
            *_columns("SHARE", width=14.0, style=PERCENT), ColumnLayout("PRICE_EFFECT", 20.0),
            ColumnLayout("DELAY", 16.0))),
    )),
    SheetLayout("THREADS", (
        BlockLayout("threads.list", 600, (*_WHO, ColumnLayout("ABOUT", 30.0), *_columns("ROUND", width=10.0,
            style=WHOLE), ColumnLayout("DATE", 17.0), ColumnLayout("FROM", 14.0), ColumnLayout("TEXT", 84.0))),
    )),
    SheetLayout("REVIEW", (
        BlockLayout("review.summary", 24, (ColumnLayout("TEXT", 60.0, SENTENCE),)),
        BlockLayout("review.figures", 120, (ColumnLayout("LABEL", 60.0), ColumnLayout("VALUE", 14.0, NUMBER),
            ColumnLayout("UNIT", 18.0), ColumnLayout("MEANS", 60.0))),
        BlockLayout("review.feedback", 300, (ColumnLayout("SUPPLIER", 38.0), *_columns("LOT", width=8.0, style=WHOLE),
            *_columns("MINUTES", width=12.0, style=WHOLE), ColumnLayout("CHANGED", 44.0),
            ColumnLayout("USELESS", 30.0), ColumnLayout("IMPOSSIBLE", 30.0), ColumnLayout("AGAIN", 14.0))),
    )),
    SheetLayout("LOG", (
        BlockLayout("log.events", 2000, (ColumnLayout("DATE", 22.0), ColumnLayout("EVENT", 20.0),
            ColumnLayout("SUPPLIER", 28.0), *_columns("LOT", "ROUND", width=8.0, style=WHOLE),
            ColumnLayout("TEXT", 80.0))),
    )),
)  # fmt: skip
"""The result sheets in their order."""


def fitted(rows: Mapping[str, Sequence[Sequence[object]]], rooms: Mapping[str, int]) -> tuple[SheetLayout, ...]:
    """Give the layouts with blocks as large as what fills them, one empty row where nothing does, and room for charts.

    Args:
        rows: by name of the block.
        rooms: rows to leave free above a block, by its name.
    """
    return tuple(
        replace(layout, blocks=tuple(_fitted(block, rows.get(block.name, ()), rooms) for block in layout.blocks))
        for layout in LAYOUTS
    )


def _fitted(block: BlockLayout, rows: Sequence[Sequence[object]], rooms: Mapping[str, int]) -> BlockLayout:
    fixed = tuple(column for column in block.columns if not column.code[1:].isdigit())
    beside = max((len(row) - len(fixed) for row in rows), default=0) if len(fixed) < len(block.columns) else 0
    offers = tuple(ColumnLayout(f"O{n}", OFFER_WIDTH, NUMBER, headless=True) for n in range(1, beside + 1))
    return replace(block, rows=max(1, len(rows)), columns=(*fixed, *offers), room=rooms.get(block.name, 0))


def blocks(layouts: Sequence[SheetLayout] = LAYOUTS) -> Mapping[str, Block]:
    """Give every block with its place, the same in all languages; each sheet also has ``<sheet>.status``."""
    placed: dict[str, Block] = {}
    for layout in layouts:
        status = f"{layout.code.lower()}.status"
        placed[status] = Block(status, layout.code, Area(layout.code, WAY_ROW, LABEL, WAY_ROW, LABEL), ("TEXT",))
        for block, top in _tops(layout):
            last = LABEL + len(block.columns) - 1
            area = Area(layout.code, top + 2, LABEL, top + 1 + block.rows, last)
            codes = tuple(column.code for column in block.columns)
            placed[block.name] = Block(block.name, layout.code, area, codes)
    return MappingProxyType(placed)


def _tops(layout: SheetLayout) -> list[tuple[BlockLayout, int]]:
    """Give each block with the row of its title: title, heads, rows, one empty line."""
    tops, row = [], FIRST
    for block in layout.blocks:
        row += block.room
        tops.append((block, row))
        row += block.rows + 3
    return tops


def result_sheets(
    words: Words, codes: Collection[str] | None = None, every: Sequence[SheetLayout] = LAYOUTS
) -> tuple[SheetPlan, ...]:
    """Lay out result sheets, empty: each says what it will answer and how to fill it.

    Args:
        words: of the campaign.
        codes: which sheets; all of them unless told.
        every: the layouts, in their order.
    """
    layouts = tuple(layout for layout in every if codes is None or layout.code in codes)
    return tuple(_sheet(words, layouts, place) for place in range(len(layouts)))


def with_results(plan: WorkbookPlan, template: Template, texts: Texts) -> WorkbookPlan:
    """Give a campaign's workbook with its result sheets, before the hidden ones; blocks have defined names."""
    words = Words.of(template, texts, plan.language, str(dict(plan.properties)[CAMPAIGN_PROPERTY]))
    visible = tuple(sheet for sheet in plan.sheets if not sheet.hidden)
    hidden = tuple(sheet for sheet in plan.sheets if sheet.hidden)
    names = tuple((defined_name(block), block.area) for block in blocks().values())
    return replace(plan, sheets=(*visible, *result_sheets(words), *hidden), names=(*plan.names, *names))


def defined_name(block: Block) -> str:
    """The workbook's name for a block (``CX_NOTES_RANKING``)."""
    return "CX_" + block.name.upper().replace(".", "_")


def _sheet(words: Words, layouts: tuple[SheetLayout, ...], place: int) -> SheetPlan:
    layout = layouts[place]
    board = Board(layout.code, words, Lists(MappingProxyType({})), _widths(layout))
    for block, top in _tops(layout):
        _draw(board, block, top)
    board.title_bar(_way(words, layouts, place), words.say(f"result.nothing_{layout.code}"), _links(board.widths))
    return replace(board.planned(protected=layout.code in LOCKED), tab=look.BAR)


def _links(widths: tuple[float, ...]) -> tuple[int, int]:
    """Columns of the ways before and after: right of what the sheet says of itself."""
    reached, before = 0.0, LABEL
    while reached < SAID and before < len(widths) - 1:
        reached += widths[before - LABEL]
        before += 1
    after, reached = before + 1, widths[before - LABEL]
    while reached < NAMED and after < len(widths):
        reached += widths[after - LABEL]
        after += 1
    return before, after


def _widths(layout: SheetLayout) -> tuple[float, ...]:
    """The widest of the columns that stand above each other; and as many more as the title bar needs."""
    count = max(len(block.columns) for block in layout.blocks)
    widths = [max(b.columns[i].width for b in layout.blocks if i < len(b.columns)) for i in range(count)]
    while sum(widths) < SAID + 3 * NAMED or count < LABEL + 3:
        widths.append(NAMED)
        count += 1
    return tuple(widths)


def _draw(board: Board, block: BlockLayout, top: int) -> None:
    words = board.words
    board.row = top
    board.section(words.say(f"result.{block.name}"))
    # Sentences need no head.
    silent = block.columns[-1].style == SENTENCE
    titles = ["" if silent or one.headless else words.say(f"result.head.{one.code}") for one in block.columns]
    for place, (column, title) in enumerate(zip(block.columns, titles, strict=True), LABEL):
        style = look.HEAD_RIGHT if column.style.align == "right" else replace(look.HEAD, indent=1)
        board.put(top + 1, place, title or None, style if any(titles) else look.TEXT)
    if any(titles):
        board.tall(top + 1, zip(titles, (column.width for column in block.columns), strict=True))
    else:
        board.heights[top + 1] = 5.0
    for row in range(top + 2, top + 2 + min(block.rows, STYLED_ROWS)):
        for place, column in enumerate(block.columns, LABEL):
            board.put(row, place, None, column.style)


def _way(words: Words, layouts: tuple[SheetLayout, ...], place: int) -> dict[str, Link | str]:
    way: dict[str, Link | str] = {"place": words.say("workbook.place", n=place + 1, total=len(layouts))}
    for side, other, key in (("before", place - 1, "previous"), ("after", place + 1, "next")):
        if 0 <= other < len(layouts):
            code = layouts[other].code
            way[side] = Link(words.say(f"workbook.{key}", name=words.say(f"sheet.{code}.name")), Cell(code, 0, 1))
    return way
