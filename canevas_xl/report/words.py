"""Owns the words of results in one language: offers, units, formulas, findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from canevas_xl import resources
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.canvas import Subject
from canevas_xl.model.offer import Offer
from canevas_xl.model.template import Texts
from canevas_xl.model.vocabulary import CLIMATE


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

    def offer(self, offer: Offer) -> str:
        """What to call an offer: the supplier, and the variant if it is one."""
        if not offer.key.variant:
            return offer.name
        return self.say("offer.variant", name=offer.name, variant=offer.key.variant)

    def unit_of(self, criterion: Criterion, subject: Subject) -> str:
        """The unit of what a criterion looks at."""
        if criterion.kind is CriterionKind.PRICE:
            return self.terms["unit.EUR"]
        if criterion.kind is CriterionKind.OTHER:
            return self.say("unit.note")
        category = next(c for c in subject.method.categories if c.code == (criterion.indicator or CLIMATE))
        unit = subject.texts[self.language]["template.functional_unit_short"]
        return self.say("unit.impact", unit=category.unit(self.language), of=unit)

    def formula(self, criterion: Criterion) -> str:
        """A formula as it was published: its number and its bounds."""
        if criterion.low is None or criterion.high is None:
            return criterion.formula
        return self.say("formula.bounds", formula=criterion.formula, low=criterion.low, high=criterion.high)
