"""Owns where things lie in a supplier's workbook: computed once, so that formulas of any sheet can point at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, TypeVar

from canevas_xl.canvas.workbook import grid
from canevas_xl.canvas.workbook.asked import Asked, Item, asked
from canevas_xl.canvas.workbook.identity import IDENTITY
from canevas_xl.canvas.workbook.problems import MESSAGES
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.template import Derived, Flow, Parameter, Rule, Table, Template
from canevas_xl.model.vocabulary import CLIMATE, HOLDS, INDICATORS, STAGES, TOTAL, Origin, Phase

WELCOME: Final = "WELCOME"
OFFER: Final = "OFFER"
WEIGH: Final = "WEIGH"
SOURCES: Final = "SOURCES"
CONTROL: Final = "CONTROL"
LEVERS: Final = "LEVERS"
THREAD: Final = "THREAD"
FEEDBACK: Final = "FEEDBACK"
LISTS: Final = "LISTS"
META: Final = "META"
CALC: Final = "CALC"

DISCUSSED: Final = frozenset({Phase.SOURCING, Phase.NEGOTIATION, Phase.FEEDBACK})
"""Phases with levers, constraints and a thread: inside an offer they would read as reservations."""
ORIGINS: Final = tuple(origin.value for origin in Origin)
"""In the order of the list; *not applicable* stands last, so that a shorter list leaves it out."""
ORIGIN_LIST: Final = "@ORIGIN"
YESNO_LIST: Final = "@YESNO"
MESSAGE_LIST: Final = "@MESSAGE"
HOLD_LIST: Final = "@HOLD"
REQUIREMENT_LIST: Final = "@REQUIREMENT"
ITEM_LIST: Final = "@ITEM"
IDENTITY_ROW: Final = 19
CHECKS_ROW: Final = 4


class Kind(Enum):
    """What a row of *Mon offre* holds."""

    SECTION = auto()
    TABLE = auto()
    ROW = auto()
    ITEM = auto()
    HELP = auto()
    DERIVED = auto()
    DERIVED_HEADING = auto()
    PARAMETER_HEADING = auto()
    PARAMETER = auto()
    BLANK = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of *Mon offre*."""

    kind: Kind
    code: str = ""
    row_code: str = ""
    item: Item | None = None
    parameter: Parameter | None = None
    derived: Derived | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that belong together, bounds included."""

    first: int
    last: int

    def __len__(self) -> int:
        """How many rows."""
        return self.last - self.first + 1

    def column(self, sheet: str, column: int, last: int | None = None) -> Area:
        """One column of the block, or several."""
        return Area(sheet, self.first, column, self.last, column if last is None else last)


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything lies. Rows are zero-based."""

    canvas: Canvas
    asked: Asked
    entries: tuple[Entry, ...]
    """Rows of OFFER from ``grid.BODY`` on."""
    judged: tuple[Item, ...]
    """What the supplier answers on OFFER, in the order of the sheet."""
    answers: Mapping[str, Cell]
    """Answer cells, by key; identity included."""
    parameters: Mapping[str, Cell]
    rows: Mapping[str, Cell]
    """Whether a row of a table exists (1 or 0)."""
    tables: Mapping[str, Cell]
    """Whether a table as a whole is not known (1 or 0): open tables with defaults only."""
    derived: Mapping[tuple[str, str], Cell]
    """Derived values on CALC, by code and row (empty without one)."""
    lists: Mapping[str, Block]
    families: Mapping[str, Block]
    processes: tuple[str, ...]
    """Every process that an answer can reach, in the order of SOURCES."""
    rules: tuple[tuple[Rule, str], ...]
    """Rules, and the row of each."""
    lines: tuple[tuple[Flow, str], ...]
    """Flows, and the row of each: the lines of the inventory."""
    sources: Block
    checks: Block
    counted: Block
    stages: tuple[str, ...]
    """Stages that are shown: the template's, and any other that a process brings."""
    wide: frozenset[str]
    """Perimeters that count more than climate."""
    indicators: tuple[str, ...]
    """All categories that some perimeter counts, where one counts more than climate; else empty."""

    @property
    def template(self) -> Template:
        """The template of the canvas."""
        return self.canvas.subject.template

    def beside(self, key: str, column: int) -> Cell:
        """Another cell on the row of an item."""
        cell = self.answers[key]
        return Cell(cell.sheet, cell.row, column)

    def table_of(self, row: str) -> str | None:
        """The table that a row belongs to; None outside of tables."""
        return next((table for table, rows in self.asked.rows.items() if row in rows), None)

    def row_label(self, row: str) -> str:
        """The words of a row of a table: its name, and the first choice that the buyer fixed in it."""
        texts = self.canvas.subject.texts[self.canvas.language]
        fixed = (item for item in self.asked.in_row(row) if item.locked and item.field.list and item.fixed)
        chosen = [texts.get(f"lists.{item.field.list}.{item.fixed}", "") for item in fixed]
        return " · ".join(filter(None, [texts.get(f"rows.{row}", row), *chosen[:1]]))

    def list_area(self, code: str, column: int) -> Area:
        """One column of a list on LISTS: codes, labels, units."""
        return self.lists[code].column(LISTS, column)


