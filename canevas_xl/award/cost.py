"""Owns life-cycle cost and the fictitious price: what a lot's published parameters make of an offer's measures.

Both add up measures, each times a published coefficient, so that the sheet of notes can show every term: with T years,
discount r and growth of the energy price g,

    price + energy · Σₜ p(1+g)ᵗ/(1+r)ᵗ + maintenance · Σₜ 1/(1+r)ᵗ + (disposal − residual)/(1+r)ᵀ + impact · U·T·c

Payments fall at the end of each year. Impacts are neither discounted nor grown: c is the price of a kilogram whenever
it is emitted. The fictitious price counts the price, and the impact either as money that is added or as a deduction
between two published bounds. CCP R2152-9 and R2152-10: which costs may count, and that what prices externalities is
verifiable, open to all, and asks for data that a firm can give with reasonable effort.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from canevas_xl.award.arrays import Array, computed
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Measure, leaves
from canevas_xl.model.expression import Expression
from canevas_xl.rules.parse import parse

COSTS: Final = frozenset({CriterionKind.COST, CriterionKind.FICTITIOUS})
"""Criteria that look at an amount which is computed from measures."""
_DEDUCTION: Final = "DMAX * clip((H - IMPACT) / (H - L), 0, 1)"


def coefficients(kind: CriterionKind, costing: Costing) -> Mapping[Measure, float]:
    """Give EUR per unit of each measure that counts linearly, in the order of the measures; NaN where not stated."""
    years, units = _stated(costing.years), _stated(costing.units)
    found: dict[Measure, float] = {Measure.PRICE: 1.0}
    if kind is CriterionKind.COST:
        rate = 1 + costing.discount / 100
        if costing.energy:
            growth = (1 + costing.energy_growth / 100) / rate
            found[Measure.ENERGY] = _stated(costing.energy_price) * _series(growth, costing.years)
        if costing.maintenance:
            found[Measure.MAINTENANCE] = _series(1 / rate, costing.years)
        if costing.end:
            found[Measure.DISPOSAL], found[Measure.RESIDUAL] = rate**-years, -(rate**-years)
    if costing.carbon_price is not None:
        found[Measure.IMPACT] = units * years * costing.carbon_price
    return MappingProxyType(found)


def deducted(kind: CriterionKind, costing: Costing) -> bool:
    """Say whether the impact counts as a deduction between bounds."""
    return kind is CriterionKind.FICTITIOUS and costing.deduction is not None


def measures(criteria: Iterable[Criterion], costing: Costing | None) -> tuple[Measure, ...]:
    """Give what each offer is measured by for the costs among ``criteria`` (leaves), in order."""
    if costing is None:
        return ()
    kinds = {one.kind for one in criteria} & COSTS
    needed = {measure for kind in kinds for measure in coefficients(kind, costing)}
    needed |= {Measure.IMPACT} if any(deducted(kind, costing) for kind in kinds) else set()
    return tuple(one for one in Measure if one in needed)


def expression(kind: CriterionKind, costing: Costing) -> Expression:
    """Give the tree of a cost, for any renderer.

    Names: each measure (``PRICE``…), its coefficient (``C_PRICE``…), and ``DMAX L H`` of a deduction.
    """
    terms = " + ".join(f"{one.upper()} * C_{one.upper()}" for one in coefficients(kind, costing))
    return parse(f"{terms} - {_DEDUCTION}" if deducted(kind, costing) else terms)


def named(kind: CriterionKind, costing: Costing) -> Mapping[str, float]:
    """Give the published numbers that :func:`expression` names."""
    bounds = {"DMAX": _stated(costing.deduction), "L": _stated(costing.low), "H": _stated(costing.high)}
    return {f"C_{one.upper()}": amount for one, amount in coefficients(kind, costing).items()} | bounds


def cost(kind: CriterionKind, costing: Costing, of: Mapping[Measure, Any]) -> Array:
    """Give the amount that a criterion looks at, EUR.

    Args:
        kind: ``COST`` or ``FICTITIOUS``.
        costing: the lot's published parameters.
        of: measures, numbers or arrays of one shape; what lacks or is NaN is unknown.

    Returns:
        The shape of the measures, NaN while something that counts is unknown.
    """
    known = {one.upper(): np.asarray(of.get(one, np.nan), dtype=np.float64) for one in Measure}
    return computed(expression(kind, costing), {**known, **named(kind, costing)})


def prices_impact(kind: CriterionKind, costing: Costing | None) -> bool:
    """Say whether a cost counts the impact."""
    return costing is not None and kind in COSTS and (costing.carbon_price is not None or deducted(kind, costing))


def looks_at_impact(criterion: Criterion, costing: Costing | None) -> bool:
    """Say whether a criterion, or one of its sub-criteria, looks at the impact, in points or as money."""
    return any(one.kind is CriterionKind.IMPACT or prices_impact(one.kind, costing) for one in leaves((criterion,)))


def _series(ratio: float, years: int | None) -> float:
    """Give ratio + ratio² + … over the years."""
    return float("nan") if years is None else sum(ratio**year for year in range(1, years + 1))


def _stated(value: float | None) -> float:
    return float("nan") if value is None else float(value)
