"""Owns the rows of *Marges* and *Échanges*: who decides, what holds suppliers back, what they offer; what was said.

Nothing of it is scored. It is the buyer's: names stand in it, and what is published of it carries none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from canevas_xl import resources
from canevas_xl.impact.figures import by_line, total, who_decides
from canevas_xl.model.campaign import RequirementChoice
from canevas_xl.model.dialogue import Lever, Message
from canevas_xl.model.offer import Offer
from canevas_xl.model.score import LotScores
from canevas_xl.model.template import Requirement, Template
from canevas_xl.model.vocabulary import HOLDS, ControlledBy
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.sheets.requests import AskedPoint, asked_points
from canevas_xl.report.sheets.returns import moment
from canevas_xl.report.words import OutcomeWords, sentences

OTHER: Final = "OTHER"
"""Chosen for a requirement or an item that is not in the list."""
MINIMUM: Final = "minimum"
"""The kind of requirement that an offer must meet."""
Row = tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """One lever with who said it first."""

    offer: Offer
    lever: Lever
    lot: LotScores


# --- Marges -----------------------------------------------------------------------------------------------------


def margin_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say who decides the impact, what each requirement governs and whom it holds back, and what suppliers offer."""
    said = list(_levers(outcome))
    return {
        "margins.summary": sentences(_in_short(outcome, said, words), strong=True),
        "margins.control": tuple(row for lot in outcome.scores for row in _control(lot, words)),
        "margins.requirements": tuple(
            row for lot in outcome.scores for row in _requirements(outcome, lot, said, words)
        ),
        "margins.levers": tuple(_lever(one, words) for one in said),
    }


def every_return(outcome: Outcome) -> tuple[Offer, ...]:
    """Give what every return of a supplier said, in order of receipt: those that count, and those beside them."""
    beside = [one.offer for one in outcome.consolidation.set_aside if one.offer is not None]
    every = (*beside, *outcome.consolidation.offers)
    return tuple(sorted(every, key=lambda one: (one.receipt.received, one.receipt.sha256)))


def levers_of(outcome: Outcome) -> tuple[Lever, ...]:
    """Give every lever that suppliers offer, each once however many returns say it."""
    return tuple(one.lever for one in _levers(outcome))


def messages_of(outcome: Outcome) -> frozenset[tuple[str, str, str]]:
    """Give every message once: supplier, item, text."""
    said = ((offer.key.supplier, offer.dialogue.messages) for offer in every_return(outcome))
    return frozenset((supplier, one.item, one.text) for supplier, messages in said for one in messages)


def _levers(outcome: Outcome) -> Iterator[_Said]:
    lots = {lot.subject.lot.number: lot for lot in outcome.scores}
    seen: set[tuple[int, str, Lever]] = set()
    for offer in every_return(outcome):
        for lever in offer.dialogue.levers:
            said = (offer.key.lot, offer.key.supplier, replace(lever, key="", cell=""))
            if offer.key.lot in lots and said not in seen:
                seen.add(said)
                yield _Said(offer, lever, lots[offer.key.lot])


def _in_short(outcome: Outcome, said: list[_Said], words: OutcomeWords) -> Iterator[str]:
    if not said:
        yield words.say("margins.nobody")
        return
    suppliers = {one.offer.key.supplier for one in said}
    yield words.say("margins.offered", levers=len(said), suppliers=len(suppliers))
    named: dict[str, set[str]] = {}
    for one in said:
        if one.lever.requirement:
            named.setdefault(_requirement(one.lever, one.lot, words), set()).add(one.offer.key.supplier)
    for label, who in sorted(named.items(), key=lambda item: (-len(item[1]), item[0]))[:3]:
        yield words.say("margins.most_named", requirement=label, count=len(who))
    fixed = [one for one in said if not _adjustable(outcome, one.lot.subject.template, one.lever.requirement)]
    if fixed:
        yield words.say("margins.forbidden", count=len(fixed), total=len(said))


def _control(lot: LotScores, words: OutcomeWords) -> Iterator[Row]:
    """Give the mean share, over the offers, of what each party decides in the climate impact."""
    shares = [who_decides(one.impacts) for one in lot.offers if total(one.impacts).known]
    for who in ControlledBy:
        known = [share[who] for share in shares]
        if known and max(known) > 0:
            yield (
                words.terms[f"controlled_by_buyer.{who}"], float(lot.subject.lot.number),
                sum(known) / len(known), min(known), max(known),
            )  # fmt: skip


