"""What the buyer's workbook says is read whatever was done to it, and each fault gives one clear finding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import buyer
import openpyxl
import pytest
from office import Office
from shipped import LANGUAGES, TEMPLATES, grounds

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.campaign import read_campaign
from canevas_xl.intake.locate import locate
from canevas_xl.model.campaign import Channel, CriterionKind
from canevas_xl.model.cells import SheetCell
from canevas_xl.model.vocabulary import Phase


def test_what_was_filled_is_read_back_from_the_file(tmp_path: Path) -> None:
    checked = buyer.read(read_cells(buyer.written(tmp_path)))
    campaign = checked.value
    assert campaign == buyer.read(buyer.cells()).value
    assert checked.findings == ()
    assert campaign is not None
    assert (campaign.code, campaign.template, campaign.phase) == ("AB12CD", "tiny@1.0.0", Phase.CONSULTATION)
    assert campaign.deadline.isoformat() == "2027-01-15T12:00:00+01:00"
    assert (campaign.amount, campaign.channel, campaign.round, campaign.open_canvas) == (45000, Channel.EMAIL, 1, False)
    assert [lot.title for lot in campaign.lots] == ["Écoles élémentaires", "Écoles maternelles"]
    assert campaign.lots[1].parameters == {"N": 12000, "W": 36}
    assert campaign.lots[1].rows == {"DEV1.Q1": "SCREEN"}
    assert [(one.code, one.kind, one.weight, one.formula) for one in campaign.lots[1].criteria] == [
        ("P", CriterionKind.PRICE, 70, "F1"),
        ("I", CriterionKind.IMPACT, 30, "F5"),
    ]
    assert (campaign.suppliers[0].code, campaign.suppliers[0].language, campaign.suppliers[0].lots) == (
        "ALFA",
        "fr",
        (1, 2),
    )
    assert campaign.requirements[0].text == "Au moins 4 repas végétariens sur 20"
    assert [(one.code, one.asked, one.consequence) for one in campaign.items][:1] == [("P01", True, "default")]


def test_both_languages_state_the_same_campaign() -> None:
    french = buyer.read(buyer.cells({("CONS.LANG", "VALUE"): "fr"}, "fr")).value
    english = buyer.read(buyer.cells({("CONS.LANG", "VALUE"): "fr"}, "en")).value
    assert french is not None
    assert english is not None
    assert english.suppliers == french.suppliers
    assert english.lots[1] == french.lots[1]
    assert english.deadline == french.deadline


def test_a_blank_supplier_code_is_generated_and_stays() -> None:
    first = buyer.read(buyer.cells()).value
    again = buyer.read(buyer.cells({("SUP.002", "NAME"): "Beta SAS"})).value
    assert first is not None
    assert again is not None
    assert again.suppliers[1].code == first.suppliers[1].code
    assert len(first.suppliers[1].code) == 4


@pytest.mark.parametrize(
    ("typed", "lots"),
    [
        ("1, 2", (1, 2)),
        ("2 ; 1", (1, 2)),
        ("1 et 2", (1, 2)),
        ("Lot 2", (2,)),
        (1.2, (1, 2)),
        (2.0, (2,)),
        ("tous", (1, 2)),
    ],
)
def test_lots_are_read_as_people_write_them(typed: float | str, lots: tuple[int, ...]) -> None:
    checked = buyer.read(buyer.cells({("SUP.001", "LOTS"): typed, ("SUP.002", "LOTS"): "1"}))
    assert buyer.codes(checked) == []
    assert checked.value is not None
    assert checked.value.suppliers[0].lots == lots


@pytest.mark.parametrize("typed", ["2027-01-15", "15/01/2027", "15.01.2027", 46402.0, "2027-01-15T00:00:00"])
def test_dates_are_read_as_people_and_programs_write_them(typed: float | str) -> None:
    checked = buyer.read(buyer.cells({("CONS.DATE", "VALUE"): typed}))
    assert buyer.codes(checked) == []
    assert checked.value is not None
    assert checked.value.deadline.isoformat() == "2027-01-15T12:00:00+01:00"


def test_a_round_of_negotiation_by_profile_with_works_is_quiet() -> None:
    changes = {
        ("CONS.PHASE", "VALUE"): "negotiation", ("CONS.NATURE", "VALUE"): "works", ("CONS.AMOUNT", "VALUE"): 99_999.0,
        ("CONS.ROUND", "VALUE"): 2.0, ("CONS.HOUR", "VALUE"): "17h30", ("CONS.ZONE", "VALUE"): "Indian/Reunion",
    }  # fmt: skip
    checked = buyer.read(buyer.cells(changes))
    assert buyer.codes(checked) == []
    assert checked.value is not None
    assert checked.value.deadline.isoformat() == "2027-01-15T17:30:00+04:00"


def test_steps_and_fans_are_read() -> None:
    changes = {
        ("L2.C1", "FORMULA"): "F3", ("L2.C1", "FAN"): 2.5,
        ("L2.C2", "FORMULA"): "F6", ("L2.C2", "BANDS"): "1: 100 ; 1,5 : 50 %",
    }  # fmt: skip
    checked = buyer.read(buyer.cells(changes))
    assert buyer.codes(checked) == []
    assert checked.value is not None
    price, impact = checked.value.lots[1].criteria
    assert price.fan == 2.5
    assert impact.bands == ((1.0, 1.0), (1.5, 0.5))


BAD = [
    ("a missing deadline", {("CONS.DATE", "VALUE"): None}, "C112", "Consultation", "CONS.DATE"),
    ("a deadline in the past", {("CONS.DATE", "VALUE"): "2026-11-21"}, "C122", "Consultation", "CONS.DATE"),
    ("an ambiguous date", {("CONS.DATE", "VALUE"): "05/02/2027"}, "C121", "Consultation", "CONS.DATE"),
    ("a date that is none", {("CONS.DATE", "VALUE"): "mi-janvier"}, "C120", "Consultation", "CONS.DATE"),
    ("an hour that is none", {("CONS.HOUR", "VALUE"): "midi"}, "C123", "Consultation", "CONS.HOUR"),
    ("an unknown zone", {("CONS.ZONE", "VALUE"): "Paris"}, "C124", "Consultation", "CONS.ZONE"),
    ("an unknown phase", {("CONS.PHASE", "VALUE"): "Achat"}, "C111", "Consultation", "CONS.PHASE"),
    ("a contact without @", {("CONS.EMAIL", "VALUE"): "achats.exemple.fr"}, "C113", "Consultation", "CONS.EMAIL"),
    ("negotiating a call for tenders", {("CONS.PHASE", "VALUE"): "Négociation", ("CONS.PROCEDURE", "VALUE"): "p4",
     ("CONS.CHANNEL", "VALUE"): "profile", ("CONS.PROFILE", "VALUE"): "https://profil.example"}, "C128",
     "Consultation", "CONS.PHASE"),
    ("round zero", {("CONS.ROUND", "VALUE"): 0.0}, "C125", "Consultation", "CONS.ROUND"),
    ("half a round", {("CONS.ROUND", "VALUE"): "1,5"}, "C125", "Consultation", "CONS.ROUND"),
    ("text for an amount", {("CONS.AMOUNT", "VALUE"): "environ 40 000"}, "C108", "Consultation", "CONS.AMOUNT"),
    ("an ambiguous amount", {("CONS.AMOUNT", "VALUE"): "45.000"}, "C109", "Consultation", "CONS.AMOUNT"),
    ("e-mail above the threshold", {("CONS.AMOUNT", "VALUE"): 60_000.0}, "C126", "Consultation", "CONS.CHANNEL"),
    ("a profile without address", {("CONS.CHANNEL", "VALUE"): "profile"}, "C127", "Consultation", "CONS.PROFILE"),
    ("a parameter out of bounds", {("P.W", "L1"): 53.0}, "C110", "Lots", "P.W"),
    ("text for a parameter", {("P.N", "L1"): "beaucoup"}, "C108", "Lots", "P.N"),
    ("an unknown device", {("T.DEV1.Q1", "L1"): "Tablette"}, "C111", "Lots", "T.DEV1.Q1"),
    ("a lot without devices", {("T.DEV1.Q1", "L1"): None}, "C142", "Lots", "T.DEV1.Q1"),
    ("a first lot without title", {("LOT.TITLE", "L1"): None}, "C112", "Lots", "LOT.TITLE"),
    ("criteria of a lot without title", {("LOT.TITLE", "L2"): None, ("SUP.001", "LOTS"): "1", ("SUP.002", "LOTS"): "1"},
     "C141", "Lots", "LOT.TITLE"),
    ("weights of 95", {("L1.C1", "WEIGHT"): 55.0}, "C130", "Critères", "L1.C1"),
    ("a criterion without weight", {("L1.C3", "WEIGHT"): None}, "C133", "Critères", "L1.C3"),
    ("an unknown formula", {("L1.C1", "FORMULA"): "F9"}, "C111", "Critères", "L1.C1"),
    ("an unknown kind of criterion", {("L1.C1", "KIND"): "Qualité"}, "C111", "Critères", "L1.C1"),
    ("an unknown indicator", {("L1.C2", "INDICATOR"): "Bruit"}, "C111", "Critères", "L1.C2"),
    ("an indicator that one perimeter lacks", {("L1.C2", "INDICATOR"): "ldu"}, "C111", "Critères", "L1.C2"),
    ("L above H", {("L1.C2", "LOW"): 3.0}, "C131", "Critères", "L1.C2"),
    ("F5 without H", {("L1.C2", "HIGH"): None}, "C132", "Critères", "L1.C2"),
    ("F2", {("L1.C1", "FORMULA"): "F2"}, "C137", "Critères", "L1.C1"),
    ("F7 for the price", {("L1.C1", "FORMULA"): "F7"}, "C140", "Critères", "L1.C1"),
    ("unreadable bands", {("L1.C1", "FORMULA"): "F6", ("L1.C1", "BANDS"): "petit"}, "C138", "Critères", "L1.C1"),
    ("a fan that does not open", {("L1.C1", "FORMULA"): "F3", ("L1.C1", "FAN"): 1.0}, "C110", "Critères", "L1.C1"),
    ("no impact criterion", {("L1.C2", "KIND"): "other", ("L1.C2", "FORMULA"): "F7"}, "C134", "Critères", "L1.C1"),
    ("no price criterion", {("L1.C1", "KIND"): "other", ("L1.C1", "FORMULA"): "F7"}, "C135", "Critères", "L1.C1"),
    ("the best of notes gets the least", {("L1.C3", "FORMULA"): "F1"}, "C159", "Critères", "L1.C3"),
    ("bands that reward a higher price", {("L1.C1", "FORMULA"): "F6", ("L1.C1", "BANDS"): "1: 50; 2: 100"}, "C140",
     "Critères", "L1.C1"),
    ("a weight of zero typed as a text", {("L1.C3", "WEIGHT"): "0 "}, "C133", "Critères", "L1.C3"),
    ("two criteria of one code", {("L1.C3", "CODE"): "C1"}, "C139", "Critères", "L1.C1"),
    ("a criterion without label", {("L1.C3", "LABEL"): None}, "C112", "Critères", "L1.C3"),
    ("the same supplier twice", {("SUP.002", "EMAIL"): "Contact@Alpha.fr"}, "C150", "Fournisseurs", "SUP.002"),
    ("the same name twice", {("SUP.002", "NAME"): "ALPHA "}, "C150", "Fournisseurs", "SUP.002"),
    ("the same code twice", {("SUP.002", "CODE"): "alfa"}, "C150", "Fournisseurs", "SUP.002"),
    ("a reserved code", {("SUP.002", "CODE"): "OPEN"}, "C154", "Fournisseurs", "SUP.002"),
    ("an address without @", {("SUP.002", "EMAIL"): "beta.example"}, "C113", "Fournisseurs", "SUP.002"),
    ("a supplier without address", {("SUP.002", "EMAIL"): None}, "C112", "Fournisseurs", "SUP.002"),
    ("a supplier without lot", {("SUP.002", "LOTS"): None}, "C151", "Fournisseurs", "SUP.002"),
    ("an unknown lot", {("SUP.002", "LOTS"): "3"}, "C152", "Fournisseurs", "SUP.002"),
    ("a lot that nobody is asked for", {("SUP.001", "LOTS"): "2"}, "C155", "Lots", "LOT.TITLE"),
    ("a scored item switched off", {("I.P01", "ASKED"): "NON"}, "C162", "Postes", "I.P01"),
    ("a blocking consequence", {("I.C1", "CONSEQ"): "blocks"}, "C163", "Postes", "I.C1"),
    ("an unknown consequence", {("I.C1", "CONSEQ"): "Amende"}, "C111", "Postes", "I.C1"),
    ("too little time for documents", {("CONS.DATE", "VALUE"): "2026-12-02"}, "C160", "Postes", "I.C1"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "changes", "code", "sheet", "key"), BAD, ids=[bad[0] for bad in BAD])
def test_each_fault_gives_one_finding_at_its_place(
    fault: str, changes: buyer.Values, code: str, sheet: str, key: str
) -> None:
    checked = buyer.read(buyer.cells(changes))
    assert buyer.codes(checked) == [code], fault
    finding = checked.findings[0]
    assert (finding.place.sheet, finding.place.key) == (sheet, key)
    assert finding.place.cell
    for language in ("fr", "en"):
        assert "{" not in message(finding, language) + remedy(finding, language)


def test_an_error_in_an_input_is_one_finding() -> None:
    workbook = buyer.cells()
    broken = buyer.replaced(workbook, "CONS.AMOUNT", SheetCell("#REF!", error=True))
    checked = buyer.read(broken)
    assert buyer.codes(checked) == ["C107"]
    assert "#REF!" in message(checked.findings[0], "fr")


def test_a_row_that_the_buyer_half_fixed_is_one_finding() -> None:
    loaded = grounds("informatique-postes").loaded
    checked = read_campaign(buyer.cells_of(loaded, {("T.DEV1.QTY", "L1"): None}), loaded, buyer.NOW)
    assert [one.code for one in checked.findings] == ["C143"]


def test_too_much_to_answer_is_one_finding() -> None:
    loaded = grounds("mobilier-bureau").loaded
    heavy = loaded.template.model_copy(
        update={"fields": tuple(field.model_copy(update={"minutes": 20}) for field in loaded.template.fields)}
    )
    checked = read_campaign(buyer.cells_of(loaded), replace(loaded, template=heavy), buyer.NOW)
    assert [one.code for one in checked.findings] == ["C161"]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_examples_are_read_without_a_word(template: str, language: str) -> None:
    loaded = grounds(template).loaded
    checked = read_campaign(buyer.cells_of(loaded, language=language), loaded, buyer.NOW)
    assert checked.findings == ()
    assert checked.value is not None
    assert checked.value.suppliers


def test_nobody_asked_is_one_finding_unless_the_canvas_is_open() -> None:
    nobody = {(f"SUP.00{n}", code): None for n in (1, 2) for code in ("NAME", "EMAIL", "CODE", "LANG", "LOTS")}
    assert buyer.codes(buyer.read(buyer.cells(nobody))) == ["C153"]
    assert buyer.codes(buyer.read(buyer.cells({**nobody, ("CONS.OPEN", "VALUE"): "OUI"}))) == []


def test_sourcing_needs_no_criteria() -> None:
    empty = {
        (f"L{lot}.C{place}", code): None
        for lot in (1, 2)
        for place in (1, 2, 3)
        for code in ("LABEL", "CODE", "KIND", "WEIGHT", "FORMULA", "INDICATOR", "LOW", "HIGH", "TIE")
    }
    assert buyer.codes(buyer.read(buyer.cells({**empty, ("CONS.PHASE", "VALUE"): "sourcing"}))) == []
    assert buyer.codes(buyer.read(buyer.cells(empty))) == ["C136", "C136"]


@pytest.mark.parametrize("typed", ["45000", "45 000", "45\u202f000,00", "45.000,0", "45,000.0", 45000.0])
def test_numbers_that_are_texts_are_read_where_they_can_mean_one_thing(typed: float | str) -> None:
    checked = buyer.read(buyer.cells({("CONS.AMOUNT", "VALUE"): typed}))
    assert buyer.codes(checked) == []
    assert checked.value is not None
    assert checked.value.amount == 45000


def test_a_weight_typed_as_a_percentage_is_that_percentage() -> None:
    weights = {("L2.C1", "WEIGHT"): "70 %", ("L2.C2", "WEIGHT"): "30 %"}
    assert buyer.read(buyer.cells(weights)) == buyer.read(buyer.cells())


def edited(folder: Path, edit: object) -> buyer.Checked[buyer.Campaign | None]:
    """Let another program open, change and save the workbook, then read it."""
    path = buyer.written(folder)
    book = openpyxl.load_workbook(path)
    edit(book)  # type: ignore[operator]
    book.save(path)
    return buyer.read(read_cells(path))


def rows_of(sheet: object, start: str) -> list[int]:
    return [row[0].row for row in sheet.iter_rows(max_col=1) if str(row[0].value or "").startswith(start)]  # type: ignore[attr-defined]


def test_sorting_rows_changes_nothing(tmp_path: Path) -> None:
    def sort(book: openpyxl.Workbook) -> None:
        for name, start in (("Fournisseurs", "SUP"), ("Critères", "L1.C"), ("Postes", "I."), ("Consultation", "CONS.")):
            sheet = book[name]
            rows = rows_of(sheet, start)
            kept = [[cell.value for cell in sheet[row]] for row in rows]
            for row, values in zip(rows, reversed(kept), strict=True):
                for column, value in enumerate(values, 1):
                    sheet.cell(row, column).value = value

    before = buyer.read(buyer.cells())
    after = edited(tmp_path, sort)
    assert after.findings == ()
    assert after.value == before.value


def test_inserted_rows_and_columns_change_nothing(tmp_path: Path) -> None:
    def insert(book: openpyxl.Workbook) -> None:
        book["Consultation"].insert_rows(9, 2)
        book["Critères"].insert_rows(10)
        book["Fournisseurs"].insert_cols(3)

    before = buyer.read(buyer.cells())
    after = edited(tmp_path, insert)
    assert after.findings == ()
    assert after.value == before.value


def test_a_renamed_sheet_is_read_and_said(tmp_path: Path) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["Fournisseurs"].title = "Mes fournisseurs"

    before = buyer.read(buyer.cells())
    after = edited(tmp_path, rename)
    assert buyer.codes(after) == ["C103"]
    assert not after.blocked
    assert after.value == before.value


def test_values_pasted_in_a_new_workbook_are_read(tmp_path: Path) -> None:
    path = buyer.written(tmp_path)
    book, bare = openpyxl.load_workbook(path, data_only=True), openpyxl.Workbook()
    for sheet in book:
        copy = bare.create_sheet(sheet.title)
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    copy.cell(cell.row, cell.column, cell.value)
    bare.save(path)
    checked = buyer.read(read_cells(path))
    assert checked.findings == ()
    assert checked.value == buyer.read(buyer.cells()).value


@pytest.mark.office
def test_what_a_buyer_typed_and_saved_in_libreoffice_is_read(tmp_path: Path, soffice: str) -> None:
    path = buyer.written(tmp_path)
    before = read_cells(path)
    places = {pair: spot for pair, spot in locate(before).spots.items() if pair[1] in {"VALUE", "NAME"}}
    typed = {("CONS.TITLE", "VALUE"): "Goûters", ("CONS.AMOUNT", "VALUE"): 12000.0, ("SUP.002", "NAME"): "Bêta"}
    with Office(soffice, tmp_path) as office, office.open(path) as book:
        for pair, value in typed.items():
            spot = places[pair]
            book.type(spot.sheet, spot.row, spot.column, value)
        book.recalculate()
        book.save_xlsx(tmp_path / "saved.xlsx")
    checked = buyer.read(read_cells(tmp_path / "saved.xlsx"))
    assert checked.findings == ()
    assert checked.value == buyer.read(buyer.cells(typed)).value


def test_a_missing_sheet_is_one_finding(tmp_path: Path) -> None:
    checked = edited(tmp_path, lambda book: book.remove(book["Critères"]))
    assert buyer.codes(checked) == ["C101"]
    assert checked.value is None
    assert "Critères" in message(checked.findings[0], "fr")


def test_a_missing_column_of_keys_is_one_finding(tmp_path: Path) -> None:
    checked = edited(tmp_path, lambda book: book["Postes"].delete_cols(1))
    assert buyer.codes(checked) == ["C101"]


def test_missing_rows_are_one_finding_that_names_them(tmp_path: Path) -> None:
    def remove(book: openpyxl.Workbook) -> None:
        book["Consultation"].delete_rows(rows_of(book["Consultation"], "CONS.PHASE")[0])

    checked = edited(tmp_path, remove)
    assert buyer.codes(checked) == ["C102"]
    assert "CONS.PHASE" in message(checked.findings[0], "fr")


def test_unused_rows_may_be_deleted(tmp_path: Path) -> None:
    checked = edited(tmp_path, lambda book: book["Fournisseurs"].delete_rows(20, 150))
    assert checked.findings == ()


def test_a_copied_row_is_one_finding(tmp_path: Path) -> None:
    def copy(book: openpyxl.Workbook) -> None:
        sheet = book["Fournisseurs"]
        first, last = rows_of(sheet, "SUP.001")[0], sheet.max_row + 1
        for cell in sheet[first]:
            sheet.cell(last, cell.column, cell.value)

    checked = edited(tmp_path, copy)
    assert buyer.codes(checked) == ["C104"]
    assert checked.findings[0].place.key == "SUP.001"


def test_a_supplier_typed_in_a_row_without_key_is_one_finding(tmp_path: Path) -> None:
    def squeeze(book: openpyxl.Workbook) -> None:
        sheet = book["Fournisseurs"]
        row = rows_of(sheet, "SUP.003")[0]
        sheet.insert_rows(row)
        sheet.cell(row, 2, "Gamma")

    checked = edited(tmp_path, squeeze)
    assert buyer.codes(checked) == ["C105"]
    assert "Gamma" in message(checked.findings[0], "fr")


def test_a_formula_in_an_input_is_one_finding(tmp_path: Path) -> None:
    def compute(book: openpyxl.Workbook) -> None:
        sheet = book["Consultation"]
        sheet.cell(rows_of(sheet, "CONS.SPREAD")[0], 3, "=5+5")

    checked = edited(tmp_path, compute)
    assert buyer.codes(checked) == ["C106"]
    assert checked.findings[0].place.key == "CONS.SPREAD"


def test_the_workbook_of_another_template_is_one_finding(tmp_path: Path) -> None:
    def swap(book: openpyxl.Workbook) -> None:
        sheet = book["Consultation"]
        sheet.cell(rows_of(sheet, "CONS.TEMPLATE")[0], 3, "other@1.0.0")

    assert buyer.codes(edited(tmp_path, swap)) == ["C114"]
