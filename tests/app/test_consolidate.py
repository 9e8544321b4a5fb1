"""From a file that came back to an offer: whatever program saved it, however often, in whatever order."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import openpyxl
import pytest
from office import Office
from returned import IN_TIME, ISSUED, LATE, answered, issued, received, typed
from shipped import TEMPLATES, answers_in

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app import reading
from canevas_xl.app.consolidate import Consolidated, consolidate_campaign
from canevas_xl.app.constants import constants_file, constants_name, load_constants
from canevas_xl.app.decide import decide
from canevas_xl.app.issue import issue_campaign
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.intake.locate import locate
from canevas_xl.model.answer import Answer
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.offer import Offer, Standing
from canevas_xl.model.vocabulary import Origin

Issued = tuple[CampaignFolder, list[Path]]


@cache
def values_for(copy: Path, template: str) -> dict[str, float | str]:
    """The template's reference, for what this copy asks."""
    located = locate(read_cells(copy))
    full = answers_in(template, "full")
    return {key: one.value for key, one in full.items() if one.value is not None and located.spot(key, "VALUE")}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    """The school-meal example, issued once for all tests."""
    return issued(tmp_path_factory.mktemp("made"))


@pytest.fixture
def meals(made: Issued, tmp_path: Path) -> Issued:
    """A copy of it, for one test."""
    folder, copies = made
    shutil.copytree(folder.path, tmp_path / "campagne")
    return CampaignFolder(tmp_path / "campagne"), copies


def filled(campaign: Issued, name: str = "reponse.xlsx", number: int = 0, **changes: object) -> Path:
    """One supplier's copy, filled in full but for what changes."""
    folder, copies = campaign
    values = values_for(copies[number], "restauration-scolaire")
    more: dict[tuple[str, str], float | str | None] = {}
    for key, value in changes.items():
        code, _, column = key.partition("__")
        more[code.replace("ID_", "ID."), column or "VALUE"] = value  # type: ignore[assignment]
    return answered(copies[number], folder.path.parent / name, values, more)


def codes(done: Consolidated) -> list[str]:
    return [one.finding.code for one in done.consolidation.said]


def only(done: Consolidated) -> Offer:
    (offer,) = done.consolidation.offers
    return offer


def said_by(offer: Offer) -> Mapping[str, Answer]:
    """Answers without the cells they stand in."""
    return {key: replace(one, cell="") for key, one in offer.answers.items()}


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_filled_canvas_becomes_an_offer_without_a_word(tmp_path: Path, template: str) -> None:
    folder, copies = issued(tmp_path, template)
    values = values_for(copies[0], template)
    received(folder, answered(copies[0], tmp_path / "reponse.xlsx", values))
    done = consolidate_campaign(folder, IN_TIME)
    offer = only(done)
    assert codes(done) == []
    assert {key: offer.answers[key].value for key in values} == values
    assert (offer.key.supplier, offer.identity.identifier) == ("S001", "73282932000074")
    assert [supplier for _, supplier in done.consolidation.silent] == ["S002", "S003", "S004"]


def test_sorted_rows_inserted_rows_and_renamed_sheets_give_the_same_offer(meals: Issued, tmp_path: Path) -> None:
    folder, _ = meals
    path = filled(meals)
    received(folder, path)
    plain = only(consolidate_campaign(folder, IN_TIME))
    book = openpyxl.load_workbook(path)
    sheet = book["Mon offre"]
    sheet.insert_rows(9)
    rows = range(12, 40)
    kept = {row: [cell.value for cell in sheet[row]] for row in rows}
    for row, other in zip(rows, reversed(rows), strict=True):
        for cell, value in zip(sheet[row], kept[other], strict=True):
            cell.value = value
    sheet.title, book["Accueil"].title = "Feuil2", "Feuil1"
    book.save(tmp_path / "bouge.xlsx")
    received(folder, tmp_path / "bouge.xlsx", at=IN_TIME + timedelta(hours=1))
    done = consolidate_campaign(folder, IN_TIME)
    moved = only(done)
    assert moved.receipt.name == "bouge.xlsx"
    assert said_by(moved) == said_by(plain)
    assert (moved.key, moved.identity, moved.name) == (plain.key, plain.identity, plain.name)
    # openpyxl moves formulas without mending them: that is told, and changes nothing.
    assert set(codes(done)) <= {"R344"}


