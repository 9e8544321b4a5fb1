"""Owns the way from a cell of the result sheets to the name of its figure.

Rows are known by what stands in them, as it was written: a sheet may show an earlier run than the one that is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from canevas_xl.impact.figures import by_stage, score
from canevas_xl.model.block import Block
from canevas_xl.model.campaign import every_criterion
from canevas_xl.model.figure import Figure, FigureKind, figure_of
from canevas_xl.model.grid import Seen
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.words import OutcomeWords

Cells = Mapping[str, str | float | None]
"""What stands in a row, by code of the column."""


def figure_at(outcome: Outcome, block: Block, seen: Seen, row: int, column: str) -> Figure | None:
    """Name the figure in a cell of a block.

    Args:
        outcome: what is followed.
        block: with the codes of its columns as they are.
        seen: what stands in the block.
        row: in the block, from 0.
        column: code of the selected column.
    """
    find = FINDERS.get(block.name)
    if find is None:
        return None
    words = OutcomeWords.of(outcome.campaign.language)
    rows = [dict(zip(block.columns, line, strict=False)) for line in seen]
    cells = rows[row]
    named = [rows[above].get(column) for above in range(row, -1, -1)]
    head = next((name for name in named if isinstance(name, str) and name), "")
    for lot in outcome.scores:
        if cells.get("LOT") == lot.subject.lot.number:
            for one in lot.offers:
                mine = _is_of(cells, one, words) if "SUPPLIER" in cells else head == words.offer(one.offer)
                figure = find(cells, lot, one, words) if mine else None
                if figure is not None:
                    return figure
    return None


def _is_of(cells: Cells, one: ScoredOffer, words: OutcomeWords) -> bool:
    return (cells.get("SUPPLIER"), cells.get("VARIANT")) == (words.offer(one.offer), one.offer.key.variant)


def _total(cells: Cells, lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Figure | None:
    """Of *Impacts*: a category of the method, or the index of a perimeter."""
    said = cells.get("INDICATOR")
    for category in lot.subject.method.categories:
        if category.name(words.language) == said:
            return figure_of(one.offer.key, FigureKind.TOTAL, indicator=category.code)
    for perimeter in one.as_given.indicators:
        name = lot.subject.texts[words.language][f"perimeters.{perimeter}"]
        if score(one.as_given, perimeter) is not None and words.say("impacts.index", perimeter=name) == said:
            return figure_of(one.offer.key, FigureKind.INDEX, perimeter)
    return None


def _stage(cells: Cells, _: LotScores, one: ScoredOffer, words: OutcomeWords) -> Figure | None:
    said = cells.get("STAGE")
    stages = (stage for stage in by_stage(one.as_given) if words.terms[f"stage.{stage}"] == said)
    return next((figure_of(one.offer.key, FigureKind.STAGE, stage) for stage in stages), None)


def _whole(_: Cells, __: LotScores, one: ScoredOffer, ___: OutcomeWords) -> Figure:
    return figure_of(one.offer.key, FigureKind.TOTAL)


def _points(_: Cells, __: LotScores, one: ScoredOffer, ___: OutcomeWords) -> Figure:
    return figure_of(one.offer.key, FigureKind.POINTS)


def _note(cells: Cells, lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Figure | None:
    if cells.get("CRITERION") == words.say("notes.total"):
        return figure_of(one.offer.key, FigureKind.POINTS)
    return next((figure_of(one.offer.key, FigureKind.NOTE, code) for code in _criteria(cells, lot)), None)


def _value(cells: Cells, lot: LotScores, one: ScoredOffer, _: OutcomeWords) -> Figure | None:
    return next((figure_of(one.offer.key, FigureKind.VALUE, code) for code in _criteria(cells, lot)), None)


def _criteria(cells: Cells, lot: LotScores) -> Iterator[str]:
    return (one.code for one in every_criterion(lot.subject.lot.criteria) if one.label == cells.get("CRITERION"))


FINDERS: Final[Mapping[str, Callable[[Cells, LotScores, ScoredOffer, OutcomeWords], Figure | None]]] = {
    "impacts.totals": _total,
    "impacts.stages": _stage,
    "compare.offers": _whole,
    "notes.ranking": _points,
    "notes.criteria": _note,
    "notes.values": _value,
}
"""Blocks that hold figures of offers; of the others, no cell is one."""
