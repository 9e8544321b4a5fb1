"""The buyer's workbook is laid out, validated, explained and pre-filled; what is not an input is locked."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import buyer
import openpyxl
import pytest
import tiny_campaign
from office import Office
from shipped import LANGUAGES, TEMPLATES, grounds

from canevas_xl import resources
from canevas_xl.canvas.campaign import TEMPLATE_PROPERTY, plan_campaign
from canevas_xl.canvas.fill import fill, inputs
from canevas_xl.intake.parse import folded
from canevas_xl.model.formula import Area
from canevas_xl.model.plan import SheetPlan, WorkbookPlan
from canevas_xl.report.results import with_results
from canevas_xl.rules.spreadsheet import recalculated

LONGEST_MESSAGE = 255


def shipped_plan(template: str, language: str) -> WorkbookPlan:
    ground = grounds(template)
    loaded = ground.loaded
    return plan_campaign(
        loaded.template,
        loaded.texts[language],
        ground.factors,
        language=language,
        code="AB12CD",
        today=buyer.NOW.date(),
    )


def sheet_of(plan: WorkbookPlan, code: str) -> SheetPlan:
    return next(sheet for sheet in plan.sheets if sheet.code == code)


def shown(plan: WorkbookPlan, code: str) -> list[object]:
    """What the cells of a sheet show."""
    return [
        cell.content if isinstance(cell.content, str | float | int) else cell.cached
        for cell in sheet_of(plan, code).cells
    ]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_key_and_column_code_names_one_input(template: str, language: str) -> None:
    pairs = Counter(pair for sheet in shipped_plan(template, language).sheets for pair, _ in inputs(sheet))
    assert pairs
    assert [pair for pair, count in pairs.items() if count > 1] == []


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_input_has_a_key_a_validation_and_a_message_that_is_shown_whole(template: str, language: str) -> None:
    plan = shipped_plan(template, language)
    for sheet in plan.sheets:
        places = {place for _, place in inputs(sheet)}
        assert {(cell.row, cell.column) for cell in sheet.cells if not cell.style.locked} == places
        covered = {place for one in sheet.validations for place in cells_of(one.area)}
        assert covered == places
        for one in sheet.validations:
            assert one.title
            assert one.prompt, one.title
            assert one.error
            assert len(one.prompt) <= LONGEST_MESSAGE, one.prompt
            assert len(one.error) <= LONGEST_MESSAGE, one.error


def cells_of(area: Area) -> list[tuple[int, int]]:
    rows, columns = range(area.first_row, area.last_row + 1), range(area.first_column, area.last_column + 1)
    return [(row, column) for row in rows for column in columns]


def test_both_languages_have_the_same_inputs_at_the_same_places() -> None:
    french, english = (shipped_plan("informatique-postes", language) for language in LANGUAGES)
    assert [list(inputs(sheet)) for sheet in french.sheets] == [list(inputs(sheet)) for sheet in english.sheets]
    assert dict(french.properties)[TEMPLATE_PROPERTY] == "informatique-postes@1.0.0"


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_hold_constants_and_no_two_labels_are_equal_without_case(template: str, language: str) -> None:
    lists = sheet_of(shipped_plan(template, language), "LISTS")
    assert lists.hidden
    assert all(isinstance(cell.content, str) for cell in lists.cells)
    columns: dict[int, list[str]] = {}
    for cell in lists.cells:
        if cell.row and cell.column % 2:
            columns.setdefault(cell.column, []).append(folded(str(cell.content)))
    for labels in columns.values():
        assert len(set(labels)) == len(labels)


def test_it_comes_filled_with_what_the_template_proposes() -> None:
    plan = shipped_plan("restauration-scolaire", "fr")
    lots = dict(inputs(sheet_of(plan, "LOTS")))
    cells = {(cell.row, cell.column): cell.content for cell in sheet_of(plan, "LOTS").cells}
    assert cells[lots["P.N", "L1"]] == 36000
    assert cells[lots["P.N", "L2"]] is None
    assert "Consultation" in shown(plan, "CONS")
    assert "2026-12-27" in " ".join(str(one) for one in shown(plan, "CONS"))


def test_the_sum_of_the_weights_is_live() -> None:
    right = recalculated(buyer.planned())
    assert "✓ le total fait 100" in shown(right, "CRIT")
    assert "aucun poids : lot non utilisé" in shown(right, "CRIT")
    wrong = recalculated(buyer.planned({("L1.C1", "WEIGHT"): 55.0}))
    assert "! le total fait 95 ; il doit faire 100" in shown(wrong, "CRIT")


def test_what_is_asked_is_summed_live_and_blocks_count_once() -> None:
    plan = shipped_plan("restauration-scolaire", "fr")
    before = shown(recalculated(plan), "ITEMS")
    assert "✓ dans la limite de 25 réponses et 45 minutes" in before
    fewer = shown(recalculated(fill(plan, {("I.P01", "ASKED"): "NON"})), "ITEMS")
    top = next(i for i, one in enumerate(before) if one == "✓ dans la limite de 25 réponses et 45 minutes")
    sums = [[one for one in cells[top:] if isinstance(one, float | int)][:2] for cells in (before, fewer)]
    # P01 is one of twelve dishes: one answer, 0.75 minutes.
    assert sums[0][0] - sums[1][0] == 1
    assert sums[0][1] - sums[1][1] == pytest.approx(0.75)
    # A block of five answers counts once, until none of it is asked.
    block = [field.code for field in grounds("restauration-scolaire").loaded.template.fields if field.block]
    part = shown(recalculated(fill(plan, {(f"I.{block[0]}", "ASKED"): "NON"})), "ITEMS")
    assert next(one for one in part[top:] if isinstance(one, float | int)) == sums[0][0]


def test_what_is_left_is_said_in_the_title_bar() -> None:
    plan = recalculated(buyer.bare("fr"))
    assert "! Il reste 5 réponse(s) à donner ici." in shown(plan, "CONS")
    assert "! Il reste 2 réponse(s) à donner ici." in shown(plan, "LOTS"), "its title, and a first device"
    assert "! Aucun fournisseur saisi." in shown(plan, "SUPP")
    assert "✓ Rien ne manque ici." in shown(recalculated(buyer.planned()), "LOTS")
    assert "✓ Rien ne manque ici." in shown(recalculated(buyer.planned()), "CONS")


def test_filling_turns_codes_into_labels_and_refuses_what_is_not_there() -> None:
    plan = buyer.planned({("CONS.PHASE", "VALUE"): "sourcing", ("T.DEV2.Q1", "L1"): "SCREEN"})
    assert "Sourcing" in shown(plan, "CONS")
    assert "Écran" in shown(plan, "LOTS")
    with pytest.raises(KeyError, match=r"CONS\.NOTHING"):
        fill(plan, {("CONS.NOTHING", "VALUE"): 1.0})
    with pytest.raises(KeyError, match=r"CONS\.CODE"):
        fill(plan, {("CONS.CODE", "VALUE"): "ZZZZZZ"})


def test_openpyxl_sees_locks_lists_and_protection(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(buyer.written(tmp_path))
    sheet = book["Consultation"]
    assert sheet.protection.sheet
    row = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "CONS.PHASE")
    assert not sheet.cell(row, 3).protection.locked
    assert sheet.cell(row, 2).protection.locked
    assert book["LISTES"].sheet_state == "veryHidden"


@pytest.mark.office
@pytest.mark.parametrize("language", LANGUAGES)
def test_libreoffice_shows_what_was_cached(tmp_path: Path, soffice: str, language: str) -> None:
    plan = recalculated(with_results(buyer.planned(language=language), tiny_campaign.TINY, tiny_campaign.FRENCH))
    path = tmp_path / "campagne.xlsx"
    path.write_bytes(buyer.workbook_bytes(plan))
    with Office(soffice, tmp_path) as office, office.open(path) as book:
        book.recalculate()
        for sheet in plan.sheets:
            values = book.values(sheet.name)
            for cell in sheet.cells:
                if cell.cached not in {None, ""}:
                    assert values[cell.row, cell.column] == cell.cached, (sheet.name, cell.row, cell.column)


def test_both_catalogues_have_the_same_texts_with_the_same_holes() -> None:
    french, english = (resources.texts("campaign", language) for language in LANGUAGES)
    assert list(french) == list(english)
    for key, text in french.items():
        assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", english[key])), key
