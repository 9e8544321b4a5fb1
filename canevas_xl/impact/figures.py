"""Owns the figures read from impacts: totals, views and shares, each as a pair (known part, lines that are not).

Amounts are per functional unit, in the unit of their indicator. A perimeter without the indicator takes no part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import fsum
from types import MappingProxyType

import numpy as np

from canevas_xl.model.expression import Partial
from canevas_xl.model.impact import Contribution, Impacts, InventoryLine
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, STAGES, ControlledBy


def amount(impacts: Impacts, contribution: Contribution, indicator: str) -> float | None:
    """What one contribution causes; NaN while unknown, None where its perimeter has no such indicator."""
    indicators = impacts.indicators[contribution.line.perimeter]
    return float(contribution.impacts[indicators.index(indicator)]) if indicator in indicators else None


def _counted(impacts: Impacts, indicator: str) -> list[tuple[Contribution, float]]:
    amounts = [(c, amount(impacts, c, indicator)) for c in impacts.contributions]
    return [(contribution, value) for contribution, value in amounts if value is not None]


def _added(parts: Iterable[tuple[Contribution, float]]) -> Partial:
    """Add up what is known; count the lines (not their stages) that are not."""
    known, unknown = 0.0, set()
    for contribution, value in parts:
        if np.isnan(value):
            unknown.add((contribution.line.flow, contribution.line.row))
        else:
            known += value
    return Partial(known, len(unknown))


def total(impacts: Impacts, indicator: str = CLIMATE, perimeter: str | None = None) -> Partial:
    """Give the total over one perimeter, or over all that have the indicator."""
    counted = _counted(impacts, indicator)
    return _added(part for part in counted if perimeter in {None, part[0].line.perimeter})


def score(impacts: Impacts, perimeter: str) -> Partial | None:
    """Give the weighted single score of a perimeter, mPt; None unless it has all 16 indicators."""
    indicators = impacts.indicators[perimeter]
    if set(indicators) != set(INDICATORS):
        return None
    inside = (contribution for contribution in impacts.contributions if contribution.line.perimeter == perimeter)
    return _added((contribution, weighted(impacts, perimeter, contribution.impacts)) for contribution in inside)


def weighted(impacts: Impacts, perimeter: str, values: Iterable[float]) -> float:
    """Weigh the categories of a perimeter into millipoints; added up exactly, so that every processor gives the same.

    Args:
        impacts: holds the points of each category.
        perimeter: has all categories.
        values: one per category of the perimeter, NaN where unknown.
    """
    return fsum(impacts.points[code] * value for code, value in zip(impacts.indicators[perimeter], values, strict=True))


def _view(
    impacts: Impacts, indicator: str, key: Callable[[Contribution], str]
) -> dict[str, list[tuple[Contribution, float]]]:
    groups: dict[str, list[tuple[Contribution, float]]] = {}
    for part in _counted(impacts, indicator):
        groups.setdefault(key(part[0]), []).append(part)
    return groups


def by_stage(impacts: Impacts, indicator: str = CLIMATE) -> Mapping[str, Partial]:
    """Give the total of each life-cycle stage, in order of display; ``own`` gathers lines whose process is unknown."""
    groups = _view(impacts, indicator, lambda contribution: contribution.stage)
    order = sorted(groups, key=lambda stage: STAGES.index(stage) if stage in STAGES else len(STAGES))
    return MappingProxyType({stage: _added(groups[stage]) for stage in order})


def by_line(impacts: Impacts, indicator: str = CLIMATE) -> Mapping[tuple[str, str], Partial]:
    """Give the total of each (flow, row), in the order of the template."""
    groups: dict[tuple[str, str], list[tuple[Contribution, float]]] = {}
    for part in _counted(impacts, indicator):
        groups.setdefault((part[0].line.flow, part[0].line.row), []).append(part)
    return MappingProxyType({key: _added(parts) for key, parts in groups.items()})


def by_controller(impacts: Impacts, indicator: str = CLIMATE) -> Mapping[ControlledBy, Partial]:
    """Give the total of what each party decides; parties that decide nothing are zero."""
    groups = _view(impacts, indicator, lambda contribution: contribution.line.controlled_by)
    return MappingProxyType({who: _added(groups.get(who, [])) for who in ControlledBy})


def who_decides(impacts: Impacts, indicator: str = CLIMATE) -> Mapping[ControlledBy, float]:
    """Give the share of each party in what is known, 0 to 1; NaN while nothing is."""
    parts = by_controller(impacts, indicator)
    whole = sum(part.known for part in parts.values())
    return MappingProxyType({who: part.known / whole if whole else float("nan") for who, part in parts.items()})


def share_of(impacts: Impacts, chosen: Callable[[InventoryLine], bool], indicator: str = CLIMATE) -> float:
    """Give the share of the chosen lines in what is known, 0 to 1; NaN while nothing is."""
    counted = _counted(impacts, indicator)
    whole = _added(counted).known
    return _added(part for part in counted if chosen(part[0].line)).known / whole if whole else float("nan")


def share_on_defaults(impacts: Impacts, indicator: str = CLIMATE) -> float:
    """Give the share of what is known that rests on published default values."""
    return share_of(impacts, lambda line: line.on_default, indicator)


def share_on_proxies(impacts: Impacts, indicator: str = CLIMATE) -> float:
    """Give the share of what is known that rests on stand-in data."""
    return share_of(impacts, lambda line: line.proxy, indicator)
