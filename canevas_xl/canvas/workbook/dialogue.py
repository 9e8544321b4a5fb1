"""Owns the two sheets of discussion: what holds a supplier back and what it could do; questions by item."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, inputs
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import HOLD_LIST, ITEM_LIST, LEVERS, REQUIREMENT_LIST, THREAD, Places
from canevas_xl.canvas.workbook.values import LIST_LABEL
from canevas_xl.model.dialogue import LEVERS as LEVER_ROWS
from canevas_xl.model.dialogue import MESSAGES as THREAD_ROWS

LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Form:
    """A table with one entry per row. Free texts need room: these sheets are the only ones with their own widths."""

    name: str
    """Where its words stand in the texts."""
    prefix: str
    """Of its keys: ``LV`` gives ``LV01``."""
    rows: int
    columns: tuple[tuple[str, int, str], ...]
    """Code, place, list (a text without one)."""
    widths: tuple[float, ...]
    tall: float


FORMS: Final = {
    LEVERS: Form(
        "levers", "LV", LEVER_ROWS,
        (
            ("REQUIREMENT", grid.LABEL, REQUIREMENT_LIST),
            ("HOLD", grid.VALUE, HOLD_LIST),
            ("CHANGE", grid.UNIT, ""),
            ("EFFECT", grid.ORIGIN, ""),
            ("PRICE", grid.EVIDENCE, ""),
            ("DELAY", grid.CONF, ""),
        ),
        (10.0, 34.0, 16.0, 36.0, 30.0, 17.0, 13.0, 3.0, 3.0, 3.0),
        48.0,
    ),
    THREAD: Form(
        "thread", "TH", THREAD_ROWS,
        (("ITEM", grid.LABEL, ITEM_LIST), ("MESSAGE", grid.VALUE, "")),
        (10.0, 41.0, 86.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0),
        32.0,
    ),
}  # fmt: skip


def fill(sheet: Sheet, places: Places) -> None:
    """Put the form of a sheet of discussion under its title bar."""
    form, words = FORMS[sheet.code], sheet.words
    codes: dict[int, str] = {grid.KEY: "KEY"} | {column: code for code, column, _ in form.columns}
    for column in range(grid.LAST + 1):
        sheet.put(grid.CODES_ROW, column, codes.get(column), look.CODE)
    sheet.heights[grid.CODES_ROW] = 11.0
    heads = {column: words.say(f"{form.name}.head.{code.lower()}") for code, column, _ in form.columns}
    sheet.heads(grid.HEAD_ROW, heads)
    sheet.heights[grid.HEAD_ROW] = 36.0
    row = grid.BODY
    for text in ("use", "how"):
        sheet.put(row, grid.LABEL, words.say(f"{form.name}.{text}"), look.SMALL)
        row += 1
    for number in range(1, form.rows + 1):
        _entry(sheet, places, form, row, f"{form.prefix}{number:02d}")
        row += 1


def _entry(sheet: Sheet, places: Places, form: Form, row: int, key: str) -> None:
    sheet.put(row, grid.KEY, key, look.KEY)
    sheet.heights[row] = form.tall
    for code, column, listed in form.columns:
        answer = places.canvas.answers.get(f"{key}.{code}")
        typed = str(answer.value) if answer and answer.value is not None else None
        cell = sheet.put(row, column, typed, replace(look.INPUT_TEXT, size=10, vertical="top"))
        prompt = sheet.words.say(f"{form.name}.prompt.{code.lower()}")
        if listed:
            labels = places.list_area(listed, LIST_LABEL)
            sheet.validations.append(inputs.listed(sheet.words, cell, labels, prompt))
        else:
            sheet.validations.append(inputs.text(sheet.words, cell, LONGEST, prompt))
