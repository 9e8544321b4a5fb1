"""Owns the use case *decide*: what the buyer decides on findings, on the sheet or by command, stands in the register.

A row of *Décisions* enters the register when it is first seen, so that of a row and a command the later one wins. A row
that is removed takes its decision back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.intake.decisions import Row

DECIDED: Final = "decided"
WITHDRAW: Final = "withdraw"
COMMAND: Final = "command"
SHEET: Final = "sheet"


def decide(folder: CampaignFolder, finding: str, choice: str, reason: str, now: datetime) -> bool:
    """Register a decision; say whether it changes anything.

    Args:
        folder: the campaign's.
        finding: its number, ten characters.
        choice: ``accept``, ``refuse``, or ``withdraw`` to take a decision back.
        reason: that can be given to candidates.
        now: the clock.

    Raises:
        Fault: the register cannot be read or written.
    """
    return _register(folder, decisions_told(folder), (finding, choice, reason, COMMAND), now)


def register_rows(folder: CampaignFolder, rows: Sequence[Row], now: datetime) -> int:
    """Register what the rows of *Décisions* say and the register does not know; count what is new.

    Raises:
        Fault: the register cannot be read or written.
    """
    told = decisions_told(folder)
    new = sum(_register(folder, told, (row.finding, row.choice, row.reason, SHEET), now) for row in rows)
    typed = {row.finding for row in rows}
    for finding, events in told.items():
        if finding not in typed and _last(events, SHEET) not in {None, (WITHDRAW, "")}:
            new += _register(folder, told, (finding, WITHDRAW, "", SHEET), now)
    return new


def decisions_told(folder: CampaignFolder) -> dict[str, list[Mapping[str, Any]]]:
    """Every decision of the register, in order, by finding.

    Raises:
        Fault: X106, a file of the register cannot be read.
    """
    told: dict[str, list[Mapping[str, Any]]] = {}
    events = (event for event in folder.events() if event["kind"] == DECIDED)
    for event in sorted(events, key=lambda one: (one["at"], one.get("number", 0))):
        told.setdefault(str(event["finding"]), []).append(event)
    return told


def _register(
    folder: CampaignFolder,
    told: Mapping[str, Sequence[Mapping[str, Any]]],
    decision: tuple[str, str, str, str],
    now: datetime,
) -> bool:
    """Register a decision unless the last one from the same source, or the last of all by command, says the same."""
    finding, choice, reason, source = decision
    events = told.get(finding, ())
    if _last(events, source if source == SHEET else "") == (choice, reason):
        return False
    facts = {"finding": finding, "decision": choice, "reason": reason, "source": source, "number": len(events) + 1}
    return folder.add_event(Event(DECIDED, now, facts))


def _last(events: Iterable[Mapping[str, Any]], source: str) -> tuple[str, str] | None:
    """What was last decided; of one source, unless that is empty."""
    said = [(str(one["decision"]), str(one["reason"])) for one in events if not source or one.get("source") == source]
    return said[-1] if said else None
