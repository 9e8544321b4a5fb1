"""Owns the rows of *Notes*: published weights, values, and notes as live formulas that anyone can follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import isnan
from typing import Final

from canevas_xl.award import cost
from canevas_xl.award.formulas import expression
from canevas_xl.canvas import look
from canevas_xl.model.block import Block
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Lot, Measure, every_criterion, leaves
from canevas_xl.model.formula import Area, Cell, Formula
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome, Plain
from canevas_xl.report.results import TEXT
from canevas_xl.report.words import OutcomeWords, amount, decimal, left_out, sentences
from canevas_xl.rules.build import add, countif, div, eq, if_, if_error, lit, mul, na, or_, use
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
PART_WEIGHT: Final = replace(WEIGHT, colour=look.SMALL.colour, number_format="General")
COEFFICIENT: Final = replace(NOTE, colour=look.SMALL.colour, number_format=look.AS_TYPED)
PART: Final = replace(TEXT, indent=3)
RANK: Final = replace(NOTE, number_format="0", bold=True)
TOTAL_HEAD: Final = replace(LOT_HEAD, size=10)


def note_rows(outcome: Outcome, blocks: Mapping[str, Block], words: OutcomeWords) -> Blocks:
    """Give the ranking, how to read it, and the notes; offers of a lot stand side by side, in order of rank."""
    values: list[tuple[Content, ...]] = []
    notes: list[tuple[Content, ...]] = []
    ranking: list[tuple[Content, ...]] = []
    for lot in outcome.scores:
        places = _Places(blocks, (len(notes) + 1, len(values) + 1), lot)
        heads = _heads(lot, words)
        values += [heads, *_value_rows(lot, places, words)]
        notes += [heads, *_note_rows(lot, places, words), _totals(lot, places, words)]
        for position, one in enumerate(lot.offers):
            unranked = words.say("notes.out" if outcome.consolidation.refused(one.offer.key) else "notes.waiting")
            ranking.append(_ranking_row(one, places, position, (words, unranked)))
    return {
        RANKING: tuple(ranking),
        SUMMARY: sentences(_summary(outcome, words)),
        CRITERIA: tuple(notes),
        VALUES: tuple(values),
    }


def _summary(outcome: Outcome, words: OutcomeWords) -> Iterator[str]:
    """Say where notes come from, what each published formula does, and why an offer is not ranked."""
    yield words.say("notes.published")
    if any(one.parts for lot in outcome.scores for one in lot.subject.lot.criteria):
        yield words.say("notes.says_parts")
    looked_at = [one for lot in outcome.scores for one in leaves(lot.subject.lot.criteria)]
    for formula in sorted({_said_as(one) for one in looked_at if one.formula}):
        yield words.say(f"notes.says_{formula}")
    for kind in sorted({one.kind for one in looked_at} & cost.COSTS):
        yield words.say(f"notes.says_{kind.value}")
    for lot in outcome.scores:
        if not lot.offers:
            yield words.say("notes.nothing", lot=lot.subject.lot.number)
        for one in lot.offers:
            if one.ranked is None or one.ranked.rank is None:
                why = left_out(one.offer.key, outcome.consolidation)
                yield words.say(f"notes.{why}", name=words.offer(one.offer))


def _said_as(criterion: Criterion) -> str:
    """Name the sentence that says what a formula does: F7 between bounds is another one."""
    bounded = criterion.low is not None and criterion.high is not None
    return "F7_bounds" if criterion.formula == "F7" and bounded else criterion.formula


class _Places:
    """Where one lot stands in the blocks."""

    def __init__(self, blocks: Mapping[str, Block], first: tuple[int, int], lot: LotScores) -> None:
        """``first`` are the rows of the first criterion inside the blocks of notes and of values."""
        self.values, self.notes = blocks[VALUES].area, blocks[CRITERIA].area
        self.first_note, self.first_value = first
        self.offers = len(lot.offers)
        self.lot = lot.subject.lot
        self.criteria = [one.code for one in every_criterion(self.lot.criteria)]
        self.rows = value_order(self.lot)

    def value(self, code: str, offer: int) -> Cell:
        """The cell of a value."""
        looked_at = [one.code if isinstance(one, Criterion) else None for one in self.rows]
        return _cell(self.values, self.first_value + looked_at.index(code), HEADS + offer)

    def row_of_values(self, code: str) -> Area:
        """All offers' values of a criterion."""
        left, right = self.value(code, 0), self.value(code, self.offers - 1)
        return Area(left.sheet, left.row, left.column, right.row, right.column)

    def measure(self, measure: Measure, offer: int) -> Cell:
        """The cell of a measure."""
        return _cell(self.values, self.first_value + self.rows.index(measure), HEADS + offer)

    def coefficient(self, measure: Measure) -> Cell:
        """The cell of what a measure is multiplied by."""
        return replace(self.measure(measure, 0), column=self.values.first_column + 2)

    def note(self, code: str, offer: int) -> Cell:
        """The cell of a note."""
        return _cell(self.notes, self.first_note + self.criteria.index(code), HEADS + offer)

    def weight(self, code: str) -> Cell:
        """The cell of a weight."""
        return _cell(self.notes, self.first_note + self.criteria.index(code), 2)

    def total(self, offer: int) -> Cell:
        """The cell of an offer's total."""
        return _cell(self.notes, self.first_note + len(self.criteria), HEADS + offer)

    def added(self, criteria: Sequence[Criterion], offer: int) -> Formula:
        """Σ weight·note/100, empty while a note is."""
        terms = (div(mul(self.weight(one.code), self.note(one.code, offer)), POINTS) for one in criteria if one.weight)
        return if_error(add(*terms), "")


