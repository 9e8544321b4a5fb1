"""Owns the canvas: a template issued for one lot, language and round; and the token that names one copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from canevas_xl.model.answer import Answers
from canevas_xl.model.campaign import Campaign, Lot
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template, Texts


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything a canvas is made of, before it is addressed to anybody: what a frozen record holds."""

    campaign: Campaign
    lot: Lot
    template: Template
    texts: Mapping[str, Texts]
    """By language."""
    factors: FactorSet
    method: Method
    previous: FactorSet | None = None
    """The same processes in the release before, where one was there when the canvas was issued: results are computed
    with both, and never from a release that came later."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """A subject in one language, sealed."""

    subject: Subject
    language: str
    fingerprint: str
    """sha256 of the frozen record, hexadecimal."""
    answers: Answers = field(default_factory=dict)
    """Answers that it comes filled with: a reference, or the supplier's own from the round before."""


@dataclass(frozen=True, slots=True)
class Token:
    """What names one copy of a canvas, in every place of it: ``CX1-<campaign>-<supplier>-L<n>-R<n>-<seal>``."""

    campaign: str
    supplier: str
    """Four characters, or ``OPEN``."""
    lot: int
    round: int
    seal: str
    """Twelve characters of an HMAC over the rest and the fingerprint."""

    def __str__(self) -> str:
        """Give the text that stands in the workbook, at most 40 characters of ``[A-Z0-9-]``."""
        return f"CX1-{self.campaign}-{self.supplier}-L{self.lot}-R{self.round}-{self.seal}"
