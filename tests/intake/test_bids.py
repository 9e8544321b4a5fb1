"""Prices and notes are read as they were typed; what cannot be told is said, and nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import buyer
import pytest
from rivals import criteria
from shipped import grounds

from canevas_xl.canvas.fill import Values
from canevas_xl.findings.finding import Checked
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.bids import read_bids
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.campaign_keys import NOTE_COLUMNS
from canevas_xl.model.canvas import Subject
from canevas_xl.model.cells import SheetCell
from canevas_xl.model.offer import OfferKey
from canevas_xl.model.score import Bid

SUPPLIERS = {"ALFA": "Alpha", "BETA": "Beta", "=73282932000074": "Traiteur des Prés"}
GOOD: Values = {
    ("OFF.001", "SUPPLIER"): "ALFA", ("OFF.001", "LOT"): 1.0, ("OFF.001", "PRICE"): 45000.0, ("OFF.001", "N1"): 75.0,
    ("OFF.002", "SUPPLIER"): "BETA", ("OFF.002", "LOT"): 2.0, ("OFF.002", "PRICE"): 47000.0,
}  # fmt: skip


@cache
def subjects(lots: int = 2) -> dict[int, Subject]:
    """Lot 1 has a technical note, lot 2 none."""
    read = buyer.read(buyer.cells()).value
    assert read is not None
    ground = grounds("restauration-scolaire")
    made = [replace(read.lots[0], criteria=criteria(0.9, 2.0)), read.lots[1]]
    return {lot.number: ground.subject(read, lot) for lot in made[:lots]}


def read(changes: Values, lots: int = 2) -> Checked[tuple[Bid, ...]]:
    return read_bids(buyer.cells({**GOOD, **changes}), subjects(lots), SUPPLIERS)


def codes(checked: Checked[tuple[Bid, ...]]) -> list[str]:
    for finding in checked.findings:
        assert all(message(finding, language) and remedy(finding, language) for language in ("fr", "en"))
    return [finding.code for finding in checked.findings]


def test_prices_and_notes_are_read() -> None:
    checked = read({})
    assert checked.findings == ()
    assert checked.value == (
        Bid(OfferKey(1, "ALFA", 1, 0), 45000.0, {"C3": 75.0}),
        Bid(OfferKey(2, "BETA", 1, 0), 47000.0, {}),
    )


def test_an_empty_sheet_says_nothing() -> None:
    checked = read_bids(buyer.cells(), subjects(), SUPPLIERS)
    assert (checked.value, checked.findings) == ((), ())


@pytest.mark.parametrize("text", ["alfa", " Alpha ", "ALFA"])
def test_a_supplier_is_known_by_its_code_or_its_name(text: str) -> None:
    assert read({("OFF.001", "SUPPLIER"): text}).value[0].key.supplier == "ALFA"


@pytest.mark.parametrize("text", ["73282932000074", 73282932000074.0, "Traiteur des Prés"])
def test_an_open_canvas_is_known_by_the_identifier_it_declares(text: float | str) -> None:
    assert OfferKey(1, "=73282932000074", 1, 0) in [bid.key for bid in read({("OFF.001", "SUPPLIER"): text}).value]


def test_where_there_is_one_lot_it_need_not_be_said() -> None:
    only = {key: value for key, value in GOOD.items() if key[0] == "OFF.001" and key[1] != "LOT"}
    checked = read_bids(buyer.cells(only), subjects(1), SUPPLIERS)
    assert (checked.value[0].key.lot, checked.findings) == (1, ())


def test_a_variant_is_another_offer() -> None:
    variant: Values = {
        ("OFF.003", "SUPPLIER"): "ALFA", ("OFF.003", "LOT"): 1.0, ("OFF.003", "VARIANT"): 1.0,
        ("OFF.003", "PRICE"): 43000.0, ("OFF.003", "N1"): 60.0,
    }  # fmt: skip
    assert [bid.key for bid in read(variant).value] == [
        OfferKey(1, "ALFA", 1, 0), OfferKey(1, "ALFA", 1, 1), OfferKey(2, "BETA", 1, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({("OFF.001", "SUPPLIER"): "NOBO"}, "B301"),
        ({("OFF.001", "SUPPLIER"): ""}, "B301"),
        ({("OFF.001", "LOT"): 3.0}, "B302"),
        ({("OFF.001", "LOT"): ""}, "B302"),
        ({("OFF.001", "PRICE"): ""}, "B304"),
        ({("OFF.001", "PRICE"): 0.0}, "B305"),
        ({("OFF.001", "PRICE"): -5.0}, "B305"),
        ({("OFF.001", "N1"): 101.0}, "B306"),
        ({("OFF.001", "N1"): -1.0}, "B306"),
        ({("OFF.001", "VARIANT"): 1.5}, "B306"),
        ({("OFF.001", "N1"): ""}, "B307"),
        ({("OFF.002", "N1"): 50.0}, "B308"),
        ({("OFF.001", "PRICE"): "environ 45 k€"}, "B309"),
        ({("OFF.001", "LOT"): "un"}, "B309"),
        ({("OFF.001", "PRICE"): "45.000"}, "B310"),
    ],
)
def test_each_fault_gives_one_finding(changes: Values, code: str) -> None:
    assert codes(read(changes)) == [code]


def test_numbers_typed_as_text_are_read_where_they_mean_one_thing() -> None:
    assert read({("OFF.001", "PRICE"): "45 000,50"}).value[0].price == 45000.5


def test_of_an_offer_that_stands_twice_neither_row_counts() -> None:
    twice: Values = {
        ("OFF.003", "SUPPLIER"): "Alpha", ("OFF.003", "LOT"): 1.0, ("OFF.003", "PRICE"): 40000.0,
        ("OFF.003", "N1"): 10.0,
    }  # fmt: skip
    checked = read(twice)
    assert codes(checked) == ["B303"]
    assert [bid.key.supplier for bid in checked.value] == ["BETA"]


def test_a_formula_gives_its_last_value_and_is_said() -> None:
    cells = buyer.replaced(buyer.cells(GOOD), "OFF.001", SheetCell(45000.0, formula="1250*36"), "PRICE")
    checked = read_bids(cells, subjects(), SUPPLIERS)
    assert (codes(checked), checked.value[0].price) == (["B311"], 45000.0)


@pytest.mark.parametrize("column", ["SUPPLIER", "LOT", "PRICE", "N1"])
def test_an_error_is_said_once(column: str) -> None:
    cells = buyer.replaced(buyer.cells(GOOD), "OFF.001", SheetCell("#REF!", error=True), column)
    assert codes(read_bids(cells, subjects(), SUPPLIERS)) == ["B312"]


def test_a_criterion_without_a_column_for_its_note_is_said() -> None:
    lot = subjects()[1].lot
    more = tuple(Criterion(f"T{n}", f"Note {n}", CriterionKind.OTHER, 5.0, "F7") for n in range(7))
    subject = replace(subjects()[1], lot=replace(lot, criteria=more))
    notes: Values = {("OFF.001", column): 50.0 for column in NOTE_COLUMNS}
    checked = read_bids(buyer.cells({**GOOD, **notes}), {1: subject, 2: subjects()[2]}, SUPPLIERS)
    assert codes(checked) == ["B313"]
    assert checked.value[0].notes == {f"T{n}": 50.0 for n in range(6)}
