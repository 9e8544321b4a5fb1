"""Owns spreadsheet formulas at work: a tree as text, and the cached values of a whole plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import isfinite
from typing import Final

from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use
from canevas_xl.model.plan import CellPlan, Content, Link, SheetPlan, Stamp, WorkbookPlan
from canevas_xl.rules.calculate import Address, Sheets
from canevas_xl.rules.functions import CellError, CellValue

FUNCTIONS: Final = frozenset({
    "ABS", "AND", "CHOOSE", "COUNTA", "COUNTIF", "COUNTIFS", "EXACT", "FIND", "HYPERLINK", "IF", "IFERROR", "INDEX",
    "INT", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LARGE", "LEN", "LOG10", "MATCH", "MAX", "MID", "MIN", "NA",
    "NOT", "OR", "REPT", "ROUND", "ROW", "SMALL", "SUM", "SUMIFS", "SUMPRODUCT", "TRIM",
})  # fmt: skip
"""What every spreadsheet of the last fifteen years computes alike, and no other."""

_STRENGTH: Final = {
    "=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5,
}  # fmt: skip
_ASSOCIATIVE: Final = frozenset("&+*")
_ATOM: Final = 9
LONGEST_FORMULA: Final = 8192
"""Characters that Excel takes in one formula."""
_DEEPEST: Final = 64
_LONGEST_TEXT: Final = 255
_LAST_ROW: Final = 1_048_575
_FORMULA: Final = (Literal, Cell, Area, SameRow, Use)


def text(formula: Formula, sheet_names: Mapping[str, str]) -> str:
    """Write a tree as spreadsheets read it in a file, English names and commas, without the leading ``=``.

    Args:
        formula: the tree.
        sheet_names: the displayed name of each sheet by its code.

    Raises:
        ValueError: a function outside :data:`FUNCTIONS`, a number that is not finite, or more than Excel takes.
        KeyError: a sheet without a name.
    """
    written = _written(formula, sheet_names)[0]
    if len(written) > LONGEST_FORMULA or _depth(formula) > _DEEPEST:
        raise ValueError(f"more than Excel takes: {len(written)} characters, {_depth(formula)} levels")
    return written


def _depth(formula: Formula) -> int:
    """Count how deep functions stand in each other; operators do not count."""
    if not isinstance(formula, Use):
        return 0
    return (formula.function not in _STRENGTH) + max(map(_depth, formula.arguments), default=0)


def column_letters(column: int) -> str:
    """Give ``A`` for 0, ``AA`` for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _quoted_sheet(name: str) -> str:
    """Give a sheet's name as formulas need it, always in apostrophes."""
    return "'" + name.replace("'", "''") + "'"


def _written(formula: Formula, names: Mapping[str, str]) -> tuple[str, int]:
    """Give the text and how strongly it holds together."""
    if isinstance(formula, Literal):
        return _constant(formula)
    if isinstance(formula, Cell):
        return f"{_quoted_sheet(names[formula.sheet])}!{_address(formula.row, formula.column)}", _ATOM
    if isinstance(formula, Area):
        return f"{_quoted_sheet(names[formula.sheet])}!{_area(formula)}", _ATOM
    if isinstance(formula, SameRow):
        letters = column_letters(formula.column)
        return f"INDEX(${letters}:${letters},ROW())", _ATOM
    return _use(formula, names)


def _address(row: int, column: int) -> str:
    return f"${column_letters(column)}${row + 1}"


def _area(area: Area) -> str:
    if area.first_row == 0 and area.last_row == _LAST_ROW:
        return f"${column_letters(area.first_column)}:${column_letters(area.last_column)}"
    return f"{_address(area.first_row, area.first_column)}:{_address(area.last_row, area.last_column)}"


