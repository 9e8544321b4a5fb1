"""A plan becomes a file that says exactly what it planned."""

from __future__ import annotations

import io
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsx_plans
from endless import PATIENCE
from openpyxl.worksheet.worksheet import Worksheet

from canevas_xl.adapters.xlsx.stamp import Stencil, placeholder
from canevas_xl.adapters.xlsx.write import cut, workbook_bytes
from canevas_xl.model.plan import CellPlan, Page, SheetPlan, Stamp, Style, WorkbookPlan


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def opened(data: bytes) -> Worksheet:
    return openpyxl.load_workbook(io.BytesIO(data))[xlsx_plans.OFFER]


@pytest.fixture(scope="module")
def data() -> bytes:
    return workbook_bytes(xlsx_plans.plan())


@pytest.fixture(scope="module")
def sheet(data: bytes) -> Worksheet:
    return opened(data)


@pytest.fixture(scope="module")
def sheet_xml(data: bytes) -> str:
    return part(data, "xl/worksheets/sheet2.xml")


def test_the_same_plan_gives_the_same_bytes(data: bytes) -> None:
    assert workbook_bytes(xlsx_plans.plan()) == data


@pytest.mark.parametrize(
    "text", ["=1+1", "@x", "+33 1 23", "-5", "00123", "1e5", "https://a.fr", "#N/A", "\ttab", "1/2"]
)
def test_text_is_always_written_as_text(text: str) -> None:
    cell = opened(workbook_bytes(xlsx_plans.plan(CellPlan(40, 1, text, xlsx_plans.LOCKED)))).cell(41, 2)
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_formulas_leave_with_their_cached_value(data: bytes, sheet: Worksheet) -> None:
    cached = openpyxl.load_workbook(io.BytesIO(data), data_only=True)[xlsx_plans.OFFER]
    assert (sheet["B7"].value, cached["B7"].value) == ("=INDEX($C:$C,ROW())+1", 1)
    assert (sheet["B9"].value, cached["B9"].value) == ('=IF(1,"à compléter","")', "à compléter")


def test_an_unknown_value_is_cached_as_an_error_not_as_text(sheet_xml: str) -> None:
    assert '<c r="B8" s="1" t="e"><f>NA()</f><v>#N/A</v></c>' in sheet_xml


def test_a_formula_without_a_value_is_not_cached_as_zero() -> None:
    formula = CellPlan(40, 1, xlsx_plans.CELLS[6].content, xlsx_plans.LOCKED)
    cached = openpyxl.load_workbook(io.BytesIO(workbook_bytes(xlsx_plans.plan(formula))), data_only=True)
    assert cached[xlsx_plans.OFFER]["B41"].value is None


def test_a_planned_truth_is_refused() -> None:
    with pytest.raises(TypeError):
        workbook_bytes(xlsx_plans.plan(CellPlan(40, 1, True, xlsx_plans.LOCKED)))


def test_stamped_texts_stand_once_in_the_shared_texts(data: bytes) -> None:
    texts = part(data, "xl/sharedStrings.xml")
    assert texts.count(placeholder("token")) == 1
    assert f"Pour {placeholder('supplier')} :" in texts


def test_ordinary_text_cannot_look_like_a_placeholder() -> None:
    forged = CellPlan(40, 1, placeholder("token"), xlsx_plans.INPUT)
    copy = Stencil.from_bytes(workbook_bytes(xlsx_plans.plan(forged))).copy(xlsx_plans.IDENTITY)
    assert opened(copy)["B41"].value == "\ufffdtoken\ufffd"


def test_only_inputs_are_unlocked_and_the_sheet_is_protected_without_password(sheet: Worksheet) -> None:
    unlocked = {cell.coordinate for row in sheet for cell in row if not cell.protection.locked}
    assert unlocked == {"B6", "C6", "B11"}
    protection = sheet.protection
    assert (protection.sheet, protection.password) == (True, None)
    assert not protection.selectLockedCells
    assert not protection.selectUnlockedCells
    assert not protection.formatColumns
    assert protection.formatCells


def test_an_unprotected_sheet_stays_open() -> None:
    assert not opened(workbook_bytes(xlsx_plans.plan(protected=False))).protection.sheet


def test_validations_carry_bounds_and_messages_that_spreadsheets_keep(sheet: Worksheet) -> None:
    number, whole, choice, length, any_number = sheet.data_validations.dataValidation
    assert (number.type, number.operator, number.formula1) == ("decimal", "greaterThanOrEqual", "0")
    assert (number.errorStyle, number.error) == (None, "Tapez un nombre de kilogrammes, par exemple 12,5.")
    assert len(number.promptTitle) <= 32
    assert len(number.prompt) == 255
    assert number.prompt.endswith("…")
    assert (whole.type, whole.formula1, whole.formula2, whole.errorStyle) == ("whole", "1", "20", "warning")
    assert (choice.type, choice.formula1, choice.allowBlank) == ("list", "'Listes'!$A$1:$A$3", True)
    assert (length.type, length.operator, length.formula1) == ("textLength", "lessThanOrEqual", "120")
    assert (any_number.operator or "between", float(any_number.formula1), float(any_number.formula2)) == (
        "between",
        -1e300,
        1e300,
    )


def test_texts_are_cut_as_spreadsheets_count_them() -> None:
    assert cut("court", 32) == "court"
    assert cut("abcdef", 4) == "abc…"
    assert cut("🌱" * 3, 4) == "🌱…"


