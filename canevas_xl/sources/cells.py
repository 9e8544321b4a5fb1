"""Owns the reading of a publisher's cells: numbers, words, and the row types that pydantic proves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final, Union

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.factor_import import SourceTable

_COMMA: Final = re.compile(r"-?\d+,\d+(?:[eE][+-]?\d+)?")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_POINT: Final = re.compile(r"-?\d+\.\d+(?:[eE][+-]?\d+)?")
Columns = Union[str, tuple["Columns", ...]]  # noqa: UP007 - a type that names itself
"""Where a field stands in a publisher's file: in one column, or in several."""
NAMED: Final = 8
"""Columns that a refusal names."""
_BLANK: Final = ("", "nan", "NaN")


class Row(BaseModel):
    """A row of a publisher: columns that we do not name are left alone, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def _or_none(value: object) -> object:
    return None if isinstance(value, str) and value.strip() in _BLANK else value


def _written(value: object) -> object:
    """Refuse what Python takes for a number and no publisher writes (``1_000``, ``infinity``)."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise ValueError(value)
    return value


Number = Annotated[Annotated[float, Field(allow_inf_nan=False)], BeforeValidator(_written)]
Maybe = Annotated[Number | None, BeforeValidator(_or_none)]
"""A number, or nothing where the cell is blank: never zero."""
Percent = Annotated[Annotated[Number, Field(ge=0, le=1000)] | None, BeforeValidator(_or_none)]
Mark = Annotated[Annotated[Number, Field(ge=0, le=5)] | None, BeforeValidator(_or_none)]
Rating = Annotated[Annotated[Number, Field(ge=1, le=5)] | None, BeforeValidator(_or_none)]
Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,40}$")]
"""What a source calls a row by: it becomes part of an identifier and of file contents, so nothing else goes in."""


def decimals_as_expected(table: SourceTable, columns: Iterable[str]) -> None:
    """Refuse a file whose numbers are written with the other decimal sign: it was saved again by a spreadsheet.

    Raises:
        WrongUse: F106, with the first such cell.
    """
    wrong, signs = (_POINT, (",", ".")) if table.decimal_comma else (_COMMA, (".", ","))
    numbers = tuple(columns)
    for line in table.lines:
        for column in numbers:
            value = line.cells[column]
            if wrong.fullmatch(value):
                facts = {"line": line.number, "column": column, "value": value}
                raise WrongUse("F106", file=table.file, expected=signs[0], found=signs[1], **facts)


def number_text(value: str, *, decimal_comma: bool) -> str:
    """Write a number with a point, whichever sign its file uses."""
    return value.replace(",", ".") if decimal_comma else value


def columns_there(table: SourceTable, needed: Iterable[str]) -> None:
    """Refuse a table that lacks a column, or has it twice: nobody could say which of them counts.

    Raises:
        WrongUse: F104, with the columns that are missing, and those found; F129, with those that stand twice.
    """
    wanted = tuple(needed)
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise WrongUse("F104", file=table.file, expected=named_few(missing), found=named_few(table.columns))
    twice = [name for name in wanted if table.columns.count(name) > 1]
    if twice:
        raise WrongUse("F129", file=table.file, columns=named_few(twice))


def named_few(names: Sequence[str]) -> list[str]:
    """Give the first columns, for a refusal that can be read."""
    return [*names[:NAMED], "…"] if len(names) > NAMED else list(names)


def refused(error: ValidationError, place: Place, columns: Mapping[str, Columns]) -> Finding:
    """Say the first thing that a row cannot hold, by the column in which its reader sees it.

    Args:
        error: what pydantic says.
        place: of the row.
        columns: field → its column; for a field of several values, theirs, nested as they are.
    """
    first = error.errors()[0]
    field, *inside = first["loc"]
    column, value = columns[str(field)], str(first["input"])
    for part in inside:
        if isinstance(part, int) and not isinstance(column, str):
            column = column[part]
    if not value.strip():
        return found("F138", place, column=column)
    return found("F121", place, column=column, value=value)
