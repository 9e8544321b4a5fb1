"""What the buyer decides on findings, by sheet; what suppliers are asked, each on its own offer alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import buyer
import pytest

from canevas_xl.canvas.fill import Values
from canevas_xl.findings.catalogue import kinds
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.intake.decisions import (
    Row,
    decisions_in,
    finding_id,
    read_rows,
    request,
    to_ask,
    unknown_decisions,
)
from canevas_xl.model.offer import Decision, Identity, Offer, OfferKey, Receipt

KEY, OTHER = OfferKey(1, "S001", 1, 0), OfferKey(1, "S002", 1, 0)
DOUBT = found("C206", Place(sheet="Mon offre", cell="C7", key="P01"))
RECEIPT = Receipt("0", "x.xlsx", 1, datetime(2026, 9, 1, tzinfo=UTC), "file")


def test_a_number_depends_on_code_offer_item_and_facts_alone() -> None:
    number = finding_id(DOUBT, KEY)
    assert len(number) == 10
    assert set(number) <= set("0123456789ABCDEF")
    assert finding_id(Finding("C206", Place(file="a.xlsx", sheet="Feuil1", cell="Z9", key="P01")), KEY) == number
    others = {
        finding_id(DOUBT, OTHER),
        finding_id(DOUBT, None),
        finding_id(found("C205", DOUBT.place), KEY),
        finding_id(found("C206", Place(key="P02")), KEY),
        finding_id(found("C206", DOUBT.place, value=1.0), KEY),
    }
    assert len(others | {number}) == 6


def test_a_number_is_the_same_for_facts_that_were_stored_and_read_back() -> None:
    assert finding_id(found("R342", keys=("a", "b")), KEY) == finding_id(found("R342", keys=["a", "b"]), KEY)


@cache
def rows(*changes: tuple[tuple[str, str], str]) -> tuple[tuple[Row, ...], list[str]]:
    typed: Values = dict(changes)
    checked = read_rows(buyer.cells(typed))
    return checked.value, [one.code for one in checked.findings]


def typed(place: int, finding: str, decision: str = "", reason: str = "") -> tuple[tuple[tuple[str, str], str], ...]:
    key = f"DEC.{place:03d}"
    every = {"FINDING": finding, "DECISION": decision, "REASON": reason}
    return tuple(((key, column), value) for column, value in every.items() if value)


def test_rows_are_read_with_their_choice_and_reason() -> None:
    read, codes = rows(*typed(1, "#0a1b2c3d4e ", "accept", "Erreur de frappe"), *typed(3, "FFFFFFFFFF", "ask"))
    assert [(one.finding, one.choice, one.reason) for one in read] == [
        ("0A1B2C3D4E", "accept", "Erreur de frappe"),
        ("FFFFFFFFFF", "ask", ""),
    ]
    assert codes == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (typed(1, "0A1B2C3D4E", "refuse"), "R361"),
        (typed(1, "0A1B2C3D4E", "", "motif"), "R362"),
        (typed(1, "0A1B2C3D4E", "peut-être", "motif"), "C111"),
    ],
)
def test_a_row_that_cannot_be_acted_on_is_said_and_left(
    row: tuple[tuple[tuple[str, str], str], ...], code: str
) -> None:
    assert rows(*row) == ((), [code])


def test_of_two_rows_on_a_finding_the_last_counts() -> None:
    read, codes = rows(*typed(1, "0A1B2C3D4E", "accept", "a"), *typed(2, "0A1B2C3D4E", "refuse", "b"))
    assert [(one.choice, one.reason) for one in read] == [("refuse", "b")]
    assert codes == ["R363"]


def test_rows_on_findings_that_are_gone_are_said() -> None:
    read, _ = rows(*typed(1, "0A1B2C3D4E", "accept", "a"))
    assert [one.code for one in unknown_decisions(read, [])] == ["R360"]
    assert list(unknown_decisions(read, [Said("0A1B2C3D4E", KEY, DOUBT)])) == []


def event(decision: str, reason: str = "x") -> Mapping[str, object]:
    return {"kind": "decided", "finding": "0A1B2C3D4E", "decision": decision, "reason": reason}


def test_the_last_event_on_a_finding_counts() -> None:
    assert decisions_in([event("accept"), event("refuse", "y")]) == {"0A1B2C3D4E": Decision("0A1B2C3D4E", False, "y")}
    assert decisions_in([event("accept"), event("withdraw")]) == {}
    assert decisions_in([event("accept"), event("ask")]) == {}
    assert decisions_in([{"kind": "issued", "token": "x"}]) == {}


# --- Requests ---------------------------------------------------------------------------------------------------


def consolidation() -> Consolidation:
    def offer(key: OfferKey, name: str) -> Offer:
        return Offer(key, name, Identity(name=name), {}, RECEIPT)

    own = found("C208", Place(sheet="Mon offre", cell="C9", key="P02"), text="quatre")
    decided = found("C209", Place(key="P03"), text="1.234")
    for_buyer = found("R331", Place(key="x"), first="Alpha", second="Bêta Secret", count=12)
    of_other = found("C208", Place(sheet="Mon offre", cell="C9", key="P02"), text="secret de Bêta")
    accepted = Decision("X", True, "motif")
    said = (
        Said("A" * 10, KEY, DOUBT), Said("B" * 10, KEY, own), Said("C" * 10, KEY, decided, accepted),
        Said("D" * 10, None, for_buyer), Said("E" * 10, OTHER, of_other), Said("F" * 10, KEY, for_buyer),
    )  # fmt: skip
    return Consolidation((offer(KEY, "Alpha"), offer(OTHER, "Bêta Secret")), (), said)


FACTS = {"title": "Repas des écoles", "buyer": "Ville d'Exemple", "contact": "Camille", "until": "15 octobre à midi"}


def test_a_supplier_is_asked_what_it_alone_can_mend_and_nobody_decided() -> None:
    assert [one.id for one in to_ask(consolidation(), KEY)] == ["A" * 10, "B" * 10]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_request_says_where_and_nothing_of_another_supplier(language: str) -> None:
    text = request(consolidation(), KEY, language, FACTS)
    for part in ("Repas des écoles", "Ville d'Exemple", "Camille", "Mon offre · C7 · P01", "AAAAAAAAAA", "quatre"):
        assert part in text, part
    for part in ("Bêta", "secret", "S002", "1.234", "{", "}"):
        assert part not in text, part


def test_nothing_to_ask_is_no_request() -> None:
    assert request(Consolidation(), KEY, "fr", FACTS) == ""


def test_what_suppliers_are_told_never_names_another_offer() -> None:
    """Findings on several offers at once are for the buyer; only single values are doubted."""
    for code in ("R317", "R331", "R364", "R330", "R308"):
        assert kinds()[code].audience == "buyer", code
