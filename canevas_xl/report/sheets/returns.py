"""Owns the rows of *Suivi*, *Constats* and *Réponses*: what was issued, what came, what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.seal import read_token
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.model.answer import Answer
from canevas_xl.model.offer import Change, Offer, OfferKey
from canevas_xl.model.score import LotScores
from canevas_xl.model.template import Field, Template, Texts
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome, Plain, Rows
from canevas_xl.report.results import TEXT
from canevas_xl.report.words import OutcomeWords, sentences

Row = tuple[Content, ...]
Issued = Mapping[tuple[str, str], str]
"""(lot, supplier) → when its canvas was issued."""
MOST_CHANGES: Final = 600
"""Changed cells that are listed, over all offers."""
SEVERITIES = tuple(Severity)
"""In the order of the list: what blocks first."""
STRONG: Final = replace(TEXT, size=11, bold=True)
SEVERITY_LOOK: Final = {
    Severity.BLOCKS: replace(TEXT, bold=True, colour=look.LOOK_INK, fill=look.LOOK, number_format='"✗ "@'),
    Severity.DOUBT: replace(TEXT, fill=look.FILL, number_format='"! "@'),
    Severity.INFORMATION: replace(TEXT, number_format='"· "@'),
}
"""Never colour alone: a sign and a word stand in the cell."""


def follow_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say first who has answered, what is missing, and what to do next."""
    found = outcome.consolidation
    names = {supplier.code: supplier.name for supplier in outcome.campaign.suppliers}
    asked = len({(o.key.lot, o.key.supplier) for o in found.offers}) + len(found.silent)
    waiting = sum(1 for one in found.said if one.waits)
    doubts = sum(1 for one in found.said if one.decision is None and one.finding.kind.severity is Severity.DOUBT)
    step = "decide" if waiting else "wait" if found.silent else "compare"
    silent = ", ".join(dict.fromkeys(names.get(code, code) for _, code in found.silent))
    summary = (
        _labelled("answered", [words.say("follow.of", count=asked - len(found.silent), total=asked)], words),
        _labelled("missing", [silent or words.say("follow.nobody")], words),
        _labelled("to_decide", _to_decide(found, words), words),
        _labelled("doubts", [words.say("follow.count", count=doubts)], words),
        _labelled("next", [words.say(f"follow.next_{step}")], words),
    )
    issued = _issued(outcome)
    register = [*_arrived(found, issued, words), *_silent(outcome, issued, words), *_aside(outcome, words)]
    return {"follow.summary": tuple(row for rows in summary for row in rows), "follow.register": tuple(register)}


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
    return lines or [words.say("follow.count", count=0)]


def _issued(outcome: Outcome) -> Issued:
    """Find when each canvas was first issued, by what its token names."""
    found: dict[tuple[str, str], str] = {}
    for event in outcome.events:
        token = read_token(str(event.get("token", ""))) if event["kind"] == "issued" else None
        if token is not None:
            found.setdefault((str(token.lot), token.supplier), moment(str(event["at"])))
    return found


def _arrived(found: Consolidation, issued: Issued, words: OutcomeWords) -> Iterator[Row]:
    for offer in found.offers:
        key = offer.key
        mine = [one for one in found.said if one.key == key]
        stops = sum(one.stops for one in mine)
        doubts = sum(1 for one in mine if one.finding.kind.severity is Severity.DOUBT)
        state, step = _state(stops=bool(stops), refused=found.refused(key), doubts=bool(doubts))
        yield (
            words.offer(offer), float(key.lot), float(key.round), issued.get((str(key.lot), key.supplier)),
            moment(offer.receipt.received.isoformat()), words.say(f"follow.{state}"), float(stops), float(doubts),
            words.say(f"follow.{step}"),
        )  # fmt: skip


def _state(*, stops: bool, refused: bool, doubts: bool) -> tuple[str, str]:
    """Name what an offer is worth, and what there is to do about it."""
    if refused:
        return "state_refused", "do_nothing"
    if stops:
        return "state_waiting", "do_decide"
    return "state_counts", "do_read" if doubts else "do_nothing"


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
        key = one.key
        yield (
            names.get(key.supplier, key.supplier) if key else one.receipt.name, float(key.lot) if key else None,
            float(key.round) if key else None, None, moment(one.receipt.received.isoformat()),
            words.say(f"standing.{one.standing}"), None, float(len(one.findings)), words.say("follow.do_nothing"),
        )  # fmt: skip


