"""Owns the sheet *Consultation*: who buys what, before when, how canvases come back, what is issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import Ask, Board, Column, Rule, Shown
from canevas_xl.model.campaign_keys import IDENTITY, consultation_key
from canevas_xl.model.formula import Area, Formula, SameRow
from canevas_xl.rules.build import cat, countif, eq, if_

COLUMNS: Final = ("LABEL", "VALUE", "STATE", "HELP")
WIDTHS: Final = (38.0, 44.0, 14.0, 62.0)
VALUE: Final = 2
STATE: Final = 3
SECTIONS: Final = (
    ("section_purchase", ("TITLE", "BUYER", "PHASE", "PROCEDURE", "NATURE", "AMOUNT")),
    ("section_calendar", ("DATE", "HOUR", "ZONE", "CONTACT", "EMAIL")),
    ("section_return", ("CHANNEL", "PROFILE", "LANG", "OPEN")),
    ("section_issue", ("SPREAD", "ROUND", "ERRATUM")),
)
RULES: Final = {
    "PHASE": Rule("list", list="PHASE"),
    "PROCEDURE": Rule("list", list="PROCEDURE", strict=False),
    "NATURE": Rule("list", list="NATURE"),
    "AMOUNT": Rule("number", low=0, example=45000),
    "ZONE": Rule("list", list="ZONE", strict=False),
    "CHANNEL": Rule("list", list="CHANNEL"),
    "LANG": Rule("list", list="LANGUAGE"),
    "OPEN": Rule("list", list="YESNO"),
    "SPREAD": Rule("number", low=0, high=100, example=10),
    "ROUND": Rule("integer", low=1, high=99, example=1),
    "TITLE": Rule(high=150),
    "ERRATUM": Rule(high=400),
}
"""What is not here is a short text."""
OPTIONAL: Final = frozenset({"AMOUNT", "PROFILE", "ERRATUM", "PROCEDURE"})
CHOSEN: Final[dict[str, float | str]] = {
    "PHASE": "consultation", "NATURE": "supplies", "CHANNEL": "email", "LANG": "", "OPEN": "NON", "ROUND": 1.0,
    "ZONE": "Europe/Paris", "HOUR": "12:00", "SPREAD": 10.0,
}  # fmt: skip
"""What it comes filled with; the campaign's language for LANG."""
SHORT: Final = Rule(high=120)
ON_NEW_PAGE: Final = "section_issue"
"""It would not fit whole at the end of the first page."""
USUAL_DELAY: Final = timedelta(days=35)
"""Between today and the date given as an example."""


def draw_consultation(board: Board, *, today: date, identity: dict[str, str]) -> Formula:
    """Draw the sheet; give what its title bar says is left."""
    example = (today + USUAL_DELAY).isoformat()
    first = board.row
    for place, (section, codes) in enumerate(SECTIONS):
        if section == ON_NEW_PAGE:
            board.breaks.append(board.row)
        board.section(board.words.say(f"cons.{section}"))
        if place == 0:
            _codes(board)
        for code in codes:
            _row(board, code, example)
        board.row += 1
    states = board.area(first, STATE, board.row)
    board.section(board.words.say("cons.section_identity"))
    for code in IDENTITY:
        drawn = (
            Shown(board.words.say(f"cons.{code}.label"), look.LABEL),
            Shown(identity[code], replace(look.TEXT, number_format="@")),
            None,
            Shown(board.words.say(f"cons.{code}.help"), look.HELP),
        )
        board.keyed(consultation_key(code), drawn)
    return left(board, states)


def _codes(board: Board) -> None:
    board.codes([Column(code, board.words.say(f"head.{code}")) for code in COLUMNS])


def _row(board: Board, code: str, example: str) -> None:
    words = board.words
    chosen = CHOSEN.get(code)
    rule = RULES.get(code, SHORT)
    if code == "LANG":
        chosen = words.language
    if rule.list and isinstance(chosen, str):
        chosen = board.lists.label(rule.list, chosen)
    ask = Ask(
        rule,
        chosen,
        title=words.say(f"cons.{code}.label"),
        prompt=words.say(f"cons.{code}.prompt", example=example),
        required=code not in OPTIONAL,
    )
    drawn = (
        Shown(ask.title, look.LABEL),
        ask,
        Shown(state(board, VALUE, required=ask.required), replace(look.STATE, indent=1)),
        Shown(words.say(f"cons.{code}.help", example=example), replace(look.HELP, vertical="center", wrap=True)),
    )
    board.keyed(consultation_key(code), drawn, 34.0 if code == "ERRATUM" else 21.0)


def state(board: Board, column: int, *, required: bool) -> Formula:
    """Say whether the input of the same row is filled."""
    words = board.words
    return if_(
        eq(SameRow(column), ""),
        words.say("state.todo") if required else words.say("state.optional"),
        words.say("state.done"),
    )


def left(board: Board, states: Area) -> Formula:
    """Say how many states of a column are still to do."""
    words = board.words
    count = countif(states, words.say("state.todo"))
    some = words.say("workbook.left_some_before"), words.say("workbook.left_some_after")
    return if_(eq(count, 0), words.say("workbook.left_none"), cat(some[0], count, some[1]))
