"""Owns the model that a buyer fills with factors of their own: an .xlsx with its explanation, or a bare .csv."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final

import xlsxwriter

from canevas_xl import resources
from canevas_xl.adapters.store.files import write_new
from canevas_xl.errors import WrongUse
from canevas_xl.sources.own import COLUMNS, DESCRIBED, REQUIRED, headers

ROWS: Final = 200
"""Rows that the model makes ready; more can be filled."""


def write_model(path: Path, language: str) -> None:
    """Write the model, empty, with its headers in ``language``; by the ending of its name.

    Raises:
        WrongUse: F115, the name ends neither in .xlsx nor in .csv.
        Fault: X105 the file exists; X1xx it cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".xlsx":
        write_new(path, _workbook(language))
    elif kind == ".csv":
        stream = io.StringIO(newline="")
        # Excel in French takes semicolons and decimal commas, and knows UTF-8 by its byte order mark.
        csv.writer(stream, delimiter=";" if language == "fr" else ",").writerow(headers(language).values())
        write_new(path, stream.getvalue().encode("utf-8-sig"))
    else:
        raise WrongUse("F115", file=path.name)


def _workbook(language: str) -> bytes:
    texts = resources.texts("factors", language)
    titles = headers(language)
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    must = book.add_format({"bold": True, "bg_color": "#FFF2CC", "border": 1, "text_wrap": True, "valign": "top"})
    may = book.add_format({"bold": True, "bg_color": "#E7E6E6", "border": 1, "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(texts["own.sheet"])
    for at, key in enumerate(COLUMNS):
        sheet.write_string(0, at, titles[key], must if key in REQUIRED else may)
        sheet.set_column(at, at, 28 if key.startswith("name") else 14)
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, 2)
    sending = [texts["own.yes"], texts["own.no"]]
    at = COLUMNS.index("may_be_sent")
    sheet.data_validation(1, at, ROWS, at, {"validate": "list", "source": sending})
    guide = book.add_worksheet(texts["own.guide"])
    guide.set_column(0, 0, 26)
    guide.set_column(1, 1, 90)
    guide.write_string(0, 0, texts["own.guide_title"], may)
    guide.write_string(0, 1, texts["own.guide_text"], wrapped)
    for row, key in enumerate(DESCRIBED, start=2):
        guide.write_string(row, 0, titles[key], must if key in REQUIRED else may)
        guide.write_string(row, 1, texts[f"own.about.{key}"], wrapped)
    guide.write_string(len(DESCRIBED) + 2, 0, f"{COLUMNS[len(DESCRIBED)]} … {COLUMNS[-1]}", must)
    guide.write_string(len(DESCRIBED) + 2, 1, texts["own.about.values"], wrapped)
    book.close()
    return stream.getvalue()
