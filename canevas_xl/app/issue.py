"""Owns the use case *issue*: a checked campaign becomes frozen records and one locked workbook per supplier and lot."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from canevas_xl.adapters.store.files import fault_of
from canevas_xl.adapters.store.folder import CampaignFolder, Event, new_secret, secret_in
from canevas_xl.adapters.store.handover import Handover, alone
from canevas_xl.app.copies import Count, IssuedCopy, Previous, Seal, Terms, prepare_copies, uncounted
from canevas_xl.app.records import read_record
from canevas_xl.app.subjects import OpenCampaign, open_campaign
from canevas_xl.canvas.freeze import FrozenRecord, freeze, reachable_processes, unsendable
from canevas_xl.errors import Fault
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.parse import folded
from canevas_xl.model.campaign import Campaign
from canevas_xl.model.canvas import Subject


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued; nothing when a finding blocks."""

    copies: tuple[IssuedCopy, ...]
    """Those to send: what lies in the outbox."""
    records: tuple[tuple[int, str], ...]
    """(lot, fingerprint)."""
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Say whether something must be mended first."""
        return any(finding.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A lot's record, the place it has or will have, and whether it is there already."""

    record: FrozenRecord
    path: Path
    erratum: int
    is_new: bool


def issue_campaign(
    folder: CampaignFolder,
    now: datetime,
    *,
    force: bool = False,
    previous: Previous | None = None,
    count: Count = uncounted,
) -> Issued:
    """Freeze each lot and write its canvases; the same campaign twice changes nothing.

    ``force`` lets copies that somebody altered in the outbox be replaced. ``previous`` holds the answers with which a
    supplier's canvas comes filled (its code → lot → answers); a copy that was issued stays as it is.
    ``count`` is called after each copy (done, total), for who waits.

    Raises:
        WrongUse: X108, there is no campaign in the folder.
        Fault: the campaign cannot be read, or the folder cannot be written. Either nothing has happened, or all of
            it was decided and the next issue finishes it (``adapters.store.handover``).
    """
    with alone(folder):
        opened = open_campaign(folder, now)
        if opened.campaign is None or any(finding.blocks for finding in opened.findings):
            return Issued((), (), opened.findings)
        try:
            return issue_opened(folder, opened, Terms(now, folder.events(), force, previous or {}, count))
        except OSError as problem:
            raise fault_of(problem, Path(problem.filename or folder.path)) from problem


def issue_opened(folder: CampaignFolder, opened: OpenCampaign, terms: Terms) -> Issued:
    """Issue a campaign that was read and checked; whoever calls is :func:`alone` in the folder."""
    campaign = opened.campaign
    assert campaign is not None  # noqa: S101 - a caller's bug
    sealed, refusals = _sealed_lots(folder, opened, campaign, terms)
    findings = [*opened.findings, *refusals]
    if any(finding.blocks for finding in findings):
        return Issued((), (), tuple(findings))
    handover = Handover(folder)
    try:
        secret = _secret(folder, handover)
        _prepare_records(handover, campaign, sealed, terms.now)
        seals = [Seal(one.record, secret) for one in sealed]
        copies, told = prepare_copies(handover, campaign, seals, terms)
        handover.decide()
    finally:
        handover.forget()
    records = tuple((one.record.subject.lot.number, one.record.fingerprint) for one in sealed)
    return Issued(copies, records, (*findings, *told))


def issue_findings(folder: CampaignFolder, opened: OpenCampaign, now: datetime) -> list[Finding]:
    """Say why a campaign that was read and checked would not be issued: licences, rounds, changes since the last issue.

    Raises:
        Fault: a frozen record or the register cannot be read.
    """
    if opened.campaign is None:
        return []
    return _sealed_lots(folder, opened, opened.campaign, Terms(now, folder.events()))[1]


