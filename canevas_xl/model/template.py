"""Owns the template: the versioned declaration from which a canvas's workbook, reader, checks and scores follow.

Every class is the schema of one TOML table (unknown keys are refused) and the frozen noun at once. Formulas
stay text here; ``rules.parse`` turns them into trees. Words stand apart, in :class:`Texts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Key

from canevas_xl.model.vocabulary import ControlledBy, Phase

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{0,15}$")]
"""What workbooks are searched by: short, capital, safe in every spreadsheet."""
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
"""What only authors read: perimeters, flows."""
Formula = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""Text in the expression language (docs/templates.md)."""
ProcessId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+-[A-Za-z0-9_]+$")]
Version = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]


class Noun(BaseModel):
    """Frozen, and deaf to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Perimeter(Noun):
    """A set of flows with one list of indicators, fixed at issue (DOMAIN: coverage is judged per perimeter)."""

    code: Name
    indicators: tuple[str, ...]
    """Trigrams of impact categories; ``["all"]`` for the method's every category."""


class Option(Noun):
    """One choice of a list."""

    code: Code
    unit: str | None = None
    """The unit that a field with ``unit_follows`` takes when this is chosen."""


class ChoiceList(Noun):
    """A closed list of choices, by code; labels stand in the texts."""

    code: Code
    options: tuple[Option, ...]


class Range(Noun):
    """Bounds, both included; a missing one is open."""

    min: float | None = None
    max: float | None = None


class FieldType(StrEnum):
    """What can be typed."""

    NUMBER = "number"
    INTEGER = "integer"
    CHOICE = "choice"
    TEXT = "text"


class Default(Noun):
    """The published value that counts when a supplier says that it does not know."""

    value: float | str
    """A number, or a code of the field's list, or a formula (``formula = true``)."""
    formula: bool = False
    kind: Literal["conservative", "neutral"] = "conservative"
    """``neutral`` needs a reason: silence must not pay."""


class Field(Noun):
    """One thing asked: on its own, or as a column of a table."""

    code: Code
    section: Code | None = None
    """Where it stands; columns stand where their table does."""
    type: FieldType
    unit: str = "1"
    unit_follows: Code | None = None
    """A choice field whose chosen option gives the unit."""
    list: Code | None = None
    hard: Range = Range()
    """Outside these bounds a value is refused."""
    plausible: Range = Range()
    """Outside these bounds a value is doubted."""
    plausible_by: tuple[PlausibleBy, ...] = ()
    """Plausible bounds that depend on a choice."""
    per: Formula | None = None
    """What the value is divided by before the bounds are looked at (``K1``: bounds per meal)."""
    max_length: int = 120
    default: Default | None = None
    consequence: Literal["default", "blocks", "none"] = "default"
    """If missing: the default counts; a clarification is asked; nothing follows."""
    not_applicable: float | None = None
    """What counts when the supplier says that the question does not apply; absent: it cannot say so."""
    asked_if: Formula | None = None
    """Asked only when this holds."""
    evidence: bool = False
    """A document is asked for; the texts say which, « ou équivalent »."""
    scored: bool = False
    contractual: bool = False
    controlled_by: ControlledBy | None = None
    minutes: float = 0.0
    days_to_get: float = 0.0
    phases: tuple[Phase, ...] = tuple(Phase)
    fixed_by_buyer: bool = False
    """Set by the buyer for each row of the lot (a device's type): locked for the supplier."""
    feeds: Literal["impact", "criterion", "clause", "requirement", "information"] = "impact"
    """What the answer is used for."""
    block: Name | None = None
    """Fields of one block are answered together and count as one answer; those of a fragment make one."""

    @model_validator(mode="after")
    def _choice_has_list(self) -> Self:
        if (self.type is FieldType.CHOICE) != (self.list is not None):
            raise ValueError("a field of type choice names its list, and no other does")
        return self


class PlausibleBy(Noun):
    """Plausible bounds while ``when`` holds."""

    when: Formula
    min: float | None = None
    max: float | None = None


class Section(Noun):
    """A titled group on *Mon offre*."""

    code: Code
    phases: tuple[Phase, ...] = tuple(Phase)


class Table(Noun):
    """A group of fields asked once per row. Every cell has the key ``<row>.<column>``."""

    code: Code
    section: Code
    rows: tuple[Code, ...]
    """Row codes, unique in the template; their labels stand in the texts."""
    open: bool = False
    """Open rows exist once something is typed in them; others always exist."""
    required_rows: int = 0
    """Rows of an open table that always exist, so that leaving it empty is missing, not nothing."""
    defaults: dict[str, float | str] = Key(default_factory=dict)
    """By key: what counts for the whole table when the supplier does not know it (see ``not_known``)."""
    rows_by_lot: bool = False
    """Rows exist where the buyer filled the columns that it fixes, in the lot."""
    columns: tuple[Field, ...]


