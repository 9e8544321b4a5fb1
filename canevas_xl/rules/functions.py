"""Owns what spreadsheet functions and operators do to values, as Excel documents it; ``rules.calculate`` feeds them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from fnmatch import translate
from math import floor, isfinite, log10, nan
from typing import Final


class CellError(Enum):
    """What a formula shows when it cannot be computed."""

    NOT_AVAILABLE = "#N/A"
    DIVISION = "#DIV/0!"
    VALUE = "#VALUE!"
    NUMBER = "#NUM!"
    REFERENCE = "#REF!"


CellValue = float | str | bool | CellError | None
"""What a cell holds; None for a blank."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The values of an area, or of an array: rows of one length."""

    rows: tuple[tuple[CellValue, ...], ...]

    def __iter__(self) -> Iterator[CellValue]:
        """Go through the values, row by row."""
        return (value for row in self.rows for value in row)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0])


Argument = CellValue | Grid

_NUMBER_TEXT: Final = re.compile(r"\s*[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\s*", re.ASCII)
_SIGN: Final = re.compile(r"<=|>=|<>|<|>|=")
_DIGITS: Final = 15
"""Significant digits that spreadsheets keep."""
_LONGEST_PLAIN: Final = range(-9, 21)
"""Powers of ten that are written without exponent."""


class Language:
    """How a program in one language writes numbers and truths when it joins them to texts."""

    def __init__(self, code: str) -> None:
        """Take ``fr`` or ``en``."""
        self._sign = "," if code == "fr" else "."
        self._truths = {True: "VRAI", False: "FAUX"} if code == "fr" else {True: "TRUE", False: "FALSE"}

    def text(self, value: CellValue) -> str | CellError:
        """Write a value as joining texts does: 15 significant digits, the reader's decimal sign."""
        if isinstance(value, CellError):
            return value
        if isinstance(value, bool):
            return self._truths[value]
        if isinstance(value, int | float):
            return _plain_number(float(value)).replace(".", self._sign)
        return value or ""


def _plain_number(value: float) -> str:
    """Write a number with at most 15 significant digits, and an exponent only where it is long."""
    digits = Decimal(f"{value:.14e}").normalize()
    if not digits:
        return "0"
    if digits.adjusted() in _LONGEST_PLAIN:
        return f"{digits:f}"
    mantissa, exponent = f"{digits:E}".split("E")
    return f"{mantissa}E{int(exponent):+03d}"


def number_of(value: CellValue) -> float | CellError:
    """Read a value where a number is due: blanks are 0, truths 0 or 1, texts that look like numbers numbers."""
    if isinstance(value, CellError):
        return value
    if isinstance(value, str):
        return float(value) if _NUMBER_TEXT.fullmatch(value) else CellError.VALUE
    return float(value or 0.0)


def truth_of(value: CellValue) -> bool | CellError:
    """Read a value where a truth is due."""
    if isinstance(value, str):
        return {"TRUE": True, "FALSE": False}.get(value.upper(), CellError.VALUE)
    return value if isinstance(value, CellError) else bool(value)


def finite(value: float) -> CellValue:
    """Give the number, or the error of what is too large."""
    return float(value) if isfinite(value) else CellError.NUMBER


def first_error(values: Iterable[CellValue]) -> CellError | None:
    """Give the first error among values."""
    return next((value for value in values if isinstance(value, CellError)), None)


def _on_numbers(operation: Callable[..., float]) -> Callable[..., CellValue]:
    """Make a function of numbers: errors spread, division by zero and overflow have theirs."""

    def compute(*values: CellValue) -> CellValue:
        numbers: list[float] = []
        for value in values:
            number = number_of(value)
            if isinstance(number, CellError):
                return number
            numbers.append(number)
        try:
            return finite(operation(*numbers))
        except ZeroDivisionError:
            return CellError.DIVISION
        except (OverflowError, ValueError):
            return CellError.NUMBER

    return compute


