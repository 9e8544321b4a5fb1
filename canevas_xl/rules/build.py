"""Owns the short words with which planners write spreadsheet trees; ``rules.spreadsheet`` turns them into text.

Plain Python values stand for constants wherever a formula is due: ``if_(is_number(x), mul(x, 2), na())``.
"""

from __future__ import annotations

from functools import reduce

from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use

Part = Formula | float | str | bool
"""A formula, or a constant that becomes one."""


def lit(value: Part) -> Formula:
    """Make a constant; a formula stays as it is."""
    if isinstance(value, Literal | Cell | Area | SameRow | Use):
        return value
    return Literal(value if isinstance(value, str | bool) else float(value))


def use(function: str, *arguments: Part) -> Use:
    """Apply a function or an operator."""
    return Use(function, tuple(lit(argument) for argument in arguments))


def column(sheet: str, column: int, first_row: int, last_row: int) -> Area:
    """Give one column of a sheet between two rows, bounds included."""
    return Area(sheet, first_row, column, last_row, column)


def add(*parts: Part) -> Formula:
    """Add from left to right; nothing gives 0."""
    return _chain("+", parts, 0.0)


def sub(left: Part, right: Part) -> Use:
    """Subtract."""
    return use("-", left, right)


def mul(*parts: Part) -> Formula:
    """Multiply from left to right; nothing gives 1."""
    return _chain("*", parts, 1.0)


def div(left: Part, right: Part) -> Use:
    """Divide."""
    return use("/", left, right)


def power(base: Part, exponent: Part) -> Use:
    """Raise to a power."""
    return use("^", base, exponent)


def neg(value: Part) -> Use:
    """Change the sign; written in parentheses, because spreadsheets read ``-2^2`` as 4."""
    return use("NEG", value)


def cat(*parts: Part) -> Formula:
    """Join texts; numbers take the reader's decimal sign. Round them first: programs show different last digits."""
    return _chain("&", parts, "")


def _chain(operator: str, parts: tuple[Part, ...], nothing: float | str) -> Formula:
    if not parts:
        return Literal(nothing)
    return reduce(lambda left, right: Use(operator, (left, right)), map(lit, parts))


def eq(left: Part, right: Part) -> Use:
    """Compare as spreadsheets do: texts without case. For codes use :func:`exact`."""
    return use("=", left, right)


def ne(left: Part, right: Part) -> Use:
    """Say whether two values differ."""
    return use("<>", left, right)


def lt(left: Part, right: Part) -> Use:
    """Say whether left is less."""
    return use("<", left, right)


def le(left: Part, right: Part) -> Use:
    """Say whether left is less or equal."""
    return use("<=", left, right)


def gt(left: Part, right: Part) -> Use:
    """Say whether left is greater."""
    return use(">", left, right)


def ge(left: Part, right: Part) -> Use:
    """Say whether left is greater or equal."""
    return use(">=", left, right)


def exact(left: Part, right: Part) -> Use:
    """Compare two texts, case and all."""
    return use("EXACT", left, right)


def if_(test: Part, then: Part, otherwise: Part) -> Use:
    """Choose; only the chosen side is looked at."""
    return use("IF", test, then, otherwise)


def if_error(value: Part, otherwise: Part) -> Use:
    """Give the value, or ``otherwise`` where it is an error."""
    return use("IFERROR", value, otherwise)


def choose(number: Part, *options: Part) -> Use:
    """Give the option of that number, from 1."""
    return use("CHOOSE", number, *options)


def and_(*tests: Part) -> Formula:
    """Say whether all hold; nothing holds."""
    return _all("AND", tests, nothing=True)


def or_(*tests: Part) -> Formula:
    """Say whether any holds; nothing does not."""
    return _all("OR", tests, nothing=False)


def _all(function: str, tests: tuple[Part, ...], *, nothing: bool) -> Formula:
    if len(tests) <= 1:
        return lit(tests[0]) if tests else Literal(nothing)
    return use(function, *tests)


