"""Owns the way from answers to named values: statuses, defaults, rows that exist, derived values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from types import MappingProxyType
from typing import Literal, TypeVar

from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.expression import UNKNOWN, Call, Expression, Name, Partial, Value
from canevas_xl.model.template import Derived, Field, FieldType, Table, Template
from canevas_xl.model.vocabulary import Origin, Status
from canevas_xl.rules.errors import ExpressionError
from canevas_xl.rules.evaluate import Surroundings, evaluate
from canevas_xl.rules.parse import parse, table_of

Row = Mapping[str, Value]
"""Columns, and the row's derived values, by code."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kept:
    """The value that counts for one key, and what it is worth."""

    value: Value
    status: Status


@dataclass(frozen=True, slots=True)
class Scope:
    """Named values of one offer; what expressions are evaluated in."""

    scalars: Mapping[str, Value]
    """Fields, parameters and derived values by code; inside a row also its columns."""
    tables: Mapping[str, Mapping[str, Row]] = field(default_factory=lambda: MappingProxyType({}))
    """Table → row → column; existing rows only, in order."""
    kept: Mapping[str, Kept] = field(default_factory=lambda: MappingProxyType({}))
    """By key (``P01``, ``DESK.M0``), for every field, and every column of every existing row."""

    def value(self, name: str) -> Value:
        """Give a named value; the unknown for a name that nobody gave."""
        return self.scalars.get(name, UNKNOWN)

    def rows(self, table: str) -> Sequence[Scope] | None:
        """Give the scope inside each existing row; None for a name that is no table."""
        return [row_scope(self, table, row) for row in self.tables[table]] if table in self.tables else None


def row_scope(scope: Scope, table: str, row: str) -> Scope:
    """Give the scope inside one existing row: its columns and derived values come before names outside.

    Raises:
        KeyError: no such table, or the row does not exist.
    """
    return replace(scope, scalars=MappingProxyType({**scope.scalars, **scope.tables[table][row]}))


def build_scope(
    template: Template,
    answers: Answers,
    parameters: Mapping[str, float],
    rows: Mapping[str, float | str],
    *,
    missing: Literal["unknown", "default"] = "unknown",
) -> Scope:
    """Turn answers into named values (docs/templates.md, "How an answer becomes a value").

    A derived value that is nothing but ``sum(TABLE, x)`` is a :class:`Partial`. A table that is empty and has
    defaults of its own counts as not known where ``missing`` is ``default``.

    Args:
        template: what is asked.
        answers: by key.
        parameters: the lot's, by code; the template's default where one is missing.
        rows: what the buyer fixed, by key (``DEV1.Q1``).
        missing: ``default`` when offers are scored: silence gets the published default.

    Raises:
        ExpressionError: a formula that cannot be parsed, or values that go round in a circle (``E110``).
    """
    building = _Building(template, answers, {**rows}, default_missing=missing == "default")
    building.numbers.update({parameter.code: parameter.default for parameter in template.parameters})
    building.numbers.update(parameters)
    return building.scope()


def references(template: Template, formula: str, each: str | None = None) -> frozenset[str]:
    """Give the codes of the fields and columns that a formula looks at, through derived values too.

    A table that is counted stands for all its columns. Parameters and constants are not among them.

    Args:
        template: where the names are declared.
        formula: the text of an expression.
        each: the table in whose rows it is written.

    Raises:
        ExpressionError: a formula that cannot be parsed.
    """
    return _References(template).of(parse(formula), each, frozenset())


class _References:
    """The fields behind a formula."""

    def __init__(self, template: Template) -> None:
        self._fields = {field.code for field in template.fields}
        self._columns = {table.code: {column.code for column in table.columns} for table in template.tables}
        self._derived = {(derived.code, derived.each): derived.formula for derived in template.derived}

    def of(self, tree: Expression, each: str | None, seen: frozenset[str]) -> frozenset[str]:
        """Give the codes that ``tree`` looks at from inside ``each``; ``seen`` holds the derived values passed."""
        if isinstance(tree, Name):
            return self._named(tree.name, each, seen)
        if not isinstance(tree, Call):
            return frozenset()
        table = table_of(tree)
        if table is None or table not in self._columns:
            return frozenset().union(*(self.of(argument, each, seen) for argument in tree.arguments))
        if tree.function == "count":
            return frozenset(self._columns[table])
        return self.of(tree.arguments[1], table, seen)

    def _named(self, name: str, each: str | None, seen: frozenset[str]) -> frozenset[str]:
        if name in self._fields or any(name in columns for columns in self._columns.values()):
            return frozenset({name})
        for place in (each, None):
            formula = self._derived.get((name, place))
            if formula is not None and name not in seen:
                return self.of(parse(formula), place, seen | {name})
        return frozenset()


