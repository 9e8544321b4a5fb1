"""Owns the two sheets of discussion: what holds a supplier back and what it could do; questions by item."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, inputs
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import HOLD_LIST, ITEM_LIST, REQUIREMENT_LIST, Places
from canevas_xl.canvas.workbook.values import LIST_LABEL
from canevas_xl.model.plan import Validation

LEVER_ROWS: Final = 8
MESSAGE_ROWS: Final = 12
LONGEST: Final = 500
_TALL: Final = 48.0

LEVERS: Final = (
    ("REQUIREMENT", grid.LABEL, REQUIREMENT_LIST),
    ("HOLD", grid.VALUE, HOLD_LIST),
    ("CHANGE", grid.UNIT, ""),
    ("EFFECT", grid.ORIGIN, ""),
    ("PRICE", grid.EVIDENCE, ""),
    ("DELAY", grid.CONF, ""),
)
"""Columns of inputs: code, place, list (a text without one)."""
THREAD: Final = (("ITEM", grid.LABEL, ITEM_LIST), ("MESSAGE", grid.VALUE, ""))
LEVER_WIDTHS: Final = (10.0, 36.0, 18.0, 38.0, 32.0, 18.0, 14.0, 6.0, 3.0, 3.0)
"""Free texts need room: these two sheets are the only ones with widths of their own."""
THREAD_WIDTHS: Final = (10.0, 44.0, 82.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0)


def fill_levers(sheet: Sheet, places: Places) -> None:
    """Put the table of levers and constraints."""
    _table(sheet, places, "levers", "LV", LEVERS, LEVER_ROWS)


def fill_thread(sheet: Sheet, places: Places) -> None:
    """Put the table of questions."""
    _table(sheet, places, "thread", "TH", THREAD, MESSAGE_ROWS)


def _table(
    sheet: Sheet, places: Places, name: str, prefix: str, columns: tuple[tuple[str, int, str], ...], count: int
) -> None:  # noqa: E501
    words = sheet.words
    codes: dict[int, str] = {grid.KEY: "KEY"} | {column: code for code, column, _ in columns}
    for column in range(grid.LAST + 1):
        sheet.put(grid.CODES_ROW, column, codes.get(column), look.CODE)
    sheet.heights[grid.CODES_ROW] = 11.0
    sheet.heads(grid.HEAD_ROW, {column: words.say(f"{name}.head.{code.lower()}") for code, column, _ in columns})
    sheet.tall(grid.HEAD_ROW, 3)
    row = grid.BODY
    for text in ("use", "how"):
        sheet.put(row, grid.LABEL, words.say(f"{name}.{text}"), look.SMALL)
        row += 1
    for number in range(1, count + 1):
        key = f"{prefix}{number:02d}"
        sheet.put(row, grid.KEY, key, look.KEY)
        sheet.heights[row] = _TALL
        for code, column, listed in columns:
            answer = places.canvas.answers.get(f"{key}.{code}")
            typed = str(answer.value) if answer and answer.value is not None else None
            cell = sheet.put(row, column, typed, replace(look.INPUT_TEXT, size=10, vertical="top"))
            prompt = words.say(f"{name}.prompt.{code.lower()}")
            if listed:
                sheet.validations.append(
                    Validation(
                        inputs.one(cell),
                        "list",
                        source=places.list_area(listed, LIST_LABEL),
                        prompt=prompt,
                        error_title=words.say("refused.title"),
                        error=words.say("refused.list"),
                    )  # fmt: skip
                )
            else:
                sheet.validations.append(inputs.text(words, cell, LONGEST, prompt))
        row += 1