class Parameter(Noun):
    """A published constant of the need, set by the buyer per lot, locked for the supplier."""

    code: Code
    unit: str
    default: float
    hard: Range = Range()
    group: Code | None = None


class Derived(Noun):
    """A named intermediate result, shown where it helps (credited years, mass not detailed)."""

    code: Code
    formula: Formula
    unit: str = "1"
    each: Code | None = None
    """A table: one value per row."""
    shown: bool = False
    """Shown to the supplier under the table or section it belongs to."""


class Flow(Noun):
    """A quantity of one process, at one stage, per functional unit."""

    code: Name
    perimeter: Name
    stage: str
    """A stage of the vocabulary; ``own`` when the process brings its own stages."""
    process: ProcessId | None = None
    family: Name | None = None
    """Instead of ``process``: a closed family, chosen by a code."""
    by: Code | None = None
    """The field whose code chooses in the family."""
    quantity: Formula
    unit: str
    """Must be the unit of the process; ``by_process`` where a family's members are counted in different units and
    the field that gives the amount takes its unit from the same choice (``unit_follows``)."""
    each: Code | None = None
    """A table: one flow per row."""
    controlled_by: ControlledBy
    proxy: bool = False
    default_data: bool = False
    """The flow exists because something was not said: it counts among the default values."""
    replaces: tuple[Name, ...] = ()
    """Generic flows that this one switches off (their quantity must be zero when this one is not)."""

    @model_validator(mode="after")
    def _one_process(self) -> Self:
        if (self.process is None) == (self.family is None) or (self.family is None) != (self.by is None):
            raise ValueError("a flow names a process, or a family and the field that chooses in it")
        return self


class Family(Noun):
    """Closed and mutually exclusive: each choice of a list is one process."""

    code: Name
    list: Code
    members: dict[Code, ProcessId] = Key(default_factory=dict)
    """May be left out with ``of_set``: the factor set answers."""
    of_set: Name | None = None
    """A closed family of the factor set: its choices of the same code are the members that are not named."""


class Rule(Noun):
    """Something that must hold across answers; unknown says nothing."""

    code: Code
    holds: Formula
    severity: Literal["blocks", "doubt"]
    each: Code | None = None
    about: tuple[Code, ...]
    """The fields that it speaks about."""


class Requirement(Noun):
    """Something the specification may demand; it governs flows or asks for items."""

    code: Code
    kind: Literal["minimum", "scored", "clause", "variant", "information"]
    governs: tuple[Name, ...] = ()
    items: tuple[Code, ...] = ()
    adjustable: bool = True


class FunctionalUnit(Noun):
    """What everything is counted for; the texts word it."""

    unit: str
    per: Formula
    """What the sum of flow quantities is divided by (``1``, or credited years ``L``)."""
    total: Formula
    """How many functional units the contract holds (``N * YEARS``)."""


class Scale(Noun):
    """The published bounds of formula F5, impact per functional unit."""

    low: float
    high: float


class UseFragment(Noun):
    """A shared part of templates, and what its open names stand for."""

    fragment: str
    """``delivery-round@1.0.0``."""
    section: Code
    bind: dict[Code, Formula] = {}
    """Names the fragment leaves open → formulas of this template."""
    perimeter: Name
    flow_unit_divisor: Formula = "1"


class Template(Noun):
    """A versioned declaration of a canvas."""

    id: Name
    version: Version
    factor_set: str
    """``starter@2026.1.0``."""
    method: str
    """``ef-3.1``."""
    phases: tuple[Phase, ...]
    functional_unit: FunctionalUnit
    stages: tuple[str, ...]
    """Stages of the vocabulary that this template shows, in order."""
    perimeters: tuple[Perimeter, ...]
    parameters: tuple[Parameter, ...] = ()
    lists: tuple[ChoiceList, ...] = ()
    families: tuple[Family, ...] = ()
    sections: tuple[Section, ...]
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    derived: tuple[Derived, ...] = ()
    flows: tuple[Flow, ...]
    rules: tuple[Rule, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    fragments: tuple[UseFragment, ...] = ()
    """Emptied by the loader once their parts are merged in."""
    reference: dict[str, float | str] = Key(default_factory=dict)
    """Answers of the generic reference scenario, by key."""
    scale: Scale


class Fragment(Noun):
    """A shared part: what a template gains by naming it."""

    id: Name
    version: Version
    open_names: tuple[Code, ...] = ()
    """Names that the template must bind."""
    lists: tuple[ChoiceList, ...] = ()
    families: tuple[Family, ...] = ()
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    derived: tuple[Derived, ...] = ()
    flows: tuple[Flow, ...] = ()
    rules: tuple[Rule, ...] = ()


Texts = MappingProxyType[str, str]
"""The words of a template in one language, by dotted path (``fields.P01.label``)."""


@dataclass(frozen=True, slots=True)
class LoadedTemplate:
    """A template whole, with its fragments merged in, its words, and the hash of the files they came from."""

    template: Template
    texts: Mapping[str, Texts]
    """By language."""
    sha256: str
