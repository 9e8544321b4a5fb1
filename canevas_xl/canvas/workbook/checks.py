"""Owns the list of everything that is checked, on the hidden sheet: one row per answer and per rule, counted."""

from __future__ import annotations

from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, inputs
from canevas_xl.canvas.workbook.asked import Item
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.identity import IDENTITY
from canevas_xl.canvas.workbook.names import Names
from canevas_xl.canvas.workbook.places import CALC, MESSAGE_LIST, Block, Places
from canevas_xl.canvas.workbook.problems import UNFINISHED, Problem
from canevas_xl.canvas.workbook.values import FALSE, LIST_LABEL
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.expression import Call, Number
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.template import Range, Rule
from canevas_xl.rules.build import (
    Part,
    add,
    and_,
    cat,
    choose,
    countif,
    eq,
    gt,
    if_,
    if_error,
    index,
    mul,
    not_,
    or_,
    round_,
    sum_,
)
from canevas_xl.rules.parse import parse
from canevas_xl.rules.spreadsheet import column_letters

LABEL: Final = 1
PROBLEM: Final = 2
COUNT: Final = 3
"""How many problems up to this row: its first occurrence of k is the k-th problem."""
TARGET: Final = 4
MESSAGE: Final = 5
REQUIRED: Final = 6
DONE: Final = 7
PLACE: Final = 8

LEFT: Final = Cell(CALC, 0, 2)
"""How many problems are left in all."""
REQUIRED_TOTAL: Final = Cell(CALC, 1, 2)
DONE_TOTAL: Final = Cell(CALC, 2, 2)


def on_welcome(places: Places) -> Block:
    """The rows of checks that belong to *Accueil*."""
    return Block(places.checks.first, places.checks.first + len(IDENTITY) - 1)


def on_offer(places: Places) -> Block:
    """The rows of checks that belong to *Mon offre*, rules included."""
    return Block(places.checks.first + len(IDENTITY), places.checks.last)


def left_in(block: Block) -> Formula:
    """How many problems stand in a block of checks."""
    return countif(block.column(CALC, PROBLEM), ">0")


def fill(sheet: Sheet, places: Places, sheet_names: dict[str, str]) -> None:
    """Put one row per answer and per rule, and the totals."""
    row = places.checks.first
    for identity in IDENTITY:
        label = sheet.words.say(f"identity.{identity.code}.label")
        _answer(sheet, places, row, identity.key, label, _message(places, row, {}))
        sheet.put(row, REQUIRED, 1.0 if identity.required else 0.0, look.HIDDEN)
        row += 1
    for item in places.judged:
        message = _message(places, row, _more(sheet.words, item))
        _answer(sheet, places, row, item.key, item_label(places, sheet.words, item), message)
        asked = places.beside(item.key, grid.ASKED) if item.required else 0.0
        sheet.put(row, REQUIRED, asked, look.HIDDEN)
        row += 1
    for rule, of_row in places.rules:
        _rule(sheet, places, row, rule, of_row)
        row += 1
    for at in range(places.checks.first, row):
        _count(sheet, places, at, sheet_names)
    for cell, column in ((REQUIRED_TOTAL, REQUIRED), (DONE_TOTAL, DONE)):
        sheet.put(cell.row, cell.column, sum_(places.checks.column(CALC, column)), look.HIDDEN)
    sheet.put(LEFT.row, LEFT.column, left_in(places.checks), look.HIDDEN)


def item_label(places: Places, words: Words, item: Item) -> str:
    """The words of an item, with its row's."""
    label = words.of_template(f"fields.{item.field.code}.label")
    return f"{places.row_label(item.row)} · {label}" if item.row else label


def bounds(words: Words, item: Item) -> str:
    """What is expected, as a sentence; empty where there is nothing to say."""
    if not item.numeric:
        return ""
    paths = (f"{kind}.{item.field.per}.label" for kind in ("fields", "parameters"))
    by = next(filter(None, map(words.of_template, paths)), "")
    low, high = item.field.hard.min, item.field.hard.max
    if by and low is not None and high is not None:
        unit = words.unit(item.field.unit)
        most = words.measured(high, unit)
        return words.say("problem.expected", expected=words.say("bounds.ratio", low=low, high=most, by=by))
    return words.say("problem.expected", expected=inputs.expected(words, item))


def usual(words: Words, item: Item) -> str:
    """What is usual, as a sentence."""
    found: Range = item.field.plausible
    if item.field.per is not None or found.min is None or found.max is None:
        return ""
    unit = words.unit(item.field.unit)
    shown = words.say("bounds.both", low=found.min, high=words.measured(found.max, unit))
    return words.say("problem.usual", expected=shown)


