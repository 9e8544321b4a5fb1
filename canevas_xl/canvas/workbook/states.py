"""Owns the words and colours of what is wrong: to fill, to complete, to look at; the same on every sheet."""

from __future__ import annotations

from canevas_xl.canvas.workbook.problems import UNSAID, Problem
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.formula import Formula
from canevas_xl.rules.build import Part, and_, eq, gt, if_, ne, or_


def wrong(words: Words, problem: Part) -> Formula:
    """The sign and word of a problem, whose number is not 0."""
    beside = if_(unsaid(problem), words.say("state.unsaid"), words.say("state.doubt"))
    return if_(eq(problem, int(Problem.MISSING)), words.say("state.missing"), beside)


def unsaid(problem: Part) -> Formula:
    """Whether only the origin or the document is missing."""
    return or_(*(eq(problem, int(one)) for one in UNSAID))


def to_fill(problem: Part) -> Formula:
    """Whether something has still to be typed."""
    return or_(eq(problem, int(Problem.MISSING)), unsaid(problem))


def to_look_at(problem: Part) -> Formula:
    """Whether what is typed has to be looked at."""
    return and_(gt(problem, int(Problem.MISSING)), *(ne(problem, int(one)) for one in UNSAID))
