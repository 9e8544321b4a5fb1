"""Owns the words of one canvas in one language: the catalogue of workbooks, the field's terms, the template's texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from canevas_xl import resources
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.vocabulary import Phase

THIN: str = "\u202f"
NO_BREAK: str = "\u00a0"
PERCENT: str = "%"
"""The unit of shares, and its sign."""
_PLURAL = 2


@dataclass(frozen=True, slots=True)
class Words:
    """Every text that a supplier's workbook shows, and how numbers and dates are written in it."""

    language: str
    phase: Phase
    texts: Mapping[str, str]
    terms: Mapping[str, str]
    template: Mapping[str, str]

    @classmethod
    def of(cls, canvas: Canvas) -> Self:
        """Gather the words of a canvas in its language."""
        return cls(
            canvas.language,
            canvas.subject.campaign.phase,
            resources.texts("workbook", canvas.language),
            resources.texts("terms", canvas.language),
            canvas.subject.texts[canvas.language],
        )

    def say(self, key: str, **facts: object) -> str:
        """A text of the workbooks' catalogue, its holes filled; numbers are written in the language.

        Where something else is true in one phase, ``<key>_<phase>`` stands in the catalogue beside ``<key>``.
        """
        spoken = {name: self.number(fact) if isinstance(fact, int | float) else fact for name, fact in facts.items()}
        return self.texts.get(f"{key}_{self.phase.value}", self.texts[key]).format_map(spoken)

    def term(self, family: str, code: str) -> str:
        """A word of the field (``stage``, ``origin``, ``unit``…)."""
        return self.terms[f"{family}.{code}"]

    def unit(self, code: str, amount: float | None = None) -> str:
        """A unit as people write it; in the singular where the amount asks for it (French: below 2; English: 1)."""
        alone = amount is not None and (abs(amount) < _PLURAL if self.language == "fr" else amount == 1)
        return self.texts.get(f"unit_one.{code}", self.term("unit", code)) if alone else self.term("unit", code)

    def of_template(self, path: str) -> str:
        """A text of the template; empty where it states none."""
        return self.template.get(path, "")

    def number(self, value: float, digits: int = 6) -> str:
        """A number as people write it: decimal sign and thousands of the language, no needless zeros."""
        text = f"{value:,.{digits}f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
        if self.language != "fr":
            return text
        return text.replace(",", THIN).replace(".", ",")

    def measured(self, amount: float, unit: str) -> str:
        """A number with the sign or word of its unit, on one line; English puts no space before a per cent sign."""
        written = self.number(amount)
        if not unit:
            return written
        return written + ("" if unit == PERCENT and self.language != "fr" else NO_BREAK) + unit

    def moment(self, moment: datetime) -> str:
        """A date and hour in words, with the name of its time zone."""
        month = self.texts[f"month.m{moment.month}"]
        zone = str(moment.tzinfo) if moment.tzinfo else ""
        zone = self.texts.get(f"zone.{zone}", zone)
        return self.say(
            "date.moment",
            day=str(moment.day), month=month, year=str(moment.year),
            hour=f"{moment.hour:02d}", minute=f"{moment.minute:02d}", zone=zone,
        )  # fmt: skip
