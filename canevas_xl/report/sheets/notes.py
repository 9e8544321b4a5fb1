"""Owns the rows of *Notes*: published weights, values, and notes as live formulas that anyone can follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isnan
from typing import Final

from canevas_xl.award.formulas import expression
from canevas_xl.canvas import look
from canevas_xl.model.block import Block
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome, Plain, Rows
from canevas_xl.report.words import OutcomeWords, amount, decimal, sentences
from canevas_xl.rules.build import add, countif, div, eq, if_, if_error, lit, mul, use
from canevas_xl.rules.lower import lower

RANKING: Final = "notes.ranking"
SUMMARY: Final = "notes.summary"
VALUES: Final = "notes.values"
CRITERIA: Final = "notes.criteria"
POINTS: Final = 100.0
"""Of every criterion, before its weight."""
HEADS: Final = 4
"""Columns before the first offer: criterion, lot, weight, formula."""
LOT_HEAD: Final = replace(look.HEAD, indent=1)
NOTE: Final = decimal(2)
TOTAL: Final = replace(NOTE, bold=True, fill=look.TINT)
WEIGHT: Final = replace(NOTE, number_format="General")
RANK: Final = replace(NOTE, number_format="0", bold=True)
TOTAL_HEAD: Final = replace(LOT_HEAD, size=10)


def note_rows(outcome: Outcome, blocks: Mapping[str, Block], words: OutcomeWords) -> Blocks:
    """Give the ranking, how to read it, and the notes; offers of a lot stand side by side, in order of rank."""
    values: list[tuple[Content, ...]] = []
    notes: list[tuple[Content, ...]] = []
    ranking: list[tuple[Content, ...]] = []
    for lot in outcome.scores:
        first = len(values) + 1
        heads = _heads(lot, words)
        values += [heads, *(_value_row(lot, criterion, words) for criterion in lot.subject.lot.criteria)]
        places = _Places(blocks, first, len(lot.subject.lot.criteria), len(lot.offers))
        notes += [heads, *_note_rows(lot, places, words), _totals(lot, places, words)]
        values.append(())  # keeps both blocks in step: the notes have a row of totals
        ranking += [_ranking_row(offer, places, position, words) for position, offer in enumerate(lot.offers)]
    return {
        RANKING: tuple(ranking),
        SUMMARY: sentences(_summary(outcome, words)),
        CRITERIA: tuple(notes),
        VALUES: tuple(values),
    }


def _summary(outcome: Outcome, words: OutcomeWords) -> Iterator[str]:
    """Say where notes come from, what each published formula does, and why an offer is not ranked."""
    yield words.say("notes.published")
    formulas = {c.formula for lot in outcome.scores for c in lot.subject.lot.criteria if c.formula}
    for formula in sorted(formulas):
        yield words.say(f"notes.says_{formula}")
    for lot in outcome.scores:
        for one in lot.offers:
            if one.ranked is None or one.ranked.rank is None:
                why = "waits" if outcome.consolidation.stopped(one.offer.key) else "incomplete"
                yield words.say(f"notes.{why}", name=words.offer(one.offer))


class _Places:
    """Where one lot stands in the blocks."""

    def __init__(self, blocks: Mapping[str, Block], first: int, criteria: int, offers: int) -> None:
        """``first`` is the row of the first criterion inside the blocks."""
        self.values, self.notes = blocks[VALUES].area, blocks[CRITERIA].area
        self.first, self.criteria, self.offers = first, criteria, offers

    def value(self, criterion: int, offer: int) -> Cell:
        """The cell of a value."""
        return _cell(self.values, self.first + criterion, HEADS + offer)

    def row_of_values(self, criterion: int) -> Area:
        """All offers' values of a criterion."""
        row = self.values.first_row + self.first + criterion
        left = self.values.first_column + HEADS
        return Area(self.values.sheet, row, left, row, left + self.offers - 1)

    def note(self, criterion: int, offer: int) -> Cell:
        """The cell of a note."""
        return _cell(self.notes, self.first + criterion, HEADS + offer)

    def weight(self, criterion: int) -> Cell:
        """The cell of a weight."""
        return _cell(self.notes, self.first + criterion, 2)

    def total(self, offer: int) -> Cell:
        """The cell of an offer's total."""
        return self.note(self.criteria, offer)


