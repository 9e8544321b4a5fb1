"""Owns the making of a bar chart from its plan, and where its far corner falls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import xlsxwriter

from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.plan import Bars, SheetPlan
from canevas_xl.rules.spreadsheet import text as formula_text

INK: Final = "#1F2933"
FAINT: Final = "#D9DEE3"
WIDTH_OF_COLUMN: Final = 8.43
"""Characters of a column whose width nobody set."""
HEIGHT_OF_ROW: Final = 15.0
"""Points of a row whose height nobody set."""
PIXELS_PER_CHARACTER: Final = 7
PIXELS_PER_POINT: Final = 4 / 3


def insert_chart(book: xlsxwriter.Workbook, names: Mapping[str, str], plan: Bars) -> None:
    """Put a chart over the sheet it names: no legend, the unit on its axis, a text for those who cannot see it."""
    chart = book.add_chart({"type": "bar" if plan.horizontal else "column"})
    chart.add_series(
        {
            "categories": _range(names, plan.categories),
            "values": _range(names, plan.values),
            "fill": {"color": plan.colour},
            "border": {"none": True},
            "gap": 60,
        }
    )
    live = "=" + formula_text(plan.title, names).removeprefix("=") if isinstance(plan.title, Cell) else ""
    chart.set_title({"name": live, "overlay": False, "name_font": {"size": 12, "bold": True, "color": INK}})
    if isinstance(plan.title, str):
        # Given as a name, a text like « Offre!A1 » would be taken for the way to a cell, and the file for a broken one.
        chart.title.name = plan.title
    chart.set_legend({"none": True})
    labels = {"num_font": {"size": 9, "color": INK}, "line": {"color": FAINT}, "major_tick_mark": "none"}
    values = {
        **labels,
        "name_font": {"size": 9, "bold": False, "color": INK},
        "major_gridlines": {"visible": True, "line": {"color": FAINT, "width": 0.5}},
    }
    # Every bar has its name: left alone, programs leave out the names for which they find no room.
    named = {**labels, "interval_unit": 1, "major_gridlines": {"visible": False}}
    if plan.horizontal:
        # Bars are drawn from below: the first category is wanted on top, the axis of the values at the bottom.
        chart.set_y_axis({**named, "reverse": True, "crossing": "max"})
        chart.set_x_axis(values)
        chart.x_axis["title"].name = plan.axis
    else:
        chart.set_x_axis(named)
        chart.set_y_axis(values)
        chart.y_axis["title"].name = plan.axis
    chart.set_size({"width": plan.width, "height": plan.height})
    chart.show_na_as_empty_cell()
    sheet: Any = book.get_worksheet_by_name(names[plan.at.sheet])
    options = {"description": plan.alternative_text, "object_position": 2}
    sheet.insert_chart(plan.at.row, plan.at.column, chart, options)


def chart_corner(plan: Bars, sheet: SheetPlan) -> tuple[int, int]:
    """Give the (row, column) under the far corner of a chart, from the sizes its sheet plans."""
    heights, widths, hidden = dict(sheet.heights), dict(sheet.widths), set(sheet.hidden_columns)
    row, left = plan.at.row, float(plan.height)
    while (left := left - heights.get(row, HEIGHT_OF_ROW) * PIXELS_PER_POINT) > 0:
        row += 1
    column, left = plan.at.column, float(plan.width)
    while True:
        width = 0 if column in hidden else widths.get(column, WIDTH_OF_COLUMN) * PIXELS_PER_CHARACTER + 5
        left -= width
        if left <= 0:
            return row, column
        column += 1


def _range(names: Mapping[str, str], area: Area) -> list[str | int]:
    return [names[area.sheet], area.first_row, area.first_column, area.last_row, area.last_column]
