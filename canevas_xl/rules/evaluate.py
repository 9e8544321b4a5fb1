"""Owns the value of an expression: what it means, to the letter of docs/templates.md ("Expressions")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from math import isfinite, log10, nan
from operator import add, mul, sub, truediv
from typing import Final, Protocol, Self

from canevas_xl.model.expression import UNKNOWN, Call, Code, Expression, Name, Number, Partial, Unknown, Value
from canevas_xl.rules.parse import table_of

_SIGNIFICANT: Final = 12
"""Digits at which two numbers are the same: beyond the noise of binary arithmetic, below any measurement."""

GREATEST_POWER: Final = 100
"""Powers beyond ten to plus or minus this are unknown: spreadsheets disagree on how they fail."""


class Surroundings(Protocol):
    """What an expression is evaluated in; ``rules.scope.Scope`` is one."""

    def value(self, name: str) -> Value:
        """Give a named value; the unknown for a name that nobody gave."""

    def rows(self, table: str) -> Sequence[Self] | None:
        """Give the surroundings inside each existing row; None for a name that is no table."""


def evaluate(tree: Expression, scope: Surroundings) -> Value:
    """Give the value of an expression: a number, a code, a truth or the unknown, and nothing else ever happens.

    An expression that is nothing but ``sum(TABLE, x)`` gives a :class:`Partial`, complete or not; so does a name
    that stands for one.
    """
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Code):
        return tree.text
    if isinstance(tree, Name):
        return scope.value(tree.name)
    special = _SPECIAL.get(tree.function)
    if special is not None:
        return special(tree, scope)
    return _PLAIN[tree.function](*(_inner(argument, scope) for argument in tree.arguments))


def rounded(value: float) -> Decimal:
    """Round to the 12 significant digits at which numbers are compared, half away from zero.

    The number is first taken at 15 digits, as spreadsheets show it, so that a tie is what a reader would call one.
    """
    shown = Decimal(f"{value:.14e}")
    if not shown:
        return Decimal(0)
    return shown.quantize(Decimal(1).scaleb(shown.adjusted() - _SIGNIFICANT + 1), rounding=ROUND_HALF_UP)


def known_part(value: Value) -> Partial:
    """Read any value as a pair: what is known of it, and how many of its parts are not."""
    if isinstance(value, Partial):
        return value
    number = _number(value)
    return Partial(0.0, 1) if isinstance(number, Unknown) else Partial(number, 0)


def _inner(tree: Expression, scope: Surroundings) -> Value:
    """Evaluate a part of a larger expression, where an incomplete aggregate is unknown."""
    value = evaluate(tree, scope)
    if isinstance(value, Partial):
        return value.known if value.complete else UNKNOWN
    return value


def _number(value: Value) -> float | Unknown:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return UNKNOWN
    return float(value)


def _numbers(values: tuple[Value, ...]) -> list[float] | Unknown:
    numbers = [number for value in values if not isinstance(number := _number(value), Unknown)]
    return numbers if len(numbers) == len(values) else UNKNOWN


def _computed(operation: Callable[..., float]) -> Callable[..., Value]:
    """Make an operation on numbers: unknown where an argument is no number, or no finite number comes out."""

    def compute(*values: Value) -> Value:
        numbers = _numbers(values)
        if isinstance(numbers, Unknown):
            return UNKNOWN
        try:
            result = operation(*numbers)
        except (OverflowError, ZeroDivisionError):
            return UNKNOWN
        # adding zero turns -0.0, which spreadsheets do not know, into 0.0
        return result + 0.0 if isfinite(result) else UNKNOWN

    return compute


def _power(base: float, exponent: float) -> float:
    within_reach = base > 0 and abs(exponent * log10(base)) < GREATEST_POWER
    return float(base**exponent) if within_reach else nan


def _sum(*numbers: float) -> float:
    return reduce(add, numbers)


def _compared(holds: Callable[[Decimal, Decimal], bool]) -> Callable[[Value, Value], Value]:
    def compare(left: Value, right: Value) -> Value:
        numbers = _numbers((left, right))
        return UNKNOWN if isinstance(numbers, Unknown) else holds(*map(rounded, numbers))

    return compare


def _same(left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return _compared(Decimal.__eq__)(left, right)


def _different(left: Value, right: Value) -> Value:
    return _not(_same(left, right))


def _among(subject: Value, *codes: Value) -> Value:
    return subject in codes if isinstance(subject, str) else UNKNOWN


def _truths(combine: Callable[[tuple[bool, ...]], bool]) -> Callable[..., Value]:
    def judge(*values: Value) -> Value:
        truths = tuple(value for value in values if isinstance(value, bool))
        return combine(truths) if len(truths) == len(values) else UNKNOWN

    return judge


def _not(value: Value) -> Value:
    return not value if isinstance(value, bool) else UNKNOWN


def _known(value: Value) -> Value:
    return value is not UNKNOWN


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not UNKNOWN), UNKNOWN)


_PLAIN: Final[dict[str, Callable[..., Value]]] = {
    "+": _computed(add),
    "-": _computed(sub),
    "*": _computed(mul),
    "/": _computed(truediv),
    "^": _computed(_power),
    "neg": _computed(lambda number: -number),
    "min": _computed(lambda *numbers: min(numbers)),
    "max": _computed(lambda *numbers: max(numbers)),
    "clip": _computed(lambda number, low, high: max(low, min(number, high))),
    "=": _same,
    "!=": _different,
    "<": _compared(Decimal.__lt__),
    "<=": _compared(Decimal.__le__),
    ">": _compared(Decimal.__gt__),
    ">=": _compared(Decimal.__ge__),
    "in": _among,
    "and": _truths(all),
    "or": _truths(any),
    "not": _not,
    "known": _known,
    "coalesce": _coalesce,
}
"""Functions of the values of all their arguments."""


def _if(call: Call, scope: Surroundings) -> Value:
    test = _inner(call.arguments[0], scope)
    if not isinstance(test, bool):
        return UNKNOWN
    return _inner(call.arguments[1 if test else 2], scope)


def _lookup(call: Call, scope: Surroundings) -> Value:
    subject = _inner(call.arguments[0], scope)
    for code, value in zip(call.arguments[1::2], call.arguments[2::2], strict=True):
        if isinstance(code, Code) and subject == code.text:
            return _inner(value, scope)
    return UNKNOWN


def _table_rows(call: Call, scope: Surroundings) -> Sequence[Surroundings] | None:
    table = table_of(call)
    return scope.rows(table) if table else None


def _count(call: Call, scope: Surroundings) -> Value:
    rows = _table_rows(call, scope)
    if rows is not None:
        return float(len(rows))
    return float(sum(_inner(argument, scope) is not UNKNOWN for argument in call.arguments))


def _sum_of(call: Call, scope: Surroundings) -> Value:
    rows = _table_rows(call, scope)
    if rows is None:
        return _computed(_sum)(*(_inner(argument, scope) for argument in call.arguments))
    values = [_number(_inner(call.arguments[1], row)) for row in rows]
    known = [value for value in values if not isinstance(value, Unknown)]
    total = _computed(_sum)(0.0, *known)
    return Partial(total, len(values) - len(known)) if isinstance(total, float) else Partial(0.0, len(values))


_SPECIAL: Final[dict[str, Callable[[Call, Surroundings], Value]]] = {
    "if": _if,
    "lookup": _lookup,
    "count": _count,
    "sum": _sum_of,
}
"""Functions that choose what they look at."""
