"""Owns the commands that follow the returns: consolidate, validate, score, decide, demo."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.consolidate import Consolidated, consolidate_campaign
from canevas_xl.app.decide import decide as decide_finding
from canevas_xl.app.demo import STEPS, run_demo
from canevas_xl.app.results import outcome_of, write_results
from canevas_xl.app.score import CampaignScores, score_consolidation
from canevas_xl.cli.counting import counting
from canevas_xl.cli.show import Screen, digits
from canevas_xl.cli.workers import Workers
from canevas_xl.errors import BLOCKED, DONE, WrongUse
from canevas_xl.findings.catalogue import Audience
from canevas_xl.impact.figures import total
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.model.campaign import CriterionKind, leaves
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.report.sheets.follow import next_step, unread
from canevas_xl.report.words import left_out


def consolidate(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``consolidate DIR``: validate, score and write the results."""
    folder = CampaignFolder(Path(words.folder))
    consolidated = _consolidated(folder, screen, now)
    scores = score_consolidation(folder, consolidated.consolidation, now)
    files = write_results(folder, scores)
    return _told(screen, consolidated, scores, files, folder)


def validate(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``validate DIR``: read what came back and say what is odd."""
    folder = CampaignFolder(Path(words.folder))
    consolidated = _consolidated(folder, screen, now)
    found = consolidated.consolidation
    screen.findings(consolidated.findings)
    _said(screen, found)
    screen.object(_consolidation_object(screen, consolidated))
    waiting = sum(one.waits for one in found.said)
    screen.line("consolidate.validated", "bold", count=len(found.offers), waiting=waiting)
    _then(screen, "decide" if waiting else "collect" if found.silent else "", found, str(folder.path))
    return BLOCKED if waiting else DONE


def score(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``score DIR``: compute impacts, notes and ranks, and write nothing."""
    folder = CampaignFolder(Path(words.folder))
    consolidated = _consolidated(folder, screen, now)
    return _told(screen, consolidated, score_consolidation(folder, consolidated.consolidation, now), (), folder)


def decide(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``decide DIR FINDING accept|refuse --reason TEXT``.

    Raises:
        WrongUse: X119, no finding of this campaign has that number.
    """
    folder = CampaignFolder(Path(words.folder))
    known = {one.id for one in consolidate_campaign(folder, now).consolidation.said}
    finding = words.finding.upper()
    if finding not in known:
        raise WrongUse("X119", finding=words.finding)
    new = decide_finding(folder, finding, words.choice, words.reason, now)
    screen.line("decide.done" if new else "decide.same", finding=finding)
    screen.next("consolidate", words.folder)
    screen.object({"finding": finding, "decision": words.choice, "reason": words.reason, "new": new})
    return DONE


def demo(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``demo [DIR] [--template ID]``: the whole loop, in a folder that does not exist yet."""
    folder = CampaignFolder(Path(words.folder))
    if folder.path.exists() and any(folder.path.iterdir()):
        raise WrongUse("X105", path=str(folder.path))
    with _steps(screen) as step:
        done = run_demo(folder, words.template, screen.language, now, step)
    screen.line("demo.done", "bold", folder=str(folder.path))
    screen.findings(done.collected.findings)
    _told(screen, None, done.scores, done.files, folder)
    return DONE


def _consolidated(folder: CampaignFolder, screen: Screen, now: datetime) -> Consolidated:
    """Read what came back, with a bar, in more than one process where many files wait."""
    with Workers() as workers, counting(screen, "consolidate.reading") as count:
        return consolidate_campaign(folder, now, progress=count, executor=workers)


@contextmanager
def _steps(screen: Screen) -> Iterator[Callable[[str], None]]:
    """Show a bar that moves from step to step, on stderr, for people only."""
    console = Console(stderr=True)
    if screen.as_json or not console.is_terminal:
        yield lambda _: None
        return
    with Progress(BarColumn(), TextColumn("{task.description}"), console=console, transient=True) as progress:
        task = progress.add_task("", total=len(STEPS))

        def begin(name: str) -> None:
            progress.update(task, completed=STEPS.index(name), description=screen.say(f"demo.step_{name}"))

        yield begin


def _told(
    screen: Screen,
    consolidated: Consolidated | None,
    scores: CampaignScores,
    files: tuple[Path, ...],
    folder: CampaignFolder,
) -> int:
    found = scores.consolidation
    screen.findings([*(consolidated.findings if consolidated else ()), *scores.findings])
    _said(screen, found)
    for lot in scores.lots:
        _lot(screen, lot, found)
    for path in files:
        screen.whole(f"  {path}")
    waiting = sum(one.waits for one in found.said)
    if files:
        screen.line("consolidate.done", "bold", waiting=waiting)
    step = next_step(outcome_of(folder, scores))
    _then(screen, step, found, str(folder.path))
    if files and found.offers and step in {"collect", "compare"}:
        screen.line("consolidate.open", file=files[0].name)
    screen.object(_scores_object(screen, scores, files))
    return BLOCKED if waiting else DONE


def _said(screen: Screen, found: Consolidation) -> None:
    """Print what is said of each offer, with the number by which it is decided."""
    names = {offer.key: offer.name for offer in found.offers}
    for offer in found.offers:
        mine = [one for one in found.said if one.key == offer.key and one.decision is None]
        if mine:
            screen.line("consolidate.offer", "bold", name=names[offer.key], offer=str(offer.key))
            # The offer is named above: its file's name would only stand in the way.
            screen.findings(replace(f, place=replace(f.place, file="")) for f in (one.finding for one in mine))
            for one in mine:
                if one.waits:
                    screen.line("consolidate.number", finding=one.id)
    open_ones = (one.finding for one in found.said if one.key in names and one.decision is None)
    if any(one.kind.audience is Audience.SUPPLIER for one in open_ones):
        screen.line("consolidate.for_suppliers")


def _lot(screen: Screen, lot: LotScores, found: Consolidation) -> None:
    """Print the offers of a lot, in order of rank."""
    if not lot.offers:
        return
    screen.line("check.lot", "bold", lot=lot.subject.lot.number, title=lot.subject.lot.title)
    impact = next((c.code for c in leaves(lot.subject.lot.criteria) if c.kind is CriterionKind.IMPACT), None)
    headers = [screen.say(f"consolidate.{name}") for name in ("rank", "name", "impact", "note", "total")]
    screen.table(headers, [_offer_row(screen, one, impact) for one in lot.offers])
    reasons: dict[str, list[str]] = {}
    for one in lot.offers:
        if one.ranked is None or one.ranked.rank is None:
            reasons.setdefault(left_out(one.offer.key, found), []).append(_name(one))
    for reason, names in reasons.items():
        screen.line(f"consolidate.{reason}", names=", ".join(names))
    if any(_on_defaults(one) for one in lot.offers):
        screen.line("consolidate.why_defaults")
    if lot.verdict is not None:
        said, fitness = resources.texts("verdict", screen.language), lot.verdict.fitness
        advice = said[f"after_opening.what_to_do.{fitness}"]
        screen.line("consolidate.verdict", fitness=said[f"fitness.{fitness}"], advice=advice)


def _name(one: ScoredOffer) -> str:
    return one.offer.name + (f" (V{one.offer.key.variant})" if one.offer.key.variant else "")


def _offer_row(screen: Screen, one: ScoredOffer, impact: str | None) -> tuple[str, ...]:
    whole = total(one.impacts)
    weighs = _weight(whole.known, screen.language)
    if not whole.complete:
        weighs = screen.say("consolidate.at_least", amount=weighs)
    elif _on_defaults(one):
        weighs = screen.say("consolidate.on_defaults", amount=weighs)
    name = _name(one)
    note = one.notes.get(impact, float("nan")) if impact else float("nan")
    if one.ranked is None:
        return ("–", name, weighs, "–", "–")
    rank = "–" if one.ranked.rank is None else str(one.ranked.rank)
    return (rank, name, weighs, digits(note, screen.language, 2), digits(one.ranked.total, screen.language, 2))


def _on_defaults(one: ScoredOffer) -> bool:
    """Say whether answers are missing, and published defaults stand in their place."""
    return total(one.impacts).complete and not total(one.as_given).complete


def _then(screen: Screen, step: str, found: Consolidation, folder: str) -> None:
    """Say what to do next: an offer is asked about before it is decided on."""
    if step == "ask":
        screen.next("ask", folder)
    if step in {"ask", "decide"}:
        screen.line("consolidate.then_decide")
        screen.next("decide", folder, next(one.id for one in found.said if one.waits), "accept", "--reason", "…")
    elif step == "sealed":
        screen.line("consolidate.sealed", count=unread(found))
    elif step == "collect" and found.silent:
        screen.line("consolidate.silent", count=len(found.silent))
    elif step == "price":
        screen.line("consolidate.price")


def _weight(value: float, language: str) -> str:
    """Four significant digits, as the workbook of results shows them."""
    if math.isnan(value):
        return "–"
    decimals = max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{min(decimals, 9)}f}"
    return text.replace(",", "\u202f").replace(".", ",") if language == "fr" else text


def _consolidation_object(screen: Screen, consolidated: Consolidated) -> dict[str, Any]:
    found = consolidated.consolidation
    return {
        "offers": [{"key": str(one.key), "name": one.name, "sha256": one.receipt.sha256} for one in found.offers],
        "set_aside": [
            {"name": one.receipt.name, "standing": one.standing.value, "sha256": one.receipt.sha256}
            for one in found.set_aside
        ],
        "silent": [{"lot": lot, "supplier": supplier} for lot, supplier in found.silent],
        "said": [_said_object(screen, one) for one in found.said],
        "findings": screen.finding_objects(consolidated.findings),
    }


def _said_object(screen: Screen, one: Said) -> dict[str, Any]:
    (finding,) = screen.finding_objects([one.finding])
    decision = None if one.decision is None else {"accepted": one.decision.accepted, "reason": one.decision.reason}
    return {"id": one.id, "offer": str(one.key) if one.key else None, **finding, "decision": decision}


def _scores_object(screen: Screen, scores: CampaignScores, files: tuple[Path, ...]) -> dict[str, Any]:
    return {
        "lots": [
            {
                "lot": lot.subject.lot.number,
                "fingerprint": lot.fingerprint,
                "offers": [_offer_object(one) for one in lot.offers],
                "verdict": lot.verdict.fitness.value if lot.verdict else None,
            }
            for lot in scores.lots
        ],
        "said": [_said_object(screen, one) for one in scores.consolidation.said],
        "findings": screen.finding_objects(scores.findings),
        "files": [str(path) for path in files],
    }


def _offer_object(one: ScoredOffer) -> dict[str, Any]:
    def plain(value: float) -> float | None:
        return None if math.isnan(value) else value

    whole = total(one.as_given)
    return {
        "offer": str(one.offer.key),
        "name": one.offer.name,
        "impact": {"known": whole.known, "unknown": whole.unknown},
        "values": {code: plain(value) for code, value in one.values.items()},
        "notes": {code: plain(value) for code, value in one.notes.items()},
        "total": plain(one.ranked.total) if one.ranked else None,
        "rank": one.ranked.rank if one.ranked else None,
    }
