"""Owns the commands: each calls one use case and shows what it gives."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.cli.checking import check
from canevas_xl.cli.show import Screen
from canevas_xl.cli.templates import templates
from canevas_xl.errors import BLOCKED, DONE

PARIS = ZoneInfo("Europe/Paris")


def run(words: argparse.Namespace, screen: Screen) -> int:
    """Run the command that the words name, and give the exit code."""
    commands: dict[str, Callable[[argparse.Namespace, Screen], int]] = {
        "templates": templates, "new": _new, "check": _check, "issue": _issue,
    }  # fmt: skip
    return commands[words.command](words, screen)


def now() -> datetime:
    """Read the clock, here and nowhere deeper."""
    return datetime.now(PARIS)


def _new(words: argparse.Namespace, screen: Screen) -> int:
    made = new_campaign(
        words.template, Path(words.folder), now(), language=screen.language, example=words.example, force=words.force
    )
    screen.line("new.done", template=made.template, folder=words.folder)
    for path in made.files:
        screen.line("file", path=str(path))
    screen.line("new.example" if words.example else "new.fill", path=str(made.files[0]))
    screen.next(f"canevas-xl check {words.folder}")
    screen.object({"template": made.template, "code": made.code, "files": [str(path) for path in made.files]})
    return DONE


def _check(words: argparse.Namespace, screen: Screen) -> int:
    return check(Path(words.folder), screen, now())


def _issue(words: argparse.Namespace, screen: Screen) -> int:
    issued = issue_campaign(CampaignFolder(Path(words.folder)), now(), force=words.force)
    screen.findings(issued.findings)
    screen.object(
        {
            "findings": screen.finding_objects(issued.findings),
            "records": [{"lot": lot, "fingerprint": fingerprint} for lot, fingerprint in issued.records],
            "files": [
                {
                    "path": str(copy.path),
                    "token": copy.token,
                    "supplier": copy.supplier,
                    "lot": copy.lot,
                    "new": copy.new,
                }
                for copy in issued.copies
            ],
        }
    )
    if issued.blocked:
        screen.line("issue.blocked", style="red")
        screen.next(f"canevas-xl check {words.folder}")
        return BLOCKED
    headers = [screen.say(f"issue.{name}") for name in ("lot", "supplier", "file")]
    open_canvas = screen.say("issue.open")
    rows = [(str(copy.lot), copy.supplier or open_canvas, copy.path.name) for copy in issued.copies[:20]]
    screen.table(headers, rows)
    if len(issued.copies) > len(rows):
        screen.line("issue.more", count=len(issued.copies) - len(rows))
    fresh = sum(copy.new for copy in issued.copies)
    screen.line("issue.done", count=len(issued.copies), new=fresh, folder=str(Path(words.folder) / "envois"))
    for lot, fingerprint in issued.records:
        screen.line("issue.fingerprint", lot=lot, fingerprint=fingerprint)
    screen.line("issue.send")
    return DONE
