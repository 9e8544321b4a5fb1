"""Owns the rows of *Impacts* and *Données*: what offers weigh, and what the data can carry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.messages import spoken
from canevas_xl.impact.figures import by_line, by_stage, score, share_on_defaults, total, who_decides
from canevas_xl.model.expression import Partial
from canevas_xl.model.factor import Process
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.model.vocabulary import CLIMATE, ControlledBy
from canevas_xl.report.outcome import Blocks, Content, Outcome, Rows
from canevas_xl.report.words import OutcomeWords, amount, sentences

NAMED: Final = 3
"""Pairs of offers that are named where the release before turns their order."""
DATA: Final = 40
"""Processes that *Données* lists, the heaviest first."""


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
        yield (*_who(one, words), name, unit, amount(part.known), float(part.unknown), whole, *shares)
    for perimeter in given.indicators:
        points = score(given, perimeter)
        if points is not None:
            name = words.say("impacts.index", perimeter=lot.subject.texts[words.language][f"perimeters.{perimeter}"])
            whole = _complete(score(counted, perimeter))
            yield (*_who(one, words), name, "mPt", amount(points.known), float(points.unknown), whole, None, None)


def _complete(whole: Partial | None) -> Content:
    """Give what counts; nothing while a line is unknown even with the defaults."""
    return None if whole is None or not whole.complete else amount(whole.known)


def _stages(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    whole = total(one.as_given).known
    unit = next(c for c in lot.subject.method.categories if c.code == CLIMATE).unit(words.language)
    for stage, part in by_stage(one.as_given).items():
        share = part.known / whole if whole else None
        yield (
            *_who(one, words), words.terms[f"stage.{stage}"], unit, amount(part.known, whole),
            float(part.unknown), share,
        )  # fmt: skip


def _share(share: float) -> Content:
    return None if isnan(share) else share


def data_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give the verdict on the data in words, then the data that weigh most."""
    verdict = [row for lot in outcome.scores for row in _verdict(lot, words)]
    lines = [row for lot in outcome.scores for row in _data(lot, words)]
    return {"data.verdict": tuple(verdict), "data.lines": tuple(lines)}


def _verdict(lot: LotScores, words: OutcomeWords) -> Rows:
    said, number = resources.texts("verdict", words.language), lot.subject.lot.number
    if lot.verdict is None:
        return sentences([words.say("data.none", lot=number)], strong=True)
    reasons = (
        said[f"reason.{reason.code}"].format_map({name: spoken(fact, words.language) for name, fact in reason.facts})
        for reason in lot.verdict.reasons
    )
    fitness = lot.verdict.fitness
    answer = words.say("data.verdict", lot=number, text=said[f"fitness.{fitness}"])
    advice = said[f"after_opening.what_to_do.{fitness}"]
    said_before = _turned(lot, words)
    return sentences([answer, *reasons, *said_before, advice, said["after_opening.notice"]], strong=True)


def _turned(lot: LotScores, words: OutcomeWords) -> Iterator[str]:
    """Name the offers whose order turns with the release before, the farthest apart first."""
    if lot.before is None:
        return
    names = {one.offer.key: words.offer(one.offer) for one in lot.offers}
    sources = ", ".join(lot.before.sources)
    for lighter, other in lot.before.turned[:NAMED]:
        yield words.say("data.before_turned", sources=sources, name=names[lighter], other=names[other])
    if len(lot.before.turned) > NAMED:
        yield words.say("data.before_more", count=len(lot.before.turned) - NAMED)


def _data(lot: LotScores, words: OutcomeWords) -> list[tuple[Content, ...]]:
    """List processes by their mean share of the climate impact of the compared offers, the heaviest first."""
    shares: dict[str, float] = {}
    proxies: set[str] = set()
    counted = [one for one in lot.offers if one.ranked is not None and total(one.impacts).known]
    for one in counted:
        whole = total(one.impacts).known
        amounts = by_line(one.impacts)
        processes = {(c.line.flow, c.line.row): c.line for c in one.impacts.contributions}
        for place, line in processes.items():
            if line.process is not None:
                share = amounts[place].known / whole / len(counted)
                shares[line.process] = shares.get(line.process, 0.0) + share
                proxies |= {line.process} if line.proxy else set()
    heaviest = sorted(shares.items(), key=lambda item: -item[1])[:DATA]
    factors: Mapping[str, Process] = lot.subject.factors.processes
    return [_datum(factors[process], share, words, proxy=process in proxies) for process, share in heaviest]


def _datum(process: Process, share: float, words: OutcomeWords, *, proxy: bool) -> tuple[Content, ...]:
    uncertainty = None if process.uncertainty_percent is None else process.uncertainty_percent / 100
    year = None if process.reference_year is None else float(process.reference_year)
    source = process.cited
    remark = words.say("data.proxy") if proxy else None
    return (process.name(words.language), source, year, uncertainty, share, remark)
