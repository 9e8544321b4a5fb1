"""Owns what names in an author's expression stand for in the workbook: cells that hold what counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from canevas_xl.canvas.workbook import grid
from canevas_xl.canvas.workbook.places import Places
from canevas_xl.model.expression import Expression
from canevas_xl.model.formula import Formula
from canevas_xl.model.template import Field, FieldType
from canevas_xl.rules.build import eq, lit, na
from canevas_xl.rules.lower import Kind, TableRow, kind_of, lower
from canevas_xl.rules.parse import parse


@dataclass(frozen=True, slots=True)
class Names:
    """The way from names to cells, outside tables or inside one row."""

    places: Places

    def formula(self, expression: str | Expression, row: str = "") -> Formula:
        """Lower an author's expression, seen from a row of a table or from outside (empty)."""
        tree = parse(expression) if isinstance(expression, str) else expression
        return lower(tree, self.resolver(row), self.tables, self.kinds())

    def resolver(self, row: str) -> Callable[[str], Formula]:
        """Give the cell behind a name, as seen from ``row``."""

        def resolve(name: str) -> Formula:
            places = self.places
            for key, place in ((f"{row}.{name}", (name, row)), (name, (name, ""))):
                if key in places.answers:
                    return places.beside(key, grid.USED)
                if place in places.derived:
                    return places.derived[place]
            if name in places.parameters:
                return places.parameters[name]
            return self._not_asked(name)

        return resolve

    def tables(self, name: str) -> Sequence[TableRow] | None:
        """Give the rows of a table, all up to its capacity."""
        rows = self.places.asked.rows
        if name not in rows:
            return [] if any(table.code == name for table in self.places.template.tables) else None
        return [TableRow(eq(self.places.rows[row], 1), self.resolver(row)) for row in rows[name]]

    def kinds(self) -> Callable[[str], Kind]:
        """Say what a name can hold, so that cells known to hold numbers need no guard."""
        fields = self._fields()
        formulas = {derived.code: derived.formula for derived in self.places.template.derived}

        def kind(name: str) -> Kind:
            if name in fields:
                return Kind.CODE if fields[name].type is FieldType.CHOICE else Kind.NUMBER
            if name in formulas:
                return kind_of(parse(formulas[name]), kind)
            return Kind.NUMBER if name in self.places.parameters else Kind.VALUE

        return kind

    def _fields(self) -> dict[str, Field]:
        template = self.places.template
        columns = (column for table in template.tables for column in table.columns)
        return {field.code: field for field in (*template.fields, *columns)}

    def _not_asked(self, name: str) -> Formula:
        """What counts for an item that the buyer or the phase leaves out: its published default."""
        field = self._fields().get(name)
        if field is None or field.default is None:
            return na()
        if field.default.formula:
            return self.formula(str(field.default.value))
        return lit(field.default.value)
