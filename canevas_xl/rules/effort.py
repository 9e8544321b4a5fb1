"""Owns what answering costs a supplier: how many answers, how many minutes, how long a document may take."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from canevas_xl.model.campaign import Lot
from canevas_xl.model.impact import Burden
from canevas_xl.model.template import Field, Table, Template

MOST_ANSWERS: Final = 25
MOST_MINUTES: Final = 45.0
"""DOMAIN: more would be an excessive effort for a very small firm."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An item that suppliers answer."""

    field: Field
    table: Table | None
    rows: int
    """In how many rows it is surely answered."""
    group: str
    """Items of one group count as one answer per row; an item on its own is a group of one."""

    @property
    def counted_rows(self) -> int:
        """How many answers its group counts for: an open table counts once."""
        return 1 if self.table is not None and self.table.open else self.rows


def answered(template: Template, lot_rows: Mapping[str, int] | None = None) -> Iterator[Answered]:
    """Give every item that suppliers answer, in order.

    Args:
        template: the template.
        lot_rows: how many rows a lot has in tables whose rows it decides, by table; one where it does not say.
    """
    for field in template.fields:
        if not field.fixed_by_buyer:
            yield Answered(field, None, 1, f"block {field.block}" if field.block else f"item {field.code}")
    for table in template.tables:
        rows = _rows(table, lot_rows or {})
        for field in table.columns:
            if not field.fixed_by_buyer:
                alone = f"block {field.block}" if field.block else f"item {field.code}"
                yield Answered(field, table, rows, f"table {table.code}" if table.open else alone)


def _rows(table: Table, lot_rows: Mapping[str, int]) -> int:
    if table.rows_by_lot:
        return lot_rows.get(table.code, 1)
    return max(1, table.required_rows) if table.open else len(table.rows)


def effort(
    template: Template, asked: Collection[str] | None = None, lot_rows: Mapping[str, int] | None = None
) -> Burden:
    """Sum what the items cost of which the codes are ``asked`` (all, unless told)."""
    items = [one for one in answered(template, lot_rows) if asked is None or one.field.code in asked]
    groups = {one.group: one.counted_rows for one in items}
    return Burden(
        answers=sum(groups.values()),
        minutes=sum(one.field.minutes * one.rows for one in items),
        days_to_get=max((one.field.days_to_get for one in items), default=0.0),
    )


def largest_effort(template: Template, asked: Collection[str], lots: Sequence[Lot]) -> Burden:
    """Sum what the longest canvas of a campaign costs: lots may hold more or fewer rows.

    Raises:
        ValueError: there is no lot.
    """
    rows = [{table.code: _rows_in(table, lot) for table in template.tables} for lot in lots]
    return max((effort(template, asked, counts) for counts in rows), key=lambda burden: burden.minutes)


def _rows_in(table: Table, lot: Lot) -> int:
    """Count the rows of a table in which the buyer fixed something for a lot."""
    return sum(1 for row in table.rows if any(key.startswith(f"{row}.") for key in lot.rows))
