"""Owns the rows of *Impacts*, *Comparaison*, *Robustesse* and *Données*: what offers weigh, why, how sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isnan
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.messages import spoken
from canevas_xl.impact.figures import by_line, by_stage, score, share_on_defaults, total, who_decides
from canevas_xl.model.factor import Process
from canevas_xl.model.score import LotScores, OfferGap, ScoredOffer
from canevas_xl.model.vocabulary import CLIMATE, ControlledBy
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.words import OutcomeWords

SUMMARY: Final = 4
"""Sentences that *Comparaison* opens with."""
DATA: Final = 40
"""Processes that *Données* lists, the heaviest first."""


def impact_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give totals by indicator and climate by stage, as given: without defaults in the place of silence."""
    totals = [row for lot in outcome.scores for one in lot.offers for row in _totals(lot, one, words)]
    stages = [row for lot in outcome.scores for one in lot.offers for row in _stages(lot, one, words)]
    return {"impacts.totals": tuple(totals), "impacts.stages": tuple(stages)}


def _who(one: ScoredOffer, words: OutcomeWords) -> tuple[Content, ...]:
    return (words.offer(one.offer), float(one.offer.key.lot), float(one.offer.key.variant))


def _totals(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    given, counted = one.as_given, one.impacts
    mine = who_decides(given).get(ControlledBy.SUPPLIER, float("nan"))
    for category in lot.subject.method.categories:
        if not any(category.code in codes for codes in given.indicators.values()):
            continue
        part = total(given, category.code)
        shares = (_share(share_on_defaults(counted)), _share(mine)) if category.code == CLIMATE else (None, None)
        name, unit = category.name(words.language), category.unit(words.language)
        yield (*_who(one, words), name, unit, part.known, float(part.unknown), *shares)
    for perimeter in given.indicators:
        points = score(given, perimeter)
        if points is not None:
            name = words.say("impacts.index", perimeter=lot.subject.texts[words.language][f"perimeters.{perimeter}"])
            yield (*_who(one, words), name, "mPt", points.known, float(points.unknown), None, None)


def _stages(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    whole = total(one.as_given).known
    unit = next(c for c in lot.subject.method.categories if c.code == CLIMATE).unit(words.language)
    for stage, part in by_stage(one.as_given).items():
        share = part.known / whole if whole else None
        yield (
            *_who(one, words), words.terms[f"stage.{stage}"], unit, part.known, float(part.unknown), share,
        )  # fmt: skip


def _share(share: float) -> Content:
    return None if isnan(share) else share


def compare_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say which offer weighs less, by how much and why; then list them from the lightest to the heaviest."""
    summary: list[tuple[Content, ...]] = []
    rows: list[tuple[Content, ...]] = []
    for lot in outcome.scores:
        ordered = sorted(
            (one for one in lot.offers if total(one.impacts).complete), key=lambda one: total(one.impacts).known
        )
        summary += [(text,) for text in _sentences(lot, ordered, words)]
        rows += [_compared(lot, one, ordered[0], words) for one in ordered]
    return {"compare.summary": tuple(summary[:SUMMARY]), "compare.offers": tuple(rows)}


def _sentences(lot: LotScores, ordered: list[ScoredOffer], words: OutcomeWords) -> Iterator[str]:
    if not ordered:
        yield words.say("compare.none", lot=lot.subject.lot.number)
        return
    lightest, heaviest = ordered[0], ordered[-1]
    low, high = total(lightest.impacts).known, total(heaviest.impacts).known
    unit = lot.subject.texts[words.language]["template.functional_unit_short"]
    facts = {"lot": lot.subject.lot.number, "name": words.offer(lightest.offer), "total": low, "unit": unit}
    if len(ordered) == 1 or not high:
        yield words.say("compare.alone", **facts)
        return
    yield words.say(
        "compare.lightest", **facts, other=words.offer(heaviest.offer), gap=words.percent((high - low) / high)
    )


def _compared(lot: LotScores, one: ScoredOffer, lightest: ScoredOffer, words: OutcomeWords) -> tuple[Content, ...]:
    known, low = total(one.impacts).known, total(lightest.impacts).known
    gap = next((g for g in lot.gaps if (g.left, g.right) == (lightest.offer.key, one.offer.key)), None)
    probability = None if gap is None else 1 - gap.own_data.probability
    return (*_who(one, words), known, known - low, probability, " · ".join(_reasons(lot, gap, words)))


def _reasons(lot: LotScores, gap: OfferGap | None, words: OutcomeWords) -> Iterator[str]:
    """Name the lines that make most of the difference, with what each adds."""
    texts = lot.subject.texts[words.language]
    for line in gap.lines if gap else ():
        more = line.right - line.left
        label = texts[f"flows.{line.flow}"] + (f" ({texts[f'rows.{line.row}']})" if line.row else "")
        yield words.say("compare.reason", label=label, sign="+" if more > 0 else "−", gap=abs(more))


def robust_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say of each pair how sure it is that one weighs less, and list the pairs."""
    pairs = [(lot, gap) for lot in outcome.scores for gap in lot.gaps]
    sure = sum(gap.discernible for _, gap in pairs)
    summary = words.say("robust.summary", count=sure, total=len(pairs)) if pairs else words.say("robust.none")
    notice = words.say("robust.notice")
    return {
        "robust.summary": ((summary,), (notice,)),
        "robust.pairs": tuple(_pair(lot, gap, words) for lot, gap in pairs),
    }


def _pair(lot: LotScores, gap: OfferGap, words: OutcomeWords) -> tuple[Content, ...]:
    names = {one.offer.key: words.offer(one.offer) for one in lot.offers}
    chances = gap.own_data
    said = words.say("robust.discernible" if gap.discernible else "robust.alike")
    return (names[gap.left], names[gap.right], chances.probability, gap.amount, chances.low, chances.high, said)


def data_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give the verdict on the data in words, then the data that weigh most."""
    said = resources.texts("verdict", words.language)
    verdict: list[tuple[Content, ...]] = []
    lines: list[tuple[Content, ...]] = []
    for lot in outcome.scores:
        if lot.verdict is not None:
            number, fitness = lot.subject.lot.number, lot.verdict.fitness
            verdict.append((words.say("data.verdict", lot=number, text=said[f"fitness.{fitness}"]),))
            for reason in lot.verdict.reasons:
                facts = {name: spoken(fact, words.language) for name, fact in reason.facts}
                verdict.append((said[f"reason.{reason.code}"].format_map(facts),))
            verdict.append((said["after_opening.notice"],))
        lines += _data(lot, words)
    return {"data.verdict": tuple(verdict[:8]), "data.lines": tuple(lines)}


def _data(lot: LotScores, words: OutcomeWords) -> list[tuple[Content, ...]]:
    """List processes by their mean share of the climate impact of the offers, the heaviest first."""
    shares: dict[str, float] = {}
    proxies: set[str] = set()
    counted = [one for one in lot.offers if total(one.impacts).known]
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
    source = f"{process.source} {process.source_version} · {process.source_id}"
    remark = words.say("data.proxy") if proxy else None
    return (process.name(words.language), source, year, uncertainty, share, remark)
