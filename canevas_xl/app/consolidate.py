"""Owns the use case *consolidate*: everything that came back is read, sorted and judged, with what was decided.

Nothing is looked at but the register, the frozen records and the received files; of ``campagne.xlsx``, only the names
of suppliers and the sheet of decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.collect import receipts
from canevas_xl.app.decide import decisions_told, register_rows
from canevas_xl.app.reading import Progress, Shelf, ledger_of
from canevas_xl.canvas.seal import OPEN, read_token
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.intake.decisions import contradicted_rows, decisions_in, read_rows, unknown_decisions
from canevas_xl.intake.identify import Ledger
from canevas_xl.intake.locate import locate
from canevas_xl.intake.standing import Arrived, Expected, consolidate
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.cells import Workbook
from canevas_xl.model.offer import Receipt, Standing
from canevas_xl.model.vocabulary import Phase

__all__ = ["Consolidated", "Progress", "consolidate_campaign"]


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
        return any(one.waits for one in self.consolidation.said) or any(one.blocks for one in self.findings)


def consolidate_campaign(
    folder: CampaignFolder,
    now: datetime,
    *,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Consolidated:
    """Read what came back, sort it, judge it, apply what was decided; the same again gives the same.

    In a consultation no file is opened before the deadline: each then stands as *not yet*.

    Args:
        folder: the campaign's.
        now: the clock: only the deadline of a consultation is compared with it.
        progress: told after each file.
        executor: where files are read that were not yet; this process, where there is none.

    Raises:
        WrongUse: S403, nothing was issued; X108, there is no campaign in the folder.
        Fault: the register, a record or the campaign's workbook cannot be read, or the folder cannot be written.
            A file that came back and cannot be read is a finding.
    """
    if not folder.workbook.exists():
        raise WrongUse("X108", path=str(folder.path))
    ledger = ledger_of(folder)
    until = _sealed_until(ledger, now)
    shelf, files = Shelf(folder, ledger, executor), _by_content(folder)
    if until is None:
        arrived = tuple(shelf.arrived(files, progress or (lambda _, __: None)))
    else:
        arrived = tuple(Arrived(came, None, Standing.NOT_YET) for came in files.values())
    workbook = read_cells(folder.workbook)
    expected = _expected(folder, ledger, workbook)

    def sorted_out() -> Consolidation:
        told = [event for events in decisions_told(folder).values() for event in events]
        return consolidate(arrived, ledger, expected, decisions_in(told))

    rows, consolidation = read_rows(workbook), sorted_out()
    against = list(contradicted_rows(rows.value, consolidation, expected.names))
    sound = [row for row in rows.value if row not in [one for one, _ in against]]
    if register_rows(folder, sound, now):
        consolidation = sorted_out()
    findings = (*rows.findings, *(told for _, told in against), *unknown_decisions(sound, consolidation.said))
    return Consolidated(consolidation, ledger, findings, until, len(files), shelf.read_now)


def _sealed_until(ledger: Ledger, now: datetime) -> datetime | None:
    """The deadline before which nothing may be read; None where there is none, or it is past."""
    campaigns = [ledger.last(lot, round_).subject.campaign for lot, round_ in ledger.last_rounds.items()]
    waiting = [one.deadline for one in campaigns if one.phase is Phase.CONSULTATION and now < one.deadline]
    return max(waiting, default=None)


def _by_content(folder: CampaignFolder) -> dict[Path, tuple[Receipt, ...]]:
    """Every stored file with all its receipts, in the order of its hash."""
    groups: dict[Path, list[Receipt]] = {}
    for receipt, path in receipts(folder):
        groups.setdefault(path, []).append(receipt)
    return {path: tuple(groups[path]) for path in sorted(groups)}


def _expected(folder: CampaignFolder, ledger: Ledger, workbook: Workbook) -> Expected:
    """Who is asked, from the register; how the buyer calls them now, else as they were called at issue."""
    names: dict[str, str] = {}
    last: dict[tuple[int, str], Mapping[str, Any]] = {}
    for event in folder.events():
        token = read_token(str(event.get("token", ""))) if event["kind"] in {"issued", "replaced"} else None
        if token is None or token.supplier == OPEN or token.round != ledger.last_rounds.get(token.lot):
            continue
        whose = (token.lot, token.supplier)
        if event["kind"] == "issued":
            names[token.supplier] = str(event.get("supplier", ""))
            last[whose] = event
        elif whose in last and _at(event) > _at(last[whose]):
            last[whose] = event
    every = {whose for whose, event in last.items() if event["kind"] == "issued" or _lies_ready(folder, event)}
    located = locate(workbook)
    for place in range(1, keys.SUPPLIERS + 1):
        code, name = (located.content(keys.supplier_key(place), column) for column in ("CODE", "NAME"))
        if code and name:
            names[str(code).upper()] = str(name)
    return Expected(MappingProxyType(names), frozenset(every))


def _at(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(event["at"]))


def _lies_ready(folder: CampaignFolder, replaced: Mapping[str, Any]) -> bool:
    """Say whether a copy that was set aside lies in the outbox again: its supplier is asked once more."""
    return (folder.outbox / str(replaced.get("file", ""))).is_file()
