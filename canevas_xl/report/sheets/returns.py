"""Owns the rows of *Suivi*, *Constats*, *Réponses* and *Journal*: what was issued, what came, what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from canevas_xl import resources
from canevas_xl.canvas.seal import read_token
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.model.answer import Answer
from canevas_xl.model.offer import Offer, OfferKey
from canevas_xl.model.score import LotScores
from canevas_xl.model.template import Field, Template, Texts
from canevas_xl.report.outcome import Blocks, Content, Outcome, Rows
from canevas_xl.report.words import OutcomeWords

Row = tuple[Content, ...]
Issued = Mapping[tuple[str, str], str]
"""(lot, supplier) → when its canvas was issued."""
SEVERITIES = tuple(Severity)
"""In the order of the list: what blocks first."""


def follow_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say first who has answered, what is missing, and what to do next."""
    found = outcome.consolidation
    asked = len({(o.key.lot, o.key.supplier) for o in found.offers}) + len(found.silent)
    waiting = sum(1 for one in found.said if one.stops)
    doubts = sum(1 for one in found.said if one.decision is None and one.finding.kind.severity is Severity.DOUBT)
    step = "decide" if waiting else "wait" if found.silent else "compare"
    summary: Rows = (
        (words.say("follow.answered"), words.say("follow.of", count=asked - len(found.silent), total=asked)),
        (words.say("follow.to_decide"), str(waiting)),
        (words.say("follow.doubts"), str(doubts)),
        (words.say("follow.next"), words.say(f"follow.next_{step}")),
    )
    issued = {
        (str(e.get("lot")), str(e.get("supplier"))): str(e["at"]) for e in outcome.events if e["kind"] == "issued"
    }
    register = [*_arrived(found, issued, words), *_silent(outcome, issued, words), *_aside(found, words)]
    return {"follow.summary": summary, "follow.register": tuple(register)}


def _issued(outcome: Outcome) -> Issued:
    """Find when each canvas was first issued, by what its token names."""
    found: dict[tuple[str, str], str] = {}
    for event in outcome.events:
        token = read_token(str(event.get("token", ""))) if event["kind"] == "issued" else None
        if token is not None:
            found.setdefault((str(token.lot), token.supplier), _moment(str(event["at"])))
    return found


def _arrived(found: Consolidation, issued: Issued, words: OutcomeWords) -> Iterator[Row]:
    for offer in found.offers:
        key = offer.key
        mine = [one for one in found.said if one.key == key]
        stops = sum(one.stops for one in mine)
        doubts = sum(1 for one in mine if one.finding.kind.severity is Severity.DOUBT)
        state = words.say("follow.state_waiting" if stops else "follow.state_counts")
        step = words.say("follow.do_decide" if stops else "follow.do_read" if doubts else "follow.do_nothing")
        yield (
            words.offer(offer), float(key.lot), float(key.round), issued.get((str(key.lot), key.supplier)),
            _moment(offer.receipt.received.isoformat()), state, float(stops), float(doubts), step,
        )  # fmt: skip


def _silent(outcome: Outcome, issued: Issued, words: OutcomeWords) -> Iterator[Row]:
    names = {supplier.code: supplier.name for supplier in outcome.campaign.suppliers}
    for lot, code in outcome.consolidation.silent:
        yield (
            names.get(code, code), float(lot), float(outcome.campaign.round), issued.get((str(lot), code)), None,
            words.say("follow.state_silent"), None, None, words.say("follow.do_remind"),
        )  # fmt: skip


def _aside(found: Consolidation, words: OutcomeWords) -> Iterator[Row]:
    for one in found.set_aside:
        key = one.key
        yield (
            key.supplier if key else one.receipt.name, float(key.lot) if key else None,
            float(key.round) if key else None, None, _moment(one.receipt.received.isoformat()),
            words.say(f"standing.{one.standing}"), None, float(len(one.findings)), words.say("follow.do_nothing"),
        )  # fmt: skip


def finding_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """List findings, blocking ones first, then by supplier; each with its cell, what it is, what to do."""
    names = {offer.key: words.offer(offer) for offer in outcome.consolidation.offers}
    ordered = sorted(
        outcome.consolidation.said,
        key=lambda one: (SEVERITIES.index(one.finding.kind.severity), str(one.key or ""), one.id),
    )
    return {"findings.list": tuple(_said(one, names, words) for one in ordered)}


def _said(one: Said, names: Mapping[OfferKey, str], words: OutcomeWords) -> Row:
    decided: Content = None
    if one.decision is not None:
        key = "decision.accepted" if one.decision.accepted else "decision.refused"
        decided = words.say(key, reason=one.decision.reason)
    return (
        names.get(one.key, one.finding.place.file) if one.key else one.finding.place.file,
        words.say(f"severity.{one.finding.kind.severity}"),
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
            _shown(answer, field, texts), words.terms.get(f"unit.{field.unit}", field.unit),
            words.terms[f"origin.{answer.origin}"] if answer.origin else None,
            words.say("answer.given" if answer.value is not None else "answer.empty"), answer.evidence or None,
        )  # fmt: skip


def _fields(template: Template) -> Mapping[str, Field]:
    columns = [column for table in template.tables for column in table.columns]
    return {field.code: field for field in (*template.fields, *columns)}


def _shown(answer: Answer, field: Field, texts: Texts) -> Content:
    if isinstance(answer.value, str) and field.list:
        return texts.get(f"lists.{field.list}.{answer.value}", answer.value)
    return answer.value


def log_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """List the events of the register, the first first."""
    return {"log.events": tuple(_event(event, words) for event in outcome.events)}


def _event(event: Mapping[str, Any], words: OutcomeWords) -> Row:
    known = resources.texts("results", words.language)
    kind = str(event["kind"])
    said = next((str(event[name]) for name in ("reason", "name", "file", "fingerprint") if event.get(name)), "")
    lot, round_ = event.get("lot"), event.get("round")
    return (
        _moment(str(event["at"])), known.get(f"event.{kind}", kind), str(event.get("supplier", "")) or None,
        float(lot) if lot is not None else None, float(round_) if round_ is not None else None, said,
    )  # fmt: skip


def _moment(text: str) -> str:
    """An ISO time to the minute, with a space: what people and programs read alike."""
    return text[:16].replace("T", " ")
