"""Owns the rows of *Marges* and *Échanges*: who decides, what holds suppliers back, what they offer; what was said.

Nothing of it is scored. It is the buyer's: names stand in it, and what is published of it carries none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from canevas_xl import resources
from canevas_xl.impact.figures import by_line, total, who_decides
from canevas_xl.impact.verdict import SUPPLIER_DECIDES
from canevas_xl.model.campaign import RequirementChoice
from canevas_xl.model.dialogue import Lever, Message
from canevas_xl.model.offer import Offer
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.model.template import Requirement, Template
from canevas_xl.model.vocabulary import HOLDS, ControlledBy
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.sheets.requests import AskedPoint, asked_points
from canevas_xl.report.sheets.returns import moment
from canevas_xl.report.words import OutcomeWords, amount, sentences

OTHER: Final = "OTHER"
"""Chosen for a requirement or an item that is not in the list."""
MINIMUM: Final = "minimum"
"""The kind of requirement that an offer must meet."""
NAMED: Final = 2
"""Requirements that are named in a sentence."""
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


def room(outcome: Outcome, words: OutcomeWords) -> Iterator[str]:
    """Say where room for manoeuvre lies: who decides, and which adjustable requirements govern most of the impact."""
    for lot in outcome.scores:
        shares = _shares(lot)
        if not shares:
            continue
        means = {who: fmean(share[who] for share in shares) for who in ControlledBy}
        parts = [words.say(f"margins.of_{who}", share=words.percent(mean)) for who, mean in means.items() if mean > 0]
        yield words.say("margins.decides", lot=lot.subject.lot.number, parts=", ".join(parts))
        if means[ControlledBy.SUPPLIER] < SUPPLIER_DECIDES:
            yield words.say("margins.little", limit=words.percent(SUPPLIER_DECIDES))
        adjustable = [one for one in lot.subject.template.requirements if _published(outcome, one)[1]]
        governed = [(share, one) for one in adjustable if (share := _governed(lot, one))]
        most = sorted(governed, key=lambda pair: -pair[0])[:NAMED]
        if most:
            named = (
                words.say("margins.governed", requirement=_label(lot, one, words), share=words.percent(share))
                for share, one in most
            )
            yield words.say("margins.act", lot=lot.subject.lot.number, requirements=", ".join(named))
        yield from _best_gain(lot, adjustable, words)


def _best_gain(lot: LotScores, adjustable: Iterable[Requirement], words: OutcomeWords) -> Iterator[str]:
    """Name the requirement by which most would be won if every offer did like the best one."""
    gains = [(gain, one) for one in adjustable if (gain := _gain(lot, one))]
    if gains:
        gain, best = max(gains, key=lambda pair: pair[0])
        mean = fmean(total(one.impacts).known for one in _whole(lot))
        facts = {"requirement": _label(lot, best, words), "share": words.percent(gain), "amount": gain * mean}
        yield words.say("margins.gain", **facts, unit=words.climate_unit(lot.subject))


def _shares(lot: LotScores) -> list[Mapping[ControlledBy, float]]:
    return [who_decides(one.impacts) for one in lot.offers if total(one.impacts).known]


def _label(lot: LotScores, requirement: Requirement, words: OutcomeWords) -> str:
    return lot.subject.texts[words.language].get(f"requirements.{requirement.code}.label", requirement.code)


def _in_short(outcome: Outcome, said: list[_Said], words: OutcomeWords) -> Iterator[str]:
    yield from room(outcome, words)
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
    for who in ControlledBy:
        known = [share[who] for share in _shares(lot)]
        if known and max(known) > 0:
            yield (
                words.terms[f"controlled_by_buyer.{who}"], float(lot.subject.lot.number),
                sum(known) / len(known), min(known), max(known),
            )  # fmt: skip


def _requirements(outcome: Outcome, lot: LotScores, said: Iterable[_Said], words: OutcomeWords) -> Iterator[Row]:
    """List the requirements that levers concern, and the others with what they govern."""
    mine = [one for one in said if one.lot is lot]
    for requirement in lot.subject.template.requirements:
        about = [one for one in mine if one.lever.requirement == requirement.code]
        kind, adjustable = _published(outcome, requirement)
        holds = list(dict.fromkeys(_hold(one.lever, words) for one in about if one.lever.hold))
        prices = list(dict.fromkeys(one.lever.price for one in about if one.lever.price))
        yield (
            _label(lot, requirement, words), float(lot.subject.lot.number),
            words.say(f"margins.kind_{kind}"), words.say("margins.yes" if adjustable else "margins.no"),
            _governed(lot, requirement), _gain(lot, requirement),
            float(len({one.offer.key.supplier for one in about})) if mine else None,
            " · ".join(holds) or None, " · ".join(prices) or None,
        )  # fmt: skip


def _governed(lot: LotScores, requirement: Requirement) -> float | None:
    """Mean share of the climate impact of the offers that stands on lines which a requirement governs."""
    shares = [
        governed / whole
        for one in lot.offers
        if (whole := total(one.impacts).known) and (governed := _on_lines(one, requirement)) is not None
    ]
    return fmean(shares) if shares else None


def _gain(lot: LotScores, requirement: Requirement) -> float | None:
    """Share of the mean impact that would go if every offer weighed, on the lines governed, what the lightest does.

    It is what offers that came can do already; None where there are fewer than two to tell.
    """
    governed = [part for one in _whole(lot) if (part := _on_lines(one, requirement)) is not None]
    mean = fmean(total(one.impacts).known for one in _whole(lot)) if len(governed) > 1 else 0.0
    return (fmean(governed) - min(governed)) / mean if mean > 0 else None


def _whole(lot: LotScores) -> list[ScoredOffer]:
    """Offers whose impact is known and that wait for nothing: what they do can be asked of others."""
    return [one for one in lot.offers if one.ranked is not None and total(one.impacts).complete]


def _on_lines(one: ScoredOffer, requirement: Requirement) -> float | None:
    """Impact of one offer on climate change on the lines that a requirement governs; None where it governs none.

    An offer that has none of these lines weighs nothing on them.
    """
    lines = by_line(one.impacts)
    parts = [part.known for (flow, _), part in lines.items() if flow in requirement.governs]
    return sum(parts, 0.0) if requirement.governs else None


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
    """Give a lever with what its requirement governs in the offer that counts: the most that it can change there."""
    lever, unfigured = one.lever, words.say("margins.unfigured")
    governed, share = _at_stake(one)
    return (
        words.offer(one.offer), float(one.offer.key.lot), _requirement(lever, one.lot, words) or None,
        _hold(lever, words) or None, lever.change or None, lever.effect or unfigured,
        unfigured if governed is None else amount(governed), share, lever.price or unfigured, lever.delay or None,
    )  # fmt: skip


def _at_stake(one: _Said) -> tuple[float | None, float | None]:
    """What the requirement of a lever governs in the offer of who said it: impact per functional unit, and share."""
    about = next((r for r in one.lot.subject.template.requirements if r.code == one.lever.requirement), None)
    key = one.offer.key
    offers = (o for o in one.lot.offers if (o.offer.key.supplier, o.offer.key.variant) == (key.supplier, key.variant))
    mine = next(offers, None)
    governed = _on_lines(mine, about) if mine and about else None
    whole = total(mine.impacts).known if mine else 0.0
    return governed, governed / whole if governed is not None and whole > 0 else None


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
