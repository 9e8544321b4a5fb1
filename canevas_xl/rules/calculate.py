"""Owns the calculation of formulas over the cells of a plan, as the spreadsheet of its reader would do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor
from typing import Final

from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use
from canevas_xl.rules.functions import (
    ELEMENTWISE,
    ON_TEXTS,
    Argument,
    CellError,
    CellValue,
    Grid,
    Language,
    exact,
    finite,
    first_error,
    meets,
    number_of,
    numbers_among,
    ranked,
    sum_of_products,
    truth_of,
)

_OVER_ARRAYS: Final = frozenset({"+", "-", "*", "/", "^", "&", "=", "<>", "<", "<=", ">", ">=", "NEG", "ISERROR"})
"""What goes over areas inside SUMPRODUCT everywhere; IronCalc gives 0 or an error for ISNUMBER, EXACT, LEN…"""

Address = tuple[str, int, int]
"""Sheet code, row and column, zero-based."""


class _Pending(Exception):  # noqa: N818 - a signal between two methods, not an error
    """Cells that must be computed first."""

    def __init__(self, addresses: list[Address]) -> None:
        """Keep the addresses."""
        super().__init__(addresses)
        self.addresses = addresses


class Sheets:
    """The cells of a workbook: constants, and formulas computed when asked for, each once."""

    def __init__(
        self, constants: Mapping[Address, CellValue], formulas: Mapping[Address, Formula], language: str = "en"
    ) -> None:
        """Take every cell that is not blank; ``language`` decides how numbers look when joined to texts."""
        self._values: dict[Address, CellValue] = dict(constants)
        self._formulas = formulas
        self._language = Language(language)
        self._grids: dict[Area, Grid] = {}
        self._last: dict[str, int] = {}
        for sheet, row, _ in (*constants, *formulas):
            self._last[sheet] = max(row, self._last.get(sheet, 0))

    def value(self, address: Address) -> CellValue:
        """Give the value of a cell, computing what it depends on first, however long the chain.

        Raises:
            ValueError: formulas go round in a circle.
        """
        waiting: set[Address] = set()
        stack = [address]
        while stack:
            current = stack[-1]
            if current in self._values or current not in self._formulas:
                stack.pop()
                continue
            try:
                self._values[current] = self.evaluate(self._formulas[current], current)
            except _Pending as pending:
                waiting.add(current)
                circle = waiting.intersection(pending.addresses)
                if circle:
                    raise ValueError(f"formulas go round in a circle at {sorted(circle)}") from None
                stack.extend(pending.addresses)
            else:
                waiting.discard(current)
        return self._values.get(address)

    def evaluate(self, formula: Formula, at: Address) -> CellValue:
        """Compute one formula as if it stood at ``at``.

        Raises:
            _Pending: another formula must be computed first.
            ValueError: an area stands where a single value is due.
        """
        value = _Reading(self, at).single(formula)
        return 0.0 if value is None else value

    def cell(self, address: Address) -> CellValue:
        """Give a cell that is a constant, blank, or already computed."""
        if address not in self._values and address in self._formulas:
            raise _Pending([address])
        return self._values.get(address)

    def grid(self, area: Area) -> Grid:
        """Give the values of an area, cut at the last used row of its sheet."""
        if area in self._grids:
            return self._grids[area]
        last_row = max(area.first_row, min(area.last_row, self._last.get(area.sheet, 0)))
        columns = range(area.first_column, area.last_column + 1)
        addresses = [[(area.sheet, row, column) for column in columns] for row in range(area.first_row, last_row + 1)]
        pending = [
            place for line in addresses for place in line if place in self._formulas and place not in self._values
        ]
        if pending:
            raise _Pending(pending)
        self._grids[area] = Grid(tuple(tuple(self._values.get(place) for place in line) for line in addresses))
        return self._grids[area]

    def text(self, value: CellValue) -> str | CellError:
        """Write a value as joining texts does."""
        return self._language.text(value)

    @property
    def language(self) -> Language:
        """How numbers are written."""
        return self._language


class _Reading:
    """One formula being computed at its place."""

    def __init__(self, sheets: Sheets, at: Address, *, over_arrays: bool = False) -> None:
        self.sheets = sheets
        self.at = at
        self.over_arrays = over_arrays

    def single(self, formula: Formula) -> CellValue:
        """Compute a formula where a single value is due."""
        value = self.argument(formula)
        if isinstance(value, Grid):
            if value.shape == (1, 1):
                return value.rows[0][0]
            raise ValueError(f"an area where one value is due, at {self.at}: {formula}")
        return value

    def argument(self, formula: Formula) -> Argument:
        """Compute a formula; areas come whole."""
        if isinstance(formula, Literal):
            value = formula.value
            return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        if isinstance(formula, Cell):
            return self.sheets.cell((formula.sheet, formula.row, formula.column))
        if isinstance(formula, SameRow):
            return self.sheets.cell((self.at[0], self.at[1], formula.column))
        if isinstance(formula, Area):
            return self.sheets.grid(formula)
        return self._use(formula)

    def _use(self, formula: Use) -> Argument:
        special = _SPECIAL.get(formula.function)
        if special is not None:
            return special(self, formula.arguments)
        return self._elementwise(self._function(formula.function), formula)

    def _function(self, name: str) -> Callable[..., CellValue]:
        if name in ELEMENTWISE:
            return ELEMENTWISE[name]
        language = self.sheets.language
        if name == "EXACT":
            return exact(language)
        on_texts = ON_TEXTS[name]
        return lambda *values: first_error(values) or on_texts(language, *values)

    def _elementwise(self, function: Callable[..., CellValue], formula: Use) -> Argument:
        if not self.over_arrays:
            return function(*map(self.single, formula.arguments))
        values = [self.argument(argument) for argument in formula.arguments]
        grids = [value for value in values if isinstance(value, Grid)]
        if not grids:
            return function(*values)
        if formula.function not in _OVER_ARRAYS:
            raise ValueError(f"{formula.function} does not go over areas in every program, at {self.at}")
        rows, columns = (max(sizes) for sizes in zip(*(grid.shape for grid in grids), strict=True))
        spread = [_spread(value, rows, columns) for value in values]
        return Grid(
            tuple(tuple(function(*(grid[i][j] for grid in spread)) for j in range(columns)) for i in range(rows))
        )

    def referred(self, formula: Formula) -> bool:
        """Say whether an argument is a reference, in which SUM and its kin skip texts and truths."""
        return not isinstance(formula, Literal) and (not isinstance(formula, Use) or formula.function == "INDEX")

    def numbers(self, arguments: tuple[Formula, ...]) -> list[float] | CellError:
        """Collect the numbers of arguments."""
        return numbers_among((self.argument(argument), self.referred(argument)) for argument in arguments)


def _spread(value: Argument, rows: int, columns: int) -> tuple[tuple[CellValue, ...], ...]:
    """Give a value or array the shape of the largest; what has no partner is ``#N/A``."""
    if not isinstance(value, Grid):
        return ((value,) * columns,) * rows
    height, width = value.shape
    if (height, width) == (rows, columns):
        return value.rows

    def at(row: int, column: int) -> CellValue:
        row, column = (0 if height == 1 else row), (0 if width == 1 else column)
        return value.rows[row][column] if row < height and column < width else CellError.NOT_AVAILABLE

    return tuple(tuple(at(row, column) for column in range(columns)) for row in range(rows))