def finding_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """List findings, blocking ones first, then by supplier; each with its cell, what it is, what to do."""
    names = {offer.key: words.offer(offer) for offer in outcome.consolidation.offers}
    ordered = sorted(
        outcome.consolidation.said,
        key=lambda one: (SEVERITIES.index(one.finding.kind.severity), str(one.key or ""), one.id),
    )
    changed = (_changed(offer, one, words) for offer in outcome.consolidation.offers for one in offer.changes)
    return {
        "findings.list": tuple(_said(one, names, words) for one in ordered),
        "findings.changes": tuple(islice(changed, MOST_CHANGES)),
    }


def _changed(offer: Offer, change: Change, words: OutcomeWords) -> Row:
    """Show one locked cell that came back otherwise: as it was issued, as it is, and whether that can matter."""
    return (
        words.offer(offer), change.key or None, f"{change.sheet} · {change.cell}",
        change.was or words.say("changes.formula"), change.now or words.say("changes.nothing"),
        words.say(f"changes.{change.kind}"),
        words.say("changes.matters" if change.kind.matters else "changes.harmless"),
    )  # fmt: skip


def _said(one: Said, names: Mapping[OfferKey, str], words: OutcomeWords) -> Row:
    severity = one.finding.kind.severity
    decided: Content = words.say("decision.waited") if one.waits else None
    if one.decision is not None:
        key = "decision.accepted" if one.decision.accepted else "decision.refused"
        decided = words.say(key, reason=one.decision.reason)
    return (
        names.get(one.key, one.finding.place.file) if one.key else one.finding.place.file,
        Dressed(words.say(f"severity.{severity}"), SEVERITY_LOOK[severity]),
        " · ".join(part for part in (one.finding.place.sheet, one.finding.place.cell, one.finding.place.key) if part),
        message(one.finding, words.language),
        remedy(one.finding, words.language),
        one.id,
        decided,
    )


def answer_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give one row per answer of each offer that counts, as understood; confidential ones too: this is the buyer's."""
    subjects = {lot.subject.lot.number: lot for lot in outcome.scores}
    rows = [
        row
        for offer in outcome.consolidation.offers
        if offer.key.lot in subjects
        for row in _answers(offer, subjects[offer.key.lot], words)
    ]
    return {"answers.tidy": tuple(rows)}


def _answers(offer: Offer, lot: LotScores, words: OutcomeWords) -> Iterator[Row]:
    template, texts = lot.subject.template, lot.subject.texts[words.language]
    fields = _fields(template)
    for key, answer in offer.answers.items():
        row, _, column = key.rpartition(".")
        field = fields.get(column)
        if field is None:
            continue
        label = texts[f"fields.{column}.label"]
        yield (
            words.offer(offer), float(offer.key.lot), float(offer.key.variant), key,
            f"{texts[f'rows.{row}']} · {label}" if row else label,
            _dressed(_shown(answer, field, texts)), words.terms.get(f"unit.{field.unit}", field.unit),
            words.terms[f"origin.{answer.origin}"] if answer.origin else None,
            words.say("answer.given" if answer.value is not None else "answer.empty"), answer.evidence or None,
        )  # fmt: skip


def _dressed(value: Plain) -> Content:
    """Words of a list wrap from the left, in the column of numbers."""
    return Dressed(value, TEXT) if isinstance(value, str) else value


def _fields(template: Template) -> Mapping[str, Field]:
    columns = [column for table in template.tables for column in table.columns]
    return {field.code: field for field in (*template.fields, *columns)}


def _shown(answer: Answer, field: Field, texts: Texts) -> Plain:
    if isinstance(answer.value, str) and field.list:
        return texts.get(f"lists.{field.list}.{answer.value}", answer.value)
    return answer.value


def moment(text: str) -> str:
    """An ISO time to the minute, with a space: what people and programs read alike."""
    return text[:16].replace("T", " ")