def spread(indicators: tuple[str, ...]) -> tuple[str, ...]:
    """The indicators of a perimeter, ``all`` written out."""
    return INDICATORS if indicators == ("all",) else indicators


def places(canvas: Canvas) -> Places:
    """Compute where everything lies in the workbook of a canvas."""
    template = canvas.subject.template
    what = asked(canvas)
    texts = canvas.subject.texts[canvas.language]
    entries = tuple(e for e in _entries(template, what) if e.kind is not Kind.HELP or texts.get(e.code))
    at = {index: grid.BODY + index for index in range(len(entries))}
    answers = {identity.key: Cell(WELCOME, IDENTITY_ROW + n, grid.VALUE) for n, identity in enumerate(IDENTITY)}
    answers |= {
        e.item.key: Cell(OFFER, at[n], grid.VALUE) for n, e in enumerate(entries) if e.item and e.kind is Kind.ITEM
    }
    judged = tuple(e.item for e in entries if e.kind is Kind.ITEM and e.item and not e.item.locked)
    rules = tuple(_by_row(template.rules, what))
    lines = tuple(_by_row(template.flows, what))
    derived = tuple(_by_row(template.derived, what))
    phase = canvas.subject.campaign.phase
    lists, families = _lists(template, judged, discussed=phase in DISCUSSED)
    checks = Block(CHECKS_ROW, CHECKS_ROW + len(IDENTITY) + len(judged) + len(rules) - 1)
    derived_first = checks.last + 3
    counted = Block(derived_first + len(derived) + 3, derived_first + len(derived) + 2 + len(lines))
    processes = _reached(template, template.flows)
    wide = [p for p in template.perimeters if spread(p.indicators) != (CLIMATE,)]
    return Places(
        canvas=canvas,
        asked=what,
        entries=entries,
        judged=judged,
        answers=MappingProxyType(answers),
        parameters={e.code: Cell(OFFER, at[n], grid.VALUE) for n, e in enumerate(entries) if e.kind is Kind.PARAMETER},
        rows={e.row_code: Cell(OFFER, at[n], grid.ASKED) for n, e in enumerate(entries) if e.kind is Kind.ROW},
        tables={e.code: Cell(OFFER, at[n], grid.ASKED) for n, e in enumerate(entries) if e.kind is Kind.TABLE},
        derived={(d.code, row): Cell(CALC, derived_first + n, 2) for n, (d, row) in enumerate(derived)},
        lists=lists,
        families=families,
        processes=processes,
        rules=rules,
        lines=lines,
        sources=Block(grid.BODY, grid.BODY + len(processes) - 1),
        checks=checks,
        counted=counted,
        stages=_stages(canvas),
        wide=frozenset(p.code for p in wide),
        indicators=tuple(code for code in INDICATORS if any(code in spread(p.indicators) for p in wide)),
    )


