"""Owns what the checks of a template look things up in: its parts by code, its formulas with their place and scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from canevas_xl.findings.finding import Place
from canevas_xl.model.expression import Expression
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import ChoiceList, Family, Field, Flow, Table, Template, Texts
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS
from canevas_xl.rules.errors import ExpressionError
from canevas_xl.rules.parse import parse

FILE = "template.toml"


def place(*path: str) -> Place:
    """Say where in the declaration, by codes: ``fields.P01.default``."""
    return Place(file=FILE, key=".".join(path))


def words_place(language: str, path: str) -> Place:
    """Say where in the words of a language."""
    return Place(file=f"texts.{language}.toml", key=path)


@dataclass(frozen=True, slots=True)
class Item:
    """A field, and the table whose column it is."""

    field: Field
    table: Table | None = None

    @property
    def each(self) -> str | None:
        """The table in whose rows its formulas are read."""
        return self.table.code if self.table else None

    @property
    def answered(self) -> bool:
        """Say whether a supplier types it."""
        return not self.field.fixed_by_buyer

    def at(self, *more: str) -> Place:
        """Where it is declared."""
        if self.table is None:
            return place("fields", self.field.code, *more)
        return place("tables", self.table.code, "columns", self.field.code, *more)


@dataclass(frozen=True, slots=True)
class Written:
    """A formula as its author wrote it."""

    text: str
    at: Place
    each: str | None = None
    """The table in whose rows it is read."""
    defines: str = ""
    """The name whose value depends on it."""
    bounds: str = ""
    """The item of which it decides what is plausible."""

    @property
    def tree(self) -> Expression | None:
        """Its tree; None where it cannot be parsed."""
        try:
            return parse(self.text)
        except ExpressionError:
            return None


@dataclass(frozen=True)
class Declared:
    """A template with all that its checks need."""

    template: Template
    texts: Mapping[str, Texts]
    factors: FactorSet
    method: Method

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every field, columns included, in the order of the declaration."""
        columns = (Item(column, table) for table in self.template.tables for column in table.columns)
        return (*(Item(field) for field in self.template.fields), *columns)

    @cached_property
    def item(self) -> Mapping[str, Item]:
        """Items by code."""
        return {item.field.code: item for item in self.items}

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Tables by code."""
        return {table.code: table for table in self.template.tables}

    @cached_property
    def lists(self) -> Mapping[str, ChoiceList]:
        """Lists of choices by code."""
        return {each.code: each for each in self.template.lists}

    @cached_property
    def families(self) -> Mapping[str, Family]:
        """Families by code."""
        return {family.code: family for family in self.template.families}

    @cached_property
    def inside(self) -> Mapping[str, frozenset[str]]:
        """Names that only rows of a table know: its columns and its derived values."""
        return {
            code: frozenset(column.code for column in table.columns)
            | frozenset(derived.code for derived in self.template.derived if derived.each == code)
            for code, table in self.tables.items()
        }

    @cached_property
    def outside(self) -> frozenset[str]:
        """Names known everywhere."""
        template = self.template
        alone = (derived.code for derived in template.derived if derived.each is None)
        return frozenset(
            (*(field.code for field in template.fields), *(each.code for each in template.parameters), *alone)
        )

    @cached_property
    def formulas(self) -> tuple[Written, ...]:
        """Every formula of the template."""
        return tuple(self._formulas())

    def _formulas(self) -> Iterator[Written]:
        unit = self.template.functional_unit
        yield Written(unit.per, place("functional_unit", "per"))
        yield Written(unit.total, place("functional_unit", "total"))
        for item in self.items:
            yield from _of_item(item)
        for each in self.template.derived:
            yield Written(each.formula, place("derived", each.code, "formula"), each.each, each.code)
        for flow in self.template.flows:
            yield Written(flow.quantity, place("flows", flow.code, "quantity"), flow.each)
        for rule in self.template.rules:
            yield Written(rule.holds, place("rules", rule.code, "holds"), rule.each)

    @cached_property
    def climate(self) -> Mapping[str, float | None]:
        """Climate change over all stages, by process that a flow can reach."""
        reached = {process for flow in self.template.flows for process in self.processes(flow)}
        return {process: self.factors.whole(process)[INDICATORS.index(CLIMATE)] for process in reached}

    def codes_of(self, list_code: str | None) -> tuple[str, ...]:
        """The choices of a list; none where it is not declared."""
        found = self.lists.get(list_code or "")
        return tuple(option.code for option in found.options) if found else ()

    def processes(self, flow: Flow) -> tuple[str, ...]:
        """Every process that a flow can reach and that the set holds, once each."""
        family = self.families.get(flow.family or "")
        named = (flow.process,) if flow.process else tuple(family.members.values()) if family else ()
        return tuple(dict.fromkeys(name for name in named if name in self.factors.processes))


def _of_item(item: Item) -> Iterator[Written]:
    field, each = item.field, item.each
    if field.asked_if:
        yield Written(field.asked_if, item.at("asked_if"), each, field.code)
    if field.per:
        yield Written(field.per, item.at("per"), each, bounds=field.code)
    if field.default and field.default.formula:
        yield Written(str(field.default.value), item.at("default"), each, field.code)
    for index, bounds in enumerate(field.plausible_by):
        yield Written(bounds.when, item.at(f"plausible_by[{index}]"), each, bounds=field.code)
