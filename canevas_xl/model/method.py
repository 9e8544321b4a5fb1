"""Owns the impact assessment method: categories, normalisation and weighting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One impact category."""

    code: str
    name_fr: str
    name_en: str
    unit_fr: str
    unit_en: str

    def name(self, language: str) -> str:
        """The name in ``language``."""
        return self.name_fr if language == "fr" else self.name_en

    def unit(self, language: str) -> str:
        """The unit as people write it in ``language``."""
        return self.unit_fr if language == "fr" else self.unit_en


@dataclass(frozen=True, slots=True)
class Method:
    """Categories with one normalisation and one weighting that cover them all."""

    id: str
    title: str
    sha256: str
    categories: tuple[Category, ...]
    normalisation: Mapping[str, float]
    """Impact per person and year, in the category's unit."""
    weighting: Mapping[str, float]
    """Shares; they add up to one."""

    def points(self, category: str) -> float:
        """Millipoints of the single score per unit of one category: 1000·w/NF."""
        return 1000.0 * self.weighting[category] / self.normalisation[category]
