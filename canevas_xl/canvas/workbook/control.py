"""Owns *Contrôle*: what is left or doubtful, each with a link; then how to send the canvas back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import checks, grid, states
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import Places
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.campaign import Channel
from canevas_xl.model.formula import Formula, SameRow
from canevas_xl.model.plan import LookWhen
from canevas_xl.rules.build import cat, eq, gt, hyperlink, if_, index, match

SHOWN: Final = 14
"""How many problems are listed at a time, as many as one printed page holds; the others come up as these are mended."""
WIDTHS: Final = (5.0, 44.0, 13.0, 17.0, 76.0, 2.0, 2.0, 2.0, 2.0, 2.0)
"""What to do needs a sentence, which wraps in one wide column."""
_POSITION: Final = grid.USED
_TALL: Final = 26.0
_FIRST: Final = grid.BODY + 3


def fill(sheet: Sheet, places: Places) -> None:
    """Put the state of the whole, how to send it back, and the list."""
    words = sheet.words
    sheet.put(grid.BODY - 1, grid.LABEL, summary(words), replace(look.STRONG, size=14, colour=look.DEEP))
    sheet.heights[grid.BODY - 1] = 30.0
    sheet.heights[grid.CODES_ROW] = 6.0
    first, *more_sentences = send_back(places, words)
    second = more_sentences[0] if more_sentences else ""
    sheet.put(grid.BODY, grid.LABEL, if_(eq(checks.LEFT, 0), first, words.say("control.how")))
    sheet.put(grid.BODY + 1, grid.LABEL, if_(eq(checks.LEFT, 0), second, words.say("control.may_send")))
    titles = {grid.LABEL: "what", grid.VALUE: "state", grid.UNIT: "place", grid.ORIGIN: "todo"}
    sheet.heads(_FIRST - 1, {column: words.say(f"control.head.{name}") for column, name in titles.items()})
    for k in range(1, min(SHOWN, len(places.checks)) + 1):
        _problem(sheet, places, _FIRST + k - 1, k)
    last = _FIRST + min(SHOWN, len(places.checks))
    more = if_(gt(checks.LEFT, SHOWN), words.say("control.more"), "")
    sheet.put(last, grid.LABEL, more, look.SMALL)
    area = sheet.area(_FIRST, grid.VALUE, last - 1)
    doubt, to_fill = (test(SameRow(_POSITION + 1)) for test in (states.to_look_at, states.to_fill))
    sheet.looks.append(LookWhen(area, to_fill, fill=look.FILL, colour=look.INK, bold=True))
    sheet.looks.append(LookWhen(area, doubt, fill=look.LOOK, colour=look.LOOK_INK, bold=True))


def _problem(sheet: Sheet, places: Places, row: int, k: int) -> None:
    words = sheet.words
    position = sheet.put(row, _POSITION, match(k, checks.column_of(places, checks.COUNT)), look.HIDDEN)

    def found(column: int) -> Formula:
        return index(checks.column_of(places, column), position)

    def listed(value: Formula) -> Formula:
        return if_(gt(k, checks.LEFT), "", value)

    number = sheet.put(row, _POSITION + 1, if_(gt(k, checks.LEFT), 0, found(checks.PROBLEM)), look.HIDDEN)
    state = states.wrong(words, number)
    sheet.put(
        row,
        grid.LABEL,
        listed(hyperlink(found(checks.TARGET), found(checks.LABEL))),
        replace(look.LINK, wrap=True, size=10),
    )
    sheet.heights[row] = _TALL
    sheet.put(row, grid.VALUE, listed(state), look.STATE)
    sheet.put(row, grid.UNIT, listed(found(checks.PLACE)), look.SMALL)
    sheet.put(row, grid.ORIGIN, listed(found(checks.MESSAGE)), replace(look.CELL, indent=0))


def summary(words: Words) -> Formula:
    """How many answers are left, or that all is filled."""
    left = checks.LEFT
    some = if_(eq(left, 1), words.say("control.one"), cat(words.say("control.many_before"), " ", left, " ",
               words.say("control.many_after")))  # fmt: skip
    return if_(eq(left, 0), words.say("control.done"), some)


def send_back(places: Places, words: Words) -> tuple[str, ...]:
    """How the canvas goes back, sentence by sentence: by the *profil d'acheteur*, or by e-mail, before a date."""
    campaign = places.canvas.subject.campaign
    moment = words.moment(campaign.deadline)
    if campaign.channel is Channel.PROFILE:
        offered = words.say("control.by_profile", profile=campaign.profile, moment=moment)
        return (offered, words.say("control.not_by_email"))
    return (words.say("control.by_email", email=campaign.email, moment=moment),)
