"""Owns what the buyer decides on findings: a buyer never corrects an offer.

A finding keeps its number while its code, its offer, its item and its facts are the same: a decision survives every
run, and falls with the facts that it was taken on.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.intake.locate import locate
from canevas_xl.intake.parse import folded
from canevas_xl.intake.reading import BUYER, Reading, labels_of
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.cells import Workbook
from canevas_xl.model.offer import Decision, OfferKey

ACCEPT: Final = "accept"
REFUSE: Final = "refuse"
ASK: Final = "ask"
CHOICES: Final = labels_of("campaign", *keys.FIXED["DECISION"])
_LENGTH: Final = 10


def finding_id(finding: Finding, key: OfferKey | None) -> str:
    """Number a finding: ten characters ``[0-9A-F]`` from its code, its offer, its item and its facts."""
    facts = [[name, value] for name, value in finding.facts]
    text = json.dumps([finding.code, str(key or ""), finding.place.key, facts], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH].upper()


def said_of(finding: Finding, key: OfferKey | None, decisions: Mapping[str, Decision]) -> Said:
    """Number a finding on an offer, with what was decided on it."""
    number = finding_id(finding, key)
    return Said(number, key, finding, decisions.get(number))


# --- The sheet of decisions -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One row of *Décisions*, as typed."""

    finding: str
    choice: str
    """``accept``, ``refuse`` or ``ask``."""
    reason: str
    place: Place
    supplier: str = ""
    """As typed; the finding's number says whose offer it is, and both must agree."""


def read_rows(workbook: Workbook) -> Checked[tuple[Row, ...]]:
    """Read the sheet *Décisions*: the last row on a finding counts.

    Returns:
        Rows that can be acted on, in order; R361 … R363, and C1.. for cells that cannot be read.
    """
    reading = Reading(locate(workbook), BUYER)
    rows: dict[str, Row] = {}
    for place in range(1, keys.DECISIONS + 1):
        row = _row(reading, keys.decision_key(place))
        if row is None:
            continue
        if row.finding in rows:
            reading.say("R363", row.place, text=row.finding)
            del rows[row.finding]
        rows[row.finding] = row
    return Checked(tuple(rows.values()), tuple(reading.findings))


def _row(reading: Reading, key: str) -> Row | None:
    number = reading.text(key, "FINDING").replace(" ", "").lstrip("#").upper()
    if not number:
        return None
    place = reading.place(key, "FINDING")
    choice, reason = reading.choice(key, "DECISION", CHOICES), reading.text(key, "REASON")
    if choice is None:
        if reading.located.content(key, "DECISION") is None:
            reading.say("R362", place, text=number)
        return None
    if choice != ASK and not reason:
        reading.say("R361", place, text=number)
        return None
    return Row(number, choice, reason, place, reading.text(key, "SUPPLIER"))


# --- The register -----------------------------------------------------------------------------------------------


def decisions_in(events: Iterable[Mapping[str, Any]]) -> dict[str, Decision]:
    """Read what was decided from the register's events, in order of time: the last one on a finding counts."""
    last = {str(event["finding"]): event for event in events if event.get("kind") == "decided"}
    return {
        finding: Decision(finding, event["decision"] == ACCEPT, str(event.get("reason", "")))
        for finding, event in last.items()
        if event.get("decision") in {ACCEPT, REFUSE}
    }


def unknown_decisions(rows: Iterable[Row], said: Iterable[Said]) -> Iterator[Finding]:
    """R360: rows about findings that do not, or no longer, exist."""
    known = {one.id for one in said}
    for row in rows:
        if row.finding not in known:
            yield found("R360", row.place, text=row.finding)


def contradicted_rows(
    rows: Iterable[Row], consolidation: Consolidation, names: Mapping[str, str]
) -> Iterator[tuple[Row, Finding]]:
    """R365: rows that name another supplier than the one whose offer their finding is about.

    Args:
        rows: as typed.
        consolidation: every return, sorted.
        names: of suppliers, by code, as the buyer knows them.
    """
    keys = {one.id: one.key for one in consolidation.said}
    keys |= {finding_id(told, one.key): one.key for one in consolidation.set_aside for told in one.findings}
    heard = {one.key.supplier: {one.name, one.identity.name} for one in consolidation.offers}
    for row in rows:
        key = keys.get(row.finding)
        if not row.supplier or key is None:
            continue
        name = names.get(key.supplier, key.supplier)
        meant = {key.supplier, key.supplier.removeprefix("="), name, str(key), *heard.get(key.supplier, ())}
        if folded(row.supplier) not in set(map(folded, meant)):
            yield row, found("R365", row.place, text=row.finding, named=row.supplier, whose=name)


def unequal_decisions(said: Iterable[Said]) -> Iterator[Finding]:
    """R364: the same doubt on the same item, accepted for one supplier and refused for another."""
    verdicts: dict[tuple[str, str], dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for one in said:
        if one.decision is not None:
            who = str(one.key or one.finding.place.file)  # a late return counts for nobody until it is accepted
            verdicts[one.finding.code, one.finding.place.key][one.decision.accepted].append(who)
    for (code, item), by in sorted(verdicts.items()):
        if by[True] and by[False]:
            facts = {"doubt": code, "item": item or "—", "accepted": sorted(by[True]), "refused": sorted(by[False])}
            yield found("R364", Place(key=item), **facts)
