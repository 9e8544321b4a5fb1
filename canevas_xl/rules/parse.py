"""Owns the way from the text of an expression to its tree, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Final

from canevas_xl.model.expression import Call, Code, Expression, Name, Number
from canevas_xl.rules.errors import ExpressionError

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])
    | (?P<code>'[A-Z0-9_-]+')
    | (?P<name>[A-Z][A-Z0-9_]*)(?![\w.])
    | (?P<word>[a-z]+)(?![\w.])
    | (?P<sign><=|>=|!=|[=<>+\-*/^(),])
    )""",
    re.VERBOSE | re.ASCII,
)
_DEEPEST: Final = 40
"""Levels of a tree: spreadsheets stop at 64 nested functions, and recursion in Python at some hundreds of calls."""

_MANY: Final = 250
_ARITIES: Final = {
    "if": (3, 3), "min": (1, _MANY), "max": (1, _MANY), "clip": (3, 3), "count": (1, _MANY), "known": (1, 1),
    "sum": (1, _MANY), "coalesce": (1, _MANY), "lookup": (3, _MANY),
}  # fmt: skip
"""Functions, with the least and most arguments."""

_OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _MINUS, _POWER = range(1, 9)
_INFIX: Final = {
    "or": _OR, "and": _AND, "=": _COMPARE, "!=": _COMPARE, "<": _COMPARE, "<=": _COMPARE, ">": _COMPARE,
    ">=": _COMPARE, "in": _COMPARE, "+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "^": _POWER,
}  # fmt: skip
_PREFIX: Final = {"not": ("not ", _NOT), "neg": ("-", _MINUS)}
_ALONE: Final = frozenset({_COMPARE, _POWER})
"""Strengths at which a second operator needs parentheses: ``a < b < c`` and ``a^b^c`` mean different things to
different people."""
_WORDS: Final = frozenset({"or", "and", "not", "in"})
_ATOM: Final = 9


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Turn the text of an expression into its tree.

    Raises:
        ExpressionError: with the code of the finding (``E101`` … ``E109``) and the position.
    """
    parser = _Parser(text)
    tree = parser.expression(0)
    parser.finish()
    if _height(tree) > _DEEPEST:
        raise ExpressionError("E108", 0, most=_DEEPEST)
    return tree


class _Parser:
    """A Pratt parser: each operator binds what stands beside it by its strength."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def expression(self, strength: int) -> Expression:
        """Read an expression whose operators bind more strongly than ``strength``."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ExpressionError("E108", self._here.at, most=_DEEPEST)
        tree = self._operand(strength)
        tree = self._followed(tree, strength)
        self._depth -= 1
        return tree

    def finish(self) -> None:
        """Expect nothing more."""
        if self._here.kind != "end":
            raise self._unexpected()

    def _followed(self, tree: Expression, strength: int) -> Expression:
        while (own := _INFIX.get(self._here.text, 0)) > strength:
            sign = self._take().text
            others = self._codes() if sign == "in" else [self.expression(own)]
            tree = Call(sign, (tree, *others))
            if own in _ALONE and _INFIX.get(self._here.text, 0) == own:
                raise ExpressionError("E109", self._here.at, found=self._here.text)
        return tree

    def _operand(self, strength: int) -> Expression:
        token = self._here
        if token.text == "not" and strength < _COMPARE:
            self._take()
            return Call("not", (self.expression(_NOT),))
        if token.text == "-":
            self._take()
            return Call("neg", (self.expression(_MINUS),))
        if token.text == "(":
            self._take()
            inner = self.expression(0)
            self._expect(")")
            return inner
        if token.kind == "word" and token.text not in _WORDS:
            return self._function()
        if token.kind in _CONSTANTS:
            return _CONSTANTS[token.kind](self._take())
        raise self._unexpected()

    def _function(self) -> Expression:
        token = self._take()
        if token.text not in _ARITIES:
            raise ExpressionError("E104", token.at, found=token.text)
        self._expect("(")
        arguments = [self.expression(0)]
        while self._here.text == ",":
            self._take()
            arguments.append(self.expression(0))
        self._expect(")")
        least, most = _ARITIES[token.text]
        if not least <= len(arguments) <= most:
            raise ExpressionError("E105", token.at, function=token.text, count=len(arguments))
        if token.text == "lookup":
            _check_lookup(arguments, token.at)
        return Call(token.text, tuple(arguments))

    def _codes(self) -> list[Expression]:
        self._expect("(")
        codes: list[Expression] = [self._code()]
        while self._here.text == ",":
            self._take()
            codes.append(self._code())
        self._expect(")")
        return codes

    def _code(self) -> Code:
        if self._here.kind != "code":
            raise ExpressionError("E106", self._here.at, function="in")
        return Code(self._take().text.strip("'"))

    @property
    def _here(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._here
        self._next += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._here.kind == "end":
            raise self._unexpected()
        if self._here.text != sign:
            raise ExpressionError("E103", self._here.at, expected=sign, found=self._here.text)
        self._take()

    def _unexpected(self) -> ExpressionError:
        if self._here.kind == "end":
            return ExpressionError("E102", self._here.at)
        return ExpressionError("E101", self._here.at, found=self._here.text)


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    end = len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            raise ExpressionError("E101", start, found=text[start : start + 10])
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind], match.start(kind))
        at = match.end()
    yield _Token("end", "", end)


def _number(token: _Token) -> Number:
    value = float(token.text)
    if not isfinite(value):
        raise ExpressionError("E107", token.at, found=token.text)
    return Number(value)


_CONSTANTS: Final[dict[str, Callable[[_Token], Expression]]] = {
    "number": _number,
    "code": lambda token: Code(token.text.strip("'")),
    "name": lambda token: Name(token.text),
}


def _check_lookup(arguments: list[Expression], at: int) -> None:
    codes = arguments[1::2]
    if len(arguments) % 2 == 0:
        raise ExpressionError("E105", at, function="lookup", count=len(arguments))
    if not all(isinstance(code, Code) for code in codes) or len(set(codes)) < len(codes):
        raise ExpressionError("E106", at, function="lookup")


def _height(tree: Expression) -> int:
    return 1 + max(map(_height, tree.arguments), default=0) if isinstance(tree, Call) else 1


def names(tree: Expression) -> frozenset[str]:
    """Give every name in a tree: fields, parameters, derived values, columns and tables."""
    if isinstance(tree, Name):
        return frozenset({tree.name})
    if isinstance(tree, Call):
        return frozenset().union(*(names(argument) for argument in tree.arguments))
    return frozenset()


def tables(tree: Expression) -> frozenset[str]:
    """Give the names that stand where a table may: alone in ``count``, first of two in ``sum``.

    A scalar may stand there too (``sum(A, B)``): whether it is a table, the template says.
    """
    if not isinstance(tree, Call):
        return frozenset()
    inner = frozenset[str]().union(*(tables(argument) for argument in tree.arguments))
    table = table_of(tree)
    return inner | {table} if table else inner


def table_of(call: Call) -> str | None:
    """Give the name that stands where a table may in this very call."""
    first = call.arguments[0] if call.arguments else None
    places = {("count", 1), ("sum", 2)}
    if isinstance(first, Name) and (call.function, len(call.arguments)) in places:
        return first.name
    return None


def shown(tree: Expression) -> str:
    """Write a tree in one canonical way, so that ``parse(shown(tree)) == tree``."""
    return _shown(tree)[0]


def _shown(tree: Expression) -> tuple[str, int]:
    """Give the text, and the strength with which it holds together."""
    if isinstance(tree, Number):
        return repr(tree.value).removesuffix(".0"), _ATOM
    if isinstance(tree, Code):
        return f"'{tree.text}'", _ATOM
    if isinstance(tree, Name):
        return tree.name, _ATOM
    if tree.function in _ARITIES:
        return f"{tree.function}({_listed(tree.arguments)})", _ATOM
    return _operator_shown(tree)


def _operator_shown(tree: Call) -> tuple[str, int]:
    first, *others = tree.arguments
    if tree.function in _PREFIX:
        sign, own = _PREFIX[tree.function]
        return f"{sign}{_held(first, own)}", own
    own = _INFIX[tree.function]
    left = _held(first, own + 1 if own in _ALONE else own)
    if tree.function == "in":
        return f"{left} in ({_listed(tuple(others))})", own
    negative = own == _POWER and isinstance(others[0], Call) and others[0].function == "neg"
    return f"{left} {tree.function} {_held(others[0], _MINUS if negative else own + 1)}", own


def _listed(trees: tuple[Expression, ...]) -> str:
    return ", ".join(shown(tree) for tree in trees)


def _held(tree: Expression, needed: int) -> str:
    written, strength = _shown(tree)
    return written if strength >= needed else f"({written})"