def rounded(value: float, digits: float = 0) -> float:
    """Round half away from zero what is shown at 15 digits."""
    shown = Decimal(f"{value:.14e}")
    kept = shown.adjusted() + 1 + int(digits)
    if not shown or kept < 0:
        return 0.0
    if kept >= _DIGITS:
        return value
    return float(shown.quantize(Decimal(1).scaleb(-int(digits)), rounding=ROUND_HALF_UP))


def _power(base: float, exponent: float) -> float:
    result = base**exponent if base or exponent > 0 else nan
    return nan if isinstance(result, complex) else float(result)


def compare(left: CellValue, right: CellValue) -> int:
    """Order two values: numbers, then texts without case, then truths; a blank takes the kind of the other side."""
    left, right = _blank_as(left, right), _blank_as(right, left)
    ranks = (_rank(left), _rank(right))
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(left, str) and isinstance(right, str):
        left, right = left.casefold(), right.casefold()
        return (left > right) - (left < right)
    first, second = float(left or 0), float(right or 0)  # type: ignore[arg-type]  # neither is a text
    return 0 if _same_number(first, second) else (first > second) - (first < second)


def _same_number(first: float, second: float) -> bool:
    """Say whether two numbers show the same 15 digits."""
    if first == second or abs(first - second) > 1e-13 * abs(first):
        return first == second
    return f"{first:.14e}" == f"{second:.14e}"


def _blank_as(value: CellValue, other: CellValue) -> CellValue:
    if value is not None:
        return value
    return "" if isinstance(other, str) else (False if isinstance(other, bool) else 0.0)


def _rank(value: CellValue) -> int:
    return 2 if isinstance(value, bool) else 1 if isinstance(value, str) else 0


def _compared(holds: Callable[[int, int], bool]) -> Callable[[CellValue, CellValue], CellValue]:
    def judge(left: CellValue, right: CellValue) -> CellValue:
        return first_error((left, right)) or holds(compare(left, right), 0)

    return judge


def exact(language: Language) -> Callable[[CellValue, CellValue], CellValue]:
    """Make the comparison of texts to the letter."""

    def judge(left: CellValue, right: CellValue) -> CellValue:
        return first_error((left, right)) or language.text(left) == language.text(right)

    return judge


def _negated(value: CellValue) -> CellValue:
    """Turn a truth round."""
    truth = truth_of(value)
    return truth if isinstance(truth, CellError) else not truth


ELEMENTWISE: Final[dict[str, Callable[..., CellValue]]] = {
    "+": _on_numbers(operator.add),
    "-": _on_numbers(operator.sub),
    "*": _on_numbers(operator.mul),
    "/": _on_numbers(operator.truediv),
    "^": _on_numbers(_power),
    "NEG": _on_numbers(operator.neg),
    "ABS": _on_numbers(abs),
    "INT": _on_numbers(floor),
    "LOG10": _on_numbers(log10),
    "ROUND": _on_numbers(rounded),
    "=": _compared(operator.eq),
    "<>": _compared(operator.ne),
    "<": _compared(operator.lt),
    "<=": _compared(operator.le),
    ">": _compared(operator.gt),
    ">=": _compared(operator.ge),
    "NOT": _negated,
    "ISNUMBER": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "ISTEXT": lambda value: isinstance(value, str),
    "ISERROR": lambda value: isinstance(value, CellError),
    "ISBLANK": lambda value: value is None,
}
"""Functions of single values, which inside SUMPRODUCT go over arrays."""


def _join(language: Language, left: CellValue, right: CellValue) -> CellValue:
    return f"{language.text(left)}{language.text(right)}"


