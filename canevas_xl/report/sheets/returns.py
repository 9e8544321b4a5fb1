"""Owns the rows of *Constats* and *Réponses*: what is said of the returns, and what they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.findings.catalogue import Audience, Severity
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.consolidation import Said
from canevas_xl.model.answer import Answer
from canevas_xl.model.offer import Change, Offer, OfferKey
from canevas_xl.model.score import LotScores
from canevas_xl.model.template import Field, Template, Texts
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome, Plain
from canevas_xl.report.results import TEXT
from canevas_xl.report.words import OutcomeWords

Row = tuple[Content, ...]
MOST_CHANGES: Final = 600
"""Changed cells that are listed, over all offers."""
SEVERITIES = tuple(Severity)
"""In the order of the list: what blocks first."""
SEVERITY_LOOK: Final = {
    Severity.BLOCKS: replace(TEXT, bold=True, colour=look.LOOK_INK, fill=look.LOOK, number_format='"✗ "@'),
    Severity.DOUBT: replace(TEXT, fill=look.FILL, number_format='"! "@'),
    Severity.INFORMATION: replace(TEXT, number_format='"· "@'),
}
"""Never colour alone: a sign and a word stand in the cell."""


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
        _remedy(one, words),
        one.id,
        decided,
    )


def _remedy(one: Said, words: OutcomeWords) -> str:
    """Say what to do; what the canvas tells its supplier is said to be the supplier's to do."""
    said = remedy(one.finding, words.language)
    return words.say("findings.for_supplier", remedy=said) if one.finding.kind.audience is Audience.SUPPLIER else said


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
