"""Owns the checks of names: each code means one thing, and whatever is named exists."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from canevas_xl.canvas.lint.declared import Declared, Item, place
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.template import FieldType, Flow
from canevas_xl.model.units import UNITS
from canevas_xl.model.vocabulary import STAGES

OWN = "own"
BY_PROCESS = "by_process"


def check_names(declared: Declared) -> Iterator[Finding]:
    """Run every check of this module."""
    yield from check_codes_mean_one_thing(declared)
    yield from check_codes_can_be_written_in_formulas(declared)
    yield from check_set_and_method(declared)
    yield from check_items_name_what_exists(declared)
    yield from check_flows_name_what_exists(declared)
    yield from check_tables_and_items_exist(declared)
    yield from check_words_of_the_field_exist(declared)
    yield from check_families_name_processes(declared)
    yield from check_units_are_known(declared)


def check_codes_mean_one_thing(declared: Declared) -> Iterator[Finding]:
    """T201: fields, columns, parameters, derived values, tables and rows share one drawer of codes."""
    template = declared.template
    named = [(item.field.code, item.at()) for item in declared.items]
    named += [(each.code, place("parameters", each.code)) for each in template.parameters]
    named += [(each.code, place("derived", each.code)) for each in template.derived]
    named += [(each.code, place("tables", each.code)) for each in template.tables]
    named += [(row, place("tables", each.code, "rows", row)) for each in template.tables for row in each.rows]
    yield from _twice(named)
    for part in ("perimeters", "lists", "families", "sections", "flows", "rules", "requirements"):
        yield from _twice([(each.code, place(part, each.code)) for each in getattr(template, part)])
    for each in template.lists:
        yield from _twice([(option.code, place("lists", each.code, option.code)) for option in each.options])


def _twice(named: list[tuple[str, Place]]) -> Iterator[Finding]:
    first: dict[str, Place] = {}
    for code, at in named:
        if code in first:
            yield found("T201", at, name=code, first=first[code].key)
        first.setdefault(code, at)


def check_codes_can_be_written_in_formulas(declared: Declared) -> Iterator[Finding]:
    """T208: a hyphen in a name would read as a minus. Row and option codes are never written bare."""
    template = declared.template
    named = [(item.field.code, item.at()) for item in declared.items]
    for part in ("parameters", "derived", "tables"):
        named += [(each.code, place(part, each.code)) for each in getattr(template, part)]
    for code, at in named:
        if "-" in code:
            yield found("T208", at, name=code, better=code.replace("-", "_"))


def check_set_and_method(declared: Declared) -> Iterator[Finding]:
    """T207: the template is looked at beside the set and the method that it names."""
    template, factors = declared.template, declared.factors
    for key, says, given in (
        ("factor_set", template.factor_set, f"{factors.id}@{factors.version}"),
        ("method", template.method, declared.method.id),
    ):
        if says != given:
            yield found("T207", place(key), says=says, given=given)


def check_items_name_what_exists(declared: Declared) -> Iterator[Finding]:
    """T202: sections and lists of fields; T242: a unit that follows a choice."""
    sections = [section.code for section in declared.template.sections]
    for table in declared.template.tables:
        yield from _unknown(table.section, sections, place("tables", table.code, "section"))
    for item in declared.items:
        field = item.field
        if item.table is None:
            yield from _unknown(field.section or "", sections, item.at("section"))
        if field.list is not None:
            yield from _unknown(field.list, declared.lists, item.at("list"))
        if field.unit_follows is not None and not _gives_units(declared, field.unit_follows, item):
            yield found("T242", item.at("unit_follows"), name=field.unit_follows)


def _gives_units(declared: Declared, code: str, follower: Item) -> bool:
    """Say whether ``code`` is a choice that the follower can see, each of whose options has a unit."""
    chosen = declared.item.get(code)
    if chosen is None or chosen.field.type is not FieldType.CHOICE or chosen.each not in {None, follower.each}:
        return False
    followed = declared.lists.get(chosen.field.list or "")
    options = followed.options if followed else ()
    return all(option.unit is not None for option in options)


def check_flows_name_what_exists(declared: Declared) -> Iterator[Finding]:
    """T202, T203, T204: perimeter, table, family, chooser, replaced flows, process and stage."""
    template = declared.template
    perimeters = [perimeter.code for perimeter in template.perimeters]
    flows = [flow.code for flow in template.flows]
    for flow in template.flows:

        def at(key: str, flow: Flow = flow) -> Place:
            return place("flows", flow.code, key)

        yield from _unknown(flow.perimeter, perimeters, at("perimeter"))
        if flow.each is not None:
            yield from _unknown(flow.each, declared.tables, at("each"))
        if flow.family is not None:
            yield from _unknown(flow.family, declared.families, at("family"))
        if flow.by is not None:
            yield from _unknown(flow.by, _choices(declared, flow.each), at("by"))
        for replaced in flow.replaces:
            yield from _unknown(replaced, [code for code in flows if code != flow.code], at("replaces"))
        if flow.process is not None and flow.process not in declared.factors.processes:
            yield found("T203", at("process"), process=flow.process, set=template.factor_set)
        if flow.stage not in (*STAGES, OWN):
            yield found("T204", at("stage"), stage=flow.stage, known=(*STAGES, OWN))


def _choices(declared: Declared, each: str | None) -> list[str]:
    """The choice fields that a flow over ``each`` can be led by."""
    return [
        item.field.code for item in declared.items if item.field.type is FieldType.CHOICE and item.each in {None, each}
    ]


def check_tables_and_items_exist(declared: Declared) -> Iterator[Finding]:
    """T202: the tables of derived values and rules; the items and flows of rules and requirements."""
    template = declared.template
    flows = [flow.code for flow in template.flows]
    for part in ("derived", "rules"):
        for each in getattr(template, part):
            if each.each is not None:
                yield from _unknown(each.each, declared.tables, place(part, each.code, "each"))
    for rule in template.rules:
        yield from _all_known(rule.about, declared.item, place("rules", rule.code, "about"))
    for requirement in template.requirements:
        yield from _all_known(requirement.governs, flows, place("requirements", requirement.code, "governs"))
        yield from _all_known(requirement.items, declared.item, place("requirements", requirement.code, "items"))


def check_words_of_the_field_exist(declared: Declared) -> Iterator[Finding]:
    """T204, T205: the stages that are shown, and the indicators of perimeters."""
    for stage in declared.template.stages:
        if stage not in STAGES:
            yield found("T204", place("stages"), stage=stage, known=STAGES)
    categories = [category.code for category in declared.method.categories]
    for perimeter in declared.template.perimeters:
        for indicator in perimeter.indicators:
            if indicator not in (*categories, "all"):
                yield found("T205", place("perimeters", perimeter.code), indicator=indicator, known=categories)


def check_families_name_processes(declared: Declared) -> Iterator[Finding]:
    """T202, T203, T265: a family covers its list, no more and no less, with processes of the set."""
    for family in declared.template.families:
        yield from _unknown(family.list, declared.lists, place("families", family.code, "list"))
        codes = declared.codes_of(family.list)
        for code, process in family.members.items():
            if process not in declared.factors.processes:
                at = place("families", family.code, "members", code)
                yield found("T203", at, process=process, set=declared.template.factor_set)
        uneven = sorted(set(codes) ^ set(family.members))
        if codes and uneven:
            yield found("T265", place("families", family.code, "members"), codes=uneven, list=family.list)
    for flow in declared.template.flows:
        chooser = declared.item.get(flow.by or "")
        chosen_from = declared.families.get(flow.family or "")
        if chooser and chosen_from and chooser.field.list != chosen_from.list:
            at = place("flows", flow.code, "by")
            yield found("T270", at, by=flow.by, list=chooser.field.list, family=flow.family, needs=chosen_from.list)


def check_units_are_known(declared: Declared) -> Iterator[Finding]:
    """T206: units come from one small table."""
    template = declared.template
    units = [(item.field.unit, item.at("unit")) for item in declared.items]
    for part in ("parameters", "derived"):
        units += [(each.unit, place(part, each.code, "unit")) for each in getattr(template, part)]
    units += [(flow.unit, place("flows", flow.code, "unit")) for flow in template.flows if flow.unit != BY_PROCESS]
    units += [
        (option.unit, place("lists", each.code, option.code))
        for each in template.lists
        for option in each.options
        if option.unit is not None
    ]
    for unit, at in units:
        if unit not in UNITS:
            yield found("T206", at, unit=unit, known=sorted(UNITS))


def _unknown(name: str, known: Collection[str], at: Place) -> Iterator[Finding]:
    if name not in known:
        yield found("T202", at, name=name or "–", known=sorted(known) or "–")


def _all_known(names: tuple[str, ...], known: Collection[str], at: Place) -> Iterator[Finding]:
    for name in names:
        yield from _unknown(name, known, at)
