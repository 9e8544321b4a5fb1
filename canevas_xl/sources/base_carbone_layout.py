"""Owns how Base Carbone is laid out: its columns, what its elements and posts say, which release it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from canevas_xl.errors import WrongUse
from canevas_xl.model.factor_import import Post, Ratings, SourceLine, SourceTable
from canevas_xl.sources.cells import Code, Columns, Mark, Maybe, Number, Percent, Row, columns_there, number_text

KIND: Final = "Type Ligne"
ELEMENT: Final = "Elément"
POST: Final = "Poste"
CODE: Final = "Identifiant de l'élément"
TYPE: Final = "Type de l'élément"
STATUS: Final = "Statut de l'élément"
UNIT: Final = "Unité français"
CATEGORY: Final = "Code de la catégorie"
PROGRAMME: Final = "Programme"
PLACE: Final = "Localisation géographique"
PART: Final = "Sous-localisation géographique français"
PART_EN: Final = "Sous-localisation géographique anglais"
VALIDITY: Final = "Période de validité"
UNCERTAINTY: Final = "Incertitude"
TOTAL: Final = "Total poste non décomposé"
POST_KIND: Final = "Type poste"
POST_NAME: Final = "Nom poste français"
NAMES_FR: Final = ("Nom base français", "Nom attribut français", "Nom frontière français")
NAMES_EN: Final = ("Nom base anglais", "Nom attribut anglais", "Nom frontière anglais")
TAGS: Final = ("Tags français", "Tags anglais")
GASES: Final = (
    "CO2f", "CH4f", "CH4b", "N2O", *(f"Valeur gaz supplémentaire {n}" for n in range(1, 6)), "Autres GES",
)  # fmt: skip
"""What adds up to the total; biogenic CO2 stays apart."""
MARKS: Final = {
    "technology": "Qualité TeR",
    "geography": "Qualité GR",
    "time": "Qualité TiR",
    "completeness": "Qualité C",
    "precision": "Qualité P",
    "method": "Qualité M",
    "transparency": "Transparence",
}
NUMBERS: Final = (TOTAL, UNCERTAINTY, *GASES, *MARKS.values())
NEEDED: Final = (
    KIND, CODE, TYPE, STATUS, *NAMES_FR, *NAMES_EN, CATEGORY, *TAGS, UNIT, PROGRAMME, PLACE, PART, PART_EN, VALIDITY,
    *MARKS.values(), UNCERTAINTY, POST_KIND, POST_NAME, TOTAL, *GASES,
)  # fmt: skip
WANTED: Final = ("Facteur d'émission", "Valide générique")
"""Type and status of what goes in."""
COPIED: Final = "AGRIBALYSE"
"""The programme of rows that repeat Agribalyse, climate change only and an older release."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release that ADEME published: how many elements and posts it lists."""

    elements: int
    posts: int
    label: str


RELEASES: Final = {"23.6": Release(12817, 5799, "V23.6 (2025)")}
KNOWN_ERRORS: Final = {"23.6": frozenset({"43660", "43661"})}
"""Freight by air with and without contrails, published with the same value: one of them is wrong."""
_NAMED: Final = re.compile(r"(?:^|[^0-9a-z])v[ _.]?(\d+[._]\d+)(?:\D|$)", re.IGNORECASE)


ELEMENT_COLUMNS: Final[dict[str, Columns]] = {
    "code": CODE, "total": TOTAL, "uncertainty": UNCERTAINTY, "gases": GASES, "marks": tuple(MARKS.values()),
}  # fmt: skip
PART_COLUMNS: Final[dict[str, Columns]] = {"code": CODE, "kind": POST_KIND, "name": POST_NAME, "total": TOTAL}
"""Field → where it stands, as :class:`Element` and :class:`Part` hold them."""


class Element(Row):
    """An element: a factor as a whole."""

    code: Code
    total: Number
    uncertainty: Percent
    gases: tuple[Maybe, ...]
    marks: tuple[Mark, ...]

    @property
    def ratings(self) -> Ratings | None:
        """The publisher's marks; a zero there means that none was given."""
        given = {name: mark or None for name, mark in zip(MARKS, self.marks, strict=True)}
        return Ratings(**given) if any(given.values()) else None


