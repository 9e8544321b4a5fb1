"""Owns the check that silence never pays: no published default weighs less than a plausible answer would.

Each scored item is compared with its own silence, around the reference scenario: everything that weighs together
with it is varied, one thing at a time and then several at once. Scenarios that break a rule of the template are left
out. What is compared is climate change, which every process has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from canevas_xl.canvas.lint.declared import Declared, Item, place
from canevas_xl.canvas.lint.formulas import depends, read
from canevas_xl.canvas.lint.reference import row_exists
from canevas_xl.canvas.lint.scenario import Scenario, Values, mixtures
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.template import Flow, Table

MIXTURES = 80
"""Scenarios in which several things vary at once, besides those in which one does."""
NOISE = 1e-9
"""Relative difference below which two sums are the same."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How much silence pays at worst."""

    silent: float
    spoken: float
    said: Values
    around: Values
    """What else differs from the reference there."""

    @property
    def size(self) -> float:
        """What is gained by saying nothing, in kg CO2e per functional unit."""
        return self.spoken - self.silent


def check_silence(declared: Declared) -> Iterator[Finding]:
    """T250, T251, on a template whose names and formulas are in order."""
    reference = Scenario(declared, declared.template.reference)
    reach = _Reach(declared)
    for item in declared.items:
        key = _key(declared, item)
        if key is not None and _counts(item):
            yield from _judged(reach, reference, item, key)
    for table in declared.template.tables:
        if table.open and table.defaults and row_exists(declared, table, table.rows[0]):
            yield from _table_judged(reach, reference, table)


def _counts(item: Item) -> bool:
    """Say whether silence on this item is replaced by something."""
    field = item.field
    neutral = field.default is not None and field.default.kind == "neutral"
    asks_back = field.consequence == "blocks" and field.default is None
    with_its_table = item.table is not None and bool(item.table.defaults) and field.default is None
    return item.answered and field.scored and field.feeds == "impact" and not (neutral or asks_back or with_its_table)


def _key(declared: Declared, item: Item) -> str | None:
    """The key under which an item is looked at: in the first row that the reference has."""
    if item.table is None:
        return item.field.code
    row = next((row for row in item.table.rows if row_exists(declared, item.table, row)), None)
    return None if row is None else f"{row}.{item.field.code}"


class _Reach:
    """Which flows an item weighs in, and which other items weigh with it."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self._edges = depends(declared)
        for written in declared.formulas:
            if written.bounds:
                self._edges.setdefault(written.bounds, set()).update(read(declared, written))
        roots = {written.at.key: read(declared, written) for written in declared.formulas}
        self._everywhere = self._closed(roots["functional_unit.per"])
        self._of_flow = {
            flow.code: self._closed({*roots[f"flows.{flow.code}.quantity"], *([flow.by] if flow.by else [])})
            for flow in declared.template.flows
        }

    def _closed(self, names: set[str] | frozenset[str]) -> set[str]:
        open_names, reached = list(names), set[str]()
        while open_names:
            name = open_names.pop()
            if name not in reached:
                reached.add(name)
                open_names += self._edges.get(name, ())
        return reached

    def flows(self, codes: set[str]) -> Sequence[Flow]:
        """The flows in which any of the items weighs: all, where one decides what everything is divided by."""
        flows = self.declared.template.flows
        return flows if codes & self._everywhere else [flow for flow in flows if codes & self._of_flow[flow.code]]

    def beside(self, codes: set[str]) -> list[str]:
        """The keys of other items that weigh in the same flows."""
        names = set().union(*(self._of_flow[flow.code] for flow in self.flows(codes)))
        names |= self._everywhere if codes & self._everywhere else set()
        beside = [item for item in self.declared.items if item.field.code in names - codes]
        return [key for item in beside if (key := _key(self.declared, item)) is not None]


def _contexts(reach: _Reach, reference: Scenario, codes: set[str]) -> Iterator[Scenario]:
    """The reference, then the reference with one thing said otherwise, then with several; each once."""
    values = {key: reference.could_be(key) for key in reach.beside(codes)}
    alone = ({key: value} for key, said in values.items() for value in said)
    seen: list[Values] = []
    for otherwise in chain([{}], alone, islice(mixtures(values), MIXTURES)):
        context = reference.with_values(otherwise)
        if context.values not in seen:
            seen.append(context.values)
            yield context


def _judged(reach: _Reach, reference: Scenario, item: Item, key: str) -> Iterator[Finding]:
    codes = {item.field.code}
    flows = reach.flows(codes)
    gaps: list[Gap] = []
    for context in _contexts(reach, reference, codes):
        silent = context.without([key], key if item.field.default else None)
        spoken = [context.with_values({key: value}) for value in context.could_be(key)]
        gaps += _gaps(silent, spoken, flows, [key])
    yield from _said(gaps, item.field.code, item.at("default") if item.field.default else item.at())


def _table_judged(reach: _Reach, reference: Scenario, table: Table) -> Iterator[Finding]:
    """Compare an open table of which nothing is known with one plausible row."""
    codes = {column.code for column in table.columns}
    first, *others = (f"{table.rows[0]}.{column.code}" for column in table.columns)
    every = [f"{row}.{code}" for row in table.rows for code in codes]
    flows = reach.flows(codes)
    gaps: list[Gap] = []
    for context in _contexts(reach, reference, codes):
        empty, silent = context.without(every), context.without(every, first)
        for begun in (empty.with_values({first: value}) for value in reference.could_be(first)):
            ends = islice(mixtures({key: begun.could_be(key) for key in others}), 3)
            gaps += _gaps(silent, [begun.with_values(end) for end in ends], flows, [first, *others])
    yield from _said(gaps, table.code, place("tables", table.code, "defaults"))


def _gaps(silent: Scenario, spoken: Sequence[Scenario], flows: Sequence[Flow], keys: Sequence[str]) -> Iterator[Gap]:
    """Compare one silence with what plausible answers weigh."""
    for scenario in (each for each in spoken if each.plausible):
        unheard, heard = silent.climate(flows), scenario.climate(flows)
        if unheard is not None and heard is not None:
            said = {key: scenario.values[key] for key in keys if key in scenario.values}
            yield Gap(unheard, heard, said, scenario.differs(keys))


def _said(gaps: Sequence[Gap], code: str, at: Place) -> Iterator[Finding]:
    worst = max(gaps, key=lambda gap: gap.size, default=None)
    if worst is None:
        yield found("T251", at, name=code)
    elif worst.size > NOISE * max(abs(worst.spoken), abs(worst.silent)):
        facts = {"said": _listed(worst.said), "around": _listed(worst.around) or "–"}
        yield found("T250", at, name=code, silent=worst.silent, spoken=worst.spoken, **facts)


def _listed(values: Values) -> list[str]:
    return [f"{key} = {value:.6g}" if isinstance(value, float) else f"{key} = {value}" for key, value in values.items()]
