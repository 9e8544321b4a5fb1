"""Owns what the doubt about factors and quantities makes of the impacts of offers that are compared.

Draws are paired. What the data set leaves open about a process is drawn once, for all offers: if steel is worse than
published, it is worse for everybody. Drawn apart for each offer, it would drown any difference between offers that
share most of their lines. But two firms' steel is not the same steel: a part of each factor's doubt can be drawn for
each offer, and so can the quantities that suppliers declare.

A half-width of U % is read as that of a 95 % interval of a lognormal: σ = ln(1+U)/1.96 (conventions and floors:
``impact.difference``). Draws hang on the process and on the offer's own lines, never on who else is there or in
which order: one more offer changes nothing about the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from canevas_xl.impact.characterise import Array
from canevas_xl.impact.difference import OWN_PART, drawn_half_width
from canevas_xl.impact.figures import by_line
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Impacts
from canevas_xl.model.score import Chances
from canevas_xl.model.vocabulary import CLIMATE, ControlledBy

DRAWS: Final = 10_000
CHUNK: Final = 500
"""Draws held at once, of one offer."""
SEED: Final = 1
QUANTITY: Final = 10.0
"""Half-width of a quantity that its supplier declares, per cent; what the buyer fixes is certain."""
BAND: Final = (5.0, 95.0)
_QUANTILE_95: Final = 1.96


@dataclass(frozen=True, slots=True)
class DoubtfulLine:
    """What one line of one offer causes, and how far that is certain."""

    process: str
    amount: float
    """Per functional unit, as published factors give it."""
    factor: float
    """σ of the factor."""
    quantity: float
    """σ of the quantity."""


@dataclass(frozen=True, slots=True)
class View:
    """What is drawn for each offer apart."""

    own_part: float
    """Part of each factor's variance, 0 to 1."""
    quantities: bool


SAME_DATA: Final = View(0.0, quantities=False)
OWN_DATA: Final = View(OWN_PART, quantities=True)


def doubtful_lines(impacts: Impacts, factors: FactorSet, indicator: str = CLIMATE) -> tuple[DoubtfulLine, ...]:
    """Give the lines of an offer that take part in ``indicator`` and are known, in the order of the template."""
    amounts = by_line(impacts, indicator)
    lines = {(c.line.flow, c.line.row): c.line for c in impacts.contributions}
    found = []
    for key, part in amounts.items():
        line = lines[key]
        if part.complete and line.process is not None:
            declared = line.controlled_by is ControlledBy.SUPPLIER
            found.append(
                DoubtfulLine(
                    line.process,
                    part.known,
                    sigma(drawn_half_width(factors.processes[line.process], proxy=line.proxy)),
                    sigma(QUANTITY) if declared else 0.0,
                )
            )
    return tuple(found)


def sigma(half_width_percent: float) -> float:
    """Give σ of the logarithm for a 95 % half-width in per cent."""
    return float(np.log1p(half_width_percent / 100) / _QUANTILE_95)


def sampled(offers: Sequence[Sequence[DoubtfulLine]], view: View, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Draw the impacts of offers.

    Args:
        offers: the lines of each.
        view: what is drawn apart.
        draws: how many.
        seed: the same seed gives the same draws.

    Returns:
        Shape (offers, draws), per functional unit.
    """
    processes = sorted({line.process for lines in offers for line in lines})
    shared = {process: _generator(seed, process).standard_normal(draws) for process in processes}
    if view == SAME_DATA:
        return _drawn_once(offers, shared, draws)
    return np.array([_drawn_apart(lines, shared, view, (draws, seed)) for lines in offers]).reshape(-1, draws)


def _drawn_once(offers: Sequence[Sequence[DoubtfulLine]], shared: Mapping[str, Array], draws: int) -> Array:
    """Draw each factor once: offers differ only by how much of it they use.

    Each offer is added up by itself: one product of matrices would round it otherwise with each offer more.
    """
    columns = sorted({(line.process, line.factor) for lines in offers for line in lines})
    totals = np.zeros((len(offers), draws))
    for chunk in _chunks(draws):
        drawn = {(process, factor): np.exp(factor * shared[process][chunk]) for process, factor in columns}
        for i, lines in enumerate(offers):
            for line in lines:
                totals[i, chunk] += line.amount * drawn[line.process, line.factor]
    return totals


def _drawn_apart(
    lines: Sequence[DoubtfulLine], shared: Mapping[str, Array], view: View, size: tuple[int, int]
) -> Array:
    """Draw one offer: part of each factor, and the quantities that its supplier declares, are its own."""
    draws, seed = size
    processes = sorted({line.process for line in lines})
    column = [processes.index(line.process) for line in lines]
    amounts = np.array([line.amount for line in lines])
    factor = np.array([line.factor for line in lines])
    quantity = np.array([line.quantity for line in lines])
    declared = np.flatnonzero(quantity) if view.quantities else np.array([], dtype=np.intp)
    own = _generator(seed, repr(sorted((line.process, line.amount) for line in lines)))
    totals = np.zeros(draws)
    for chunk in _chunks(draws if lines else 0):
        count = chunk.stop - chunk.start
        together = np.stack([shared[process][chunk] for process in processes], axis=1)
        apart = own.standard_normal((count, len(processes)))
        doubt = factor * (np.sqrt(1 - view.own_part) * together + np.sqrt(view.own_part) * apart)[:, column]
        doubt[:, declared] += quantity[declared] * own.standard_normal((count, len(declared)))
        totals[chunk] = np.exp(doubt) @ amounts
    return totals


def _chunks(draws: int) -> Iterator[slice]:
    return (slice(start, min(start + CHUNK, draws)) for start in range(0, draws, CHUNK))


def _generator(seed: int, name: str) -> np.random.Generator:
    """Give the draws that belong to a name, whatever else is drawn."""
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest, dtype=np.uint32).tolist()])


def chances(left: Array, right: Array) -> Chances:
    """Compare two offers draw by draw.

    Args:
        left: shape (draws,), per functional unit.
        right: the same draws.
    """
    difference = right - left
    probability = (difference > 0).mean() + (difference == 0).mean() / 2
    # Processors compute exponentials and sums to the last digit differently; results are the same bytes on each.
    low, high = (float(f"{bound:.9g}") for bound in np.percentile(difference, BAND))
    return Chances(float(probability), low, high)