@pytest.mark.office
@pytest.mark.parametrize("template", TEMPLATES)
def test_what_libreoffice_saved_gives_the_same_offer(soffice: str, tmp_path: Path, template: str) -> None:
    folder, copies = issued(tmp_path, template)
    path = answered(copies[0], tmp_path / "reponse.xlsx", values_for(copies[0], template))
    received(folder, path)
    plain = only(consolidate_campaign(folder, IN_TIME))
    located = locate(read_cells(copies[0]))
    with Office(soffice, tmp_path) as office, office.open(copies[0]) as book:
        inputs = locate(read_cells(path)).spots
        for (key, column), spot in inputs.items():
            empty = located.spots[key, column]
            if spot.content is not None and empty.content != spot.content and spot.cell and spot.cell.formula is None:
                book.type(spot.sheet, spot.row, spot.column, spot.content)
        book.recalculate()
        book.save_xlsx(tmp_path / "libre.xlsx")
    received(folder, tmp_path / "libre.xlsx", at=IN_TIME + timedelta(hours=1))
    done = consolidate_campaign(folder, IN_TIME)
    assert only(done).receipt.name == "libre.xlsx"
    assert said_by(only(done)) == said_by(plain)
    assert codes(done) == []


def test_consolidating_again_reads_nothing_and_says_the_same(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals), filled(meals, "autre.xlsx", 1, P01="douze"))
    first = consolidate_campaign(folder, IN_TIME)
    assert (first.files, first.read_now) == (2, 2)
    register = {path.name: path.read_bytes() for path in folder.register.iterdir()}
    again = consolidate_campaign(folder, LATE)
    assert again.read_now == 0
    assert again.consolidation == first.consolidation
    assert {path.name: path.read_bytes() for path in folder.register.iterdir()} == register
    shutil.rmtree(folder.path / "cache")
    afresh = consolidate_campaign(folder, IN_TIME)
    assert afresh.read_now == 2
    assert afresh.consolidation == first.consolidation


def test_files_read_in_other_processes_give_the_same(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals), filled(meals, "autre.xlsx", 1, P01="douze"))
    alone = consolidate_campaign(folder, IN_TIME)
    shutil.rmtree(folder.path / "cache")
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        together = consolidate_campaign(folder, IN_TIME, executor=executor)
    assert together.read_now == 2
    assert together.consolidation == alone.consolidation


def test_a_new_return_reads_only_itself(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals))
    consolidate_campaign(folder, IN_TIME)
    received(folder, filled(meals, "autre.xlsx", 1))
    told: list[tuple[int, int]] = []
    done = consolidate_campaign(folder, IN_TIME, progress=lambda *step: told.append(step))
    assert (done.files, done.read_now) == (2, 1)
    assert told == [(1, 2), (2, 2)]


