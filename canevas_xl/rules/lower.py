"""Owns the way from an author's expression to a spreadsheet tree that is an error exactly where Python is unknown.

Spreadsheets are more obliging than our language: they read the text ``1E2`` as a hundred, a truth as one, and
compare texts with numbers. So each part is written for the kind of value that is due there, and a cell whose kind
is not known beforehand is guarded where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Flag
from functools import reduce
from operator import or_
from typing import Final

from canevas_xl.model.expression import Call, Code, Expression, Name, Number
from canevas_xl.model.formula import Formula, Literal
from canevas_xl.rules import build as b
from canevas_xl.rules.evaluate import GREATEST_POWER, rounded
from canevas_xl.rules.parse import table_of

Resolve = Callable[[str], Formula]
"""Gives the cell (or any formula) that holds the value of a name: a number, a code, or an error while unknown."""


class Kind(Flag):
    """What a value can be; a flag, because a name or a branch may allow several."""

    NUMBER = 1
    CODE = 2
    TRUTH = 4
    VALUE = NUMBER | CODE


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table in the spreadsheet, whether it exists or not."""

    exists: Formula
    """TRUE or FALSE, never an error."""
    resolve: Resolve
    """Gives the cells of the row's columns and derived values, and those of names outside the table."""


Tables = Callable[[str], Sequence[TableRow] | None]
"""Gives the rows of a table by its code, all up to its capacity; None for a name that is no table."""
Kinds = Callable[[str], Kind]
"""Gives what a name can hold, so that a cell known to hold a number (or an error) needs no guard.

A name that can hold a truth must hold nothing else: LibreOffice cannot tell a truth from a number in a cell.
"""

_COMPARISONS: Final = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_TRUTHS: Final = frozenset({*_COMPARISONS, "in", "and", "or", "not", "known"})
_BRANCHES: Final[dict[str, Callable[[Call], tuple[Expression, ...]]]] = {
    "if": lambda call: call.arguments[1:],
    "coalesce": lambda call: call.arguments,
    "lookup": lambda call: call.arguments[2::2],
}
"""Functions that give one of their arguments, and which those are."""


def _no_tables(_: str) -> None:
    """Say that no name is a table."""


def _any_value(_: str) -> Kind:
    """Say that a name may hold a number or a code."""
    return Kind.VALUE


def lower(tree: Expression, resolve: Resolve, tables: Tables = _no_tables, kinds: Kinds = _any_value) -> Formula:
    """Give the spreadsheet tree of an expression: same value, and an error where ``evaluate`` says unknown.

    An incomplete ``sum(TABLE, x)`` is an error here.

    Args:
        tree: the author's expression.
        resolve: names → cells.
        tables: tables → rows.
        kinds: names → what they hold; by default numbers and codes, guarded at every use.
    """
    return _Lowering(resolve, tables, kinds).value(tree)


def kind_of(tree: Expression, kinds: Kinds = _any_value) -> Kind:
    """Give what a tree can come out as, while it is known: empty for what never comes out."""
    if isinstance(tree, Number):
        return Kind.NUMBER
    if isinstance(tree, Code):
        return Kind.CODE
    if isinstance(tree, Name):
        return kinds(tree.name)
    if tree.function in _BRANCHES:
        return reduce(or_, (kind_of(branch, kinds) for branch in _BRANCHES[tree.function](tree)))
    return Kind.TRUTH if tree.function in _TRUTHS else Kind.NUMBER


def _same_digits(number: Formula) -> Formula:
    """Round to 12 significant digits, half away from zero: what two sides of a comparison are rounded to."""
    if isinstance(number, Literal):
        return b.lit(float(rounded(float(number.value))))
    size = b.use("INT", b.use("LOG10", b.add(b.use("ABS", number), b.eq(number, 0))))
    return b.round_(number, b.sub(11, size))


