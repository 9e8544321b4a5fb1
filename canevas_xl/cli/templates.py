"""Owns the commands about templates: list, show, check."""

from __future__ import annotations

import argparse
from pathlib import Path

from canevas_xl.app.templates import CheckedTemplate, check_templates, list_templates, show_template
from canevas_xl.cli.show import Screen
from canevas_xl.errors import BLOCKED, DONE
from canevas_xl.findings.messages import spoken


def templates(words: argparse.Namespace, screen: Screen) -> int:
    """Run ``templates list|show|check``; ``list`` when no action is named."""
    if words.action == "check":
        return _check(words, screen)
    if words.action == "show":
        return _show(words, screen)
    return _list(screen)


def _list(screen: Screen) -> int:
    found = list_templates(screen.language)
    headers = [screen.say(f"templates.{name}") for name in ("id", "title", "items", "minutes")]
    screen.table(
        headers, [(one.reference, one.title, str(one.items), spoken(one.minutes, screen.language)) for one in found]
    )
    if found:
        screen.next("templates", "show", found[0].id)
    screen.object({"templates": [one.as_object() for one in found]})
    return DONE


def _show(words: argparse.Namespace, screen: Screen) -> int:
    shown = show_template(words.template, screen.language)
    screen.line("title", style="bold", text=f"{shown.card.reference} — {shown.card.title}")
    screen.line("title", text=shown.purpose)
    screen.line("templates.unit", text=shown.functional_unit)
    headers = [screen.say(f"templates.{name}") for name in ("code", "label", "unit_column", "scored", "decides")]
    screen.table(headers, [(one.code, one.label, one.unit, one.scored, one.decides) for one in shown.items])
    screen.line(
        "templates.burden",
        items=shown.card.items,
        minutes=spoken(shown.card.minutes, screen.language),
        days=spoken(shown.card.days, screen.language),
    )
    screen.next("new", shown.card.id, screen.say("help.DIR"))
    screen.object(shown.as_object())
    return DONE


def _check(words: argparse.Namespace, screen: Screen) -> int:
    checked = check_templates(Path(words.path) if words.path else None)
    for one in checked:
        _tell(one, screen)
    screen.object(
        {"templates": [{"template": one.name, "findings": screen.finding_objects(one.findings)} for one in checked]}
    )
    return BLOCKED if any(one.blocked for one in checked) else DONE


def _tell(one: CheckedTemplate, screen: Screen) -> None:
    key = "templates.blocked" if one.blocked else "templates.doubts" if one.findings else "templates.clean"
    screen.line(key, style="bold", template=one.name, count=len(one.findings))
    screen.findings(one.findings)
