"""Owns what a past deadline means: nothing new may be issued, but what was issued before stays issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.records import read_record
from canevas_xl.canvas.freeze import freeze
from canevas_xl.canvas.seal import OPEN, read_token
from canevas_xl.findings.finding import Finding, found
from canevas_xl.model.campaign import Campaign
from canevas_xl.model.canvas import Subject

PAST: Final = "C122"
PAST_AFTER_ISSUE: Final = "C129"


def told_late(
    folder: CampaignFolder, findings: tuple[Finding, ...], campaign: Campaign, subjects: tuple[Subject, ...]
) -> tuple[Finding, ...]:
    """Say of a past deadline that it is only that, where the whole campaign was issued before as it stands.

    Raises:
        Fault: X106, a frozen record or an event of the register cannot be read.
    """
    if not any(one.code == PAST for one in findings) or not _all_issued(folder, campaign, subjects):
        return findings
    return tuple(found(PAST_AFTER_ISSUE, one.place, **dict(one.facts)) if one.code == PAST else one for one in findings)


def _all_issued(folder: CampaignFolder, campaign: Campaign, subjects: tuple[Subject, ...]) -> bool:
    """Say whether every canvas that an issue would write now was registered, and from the same campaign."""
    issued = {_told(event) for event in folder.events() if event["kind"] == "issued"}
    wanted = {(one.code, lot, campaign.round, one.name) for one in campaign.suppliers for lot in one.lots}
    if campaign.open_canvas:
        wanted |= {(OPEN, subject.lot.number, campaign.round, "") for subject in subjects}
    return wanted <= issued and all(_unchanged(folder, subject) for subject in subjects)


def _told(event: Mapping[str, object]) -> tuple[str, int, int, str] | None:
    token = read_token(str(event.get("token", "")))
    if token is None:
        return None
    return token.supplier, token.lot, token.round, str(event.get("supplier", ""))


def _unchanged(folder: CampaignFolder, subject: Subject) -> bool:
    records = folder.records(subject.lot.number, subject.campaign.round)
    if not records:
        return False
    last = read_record(records[-1])
    return freeze(subject, last.as_of).text == last.text
