"""Owns the plan of a supplier's workbook: its sheets, in order, each filled by its own module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from canevas_xl.canvas.workbook import (
    calc,
    checks,
    control,
    dialogue,
    feedback,
    figures,
    grid,
    lists,
    offer,
    sources,
    weigh,
    welcome,
    whatif,
)
from canevas_xl.canvas.workbook import places as at
from canevas_xl.canvas.workbook.grid import Sheet, Way
from canevas_xl.canvas.workbook.places import Places
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.formula import Formula
from canevas_xl.model.plan import SheetPlan, Stamp, WorkbookPlan
from canevas_xl.model.vocabulary import Phase
from canevas_xl.rules.build import cat, eq, if_
from canevas_xl.rules.spreadsheet import recalculated

Fill = Callable[[Sheet, Places], None]
WIDTHS: Final = {
    at.WELCOME: welcome.WIDTHS,
    at.CONTROL: control.WIDTHS,
    at.FEEDBACK: feedback.WIDTHS,
    **{code: form.widths for code, form in dialogue.FORMS.items()},
}
"""Sheets whose texts need their own columns; the whole is the grid's."""
LINKS: Final = {
    at.CONTROL: (grid.VALUE, grid.ORIGIN),
    at.LEVERS: (grid.UNIT, grid.ORIGIN),
    at.THREAD: (grid.VALUE, grid.UNIT),
    at.FEEDBACK: (grid.VALUE, grid.UNIT),
}


def plan_canvas(canvas: Canvas, *, supplier_known: bool = True) -> WorkbookPlan:
    """Plan the workbook of a canvas, every formula with its value.

    Args:
        canvas: what is asked, in which language, with which answers it comes filled.
        supplier_known: whether the workbook is addressed: it then says to whom.

    Raises:
        ExpressionError: a formula of the template that cannot be parsed.
        KeyError: a process without factors, or a text that the catalogues miss.
    """
    places = at.places(canvas)
    words = Words.of(canvas)
    codes = visible(places)
    names = {code: words.say(f"sheet.{code}") for code in (*codes, at.LISTS, at.META, at.CALC)}
    sheets = [_visible(places, words, names, code, supplier_known=supplier_known) for code in codes]
    sheets += _hidden(places, words, names)
    subject = canvas.subject
    plan = WorkbookPlan(
        title=words.say("welcome.title", title=subject.campaign.title, lot=str(subject.lot.number)),
        language=canvas.language,
        sheets=tuple(sheets),
        names=figures.names(places),
        properties=(("canevas-xl", Stamp("token")), ("canevas-xl-fingerprint", canvas.fingerprint)),
        author=subject.campaign.buyer,
    )
    return recalculated(plan)


def visible(places: Places) -> tuple[str, ...]:
    """Codes of the visible sheets, in order; discussion only in the phases that have one."""
    always = (at.WELCOME, at.OFFER, at.WEIGH, at.SOURCES, at.CONTROL)
    phase = places.canvas.subject.campaign.phase
    if phase is Phase.FEEDBACK:
        return (*always, at.LEVERS, at.THREAD, at.FEEDBACK)
    return (*always, at.LEVERS, at.THREAD) if phase in at.DISCUSSED else always


def _visible(places: Places, words: Words, names: dict[str, str], code: str, *, supplier_known: bool) -> SheetPlan:
    fills: dict[str, Fill] = {
        at.WELCOME: lambda sheet, where: welcome.fill(sheet, where, supplier_known=supplier_known),
        at.OFFER: offer.fill,
        at.WEIGH: weigh.fill,
        at.SOURCES: sources.fill,
        at.CONTROL: control.fill,
        at.LEVERS: dialogue.fill,
        at.THREAD: dialogue.fill,
        at.FEEDBACK: feedback.fill,
    }
    sheet = Sheet(code, names[code], words)
    codes = visible(places)
    position = codes.index(code)
    before = codes[position - 1] if position else None
    after = codes[position + 1] if position + 1 < len(codes) else None
    way = Way(
        position + 1,
        len(codes),
        (before, names[before]) if before else None,
        (after, names[after]) if after else None,
        LINKS.get(code, (grid.ORIGIN, grid.KEPT)),
    )
    grid.title_bar(sheet, way, words.say(f"purpose.{code}"), _left(places, words, code, way))
    fills[code](sheet, places)
    return sheet.planned(freeze=_freeze(code), widths=WIDTHS.get(code, grid.WIDTHS))


def _freeze(code: str) -> int:
    """Under the title bar; with the heads of columns where they hold for the whole sheet."""
    return grid.BODY if code in {at.OFFER, at.SOURCES, at.LEVERS, at.THREAD, at.FEEDBACK} else grid.CODES_ROW


def _left(places: Places, words: Words, code: str, way: Way) -> Formula:
    """Where one is, and what is left here."""
    place = words.say("way.place", position=way.position, count=way.count)
    left: Formula = checks.LEFT
    if code == at.WELCOME:
        left = checks.left_in(checks.on_welcome(places))
    elif code == at.OFFER:
        left = checks.left_in(checks.on_offer(places))
    key = "way.left_here" if code in {at.WELCOME, at.OFFER} else "way.left"
    return cat(place, " · ", if_(eq(left, 0), words.say("way.nothing"), cat(words.say(key), " ", left)))


def _hidden(places: Places, words: Words, names: dict[str, str]) -> list[SheetPlan]:
    listed = Sheet(at.LISTS, names[at.LISTS], words)
    lists.fill(listed, places)
    meta = Sheet(at.META, names[at.META], words)
    lists.fill_meta(meta, places)
    counted = Sheet(at.CALC, names[at.CALC], words)
    checks.fill(counted, places, names)
    calc.fill(counted, places)
    whatif.fill_calc(counted, places)
    return [sheet.planned(hidden=True) for sheet in (listed, meta, counted)]
