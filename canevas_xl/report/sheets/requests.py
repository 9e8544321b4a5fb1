"""Owns the rows of *Demandes*: what suppliers are, or were, asked to clarify, each in its own language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from canevas_xl.intake.requests import Point, points
from canevas_xl.model.offer import Offer
from canevas_xl.model.score import LotScores
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.sheets.returns import moment
from canevas_xl.report.words import OutcomeWords

ASKED: Final = "asked"


@dataclass(frozen=True, slots=True)
class AskedPoint:
    """One thing that a supplier was asked, as the register tells it."""

    finding: str
    supplier: str
    """Its name, as it was asked."""
    lot: int
    variant: int
    round: int
    where: str
    read: str
    asked: str
    at: str
    until: str
    """ISO moments."""

    def name(self, words: OutcomeWords) -> str:
        """What to call the offer."""
        if not self.variant:
            return self.supplier
        return words.say("offer.variant", name=self.supplier, variant=self.variant)


def request_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Give one row per point: where it stands, what was read, what is asked, whether it was; then what is settled."""
    told, lots = asked_points(outcome), {lot.subject.lot.number: lot for lot in outcome.scores}
    waiting = [
        (offer, point)
        for offer in outcome.consolidation.offers
        if offer.key.lot in lots
        for point in points_of(outcome, lots[offer.key.lot], offer)
    ]
    rows = [_waiting(offer, point, told.get(point.id), words) for offer, point in waiting]
    left = {point.id for _, point in waiting}
    settled = [_settled(one, words) for one in told.values() if one.finding not in left]
    return {"requests.list": (*rows, *settled)}


def points_of(outcome: Outcome, lot: LotScores, offer: Offer) -> tuple[Point, ...]:
    """What a supplier is asked on its offer, in its language."""
    languages = {one.code: one.language for one in outcome.campaign.suppliers}
    frozen = lot.subject.campaign
    language = languages.get(offer.key.supplier, frozen.language)
    return points(outcome.consolidation, offer.key, frozen.phase, language)


def asked_points(outcome: Outcome) -> Mapping[str, AskedPoint]:
    """Give what was asked, by number of the finding, as it was last asked."""
    return {one.finding: one for event in outcome.events if event["kind"] == ASKED for one in _points(event)}


def _points(event: Mapping[str, Any]) -> Iterator[AskedPoint]:
    for point in event.get("points", ()):
        yield AskedPoint(
            finding=str(point["finding"]),
            supplier=str(event.get("supplier", "")),
            lot=int(point["lot"]),
            variant=int(point["variant"]),
            round=int(event.get("round", 1)),
            where=str(point["where"]),
            read=str(point["read"]),
            asked=str(point["asked"]),
            at=str(event["at"]),
            until=str(event["until"]),
        )


def _waiting(offer: Offer, point: Point, told: AskedPoint | None, words: OutcomeWords) -> tuple[Content, ...]:
    state = words.say("requests.to_ask")
    if told is not None:
        state = words.say("requests.asked", on=moment(told.at), until=moment(told.until))
    return (
        words.offer(offer), float(offer.key.lot), float(offer.key.variant), point.where or None, point.read,
        point.asked, point.id, state,
    )  # fmt: skip


def _settled(one: AskedPoint, words: OutcomeWords) -> tuple[Content, ...]:
    return (
        one.name(words), float(one.lot), float(one.variant), one.where or None, one.read, one.asked, one.finding,
        words.say("requests.settled", on=moment(one.at)),
    )  # fmt: skip
