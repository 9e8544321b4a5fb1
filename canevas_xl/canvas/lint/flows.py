"""Owns the checks of flows: units, stages counted once, processes that cover their perimeter and may be offered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from canevas_xl.canvas.lint.declared import Declared, place
from canevas_xl.canvas.lint.names import BY_PROCESS, OWN
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.template import Family, Flow
from canevas_xl.model.vocabulary import INDICATORS, TOTAL


def check_flows(declared: Declared) -> Iterator[Finding]:
    """Run every check of this module."""
    yield from check_stages_are_counted_once(declared)
    yield from check_stages_hold_what_they_say(declared)
    yield from check_own_stages_exist_and_are_shown(declared)
    yield from check_processes_cover_their_perimeter(declared)
    yield from check_families_are_exclusive(declared)
    yield from check_processes_may_be_offered(declared)
    yield from check_units_agree(declared)


def check_stages_are_counted_once(declared: Declared) -> Iterator[Finding]:
    """T261: a flow at a stage that the factor of another flow already holds is counted twice.

    What a stand-in for silence contains is not held against the others: it weighs more on purpose.
    """
    held: dict[str, list[tuple[Flow, str]]] = defaultdict(list)
    for flow in declared.template.flows:
        if not flow.default_data:
            for process in declared.processes(flow):
                for stage in _held(declared, process, flow):
                    held[stage].append((flow, process))
    for flow in declared.template.flows:
        other = next(((each, process) for each, process in held[flow.stage] if each is not flow), None)
        if flow.stage != OWN and other is not None:
            at = place("flows", flow.code, "stage")
            yield found("T261", at, flow=flow.code, stage=flow.stage, other=other[0].code, process=other[1])


def _held(declared: Declared, process: str, flow: Flow) -> set[str]:
    """The stages that a process brings along, besides the one at which its flow says that it stands."""
    own = {*declared.factors.processes[process].contains, *declared.factors.stages(process)}
    return own - {TOTAL, flow.stage}


def check_stages_hold_what_they_say(declared: Declared) -> Iterator[Finding]:
    """T273: a factor over several stages, put at one of them, tells a wrong story of where impacts arise."""
    for flow in declared.template.flows:
        for process in declared.processes(flow) if flow.stage != OWN and not flow.default_data else ():
            held = _held(declared, process, flow)
            if held:
                yield found(
                    "T273", place("flows", flow.code, "stage"), flow=flow.code, stages=sorted(held), process=process
                )


def check_own_stages_exist_and_are_shown(declared: Declared) -> Iterator[Finding]:
    """T262: ``own`` needs a process with stages. T268: every stage of a flow is one that the template shows."""
    for flow in declared.template.flows:
        stages = {flow.stage}
        if flow.stage == OWN:
            by_process = {
                process: set(declared.factors.stages(process)) - {TOTAL} for process in declared.processes(flow)
            }
            for process in (name for name, own in by_process.items() if not own):
                yield found("T262", place("flows", flow.code, "stage"), flow=flow.code, process=process)
            stages = set().union(*by_process.values())
        hidden = sorted(stages - set(declared.template.stages))
        if hidden:
            yield found("T268", place("flows", flow.code, "stage"), flow=flow.code, stages=hidden)


def check_processes_cover_their_perimeter(declared: Declared) -> Iterator[Finding]:
    """T263: every process that a flow can reach has every indicator of the flow's perimeter."""
    wanted = {perimeter.code: _indicators(perimeter.indicators) for perimeter in declared.template.perimeters}
    for flow in declared.template.flows:
        for process in declared.processes(flow):
            values = dict(zip(INDICATORS, declared.factors.whole(process), strict=True))
            missing = [code for code in wanted.get(flow.perimeter, ()) if values[code] is None]
            if missing:
                at = place("flows", flow.code)
                yield found("T263", at, process=process, perimeter=flow.perimeter, missing=missing)


def _indicators(named: tuple[str, ...]) -> tuple[str, ...]:
    return INDICATORS if "all" in named else tuple(code for code in named if code in INDICATORS)


def check_families_are_exclusive(declared: Declared) -> Iterator[Finding]:
    """T264: one thing, one process: two codes of a list never lead to the same data, in a family or across several."""
    for code in dict.fromkeys(family.list for family in declared.template.families):
        choices: dict[str, dict[str, str]] = defaultdict(dict)
        for family in (each for each in declared.template.families if each.list == code):
            for choice, process in family.members.items():
                known = declared.factors.processes.get(process)
                data = (known.same_as or known.id) if known else process
                choices[data].setdefault(choice, f"{family.code}.{choice} ({process})")
        for data, members in choices.items():
            if len(members) > 1:
                yield found("T264", place("families"), list=code, members=sorted(members.values()), process=data)


def check_processes_may_be_offered(declared: Declared) -> Iterator[Finding]:
    """T266: a process withdrawn from lists is no longer used by any flow."""
    for flow in declared.template.flows:
        for process in declared.processes(flow):
            reason = declared.factors.processes[process].withdrawn
            if reason:
                yield found("T266", place("flows", flow.code), process=process, reason=reason)


def check_units_agree(declared: Declared) -> Iterator[Finding]:
    """T267: a quantity is in the unit of its process; with ``by_process``, each choice's unit leads to it."""
    for flow in declared.template.flows:
        at = place("flows", flow.code, "unit")
        family = declared.families.get(flow.family or "")
        if flow.unit == BY_PROCESS and family is not None:
            yield from _units_by_process(declared, family, at)
            continue
        for process in declared.processes(flow):
            due = declared.factors.processes[process].unit
            if due != flow.unit:
                yield found("T267", at, unit=flow.unit, process=process, due=due)


def _units_by_process(declared: Declared, family: Family, at: Place) -> Iterator[Finding]:
    """Litres per 100 km lead to a process counted in litres."""
    options = declared.lists[family.list].options if family.list in declared.lists else ()
    for option in options:
        process = declared.factors.processes.get(family.members.get(option.code, ""))
        if process is not None and (option.unit or "").split("/")[0] != process.unit:
            yield found("T267", at, unit=option.unit or "–", process=process.id, due=process.unit)