def test_a_damaged_file_is_a_finding_and_the_others_proceed(meals: Issued) -> None:
    folder, copies = meals
    cut = folder.path.parent / "coupe.xlsx"
    data = copies[1].read_bytes()
    whole = filled(meals)
    received(folder, whole)
    cut.write_bytes(data[: len(data) // 2])
    received(folder, cut)
    (folder.path / "cache").mkdir(exist_ok=True)
    done = consolidate_campaign(folder, IN_TIME)
    assert len(done.consolidation.offers) == 1
    assert not done.consolidation.stopped(done.consolidation.offers[0].key)
    aside = {one.receipt.name: one for one in done.consolidation.set_aside}
    if "coupe.xlsx" in aside:  # otherwise *collect* knew that it was no workbook
        assert aside["coupe.xlsx"].standing is Standing.UNREADABLE
        assert aside["coupe.xlsx"].findings[0].place.file == "coupe.xlsx"


def test_a_stored_file_that_was_touched_is_not_read(meals: Issued) -> None:
    folder, copies = meals
    received(folder, filled(meals))
    (stored,) = (folder.path / "recus").iterdir()
    stored.write_bytes(copies[1].read_bytes())
    done = consolidate_campaign(folder, IN_TIME)
    assert [one.standing for one in done.consolidation.set_aside] == [Standing.UNREADABLE]
    assert codes(done) == ["R309"]


def test_a_damaged_cache_is_only_read_again(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals))
    first = consolidate_campaign(folder, IN_TIME)
    (kept,) = (folder.path / "cache").iterdir()
    for text in ("", "{", "[]", '{"key": 3}'):
        kept.write_text(text, "utf-8")
        again = consolidate_campaign(folder, IN_TIME)
        assert again.read_now == 1
        assert again.consolidation == first.consolidation


def test_a_changed_factor_blocks_the_offer_until_it_is_decided(meals: Issued) -> None:
    folder, _ = meals
    path = filled(meals)
    book = openpyxl.load_workbook(path)
    sheet = book["Facteurs et sources"]
    cell = next(cell for row in sheet.iter_rows(min_row=6) for cell in row if isinstance(cell.value, float))
    was, cell.value = cell.value, 0.001
    book.save(path)
    received(folder, path)
    done = consolidate_campaign(folder, IN_TIME)
    (said,) = done.consolidation.said
    assert (said.finding.code, said.finding.place.cell) == ("R340", cell.coordinate)
    assert dict(said.finding.facts)["was"] == f"{was:.12g}"
    assert done.consolidation.stopped(only(done).key)
    decide(folder, said.id, "accept", "Sans effet sur le calcul", IN_TIME)
    after = consolidate_campaign(folder, IN_TIME)
    assert not after.consolidation.stopped(only(after).key)
    assert after.consolidation.said[0].decision is not None
    assert after.consolidation.said[0].decision.reason == "Sans effet sur le calcul"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"P01": "=2+2"}, ["C206"]),
        ({"P01": "1.234"}, ["C209"]),
        ({"P01": "quatre"}, ["C208"]),
        ({"P01": None}, ["R320"]),
        ({"P01__ORIGIN": "Donnée non disponible"}, ["C213"]),
        ({"P01__ORIGIN": None}, ["R323"]),
        ({"P01__EVIDENCE": None}, ["C227"]),
        ({"P01": None, "P01__ORIGIN": "Donnée non disponible"}, []),
        ({"P01": None, "P01__ORIGIN": "Sans objet"}, ["R322"]),
        ({"P01": "4"}, ["C214"]),
        ({"ID_SIRET": "73282932000075"}, ["R311"]),
        ({"ID_ATTEST": "Non"}, ["R315"]),
        ({"ID_VARIANT": 1}, ["R317"]),
    ],
)
def test_each_fault_is_said_once(meals: Issued, change: dict[str, object], expected: list[str]) -> None:
    folder, _ = meals
    received(folder, filled(meals, **change))
    done = consolidate_campaign(folder, IN_TIME)
    told = [one for one in codes(done) if not one.startswith("C22") or one in expected]
    assert told == expected


def test_not_known_stays_not_known(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals, P01=None, P01__ORIGIN="Donnée non disponible"))
    answer = only(consolidate_campaign(folder, IN_TIME)).answers["P01"]
    assert (answer.value, answer.origin) == (None, Origin.NOT_KNOWN)


CONSULTATION = {("CONS.PHASE", "VALUE"): "Consultation", ("CONS.CHANNEL", "VALUE"): "Profil d'acheteur",
                ("CONS.PROFILE", "VALUE"): "https://profil.example"}  # fmt: skip


