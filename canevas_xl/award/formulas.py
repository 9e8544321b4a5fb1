"""Owns the formulas F1 to F7: each stated once, in the authors' expression language, for Python and spreadsheets.

Names: ``V`` the value of the offer, ``LOWEST HIGHEST MEAN`` of the known offers, ``N`` the points of the criterion,
``L H`` published bounds, ``FAN`` the published opening of F3. Values are lower-is-better except in F7. Formulas that
never name ``LOWEST``, ``HIGHEST`` or ``MEAN`` look at one offer alone: no other can change its note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from canevas_xl.award.arrays import Array, computed
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.campaign import Criterion
from canevas_xl.model.expression import Call, Expression, Name, Number
from canevas_xl.rules.parse import names, parse

OTHERS: Final = frozenset({"LOWEST", "HIGHEST", "MEAN"})
"""What a formula knows of the other offers."""


@dataclass(frozen=True, slots=True)
class Formula:
    """One way to turn values into notes."""

    code: str
    note: str
    """Expression of the note; empty for F6, which is built from its published bands."""
    needs: str = ""
    """Condition that must hold, or the formula is refused; empty where it always applies."""


FORMULAS: Final = MappingProxyType(
    {
        formula.code: formula
        for formula in (
            Formula("F1", "N * (LOWEST / V)", "LOWEST > 0"),
            Formula("F2", "if(HIGHEST = LOWEST, N, N * ((HIGHEST - V) / (HIGHEST - LOWEST)))"),
            Formula("F3", "N * clip((FAN * LOWEST - V) / ((FAN - 1) * LOWEST), 0, 1)", "LOWEST > 0 and FAN > 1"),
            Formula("F4", "N * clip(1 - V / (2 * MEAN), 0, 1)", "MEAN > 0"),
            Formula("F5", "N * clip((H - V) / (H - L), 0, 1)", "H > L"),
            Formula("F6", ""),
            Formula("F7", "N * (V / HIGHEST)", "LOWEST >= 0 and HIGHEST > 0"),
        )
    }
)
"""F7 is for values where higher is better; with published bounds it is F5 mirrored (see :func:`expression`)."""

_UNKNOWN: Final = parse("1 / 0")
_MIRRORED: Final = Formula("F7", "N * clip((V - L) / (H - L), 0, 1)", "H > L")


def stated(criterion: Criterion) -> Formula:
    """Give the formula of ``criterion``; F7 with published bounds is F5 mirrored.

    Raises:
        KeyError: no such formula.
    """
    bounded = criterion.low is not None and criterion.high is not None
    return _MIRRORED if criterion.formula == "F7" and bounded else FORMULAS[criterion.formula]


def expression(criterion: Criterion) -> Expression:
    """Give the tree of the note of ``criterion``, for any renderer, in the names of this module's docstring.

    It is unknown where the formula is refused.
    """
    formula = stated(criterion)
    note = parse(formula.note) if formula.note else _steps(criterion.bands)
    return Call("if", (parse(formula.needs), note, _UNKNOWN)) if formula.needs else note


def _steps(bands: tuple[tuple[float, float], ...]) -> Expression:
    """Nest the bands of F6: the first whose bound is not exceeded gives its share of the points, else none."""
    tree: Expression = Number(0.0) if bands else _UNKNOWN
    for bound, share in sorted(bands, reverse=True):
        test = Call("<=", (Name("V"), Number(bound)))
        tree = Call("if", (test, Call("*", (Name("N"), Number(share))), tree))
    return tree


def depends_on_others(criterion: Criterion) -> bool:
    """Say whether another offer can change a note, so that adding a losing offer could change the winner."""
    return criterion.formula in FORMULAS and bool(names(expression(criterion)) & OTHERS)


def notes(criterion: Criterion, values: Array, points: float = 100.0) -> Checked[Array]:
    """Give the note of each offer, 0 to ``points``.

    Args:
        criterion: formula with its published bounds, fan or bands.
        values: shape (…, offers), NaN where unknown; other offers are those of the last axis.
        points: N.

    Returns:
        Same shape, NaN where the value is unknown, and in every set of offers on which the formula is refused.
        Findings: A201 the formula cannot be applied (a value that is zero or negative, bounds missing or reversed),
        A202 there is no such formula.
    """
    if criterion.formula not in FORMULAS:
        facts = {"criterion": criterion.label, "formula": criterion.formula or "–", "known": list(FORMULAS)}
        return Checked(np.full(values.shape, np.nan), (found("A202", Place(key=criterion.code), **facts),))
    known = _named(criterion, values, points)
    result = np.where(np.isnan(values), np.nan, computed(expression(criterion), known))
    refused = np.isnan(result) & ~np.isnan(values)
    return Checked(result, (_refusal(criterion, values),) if refused.any() else ())


def _named(criterion: Criterion, values: Array, points: float) -> Mapping[str, Array]:
    """Bind the names of the formulas; statistics keep the last axis, of length one."""
    gone = np.isnan(values)
    count = np.sum(~gone, axis=-1, keepdims=True)
    nothing = count == 0
    lowest = np.min(np.where(gone, np.inf, values), axis=-1, keepdims=True, initial=np.inf)
    highest = np.max(np.where(gone, -np.inf, values), axis=-1, keepdims=True, initial=-np.inf)
    total = np.sum(np.where(gone, 0.0, values), axis=-1, keepdims=True)
    return {
        "V": values,
        "LOWEST": np.where(nothing, np.nan, lowest),
        "HIGHEST": np.where(nothing, np.nan, highest),
        "MEAN": np.where(nothing, np.nan, total / np.maximum(count, 1)),
        "N": np.array(points),
        "FAN": np.array(criterion.fan),
        "L": np.array(np.nan if criterion.low is None else criterion.low),
        "H": np.array(np.nan if criterion.high is None else criterion.high),
    }


def _refusal(criterion: Criterion, values: Array) -> Finding:
    place = Place(key=criterion.code)
    lowest = float(np.nanmin(values)) if not np.all(np.isnan(values)) else "–"
    return found("A201", place, criterion=criterion.label, formula=criterion.formula, lowest=lowest)
