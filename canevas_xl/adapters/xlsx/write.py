"""Owns the making of a file from a workbook plan, with XlsxWriter: every text as text, every formula with its value.

The same plan gives the same bytes. Stamped texts are written as placeholders (see ``stamp``).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

from canevas_xl.adapters.xlsx.charts import chart_corner, insert_chart
from canevas_xl.adapters.xlsx.stamp import KEPT, placeholder, without_placeholders
from canevas_xl.model.formula import Formula
from canevas_xl.model.plan import (
    CellPlan,
    Content,
    Link,
    LookWhen,
    Page,
    SheetPlan,
    Stamp,
    Style,
    Validation,
    WorkbookPlan,
)
from canevas_xl.rules.spreadsheet import text as formula_text

CREATED: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""The date that every workbook states, so that building it again gives the same bytes."""
A4: Final = 9
LONGEST_MESSAGE: Final = 255
"""Characters of a validation's message or a link's tip: of a longer one nothing would be kept."""
LONGEST_TITLE: Final = 32
ANY_NUMBER: Final = 1e300
"""What is finite and below this is a number like any other."""
OPTIONS: Final = {
    "in_memory": True,
    "constant_memory": False,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}
KINDS: Final = {"decimal": "decimal", "integer": "whole", "list": "list", "length": "text length"}
SIGNS: Final = {"center": "vcenter", "top": "top", "bottom": "bottom"}


