"""Owns the drawing of plausible offers: what answers could look like before there are any.

Every field that feeds the impact is drawn evenly within its plausible range (its hard range where none is stated):
after ``per`` and ``plausible_by``, whole where whole numbers are due, evenly among choices, only where it is asked.
An amount whose range starts at zero is absent one time in two, as parts and energies are. Rows are those that exist
before anything is typed. Sums that rules limit (``= x`` or ``<= x``) are filled or cut to it in proportion; what
still breaks a rule, doubt or block, is drawn again. No draw rests on a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Final

import numpy as np

from canevas_xl.impact.characterise import indicators_of, totals_of_many
from canevas_xl.impact.inventory import inventory
from canevas_xl.impact.repair import SumRule, repaired, sum_rules
from canevas_xl.model.answer import answers_of
from canevas_xl.model.campaign import Lot
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import PlausibleOffers
from canevas_xl.model.template import Field, FieldType, Range, Rule, Template
from canevas_xl.model.vocabulary import Origin
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, build_scope, references, row_scope

ATTEMPTS: Final = 60
"""Times that what breaks a rule is drawn again before the offer is given up."""
ABSENT: Final = 0.5
"""How often an amount that may be zero is zero."""

Values = dict[str, float | str]


@dataclass(frozen=True, slots=True)
class _Item:
    """One thing to draw, in one row or on its own."""

    field: Field
    table: str
    row: str

    @property
    def key(self) -> str:
        return f"{self.row}.{self.field.code}" if self.row else self.field.code


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is drawn for one lot, in which order, and what must hold."""

    template: Template
    lot: Lot
    levels: tuple[tuple[_Item, ...], ...]
    """Items whose ranges depend only on the levels before."""
    sums: tuple[SumRule, ...]

    def scope(self, values: Mapping[str, float | str]) -> Scope:
        answers = answers_of(values, Origin.ESTIMATED)
        return build_scope(self.template, answers, self.lot.parameters, self.lot.rows)


def plausible_offers(
    template: Template, lot: Lot, factors: FactorSet, count: int = 200, seed: int = 1
) -> PlausibleOffers:
    """Draw ``count`` plausible offers for a lot, and give their impacts on every indicator of the template.

    The same seed gives the same offers. Offers that keep breaking a rule are left out, so there may be fewer.
    """
    plan = _planned(template, lot)
    draw = np.random.default_rng(seed)
    drawn = [values for values in (_offer(plan, draw) for _ in range(count)) if values is not None]
    inventories = tuple(inventory(template, plan.scope(values)) for values in drawn)
    indicators = list(dict.fromkeys(code for codes in indicators_of(template).values() for code in codes))
    totals = totals_of_many(inventories, template, factors, indicators)
    return PlausibleOffers(
        tuple(answers_of(values, Origin.ESTIMATED) for values in drawn),
        inventories,
        MappingProxyType({indicator: totals[:, i] for i, indicator in enumerate(indicators)}),
    )


def _planned(template: Template, lot: Lot) -> _Plan:
    start = build_scope(template, {}, lot.parameters, lot.rows)
    items = [_Item(field, "", "") for field in template.fields if _drawn(field)]
    for table in template.tables:
        columns = [column for column in table.columns if _drawn(column)]
        items += [_Item(column, table.code, row) for row, column in product(start.tables.get(table.code, {}), columns)]
    return _Plan(template, lot, _levels(template, items), sum_rules(template))


def _drawn(field: Field) -> bool:
    return field.feeds == "impact" and field.type is not FieldType.TEXT and not field.fixed_by_buyer


def _levels(template: Template, items: list[_Item]) -> tuple[tuple[_Item, ...], ...]:
    """Order items so that each comes after those that its range looks at."""
    needs = {item.field.code: _looked_at(template, item) for item in items}
    levels: list[tuple[_Item, ...]] = []
    left = items
    while left:
        waiting = {item.field.code for item in left}
        ready = tuple(item for item in left if not (needs[item.field.code] & waiting) - {item.field.code})
        if not ready:  # a circle among ranges: the linter refuses it
            ready = tuple(left)
        levels.append(ready)
        left = [item for item in left if item not in ready]
    return tuple(levels)


