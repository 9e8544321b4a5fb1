"""Owns the judging of answers once all are read: what only other answers can tell.

Bounds that a value has per something else, plausible bounds, slips of a thousand, rules across answers, evidence that
is not named, questions that were answered though they do not arise. What is not known is never judged, and nothing is
judged by a default value: only what the supplier gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.labels import label, unit_words
from canevas_xl.intake.slips import inside, slip
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.campaign import Lot
from canevas_xl.model.expression import Call, Value
from canevas_xl.model.template import Field, LoadedTemplate, Range, Rule, Template
from canevas_xl.model.vocabulary import Status
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, build_scope, references, row_scope

FIGURES: Final = frozenset({"=", "<=", ">=", "<", ">"})
"""Comparisons whose two sides are told when they do not hold."""
RULE_CODES: Final = {
    ("blocks", False): "C223",
    ("blocks", True): "C224",
    ("doubt", False): "C225",
    ("doubt", True): "C226",
}
"""By severity, and whether there are two figures to tell."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """One answer that was asked, among the values around it."""

    field: Field
    table: str
    row: str
    answer: Answer
    scope: Scope

    @property
    def key(self) -> str:
        return self.answer.key


def judge_answers(
    loaded: LoadedTemplate, answers: Answers, lot: Lot, *, evidence: bool = True, scope: Scope | None = None
) -> tuple[Finding, ...]:
    """Judge what one canvas says, after :func:`read_answers`.

    Args:
        loaded: the template, with its words.
        answers: by key, as read; those outside their own hard bounds were refused there.
        lot: the need: parameters, and what the buyer fixed in tables.
        evidence: whether documents are due; the buyer's own reference has a provenance instead.
        scope: what these answers come to for that lot, where it is known already.

    Returns:
        C220 … C229, in the order of the template: answers, then rules, then evidence. Nothing is judged whose
        measure is not given by the supplier or the buyer.
    """
    if scope is None:
        scope = build_scope(loaded.template, answers, lot.parameters, lot.rows)
    cells = tuple(_cells(loaded.template, answers, scope))
    findings = [finding for cell in cells for finding in _judged(loaded, cell, scope)]
    findings += [finding for rule in loaded.template.rules for finding in _broken(loaded, rule, answers, scope)]
    return (*findings, *(_without_evidence(cells, scope) if evidence else ()))


def _cells(template: Template, answers: Answers, scope: Scope) -> Iterator[_Cell]:
    """Every answer that holds a value, with the scope it is judged in."""
    for field in template.fields:
        if _given(answers.get(field.code)):
            yield _Cell(field, "", "", answers[field.code], scope)
    for table in template.tables:
        for row in scope.tables[table.code]:
            for field in table.columns:
                answer = answers.get(f"{row}.{field.code}")
                if answer is not None and _given(answer) and not field.fixed_by_buyer:
                    yield _Cell(field, table.code, row, answer, row_scope(scope, table.code, row))


def _given(answer: Answer | None) -> bool:
    return answer is not None and answer.value is not None


def _judged(loaded: LoadedTemplate, cell: _Cell, scope: Scope) -> Iterator[Finding]:
    """Judge one value: does the question arise, and does the number fit."""
    value, status = cell.answer.value, scope.kept[cell.key].status
    if cell.field.asked_if and evaluate(parse(cell.field.asked_if), cell.scope) is False:
        yield found("C228", _place(cell.answer), label=label(loaded, cell.key), value=_said(loaded, cell))
    elif status is Status.GIVEN and isinstance(value, int | float):
        yield from _measured(loaded, cell, float(value), scope)


def _measured(loaded: LoadedTemplate, cell: _Cell, value: float, scope: Scope) -> Iterator[Finding]:
    size = _size(loaded.template, cell, scope)
    if size is None:
        return
    unit = _unit(loaded.template, cell)
    facts = {"label": label(loaded, cell.key), "value": value, "unit": unit_words(unit)}
    hard_low, hard_high = _ends(cell.field.hard, size)
    low, high = _ends(_plausible(cell), size)
    least, most = max(low, hard_low), min(high, hard_high)
    meant = slip(value, unit, least, most) if least > -inf and most < inf else None
    if cell.field.per and not inside(value, hard_low, hard_high):
        per = _per_words(loaded, cell.field)
        yield found("C220", _place(cell.answer), **facts, low=_told(hard_low), high=_told(hard_high), per=per)
    elif meant is None and not inside(value, low, high):
        yield found("C221", _place(cell.answer), **facts, low=_told(low), high=_told(high))
    if meant is not None:
        yield found(meant.code, _place(cell.answer), **facts, likely=meant.unit, meant=meant.value)


def _size(template: Template, cell: _Cell, scope: Scope) -> float | None:
    """What the value is divided by before its bounds are looked at; None while the supplier did not give it."""
    if cell.field.per is None:
        return 1.0
    measures = references(template, cell.field.per, cell.table or None)
    keys = (f"{cell.row}.{code}" if f"{cell.row}.{code}" in scope.kept else code for code in measures)
    if any(key not in scope.kept or scope.kept[key].status is not Status.GIVEN for key in keys):
        return None
    size = evaluate(parse(cell.field.per), cell.scope)
    return float(size) if isinstance(size, int | float) and not isinstance(size, bool) and size > 0 else None


def _plausible(cell: _Cell) -> Range:
    for bounds in cell.field.plausible_by:
        if evaluate(parse(bounds.when), cell.scope) is True:
            return Range(min=bounds.min, max=bounds.max)
    return cell.field.plausible


def _ends(bounds: Range, size: float) -> tuple[float, float]:
    low = -inf if bounds.min is None else bounds.min * size
    return low, inf if bounds.max is None else bounds.max * size


def _told(end: float) -> object:
    """An end of a range as it is told."""
    if abs(end) < inf:
        return end
    return "+∞" if end > 0 else "−∞"


# --- Rules ------------------------------------------------------------------------------------------------------


def _broken(loaded: LoadedTemplate, rule: Rule, answers: Answers, scope: Scope) -> Iterator[Finding]:
    """Say where a rule does not hold; unknown says nothing."""
    tree = parse(rule.holds)
    for row in tuple(scope.tables.get(rule.each, {})) if rule.each else ("",):
        inner = row_scope(scope, rule.each, row) if rule.each else scope
        if evaluate(tree, inner) is not False:
            continue
        keys = _keys(loaded.template, rule, row, scope)
        facts: dict[str, object] = {"rule": _rule_words(loaded, rule, row), "keys": keys}
        sides = _sides(tree, inner)
        if sides:
            facts |= {"found": sides[0], "limit": sides[1]}
        place = next((_place(answers[key]) for key in keys if key in answers), Place(key=keys[0]))
        yield found(RULE_CODES[rule.severity, bool(sides)], place, **facts)


def _keys(template: Template, rule: Rule, row: str, scope: Scope) -> list[str]:
    """The keys that a rule speaks about, in its row or in every row that exists."""
    columns = {(table.code, column.code) for table in template.tables for column in table.columns}
    keys = []
    for code in rule.about:
        rows = [each for table in scope.tables if (table, code) in columns for each in scope.tables[table]]
        keys += [f"{each}.{code}" for each in rows if not row or each == row] or [code]
    return keys


def _sides(tree: object, scope: Scope) -> tuple[float, float] | None:
    """The two figures of a plain comparison of numbers."""
    if not isinstance(tree, Call) or tree.function not in FIGURES:
        return None
    left, right = (_number(evaluate(argument, scope)) for argument in tree.arguments)
    return None if left is None or right is None else (left, right)


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


# --- Evidence ---------------------------------------------------------------------------------------------------


def _without_evidence(cells: Sequence[_Cell], scope: Scope) -> Iterator[Finding]:
    """One finding for all: a list is read, a page of warnings is not."""
    bare = [
        cell
        for cell in cells
        if cell.field.scored and cell.field.evidence and not cell.answer.evidence.strip()
        if scope.kept[cell.key].status is Status.GIVEN
    ]
    if bare:
        yield found("C227", _place(bare[0].answer), keys=[cell.key for cell in bare])


# --- Words ------------------------------------------------------------------------------------------------------


def _place(answer: Answer) -> Place:
    sheet, _, cell = answer.cell.rpartition(" ")
    return Place(sheet=sheet, cell=cell, key=answer.key)


def _unit(template: Template, cell: _Cell) -> str:
    """The unit of a value; that of the chosen option where the unit follows a choice."""
    follows = cell.field.unit_follows
    if follows is None:
        return cell.field.unit
    chosen = cell.scope.value(follows)
    options = (option for choices in template.lists for option in choices.options if option.code == chosen)
    return next((option.unit for option in options if option.unit), cell.field.unit)


def _per_words(loaded: LoadedTemplate, field: Field) -> dict[str, str]:
    per = field.per or ""
    return {
        language: texts.get(f"fields.{per}.label") or texts.get(f"parameters.{per}.label") or per
        for language, texts in loaded.texts.items()
    }


def _rule_words(loaded: LoadedTemplate, rule: Rule, row: str) -> dict[str, str]:
    """The text of a rule without its full stop, which the message brings; in a table, after the row's label."""
    words = {}
    for language, texts in loaded.texts.items():
        text = texts.get(f"rules.{rule.code}", rule.code).removesuffix(".")
        words[language] = f"{texts.get(f'rows.{row}', row)}. {text}" if row else text
    return words


def _said(loaded: LoadedTemplate, cell: _Cell) -> object:
    """A value as it is told: the label of a choice, else itself."""
    if cell.field.list is None:
        return cell.answer.value
    path = f"lists.{cell.field.list}.{cell.answer.value}"
    return {language: texts.get(path, str(cell.answer.value)) for language, texts in loaded.texts.items()}
