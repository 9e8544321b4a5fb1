"""What the buyer decides on findings, on the sheet or by command; a row that contradicts itself does not count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import buyer
import pytest

from canevas_xl.canvas.fill import Values
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.consolidation import Consolidation, Said, SetAside
from canevas_xl.intake.decisions import (
    Row,
    contradicted_rows,
    decisions_in,
    finding_id,
    read_rows,
    unknown_decisions,
)
from canevas_xl.model.offer import Decision, Identity, Offer, OfferKey, Receipt, Standing

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


# --- Rows that contradict themselves ----------------------------------------------------------------------------


def named(supplier: str) -> list[str]:
    (row,), _ = rows(*typed(1, finding_id(DOUBT, KEY), "accept", "a"), (("DEC.001", "SUPPLIER"), supplier))
    offer = Offer(KEY, "Alpha & Fils", Identity(name="Alpha"), {}, RECEIPT)
    consolidation = Consolidation((offer,), (), (Said(finding_id(DOUBT, KEY), KEY, DOUBT),))
    return [told.code for _, told in contradicted_rows([row], consolidation, {"S001": "Alpha & Fils", "S002": "Bêta"})]


@pytest.mark.parametrize("supplier", ["", "s001", "ALPHA & fils", "Alpha", "L1 S001 R1"])
def test_a_row_that_names_the_supplier_of_its_finding_counts(supplier: str) -> None:
    assert named(supplier) == []


def test_a_row_that_names_another_supplier_is_said() -> None:
    assert named("Bêta") == ["R365"]


def test_a_row_on_a_late_return_is_told_by_what_was_set_aside() -> None:
    late = found("R330", received="x", deadline="y")
    (row,), _ = rows(*typed(1, finding_id(late, KEY), "accept", "a"), (("DEC.001", "SUPPLIER"), "Bêta"))
    consolidation = Consolidation(set_aside=(SetAside(RECEIPT, Standing.LATE, KEY, (late,)),))
    assert [told.code for _, told in contradicted_rows([row], consolidation, {"S001": "Alpha"})] == ["R365"]
