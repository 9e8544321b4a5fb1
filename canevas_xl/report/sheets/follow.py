"""Owns the rows of *Suivi*: who has answered, what is missing, and the one thing to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isnan
from typing import Final

from canevas_xl.canvas.seal import read_token
from canevas_xl.findings.catalogue import Severity
from canevas_xl.intake.campaign import OFFERS_ASKED
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.campaign import CriterionKind, leaves
from canevas_xl.model.offer import OfferKey, Standing
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome, Rows
from canevas_xl.report.results import TEXT
from canevas_xl.report.sheets.requests import asked_points, points_of
from canevas_xl.report.sheets.returns import moment
from canevas_xl.report.words import OutcomeWords, sentences

Row = tuple[Content, ...]
Issued = Mapping[tuple[str, str], str]
"""(lot, supplier) → when its canvas was issued."""
STRONG: Final = replace(TEXT, size=11, bold=True)


def follow_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say first who has answered, what is missing, and what to do next."""
    found, issued = outcome.consolidation, _issued(outcome)
    doubts = sum(1 for one in found.said if one.decision is None and one.finding.kind.severity is Severity.DOUBT)
    summary = (
        *_answers(outcome, words),
        _labelled("next", [words.say(f"follow.next_{next_step(outcome)}")], words),
        _labelled("to_decide", _to_decide(found, words), words),
        *_prices(outcome, words),
        _labelled("doubts", [str(doubts) if doubts else words.say("follow.none")], words),
    )
    register = [*_arrived(outcome, issued, words), *_silent(outcome, issued, words), *_aside(outcome, words)]
    return {"follow.summary": tuple(row for rows in summary for row in rows), "follow.register": tuple(register)}


def next_step(outcome: Outcome) -> str:
    """Name the one thing to do next: wait (``sealed``), ``ask``, ``decide``, ``collect``, ``price`` or ``compare``.

    An offer is asked about before it is decided on, and prices are typed once all that is expected is there.
    """
    found = outcome.consolidation
    if unread(found):
        return "sealed"
    waiting = {one.id for one in found.said if one.waits}
    if waiting:
        return "ask" if waiting & _unasked(outcome) else "decide"
    if found.silent or not found.offers:
        return "collect"
    return "price" if unpriced(outcome) else "compare"


def unread(found: Consolidation) -> int:
    """Count the files that are kept unopened until the deadline."""
    return sum(one.standing is Standing.NOT_YET for one in found.set_aside)


def unpriced(outcome: Outcome) -> tuple[ScoredOffer, ...]:
    """Give the offers that count and lack a price or a note; none in phases in which nothing is awarded."""
    return tuple(
        one
        for lot in outcome.scores
        if lot.subject.campaign.phase in OFFERS_ASKED
        for one in lot.offers
        if not outcome.consolidation.stopped(one.offer.key)
        if any(isnan(one.values[code]) for code in _typed(lot))
    )


def _typed(lot: LotScores) -> list[str]:
    """Give the criteria whose values the buyer types."""
    computed = {CriterionKind.IMPACT, CriterionKind.ANSWER}
    return [one.code for one in leaves(lot.subject.lot.criteria) if one.kind not in computed]


def _unasked(outcome: Outcome) -> set[str]:
    """Give the numbers of the points that suppliers can still be asked about."""
    lots = {lot.subject.lot.number: lot for lot in outcome.scores}
    offers = (offer for offer in outcome.consolidation.offers if offer.key.lot in lots)
    points = {point.id for offer in offers for point in points_of(outcome, lots[offer.key.lot], offer)}
    return points - set(asked_points(outcome))


def _answers(outcome: Outcome, words: OutcomeWords) -> tuple[Rows, Rows]:
    """Say how many have answered, and who has not: nobody can tell while files lie unopened."""
    found = outcome.consolidation
    sealed = unread(found)
    if sealed:
        until = outcome.campaign.deadline.strftime(words.say("status.moment"))
        kept = words.say("follow.sealed", count=sealed, until=until)
        return _labelled("answered", [kept], words), _labelled("missing", [words.say("follow.unopened")], words)
    answered = {(one.key.lot, one.key.supplier) for one in found.offers}
    names = {supplier.code: supplier.name for supplier in outcome.campaign.suppliers}
    silent = ", ".join(dict.fromkeys(names.get(code, code) for _, code in found.silent))
    missing = silent or words.say("follow.nobody" if answered else "follow.open")
    of = words.say("follow.of", count=len(answered), total=len(answered | set(found.silent)))
    return (
        _labelled("answered", [of if answered or silent else words.say("follow.nothing")], words),
        _labelled("missing", [missing], words),
    )