def value_order(lot: Lot) -> list[Criterion | Measure]:
    """Give what leaves look at, in order, and after the last cost what costs are computed from."""
    looked_at = leaves(lot.criteria)
    last = max((n for n, one in enumerate(looked_at, 1) if one.kind in cost.COSTS), default=0)
    return [*looked_at[:last], *cost.measures(looked_at, lot.costing), *looked_at[last:]]


def _cell(area: Area, row: int, column: int) -> Cell:
    return Cell(area.sheet, area.first_row + row, area.first_column + column)


def _heads(lot: LotScores, words: OutcomeWords) -> tuple[Content, ...]:
    title = words.say("notes.lot", lot=lot.subject.lot.number, title=lot.subject.lot.title)
    names = (Dressed(words.offer(one.offer), look.HEAD_RIGHT) for one in lot.offers)
    number = Dressed(float(lot.subject.lot.number), replace(look.HEAD_RIGHT, number_format="0"))
    return (Dressed(title, LOT_HEAD), number, Dressed(None, LOT_HEAD), Dressed(None, LOT_HEAD), *names)


def _value_rows(lot: LotScores, places: _Places, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    """Give what leaves look at, and what costs are computed from, each with its published coefficient."""
    for one in places.rows:
        if isinstance(one, Criterion):
            yield _value_row(lot, one, places, words)
        elif lot.subject.lot.costing is not None:
            yield _measure_row(lot, one, lot.subject.lot.costing, words)


def _value_row(lot: LotScores, leaf: Criterion, places: _Places, words: OutcomeWords) -> tuple[Content, ...]:
    known = [one.values.get(leaf.code, float("nan")) if one.ranked else float("nan") for one in lot.offers]
    largest = max((abs(value) for value in known if not isnan(value)), default=0.0)
    costing = lot.subject.lot.costing
    shown: Iterable[Content] = (_known(value, leaf, largest) for value in known)
    if leaf.kind in cost.COSTS and costing is not None:
        shown = (Dressed(_cost(leaf.kind, costing, places, n), NOTE) for n in range(len(lot.offers)))
    return (leaf.label, float(lot.subject.lot.number), None, words.unit_of(leaf, lot.subject), *shown)


def _known(value: float, criterion: Criterion, largest: float) -> Content:
    shown = None if isnan(value) else value
    return amount(shown, largest) if criterion.kind is CriterionKind.IMPACT else Dressed(shown, NOTE)


def _cost(kind: CriterionKind, costing: Costing, places: _Places, offer: int) -> Formula:
    """The published cost over the cells of measures and coefficients; empty while a measure is."""
    linear = cost.coefficients(kind, costing)
    needed = [*linear, *([Measure.IMPACT] if cost.deducted(kind, costing) else [])]
    names: dict[str, Formula] = {one.upper(): places.measure(one, offer) for one in needed}
    names |= {name: lit(number) for name, number in cost.named(kind, costing).items() if not isnan(number)}
    names |= {f"C_{one.upper()}": places.coefficient(one) for one in linear}
    missing = or_(*(eq(places.measure(one, offer), "") for one in needed))
    return if_(missing, "", if_error(lower(cost.expression(kind, costing), names.__getitem__), ""))


def _measure_row(lot: LotScores, measure: Measure, costing: Costing, words: OutcomeWords) -> tuple[Content, ...]:
    known = [one.measures.get(measure.value, float("nan")) if one.ranked else float("nan") for one in lot.offers]
    kinds = sorted({one.kind for one in leaves(lot.subject.lot.criteria)} & cost.COSTS)
    factors = [cost.coefficients(kind, costing).get(measure) for kind in kinds]
    factor = next((one for one in factors if one is not None), None)
    largest = max((abs(value) for value in known if not isnan(value)), default=0.0)
    flow = lot.subject.texts[words.language].get(f"flows.{costing.energy}", "")
    shown = (None if isnan(value) else value for value in known)
    cells = (amount(one, largest) if measure is Measure.IMPACT else Dressed(one, NOTE) for one in shown)
    return (
        Dressed(words.say(f"measure.{measure.value}", flow=flow), PART),
        float(lot.subject.lot.number),
        Dressed(factor, COEFFICIENT),
        words.say(f"measure.unit_{measure.value}", impact=words.climate_unit(lot.subject)),
        *cells,
    )


def _note_rows(lot: LotScores, places: _Places, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    for criterion in lot.subject.lot.criteria:
        notes = (
            places.added(criterion.parts, n) if criterion.parts else _note(criterion, places, n)
            for n in range(len(lot.offers))
        )
        yield (*_criterion_head(lot, criterion, words), *(Dressed(note, NOTE) for note in notes))
        for part in criterion.parts:
            inside = (Dressed(_note(part, places, n), NOTE) for n in range(len(lot.offers)))
            yield (*_criterion_head(lot, part, words, criterion.label), *inside)


def _criterion_head(lot: LotScores, criterion: Criterion, words: OutcomeWords, inside: str = "") -> tuple[Content, ...]:
    """Give label, lot, weight and formula; a sub-criterion stands further in, and says ``inside`` which criterion."""
    formula = words.formula(criterion)
    return (
        Dressed(criterion.label, PART) if inside else criterion.label,
        float(lot.subject.lot.number),
        Dressed(criterion.weight, PART_WEIGHT if inside else WEIGHT),
        words.say("formula.part_of", formula=formula, criterion=inside) if inside else formula,
    )


def _note(criterion: Criterion, places: _Places, offer: int) -> Formula:
    """The published formula over the cells of values; empty while the value is, and where the formula is refused."""
    value, others = places.value(criterion.code, offer), places.row_of_values(criterion.code)
    if criterion.kind == "other" and not criterion.formula:
        return if_(eq(value, ""), "", value)
    names: dict[str, Formula] = {
        "V": value,
        "LOWEST": use("MIN", others),
        "HIGHEST": use("MAX", others),
        "MEAN": div(use("SUM", others), countif(others, ">-1E+99")),
        "N": lit(POINTS),
        "FAN": lit(criterion.fan),
        "L": na() if criterion.low is None else lit(criterion.low),
        "H": na() if criterion.high is None else lit(criterion.high),
    }
    return if_(eq(value, ""), "", if_error(lower(expression(criterion), names.__getitem__), ""))


def _totals(lot: LotScores, places: _Places, words: OutcomeWords) -> tuple[Content, ...]:
    criteria = lot.subject.lot.criteria
    weights: Formula = add(*(places.weight(one.code) for one in criteria))
    return (
        Dressed(words.say("notes.total"), TOTAL_HEAD),
        Dressed(float(lot.subject.lot.number), replace(TOTAL, number_format="0")),
        Dressed(weights, replace(WEIGHT, bold=True, fill=look.TINT)),
        Dressed(None, TOTAL_HEAD),
        *(Dressed(places.added(criteria, offer), TOTAL) for offer in range(len(lot.offers))),
    )


def _ranking_row(
    one: ScoredOffer, places: _Places, position: int, said: tuple[OutcomeWords, str]
) -> tuple[Content, ...]:
    """Give one line of the ranking; ``said`` holds the words, and what stands in the place of a rank."""
    words, unranked = said
    rank: Plain = unranked
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
