"""A canvas that comes back is read item by item; what contradicts itself or cannot be read is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny_campaign
from shipped import LANGUAGES, TEMPLATES, answers_in, copy_of, grounds, planned

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.answers import questions, read_answers
from canevas_xl.model.answer import Answer
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.model.vocabulary import Origin

HEADS = ("KEY", "LABEL", "VALUE", "UNIT", "ORIGIN", "EVIDENCE", "CONF", "KEPT", "STATE")


def canvas(*rows: tuple[object, ...]) -> Workbook:
    """A canvas of a few rows: key, value, origin, evidence, confidential."""
    cells = {(0, column): SheetCell(head) for column, head in enumerate(HEADS)}
    for row, (key, *given) in enumerate(rows, 1):
        cells[row, 0] = SheetCell(key)  # type: ignore[arg-type]
        for column, content in zip((2, 4, 5, 6), given, strict=False):
            if isinstance(content, SheetCell):
                cells[row, column] = content
            elif content is not None:
                cells[row, column] = SheetCell(content)  # type: ignore[arg-type]
        cells[row, 7] = SheetCell(999.0)  # what the sheet says it kept is never read
    return Workbook((Sheet("Mon offre", cells),))


def test_values_origins_evidence_and_secrecy_are_read() -> None:
    checked = read_answers(
        canvas(
            ("P01", "4", "Mesurée", "Plan p. 3", "Oui"),
            ("C1", "Réutilisables", "DOC"),
            ("DEV1.Q3", 28.0, "Data not available"),
            ("I1", "Bonjour"),
        ),
        tiny_campaign.LOADED,
    )
    answers = checked.value
    assert answers["P01"] == Answer("P01", 4, Origin.MEASURED, "Plan p. 3", True, "Mon offre C2")
    assert (answers["C1"].value, answers["C1"].origin) == ("REUSED", Origin.DOCUMENT)
    assert answers["I1"].value == "Bonjour"
    assert [one.code for one in checked.findings] == ["C214", "C213"]


def test_labels_of_either_language_mean_the_same_code() -> None:
    for label in ("Réutilisables", "Reusable", "REUSED", "réutilisables "):
        assert read_answers(canvas(("C1", label)), tiny_campaign.LOADED).value["C1"].value == "REUSED"


def test_questions_made_ready_once_read_the_same() -> None:
    filled, ready = canvas(("P01", 4.0, "MES"), ("C1", "Reusable"), ("DEV1.Q3", "x")), questions(tiny_campaign.LOADED)
    for _ in range(2):
        assert read_answers(filled, tiny_campaign.LOADED, prepared=ready) == read_answers(filled, tiny_campaign.LOADED)


def test_zero_is_a_number_and_nothing_is_nothing() -> None:
    answers = read_answers(canvas(("P01", 0.0), ("C1", None)), tiny_campaign.LOADED).value
    assert answers["P01"].value == 0
    assert answers["C1"].value is None
    assert "I1" not in answers


BAD = [
    ("a text for a number", ("P01", "quatre"), "C208"),
    ("an ambiguous number", ("P01", "1.234"), "C209"),
    ("out of bounds", ("P01", 21.0), "C210"),
    ("half a dish", ("P01", 2.5), "C210"),
    ("an unknown choice", ("C1", "Verre"), "C211"),
    ("an unknown origin", ("P01", 4.0, "Devinée"), "C211"),
    ("a formula", ("P01", SheetCell(4.0, formula="2+2")), "C206"),
    ("an error", ("P01", SheetCell("#N/A", error=True)), "C207"),
    ("a value that is said not to be known", ("P01", 4.0, "ND"), "C213"),
]


@pytest.mark.parametrize(("fault", "row", "code"), BAD, ids=[bad[0] for bad in BAD])
def test_each_fault_gives_one_finding_at_its_place(fault: str, row: tuple[object, ...], code: str) -> None:
    checked = read_answers(canvas(row), tiny_campaign.LOADED)
    assert [one.code for one in checked.findings] == [code], fault
    finding = checked.findings[0]
    assert (finding.place.sheet, finding.place.key) == ("Mon offre", row[0])
    for language in LANGUAGES:
        assert "{" not in message(finding, language) + remedy(finding, language)


def test_lost_copied_and_stray_rows_are_said() -> None:
    codes = [one.code for one in read_answers(canvas(), tiny_campaign.LOADED, asked=["P01", "C1"]).findings]
    assert codes == ["C201"]
    twice = read_answers(canvas(("P01", 4.0), ("P01", 5.0)), tiny_campaign.LOADED)
    assert [one.code for one in twice.findings] == ["C204"]
    stray = read_answers(canvas(("P01", 4.0), ("", 5.0), ("C1", "REUSED")), tiny_campaign.LOADED)
    assert [one.code for one in stray.findings] == ["C205"]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_full_canvas_is_read_back_as_it_was_filled(tmp_path: Path, template: str, language: str) -> None:
    path = tmp_path / "canvas.xlsx"
    path.write_bytes(copy_of(planned(template, language, "full")))
    filled = answers_in(template, "full")
    checked = read_answers(read_cells(path), grounds(template).loaded, asked=tuple(filled))
    assert checked.findings == ()
    for key, answer in filled.items():
        read = checked.value[key]
        assert (read.value, read.origin, read.evidence) == (answer.value, answer.origin, answer.evidence), key


@pytest.mark.parametrize(
    ("text", "value", "codes"),
    [
        ("12,5", 12.5, ["C214"]),
        ("1 234,50", 1234.5, ["C214"]),
        ("28.5 kWh/an", 28.5, ["C214"]),
        ("28,5 kWh/year", 28.5, ["C214"]),
        ("28,5kWh/an", 28.5, ["C214"]),
        ("28.5 Wh/an", None, ["C208"]),
        ("28¹", None, ["C208"]),
        ("10\n200", None, ["C208"]),
        ("28.5 MJ", None, ["C208"]),
        ("1.234 kWh/an", None, ["C209"]),
        ("kWh/an", None, ["C208"]),
    ],
)
def test_a_number_typed_as_a_text_is_read_where_it_can_only_mean_one(
    text: str, value: float | None, codes: list[str]
) -> None:
    checked = read_answers(canvas(("DEV1.Q3", text, "MES", "p. 3")), tiny_campaign.LOADED)
    assert checked.value["DEV1.Q3"].value == value
    assert [one.code for one in checked.findings] == codes
