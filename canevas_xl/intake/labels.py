"""Owns the words that findings about answers use: what is asked, and in which unit, in every language."""

from __future__ import annotations

from canevas_xl import resources
from canevas_xl.model.template import LoadedTemplate


def label(loaded: LoadedTemplate, key: str) -> dict[str, str]:
    """What is asked under a key, by language: in a table, the row's label comes first."""
    row, _, code = key.rpartition(".")
    words = {}
    for language, texts in loaded.texts.items():
        asked = texts.get(f"fields.{code}.label", code)
        words[language] = f"{texts.get(f'rows.{row}', row)}, {asked}" if row else asked
    return words


def unit_words(unit: str) -> dict[str, str]:
    """A unit as people read it, by language."""
    return {language: resources.texts("terms", language).get(f"unit.{unit}", unit) for language in resources.LANGUAGES}
