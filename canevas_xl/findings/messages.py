"""Owns the rendering of findings and faults as sentences, last, in the user's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from canevas_xl.errors import Fault
from canevas_xl.findings.catalogue import kinds
from canevas_xl.findings.finding import Finding

TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the order of reading around."""


def message(finding: Finding, language: str) -> str:
    """Say what was found, in ``language`` (``fr`` or ``en``)."""
    return finding.kind.message[language].format_map(_spoken(finding.facts, language))


def remedy(finding: Finding, language: str) -> str:
    """Say what to do about it."""
    return finding.kind.remedy[language].format_map(_spoken(finding.facts, language))


def fault_message(fault: Fault, language: str) -> str:
    """Say what stopped the work and what to do, in one paragraph."""
    kind = kinds()[fault.code]
    facts = _spoken(tuple(fault.facts.items()), language)
    return f"{kind.message[language].format_map(facts)} {kind.remedy[language].format_map(facts)}"


def _spoken(facts: tuple[tuple[str, object], ...], language: str) -> dict[str, str]:
    return {key: spoken(value, language) for key, value in facts}


def spoken(value: object, language: str) -> str:
    """Write a fact as people read it: numbers with the language's decimal sign, lists with commas.

    A mapping holds one text per language, where a fact is itself words (a label, the text of a rule).
    """
    if isinstance(value, Mapping):
        return str(value[language])
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        text = f"{value:.6g}"
        return text.replace(".", ",") if language == "fr" else text
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(spoken(item, language) for item in value)
    return harmless(str(value))


def harmless(text: str) -> str:
    """Give a text of others without what a terminal obeys, and without what turns the order of reading around."""
    if text.isprintable():
        return text
    return "".join(" " if one in TURNING or unicodedata.category(one) == "Cc" else one for one in text)
