"""Sub-criteria and what costs are made of are read as they stand on *Critères*; each fault gives one clear finding."""

from __future__ import annotations

import buyer
import pytest
from shipped import grounds

from canevas_xl.canvas.fill import Values
from canevas_xl.findings.finding import Checked, Finding
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.bids import read_bids
from canevas_xl.intake.campaign import read_campaign
from canevas_xl.model.campaign import Campaign, Costing, CriterionKind, every_criterion, leaves
from canevas_xl.model.canvas import Subject
from canevas_xl.model.cells import Sheet, Workbook
from canevas_xl.model.score import Bid

COMPUTERS = grounds("informatique-postes").loaded
WHOLE: Values = {
    ("K.MAINTENANCE", "L1"): "OUI", ("K.END", "L1"): "OUI", ("K.CARBON", "L1"): 0.15,
    ("L1.C2", "WEIGHT"): None, ("L1.C2", "LABEL"): None, ("L1.C2", "CODE"): None, ("L1.C2", "KIND"): None,
    ("L1.C2", "FORMULA"): None, ("L1.C2", "INDICATOR"): None, ("L1.C2", "LOW"): None, ("L1.C2", "HIGH"): None,
    ("L1.C2", "TIE"): None, ("L1.C1", "WEIGHT"): 80.0,
}  # fmt: skip
"""The impact counts in the cost, and nowhere else."""
FICTITIOUS: Values = {
    ("L1.C1", "KIND"): "fictitious", ("K.DEDUCTION", "L1"): 5000.0, ("K.DLOW", "L1"): 8.0, ("K.DHIGH", "L1"): 40.0,
    **{(f"K.{row}", "L1"): None for row in ("ENERGY", "ENERGY_PRICE", "GROWTH", "DISCOUNT")},
    **{key: value for key, value in WHOLE.items() if key[0][0] == "L"},
}  # fmt: skip


def read(changes: Values, language: str = "fr") -> Checked[Campaign | None]:
    checked = read_campaign(buyer.cells_of(COMPUTERS, changes, language), COMPUTERS, buyer.NOW)
    for finding in checked.findings:
        assert all("{" not in message(finding, said) + remedy(finding, said) for said in ("fr", "en"))
    return checked


