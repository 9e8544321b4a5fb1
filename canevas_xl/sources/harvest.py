"""Owns what an import gives: the set that a publisher's file becomes, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from canevas_xl.findings.finding import Finding
from canevas_xl.model.factor import FactorSet, Impacts, Licence, Process
from canevas_xl.model.factor_import import Post, Ratings


@dataclass(frozen=True, slots=True)
class Candidate:
    """A process on its way into a set, with everything that its source says of it."""

    process: Process
    values: Mapping[str, Impacts]
    """By stage, or under ``total``."""
    line: int = 0
    words: tuple[str, ...] = ()
    """Under which other words it can be found, in either language."""
    score: float | None = None
    """Published single score, mPt."""
    ratings: Ratings | None = None
    posts: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that did not go in."""

    line: int
    identifier: str
    finding: Finding

    @property
    def code(self) -> str:
        """Why."""
        return self.finding.code


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted on the way: the figures that prove that the file was understood."""

    read: int = 0
    accepted: int = 0
    set_aside: int = 0
    """Rows that are no valid generic factors (archived, source data…): read, and not wanted."""
    max_relative_error: float | None = None
    """Largest distance, among accepted rows, between a published figure and its recomputation; None without any."""
    posts_checked: int | None = None
    posts_equal: int | None = None
    gases_checked: int | None = None
    gases_equal: int | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """What an import gives: a set to be written, and what is said of the rest."""

    id: str
    version: str
    title: str
    licences: tuple[Licence, ...]
    licence_urls: Mapping[str, str]
    candidates: tuple[Candidate, ...]
    rejected: tuple[Rejected, ...]
    findings: tuple[Finding, ...]
    """Doubts and information about what went in."""
    counts: Counts
    origins: tuple[str, ...] = field(default=())
    """Names of the files that it was read from."""

    @property
    def reference(self) -> str:
        """Give the set's name and release."""
        return f"{self.id}@{self.version}"

    def __iter__(self) -> Iterator[Candidate]:
        """Go through what went in."""
        return iter(self.candidates)

    def factor_set(self) -> FactorSet:
        """Give what went in as a set, before it has files and their sha256."""
        return FactorSet(
            id=self.id,
            version=self.version,
            sha256="",
            processes=MappingProxyType({one.process.id: one.process for one in self}),
            factors=MappingProxyType(
                {(one.process.id, stage): values for one in self for stage, values in one.values.items()}
            ),
            licences=MappingProxyType({one.code: one for one in self.licences}),
            words=MappingProxyType({one.process.id: one.words for one in self if one.words}),
        )