def wanted(words: Words, item: Item) -> str:
    """Which document is wanted."""
    return words.of_template(f"fields.{item.field.code}.evidence")


def _answer(sheet: Sheet, places: Places, row: int, key: str, label: str, message: Formula) -> None:
    sheet.put(row, LABEL, label, look.HIDDEN_TEXT)
    sheet.put(row, PROBLEM, places.beside(key, grid.PROBLEM), look.HIDDEN)
    sheet.put(row, MESSAGE, message, look.HIDDEN)
    sheet.put(row, TARGET, "", look.HIDDEN_TEXT)
    _target(sheet, row, places.answers[key])


def _target(sheet: Sheet, row: int, cell: Cell) -> None:
    sheet.put(row, TARGET, f"{cell.sheet}!{column_letters(cell.column)}{cell.row + 1}", look.HIDDEN_TEXT)


def _more(words: Words, item: Item) -> dict[Problem, str]:
    """What else is said of an item, by problem."""
    return {
        Problem.MISSING: words.say("problem.or_unknown") if item.with_origin else "",
        Problem.UNREADABLE: bounds(words, item),
        Problem.OUT_OF_BOUNDS: bounds(words, item),
        Problem.EVIDENCE_MISSING: wanted(words, item),
        Problem.UNUSUAL: usual(words, item),
    }


def _message(places: Places, row: int, more: dict[Problem, str]) -> Formula:
    """The sentence of the problem found in this row, and what is expected there."""
    problem = Cell(CALC, row, PROBLEM)
    said: Formula = index(places.list_area(MESSAGE_LIST, LIST_LABEL), problem)
    if any(more.values()):
        last = max(int(number) for number, text in more.items() if text)
        options = [more.get(Problem(number), "") for number in range(1, last + 1)]
        said = cat(said, if_error(choose(problem, *(f" {text}" if text else "" for text in options)), ""))
    return if_(eq(problem, 0), "", said)


def _rule(sheet: Sheet, places: Places, row: int, rule: Rule, of_row: str) -> None:
    names = Names(places)
    broken: Formula = if_error(not_(names.formula(rule.holds, of_row)), FALSE)
    if of_row:
        broken = and_(eq(places.rows[of_row], 1), broken)
    number = Problem.RULE if rule.severity == "blocks" else Problem.RULE_DOUBT
    sheet.put(row, PROBLEM, if_(broken, float(number), 0), look.HIDDEN)
    words = sheet.words
    label = places.row_label(of_row) if of_row else words.say("control.together")
    sheet.put(row, LABEL, label, look.HIDDEN_TEXT)
    message: Part = words.of_template(f"rules.{rule.code}")
    live = _live(names, rule, of_row)
    if live is not None:
        message = cat(message, " ", words.say("problem.now"), " ", live, ".")
    sheet.put(row, MESSAGE, if_(eq(Cell(CALC, row, PROBLEM), 0), "", message), look.HIDDEN)
    about = f"{of_row}.{rule.about[0]}" if f"{of_row}.{rule.about[0]}" in places.answers else rule.about[0]
    if about in places.answers:
        _target(sheet, row, places.answers[about])
    else:
        first = places.judged[0].key if places.judged else IDENTITY[0].key
        _target(sheet, row, places.answers[first])
    sheet.put(row, REQUIRED, 0.0, look.HIDDEN)


def _live(names: Names, rule: Rule, of_row: str) -> Formula | None:
    """The number that a simple rule (something compared with a constant) speaks about."""
    tree = parse(rule.holds)
    if not isinstance(tree, Call) or tree.function not in {"=", "<=", ">=", "<", ">"}:
        return None
    left, right = tree.arguments
    if not isinstance(right, Number):
        return None
    return if_error(round_(names.formula(left, of_row), 2), "?")


def _count(sheet: Sheet, places: Places, row: int, sheet_names: dict[str, str]) -> None:
    problem = Cell(CALC, row, PROBLEM)
    before: Part = Cell(CALC, row - 1, COUNT) if row > places.checks.first else 0
    sheet.put(row, COUNT, add(before, if_(gt(problem, 0), 1, 0)), look.HIDDEN)
    finished = or_(eq(problem, 0), gt(problem, float(UNFINISHED)))
    sheet.put(row, DONE, mul(Cell(CALC, row, REQUIRED), if_(finished, 1, 0)), look.HIDDEN)
    target = sheet.cells[row, TARGET].content
    code, address = str(target).split("!")
    name = sheet_names[code]
    sheet.put(row, TARGET, f"#'{name}'!{address}", look.HIDDEN_TEXT)
    sheet.put(row, PLACE, f"{name}, {address}", look.HIDDEN_TEXT)


def column_of(places: Places, column: int) -> Area:
    """One column of all checks."""
    return places.checks.column(CALC, column)
