"""Owns the rows of *Données*: what the data can carry, why, what would make them better, and which weigh most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.messages import spoken
from canevas_xl.impact.difference import DOUBTFUL, half_width
from canevas_xl.impact.figures import by_line, share_on_defaults, total
from canevas_xl.intake.campaign import OFFERS_ASKED
from canevas_xl.model.factor import Process
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Blocks, Content, Outcome, Rows
from canevas_xl.report.words import OutcomeWords, sentences

NAMED: Final = 3
"""Pairs, offers or lines that are named in a sentence."""
DATA: Final = 40
"""Processes that are listed, the heaviest first."""
LACKING: Final = 0.05
"""Share of an offer's impact on default values from which its answers are worth asking for."""
HEAVY: Final = 0.1
"""Share of all impacts from which a better factor is worth looking for."""


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
    told = [answer, advice, *reasons, *said_before, *_better(lot, words), said["after_opening.notice"]]
    return sentences(told, strong=True)


def _better(lot: LotScores, words: OutcomeWords) -> Iterator[str]:
    """Say what would make the opinion surer: answers that offers lack, then the heaviest doubtful factor.

    A default that stands in an offer counts: nobody is told to have an offer completed.
    """
    lacking = [one for one in _compared(lot) if share_on_defaults(one.impacts) >= LACKING]
    for one in sorted(lacking, key=lambda one: -share_on_defaults(one.impacts))[:NAMED]:
        share = words.percent(share_on_defaults(one.impacts))
        lines = ", ".join(_on_default(lot, one, words))
        key = "data.better_next_time" if lot.subject.campaign.phase in OFFERS_ASKED else "data.better_answers"
        yield words.say(key, name=words.quoted(one.offer), share=share, lines=lines)
    shares, proxies = _shares(lot)
    for code in sorted(shares, key=lambda code: -shares[code]):
        process = lot.subject.factors.processes[code]
        width = half_width(process, proxy=False)
        doubtful = width is not None and width >= DOUBTFUL
        if shares[code] >= HEAVY and (code in proxies or doubtful):
            percent = round(width) if width is not None else 0
            why = words.say("data.why_uncertain" if doubtful else "data.why_proxy", percent=percent)
            facts = {"process": process.name(words.language), "share": words.percent(shares[code])}
            yield words.say("data.better_factor", **facts, why=why)
            return


def _on_default(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> list[str]:
    """Name the lines of an offer that rest on default values, the heaviest first."""
    amounts = by_line(one.impacts)
    weak = {(c.line.flow, c.line.row) for c in one.impacts.contributions if c.line.on_default}
    return [words.line(lot.subject, place) for place in sorted(weak, key=lambda at: -amounts[at].known)[:NAMED]]


def _compared(lot: LotScores) -> list[ScoredOffer]:
    return [one for one in lot.offers if one.ranked is not None and total(one.impacts).known]


def _turned(lot: LotScores, words: OutcomeWords) -> Iterator[str]:
    """Name the offers whose order turns with the release before, the farthest apart first."""
    if lot.before is None:
        return
    names = {one.offer.key: words.offer(one.offer) for one in lot.offers}
    sources = ", ".join(lot.before.sources)
    categories = {one.code: one.name(words.language) for one in lot.subject.method.categories}
    for lighter, other, indicator in lot.before.turned[:NAMED]:
        facts = {"name": names[lighter], "other": names[other], "category": categories[indicator]}
        yield words.say("data.before_turned", sources=sources, **facts)
    if len(lot.before.turned) > NAMED:
        yield words.say("data.before_more", count=len(lot.before.turned) - NAMED)


def _data(lot: LotScores, words: OutcomeWords) -> list[tuple[Content, ...]]:
    """List processes by their mean share of the climate impact of the compared offers, the heaviest first."""
    shares, proxies = _shares(lot)
    heaviest = sorted(((code, share) for code, share in shares.items() if share), key=lambda item: -item[1])[:DATA]
    factors: Mapping[str, Process] = lot.subject.factors.processes
    return [_datum(factors[code], share, words, proxy=code in proxies) for code, share in heaviest]


def _shares(lot: LotScores) -> tuple[dict[str, float], set[str]]:
    """Give the mean share of each process in the compared offers, and those that stand in for others."""
    shares: dict[str, float] = {}
    proxies: set[str] = set()
    counted = _compared(lot)
    for one in counted:
        whole, amounts = total(one.impacts).known, by_line(one.impacts)
        for place, line in {(c.line.flow, c.line.row): c.line for c in one.impacts.contributions}.items():
            if line.process is not None and amounts[place].known:
                share = amounts[place].known / whole / len(counted)
                shares[line.process] = shares.get(line.process, 0.0) + share
                proxies |= {line.process} if line.proxy else set()
    return shares, proxies


def _datum(process: Process, share: float, words: OutcomeWords, *, proxy: bool) -> tuple[Content, ...]:
    uncertainty = None if process.uncertainty_percent is None else process.uncertainty_percent / 100
    year = None if process.reference_year is None else float(process.reference_year)
    source = process.cited
    remark = words.say("data.proxy") if proxy else None
    return (process.name(words.language), source, year, uncertainty, share, remark)
