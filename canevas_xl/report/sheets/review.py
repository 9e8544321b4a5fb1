"""Owns the rows of *Bilan*: the three questions that the canvas puts to the test, answered with figures in words.

1. Is a transparent discussion worth it? 2. Do environmental data help to choose? 3. Where must room for manoeuvre be
arranged in the specification?
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final

from canevas_xl import resources
from canevas_xl.impact.assess import assess
from canevas_xl.impact.figures import share_on_defaults, share_on_proxies, total
from canevas_xl.intake.parse import folded
from canevas_xl.model.dialogue import Feedback
from canevas_xl.model.offer import Offer, Standing
from canevas_xl.model.score import LotScores
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome
from canevas_xl.report.results import WHOLE
from canevas_xl.report.sheets.dialogue import levers_of, messages_of, room
from canevas_xl.report.sheets.requests import asked_points, points_of
from canevas_xl.report.words import OutcomeWords, sentences

NO: Final = frozenset({"non", "non.", "no", "no.", "aucune", "aucun", "none", "rien", "-", "néant"})
"""What people write where no data changed their offer."""
Row = tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """How far one offer went from its first return to the one that counts."""

    first: Offer
    last: Offer
    changed: int
    """Answers given in both that differ."""
    replaced: int
    """Answers that had no value at first, and have one now."""
    before: float
    """Impact with the published defaults in the place of silence, per functional unit; kg CO2 eq."""
    after: float


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted over a campaign."""

    asked: int
    """Offers that were asked for, or came."""
    answered: int
    returns: int
    """Canvases that came with answers, in all."""
    moved: tuple[Moved, ...]
    points: int
    """Points on which suppliers were asked to clarify."""
    cleared: int
    """Those of them that are settled: mended, or decided on."""
    messages: int
    levers: int
    feedback: tuple[tuple[Offer, Feedback], ...]

    @property
    def minutes(self) -> tuple[float, ...]:
        """Minutes that suppliers say they spent."""
        return tuple(one.minutes for _, one in self.feedback if one.minutes is not None)


def figures_of(outcome: Outcome) -> Figures:
    """Count what a campaign's discussion was, from what came back and the register."""
    found, told = outcome.consolidation, asked_points(outcome)
    answered = {(one.key.lot, one.key.supplier) for one in found.offers}
    open_points = {p.id for lot in outcome.scores for one in _of(outcome, lot) for p in points_of(outcome, lot, one)}
    earlier = [one.offer for one in found.set_aside if one.offer is not None and one.standing is not Standing.BLANK]
    return Figures(
        asked=len(answered | set(found.silent)),
        answered=len(answered),
        returns=len(found.offers) + len(earlier),
        moved=tuple(_moved(outcome, earlier)),
        points=len(told),
        cleared=len(set(told) - open_points),
        messages=len(messages_of(outcome)),
        levers=len(levers_of(outcome)),
        feedback=tuple((one, one.dialogue.feedback) for one in found.offers if one.dialogue.feedback is not None),
    )


def _of(outcome: Outcome, lot: LotScores) -> Iterator[Offer]:
    return (offer for offer in outcome.consolidation.offers if offer.key.lot == lot.subject.lot.number)


def _moved(outcome: Outcome, earlier: Iterable[Offer]) -> Iterator[Moved]:
    firsts: dict[tuple[int, str, int], Offer] = {}
    for offer in sorted(earlier, key=lambda one: (one.receipt.received, one.receipt.sha256)):
        firsts.setdefault((offer.key.lot, offer.key.supplier, offer.key.variant), offer)
    for lot in outcome.scores:
        for one in lot.offers:
            key = one.offer.key
            first = firsts.get((key.lot, key.supplier, key.variant))
            if first is not None:
                was = {k: answer.value for k, answer in first.answers.items()}
                now = {k: answer.value for k, answer in one.offer.answers.items() if k in was}
                changed = sum(was[k] is not None and v is not None and was[k] != v for k, v in now.items())
                replaced = sum(was[k] is None and v is not None for k, v in now.items())
                yield Moved(first, one.offer, changed, replaced, _weight(lot, first), total(one.impacts).known)


def _weight(lot: LotScores, offer: Offer) -> float:
    subject = lot.subject
    data = (subject.factors, subject.method)
    return total(assess(subject.template, subject.lot, offer.answers, data, "default")).known


# --- Rows -------------------------------------------------------------------------------------------------------


def review_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Answer the three questions in words, then give their figures, and what each supplier says."""
    figures = figures_of(outcome)
    questions = (_worth_it(figures, words), _data_help(outcome, figures, words), _room(outcome, figures, words))
    parts = (*questions, _reuse(outcome.consolidation.offers, words))
    said = [row for part in parts for row in sentences(part, strong=True)]
    return {
        "review.summary": tuple(said),
        "review.figures": tuple(_figures(figures, words)),
        "review.feedback": tuple(_feedback(outcome, figures, words)),
    }


def _worth_it(figures: Figures, words: OutcomeWords) -> Iterator[str]:
    yield words.say("review.worth_it")
    changed = any(one.changed or one.replaced for one in figures.moved)
    yield words.say("review.worth_moved" if changed else "review.worth_early")
    yield words.say("review.came", answered=figures.answered, asked=figures.asked, returns=figures.returns)
    if figures.moved:
        counts = {"changed": sum(m.changed for m in figures.moved), "replaced": sum(m.replaced for m in figures.moved)}
        yield words.say("review.moved", offers=len(figures.moved), **counts)
        parts = sorted((m.after - m.before) / m.before for m in figures.moved if m.before > 0)
        if parts:
            yield words.say("review.impact_moved", least=_signed(parts[0], words), most=_signed(parts[-1], words))
    yield words.say("review.asked", points=figures.points, cleared=figures.cleared, messages=figures.messages)
    if figures.minutes:
        minutes = figures.minutes
        yield words.say("review.time", median=float(median(minutes)), count=len(minutes), total=float(sum(minutes)))
    else:
        yield words.say("review.no_time")
    if figures.feedback:
        yield words.say("review.opinion", **_opinion(figures))


def _reuse(offers: Sequence[Offer], words: OutcomeWords) -> Iterator[str]:
    """Say whose answers may serve beyond this contract: nobody's without their consent."""
    if offers:
        yield words.say("review.reuse")
        names = dict.fromkeys(offer.name for offer in offers if offer.identity.consent)
        yield words.say("review.consent" if names else "review.no_consent", names=", ".join(names))