def told(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(finding.code for finding in findings)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_shipped_example_has_sub_criteria_and_a_life_cycle_cost(language: str) -> None:
    campaign = read({}, language).value
    assert campaign is not None
    (lot,) = campaign.lots
    assert [(one.code, one.kind, one.weight) for one in every_criterion(lot.criteria)] == [
        ("COUT", CriterionKind.COST, 60), ("CLIMAT", CriterionKind.IMPACT, 20), ("SERVICE", CriterionKind.GROUP, 20),
        ("AIDE", CriterionKind.OTHER, 60), ("REPRISE", CriterionKind.OTHER, 40),
    ]  # fmt: skip
    assert [one.weight for one in leaves(lot.criteria)] == [60, 20, 12, 8]
    assert lot.costing == Costing(
        years=5, units=60.0, energy="f2", energy_price=0.2, energy_growth=4.0, discount=3.0
    )  # fmt: skip


def test_everything_that_a_cost_may_count_is_read() -> None:
    checked = read(WHOLE)
    assert checked.findings == ()
    assert checked.value is not None
    costing = checked.value.lots[0].costing
    assert costing is not None
    assert (costing.maintenance, costing.end, costing.carbon_price) == (True, True, 0.15)


def test_a_fictitious_price_by_deduction_is_read() -> None:
    checked = read(FICTITIOUS)
    assert checked.findings == ()
    assert checked.value is not None
    costing = checked.value.lots[0].costing
    assert costing is not None
    assert (costing.deduction, costing.low, costing.high) == (5000, 8, 40)


def test_a_sub_criterion_may_stand_before_its_criterion_and_name_a_code_that_was_not_typed() -> None:
    moved: Values = {("L1.C3", "CODE"): "", ("L1.C4", "PARENT"): "c3", ("L1.C5", "PARENT"): "", ("L1.C5", "KIND"): "",
                     ("L1.C5", "LABEL"): "", ("L1.C5", "CODE"): "", ("L1.C5", "WEIGHT"): "", ("L1.C5", "FORMULA"): "",
                     ("L1.C4", "WEIGHT"): 100.0}  # fmt: skip
    checked = read(moved)
    assert checked.findings == ()
    assert checked.value is not None
    assert [one.code for one in every_criterion(checked.value.lots[0].criteria)] == ["COUT", "CLIMAT", "C3", "AIDE"]


@pytest.mark.parametrize(
    ("fault", "changes", "code", "key"),
    [
        ("a criterion that is none", {("L1.C4", "PARENT"): "RIEN", ("L1.C5", "WEIGHT"): 100.0}, "C144", "L1.C4"),
        ("a part of itself", {("L1.C5", "PARENT"): "REPRISE", ("L1.C4", "WEIGHT"): 100.0}, "C144", "L1.C5"),
        ("a part of a part", {("L1.C5", "PARENT"): "AIDE", ("L1.C4", "WEIGHT"): 100.0}, "C144", "L1.C5"),
        ("parts and a formula", {("L1.C3", "FORMULA"): "F1"}, "C145", "L1.C3"),
        ("parts and a kind", {("L1.C3", "KIND"): "other"}, "C145", "L1.C3"),
        ("parts that make 90", {("L1.C4", "WEIGHT"): 50.0}, "C146", "L1.C4"),
        ("criteria that make 110", {("L1.C3", "WEIGHT"): 30.0}, "C130", "L1.C1"),
        ("a part without weight", {("L1.C4", "WEIGHT"): None, ("L1.C5", "WEIGHT"): 100.0}, "C133", "L1.C4"),
        ("a part with the code of a criterion", {("L1.C5", "CODE"): "COUT"}, "C139", "L1.C1"),
        ("costs of which no criterion speaks", {("L1.C1", "KIND"): "price"}, "C147", "K.YEARS"),
        ("no number of years", {("K.YEARS", "L1"): None}, "C112", "K.YEARS"),
        ("no rate, not even zero", {("K.DISCOUNT", "L1"): None}, "C112", "K.DISCOUNT"),
        ("energy without its price", {("K.ENERGY_PRICE", "L1"): None}, "C112", "K.ENERGY_PRICE"),
        ("half a year", {("K.YEARS", "L1"): 4.5}, "C110", "K.YEARS"),
        ("a flow that is none", {("K.ENERGY", "L1"): "Gaz"}, "C111", "K.ENERGY"),
        (
            "nothing but the price",
            {(f"K.{row}", "L1"): None for row in ("ENERGY", "ENERGY_PRICE", "GROWTH")},
            "C148",
            "K.ENERGY",
        ),
        ("a deduction that no price counts", {("K.DEDUCTION", "L1"): 5000.0}, "C147", "K.DEDUCTION"),
        (
            "the price of an energy that was not chosen",
            {("K.ENERGY", "L1"): None, ("K.MAINTENANCE", "L1"): "OUI"},
            "C147",
            "K.ENERGY_PRICE",
        ),
        ("maintenance in a fictitious price", {**FICTITIOUS, ("K.MAINTENANCE", "L1"): "OUI"}, "C147", "K.MAINTENANCE"),
        ("the impact in euros and in points", {("K.CARBON", "L1"): 0.1}, "C157", "K.CARBON"),
        ("the price twice", {("L1.C4", "KIND"): "price", ("L1.C4", "FORMULA"): "F1"}, "C158", "K.YEARS"),
        ("F7 for a cost", {("L1.C1", "FORMULA"): "F7"}, "C140", "L1.C1"),
        ("a fictitious price without impact", {**FICTITIOUS, ("K.DEDUCTION", "L1"): None}, "C149", "K.CARBON"),
        ("the impact twice in a price", {**FICTITIOUS, ("K.CARBON", "L1"): 0.1}, "C156", "K.DEDUCTION"),
        ("bounds upside down", {**FICTITIOUS, ("K.DLOW", "L1"): 50.0}, "C131", "K.DLOW"),
        ("a deduction without its bound", {**FICTITIOUS, ("K.DHIGH", "L1"): None}, "C112", "K.DHIGH"),
    ],
)
def test_each_fault_gives_one_finding_at_its_place(fault: str, changes: Values, code: str, key: str) -> None:
    checked = read(changes)
    assert told(checked.findings) == [code], fault
    assert (checked.findings[0].place.sheet, checked.findings[0].place.key) == ("Critères", key)
    assert checked.findings[0].place.cell


@pytest.mark.parametrize("typed", ["DEV1.Q4", "Appareil 1 · Garantie incluse dans le prix (DEV1.Q4)"])
def test_a_criterion_on_an_answer_is_read(typed: str) -> None:
    checked = read({("L1.C4", "KIND"): "answer", ("L1.C4", "INDICATOR"): typed})
    assert checked.findings == ()
    assert checked.value is not None
    leaf = leaves(checked.value.lots[0].criteria)[2]
    assert (leaf.kind, leaf.item, leaf.indicator) == (CriterionKind.ANSWER, "DEV1.Q4", "")


@pytest.mark.parametrize(("typed", "code"), [("", "C112"), ("cch", "C111"), ("DEV1.Q1", "C111")])
def test_an_answer_that_cannot_be_scored_is_said(typed: str, code: str) -> None:
    checked = read({("L1.C4", "KIND"): "answer", ("L1.C4", "INDICATOR"): typed})
    assert told(checked.findings) == [code]


def test_an_impact_is_not_an_answer() -> None:
    assert told(read({("L1.C2", "INDICATOR"): "DEV1.Q4"}).findings) == ["C111"]


def test_a_template_without_energy_in_use_has_no_row_for_it() -> None:
    found = {key for sheet in buyer.cells_of(grounds("mobilier-bureau").loaded).sheets for key in texts(sheet.cells)}
    assert {"K.YEARS", "K.CARBON"} <= found
    assert not {"K.ENERGY", "K.ENERGY_PRICE", "K.GROWTH"} & found


def texts(cells: dict[tuple[int, int], object]) -> set[str]:
    return {str(getattr(cell, "value", "")) for (_, column), cell in cells.items() if column == 0}


def test_a_workbook_made_before_sub_criteria_and_costs_is_still_read() -> None:
    workbook = buyer.cells()
    before = Workbook(tuple(older(sheet) for sheet in workbook.sheets), workbook.properties)
    checked = buyer.read(before)
    assert checked.findings == ()
    assert checked.value == buyer.read(workbook).value


def older(sheet: Sheet) -> Sheet:
    """The same sheet without the columns and rows that came later."""
    later = {"PARENT", "N4", "N5", "N6", "MAINTENANCE", "DISPOSAL", "RESIDUAL"}
    heads = {place for place, cell in sheet.cells.items() if cell.value in later}
    rows = {row for (row, column), cell in sheet.cells.items() if column == 0 and str(cell.value).startswith("K.")}
    kept = {place: cell for place, cell in sheet.cells.items() if place not in heads and place[0] not in rows}
    return Sheet(sheet.name, kept)


# --- What offers cost, on *Prix et notes* --------------------------------------------------------------------------

BIDS: Values = {
    ("OFF.001", "SUPPLIER"): "S001", ("OFF.001", "PRICE"): 27000.0, ("OFF.001", "N1"): 76.0, ("OFF.001", "N2"): 90.0,
    ("OFF.001", "MAINTENANCE"): 300.0, ("OFF.001", "DISPOSAL"): 0.0, ("OFF.001", "RESIDUAL"): 1200.0,
}  # fmt: skip


def bids(changes: Values, campaign: Values | None = None) -> Checked[tuple[Bid, ...]]:
    issued = read(WHOLE if campaign is None else campaign).value
    assert issued is not None
    subject: Subject = grounds("informatique-postes").subject(issued, issued.lots[0])
    checked = read_bids(buyer.cells_of(COMPUTERS, {**BIDS, **changes}), {1: subject}, {"S001": "Ordi"})
    for finding in checked.findings:
        assert all("{" not in message(finding, said) + remedy(finding, said) for said in ("fr", "en"))
    return checked


def test_costs_and_the_notes_of_sub_criteria_are_read() -> None:
    checked = bids({})
    assert checked.findings == ()
    assert checked.value[0].notes == {"AIDE": 76, "REPRISE": 90}
    assert checked.value[0].costs == {"maintenance": 300, "disposal": 0, "residual": 1200}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({("OFF.001", "MAINTENANCE"): None}, "B314"),
        ({("OFF.001", "RESIDUAL"): None}, "B314"),
        ({("OFF.001", "DISPOSAL"): -10.0}, "B316"),
        ({("OFF.001", "DISPOSAL"): "gratuit"}, "B309"),
        ({("OFF.001", "N3"): 50.0}, "B308"),
        ({("OFF.001", "N2"): None}, "B307"),
        ({("OFF.001", "PRICE"): None}, "B304"),
    ],
)
def test_each_fault_of_a_row_gives_one_finding(changes: Values, code: str) -> None:
    assert told(bids(changes).findings) == [code]


def test_a_cost_that_was_not_announced_does_not_count() -> None:
    checked = bids({}, campaign={})
    assert told(checked.findings) == ["B315", "B315", "B315"]
    assert checked.value[0].costs == {}
