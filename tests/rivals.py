"""Offers on the shipped templates, scored as a campaign would: the frozen record, answers, prices and notes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType

from examples import DEVICES, FURNITURE, MEALS
from shipped import AS_OF, campaign_of, grounds, lot_of

from canevas_xl.canvas.freeze import FrozenRecord, freeze
from canevas_xl.findings.finding import Checked
from canevas_xl.model.answer import Answer, Answers, answers_of
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.offer import Identity, Offer, OfferKey, Receipt
from canevas_xl.model.score import Bid, LotScores, ScoredOffer
from canevas_xl.model.vocabulary import Origin
from canevas_xl.report.scores import score_lot

BOUNDS = {"restauration-scolaire": (0.9, 2.0), "mobilier-bureau": (4.0, 25.0), "informatique-postes": (8.0, 40.0)}
RECEIVED = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


def criteria(low: float, high: float, price: str = "F1", impact: str = "F5") -> tuple[Criterion, ...]:
    """Price 60, impact 20, technical value 20; the impact breaks ties."""
    return (
        Criterion("C1", "Prix", CriterionKind.PRICE, 60.0, price, tie_break=2),
        Criterion("C2", "Impact", CriterionKind.IMPACT, 20.0, impact, "cch", low, high, tie_break=1),
        Criterion("C3", "Valeur technique", CriterionKind.OTHER, 20.0, "F7"),
    )


@cache
def record(template: str, price: str = "F1", impact: str = "F5") -> FrozenRecord:
    """What would be issued for the generic lot of a shipped template."""
    lot = replace(lot_of(template), criteria=criteria(*BOUNDS[template], price, impact))
    if template == "informatique-postes":
        lot = replace(lot, rows=MappingProxyType({"DEV1.Q1": "LAPTOP", "DEV1.QTY": 10.0}))
    return freeze(grounds(template).subject(campaign_of(template), lot), AS_OF)


def offer(supplier: str, answers: Answers, variant: int = 0) -> Offer:
    """One offer as consolidation gives it."""
    receipt = Receipt("0" * 64, f"{supplier}.xlsx", 1, RECEIVED, "file")
    key = OfferKey(1, supplier, 1, variant)
    return Offer(key, f"Entreprise {supplier}", Identity(supplier, variant=variant), answers, receipt)


def examples(template: str) -> dict[str, Answers]:
    """The worked examples of a template, by supplier."""
    if template == "restauration-scolaire":
        values: dict[str, Mapping[str, float | str]] = dict(MEALS)
    elif template == "mobilier-bureau":
        values = {name: answers for name, (answers, _, _) in FURNITURE.items()}
    else:
        laptops = {name: row for name, row in DEVICES.items() if row[0] == "LAPTOP"}
        values = {
            f"{place}": {"DEV1.Q2": state, "DEV1.Q3": energy, "DEV1.Q4": years}
            for place, (_, state, energy, years, _) in enumerate(laptops.values())
        }
    return {f"S{name:0>3}": answers_of(answers, Origin.DOCUMENT) for name, answers in values.items()}


def bid(key: OfferKey, price: float, note: float = 70.0) -> Bid:
    """A price and a technical note."""
    return Bid(key, price, {"C3": note})


def bids_of(offers: Iterable[Offer]) -> tuple[Bid, ...]:
    """Prices and notes that follow from the supplier, whatever the order."""
    return tuple(bid(one.key, 900.0 + 13 * (sum(map(ord, one.key.supplier)) % 20), 60.0) for one in offers)


def scored(
    template: str, offers: Sequence[Offer], bids: Sequence[Bid] | None = None, stopped: Collection[OfferKey] = ()
) -> Checked[LotScores]:
    """Score offers under the usual criteria."""
    issued = record(template)
    return score_lot(issued.subject, issued.fingerprint, offers, stopped, bids_of(offers) if bids is None else bids)


def by_supplier(scores: LotScores) -> dict[str, ScoredOffer]:
    """Base offers by supplier."""
    return {one.offer.key.supplier: one for one in scores.offers if one.offer.key.variant == 0}


def without(answers: Answers, key: str) -> Answers:
    """The same answers, one left out."""
    return {name: Answer(name, None) if name == key else answer for name, answer in answers.items()}