def _length(language: Language, value: CellValue) -> CellValue:
    return float(len(str(language.text(value)).encode("utf-16-le")) // 2)


def _trimmed(language: Language, value: CellValue) -> CellValue:
    return " ".join(part for part in str(language.text(value)).split(" ") if part)


def _repeated(language: Language, text: CellValue, times: CellValue) -> CellValue:
    number = number_of(times)
    if isinstance(number, CellError):
        return number
    return str(language.text(text)) * floor(number) if number >= 0 else CellError.VALUE


def _part(language: Language, text: CellValue, start: CellValue, count: CellValue) -> CellValue:
    first, wanted = number_of(start), number_of(count)
    if isinstance(first, CellError) or isinstance(wanted, CellError):
        return first if isinstance(first, CellError) else wanted
    if first < 1 or wanted < 0:
        return CellError.VALUE
    begin = floor(first) - 1
    return str(language.text(text))[begin : begin + floor(wanted)]


def _found(language: Language, wanted: CellValue, text: CellValue) -> CellValue:
    place = str(language.text(text)).find(str(language.text(wanted)))
    return CellError.VALUE if place < 0 else place + 1.0


ON_TEXTS: Final[dict[str, Callable[..., CellValue]]] = {
    "&": _join,
    "FIND": _found,
    "LEN": _length,
    "MID": _part,
    "TRIM": _trimmed,
    "REPT": _repeated,
}
"""Functions of texts, after the language in which numbers become texts; errors are seen to before."""


def numbers_among(arguments: Iterable[tuple[Argument, bool]]) -> list[float] | CellError:
    """Collect numbers for SUM and its kin; of references (True) only true numbers count, the rest is skipped."""
    numbers: list[float] = []
    for argument, referred in arguments:
        values = argument if isinstance(argument, Grid) else (argument,)
        for value in values:
            if isinstance(value, CellError):
                return value
            if referred or isinstance(argument, Grid):
                if isinstance(value, int | float) and not isinstance(value, bool):
                    numbers.append(value)
                continue
            number = number_of(value)
            if isinstance(number, CellError):
                return number
            numbers.append(number)
    return numbers


def ranked(numbers: list[float], rank: CellValue, *, greatest: bool) -> CellValue:
    """Give the number of that rank, from 1."""
    place = number_of(rank)
    if isinstance(place, CellError):
        return place
    if not 1 <= place <= len(numbers):
        return CellError.NUMBER
    return sorted(numbers, reverse=greatest)[floor(place) - 1]


def sum_of_products(arrays: list[Grid]) -> CellValue:
    """Sum the products of arrays of one shape; texts and blanks count as 0."""
    if len({array.shape for array in arrays}) > 1:
        return CellError.VALUE
    total = 0.0
    for values in zip(*arrays, strict=True):
        error = first_error(values)
        if error:
            return error
        product = 1.0
        for value in values:
            product *= value if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
        total += product
    return finite(total)


def meets(criterion: CellValue) -> Callable[[CellValue], bool]:
    """Make the test of COUNTIF and SUMIFS: a value to equal, or a text such as ``<>X`` or ``>=3``."""
    if not isinstance(criterion, str):
        wanted = 0.0 if criterion is None else criterion
        if isinstance(wanted, float):
            return lambda value: isinstance(value, float) and _same_number(value, wanted)
        return lambda value: value is not None and _same_kind(value, wanted) and compare(value, wanted) == 0
    match = _SIGN.match(criterion)
    sign = match[0] if match else "="
    rest = criterion.removeprefix(match[0]) if match else criterion
    if sign in {"=", "<>"}:
        return _equality(rest, same=sign == "=", bare=match is None)
    operand: CellValue = float(rest) if _NUMBER_TEXT.fullmatch(rest) else rest
    holds = ELEMENTWISE[sign]
    return lambda value: value is not None and _same_kind(value, operand) and holds(value, operand) is True


def _equality(text: str, *, same: bool, bare: bool) -> Callable[[CellValue], bool]:
    pattern = re.compile(translate(text.casefold()))
    number = float(text) if _NUMBER_TEXT.fullmatch(text) else None

    def equal(value: CellValue) -> bool:
        if not text:
            return value is None or (bare and value == "")
        if isinstance(value, str):
            return pattern.fullmatch(value.casefold()) is not None
        return number is not None and _rank(value) == 0 and value is not None and compare(value, number) == 0

    return lambda value: equal(value) is same


def _same_kind(left: CellValue, right: CellValue) -> bool:
    return not isinstance(left, CellError) and _rank(left) == _rank(right)