def _requirements(outcome: Outcome, lot: LotScores, said: Iterable[_Said], words: OutcomeWords) -> Iterator[Row]:
    """List the requirements that levers concern, and the others with what they govern."""
    template, texts = lot.subject.template, lot.subject.texts[words.language]
    mine = [one for one in said if one.lot is lot]
    for requirement in template.requirements:
        about = [one for one in mine if one.lever.requirement == requirement.code]
        kind, adjustable = _published(outcome, requirement)
        holds = list(dict.fromkeys(_hold(one.lever, words) for one in about if one.lever.hold))
        prices = list(dict.fromkeys(one.lever.price for one in about if one.lever.price))
        yield (
            texts.get(f"requirements.{requirement.code}.label", requirement.code), float(lot.subject.lot.number),
            words.say(f"margins.kind_{kind}"), words.say("margins.yes" if adjustable else "margins.no"),
            _governed(lot, requirement), float(len({one.offer.key.supplier for one in about})) if mine else None,
            " · ".join(holds) or None, " · ".join(prices) or None,
        )  # fmt: skip


def _governed(lot: LotScores, requirement: Requirement) -> float | None:
    """Mean share of the climate impact of the offers that stands on lines which a requirement governs."""
    shares = []
    for one in lot.offers:
        whole = total(one.impacts).known
        if whole and requirement.governs:
            lines = by_line(one.impacts)
            shares.append(sum(part.known for (flow, _), part in lines.items() if flow in requirement.governs) / whole)
    return sum(shares) / len(shares) if shares else None


def _published(outcome: Outcome, requirement: Requirement) -> tuple[str, bool]:
    """Kind, and whether it may be loosened: as the buyer states it, else as the template does."""
    stated: Mapping[str, RequirementChoice] = {one.code: one for one in outcome.campaign.requirements}
    one = stated.get(requirement.code)
    return (requirement.kind, requirement.adjustable) if one is None else (one.kind, one.adjustable)


def _adjustable(outcome: Outcome, template: Template, code: str) -> bool:
    """Say whether what a lever asks for can be had: a fixed minimum forbids it."""
    about = next((one for one in template.requirements if one.code == code), None)
    if about is None:
        return True
    kind, adjustable = _published(outcome, about)
    return adjustable or kind != MINIMUM


def _lever(one: _Said, words: OutcomeWords) -> Row:
    lever = one.lever
    return (
        words.offer(one.offer), float(one.offer.key.lot), _requirement(lever, one.lot, words) or None,
        _hold(lever, words) or None, lever.change or None, lever.effect or None, lever.price or None,
        lever.delay or None,
    )  # fmt: skip


def _requirement(lever: Lever, lot: LotScores, words: OutcomeWords) -> str:
    if lever.requirement == OTHER:
        return words.say("margins.other")
    return lot.subject.texts[words.language].get(f"requirements.{lever.requirement}.label", lever.requirement)


def _hold(lever: Lever, words: OutcomeWords) -> str:
    holds = resources.texts("workbook", words.language)
    return holds[f"hold.{lever.hold.lower()}"] if lever.hold in HOLDS else lever.hold


# --- Échanges ---------------------------------------------------------------------------------------------------


def thread_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give what was said, supplier by supplier and item by item: its messages, and what it was asked.

    Messages of earlier returns stay; one that stands in several is told once, with the first.
    """
    lots = {lot.subject.lot.number: lot for lot in outcome.scores}
    rows: dict[tuple[str, float, str, str], Row] = {}
    for offer in every_return(outcome):
        lot, name, number = lots.get(offer.key.lot), words.offer(offer), float(offer.key.lot)
        texts = lot.subject.texts[words.language] if lot is not None else {}
        when = moment(offer.receipt.received.isoformat())
        for one in offer.dialogue.messages:
            about, who = _item(one, texts, words), words.say("threads.supplier")
            row = (name, number, about, float(offer.key.round), when, who, one.text)
            rows.setdefault((name, number, about, one.text), row)
    every = [*rows.values(), *(_asked(one, words) for one in asked_points(outcome).values())]
    return {"threads.list": tuple(sorted(every, key=lambda row: tuple(map(str, row))))}


def _asked(one: AskedPoint, words: OutcomeWords) -> Row:
    return (
        one.name(words), float(one.lot), one.where or words.say("threads.whole"), float(one.round), moment(one.at),
        words.say("threads.buyer"), f"{one.read} {one.asked}",
    )  # fmt: skip


def _item(message: Message, texts: Mapping[str, str], words: OutcomeWords) -> str:
    if message.item in {"", OTHER}:
        return words.say("threads.general")
    label = texts.get(f"fields.{message.item}.label")
    return f"{message.item} · {label}" if label else message.item
