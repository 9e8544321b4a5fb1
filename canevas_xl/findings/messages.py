"""Owns the rendering of findings and faults as sentences, last, in the user's language."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from canevas_xl.errors import Fault
from canevas_xl.findings.catalogue import kinds
from canevas_xl.findings.finding import Finding

TURNING: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the order of reading around."""
_WHOLE: Final = 1e6
"""From here on numbers are whole, and none of their digits is left out."""
_LEAST: Final = 1e-9
_MOST: Final = 1e15
"""Between them people write numbers out; a row of three hundred zeros nobody reads."""


def message(finding: Finding, language: str) -> str:
    """Say what was found, in ``language`` (``fr`` or ``en``)."""
    return finding.kind.message[language].format_map(_spoken(finding.facts, language))


def remedy(finding: Finding, language: str, worded: Callable[[str], str] = str) -> str:
    """Say what to do about it; ``worded`` words the catalogue's text otherwise, before facts are put in."""
    return worded(finding.kind.remedy[language]).format_map(_spoken(finding.facts, language))


def fault_message(fault: Fault, language: str, worded: Callable[[str], str] = str) -> str:
    """Say what stopped the work and what to do, in one paragraph; ``worded`` as in :func:`remedy`."""
    kind = kinds()[fault.code]
    text = worded(f"{kind.message[language]} {kind.remedy[language]}")
    return text.format_map(_spoken(tuple(fault.facts.items()), language))


def _spoken(facts: tuple[tuple[str, object], ...], language: str) -> dict[str, str]:
    return {key: spoken(value, language) for key, value in facts}


def spoken(value: object, language: str) -> str:
    """Write a fact as people read it: numbers with the language's decimal sign, moments by its order, lists by commas.

    A mapping holds one text per language, where a fact is itself words (a label, the text of a rule).
    """
    if isinstance(value, Mapping):
        return str(value[language])
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        text = f"{value:.0f}" if _WHOLE <= abs(value) < _MOST else f"{value:.6g}"
        if _LEAST <= abs(value) < _WHOLE:
            text = format(Decimal(text), "f")
        return text.replace(".", ",") if language == "fr" else text
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y à %H:%M}" if language == "fr" else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(spoken(item, language) for item in value)
    return harmless(str(value))


def harmless(text: str) -> str:
    """Give a text of others without what a terminal obeys, and without what turns the order of reading around."""
    if text.isprintable():
        return text
    return "".join(" " if one in TURNING or unicodedata.category(one) == "Cc" else one for one in text)
