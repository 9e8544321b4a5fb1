"""Owns the tree of an expression and the values it can take; ``rules`` parses, evaluates and renders it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Unknown(Enum):
    """The value that nobody gave: a class of one, so that type checkers can narrow it."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        """Read well in a failing test."""
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""Unknown is never zero: arithmetic on it gives it back."""


@dataclass(frozen=True, slots=True)
class Partial:
    """An aggregate: the sum of what is known, and how many of its parts are not."""

    known: float
    unknown: int

    @property
    def complete(self) -> bool:
        """Say whether nothing is missing."""
        return self.unknown == 0


Value = float | str | bool | Unknown | Partial
"""A number, a code, a truth, the unknown, or an aggregate. A ``str`` is always a code."""


@dataclass(frozen=True, slots=True)
class Number:
    """A constant number."""

    value: float


@dataclass(frozen=True, slots=True)
class Code:
    """A constant code, ``[A-Z0-9_-]+``: the only text that is compared or joined."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a parameter, a derived value or a column of the current row; or a table, as first argument."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function on its arguments.

    Operators are called by their sign (``+ - * / ^ = != < <= > >= and or not in neg``), functions by name
    (``if min max clip count known sum coalesce lookup``). ``lookup`` holds its subject, then code and value
    in turn; ``in`` its subject, then the codes.
    """

    function: str
    arguments: tuple[Expression, ...]


Expression = Number | Code | Name | Call
