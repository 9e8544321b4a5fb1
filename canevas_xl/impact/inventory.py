"""Owns the inventory: the quantities of processes that the answers of one offer amount to."""

from __future__ import annotations

from collections.abc import Iterator

from canevas_xl.model.expression import UNKNOWN, Name
from canevas_xl.model.impact import InventoryLine
from canevas_xl.model.template import Flow, Template
from canevas_xl.model.vocabulary import Status
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, references, row_scope


def inventory(template: Template, scope: Scope) -> tuple[InventoryLine, ...]:
    """Give one line per flow, and per existing row of its table, in the order of the template.

    Quantities are per functional unit (divided by ``functional_unit.per``); None while unknown, and so is the
    process while the choice that names it is. A line rests on default values when a field that its quantity or its
    process looks at got its published default, or when the flow stands for what was not said and is not zero.
    """
    per = _number(template.functional_unit.per, scope)
    defaults = {key for key, kept in scope.kept.items() if kept.status is Status.DEFAULT}
    return tuple(
        _line(template, flow, row, (inner, per, defaults))
        for flow in template.flows
        for row, inner in _places(flow, scope)
    )


def _places(flow: Flow, scope: Scope) -> Iterator[tuple[str, Scope]]:
    if flow.each is None:
        yield "", scope
        return
    for row in scope.tables.get(flow.each, {}):
        yield row, row_scope(scope, flow.each, row)


def _line(template: Template, flow: Flow, row: str, known: tuple[Scope, float | None, set[str]]) -> InventoryLine:
    scope, per, defaults = known
    amount = _number(flow.quantity, scope)
    quantity = amount / per if amount is not None and per else None
    on_default = bool(defaults) and not defaults.isdisjoint(keys_behind(template, flow, row, scope))
    return InventoryLine(
        flow=flow.code,
        row=row,
        perimeter=flow.perimeter,
        stage=flow.stage,
        process=_process(template, flow, scope),
        quantity=quantity,
        controlled_by=flow.controlled_by,
        proxy=flow.proxy,
        on_default=on_default or (flow.default_data and bool(quantity)),
        unit=flow.unit,
    )


def _process(template: Template, flow: Flow, scope: Scope) -> str | None:
    if flow.by is None:
        return flow.process
    choice = evaluate(Name(flow.by), scope)
    members = next(family.members for family in template.families if family.code == flow.family)
    return members.get(choice) if isinstance(choice, str) else None


def _number(formula: str, scope: Scope) -> float | None:
    """Compute a number; unknown, and whatever is not one, is None."""
    value = evaluate(parse(formula), scope)
    return None if value is UNKNOWN or not isinstance(value, int | float) or isinstance(value, bool) else float(value)


def keys_behind(template: Template, flow: Flow, row: str, scope: Scope) -> Iterator[str]:
    """Give the keys of the answers that a line looks at: its own row's, and every row's of other tables."""
    codes = references(template, flow.quantity, flow.each) | ({flow.by} if flow.by else set())
    tables = {column.code: table.code for table in template.tables for column in table.columns}
    for code in codes:
        if code not in tables:
            yield code
        elif tables[code] == flow.each:
            yield f"{row}.{code}"
        else:
            yield from (f"{other}.{code}" for other in scope.tables.get(tables[code], {}))
