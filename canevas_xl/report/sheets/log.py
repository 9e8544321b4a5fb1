"""Owns the rows of *Journal*: the events of the register, told with names and without fingerprints of files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from canevas_xl.canvas.seal import read_token
from canevas_xl.model.offer import OfferKey
from canevas_xl.report.outcome import Blocks, Content, Outcome
from canevas_xl.report.sheets.returns import moment
from canevas_xl.report.words import OutcomeWords

SHORT: Final = 12
"""Letters of a fingerprint that tell it from others."""


def log_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """List the events of the register, the first first."""
    names = {supplier.code: supplier.name for supplier in outcome.campaign.suppliers}
    keys = _keys(outcome)
    return {"log.events": tuple(_event(event, keys, names, words) for event in outcome.events)}


def _keys(outcome: Outcome) -> Mapping[str, OfferKey]:
    """Say whose a file or a finding is, by its hash or its number."""
    found = outcome.consolidation
    read = {offer.receipt.sha256: offer.key for offer in found.offers}
    aside = {one.receipt.sha256: one.key for one in found.set_aside if one.key is not None}
    said = {one.id: one.key for one in found.said if one.key is not None}
    return {**aside, **read, **said}


def _event(
    event: Mapping[str, Any], keys: Mapping[str, OfferKey], names: Mapping[str, str], words: OutcomeWords
) -> tuple[Content, ...]:
    kind, token = str(event["kind"]), read_token(str(event.get("token", "")))
    key = keys.get(str(event.get("finding") or event.get("sha256", "")))
    lot, round_ = event.get("lot"), event.get("round")
    name = str(event.get("supplier", "")) or None
    if token is not None:
        lot, round_, name = token.lot, token.round, name or names.get(token.supplier, token.supplier)
    elif key is not None:
        lot, round_, name = key.lot, key.round, names.get(key.supplier, key.supplier)
    return (
        moment(str(event["at"])), words.catalogue.get(f"event.{kind}", kind), name,
        float(lot) if lot is not None else None, float(round_) if round_ is not None else None,
        _told(kind, event, words),
    )  # fmt: skip


def _told(kind: str, event: Mapping[str, Any], words: OutcomeWords) -> str:
    if kind == "decided":
        return words.say(f"log.{event['decision']}", finding=event["finding"], reason=event.get("reason", "")).strip()
    if kind == "frozen":
        return words.say("log.fingerprint", fingerprint=str(event.get("fingerprint", ""))[:SHORT])
    if kind == "asked":
        count = len(event.get("points", ()))
        return words.say("log.asked", count=count, until=moment(str(event.get("until", ""))))
    if kind == "issued":
        return words.say("log.copy", copy=event.get("copy", 1))
    if event.get("reason"):
        return str(event["reason"])
    name = event.get("name") or event.get("file") or ""
    said = words.say("log.twin" if event.get("twin") else "log.file", name=name) if name else ""
    # When it came is what a deadline is compared with; the event's own date is when it was taken in.
    return " ".join(filter(None, (_came(event, words), said)))


def _came(event: Mapping[str, Any], words: OutcomeWords) -> str:
    return words.say("log.came", moment=moment(str(event["received"]))) if event.get("received") else ""
