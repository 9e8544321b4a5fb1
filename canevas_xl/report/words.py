"""Owns the words of results in one language: offers, units, formulas, findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import floor, log10
from textwrap import wrap
from typing import Final, Self

from canevas_xl import resources
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.canvas import Subject
from canevas_xl.model.offer import Offer, OfferKey
from canevas_xl.model.plan import Style
from canevas_xl.model.template import Texts
from canevas_xl.model.vocabulary import CLIMATE
from canevas_xl.report.outcome import Dressed, Plain, Rows
from canevas_xl.report.results import NUMBER, SENTENCE

LINE: Final = 118
"""Characters of a sentence that one row shows on every sheet."""
DIGITS: Final = 4
"""Significant digits of an impact."""
TINY: Final = 1e-4
"""Below it, zeros would fill the cell."""
FURTHER: Final = replace(SENTENCE, indent=2)
FIRST: Final = replace(SENTENCE, bold=True)


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    """The catalogues that results speak from."""

    language: str
    catalogue: Texts
    terms: Texts

    @classmethod
    def of(cls, language: str) -> Self:
        """Gather the words of a language."""
        return cls(language, resources.texts("results", language), resources.texts("terms", language))

    def say(self, key: str, **facts: object) -> str:
        """A text of the catalogue, its holes filled; numbers are written in the language."""
        spoken = {name: self.number(fact) if isinstance(fact, float) else fact for name, fact in facts.items()}
        return self.catalogue[key].format_map(spoken)

    def number(self, value: float) -> str:
        """A number as people write it, four significant digits at most."""
        text = f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004 - then digits are grouped
        return text.replace(",", "\u202f").replace(".", ",") if self.language == "fr" else text

    def percent(self, share: float) -> str:
        """A share, 0 to 1, in per cent without digits after the sign."""
        return f"{100 * share:.0f} %" if self.language == "fr" else f"{100 * share:.0f}%"

    def chances(self, probability: float) -> int:
        """Cases in a hundred; 100 and 0 are for what never fails."""
        cases = round(100 * probability)
        return min(99, max(1, cases)) if 0 < probability < 1 else cases

    def climate_unit(self, subject: Subject) -> str:
        """The unit of impacts on climate change, per functional unit."""
        category = next(c for c in subject.method.categories if c.code == CLIMATE)
        of = subject.texts[self.language]["template.functional_unit_short"]
        return self.say("unit.impact", unit=category.unit(self.language), of=of)

    def offer(self, offer: Offer) -> str:
        """What to call an offer: the supplier, and the variant if it is one."""
        if not offer.key.variant:
            return offer.name
        return self.say("offer.variant", name=offer.name, variant=offer.key.variant)

    def quoted(self, offer: Offer) -> str:
        """An offer's name between the quotes of the language."""
        return self.say("offer.quoted", name=self.offer(offer))

    def line(self, subject: Subject, place: tuple[str, str]) -> str:
        """What to call a line of an inventory, by its flow and its row: the row stands in brackets."""
        texts = subject.texts[self.language]
        flow, row = place
        return texts[f"flows.{flow}"] + (f" ({texts[f'rows.{row}']})" if row else "")

    def unit_of(self, criterion: Criterion, subject: Subject) -> str:
        """The unit of what a criterion looks at; empty where its sub-criteria do."""
        if criterion.parts:
            return ""
        if criterion.kind in {CriterionKind.PRICE, CriterionKind.COST, CriterionKind.FICTITIOUS}:
            return self.terms["unit.EUR"]
        if criterion.kind is CriterionKind.OTHER:
            return self.say("unit.note")
        if criterion.item:
            return self.terms.get(f"unit.{_unit(subject, criterion.item)}", "")
        category = next(c for c in subject.method.categories if c.code == (criterion.indicator or CLIMATE))
        unit = subject.texts[self.language]["template.functional_unit_short"]
        return self.say("unit.impact", unit=category.unit(self.language), of=unit)

    def formula(self, criterion: Criterion) -> str:
        """A formula as it was published: its number and its bounds; the sum where there are sub-criteria."""
        if criterion.parts:
            return self.say("formula.parts")
        if criterion.low is None or criterion.high is None:
            return criterion.formula
        return self.say("formula.bounds", formula=criterion.formula, low=criterion.low, high=criterion.high)


def left_out(key: OfferKey, found: Consolidation) -> str:
    """Why an offer is not compared, as the texts name it: ``refused``, ``waits`` or ``incomplete``."""
    if found.refused(key):
        return "refused"
    return "waits" if found.stopped(key) else "incomplete"


def _unit(subject: Subject, item: str) -> str:
    """Give the code of the unit of an answer."""
    code, template = item.rpartition(".")[2], subject.template
    every = (*template.fields, *(column for table in template.tables for column in table.columns))
    return next(one.unit for one in every if one.code == code)


def sentences(texts: Iterable[str], *, strong: bool = False) -> Rows:
    """Break sentences into rows that no column cuts; a row that goes on is indented.

    Args:
        texts: one sentence or more each.
        strong: the first text is the answer, and stands out.
    """
    rows: list[tuple[Dressed]] = []
    for place, text in enumerate(texts):
        first = FIRST if strong and not place else SENTENCE
        for line, part in enumerate(wrap(_bound(text), LINE, break_long_words=False, break_on_hyphens=False)):
            rows.append((Dressed(part, replace(FURTHER, bold=first.bold) if line else first),))
    return tuple(rows)


def _bound(text: str) -> str:
    """Bind signs to what they belong to, so that no row begins with one or ends before its number."""
    for sign in "«+−±":
        text = text.replace(f"{sign} ", f"{sign}\u00a0")
    for sign in "»:;?%":
        text = text.replace(f" {sign}", f"\u00a0{sign}")
    return text


def amount(value: Plain, largest: float | None = None, *, at_least: bool = False) -> Dressed:
    """An impact with four significant digits, or with as many decimals as the largest of its column.

    A part of an impact is ``at_least`` so much: a sign says so before the number.
    """
    size = abs(largest if largest is not None else value if isinstance(value, float) else 0.0)
    decimals = min(9, max(0, DIGITS - 1 - floor(log10(size)))) if size > 0 else 0
    style = replace(NUMBER, number_format="0.000E+00") if 0 < size < TINY else decimal(decimals)
    return Dressed(value, replace(style, number_format=f'"≥ "{style.number_format}') if at_least else style)


def decimal(decimals: int) -> Style:
    """Numbers with thousands apart and so many decimals."""
    return replace(NUMBER, number_format="#,##0" + ("." + "0" * decimals if decimals else ""))
