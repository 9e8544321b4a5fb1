"""Every changed constant is found, at its place; nothing is said of a file that was only filled, sorted or saved."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import edits
import openpyxl
import pytest
from office import Office
from shipped import LANGUAGES, TEMPLATES, canvas_of, copy_of, planned

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake import changes
from canevas_xl.intake.changes import compare, compared
from canevas_xl.intake.issued import Constants, constants_from, constants_json, constants_of, formula_mark, normal
from canevas_xl.model.cells import Saved, Sheet, SheetCell, Workbook
from canevas_xl.model.offer import Locked
from canevas_xl.rules.spreadsheet import column_letters

OFFER, SOURCES, LISTS = 1, 3, 7
"""Places of sheets."""


@cache
def constants(template: str, language: str = "fr") -> Constants:
    return constants_of(planned(template, language, "empty"), "f" * 64, addressed=True)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """Each template as a supplier filled it, read back from its file."""
    folder = tmp_path_factory.mktemp("returned")
    books = {}
    for template in TEMPLATES:
        path = folder / f"{template}.xlsx"
        path.write_bytes(copy_of(planned(template, "fr", "full")))
        books[template] = read_cells(path)
    return books


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_said_of_a_filled_canvas(tmp_path: Path, template: str, language: str) -> None:
    path = tmp_path / "canvas.xlsx"
    path.write_bytes(copy_of(planned(template, language, "unusual")))
    assert compare(constants(template, language), read_cells(path)) == ()


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_is_said_of_what_openpyxl_saved(tmp_path: Path, template: str) -> None:
    path = tmp_path / "canvas.xlsx"
    path.write_bytes(copy_of(planned(template, "fr", "full")))
    openpyxl.load_workbook(path).save(path)
    assert compare(constants(template), read_cells(path)) == ()


@pytest.mark.office
def test_nothing_is_said_of_what_libreoffice_saved(soffice: str, tmp_path: Path) -> None:
    with Office(soffice, tmp_path) as office:
        for template in TEMPLATES:
            path, saved = tmp_path / "canvas.xlsx", tmp_path / f"{template}.xlsx"
            path.write_bytes(copy_of(planned(template, "fr", "full")))
            with office.open(path) as book:
                book.recalculate()
                book.save_xlsx(saved)
            assert compare(constants(template), read_cells(saved)) == (), template


@pytest.mark.parametrize("cell", [SheetCell("12345.5"), SheetCell(0.125), SheetCell(1.0, formula="1+0"), None])
@pytest.mark.parametrize(("template", "step"), [("informatique-postes", 1), ("mobilier-bureau", 9)])
def test_every_single_change_of_a_locked_constant_is_found(
    returned: dict[str, Workbook], template: str, step: int, cell: SheetCell | None
) -> None:
    issued, workbook = constants(template), returned[template]
    for number, sheet in enumerate(issued.sheets):
        for at, was in sorted(sheet.constants.items())[::step]:
            found = compare(issued, edits.with_cell(workbook, number, at, cell))
            place = (sheet.name, f"{column_letters(at[1])}{at[0] + 1}")
            assert [(one.place.sheet, one.place.cell) for one in found] == [place], (sheet.code, at, was)
            assert found[0].code == ("R341" if cell is None else "R340")
            assert dict(found[0].facts)["was"] == changes._short(was)


def test_a_change_is_found_in_a_large_sheet_of_factors(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("restauration-scolaire"), returned["restauration-scolaire"]
    sheet = issued.sheets[SOURCES]
    for at in sorted(sheet.constants)[::40]:
        found = compare(issued, edits.with_cell(workbook, SOURCES, at, SheetCell(0.123)))
        assert [(one.code, one.place.cell) for one in found] == [("R340", f"{column_letters(at[1])}{at[0] + 1}")]


@pytest.mark.parametrize("template", TEMPLATES)
def test_renamed_and_reordered_sheets_are_no_change(returned: dict[str, Workbook], template: str) -> None:
    assert compare(constants(template), edits.renamed(returned[template])) == ()


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("sheet", [OFFER, SOURCES, LISTS])
def test_an_inserted_row_is_no_change(returned: dict[str, Workbook], template: str, sheet: int) -> None:
    for before in (1, 6, 12):
        assert compare(constants(template), edits.with_row_inserted(returned[template], sheet, before)) == ()


@pytest.mark.parametrize("template", TEMPLATES)
def test_sorted_rows_are_no_change(returned: dict[str, Workbook], template: str) -> None:
    issued = constants(template)
    for number, first, last in ((OFFER, 6, 30), (SOURCES, 5, 12), (LISTS, 1, 25)):
        found = compare(issued, edits.sorted_rows(returned[template], number, first, last))
        # Rows that hold only formulas have nothing to be recognised by.
        assert set(codes(found)) <= {"R344"}


def test_a_change_among_sorted_rows_is_found_where_it_now_stands(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    factor = next(at for at in sorted(issued.sheets[SOURCES].constants) if at[0] == 6 and at[1] > 8)
    changed = edits.with_cell(workbook, SOURCES, factor, SheetCell(77.7))
    found = compare(issued, edits.sorted_rows(changed, SOURCES, 5, 12))
    assert [(one.code, one.place.cell) for one in found] == [("R340", f"{column_letters(factor[1])}{5 + 12 - 6 + 1}")]


def test_two_factors_that_were_swapped_are_two_changes(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("restauration-scolaire"), returned["restauration-scolaire"]
    cells = workbook.sheets[SOURCES].cells
    column = next(
        at[1]
        for at in sorted(issued.sheets[SOURCES].constants)
        if at[0] == 6 and at[1] > 8 and (7, at[1]) in cells and cells[at].value != cells[7, at[1]].value
    )
    one, other = cells[6, column], cells[7, column]
    swapped = edits.with_cell(edits.with_cell(workbook, SOURCES, (6, column), other), SOURCES, (7, column), one)
    assert codes(compare(issued, swapped)) == ["R340", "R340"]


def test_a_removed_row_is_one_finding(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    found = compare(issued, edits.without_row(workbook, SOURCES, 7))
    assert codes(found) == ["R347"]
    assert found[0].place.key == issued.sheets[SOURCES].constants[7, 0]


def test_many_changes_are_told_together(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("restauration-scolaire"), returned["restauration-scolaire"]
    for at in sorted(issued.sheets[SOURCES].constants)[40:70]:
        workbook = edits.with_cell(workbook, SOURCES, at, SheetCell(5.5))
    found = compare(issued, workbook)
    assert codes(found) == ["R342"]
    assert dict(found[0].facts)["count"] == 30


def test_a_canvas_in_another_language_is_another_workbook(returned: dict[str, Workbook]) -> None:
    assert codes(compare(constants("mobilier-bureau", "en"), returned["mobilier-bureau"])) == ["R346"]


def test_a_lost_sheet_is_named(returned: dict[str, Workbook]) -> None:
    workbook = returned["mobilier-bureau"]
    without = Workbook(tuple(sheet for sheet in workbook.sheets if sheet.name != "Facteurs et sources"))
    found = compare(constants("mobilier-bureau"), without)
    assert [(one.code, one.place.sheet) for one in found] == [("R345", "Facteurs et sources")]


def test_changed_formulas_are_one_doubt_for_the_sheet(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    for at in sorted(issued.sheets[2].formulas)[:5]:
        workbook = edits.with_cell(workbook, 2, at, SheetCell(0.0))
    found = compare(issued, workbook)
    assert codes(found) == ["R344"]
    assert not found[0].blocks


@pytest.mark.parametrize("head", [SheetCell(" KE\u200bY "), SheetCell("KEY", '"K"&"EY"')], ids=["typed", "computed"])
def test_a_second_row_of_codes_blocks(returned: dict[str, Workbook], head: SheetCell) -> None:
    """It would have answers read from where nobody looks."""
    workbook = edits.with_cell(returned["mobilier-bureau"], OFFER, (4, 0), head)
    found = compare(constants("mobilier-bureau"), edits.with_cell(workbook, OFFER, (4, 25), SheetCell("VALUE")))
    assert [(one.code, one.place.cell, one.blocks) for one in found] == [("R340", "A5", True), ("R343", "A5", False)]


def test_a_calculation_in_the_margin_is_said(returned: dict[str, Workbook]) -> None:
    helper = SheetCell(3.6, "12*0.3")
    found = compare(constants("mobilier-bureau"), edits.with_cell(returned["mobilier-bureau"], OFFER, (200, 3), helper))
    assert [(one.code, dict(one.facts)["text"]) for one in found] == [("R343", "=12*0.3")]


def test_what_is_written_in_the_margin_is_said(returned: dict[str, Workbook]) -> None:
    note = SheetCell("Sous réserve de nos conditions générales de vente")
    found = compare(constants("mobilier-bureau"), edits.with_cell(returned["mobilier-bureau"], OFFER, (200, 3), note))
    assert [(one.code, one.place.cell) for one in found] == [("R343", "D201")]


def test_the_stored_form_is_read_back_the_same() -> None:
    for template in TEMPLATES:
        issued = constants(template)
        text = constants_json(issued)
        assert constants_from(text) == issued
        assert constants_json(constants_from(text)) == text
    for bad in ("", "{}", "[]", '{"format":2}', "null", constants_json(constants(TEMPLATES[0]))[:-40]):
        with pytest.raises(ValueError, match="constants"):
            constants_from(bad)


@pytest.mark.parametrize(
    ("number", "such", "kind"),
    [
        (OFFER, r"[^=]{40,}", Locked.QUESTION),
        (OFFER, "E1", Locked.KEY),
        (LISTS, "OUI", Locked.CHOICE),
        (SOURCES, r"0\.\d+", Locked.FACTOR),
        (9, "1", Locked.NUMBER),
    ],
)
def test_every_change_is_listed_with_what_it_is_and_whether_it_matters(
    returned: dict[str, Workbook], number: int, such: str, kind: Locked
) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    at, was = next((at, was) for at, was in sorted(issued.sheets[number].constants.items()) if re.fullmatch(such, was))
    (change,) = compared(issued, edits.with_cell(workbook, number, at, SheetCell("autre"))).changes
    assert (change.kind, change.kind.matters) == (kind, kind in {Locked.QUESTION, Locked.KEY, Locked.CHOICE})
    assert (change.sheet, change.cell) == (issued.sheets[number].name, f"{column_letters(at[1])}{at[0] + 1}")
    assert (change.was, change.now) == (changes._short(was), "autre")


def test_a_formula_that_was_replaced_is_listed_with_what_stands_there_now(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    at = min(issued.sheets[OFFER].formulas)
    (change,) = compared(issued, edits.with_cell(workbook, OFFER, at, SheetCell(42.0))).changes
    assert (change.kind, change.was, change.now) == (Locked.FORMULA, "", "42")


def without_formulas(workbook: Workbook) -> tuple[Sheet, ...]:
    """Every sheet with values where formulas stood."""
    return tuple(
        replace(sheet, cells={at: SheetCell(cell.value, None, cell.error) for at, cell in sheet.cells.items()})
        for sheet in workbook.sheets
    )


def test_what_is_listed_is_bounded(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    assert len(compared(issued, Workbook(without_formulas(workbook))).changes) == changes.MOST_LISTED


def test_a_sheet_as_text_is_compared_by_its_texts_alone(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    shown = {
        at: SheetCell(cell.value if isinstance(cell.value, str) else f"{cell.value:.1f}".replace(".", ","))
        for at, cell in workbook.sheets[OFFER].cells.items()
        if cell.value is not None
    }
    alone = Workbook((Sheet("CSV", shown),), saved=Saved.SHOWN)
    assert compare(issued, alone) == ()
    at = next(at for at, was in sorted(issued.sheets[OFFER].constants.items()) if at[1] == 1 and len(was) > 20)
    assert codes(compare(issued, edits.with_cell(alone, 0, at, SheetCell("autre")))) == ["R340"]


def test_where_a_form_does_not_say_where_formulas_stand_none_is_missed(returned: dict[str, Workbook]) -> None:
    issued, workbook = constants("mobilier-bureau"), returned["mobilier-bureau"]
    sheets = without_formulas(workbook)
    assert compare(issued, Workbook(sheets, saved=Saved.VALUES)) == ()
    assert "R344" in codes(compare(issued, Workbook(sheets)))


def test_answers_and_stamps_are_free() -> None:
    issued = constants("mobilier-bureau")
    for sheet in issued.sheets:
        assert not sheet.free & (sheet.constants.keys() | sheet.formulas.keys())
    assert not any("CX1-" in text for sheet in issued.sheets for text in sheet.constants.values())


def test_contents_are_compared_as_programs_write_them() -> None:
    assert normal("a\u00a0 b ") == normal("a b") == normal("a_x0020_b")
    assert normal("e\u0301") == normal("é")
    assert normal(2.701347731069324) == normal(2.70134773106932)
    assert normal(24.745411066849999) == normal(24.74541106685)
    assert normal(True) == normal(1.0) == "1"
    assert normal(-0.0) == normal(0.0) == "0"
    assert normal(None) == normal("") == ""
    assert normal(1.0) != normal(1.0 + 1e-9)


def test_formulas_are_compared_without_what_programs_rewrite() -> None:
    pairs = [
        ("IF('Calcul'!$C$5=0,TRUE,1)", "IF(Calcul!$C$5=0, TRUE(), 1)"),
        ("INDEX($C:$C,ROW())", "INDEX($C$1:$C$1048576,ROW())"),
        ("$C$10*0.07", "$C$11*0.070"),
        ("$C$10-1e-09", "$C$10-10e-10"),
        ("SUM('Ce que pèse mon offre'!$C$1:$C$9)", "SUM(Feuil3!$C$1:$C$9)"),
    ]
    for issued, saved in pairs:
        assert formula_mark(issued) == formula_mark(saved), issued
    for issued, other in [
        ("$C$10*0.07", "$C$10*0.08"),
        ("$C$10*2", "$D$10*2"),
        ('"a b"', '"ab"'),
        ("SUM(A1)", "MAX(A1)"),
    ]:
        assert formula_mark(issued) != formula_mark(other), issued


def test_every_change_is_worded_in_both_languages(returned: dict[str, Workbook]) -> None:
    workbook = returned["mobilier-bureau"]
    for at in ((0, 1), (5, 1)):
        workbook = edits.with_cell(workbook, OFFER, at, None)
    for finding in compare(constants("mobilier-bureau"), edits.without_row(workbook, SOURCES, 7)):
        for language in LANGUAGES:
            assert "{" not in message(finding, language) + remedy(finding, language)


def test_an_open_canvas_has_its_own_constants(tmp_path: Path) -> None:
    plan = plan_canvas(canvas_of("mobilier-bureau", "fr", {}), supplier_known=False)
    path = tmp_path / "open.xlsx"
    path.write_bytes(copy_of(plan))
    assert compare(constants_of(plan, "f" * 64, addressed=False), read_cells(path)) == ()
