"""Every rule of a supplier's workbook, evaluated in Python: what it takes and what it refuses."""

from __future__ import annotations

import pytest
from shipped import LANGUAGES, TEMPLATES, canvas_of, planned

from canevas_xl.canvas.workbook.places import OFFER, Places, places
from canevas_xl.model.plan import SheetPlan, Validation
from canevas_xl.model.template import Field, FieldType, Range


def takes(rule: Validation, value: float | str, labels: set[object]) -> bool:
    """Decide as a spreadsheet program does."""
    if rule.kind == "list":
        return value in labels
    if rule.kind == "length":
        return (rule.minimum or 0) <= len(str(value)) <= (rule.maximum or float("inf"))
    number = isinstance(value, float) and (rule.kind == "decimal" or value == int(value))
    low = float("-inf") if rule.minimum is None else rule.minimum
    high = float("inf") if rule.maximum is None else rule.maximum
    return number and low <= float(value) <= high


def rule_at(sheet: SheetPlan, row: int, column: int) -> Validation:
    (rule,) = [r for r in sheet.validations if (r.area.first_row, r.area.first_column) == (row, column)]
    return rule


def items(where: Places) -> list[tuple[str, Field]]:
    return [(item.key, item.field) for item in where.judged]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_takes_its_bounds_and_refuses_what_lies_beyond(template: str, language: str) -> None:
    plan, where = planned(template, language, "empty"), places(canvas_of(template, language, {}))
    sheet = next(one for one in plan.sheets if one.code == OFFER)
    contents = {(one.code, cell.row, cell.column): cell.content for one in plan.sheets for cell in one.cells}
    numbers = 0
    for key, field in items(where):
        cell = where.answers[key]
        rule = rule_at(sheet, cell.row, cell.column)
        assert rule.strict, key
        assert 0 < len(rule.error) <= 255, key
        if field.type in {FieldType.NUMBER, FieldType.INTEGER}:
            numbers += 1
            # A bound on a ratio is no constant: the workbook holds its sign here, and the ratio in its checks.
            hard = field.hard if field.per is None else Range(min=0)
            for bound, beyond in ((hard.min, -1.0), (hard.max, 1.0)):
                if bound is not None:
                    assert takes(rule, float(bound), set()) or bound != int(bound), (key, bound)
                    assert not takes(rule, float(bound) + beyond, set()), (key, bound)
            assert takes(rule, 2.5, set()) == (field.type is FieldType.NUMBER and _within(2.5, hard)), key
        elif field.type is FieldType.CHOICE:
            assert rule.source is not None
            area = rule.source
            listed = {contents[area.sheet, row, area.first_column] for row in range(area.first_row, area.last_row + 1)}
            texts = canvas_of(template, language, {}).subject.texts[language]
            options = next(one for one in where.template.lists if one.code == field.list).options
            assert listed == {texts[f"lists.{field.list}.{option.code}"] for option in options}, key
            assert not takes(rule, "Peut-être", listed)
        else:
            assert takes(rule, "x" * field.max_length, set()), key
            assert not takes(rule, "x" * (field.max_length + 1), set()), key
    assert numbers > 3


def _within(value: float, bounds: Range) -> bool:
    return (bounds.min is None or bounds.min <= value) and (bounds.max is None or value <= bounds.max)
