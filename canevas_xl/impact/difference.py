"""Owns what the difference between offers rests on, and from which size the data can tell offers apart.

Offers are compared two by two, with the same factors for both: what both share cancels out, so that a doubtful
factor matters only as far as the two offers use it differently. A factor's half-width is its source's, but at least
30 % for a row that stands for a whole product and 50 % for a stand-in. Where the source gives none, the difference is
taken as doubtful as releases are: between Agribalyse 3.1.1 and 3.2 climate moved by more than 10 % for 59 % of common
foods, a half-width of about 45 %. But two offers' steel is not the same steel: half of each factor's variance is taken
to belong to the offer, not to the data set, and does not cancel out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from canevas_xl.impact.characterise import Array, factor_array
from canevas_xl.model.factor import FactorSet, Process
from canevas_xl.model.impact import InventoryLine, PlausibleOffers
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

WHOLE_PRODUCT_FLOOR: Final = 30.0
PROXY_FLOOR: Final = 50.0
UNSTATED: Final = 45.0
"""Half-width where the source gives none, per cent."""
DOUBTFUL: Final = 30.0
"""Half-width from which a factor counts as uncertain, per cent."""
OWN_PART: Final = 0.5
"""Part of a factor's variance that two offers do not share."""
_QUANTILE_95: Final = 1.96
_QUANTILE_90: Final = 1.2816
"""P(A<B) ≥ 0.9: the difference is at least so many of its standard deviations."""
MOST: Final = 0.9
"""Nine pairs in ten."""
TOO_FAR: Final = 0.5
"""A relative difference beyond which saying from where offers separate helps nobody."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What separates offers. Shares are 0 to 1, of the sum of differences line by line, over all pairs."""

    on_proxies: float
    on_defaults: float
    on_uncertain: float
    on_weak: float
    """On any of the three: a line counts once."""
    spread: float
    """Standard deviation of the impacts, relative to their mean."""
    discernible: float
    """Share of pairs of which one is the lower with P ≥ 0.9."""
    separates_from: float | None
    """Relative difference that is enough to be discernible in nine pairs of ten; None beyond 50 %."""


def half_width(process: Process, *, proxy: bool) -> float | None:
    """Give the half-width of a factor in a line, per cent, with the floors; None where the source gives none."""
    if process.uncertainty_percent is None and not proxy:
        return None
    floors = [PROXY_FLOOR] if proxy else []
    if process.whole_product:
        floors.append(WHOLE_PRODUCT_FLOOR)
    return max([process.uncertainty_percent or 0.0, *floors])


def drawn_half_width(process: Process, *, proxy: bool) -> float:
    """Give the half-width that draws use, per cent: an unknown one is never taken for a small one."""
    width = half_width(process, proxy=proxy)
    return UNSTATED if width is None else width


def difference(offers: PlausibleOffers, factors: FactorSet, indicator: str = CLIMATE) -> Difference | None:
    """Compare plausible offers two by two, each with the next in the order in which they were drawn.

    Returns:
        None with fewer than two offers whose impacts are known and positive: shares of nothing mean nothing.
    """
    known = np.nan_to_num(offers.impacts[indicator]) > 0
    inventories = [lines for lines, counts in zip(offers.inventories, known, strict=True) if counts]
    return _between(inventories, [(n, n + 1) for n in range(len(inventories) - 1)], factors, indicator)


def difference_of_all(
    inventories: Sequence[Sequence[InventoryLine]], factors: FactorSet, indicator: str = CLIMATE
) -> Difference | None:
    """Compare offers that came, each with each; all their lines are known.

    Returns:
        None with fewer than two offers, or where one weighs nothing.
    """
    return _between(inventories, list(combinations(range(len(inventories)), 2)), factors, indicator)


def _between(
    inventories: Sequence[Sequence[InventoryLine]], pairs: list[tuple[int, int]], factors: FactorSet, indicator: str
) -> Difference | None:
    if not pairs:
        return None
    left, right = np.array(pairs).T
    position = INDICATORS.index(indicator)
    columns = _columns(inventories)
    amounts = _amounts(inventories, columns, factors, position)
    totals = amounts.sum(axis=1)
    if not (totals > 0).all():
        return None
    gaps = amounts[right] - amounts[left]
    weak = [_weakness(column, factors) for column in columns]
    size = np.abs(gaps).sum() or 1.0
    shares = [float(np.abs(gaps[:, [w[kind] for w in weak]]).sum() / size) for kind in range(3)]
    on_weak = float(np.abs(gaps[:, [any(w) for w in weak]]).sum() / size)
    gap = np.abs(totals[right] - totals[left])
    needed = _QUANTILE_90 * _noise(amounts, (left, right), columns, factors)
    enough = float(np.quantile(needed / np.minimum(totals[left], totals[right]), MOST))
    return Difference(
        on_proxies=shares[0],
        on_defaults=shares[1],
        on_uncertain=shares[2],
        on_weak=on_weak,
        spread=float(totals.std() / totals.mean()),
        discernible=float((gap >= needed).mean()),
        separates_from=enough if enough <= TOO_FAR else None,
    )


Places = NDArray[np.intp]
Column = tuple[str, bool, bool]
"""Process, stand-in, on a default: what makes two lines equally good."""


def _columns(inventories: Iterable[Iterable[InventoryLine]]) -> list[Column]:
    return sorted({(line.process or "", line.proxy, line.on_default) for lines in inventories for line in lines})


def _amounts(
    inventories: Sequence[Sequence[InventoryLine]], columns: list[Column], factors: FactorSet, position: int
) -> Array:
    """Impacts by offer and column; an indicator that a line's factor lacks counts nothing here (A101 says it)."""
    place = {column: j for j, column in enumerate(columns)}
    table = np.array([np.nan_to_num(factor_array(factors.whole(process))[position]) for process, _, _ in columns])
    amounts = np.zeros((len(inventories), len(columns)))
    for i, lines in enumerate(inventories):
        for line in lines:
            j = place[line.process or "", line.proxy, line.on_default]
            amounts[i, j] += (line.quantity or 0.0) * table[j]
    return amounts


def _weakness(column: Column, factors: FactorSet) -> tuple[bool, bool, bool]:
    """Say whether a column rests on a stand-in, on a default, on an uncertain factor."""
    process, proxy, on_default = column
    width = half_width(factors.processes[process], proxy=False)
    return proxy, on_default, width is not None and width >= DOUBTFUL


def _noise(amounts: Array, pairs: tuple[Places, Places], columns: list[Column], factors: FactorSet) -> Array:
    """Give the standard deviation of the difference of each pair.

    Amounts of one process are added up before they are doubted: the shared part of its doubt falls on the difference
    of both offers, the own part on each.
    """
    processes = sorted({process for process, _, _ in columns})
    doubts = np.zeros((len(amounts), len(processes)))
    for j, (process, proxy, _) in enumerate(columns):
        sigma = np.log1p(drawn_half_width(factors.processes[process], proxy=proxy) / 100) / _QUANTILE_95
        doubts[:, processes.index(process)] += amounts[:, j] * sigma
    left, right = doubts[pairs[0]], doubts[pairs[1]]
    shared, own = (right - left) ** 2, left**2 + right**2
    return np.asarray(np.sqrt(((1 - OWN_PART) * shared + OWN_PART * own).sum(axis=1)))
