"""Owns the audit of a factor set as it stands: what its own figures must agree with, beyond what each row may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.factor import FactorSet, Process
from canevas_xl.model.factor_import import Post
from canevas_xl.model.method import Method
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL
from canevas_xl.sources import sums

_CLIMATE = INDICATORS.index(CLIMATE)


def audit(
    factors: FactorSet, scores: Mapping[str, float], posts: Mapping[str, tuple[Post, ...]], method: Method, today: date
) -> Iterator[Finding]:
    """Hold a set to its own figures.

    Args:
        factors: the set.
        scores: published single scores, mPt, by process.
        posts: parts of published values, by process.
        method: the method of the scores.
        today: the day on which periods of validity are looked at.
    """
    yield from _scores(factors, scores, method)
    for process in factors.processes.values():
        yield from _stages(factors, process, method)
        yield from _posts(factors, process, posts.get(process.id, ()))
    yield from _untied(factors)
    yield from _families(factors)
    yield from _terms(factors)
    yield from passed(factors.processes.values(), today)


def _scores(factors: FactorSet, scores: Mapping[str, float], method: Method) -> Iterator[Finding]:
    digits = sums.usual_digits(repr(score) for score in scores.values())
    for name, published in scores.items():
        total = factors.factors.get((name, TOTAL))
        recomputed = sums.score(total, method) if total else None
        if total is None or recomputed is None:
            yield found("F145", Place(key=name), id=name)
        elif abs(recomputed - published) > sums.score_tolerance(total, published, digits, method):
            yield found("F140", Place(key=name), published=published, recomputed=recomputed)


def _stages(factors: FactorSet, process: Process, method: Method) -> Iterator[Finding]:
    """Judge the sum of stages in climate change: far off, the stages are not those of the product."""
    total = factors.factors.get((process.id, TOTAL))
    stages = factors.stages(process.id)
    if total is None or stages == (TOTAL,):
        return
    gaps = sums.stage_gaps([factors.impacts(process.id, stage) for stage in stages], total)
    gap = gaps.get(CLIMATE, 0.0)
    if gap > sums.stage_limit(total) and not process.withdrawn:
        names = {one.code: {language: one.name(language) for language in ("fr", "en")} for one in method.categories}
        facts = {"indicator": names[CLIMATE], "percent": round(100 * gap, 1)}
        yield found("F141", Place(key=process.id), id=process.id, **facts)


def _posts(factors: FactorSet, process: Process, posts: tuple[Post, ...]) -> Iterator[Finding]:
    total = factors.factors.get((process.id, TOTAL))
    published = total[_CLIMATE] if total else None
    if posts and published is not None and sums.gap((post.value for post in posts), published) > sums.CLOSE:
        added = sum(post.value for post in posts)
        yield found("F142", Place(key=process.id), id=process.id, published=published, total=added)


def _untied(factors: FactorSet) -> Iterator[Finding]:
    """Say which rows have the same sixteen values and are not tied."""
    whole = {
        name: factors.impacts(name, TOTAL)
        for name in factors.processes
        if None not in factors.factors.get((name, TOTAL), (None,))
    }
    for name, first in sums.twins(whole).items():
        tied, stands = factors.processes[name].same_as, factors.processes[first].same_as or first
        if tied != stands:
            yield found("F143", Place(key=name), id=name, other=first)


def _families(factors: FactorSet) -> Iterator[Finding]:
    """Say which answers to a closed family cannot be given: unknown, withdrawn, or twice the same data."""
    for family, choices in factors.families.items():
        given: set[str] = set()
        for choice, name in choices.items():
            process = factors.processes.get(name)
            stands = process.same_as or process.id if process else name
            if process is None or process.withdrawn or stands in given:
                yield found("F144", Place(key=family), family=family, choice=choice, id=name)
            given.add(stands)


def _terms(factors: FactorSet) -> Iterator[Finding]:
    for licence in factors.licences.values():
        if not licence.may_be_sent:
            count = sum(process.licence == licence.code for process in factors.processes.values())
            yield found("F134", Place(key=licence.code), licence=licence.title, count=count)


def passed(processes: Iterable[Process], today: date) -> Iterator[Finding]:
    """Say, once, how many rows are past their period of validity: it is said, not punished."""
    count = sum(one.valid_until is not None and one.valid_until < today for one in processes)
    if count:
        yield found("F133", count=count)
