"""Owns the five questions that close a campaign, asked in the phase of feedback: three minutes, nothing required."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, inputs
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import ITEM_LIST, YESNO_LIST, Places
from canevas_xl.canvas.workbook.values import LIST_LABEL
from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.plan import Content, Style, Validation

LONGEST: Final = 300
MOST_MINUTES: Final = 6000
WIDTHS: Final = (10.0, 55.0, 62.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0, 8.0)
_TALL: Final = 34.0


@dataclass(frozen=True, slots=True)
class Question:
    """One question; its words stand in the texts under ``feedback.<key>``."""

    key: str
    kind: Literal["minutes", "text", "item", "yesno"]


QUESTIONS: Final = (
    Question("FB1", "minutes"),
    Question("FB2", "text"),
    Question("FB3", "item"),
    Question("FB4", "item"),
    Question("FB5", "yesno"),
)


def fill(sheet: Sheet, places: Places) -> None:
    """Put the questions under the title bar."""
    words = sheet.words
    grid.codes_row(sheet, grid.CODES[: grid.VALUE + 1])
    titles = {grid.LABEL: words.say("head.label"), grid.VALUE: words.say("head.value")}
    sheet.heads(grid.HEAD_ROW, titles)
    sheet.put(grid.BODY, grid.LABEL, words.say("feedback.use"), look.SMALL)
    for row, question in enumerate(QUESTIONS, start=grid.BODY + 1):
        name = question.key.lower()
        sheet.put(row, grid.KEY, question.key, look.KEY)
        sheet.put(row, grid.LABEL, words.say(f"feedback.{name}"), look.LABEL)
        cell = sheet.put(row, grid.VALUE, _typed(places, sheet, question), _style(question))
        sheet.heights[row] = _TALL
        sheet.validations.append(_guard(sheet, places, cell, question))


def _typed(places: Places, sheet: Sheet, question: Question) -> Content:
    answer = places.canvas.answers.get(question.key)
    if answer is None or answer.value is None:
        return None
    if question.kind == "minutes":
        return float(answer.value)
    return sheet.words.term("yesno", str(answer.value)) if question.kind == "yesno" else str(answer.value)


def _style(question: Question) -> Style:
    if question.kind == "minutes":
        return replace(look.INPUT_NUMBER, number_format="#,##0", align="left")
    return look.INPUT_TEXT if question.kind == "text" else look.INPUT_CHOICE


def _guard(sheet: Sheet, places: Places, cell: Cell, question: Question) -> Validation:
    words = sheet.words
    prompt = words.say(f"feedback.prompt.{question.key.lower()}")
    if question.kind == "minutes":
        return inputs.whole(words, cell, 0, MOST_MINUTES, prompt)
    if question.kind == "text":
        return inputs.text(words, cell, LONGEST, prompt)
    if question.kind == "yesno":
        return inputs.listed(words, cell, places.list_area(YESNO_LIST, LIST_LABEL), prompt)
    items = places.list_area(ITEM_LIST, LIST_LABEL)
    # The last choice of that list is no question of the canvas.
    asked = Area(items.sheet, items.first_row, items.first_column, items.last_row - 1, items.last_column)
    return inputs.listed(words, cell, asked, prompt)