def test_in_a_consultation_nothing_is_read_before_the_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = issued(tmp_path, changes=CONSULTATION)
    folder, _ = campaign
    received(folder, filled(campaign))
    opened: list[str] = []
    real = Path.open

    def watched(self: Path, *more: object, **options: object) -> object:
        opened.append(self.name)
        return real(self, *more, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", watched)
    done = consolidate_campaign(folder, IN_TIME)
    stored = {path.name for path in (folder.path / "recus").iterdir()}
    assert not stored & set(opened)
    assert [one.standing for one in done.consolidation.set_aside] == [Standing.NOT_YET]
    assert (done.consolidation.offers, done.consolidation.silent, done.read_now) == ((), (), 0)
    assert done.sealed_until is not None
    after = consolidate_campaign(folder, done.sealed_until)
    assert len(after.consolidation.offers) == 1
    assert stored & set(opened)


def test_an_open_canvas_is_known_by_who_declares_it(tmp_path: Path) -> None:
    campaign = issued(tmp_path, changes={("CONS.OPEN", "VALUE"): "Oui"})
    folder, copies = campaign
    assert "-OPEN-" in copies[-1].name
    received(folder, filled(campaign, number=len(copies) - 1))
    done = consolidate_campaign(folder, IN_TIME)
    assert codes(done) == []
    assert only(done).key.supplier == "=73282932000074"
    assert only(done).name == "Traiteur des Prés"


def test_what_was_filled_before_an_erratum_waits_for_the_buyer(meals: Issued) -> None:
    folder, _ = meals
    path = filled(meals)
    typed(folder.workbook, folder.workbook, {("P.G_BEEF", "L1"): 80, ("CONS.ERRATUM", "VALUE"): "Grammage faux"})
    assert not issue_campaign(folder, ISSUED).blocked
    received(folder, path)
    done = consolidate_campaign(folder, IN_TIME)
    assert codes(done) == ["R307"]
    assert done.consolidation.stopped(only(done).key)


def test_a_canvas_of_another_campaign_is_none_of_ours(meals: Issued, tmp_path: Path) -> None:
    folder, _ = meals
    (tmp_path / "ailleurs").mkdir()
    _, others = issued(tmp_path / "ailleurs")
    received(folder, others[0])
    done = consolidate_campaign(folder, IN_TIME)
    assert [one.standing for one in done.consolidation.set_aside] == [Standing.NOT_OURS]
    assert codes(done) == ["R305"]


def decision_rows(folder: CampaignFolder, finding: str, choice: str | None, reason: str | None) -> None:
    inputs = {"FINDING": finding if choice else None, "DECISION": choice, "REASON": reason}
    typed(folder.workbook, folder.workbook, {("DEC.001", column): value for column, value in inputs.items()})


def test_of_the_sheet_and_the_command_the_later_decision_wins(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals, ID_ATTEST="Non"))

    def stands(hours: int) -> str:
        (said,) = consolidate_campaign(folder, IN_TIME + timedelta(hours=hours)).consolidation.said
        return "" if said.decision is None else said.decision.reason

    (said,) = consolidate_campaign(folder, IN_TIME).consolidation.said
    decision_rows(folder, said.id, "Accepter", "feuille 1")
    assert stands(1) == "feuille 1"
    decide(folder, said.id, "refuse", "commande", IN_TIME + timedelta(hours=2))
    assert stands(3) == "commande"
    assert stands(4) == "commande"
    decision_rows(folder, said.id, "Refuser", "feuille 2")
    assert stands(5) == "feuille 2"
    decision_rows(folder, said.id, "Accepter", "feuille 1")
    assert stands(6) == "feuille 1"
    decision_rows(folder, said.id, None, None)
    assert stands(7) == ""
    assert stands(8) == ""


def test_constants_that_were_stored_are_those_that_are_planned_again(meals: Issued) -> None:
    folder, _ = meals
    received(folder, filled(meals))
    issue = consolidate_campaign(folder, IN_TIME).ledger.last(1, 1)
    path = folder.frozen / constants_name(issue.fingerprint, "fr", addressed=True)
    stored = path.read_bytes()
    known = load_constants(folder, issue.subject, issue.fingerprint, "fr", addressed=True)
    path.unlink()
    assert load_constants(folder, issue.subject, issue.fingerprint, "fr", addressed=True) == known
    plan = plan_canvas(Canvas(issue.subject, "fr", issue.fingerprint))
    assert constants_file(issue.fingerprint, plan, addressed=True) == (path.name, stored)
    assert len(folder.records(1, 1)) == 1
    path.write_text("{", "utf-8")
    with pytest.raises(Fault) as caught:
        load_constants(folder, issue.subject, issue.fingerprint, "fr", addressed=True)
    assert caught.value.code == "X106"


def test_where_nothing_was_issued_there_is_nothing_to_consolidate(tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as caught:
        consolidate_campaign(CampaignFolder(tmp_path), datetime.now(tz=IN_TIME.tzinfo))
    assert caught.value.code == "X108"


ENDING = """
import os, sys
from datetime import datetime
from pathlib import Path
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app import consolidate, reading
reading.read_returned = lambda _: os._exit(9)
consolidate.consolidate_campaign(CampaignFolder(Path(sys.argv[1])), datetime.fromisoformat(sys.argv[2]))
"""
"""Stands for a reader that crashes: nothing that is known to make it crash is left to test with."""


def test_a_file_over_which_the_program_ended_is_read_apart_the_next_time(
    meals: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = meals[0]
    received(folder, filled(meals))
    ended = subprocess.run([sys.executable, "-c", ENDING, str(folder.path), IN_TIME.isoformat()], check=False)
    assert ended.returncode == 9

    def read_here(path: Path) -> object:
        raise AssertionError(path)

    monkeypatch.setattr(reading, "read_returned", read_here)
    assert only(consolidate_campaign(folder, IN_TIME)).answers
    assert not list((folder.path / "cache").glob("*.lecture"))
