"""*Bilan* answers the three questions with figures in words; what nobody said is not counted as nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from rivals import RECEIVED, offer, scored
from shipped import AS_OF, LANGUAGES, answers_in, campaign_of

from canevas_xl.intake.consolidation import Consolidation, SetAside
from canevas_xl.model.answer import Answer
from canevas_xl.model.dialogue import Dialogue, Feedback, Lever, Message
from canevas_xl.model.offer import Offer, Standing
from canevas_xl.report.outcome import Blocks, Outcome
from canevas_xl.report.sheets.dialogue import margin_rows, thread_rows
from canevas_xl.report.sheets.review import figures_of, review_rows
from canevas_xl.report.words import OutcomeWords

TEMPLATE = "restauration-scolaire"
SAID = {
    "S001": Dialogue(feedback=Feedback(30.0, "Le poids du bœuf", "P02", "K2", True)),
    "S002": Dialogue(feedback=Feedback(50.0, "Non", "P02", "", False)),
    "S003": Dialogue(
        levers=(Lever("LV01", "OTHER", "COST", "Deux menus"),), messages=(Message("TH01", "Par semaine ?", "P02"),)
    ),
}


def answering(supplier: str, **changes: float | None) -> Offer:
    full = dict(answers_in(TEMPLATE, "full"))
    full |= {key: Answer(key, value) for key, value in changes.items()}
    return replace(offer(supplier, full), dialogue=SAID.get(supplier, Dialogue()))


@cache
def outcome(*, discussed: bool = True) -> Outcome:
    """Three offers; the first came twice, with a gap and another value at first."""
    offers = tuple(answering(supplier) for supplier in SAID)
    if not discussed:
        offers = tuple(replace(one, dialogue=Dialogue()) for one in offers)
    first = answering("S001", P02=1.0, K2=None)
    first = replace(first, receipt=replace(first.receipt, sha256="1" * 64, received=RECEIVED - timedelta(days=2)))
    beside = (SetAside(first.receipt, Standing.SUPERSEDED, first.key, (), first),) if discussed else ()
    consolidation = Consolidation(offers, beside, silent=((1, "S004"),))
    return Outcome(campaign_of(TEMPLATE), consolidation, (scored(TEMPLATE, offers).value,), (), AS_OF)  # type: ignore[arg-type]


def told(blocks: Blocks, name: str) -> str:
    cells = (getattr(cell, "content", cell) for row in blocks[name] for cell in row)
    return " ".join(str(cell) for cell in cells).replace("\u00a0", " ")


def test_what_moved_between_two_returns_is_counted() -> None:
    figures = figures_of(outcome())
    (moved,) = figures.moved
    assert (figures.asked, figures.answered, figures.returns) == (4, 3, 4)
    assert (moved.changed, moved.replaced) == (1, 1)
    assert moved.before != moved.after


def test_minutes_and_opinions_are_those_of_who_answered() -> None:
    figures = figures_of(outcome())
    assert figures.minutes == (30.0, 50.0)
    text = told(review_rows(outcome(), OutcomeWords.of("fr")), "review.summary")
    for part in ("40 minutes pour l'entreprise médiane", "80 minutes en tout", "Le referaient : 1 sur 2", ": 1 sur 2."):
        assert part in text, part


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_questions_are_answered_in_both_languages(language: str) -> None:
    text = told(review_rows(outcome(), OutcomeWords.of(language)), "review.summary")
    for number in ("1. ", "2. ", "3. "):
        assert number in text
    assert "{" not in text


def test_what_nobody_said_is_no_figure() -> None:
    rows = review_rows(outcome(discussed=False), OutcomeWords.of("fr"))
    values: Mapping[object, object] = {row[0]: row[1] for row in rows["review.figures"]}
    assert values["Temps passé, entreprise médiane"] is None
    assert values["Le referaient"] is None
    assert rows["review.feedback"] == ()
    assert "aucune entreprise ne l'a dit" in told(rows, "review.summary")


def test_levers_and_messages_are_shown_with_who_said_them() -> None:
    words = OutcomeWords.of("fr")
    (lever,) = margin_rows(outcome(), words)["margins.levers"]
    assert lever[:5] == ("Entreprise S003", 1.0, "Autre exigence", "Coût", "Deux menus")
    (message,) = thread_rows(outcome(), words)["threads.list"]
    assert (message[0], message[-1]) == ("Entreprise S003", "Par semaine ?")
    assert str(message[2]).startswith("P02 · ")


def test_who_was_not_asked_is_not_said_to_be_unhindered() -> None:
    rows = margin_rows(outcome(discussed=False), OutcomeWords.of("fr"))["margins.requirements"]
    assert {row[5] for row in rows} == {None}
