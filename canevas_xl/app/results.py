"""Owns the writing of results: ``resultats.xlsx`` and the data package, from a scored campaign."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.score import CampaignScores
from canevas_xl.report import live
from canevas_xl.report.book import plan_results
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.package import MANIFEST, data_package

RESULTS = live.RESULTS
PACKAGE = "donnees"
"""Folder of the data package, in the campaign's folder."""


def write_results(folder: CampaignFolder, scores: CampaignScores) -> tuple[Path, ...]:
    """Write the workbook of results and the data package; the same inputs give the same bytes.

    Returns:
        The workbook first, then the manifest of the package.

    Raises:
        Fault: the folder cannot be written; each file is there whole, as before or as after.
        ValueError: more rows than the layout holds.
    """
    subject = next(iter(scores.records.values())).subject
    outcome = outcome_of(folder, scores)
    language = outcome.campaign.language
    plan = plan_results(outcome, subject.template, subject.texts[language], language)
    workbook = folder.path / RESULTS
    write_atomically(workbook, workbook_bytes(plan))
    files = data_package(plan, _facts(scores))
    package = folder.path / PACKAGE
    package.mkdir(parents=True, exist_ok=True)
    # The manifest comes last: its hashes say which tables belong together.
    for name in sorted(files, key=lambda name: (name == MANIFEST, name)):
        write_atomically(package / name, files[name])
    return (workbook, package / MANIFEST)


def outcome_of(folder: CampaignFolder, scores: CampaignScores) -> Outcome:
    """Gather what results show.

    Raises:
        Fault: the register cannot be read.
    """
    campaign = scores.campaign or next(iter(scores.records.values())).subject.campaign
    events = folder.events()
    return Outcome(campaign, scores.consolidation, scores.lots, events, _last(events))


def _last(events: tuple[Mapping[str, Any], ...]) -> datetime:
    """Give the time of the last event: results do not read a clock."""
    return max((datetime.fromisoformat(str(event["at"])) for event in events), default=datetime(1970, 1, 1, tzinfo=UTC))


def _facts(scores: CampaignScores) -> dict[str, Any]:
    subject = next(iter(scores.records.values())).subject
    factors = subject.factors
    return {
        "name": f"canevas-{subject.campaign.code.lower()}",
        "campaign": subject.campaign.code,
        "template": f"{subject.template.id}@{subject.template.version}",
        "factors": f"{factors.id}@{factors.version}",
        "method": subject.method.id,
        "fingerprints": {str(lot): record.fingerprint for lot, record in sorted(scores.records.items())},
    }
