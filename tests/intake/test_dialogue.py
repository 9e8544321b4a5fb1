"""What a return says beside its offer is read by key, in either language, and stops nothing."""

from __future__ import annotations

from shipped import grounds

from canevas_xl.findings.finding import Checked
from canevas_xl.intake.dialogue import read_dialogue
from canevas_xl.intake.locate import locate
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.model.dialogue import SILENT, Dialogue, Feedback, Lever, Message
from canevas_xl.model.vocabulary import HOLDS
from canevas_xl.resources import LANGUAGES

LOADED = grounds("restauration-scolaire").loaded
LEVER = ("KEY", "REQUIREMENT", "HOLD", "CHANGE", "EFFECT", "PRICE", "DELAY")
THREAD = ("KEY", "ITEM", "MESSAGE")
REQUIREMENT = LOADED.template.requirements[0].code


def sheet(name: str, *rows: tuple[float | str | None, ...]) -> Sheet:
    cells = {(r, c): SheetCell(v) for r, row in enumerate(rows) for c, v in enumerate(row) if v is not None}
    return Sheet(name, cells)


def said(*sheets: Sheet) -> Checked[Dialogue]:
    return read_dialogue(locate(Workbook(sheets)), LOADED)


def test_levers_are_read_with_the_requirement_and_what_holds_back() -> None:
    label = LOADED.texts["fr"][f"requirements.{REQUIREMENT}.label"]
    rows = (("LV01", label, "Coût", "Un autre menu", "−10 %", "0 à 3 %", "6 mois"), ("LV02", None, None, None))
    levers = said(sheet("Leviers", LEVER, *rows)).value.levers
    assert levers == (Lever("LV01", REQUIREMENT, "COST", "Un autre menu", "−10 %", "0 à 3 %", "6 mois", "Leviers D2"),)


def test_labels_of_either_language_and_the_last_choice_mean_the_same() -> None:
    for language in LANGUAGES:
        label = LOADED.texts[language][f"requirements.{REQUIREMENT}.label"]
        (lever,) = said(sheet("L", LEVER, ("LV08", label))).value.levers
        assert lever.requirement == REQUIREMENT
    for other in ("Autre exigence", "Another requirement", "OTHER"):
        (lever,) = said(sheet("L", LEVER, ("LV01", other))).value.levers
        assert lever.requirement in {"OTHER", other}
    assert said(sheet("L", LEVER, ("LV01", "Autre exigence"))).value.levers[0].requirement == "OTHER"


def test_what_was_typed_instead_of_a_choice_is_kept() -> None:
    checked = said(sheet("L", LEVER, ("LV01", "Le grammage", "La météo", 12.0)))
    assert checked.value.levers == (Lever("LV01", "Le grammage", "La météo", "12", cell="L D2"),)
    assert checked.findings == ()


def test_messages_are_read_with_the_item_they_are_about() -> None:
    label = LOADED.texts["fr"]["fields.P01.label"]
    rows = (("TH01", label, "Par semaine ?"), ("TH02", None, "Merci"), ("TH12", label, None))
    assert said(sheet("Échanges", THREAD, *rows)).value.messages == (
        Message("TH01", "Par semaine ?", "P01", "Échanges C2"),
        Message("TH02", "Merci", "", "Échanges C3"),
    )


def test_feedback_is_read_and_minutes_may_say_their_unit() -> None:
    label = LOADED.texts["fr"]["fields.P02.label"]
    rows = (("KEY", "VALUE"), ("FB1", "45 min"), ("FB2", "Non"), ("FB3", label), ("FB4", "Le poids"), ("FB5", "Oui"))
    checked = said(sheet("Bilan", *rows))
    assert checked.value.feedback == Feedback(45.0, "Non", "P02", "Le poids", True)
    assert checked.findings == ()


def test_feedback_that_cannot_be_understood_is_said_and_not_counted() -> None:
    checked = said(sheet("Bilan", ("KEY", "VALUE"), ("FB1", "une heure"), ("FB5", "peut-être")))
    assert [one.code for one in checked.findings] == ["R370", "R370"]
    assert checked.value.feedback == Feedback()


def test_a_canvas_without_these_sheets_says_nothing() -> None:
    assert said(sheet("Mon offre", ("KEY", "VALUE"), ("P01", 4.0))) == Checked(SILENT)


def test_every_hold_has_its_words() -> None:
    for code in HOLDS:
        (lever,) = said(sheet("L", LEVER, ("LV01", None, code))).value.levers
        assert lever.hold == code
