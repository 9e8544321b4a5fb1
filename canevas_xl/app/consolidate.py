"""Owns the use case *consolidate*: every file that came back is read once, sorted and judged, with what was decided.

What was read in a file is kept in ``DIR/cache`` by its hash, the records and the program that read it: a new return
reads only itself, and that folder may be deleted at any time. Nothing is looked at but the register, the frozen records
and the received files; of ``campagne.xlsx``, only the names of suppliers and the sheet of decisions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from canevas_xl import __version__
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.collect import receipts
from canevas_xl.app.constants import load_constants
from canevas_xl.app.decide import decisions_told, register_rows
from canevas_xl.canvas.freeze import thaw
from canevas_xl.canvas.seal import OPEN, is_ours, read_token
from canevas_xl.canvas.workbook.asked import asked
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.intake.decisions import decisions_in, read_rows, unknown_decisions
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.issued import Constants
from canevas_xl.intake.locate import locate
from canevas_xl.intake.returns import read_return
from canevas_xl.intake.standing import Arrived, Expected, consolidate
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.answer import Answer
from canevas_xl.model.canvas import Canvas, Token
from canevas_xl.model.cells import Workbook
from canevas_xl.model.offer import Identity, Receipt, Return, Standing
from canevas_xl.model.vocabulary import Phase

NOTHING_ISSUED: Final = "S403"
CACHE_FORMAT: Final = 1
Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


@dataclass(frozen=True, slots=True)
class Consolidated:
    """Every return of a campaign, sorted, and what is said of the campaign itself."""

    consolidation: Consolidation
    ledger: Ledger
    findings: tuple[Finding, ...]
    """On decisions."""
    sealed_until: datetime | None
    """In a consultation, the deadline before which nothing is read; None once everything is."""
    files: int
    read_now: int
    """How many files were read in this run; the others were known."""

    @property
    def blocked(self) -> bool:
        """Say whether something waits for a decision."""
        return any(one.stops for one in self.consolidation.said) or any(one.blocks for one in self.findings)


def consolidate_campaign(folder: CampaignFolder, now: datetime, *, progress: Progress | None = None) -> Consolidated:
    """Read what came back, sort it, judge it, apply what was decided; the same again gives the same.

    In a consultation no file is opened before the deadline: each then stands as *not yet*.

    Args:
        folder: the campaign's.
        now: the clock: only the deadline of a consultation is compared with it.
        progress: told after each file.

    Raises:
        WrongUse: S403, nothing was issued; X108, there is no campaign in the folder.
        Fault: the register, a record or the campaign's workbook cannot be read, or the folder cannot be written.
            A file that came back and cannot be read is a finding.
    """
    if not folder.workbook.exists():
        raise WrongUse("X108", path=str(folder.path))
    ledger = ledger_of(folder)
    until = _sealed_until(ledger, now)
    shelf = _Shelf(folder, ledger)
    arrived, groups = [], _by_content(folder)
    for done, (path, came) in enumerate(groups.items(), 1):
        arrived.append(Arrived(came, None, Standing.NOT_YET) if until else shelf.arrived(path, came))
        if progress is not None:
            progress(done, len(groups))
    workbook = read_cells(folder.workbook)
    rows = read_rows(workbook)
    register_rows(folder, rows.value, now)
    told = [event for events in decisions_told(folder).values() for event in events]
    consolidation = consolidate(arrived, ledger, _expected(folder, ledger, workbook), decisions_in(told))
    findings = (*rows.findings, *unknown_decisions(rows.value, consolidation.said))
    return Consolidated(consolidation, ledger, findings, until, len(groups), shelf.read_now)


# --- What was issued --------------------------------------------------------------------------------------------


def ledger_of(folder: CampaignFolder) -> Ledger:
    """Read every frozen record.

    Raises:
        WrongUse: S403, nothing was issued.
        Fault: X106, a record or the secret cannot be read.
    """
    issues: dict[tuple[int, int], tuple[Issue, ...]] = {}
    for round_ in range(1, folder.last_round() + 1):
        for lot in range(1, keys.LOTS + 1):
            paths = folder.records(lot, round_)
            if paths:
                issues[lot, round_] = tuple(_issue(path, erratum) for erratum, path in enumerate(paths))
    if not issues:
        raise WrongUse(NOTHING_ISSUED, path=str(folder.path))
    return Ledger(MappingProxyType(issues), read_token, partial(_sealed, folder.secret()))


def _sealed(secret: bytes, token: Token, fingerprint: str) -> bool:
    return is_ours(token, (secret, fingerprint))


def _issue(path: Path, erratum: int) -> Issue:
    try:
        record = thaw(path.read_text("utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise Fault("X106", path=str(path)) from error
    subject, fingerprint = record.subject, record.fingerprint
    items = asked(Canvas(subject, subject.campaign.language, fingerprint)).items
    return Issue(
        subject=subject,
        fingerprint=fingerprint,
        erratum=erratum,
        asked=MappingProxyType({item.key: item.consequence for item in items if not item.locked}),
        fixed=frozenset(item.key for item in items if item.locked),
    )


def _sealed_until(ledger: Ledger, now: datetime) -> datetime | None:
    """The deadline before which nothing may be read; None where there is none, or it is past."""
    campaigns = [ledger.last(lot, round_).subject.campaign for lot, round_ in ledger.last_rounds.items()]
    waiting = [one.deadline for one in campaigns if one.phase is Phase.CONSULTATION and now < one.deadline]
    return max(waiting, default=None)


def _expected(folder: CampaignFolder, ledger: Ledger, workbook: Workbook) -> Expected:
    """Who was asked, from the register; how the buyer calls them now, else as they were called at issue."""
    names: dict[str, str] = {}
    every: set[tuple[int, str]] = set()
    for event in folder.events():
        token = read_token(str(event.get("token", ""))) if event["kind"] == "issued" else None
        if token is None or token.supplier == OPEN or token.round != ledger.last_rounds.get(token.lot):
            continue
        names[token.supplier] = str(event.get("supplier", ""))
        every.add((token.lot, token.supplier))
    located = locate(workbook)
    for place in range(1, keys.SUPPLIERS + 1):
        code, name = (located.content(keys.supplier_key(place), column) for column in ("CODE", "NAME"))
        if code and name:
            names[str(code).upper()] = str(name)
    return Expected(MappingProxyType(names), frozenset(every))


# --- What came back ---------------------------------------------------------------------------------------------


def _by_content(folder: CampaignFolder) -> dict[Path, tuple[Receipt, ...]]:
    """Every stored file with all its receipts, in the order of its hash."""
    groups: dict[Path, list[Receipt]] = {}
    for receipt, path in receipts(folder):
        groups.setdefault(path, []).append(receipt)
    return {path: tuple(groups[path]) for path in sorted(groups)}


@dataclass(frozen=True)
class _Kept:
    """What was read in one file, as it is kept."""

    key: str
    token: Token | None
    identity: Identity
    answers: dict[str, Answer]
    findings: list[tuple[str, Place, list[tuple[str, Any]]]]
    unread: Standing | None = None


_KEPT: Final = TypeAdapter(_Kept)


@dataclass
class _Shelf:
    """Where files are read, each once."""

    folder: CampaignFolder
    ledger: Ledger
    read_now: int = 0
    _built: dict[tuple[str, str, bool], Constants] = field(default_factory=dict)

    def arrived(self, path: Path, came: tuple[Receipt, ...]) -> Arrived:
        """Give what stands in a stored file, read now or known."""
        key = self._key(came)
        kept = self._known(path, key)
        if kept is None:
            self.read_now += 1
            # Through its stored form, so that what is read now and what was kept are the same to the letter.
            text = _KEPT.dump_json(self._read(path, came, key))
            write_atomically(self._place(path), text, lasting=False)
            kept = _KEPT.validate_json(text)
        findings = tuple(Finding(code, place, tuple(map(tuple, facts))) for code, place, facts in kept.findings)
        if kept.unread is not None:
            return Arrived(came, None, kept.unread, findings)
        returned = Return(came[0], kept.token, kept.identity, MappingProxyType(kept.answers))
        return Arrived(came, Checked(returned, findings))

    def _place(self, path: Path) -> Path:
        return self.folder.path / "cache" / f"{path.stem}.json"

    def _key(self, came: Iterable[Receipt]) -> str:
        """Everything but the bytes that what is read depends on."""
        records = sorted(issue.fingerprint for issues in self.ledger.issues.values() for issue in issues)
        outside = sorted({text for one in came for text in (one.name, one.subject)})
        text = json.dumps([CACHE_FORMAT, __version__, records, outside])
        return hashlib.sha256(text.encode()).hexdigest()

    def _known(self, path: Path, key: str) -> _Kept | None:
        """What was kept of a file, if the file is still there and was read in the same way."""
        place = self._place(path)
        if not place.exists() or not path.exists():
            return None
        try:
            kept = _KEPT.validate_json(place.read_bytes())
        except ValidationError:
            return None
        return kept if kept.key == key else None

    def _read(self, path: Path, came: tuple[Receipt, ...], key: str) -> _Kept:
        """Read a stored file; one that cannot be read is a finding."""
        receipt, nobody = came[0], Identity()
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != receipt.sha256:
            changed = found("R309", Place(file=receipt.name), sha256=receipt.sha256[:12])
            return _Kept(key, None, nobody, {}, [_told(changed)], Standing.UNREADABLE)
        try:
            workbook = read_cells(path)
        except Fault as fault:
            facts = {**fault.facts, "path": receipt.name}
            return _Kept(key, None, nobody, {}, [_told(found(fault.code, None, **facts))], Standing.UNREADABLE)
        outside = tuple(text for one in came[1:] for text in (one.name, one.subject))
        read = read_return(workbook, receipt, self.ledger, self._constants, outside)
        value = read.value
        return _Kept(key, value.token, value.identity, dict(value.answers), [_told(one) for one in read.findings])

    def _constants(self, issue: Issue, language: str, addressed: bool) -> Constants:  # noqa: FBT001 - as Built says
        build = (issue.fingerprint, language, addressed)
        if build not in self._built:
            self._built[build] = load_constants(
                self.folder, issue.subject, issue.fingerprint, language, addressed=addressed
            )
        return self._built[build]


def _told(finding: Finding) -> tuple[str, Place, list[tuple[str, Any]]]:
    return finding.code, finding.place, list(finding.facts)
