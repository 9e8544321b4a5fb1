"""Owns the sheet *Mode d'emploi*: four steps, what each sheet is for, the next command."""

from __future__ import annotations

from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import Board, Shown
from canevas_xl.model.campaign_keys import INPUT_SHEETS
from canevas_xl.model.formula import Cell
from canevas_xl.model.plan import Link

WIDTHS: Final = (36.0, 112.0, 10.0)
STEPS: Final = ("step1", "step2", "step3", "step4")
NOTES: Final = ("look", "keys", "tokens")


def draw_guide(board: Board) -> str:
    """Draw the guide; nothing is left to do here."""
    words = board.words
    board.line(words.say("guide.intro"), look.TEXT)
    board.row += 1
    board.section(words.say("guide.steps"))
    for step in STEPS:
        _pair(board, words.say(f"guide.{step}"), words.say(f"guide.{step}_text"))
    board.row += 1
    board.section(words.say("guide.sheets"))
    for code in INPUT_SHEETS[1:]:
        name = words.say(f"sheet.{code}.name")
        _pair(board, Link(name, Cell(code, 0, 1), name), words.say(f"sheet.{code}.purpose"))
    board.row += 1
    board.section(words.say("guide.results"))
    _pair(board, "", words.say("guide.results_text"))
    for note in NOTES:
        _pair(board, words.say(f"guide.{note}"), words.say(f"guide.{note}_text"))
    return words.say("workbook.left_none")


def _pair(board: Board, left: Link | str, right: str) -> None:
    style = look.LINK if isinstance(left, Link) else look.STRONG
    board.draw(board.row, 1, Shown(left, style))
    board.draw(board.row, 2, Shown(right, look.LABEL))
    board.tall(board.row, [(right, board.widths[1])])
    board.row += 1
