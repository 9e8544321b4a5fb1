"""Owns the checks of what is asked: bounds, defaults, evidence, effect, phases, and the burden of it all."""

from __future__ import annotations

from collections.abc import Iterator

from canevas_xl.canvas.lint.declared import Declared, place
from canevas_xl.canvas.lint.formulas import depends, read
from canevas_xl.findings.finding import Finding, found
from canevas_xl.model.template import Field, FieldType, Range, Table
from canevas_xl.model.vocabulary import Phase
from canevas_xl.rules.effort import MOST_ANSWERS, MOST_MINUTES, effort


def check_items(declared: Declared) -> Iterator[Finding]:
    """Run every check of this module."""
    yield from check_minutes_and_evidence(declared)
    yield from check_bounds(declared)
    yield from check_defaults(declared)
    yield from check_parameters(declared)
    yield from check_every_answer_has_an_effect(declared)
    yield from check_nothing_is_unused(declared)
    yield from check_phases(declared)
    yield from check_tables(declared)
    yield from check_burden(declared)


def check_minutes_and_evidence(declared: Declared) -> Iterator[Finding]:
    """T231, T232, T248: what a supplier answers states its minutes; what is scored is proved and kept."""
    for item in declared.items:
        if item.answered and item.field.minutes <= 0:
            yield found("T231", item.at("minutes"), name=item.field.code)
        if item.answered and item.field.scored and not item.field.evidence:
            yield found("T232", item.at("evidence"), name=item.field.code)
        if item.answered and item.field.scored and not item.field.contractual:
            yield found("T248", item.at("contractual"), name=item.field.code)


def check_bounds(declared: Declared) -> Iterator[Finding]:
    """T235, T236, T243: lower bounds are lower; what is plausible is allowed; what is scored can be doubted."""
    for item in declared.items:
        field = item.field
        ranges = [("hard", field.hard), ("plausible", field.plausible)]
        ranges += [(f"plausible_by[{i}]", Range(min=by.min, max=by.max)) for i, by in enumerate(field.plausible_by)]
        for key, bounds in ranges:
            if _reversed(bounds):
                yield found("T235", item.at(key), low=bounds.min, high=bounds.max)
            if key != "hard" and not _within(bounds, field.hard):
                yield found("T236", item.at(key), name=field.code)
        if (
            item.answered
            and field.scored
            and field.type in {FieldType.NUMBER, FieldType.INTEGER}
            and not _closed(field)
        ):
            yield found("T243", item.at("plausible"), name=field.code)


def _reversed(bounds: Range) -> bool:
    return bounds.min is not None and bounds.max is not None and bounds.min > bounds.max


def _within(inner: Range, outer: Range) -> bool:
    return all(value is None or _holds(outer, value) for value in (inner.min, inner.max))


def _holds(bounds: Range, value: float) -> bool:
    return (bounds.min is None or value >= bounds.min) and (bounds.max is None or value <= bounds.max)


def _closed(field: Field) -> bool:
    """Say whether both ends of what is plausible are known; hard bounds serve where nothing narrower is said."""
    lower = field.plausible.min if field.plausible.min is not None else field.hard.min
    upper = field.plausible.max if field.plausible.max is not None else field.hard.max
    return lower is not None and upper is not None


def check_defaults(declared: Declared) -> Iterator[Finding]:
    """T237, T240: a default is an answer that could be given; what is scored has one, or asks back."""
    for item in declared.items:
        field, default = item.field, item.field.default
        if default is None:
            elsewhere = bool(item.table and item.table.defaults)
            if item.answered and field.scored and field.consequence == "default" and not elsewhere:
                yield found("T240", item.at("default"), name=field.code)
        elif not default.formula and not answerable(declared, field, default.value):
            yield found("T237", item.at("default"), value=default.value)
    for table in declared.template.tables:
        for key, value in table.defaults.items():
            column = column_of(table, key)
            at = place("tables", table.code, "defaults", key)
            if column is None:
                yield found("T202", at, name=key, known=keys_of(table))
            elif not answerable(declared, column, value):
                yield found("T237", at, value=value)


def answerable(declared: Declared, field: Field, value: float | str) -> bool:
    """Say whether a supplier could have typed ``value``: a code of the list, or a number within the hard bounds.

    Bounds of a quotient (``per``) cannot be looked at here.
    """
    if field.type is FieldType.CHOICE:
        return value in declared.codes_of(field.list) or field.list not in declared.lists
    if field.type is FieldType.TEXT:
        return isinstance(value, str) and len(value) <= field.max_length
    if isinstance(value, str) or (field.type is FieldType.INTEGER and value != int(value)):
        return False
    return field.per is not None or _holds(field.hard, value)


