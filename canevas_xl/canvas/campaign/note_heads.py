"""Owns the words above the notes of *Prix et notes*: live, the criterion that each column judges, lot by lot.

Notes stand in the order of the criteria and sub-criteria that people judge (``intake.bids``): criteria as they follow
each other on *Critères*, each sub-criterion at the place of its criterion. A hidden sheet gives each row its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import KEY, Board
from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.plan import CellPlan, Content, SheetPlan
from canevas_xl.rules.build import add, cat, eq, if_, if_error, index, match, mul, small

SHEET: Final = "ORDER"
INSIDE: Final = 100
"""Places between two criteria, for sub-criteria: more than a lot has rows."""
JUDGED: Final = "other"


def heads(words: Words, criteria: Mapping[int, int]) -> tuple[Formula, ...]:
    """Give the words above each column of notes.

    Args:
        words: of the workbook.
        criteria: lot → its first row on *Critères*.
    """
    return tuple(
        cat(words.say(f"offers.head.{code}"), *(_judged(words, lot, place, row) for lot, row in criteria.items()))
        for place, code in enumerate(keys.NOTE_COLUMNS, 1)
    )


def _judged(words: Words, lot: int, place: int, first: int) -> Formula:
    """Name the criterion of one lot that a column judges; nothing where there is none."""
    labels, order = _rows(first, "LABEL"), _places(lot)
    named = index(labels, match(small(order, place), order))
    return if_error(cat(words.say("offers.judged", lot=lot), named), "")


def order_sheet(board: Board, title: str) -> SheetPlan:
    """Give the hidden sheet that holds, for each row of *Critères*, its place among those that people judge.

    Args:
        board: *Critères*, drawn.
        title: name on the tab.
    """
    judged = board.lists.label("CRITERION", JUDGED)
    cells = [
        CellPlan(place, lot - 1, _order(first, place, judged), look.HIDDEN)
        for lot, first in first_rows(board).items()
        for place in range(1, keys.CRITERIA + 1)
    ]
    heads = [CellPlan(0, lot - 1, f"L{lot}", look.HIDDEN_TEXT) for lot in range(1, keys.LOTS + 1)]
    ordered = sorted((*heads, *cells), key=lambda cell: (cell.row, cell.column))
    return SheetPlan(SHEET, title, tuple(ordered), hidden=True)


def first_rows(board: Board) -> Mapping[int, int]:
    """Find where the criteria of each lot begin, by their keys."""
    found: dict[Content, int] = {cell.content: row for (row, column), cell in board.cells.items() if column == KEY}
    return {lot: found[keys.criterion_key(lot, 1)] for lot in range(1, keys.LOTS + 1)}


def _order(first: int, place: int, judged: str) -> Formula:
    """Give the place of a row: that of its criterion first, then its own; nothing where people judge nothing."""
    parent, kind = _cell(first, place, "PARENT"), _cell(first, place, "KIND")
    every = range(1, keys.CRITERIA + 1)
    above = add(*(mul(if_(eq(_code(first, other), parent), 1, 0), other) for other in every))
    return if_(eq(kind, judged), add(mul(if_(eq(parent, ""), place, above), INSIDE), place), "")


def _code(first: int, place: int) -> Formula:
    """Give the code of a row, which is its place where none is typed; as ``intake.criteria`` reads it."""
    cell = _cell(first, place, "CODE")
    return if_(eq(cell, ""), f"C{place}", cell)


def _cell(first: int, place: int, code: str) -> Cell:
    return Cell("CRIT", first + place - 1, _column(code))


def _rows(first: int, code: str) -> Area:
    return Area("CRIT", first, _column(code), first + keys.CRITERIA - 1, _column(code))


def _places(lot: int) -> Area:
    return Area(SHEET, 1, lot - 1, keys.CRITERIA, lot - 1)


def _column(code: str) -> int:
    return 1 + keys.CRITERION_COLUMNS.index(code)
