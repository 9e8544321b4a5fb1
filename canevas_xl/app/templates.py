"""Owns the use cases about templates: list what ships, show one, check one that an author writes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from canevas_xl import resources
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.shelves import factor_set
from canevas_xl.adapters.store.templates import load_template, shipped_templates
from canevas_xl.app.subjects import ground
from canevas_xl.canvas.families import answered
from canevas_xl.canvas.lint import lint
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.model.template import Field, LoadedTemplate
from canevas_xl.rules.effort import effort


@dataclass(frozen=True, slots=True)
class Card:
    """What one reads of a template in a list."""

    id: str
    reference: str
    title: str
    items: int
    minutes: float
    days: float

    def as_object(self) -> dict[str, Any]:
        """Give JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item, as shown."""

    code: str
    label: str
    unit: str
    scored: str
    decides: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One template, as shown."""

    card: Card
    purpose: str
    functional_unit: str
    items: tuple[ItemLine, ...]

    def as_object(self) -> dict[str, Any]:
        """Give JSON values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """What the linter says of one folder."""

    name: str
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Say whether the template cannot be used."""
        return any(finding.blocks for finding in self.findings)


def list_templates(language: str) -> tuple[Card, ...]:
    """Give the card of each shipped template, the newest version of each."""
    return tuple(_card(ground(one.reference).loaded, language) for one in shipped_templates())


def show_template(reference: str, language: str) -> Shown:
    """Give everything one reads of a template.

    Raises:
        WrongUse: no such template.
    """
    loaded = ground(reference).loaded
    texts, terms = loaded.texts[language], resources.texts("terms", language)
    fields = [*loaded.template.fields, *(column for table in loaded.template.tables for column in table.columns)]
    lines = tuple(
        ItemLine(
            one.code,
            texts[f"fields.{one.code}.label"],
            terms[f"unit.{one.unit}"],
            "✓" if one.scored else "",
            _decides(one, language),
        )
        for one in fields
        if not one.fixed_by_buyer
    )
    return Shown(_card(loaded, language), texts["template.purpose"], texts["template.functional_unit"], lines)


def check_templates(path: Path | None) -> tuple[CheckedTemplate, ...]:
    """Load and lint the template in a folder, or every shipped one.

    Raises:
        WrongUse: X111, the path is not a folder.
    """
    if path is not None and not path.is_dir():
        raise WrongUse("X111", path=str(path))
    if path is not None:
        return (_checked(path),)
    return tuple(_checked(one.folder) for one in shipped_templates())


def _checked(folder: Path) -> CheckedTemplate:
    name = f"{folder.resolve().parent.name}@{folder.resolve().name}"
    read = load_template(folder)
    if read.value is None or read.blocked:
        return CheckedTemplate(name, read.findings)
    factors = factor_set(read.value.template.factor_set)
    template, method = answered(read.value.template, factors), shipped_method(read.value.template.method)
    return CheckedTemplate(name, read.findings + lint(template, read.value.texts, factors, method))


def _card(loaded: LoadedTemplate, language: str) -> Card:
    template = loaded.template
    sums = effort(template)
    reference = f"{template.id}@{template.version}"
    title = loaded.texts[language]["template.title"]
    return Card(template.id, reference, title, sums.answers, sums.minutes, sums.days_to_get)


def _decides(field: Field, language: str) -> str:
    terms = resources.texts("terms", language)
    return terms[f"controlled_by_buyer.{field.controlled_by}"] if field.controlled_by else ""
