"""Owns the sums that rules limit, and how drawn values are brought to them in proportion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from canevas_xl.impact.characterise import Array
from canevas_xl.model.expression import Call, Expression, Name
from canevas_xl.model.template import FieldType, Template
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, row_scope


@dataclass(frozen=True, slots=True)
class SumRule:
    """A rule of the form ``a + b + … = x`` or ``<= x``, on its own or for each row of a table.

    Either way the parts are taken to make up the whole: a breakdown that a rule limits is plausible when it is full.
    """

    table: str
    fields: tuple[str, ...]
    limit: Expression
    whole: bool
    """All parts are whole numbers."""


def sum_rules(template: Template) -> tuple[SumRule, ...]:
    """Find the rules that limit a sum of at least two fields (through derived values too)."""
    rules = ((rule.each or "", parse(rule.holds)) for rule in template.rules)
    return tuple(found for table, tree in rules for found in _sum_rule(template, table, tree))


def _sum_rule(template: Template, table: str, tree: Expression) -> list[SumRule]:
    if not (isinstance(tree, Call) and tree.function in {"=", "<="}):
        return []
    left, limit = tree.arguments
    types = {field.code: field.type for field in template.fields if not table}
    types |= {c.code: c.type for t in template.tables if t.code == table for c in t.columns}
    derived = {d.code: parse(d.formula) for d in template.derived if (d.each or "") == table}
    fields = _summands(left, types, derived)
    if fields is None or len(fields) < 2:  # noqa: PLR2004 - one field alone is a bound, not a sum
        return []
    whole = all(types[code] is FieldType.INTEGER for code in fields)
    return [SumRule(table, fields, limit, whole)]


def _summands(
    tree: Expression, fields: Mapping[str, FieldType], derived: Mapping[str, Expression]
) -> tuple[str, ...] | None:
    """Give the fields that a tree adds up; None if it does anything else."""
    if isinstance(tree, Name):
        if tree.name in derived:
            return _summands(derived[tree.name], fields, derived)
        return (tree.name,) if tree.name in fields else None
    if not isinstance(tree, Call) or tree.function not in {"+", "sum", "coalesce"}:
        return None
    parts = tree.arguments[:1] if tree.function == "coalesce" else tree.arguments
    found = [_summands(part, fields, derived) for part in parts]
    return None if any(part is None for part in found) else tuple(code for part in found for code in part or ())


def repaired(
    rule: SumRule, values: Mapping[str, float | str], scope: Scope, bounds: Mapping[str, tuple[float, float]]
) -> dict[str, float | str]:
    """Give the values that change so that each sum meets its limit; those that it cannot reach stay as they are.

    Args:
        rule: which fields, and the limit.
        values: drawn so far, by key.
        scope: the same values, named.
        bounds: plausible range by key, of the fields of the rule.
    """
    changed: dict[str, float | str] = {}
    for row in scope.tables.get(rule.table, {}) if rule.table else ("",):
        inner = row_scope(scope, rule.table, row) if row else scope
        limit = evaluate(rule.limit, inner)
        keys = [f"{row}.{code}" if row else code for code in rule.fields]
        parts = {key: values[key] for key in keys if isinstance(values.get(key), int | float)}
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not parts:
            continue
        given = np.array(list(parts.values()), dtype=np.float64)
        ranges = np.array([bounds[key] for key in parts], dtype=np.float64)
        fitted = whole_parts(given, limit, ranges) if rule.whole else scaled(given, limit, ranges)
        changed |= {key: float(value) for key, value in zip(parts, fitted, strict=True)}
    return changed


def scaled(given: Array, limit: float, ranges: Array) -> Array:
    """Move values towards their lower (or upper) ends in proportion, so that they add up to ``limit``.

    Parts that are absent stay so, unless all are; a limit beyond the ends is not reached.

    Args:
        given: shape (parts,), within their ranges.
        limit: the sum wanted.
        ranges: shape (parts, 2), low and high ends.
    """
    ends = ranges[:, 0] if given.sum() > limit else np.where((given > 0) | ~given.any(), ranges[:, 1], given)
    room = float(np.sum(ends - given))
    if room == 0 or not np.isfinite(room):
        return given
    step = np.clip((limit - given.sum()) / room, 0.0, 1.0)
    return np.asarray(given + step * (ends - given))


def whole_parts(given: Array, limit: float, ranges: Array) -> Array:
    """Do the same with whole numbers: round down, then give what is left to the largest remainders with room."""
    moved = scaled(given, limit, ranges)
    floors = np.floor(moved + 1e-9)
    left = round(limit - floors.sum())
    for i in np.argsort(-(moved - floors), kind="stable"):
        if left > 0 and floors[i] + 1 <= ranges[i, 1]:
            floors[i] += 1
            left -= 1
    return floors
