"""Owns *Ce que pèse mon offre*: live totals, where they come from, who decides; never anything that judges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import calc, grid, lines, sources, whatif
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import CALC, WEIGH, Places
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.plan import Bars, Content
from canevas_xl.model.template import Flow
from canevas_xl.model.vocabulary import ControlledBy
from canevas_xl.rules.build import (
    Part,
    add,
    and_,
    cat,
    div,
    eq,
    gt,
    if_,
    if_error,
    index,
    is_error,
    large,
    match,
    max_,
    mul,
    round_,
    sumifs,
    sumproduct,
)
from canevas_xl.rules.scope import references

TOP: Final = 10
CHART_ROWS: Final = 12
_POSITION: Final = grid.USED
KILOGRAMS_PER_TONNE: Final = 1000

Step = Callable[[Sheet, Places, int], int]


def fill(sheet: Sheet, places: Places) -> None:
    """Put, in order: totals, stages, heaviest lines, who decides, categories, what if, all lines."""
    row = grid.HEAD_ROW
    for text in ("estimate", "checked"):
        sheet.put(row, grid.LABEL, sheet.words.say(f"weigh.{text}"), look.SMALL)
        row += 1
    steps: tuple[Step, ...] = (_totals, _stages, _top, _deciders, whatif.fill, _categories, lines.fill)
    for step in steps:
        row = step(sheet, places, row + 1)


def partial(sheet: Sheet, places: Places) -> Formula:
    """What a total leaves out, in words; empty where nothing is missing."""
    words, missing = sheet.words, calc.total_cell(places, calc.MISSING)
    known = calc.total_cell(places, calc.IMPACT)
    several = cat(words.say("weigh.partial_before"), " ", missing, " ", words.say("weigh.partial_after"))
    some = if_(eq(missing, 1), words.say("weigh.partial_one"), several)
    none = if_(eq(known, 0), words.say("weigh.nothing"), some)
    shown = if_(eq(missing, 0), words.say("weigh.complete"), none)
    on = [item for item in places.judged if item.field.code in references(places.template, _per(places))]
    if not on:
        return shown
    label = words.of_template(f"fields.{on[0].field.code}.label")
    return if_(is_error(calc.per_cell(places)), words.say("weigh.waits", label=label), shown)


def _per(places: Places) -> str:
    return places.template.functional_unit.per


def share(part: Part, whole: Formula) -> Formula:
    """Per cent of a total; nothing while the total is zero or the part is not known."""
    return if_(gt(whole, 0), if_error(mul(100, div(part, whole)), ""), "")


def _known(amount: Formula, missing: Formula) -> Formula:
    """A sum; a dash instead of a zero that only stands for what is not known."""
    return if_(and_(eq(amount, 0), gt(missing, 0)), sources.BLANK, amount)


def _doubtful(label: str, missing: Formula) -> Formula:
    """A label, with a sign where the sum beside it still waits for answers."""
    return if_(gt(missing, 0), f"{label} (?)", label)


def _totals(sheet: Sheet, places: Places, row: int) -> int:
    words, total = sheet.words, calc.total_cell(places, calc.IMPACT)
    missing = calc.total_cell(places, calc.MISSING)
    sheet.section(row, words.say("weigh.total"))
    sheet.glue(row, row + 4)
    unit = words.of_template("template.functional_unit_short") or words.unit(places.template.functional_unit.unit)
    partly = and_(gt(missing, 0), gt(total, 0))

    def titled(text: str) -> Formula:
        return if_(partly, f"{text} {words.say('weigh.at_least')}", text)

    sheet.put(
        row + 1, grid.LABEL, titled(words.say("weigh.per_unit", unit=unit)), replace(look.STRONG, size=13, wrap=True)
    )
    sheet.put(row + 1, grid.VALUE, _known(total, missing), look.BIG)
    sheet.put(row + 1, grid.UNIT, words.say("weigh.kg"), look.BIG_UNIT)
    sheet.heights[row + 1] = 40.0
    whole = div(mul(total, calc.units_cell(places)), KILOGRAMS_PER_TONNE)
    sheet.put(row + 2, grid.LABEL, titled(words.say("weigh.contract")), look.TEXT)
    nothing = and_(eq(total, 0), gt(missing, 0))
    sheet.put(row + 2, grid.VALUE, if_(nothing, sources.BLANK, if_error(whole, "")), look.NUMBER)
    sheet.put(row + 2, grid.UNIT, words.say("weigh.tonnes"), look.UNIT)
    sheet.put(row + 3, grid.LABEL, partial(sheet, places), look.STRONG)
    explained = if_(gt(missing, 0), words.say("weigh.doubtful"), "")
    sheet.put(row + 4, grid.LABEL, explained, look.SMALL)
    return row + 5


def _stages(sheet: Sheet, places: Places, row: int) -> int:
    words, total = sheet.words, calc.total_cell(places, calc.IMPACT)
    first = row + 3
    last = first + len(places.stages) - 1
    values, labels = sheet.area(first, grid.VALUE, last), sheet.area(first, grid.LABEL, last)
    heaviest = max_(values)
    plain = index(sheet.area(first, _POSITION, last), match(heaviest, values))
    part = cat(round_(div(mul(100, heaviest), total), 0), words.say("weigh.per_cent"))
    said = cat(plain, words.say("weigh.is"), part, " ", _of_what(sheet, places))
    sheet.section(row, words.say("weigh.by_stage"))
    sentence = sheet.put(row + 1, grid.LABEL, if_(gt(total, 0), said, words.say("weigh.later")), look.STRONG)
    _three_heads(sheet, row + 2, "stage")
    for at, stage in enumerate(places.stages, start=first):
        amount = calc.total_cell(places, calc.stage_column(places, stage))
        missing = sheet.put(at, _POSITION + 1, calc.missing_among(places, _in_stage(places, stage)), look.HIDDEN)
        sheet.put(at, _POSITION, words.term("stage", stage), look.HIDDEN_TEXT)
        sheet.put(at, grid.LABEL, _doubtful(words.term("stage", stage), missing), look.TEXT)
        value = sheet.put(at, grid.VALUE, _known(amount, missing), look.IMPACT)
        sheet.put(at, grid.UNIT, share(value, total), look.WHOLE)
    sheet.charts.append(_bars(sheet, sentence, labels, row + 2, values))
    return _below(sheet, row, max(last + 2, row + 2 + CHART_ROWS))


def _in_stage(places: Places, stage: str) -> Callable[[Flow], bool]:
    return lambda flow: stage in calc.stages_of(places, flow)


def _of_what(sheet: Sheet, places: Places) -> Formula:
    """What shares are shares of: all, or only what is known so far."""
    missing = calc.total_cell(places, calc.MISSING)
    return if_(gt(missing, 0), sheet.words.say("weigh.of_known"), sheet.words.say("weigh.of_offer"))


def _below(sheet: Sheet, row: int, after: int) -> int:
    """Keep a table and its chart on one printed page, from the heading on; give the row after them."""
    sheet.put(after - 1, grid.LABEL, None)
    sheet.glue(row, after - 1)
    return after


def _three_heads(sheet: Sheet, row: int, name: str) -> None:
    words = sheet.words
    titles = {grid.LABEL: f"weigh.head.{name}", grid.VALUE: "weigh.head.impact", grid.UNIT: "weigh.head.share"}
    for column, key in titles.items():
        sheet.put(row, column, words.say(key), look.HEAD if column == grid.LABEL else look.HEAD_RIGHT)
    sheet.tall(row, 1)


def _bars(sheet: Sheet, title: Cell, labels: Area, row: int, values: Area) -> Bars:
    return Bars(
        at=Cell(WEIGH, row, grid.ORIGIN),
        categories=labels,
        values=values,
        title=title,
        axis=sheet.words.say("weigh.kg"),
        alternative_text=sheet.words.say("weigh.chart"),
        width=590,
        height=22 * CHART_ROWS,
        colour=look.BAR,
    )


def _top(sheet: Sheet, places: Places, row: int) -> int:
    """The heaviest lines, by rank of the helper column that no two lines share."""
    words, total = sheet.words, calc.total_cell(places, calc.IMPACT)
    ranking = places.counted.column(CALC, calc.RANKING)
    impacts, labels = places.counted.column(CALC, calc.IMPACT), places.counted.column(CALC, calc.LABEL)
    count = min(TOP, len(places.counted))
    longest = max(
        grid.lines(calc.line_label(sheet, places, *line), 1.15 * grid.WIDTHS[grid.LABEL]) for line in places.lines
    )
    first = row + 3
    sheet.section(row, words.say("weigh.by_line"))
    _three_heads(sheet, row + 2, "line")
    for rank in range(1, count + 1):
        at = first + rank - 1
        position = sheet.put(at, _POSITION, match(large(ranking, rank), ranking), look.HIDDEN)
        amount = index(impacts, position)
        sheet.put(at, grid.LABEL, if_(gt(amount, 0), index(labels, position), ""), look.LABEL)
        sheet.tall(at, longest)
        value = sheet.put(at, grid.VALUE, amount, look.IMPACT_OR_NOTHING)
        sheet.put(at, grid.UNIT, if_(gt(value, 0), share(value, total), ""), look.WHOLE)
    missing = calc.total_cell(places, calc.MISSING)
    said = cat(
        if_(gt(missing, 0), words.say("weigh.hot_so_far"), words.say("weigh.hot")), " ", _hot(sheet, first, total), "."
    )
    sentence = sheet.put(row + 1, grid.LABEL, if_(gt(total, 0), said, words.say("weigh.later")), look.STRONG)
    area = sheet.area(first, grid.LABEL, first + count - 1)
    sheet.charts.append(_bars(sheet, sentence, area, row + 2, sheet.area(first, grid.VALUE, first + count - 1)))
    return _below(sheet, row, max(first + count + 1, row + 2 + CHART_ROWS))


def _hot(sheet: Sheet, row: int, total: Formula) -> Formula:
    value = sheet.cell(row, grid.VALUE)
    per_cent = round_(if_error(div(mul(100, value), total), 0), 0)
    return cat(sheet.cell(row, grid.LABEL), " (", per_cent, sheet.words.say("weigh.per_cent"), ")")


def _deciders(sheet: Sheet, places: Places, row: int) -> int:
    words, total = sheet.words, calc.total_cell(places, calc.IMPACT)
    impacts = places.counted.column(CALC, calc.IMPACT)
    sheet.section(row, words.say("weigh.deciders"))
    _three_heads(sheet, row + 1, "decider")
    who = places.counted.column(CALC, calc.CONTROLLED)
    present = {flow.controlled_by for flow, _ in places.lines}
    first, row = row, row + 2
    for decider in ControlledBy:
        if decider in present:
            missing = calc.missing_among(places, _decided_by(decider))
            label = words.say(f"weigh.decided_{decider.value}")
            _part(sheet, row, _doubtful(label, missing), _known(sumifs(impacts, who, decider.value), missing), total)
            row += 1
    resting = sumproduct(impacts, places.counted.column(CALC, calc.ON_DEFAULT))
    _part(sheet, row, words.say("weigh.on_default"), resting, total)
    sheet.glue(first, row)
    return row + 1


def _decided_by(decider: ControlledBy) -> Callable[[Flow], bool]:
    return lambda flow: flow.controlled_by is decider


def _part(sheet: Sheet, row: int, label: Content, amount: Formula, total: Formula) -> None:
    sheet.put(row, grid.LABEL, label, look.TEXT)
    value = sheet.put(row, grid.VALUE, amount, look.IMPACT)
    sheet.put(row, grid.UNIT, share(value, total), look.WHOLE)


def _categories(sheet: Sheet, places: Places, row: int) -> int:
    """The categories of a perimeter that counts more than climate, and the EF index in millipoints."""
    if not places.indicators:
        return row - 1
    words, method = sheet.words, places.canvas.subject.method
    wide = [p for p in places.template.perimeters if p.code in places.wide]
    labels = ", ".join(words.of_template(f"perimeters.{p.code}") or p.code for p in wide)
    sheet.section(row, words.say("weigh.categories", perimeter=labels))
    sheet.put(row + 1, grid.LABEL, words.say("weigh.for_information"), look.SMALL)
    sheet.put(row + 2, grid.LABEL, words.say("weigh.caution"), look.SMALL)
    titles = {grid.LABEL: "category", grid.VALUE: "amount", grid.UNIT: "unit", grid.KEPT: "points"}
    sheet.heads(row + 3, {column: words.say(f"weigh.head.{name}") for column, name in titles.items()},
                right=frozenset({grid.VALUE, grid.KEPT}))  # fmt: skip
    categories = [category for category in method.categories if category.code in places.indicators]
    at = row + 4
    points: list[Part] = []
    for category in categories:
        amount = calc.total_cell(places, calc.indicator_column(places, category.code))
        sheet.put(at, grid.LABEL, category.name(words.language), look.TEXT)
        value = sheet.put(at, grid.VALUE, amount, look.SCIENTIFIC)
        sheet.put(at, grid.UNIT, category.unit(words.language), look.UNIT)
        points.append(sheet.put(at, grid.KEPT, mul(value, method.points(category.code)), look.FACTOR))
        at += 1
    missing = calc.missing_among(places, lambda flow: flow.perimeter in places.wide)
    sheet.put(at, grid.LABEL, words.say("weigh.index"), look.STRONG)
    sheet.put(at, grid.KEPT, add(*points), replace(look.FACTOR, bold=True, size=11))
    sheet.put(at, grid.STATE, words.say("weigh.mpt"), look.UNIT)
    sheet.put(at, grid.UNIT, if_(gt(missing, 0), words.say("weigh.at_least"), ""), look.UNIT)
    sheet.glue(row, at)
    return at + 1
