"""Owns what one canvas asks: the template's items that the phase and the buyer keep, for the rows of the lot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from canevas_xl.model.canvas import Canvas
from canevas_xl.model.template import Field, FieldType, Section, Table


@dataclass(frozen=True, slots=True)
class Item:
    """One answer that is asked: a field, or a column of one row of a table."""

    key: str
    field: Field
    consequence: str
    table: Table | None = None
    row: str = ""
    fixed: float | str | None = None
    """What the buyer set for this row of the lot."""

    @property
    def numeric(self) -> bool:
        """Say whether a number is asked."""
        return self.field.type in {FieldType.NUMBER, FieldType.INTEGER}

    @property
    def locked(self) -> bool:
        """Say whether the buyer answers, once for all suppliers."""
        return self.field.fixed_by_buyer

    @property
    def with_origin(self) -> bool:
        """Say whether origin, evidence and confidentiality are asked too."""
        return self.field.scored and not self.locked

    @property
    def required(self) -> bool:
        """Say whether something follows from its being missing."""
        return not self.locked and self.consequence != "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """What one canvas asks, in order."""

    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    rows: Mapping[str, tuple[str, ...]]
    """Rows laid out, by table."""

    def in_section(self, section: str) -> Iterator[Item]:
        """The lone items of a section, in order."""
        return (item for item in self.items if item.table is None and item.field.section == section)

    def in_row(self, row: str) -> Iterator[Item]:
        """The items of one row of a table."""
        return (item for item in self.items if item.row == row)


def asked(canvas: Canvas) -> Asked:
    """Say what a canvas asks: phase, buyer's choice of items, rows of the lot."""
    template = canvas.subject.template
    phase = canvas.subject.campaign.phase
    choices = {choice.code: choice for choice in canvas.subject.campaign.items}

    def kept(field: Field) -> bool:
        choice = choices.get(field.code)
        return phase in field.phases and (choice is None or choice.asked)

    def consequence(field: Field) -> str:
        choice = choices.get(field.code)
        return choice.consequence if choice else field.consequence

    sections = tuple(section for section in template.sections if phase in section.phases)
    shown = {section.code for section in sections}
    tables = tuple(table for table in template.tables if table.section in shown)
    rows = {table.code: _rows(table, canvas.subject.lot.rows) for table in tables}
    fixed = canvas.subject.lot.rows
    lone = [Item(f.code, f, consequence(f)) for f in template.fields if f.section in shown and kept(f)]
    cells = [
        Item(key, field, consequence(field), table, row, fixed.get(key) if field.fixed_by_buyer else None)
        for table in tables
        for row in rows[table.code]
        for field in table.columns
        if kept(field)
        for key in (f"{row}.{field.code}",)
    ]
    return Asked(sections, (*lone, *cells), rows)


def _rows(table: Table, fixed: Mapping[str, float | str]) -> tuple[str, ...]:
    if not table.rows_by_lot:
        return table.rows
    columns = [field.code for field in table.columns if field.fixed_by_buyer]
    return tuple(row for row in table.rows if any(f"{row}.{column}" in fixed for column in columns))
