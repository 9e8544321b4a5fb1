"""Owns the command *ask*: what suppliers are asked to clarify, shown, or written as drafts."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.moments import moment
from canevas_xl.app.requests import Asked, ask_suppliers
from canevas_xl.app.send import drafts_folder
from canevas_xl.cli.show import Screen
from canevas_xl.errors import BLOCKED, DONE


def ask(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``ask DIR [--drafts] [--until WHEN]``.

    Raises:
        WrongUse: M415, the moment is not one; M411, it is past.
    """
    folder = CampaignFolder(Path(words.folder))
    until = None if words.until is None else moment(words.until, "M415")
    asked = ask_suppliers(folder, now, until, drafts=words.drafts)
    due = asked.until.strftime(screen.say("ask.moment")) if asked.until else ""
    for one in asked.requests:
        screen.line("ask.supplier" if due else "ask.supplier_open", "bold", name=one.name, until=due)
        for point in one.points:
            where = point.where or "–"
            screen.point(screen.say("ask.point", where=where, id=point.id, read=point.read, asked=point.asked))
        screen.line("ask.new" if one.new else "ask.same")
    screen.findings(asked.findings)
    if asked.removed:
        screen.line("ask.removed", count=len(asked.removed))
    _conclude(screen, asked, folder, words)
    screen.object(_as_object(asked, screen, written=words.drafts))
    return BLOCKED if asked.blocked else DONE


def _conclude(screen: Screen, asked: Asked, folder: CampaignFolder, words: argparse.Namespace) -> None:
    fresh = sum(one.new for one in asked.requests)
    if not asked.requests:
        screen.line("ask.none", "bold")
    elif words.drafts:
        screen.line("ask.done", "bold", count=len(asked.requests), new=fresh)
        screen.whole(f"  {drafts_folder(folder)}")
        screen.line("ask.open")
    else:
        screen.line("ask.seen", "bold", count=len(asked.requests), new=fresh)
        until = words.until or (asked.proposed.strftime("%Y-%m-%d %H:%M") if asked.proposed else "")
        screen.next("ask", str(folder.path), "--drafts", *(("--until", until) if until else ()))


def _as_object(asked: Asked, screen: Screen, *, written: bool) -> dict[str, Any]:
    return {
        "until": asked.until.isoformat() if asked.until else None,
        "written": written,
        "requests": [
            {
                "supplier": one.supplier,
                "name": one.name,
                "language": one.language,
                "path": str(one.path) if written else None,
                "new": one.new,
                "text": one.text,
                "findings": [point.id for point in one.points],
            }
            for one in asked.requests
        ],
        "removed": list(asked.removed),
        "findings": screen.finding_objects(asked.findings),
    }
