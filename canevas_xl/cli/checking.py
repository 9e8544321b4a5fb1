"""Owns the command *check*: the report on a campaign, in words and tables."""

from __future__ import annotations

import argparse
import math
from datetime import datetime
from pathlib import Path
from typing import Any

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.check import CheckReport, LotReport, check_campaign
from canevas_xl.canvas.clause import clauses
from canevas_xl.cli.show import Screen, digits
from canevas_xl.errors import BLOCKED, DONE
from canevas_xl.findings.messages import spoken
from canevas_xl.impact.verdict import advice_on
from canevas_xl.model.campaign import leaf_labels
from canevas_xl.model.expression import Partial


def check(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``check DIR``."""
    folder = Path(words.folder)
    report = check_campaign(CampaignFolder(folder), now)
    if report.campaign is not None:
        _show_campaign(report, screen)
        for lot in report.lots:
            _show_lot(report, lot, screen)
    _conclude(report, folder, screen)
    screen.object(_as_object(report, screen))
    return BLOCKED if report.blocked else DONE


def _conclude(report: CheckReport, folder: Path, screen: Screen) -> None:
    """Say last what one needs first: what to mend, and the next command."""
    points = screen.findings(report.findings)
    if report.blocked:
        screen.line("check.blocked", "bold red", count=points)
        screen.line("mend", file=CampaignFolder(folder).workbook.name)
        screen.next("check", str(folder))
    elif report.issued:
        screen.line("check.issued", "bold")
    else:
        screen.line("check.doubts" if report.doubted else "check.clean", "bold")
        screen.next("issue", str(folder))


def _show_campaign(report: CheckReport, screen: Screen) -> None:
    campaign, terms = report.campaign, resources.texts("terms", screen.language)
    if campaign is None or report.burden is None:
        return
    deadline = campaign.deadline.strftime(screen.say("check.moment"))
    phase = terms[f"phase.{campaign.phase}"]
    screen.line("check.campaign", "bold", title=campaign.title, phase=phase, deadline=deadline)
    sums, said = report.burden, screen.language
    screen.line("check.burden", items=sums.answers, minutes=spoken(sums.minutes, said))
    if sums.days_to_get:
        screen.line("check.wait", days=spoken(sums.days_to_get, said))


def _show_lot(report: CheckReport, one: LotReport, screen: Screen) -> None:
    texts = report.ground.loaded.texts[screen.language]
    terms = resources.texts("terms", screen.language)
    screen.show("")
    screen.line("check.lot", "bold", lot=one.lot.number, title=one.lot.title)
    provenance = (
        screen.say("check.provenance_file", file=one.reference_file)
        if one.reference_file
        else screen.say("check.provenance_template")
    )
    screen.line(
        "check.reference" if one.reference.complete else "check.reference_partial",
        provenance=provenance,
        total=digits(one.reference.known, screen.language, 3),
        unit=texts["template.functional_unit_short"],
        missing=one.reference.unknown,
    )
    rows = [
        (terms[f"controlled_by_buyer.{who}"], _percent(share), digits(one.amounts[who].known, screen.language, 3))
        for who, share in one.shares.items()
        if share > 0
    ]
    screen.show("")
    screen.table([screen.say(f"check.{name}") for name in ("who", "share", "kg")], rows, screen.say("check.decides"))
    labels = leaf_labels(one.lot.criteria)
    weights = [(labels[w.criterion], _percent(w.published), _percent(w.effective)) for w in one.weights]
    headers = [screen.say(f"check.{name}") for name in ("criterion", "nominal", "effective")]
    screen.table(headers, weights, screen.say("check.weights"))
    if weights and report.campaign is not None:
        spread = spoken(report.campaign.price_spread, screen.language)
        screen.line("check.weights_note", spread=spread)
        screen.show("")
    screen.line("check.verdict", "bold")
    screen.line("title", text=_fitness(one, screen.language))
    for reason in _reasons(one, screen.language):
        screen.point(reason)
    screen.show("")
    for clause in _clauses(report, one, screen.language):
        screen.line("check.clause", "bold")
        screen.line("title", text=clause)
        screen.show("")


def _clauses(report: CheckReport, one: LotReport, language: str) -> tuple[str, ...]:
    data = (report.ground.factors, report.ground.method)
    return clauses(one.lot, report.ground.loaded.texts[language], data, language)


def _fitness(one: LotReport, language: str) -> str:
    texts = resources.texts("verdict", language)
    fitness = one.verdict.fitness
    return f"{texts[f'fitness.{fitness}']}. {texts[f'what_to_do.{advice_on(one.verdict)}']}"


def _reasons(one: LotReport, language: str) -> list[str]:
    texts = resources.texts("verdict", language)
    return [
        texts[f"reason.{reason.code}"].format_map({name: spoken(fact, language) for name, fact in reason.facts})
        for reason in one.verdict.reasons
    ]


def _percent(share: float) -> str:
    return "—" if math.isnan(share) else f"{100 * share:.0f} %"


def _pair(value: Partial) -> dict[str, float]:
    return {"known": value.known, "unknown": value.unknown}


def _as_object(report: CheckReport, screen: Screen) -> dict[str, Any]:
    return {
        "campaign": report.campaign.code if report.campaign else None,
        "blocked": report.blocked,
        "burden": {
            "items": report.burden.answers,
            "minutes": report.burden.minutes,
            "days_to_get": report.burden.days_to_get,
        }
        if report.burden
        else None,
        "lots": [
            {
                "lot": one.lot.number,
                "reference": _pair(one.reference),
                "who_decides": {who.value: share for who, share in one.shares.items()},
                "weights": [
                    {"criterion": w.criterion, "published": w.published, "effective": w.effective} for w in one.weights
                ],
                "clauses": list(_clauses(report, one, screen.language)),
                "verdict": {"fitness": one.verdict.fitness.value, "reasons": _reasons(one, screen.language)},
            }
            for one in report.lots
        ],
        "findings": screen.finding_objects(report.findings),
    }
