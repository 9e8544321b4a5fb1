"""Owns how an answer becomes a value in cells, and what can be wrong with it (docs/templates.md, same order)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from canevas_xl.canvas.workbook import grid
from canevas_xl.canvas.workbook.asked import Item
from canevas_xl.canvas.workbook.names import Names
from canevas_xl.canvas.workbook.places import OFFER, ORIGIN_LIST, Places
from canevas_xl.canvas.workbook.problems import Problem
from canevas_xl.canvas.workbook.words import PERCENT
from canevas_xl.model.expression import Call, Expression, Name, Number
from canevas_xl.model.formula import Area, Formula, Literal, SameRow
from canevas_xl.model.template import FieldType, Range, Table
from canevas_xl.rules.build import (
    and_,
    eq,
    gt,
    if_,
    if_error,
    is_error,
    is_number,
    length,
    lit,
    look_up,
    mul,
    na,
    ne,
    or_,
    sum_,
    trim,
    use,
)
from canevas_xl.rules.parse import parse

TRUE: Final = Literal(value=True)
FALSE: Final = Literal(value=False)
LIST_CODE: Final = 1
LIST_LABEL: Final = 2
LIST_UNIT: Final = 3


@dataclass(frozen=True, slots=True)
class Values:
    """The formulas of the hidden columns beside one answer. Inputs are read by ``SameRow`` only."""

    places: Places
    names: Names

    def given(self) -> Formula:
        """1 if something stands in the answer cell."""
        return if_(filled(grid.VALUE), 1, 0)

    def origin_code(self) -> Formula:
        """The code of the chosen origin, empty while none is chosen."""
        labels = self.places.list_area(ORIGIN_LIST, LIST_LABEL)
        codes = self.places.list_area(ORIGIN_LIST, LIST_CODE)
        return if_error(look_up(SameRow(grid.ORIGIN), labels, codes), "")

    def asked(self, item: Item) -> Formula:
        """1 where the item is asked: its condition holds or is unknown, and its row exists."""
        condition: Formula = lit(1)
        if item.field.asked_if is not None:
            condition = if_(if_error(self.names.formula(item.field.asked_if, item.row), TRUE), 1, 0)
        if item.table is not None and item.table.open:
            return mul(self.places.rows[item.row], condition)
        return condition

    def used(self, item: Item) -> Formula:
        """The value that counts, ``#N/A`` while nothing is known."""
        not_applicable = na() if item.field.not_applicable is None else lit(item.field.not_applicable)
        value = self.answer(item)
        if item.with_origin:
            nothing = eq(self._at(item, grid.GIVEN), 0)
            value = if_(and_(self._origin(item, "SO"), nothing), not_applicable, value) if _refusable(item) else value
            value = if_(self._origin(item, "ND"), if_(nothing, self.default(item), na()), value)
        if item.table is not None and item.table.code in self.places.tables and item.table.defaults:
            whole = item.table.defaults.get(item.key)
            value = if_(eq(self.places.tables[item.table.code], 1), na() if whole is None else lit(whole), value)
        if item.field.asked_if is not None:
            value = if_(eq(self._at(item, grid.ASKED), 0), not_applicable, value)
        return value

    def answer(self, item: Item) -> Formula:
        """What is typed, as a number or a code; ``#N/A`` where it is neither."""
        typed = SameRow(grid.VALUE)
        if item.field.list is not None:
            labels = self.places.list_area(item.field.list, LIST_LABEL)
            return look_up(typed, labels, self.places.list_area(item.field.list, LIST_CODE))
        if item.numeric:
            return if_(is_number(typed), typed, na())
        return if_(eq(self._at(item, grid.GIVEN), 1), typed, na())

    def default(self, item: Item) -> Formula:
        """The published default, or ``#N/A``."""
        default = item.field.default
        if default is None:
            return na()
        return self.names.formula(str(default.value), item.row) if default.formula else lit(default.value)

    def defaulted(self, item: Item) -> Formula:
        """1 where a published default counts."""
        tests: list[Formula] = []
        if item.with_origin and item.field.default is not None:
            tests.append(and_(self._origin(item, "ND"), eq(self._at(item, grid.GIVEN), 0)))
        if item.table is not None and item.key in item.table.defaults:
            tests.append(eq(self.places.tables[item.table.code], 1))
        if not tests:
            return lit(0)
        holds = or_(*tests)
        if item.field.asked_if is not None:
            holds = and_(holds, eq(self._at(item, grid.ASKED), 1))
        return if_(holds, 1, 0)

    def problem(self, item: Item) -> Formula:
        """The number of what is wrong, 0 if nothing is."""
        given = eq(self._at(item, grid.GIVEN), 1)
        judged = self._judged(item)
        empty = self._empty(item)
        found = if_(given, judged, empty)
        if item.table is not None and item.table.defaults:
            found = if_(eq(self.places.tables[item.table.code], 1), 0, found)
        return if_(eq(self._at(item, grid.ASKED), 0), 0, found)

    def _empty(self, item: Item) -> Formula:
        missing = int(Problem.MISSING) if item.required else 0
        if not item.with_origin:
            return lit(missing)
        refused = 0 if item.field.not_applicable is not None else int(Problem.NOT_APPLICABLE_REFUSED)
        unknown = missing if item.field.default is None and item.consequence == "blocks" else 0
        return if_(self._origin(item, "ND"), unknown, if_(self._origin(item, "SO"), refused, missing))

    def _judged(self, item: Item) -> Formula:
        """What is wrong with an answer that stands there: the gravest first."""
        unreadable = is_error(self.answer(item))
        if item.field.type is FieldType.INTEGER:
            typed = SameRow(grid.VALUE)
            unreadable = if_(is_number(typed), ne(typed, use("INT", typed)), TRUE)
        found: Formula = lit(0)
        for problem, test in (
            (Problem.UNUSUAL, self._unusual(item)),
            (Problem.SHARE, self._share(item)),
            (
                Problem.EVIDENCE_MISSING,
                _empty_cell(grid.EVIDENCE) if item.with_origin and item.field.evidence else None,
            ),
            (Problem.ORIGIN_MISSING, self._origin(item, "") if item.with_origin else None),
            (Problem.OUT_OF_BOUNDS, self._outside(item, item.field.hard)),
            (Problem.UNREADABLE, unreadable if item.numeric or item.field.list else None),
            (Problem.CONTRADICTION, self._contradicted(item)),
        ):
            if test is not None:
                found = if_(test, int(problem), found)
        return found

    def _contradicted(self, item: Item) -> Formula | None:
        return or_(self._origin(item, "ND"), self._origin(item, "SO")) if item.with_origin else None

    def _outside(self, item: Item, bounds: Range) -> Formula | None:
        if not item.numeric:
            return None
        value: Expression = Name(item.field.code)
        if item.field.per is not None:
            value = Call("/", (value, parse(item.field.per)))
        tests = [Call("<", (value, Number(bounds.min)))] if bounds.min is not None else []
        tests += [Call(">", (value, Number(bounds.max)))] if bounds.max is not None else []
        if not tests:
            return None
        return or_(*(if_error(self.names.formula(test, item.row), FALSE) for test in tests))

    def _unusual(self, item: Item) -> Formula | None:
        tests = [self._outside(item, item.field.plausible)]
        for bound in item.field.plausible_by:
            outside = self._outside(item, Range(min=bound.min, max=bound.max))
            if outside is not None:
                when = if_error(self.names.formula(bound.when, item.row), FALSE)
                tests.append(and_(when, outside))
        known = [test for test in tests if test is not None]
        return or_(*known) if known else None

    def _share(self, item: Item) -> Formula | None:
        if item.field.unit != PERCENT:
            return None
        value = self.answer(item)
        return if_error(and_(gt(value, 0), gt(1, value)), FALSE)

    def exists(self, table: Table, row: str) -> Formula:
        """1 if a row of a table exists."""
        if not table.open:
            return lit(1)
        rows = self.places.asked.rows[table.code]
        always = rows.index(row) < table.required_rows
        typed = lit(1) if always else if_(gt(sum_(self._rows_area(table, row)), 0), 1, 0)
        if not table.defaults:
            return typed
        by_default = 1 if any(key.startswith(f"{row}.") for key in table.defaults) else 0
        return if_(eq(self.places.tables[table.code], 1), by_default, typed)

    def not_known(self, table: Table) -> Formula:
        """1 where an open table as a whole is not known: said in its first cell, and nothing typed in it."""
        if not table.defaults:
            return lit(0)
        first = next(item for item in self.places.asked.items if item.table is table)
        return if_(and_(self._origin(first, "ND"), eq(sum_(self._rows_area(table)), 0)), 1, 0)

    def _rows_area(self, table: Table, row: str = "") -> Area:
        """The GIVEN cells of a table, or of one row of it."""
        items = [item for item in self.places.asked.items if item.table is table and row in {"", item.row}]
        cells = [self.places.answers[item.key].row for item in items]
        return Area(OFFER, min(cells), grid.GIVEN, max(cells), grid.GIVEN)

    def _at(self, item: Item, column: int) -> Formula:
        return self.places.beside(item.key, column)

    def _origin(self, item: Item, code: str) -> Formula:
        return eq(self._at(item, grid.ORIGIN_CODE), code)


def filled(column: int) -> Formula:
    """Say whether something other than spaces stands in an input of this row; an error counts as something."""
    return if_error(gt(length(trim(SameRow(column))), 0), TRUE)


def _empty_cell(column: int) -> Formula:
    return if_error(eq(length(trim(SameRow(column))), 0), FALSE)


def _refusable(item: Item) -> bool:
    return item.field.not_applicable is not None


def label_of(places: Places, code: str, value: Formula) -> Formula:
    """The label of a code of a list, empty while unknown."""
    return if_error(look_up(value, places.list_area(code, LIST_CODE), places.list_area(code, LIST_LABEL)), "")


def unit_of(places: Places, code: str, value: Formula, otherwise: str) -> Formula:
    """The unit that the chosen option gives, or the field's own."""
    found = look_up(value, places.list_area(code, LIST_CODE), places.list_area(code, LIST_UNIT))
    return if_error(found, otherwise)
