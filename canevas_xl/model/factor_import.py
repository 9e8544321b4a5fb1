"""Owns what is read of a publisher's file before it is judged, and what a source says of a process besides values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One record of a file: its line there (the header is 1), and its cells, trimmed, by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A publisher's file as text. Lines without any content are gone."""

    file: str
    """Its name, without the folder."""
    columns: tuple[str, ...]
    lines: tuple[SourceLine, ...]
    decimal_comma: bool = False
    """Whether its layout writes numbers with a comma."""


@dataclass(frozen=True, slots=True)
class Ratings:
    """What the publisher says of one process, mark by mark, in its own scale; None where it says nothing."""

    technology: float | None = None
    geography: float | None = None
    time: float | None = None
    completeness: float | None = None
    precision: float | None = None
    method: float | None = None
    transparency: float | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A part of a published value, as its source names it."""

    kind: str
    name: str
    value: float
    """kg CO2 eq per unit of the process."""
