"""Owns the words of the buyer's workbook in one language: its catalogue, the field's terms, the template's texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from canevas_xl import resources
from canevas_xl.model.template import Template, Texts

THIN: Final = "\u202f"


@dataclass(frozen=True, slots=True)
class Words:
    """Every text that the workbook shows, and how numbers are written in it."""

    language: str
    catalogue: Texts
    terms: Texts
    template: Texts
    constants: tuple[tuple[str, str], ...]
    """Facts that any text may name: ``code``, ``template``."""

    @classmethod
    def of(cls, template: Template, texts: Texts, language: str, code: str) -> Self:
        """Gather the words of one campaign."""
        title = texts.get("template.short") or texts.get("template.title") or template.id
        constants = (("code", code), ("template", title))
        catalogue, terms = resources.texts("campaign", language), resources.texts("terms", language)
        return cls(language, catalogue, terms, texts, constants)

    def say(self, key: str, **facts: object) -> str:
        """A text of the catalogue, its holes filled; numbers are written in the language."""
        spoken = {name: self.number(fact) if isinstance(fact, int | float) else fact for name, fact in facts.items()}
        return self.catalogue[key].format_map({**dict(self.constants), **spoken})

    def of_template(self, path: str, otherwise: str = "") -> str:
        """A text of the template."""
        return self.template.get(path, otherwise)

    def unit(self, code: str) -> str:
        """A unit as people write it."""
        return self.terms.get(f"unit.{code}", code)

    def yes(self) -> str:
        """The label of OUI."""
        return self.terms["yesno.OUI"]

    def no(self) -> str:
        """The label of NON."""
        return self.terms["yesno.NON"]

    def number(self, value: float) -> str:
        """A number as people write it."""
        text = f"{value:,.6f}".rstrip("0").rstrip(".") if value % 1 else f"{value:,.0f}"
        return text.replace(",", THIN).replace(".", ",") if self.language == "fr" else text

    def between(self, low: float | None, high: float | None) -> str:
        """Bounds, inside a sentence; empty where there are none."""
        return self._bounded(low, high, ("lots.between", "lots.from", "lots.up_to"))

    def bounds(self, low: float | None, high: float | None) -> str:
        """Bounds, on their own."""
        return self._bounded(low, high, ("lots.bounds_both", "lots.bounds_low", "lots.bounds_high"))

    def _bounded(self, low: float | None, high: float | None, keys: tuple[str, str, str]) -> str:
        if low is not None and high is not None:
            return self.say(keys[0], low=low, high=high)
        if low is not None:
            return self.say(keys[1], low=low)
        return self.say(keys[2], high=high) if high is not None else ""
