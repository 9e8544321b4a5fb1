"""What suppliers are asked, each on its own offer alone: never what a good answer would be."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from canevas_xl.findings.catalogue import Severity, kinds
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.intake.requests import Point, points, to_ask
from canevas_xl.model.offer import Change, Decision, Identity, Locked, Offer, OfferKey, Receipt
from canevas_xl.model.vocabulary import Phase

KEY, OTHER = OfferKey(1, "S001", 1, 0), OfferKey(1, "S002", 1, 0)
PLACE = Place(sheet="Mon offre", cell="C7", key="P01")
RECEIPT = Receipt("0", "x.xlsx", 1, datetime(2026, 9, 1, tzinfo=UTC), "file")
VALUE = {"label": {"fr": "Masse", "en": "Mass"}, "value": 8000.0, "unit": {"fr": "kg", "en": "kg"}}
LIKELY = {"likely": {"fr": "g", "en": "g"}, "meant": 8.0}
UNUSUAL = {
    "C221": found("C221", PLACE, **VALUE, low=1.0, high=20.0),
    "C222": found("C222", PLACE, **VALUE, **LIKELY),
    "C229": found("C229", PLACE, **VALUE, meant=800.0),
    "R350": found("R350", PLACE, **VALUE),
    "R351": found("R351", PLACE, **VALUE, way={"fr": "grand", "en": "large"}),
}


def consolidation(*findings: Finding) -> Consolidation:
    own = tuple(Said(f"A{place:09d}", KEY, one) for place, one in enumerate(findings))
    for_buyer = found("R331", Place(key="x"), first="Alpha", second="Bêta Secret", count=12)
    of_other = found("C208", Place(sheet="Mon offre", cell="C9", key="P02"), text="secret de Bêta")
    decided = Said("C" * 10, KEY, found("C209", Place(key="P03"), text="1.234"), Decision("X", True, "motif"))
    others = (decided, Said("D" * 10, None, for_buyer), Said("E" * 10, OTHER, of_other), Said("F" * 10, KEY, for_buyer))
    offers = tuple(Offer(key, name, Identity(), {}, RECEIPT) for key, name in ((KEY, "Alpha"), (OTHER, "Bêta Secret")))
    return Consolidation(offers, (), (*own, *others))


def asked(finding: Finding, language: str = "fr", phase: Phase = Phase.SOURCING) -> Point:
    (point,) = points(consolidation(finding), KEY, phase, language)
    return point


def test_a_supplier_is_asked_what_it_alone_can_mend_and_nobody_decided() -> None:
    found_ = consolidation(found("C206", PLACE), found("C208", PLACE, text="quatre"))
    assert [one.id for one in to_ask(found_, KEY, Phase.SOURCING)] == ["A000000000", "A000000001"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_point_says_where_what_was_read_and_nothing_of_another_supplier(language: str) -> None:
    every = points(consolidation(found("C208", PLACE, text="quatre")), KEY, Phase.SOURCING, language)
    text = " ".join(f"{one.where} {one.id} {one.read} {one.asked}" for one in every)
    for part in ("Mon offre · C7 · P01", "A000000000", "quatre"):
        assert part in text, part
    for part in ("Bêta", "secret", "S002", "1.234", "{", "}"):
        assert part not in text, part


@pytest.mark.parametrize("language", ["fr", "en"])
def test_whatever_makes_a_value_odd_is_asked_in_the_same_words_without_a_hint(language: str) -> None:
    said = {code: asked(one, language) for code, one in UNUSUAL.items()}
    assert len({(one.read, one.asked) for one in said.values()}) == 1
    text = f"{said['C222'].read} {said['C222'].asked}"
    assert "8000" in text
    for hint in (" 8 ", " g ", "20", "grand", "large", "mille", "thousand"):
        assert hint not in text, hint


def test_a_broken_rule_asks_to_read_the_answers_again() -> None:
    broken = found("C224", PLACE, rule={"fr": "Règle", "en": "Rule"}, found=3.0, limit=4.0, keys=["P01", "P02"])
    assert "P01, P02" in asked(broken).asked


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_broken_rule_is_quoted_as_published_without_the_figure_that_would_do(language: str) -> None:
    rule = {"fr": "Prévoyez assez de repas.", "en": "Plan enough meals."}
    for code in ("C223", "C224", "C225", "C226"):
        facts = {"found": 3.0, "limit": 4.0} if code in {"C224", "C226"} else {}
        point = asked(found(code, PLACE, rule=rule, keys=["P01"], **facts), language)
        assert rule[language] in point.read
        assert not point.read.startswith(rule[language]), "quoted, never said as an order"
        assert "4" not in f"{point.read} {point.asked}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_cells_that_were_changed_together_are_shown_one_by_one(language: str) -> None:
    together = found("R342", Place(sheet="Mon offre", cell="B7"), count=2, cells=["B7", "B8"], was="Masse", now="Poids")
    changes = tuple(
        Change(Locked.QUESTION, sheet, cell, "", was, now)
        for sheet, cell, was, now in (
            ("Mon offre", "B7", "Masse", "Poids"), ("Mon offre", "B8", "kg", ""), ("Contrôle", "B9", "ailleurs", ""),
        )
    )  # fmt: skip
    of_one = consolidation(together)
    changed = replace(of_one, offers=(replace(of_one.offers[0], changes=changes), of_one.offers[1]))
    (point,) = points(changed, KEY, Phase.SOURCING, language)
    for shown in ("B7", "Masse", "Poids", "B8", "kg"):
        assert shown in point.read
    assert "ailleurs" not in point.read


OFFERS = (Phase.CONSULTATION, Phase.NEGOTIATION)
CORRECTING = {
    "fr": ("corrig", "tapez", "effacez", "supprimez", "remplacez", "donnez la valeur", "choisissez dans"),
    "en": ("correct", "type ", "clear it", "clear the", "remove the", "replace", "give the value", "choose from"),
}


@pytest.mark.parametrize("phase", OFFERS)
def test_of_an_offer_silence_that_a_default_fills_is_not_asked(phase: Phase) -> None:
    silent = consolidation(found("R320", PLACE, count=1, keys=["P01"]))
    assert to_ask(silent, KEY, phase) == ()
    assert len(to_ask(silent, KEY, Phase.SOURCING)) == 1


@pytest.mark.parametrize("phase", OFFERS)
def test_of_an_offer_what_blocks_is_a_regularisation_and_a_doubt_a_clarification(phase: Phase) -> None:
    assert asked(found("C208", PLACE, text="x"), phase=phase).kind == "regularisation"
    assert asked(UNUSUAL["C221"], phase=phase).kind == "precision"
    assert asked(found("C208", PLACE, text="x")).kind == "precision"


def blank(code: str) -> Finding:
    """A finding of a code, with any facts."""
    names = set(re.findall(r"{(\w+)}", kinds()[code].message["fr"] + kinds()[code].remedy["fr"]))
    return found(code, PLACE, **dict.fromkeys((*names, "label", "value", "unit"), "x"))


@pytest.mark.parametrize("phase", OFFERS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_offer_is_asked_to_type_another_answer(language: str, phase: Phase) -> None:
    """A clarification never becomes a correction. Who the company is and what commits it may be completed."""
    of_answers = [code for code, kind in kinds().items() if kind.audience == "supplier" and code[0] in "CR"]
    for code in of_answers:
        for point in points(consolidation(blank(code)), KEY, phase, language):
            if not code.startswith("R31"):
                assert not [word for word in CORRECTING[language] if word in point.asked.lower()], (code, point.asked)


def test_before_an_offer_the_words_say_what_to_type() -> None:
    assert "Tapez un nombre" in asked(found("C208", PLACE, text="x")).asked


def test_an_offer_that_comes_again_in_its_canvas_keeps_its_answers() -> None:
    changed = found("R345", PLACE, expected="Mon offre")
    assert "telles que vous les avez remises" in asked(changed, phase=Phase.CONSULTATION).asked
    assert "telles que" not in asked(changed).asked


def test_formulas_that_a_program_rewrote_are_nobodys_question() -> None:
    assert points(consolidation(found("R344", PLACE, count=1, cells=["A1"])), KEY, Phase.SOURCING, "fr") == ()


def test_what_suppliers_are_told_never_names_another_offer() -> None:
    """Findings on several offers at once are for the buyer; only single values are doubted."""
    for code in ("R317", "R331", "R364", "R365", "R330", "R308"):
        assert kinds()[code].audience == "buyer", code


def test_what_is_said_beside_an_offer_never_stops_it() -> None:
    for code in ("R366", "R370"):
        assert kinds()[code].severity is Severity.INFORMATION