def test_looks_are_expression_rules_that_name_no_input_cell(sheet: Worksheet) -> None:
    (rules,) = [area.rules for area in sheet.conditional_formatting]
    assert [rule.type for rule in rules] == ["expression"]
    assert rules[0].formula == ['INDEX($B:$B,ROW())<>""']
    assert rules[0].dxf.font.b
    assert rules[0].dxf.border.left.style == "thin"


def test_links_lead_inside_the_workbook(sheet: Worksheet) -> None:
    link = sheet["B10"].hyperlink
    assert (sheet["B10"].value, link.location, link.target) == ("Aller aux listes", "'Listes'!$A$2", None)
    assert link.tooltip == "Les réponses possibles"


def test_a_chart_says_its_unit_and_has_a_text_for_those_who_cannot_see_it(data: bytes) -> None:
    chart, drawing = part(data, "xl/charts/chart1.xml"), part(data, "xl/drawings/drawing1.xml")
    assert 'descr="Ce que pèse chaque étape de l\'offre"' in drawing
    assert "<a:t>kg CO₂e par repas</a:t>" in chart
    assert "<c:legend>" not in chart
    assert '<c:barDir val="bar"/>' in chart
    title = "<c:f>'Mon offre d''été'!$B$9</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>à compléter</c:v>"
    assert title in chart


@pytest.mark.parametrize("said", ["Offre!A1 pèse le moins", "=Offre!$B$2", "!A1", "« Bois & Co! B2 »"])
def test_a_title_that_looks_like_the_way_to_a_cell_stays_a_text(said: str) -> None:
    plan = xlsx_plans.plan()
    sheets = tuple(
        replace(one, charts=tuple(replace(chart, title=said, axis=said) for chart in one.charts)) for one in plan.sheets
    )
    chart = part(workbook_bytes(replace(plan, sheets=sheets)), "xl/charts/chart1.xml")
    assert chart.count(f"<a:t>{escape(said)}</a:t>") == 2
    assert "<c:title><c:tx><c:strRef>" not in chart


def test_the_layout_is_as_planned(sheet: Worksheet) -> None:
    assert sheet.freeze_panes == "A3"
    assert sheet.sheet_view.zoomScale == 90
    assert not sheet.sheet_view.showGridLines
    assert sheet.row_dimensions[1].height == 30
    assert sheet.column_dimensions["B"].width == pytest.approx(30.7, abs=0.1)
    assert sheet.column_dimensions["H"].hidden
    assert sheet.sheet_properties.tabColor.rgb == "FF3B6E8F"


def test_sheets_print_on_a4_one_page_wide_with_the_token_in_the_footer(sheet: Worksheet) -> None:
    setup = sheet.page_setup
    assert (str(setup.paperSize), setup.orientation, setup.fitToHeight) == ("9", "landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.print_area == "'Mon offre d''été'!$A$1:$J$31"
    assert placeholder("token") + " · page &P" in sheet.oddFooter.center.text
    assert sheet.oddHeader.left.text == "Canevas"


def test_hidden_sheets_are_out_of_menus_and_out_of_prints(data: bytes) -> None:
    lists = openpyxl.load_workbook(io.BytesIO(data))["Listes"]
    assert lists.sheet_state == "veryHidden"
    assert not lists.print_area


def test_the_workbook_opens_on_its_first_visible_sheet_and_input(data: bytes, sheet: Worksheet) -> None:
    assert openpyxl.load_workbook(io.BytesIO(data)).active.title == xlsx_plans.OFFER
    assert {selection.activeCell for selection in sheet.sheet_view.selection} == {"B6"}


def test_names_and_properties_are_written(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.defined_names["CX_LISTE"].attr_text == "'Listes'!$A$1:$A$3"
    properties = {one.name: one.value for one in book.custom_doc_props.props}
    assert properties == {"canevas_token": placeholder("token"), "canevas_fingerprint": "abc"}
    assert (book.properties.title, book.properties.creator) == ("Restauration scolaire", "canevas-xl")


def test_equal_styles_share_one_format() -> None:
    cells = tuple(CellPlan(row, 0, "x", Style(bold=True)) for row in range(50))
    styles = part(workbook_bytes(WorkbookPlan("t", "fr", (SheetPlan("A", "A", cells),))), "xl/styles.xml")
    assert '<cellXfs count="2">' in styles


def test_a_plan_without_visible_extras_is_still_a_workbook() -> None:
    bare = WorkbookPlan("t", "fr", (SheetPlan("A", "A", (), page=Page(footer=Stamp("token"))),))
    assert openpyxl.load_workbook(io.BytesIO(workbook_bytes(bare))).sheetnames == ["A"]


@pytest.mark.office
def test_libreoffice_opens_it_and_prints_the_visible_sheet_only(soffice: str, tmp_path: Path) -> None:
    file = tmp_path / "canevas.xlsx"
    file.write_bytes(Stencil.from_bytes(workbook_bytes(xlsx_plans.plan())).copy(xlsx_plans.IDENTITY))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    printed = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "canevas.pdf"), "-"], check=True, capture_output=True, timeout=PATIENCE
    ).stdout.decode()
    assert xlsx_plans.IDENTITY["token"] + " · page 1" in printed
    assert "Pour Dupont & Fils :" in printed
    assert "kg CO₂e par repas" in printed
    assert "Ne sait pas" not in printed
