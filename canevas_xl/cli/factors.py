"""Owns the commands about factors: list, find, show, check, import."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from canevas_xl import resources
from canevas_xl.app import factor_imports
from canevas_xl.app import factors as use
from canevas_xl.app.factor_imports import Format, Imported, Wish
from canevas_xl.app.factors import Found
from canevas_xl.cli.factor_view import as_object, day, tell, unit_name
from canevas_xl.cli.show import Screen
from canevas_xl.errors import BLOCKED, DONE
from canevas_xl.findings.messages import message, spoken

HITS: Final = 12
"""Results of a search that are shown."""
ROWS: Final = 12
"""Rejected rows that are shown; all of them stand in the JSON object."""


def factors(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``factors list|show|find|check|import``; ``list`` when no action is named."""
    actions = {"show": _show, "find": _find, "check": _check, "import": _import}
    chosen = actions.get(words.action, _list)
    return chosen(words, screen, now.date())


def _list(_words: argparse.Namespace, screen: Screen, _today: date) -> int:
    cards = use.list_sets()
    headers = [screen.say(f"factors.{name}") for name in ("set", "title", "processes", "origin")]
    rows = [
        (
            card.set.reference,
            card.title,
            str(card.processes),
            screen.say("factors.shipped")
            if card.set.shipped
            else screen.say("factors.imported", files=", ".join(card.origins)),
        )
        for card in cards
    ]
    screen.table(headers, rows)
    screen.next("factors", "find", screen.say("help.TEXT"))
    screen.object(
        {
            "sets": [
                {
                    "set": card.set.reference,
                    "title": card.title,
                    "processes": card.processes,
                    "shipped": card.set.shipped,
                    "folder": str(card.set.folder),
                    "origins": list(card.origins),
                }
                for card in cards
            ]
        }
    )
    return DONE


def _find(words: argparse.Namespace, screen: Screen, today: date) -> int:
    text = " ".join(words.text)
    hits = use.find(text)
    shown = hits if words.all else hits[:HITS]
    left_out = () if hits else use.left_out(text)
    for hit in shown:
        screen.whole(_line(hit, screen, today))
    if not hits:
        screen.line("factors.nothing", text=text)
        if left_out:
            names = left_out if words.all else left_out[:HITS]
            screen.line("factors.left_out", count=len(left_out), names=" ; ".join(names))
    elif len(shown) < len(hits):
        screen.line("factors.hits", count=len(hits), shown=len(shown))
    else:
        screen.line("factors.all_hits", count=len(hits))
    if hits:
        screen.next("factors", "show", hits[0].entry.id)
    found = [_hit_object(hit, screen, today) for hit in hits]
    screen.object({"text": text, "found": found, "left_out": list(left_out)})
    return DONE


def _line(hit: Found, screen: Screen, today: date) -> str:
    """Say in one line what must be known to choose: value, unit, stages held, source, age, quality, twins."""
    entry = hit.entry
    value = _digits(float(entry.climate), screen) if entry.climate else screen.say("factors.unknown")
    return " · ".join(
        (
            f"{entry.id}  {entry.name(screen.language)}",
            screen.say("factors.value_per", value=value, unit=unit_name(entry.unit, screen)),
            *_remarks(hit, screen),
            _held(entry.contains.split(), screen),
            f"{entry.source} {entry.source_version}",
            _age(entry.reference_year, entry.valid_until, screen, today),
            _quality(hit, screen),
        )
    )


def _digits(value: float, screen: Screen) -> str:
    """Write a factor with the three digits that sources have."""
    return spoken(float(f"{value:.3g}"), screen.language)


def _remarks(hit: Found, screen: Screen) -> tuple[str, ...]:
    """Say what must be known before a row is chosen."""
    said = []
    if hit.twins:
        first, *others = hit.twins
        key = "factors.same_as_more" if others else "factors.same_as"
        said.append(screen.say(key, name=first.name(screen.language), count=len(others)))
    if hit.entry.withdrawn:
        reason = resources.texts("factors", screen.language)[f"withdrawn.{hit.entry.withdrawn}"]
        said.append(screen.say("factors.withdrawn", reason=reason))
    return tuple(said)


def _held(stages: list[str], screen: Screen) -> str:
    """Say which stages a value holds; of most materials, energy and freight no source tells."""
    if not stages:
        return screen.say("factors.holds_unsaid")
    terms = resources.texts("terms", screen.language)
    return screen.say("factors.holds", stages=", ".join(terms[f"stage.{stage}"].lower() for stage in stages))


def _age(year: str, until: str, screen: Screen, today: date) -> str:
    said = [screen.say("factors.year", year=year) if year else screen.say("factors.year_unknown")]
    if until:
        end = date.fromisoformat(until)
        said.append(screen.say("factors.past" if end < today else "factors.until", date=day(end, screen)))
    return ", ".join(said)


def _quality(hit: Found, screen: Screen) -> str:
    entry = hit.entry
    percent = entry.uncertainty_percent
    return ", ".join(
        (
            screen.say("factors.uncertainty", percent=percent)
            if percent
            else screen.say("factors.uncertainty_unknown"),
            screen.say("factors.dqr", dqr=spoken(float(entry.dqr), screen.language))
            if entry.dqr
            else screen.say("factors.dqr_unknown"),
            screen.say("factors.categories", count=entry.categories),
        )
    )


