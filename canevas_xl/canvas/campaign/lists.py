"""Owns the lists of the buyer's workbook: labels that people choose over codes that programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.model.campaign_keys import FIXED, TERMS, energy_flows, item_label, scorable_items
from canevas_xl.model.formula import Area
from canevas_xl.model.plan import CellPlan, SheetPlan
from canevas_xl.model.template import Template, Texts
from canevas_xl.model.vocabulary import INDICATORS

SHEET: Final = "LISTS"
ZONES: Final = (
    "Europe/Paris", "America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte",
    "America/Miquelon", "Pacific/Tahiti", "Pacific/Noumea", "Pacific/Wallis",
)  # fmt: skip
"""Where French public buyers are; other zones may be typed."""

Choices = tuple[tuple[str, str], ...]
"""(code, label), in order."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Every list of the workbook, in the order in which the hidden sheet holds them: codes, then labels."""

    choices: Mapping[str, Choices]

    def label(self, name: str, code: str) -> str:
        """The label of ``code`` in the list ``name``."""
        return dict(self.choices[name])[code]

    def area(self, name: str) -> Area:
        """Where the labels of a list stand."""
        column = 2 * list(self.choices).index(name) + 1
        return Area(SHEET, 1, column, len(self.choices[name]), column)

    def sheet(self, title: str) -> SheetPlan:
        """The hidden sheet: constants only."""
        cells = []
        for place, (name, choices) in enumerate(self.choices.items()):
            cells.append(CellPlan(0, 2 * place, name, look.HIDDEN))
            for row, (code, label) in enumerate(choices, 1):
                cells.append(CellPlan(row, 2 * place, code, look.HIDDEN_TEXT))
                cells.append(CellPlan(row, 2 * place + 1, label, look.HIDDEN_TEXT))
        cells.sort(key=lambda cell: (cell.row, cell.column))
        return SheetPlan(SHEET, title, tuple(cells), hidden=True)


def lists_of(template: Template, texts: Texts, catalogue: Texts, terms: Texts) -> Lists:
    """Gather the lists in one language: the workbook's own, and the template's."""
    choices: dict[str, Choices] = {}
    for source, families in ((catalogue, FIXED), (terms, TERMS)):
        for name, (prefix, codes) in families.items():
            choices[name] = tuple((code, source[f"{prefix}.{code}"]) for code in codes)
    choices["INDICATOR"] = tuple((code, catalogue[f"indicator.{code}"]) for code in shared_indicators(template))
    choices["INDICATOR"] += tuple((key, item_label(texts, key)) for key in scorable_items(template))
    if energy := energy_flows(template):
        choices["ENERGY"] = tuple((code, texts.get(f"flows.{code}", code)) for code in energy)
    choices["ZONE"] = tuple((zone, zone) for zone in ZONES)
    for one in template.lists:
        codes = tuple(option.code for option in one.options)
        choices[f"T.{one.code}"] = tuple((code, texts.get(f"lists.{one.code}.{code}", code)) for code in codes)
    return Lists(MappingProxyType(choices))


def shared_indicators(template: Template) -> tuple[str, ...]:
    """Categories that every perimeter covers: only those can be added up over a whole offer."""
    covered = [set(INDICATORS if p.indicators == ("all",) else p.indicators) for p in template.perimeters]
    return tuple(code for code in INDICATORS if all(code in one for one in covered))