def not_(test: Part) -> Use:
    """Turn a truth round."""
    return use("NOT", test)


def is_number(value: Part) -> Use:
    """Say whether it is a number; errors, texts and blanks are not."""
    return use("ISNUMBER", value)


def is_text(value: Part) -> Use:
    """Say whether it is a text."""
    return use("ISTEXT", value)


def is_blank(value: Part) -> Use:
    """Say whether the cell holds nothing at all."""
    return use("ISBLANK", value)


def is_error(value: Part) -> Use:
    """Say whether it is any error: how unknown shows in cells."""
    return use("ISERROR", value)


def na() -> Use:
    """Give the unknown."""
    return use("NA")


def sum_(*parts: Part) -> Use:
    """Sum areas and numbers; errors in them spread."""
    return use("SUM", *parts)


def sumproduct(*parts: Part) -> Use:
    """Sum the products of arrays of one shape; errors in them spread, texts count as 0.

    Inside, operators and ISERROR go over areas; a truth must be multiplied (``mul(eq(area, "A"), 1)``).
    """
    return use("SUMPRODUCT", *parts)


def sumifs(total: Part, *areas_and_criteria: Part) -> Use:
    """Sum the cells of ``total`` beside those that meet every criterion (area, criterion, …); codes only."""
    return use("SUMIFS", total, *areas_and_criteria)


def countif(area: Part, criterion: Part) -> Use:
    """Count the cells that meet a criterion; codes and numbers only, texts may be expanded."""
    return use("COUNTIF", area, criterion)


def countifs(*areas_and_criteria: Part) -> Use:
    """Count the rows that meet every criterion."""
    return use("COUNTIFS", *areas_and_criteria)


def counta(*parts: Part) -> Use:
    """Count what is not blank; a formula that gives an empty text counts."""
    return use("COUNTA", *parts)


def min_(*parts: Part) -> Use:
    """Give the least."""
    return use("MIN", *parts)


def max_(*parts: Part) -> Use:
    """Give the greatest."""
    return use("MAX", *parts)


def large(area: Part, rank: Part) -> Use:
    """Give the value of that rank, from the greatest."""
    return use("LARGE", area, rank)


def small(area: Part, rank: Part) -> Use:
    """Give the value of that rank, from the least."""
    return use("SMALL", area, rank)


def round_(value: Part, digits: Part = 0) -> Use:
    """Round half away from zero."""
    return use("ROUND", value, digits)


def index(area: Part, row: Part, column: Part = 1) -> Use:
    """Give the cell of an area, rows and columns from 1."""
    return use("INDEX", area, row, column)


def match(value: Part, area: Part) -> Use:
    """Give the place of an equal value in one row or column, from 1; texts without case; else ``#N/A``."""
    return use("MATCH", value, area, 0)


def look_up(value: Part, keys: Area, values: Area) -> Use:
    """Find ``value`` among ``keys`` and give what stands beside it in ``values``."""
    return index(values, match(value, keys))


def trim(value: Part) -> Use:
    """Take spaces off the ends."""
    return use("TRIM", value)


def length(value: Part) -> Use:
    """Count the characters of a text."""
    return use("LEN", value)


def mid(text: Part, start: Part, count: Part = 1) -> Use:
    """Take some characters of a text, the first being number 1."""
    return use("MID", text, start, count)


def find(wanted: Part, text: Part) -> Use:
    """Give where a text stands in another, to the letter, from 1; an error where it does not."""
    return use("FIND", wanted, text)


def repeat(text: Part, times: Part) -> Use:
    """Repeat a text."""
    return use("REPT", text, times)


def hyperlink(target: Part, shown: Part) -> Use:
    """Make a link that shows a text; inside the workbook: see :func:`link_to`."""
    return use("HYPERLINK", target, shown)
