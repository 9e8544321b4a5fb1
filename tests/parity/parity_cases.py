"""Generated cases: an author's expression, what was typed for its names, and one workbook that holds many cases.

Every case takes one row of the sheet. What was typed stands in input cells (some blank); beside each a locked cell
holds what counts, ``#N/A`` while unknown, exactly as in a canvas; the expression reads those.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import isclose
from types import MappingProxyType

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from canevas_xl.model.expression import UNKNOWN, Call, Code, Expression, Name, Number, Partial, Unknown, Value
from canevas_xl.model.formula import Cell, Formula, SameRow
from canevas_xl.model.plan import CellPlan, SheetPlan, Style, WorkbookPlan
from canevas_xl.rules.build import if_, is_blank, is_number, is_text, na
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.lower import Kind, TableRow, lower
from canevas_xl.rules.parse import names, parse
from canevas_xl.rules.scope import Scope
from canevas_xl.rules.spreadsheet import text

NUMBERS = ("A", "B", "C", "D")
CODES = ("K", "L")
WILD = "W"
"""May hold a number or a code, even one that looks like a number."""
TABLE = "T"
ROWS = ("R1", "R2", "R3")
COLUMNS = ("X", "Y")
CHOICES = ("ALPHA", "BETA", "1E2", "12", "TRUE", "A-1", "JAN-5")

Typed = float | str | None
POOL = (0.0, 1.0, 2.0, 3.0, 10.0, 0.1, 0.2, 0.3, 0.7, 0.5, 12.5, 1e-6, 1e6, 1000.0, 999.9999999999, 0.1234567890125)


@dataclass(frozen=True)
class Case:
    """An expression and what was typed: by name, by ``row.column`` for the table; rows that exist."""

    tree: Expression
    typed: dict[str, Typed]
    rows: tuple[bool, ...]
    guarded: bool
    """Whether the kinds of cells are unknown to the rendering, so that each use is guarded."""


def kind_of_name(name: str) -> Kind:
    if name in NUMBERS or name == "X":
        return Kind.NUMBER
    return Kind.CODE if name in CODES or name == "Y" else Kind.VALUE


literals = st.one_of(st.sampled_from(POOL), st.floats(1e-6, 1e6), st.integers(0, 1000).map(float))
gaps = st.sampled_from((1e-14, 1e-13, 4e-13, 1e-12, 6e-12, 1e-11, 1e-10))
"""Differences, as shares, below and above the twelfth digit."""
sizeable = st.one_of(st.sampled_from(POOL), st.floats(1e-6, 1e6)).filter(lambda number: number > 1e-3)
"""IronCalc takes numbers that lie less than about 2e-16 apart for equal, however small they are."""
typed_number = st.one_of(st.none(), st.sampled_from(POOL), st.floats(1e-6, 1e6), st.floats(-1e6, -1e-6))
typed_code = st.one_of(st.none(), st.sampled_from(CHOICES))
EXPONENTS = (Number(0.5), Number(2.0), Number(3.0), Call("neg", (Number(1.0),)))


class Author:
    """Writes random expressions that mostly make sense; ``inside`` a row of the table its columns have names too."""

    def __init__(self, draw: st.DrawFn, *, inside: bool = False) -> None:
        self.draw = draw
        self.inside = inside

    def one_of(self, *ways: Callable[[], Expression]) -> Expression:
        return ways[self.draw(st.integers(0, len(ways) - 1))]()

    def many(self, write: Callable[[int], Expression], depth: int) -> list[Expression]:
        return [write(depth) for _ in range(self.draw(st.integers(1, 3)))]

    def number(self, depth: int) -> Expression:
        if depth == 0:
            names = [*NUMBERS, WILD, *(COLUMNS[:1] if self.inside else ())]
            return self.draw(st.one_of(literals.map(Number), st.sampled_from(names).map(Name)))
        return self.one_of(
            lambda: self.number(0), lambda: self.arithmetic(depth - 1), lambda: self.arithmetic(depth - 1),
            lambda: self.power(depth - 1), lambda: self.function(depth - 1), lambda: self.over_rows(depth - 1),
            lambda: self.chosen(self.mostly, depth - 1),
        )  # fmt: skip

    def mostly(self, depth: int) -> Expression:
        """Write a number; now and then a code or a truth, where none is due."""
        return self.one_of(*[lambda: self.number(depth)] * 8, lambda: self.value(depth))

    def value(self, depth: int) -> Expression:
        return self.one_of(lambda: self.number(depth), lambda: self.code(depth), lambda: self.truth(depth))

    def arithmetic(self, depth: int) -> Expression:
        return Call(self.draw(st.sampled_from("+-*/")), (self.mostly(depth), self.mostly(depth)))

    def power(self, depth: int) -> Expression:
        exponent = self.one_of(lambda: self.draw(st.sampled_from(EXPONENTS)), lambda: self.number(depth))
        return Call("^", (self.number(depth), exponent))

    def function(self, depth: int) -> Expression:
        name = self.draw(st.sampled_from(("neg", "clip", "min", "max", "sum", "count")))
        if name in {"neg", "clip"}:
            return Call(name, tuple(self.number(depth) for _ in range(1 if name == "neg" else 3)))
        return Call(name, tuple(self.many(self.value if name == "count" else self.number, depth)))

    def over_rows(self, depth: int) -> Expression:
        if self.inside or self.draw(st.booleans()):
            return Call("count", (Name(TABLE),))
        return Call("sum", (Name(TABLE), Author(self.draw, inside=True).number(depth)))

    def chosen(self, write: Callable[[int], Expression], depth: int) -> Expression:
        """Write a function that gives one of its arguments."""
        name = self.draw(st.sampled_from(("if", "coalesce", "lookup")))
        if name == "if":
            return Call("if", (self.truth(depth), write(depth), write(depth)))
        if name == "coalesce":
            return Call("coalesce", tuple(self.many(write, depth)))
        codes = self.draw(st.lists(st.sampled_from(CHOICES), min_size=1, max_size=3, unique=True))
        pairs = (part for code in codes for part in (Code(code), write(depth)))
        return Call("lookup", (self.code(depth), *pairs))

    def code(self, depth: int) -> Expression:
        if depth == 0 or self.draw(st.booleans()):
            names = [*CODES, WILD, *(COLUMNS[1:] if self.inside else ())]
            return self.draw(st.one_of(st.sampled_from(CHOICES).map(Code), st.sampled_from(names).map(Name)))
        return self.chosen(self.code, depth - 1)

    def truth(self, depth: int) -> Expression:
        if depth == 0:
            return self.draw(st.one_of(st.sampled_from((0.1, 0.3, 0.7)).map(tie), st.builds(near, sizeable, gaps)))
        depth -= 1
        return self.one_of(
            lambda: self.compared(depth), lambda: self.compared(depth), lambda: self.membership(depth),
            lambda: Call(self.draw(st.sampled_from(("and", "or"))), (self.truth(depth), self.truth(depth))),
            lambda: Call("not", (self.truth(depth),)), lambda: Call("known", (self.value(depth),)),
            lambda: self.chosen(self.truth, depth),
        )  # fmt: skip

    def compared(self, depth: int) -> Expression:
        sign = self.draw(st.sampled_from(("=", "!=", "<", "<=", ">", ">=")))
        write = self.draw(st.sampled_from((self.number, self.number, self.code, self.value)))
        return Call(sign, (write(depth), write(depth)))

    def membership(self, depth: int) -> Expression:
        codes = self.draw(st.lists(st.sampled_from(CHOICES), min_size=1, max_size=3))
        return Call("in", (self.mostly(depth) if depth == 0 else self.code(depth), *map(Code, codes)))


def tie(step: float) -> Expression:
    """Make a comparison that binary arithmetic alone gets wrong: ``0.1 * 3 = 0.3``."""
    return Call("=", (Call("*", (Number(step), Number(3.0))), Number(round(step * 3, 12))))


def near(number: float, gap: float) -> Expression:
    """Compare a number with one that is a little more."""
    return Call("<", (Number(number), Number(number * (1 + gap))))


@st.composite
def cases(draw: st.DrawFn, depth: int = 4) -> Case:
    """Draw a case."""
    author = Author(draw)
    tree = draw(st.sampled_from((author.number, author.number, author.truth, author.code)))(depth)
    typed: dict[str, Typed] = {name: draw(typed_number) for name in NUMBERS}
    typed |= {name: draw(typed_code) for name in CODES}
    typed[WILD] = draw(st.one_of(typed_number, typed_code))
    for row in ROWS:
        typed |= {f"{row}.X": draw(typed_number), f"{row}.Y": draw(typed_code)}
    return Case(tree, typed, draw(st.tuples(*[st.booleans()] * len(ROWS))), draw(st.booleans()))


def steady(case: Case) -> bool:
    """Say whether the last bits of its numbers leave the value of a case alone.

    ``1 / (0.1 * 3 - 0.3)`` is not steady: two engines may then differ without either being wrong.
    """
    values = [evaluate(tree, scope_of(replace(case, tree=tree))) for tree in (case.tree, _shaken(case.tree, 1))]
    typed = {key: _shaken_number(value, at) for at, (key, value) in enumerate(case.typed.items())}
    values.append(evaluate(case.tree, scope_of(replace(case, typed=typed))))
    return all(agree(plain(values[0]), plain(other)) for other in values[1:])


def _shaken(tree: Expression, at: int) -> Expression:
    if isinstance(tree, Number):
        return Number(float(_shaken_number(tree.value, at) or 0))
    if isinstance(tree, Call):
        return Call(tree.function, tuple(_shaken(part, at + step) for step, part in enumerate(tree.arguments)))
    return tree


def _shaken_number(value: Typed, at: int) -> Typed:
    return value * (1 + (3e-15 if at % 2 else -3e-15)) if isinstance(value, float) else value


def plain(value: Value) -> float | str | bool | None:
    """Give a value as one cell can show it; None where it is an error."""
    if isinstance(value, Partial):
        return value.known if value.complete else None
    return None if isinstance(value, Unknown) else value


def agree(due: object, shown: object) -> bool:
    """Say whether what an engine shows is what is due: numbers to 1e-9, unknown as any error."""
    if due is None:
        return shown is None or (isinstance(shown, str) and shown.startswith(("#", "Err:")))
    if isinstance(due, bool):
        return shown in (due, float(due), str(due).upper())  # LibreOffice hands truths over as numbers
    if isinstance(due, str):
        return shown == due
    return (
        isinstance(shown, int | float)
        and not isinstance(shown, bool)
        and isclose(due, shown, rel_tol=1e-9, abs_tol=1e-9)
    )


def generated(count: int) -> list[Case]:
    """Give about ``count`` cases, the same each time: those that any spreadsheet can hold and any engine can judge."""
    found: list[Case] = []

    @settings(
        max_examples=count, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), deadline=None,
    )  # fmt: skip
    @given(cases())
    def collect(case: Case) -> None:
        if steady(case) and fits(case):
            found.append(case)

    collect()
    return found


def scope_of(case: Case) -> Scope:
    """Give the named values of a case."""
    values: dict[str, Value] = {key: UNKNOWN if value is None else value for key, value in case.typed.items()}
    rows = {
        row: MappingProxyType({column: values[f"{row}.{column}"] for column in COLUMNS})
        for row, exists in zip(ROWS, case.rows, strict=True)
        if exists
    }
    scalars = {name: value for name, value in values.items() if "." not in name}
    return Scope(MappingProxyType(scalars), MappingProxyType({TABLE: MappingProxyType(rows)}))


def fits(case: Case) -> bool:
    """Say whether Excel takes a formula as long as this one."""
    try:
        return bool(text(_lowered(9999, case), {"CASES": SHEET}))
    except ValueError:
        return False


PINNED = (
    "W + 1", "W * A", "max(W, 1)", "min(W)", "-W", "sum(W, 1)", "W > 1", "W = 100", "W = '1E2'",
    "W = 'ALPHA'", "W != 'ALPHA'", "lookup(W, 'ALPHA', 1)",
    "W in ('1E2', 'X')", "lookup(W, '1E2', 5)", "K + 1", "A = K", "W = K", "coalesce(W, 1) + 1", "coalesce(C, W)",
    "if(A = 2, W, 1) + 1", "known(C)", "count(C, W, A)", "D / D", "A / D", "D ^ D", "A ^ -1", "(0 - A) ^ 2", "-A ^ 2",
    "10 ^ 99 * 10", "10 ^ 400", "10 ^ -400", "(0 - 8) ^ (1 / 3)", "1e300 * 1e300", "1e200 / 1e-200", "B = 0.1 * 3",
    "B < 0.1 * 3", "B >= 0.1 * 3", "A = 2.0000000000001", "A = 2.000000000001", "A = 2.00000000001", "D = 1e-13",
    "0.1234567890125 = 0.123456789013", "0.1234567890124 = 0.123456789013", "1e-30 = 1.0000000000001e-30",
    "1e30 = 1.0000000000001e30", "1e30 < 1.00000000001e30", "A < 1 and C > 1", "A > 1 or C > 1", "A > 1 and A < 3",
    "not C = 1", "(A > 1) + 1", "if(A, 1, 2)", "if(C = 1, 1, 1)", "if(A = 2, 1, C)", "A != B", "K != 'X'", "C != 1",
    "sum(T, X)", "sum(T, X * A)", "count(T)", "sum(T, if(Y = '12', X, 0))",
    "coalesce(sum(T, X + C), 7)", "clip(A, 3, 1)",
    "0 * C", "0 - D", "clip(9, A, B)", "lookup(L, 'ALPHA', 1)", "lookup(K, 'BETA', C, 'ALPHA', 3)",
)  # fmt: skip
"""What spreadsheets are known to see differently from us, or from each other, when it is written carelessly."""


def pinned() -> list[Case]:
    """Give the cases that must be there, whatever is generated, with several things typed for the doubtful name."""
    typed: dict[str, Typed] = {"A": 2.0, "B": 0.3, "C": None, "D": 0.0, "K": "ALPHA", "L": None}
    typed |= {"R1.X": 3.0, "R1.Y": "12", "R2.X": None, "R2.Y": "BETA", "R3.X": 1e-6, "R3.Y": "12"}
    return [
        Case(parse(written), {**typed, WILD: wild}, (True, guarded, True), guarded)
        for written in PINNED
        for wild in (("1E2", "12", "TRUE", "alpha", 100.0, None) if WILD in names(parse(written)) else (1.0,))
        for guarded in (True, False)
    ]


SHEET = "Cas d'essai"
RESULT = 0
"""Column of the expression; then pairs of columns: what was typed, what counts."""
PLAIN = Style()


def workbook(batch: list[Case]) -> WorkbookPlan:
    """Plan one workbook for many cases, a row each."""
    cells = [cell for row, case in enumerate(batch) for cell in _row(row, case)]
    return WorkbookPlan("parity", "en", (SheetPlan("CASES", SHEET, tuple(cells), protected=False),))


def _row(row: int, case: Case) -> list[CellPlan]:
    places = _places(case)
    cells = [CellPlan(row, RESULT, _lowered(row, case), PLAIN)]
    for key, column in places.items():
        cells.append(CellPlan(row, column, case.typed[key], PLAIN))
        cells.append(CellPlan(row, column + 1, _kept(key.rpartition(".")[2], SameRow(column)), PLAIN))
    return cells


def _places(case: Case) -> dict[str, int]:
    return {key: 1 + 2 * at for at, key in enumerate(case.typed)}


def _kept(name: str, typed: Formula) -> Formula:
    kind = kind_of_name(name)
    if kind is Kind.VALUE:
        return if_(is_blank(typed), na(), typed)
    return if_(is_number(typed) if kind is Kind.NUMBER else is_text(typed), typed, na())


def _lowered(row: int, case: Case) -> Formula:
    places = _places(case)

    def inside(table_row: str) -> TableRow:
        exists = if_(case.rows[ROWS.index(table_row)], True, False)
        return TableRow(
            exists, lambda name: Cell("CASES", row, 1 + places.get(f"{table_row}.{name}", places.get(name, -2)))
        )

    return lower(
        case.tree,
        lambda name: Cell("CASES", row, 1 + places[name]),
        lambda name: [inside(code) for code in ROWS] if name == TABLE else None,
        kind_of_name if not case.guarded else lambda _: Kind.VALUE,
    )
