"""Owns the use case *score*: offers that came, computed and compared from the frozen records alone.

Of ``campagne.xlsx`` only prices and notes count; whatever else changed there since issue is said, and has no effect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.consolidate import Progress, consolidate_campaign
from canevas_xl.app.records import read_record
from canevas_xl.app.subjects import ground
from canevas_xl.canvas.drift import changed_by_buyer, changed_by_release
from canevas_xl.canvas.freeze import FrozenRecord
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.intake.bids import read_bids
from canevas_xl.intake.campaign import read_campaign
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Campaign
from canevas_xl.model.cells import Workbook
from canevas_xl.model.score import LotScores
from canevas_xl.model.template import LoadedTemplate
from canevas_xl.report.scores import score_lot


@dataclass(frozen=True, slots=True)
class CampaignScores:
    """A campaign, consolidated and scored."""

    campaign: Campaign | None
    """As its workbook now states it; None where it cannot be read."""
    records: Mapping[int, FrozenRecord]
    """The record that counts for each lot."""
    consolidation: Consolidation
    lots: tuple[LotScores, ...]
    findings: tuple[Finding, ...]
    """On decisions, prices, notes, completeness and changes since issue; those on offers are in the consolidation."""

    @property
    def blocked(self) -> bool:
        """Say whether something waits for a decision."""
        return any(one.waits for one in self.consolidation.said) or any(one.blocks for one in self.findings)


def score_campaign(folder: CampaignFolder, now: datetime, *, progress: Progress | None = None) -> CampaignScores:
    """Read what came back and score it; the same again gives the same.

    Args:
        folder: of the campaign.
        now: the clock: only the deadline of a consultation is compared with it.
        progress: told after each file.

    Raises:
        WrongUse: S403, nothing was issued; X108, there is no campaign in the folder.
        Fault: the register, a record or the campaign's workbook cannot be read, or the folder cannot be written.
    """
    consolidated = consolidate_campaign(folder, now, progress=progress)
    scores = score_consolidation(folder, consolidated.consolidation, now)
    return replace(scores, findings=(*consolidated.findings, *scores.findings))


def score_consolidation(folder: CampaignFolder, consolidation: Consolidation, now: datetime) -> CampaignScores:
    """Score the offers of a consolidation.

    Args:
        folder: of the campaign.
        consolidation: every return, sorted.
        now: the clock; results do not depend on it.

    Raises:
        WrongUse: S403, nothing was issued; X108, there is no campaign in the folder.
        Fault: a record or the campaign's workbook cannot be read.
    """
    records = issued_records(folder)
    if not records:
        raise WrongUse("S403", path=str(folder.path))
    if not folder.workbook.exists():
        raise WrongUse("X108", path=str(folder.path))
    workbook = read_cells(folder.workbook)
    campaign, findings = _campaign(workbook, records, now)
    for record in records.values():
        findings += changed_by_buyer(record, campaign) if campaign else ()
        findings += _changed_by_release(record)
    suppliers = {one.code: one.name for one in campaign.suppliers} if campaign else {}
    suppliers |= {one.key.supplier: one.name for one in consolidation.offers}
    bids = read_bids(workbook, {lot: record.subject for lot, record in records.items()}, suppliers)
    findings += bids.findings
    lots = []
    for number, record in records.items():
        offers = [one for one in consolidation.offers if one.key.lot == number]
        stopped = {one.key for one in offers if consolidation.stopped(one.key)}
        scored = score_lot(record.subject, record.fingerprint, offers, stopped, bids.value)
        lots.append(scored.value)
        findings += scored.findings
    return CampaignScores(campaign, records, consolidation, tuple(lots), _once(findings))


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Say each thing once: what concerns the campaign is found with each lot. Facts may be lists, so no hashes."""
    said: list[Finding] = []
    for finding in findings:
        if finding not in said:
            said.append(finding)
    return tuple(said)


def issued_records(folder: CampaignFolder) -> Mapping[int, FrozenRecord]:
    """Read the record that counts for each lot: of its last round, with its last erratum.

    Raises:
        Fault: X106, a record cannot be read.
    """
    found = {}
    for lot in range(1, keys.LOTS + 1):
        rounds = (folder.records(lot, round_) for round_ in range(folder.last_round(), 0, -1))
        paths = next((paths for paths in rounds if paths), ())
        if paths:
            found[lot] = read_record(paths[-1])
    return MappingProxyType(found)


def _campaign(
    workbook: Workbook, records: Mapping[int, FrozenRecord], now: datetime
) -> tuple[Campaign | None, tuple[Finding, ...]]:
    """Read the campaign with the words it was issued with; what ``check`` says of it is not said again."""
    subject = next(iter(records.values())).subject
    loaded = LoadedTemplate(subject.template, subject.texts, "")
    read = read_campaign(workbook, loaded, now)
    return read.value, () if read.value is not None else read.findings


def _changed_by_release(record: FrozenRecord) -> tuple[Finding, ...]:
    template = record.subject.template
    try:
        shipped = ground(f"{template.id}@{template.version}")
    except Fault:
        return ()  # it ships no longer: the record holds all that results need
    subject = shipped.subject(record.subject.campaign, record.subject.lot)
    return changed_by_release(record, shipped.loaded.template, subject)
