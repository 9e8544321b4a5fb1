"""What tells a supplier where to go and what to do: links, names, prompts, the way back, printed pages."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from shipped import LANGUAGES, TEMPLATES, answers_in, canvas_of, grounds
from supplier_sheets import EVERY, cells_of, changed, planned, shown

from canevas_xl.canvas.workbook import checks, feedback, grid, inputs, plan_canvas
from canevas_xl.canvas.workbook.grid import page_breaks
from canevas_xl.canvas.workbook.places import CALC, CONTROL, FEEDBACK, LISTS, OFFER, WEIGH, WELCOME, places
from canevas_xl.canvas.workbook.problems import Problem
from canevas_xl.canvas.workbook.values import LIST_UNIT
from canevas_xl.canvas.workbook.words import NO_BREAK
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Channel
from canevas_xl.model.formula import Cell
from canevas_xl.model.plan import SheetPlan, WorkbookPlan
from canevas_xl.model.vocabulary import Phase
from canevas_xl.rules.spreadsheet import column_letters

MEALS, DESK, DEVICES = TEMPLATES
IDENTITY: dict[str, float | str] = {
    "ID.NAME": "Ateliers du Lac SARL", "ID.SIRET": "73282932000074", "ID.SIGNATORY": "Anne Durand, gérante",
    "ID.VARIANT": 0.0, "ID.ATTEST": "OUI", "ID.CONSENT": "NON",
}  # fmt: skip


def finished(phase: Phase, channel: Channel) -> WorkbookPlan:
    """A canvas in which nothing is left to do."""
    answers = {**answers_in(MEALS, "full"), **{key: Answer(key, value) for key, value in IDENTITY.items()}}
    canvas = canvas_of(MEALS, "fr", answers, phase)
    campaign = replace(canvas.subject.campaign, channel=channel, profile="https://profil.example")
    return plan_canvas(replace(canvas, subject=replace(canvas.subject, campaign=campaign)))


def texts_on(plan: WorkbookPlan, code: str) -> str:
    return "\n".join(str(shown(plan, Cell(code, *place))) for place in cells_of(plan, code))


def sheet_of(plan: WorkbookPlan, code: str) -> SheetPlan:
    return next(sheet for sheet in plan.sheets if sheet.code == code)


@pytest.mark.parametrize("code", [WELCOME, CONTROL])
def test_once_all_is_filled_an_offer_goes_to_the_profile_and_not_by_email(code: str) -> None:
    said = texts_on(finished(Phase.CONSULTATION, Channel.PROFILE), code)
    assert "déposez ce fichier avec votre offre sur https://profil.example" in said
    assert "N'envoyez pas votre offre par courriel." in said


@pytest.mark.parametrize("code", [WELCOME, CONTROL])
def test_once_all_is_filled_an_answer_to_sourcing_goes_back_by_email(code: str) -> None:
    said = texts_on(finished(Phase.SOURCING, Channel.EMAIL), code)
    assert "renvoyez ce fichier à achats@val-fleuri.example avant le" in said
    assert "par courriel" not in said
    assert "offre sur" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_to_bind_while_answers_only_prepare_the_specification(language: str) -> None:
    binding = {"fr": "vous engage pendant le marché", "en": "binds you during the contract"}[language]
    irregular = {"fr": "irrégulière", "en": "irregular"}[language]
    prompts = {
        phase: "\n".join(v.prompt for s in planned(MEALS, language, "empty", phase).sheets for v in s.validations)
        for phase in (Phase.SOURCING, Phase.CONSULTATION)
    }
    assert binding not in prompts[Phase.SOURCING]
    assert irregular not in prompts[Phase.SOURCING]
    assert binding in prompts[Phase.CONSULTATION]
    assert irregular in prompts[Phase.CONSULTATION]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_no_line_of_a_prompt_is_longer_than_a_small_screen(template: str, language: str) -> None:
    for phase in (Phase.SOURCING, Phase.CONSULTATION):
        for sheet in planned(template, language, "empty", phase).sheets:
            for validation in sheet.validations:
                assert max(map(len, validation.prompt.split("\n"))) <= 130, validation.prompt


def test_a_title_that_does_not_fit_ends_with_a_whole_word() -> None:
    assert inputs.fit("Masse totale du produit, sans emballage", 32) == "Masse totale du produit, sans…"
    assert inputs.fit("Le produit contient du bois, aussi", 30) == "Le produit contient du bois…"
    assert inputs.fit("x" * 40, 32) == "x" * 31 + "…"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_of_a_table_has_its_own_example(language: str) -> None:
    plan, where = planned(DESK, language, "empty"), places(canvas_of(DESK, language, {}))
    examples = {key: shown(plan, where.beside(key, grid.EXAMPLE)) for key in ("DESK.M0", "CHAIR.M0", "CHAIR.M2")}
    assert examples == {"DESK.M0": "38", "CHAIR.M0": "15", "CHAIR.M2": "0"}
    answer = where.answers["CHAIR.M0"]
    guard = next(one for one in sheet_of(plan, OFFER).validations if one.area.first_row == answer.row)
    assert "15" in guard.prompt
    assert "15" in guard.error


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_stand_in_is_explained_where_the_method_is(language: str) -> None:
    said = " ".join(texts_on(planned(DESK, language, "empty"), "SOURCES").split())
    words = grounds(DESK).loaded.texts[language]
    reasons = [text for path, text in words.items() if path.startswith("flows_proxy.")]
    assert reasons
    assert [text for text in reasons if " ".join(text.split()) not in said] == []


def test_sentences_that_do_not_fit_are_left_out_whole() -> None:
    assert inputs.on_lines("Un.", "", "Deux.") == "Un.\nDeux."
    assert inputs.on_lines("a" * 200 + ".", "b" * 100 + ".") == "a" * 200 + "."


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("73282932000074", Problem.NONE),
        ("  73282932000074 ", Problem.NONE),
        ("73282932000075", Problem.IDENTIFIER),
        ("37282932000074", Problem.IDENTIFIER),
        ("35600000049837", Problem.NONE),
        ("35600000049836", Problem.IDENTIFIER),
        ("DE123456789000", Problem.NONE),
        ("BE0123456789", Problem.NONE),
        ("=73282932000074", Problem.NONE),
    ],
)
def test_the_digits_of_a_siret_are_checked_and_a_foreign_number_is_taken(number: str, problem: Problem) -> None:
    plan, cell = changed(DESK, {"ID.SIRET": Answer("ID.SIRET", number)}, "ID.SIRET", grid.PROBLEM)
    assert shown(plan, cell) == problem


def test_each_link_of_the_check_leads_to_the_cell_of_its_answer() -> None:
    plan, where = planned(MEALS, "fr", "empty"), places(canvas_of(MEALS, "fr", {}))
    names = {sheet.code: sheet.name for sheet in plan.sheets}
    for row, key in enumerate((*IDENTITY, *(item.key for item in where.judged)), start=where.checks.first):
        cell = where.answers[key]
        target = f"#'{names[cell.sheet]}'!{column_letters(cell.column)}{cell.row + 1}"
        assert shown(plan, Cell(CALC, row, checks.TARGET)) == target


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_each_answer_and_key_figure_has_a_name_of_its_own(template: str, language: str) -> None:
    plan, where = planned(template, language, "full"), places(canvas_of(template, language, {}))
    named = dict(plan.names)
    assert len(named) == len(plan.names)
    for key, cell in where.answers.items():
        assert named[f"IN_{key.replace('.', '_')}"] == inputs.one(cell)
    area = named["FIG_TOTAL"]
    total = shown(plan, Cell(area.sheet, area.first_row, area.first_column))
    big = next(cell for cell in sheet_of(plan, WEIGH).cells if cell.style.size == 22)
    assert total == big.cached


def test_the_five_questions_come_in_the_phase_of_feedback_only() -> None:
    plan = planned(MEALS, "fr", "empty", Phase.FEEDBACK)
    cells = cells_of(plan, FEEDBACK)
    keys = [cell.content for (_, column), cell in cells.items() if column == grid.KEY and cell.content]
    assert keys == ["KEY", *(question.key for question in feedback.QUESTIONS)]
    assert [validation.kind for validation in sheet_of(plan, FEEDBACK).validations] == [
        "integer", "length", "list", "list", "list",
    ]  # fmt: skip
    others = [phase for phase in Phase if phase is not Phase.FEEDBACK]
    assert not any(s.code == FEEDBACK for phase in others for s in planned(DESK, "fr", "empty", phase).sheets)


def test_an_amount_below_two_has_a_singular_unit_in_french_and_one_in_english() -> None:
    for language, shown_units in (("fr", ("1 an", "0 plat", "5 plats")), ("en", ("1 year", "0 dishes", "5 dishes"))):
        said = texts_on(planned(MEALS, language, "empty"), "SOURCES") + texts_on(
            planned(DEVICES, language, "empty"), "SOURCES"
        )
        assert all(unit in said.replace(NO_BREAK, " ") for unit in shown_units)


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_the_unit_of_a_line_is_never_that_of_its_factor(template: str, language: str) -> None:
    plan, where = planned(template, language, "full"), places(canvas_of(template, language, {}))
    lists = cells_of(plan, LISTS)
    for block in where.families.values():
        assert all(lists[row, LIST_UNIT].content for row in range(block.first, block.last + 1))
    units = [cell.cached for (_, column), cell in cells_of(plan, WEIGH).items() if column == grid.EVIDENCE]
    assert not [unit for unit in units if isinstance(unit, str) and "CO2" in unit]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_chart_and_its_table_print_on_one_page(template: str, language: str) -> None:
    sheet = sheet_of(planned(template, language, "full"), WEIGH)
    heights = dict(sheet.heights)
    for chart in sheet.charts:
        last, left = chart.at.row, chart.height * 0.75
        while (left := left - heights.get(last, 15.0)) > 0:
            last += 1
        last = max(last, chart.categories.last_row)
        assert not [row for row in sheet.row_breaks if chart.at.row < row <= last]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_an_answer_and_its_help_print_on_one_page_and_every_page_fits(template: str, language: str) -> None:
    sheet = sheet_of(planned(template, language, "empty"), OFFER)
    cells = cells_of(planned(template, language, "empty"), OFFER)
    heights = dict(sheet.heights)
    assert all((row, grid.KEY) in cells or (row, grid.LABEL) in cells for row in sheet.row_breaks)
    helps = {row for (row, column), cell in cells.items() if column == grid.LABEL and cell.style.size == 10}
    assert not helps & set(sheet.row_breaks)
    last = max(row for row, _ in cells)
    top = sum(heights[row] for row in range(sheet.page.repeat_rows))
    starts = (0, *sheet.row_breaks, last + 1)
    for page, (first, end) in enumerate(pairwise(starts)):
        filled = sum(heights.get(row, 15.0) for row in range(first, end)) + (top if page else 0.0)
        assert filled <= grid.PAGE_POINTS


def test_a_page_never_breaks_between_rows_that_belong_together() -> None:
    heights = dict.fromkeys(range(20), 100.0)
    assert page_breaks(19, heights, set(), 0) == (5, 10, 15)
    assert page_breaks(19, heights, {5, 10}, 0) == (4, 9, 14, 19)
    assert page_breaks(9, heights, set(range(1, 20)), 0) == (5,)


def test_the_reason_of_an_erratum_stands_on_the_first_sheet() -> None:
    issued = canvas_of(MEALS, "fr", {})
    campaign = replace(issued.subject.campaign, erratum="Le facteur du bœuf est corrigé.")
    sheet = plan_canvas(replace(issued, subject=replace(issued.subject, campaign=campaign))).sheets[0]
    assert "Le facteur du bœuf est corrigé." in {cell.content for cell in sheet.cells}
    assert "Erratum" not in {cell.content for cell in plan_canvas(issued).sheets[0].cells}


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_table_does_not_begin_at_the_foot_of_a_page(template: str, language: str) -> None:
    plan = planned(template, language, "full")
    cells = cells_of(plan, WEIGH)
    heads = [
        row for (row, column), cell in cells.items() if column == grid.EVIDENCE and cell.style.bold and cell.content
    ]
    assert len(heads) == 2
    assert not [head for head in heads for row in sheet_of(plan, WEIGH).row_breaks if head <= row <= head + grid.FEW]


def test_a_year_is_written_without_thousands_apart() -> None:
    plan, where = planned(DEVICES, "fr", "empty"), places(canvas_of(DEVICES, "fr", {}))
    answer = where.answers["DEV1.Q6Y"]
    guard = next(one for one in sheet_of(plan, OFFER).validations if one.area.first_row == answer.row)
    assert "de 2010 à 2040" in guard.error
    assert cells_of(plan, OFFER)[answer.row, answer.column].style.number_format == "0"
    assert cells_of(plan, OFFER)[where.answers["DEV1.Q3"].row, answer.column].style.number_format != "0"
