"""Owns the sheet *Facteurs*: the data of this canvas, and those that the buyer replaces in this campaign."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import Ask, Board, Column, Rule
from canevas_xl.canvas.freeze import reachable_processes
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

WIDTHS: Final = (26.0, 16.0, 30.0, 56.0, 56.0)
RULES: Final = {
    "PROCESS": Rule(high=60),
    "VALUE": Rule("number", low=0, example=0.05),
    "BY": Rule(high=80),
    "REASON": Rule(high=400),
    "SOURCE": Rule(high=200),
}


def draw_factors(board: Board, template: Template, factors: FactorSet) -> str:
    """Draw the rows of replacements, then every process that the canvas can reach with its published value."""
    words = board.words
    board.line(words.say("facts.intro"))
    board.line(words.say("facts.reason"))
    board.row += 1
    heads = {code: words.say(f"facts.head.{code}") for code in keys.REPLACEMENT_COLUMNS}
    board.codes([Column(code, head, code == "VALUE") for code, head in heads.items()])
    asks = [Ask(RULES[code], title=head, prompt=words.say(f"facts.prompt_{code}")) for code, head in heads.items()]
    for place in range(1, keys.REPLACEMENTS + 1):
        board.keyed(keys.replacement_key(place), asks)
    board.row += 1
    _published(board, template, factors)
    return words.say("workbook.left_none")


def _published(board: Board, template: Template, factors: FactorSet) -> None:
    """List what may be replaced; no key stands before it, so nothing typed there is read."""
    words = board.words
    board.section(words.say("facts.published"))
    figure = look.numeric(look.GIVEN)
    for process in (one for one in reachable_processes(template) if one in factors.processes):
        one = factors.processes[process]
        climate = factors.whole(process)[INDICATORS.index(CLIMATE)]
        per = words.say("facts.per", unit=words.unit(one.unit))
        told = (process, climate, per, one.name(words.language), one.cited)
        styles = (look.TEXT, figure, replace(look.TEXT, indent=1), look.TEXT, look.TEXT)
        for column, (content, style) in enumerate(zip(told, styles, strict=True), 1):
            board.put(board.row, column, content, style)
        board.row += 1
