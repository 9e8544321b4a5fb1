"""Owns the commands: each calls one use case and shows what it gives."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.issue import Issued, issue_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.cli import results, tracing
from canevas_xl.cli.addin import addin
from canevas_xl.cli.asking import ask
from canevas_xl.cli.bureau import bureau
from canevas_xl.cli.checking import check
from canevas_xl.cli.counting import counting
from canevas_xl.cli.exchange import collect, send
from canevas_xl.cli.factors import factors
from canevas_xl.cli.show import Screen
from canevas_xl.cli.templates import templates
from canevas_xl.errors import BLOCKED, DONE

PARIS: Final = ZoneInfo("Europe/Paris")
SHOWN: Final = 20
"""Issued files that are named on screen; all of them lie in one folder, and in the JSON object."""


def run(words: argparse.Namespace, screen: Screen) -> int:
    """Run the command that the words name, and give the exit code.

    The clock is read here and nowhere deeper.
    """
    timeless: dict[str, Callable[[argparse.Namespace, Screen], int]] = {
        "addin": addin, "bureau": bureau, "templates": templates,
    }  # fmt: skip
    timed: dict[str, Callable[[argparse.Namespace, Screen, datetime], int]] = {
        "factors": factors, "new": _new, "check": check, "issue": _issue, "send": send, "ask": ask,
        "collect": collect, "consolidate": results.consolidate, "validate": results.validate, "score": results.score,
        "trace": tracing.trace, "decide": results.decide, "demo": results.demo,
    }  # fmt: skip
    if words.command in timeless:
        return timeless[words.command](words, screen)
    return timed[words.command](words, screen, datetime.now(PARIS))


def _new(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    made = new_campaign(
        words.template, Path(words.folder), now, language=screen.language, example=words.example, force=words.force
    )
    workbook, *references = made.files
    screen.line("new.done", "bold", template=made.template)
    screen.whole(f"  {workbook}")
    screen.line("new.example" if words.example else "new.fill")
    for path in references:
        screen.whole(f"  {path}")
        screen.line("new.reference")
    screen.next("check", words.folder)
    screen.object({"template": made.template, "code": made.code, "files": [str(path) for path in made.files]})
    return DONE


def _issue(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    folder = CampaignFolder(Path(words.folder))
    with counting(screen, "issue.writing") as count:
        issued = issue_campaign(folder, now, force=words.force, count=count)
    points = screen.findings(issued.findings)
    screen.object(_as_object(issued, screen))
    if issued.blocked:
        screen.line("issue.blocked", "bold red", count=points)
        screen.line("mend", file=folder.workbook.name)
        screen.next("check", words.folder)
        return BLOCKED
    for copy in issued.copies[:SHOWN]:
        screen.line("issue.copy", lot=copy.lot, supplier=copy.supplier or screen.say("issue.open"))
        screen.whole(f"    {copy.path.name}")
    if len(issued.copies) > SHOWN:
        screen.line("issue.more", count=len(issued.copies) - SHOWN)
    fresh = sum(copy.new for copy in issued.copies)
    screen.line("issue.done" if fresh else "issue.nothing_new", "bold", count=len(issued.copies), new=fresh)
    screen.whole(f"  {folder.outbox}")
    for lot, fingerprint in issued.records:
        screen.line("issue.fingerprint", lot=lot)
        screen.whole(f"  {fingerprint}")
    if fresh:
        screen.line("issue.send")
    if any(copy.supplier for copy in issued.copies):
        screen.next("send", words.folder, "--drafts")
    return DONE


def _as_object(issued: Issued, screen: Screen) -> dict[str, Any]:
    return {
        "blocked": issued.blocked,
        "findings": screen.finding_objects(issued.findings),
        "records": [{"lot": lot, "fingerprint": fingerprint} for lot, fingerprint in issued.records],
        "files": [
            {"path": str(copy.path), "token": copy.token, "supplier": copy.supplier, "lot": copy.lot, "new": copy.new}
            for copy in issued.copies
        ],
    }