def _prices(outcome: Outcome, words: OutcomeWords) -> tuple[Rows, ...]:
    """Name the offers that lack a price or a note, where any does."""
    names = [words.quoted(one.offer) for one in unpriced(outcome)]
    return (_labelled("prices", [", ".join(names)], words),) if names else ()


def _labelled(key: str, texts: list[str], words: OutcomeWords) -> Rows:
    """Put a label before the first of the rows that say something."""
    rows = sentences(texts)
    labels = [Dressed(words.say(f"follow.{key}"), STRONG), *[None] * (len(rows) - 1)]
    return tuple((label, *row) for label, row in zip(labels, rows, strict=True))


def _to_decide(found: Consolidation, words: OutcomeWords) -> list[str]:
    """Name the offers that wait, with the numbers of what is to be decided."""
    waiting: dict[str, list[str]] = {}
    names = {offer.key: words.offer(offer) for offer in found.offers}
    for one in found.said:
        if one.waits:
            name = names.get(one.key, one.finding.place.file) if one.key else one.finding.place.file
            waiting.setdefault(name, []).append(one.id)
    lines = [words.say("follow.waits", name=name, findings=", ".join(ids)) for name, ids in waiting.items()]
    return lines or [words.say("follow.none")]


def _issued(outcome: Outcome) -> Issued:
    """Find when each canvas was first issued, by what its token names."""
    found: dict[tuple[str, str], str] = {}
    for event in outcome.events:
        token = read_token(str(event.get("token", ""))) if event["kind"] == "issued" else None
        if token is not None:
            found.setdefault((str(token.lot), token.supplier), moment(str(event["at"])))
    return found


def _arrived(outcome: Outcome, issued: Issued, words: OutcomeWords) -> Iterator[Row]:
    found, lacking = outcome.consolidation, {one.offer.key for one in unpriced(outcome)}
    for offer in found.offers:
        key = offer.key
        mine = [one for one in found.said if one.key == key]
        stops = sum(one.stops for one in mine)
        doubts = sum(1 for one in mine if one.finding.kind.severity is Severity.DOUBT)
        state = _state(found, key)
        step = {"state_waiting": "do_decide", "state_refused": "do_nothing"}.get(state)
        step = step or ("do_price" if key in lacking else "do_read" if doubts else "do_nothing")
        yield (
            words.offer(offer), float(key.lot), float(key.round), issued.get((str(key.lot), key.supplier)),
            moment(offer.receipt.received.isoformat()), words.say(f"follow.{state}"), float(stops), float(doubts),
            words.say(f"follow.{step}"),
        )  # fmt: skip


def _state(found: Consolidation, key: OfferKey) -> str:
    """Name what an offer is worth."""
    if found.refused(key):
        return "state_refused"
    return "state_waiting" if found.stopped(key) else "state_counts"


def _silent(outcome: Outcome, issued: Issued, words: OutcomeWords) -> Iterator[Row]:
    names = {supplier.code: supplier.name for supplier in outcome.campaign.suppliers}
    for lot, code in outcome.consolidation.silent:
        yield (
            names.get(code, code), float(lot), float(outcome.campaign.round), issued.get((str(lot), code)), None,
            words.say("follow.state_silent"), None, None, words.say("follow.do_remind"),
        )  # fmt: skip


def _aside(outcome: Outcome, words: OutcomeWords) -> Iterator[Row]:
    names = {supplier.code: supplier.name for supplier in outcome.campaign.suppliers}
    for one in outcome.consolidation.set_aside:
        key, sealed = one.key, one.standing is Standing.NOT_YET
        yield (
            names.get(key.supplier, key.supplier) if key else one.receipt.name, float(key.lot) if key else None,
            float(key.round) if key else None, None, moment(one.receipt.received.isoformat()),
            words.say(f"standing.{one.standing}"), None, None if sealed else float(len(one.findings)),
            words.say("follow.do_wait" if sealed else "follow.do_nothing"),
        )  # fmt: skip
