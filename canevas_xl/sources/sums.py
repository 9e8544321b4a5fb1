"""Owns the arithmetic that publishers can be held to: single scores, sums of stages, posts and gases, twins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from math import floor, fsum, log10
from typing import Final

from canevas_xl.model.factor import Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL

EXACT: Final = 1e-5
"""How far a published single score may be from its recomputation, when both have all their digits: what the rounding
of normalisation factors explains (seen: 6e-6)."""
CLOSE: Final = 0.01
"""How far parts may be from their total: both are published with three digits."""
FAR: Final = 0.05
"""Stages further than that from their total, in climate change, do not describe the same product."""


def score(values: Impacts, method: Method) -> float | None:
    """Recompute the single score, in millipoints; None where a category is unknown."""
    if any(value is None for value in values):
        return None
    return fsum(method.points(code) * (value or 0.0) for code, value in zip(INDICATORS, values, strict=True))


def score_tolerance(values: Impacts, published: float, digits: int, method: Method) -> float:
    """How far a score may be from its recomputation, in millipoints, when all figures were rounded to ``digits``."""
    rounding = fsum(
        method.points(code) * half_step(value or 0.0, digits) for code, value in zip(INDICATORS, values, strict=True)
    )
    return rounding + half_step(published, digits) + EXACT * abs(published)


def half_step(value: float, digits: int) -> float:
    """Half of the last digit that a figure rounded to ``digits`` significant digits shows."""
    return 0.5 * 10.0 ** (floor(log10(abs(value))) - digits + 1) if value else 0.0


def usual_digits(texts: Iterable[str]) -> int:
    """Tell to how many significant digits the figures of a release are rounded: the most frequent count."""
    counts = Counter(_digits(text) for text in texts)
    counts.pop(0, None)
    return counts.most_common(1)[0][0] if counts else 1


def _digits(text: str) -> int:
    try:
        return len(Decimal(text).normalize().as_tuple().digits)
    except InvalidOperation:
        return 0


def gap(parts: Iterable[float], total: float) -> float:
    """Give the distance between the sum of parts and their total, relative to the total."""
    difference = abs(fsum(parts) - total)
    return difference / abs(total) if total else (0.0 if difference == 0 else float("inf"))


def stage_gaps(stages: Sequence[Impacts], total: Impacts) -> dict[str, float]:
    """Give, by category, how far the stages of a product are from its total, where all of them are known."""
    gaps = {}
    for position, code in enumerate(INDICATORS):
        parts, whole = [values[position] for values in stages], total[position]
        if whole is not None and all(part is not None for part in parts):
            gaps[code] = gap((part or 0.0 for part in parts), whole)
    return gaps


def takes_away(values: Mapping[str, Impacts]) -> bool:
    """Say whether the whole of a process takes carbon away: its total, or the sum of its stages."""
    whole = (values[TOTAL],) if TOTAL in values else values.values()
    return fsum(impacts[INDICATORS.index(CLIMATE)] or 0.0 for impacts in whole) < 0


def stage_limit(total: Impacts) -> float:
    """Say how far stages may be from a total in climate change: closer where a source gives nothing else."""
    return CLOSE if total.count(None) == len(INDICATORS) - 1 else FAR


def twins(totals: Mapping[str, object]) -> dict[str, str]:
    """Tie each member of a group of equal values to the first of the group; those that stand alone are left out."""
    first: dict[object, str] = {}
    tied = {}
    for name, value in totals.items():
        stands = first.setdefault(value, name)
        if stands != name:
            tied[name] = stands
    return tied