class Part(Row):
    """A post: a part of an element."""

    code: Code
    kind: str
    name: str
    total: Number

    def post(self) -> Post:
        """Give it as a noun."""
        return Post(self.kind, self.name, self.total)


def laid_out(table: SourceTable) -> None:
    """Refuse what is not Base Carbone.

    Raises:
        WrongUse: F104, a column is missing.
    """
    columns_there(table, NEEDED)


def release_of(table: SourceTable, stated: str | None) -> str:
    """Tell the release: the one stated, or the one in the file's name.

    Raises:
        WrongUse: F107 it is another release than stated; F108 nothing tells the release; F109 it has not its rows.
    """
    named = _NAMED.search(table.file)
    version = stated or (named[1].replace("_", ".") if named else None)
    elements = sum(line.cells[KIND] == ELEMENT for line in table.lines)
    posts = len(table.lines) - elements
    counted = next((name for name, one in RELEASES.items() if (one.elements, one.posts) == (elements, posts)), None)
    version = version or counted
    if version is None:
        raise WrongUse("F108", file=table.file)
    known = RELEASES.get(version)
    if known is None and counted is not None:
        raise WrongUse("F107", file=table.file, expected=f"Base Carbone V{version}", found=f"Base Carbone V{counted}")
    if known and (known.elements, known.posts) != (elements, posts):
        facts = {"expected": f"{known.elements} + {known.posts}", "found": f"{elements} + {posts}"}
        raise WrongUse("F109", file=table.file, release=version, **facts)
    return version


def cells_of(line: SourceLine, columns: Mapping[str, Columns], *, comma: bool) -> dict[str, object]:
    """Give the cells of a line by field; numbers with a point, whichever sign the file uses."""
    return {
        field: _cell(line, column, comma=comma)
        if isinstance(column, str)
        else tuple(_cell(line, str(one), comma=comma) for one in column)
        for field, column in columns.items()
    }


def _cell(line: SourceLine, column: str, *, comma: bool) -> str:
    text = line.cells[column]
    return number_text(text, decimal_comma=comma) if column in NUMBERS else text


STAGES: Final = {
    "Matières premières": "materials",
    "Approvisionnement": "supply",
    "Mise en forme": "forming",
    "Assemblage": "assembly",
    "Distribution": "delivery",
    "Utilisation": "use",
    "Fin de vie": "end_of_life",
}
"""Posts that are life-cycle stages: an element whose posts all stand here is split. Those of energy and freight
(upstream, combustion, contrails…) are no stages: there the flow says which stage it belongs to."""

GROUPS: Final = (
    ("Traitement des déchets", "end_of_life"),
    ("Transport de marchandises", "transport_freight"),
    ("Transport de personnes", "transport_passenger"),
    ("Electricité", "energy"),
    ("Combustibles", "energy"),
    ("Réseaux de chaleur / froid", "energy"),
    ("Achats de biens > Ratios monétaires", "monetary"),
    ("Achats de services > Ratios monétaires", "monetary"),
    ("Achats de services > Restauration", "food_meals"),
    ("Achats de services", "services"),
    ("Achats de biens > Produits agro-alimentaires", "food"),
    ("Achats de biens > Produits de l'agriculture", "food"),
    ("Achats de biens > Mobilier", "furniture"),
    ("Achats de biens > Machines et équipements > Informatique", "it_devices"),
    ("Achats de biens > Machines et équipements", "equipment"),
    ("Achats de biens > Textile et habillement", "textiles"),
    ("Achats de biens > Papier, carton", "paper"),
    ("Achats de biens > Eau", "water"),
    ("Achats de biens > Plastiques et produits chimiques", "materials"),
    ("Achats de biens > Produits minéraux non métalliques", "materials"),
    ("Achats de biens > Métaux et produits métalliques", "materials"),
    ("Achats de biens > Minerais", "materials"),
    ("Achats de biens > Bois", "materials"),
    ("Achats de biens > Bâtiments", "works"),
    ("Achats de biens", "goods"),
    ("UTCF", "land_use"),
    ("Statistiques territoriales", "territory"),
)
"""How a category begins → group; « process » for the others."""


def group_of(category: str) -> str:
    """Give the group of a category."""
    return next((group for start, group in GROUPS if category.startswith(start)), "process")
