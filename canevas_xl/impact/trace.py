"""Owns the way back from a figure to its lines, factors and sources."""

from __future__ import annotations

import math
from typing import Final

from canevas_xl.impact.characterise import OWN
from canevas_xl.impact.figures import amount, weighted
from canevas_xl.model.expression import Partial
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Contribution, Impacts, Step, Trace
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

INDEX: Final = "index"
"""Stands for the indicator where a figure is the weighted index of a perimeter, mPt."""


def trace(
    impacts: Impacts,
    factors: FactorSet,
    indicator: str = CLIMATE,
    *,
    stage: str | None = None,
    flow: str | None = None,
    row: str | None = None,
) -> Trace:
    """Follow the total of ``indicator``, or of one stage, flow or row of it, back to what it was computed from.

    The figures of the steps are those that were added up, so they add up again to the figure.
    """
    steps = [
        _step(contribution, value, factors, _factor(contribution, factors, indicator))
        for contribution in impacts.contributions
        if stage in {None, contribution.stage}
        and flow in {None, contribution.line.flow}
        and row in {None, contribution.line.row}
        for value in (amount(impacts, contribution, indicator),)
        if value is not None
    ]
    return _followed(steps, factors, indicator)


def trace_index(impacts: Impacts, factors: FactorSet, perimeter: str) -> Trace:
    """Follow the weighted index of a perimeter that has all categories: factors and amounts are in mPt.

    Raises:
        ValueError: the perimeter lacks a category.
    """
    indicators = impacts.indicators[perimeter]
    if set(indicators) != set(INDICATORS):
        raise ValueError(perimeter)
    steps = []
    for contribution in impacts.contributions:
        if contribution.line.perimeter == perimeter:
            rows = [_factor(contribution, factors, indicator) for indicator in indicators]
            known = [value for value in rows if value is not None]
            factor = weighted(impacts, perimeter, known) if len(known) == len(rows) else None
            value = weighted(impacts, perimeter, contribution.impacts)
            steps.append(_step(contribution, value, factors, factor))
    return _followed(steps, factors, INDEX)


def _followed(steps: list[Step], factors: FactorSet, indicator: str) -> Trace:
    unknown = {(step.flow, step.row) for step in steps if step.amount is None}
    whole = Partial(sum(step.amount for step in steps if step.amount is not None), len(unknown))
    ordered = sorted(steps, key=lambda step: (step.amount is not None, -abs(step.amount or 0.0)))
    return Trace(indicator, whole, tuple(ordered), f"{factors.id}@{factors.version}", factors.sha256)


def _step(contribution: Contribution, value: float, factors: FactorSet, factor: float | None) -> Step:
    line = contribution.line
    process = factors.processes[line.process] if line.process is not None else None
    return Step(
        flow=line.flow,
        row=line.row,
        perimeter=line.perimeter,
        stage=contribution.stage,
        process=line.process,
        quantity=line.quantity,
        unit=process.unit if process else line.unit,
        factor=factor,
        amount=None if math.isnan(value) else value,
        source=f"{process.source} {process.source_version}, {process.source_id}" if process else "",
        reference_year=process.reference_year if process else None,
        uncertainty_percent=process.uncertainty_percent if process else None,
        proxy=line.proxy,
        on_default=line.on_default,
    )


def _factor(contribution: Contribution, factors: FactorSet, indicator: str) -> float | None:
    line = contribution.line
    if line.process is None:
        return None
    own = line.stage == OWN
    row = factors.impacts(line.process, contribution.stage) if own else factors.whole(line.process)
    return row[INDICATORS.index(indicator)]
