"""Owns how Agribalyse is laid out: synthesis and file by stage, their columns, and which release they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from canevas_xl.errors import WrongUse
from canevas_xl.model.factor_import import SourceLine, SourceTable
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS
from canevas_xl.sources.cells import Code, Columns, Number, Rating, Row, Text, columns_there

HEADERS: Final = {
    "cch": "Changement climatique",
    "ozd": "Appauvrissement de la couche d'ozone",
    "ior": "Rayonnements ionisants",
    "pco": "Formation photochimique d'ozone",
    "pma": "Particules fines",
    "htn": "Effets toxicologiques sur la santé humaine : substances non-cancérogènes",
    "htc": "Effets toxicologiques sur la santé humaine : substances cancérogènes",
    "acd": "Acidification terrestre et eaux douces",
    "fwe": "Eutrophisation eaux douces",
    "swe": "Eutrophisation marine",
    "tre": "Eutrophisation terrestre",
    "etf": "Écotoxicité pour écosystèmes aquatiques d'eau douce",
    "ldu": "Utilisation du sol",
    "wtu": "Épuisement des ressources eau",
    "fru": "Épuisement des ressources énergétiques",
    "mru": "Épuisement des ressources minéraux",
}
"""Indicator → its column."""
STAGES: Final = {
    "agriculture": "Agriculture",
    "processing": "Transformation",
    "packaging": "Emballage",
    "transport": "Transport",
    "retail": "Supermarché et distribution",
    "consumption": "Consommation",
}
"""Stage → what follows the indicator in its column. Every product holds all six."""
CODE: Final = "Code AGB"
SCORE: Final = "Score unique EF"
NAMES: Final = (CODE, "Groupe d'aliment", "Sous-groupe d'aliment", "Nom du Produit en Français", "LCI Name")
SYNTHESIS: Final = (*NAMES, "DQR", SCORE, *HEADERS.values())
BY_STAGE: Final = (*NAMES, *(f"{head} - {stage}" for head in (SCORE, *HEADERS.values()) for stage in STAGES.values()))


@dataclass(frozen=True, slots=True)
class Release:
    """A release that ADEME published: how many products, and by which column its synthesis is known."""

    products: int
    column: str
    label: str
    year: int | None = None


RELEASES: Final = {
    "3.1.1": Release(2518, "Matériau d'emballage", "3.1.1"),
    "3.2": Release(2451, "Approche emballage", "3.2 (2024)", 2024),
}
DEFECTIVE: Final = {"3.2": frozenset({"25998", "26232", "26013", "26037", "26034", "27029", "9901"})}
"""Products whose published row is wrong (shifted columns, or a score that its own indicators do not give). The
synthesis shows it; the file by stage alone cannot."""
DECLARED_WRONG: Final = {"3.2": re.compile(r"œufs \|.*|.*\| quinoa\b.*", re.IGNORECASE)}
"""Products that ADEME itself declares wrong, as « sub-group | name »: they go in, and no list offers them."""


class Product(Row):
    """What both layouts say of a product."""

    code: Code
    group: str
    subgroup: str
    name_fr: Text
    name_en: str


PRODUCT_COLUMNS: Final[dict[str, Columns]] = dict(
    zip(("code", "group", "subgroup", "name_fr", "name_en"), NAMES, strict=True)
)
WHOLE_COLUMNS: Final = PRODUCT_COLUMNS | {
    "dqr": "DQR",
    "score": SCORE,
    "values": tuple(HEADERS[code] for code in INDICATORS),
}
SPLIT_COLUMNS: Final = PRODUCT_COLUMNS | {
    "scores": tuple(f"{SCORE} - {stage}" for stage in STAGES.values()),
    "stages": tuple(tuple(f"{HEADERS[code]} - {stage}" for code in INDICATORS) for stage in STAGES.values()),
}
"""Field → where it stands, as :class:`Whole` and :class:`Split` hold them."""


class Whole(Product):
    """A line of the synthesis."""

    dqr: Rating
    score: Number
    values: tuple[Number, ...]


class Split(Product):
    """A line of the file by stage: scores and values stage by stage, in the order of :data:`STAGES`."""

    scores: tuple[Number, ...]
    stages: tuple[tuple[Number, ...], ...]


@dataclass(frozen=True, slots=True)
class Layouts:
    """The files given, by what they are."""

    synthesis: SourceTable | None
    by_stage: SourceTable | None

    @property
    def tables(self) -> tuple[SourceTable, ...]:
        """Those that there are."""
        return tuple(table for table in (self.synthesis, self.by_stage) if table is not None)

    def kind(self, table: SourceTable) -> str:
        """Say which of them a table is: ``synthesis`` or ``by_stage``."""
        return "synthesis" if table is self.synthesis else "by_stage"


def recognised(tables: Iterable[SourceTable]) -> Layouts:
    """Tell which file is which.

    Raises:
        WrongUse: F104 a column is missing; F111 two files of one kind.
    """
    given: dict[str, SourceTable] = {}
    for table in tables:
        by_stage = any(name.startswith(f"{HEADERS[CLIMATE]} - {STAGES['agriculture']}") for name in table.columns)
        kind = "by_stage" if by_stage else "synthesis"
        columns_there(table, BY_STAGE if by_stage else SYNTHESIS)
        if kind in given:
            raise WrongUse("F111", first=given[kind].file, second=table.file)
        given[kind] = table
    return Layouts(given.get("synthesis"), given.get("by_stage"))


def release_of(layouts: Layouts, stated: str | None) -> str:
    """Tell the release: the one stated, else the one in the file's name, else the one that has so many products.

    Raises:
        WrongUse: F107 the file is laid out like another release; F109 it has not the products of its release.
    """
    named = next((match[1] for table in layouts.tables if (match := _NAMED.search(table.file))), None)
    wanted = stated or named
    for table in layouts.tables:
        count = len(table.lines)
        counted = next((name for name, known in RELEASES.items() if known.products == count), None)
        version = wanted or counted
        if version is None:
            raise WrongUse("F109", file=table.file, release=list(RELEASES), expected=_counts(), found=count)
        known = RELEASES.get(version)
        shown = next((name for name, one in RELEASES.items() if one.column in table.columns), version)
        if (known and shown != version) or (known is None and counted is not None):
            raise WrongUse(
                "F107", file=table.file, expected=f"Agribalyse {version}", found=f"Agribalyse {counted or shown}"
            )
        if known and count != known.products:
            raise WrongUse("F109", file=table.file, release=version, expected=known.products, found=count)
        wanted = version
    return str(wanted)


_NAMED: Final = re.compile(r"agribalyse[ _-]?v?(\d+(?:\.\d+)+)", re.IGNORECASE)


def _counts() -> list[str]:
    return [f"{known.products} ({name})" for name, known in RELEASES.items()]


def cells_of(line: SourceLine, columns: Mapping[str, Columns]) -> dict[str, object]:
    """Give the cells of a line by field, nested as its columns are."""
    return {field: _cell(line, column) for field, column in columns.items()}


def _cell(line: SourceLine, column: Columns) -> object:
    return line.cells[column] if isinstance(column, str) else tuple(_cell(line, one) for one in column)