@dataclass(frozen=True, slots=True)
class _Inside:
    """The surroundings of a formula while values are still being found: outside tables, or inside a row of one."""

    building: _Building
    table: str = ""
    row: str = ""
    outer: _Inside | None = None

    def value(self, name: str) -> Value:
        """Give a named value: of the row, else of what surrounds it."""
        found = self.building.named(name, self.table, self.row)
        if found is not None:
            return found
        return self.outer.value(name) if self.outer else UNKNOWN

    def rows(self, table: str) -> Sequence[_Inside] | None:
        """Give what is inside each existing row."""
        if table not in self.building.tables:
            return None
        return [_Inside(self.building, table, row, self) for row in self.building.existing(table)]


class _Building:
    """A scope in the making: each value is found when it is first asked for, once, whatever the order."""

    def __init__(
        self, template: Template, answers: Answers, fixed: Mapping[str, float | str], *, default_missing: bool
    ) -> None:
        self.numbers: dict[str, float] = {}
        self.tables = {table.code: table for table in template.tables}
        self._fields = {("", field.code): field for field in template.fields}
        self._fields |= {(table.code, column.code): column for table in template.tables for column in table.columns}
        self._derived = {(derived.each or "", derived.code): derived for derived in template.derived}
        self._codes = {options.code: {option.code for option in options.options} for options in template.lists}
        self._answers = answers
        self._fixed = fixed
        self._default_missing = default_missing
        self._kept: dict[str, Kept] = {}
        self._values: dict[str, Value] = {}
        self._path: list[str] = []
        self._existing: dict[str, tuple[str, ...]] = {}

    def scope(self) -> Scope:
        """Find everything."""
        scalars: dict[str, Value] = dict(self.numbers)
        scalars |= self._inside("", "")
        tables = {
            code: MappingProxyType({row: MappingProxyType(self._inside(code, row)) for row in self.existing(code)})
            for code in self.tables
        }
        return Scope(MappingProxyType(scalars), MappingProxyType(tables), MappingProxyType(dict(self._kept)))

    def _inside(self, table: str, row: str) -> dict[str, Value]:
        codes = [code for place, code in (*self._fields, *self._derived) if place == table]
        return {code: value for code in codes if (value := self.named(code, table, row)) is not None}

    def named(self, name: str, table: str, row: str) -> Value | None:
        """Give the value of a name declared right here; None for one that is not."""
        if (table, name) in self._fields:
            return self._keep(self._fields[table, name], table, row).value
        if (table, name) in self._derived:
            return self._derive(self._derived[table, name], table, row)
        return self.numbers.get(name) if not table else None

    def existing(self, table: str) -> tuple[str, ...]:
        """Give the codes of the rows that exist, in order."""
        if table not in self._existing:
            declared = self.tables[table]
            self._existing[table] = tuple(row for row in declared.rows if self._exists(declared, row))
        return self._existing[table]

    def _exists(self, table: Table, row: str) -> bool:
        if table.rows_by_lot:
            return any(f"{row}.{column.code}" in self._fixed for column in table.columns if column.fixed_by_buyer)
        if not table.open:
            return True
        if self._not_known(table):
            return any(key.startswith(f"{row}.") for key in table.defaults)
        return table.rows.index(row) < table.required_rows or self._typed_in(table, row)

    def _not_known(self, table: Table) -> bool:
        """Say whether an open table with defaults is not known as a whole."""
        if not (table.open and table.defaults) or any(self._typed_in(table, row) for row in table.rows):
            return False
        first = self._answers.get(f"{table.rows[0]}.{table.columns[0].code}")
        said = first is not None and first.origin is Origin.NOT_KNOWN
        return said or (self._default_missing and table.columns[0].consequence == "default")

    def _typed_in(self, table: Table, row: str) -> bool:
        keys = (f"{row}.{column.code}" for column in table.columns if not column.fixed_by_buyer)
        return any(not _blank(self._answers.get(key)) for key in keys)

    def _derive(self, derived: Derived, table: str, row: str) -> Value:
        name = f"{row}.{derived.code}" if row else derived.code
        return self._once(self._values, name, lambda: evaluate(parse(derived.formula), self._around(table, row)))

    def _keep(self, asked: Field, table: str, row: str) -> Kept:
        key = f"{row}.{asked.code}" if row else asked.code
        return self._once(self._kept, key, lambda: self._found(asked, key, table, self._around(table, row)))

    def _around(self, table: str, row: str) -> _Inside:
        outside = _Inside(self)
        return _Inside(self, table, row, outside) if table else outside

    def _once(self, memory: dict[str, T], name: str, find: Callable[[], T]) -> T:
        if name in memory:
            return memory[name]
        if name in self._path:
            circle = [*self._path[self._path.index(name) :], name]
            raise ExpressionError("E110", 0, name=name, circle=" → ".join(circle))
        self._path.append(name)
        memory[name] = find()
        self._path.pop()
        return memory[name]

    def _found(self, asked: Field, key: str, table: str, around: Surroundings) -> Kept:
        """Find what counts for one key, in the documented order."""
        not_applicable: Value = UNKNOWN if asked.not_applicable is None else asked.not_applicable
        if asked.asked_if is not None and evaluate(parse(asked.asked_if), around) is False:
            return Kept(not_applicable, Status.NOT_APPLICABLE)
        if table and self._not_known(self.tables[table]):
            return self._published(asked, self.tables[table].defaults.get(key), Status.NOT_KNOWN)
        if asked.fixed_by_buyer:
            return self._published(asked, self._fixed.get(key), Status.MISSING, counts_as=Status.GIVEN)
        return self._answered(asked, self._answers.get(key), around)

    def _answered(self, asked: Field, answer: Answer | None, around: Surroundings) -> Kept:
        origin = answer.origin if answer and asked.scored else None
        if origin is Origin.NOT_KNOWN:
            return self._default(asked, around, Status.NOT_KNOWN) if _blank(answer) else Kept(UNKNOWN, Status.NOT_KNOWN)
        if origin is Origin.NOT_APPLICABLE and _blank(answer) and asked.not_applicable is not None:
            return Kept(asked.not_applicable, Status.NOT_APPLICABLE)
        kept = self._published(asked, answer.value if answer else None, Status.MISSING, counts_as=Status.GIVEN)
        if kept.status is Status.MISSING and self._default_missing and asked.consequence == "default":
            return self._default(asked, around, Status.MISSING)
        return kept

    def _default(self, asked: Field, around: Surroundings, otherwise: Status) -> Kept:
        default = asked.default
        if default is None:
            return Kept(UNKNOWN, otherwise)
        if not default.formula:
            return self._published(asked, default.value, otherwise)
        value = evaluate(parse(str(default.value)), around)
        if isinstance(value, Partial):
            value = value.known if value.complete else UNKNOWN
        plain = value if isinstance(value, float | str) else None
        return self._published(asked, plain, otherwise)

    def _published(
        self, asked: Field, value: float | str | None, otherwise: Status, counts_as: Status = Status.DEFAULT
    ) -> Kept:
        """Keep a value that the field can hold, as ``counts_as``; else keep the unknown as ``otherwise``."""
        fitting = self._fitting(asked, value)
        return Kept(fitting, otherwise if fitting is UNKNOWN else counts_as)

    def _fitting(self, asked: Field, value: float | str | None) -> Value:
        if asked.type in {FieldType.NUMBER, FieldType.INTEGER}:
            number = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
            return float(value) if number and value is not None else UNKNOWN
        if asked.type is FieldType.CHOICE:
            return value if isinstance(value, str) and value in self._codes.get(asked.list or "", ()) else UNKNOWN
        return value if isinstance(value, str) and value.strip() else UNKNOWN


def _blank(answer: Answer | None) -> bool:
    """Say whether nothing was typed; a text that no number can be made of was typed."""
    return answer is None or answer.value is None or (isinstance(answer.value, str) and not answer.value.strip())
