"""Owns the commands *send* and *collect*: drafts that go out, files that came back."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app import collect as collecting
from canevas_xl.app.collect import Collected, State, Taken
from canevas_xl.app.moments import moment
from canevas_xl.app.send import Drafts, drafts_folder, write_drafts
from canevas_xl.cli.show import Screen
from canevas_xl.errors import BLOCKED, DONE

SHOWN: Final = 40
"""Rows of a table; all of them stand in the JSON object."""


def send(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``send DIR --drafts``."""
    folder = CampaignFolder(Path(words.folder))
    made = write_drafts(folder, now)
    points = screen.findings(made.findings)
    headers = [screen.say(f"send.{name}") for name in ("lot", "to", "state")]
    rows = [
        (str(one.lot), f"{one.supplier} <{one.address}>", screen.say("send.new" if one.new else "send.same"))
        for one in made.drafts[:SHOWN]
    ]
    screen.table(headers, rows)
    if len(made.drafts) > SHOWN:
        screen.line("send.more", count=len(made.drafts) - SHOWN)
    if made.removed:
        screen.line("send.removed", count=len(made.removed))
    if made.drafts:
        screen.line("send.done", "bold", count=len(made.drafts), new=sum(one.new for one in made.drafts))
        screen.whole(f"  {drafts_folder(folder)}")
        screen.line("send.open")
        screen.line("send.then")
        screen.next("collect", words.folder, "…")
    if made.blocked:
        screen.line("send.blocked", "bold red", count=points)
    elif not made.drafts:
        screen.line("send.none", "bold")
    screen.object(_drafts_object(made, screen))
    return BLOCKED if made.blocked else DONE


def collect(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``collect DIR PATH… [--received WHEN]``.

    Raises:
        WrongUse: M442, the time of receipt is not one.
    """
    folder = CampaignFolder(Path(words.folder))
    stated = None if words.received is None else moment(words.received, "M442")
    came = collecting.collect(folder, [Path(path) for path in words.paths], now, stated)
    points = screen.findings(came.findings)
    headers = [screen.say(f"collect.{name}") for name in ("file", "sender", "received", "state")]
    screen.table(headers, [_row(one, screen) for one in came.taken[:SHOWN]])
    if len(came.taken) > SHOWN:
        screen.line("collect.more", count=len(came.taken) - SHOWN)
    workbooks = [one for one in came.taken if one.workbook]
    if workbooks:
        fresh = sum(one.state in {State.NEW, State.TWIN} for one in workbooks)
        screen.line("collect.done", "bold", count=len(workbooks), new=fresh)
        screen.whole(f"  {collecting.inbox(folder)}")
    else:
        screen.line("collect.none", "bold")
    if came.blocked:
        screen.line("collect.blocked", "bold red", count=points)
    if workbooks and came.sealed_until is None:
        screen.next("consolidate", words.folder)
    screen.object(_collected_object(came, screen))
    return BLOCKED if came.blocked else DONE


def _row(one: Taken, screen: Screen) -> tuple[str, str, str, str]:
    receipt = one.receipt
    when = receipt.received.strftime(screen.say("collect.moment")) + screen.say(f"collect.clock_{one.clock}")
    state = screen.say(f"collect.state_{one.state}")
    told = state if one.workbook else screen.say("collect.state_kept", state=state)
    return one.label, receipt.sender or screen.say("collect.by_file"), when, told


def _drafts_object(made: Drafts, screen: Screen) -> dict[str, Any]:
    return {
        "blocked": made.blocked,
        "findings": screen.finding_objects(made.findings),
        "drafts": [
            {
                "path": str(one.path),
                "supplier": one.supplier,
                "address": one.address,
                "lot": one.lot,
                "token": one.token,
                "new": one.new,
            }
            for one in made.drafts
        ],
        "removed": list(made.removed),
    }


def _collected_object(came: Collected, screen: Screen) -> dict[str, Any]:
    return {
        "blocked": came.blocked,
        "findings": screen.finding_objects(came.findings),
        "files": [
            {
                "name": one.receipt.name,
                "sha256": one.receipt.sha256,
                "size": one.receipt.size,
                "stored": str(one.stored),
                "received": one.receipt.received.isoformat(),
                "clock": one.clock.value,
                "source": one.receipt.source,
                "sender": one.receipt.sender,
                "subject": one.receipt.subject,
                "state": one.state.value,
                "workbook": one.workbook,
            }
            for one in came.taken
        ],
        "sealed_until": came.sealed_until.isoformat() if came.sealed_until else None,
    }
