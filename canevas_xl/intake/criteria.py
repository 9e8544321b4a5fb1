"""Owns the reading of the criteria of one lot, with their sub-criteria, and what is said about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from canevas_xl.intake import parse
from canevas_xl.intake.reading import Reading, labels_of
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Criterion, CriterionKind, every_criterion, leaves
from canevas_xl.model.template import LoadedTemplate, Range, Template
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

ALL: Final = 100.0
NEAR: Final = 1e-6
USUAL_FAN: Final = 2.0
KINDS: Final = labels_of("campaign", *keys.FIXED["CRITERION"])
FORMULAS: Final = labels_of("campaign", *keys.FIXED["FORMULA"])
OWN: Final = ("KIND", "FORMULA", "INDICATOR", "LOW", "HIGH", "FAN", "BANDS")
"""What only a criterion without sub-criteria has."""
_BAND: Final = re.compile(r"([^:]+):([^:]+)")


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the sheet."""

    key: str
    code: str
    parent: str
    """Code of the criterion that it is a part of; empty for a criterion."""
    criterion: Criterion | None
    """None where its kind or its formula cannot be told."""


def read_criteria(reading: Reading, loaded: LoadedTemplate, lot: int, heads: dict[str, str]) -> tuple[Criterion, ...]:
    """Read the criteria of a lot, each with its sub-criteria.

    Args:
        reading: where findings go.
        loaded: the template says which categories every perimeter covers, and what is asked.
        lot: its number.
        heads: the words above the columns, by code, for messages.
    """
    keyed = [(place, keys.criterion_key(lot, place)) for place in range(1, keys.CRITERIA + 1)]
    used = [(place, key) for place, key in keyed if _begun(reading, key)]
    before = len(reading.findings)
    parents = {code for _, key in used if (code := _code(reading, key, "PARENT"))}
    rows = [_row(reading, loaded, (lot, place), heads, parents) for place, _ in used]
    criteria = _put_together(reading, lot, rows)
    if len(reading.findings) == before:
        _check_lot(reading, lot, criteria)
    return criteria


def _row(
    reading: Reading, loaded: LoadedTemplate, where: tuple[int, int], heads: dict[str, str], parents: set[str]
) -> _Row:
    lot, place = where
    key = keys.criterion_key(lot, place)
    code = _code(reading, key, "CODE") or f"C{place}"
    parent = _code(reading, key, "PARENT")
    if code in parents and not parent:
        return _Row(key, code, "", _group(reading, lot, key, code, heads))
    return _Row(key, code, parent, _criterion(reading, loaded, lot, place, heads))


def _code(reading: Reading, key: str, column: str) -> str:
    return reading.text(key, column).strip().upper()


def _group(reading: Reading, lot: int, key: str, code: str, heads: dict[str, str]) -> Criterion:
    """Read a criterion that looks at nothing itself: its sub-criteria do."""
    label = reading.text(key, "LABEL")
    reading.missing(key, "LABEL", heads["LABEL"])
    own = [column for column in OWN if reading.content(key, column) is not None]
    if own:
        reading.say("C145", reading.place(key, own[0]), lot=lot, label=label or code)
    tie = reading.whole(key, "TIE", Range(min=1, max=keys.CRITERIA)) or 0
    weight = _weight(reading, lot, key, label or code)
    return Criterion(code, label, CriterionKind.GROUP, weight, "", tie_break=tie)


def _weight(reading: Reading, lot: int, key: str, label: str) -> float:
    weight = reading.number(key, "WEIGHT", Range(min=0, max=ALL), {"%"})
    if weight == 0 or reading.located.content(key, "WEIGHT") is None:
        reading.say("C133", reading.place(key, "WEIGHT"), lot=lot, label=label)
    return weight or 0.0


def _put_together(reading: Reading, lot: int, rows: Sequence[_Row]) -> tuple[Criterion, ...]:
    """Give each criterion its sub-criteria; say which belong to none, or to one that is a sub-criterion itself."""
    tops = {row.code: row for row in reversed(rows) if not row.parent}
    for row in rows:
        if row.parent and row.parent not in tops:
            facts = {"lot": lot, "label": row.criterion.label if row.criterion else row.code, "criterion": row.parent}
            reading.say("C144", reading.place(row.key, "PARENT"), **facts)
    criteria = []
    for row in rows:
        if row.parent or row.criterion is None:
            continue
        below = [one for one in rows if one.parent == row.code and tops[row.code] is row]
        parts = tuple(one.criterion for one in below if one.criterion is not None)
        total = sum(one.weight for one in parts)
        if below and len(parts) == len(below) and abs(total - ALL) > NEAR:
            place = reading.place(below[0].key, "WEIGHT")
            reading.say("C146", place, lot=lot, label=row.criterion.label, total=round(total, 6))
        criteria.append(replace(row.criterion, parts=parts))
    return tuple(criteria)


def begun(reading: Reading, lot: int) -> bool:
    """Say whether a lot has any criterion."""
    return any(_begun(reading, keys.criterion_key(lot, place)) for place in range(1, keys.CRITERIA + 1))


def _begun(reading: Reading, key: str) -> bool:
    return any(reading.located.content(key, code) is not None for code in keys.CRITERION_COLUMNS)


