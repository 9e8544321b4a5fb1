"""How answers become values in the workbook, what is wrong with them, and what totals say of what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shipped import FILLINGS, TEMPLATES, answers_in, canvas_of, grounds, lot_of
from supplier_sheets import cells_of, changed, document, parts, planned, problem_of, shown

from canevas_xl import resources
from canevas_xl.canvas.workbook import calc, checks, control, grid, whatif
from canevas_xl.canvas.workbook.places import CALC, CONTROL, WEIGH, places
from canevas_xl.canvas.workbook.problems import Problem
from canevas_xl.impact.assess import assess
from canevas_xl.impact.figures import total
from canevas_xl.model.answer import Answer
from canevas_xl.model.expression import UNKNOWN
from canevas_xl.model.formula import Cell
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.vocabulary import Origin, Status
from canevas_xl.rules.scope import build_scope

MEALS, DESK, DEVICES = TEMPLATES


@pytest.mark.parametrize("filling", FILLINGS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_what_counts_in_cells_is_what_counts_in_python(template: str, filling: str) -> None:
    answers, lot = answers_in(template, filling), lot_of(template)
    where, plan = places(canvas_of(template, "fr", answers)), planned(template, "fr", filling)
    scope = build_scope(grounds(template).loaded.template, answers, lot.parameters, lot.rows)
    for item in where.judged:
        used = shown(plan, where.beside(item.key, grid.USED))
        exists = item.key in scope.kept
        if item.table is not None:
            assert shown(plan, where.rows[item.row]) == exists
        if exists:
            kept = scope.kept[item.key]
            assert used == ("#N/A" if kept.value is UNKNOWN else kept.value), item.key
            defaulted = shown(plan, where.beside(item.key, grid.DEFAULTED))
            assert defaulted == (kept.status is Status.DEFAULT), item.key


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (document("P01", 4.0), Problem.NONE),
        (document("P01", 0.0), Problem.UNUSUAL),
        (None, Problem.MISSING),
        (Answer("P01", None, Origin.NOT_KNOWN), Problem.NONE),
        (Answer("P01", 4.0, Origin.NOT_KNOWN), Problem.CONTRADICTION),
        (Answer("P01", None, Origin.NOT_APPLICABLE), Problem.NOT_APPLICABLE_REFUSED),
        (document("P01", 2.5), Problem.UNREADABLE),
        (document("P01", 21.0), Problem.OUT_OF_BOUNDS),
        (Answer("P01", 4.0), Problem.ORIGIN_MISSING),
        (document("P01", 4.0, ""), Problem.EVIDENCE_MISSING),
        (document("P01", 1.0), Problem.UNUSUAL),
    ],
)
def test_each_thing_that_can_be_wrong_with_an_answer_is_seen(answer: Answer | None, problem: Problem) -> None:
    assert problem_of(MEALS, {"P01": answer}, "P01") == problem


def test_a_value_that_is_unusual_for_its_choice_only_is_seen() -> None:
    # D4: 5 to 14 litres for diesel, 15 to 35 kWh for electricity
    assert problem_of(MEALS, {"D1": document("D1", "DIESEL"), "D4": document("D4", 9.0)}, "D4") == Problem.NONE
    assert problem_of(MEALS, {"D1": document("D1", "ELEC"), "D4": document("D4", 9.0)}, "D4") == Problem.UNUSUAL


@pytest.mark.parametrize(("value", "problem"), [(0.3, Problem.SHARE), (0.0, Problem.NONE), (1.0, Problem.NONE)])
def test_a_share_typed_for_a_percentage_is_seen(value: float, problem: Problem) -> None:
    # spreadsheets keep « 30 % » as 0.3
    assert problem_of(DESK, {"R1": document("R1", value)}, "R1") == problem


def test_an_effect_that_is_only_the_order_of_a_sum_is_shown_as_none() -> None:
    # G: one year less than 10 changes nothing, since 10 years are counted at least
    where, plan = places(canvas_of(DESK, "fr", answers_in(DESK, "full"))), planned(DESK, "fr", "full")
    position = next(n for n, item in enumerate(whatif.movable(where)) if item.key == "G")
    effect = whatif.effect_cell(where, position, more=False)
    visible = [cell.cached for cell in cells_of(plan, WEIGH).values() if effect in parts(cell.content)]
    assert visible == [0]


def test_a_table_that_is_not_known_takes_its_published_rows() -> None:
    empty = {key: None for key in answers_in(DESK, "full") if key.startswith("LEG")}
    unknown = {**empty, "LEG1.T1": Answer("LEG1.T1", None, Origin.NOT_KNOWN)}
    plan, cell = changed(DESK, unknown, "LEG2.T2", grid.USED)
    where = places(canvas_of(DESK, "fr", {}))
    assert shown(plan, cell) == 100.0
    assert [shown(plan, where.rows[row]) for row in ("LEG1", "LEG2", "LEG3")] == [1, 1, 0]
    assert problem_of(DESK, unknown, "LEG1.T2") == Problem.NONE


def test_an_empty_row_of_an_open_table_is_neither_asked_nor_missing() -> None:
    assert problem_of(DESK, {}, "LEG3.T1") == Problem.NONE
    assert problem_of(DESK, {"LEG3.T2": document("LEG3.T2", 10.0)}, "LEG3.T1") == Problem.MISSING


def test_a_broken_rule_says_the_live_number() -> None:
    plan, _ = changed(MEALS, {"P01": document("P01", 3.0)}, "P01", grid.VALUE)
    where = places(canvas_of(MEALS, "fr", {}))
    first_rule = where.checks.last - len(where.rules) + 1
    messages = {
        shown(plan, Cell(CALC, first_rule + n, checks.MESSAGE))
        for n in range(len(where.rules))
        if shown(plan, Cell(CALC, first_rule + n, checks.PROBLEM)) == Problem.RULE
    }
    assert any("19" in str(message) for message in messages), messages


def test_what_is_left_is_listed_one_by_one() -> None:
    plan = planned(MEALS, "fr", "empty")
    left = shown(plan, checks.LEFT)
    assert isinstance(left, float | int)
    sheet = next(sheet for sheet in plan.sheets if sheet.code == CONTROL)
    listed = [cell for cell in sheet.cells if cell.column == grid.UNIT and cell.cached]
    assert left > control.SHOWN == len(listed)


def test_a_partial_total_is_said_to_be_one() -> None:
    texts = {
        str(cell.cached) for sheet in planned(MEALS, "fr", "half").sheets if sheet.code == WEIGH for cell in sheet.cells
    }
    missing = shown(planned(MEALS, "fr", "half"), calc.total_cell(places(canvas_of(MEALS, "fr", {})), calc.MISSING))
    assert "Impact climatique par repas (au moins)" in texts
    assert f"! Total partiel\u00a0: {missing:.0f} lignes du calcul attendent une réponse." in texts


def test_a_total_of_which_nothing_is_known_is_not_shown_as_zero() -> None:
    plan = planned(DESK, "fr", "empty")
    sheet = next(sheet for sheet in plan.sheets if sheet.code == WEIGH)
    big = next(cell for cell in sheet.cells if cell.style.size == 22)
    assert big.cached == "–"


@pytest.mark.parametrize("filling", ["empty", "half"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_part_of_which_nothing_is_known_is_never_shown_as_zero(template: str, filling: str) -> None:
    plan, where = planned(template, "fr", filling), places(canvas_of(template, "fr", {}))
    labels = {f"{words}": cell for words, cell in _beside_labels(plan)}
    terms = resources.texts("terms", "fr")
    waiting = 0
    for stage in where.stages:
        missing = sum(
            float(str(shown(plan, Cell(CALC, where.counted.first + n, calc.MISSING))))
            for n, (flow, _) in enumerate(where.lines)
            if stage in calc.stages_of(where, flow)
        )
        name = terms[f"stage.{stage}"]
        if missing:
            waiting += 1
            assert labels[f"{name} (?)"] == "–" or float(str(labels[f"{name} (?)"])) > 0
        else:
            assert name in labels
    assert waiting


def _beside_labels(plan: WorkbookPlan) -> list[tuple[object, object]]:
    cells = cells_of(plan, WEIGH)
    rows = sorted({row for row, column in cells if column == grid.VALUE})
    at = [(Cell(WEIGH, row, grid.LABEL), Cell(WEIGH, row, grid.VALUE)) for row in rows if (row, grid.LABEL) in cells]
    return [(shown(plan, label), shown(plan, value)) for label, value in at]


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_if_gives_the_difference_that_a_new_assessment_would_give(template: str) -> None:
    answers = answers_in(template, "full")
    where, plan = places(canvas_of(template, "fr", answers)), planned(template, "fr", "full")
    found, lot = grounds(template), lot_of(template)
    data, declared = (found.factors, found.method), found.loaded.template
    now = total(assess(declared, lot, answers, data)).known
    moved = 0
    for position, item in enumerate(whatif.movable(where)):
        for more in (False, True):
            effect = shown(plan, whatif.effect_cell(where, position, more=more))
            if not isinstance(effect, float | int):
                continue
            value = answers[item.key].value
            assert isinstance(value, float | int)
            sign = 1.0 if more else -1.0
            other = value + sign if whatif.by_one(item) else value * (1 + 0.1 * sign)
            new = total(
                assess(declared, lot, {**answers, item.key: replace(answers[item.key], value=other)}, data)
            ).known
            assert effect == pytest.approx(new - now, rel=1e-9, abs=1e-12), item.key
            moved += 1
    assert moved > 3
