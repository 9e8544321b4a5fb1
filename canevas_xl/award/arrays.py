"""Owns the evaluation of formula trees on whole arrays of offers at once; NaN stands for the unknown.

Only what award formulas need: numbers, arithmetic, comparisons, ``and``, ``if``, ``min``, ``max``, ``clip``. The
meaning is that of ``rules.evaluate``, and a test holds both together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from canevas_xl.model.expression import Call, Expression, Name, Number

Array = NDArray[np.float64]

_DIGITS: Final = 12
"""Comparisons look at this many significant digits (docs/templates.md)."""


def computed(tree: Expression, known: Mapping[str, Any]) -> Array:
    """Compute a numeric tree; what cannot be computed is NaN."""
    with np.errstate(all="ignore"):
        result = np.asarray(_value(tree, known), dtype=np.float64)
    return np.where(np.isfinite(result), result, np.nan)


def _value(tree: Expression, known: Mapping[str, Any]) -> Any:
    if isinstance(tree, Number):
        return np.float64(tree.value)
    if isinstance(tree, Name):
        return known[tree.name]
    if isinstance(tree, Call):
        return _FUNCTIONS[tree.function](*(_value(argument, known) for argument in tree.arguments))
    raise TypeError(tree)


def significant(values: Any) -> Array:
    """Round to 12 significant digits, half away from zero; NaN stays NaN."""
    array = np.asarray(values, dtype=np.float64)
    size = np.where((array == 0) | ~np.isfinite(array), 1.0, np.abs(array))
    scale = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(size)))
    return np.where(np.isfinite(array), np.sign(array) * np.floor(np.abs(array) * scale + 0.5) / scale, array)


def _compared(test: Callable[[Array, Array], Any]) -> Callable[[Any, Any], Any]:
    return lambda left, right: test(significant(left), significant(right))


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "neg": np.negative,
    "=": _compared(np.equal),
    "<": _compared(np.less),
    "<=": _compared(np.less_equal),
    ">": _compared(np.greater),
    ">=": _compared(np.greater_equal),
    "and": np.logical_and,
    "if": np.where,
    "min": np.minimum,
    "max": np.maximum,
    "clip": np.clip,
}
