"""Owns the rows of *Notes*: published weights, values, and notes as live formulas that anyone can follow."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Final

from canevas_xl.award.formulas import expression
from canevas_xl.model.block import Block
from canevas_xl.model.campaign import Criterion
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Blocks, Content, Rows
from canevas_xl.report.words import OutcomeWords
from canevas_xl.rules.build import add, countif, div, eq, if_, if_error, lit, mul, use
from canevas_xl.rules.lower import lower

RANKING: Final = "notes.ranking"
VALUES: Final = "notes.values"
CRITERIA: Final = "notes.criteria"
POINTS: Final = 100.0
"""Of every criterion, before its weight."""
HEADS: Final = 4
"""Columns before the first offer: criterion, lot, weight, formula."""


def note_rows(scores: tuple[LotScores, ...], blocks: Mapping[str, Block], words: OutcomeWords) -> Blocks:
    """Give the rows of the three blocks; offers of a lot stand side by side, in order of rank.

    Raises:
        ValueError: more offers in a lot than the layout holds side by side.
    """
    capacity = len(blocks[CRITERIA].columns) - HEADS
    values: list[tuple[Content, ...]] = []
    notes: list[tuple[Content, ...]] = []
    ranking: list[tuple[Content, ...]] = []
    for lot in scores:
        if len(lot.offers) > capacity:
            raise ValueError(f"{len(lot.offers)} offers side by side")
        first = len(values) + 1
        heads = _heads(lot, words)
        values += [heads, *(_value_row(lot, criterion, words) for criterion in lot.subject.lot.criteria)]
        places = _Places(blocks, first, len(lot.subject.lot.criteria), len(lot.offers))
        notes += [heads, *_note_rows(lot, places, words), _totals(lot, places, words)]
        values.append(())  # keeps both blocks in step: the notes have a row of totals
        ranking += [_ranking_row(offer, places, position, words) for position, offer in enumerate(lot.offers)]
    return {VALUES: tuple(values), CRITERIA: tuple(notes), RANKING: tuple(ranking)}


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
    return (title, float(lot.subject.lot.number), None, None, *(words.offer(one.offer) for one in lot.offers))


def _value_row(lot: LotScores, criterion: Criterion, words: OutcomeWords) -> tuple[Content, ...]:
    known = (one.values.get(criterion.code, float("nan")) if one.ranked else float("nan") for one in lot.offers)
    return (
        criterion.label,
        float(lot.subject.lot.number),
        None,
        words.unit_of(criterion, lot.subject),
        *map(_known, known),
    )


def _known(value: float) -> Content:
    return None if isnan(value) else value


def _note_rows(lot: LotScores, places: _Places, words: OutcomeWords) -> Rows:
    return tuple(
        (
            criterion.label,
            float(lot.subject.lot.number),
            criterion.weight,
            words.formula(criterion),
            *(_note(criterion, places, n, offer) for offer in range(len(lot.offers))),
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
    return (words.say("notes.total"), float(lot.subject.lot.number), weights, None, *totals)


def _ranking_row(one: ScoredOffer, places: _Places, position: int, words: OutcomeWords) -> tuple[Content, ...]:
    rank: Content = words.say("notes.waiting")
    if one.ranked is not None and one.ranked.rank is not None:
        rank = float(one.ranked.rank)
    key = one.offer.key
    return (words.offer(one.offer), float(key.lot), float(key.variant), rank, places.total(position))
