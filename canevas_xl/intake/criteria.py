"""Owns the reading of the criteria of one lot, and what is said about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from canevas_xl.intake import parse
from canevas_xl.intake.reading import Reading, labels_of
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.template import Range, Template
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

ALL: Final = 100.0
NEAR: Final = 1e-6
USUAL_FAN: Final = 2.0
KINDS: Final = labels_of("campaign", *keys.FIXED["CRITERION"])
FORMULAS: Final = labels_of("campaign", *keys.FIXED["FORMULA"])
_BAND: Final = re.compile(r"([^:]+):([^:]+)")


def read_criteria(reading: Reading, template: Template, lot: int, heads: dict[str, str]) -> tuple[Criterion, ...]:
    """Read the criteria of a lot.

    Args:
        reading: where findings go.
        template: says which categories every perimeter covers.
        lot: its number.
        heads: the words above the columns, by code, for messages.
    """
    rows = [keys.criterion_key(lot, place) for place in range(1, keys.CRITERIA + 1)]
    used = [(place, key) for place, key in enumerate(rows, 1) if _begun(reading, key)]
    before = len(reading.findings)
    criteria = [_criterion(reading, template, lot, place, heads) for place, _ in used]
    whole = [one for one in criteria if one is not None]
    if len(reading.findings) == before:
        _check_lot(reading, lot, whole)
    return tuple(whole)


def begun(reading: Reading, lot: int) -> bool:
    """Say whether a lot has any criterion."""
    return any(_begun(reading, keys.criterion_key(lot, place)) for place in range(1, keys.CRITERIA + 1))


def _begun(reading: Reading, key: str) -> bool:
    return any(reading.located.content(key, code) is not None for code in keys.CRITERION_COLUMNS)


def _criterion(reading: Reading, template: Template, lot: int, place: int, heads: dict[str, str]) -> Criterion | None:
    """Read one row; None where its kind or its formula cannot be told."""
    key = keys.criterion_key(lot, place)
    label, code = reading.text(key, "LABEL"), reading.text(key, "CODE").upper() or f"C{place}"
    kind, formula = reading.choice(key, "KIND", KINDS), reading.choice(key, "FORMULA", FORMULAS)
    for column in ("LABEL", "KIND", "FORMULA"):
        reading.missing(key, column, heads[column])
    weight = reading.number(key, "WEIGHT", Range(min=0, max=ALL))
    if not weight and reading.located.content(key, "WEIGHT") in {None, 0}:
        reading.say("C133", reading.place(key, "WEIGHT"), lot=lot, label=label or code)
    indicator = _indicator(reading, template, key, kind)
    low, high = reading.number(key, "LOW"), reading.number(key, "HIGH")
    fan, bands = _fan(reading, key), _bands(reading, key, label, formula)
    tie = reading.whole(key, "TIE", Range(min=1, max=keys.CRITERIA)) or 0
    if kind is None or formula is None:
        return None
    criterion = Criterion(
        code=code, label=label, kind=CriterionKind(kind), weight=weight or 0.0, formula=formula,
        indicator=indicator, low=low, high=high, fan=fan, bands=bands, tie_break=tie,
    )  # fmt: skip
    _check_formula(reading, key, criterion)
    return criterion


def _indicator(reading: Reading, template: Template, key: str, kind: str | None) -> str:
    """Read the category of an impact criterion: one that every perimeter covers."""
    covered = [set(INDICATORS if p.indicators == ("all",) else p.indicators) for p in template.perimeters]
    shared = [code for code in INDICATORS if all(code in one for one in covered)]
    chosen = reading.choice(key, "INDICATOR", labels_of("campaign", "indicator", shared))
    return (chosen or CLIMATE) if kind == CriterionKind.IMPACT else ""


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
    if criterion.formula == "F7" and criterion.kind is not CriterionKind.OTHER:
        reading.say("C140", reading.place(key, "FORMULA"), label=criterion.label)


def _check_lot(reading: Reading, lot: int, criteria: Sequence[Criterion]) -> None:
    place = reading.place(keys.criterion_key(lot, 1), "WEIGHT")
    if not criteria:
        reading.say("C136", place, lot=lot)
        return
    total = sum(one.weight for one in criteria)
    if abs(total - ALL) > NEAR:
        reading.say("C130", place, lot=lot, total=round(total, 6))
    kinds = {one.kind for one in criteria}
    if CriterionKind.IMPACT not in kinds:
        reading.say("C134", place, lot=lot)
    if CriterionKind.PRICE not in kinds:
        reading.say("C135", place, lot=lot)
    for code, count in Counter(one.code for one in criteria).items():
        if count > 1:
            reading.say("C139", place, lot=lot, criterion=code)
