"""Owns the rows of *Impacts*: what offers weigh, in all and by stage."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from canevas_xl.impact.figures import by_stage, score, share_on_defaults, total, who_decides
from canevas_xl.model.expression import Partial
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.model.vocabulary import CLIMATE, ControlledBy
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.words import OutcomeWords, amount


def impact_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give totals by indicator and climate by stage, as given: without defaults in the place of silence.

    Beside what is known as given stands what counts, with the published defaults; shares are of what counts.
    """
    totals = [row for lot in outcome.scores for one in lot.offers for row in _totals(lot, one, words)]
    stages = [row for lot in outcome.scores for one in lot.offers for row in _stages(lot, one, words)]
    return {"impacts.totals": tuple(totals), "impacts.stages": tuple(stages)}


def _who(one: ScoredOffer, words: OutcomeWords) -> tuple[Content, ...]:
    return (words.offer(one.offer), float(one.offer.key.lot), float(one.offer.key.variant))


def _totals(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    given, counted = one.as_given, one.impacts
    mine = who_decides(counted).get(ControlledBy.SUPPLIER, float("nan"))
    for category in lot.subject.method.categories:
        if not any(category.code in codes for codes in given.indicators.values()):
            continue
        part = total(given, category.code)
        shares = (_share(share_on_defaults(counted)), _share(mine)) if category.code == CLIMATE else (None, None)
        name, unit = category.name(words.language), category.unit(words.language)
        whole = _complete(total(counted, category.code))
        yield (*_who(one, words), name, unit, _known(part), float(part.unknown), whole, *shares)
    for perimeter in given.indicators:
        points = score(given, perimeter)
        if points is not None:
            name = words.say("impacts.index", perimeter=lot.subject.texts[words.language][f"perimeters.{perimeter}"])
            whole = _complete(score(counted, perimeter))
            yield (*_who(one, words), name, "mPt", _known(points), float(points.unknown), whole, None, None)


def _known(part: Partial, largest: float | None = None) -> Content:
    """Give what is known, said to be a minimum while a line is not; nothing where nothing is: unknown is not zero."""
    if not part.unknown:
        return amount(part.known, largest)
    return amount(part.known, largest, at_least=True) if part.known else None


def _complete(whole: Partial | None, largest: float | None = None) -> Content:
    """Give what counts; nothing while a line is unknown even with the defaults."""
    return None if whole is None or not whole.complete else amount(whole.known, largest)


def _stages(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    whole = total(one.impacts)
    unit = next(c for c in lot.subject.method.categories if c.code == CLIMATE).unit(words.language)
    given, counted = by_stage(one.as_given), by_stage(one.impacts)
    for stage in stages_of(one):
        part, counts = given.get(stage, Partial(0.0, 0)), counted.get(stage)
        share = counts.known / whole.known if counts is not None and whole.complete and whole.known else None
        yield (
            *_who(one, words), words.terms[f"stage.{stage}"], unit, _known(part, whole.known), float(part.unknown),
            _complete(counts, whole.known), share,
        )  # fmt: skip


def stages_of(one: ScoredOffer) -> tuple[str, ...]:
    """Give the stages of an offer in order: those that count, and one of lines that are unknown all the same."""
    return tuple(dict.fromkeys([*by_stage(one.impacts), *by_stage(one.as_given)]))


def _share(share: float) -> Content:
    return None if isnan(share) else share