def _hit_object(hit: Found, screen: Screen, today: date) -> dict[str, Any]:
    entry = hit.entry
    return {
        "id": entry.id,
        "name": entry.name(screen.language),
        "unit": entry.unit,
        "climate": float(entry.climate) if entry.climate else None,
        "categories": int(entry.categories),
        "contains": entry.contains.split(),
        "source": entry.source,
        "source_version": entry.source_version,
        "source_id": entry.source_id,
        "geography": entry.geography,
        "reference_year": int(entry.reference_year) if entry.reference_year else None,
        "valid_until": entry.valid_until or None,
        "validity_passed": bool(entry.valid_until) and date.fromisoformat(entry.valid_until) < today,
        "uncertainty_percent": float(entry.uncertainty_percent) if entry.uncertainty_percent else None,
        "dqr": float(entry.dqr) if entry.dqr else None,
        "withdrawn": entry.withdrawn or None,
        "same_data": [twin.id for twin in hit.twins],
        "sets": list(hit.sets),
    }


def _show(words: argparse.Namespace, screen: Screen, today: date) -> int:
    if any(words.id in (card.set.reference, card.set.id) for card in use.list_sets()):
        return _check(words, screen, today)
    views = use.show(words.id, today)
    for view in views:
        tell(view, screen)
    screen.object({"processes": [as_object(view) for view in views]})
    return DONE


def _check(words: argparse.Namespace, screen: Screen, today: date) -> int:
    checked = use.check(words.id, today)
    for one in checked:
        blocking = sum(finding.blocks for finding in one.findings)
        key = "check_blocked" if one.blocked else "check_said" if one.findings else "check_clean"
        screen.line(f"factors.{key}", "bold", set=one.reference, count=blocking or len(one.findings))
        screen.findings(one.findings)
    screen.object(
        {
            "sets": [
                {"set": one.reference, "blocked": one.blocked, "findings": screen.finding_objects(one.findings)}
                for one in checked
            ]
        }
    )
    return BLOCKED if any(one.blocked for one in checked) else DONE


def _import(words: argparse.Namespace, screen: Screen, today: date) -> int:
    if words.model:
        return _model(Path(words.model), screen)
    files = tuple(Path(name) for name in words.files)
    named = {} if words.name is None else {"name": words.name}
    wish = Wish(Format(words.format), files, words.release, replace=words.replace, **named)
    done = factor_imports.import_factors(wish, today)
    _tell_import(done, screen)
    screen.object(_import_object(done, wish, screen))
    return DONE


def _model(path: Path, screen: Screen) -> int:
    factor_imports.write_own_model(path, screen.language)
    screen.line("factors.model", "bold")
    screen.whole(f"  {path}")
    screen.line("factors.model_fill")
    screen.next("factors", "import", "own", str(path))
    screen.object({"model": str(path)})
    return DONE


def _tell_import(done: Imported, screen: Screen) -> None:
    counts, harvest = done.harvest.counts, done.harvest
    headers = [screen.say(f"factors.{name}") for name in ("line", "id", "why")]
    rows = [(str(one.line), one.identifier, message(one.finding, screen.language)) for one in harvest.rejected]
    screen.table(headers, rows[:ROWS], screen.say("factors.rejected"))
    if len(rows) > ROWS:
        screen.line("factors.more", count=len(rows) - ROWS)
    screen.findings(done.findings)
    said = {"set": harvest.reference, "read": counts.read, "accepted": counts.accepted, "rejected": len(rows)}
    screen.line(f"factors.import_{done.state}", "bold", **said)
    screen.whole(f"  {done.folder}")
    if counts.set_aside:
        screen.line("factors.import_aside", count=counts.set_aside)
    if counts.max_relative_error is not None:
        percent = float(f"{100 * counts.max_relative_error:.2g}")
        screen.line("factors.import_error", percent=spoken(percent, screen.language))
    if counts.posts_checked is not None:
        screen.line("factors.import_posts", equal=counts.posts_equal, checked=counts.posts_checked)
        screen.line("factors.import_gases", equal=counts.gases_equal, checked=counts.gases_checked)
    screen.next("factors", "find", screen.say("help.TEXT"))


def _import_object(done: Imported, wish: Wish, screen: Screen) -> dict[str, Any]:
    counts, harvest = done.harvest.counts, done.harvest
    told: dict[str, Any] = {
        "format": wish.format.value,
        "set": harvest.reference,
        "state": done.state.value,
        "folder": str(done.folder),
        "rows_read": counts.read,
        "rows_accepted": counts.accepted,
        "rows_rejected": len(harvest.rejected),
        "rows_set_aside": counts.set_aside,
        "processes": len(harvest.candidates),
        "max_relative_error": counts.max_relative_error,
        "rejected": [
            {
                "line": one.line,
                "identifier": one.identifier,
                "code": one.code,
                "message": message(one.finding, screen.language),
            }
            for one in harvest.rejected
        ],
        "findings": screen.finding_objects(done.findings),
    }
    if counts.posts_checked is not None:
        told |= {
            "postes_checked": counts.posts_checked,
            "postes_equal": counts.posts_equal,
            "gases_checked": counts.gases_checked,
            "gases_equal": counts.gases_equal,
        }
    return told
