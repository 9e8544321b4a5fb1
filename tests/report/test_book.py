"""The workbook of results: what is computed in Python stands in it, live where points are awarded."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType

import pytest
from office import Office
from shipped import AS_OF, campaign_of, grounds, lot_of

from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.canvas.freeze import freeze
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.formula import Area
from canevas_xl.model.offer import Identity, Offer, OfferKey, Receipt
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.score import Bid
from canevas_xl.model.vocabulary import Origin
from canevas_xl.report.book import plan_results
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.package import data_package
from canevas_xl.report.results import blocks, defined_name
from canevas_xl.report.scores import score_lot

TEMPLATE = "restauration-scolaire"
NOW = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
PLANS = {
    "S001": ("4 0 0 2 4 1 3 1 0 1 3 1", 100_800.0, 82.0),
    "S002": ("3 1 1 3 4 1 4 0 0 1 2 0", 97_200.0, 74.0),
    "S003": ("4 0 0 0 3 0 1 3 2 0 6 1", 104_400.0, 88.0),
}
"""Dishes of examples A, B and C; price; note of quality."""
KITCHEN = {"K1": 250_000.0, "K2": 350_000.0, "K3": 0.0, "K4": 0.0, "C1": "REUSABLE", "D1": "DIESEL"}
ROUND = {"D2": 30.0, "D3": 4.0, "D4": 9.0, "D5": 100.0}
CRITERIA = (
    Criterion("PRIX", "Prix", CriterionKind.PRICE, 45, "F1"),
    Criterion("CLIMAT", "Climat", CriterionKind.IMPACT, 25, "F5", "cch", 0.9, 2.0, 1),
    Criterion("QUALITE", "Qualité", CriterionKind.OTHER, 30, "F4"),
)


def offer(code: str, name: str = "") -> Offer:
    dishes = {f"P{n:02d}": float(count) for n, count in enumerate(PLANS[code][0].split(), 1)}
    values: dict[str, float | str] = {**dishes, **KITCHEN, **ROUND}
    answers = {key: Answer(key, value, Origin.DOCUMENT, "Pièce 1") for key, value in values.items()}
    receipt = Receipt(code * 16, f"{code}.xlsx", 80_000, NOW, "file")
    return Offer(OfferKey(1, code, 1, 0), name or f"Société {code}", Identity(), answers, receipt)


@cache
def outcome() -> Outcome:
    found = grounds(TEMPLATE)
    lot = replace(lot_of(TEMPLATE), criteria=CRITERIA)
    record = freeze(found.subject(campaign_of(TEMPLATE), lot), AS_OF)
    offers = [offer("S001"), offer("S002"), offer("S003", name="=cmd|'/C calc'!A0")]
    bids = [Bid(OfferKey(1, code, 1, 0), price, {"QUALITE": note}) for code, (_, price, note) in PLANS.items()]
    scored = score_lot(record.subject, record.fingerprint, offers, (), bids)
    assert not [finding for finding in scored.findings if finding.blocks]
    consolidation = Consolidation(offers=tuple(offers), silent=((1, "S004"),))
    return Outcome(campaign_of(TEMPLATE), consolidation, (scored.value,), (), NOW)


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


def test_the_same_outcome_gives_the_same_bytes() -> None:
    loaded = grounds(TEMPLATE).loaded
    again = plan_results(outcome(), loaded.template, loaded.texts["fr"], "fr")
    assert workbook_bytes(again) == workbook_bytes(plan())