def workbook_bytes(plan: WorkbookPlan) -> bytes:
    """Write a plan as an .xlsx file in memory; where it is stamped, placeholders stand (see ``stamp.Stencil``)."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    pen = _Pen(book, plan)
    title, author = (cut(_plain(text), KEPT["property"]) for text in (plan.title, plan.author))
    book.set_properties({"title": title, "author": author, "created": CREATED})
    for name, value in plan.properties:
        book.set_custom_property(name, cut(_plain(value), KEPT["property"]), "text")
    for sheet in plan.sheets:
        book.add_worksheet(sheet.name)
    for sheet in plan.sheets:
        _write_sheet(pen, sheet)
    for name, area in plan.names:
        book.define_name(name, pen.formula(area))
    _open_on_first_visible(pen, plan)
    book.close()
    return buffer.getvalue()


class _Pen:
    """The workbook being written: its sheets by code, and one format per style."""

    def __init__(self, book: xlsxwriter.Workbook, plan: WorkbookPlan) -> None:
        self.book = book
        self.names = {sheet.code: sheet.name for sheet in plan.sheets}
        self._formats: dict[Style, Any] = {}

    def sheet(self, code: str) -> Any:
        """The sheet of ``code``."""
        return self.book.get_worksheet_by_name(self.names[code])

    def formula(self, tree: Formula) -> str:
        """Write a formula, with its equals sign."""
        return "=" + formula_text(tree, self.names).removeprefix("=")

    def format(self, style: Style) -> Any:
        """The format of ``style``, made once."""
        if style not in self._formats:
            self._formats[style] = self.book.add_format(_format_of(style))
        return self._formats[style]


def _format_of(style: Style) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "font_size": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "underline": int(style.underline),
        "font_color": style.colour,
        "num_format": style.number_format,
        "align": style.align,
        "valign": SIGNS[style.vertical],
        "indent": style.indent,
        "text_wrap": style.wrap,
        "locked": style.locked,
    }
    if style.fill is not None:
        attributes |= {"bg_color": style.fill, "pattern": 1}
    if style.border is not None:
        attributes |= {"border": 1, "border_color": style.border}
    if style.border_bottom is not None:
        attributes |= {"bottom": 1, "bottom_color": style.border_bottom}
    return attributes


def _write_sheet(pen: _Pen, plan: SheetPlan) -> None:
    sheet = pen.sheet(plan.code)
    _lay_out(sheet, plan)
    for cell in plan.cells:
        _write_cell(pen, sheet, cell)
    for validation in plan.validations:
        area = validation.area
        corners = (area.first_row, area.first_column, area.last_row, area.last_column)
        sheet.data_validation(*corners, _validation(pen, validation))
    for look in plan.looks:
        area = look.area
        corners = (area.first_row, area.first_column, area.last_row, area.last_column)
        sheet.conditional_format(*corners, _look(pen, look))
    for bars in plan.charts:
        insert_chart(pen.book, pen.names, bars)
    _set_page(sheet, plan)
    if plan.protected:
        # Users may widen columns and rows to read; nothing here pretends to be a password.
        sheet.protect("", {"format_columns": True, "format_rows": True})


def _lay_out(sheet: Any, plan: SheetPlan) -> None:
    widths = dict(plan.widths)
    for column in sorted(widths.keys() | set(plan.hidden_columns)):
        sheet.set_column(column, column, widths.get(column), None, {"hidden": column in plan.hidden_columns})
    for row, height in plan.heights:
        sheet.set_row(row, height)
    if plan.freeze_row:
        sheet.freeze_panes(plan.freeze_row, 0)
    sheet.set_zoom(plan.zoom)
    sheet.hide_gridlines(2)
    if plan.tab is not None:
        sheet.set_tab_color(plan.tab)
    if plan.hidden:
        sheet.very_hidden()


def _write_cell(pen: _Pen, sheet: Any, cell: CellPlan) -> None:
    place, look, content = (cell.row, cell.column), pen.format(cell.style), cell.content
    match content:
        case None | "":
            sheet.write_blank(*place, None, look)
        case str() | Stamp():
            sheet.write_string(*place, _plain(content), look)
        case bool():
            raise TypeError(cell)  # spreadsheets send booleans back as formulas: nobody plans one
        case int() | float():
            sheet.write_number(*place, content, look)
        case Link():
            target = "internal:" + pen.formula(content.target).removeprefix("=")
            sheet.write_url(*place, target, look, _plain(content.text), cut(_plain(content.tip), LONGEST_MESSAGE))
        case _:
            sheet.write_formula(*place, pen.formula(content), look, _cached(cell))


def _cached(cell: CellPlan) -> float | str | bool:
    """Give the value shown until a program recalculates: nothing where it is not known, since zero is a number."""
    return "" if cell.cached is None else cell.cached


def _plain(text: Content) -> str:
    """Write a text, or the placeholder of a stamped one; an ordinary text can never look like a placeholder."""
    if isinstance(text, Stamp):
        return without_placeholders(text.before) + placeholder(text.name) + without_placeholders(text.after)
    return without_placeholders(str(text))


def cut(text: str, longest: int) -> str:
    """Shorten a text to ``longest`` characters as spreadsheets count them, an ellipsis saying so."""
    if len(text.encode("utf-16-le")) // 2 <= longest:
        return text
    kept = text.encode("utf-16-le")[: 2 * (longest - 1)].decode("utf-16-le", "ignore")
    return kept.rstrip() + "…"


def _validation(pen: _Pen, plan: Validation) -> dict[str, Any]:
    options: dict[str, Any] = {
        "validate": KINDS[plan.kind],
        "ignore_blank": True,
        "error_type": "stop" if plan.strict else "warning",
    }
    messages = {
        "input_title": cut(plan.title, LONGEST_TITLE),
        "input_message": cut(plan.prompt, LONGEST_MESSAGE),
        "error_title": cut(plan.error_title, LONGEST_TITLE),
        "error_message": cut(plan.error, LONGEST_MESSAGE),
    }
    options |= {name: message for name, message in messages.items() if message}
    if plan.source is not None:
        return options | {"source": pen.formula(plan.source)}
    return options | _bounds(plan.minimum, plan.maximum)


def _bounds(minimum: float | None, maximum: float | None) -> dict[str, Any]:
    """Word the bounds of a validation; without any, every number passes and texts do not."""
    if minimum is not None and maximum is None:
        return {"criteria": ">=", "value": minimum}
    if minimum is None and maximum is not None:
        return {"criteria": "<=", "value": maximum}
    return {
        "criteria": "between",
        "minimum": -ANY_NUMBER if minimum is None else minimum,
        "maximum": ANY_NUMBER if maximum is None else maximum,
    }


def _look(pen: _Pen, plan: LookWhen) -> dict[str, Any]:
    attributes: dict[str, Any] = {}
    if plan.fill is not None:
        attributes["bg_color"] = plan.fill
    if plan.colour is not None:
        attributes["font_color"] = plan.colour
    if plan.bold:
        attributes["bold"] = True
    if plan.border is not None:
        attributes |= {"border": 1, "border_color": plan.border}
    return {"type": "formula", "criteria": pen.formula(plan.formula), "format": pen.book.add_format(attributes)}


def _set_page(sheet: Any, plan: SheetPlan) -> None:
    page: Page = plan.page
    sheet.set_paper(A4)
    if page.landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.3, right=0.3, top=0.6, bottom=0.6)
    if plan.row_breaks:
        sheet.set_h_pagebreaks(list(plan.row_breaks))
    if page.repeat_rows:
        sheet.repeat_rows(0, page.repeat_rows - 1)
    if page.header:
        sheet.set_header(_in_section(page.header))
    if page.footer:
        sheet.set_footer(_in_section(page.footer))
    corners = [(cell.row, cell.column) for cell in plan.cells] + [chart_corner(bars, plan) for bars in plan.charts]
    # A hidden sheet gets none: LibreOffice would print it.
    if corners and not plan.hidden:
        last = max(row for row, _ in corners) if page.last_row is None else page.last_row
        sheet.print_area(0, 0, last, max(column for _, column in corners))


def _in_section(text: str | Stamp) -> str:
    """Put a header or footer that names no section in the middle: some readers refuse one outside of them."""
    plain = _plain(text)
    return plain if plain.startswith(("&L", "&C", "&R")) else f"&C{plain}"


def _open_on_first_visible(pen: _Pen, plan: WorkbookPlan) -> None:
    """Open on the first visible sheet, the cursor of each sheet on its first unlocked cell."""
    visible = [sheet for sheet in plan.sheets if not sheet.hidden]
    for sheet in visible:
        inputs = [(cell.row, cell.column) for cell in sheet.cells if not cell.style.locked]
        if inputs:
            pen.sheet(sheet.code).set_selection(*min(inputs), *min(inputs))
    if visible:
        pen.sheet(visible[0].code).set_first_sheet()
        pen.sheet(visible[0].code).activate()