def keys_of(table: Table) -> list[str]:
    """Every key of a table's cells."""
    return [f"{row}.{column.code}" for row in table.rows for column in table.columns]


def column_of(table: Table, key: str) -> Field | None:
    """The column that a key belongs to; None where the table has no such cell."""
    row, _, code = key.partition(".")
    return next((column for column in table.columns if column.code == code and row in table.rows), None)


def check_parameters(declared: Declared) -> Iterator[Finding]:
    """T235, T238: a parameter's default lies within its bounds. T271: the scale runs upwards."""
    for parameter in declared.template.parameters:
        at = place("parameters", parameter.code)
        if _reversed(parameter.hard):
            yield found("T235", at, low=parameter.hard.min, high=parameter.hard.max)
        elif not _holds(parameter.hard, parameter.default):
            yield found("T238", at, name=parameter.code, value=parameter.default)
    scale = declared.template.scale
    if scale.low >= scale.high:
        yield found("T271", place("scale"), low=scale.low, high=scale.high)


def check_every_answer_has_an_effect(declared: Declared) -> Iterator[Finding]:
    """T225: an answer that feeds the impact is read by a flow, directly or through other values."""
    reached = _reached(declared)
    for item in declared.items:
        if item.answered and item.field.feeds == "impact" and item.field.code not in reached:
            yield found("T225", item.at(), name=item.field.code)


def _reached(declared: Declared) -> set[str]:
    """Every name from which the impact is computed."""
    roots = [flow.by for flow in declared.template.flows if flow.by]
    for written in declared.formulas:
        if not written.defines and written.at.key.startswith(("flows.", "functional_unit.")):
            roots += read(declared, written)
    edges, reached = depends(declared), set[str]()
    while roots:
        name = roots.pop()
        if name not in reached:
            reached.add(name)
            roots += edges.get(name, ())
    return reached


def check_nothing_is_unused(declared: Declared) -> Iterator[Finding]:
    """T221 to T224: lists, families, perimeters and sections are there for something."""
    template = declared.template
    lists = {item.field.list for item in declared.items}
    families = {flow.family for flow in template.flows}
    perimeters = {flow.perimeter for flow in template.flows}
    sections = {field.section for field in template.fields} | {table.section for table in template.tables}
    for code, part, used, entries in (
        ("T221", "lists", lists, template.lists),
        ("T222", "families", families, template.families),
        ("T223", "perimeters", perimeters, template.perimeters),
        ("T224", "sections", sections, template.sections),
    ):
        yield from (found(code, place(part, each.code), name=each.code) for each in entries if each.code not in used)


def check_phases(declared: Declared) -> Iterator[Finding]:
    """T241, T245, T246: sections and items appear in some phase of the template, and what is scored when it is."""
    template = declared.template
    sections = {section.code: set(section.phases) for section in template.sections}
    for section in template.sections:
        if not set(section.phases) & set(template.phases):
            yield found("T241", place("sections", section.code, "phases"), name=section.code)
    for item in declared.items:
        holder = item.table.section if item.table else item.field.section
        shown = set(item.field.phases) & sections.get(holder or "", set(Phase)) & set(template.phases)
        if not shown:
            yield found("T241", item.at("phases"), name=item.field.code)
        elif item.field.scored and Phase.CONSULTATION in template.phases and Phase.CONSULTATION not in shown:
            yield found("T245", item.at("phases"), name=item.field.code)


def check_tables(declared: Declared) -> Iterator[Finding]:
    """T246, T247: a table has columns and rows enough; only rows of the lot have columns that the buyer fixes."""
    for table in declared.template.tables:
        at = place("tables", table.code)
        if not table.columns or not table.rows or table.required_rows > len(table.rows):
            yield found("T246", at, rows=len(table.rows), required=table.required_rows, columns=len(table.columns))
        fixed = any(column.fixed_by_buyer for column in table.columns)
        if fixed != table.rows_by_lot or (table.open and table.rows_by_lot):
            yield found("T247", at, name=table.code)
    for field in declared.template.fields:
        if field.fixed_by_buyer:
            yield found("T247", place("fields", field.code, "fixed_by_buyer"), name=field.code)


def check_burden(declared: Declared) -> Iterator[Finding]:
    """T233, T234: no more to answer, and no longer, than a very small firm can bear."""
    whole = effort(declared.template)
    if whole.answers > MOST_ANSWERS:
        yield found("T233", place(), items=whole.answers, most=MOST_ANSWERS)
    if whole.minutes > MOST_MINUTES:
        yield found("T234", place(), minutes=whole.minutes, most=MOST_MINUTES)
