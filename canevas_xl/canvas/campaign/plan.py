"""Owns the whole of the buyer's workbook: its input sheets in order, its hidden lists, its properties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from canevas_xl.canvas.campaign import competition, consultation, guide, need
from canevas_xl.canvas.campaign import factors as data
from canevas_xl.canvas.campaign.board import Board
from canevas_xl.canvas.campaign.lists import lists_of
from canevas_xl.canvas.campaign.note_heads import first_rows, order_sheet
from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model.campaign_keys import INPUT_SHEETS
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.formula import Cell, Formula
from canevas_xl.model.plan import Link, WorkbookPlan
from canevas_xl.model.template import Template, Texts

TEMPLATE_PROPERTY: Final = "canevas-template"
"""``id@version``: tells which template a campaign's workbook was made from."""
CAMPAIGN_PROPERTY: Final = "canevas-campaign"


@dataclass(frozen=True, slots=True)
class _Page:
    """How one sheet is drawn."""

    widths: tuple[float, ...]
    links: tuple[int, int]
    """Columns of the ways to the sheets before and after."""
    draw: Callable[[Board], Formula | str]
    landscape: bool = True


def plan_campaign(
    template: Template, texts: Texts, factors: FactorSet, *, language: str, code: str, today: date
) -> WorkbookPlan:
    """Plan ``campagne.xlsx``: input sheets laid out, validated, explained and pre-filled; result sheets come apart.

    Args:
        template: the template, fragments merged in.
        texts: its words in ``language``.
        factors: the set that it names, to state its version.
        language: ``fr`` or ``en``.
        code: six characters ``[A-Z0-9]``, the campaign's.
        today: the clock: dates given as examples follow from it.

    Returns:
        A plan whose formulas have no cached values yet (``rules.spreadsheet.recalculated``).
    """
    words = Words.of(template, texts, language, code)
    lists = lists_of(template, texts, words.catalogue, words.terms)
    identity = {
        "CODE": code,
        "TEMPLATE": f"{template.id}@{template.version}",
        "FACTORS": f"{factors.id}@{factors.version}",
    }
    boards: dict[str, Board] = {}
    pages = _pages(template, factors, today, identity)
    # Notes are headed by the criteria that they judge, wherever those were drawn.
    pages["OFFERS"] = _Page(
        competition.OFFERS_WIDTHS, (3, 6), lambda b: competition.draw_offers(b, first_rows(boards["CRIT"]))
    )
    sheets = []
    for place, name in enumerate(INPUT_SHEETS):
        page = pages[name]
        board = boards[name] = Board(name, words, lists, page.widths)
        left = page.draw(board)
        board.title_bar(_way(words, place), left, page.links)
        sheets.append(board.planned(landscape=page.landscape))
    return WorkbookPlan(
        title=words.say("workbook.title"),
        language=language,
        sheets=(
            *sheets,
            lists.sheet(words.say("sheet.LISTS.name")),
            order_sheet(boards["CRIT"], words.say("sheet.ORDER.name")),
        ),
        properties=((TEMPLATE_PROPERTY, identity["TEMPLATE"]), (CAMPAIGN_PROPERTY, code)),
    )


def _pages(template: Template, factors: FactorSet, today: date, identity: dict[str, str]) -> dict[str, _Page]:
    return {
        "GUIDE": _Page(guide.WIDTHS, (2, 2), guide.draw_guide),
        "CONS": _Page(
            consultation.WIDTHS, (2, 4), lambda b: consultation.draw_consultation(b, today=today, identity=identity)
        ),
        "LOTS": _Page(need.LOTS_WIDTHS, (3, 5), lambda b: need.draw_lots(b, template)),
        "REQS": _Page(need.REQS_WIDTHS, (2, 3), lambda b: need.draw_requirements(b, template)),
        "ITEMS": _Page(need.ITEMS_WIDTHS, (2, 4), lambda b: need.draw_items(b, template)),
        "FACTS": _Page(data.WIDTHS, (3, 5), lambda b: data.draw_factors(b, template, factors)),
        "CRIT": _Page(competition.CRIT_WIDTHS, (4, 6), lambda b: competition.draw_criteria(b, template)),
        "SUPP": _Page(competition.SUPP_WIDTHS, (2, 4), competition.draw_suppliers),
        "DECISIONS": _Page(competition.DECISIONS_WIDTHS, (2, 4), competition.draw_decisions),
    }


def _way(words: Words, place: int) -> dict[str, Link | str]:
    way: dict[str, Link | str] = {"place": words.say("workbook.place", n=place + 1, total=len(INPUT_SHEETS))}
    if place:
        code = INPUT_SHEETS[place - 1]
        way["before"] = Link(words.say("workbook.previous", name=words.say(f"sheet.{code}.name")), Cell(code, 0, 1))
    if place + 1 < len(INPUT_SHEETS):
        code = INPUT_SHEETS[place + 1]
        way["after"] = Link(words.say("workbook.next", name=words.say(f"sheet.{code}.name")), Cell(code, 0, 1))
    return way
