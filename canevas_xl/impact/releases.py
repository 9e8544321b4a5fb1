"""Owns the release before: the same processes as their sources published them last time, and rankings that turn.

A ranking that another release of the same sources would turn rests on the data, not on the offers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from types import MappingProxyType
from typing import Final

from canevas_xl.impact.figures import total
from canevas_xl.model.factor import FactorSet, Process
from canevas_xl.model.impact import Impacts

NEAR: Final = 0.05
"""Offers that differ by less than this in both releases were never far from turning: said, not weighed."""
_NUMBER: Final = re.compile(r"\d+")


def release_of(process: Process) -> tuple[int, ...]:
    """Give the release of a source as numbers (``V23.6 (2025)`` → 23, 6); what stands in brackets is its year."""
    return tuple(map(int, _NUMBER.findall(process.source_version.partition("(")[0])))


def release_before(factors: FactorSet, processes: Iterable[str], others: Sequence[FactorSet]) -> FactorSet | None:
    """Give the same processes with the values of the latest release before theirs, under the same ids.

    Args:
        factors: the set in use.
        processes: those that count; one that a buyer replaced has no release.
        others: every other set that is there. A process is found again by its source and identifier, if it is counted
            in the same unit and no category that is known now is lost.

    Returns:
        A set that holds all ``processes``, those without an earlier release as they are now; its version names the
        sets that lent values. None where none has an earlier release.
    """
    rows, lenders = dict(factors.factors), dict(factors.processes)
    sets: dict[str, FactorSet] = {}
    index = [(one, {(p.source, p.source_id): p for p in one.processes.values()}) for one in others]
    for name in processes:
        now = factors.processes[name]
        earlier = [(one, held[now.source, now.source_id]) for one, held in index if (now.source, now.source_id) in held]
        fit = [(one, old) for one, old in earlier if _precedes(old, one, now, factors)]
        if not fit or name in factors.replaced:
            continue
        lender, old = max(fit, key=lambda pair: release_of(pair[1]))
        sets[f"{lender.id}@{lender.version}"] = lender
        lenders[name] = replace(old, id=name)
        rows = {key: row for key, row in rows.items() if key[0] != name}
        rows |= {(name, stage): row for (held, stage), row in lender.factors.items() if held == old.id}
    if not sets:
        return None
    return FactorSet(
        id=factors.id,
        version=" ".join(sorted(sets)),
        sha256=" ".join(sets[name].sha256 for name in sorted(sets)),
        processes=MappingProxyType(lenders),
        factors=MappingProxyType(rows),
        licences=MappingProxyType(
            {**{k: v for one in sets.values() for k, v in one.licences.items()}, **factors.licences}
        ),
    )


def _precedes(old: Process, lender: FactorSet, now: Process, factors: FactorSet) -> bool:
    """Say whether a row of another set is an earlier release of a row in use, and as complete."""
    if release_of(old) >= release_of(now) or old.unit != now.unit:
        return False
    pairs = zip(lender.whole(old.id), factors.whole(now.id), strict=True)
    return all(value is not None or known is None for value, known in pairs)


@dataclass(frozen=True, slots=True)
class Turn:
    """Two offers whose order on a category is another with the release before."""

    lighter: int
    """Place of the one that weighs less now."""
    other: int
    """Place of the one that weighed less before."""
    indicator: str
    apart: float
    """How far apart they are in the release that tells them most apart, relative to the lower one."""


def turned(now: Sequence[Impacts], before: Sequence[Impacts], indicators: Iterable[str]) -> tuple[Turn, ...]:
    """Give the pairs of offers whose order turns with the release before.

    Args:
        now: impacts of offers.
        before: of the same offers, in the same order.
        indicators: the categories that are looked at; an offer of which one is not whole has no order on it.

    Returns:
        The farthest apart first.
    """
    turns = (turn for indicator in indicators for turn in _turned_on(now, before, indicator))
    return tuple(sorted(turns, key=lambda turn: -turn.apart))


def _turned_on(now: Sequence[Impacts], before: Sequence[Impacts], indicator: str) -> Iterator[Turn]:
    parts = [[total(impacts, indicator) for impacts in side] for side in (now, before)]
    whole = [i for i in range(len(now)) if all(side[i].complete for side in parts)]
    for i, j in combinations(whole, 2):
        (here, there), (then, over) = ((side[i].known, side[j].known) for side in parts)
        if (here - there) * (then - over) < 0:
            lower = [(abs(a - b), min(a, b)) for a, b in ((here, there), (then, over))]
            apart = max((gap / low for gap, low in lower if low > 0), default=0.0)
            yield Turn(*((i, j) if here < there else (j, i)), indicator, apart)
