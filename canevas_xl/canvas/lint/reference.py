"""Owns the checks of the reference scenario: its keys exist, its values could be answers, nothing scored is missing."""

from __future__ import annotations

from collections.abc import Iterator

from canevas_xl.canvas.lint.declared import Declared, place
from canevas_xl.canvas.lint.items import answerable, keys_of
from canevas_xl.canvas.lint.scenario import Scenario
from canevas_xl.findings.finding import Finding, found
from canevas_xl.model.template import Field, Table
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope


def check_reference_values(declared: Declared) -> Iterator[Finding]:
    """T295, T296: each key is one of the template's, each value one that could be typed."""
    cells = _cells(declared)
    for key, value in declared.template.reference.items():
        field = cells.get(key)
        if field is None:
            yield found("T295", place("reference", key), key=key)
        elif not answerable(declared, field, value):
            yield found("T296", place("reference", key), key=key, value=value)


def check_reference_computes(declared: Declared) -> Iterator[Finding]:
    """Run the checks that need the reference computed: names, formulas and values must be in order."""
    reference = Scenario(declared, declared.template.reference)
    incomplete = tuple(check_reference_is_complete(declared, reference))
    yield from incomplete
    if not incomplete:
        yield from check_flows_are_known(reference)
        yield from check_reference_lies_on_the_scale(reference)
    yield from check_replaced_flows_are_off(reference)


def check_reference_is_complete(declared: Declared, reference: Scenario) -> Iterator[Finding]:
    """T297: every scored answer that the reference scenario asks for has a value, so that it rests on no default."""
    cells = _cells(declared)
    for key in _existing(declared):
        field = cells[key]
        if field.scored and key not in declared.template.reference and _asked(field, reference.at(key)):
            yield found("T297", place("reference"), key=key)


def _asked(field: Field, scope: Scope) -> bool:
    return field.asked_if is None or evaluate(parse(field.asked_if), scope) is not False


def check_flows_are_known(reference: Scenario) -> Iterator[Finding]:
    """T298: where everything is answered, every flow has a quantity: otherwise its formula mixes codes and numbers."""
    for flow in reference.declared.template.flows:
        if None in reference.quantities(flow):
            yield found("T298", place("flows", flow.code, "quantity"), flow=flow.code)


def check_reference_lies_on_the_scale(reference: Scenario) -> Iterator[Finding]:
    """T299: a usual offer gets some of the points, neither all nor none."""
    scale, usual = reference.declared.template.scale, reference.climate(reference.declared.template.flows)
    if usual is not None and not scale.low < usual < scale.high:
        yield found("T299", place("scale"), usual=usual, low=scale.low, high=scale.high)


def check_replaced_flows_are_off(reference: Scenario) -> Iterator[Finding]:
    """T272: what replaces a generic flow never adds to it, whatever single answer changes."""
    flows = {flow.code: flow for flow in reference.declared.template.flows}
    pairs = [(flow, flows[code]) for flow in flows.values() for code in flow.replaces]
    said: set[tuple[str, str]] = set()
    for scenario in _around(reference) if pairs else ():
        for flow, generic in pairs:
            both = any(scenario.quantities(flow)) and any(scenario.quantities(generic))
            if both and (flow.code, generic.code) not in said:
                said.add((flow.code, generic.code))
                yield found("T272", place("flows", flow.code, "replaces"), flow=flow.code, generic=generic.code)


def _around(reference: Scenario) -> Iterator[Scenario]:
    """The reference, then with one answer changed or left out at a time."""
    yield reference
    for key in reference.declared.template.reference:
        yield reference.without([key])
        yield from (reference.with_values({key: value}) for value in reference.could_be(key))


def _cells(declared: Declared) -> dict[str, Field]:
    """Every key of the template, with its field."""
    cells = {field.code: field for field in declared.template.fields}
    for table in declared.template.tables:
        columns = {column.code: column for column in table.columns}
        cells |= {key: columns[key.partition(".")[2]] for key in keys_of(table)}
    return cells


def _existing(declared: Declared) -> Iterator[str]:
    """Keys of fields, and of the rows that exist in the reference."""
    yield from (field.code for field in declared.template.fields)
    for table in declared.template.tables:
        for row in table.rows:
            if row_exists(declared, table, row):
                yield from (f"{row}.{column.code}" for column in table.columns)


def row_exists(declared: Declared, table: Table, row: str) -> bool:
    """Say whether the reference scenario has this row."""
    if not table.open and not table.rows_by_lot:
        return True
    begun = any(f"{row}.{column.code}" in declared.template.reference for column in table.columns)
    return begun or table.rows.index(row) < table.required_rows