def _cell(area: Area, row: int, column: int) -> Cell:
    return Cell(area.sheet, area.first_row + row, area.first_column + column)


def _heads(lot: LotScores, words: OutcomeWords) -> tuple[Content, ...]:
    title = words.say("notes.lot", lot=lot.subject.lot.number, title=lot.subject.lot.title)
    names = (Dressed(words.offer(one.offer), look.HEAD_RIGHT) for one in lot.offers)
    number = Dressed(float(lot.subject.lot.number), replace(look.HEAD_RIGHT, number_format="0"))
    return (Dressed(title, LOT_HEAD), number, Dressed(None, LOT_HEAD), Dressed(None, LOT_HEAD), *names)


def _value_row(lot: LotScores, criterion: Criterion, words: OutcomeWords) -> tuple[Content, ...]:
    known = [one.values.get(criterion.code, float("nan")) if one.ranked else float("nan") for one in lot.offers]
    largest = max((abs(value) for value in known if not isnan(value)), default=0.0)
    return (
        criterion.label,
        float(lot.subject.lot.number),
        None,
        words.unit_of(criterion, lot.subject),
        *(_known(value, criterion, largest) for value in known),
    )


def _known(value: float, criterion: Criterion, largest: float) -> Content:
    shown = None if isnan(value) else value
    return amount(shown, largest) if criterion.kind is CriterionKind.IMPACT else Dressed(shown, NOTE)


def _note_rows(lot: LotScores, places: _Places, words: OutcomeWords) -> Rows:
    return tuple(
        (
            criterion.label,
            float(lot.subject.lot.number),
            Dressed(criterion.weight, WEIGHT),
            words.formula(criterion),
            *(Dressed(_note(criterion, places, n, offer), NOTE) for offer in range(len(lot.offers))),
        )
        for n, criterion in enumerate(lot.subject.lot.criteria)
    )


def _note(criterion: Criterion, places: _Places, row: int, offer: int) -> Formula:
    """The published formula over the cells of values; empty while the value is."""
    value, others = places.value(row, offer), places.row_of_values(row)
    if criterion.kind == "other" and not criterion.formula:
        return if_(eq(value, ""), "", value)
    names: dict[str, Formula] = {
        "V": value,
        "LOWEST": use("MIN", others),
        "HIGHEST": use("MAX", others),
        "MEAN": div(use("SUM", others), countif(others, ">-1E+99")),
        "N": lit(POINTS),
        "FAN": lit(criterion.fan),
        "L": lit(criterion.low if criterion.low is not None else 0.0),
        "H": lit(criterion.high if criterion.high is not None else 0.0),
    }
    return if_(eq(value, ""), "", if_error(lower(expression(criterion), names.__getitem__), ""))


def _totals(lot: LotScores, places: _Places, words: OutcomeWords) -> tuple[Content, ...]:
    criteria = lot.subject.lot.criteria
    weights: Formula = add(*(places.weight(n) for n in range(len(criteria))))
    totals = (
        if_error(add(*(div(mul(places.weight(n), places.note(n, offer)), POINTS) for n in range(len(criteria)))), "")
        for offer in range(len(lot.offers))
    )
    return (
        Dressed(words.say("notes.total"), TOTAL_HEAD),
        Dressed(float(lot.subject.lot.number), replace(TOTAL, number_format="0")),
        Dressed(weights, replace(WEIGHT, bold=True, fill=look.TINT)),
        Dressed(None, TOTAL_HEAD),
        *(Dressed(total, TOTAL) for total in totals),
    )


def _ranking_row(one: ScoredOffer, places: _Places, position: int, words: OutcomeWords) -> tuple[Content, ...]:
    rank: Plain = words.say("notes.waiting")
    if one.ranked is not None and one.ranked.rank is not None:
        rank = float(one.ranked.rank)
    key = one.offer.key
    return (
        words.offer(one.offer),
        float(key.lot),
        float(key.variant),
        Dressed(rank, RANK),
        Dressed(places.total(position), TOTAL),
    )
