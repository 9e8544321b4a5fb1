"""No workbook of ours makes Excel say that it found unreadable content: what it is strict about is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import buyer
import pytest
import scored
from excel_rules import RULES, Package
from shipped import LANGUAGES, TEMPLATES, copy_of, grounds
from supplier_sheets import parts, planned

from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.canvas.campaign import plan_campaign
from canevas_xl.model.formula import Area, Formula, Use
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.vocabulary import Phase
from canevas_xl.report.book import plan_results

Rule = Callable[[Package], Iterator[str]]
WORKBOOKS = [
    *((template, language, "half") for template in TEMPLATES for language in LANGUAGES),
    (TEMPLATES[0], "en", "consultation"),
    (TEMPLATES[0], "fr", "buyer"),
    (scored.TEMPLATE, "fr", "results"),
]
TAKE_AREAS = frozenset({
    "AND", "COUNTA", "COUNTIF", "COUNTIFS", "INDEX", "LARGE", "MATCH", "MAX", "MIN", "OR", "SMALL", "SUM", "SUMIFS",
    "SUMPRODUCT",
})  # fmt: skip
OPERATORS = frozenset({"=", "<>", "<", "<=", ">", ">=", "&", "+", "-", "*", "/", "^"})


@cache
def plan(template: str, language: str, kind: str) -> WorkbookPlan:
    if kind == "buyer":
        ground = grounds(template)
        words = ground.loaded.texts[language]
        return plan_campaign(
            ground.loaded.template, words, ground.factors, language=language, code="AB12CD", today=buyer.NOW.date()
        )
    if kind == "results":
        loaded = grounds(template).loaded
        return plan_results(scored.outcome(), loaded.template, loaded.texts[language], language)
    if kind == "consultation":
        return planned(template, language, "unusual", Phase.CONSULTATION)
    return planned(template, language, kind)


@cache
def package(template: str, language: str, kind: str) -> Package:
    made = plan(template, language, kind)
    return Package(
        workbook_bytes(made) if kind in {"buyer", "results"} else copy_of(made, 'Dupont & Fils <SA> "Le Bon" d\'Œuf')
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("workbook", WORKBOOKS, ids="-".join)
def test_excel_finds_nothing_to_repair(workbook: tuple[str, str, str], rule: Rule) -> None:
    assert list(rule(package(*workbook))) == []


@pytest.mark.parametrize("workbook", WORKBOOKS, ids="-".join)
def test_no_formula_needs_to_be_entered_as_an_array(workbook: tuple[str, str, str]) -> None:
    formulas = (cell.content for sheet in plan(*workbook).sheets for cell in sheet.cells)
    looks = (look.formula for sheet in plan(*workbook).sheets for look in sheet.looks)
    assert [formula for source in (formulas, looks) for formula in source if _needs_an_array(formula)] == []


def _needs_an_array(formula: object, within: str = "") -> bool:
    """Say whether Excel would take one value of an area, or spread: an area where one value is wanted."""
    if isinstance(formula, Area):
        return within not in TAKE_AREAS
    if not isinstance(formula, Use):
        return False
    inside = "SUMPRODUCT" if formula.function in OPERATORS and within == "SUMPRODUCT" else formula.function
    return any(_needs_an_array(argument, inside) for argument in formula.arguments)


@pytest.mark.parametrize("workbook", WORKBOOKS, ids="-".join)
def test_a_workbook_is_small_enough_for_any_mailbox(workbook: tuple[str, str, str]) -> None:
    assert package(*workbook).size < 200_000


SPOILT = {
    "parts": ("xl/_rels/workbook.xml.rels", "worksheets/sheet2.xml", "worksheets/sheet99.xml"),
    "names": ("xl/workbook.xml", 'name="IN_C1"', 'name="INC1"'),
    "sheets_named": ("xl/worksheets/sheet1.xml", "location=\"'Mon offre'!", "location=\"'Mon Offre'!"),
    "formulas": ("xl/worksheets/sheet3.xml", "IFERROR(", "IFNA("),
    "validations": ("xl/worksheets/sheet2.xml", 'promptTitle="Plats', f'promptTitle="{"x" * 30}'),
    "cells": ("xl/worksheets/sheet2.xml", '<c r="B6" s="', '<c r="B6" s="9'),
    "merges": ("xl/worksheets/sheet1.xml", "</sheetData>", "</sheetData><mergeCells><mergeCell/></mergeCells>"),
    "texts": ("xl/sharedStrings.xml", "<t>Mon offre<", "<t> Mon offre<"),
    "formats": ("xl/styles.xml", 'formatCode="#,##0"', 'formatCode="#,##0 kg"'),
    "pages": ("xl/worksheets/sheet1.xml", "<oddFooter>", "<oddFooter>" + "x" * 255),
    "protection": ("xl/worksheets/sheet1.xml", '<sheetProtection sheet="1"', '<sheetProtection password="83AF"'),
    "charts": ("xl/drawings/drawing1.xml", ' descr="', ' title="'),
    "about": ("xl/workbook.xml", ' fullCalcOnLoad="1"', ""),
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_sees_what_it_is_for(rule: Rule) -> None:
    spoilt = Package(copy_of(plan("restauration-scolaire", "fr", "half")))
    part, right, wrong = SPOILT[rule.__name__]
    assert right in spoilt.parts[part]
    spoilt.parts[part] = spoilt.parts[part].replace(right, wrong)
    assert list(rule(spoilt)) != []


def test_an_area_under_a_choice_is_seen_to_need_an_array() -> None:
    area = Area("OFFER", 0, 0, 9, 0)
    hidden: Formula = Use("SUMPRODUCT", (Use("IF", (Use(">", (area, area)), area, area)),))
    assert list(parts(hidden))
    assert _needs_an_array(hidden)
    assert not _needs_an_array(Use("SUMPRODUCT", (Use("*", (area, area)),)))