def _criterion(
    reading: Reading, loaded: LoadedTemplate, lot: int, place: int, heads: dict[str, str]
) -> Criterion | None:
    """Read one row; None where its kind or its formula cannot be told."""
    key = keys.criterion_key(lot, place)
    label, code = reading.text(key, "LABEL"), _code(reading, key, "CODE") or f"C{place}"
    kind, formula = reading.choice(key, "KIND", KINDS), reading.choice(key, "FORMULA", FORMULAS)
    for column in ("LABEL", "KIND", "FORMULA"):
        reading.missing(key, column, heads[column])
    weight = _weight(reading, lot, key, label or code)
    indicator, item = _indicator(reading, loaded.template, key, kind), _item(reading, loaded, key, kind, heads)
    low, high = reading.number(key, "LOW"), reading.number(key, "HIGH")
    fan, bands = _fan(reading, key), _bands(reading, key, label, formula)
    tie = reading.whole(key, "TIE", Range(min=1, max=keys.CRITERIA)) or 0
    if kind is None or formula is None:
        return None
    criterion = Criterion(
        code=code, label=label, kind=CriterionKind(kind), weight=weight, formula=formula,
        indicator=indicator, low=low, high=high, fan=fan, bands=bands, tie_break=tie, item=item,
    )  # fmt: skip
    _check_formula(reading, key, criterion)
    return criterion


def _indicator(reading: Reading, template: Template, key: str, kind: str | None) -> str:
    """Read the category of an impact criterion: one that every perimeter covers."""
    covered = [set(INDICATORS if p.indicators == ("all",) else p.indicators) for p in template.perimeters]
    shared = [code for code in INDICATORS if all(code in one for one in covered)]
    if kind == CriterionKind.ANSWER:
        return ""
    chosen = reading.choice(key, "INDICATOR", labels_of("campaign", "indicator", shared))
    return (chosen or CLIMATE) if kind == CriterionKind.IMPACT else ""


def _item(reading: Reading, loaded: LoadedTemplate, key: str, kind: str | None, heads: dict[str, str]) -> str:
    """Read which answer a criterion looks at."""
    if kind != CriterionKind.ANSWER:
        return ""
    labels = {
        folded: item
        for item in keys.scorable_items(loaded.template)
        for texts in loaded.texts.values()
        for folded in (parse.folded(item), parse.folded(keys.item_label(texts, item)))
    }
    reading.missing(key, "INDICATOR", heads["INDICATOR"])
    return reading.choice(key, "INDICATOR", labels) or ""


def _fan(reading: Reading, key: str) -> float:
    fan = reading.number(key, "FAN", Range(max=100))
    if fan is not None and fan <= 1:
        reading.say("C110", reading.place(key, "FAN"), value=fan, low="> 1", high=100.0)
    return USUAL_FAN if fan is None else fan


def _bands(reading: Reading, key: str, label: str, formula: str | None) -> tuple[tuple[float, float], ...]:
    """Read ``1: 100; 1,5: 50`` as bounds and shares of the points."""
    text = reading.text(key, "BANDS")
    bands: list[tuple[float, float]] = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        match = _BAND.fullmatch(part)
        numbers = [parse.number(side.strip().removesuffix("%")) for side in match.groups()] if match else []
        bound, share = numbers or (None, None)
        if not isinstance(bound, float) or not isinstance(share, float) or not 0 <= share <= ALL:
            bands = []
            break
        bands.append((bound, share / ALL))
    if (text or formula == "F6") and not bands:
        reading.say("C138", reading.place(key, "BANDS"), text=text, label=label)
    return tuple(bands)


def _check_formula(reading: Reading, key: str, criterion: Criterion) -> None:
    low, high = criterion.low, criterion.high
    if low is not None and high is not None and low >= high:
        reading.say("C131", reading.place(key, "LOW"), low=low, high=high)
    absent = [code for code in ("LOW", "HIGH") if reading.located.content(key, code) is None]
    if criterion.formula == "F5" and absent:
        reading.say("C132", reading.place(key, absent[0]))
    if criterion.formula == "F2":
        reading.say("C137", reading.place(key, "FORMULA"), label=criterion.label)
    _check_direction(reading, key, criterion)


def _check_direction(reading: Reading, key: str, criterion: Criterion) -> None:
    """Say where the best would get the worst note: the lowest price or impact wins, and so does the highest note.

    Only the buyer knows which way an answer counts.
    """
    place, facts = reading.place(key, "FORMULA"), {"label": criterion.label, "formula": criterion.formula}
    if criterion.kind is CriterionKind.OTHER:
        if criterion.formula != "F7":
            reading.say("C159", place, **facts)
    elif criterion.kind is not CriterionKind.ANSWER:
        shares = [share for _, share in sorted(criterion.bands)] if criterion.formula == "F6" else []
        if criterion.formula == "F7" or shares != sorted(shares, reverse=True):
            reading.say("C140", place, **facts)


def _check_lot(reading: Reading, lot: int, criteria: Sequence[Criterion]) -> None:
    place = reading.place(keys.criterion_key(lot, 1), "WEIGHT")
    if not criteria:
        reading.say("C136", place, lot=lot)
        return
    total = sum(one.weight for one in criteria)
    if abs(total - ALL) > NEAR:
        reading.say("C130", place, lot=lot, total=round(total, 6))
    kinds = {one.kind for one in leaves(criteria)}
    if not kinds & {CriterionKind.IMPACT, CriterionKind.COST, CriterionKind.FICTITIOUS}:
        reading.say("C134", place, lot=lot)
    if not kinds & {CriterionKind.PRICE, CriterionKind.COST, CriterionKind.FICTITIOUS}:
        reading.say("C135", place, lot=lot)
    for code, count in Counter(one.code for one in every_criterion(criteria)).items():
        if count > 1:
            reading.say("C139", place, lot=lot, criterion=code)
