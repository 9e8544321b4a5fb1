"""Owns the checks of the reference scenario: its keys exist, its values could be answers, nothing scored is missing."""

from __future__ import annotations

from collections.abc import Iterator

from canevas_xl.canvas.lint.declared import Declared, place
from canevas_xl.canvas.lint.items import answerable, keys_of
from canevas_xl.findings.finding import Finding, found
from canevas_xl.model.expression import Value
from canevas_xl.model.template import Field, Table


def check_reference_values(declared: Declared) -> Iterator[Finding]:
    """T295, T296: each key is one of the template's, each value one that could be typed."""
    cells = _cells(declared)
    for key, value in declared.template.reference.items():
        field = cells.get(key)
        if field is None:
            yield found("T295", place("reference", key), key=key)
        elif not answerable(declared, field, value):
            yield found("T296", place("reference", key), key=key, value=value)


def check_reference_is_complete(declared: Declared, values: dict[str, Value]) -> Iterator[Finding]:
    """T297: every scored answer that the reference scenario asks for has a value, so that it rests on no default.

    ``values`` says by key whether ``asked_if`` holds; a key that is not in it is asked.
    """
    cells = _cells(declared)
    for key in _existing(declared):
        field = cells[key]
        asked = values.get(key, True)
        if field.scored and asked is not False and key not in declared.template.reference:
            yield found("T297", place("reference"), key=key)


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
