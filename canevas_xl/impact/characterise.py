"""Owns the step from quantities to impacts: quantity × factor, stage by stage, for the indicators of each perimeter."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Contribution, Impacts, InventoryLine
from canevas_xl.model.method import Method
from canevas_xl.model.template import Flow, Template
from canevas_xl.model.vocabulary import INDICATORS

OWN = "own"
"""The stage of a flow whose process brings its own."""

Array = NDArray[np.float64]


def indicators_of(template: Template) -> MappingProxyType[str, tuple[str, ...]]:
    """Indicators by perimeter; ``all`` stands for every category of the method."""
    return MappingProxyType(
        {p.code: INDICATORS if p.indicators == ("all",) else p.indicators for p in template.perimeters}
    )


def characterise(lines: Sequence[InventoryLine], template: Template, factors: FactorSet, method: Method) -> Impacts:
    """Multiply quantities by factors.

    A line at stage ``own`` gives one contribution per stage of its process; while its process is unknown it gives
    one, at stage ``own``. Unknown quantities, processes and factors give NaN, never zero.

    Raises:
        KeyError: a process that is not in ``factors`` (:func:`coverage` says so at issue).
    """
    indicators = indicators_of(template)
    contributions = tuple(
        Contribution(line, stage, _amounts(line, row, indicators[line.perimeter]))
        for line in lines
        for stage, row in _rows(line, factors)
    )
    points = MappingProxyType({category.code: method.points(category.code) for category in method.categories})
    return Impacts(indicators, contributions, points)


def _rows(line: InventoryLine, factors: FactorSet) -> list[tuple[str, tuple[float | None, ...] | None]]:
    """Pair each stage at which a line counts with the factors of its process there."""
    if line.process is None:
        return [(line.stage, None)]
    if line.stage == OWN:
        return [(stage, factors.impacts(line.process, stage)) for stage in factors.stages(line.process)]
    return [(line.stage, factors.whole(line.process))]


def _amounts(line: InventoryLine, row: tuple[float | None, ...] | None, indicators: tuple[str, ...]) -> Array:
    if row is None or line.quantity is None:
        return np.full(len(indicators), np.nan)
    return line.quantity * factor_array(row)[positions(indicators)]


def factor_array(row: Sequence[float | None]) -> Array:
    """One row of factors as an array, NaN where the source gives none."""
    return np.array([np.nan if value is None else value for value in row], dtype=np.float64)


def positions(indicators: Sequence[str]) -> list[int]:
    """Where indicators stand in a row of factors."""
    return [INDICATORS.index(indicator) for indicator in indicators]


def processes_of(flow: Flow, template: Template) -> tuple[str, ...]:
    """Processes that a flow can reach: its own, or each member of its family."""
    if flow.process is not None:
        return (flow.process,)
    members = [family.members for family in template.families if family.code == flow.family]
    return tuple(dict.fromkeys(process for choice in members for process in choice.values()))


def coverage(template: Template, factors: FactorSet) -> tuple[Finding, ...]:
    """Say which reachable processes lack an indicator that their perimeter announces (A101), or lack at all (A102)."""
    indicators = indicators_of(template)
    findings: dict[tuple[str, ...], Finding] = {}
    for flow in template.flows:
        for process in processes_of(flow, template):
            if process not in factors.processes:
                place = Place(key=flow.code)
                findings.setdefault((process,), found("A102", place, process=process, factors=factors.id))
                continue
            missing = np.isnan(factor_array(factors.whole(process))[positions(indicators[flow.perimeter])])
            for indicator in np.array(indicators[flow.perimeter])[missing]:
                facts = {"process": process, "indicator": str(indicator), "perimeter": flow.perimeter}
                findings.setdefault(
                    (process, str(indicator), flow.perimeter), found("A101", Place(key=flow.code), **facts)
                )
    return tuple(findings.values())


def totals_of_many(
    inventories: Sequence[Sequence[InventoryLine]], template: Template, factors: FactorSet, indicators: Sequence[str]
) -> Array:
    """Impacts of many offers at once: the quantities of each process, times its factors, as one product of matrices.

    Args:
        inventories: lines per functional unit, one sequence per offer.
        template: says which perimeter has which indicators.
        factors: the set that holds every process.
        indicators: which columns to give.

    Returns:
        Shape (offers, indicators); NaN where a line of the offer is unknown.
    """
    counted = indicators_of(template)
    lines = [(i, line) for i, inventory in enumerate(inventories) for line in inventory]
    known = [(i, line) for i, line in lines if line.process is not None and line.quantity is not None]
    columns = sorted({(line.perimeter, line.process or "") for _, line in known})
    place = {key: j for j, key in enumerate(columns)}
    cells = np.array([i * len(columns) + place[line.perimeter, line.process or ""] for i, line in known], np.intp)
    shape = (len(inventories), len(columns))
    size = shape[0] * shape[1]
    amounts = np.array([line.quantity for _, line in known], dtype=np.float64)
    quantities = np.bincount(cells, amounts, minlength=size).reshape(shape)
    present = np.bincount(cells, minlength=size).reshape(shape).astype(np.float64)
    table = np.array(
        [factor_array(factors.whole(process))[positions(indicators)] for _, process in columns], dtype=np.float64
    ).reshape(-1, len(indicators))
    announced = [[indicator in counted[perimeter] for indicator in indicators] for perimeter, _ in columns]
    table = np.where(np.array(announced, dtype=np.bool_).reshape(table.shape), table, 0.0)
    gone = np.isnan(table)
    holes = present @ gone.astype(np.float64)
    for i, line in lines:
        if line.process is None or line.quantity is None:
            holes[i] += [indicator in counted[line.perimeter] for indicator in indicators]
    return np.where(holes > 0, np.nan, quantities @ np.where(gone, 0.0, table))
