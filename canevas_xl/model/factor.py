"""Owns processes and their factors: what one unit of a thing causes, stage by stage, and where that is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from canevas_xl.model.vocabulary import INDICATORS, STAGES, TOTAL

Impacts = tuple[float | None, ...]
"""One value per category of :data:`INDICATORS`, per unit of the process; None where the source gives none."""


@dataclass(frozen=True, slots=True)
class Process:
    """One row of a source: what it is, how it may be used, how good it is."""

    id: str
    name_fr: str
    name_en: str
    unit: str
    group: str
    """``food``, ``materials``, ``transport_freight``…"""
    source: str
    source_version: str
    source_id: str
    licence: str
    """Key of the set's licence table, which says whether rows may be sent on."""
    geography: str
    reference_year: int | None
    valid_until: date | None
    """End of the period of validity; a passed one is said, not punished."""
    uncertainty_percent: float | None
    """Half-width of the source's 95 % interval; None where it gives none."""
    dqr: float | None
    """Data quality rating of the source, 1 (best) to 5."""
    basis: str
    """Which characterisation the values follow."""
    contains: tuple[str, ...]
    """Life-cycle stages that the value already holds, published apart or not; empty for plain materials, energy,
    freight and waste treatment."""
    withdrawn: str
    """Code of the reason why no list may offer it (texts ``factors``, ``withdrawn.<code>``); empty when it may be
    offered. A flow may still name it on purpose."""
    same_as: str
    """The id that stands for a group of identical rows; empty when it stands alone."""
    note: str

    @property
    def whole_product(self) -> bool:
        """Say whether it stands for a whole product, several stages of its life in one row."""
        return self.unit == "item" or len(self.contains) > 1

    @property
    def cited(self) -> str:
        """Source, release and identifier, as far as the source has them."""
        return ", ".join(part for part in (f"{self.source} {self.source_version}".strip(), self.source_id) if part)

    def name(self, language: str) -> str:
        """The name in ``language``."""
        return self.name_fr if language == "fr" else self.name_en


@dataclass(frozen=True, slots=True)
class Licence:
    """The terms of rows."""

    code: str
    title: str
    attribution: str
    may_be_sent: bool
    """Whether a row may travel in a workbook to somebody else."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What stood in a set where a buyer put another value, and why."""

    process: Process
    """As the set publishes it."""
    climate: float | None
    """Its published impact on climate change per unit, over all stages."""
    reason: str
    by: str
    """``value``, or the reference of the process that stands in its place."""


@dataclass(frozen=True, slots=True)
class FactorSet:
    """Processes and factors of one release."""

    id: str
    version: str
    sha256: str
    """Of its data files, as the manifest states and the loader verifies."""
    processes: Mapping[str, Process]
    factors: Mapping[tuple[str, str], Impacts]
    """(process id, stage) → values; a process has stages of the vocabulary, :data:`TOTAL`, or both."""
    licences: Mapping[str, Licence]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    """Process → what people may call it besides its names, in either language: for searching, never frozen."""
    families: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    """Closed family → choice → process: what the set answers to a template that names the family. Never frozen: the
    template is, with the processes that were answered."""
    replaced: Mapping[str, Replaced] = field(default_factory=dict)
    """Processes of which a buyer replaced the values in one campaign, before its issue."""
    _stages: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    """Own stages by process, in order of display: looked up for every line of every canvas."""

    def __post_init__(self) -> None:
        """Index the stages once."""
        own: dict[str, list[str]] = {}
        for process, stage in self.factors:
            if stage != TOTAL:
                own.setdefault(process, []).append(stage)
        index = {process: tuple(sorted(stages, key=STAGES.index)) for process, stages in own.items()}
        object.__setattr__(self, "_stages", MappingProxyType(index))

    def stages(self, process: str) -> tuple[str, ...]:
        """Stages by which a process is computed, in order of display: its own, else its published total."""
        return self._stages.get(process, (TOTAL,))

    def impacts(self, process: str, stage: str) -> Impacts:
        """Values of one process at one stage."""
        return self.factors[process, stage]

    def whole(self, process: str) -> Impacts:
        """Values over all stages as the canvas computes them: the sum of the stages, unknown if one is."""
        rows = [self.factors[process, stage] for stage in self.stages(process)]
        return tuple(_sum_known([row[i] for row in rows]) for i in range(len(INDICATORS)))

    def by_total(self) -> FactorSet:
        """The same set computed from published totals only, for those processes that have one."""
        totals = {name for (name, stage) in self.factors if stage == TOTAL}
        kept = {key: row for key, row in self.factors.items() if key[0] not in totals or key[1] == TOTAL}
        return replace(self, factors=MappingProxyType(kept))


def _sum_known(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
