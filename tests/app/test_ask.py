"""Suppliers are asked to clarify, each on its own offer alone, all until the same moment, once."""

from __future__ import annotations

import re
import shutil
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from returned import IN_TIME, ISSUED, PARIS, answered, issued, received, typed
from shipped import answers_in

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.consolidate import consolidate_campaign
from canevas_xl.app.decide import decide
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.requests import Asked, ask_suppliers
from canevas_xl.app.score import score_campaign
from canevas_xl.cli import main
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.intake.locate import locate
from canevas_xl.model.offer import Standing
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.sheets.dialogue import margin_rows, thread_rows
from canevas_xl.report.sheets.requests import request_rows
from canevas_xl.report.sheets.review import figures_of, review_rows
from canevas_xl.report.words import OutcomeWords

TEMPLATE = "restauration-scolaire"
NOW = IN_TIME + timedelta(days=1)
UNTIL = datetime(2026, 10, 5, 12, 0, tzinfo=PARIS)
LATER = datetime(2027, 3, 1, 9, 0, tzinfo=PARIS)
Campaign = tuple[CampaignFolder, list[Path]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The school-meal example, issued; one supplier's values are odd, another answers in English and forgets one."""
    folder, copies = issued(tmp_path_factory.mktemp("asked"))
    received(folder, fill(folder, copies[0], "odd.xlsx", P07=1.0), fill(folder, copies[3], "english.xlsx", P09=None))
    return folder, copies


@pytest.fixture
def campaign(made: Campaign, tmp_path: Path) -> Campaign:
    """A copy of it, for one test."""
    folder, copies = made
    shutil.copytree(folder.path, tmp_path / "campagne")
    return CampaignFolder(tmp_path / "campagne"), copies


def fill(folder: CampaignFolder, copy: Path, name: str, **changes: float | str | None) -> Path:
    """Fill a copy in full, but for what changes (``TH01__MESSAGE``: another column of a row)."""
    located = locate(read_cells(copy))
    full = answers_in(TEMPLATE, "full")
    values = {key: one.value for key, one in full.items() if one.value is not None and located.spot(key, "VALUE")}
    more: dict[tuple[str, str], float | str | None] = {}
    for key, value in changes.items():
        code, _, column = key.partition("__")
        more[code, column or "VALUE"] = value
        if value is None:
            more[code, "ORIGIN"] = None
    return answered(copy, folder.path.parent / name, values, more)


def opened(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(path: Path) -> str:
    body = opened(path).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def events(folder: CampaignFolder) -> list[dict[str, object]]:
    return [one for one in folder.events() if one["kind"] == "asked"]


def codes(found: tuple[Finding, ...]) -> list[str]:
    return [one.code for one in found]


def messages(folder: CampaignFolder) -> dict[str, bytes]:
    place = folder.path / "messages"
    return {path.name: path.read_bytes() for path in place.iterdir()} if place.is_dir() else {}


def ask(folder: CampaignFolder, *, drafts: bool = True, now: datetime = NOW) -> Asked:
    return ask_suppliers(folder, now, UNTIL, drafts=drafts)


def test_one_message_per_supplier_in_its_language_says_where_what_and_by_when(campaign: Campaign) -> None:
    folder, _ = campaign
    asked = ask(folder)
    assert [(one.supplier, one.language) for one in asked.requests] == [("S001", "fr"), ("S004", "en")]
    first, other = (one.path for one in asked.requests)
    assert "CX1-" in opened(first)["subject"]
    assert opened(first)["to"].addresses[0].addr_spec == "appels@cuisine3vallees.example"
    assert opened(first)["X-Unsent"] == "1"
    for part in ("Mon offre", "P07", "Ce qui a été lu", "Ce qui vous est demandé", "5 octobre 2026"):
        assert part in text_of(first), part
    for part in ("My offer", "P09", "What you are asked", "5 October 2026"):
        assert part in text_of(other), part


def test_what_comes_from_a_return_stands_in_a_table_where_no_address_can_be_clicked(campaign: Campaign) -> None:
    body = opened(ask(campaign[0]).requests[0].path).get_body(("html",))
    assert body is not None
    assert re.search("<td[^>]*>Mon offre · ", str(body.get_content()))


def test_a_message_holds_nothing_of_another_supplier_no_note_and_no_rank(campaign: Campaign) -> None:
    one, other = (text_of(request.path) for request in ask(campaign[0]).requests)
    for foreign in ("Green Spoon", "S004", "tenders@"):
        assert foreign not in one
    for foreign in ("Trois Vallées", "S001", "appels@"):
        assert foreign not in other
    for text in (one, other):
        for word in ("note", "rang", "classement", "points", "rank"):
            assert f" {word} " not in text.lower(), word


def test_asking_twice_writes_the_same_bytes_and_no_second_event(campaign: Campaign) -> None:
    folder, _ = campaign
    ask(folder)
    before, told = messages(folder), events(folder)
    again = ask_suppliers(folder, NOW + timedelta(days=2), drafts=True)
    assert (messages(folder), events(folder)) == (before, told)
    assert len(told) == 2
    assert not any(one.new for one in again.requests)


def test_what_is_settled_is_asked_no_more_and_is_no_new_question(campaign: Campaign) -> None:
    folder, copies = campaign
    ask(folder)
    received(folder, fill(folder, copies[0], "mended.xlsx"), at=IN_TIME + timedelta(hours=2))
    asked = ask(folder)
    assert [one.supplier for one in asked.requests] == ["S004"]
    assert len(asked.removed) == 1
    assert len(events(folder)) == 2


def test_a_new_finding_is_a_new_question(campaign: Campaign) -> None:
    folder, copies = campaign
    ask(folder)
    worse = fill(folder, copies[0], "worse.xlsx", P07=1.0, P02="peut-être")
    received(folder, worse, at=IN_TIME + timedelta(hours=2))
    assert [one.new for one in ask(folder).requests] == [True, False]
    assert len(events(folder)) == 3


def test_without_drafts_nothing_is_written_or_registered(campaign: Campaign) -> None:
    folder, _ = campaign
    assert len(ask(folder, drafts=False).requests) == 2
    assert (messages(folder), events(folder)) == ({}, [])


def test_the_moment_is_stated_or_as_last_asked_and_never_past(campaign: Campaign) -> None:
    folder, _ = campaign
    naive = ask_suppliers(folder, NOW, UNTIL.replace(tzinfo=None), drafts=True).until
    assert naive == UNTIL
    assert ask_suppliers(folder, NOW, drafts=False).until == UNTIL
    with pytest.raises(WrongUse) as past:
        ask_suppliers(folder, NOW, ISSUED, drafts=True)
    assert past.value.code == "M411"


def test_once_the_deadline_is_past_requests_can_be_read_and_say_what_to_type(campaign: Campaign) -> None:
    folder, _ = campaign
    seen = ask_suppliers(folder, LATER, drafts=False)
    assert (seen.until, codes(seen.findings), seen.blocked) == (None, ["M416"], False)
    assert seen.proposed == datetime(2027, 3, 8, 12, 0, tzinfo=PARIS)
    assert "[date à fixer]" in seen.requests[0].text
    assert all(one.new for one in seen.requests), "whoever was asked in time is now asked until another moment"
    with pytest.raises(WrongUse) as past:
        ask_suppliers(folder, LATER, drafts=True)
    assert past.value.facts["example"] == "2027-03-08 12:00"
    assert ask_suppliers(folder, LATER, seen.proposed, drafts=True).until == seen.proposed
    assert ask_suppliers(folder, LATER + timedelta(days=30), drafts=False).until == seen.proposed, "nothing new to ask"


def test_a_long_request_is_told_whole(campaign: Campaign) -> None:
    long = "Une remarque hors des cases, que personne ne lit. " * 8
    folder, copies = campaign
    received(folder, fill(folder, copies[0], "beside.xlsx", P02=long), at=IN_TIME + timedelta(hours=2))
    told = " ".join(text_of(ask(folder).requests[0].path).split())
    assert " ".join(long.split()) in told


def test_nothing_to_ask_is_said_and_takes_drafts_away(campaign: Campaign) -> None:
    folder, _ = campaign
    ask(folder)
    for one in consolidate_campaign(folder, NOW).consolidation.said:
        decide(folder, one.id, "accept", "Vu avec tous", NOW)
    asked = ask(folder)
    assert codes(asked.findings) == ["M410"]
    assert (asked.requests, messages(folder)) == ((), {})


def test_somebody_whose_address_is_unknown_gets_a_text_and_the_others_a_message(campaign: Campaign) -> None:
    folder, _ = campaign
    typed(folder.workbook, folder.workbook, {("SUP.001", column): None for column in ("NAME", "CODE", "EMAIL", "LOTS")})
    asked = ask(folder)
    assert codes(asked.findings) == ["M414"]
    assert [one.path.suffix for one in asked.requests] == [".txt", ".eml"]


def test_an_address_that_is_none_is_said_and_the_others_are_asked(campaign: Campaign) -> None:
    folder, _ = campaign
    typed(folder.workbook, folder.workbook, {("SUP.001", "EMAIL"): "pas une adresse"})
    asked = ask(folder)
    assert (asked.blocked, codes(asked.findings)) == (True, ["M407"])
    assert [name[-8:] for name in messages(folder)] == ["S004.eml"]


def test_through_the_buyer_profile_requests_are_texts_and_a_consultation_says_its_rules(tmp_path: Path) -> None:
    folder, copies = issued(
        tmp_path,
        changes={
            ("CONS.PHASE", "VALUE"): "Consultation",
            ("CONS.CHANNEL", "VALUE"): "Profil d'acheteur",
            ("CONS.PROFILE", "VALUE"): "https://profil.example",
        },
    )
    received(folder, fill(folder, copies[0], "odd.xlsx", P07=1.0, P02="peut-être"))
    assert codes(ask_suppliers(folder, NOW, UNTIL, drafts=True).findings) == ["M410"], "nothing is read yet"
    asked = ask_suppliers(folder, LATER, LATER + timedelta(days=7), drafts=True)
    (request,) = asked.requests
    assert codes(asked.findings) == ["M412", "M413"]
    assert request.path.suffix == ".txt"
    text = request.path.read_text("utf-8")
    for part in ("https://profil.example", "R2152-2", "régularisation", "précision"):
        assert part in text, part


def test_the_command_shows_then_writes_and_refuses_what_is_no_moment(
    campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = campaign
    assert main(["ask", str(folder.path), "--lang", "fr", "--until", "2099-01-01 12:00"]) == 0
    shown = capsys.readouterr().out
    assert "Cuisine des Trois Vallées" in shown
    assert "--drafts" in shown
    assert messages(folder) == {}
    assert main(["ask", str(folder.path), "--drafts", "--until", "2099-01-01 12:00"]) == 0
    assert len(messages(folder)) == 2
    assert main(["ask", str(folder.path), "--lang", "fr", "--until", "demain"]) == 2
    assert "M415" in capsys.readouterr().err


# --- What the results say of it ---------------------------------------------------------------------------------


def outcome(folder: CampaignFolder) -> Outcome:
    scores = score_campaign(folder, NOW)
    subject = next(iter(scores.records.values())).subject
    lots = scores.lots
    return Outcome(scores.campaign or subject.campaign, scores.consolidation, lots, folder.events(), NOW)


def test_results_show_what_was_asked_and_whether_it_was(campaign: Campaign) -> None:
    folder, _ = campaign
    words = OutcomeWords.of("fr")
    states = [row[-1] for row in request_rows(outcome(folder), words)["requests.list"]]
    assert set(states) == {"À demander : bouton Préparer les demandes, ou canevas-xl ask"}
    ask(folder)
    states = [str(row[-1]) for row in request_rows(outcome(folder), words)["requests.list"]]
    assert all(state.startswith("Demandé le 2026-09-21") for state in states)


def test_levers_messages_and_moves_answer_the_first_question(campaign: Campaign) -> None:
    folder, copies = campaign
    ask(folder)
    said: dict[str, float | str | None] = {
        "LV01__CHANGE": "Deux livraisons par semaine", "LV01__HOLD": "Coût", "TH01__MESSAGE": "Par semaine ?",
    }  # fmt: skip
    mended = fill(folder, copies[0], "mended.xlsx", **said)
    received(folder, mended, at=IN_TIME + timedelta(hours=2))
    results, words = outcome(folder), OutcomeWords.of("fr")
    figures = figures_of(results)
    assert (figures.returns, figures.points - figures.cleared, figures.messages, figures.levers) == (3, 1, 1, 1)
    (moved,) = figures.moved
    assert (moved.changed, moved.replaced) == (1, 0)
    assert moved.before != moved.after
    (lever,) = margin_rows(results, words)["margins.levers"]
    assert lever[3:5] == ("Coût", "Deux livraisons par semaine")
    threads = thread_rows(results, words)["threads.list"]
    assert "Par semaine ?" in {row[-1] for row in threads}
    assert len([row for row in threads if row[-2] == "Acheteur"]) == figures.points, "what is settled stays told"
    states = [str(row[-1]) for row in request_rows(results, words)["requests.list"]]
    assert sum(state.startswith("Réglé") for state in states) == figures.cleared > 0
    cells = (cell for row in review_rows(results, words)["review.summary"] for cell in row)
    told = " ".join(str(getattr(cell, "content", cell)) for cell in cells).replace("\u00a0", " ")
    for part in ("1. Une discussion", "Réponses changées : 1", "2. Les données", "3. Où arranger"):
        assert part in told, part


# --- Who is silent, and what replaces what ----------------------------------------------------------------------


def test_a_supplier_dropped_after_issue_is_not_silent_and_one_taken_back_is(campaign: Campaign, tmp_path: Path) -> None:
    folder, _ = campaign
    assert (1, "S003") in consolidate_campaign(folder, NOW).consolidation.silent
    whole = shutil.copy(folder.workbook, tmp_path / "whole.xlsx")
    gone = {("SUP.003", column): None for column in ("NAME", "CODE", "EMAIL", "LANG", "LOTS")}
    typed(folder.workbook, folder.workbook, gone)
    assert not issue_campaign(folder, ISSUED + timedelta(days=1)).blocked
    assert (1, "S003") not in consolidate_campaign(folder, NOW).consolidation.silent
    shutil.copy(whole, folder.workbook)
    assert not issue_campaign(folder, ISSUED + timedelta(days=2)).blocked
    assert (1, "S003") in consolidate_campaign(folder, NOW).consolidation.silent


def test_a_copy_sent_back_as_issued_replaces_nothing(campaign: Campaign) -> None:
    folder, copies = campaign
    received(folder, copies[0], at=IN_TIME + timedelta(hours=3))
    found = consolidate_campaign(folder, NOW).consolidation
    assert Standing.BLANK in {one.standing for one in found.set_aside}
    assert next(one for one in found.offers if one.key.supplier == "S001").receipt.name == "odd.xlsx"


def test_a_decision_that_names_another_supplier_is_said_and_not_taken(campaign: Campaign) -> None:
    folder, _ = campaign
    number = next(one.id for one in consolidate_campaign(folder, NOW).consolidation.said if one.key)
    row = {("DEC.001", "FINDING"): number, ("DEC.001", "DECISION"): "Accepter", ("DEC.001", "REASON"): "Vu"}
    typed(folder.workbook, folder.workbook, {**row, ("DEC.001", "SUPPLIER"): "Les Marmites de l'Ouest"})
    done = consolidate_campaign(folder, NOW)
    assert "R365" in codes(done.findings)
    assert all(one.decision is None for one in done.consolidation.said)
    typed(folder.workbook, folder.workbook, {("DEC.001", "SUPPLIER"): "cuisine des trois vallées"})
    done = consolidate_campaign(folder, NOW)
    assert codes(done.findings) == []
    assert next(one for one in done.consolidation.said if one.id == number).decision is not None
