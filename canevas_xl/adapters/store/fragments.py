"""Owns the merging of fragments: parts that templates share, placed, bound and added to the template that names them.

What a fragment says is placed by the template that uses it: its fields and tables stand in the section named
there, its flows in the perimeter named there (a fragment writes ``perimeter = "host"`` and, for tables,
``section = "HOST"``), and the names it leaves open become formulas of the template.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.template import Derived, Field, Flow, Fragment, Rule, Table, Template, UseFragment

TOKEN: Final = re.compile(r"'[^']*'|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+|[A-Za-z_][A-Za-z0-9_]*")
"""A quoted code, a number or a name; only names are ever replaced."""
ALONE: Final = re.compile(r"[A-Za-z0-9_.]+")
"""A formula that needs no parentheses around it."""

PARTS: Final = ("lists", "families", "fields", "tables", "derived", "flows", "rules")
"""What a fragment adds to its template."""

Bind = Callable[[str], str]
C = TypeVar("C")


def merged(template: Template, fragments: Mapping[str, Fragment], file: str) -> Checked[Template]:
    """Give the template with the parts of its fragments added after its own, and its ``fragments`` emptied.

    ``fragments`` are by reference (``delivery-round@1.0.0``) and hold each one that the template names.
    """
    findings: list[Finding] = []
    whole = template
    for index, use in enumerate(template.fragments):
        fragment = fragments[use.fragment]
        place = Place(file=file, key=f"fragments[{index}] ({use.fragment})")
        placed = _placed(fragment, use)
        findings += [*_bindings(fragment, use, place), *_clashes(whole, placed, place)]
        whole = whole.model_copy(update={part: _joined(getattr(whole, part), getattr(placed, part)) for part in PARTS})
    return Checked(whole.model_copy(update={"fragments": ()}), tuple(findings))


def bound(formula: str, names: Mapping[str, str]) -> str:
    """Replace names by formulas, in parentheses; codes in quotes and longer names stay as they are."""

    def replaced(token: re.Match[str]) -> str:
        value = names.get(token[0], token[0])
        return value if ALONE.fullmatch(value) or value == token[0] else f"({value})"

    return TOKEN.sub(replaced, formula)


def _placed(fragment: Fragment, use: UseFragment) -> Fragment:
    """The fragment as it stands in its template: section, perimeter, names and divisor."""

    def bind(formula: str) -> str:
        return bound(formula, use.bind)

    def here(field: Field) -> Field:
        return _bound_field(field, bind).model_copy(update={"section": use.section, "block": fragment.id})

    return fragment.model_copy(
        update={
            "fields": tuple(here(field) for field in fragment.fields),
            "tables": tuple(_bound_table(table, bind, use, fragment.id) for table in fragment.tables),
            "derived": tuple(_bound_derived(derived, bind) for derived in fragment.derived),
            "flows": tuple(_bound_flow(flow, bind, use) for flow in fragment.flows),
            "rules": tuple(_bound_rule(rule, bind) for rule in fragment.rules),
        }
    )


def _bound_field(field: Field, bind: Bind) -> Field:
    default = field.default
    if default is not None and default.formula:
        default = default.model_copy(update={"value": bind(str(default.value))})
    return field.model_copy(
        update={
            "default": default,
            "per": field.per and bind(field.per),
            "asked_if": field.asked_if and bind(field.asked_if),
            "plausible_by": tuple(each.model_copy(update={"when": bind(each.when)}) for each in field.plausible_by),
        }
    )


def _bound_table(table: Table, bind: Bind, use: UseFragment, block: str) -> Table:
    columns = tuple(_bound_field(column, bind).model_copy(update={"block": block}) for column in table.columns)
    return table.model_copy(update={"section": use.section, "columns": columns})


def _bound_derived(derived: Derived, bind: Bind) -> Derived:
    return derived.model_copy(update={"formula": bind(derived.formula)})


def _bound_flow(flow: Flow, bind: Bind, use: UseFragment) -> Flow:
    quantity = bind(flow.quantity)
    if use.flow_unit_divisor != "1":
        quantity = f"({quantity}) / ({use.flow_unit_divisor})"
    return flow.model_copy(update={"perimeter": use.perimeter, "quantity": quantity})


def _bound_rule(rule: Rule, bind: Bind) -> Rule:
    return rule.model_copy(update={"holds": bind(rule.holds)})


def _bindings(fragment: Fragment, use: UseFragment, place: Place) -> Iterator[Finding]:
    for name in fragment.open_names:
        if name not in use.bind:
            yield found("T131", place, name=name, fragment=use.fragment)
    for name in use.bind:
        if name not in fragment.open_names:
            yield found("T132", place, name=name, open=sorted(fragment.open_names), fragment=use.fragment)


def _joined(own: tuple[C, ...], added: tuple[C, ...]) -> tuple[C, ...]:
    """Both, once each: a list of yes and no may be declared alike on both sides."""
    return (*own, *(part for part in added if part not in own))


def _clashes(template: Template, fragment: Fragment, place: Place) -> Iterator[Finding]:
    """Find codes that both sides declare, differently."""
    for part in PARTS:
        own = {each.code: each for each in getattr(template, part)}
        for added in getattr(fragment, part):
            if added.code in own and own[added.code] != added:
                yield found("T133", place, name=added.code, part=part, fragment=f"{fragment.id}@{fragment.version}")