@dataclass(frozen=True, slots=True)
class _Lowering:
    """Writes one expression; each method for the kind of value that is due."""

    resolve: Resolve
    tables: Tables
    kinds: Kinds

    def value(self, tree: Expression) -> Formula:
        """Write whatever the tree gives."""
        own = kind_of(tree, self.kinds)
        if isinstance(tree, Name):
            return self.resolve(tree.name)
        if own is Kind.NUMBER:
            return self.number(tree)
        if own is Kind.CODE:
            return self.code(tree)
        if own is Kind.TRUTH:
            return self.truth(tree)
        return self._branched(tree, self.value)

    def number(self, tree: Expression) -> Formula:
        """Write a number; an error if it is none."""
        if not kind_of(tree, self.kinds) & Kind.NUMBER:
            return b.na()
        if isinstance(tree, Number):
            return b.lit(tree.value)
        if isinstance(tree, Name):
            return self._guarded(tree, Kind.NUMBER, b.is_number)
        if isinstance(tree, Call) and tree.function not in _BRANCHES:
            return self._arithmetic(tree)
        return self._branched(tree, self.number)

    def code(self, tree: Expression) -> Formula:
        """Write a code; an error if it is none."""
        if not kind_of(tree, self.kinds) & Kind.CODE:
            return b.na()
        if isinstance(tree, Code):
            return b.lit(tree.text)
        if isinstance(tree, Name):
            return self._guarded(tree, Kind.CODE, b.is_text)
        return self._branched(tree, self.code)

    def truth(self, tree: Expression) -> Formula:
        """Write a truth; an error if it is none."""
        if not kind_of(tree, self.kinds) & Kind.TRUTH:
            return b.na()
        if isinstance(tree, Name):
            return self.resolve(tree.name)
        if isinstance(tree, Call) and tree.function not in _BRANCHES:
            return self._judged(tree)
        return self._branched(tree, self.truth)

    def rows(self, call: Call) -> Sequence[TableRow] | None:
        """Give the rows that a ``sum`` or ``count`` goes over, if it goes over a table."""
        table = table_of(call)
        return self.tables(table) if table else None

    def inside(self, row: TableRow) -> _Lowering:
        """Write for one row of a table."""
        return replace(self, resolve=row.resolve)

    def _guarded(self, tree: Name, kind: Kind, test: Callable[[Formula], Formula]) -> Formula:
        cell = self.resolve(tree.name)
        if self.kinds(tree.name) is kind or isinstance(cell, Literal):
            return cell
        return b.if_(test(cell), cell, b.na())

    def _branched(self, tree: Expression, write: Callable[[Expression], Formula]) -> Formula:
        """Write a function that gives one of its arguments, each as ``write`` does."""
        if not isinstance(tree, Call):
            return b.na()
        if tree.function == "if":
            test, then, otherwise = tree.arguments
            return b.if_(self.truth(test), write(then), write(otherwise))
        if tree.function == "lookup":
            return self._looked_up(tree, write)
        return self._first_known(tree.arguments, write)

    def _looked_up(self, tree: Call, write: Callable[[Expression], Formula]) -> Formula:
        subject = self.code(tree.arguments[0])
        options = zip(tree.arguments[1::2], tree.arguments[2::2], strict=True)
        found: Formula = b.na()
        for code, option in reversed(list(options)):
            found = b.if_(b.exact(subject, self.code(code)), write(option), found)
        return found

    def _first_known(self, arguments: tuple[Expression, ...], write: Callable[[Expression], Formula]) -> Formula:
        first, *others = arguments
        if not others:
            return write(first)
        following = self._first_known(tuple(others), write)
        value, written = self.value(first), write(first)
        # A code that is known ends the search, even where a number is due and the result is unknown.
        return b.if_error(written, following) if value == written else b.if_(b.is_error(value), following, written)

    def _arithmetic(self, tree: Call) -> Formula:
        if tree.function == "count":
            return self._counted(tree)
        if tree.function == "sum" and (rows := self.rows(tree)) is not None:
            summed = [_where(row.exists, self.inside(row).number(tree.arguments[1])) for row in rows]
            return b.sum_(*summed) if summed else b.lit(0)
        numbers = [self.number(argument) for argument in tree.arguments]
        return _OPERATIONS[tree.function](*numbers)

    def _counted(self, tree: Call) -> Formula:
        rows = self.rows(tree)
        if rows is None:
            return b.add(*(b.if_(b.is_error(self.value(argument)), 0, 1) for argument in tree.arguments))
        return b.sum_(*(_where(row.exists, b.lit(1)) for row in rows)) if rows else b.lit(0)

    def _judged(self, tree: Call) -> Formula:
        arguments = tree.arguments
        if tree.function in _COMPARISONS:
            return self._compared(_COMPARISONS[tree.function], *arguments)
        if tree.function == "known":
            return b.not_(b.is_error(self.value(arguments[0])))
        if tree.function == "not":
            return b.not_(self.truth(arguments[0]))
        if tree.function == "in":
            subject = self.code(arguments[0])
            return b.or_(*(b.exact(subject, self.code(code)) for code in arguments[1:]))
        return _joined(tree.function, [self.truth(argument) for argument in arguments])

    def _compared(self, sign: str, left: Expression, right: Expression) -> Formula:
        shared = kind_of(left, self.kinds) & kind_of(right, self.kinds)
        if sign not in {"=", "<>"}:
            shared &= Kind.NUMBER
        numbers = b.use(sign, *_same_sides(self.number(left), self.number(right)))
        same = b.exact(self.code(left), self.code(right))
        codes = same if sign == "=" else b.not_(same)
        if shared & Kind.VALUE is Kind.VALUE:
            return b.if_(b.is_number(self.number(left)), numbers, codes)
        if shared & Kind.NUMBER:
            return numbers
        return codes if shared & Kind.CODE else b.na()


def _same_sides(left: Formula, right: Formula) -> tuple[Formula, Formula]:
    if Literal(0.0) in (left, right):
        return left, right  # rounding digits never makes a number zero, nor zero a number
    return _same_digits(left), _same_digits(right)


def _joined(word: str, truths: list[Formula]) -> Formula:
    # IronCalc's AND and OR stop at the first argument that decides, and so miss an error after it; sums do not.
    if word == "and":
        return b.eq(b.mul(*truths), 1)
    return b.gt(b.add(*truths), 0)


def _power(base: Formula, exponent: Formula) -> Formula:
    # Spreadsheets disagree on 0^0 and on roots of negatives (LibreOffice: 1 and a root; others: errors), on 10^-400
    # (LibreOffice: an error; others: 0) and on what overflows (inside a formula IronCalc goes on with infinity).
    # LOG10 fails everywhere on what is not positive; IronCalc would deny that 1E-18 > 0.
    size = b.use("ABS", b.mul(exponent, b.use("LOG10", base)))
    return b.if_(b.lt(size, GREATEST_POWER), b.power(base, exponent), b.na())


_OPERATIONS: Final[dict[str, Callable[..., Formula]]] = {
    "+": b.add,
    "-": b.sub,
    "*": b.mul,
    "/": b.div,
    "^": _power,
    "neg": b.neg,
    "min": b.min_,
    "max": b.max_,
    "clip": lambda number, low, high: b.max_(low, b.min_(number, high)),
    "sum": b.add,
}


def _where(exists: Formula, value: Formula) -> Formula:
    return value if exists == Literal(value=True) else b.if_(exists, value, 0)
