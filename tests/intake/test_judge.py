"""What only other answers can tell is said once all are read: bounds, slips of a thousand, rules, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from shipped import LANGUAGES, TEMPLATES, answers_in, copy_of, grounds, lot_of, planned

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.answers import read_answers
from canevas_xl.intake.judge import judge_answers
from canevas_xl.intake.slips import slip
from canevas_xl.model.answer import Answer, answers_of
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.model.vocabulary import Origin

Changed = Mapping[str, float | str | Answer | None]
NOT_KNOWN = Origin.NOT_KNOWN


def judged(template: str, changed: Changed) -> list[Finding]:
    """Judge the reference with some answers changed; None takes one away."""
    answers = dict(answers_in(template, "full"))
    for key, value in changed.items():
        if isinstance(value, Answer):
            answers[key] = value
        elif value is None:
            answers.pop(key, None)
        else:
            answers[key] = Answer(key, value, Origin.DOCUMENT, "Pièce 3", cell=f"Mon offre C{len(answers)}")
    return list(judge_answers(grounds(template).loaded, answers, lot_of(template)))


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.code, finding.place.key) for finding in findings]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_reference_is_not_doubted(template: str) -> None:
    assert judged(template, {}) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_empty_canvas_is_missing_answers_not_wrong_ones(template: str) -> None:
    assert judge_answers(grounds(template).loaded, {}, lot_of(template)) == ()


FURNITURE = "mobilier-bureau"
MEALS = "restauration-scolaire"
DEVICES = "informatique-postes"

FAULTS: list[tuple[str, str, Changed, list[tuple[str, str]]]] = [
    ("more energy per meal than any kitchen uses", MEALS, {"K2": 1_750_000.0}, [("C220", "K2")]),
    ("energy in megawatt-hours", MEALS, {"K2": 350.0}, [("C222", "K2")]),
    ("energy in watt-hours", MEALS, {"K2": 350_000_000.0}, [("C220", "K2"), ("C222", "K2")]),
    ("more energy per meal than usual", MEALS, {"K2": 1_000_000.0}, [("C221", "K2")]),
    ("a kitchen too small for the contract", MEALS, {"K1": 500.0, "K2": 500.0}, [("C220", "K1")]),
    ("nineteen meals", MEALS, {"P05": 3.0}, [("C224", "P01")]),
    ("no vegetarian meal", MEALS, {"P05": 9.0, "P10": 0.0, "P11": 0.0, "P12": 0.0},
     [("C221", "P05"), ("C221", "P11"), ("C226", "P09")]),
    ("a kitchen without energy", MEALS, {"K2": 0.0}, [("C221", "K2"), ("C226", "K2")]),
    ("plastic where it is forbidden", MEALS, {"C1": "PLASTIC", "C2": 12.0}, [("C225", "C1")]),
    ("a mass of containers that are washed", MEALS, {"C2": 12.0}, [("C228", "C2")]),
    ("grams of board in kilograms", MEALS, {"C1": "FIBRE", "C2": 0.012}, [("C222", "C2")]),
    ("an electric van that drinks like a lorry", MEALS, {"D1": "ELEC", "D4": 50.0}, [("C221", "D4")]),
    ("a desk in tonnes", FURNITURE, {"DESK.M0": 0.038},
     [("C222", "DESK.M0"), ("C224", "DESK.M0"), ("C225", "DESK.M0")]),
    ("a share of one for a percentage", FURNITURE, {"R1": 0.5}, [("C229", "R1")]),
    ("the same where nothing is usual", FURNITURE, {"S3": 0.2}, [("C229", "S3")]),
    ("a percentage that is no such slip", FURNITURE, {"R1": 1.0}, []),
    ("parts that weigh more than the whole", FURNITURE, {"CHAIR.M1": 14.0}, [("C224", "CHAIR.M0")]),
    ("aluminium that is denied", FURNITURE, {"CHAIR.M2": 0.5}, [("C223", "A")]),
    ("a flight", FURNITURE, {"LEG2.T1": "PLANE", "LEG2.T2": 900.0}, [("C225", "LEG2.T1")]),
    ("a desktop's consumption on a laptop", DEVICES, {"DEV1.Q3": 180.0}, [("C221", "DEV1.Q3")]),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "template", "changed", "expected"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_each_fault_is_told_at_its_answer(
    fault: str, template: str, changed: Changed, expected: list[tuple[str, str]]
) -> None:
    assert told(judged(template, changed)) == expected, fault


@pytest.mark.parametrize(("fault", "template", "changed", "expected"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_every_fault_is_told_in_both_languages(
    fault: str, template: str, changed: Changed, expected: list[tuple[str, str]]
) -> None:
    findings = judged(template, changed)
    for language in LANGUAGES:
        said = [text for one in findings for text in (message(one, language), remedy(one, language))]
        assert all(text and "{" not in text and ".." not in text for text in said), (fault, said)
    assert len(expected) == len(findings)


def test_a_slip_is_named_with_both_units_and_what_was_meant() -> None:
    finding = judged(MEALS, {"K2": 350.0})[0]
    assert "MWh au lieu de kWh" in message(finding, "fr")
    assert "MWh instead of kWh" in message(finding, "en")
    assert "350000 kWh" in remedy(finding, "fr")


def test_a_rule_says_what_the_answers_give() -> None:
    finding = judged(MEALS, {"P05": 3.0})[0]
    assert message(finding, "fr").startswith("Le total des plats doit faire 20 repas. Ces réponses donnent 19 ;")
    assert "P01, P02" in remedy(finding, "fr")


def test_a_rule_in_a_table_names_its_row() -> None:
    assert message(judged(FURNITURE, {"CHAIR.M1": 14.0})[0], "fr").startswith("Siège. ")


def test_a_finding_stands_at_its_cell() -> None:
    answer = Answer("K2", 350.0, Origin.MEASURED, "Facture", cell="Mon offre C41")
    place = judged(MEALS, {"K2": answer})[0].place
    assert (place.sheet, place.cell, place.key) == ("Mon offre", "C41", "K2")


def test_nothing_is_judged_by_a_default() -> None:
    unknown = Answer("K1", None, NOT_KNOWN)
    assert judged(MEALS, {"K1": unknown}) == []
    assert judged(MEALS, {"K1": None}) == []


def test_a_value_that_contradicts_its_origin_is_not_judged_again() -> None:
    contradictory = Answer("K2", 9e9, NOT_KNOWN, "Pièce 3")
    assert judged(MEALS, {"K2": contradictory}) == []


def test_evidence_that_is_not_named_is_told_once_for_all() -> None:
    bare = {key: Answer(key, answer.value, Origin.MEASURED) for key, answer in answers_in(MEALS, "full").items()}
    findings = judged(MEALS, {key: bare[key] for key in ("P01", "K2", "D4")})
    assert told(findings) == [("C227", "P01")]
    assert "P01, K2, D4" in message(findings[0], "fr")


def test_what_is_not_known_needs_no_evidence() -> None:
    assert judged(MEALS, {"D4": Answer("D4", None, NOT_KNOWN)}) == []


def test_answers_that_are_not_scored_need_no_evidence() -> None:
    assert judged(MEALS, {"I1": Answer("I1", 25.0)}) == []


def test_bounds_of_the_kitchen_follow_the_size_of_the_contract() -> None:
    small = lot_of(MEALS).parameters | {"N": 4000.0}  # type: ignore[operator]
    lot = type(lot_of(MEALS))(1, "", small)
    answers = {**answers_in(MEALS, "full"), "K1": Answer("K1", 3_000_000.0, Origin.MEASURED, "Relevé")}
    answers["K2"] = Answer("K2", 3_600_000.0, Origin.MEASURED, "Factures")
    assert judge_answers(grounds(MEALS).loaded, answers, lot) == ()


def test_a_refused_mass_is_said_to_be_in_grams() -> None:
    cells = {(0, column): SheetCell(head) for column, head in enumerate(("KEY", "VALUE", "ORIGIN"))}
    cells |= {(1, 0): SheetCell("DESK.M0"), (1, 1): SheetCell(38000.0), (2, 0): SheetCell("LEG1.T2")}
    cells |= {(2, 1): SheetCell("800 000")}
    checked = read_answers(Workbook((Sheet("Mon offre", cells),)), grounds(FURNITURE).loaded)
    assert [(one.code, one.place.key) for one in checked.findings] == [
        ("C222", "DESK.M0"), ("C210", "DESK.M0"), ("C222", "LEG1.T2"), ("C210", "LEG1.T2"),
    ]  # fmt: skip
    assert "g au lieu de kg" in message(checked.findings[0], "fr")
    assert checked.value["DESK.M0"].value is None


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "meant"),
    [
        (38000.0, "kg", 4.0, 70.0, 38.0),
        (0.038, "kg", 4.0, 70.0, 38.0),
        (38.0, "kg", 4.0, 70.0, None),
        (80.0, "kg", 4.0, 70.0, None),
        (18000.0, "kg", 0.0, 70.0, 18.0),
        (100.0, "kg", 0.0, 70.0, None),
        (0.0, "kg", 4.0, 70.0, None),
        (4000.0, "dish", 2.0, 6.0, None),
    ],
)
def test_a_slip_is_a_thousand_and_nothing_else(
    value: float, unit: str, low: float, high: float, meant: float | None
) -> None:
    found = slip(value, unit, low, high)
    assert (found.value if found else None) == meant


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_full_workbook_comes_back_without_a_word(template: str, tmp_path: Path) -> None:
    loaded = grounds(template).loaded
    path = tmp_path / "canvas.xlsx"
    path.write_bytes(copy_of(planned(template, "fr", "full")))
    read = read_answers(read_cells(path), loaded)
    assert (*read.findings, *judge_answers(loaded, read.value, lot_of(template))) == ()


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_generic_reference_has_no_evidence_and_nothing_else_to_say(template: str) -> None:
    loaded = grounds(template).loaded
    values = {key: value for key, value in loaded.template.reference.items() if key not in lot_of(template).rows}
    answers = answers_of(values, Origin.ESTIMATED)
    assert [one.code for one in judge_answers(loaded, answers, lot_of(template))] == ["C227"]
    assert judge_answers(loaded, answers, lot_of(template), evidence=False) == ()
