"""Owns the use case *issue*: a checked campaign becomes frozen records and one locked workbook per supplier and lot."""

from __future__ import annotations

import hashlib
import re
import shutil
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.subjects import open_campaign
from canevas_xl.canvas.freeze import FrozenRecord, freeze, reachable_processes, thaw, unsendable
from canevas_xl.canvas.seal import OPEN, make_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.errors import Fault
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.campaign import Campaign, Supplier
from canevas_xl.model.canvas import Canvas, Subject


@dataclass(frozen=True, slots=True)
class IssuedCopy:
    """One workbook that lies in the outbox."""

    path: Path
    token: str
    supplier: str
    lot: int
    new: bool
    """False when the same bytes lay there already."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What was issued; nothing when a finding blocks."""

    copies: tuple[IssuedCopy, ...]
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


def issue_campaign(folder: CampaignFolder, now: datetime, *, force: bool = False) -> Issued:
    """Freeze each lot and write its canvases; the same campaign twice gives the same bytes.

    Raises:
        Fault: the campaign cannot be read, or the folder cannot be written; nothing is left half-written.
    """
    opened = open_campaign(folder, now)
    if opened.campaign is None or any(finding.blocks for finding in opened.findings):
        return Issued((), (), opened.findings)
    campaign = opened.campaign
    findings = list(opened.findings)
    findings += licence_findings(opened.ground.subject(campaign, campaign.lots[0]))
    sealed: list[_Sealed] = []
    for lot in campaign.lots:
        one = _seal_lot(folder, opened.ground.subject(campaign, lot), now)
        if isinstance(one, Finding):
            findings.append(one)
        else:
            sealed.append(one)
    if any(finding.blocks for finding in findings):
        return Issued((), (), tuple(findings))
    copies = _write_all(folder, campaign, sealed, force=force)
    _register(folder, campaign, sealed, copies, now)
    records = tuple((one.record.subject.lot.number, one.record.fingerprint) for one in sealed)
    return Issued(tuple(copies), records, tuple(findings))


def licence_findings(subject: Subject) -> list[Finding]:
    """Name the factors whose licence forbids sending them to suppliers."""
    forbidden = unsendable(subject.factors, reachable_processes(subject.template))
    return [found("I101", factors=forbidden, set=subject.factors.id)] if forbidden else []


def _seal_lot(folder: CampaignFolder, subject: Subject, now: datetime) -> _Sealed | Finding:
    """Freeze a lot, or say that it was issued otherwise: a changed campaign needs a new round or an erratum."""
    lot, round_ = subject.lot.number, subject.campaign.round
    paths = folder.records(lot, round_)
    if not paths:
        return _Sealed(freeze(subject, now.date()), folder.record_path(lot, round_, 0), 0, is_new=True)
    last = _thawed(paths[-1])
    again = freeze(subject, last.as_of)
    if again.text == last.text:
        return _Sealed(last, paths[-1], len(paths) - 1, is_new=False)
    if subject.campaign.erratum and subject.campaign.erratum != last.subject.campaign.erratum:
        erratum = len(paths)
        return _Sealed(freeze(subject, now.date()), folder.record_path(lot, round_, erratum), erratum, is_new=True)
    return found("I102", Place(file=folder.workbook.name), lot=lot, round=round_, next=round_ + 1)


def _thawed(path: Path) -> FrozenRecord:
    try:
        return thaw(path.read_text("utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise Fault("X106", path=str(path)) from error


def _write_all(folder: CampaignFolder, campaign: Campaign, sealed: list[_Sealed], *, force: bool) -> list[IssuedCopy]:
    """Write every copy beside the outbox first, and move them in only when all are there."""
    waiting = folder.path / ".envois-en-cours"
    secret = folder.secret()
    written: list[tuple[Path, IssuedCopy]] = []
    try:
        for one in sealed:
            for name, copy, data in _copies(campaign, one, secret):
                target = folder.outbox / name
                there = target.read_bytes() if target.exists() else None
                if there is not None and there != data and not force:
                    raise Fault("X105", path=str(target))
                path = waiting / name
                if there != data:
                    write_atomically(path, data, lasting=False)
                written.append((path, IssuedCopy(target, copy.token, copy.supplier, copy.lot, there != data)))
        for one in sealed:
            if one.is_new:
                write_atomically(one.path, one.record.text.encode())
        folder.outbox.mkdir(parents=True, exist_ok=True)
        for path, copy in written:
            if copy.new:
                path.replace(copy.path)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return [copy for _, copy in written]


def _copies(campaign: Campaign, sealed: _Sealed, secret: bytes) -> Iterator[tuple[str, IssuedCopy, bytes]]:
    """Give name, description and bytes of each copy of one lot; a canvas is built once per language."""
    lot = sealed.record.subject.lot.number
    stencils: dict[tuple[str, bool], Stencil] = {}
    for supplier in _addressees(campaign, lot):
        known = supplier.code != OPEN
        key = (supplier.language, known)
        if key not in stencils:
            stencils[key] = _stencil(sealed.record, supplier.language, known=known)
        token = str(make_token(campaign.code, supplier.code, lot, campaign.round, (secret, sealed.record.fingerprint)))
        values: Mapping[str, str] = {"token": token, "supplier": supplier.name, "supplier_code": supplier.code}
        name = f"canevas_L{lot}_R{campaign.round}_{slug(supplier.name or 'ouvert')}_{token}.xlsx"
        copy = IssuedCopy(Path(name), token, supplier.name, lot, new=True)
        yield name, copy, stencils[key].copy(values)


def _addressees(campaign: Campaign, lot: int) -> Iterator[Supplier]:
    yield from (supplier for supplier in campaign.suppliers if lot in supplier.lots)
    if campaign.open_canvas:
        yield Supplier(OPEN, "", "", campaign.language, (lot,))


def _stencil(record: FrozenRecord, language: str, *, known: bool) -> Stencil:
    canvas = Canvas(record.subject, language, record.fingerprint)
    return Stencil.from_bytes(workbook_bytes(plan_canvas(canvas, supplier_known=known)))


def slug(name: str) -> str:
    """Make a name safe for files on every system: ASCII letters, digits and hyphens, 30 at most."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-") or "fournisseur"


def _register(
    folder: CampaignFolder, campaign: Campaign, sealed: list[_Sealed], copies: list[IssuedCopy], now: datetime
) -> None:
    for one in sealed:
        lot = one.record.subject.lot.number
        facts: dict[str, object] = {
            "campaign": campaign.code, "lot": lot, "round": campaign.round, "fingerprint": one.record.fingerprint,
        }  # fmt: skip
        folder.add_event(Event("frozen", now, facts))
        if one.erratum:
            folder.add_event(Event("erratum", now, {**facts, "number": one.erratum, "reason": campaign.erratum}))
    for copy in copies:
        digest = hashlib.sha256(copy.path.read_bytes()).hexdigest()
        folder.add_event(Event("issued", now, {"token": copy.token, "file": copy.path.name, "sha256": digest}))