def _sealed_lots(
    folder: CampaignFolder, opened: OpenCampaign, campaign: Campaign, terms: Terms
) -> tuple[list[_Sealed], list[Finding]]:
    """Freeze every lot, or find its record; and say what stands against issuing them."""
    findings = licence_findings(opened.ground.subject(campaign, campaign.lots[0])) if campaign.lots else []
    findings += _round_findings(folder, campaign)
    issued = {lot.number: _issued_records(folder, lot.number, campaign.round, terms) for lot in campaign.lots}
    errata = {folded(one.record.subject.campaign.erratum) for records in issued.values() for one in records}
    sealed: list[_Sealed] = []
    for lot in campaign.lots:
        subject = opened.ground.subject(campaign, lot)
        one = _seal_lot(folder, subject, terms.now, issued[lot.number], errata)
        if isinstance(one, Finding):
            findings.append(one)
        else:
            sealed.append(one)
    return sealed, findings


def licence_findings(subject: Subject) -> list[Finding]:
    """Name the factors whose licence forbids sending them to suppliers."""
    forbidden = unsendable(subject.factors, reachable_processes(subject.template))
    return [found("I101", factors=forbidden, set=subject.factors.id)] if forbidden else []


def _round_findings(folder: CampaignFolder, campaign: Campaign) -> list[Finding]:
    """Rounds follow each other: an issued one is not opened again, and a slip of the finger cannot skip any."""
    last = folder.last_round()
    expected = [last, last + 1] if last else [1]
    if campaign.round in expected:
        return []
    return [found("I103", Place(file=folder.workbook.name, key="CONS.ROUND"), round=campaign.round, expected=expected)]


def _issued_records(folder: CampaignFolder, lot: int, round_: int, terms: Terms) -> tuple[_Sealed, ...]:
    """Read what was frozen for a lot in a round: the first issue, then its errata.

    Raises:
        Fault: X106, a record cannot be read, or the register knows it otherwise: well formed, but not what was issued.
    """
    place = (lot, round_)
    frozen = [event for event in terms.events if event.get("kind") == "frozen"]
    known = {event.get("fingerprint") for event in frozen if (event.get("lot"), event.get("round")) == place}
    records = []
    for path in folder.records(*place):
        record = read_record(path)
        if known and record.fingerprint not in known:
            raise Fault("X106", path=str(path))
        records.append(_Sealed(record, path, 0, is_new=False))
    return tuple(records)


def _seal_lot(
    folder: CampaignFolder, subject: Subject, now: datetime, issued: Sequence[_Sealed], errata: Collection[str]
) -> _Sealed | Finding:
    """Freeze a lot, or say that it was issued otherwise: a changed campaign needs a new round or an erratum.

    ``errata`` are the reasons that were given in this round, for any lot: each excuses one change.
    """
    lot, campaign = subject.lot.number, subject.campaign
    if not issued:
        path = folder.record_path(lot, campaign.round, 0)
        return _Sealed(freeze(subject, now.date()), path, 0, is_new=True)
    last = issued[-1].record
    # The reason of an erratum on another lot changes nothing in this one, nor does a release imported since.
    alike = replace(
        subject,
        campaign=replace(campaign, erratum=last.subject.campaign.erratum),
        previous=last.subject.previous,
    )
    if freeze(alike, last.as_of).subject == last.subject:
        return issued[-1]
    if campaign.erratum and folded(campaign.erratum) not in errata:
        erratum = folder.next_erratum(lot, campaign.round)
        path = folder.record_path(lot, campaign.round, erratum)
        return _Sealed(freeze(subject, now.date()), path, erratum, is_new=True)
    return found("I102", Place(file=folder.workbook.name), lot=lot, round=campaign.round, next=campaign.round + 1)


def _secret(folder: CampaignFolder, handover: Handover) -> bytes:
    """Give the secret, drawn with the very first record; a lost one cannot be drawn again: tokens are out there."""
    if folder.key.exists() or folder.last_round():
        return folder.secret()
    drawn = new_secret()
    handover.put(folder.key, drawn)
    return secret_in(drawn)


def _prepare_records(handover: Handover, campaign: Campaign, sealed: Iterable[_Sealed], now: datetime) -> None:
    for one in sealed:
        if one.is_new:
            handover.put(one.path, one.record.text.encode())
        facts: dict[str, object] = {
            "campaign": campaign.code, "lot": one.record.subject.lot.number, "round": campaign.round,
            "fingerprint": one.record.fingerprint,
        }  # fmt: skip
        handover.register(Event("frozen", now, facts))
        if one.erratum:
            reason = one.record.subject.campaign.erratum
            handover.register(Event("erratum", now, {**facts, "number": one.erratum, "reason": reason}))
