"""Owns how findings are told to people: blocking first, those alike together, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rich.text import Text

from canevas_xl import resources
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.finding import Finding, Place
from canevas_xl.findings.messages import harmless, message, remedy

SIGNS: Final = {Severity.BLOCKS: ("✗", "red"), Severity.DOUBT: ("!", "yellow"), Severity.INFORMATION: ("·", "cyan")}
TOGETHER: Final = "together."
"""Texts ``together.<code>`` say several findings of one code in one sentence; others are told by the first."""
FEW: Final = 3
"""So many of one code on one sheet are told one by one."""
NAMED: Final = 8
"""Places named of those told together."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said in one paragraph: findings of one code on one sheet, at least one."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding whose words are used."""
        return self.findings[0]


def together(findings: Iterable[Finding], language: str) -> list[Told]:
    """Gather findings alike, so that what is missing in a fresh campaign is a few points and not a wall.

    The order is kept, which is that of the workbook, but for what blocks: it comes first.
    """
    order = list(SIGNS)
    ordered = sorted(findings, key=lambda one: order.index(one.kind.severity))
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for one in ordered:
        alike.setdefault((one.code, one.place.file, one.place.sheet), []).append(one)
    texts = resources.texts("cli", language)
    told: list[Told] = []
    for (code, _, _), group in alike.items():
        one_sentence = f"{TOGETHER}{code}" in texts and len(group) > 1
        if one_sentence or len(group) > FEW:
            told.append(Told(tuple(group)))
        else:
            told += [Told((one,)) for one in group]
    return told


def sign(told: Told) -> Text:
    """Give the sign of its severity: never a colour alone."""
    mark, colour = SIGNS[told.first.kind.severity]
    return Text(mark, style=colour)


def paragraph(told: Told, language: str) -> Text:
    """Say the code, where, what, what to do."""
    texts = resources.texts("cli", language)
    first = told.first
    colour = SIGNS[first.kind.severity][1]
    text = Text(first.code, style=colour)
    one_sentence = texts.get(f"{TOGETHER}{first.code}") if len(told.findings) > 1 else None
    place = where(Place(first.place.file, first.place.sheet) if one_sentence else first.place, texts)
    text.append(f" {place}", style="bold default") if place else None
    text.append(texts["findings.before"], style="default")
    if one_sentence:
        said = one_sentence.format_map({"count": len(told.findings), "labels": _labels(told, texts)})
        text.append(said, style="default")
        return text
    text.append(message(first, language), style="default")
    text.append(f" {remedy(first, language)}", style="default")
    if len(told.findings) > 1:
        text.append(" " + texts["findings.also"].format_map({"cells": _cells(told, texts)}), style="default")
    return text


def where(place: Place, texts: Mapping[str, str]) -> str:
    """Give the place as one reads it aloud; the key only where there is no cell."""
    parts = [place.file, place.sheet]
    parts.append(texts["findings.cell"].format_map({"cell": place.cell}) if place.cell else place.key)
    return ", ".join(harmless(part) for part in parts if part)


def _labels(told: Told, texts: Mapping[str, str]) -> str:
    names = (f"{dict(one.facts).get('label', one.place.key)} ({one.place.cell})" for one in told.findings)
    return _listed(list(names), texts)


def _cells(told: Told, texts: Mapping[str, str]) -> str:
    return _listed([one.place.cell or one.place.key for one in told.findings[1:]], texts)


def _listed(names: list[str], texts: Mapping[str, str]) -> str:
    listed = ", ".join(names[:NAMED])
    more = len(names) - NAMED
    return listed + (texts["findings.more"].format_map({"count": more}) if more > 0 else "")
