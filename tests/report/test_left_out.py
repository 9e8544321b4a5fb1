"""An offer that is not compared: the buyer reads why, and reads nothing more of a decision that was taken."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from scored import outcome
from shipped import LANGUAGES, grounds

from canevas_xl.findings.finding import Place, found
from canevas_xl.intake.consolidation import Said
from canevas_xl.model.offer import Decision
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.report.book import plan_results
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.package import data_package, read
from canevas_xl.report.scores import score_lot

REFUSED = Decision("A" * 10, False, "Modification non admise")
CHANGED = found("R340", Place(sheet="Mon offre", cell="C85"), was="70", now="50")
WORDS = {
    "fr": {"waits": ("Attend une décision", "en attente"), "refused": ("Écartée par votre décision", "écartée")},
    "en": {"waits": ("Waits for a decision", "waiting"), "refused": ("Left out by your decision", "left out")},
}


@cache
def stopped(decision: Decision | None) -> Outcome:
    """Three offers; a blocking finding on the last one, decided or not."""
    whole = outcome()
    (lot,) = whole.scores
    offers = whole.consolidation.offers
    said = (Said("A" * 10, offers[2].key, CHANGED, decision),)
    consolidation = replace(whole.consolidation, said=said)
    scores = score_lot(lot.subject, lot.fingerprint, offers, {offers[2].key}, ()).value
    return replace(whole, consolidation=consolidation, scores=(scores,))


def plan(decision: Decision | None, language: str) -> WorkbookPlan:
    loaded = grounds("restauration-scolaire").loaded
    return plan_results(stopped(decision), loaded.template, loaded.texts[language], language)


def table(decision: Decision | None, language: str, name: str) -> list[dict[str, object]]:
    heads, *rows = read(data_package(plan(decision, language), {})[f"{name}.csv"].decode())
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("why", ["waits", "refused"])
def test_a_stopped_offer_says_whether_it_waits_or_was_refused(language: str, why: str) -> None:
    decision = REFUSED if why == "refused" else None
    state, rank = WORDS[language][why]
    assert table(decision, language, "follow.register")[2]["state"] == state
    assert table(decision, language, "notes.ranking")[2]["rank"] == rank


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_asks_for_a_decision_that_was_taken(language: str) -> None:
    shown = " ".join(
        str(cell.content)
        for sheet in plan(REFUSED, language).sheets
        if sheet.code in {"FOLLOW", "COMPARE", "NOTES"}
        for cell in sheet.cells
    )
    for asking in (("attend votre décision", "Décider des"), ("waits for your decision", "Decide what blocks")):
        assert all(words not in shown for words in asking)


def test_what_an_offer_lacks_is_nothing_in_a_table_of_numbers() -> None:
    assert table(None, "fr", "notes.ranking")[2]["total"] is None
    heads, *rows = table(None, "fr", "notes.criteria")
    assert all(row["o3"] is None for row in rows), heads