def _looked_at(template: Template, item: _Item) -> frozenset[str]:
    field = item.field
    formulas = [field.per, field.asked_if, *(bounds.when for bounds in field.plausible_by)]
    found = (references(template, formula, item.table or None) for formula in formulas if formula)
    return frozenset().union(*found)


def _offer(plan: _Plan, draw: np.random.Generator) -> Values | None:
    """Draw one offer; None if it never respects the rules."""
    values: Values = {}
    for _ in range(ATTEMPTS):
        _complete(plan, values, draw)
        for limit in plan.sums:
            values |= repaired(limit, values, plan.scope(values), _bounds_of(plan, values, limit))
        broken = _broken(plan, plan.scope(values))
        if not broken:
            return values
        for key in _doubtful(plan, broken):
            values.pop(key, None)
    return None


def _complete(plan: _Plan, values: Values, draw: np.random.Generator) -> None:
    """Draw what is not drawn yet."""
    for level in plan.levels:
        todo = [item for item in level if item.key not in values]
        if not todo:
            continue
        scope = plan.scope(values)
        for item in todo:
            inner = row_scope(scope, item.table, item.row) if item.row else scope
            if item.field.asked_if and evaluate(parse(item.field.asked_if), inner) is False:
                continue
            value = _one(plan.template, item.field, inner, draw)
            if value is not None:
                values[item.key] = value


def _one(template: Template, field: Field, scope: Scope, draw: np.random.Generator) -> float | str | None:
    if field.type is FieldType.CHOICE:
        options = next(choices.options for choices in template.lists if choices.code == field.list)
        return options[int(draw.integers(len(options)))].code
    bounds = plausible_bounds(field, scope)
    if bounds is None:
        return None
    low, high = bounds
    if field.type is FieldType.INTEGER:
        return float(draw.integers(int(np.ceil(low)), int(np.floor(high)) + 1))
    absent = low == 0 and draw.random() < ABSENT
    return 0.0 if absent else float(draw.uniform(low, high))


def plausible_bounds(field: Field, scope: Scope) -> tuple[float, float] | None:
    """Give the plausible range of a number, in its unit; None while it is not known or open."""
    held = (bounds for bounds in field.plausible_by if evaluate(parse(bounds.when), scope) is True)
    chosen = next(((bounds.min, bounds.max) for bounds in held), (field.plausible.min, field.plausible.max))
    low, high = _closed(chosen, field.hard)
    if low is None or high is None or high < low:
        return None
    if field.per is None:
        return low, high
    size = evaluate(parse(field.per), scope)
    if isinstance(size, bool) or not isinstance(size, int | float):
        return None
    return low * size, high * size


def _closed(bounds: tuple[float | None, float | None], hard: Range) -> tuple[float | None, float | None]:
    low, high = bounds
    return (hard.min if low is None else low), (hard.max if high is None else high)


def _bounds_of(plan: _Plan, values: Values, limit: SumRule) -> Mapping[str, tuple[float, float]]:
    """Plausible ranges of the items that a sum rule adds up."""
    scope = plan.scope(values)
    known = {}
    for item in (item for level in plan.levels for item in level):
        if item.field.code in limit.fields and item.table == limit.table:
            inner = row_scope(scope, item.table, item.row) if item.row else scope
            known[item.key] = plausible_bounds(item.field, inner) or (0.0, np.inf)
    return known


def _broken(plan: _Plan, scope: Scope) -> list[tuple[Rule, str]]:
    """Rules that do not hold, with the row; unknown says nothing."""
    return [
        (rule, row)
        for rule in plan.template.rules
        for row in (_rows_of(scope, rule.each))
        if evaluate(parse(rule.holds), row_scope(scope, rule.each, row) if rule.each else scope) is False
    ]


def _rows_of(scope: Scope, table: str | None) -> Sequence[str]:
    return tuple(scope.tables.get(table, {})) if table else ("",)


def _doubtful(plan: _Plan, broken: Iterable[tuple[Rule, str]]) -> set[str]:
    """Keys to draw again: those that the broken rules speak about, and those whose ranges look at them."""
    items = [item for level in plan.levels for item in level]
    codes = {(code, row) for rule, row in broken for code in rule.about}
    again = {item.key for item in items if (item.field.code, item.row) in codes or (item.field.code, "") in codes}
    touched = {item.field.code for item in items if item.key in again}
    return again | {item.key for item in items if _looked_at(plan.template, item) & touched}