def _constant(constant: Literal) -> tuple[str, int]:
    value = constant.value
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), _ATOM
    if isinstance(value, str):
        pieces = [value[at : at + _LONGEST_TEXT] for at in range(0, len(value), _LONGEST_TEXT)] or [""]
        written = "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
        return written, _ATOM if len(pieces) == 1 else _STRENGTH["&"]
    return number_text(value), _ATOM if value >= 0 else 0


def number_text(value: float) -> str:
    """Write a number for a formula in a file: point, no grouping, every digit that it needs.

    Raises:
        ValueError: the number is not finite: no file can hold it.
    """
    if not isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    written = repr(float(value)).upper()
    return written.removesuffix(".0")


def _use(formula: Use, names: Mapping[str, str]) -> tuple[str, int]:
    if formula.function == "NEG":
        inner, strength = _written(formula.arguments[0], names)
        # IronCalc reads a/(-(b/c)) as a/-b/c: only a single thing gets a bare minus.
        return (f"(-{inner})" if strength == _ATOM else f"(0-({inner}))"), _ATOM
    strength = _STRENGTH.get(formula.function, 0)
    if not strength:
        if formula.function not in FUNCTIONS:
            raise ValueError(f"not a classic spreadsheet function: {formula.function}")
        arguments = ",".join(_written(argument, names)[0] for argument in formula.arguments)
        return f"{formula.function}({arguments})", _ATOM
    left, right = formula.arguments
    chained = formula.function not in {"^", "=", "<>", "<", "<=", ">", ">="}
    left_text = _held(left, strength if chained else strength + 1, names)
    right_text = _held(right, strength + 1, names)
    return f"{left_text}{formula.function}{right_text}", strength


def _held(formula: Formula, needed: int, names: Mapping[str, str]) -> str:
    written, strength = _written(formula, names)
    return written if strength >= needed else f"({written})"


def recalculated(plan: WorkbookPlan) -> WorkbookPlan:
    """Give the plan with the value of every formula in ``cached``, as a spreadsheet would show it on opening.

    Errors are texts (``#N/A``, ``#DIV/0!``, ``#VALUE!``, ``#NUM!``, ``#REF!``). Stamped cells hold their
    placeholder text (:func:`_stamped_text`). Each formula is computed once.

    Raises:
        ValueError: formulas that go round in a circle, an area where one value is due, or truths summed by SUMPRODUCT.
    """
    sheets = sheets_of(plan)
    return replace(plan, sheets=tuple(_recalculated(sheet, sheets) for sheet in plan.sheets))


def sheets_of(plan: WorkbookPlan) -> Sheets:
    """Give the cells of a plan as something that can be asked for values."""
    constants: dict[Address, CellValue] = {}
    formulas: dict[Address, Formula] = {}
    for sheet in plan.sheets:
        for cell in sheet.cells:
            address = (sheet.code, cell.row, cell.column)
            if isinstance(cell.content, _FORMULA):
                formulas[address] = cell.content
            elif cell.content not in (None, ""):
                constants[address] = _constant_value(cell.content)
    return Sheets(constants, formulas, plan.language)


def _stamped_text(stamp: Stamp) -> str:
    """Give the text that stands for a stamped one while nobody is addressed."""
    return f"{stamp.before}{stamp.name}{stamp.after}"


def _constant_value(content: Content) -> CellValue:
    if isinstance(content, Stamp):
        return _stamped_text(content)
    if isinstance(content, Link):
        return content.text
    if isinstance(content, int | float):
        return float(content)
    return content if isinstance(content, str) else None


def _recalculated(sheet: SheetPlan, sheets: Sheets) -> SheetPlan:
    return replace(sheet, cells=tuple(_with_value(sheet.code, cell, sheets) for cell in sheet.cells))


def _with_value(sheet: str, cell: CellPlan, sheets: Sheets) -> CellPlan:
    if not isinstance(cell.content, _FORMULA):
        return cell
    value = sheets.value((sheet, cell.row, cell.column))
    return replace(cell, cached=value.value if isinstance(value, CellError) else value)
