"""Owns the checks of formulas: they parse, name only what stands in their reach, and never go round in a circle."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from canevas_xl.canvas.lint.declared import Declared, Written, place
from canevas_xl.findings.finding import Finding, found
from canevas_xl.model.expression import Call, Code, Expression, Name
from canevas_xl.rules.errors import ExpressionError
from canevas_xl.rules.parse import parse, table_of

COMPARISONS = frozenset({"=", "!=", "in", "lookup"})


def check_formulas(declared: Declared) -> Iterator[Finding]:
    """Run every check of this module."""
    yield from check_formulas_parse(declared)
    yield from check_names_stand_in_reach(declared)
    yield from check_codes_belong_to_their_list(declared)
    yield from check_no_circle(declared)


def check_formulas_parse(declared: Declared) -> Iterator[Finding]:
    """E…: what the parser says, at the formula's place."""
    for written in declared.formulas:
        try:
            parse(written.text)
        except ExpressionError as wrong:
            yield found(wrong.code, written.at, **wrong.facts)


def check_names_stand_in_reach(declared: Declared) -> Iterator[Finding]:
    """T211, T212, T214: names exist; columns are read inside their table; a table is no value."""
    for written in declared.formulas:
        if written.tree is None:
            continue
        for name, each in sorted(set(uses(declared, written.tree, written.each)), key=str):
            if name in declared.outside or name in declared.inside.get(each or "", ()):
                continue
            holder = next((code for code, names in declared.inside.items() if name in names), None)
            if name in declared.tables:
                yield found("T214", written.at, name=name)
            elif holder is not None:
                yield found("T212", written.at, name=name, table=holder)
            else:
                known = sorted(declared.outside | declared.inside.get(each or "", frozenset()))
                yield found("T211", written.at, name=name, known=known)


def uses(declared: Declared, tree: Expression, each: str | None) -> Iterator[tuple[str, str | None]]:
    """Give each name that is read as a value, with the table in whose rows it is read."""
    if isinstance(tree, Name):
        yield tree.name, each
    elif isinstance(tree, Call):
        table = table_of(tree)
        if table in declared.tables:
            for argument in tree.arguments[1:]:
                yield from uses(declared, argument, table)
        else:
            for argument in tree.arguments:
                yield from uses(declared, argument, each)


def check_codes_belong_to_their_list(declared: Declared) -> Iterator[Finding]:
    """T215: a code that no option of the field has would make a comparison false for ever."""
    for written in declared.formulas:
        if written.tree is None:
            continue
        for name, code in sorted(set(_compared(written.tree))):
            item = declared.item.get(name)
            choices = declared.codes_of(item.field.list) if item else ()
            if choices and code not in choices:
                yield found("T215", written.at, choice=code, name=name, known=choices)


def _compared(tree: Expression) -> Iterator[tuple[str, str]]:
    """Give each (name, code) that stand side by side in a comparison, a membership or a lookup."""
    if not isinstance(tree, Call):
        return
    if tree.function in COMPARISONS:
        names = [part.name for part in tree.arguments[:2] if isinstance(part, Name)]
        codes = tree.arguments[1::2] if tree.function == "lookup" else tree.arguments
        if names:
            yield from ((names[0], part.text) for part in codes if isinstance(part, Code))
    for argument in tree.arguments:
        yield from _compared(argument)


def check_no_circle(declared: Declared) -> Iterator[Finding]:
    """T213: a value that depends on itself can never be computed."""
    try:
        tuple(TopologicalSorter(depends(declared)).static_order())
    except CycleError as circle:
        names = list(dict.fromkeys(str(name) for name in circle.args[1]))
        yield found("T213", place("derived"), names=names)


def depends(declared: Declared) -> dict[str, set[str]]:
    """What each item and derived value is computed from, directly: its default, its condition, its formula."""
    edges: dict[str, set[str]] = {}
    for written in declared.formulas:
        if written.defines and written.tree is not None:
            edges.setdefault(written.defines, set()).update(read(declared, written))
    return edges


def read(declared: Declared, written: Written) -> frozenset[str]:
    """Every name that a formula reads, tables' columns included; whatever it counts stands for all its columns."""
    if written.tree is None:
        return frozenset()
    return frozenset(name for name, _ in uses(declared, written.tree, written.each)) | _counted(declared, written.tree)


def _counted(declared: Declared, tree: Expression) -> frozenset[str]:
    """The columns of tables whose rows are counted."""
    if not isinstance(tree, Call):
        return frozenset()
    inner = frozenset[str]().union(*(_counted(declared, argument) for argument in tree.arguments))
    table = table_of(tree) if tree.function == "count" else None
    return inner | (declared.inside.get(table, frozenset()) if table else frozenset())
