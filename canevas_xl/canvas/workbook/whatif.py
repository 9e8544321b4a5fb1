"""Owns "what if": each numeric answer a little lower and a little higher, all others kept, with its effect.

The lines that look at the answer are written once more with the changed value in its place; derived values that
depend on it are written out. Only those lines are computed again: the effect is the sum of their differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import calc, checks, grid
from canevas_xl.canvas.workbook.asked import Item
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.names import Names
from canevas_xl.canvas.workbook.places import CALC, Places
from canevas_xl.canvas.workbook.values import FALSE
from canevas_xl.model.formula import Cell, Formula
from canevas_xl.model.template import FieldType, Flow
from canevas_xl.rules.build import add, div, eq, gt, if_, if_error, is_error, mul, or_, round_, sub
from canevas_xl.rules.scope import references

COUNTED_BY_ONE: Final = 40
"""Whole numbers up to this are moved by one; everything else by ten per cent."""
TENTH: Final = 0.1
_DIGITS: Final = 3
"""Of an effect, as of the lines above."""
_SUM: Final = 2
_TERMS: Final = 3


@dataclass(frozen=True, slots=True)
class Changed(Names):
    """Names where one answer is moved; derived values that depend on it are written out with it."""

    item: Item
    value: Formula

    def resolver(self, row: str) -> Callable[[str], Formula]:
        """Give what a name stands for while the answer is moved."""
        plain = Names(self.places).resolver(row)
        derived = {(d.code, d.each): d for d in self.places.template.derived}
        table = self.places.table_of(row)

        def resolve(name: str) -> Formula:
            if name == self.item.field.code and (self.item.table is None or row == self.item.row):
                return self.value
            for each, inside in ((table, row), (None, "")):
                found = derived.get((name, each))
                if found is not None and (each is None or inside):
                    if looks_at(self.places, found.formula, found.each, inside, self.item):
                        return self.formula(found.formula, inside)
                    break
            return plain(name)

        return resolve


def looks_at(places: Places, formula: str, each: str | None, row: str, item: Item) -> bool:
    """Say whether a formula, seen from a row, can look at an item."""
    if item.field.code not in references(places.template, formula, each):
        return False
    return item.table is None or each != item.table.code or row == item.row


def movable(places: Places) -> tuple[Item, ...]:
    """The numeric answers on which the estimate depends."""
    return tuple(item for item in places.judged if item.numeric and (_lines(places, item) or _in_per(places, item)))


def by_one(item: Item) -> bool:
    """Say whether an answer is moved by one rather than by ten per cent."""
    tops = [bound for bound in (item.field.plausible.max, item.field.hard.max) if bound is not None]
    small = bool(tops) and min(tops) <= COUNTED_BY_ONE and item.field.per is None
    return small and (item.field.type is FieldType.INTEGER or item.field.unit == "year")


def _lines(places: Places, item: Item) -> list[tuple[int, Flow, str]]:
    return [
        (position, flow, row)
        for position, (flow, row) in enumerate(places.lines)
        if looks_at(places, flow.quantity, flow.each, row, item)
    ]


def _in_per(places: Places, item: Item) -> bool:
    return looks_at(places, places.template.functional_unit.per, None, "", item)


def effect_cell(places: Places, position: int, *, more: bool) -> Cell:
    """Where the effect of moving one answer stands."""
    return Cell(CALC, places.counted.last + 4 + 2 * position + int(more), _SUM)


def fill_calc(sheet: Sheet, places: Places) -> None:
    """Put the effects on the hidden sheet: one row per answer and direction, one term per line."""
    for position, item in enumerate(movable(places)):
        for more in (False, True):
            _effect(sheet, places, item, effect_cell(places, position, more=more), more=more)


def _effect(sheet: Sheet, places: Places, item: Item, at: Cell, *, more: bool) -> None:
    used = places.beside(item.key, grid.USED)
    sign = 1.0 if more else -1.0
    moved = add(used, sign) if by_one(item) else mul(used, 1.0 + sign * TENTH)
    names = Changed(places, item, moved)
    per: Formula = calc.per_cell(places)
    if _in_per(places, item):
        per = names.formula(places.template.functional_unit.per)
    terms = list(_terms(sheet, places, names, at.row))
    total, now = calc.total_cell(places, calc.IMPACT), calc.per_cell(places)
    new = add(total, *terms)
    whole: Formula = if_error(sub(new, total), "?")
    if _in_per(places, item):
        # What divides everything is moved: every line must be known. Otherwise, only those that look at the answer.
        missing = gt(calc.total_cell(places, calc.MISSING), 0)
        whole = if_(missing, "?", if_error(sub(div(mul(new, now), per), total), "?"))
    sheet.put(at.row, 1, f"{item.key}{'+' if more else '-'}", look.HIDDEN)
    sheet.put(at.row, _SUM, if_(or_(*_impossible(item, moved, used)), "", whole), look.HIDDEN)


def _impossible(item: Item, moved: Formula, used: Formula) -> Iterator[Formula]:
    """When an answer cannot be moved: it is not known, a tenth of it is nothing, or it would leave its bounds."""
    yield is_error(used)
    if not by_one(item):
        yield if_error(eq(used, 0), FALSE)
    if item.field.hard.max is not None and item.field.per is None:
        yield if_error(gt(moved, item.field.hard.max), FALSE)
    if item.field.hard.min is not None and item.field.per is None:
        yield if_error(gt(item.field.hard.min, moved), FALSE)


def _terms(sheet: Sheet, places: Places, names: Changed, row: int) -> Iterator[Formula]:
    """Put the difference that the moved answer makes to each line that looks at it."""
    for column, (position, flow, of_row) in enumerate(_lines(places, names.item), start=_TERMS):
        line = places.counted.first + position
        quantity = div(names.formula(flow.quantity, of_row), calc.per_cell(places))
        change = mul(sub(quantity, Cell(CALC, line, calc.QUANTITY)), Cell(CALC, line, calc.FACTOR))
        yield sheet.put(row, column, if_(eq(Cell(CALC, line, calc.EXISTS), 1), change, 0), look.HIDDEN)


def fill(sheet: Sheet, places: Places, row: int) -> int:
    """Put the table, and give the row after it."""
    items = movable(places)
    if not items:
        return row - 1
    words = sheet.words
    sheet.section(row, words.say("weigh.what_if"))
    sheet.put(row + 1, grid.LABEL, words.say("weigh.what_if_how"), look.SMALL)
    titles = {grid.LABEL: "answer", grid.VALUE: "now", grid.UNIT: "unit", grid.ORIGIN: "change",
              grid.EVIDENCE: "less", grid.KEPT: "more"}  # fmt: skip
    right = frozenset({grid.VALUE, grid.EVIDENCE, grid.KEPT})
    sheet.heads(row + 2, {column: words.say(f"weigh.head.{name}") for column, name in titles.items()}, right)
    sheet.glue(row, row + 2 + min(grid.FEW, len(items)))
    row += 3
    for position, item in enumerate(items):
        _shown(sheet, places, row + position, item, position)
    return row + len(items)


def _shown(sheet: Sheet, places: Places, row: int, item: Item, position: int) -> None:
    words = sheet.words
    label = checks.item_label(places, words, item)
    sheet.put(row, grid.LABEL, label, look.LABEL)
    unit = words.unit(item.field.unit)
    sheet.tall(row, max(grid.lines(label, grid.WIDTHS[grid.LABEL]), grid.lines(unit, grid.WIDTHS[grid.UNIT] - 1)))
    style = look.numeric(look.NUMBER, whole=item.field.type is FieldType.INTEGER)
    sheet.put(row, grid.VALUE, if_error(places.beside(item.key, grid.USED), ""), style)
    sheet.put(row, grid.UNIT, words.unit(item.field.unit), look.UNIT_WRAPPED)
    sheet.put(row, grid.ORIGIN, words.say("weigh.by_one" if by_one(item) else "weigh.by_tenth"), look.CELL)
    for column, more in ((grid.EVIDENCE, False), (grid.KEPT, True)):
        effect = effect_cell(places, position, more=more)
        # Sums in another order differ in their last digit: that is no effect.
        sheet.put(row, column, if_error(round_(effect, _DIGITS), effect), look.EFFECT)
