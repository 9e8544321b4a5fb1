"""A scored campaign of three worked examples, for tests of what is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from shipped import AS_OF, campaign_of, grounds, lot_of

from canevas_xl.canvas.freeze import freeze
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Criterion, CriterionKind
from canevas_xl.model.offer import Identity, Offer, OfferKey, Receipt
from canevas_xl.model.score import Bid
from canevas_xl.model.vocabulary import Origin
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.scores import score_lot

TEMPLATE = "restauration-scolaire"
NOW = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
PLANS = {
    "S001": ("4 0 0 2 4 1 3 1 0 1 3 1", 100_800.0, 82.0),
    "S002": ("3 1 1 3 4 1 4 0 0 1 2 0", 97_200.0, 74.0),
    "S003": ("4 0 0 0 3 0 1 3 2 0 6 1", 104_400.0, 88.0),
}
"""Dishes of examples A, B and C; price; note of quality."""
KITCHEN = {"K1": 250_000.0, "K2": 350_000.0, "K3": 0.0, "K4": 0.0, "C1": "REUSABLE", "D1": "DIESEL"}
ROUND = {"D2": 30.0, "D3": 4.0, "D4": 9.0, "D5": 100.0}
CRITERIA = (
    Criterion("PRIX", "Prix", CriterionKind.PRICE, 45, "F1"),
    Criterion("CLIMAT", "Climat", CriterionKind.IMPACT, 25, "F5", "cch", 0.9, 2.0, 1),
    Criterion("QUALITE", "Qualité", CriterionKind.OTHER, 30, "F4"),
)


def offer(code: str, name: str = "") -> Offer:
    dishes = {f"P{n:02d}": float(count) for n, count in enumerate(PLANS[code][0].split(), 1)}
    values: dict[str, float | str] = {**dishes, **KITCHEN, **ROUND}
    answers = {key: Answer(key, value, Origin.DOCUMENT, "Pièce 1") for key, value in values.items()}
    receipt = Receipt(code * 16, f"{code}.xlsx", 80_000, NOW, "file")
    return Offer(OfferKey(1, code, 1, 0), name or f"Société {code}", Identity(), answers, receipt)


@cache
def outcome() -> Outcome:
    found = grounds(TEMPLATE)
    lot = replace(lot_of(TEMPLATE), criteria=CRITERIA)
    record = freeze(found.subject(campaign_of(TEMPLATE), lot), AS_OF)
    offers = [offer("S001"), offer("S002"), offer("S003", name="=cmd|'/C calc'!A0")]
    bids = [Bid(OfferKey(1, code, 1, 0), price, {"QUALITE": note}) for code, (_, price, note) in PLANS.items()]
    scored = score_lot(record.subject, record.fingerprint, offers, (), bids)
    assert not [finding for finding in scored.findings if finding.blocks]
    consolidation = Consolidation(offers=tuple(offers), silent=((1, "S004"),))
    return Outcome(campaign_of(TEMPLATE), consolidation, (scored.value,), (), NOW)
