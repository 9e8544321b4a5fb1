"""*Bilan* answers the three questions with figures in words; what nobody said is not counted as nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from statistics import fmean

import pytest
from rivals import RECEIVED, examples, offer, scored
from shipped import AS_OF, LANGUAGES, answers_in, campaign_of, grounds

from canevas_xl.impact.figures import total
from canevas_xl.intake.consolidation import Consolidation, SetAside
from canevas_xl.model.answer import Answer
from canevas_xl.model.dialogue import Dialogue, Feedback, Lever, Message
from canevas_xl.model.offer import Offer, Standing
from canevas_xl.model.score import ScoredOffer
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


@pytest.mark.parametrize(
    ("discussed", "said"), [(True, "Elle a fait bouger des offres"), (False, "Trop tôt pour le dire")]
)
def test_the_first_question_has_an_answer_before_its_figures(*, discussed: bool, said: str) -> None:
    text = told(review_rows(outcome(discussed=discussed), OutcomeWords.of("fr")), "review.summary")
    assert text.index("1. ") < text.index(said) < text.index("réponses attendues")


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
    assert {row[6] for row in rows} == {None}


# --- Where room for manoeuvre lies, in figures ----------------------------------------------------------------------


def rivals_with_a_lever(lever: Lever) -> Outcome:
    """The worked examples, one of which offers a lever."""
    first, *others = (offer(supplier, answers) for supplier, answers in examples(TEMPLATE).items())
    offers = (replace(first, dialogue=Dialogue(levers=(lever,))), *others)
    return Outcome(campaign_of(TEMPLATE), Consolidation(offers), (scored(TEMPLATE, offers).value,), (), AS_OF)


def on_lines(one: ScoredOffer, flows: tuple[str, ...]) -> float:
    return sum(float(c.impacts[0]) for c in one.impacts.contributions if c.line.flow in flows)


def test_a_requirement_says_what_would_be_won_if_every_offer_did_like_the_best() -> None:
    results = rivals_with_a_lever(Lever("LV01", "OTHER"))
    lot = results.scores[0]
    rows = margin_rows(results, OutcomeWords.of("fr"))["margins.requirements"]
    for requirement, row in zip(lot.subject.template.requirements, rows, strict=True):
        if requirement.governs:
            governed = [on_lines(one, requirement.governs) for one in lot.offers]
            mean = fmean(total(one.impacts).known for one in lot.offers)
            assert row[5] == pytest.approx((fmean(governed) - min(governed)) / mean, rel=1e-9)
    assert any(isinstance(row[5], float) and row[5] > 0.05 for row in rows)


def test_an_offer_without_the_lines_of_a_requirement_weighs_nothing_on_them() -> None:
    results = rivals_with_a_lever(Lever("LV01", "OTHER"))
    lot = results.scores[0]
    place, requirement = next((n, one) for n, one in enumerate(lot.subject.template.requirements) if one.governs)
    first, *others = lot.offers
    kept = tuple(one for one in first.impacts.contributions if one.line.flow not in requirement.governs)
    offers = (replace(first, impacts=replace(first.impacts, contributions=kept)), *others)
    rows = margin_rows(replace(results, scores=(replace(lot, offers=offers),)), OutcomeWords.of("fr"))
    governed, whole = (
        [on_lines(one, requirement.governs) for one in offers],
        [total(one.impacts).known for one in offers],
    )
    share, gain = rows["margins.requirements"][place][4:6]
    assert share == pytest.approx(fmean(part / all_ for part, all_ in zip(governed, whole, strict=True)))
    assert gain == pytest.approx(fmean(governed) / fmean(whole))


def test_an_offer_that_waits_sets_no_example_to_the_others() -> None:
    results = rivals_with_a_lever(Lever("LV01", "OTHER"))
    first, *others = results.scores[0].offers
    waiting = replace(results, scores=(replace(results.scores[0], offers=(*others, replace(first, ranked=None))),))
    alone = replace(results, scores=(replace(results.scores[0], offers=tuple(others)),))
    gains = [
        [row[5] for row in margin_rows(one, OutcomeWords.of("fr"))["margins.requirements"]] for one in (waiting, alone)
    ]
    assert gains[0] == gains[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greatest_gain_is_named_where_room_is_asked_for(language: str) -> None:
    results, words = rivals_with_a_lever(Lever("LV01", "OTHER")), OutcomeWords.of(language)
    for text in (
        told(margin_rows(results, words), "margins.summary"),
        told(review_rows(results, words), "review.summary"),
    ):
        assert {"fr": "l'impact moyen baisserait de", "en": "the mean impact would fall by"}[language] in text


def test_a_lever_stands_beside_what_its_requirement_touches_in_that_offer() -> None:
    requirement = next(one for one in grounds(TEMPLATE).loaded.template.requirements if one.governs)
    results = rivals_with_a_lever(Lever("LV01", requirement.code, "COST", "Deux menus", price="0 à 3 %"))
    (row,) = margin_rows(results, OutcomeWords.of("fr"))["margins.levers"]
    one = next(o for o in results.scores[0].offers if o.offer.dialogue.levers)
    governed = on_lines(one, requirement.governs)
    assert row[6].content == pytest.approx(governed)  # type: ignore[union-attr]
    assert row[7] == pytest.approx(governed / total(one.impacts).known)
    assert (row[5], row[8]) == ("non chiffré", "0 à 3 %")


def test_a_lever_that_touches_no_line_is_said_to_have_no_figure() -> None:
    (row,) = margin_rows(rivals_with_a_lever(Lever("LV01", "OTHER")), OutcomeWords.of("fr"))["margins.levers"]
    assert row[5:9] == ("non chiffré", "non chiffré", None, "non chiffré")


def test_only_who_consented_is_said_to_let_the_answers_serve_again() -> None:
    given = outcome()
    first, *others = given.consolidation.offers
    agreed = replace(first, name="Traiteur Un", identity=replace(first.identity, consent=True))
    shy = [replace(one, identity=replace(one.identity, consent=False)) for one in others]
    asked = replace(given, consolidation=replace(given.consolidation, offers=(agreed, *shy)))
    said = told(review_rows(asked, OutcomeWords.of("fr")), "review.summary")
    assert "celles de : Traiteur Un, sans leur nom" in said