def _opinion(figures: Figures) -> dict[str, int]:
    again = [one.again for _, one in figures.feedback if one.again is not None]
    changed = [one.changed for _, one in figures.feedback if one.changed]
    return {
        "again": sum(again), "of": len(again),
        "changed": sum(_says_yes(text) for text in changed), "told": len(changed),
    }  # fmt: skip


def _says_yes(text: str) -> bool:
    return folded(text) not in NO


def _signed(part: float, words: OutcomeWords) -> str:
    sign = "−" if part < 0 else "+"
    return f"{sign}{words.percent(abs(part))}"


def _data_help(outcome: Outcome, figures: Figures, words: OutcomeWords) -> Iterator[str]:
    said = resources.texts("verdict", words.language)
    yield words.say("review.data_help")
    for lot in outcome.scores:
        number = lot.subject.lot.number
        if lot.verdict is None:
            yield words.say("data.none", lot=number)
            continue
        yield words.say(
            "review.verdict",
            lot=number,
            fitness=said[f"fitness.{lot.verdict.fitness}"],
            sure=sum(gap.discernible for gap in lot.gaps),
            pairs=len(lot.gaps),
        )
        counted = [one.impacts for one in lot.offers if total(one.impacts).known]
        yield words.say(
            "review.rests",
            lot=number,
            defaults=words.percent(fmean(map(share_on_defaults, counted))),
            proxies=words.percent(fmean(map(share_on_proxies, counted))),
        )
    yield from _named(outcome, figures, words)


def _named(outcome: Outcome, figures: Figures, words: OutcomeWords) -> Iterator[str]:
    """Name the items that were useless or could not be had, the most named first."""
    for name in ("useless", "impossible"):
        items = Counter(
            _item(outcome, offer, str(getattr(one, name))) for offer, one in figures.feedback if getattr(one, name)
        )
        if items:
            listed = ", ".join(f"{item} ({count})" for item, count in items.most_common(3))
            yield words.say(f"review.{name}", items=listed)


def _item(outcome: Outcome, offer: Offer, code: str) -> str:
    lot = next((lot for lot in outcome.scores if lot.subject.lot.number == offer.key.lot), None)
    if lot is None:
        return code
    return lot.subject.texts[lot.subject.campaign.language].get(f"fields.{code}.label", code)


def _room(outcome: Outcome, figures: Figures, words: OutcomeWords) -> Iterator[str]:
    yield words.say("review.room")
    yield from room(outcome, words)
    yield words.say("review.levers" if figures.levers else "review.no_lever", count=figures.levers)


def _figures(figures: Figures, words: OutcomeWords) -> Iterator[Row]:
    opinion = _opinion(figures)
    known: Sequence[tuple[str, float | None, str]] = (
        ("asked", figures.asked, "offers"),
        ("answered", figures.answered, "offers"),
        ("returns", figures.returns, "canvases"),
        ("changed", sum(m.changed for m in figures.moved), "answers"),
        ("replaced", sum(m.replaced for m in figures.moved), "answers"),
        ("points", figures.points, "points"),
        ("cleared", figures.cleared, "points"),
        ("messages", figures.messages, "messages"),
        ("levers", figures.levers, "levers"),
        ("minutes", median(figures.minutes) if figures.minutes else None, "minutes"),
        ("all_minutes", sum(figures.minutes) if figures.minutes else None, "minutes"),
        ("again", opinion["again"] if opinion["of"] else None, "suppliers"),
        ("opinions", len(figures.feedback), "suppliers"),
    )
    for name, value, unit in known:
        shown = None if value is None else Dressed(float(value), WHOLE)
        label, why = words.say(f"review.label_{name}"), words.say(f"review.why_{name}")
        yield label, shown, words.say(f"review.unit_{unit}"), why
    for one in figures.moved:
        part = (one.after - one.before) / one.before * 100 if one.before > 0 else None
        yield words.say("review.label_moved", name=words.offer(one.last)), part, "%", words.say("review.why_moved")


def _feedback(outcome: Outcome, figures: Figures, words: OutcomeWords) -> Iterator[Row]:
    for offer, one in figures.feedback:
        again = None if one.again is None else words.terms["yesno.OUI" if one.again else "yesno.NON"]
        useless, impossible = (_item(outcome, offer, code) if code else None for code in (one.useless, one.impossible))
        yield words.offer(offer), float(offer.key.lot), one.minutes, one.changed or None, useless, impossible, again
