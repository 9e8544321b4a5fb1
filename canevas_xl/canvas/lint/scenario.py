"""Owns a scenario: answers with what follows from them, its total climate impact, and what else could be answered.

A linter needs one figure to compare silence with speech. The full inventory belongs to ``impact``, a sibling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from canevas_xl.canvas.lint.declared import Declared, Item
from canevas_xl.model.answer import Answer, answers_of
from canevas_xl.model.expression import UNKNOWN, Value
from canevas_xl.model.template import FieldType, Flow, Range
from canevas_xl.model.vocabulary import Origin
from canevas_xl.rules.evaluate import evaluate, known_part
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, build_scope

Values = Mapping[str, float | str]

_SEED = 31
_OTHERWISE = 0.5


@dataclass(frozen=True)
class Scenario:
    """Values by key, what the buyer fixes included, and perhaps one key that its supplier does not know."""

    declared: Declared
    values: Values
    not_known: str | None = None

    def with_values(self, more: Values) -> Scenario:
        """The same with other values."""
        return Scenario(self.declared, {**self.values, **more})

    def without(self, keys: Sequence[str], not_known: str | None = None) -> Scenario:
        """The same with some keys left empty, one of them perhaps said to be not known."""
        left = {key: value for key, value in self.values.items() if key not in keys}
        return Scenario(self.declared, left, not_known)

    def differs(self, besides: Sequence[str]) -> Values:
        """What is said otherwise than in the reference, besides some keys."""
        usual = self.declared.template.reference
        return {key: value for key, value in self.values.items() if key not in besides and usual.get(key) != value}

    @cached_property
    def scope(self) -> Scope:
        """Named values, as for any offer."""
        fixed = {key: value for key, value in self.values.items() if self._fixed(key)}
        answers = answers_of({key: value for key, value in self.values.items() if key not in fixed}, Origin.MEASURED)
        if self.not_known is not None:
            answers[self.not_known] = Answer(self.not_known, None, Origin.NOT_KNOWN)
        return build_scope(self.declared.template, answers, {}, fixed)

    def _fixed(self, key: str) -> bool:
        item = self.declared.item.get(key.rpartition(".")[2])
        return item is not None and item.field.fixed_by_buyer

    def scopes(self, each: str | None) -> Sequence[Scope]:
        """The scope inside each existing row of a table, or the only one."""
        return [self.scope] if each is None else (self.scope.rows(each) or [])

    def at(self, key: str) -> Scope:
        """The scope in which the formulas of a key are read."""
        item = self.declared.item[key.rpartition(".")[2]]
        if item.table is None:
            return self.scope
        existing = list(self.scope.tables.get(item.table.code, ()))
        row = key.partition(".")[0]
        return self.scopes(item.table.code)[existing.index(row)] if row in existing else self.scope

    @cached_property
    def plausible(self) -> bool:
        """Say whether no rule of the template is broken; unknown breaks none."""
        return all(
            evaluate(parse(rule.holds), scope) is not False
            for rule in self.declared.template.rules
            for scope in self.scopes(rule.each)
        )

    def quantities(self, flow: Flow) -> list[float | None]:
        """How much of a flow there is, row by row; None while unknown."""
        return [number(evaluate(parse(flow.quantity), scope)) for scope in self.scopes(flow.each)]

    def climate(self, flows: Sequence[Flow]) -> float | None:
        """Climate change of some flows per functional unit, in kg CO2e; None while anything in it is unknown."""
        per = number(evaluate(parse(self.declared.template.functional_unit.per), self.scope))
        parts = [self._caused(flow, scope) for flow in flows for scope in self.scopes(flow.each)]
        known = [part for part in parts if part is not None]
        return sum(known) / per if per and len(known) == len(parts) else None

    def _caused(self, flow: Flow, scope: Scope) -> float | None:
        quantity = number(evaluate(parse(flow.quantity), scope))
        if not quantity:
            return quantity
        process = flow.process or self._member(flow, scope.value(str(flow.by)))
        factor = self.declared.climate.get(process or "")
        return None if factor is None else quantity * factor

    def _member(self, flow: Flow, choice: Value) -> str | None:
        return self.declared.families[str(flow.family)].members.get(choice) if isinstance(choice, str) else None

    def could_be(self, key: str) -> list[float | str]:
        """What a supplier may plausibly say here: each choice, or both ends of the plausible range and its middle."""
        item = self.declared.item[key.rpartition(".")[2]]
        if item.field.type is FieldType.CHOICE:
            return list(self.declared.codes_of(item.field.list))
        scope = self.at(key)
        bounds = _bounds(item, scope)
        per = 1.0 if item.field.per is None else number(evaluate(parse(item.field.per), scope))
        if item.field.type is FieldType.TEXT or bounds.min is None or bounds.max is None or per is None:
            return []
        ends = (bounds.min * per, (bounds.min + bounds.max) / 2 * per, bounds.max * per)
        whole = item.field.type is FieldType.INTEGER
        return list(dict.fromkeys(float(round(end)) if whole else end for end in ends))


def _bounds(item: Item, scope: Scope) -> Range:
    """The plausible range here: the first whose condition holds, else the general one, else what is allowed."""
    field = item.field
    for by in field.plausible_by:
        if evaluate(parse(by.when), scope) is True:
            return Range(min=by.min, max=by.max)
    return Range(
        min=field.hard.min if field.plausible.min is None else field.plausible.min,
        max=field.hard.max if field.plausible.max is None else field.plausible.max,
    )


def number(value: Value) -> float | None:
    """Read a value as a number; None where it is unknown, incomplete or a code."""
    if value is UNKNOWN or isinstance(value, str):
        return None
    pair = known_part(value)
    return pair.known if pair.complete else None


def mixtures(values: Mapping[str, list[float | str]]) -> Iterator[dict[str, float | str]]:
    """Give ways of saying several things otherwise, without end: all low, all high, then every other thing, drawn.

    The draw is the same on every run: an author wants to know whether a change mended something.
    """
    said = {key: each for key, each in values.items() if each}
    yield {key: each[0] for key, each in said.items()}
    yield {key: each[-1] for key, each in said.items()}
    draw = Random(_SEED)  # noqa: S311 - nothing secret: a fixed choice of scenarios
    while True:
        yield {key: draw.choice(each) for key, each in said.items() if draw.random() < _OTHERWISE}
