"""Owns the reading of single inputs: content, meaning, and what is said where a cell cannot be understood."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake import parse
from canevas_xl.intake.locate import Located, Spot
from canevas_xl.intake.parse import Doubt
from canevas_xl.model.template import LoadedTemplate, Range


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of findings, which differ by who can mend them."""

    formula: str
    error: str
    not_a_number: str
    ambiguous: str
    bounds: str
    choice: str
    read: str = ""
    """Said of a text that was read as a number; of nothing where it is empty."""


BUYER: Final = Codes("C106", "C107", "C108", "C109", "C110", "C111")
SUPPLIER: Final = Codes("C206", "C207", "C208", "C209", "C210", "C211", "C214")


@dataclass(slots=True)
class Reading:
    """Inputs being read: what was located, and the findings so far."""

    located: Located
    codes: Codes = BUYER
    findings: list[Finding] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    """Inputs of which the formula or error was already told."""

    def say(self, code: str, place: Place, /, **facts: object) -> None:
        """Keep a finding."""
        self.findings.append(found(code, place, **facts))

    def place(self, key: str, code: str) -> Place:
        """Where an input stands, or its key alone."""
        spot = self.located.spot(key, code)
        return spot.place if spot else Place(key=key)

    def content(self, key: str, code: str) -> float | str | None:
        """What stands in an input; formulas and errors are told once."""
        spot = self.located.spot(key, code)
        if spot is None or spot.cell is None:
            return None
        if (key, code) not in self.seen:
            self.seen.add((key, code))
            self._judge(spot)
        return spot.content

    def _judge(self, spot: Spot) -> None:
        cell = spot.cell
        if cell is not None and cell.formula is not None:
            self.say(self.codes.formula, spot.place)
        elif cell is not None and cell.error:
            self.say(self.codes.error, spot.place, text=cell.value)

    def broken(self, key: str, code: str) -> bool:
        """Say whether an input holds an error, which was told already."""
        spot = self.located.spot(key, code)
        return spot is not None and spot.cell is not None and spot.cell.error

    def text(self, key: str, code: str) -> str:
        """A text; empty where nothing stands."""
        content = self.content(key, code)
        if content is None:
            return ""
        return content if isinstance(content, str) else f"{content:.15g}"

    def number(self, key: str, code: str, bounds: Range | None = None, units: Collection[str] = ()) -> float | None:
        """A number within its bounds; None where there is none to be had, which is told unless nothing stands.

        ``units`` are words of the unit that is asked, which may follow a number typed as a text.
        """
        content = self.content(key, code)
        written = None if content is None else self.located.written(key, code)
        value = parse.number(written, units)
        if isinstance(value, Doubt):
            told = self.codes.ambiguous if value is Doubt.AMBIGUOUS else self.codes.not_a_number
            self.say(told, self.place(key, code), text=" ".join(str(written).split()))
            return None
        if value is not None and bounds is not None and not within(value, bounds):
            low, high = bounds.min, bounds.max
            self.say(self.codes.bounds, self.place(key, code), value=value, **_bounds(low, high))
            return None
        if self.codes.read and value is not None and isinstance(content, str):
            self.say(self.codes.read, self.place(key, code), text=content, value=value)
        return value

    def whole(self, key: str, code: str, bounds: Range, units: Collection[str] = ()) -> int | None:
        """A whole number within its bounds."""
        value = self.number(key, code, bounds, units)
        if value is None:
            return None
        if value != int(value):
            self.say(self.codes.bounds, self.place(key, code), value=value, **_bounds(bounds.min, bounds.max))
            return None
        return int(value)

    def counted(self, key: str, code: str, bounds: Range, units: Collection[str] = ()) -> float | None:
        """A whole number as values hold it: every number of a canvas is a float."""
        value = self.whole(key, code, bounds, units)
        return None if value is None else float(value)

    def choice(self, key: str, code: str, labels: Mapping[str, str]) -> str | None:
        """The code of a chosen label; None where there is none to be had, which is told unless nothing stands."""
        content = self.content(key, code)
        value = parse.choice(content, labels)
        if isinstance(value, Doubt):
            self.say(self.codes.choice, self.place(key, code), text=content, known=known_codes(labels))
            return None
        return value

    def missing(self, key: str, code: str, label: str) -> None:
        """Tell that an answer is missing, unless the cell was told about already."""
        if self.content(key, code) is None and not self.broken(key, code):
            self.say("C112", self.place(key, code), label=label)


def _bounds(low: float | None, high: float | None) -> dict[str, object]:
    return {"low": "−∞" if low is None else low, "high": "+∞" if high is None else high}


def within(value: float, bounds: Range) -> bool:
    """Say whether a value lies within bounds, both included."""
    return (bounds.min is None or value >= bounds.min) and (bounds.max is None or value <= bounds.max)


def known_codes(labels: Mapping[str, str]) -> list[str]:
    """Codes that may be chosen, in order."""
    return list(dict.fromkeys(labels.values()))


def labels_of(catalogue: str, prefix: str, codes: Iterable[str]) -> Mapping[str, str]:
    """Folded labels in every language, and the codes themselves, → codes."""
    found_labels: dict[str, str] = {}
    for code in codes:
        found_labels[parse.folded(code)] = code
        for language in resources.LANGUAGES:
            label = resources.texts(catalogue, language).get(f"{prefix}.{code}")
            if label:
                found_labels.setdefault(parse.folded(label), code)
    return MappingProxyType(found_labels)


def template_labels(loaded: LoadedTemplate, name: str) -> Mapping[str, str]:
    """The same for a list of the template."""
    found_labels: dict[str, str] = {}
    options = next(one.options for one in loaded.template.lists if one.code == name)
    for option in options:
        found_labels[parse.folded(option.code)] = option.code
        for texts in loaded.texts.values():
            label = texts.get(f"lists.{name}.{option.code}")
            if label:
                found_labels.setdefault(parse.folded(label), option.code)
    return MappingProxyType(found_labels)
