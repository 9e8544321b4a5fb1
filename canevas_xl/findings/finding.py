"""Owns a finding: a code, a place and facts; and ``Checked``, a value with what was found on the way to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from canevas_xl.findings.catalogue import Kind, Severity, kinds

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found: a file, a sheet as its reader sees it, a cell, and the key or path inside."""

    file: str = ""
    sheet: str = ""
    cell: str = ""
    key: str = ""

    def __str__(self) -> str:
        """Give the place as one reads it aloud, from the widest to the narrowest."""
        return " · ".join(part for part in (self.file, self.sheet, self.cell, self.key) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say about data. Severity and words follow from the code."""

    code: str
    place: Place = field(default_factory=Place)
    facts: tuple[tuple[str, object], ...] = ()

    @property
    def kind(self) -> Kind:
        """The catalogue entry of the code."""
        return kinds()[self.code]

    @property
    def blocks(self) -> bool:
        """Say whether the work cannot go on before a decision."""
        return self.kind.severity is Severity.BLOCKS


def found(code: str, place: Place | None = None, **facts: object) -> Finding:
    """Make a finding; ``facts`` fill the message of its code."""
    return Finding(code, place or Place(), tuple(facts.items()))


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """A value and the findings collected on the way to it; exceptions are for bugs and the outside world."""

    value: T
    findings: tuple[Finding, ...] = ()

    @property
    def blocked(self) -> bool:
        """Say whether any finding blocks."""
        return any(finding.blocks for finding in self.findings)

    def with_findings(self, more: Iterable[Finding]) -> Checked[T]:
        """Add findings."""
        return Checked(self.value, self.findings + tuple(more))
