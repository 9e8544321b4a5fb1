"""Owns the charts of results, each an answer: the impact of every offer, and where the lightest ones weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import shorten
from typing import Final

from canevas_xl.canvas.campaign.board import LABEL
from canevas_xl.impact.figures import by_stage, total
from canevas_xl.model.block import Block
from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.plan import Bars
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.sheets.compare import by_weight
from canevas_xl.report.sheets.impacts import stages_of
from canevas_xl.report.words import OutcomeWords

OFFERS: Final = "compare.offers"
STAGES: Final = "impacts.stages"
TOTALS: Final = "impacts.totals"
ROOM: Final = 15
"""Rows that a chart takes."""
WIDTH: Final = 540
HEIGHT: Final = 280
SHOWN: Final = 2
"""The lightest offers whose stages are drawn."""
NAME: Final = 40
"""Characters of a name that fit in a title."""
BESIDE: Final = LABEL + 4
"""Column where the second chart begins."""


def rooms_of(outcome: Outcome) -> Mapping[str, int]:
    """Give the rows that charts need above a block, by its name."""
    lots = sum(bool(by_weight(lot)) for lot in outcome.scores)
    return {OFFERS: ROOM * lots, TOTALS: ROOM * lots}


def charts_of(outcome: Outcome, places: Mapping[str, Block], words: OutcomeWords) -> tuple[Bars, ...]:
    """Draw the offers of each lot on *Comparaison*, and the stages of its lightest ones on *Impacts*."""
    lots = [lot for lot in outcome.scores if by_weight(lot)]
    charts: list[Bars] = []
    for place, lot in enumerate(lots):
        down = (len(lots) - place) * ROOM
        charts.append(_offers(outcome, lot, places, down, words))
        charts += _stages(outcome, lot, places, down, words)
    return tuple(charts)


def _offers(outcome: Outcome, lot: LotScores, places: Mapping[str, Block], down: int, words: OutcomeWords) -> Bars:
    area = places[OFFERS].area
    value = area.first_column + places[OFFERS].columns.index("COUNTED")
    before = sum(len(by_weight(other)) for other in outcome.scores[: outcome.scores.index(lot)])
    first, ordered = area.first_row + before, by_weight(lot)
    last, unit = first + len(ordered) - 1, words.climate_unit(lot.subject)
    weights = (f"{words.offer(one.offer)} : {words.number(total(one.impacts).known)}" for one in ordered)
    name = _short(words.offer(ordered[0].offer))
    return Bars(
        at=Cell(area.sheet, area.first_row - 2 - down, LABEL),
        categories=Area(area.sheet, first, LABEL, last, LABEL),
        values=Area(area.sheet, first, value, last, value),
        title=words.say("chart.offers", lot=lot.subject.lot.number, name=name),
        axis=unit,
        alternative_text=words.say("chart.alternative", what="; ".join(weights), unit=unit),
        width=WIDTH,
        height=HEIGHT,
    )


def _short(name: str) -> str:
    return shorten(name, NAME, placeholder="…")


def _stages(
    outcome: Outcome, lot: LotScores, places: Mapping[str, Block], down: int, words: OutcomeWords
) -> Iterator[Bars]:
    rows = [(one, stage) for other in outcome.scores for one in other.offers for stage in stages_of(one)]
    top = places[TOTALS].area.first_row - 2 - down
    for place, one in enumerate(by_weight(lot)[:SHOWN]):
        mine = [row for row, (other, _) in enumerate(rows) if other is one]
        if mine and total(one.impacts).known > 0:
            at = Cell(places[STAGES].sheet, top, BESIDE if place else LABEL)
            # Those that count come first: what is not counted has nothing to draw.
            last = mine[0] + len(by_stage(one.impacts)) - 1
            yield _stages_of(one, lot, places[STAGES], (mine[0], last, at), words)


def _stages_of(
    one: ScoredOffer, lot: LotScores, block: Block, where: tuple[int, int, Cell], words: OutcomeWords
) -> Bars:
    first, last, at = where
    area, unit = block.area, words.climate_unit(lot.subject)
    label, value = (area.first_column + block.columns.index(code) for code in ("STAGE", "COUNTED"))
    known = {stage: part.known for stage, part in by_stage(one.impacts).items()}
    heaviest = max(known, key=lambda stage: known[stage])
    share = words.percent(known[heaviest] / total(one.impacts).known)
    stages = (f"{words.terms[f'stage.{stage}']} : {words.number(part)}" for stage, part in known.items())
    return Bars(
        at=at,
        categories=Area(area.sheet, area.first_row + first, label, area.first_row + last, label),
        values=Area(area.sheet, area.first_row + first, value, area.first_row + last, value),
        title=words.say(
            "chart.stages", name=_short(words.offer(one.offer)), stage=words.terms[f"stage.{heaviest}"], share=share
        ),
        axis=unit,
        alternative_text=words.say("chart.alternative", what="; ".join(stages), unit=unit),
        width=WIDTH,
        height=HEIGHT,
    )
