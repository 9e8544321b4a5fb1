"""Owns the reading of what a lot's costs are made of, under its criteria, and what is said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.finding import Place
from canevas_xl.intake import parse
from canevas_xl.intake.reading import Reading, labels_of
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind
from canevas_xl.model.template import LoadedTemplate, Range

MONEY: Final = frozenset({CriterionKind.PRICE, CriterionKind.COST, CriterionKind.FICTITIOUS})
"""Kinds of criteria that hold the price."""
YESNO: Final = labels_of("terms", *keys.TERMS["YESNO"])


def read_costing(
    reading: Reading, loaded: LoadedTemplate, lot: int, criteria: Iterable[Criterion], heads: Mapping[str, str]
) -> Costing | None:
    """Read what the costs of a lot are made of.

    Args:
        reading: where findings go.
        loaded: says which flows are energy that a buyer pays for.
        lot: its number.
        criteria: leaves of the lot.
        heads: the words beside the rows, by code, for messages.

    Returns:
        None where no criterion is a cost. Findings C112, C131, C147 to C149, C156 to C158.
    """
    column = f"L{lot}"
    kinds = {one.kind for one in criteria}
    cost, fictitious = CriterionKind.COST in kinds, CriterionKind.FICTITIOUS in kinds
    if not cost and not fictitious:
        _say_idle(reading, lot, keys.COST_ROWS, heads)
        return None
    told = len(reading.findings)
    costing = _costing(reading, loaded, column)
    readable = len(reading.findings) == told
    for code in _due(costing, cost=cost, fictitious=fictitious):
        reading.missing(keys.cost_key(code), column, heads[code])
    if readable:
        _say_idle(reading, lot, _idle(costing, cost=cost, fictitious=fictitious), heads)
        _check(reading, lot, costing, kinds)
    return costing


def _costing(reading: Reading, loaded: LoadedTemplate, column: str) -> Costing:
    def number(code: str) -> float | None:
        return reading.number(keys.cost_key(code), column, _bounds(code), {"%"} if code in keys.COST_RATES else ())

    def yes(code: str) -> bool:
        return reading.choice(keys.cost_key(code), column, YESNO) == "OUI"

    labels = {
        label: code
        for code in keys.energy_flows(loaded.template)
        for language in resources.LANGUAGES
        for label in (parse.folded(code), parse.folded(loaded.texts[language].get(f"flows.{code}", code)))
    }
    return Costing(
        years=reading.whole(keys.cost_key("YEARS"), column, _bounds("YEARS")),
        units=number("UNITS"),
        energy=reading.choice(keys.cost_key("ENERGY"), column, labels) or "",
        energy_price=number("ENERGY_PRICE"),
        energy_growth=number("GROWTH") or 0.0,
        discount=number("DISCOUNT") or 0.0,
        maintenance=yes("MAINTENANCE"),
        end=yes("END"),
        carbon_price=number("CARBON"),
        deduction=number("DEDUCTION"),
        low=number("DLOW"),
        high=number("DHIGH"),
    )


def _bounds(code: str) -> Range:
    low, high = keys.COST_BOUNDS[code]
    return Range(min=low, max=high)


def _idle(costing: Costing, *, cost: bool, fictitious: bool) -> list[str]:
    """Give the rows that no cost of the lot looks at."""
    of_cost = ["ENERGY", "ENERGY_PRICE", "GROWTH", "MAINTENANCE", "END", "DISCOUNT"] if not cost else []
    of_energy = ["ENERGY_PRICE", "GROWTH"] if cost and not costing.energy else []
    return [*of_cost, *of_energy, *([] if fictitious else ["DEDUCTION", "DLOW", "DHIGH"])]


def _say_idle(reading: Reading, lot: int, rows: Iterable[str], heads: Mapping[str, str]) -> None:
    """C147: something is typed that does not count, and somebody may believe that it does."""
    column = f"L{lot}"
    contents = ((code, reading.content(keys.cost_key(code), column)) for code in rows)
    typed = [
        code for code, content in contents if content is not None and YESNO.get(parse.folded(str(content))) != "NON"
    ]
    if typed:
        reading.say("C147", reading.place(keys.cost_key(typed[0]), column), lot=lot, row=heads[typed[0]])


def _due(costing: Costing, *, cost: bool, fictitious: bool) -> list[str]:
    """Give the rows that must be filled: nothing that counts is taken for zero."""
    due = []
    if cost:
        due += ["YEARS", "DISCOUNT"]
    if cost and costing.energy:
        due += ["UNITS", "ENERGY_PRICE", "GROWTH"]
    if costing.carbon_price is not None:
        due += ["YEARS", "UNITS"]
    if fictitious and costing.deduction is not None:
        due += ["DLOW", "DHIGH"]
    return list(dict.fromkeys(due))


def _check(reading: Reading, lot: int, costing: Costing, kinds: set[CriterionKind]) -> None:
    """Say what makes no cost, counts twice, or stands upside down."""
    column = f"L{lot}"

    def place(code: str) -> Place:
        return reading.place(keys.cost_key(code), column)

    priced = costing.carbon_price is not None
    counts = priced or bool(costing.energy) or costing.maintenance or costing.end
    if CriterionKind.COST in kinds and not counts:
        reading.say("C148", place("ENERGY"), lot=lot)
    if CriterionKind.FICTITIOUS in kinds:
        if not priced and costing.deduction is None:
            reading.say("C149", place("CARBON"), lot=lot)
        elif priced and costing.deduction is not None:
            reading.say("C156", place("DEDUCTION"), lot=lot)
        if costing.low is not None and costing.high is not None and costing.low >= costing.high:
            reading.say("C131", place("DLOW"), low=costing.low, high=costing.high)
    if CriterionKind.IMPACT in kinds and (priced or (CriterionKind.FICTITIOUS in kinds and costing.deduction)):
        reading.say("C157", place("CARBON" if priced else "DEDUCTION"), lot=lot)
    if len(kinds & MONEY) > 1:
        reading.say("C158", place("YEARS"), lot=lot)