def _stages(canvas: Canvas) -> tuple[str, ...]:
    template, factors = canvas.subject.template, canvas.subject.factors
    own = [flow for flow in template.flows if flow.stage == "own"]
    reached = {flow.stage for flow in template.flows if flow.stage != "own"}
    reached |= {stage for process in _reached(template, own) for stage in factors.stages(process)}
    return tuple(stage for stage in (*STAGES, TOTAL) if stage in reached)


Each = TypeVar("Each", Rule, Flow, Derived)


def _by_row(things: Sequence[Each], what: Asked) -> Iterator[tuple[Each, str]]:
    for thing in things:
        if thing.each is None:
            yield thing, ""
        else:
            yield from ((thing, row) for row in what.rows.get(thing.each, ()))


def _entries(template: Template, what: Asked) -> Iterator[Entry]:
    for section in what.sections:
        yield Entry(Kind.SECTION, section.code)
        yield Entry(Kind.HELP, f"sections.{section.code}.help")
        for item in what.in_section(section.code):
            yield Entry(Kind.ITEM, item.field.code, item=item)
            yield Entry(Kind.HELP, f"fields.{item.field.code}.help", item=item)
        for table in template.tables:
            if table.section == section.code and table.code in what.rows:
                yield from _table(template, table, what)
        yield Entry(Kind.BLANK)
    shown = [derived for derived in template.derived if derived.shown and derived.each is None]
    if shown:
        yield Entry(Kind.DERIVED_HEADING)
        yield from (Entry(Kind.DERIVED, derived.code, derived=derived) for derived in shown)
        yield Entry(Kind.BLANK)
    if template.parameters:
        yield Entry(Kind.PARAMETER_HEADING)
        for parameter in template.parameters:
            yield Entry(Kind.PARAMETER, parameter.code, parameter=parameter)


def _table(template: Template, table: Table, what: Asked) -> Iterator[Entry]:
    yield Entry(Kind.TABLE, table.code)
    yield Entry(Kind.HELP, f"tables.{table.code}.help")
    for position, row in enumerate(what.rows[table.code]):
        yield Entry(Kind.ROW, table.code, row)
        for item in what.in_row(row):
            yield Entry(Kind.ITEM, item.field.code, row, item=item)
            if position == 0:
                yield Entry(Kind.HELP, f"fields.{item.field.code}.help", item=item)
        for derived in template.derived:
            if derived.shown and derived.each == table.code:
                yield Entry(Kind.DERIVED, derived.code, row, derived=derived)


def _lists(template: Template, judged: Sequence[Item], *, discussed: bool) -> tuple[dict[str, Block], dict[str, Block]]:
    """Give the blocks of lists and of families on LISTS, one under the other."""
    row = 1
    lists: dict[str, Block] = {}
    sizes = [(ORIGIN_LIST, len(ORIGINS)), (YESNO_LIST, 2), (MESSAGE_LIST, len(MESSAGES))]
    if discussed:
        asked_codes = {item.field.code for item in judged}
        sizes += [(HOLD_LIST, len(HOLDS)), (REQUIREMENT_LIST, len(template.requirements) + 1)]
        sizes += [(ITEM_LIST, len(asked_codes) + 1)]
    sizes += [(choice.code, len(choice.options)) for choice in template.lists]
    for code, size in sizes:
        lists[code] = Block(row, row + size - 1)
        row += size
    families: dict[str, Block] = {}
    for family in template.families:
        families[family.code] = Block(row, row + len(family.members) - 1)
        row += len(family.members)
    return lists, families


def _reached(template: Template, flows: Sequence[Flow]) -> tuple[str, ...]:
    families = {family.code: family for family in template.families}
    reached: dict[str, None] = {}
    for flow in flows:
        chosen = families[flow.family].members.values() if flow.family else (flow.process,)
        reached |= {process: None for process in chosen if process}
    return tuple(reached)