def _if(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    test = truth_of(reading.single(arguments[0]))
    if isinstance(test, CellError):
        return test
    if not test and len(arguments) < 3:  # noqa: PLR2004 - IF(test, value, other value)
        return False
    return reading.argument(arguments[1 if test else 2])


def _if_error(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    value = reading.single(arguments[0])
    return reading.single(arguments[1]) if isinstance(value, CellError) else value


def _choose(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    number = number_of(reading.single(arguments[0]))
    if isinstance(number, CellError):
        return number
    return reading.argument(arguments[floor(number)]) if 1 <= number < len(arguments) else CellError.VALUE


def _all_of(combine: Callable[[list[bool]], bool]) -> Callable[[_Reading, tuple[Formula, ...]], Argument]:
    def judge(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
        truths: list[bool] = []
        for formula in arguments:
            argument = reading.argument(formula)
            skipping = isinstance(argument, Grid) or reading.referred(formula)
            for value in argument if isinstance(argument, Grid) else (argument,):
                if skipping and (value is None or isinstance(value, str)):
                    continue
                truth = truth_of(value)
                if isinstance(truth, CellError):
                    return truth
                truths.append(truth)
        return combine(truths) if truths else CellError.VALUE

    return judge


def _of_numbers(combine: Callable[[list[float]], float]) -> Callable[[_Reading, tuple[Formula, ...]], Argument]:
    def compute(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
        numbers = reading.numbers(arguments)
        return numbers if isinstance(numbers, CellError) else finite(combine(numbers))

    return compute


def _ranked(*, greatest: bool) -> Callable[[_Reading, tuple[Formula, ...]], Argument]:
    def compute(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
        numbers = reading.numbers(arguments[:1])
        return (
            numbers
            if isinstance(numbers, CellError)
            else ranked(numbers, reading.single(arguments[1]), greatest=greatest)
        )

    return compute


def _index(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    area = arguments[0]
    if not isinstance(area, Area):
        raise TypeError(f"INDEX over something else than an area, at {reading.at}")
    places = [number_of(reading.single(argument)) for argument in arguments[1:]]
    error = first_error(places)
    if error:
        return error
    row, column = _two_places([floor(float(str(place))) for place in places], area)
    rows = area.last_row - area.first_row + 1
    columns = area.last_column - area.first_column + 1
    if not (0 <= row <= rows and 0 <= column <= columns):
        return CellError.REFERENCE
    first_row, last_row = (area.first_row, area.last_row) if row == 0 else (area.first_row + row - 1,) * 2
    first, last = (area.first_column, area.last_column) if column == 0 else (area.first_column + column - 1,) * 2
    if (first_row, first) == (last_row, last):
        return reading.sheets.cell((area.sheet, first_row, first))
    return reading.sheets.grid(Area(area.sheet, first_row, first, last_row, last))


def _two_places(places: list[int], area: Area) -> tuple[int, int]:
    if len(places) > 1:
        return places[0], places[1]
    return (1, places[0]) if area.first_row == area.last_row else (places[0], 1)


def _match(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    if len(arguments) < 3 or arguments[2] != Literal(0.0):  # noqa: PLR2004 - MATCH(value, area, 0)
        raise ValueError(f"MATCH that is not exact, at {reading.at}")
    wanted, area = reading.single(arguments[0]), reading.argument(arguments[1])
    if isinstance(wanted, CellError):
        return wanted
    if wanted is None:
        return CellError.NOT_AVAILABLE  # as LibreOffice does
    meeting = _equal_to(wanted)
    values = area if isinstance(area, Grid) else (area,)
    return next((float(place) for place, value in enumerate(values, 1) if meeting(value)), CellError.NOT_AVAILABLE)


def _equal_to(wanted: CellValue) -> Callable[[CellValue], bool]:
    if isinstance(wanted, str):
        text = wanted.casefold()
        return lambda value: isinstance(value, str) and value.casefold() == text
    return meets(wanted)


def _sum_of_products(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    inside = _Reading(reading.sheets, reading.at, over_arrays=True)
    arrays: list[Grid] = []
    for formula in arguments:
        value = inside.argument(formula)
        array = value if isinstance(value, Grid) else Grid(((value,),))
        if isinstance(formula, Use) and any(isinstance(one, bool) for one in array):
            # Excel counts truths as 0 here and LibreOffice as 1.
            raise ValueError(f"truths in SUMPRODUCT must be multiplied, at {reading.at}")
        arrays.append(array)
    return sum_of_products(arrays)


def _chosen(reading: _Reading, pairs: tuple[Formula, ...]) -> list[bool]:
    """Say for each cell of the areas whether every criterion beside is met."""
    chosen: list[bool] = []
    for area, criterion in zip(pairs[::2], pairs[1::2], strict=True):
        test = meets(reading.single(criterion))
        values = reading.argument(area)
        judged = [test(value) for value in (values if isinstance(values, Grid) else (values,))]
        chosen = [one and other for one, other in zip(chosen, judged, strict=True)] if chosen else judged
    return chosen


def _count_ifs(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    return float(sum(_chosen(reading, arguments)))


def _sum_ifs(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    summed = reading.argument(arguments[0])
    values = summed if isinstance(summed, Grid) else (summed,)
    chosen = _chosen(reading, arguments[1:])
    kept = Grid((tuple(value for value, here in zip(values, chosen, strict=True) if here),))
    numbers = numbers_among([(kept, True)])
    return numbers if isinstance(numbers, CellError) else finite(sum(numbers))


def _count_all(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    values = (reading.argument(argument) for argument in arguments)
    flat = (one for value in values for one in (value if isinstance(value, Grid) else (value,)))
    return float(sum(one is not None for one in flat))


def _row(reading: _Reading, arguments: tuple[Formula, ...]) -> Argument:
    if not arguments:
        return float(reading.at[1] + 1)
    place = arguments[0]
    if isinstance(place, Cell | Area):
        return float((place.row if isinstance(place, Cell) else place.first_row) + 1)
    return float(reading.at[1] + 1) if isinstance(place, SameRow) else CellError.VALUE


_SPECIAL: Final[dict[str, Callable[[_Reading, tuple[Formula, ...]], Argument]]] = {
    "IF": _if,
    "IFERROR": _if_error,
    "CHOOSE": _choose,
    "AND": _all_of(all),
    "OR": _all_of(any),
    "SUM": _of_numbers(sum),
    "MIN": _of_numbers(lambda numbers: min(numbers, default=0.0)),
    "MAX": _of_numbers(lambda numbers: max(numbers, default=0.0)),
    "LARGE": _ranked(greatest=True),
    "SMALL": _ranked(greatest=False),
    "INDEX": _index,
    "MATCH": _match,
    "SUMPRODUCT": _sum_of_products,
    "SUMIFS": _sum_ifs,
    "COUNTIF": _count_ifs,
    "COUNTIFS": _count_ifs,
    "COUNTA": _count_all,
    "ROW": _row,
    "NA": lambda _reading, _arguments: CellError.NOT_AVAILABLE,
    "HYPERLINK": lambda reading, arguments: reading.single(arguments[-1]),
}
"""Functions that look at references, or choose what they look at."""
