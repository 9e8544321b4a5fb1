"""What a supplier reads: nothing that judges, the same in both languages, the token everywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from shipped import AS_OF, LANGUAGES, TEMPLATES, campaign_of, grounds, lot_of
from supplier_sheets import EVERY, cells_of, planned, words

from canevas_xl import resources
from canevas_xl.canvas.campaign.lists import ZONES
from canevas_xl.canvas.freeze import freeze
from canevas_xl.canvas.workbook import grid
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.plan import Stamp
from canevas_xl.model.vocabulary import Phase

FORBIDDEN = {
    "fr": re.compile(r"\b(notes?|notée?s?|scores?|rangs?|classements?|classée?s?)\b", re.IGNORECASE),
    "en": re.compile(r"\b(scores?|scored|scoring|ranks?|ranked|ranking|grades?|graded)\b", re.IGNORECASE),
}


@pytest.mark.parametrize(("template", "language"), EVERY)
@pytest.mark.parametrize("phase", [Phase.SOURCING, Phase.CONSULTATION])
def test_no_word_of_the_suppliers_workbook_judges(template: str, language: str, phase: Phase) -> None:
    found = [
        (where, text)
        for where, text in words(planned(template, language, "full", phase))
        if FORBIDDEN[language].search(text)
    ]
    assert found == []


@pytest.mark.parametrize(("template", "language"), EVERY)
@pytest.mark.parametrize("filling", ["empty", "half", "full", "unusual"])
def test_no_error_shows_on_a_visible_cell(template: str, language: str, filling: str) -> None:
    for sheet in planned(template, language, filling).sheets:
        if not sheet.hidden:
            shown = [cell for cell in sheet.cells if cell.column not in sheet.hidden_columns]
            assert [(sheet.code, cell.row, cell.column) for cell in shown if str(cell.cached).startswith("#")] == []


SPACED = re.compile(r" [:;?!%»€]|« ")
"""A line may break at an ordinary space."""


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("phase", [Phase.SOURCING, Phase.CONSULTATION])
def test_french_signs_never_begin_a_line(template: str, phase: Phase) -> None:
    plan = planned(template, "fr", "half", phase)
    processes = grounds(template).factors.processes.values()
    quoted = {one.name("fr") for one in processes}
    assert {text for _, text in words(plan) if SPACED.search(text)} - quoted == set()


def test_per_cent_follows_its_number_without_a_space_in_english() -> None:
    said = {text for _, text in words(planned(TEMPLATES[0], "en", "half")) if re.search(r"\d\s%", text)}
    assert said == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_zone_that_buyers_choose_has_a_name(language: str) -> None:
    assert {f"zone.{zone}" for zone in ZONES} <= resources.texts("workbook", language).keys()


def test_a_deadline_is_told_in_the_time_of_the_buyer() -> None:
    ground = grounds(TEMPLATES[0])
    deadline = datetime(2026, 12, 28, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
    campaign = replace(campaign_of(TEMPLATES[0]), deadline=deadline)
    record = freeze(ground.subject(campaign, lot_of(TEMPLATES[0])), AS_OF)
    told = Words.of(Canvas(record.subject, "fr", record.fingerprint)).moment(record.subject.campaign.deadline)
    assert told == "28 décembre 2026 à 12 h 00 (heure de Paris)"


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_the_token_stands_on_every_visible_sheet_and_in_its_footer(template: str, language: str) -> None:
    plan = planned(template, language, "empty")
    for sheet in plan.sheets:
        if not sheet.hidden:
            assert cells_of(plan, sheet.code)[grid.TITLE_ROW, grid.LAST].content == Stamp("token")
        assert isinstance(sheet.page.footer, Stamp)
        assert sheet.page.footer.name == "token"
    assert cells_of(plan, "META")[1, 2].content == Stamp("token")
    assert Stamp("token") in dict(plan.properties).values()


@pytest.mark.parametrize("language", LANGUAGES)
def test_sheets_of_discussion_appear_only_where_there_is_one(language: str) -> None:
    open_ = [sheet.code for sheet in planned(TEMPLATES[0], language, "empty", Phase.SOURCING).sheets]
    closed = [sheet.code for sheet in planned(TEMPLATES[0], language, "empty", Phase.CONSULTATION).sheets]
    assert open_ == ["WELCOME", "OFFER", "WEIGH", "SOURCES", "CONTROL", "LEVERS", "THREAD", "LISTS", "META", "CALC"]
    assert closed == [code for code in open_ if code not in {"LEVERS", "THREAD"}]


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_names_of_sheets_fit_every_program(template: str, language: str) -> None:
    names = [sheet.name for sheet in planned(template, language, "empty").sheets]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_both_languages_say_the_same_things_with_the_same_holes() -> None:
    french, english = (resources.texts("workbook", language) for language in LANGUAGES)
    assert set(french) == set(english)
    holes = {
        key
        for key in french
        if set(re.findall(r"\{(\w+)\}", french[key])) != set(re.findall(r"\{(\w+)\}", english[key]))
    }
    assert holes <= {"date.moment"}


@pytest.mark.parametrize(("template", "filling"), list(product(TEMPLATES, ("empty", "full"))))
def test_both_languages_lay_things_out_alike(template: str, filling: str) -> None:
    places = [
        {(sheet.code, cell.row, cell.column) for sheet in planned(template, language, filling).sheets
         for cell in sheet.cells if sheet.code != "SOURCES"}
        for language in LANGUAGES
    ]  # fmt: skip
    assert places[0] == places[1]
