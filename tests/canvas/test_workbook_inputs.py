"""What a supplier can type in, and how each input is found, guarded and read."""

from __future__ import annotations

from collections import Counter

import pytest
from shipped import answers_in, canvas_of
from supplier_sheets import EVERY, cells_of, parts, planned, shown, unlocked

from canevas_xl.canvas.workbook import grid
from canevas_xl.canvas.workbook.places import LISTS, OFFER, places
from canevas_xl.canvas.workbook.values import LIST_CODE, LIST_LABEL
from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.template import FieldType
from canevas_xl.model.vocabulary import Phase

KINDS = {
    FieldType.NUMBER: "decimal", FieldType.INTEGER: "integer", FieldType.CHOICE: "list", FieldType.TEXT: "length",
}  # fmt: skip


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_each_input_has_a_key_and_a_column_code_that_no_other_has(template: str, language: str) -> None:
    plan = planned(template, language, "empty")
    found = Counter[tuple[object, object]]()
    for sheet, cell in unlocked(plan):
        cells = cells_of(plan, sheet.code)
        key, code = cells[cell.row, grid.KEY].content, cells[grid.CODES_ROW, cell.column].content
        assert key, (sheet.code, cell.row, cell.column)
        assert code, (sheet.code, cell.row, cell.column)
        found[key, code] += 1
    assert set(found.values()) == {1}


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_only_answers_can_be_typed_in(template: str, language: str) -> None:
    where = places(canvas_of(template, language, {}, Phase.CONSULTATION))
    expected = {where.beside(key, grid.VALUE) for key in where.answers}
    expected -= {where.beside(item.key, grid.VALUE) for item in where.asked.items if item.locked}
    for item in where.judged:
        if item.with_origin:
            expected |= {where.beside(item.key, column) for column in (grid.ORIGIN, grid.EVIDENCE, grid.CONF)}
    plan = planned(template, language, "empty", Phase.CONSULTATION)
    assert {Cell(sheet.code, cell.row, cell.column) for sheet, cell in unlocked(plan)} == expected
    assert all(sheet.protected for sheet in plan.sheets)


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_each_input_is_guarded_once_with_messages_that_no_program_cuts(template: str, language: str) -> None:
    plan = planned(template, language, "empty")
    guarded = Counter((v.area.sheet, v.area.first_row, v.area.first_column) for s in plan.sheets for v in s.validations)
    assert guarded == Counter((sheet.code, cell.row, cell.column) for sheet, cell in unlocked(plan))
    for validation in (validation for sheet in plan.sheets for validation in sheet.validations):
        assert 0 < len(validation.prompt) <= 255
        assert 0 < len(validation.error) <= 255
        assert len(validation.title) <= 32
        assert 0 < len(validation.error_title) <= 32
        assert "{" not in validation.prompt + validation.error


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_each_type_of_field_has_its_kind_of_guard(template: str, language: str) -> None:
    where = places(canvas_of(template, language, {}))
    plan = planned(template, language, "empty")
    kinds = {
        (v.area.sheet, v.area.first_row, v.area.first_column): v.kind
        for sheet in plan.sheets
        for v in sheet.validations
    }
    for item in where.judged:
        cell = where.answers[item.key]
        assert kinds[cell.sheet, cell.row, cell.column] == KINDS[item.field.type], item.key


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_no_formula_points_at_an_input_so_that_cutting_one_rewrites_nothing(template: str, language: str) -> None:
    plan = planned(template, language, "full")
    inputs = {(sheet.code, cell.row, cell.column) for sheet, cell in unlocked(plan)}
    for sheet in plan.sheets:
        for cell in sheet.cells:
            for part in parts(cell.content):
                if isinstance(part, Cell):
                    assert (part.sheet, part.row, part.column) not in inputs, (sheet.code, cell.row, cell.column)
                if isinstance(part, Area):
                    rows = range(part.first_row, part.last_row + 1)
                    columns = range(part.first_column, part.last_column + 1)
                    assert not inputs & {(part.sheet, row, column) for row in rows for column in columns}


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_chosen_label_counts_as_its_code(template: str, language: str) -> None:
    answers = answers_in(template, "full")
    where = places(canvas_of(template, language, answers))
    plan = planned(template, language, "full")
    chosen = [item for item in where.judged if item.field.list and item.key in answers]
    assert chosen
    for item in chosen:
        assert shown(plan, where.beside(item.key, grid.USED)) == answers[item.key].value
        assert shown(plan, where.beside(item.key, grid.VALUE)) != answers[item.key].value


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_labels_of_a_list_differ_even_without_case(template: str, language: str) -> None:
    where = places(canvas_of(template, language, {}))
    cells = cells_of(planned(template, language, "empty"), LISTS)
    for code, block in where.lists.items():
        rows = range(block.first, block.last + 1)
        codes = [str(cells[row, LIST_CODE].content) for row in rows]
        labels = [str(cells[row, LIST_LABEL].content).casefold() for row in rows]
        assert len(set(codes)) == len(codes), code
        if code != "@MESSAGE":
            assert len(set(labels)) == len(labels), code
            assert all(labels), code


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_unscored_answers_have_nothing_beside_them_to_fill(template: str, language: str) -> None:
    where = places(canvas_of(template, language, {}))
    cells = cells_of(planned(template, language, "empty"), OFFER)
    for item in where.judged:
        row = where.answers[item.key].row
        for column in (grid.ORIGIN, grid.EVIDENCE, grid.CONF):
            assert ((row, column) in cells and not cells[row, column].style.locked) == item.field.scored
