"""Sub-criteria and costs on *Notes*: live formulas over published numbers, the same in Python and in LibreOffice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from office import Office
from rivals import by_supplier, examples, offer, record, without
from shipped import AS_OF, campaign_of, grounds

from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.canvas.freeze import FrozenRecord, freeze
from canevas_xl.findings.messages import message
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, every_criterion, leaves
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.score import Bid, LotScores
from canevas_xl.report.book import plan_results
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.results import blocks, defined_name
from canevas_xl.report.scores import score_lot
from canevas_xl.report.tracing import figures_of, trace_named

TEMPLATE = "informatique-postes"
NOW = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
MONEY = Criterion("M", "Argent", CriterionKind.GROUP, 55.0, "", parts=(
    Criterion("M1", "Coût sur 5 ans", CriterionKind.COST, 60.0, "F1"),
    Criterion("M2", "Prix fictif", CriterionKind.FICTITIOUS, 25.0, "F5", low=20_000.0, high=60_000.0),
    Criterion("M3", "Prix", CriterionKind.PRICE, 15.0, "F3", fan=2.5),
))  # fmt: skip
GREEN = Criterion("E", "Environnement", CriterionKind.GROUP, 30.0, "", tie_break=1, parts=(
    Criterion("E1", "Climat", CriterionKind.IMPACT, 55.0, "F6", "cch", bands=((10.0, 1.0), (30.0, 0.5))),
    Criterion("E2", "Reprise", CriterionKind.OTHER, 25.0, "F4"),
    Criterion("E3", "Garantie", CriterionKind.ANSWER, 20.0, "F7", low=0.0, high=8.0, item="DEV1.Q4"),
))  # fmt: skip
HELP = Criterion("H", "Assistance", CriterionKind.OTHER, 15.0, "F7")
COSTING = Costing(
    years=5, units=60.0, energy="f2", energy_price=0.2, energy_growth=4.0, discount=3.0, maintenance=True, end=True,
    deduction=4_000.0, low=8.0, high=40.0,
)  # fmt: skip


@cache
def issued(costing: Costing = COSTING) -> FrozenRecord:
    subject = record(TEMPLATE).subject
    return freeze(replace(subject, lot=replace(subject.lot, criteria=(MONEY, GREEN, HELP), costing=costing)), AS_OF)


@cache
def scores(costing: Costing = COSTING) -> LotScores:
    frozen = issued(costing)
    offers = [offer(supplier, answers) for supplier, answers in examples(TEMPLATE).items()]
    bids = [
        Bid(one.key, 30_000.0 + 2_500 * n, {"E2": 80.0 - 7 * n, "H": 60.0 + 5 * n},
            {"maintenance": 200.0 * n, "disposal": 500.0, "residual": 1_000.0 + 100 * n})
        for n, one in enumerate(offers)
    ]  # fmt: skip
    checked = score_lot(frozen.subject, frozen.fingerprint, offers, (), bids)
    assert checked.findings == ()
    return checked.value


@cache
def plan(costing: Costing = COSTING) -> WorkbookPlan:
    return planned(scores(costing))


def planned(lot: LotScores) -> WorkbookPlan:
    found = Consolidation(offers=tuple(one.offer for one in lot.offers))
    loaded = grounds(TEMPLATE).loaded
    outcome = Outcome(campaign_of(TEMPLATE), found, (lot,), (), NOW)
    return plan_results(outcome, loaded.template, loaded.texts["fr"], "fr")


def rows_of(name: str, costing: Costing = COSTING) -> list[list[object]]:
    return rows_of_plan(name, plan(costing))


def rows_of_plan(name: str, book: WorkbookPlan) -> list[list[object]]:
    area = dict(book.names)[defined_name(blocks()[name])]
    sheet = next(one for one in book.sheets if one.code == area.sheet)
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}

    def shown(place: tuple[int, int]) -> object:
        cell = cells.get(place)
        if cell is None or cell.content is None or isinstance(cell.content, float | str):
            return cell and cell.content
        return cell.cached

    columns = range(area.first_column, area.last_column + 1)
    return [[shown((row, column)) for column in columns] for row in range(area.first_row, area.last_row + 1)]


def test_notes_of_sub_criteria_of_criteria_and_totals_are_those_of_python() -> None:
    lot = scores()
    _, *rows, total = rows_of("notes.criteria")
    for row, criterion in zip(rows, every_criterion(lot.subject.lot.criteria), strict=True):
        assert row[:3] == [criterion.label, 1, criterion.weight]
        assert row[4:] == [pytest.approx(one.notes[criterion.code], rel=1e-12, abs=1e-9) for one in lot.offers]
    assert total[2] == 100
    assert total[4:] == [pytest.approx(one.ranked.total, rel=1e-12) for one in lot.offers if one.ranked]


def below_zero(*formulas: str) -> LotScores:
    """A lot whose criteria look at fictitious prices below zero."""
    share = 100.0 / len(formulas)
    criteria = tuple(Criterion(f"M{f}", "Prix fictif", CriterionKind.FICTITIOUS, share, f) for f in formulas)
    subject = replace(issued().subject, lot=replace(issued().subject.lot, criteria=criteria, costing=COSTING))
    offers = [one.offer for one in scores().offers]
    return score_lot(subject, "0", offers, (), [Bid(one.key, 100.0 + n, {}) for n, one in enumerate(offers)]).value


@pytest.mark.parametrize("formula", ["F1", "F2", "F3", "F4", "F5", "F7"])
def test_a_formula_that_is_refused_leaves_its_cells_empty(formula: str) -> None:
    """A deduction larger than the price makes a fictitious price negative: 100 × lowest ÷ value would be a note."""
    lot = below_zero(formula)
    *_, total = rows_of_plan("notes.criteria", planned(lot))
    assert total[4:] == [pytest.approx(one.ranked.total) if formula == "F2" else "" for one in lot.offers if one.ranked]


def test_costs_stand_as_formulas_over_measures_and_published_coefficients() -> None:
    lot = scores()
    rows = {row[0]: row for row in rows_of("notes.values")}
    for leaf in leaves(lot.subject.lot.criteria):
        assert rows[leaf.label][4:] == [pytest.approx(one.values[leaf.code], rel=1e-12) for one in lot.offers]
    sheet = next(one for one in plan().sheets if one.code == "NOTES")
    live = {cell.row for cell in sheet.cells if cell.cached == pytest.approx(lot.offers[0].values["M1"], rel=1e-12)}
    assert len(live) == 1
    assert [row[0] for row in rows_of("notes.values")][1:10] == [
        "Coût sur 5 ans", "Prix fictif", "dont prix", "dont énergie par an : Électricité d'utilisation",
        "dont entretien par an", "dont fin de vie", "dont valeur résiduelle", "dont impact climatique", "Prix",
    ]  # fmt: skip


def test_an_answer_is_scored_as_it_was_given_or_by_its_default() -> None:
    frozen, first = issued(), scores().offers[0].offer
    bid = Bid(first.key, 30_000.0, {"E2": 80.0, "H": 60.0}, dict.fromkeys(("maintenance", "disposal", "residual"), 1.0))
    silent = replace(first, answers=without(first.answers, "DEV1.Q4"))
    for one, years in ((first, first.answers["DEV1.Q4"].value), (silent, 1.0)):
        (said,) = score_lot(frozen.subject, frozen.fingerprint, [one], (), [bid]).value.offers
        assert said.values["E3"] == years
        assert said.notes["E3"] == pytest.approx(100 * float(years or 0) / 8)
    row = next(row for row in rows_of("notes.values") if row[0] == "Garantie")
    assert row[3] == "ans"


def test_an_answer_without_default_that_is_not_given_keeps_its_offer_out() -> None:
    parts = (replace(GREEN.parts[2], item="DEV1.Q5", weight=100.0),)
    subject = issued().subject
    lot = replace(subject.lot, criteria=(replace(GREEN, weight=100.0, parts=parts),), costing=None)
    first, second = (one.offer for one in scores().offers[:2])
    told = replace(second, answers={**second.answers, "DEV1.Q5": Answer("DEV1.Q5", 5.0)})
    checked = score_lot(replace(subject, lot=lot), "0", [first, told], (), ())
    assert [one.code for one in checked.findings] == ["S104"]
    assert all("DEV1.Q5" in message(checked.findings[0], language) for language in ("fr", "en"))
    assert [(one.offer.key, one.ranked.rank if one.ranked else None) for one in checked.value.offers] == [
        (second.key, 1), (first.key, None),
    ]  # fmt: skip


def test_a_sub_criterion_says_which_criterion_it_is_a_part_of() -> None:
    said = {row[0]: row[3] for row in rows_of("notes.criteria")}
    assert said["Argent"] == "somme des sous-critères"
    assert said["Reprise"] == "F4, dans « Environnement »"


@pytest.fixture(scope="module")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(soffice, tmp_path_factory.mktemp("office")) as started:
        yield started


EXTERNAL = replace(COSTING, deduction=None, low=None, high=None, carbon_price=0.15)


@pytest.mark.office
@pytest.mark.parametrize("costing", [COSTING, EXTERNAL], ids=["deduction", "external cost"])
def test_libreoffice_finds_the_same_notes_and_costs(office: Office, tmp_path: Path, costing: Costing) -> None:
    path = tmp_path / "resultats.xlsx"
    path.write_bytes(workbook_bytes(plan(costing)))
    with office.open(path) as book:
        book.recalculate()
        found = {sheet.name: book.values(sheet.name) for sheet in plan(costing).sheets}
    compared = 0
    for sheet in plan(costing).sheets:
        for cell in sheet.cells:
            if isinstance(cell.cached, float):
                assert found[sheet.name][cell.row, cell.column] == pytest.approx(cell.cached, rel=1e-9), cell
                compared += 1
    assert compared >= 60
    assert not [value for cells in found.values() for value in cells.values() if str(value).startswith("#")]


@pytest.mark.office
def test_libreoffice_too_leaves_refused_notes_empty(office: Office, tmp_path: Path) -> None:
    refused = planned(below_zero("F1", "F3", "F4", "F5", "F7"))
    path = tmp_path / "resultats.xlsx"
    path.write_bytes(workbook_bytes(refused))
    sheet = next(sheet for sheet in refused.sheets if sheet.code == "NOTES")
    empty = [(cell.row, cell.column) for cell in sheet.cells if cell.cached == ""]
    with office.open(path) as book:
        book.recalculate()
        found = book.values(sheet.name)
    assert len(empty) >= 5 * len(scores().offers)
    assert {found.get(place) for place in empty} <= {"", None}


def test_a_cost_that_is_not_typed_leaves_the_offer_waiting_and_no_error_in_a_cell() -> None:
    frozen = issued()
    offers = [one.offer for one in scores().offers]
    bids = [Bid(one.key, 30_000.0, {"E2": 80.0, "H": 60.0}, {"maintenance": 1.0, "disposal": 2.0, "residual": 3.0})
            for one in offers]  # fmt: skip
    bids[0] = replace(bids[0], costs={"maintenance": 1.0})
    lot = score_lot(frozen.subject, frozen.fingerprint, offers, (), bids).value
    assert by_supplier(lot)[offers[0].key.supplier].ranked is None
    assert all(one.ranked for one in lot.offers[:-1])
    loaded = grounds(TEMPLATE).loaded
    outcome = Outcome(campaign_of(TEMPLATE), Consolidation(offers=tuple(offers)), (lot,), (), NOW)
    cells = [c for s in plan_results(outcome, loaded.template, loaded.texts["fr"], "fr").sheets for c in s.cells]
    assert not [cell for cell in cells if isinstance(cell.cached, str) and cell.cached.startswith("#")]


def test_every_figure_of_leaves_and_criteria_can_be_followed() -> None:
    lot = scores()
    one = lot.offers[1]
    names = [str(figure).removeprefix(f"L1.{one.offer.key.supplier}.") for figure in figures_of(lot, one)]
    assert {"value.M1", "note.M", "note.E1", "points"} <= set(names)
    assert "value.M" not in names
    points = trace_named([lot], f"L1.{one.offer.key.supplier}.points").value
    assert points is not None
    assert one.ranked is not None
    assert points.amount == pytest.approx(one.ranked.total, rel=1e-12)
    assert [note.criterion.code for note in points.notes] == ["M1", "M2", "M3", "E1", "E2", "E3", "H"]
    priced = trace_named([lot], f"L1.{one.offer.key.supplier}.value.M2").value
    assert priced is not None
    assert priced.amount == one.values["M2"]
    assert priced.lines is not None, "the impact that the price counts"
    group = trace_named([lot], f"L1.{one.offer.key.supplier}.note.E").value
    assert group is not None
    assert group.amount == pytest.approx(one.notes["E"])


# --- Ranks ----------------------------------------------------------------------------------------------------------


def test_chances_of_ranks_add_up_and_follow_the_impacts() -> None:
    ranks = scores().ranks
    assert len(ranks) == len(scores().offers)
    for chances in ("by_impact", "by_points"):
        table = [getattr(one, chances) for one in ranks]
        assert all(sum(row) == pytest.approx(1) for row in table)
        assert all(sum(column) == pytest.approx(1) for column in zip(*table, strict=True))
    lightest = min(scores().offers, key=lambda one: one.values["E1"]).offer.key
    assert max(ranks, key=lambda one: one.by_impact[0]).key == lightest


def test_the_chance_of_being_the_lighter_of_two_is_that_of_the_first_rank() -> None:
    frozen = issued()
    pair = [one.offer for one in scores().offers[:2]]
    bids = [Bid(one.key, 30_000.0, {"E2": 80.0, "H": 60.0}, dict.fromkeys(("maintenance", "disposal", "residual"), 1.0))
            for one in pair]  # fmt: skip
    lot = score_lot(frozen.subject, frozen.fingerprint, pair, (), bids).value
    (gap,) = lot.gaps
    first = next(one for one in lot.ranks if one.key == gap.left)
    assert first.by_impact == pytest.approx((gap.own_data.probability, 1 - gap.own_data.probability))


def test_the_order_of_offers_changes_no_chance() -> None:
    frozen, offers = issued(), [one.offer for one in scores().offers]
    bids = [Bid(one.key, 30_000.0, {"E2": 80.0, "H": 60.0}, dict.fromkeys(("maintenance", "disposal", "residual"), 1.0))
            for one in offers]  # fmt: skip
    straight, turned = (
        {one.key: one for one in score_lot(frozen.subject, frozen.fingerprint, some, (), bids).value.ranks}
        for some in (offers, offers[::-1])
    )
    assert straight == turned


def test_twins_share_the_first_rank() -> None:
    frozen = issued()
    answers = next(iter(examples(TEMPLATE).values()))
    twins = [offer(name, answers) for name in ("SAAA", "SBBB")]
    bids = [Bid(one.key, 30_000.0, {"E2": 80.0, "H": 60.0}, dict.fromkeys(("maintenance", "disposal", "residual"), 1.0))
            for one in twins]  # fmt: skip
    ranks = score_lot(frozen.subject, frozen.fingerprint, twins, (), bids).value.ranks
    assert [one.by_impact for one in ranks] == [(1, 0), (1, 0)]
    assert [one.by_points for one in ranks] == [(1, 0), (1, 0)]


def test_robustness_shows_both_views_and_the_ranks() -> None:
    pairs = rows_of("robust.pairs")
    gaps = scores().gaps
    assert [row[2] for row in pairs] == [1.0] * len(gaps), "the lot: offers of two lots are told apart"
    assert [row[3:5] for row in pairs] == [[gap.own_data.probability, gap.same_data.probability] for gap in gaps]
    heads, *rows = rows_of("robust.ranks")
    count = len(scores().offers)
    assert heads[4:] == [f"Rang {n}" for n in range(1, count + 1)]
    assert [row[1] for row in rows] == ["total des points"] * count + ["impact climatique"] * count
    assert [tuple(row[4:]) for row in rows[count:]] == [one.by_impact for one in scores().ranks]
