"""Owns answers: what one canvas says, item by item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from canevas_xl.model.vocabulary import Origin


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands in the row of one item, as understood. ``value`` is a number, a code or a text; None if empty."""

    key: str
    """``P01``, or ``<row>.<column>`` for a cell of a table."""
    value: float | str | None
    origin: Origin | None = None
    evidence: str = ""
    confidential: bool = False
    cell: str = ""
    """Sheet and address as the supplier sees them."""


Answers = Mapping[str, Answer]


def answers_of(values: Mapping[str, float | str], origin: Origin | None = None) -> dict[str, Answer]:
    """Make answers from plain values, for references, samples and tests."""
    return {key: Answer(key, value, origin) for key, value in values.items()}
