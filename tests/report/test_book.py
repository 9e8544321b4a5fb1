"""The workbook of results: what is computed in Python stands in it, live where points are awarded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from office import Office
from scored import CRITERIA, TEMPLATE, outcome
from shipped import grounds

from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.model.formula import Area
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.report.book import plan_results
from canevas_xl.report.package import TABLES, data_package, read
from canevas_xl.report.results import blocks, defined_name


@cache
def plan(language: str = "fr") -> WorkbookPlan:
    loaded = grounds(TEMPLATE).loaded
    return plan_results(outcome(), loaded.template, loaded.texts[language], language)


def area_of(name: str, language: str = "fr") -> Area:
    return dict(plan(language).names)[defined_name(blocks()[name])]


def rows_of(name: str, language: str = "fr") -> list[list[object]]:
    area = area_of(name, language)
    sheet = next(one for one in plan(language).sheets if one.code == area.sheet)
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    found = []
    for row in range(area.first_row, area.last_row + 1):
        line = [cells.get((row, column)) for column in range(area.first_column, area.last_column + 1)]
        values = [
            None if c is None else c.content if isinstance(c.content, float | str) or c.content is None else c.cached
            for c in line
        ]
        if any(value is not None for value in values):
            found.append(values)
    return found


def test_notes_stand_as_live_formulas_that_give_the_notes_of_python() -> None:
    lot = outcome().scores[0]
    shown = rows_of("notes.criteria")[1:-1]
    for row, criterion in zip(shown, CRITERIA, strict=True):
        notes = [one.notes[criterion.code] for one in lot.offers]
        assert row[4 : 4 + len(notes)] == [pytest.approx(note, rel=1e-9) for note in notes]
    sheet = next(one for one in plan().sheets if one.code == "NOTES")
    formulas = [
        c
        for c in sheet.cells
        if c.row > area_of("notes.criteria").first_row and not isinstance(c.content, float | str | None)
    ]
    assert len(formulas) >= 3 * len(CRITERIA) + 3


def test_totals_and_ranks_are_those_of_the_award() -> None:
    for row, one in zip(rows_of("notes.ranking"), outcome().scores[0].offers, strict=True):
        assert one.ranked is not None
        assert row[3] == one.ranked.rank
        assert row[4] == pytest.approx(one.ranked.total, rel=1e-9)


def test_the_sheet_of_notes_is_locked_and_no_other() -> None:
    assert [sheet.code for sheet in plan().sheets if sheet.protected] == ["NOTES"]


def test_a_supplier_s_text_arrives_as_text() -> None:
    assert "=cmd|'/C calc'!A0" in [row[0] for row in rows_of("notes.ranking")]


def test_the_register_names_who_is_silent() -> None:
    assert [row[0] for row in rows_of("follow.register") if row[5] == "Rien reçu"] == ["S004"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_results_speak_both_languages_and_leave_no_error(language: str) -> None:
    cells = [cell for sheet in plan(language).sheets for cell in sheet.cells]
    assert not [cell for cell in cells if isinstance(cell.cached, str) and cell.cached.startswith("#")]


@pytest.mark.parametrize(
    ("language", "asked"),
    [("fr", ["pèse le moins", "Est-ce certain ?", "Pourquoi ?"]), ("en", ["weighs least", "Is that certain?", "Why?"])],
)
def test_the_comparison_answers_in_words_before_its_tables(language: str, asked: list[str]) -> None:
    said = " ".join(str(row[0]) for row in rows_of("compare.summary", language)).replace("\u00a0", " ")
    assert [said.index(words) for words in asked] == sorted(said.index(words) for words in asked)


def test_blocks_are_as_large_as_what_fills_them() -> None:
    for block in blocks().values():
        if block.name in {"answers.tidy", "compare.offers", "robust.pairs", "findings.list"}:
            area = area_of(block.name)
            assert area.last_row - area.first_row + 1 == max(1, len(rows_of(block.name)))


def test_no_sentence_is_cut_by_a_column() -> None:
    assert all(
        len(str(cell)) <= 118
        for name in ("compare.summary", "robust.summary", "data.verdict", "notes.summary")
        for (cell,) in rows_of(name)
    )


def test_charts_say_what_they_show_and_take_their_values_from_filled_cells() -> None:
    for sheet in plan().sheets:
        values = {(cell.row, cell.column): cell.content for cell in sheet.cells}
        for chart in sheet.charts:
            area = chart.values
            drawn = [values[row, area.first_column] for row in range(area.first_row, area.last_row + 1)]
            assert all(isinstance(value, float) for value in drawn)
            assert chart.axis == "kg éq. CO2 par repas"
            assert chart.alternative_text
    assert {sheet.code: len(sheet.charts) for sheet in plan().sheets if sheet.charts} == {"IMPACTS": 2, "COMPARE": 1}


@pytest.fixture(scope="module")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(soffice, tmp_path_factory.mktemp("office")) as started:
        yield started


@pytest.mark.office
def test_libreoffice_finds_the_same_notes(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "resultats.xlsx"
    path.write_bytes(workbook_bytes(plan()))
    with office.open(path) as book:
        book.recalculate()
        found = {sheet.name: book.values(sheet.name) for sheet in plan().sheets}
    for sheet in plan().sheets:
        for cell in sheet.cells:
            if isinstance(cell.cached, float):
                assert found[sheet.name][cell.row, cell.column] == pytest.approx(cell.cached, rel=1e-9)
    assert not [value for cells in found.values() for value in cells.values() if str(value).startswith("#")]


def test_the_package_holds_every_table_with_its_hash() -> None:
    files = data_package(plan(), MappingProxyType({"campaign": "TESTER"}))
    manifest = json.loads(files["datapackage.json"])
    assert {resource["path"] for resource in manifest["resources"]} | {"datapackage.json"} == set(files)
    table = list(csv.DictReader(io.StringIO(files["notes.ranking.csv"].decode())))
    totals = [one.ranked.total for one in outcome().scores[0].offers if one.ranked]
    assert [float(row["total"]) for row in table] == [pytest.approx(total, rel=1e-12) for total in totals]


def test_every_block_but_sentences_is_a_table_of_the_package() -> None:
    sentences = {"summary", "verdict", "status"}
    assert set(TABLES) == {name for name in blocks() if name.rpartition(".")[2] not in sentences}


def test_chances_of_ranks_in_the_package_add_up_to_one() -> None:
    heads, names, *rows = read(data_package(plan(), {})["robust.ranks.csv"].decode())
    ranks = [place for place, head in enumerate(heads) if str(head)[1:].isdigit()]
    assert [names[place] for place in ranks] == ["Rang 1", "Rang 2", "Rang 3"]
    assert len(rows) == 6, "on points and on impact, of three offers"
    assert all(sum(float(row[place] or 0) for place in ranks) == pytest.approx(1.0) for row in rows)


def test_the_register_says_what_stops_an_offer_and_not_what_lacks() -> None:
    assert "blocking" in read(data_package(plan(), {})["follow.register.csv"].decode())[0]


def test_the_same_outcome_gives_the_same_bytes() -> None:
    loaded = grounds(TEMPLATE).loaded
    again = plan_results(outcome(), loaded.template, loaded.texts["fr"], "fr")
    assert workbook_bytes(again) == workbook_bytes(plan())
