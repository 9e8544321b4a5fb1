"""Owns the reading of stored files: each once, alone or beside others, and what was read in it kept by its hash.

What is kept lies in ``DIR/cache`` and may be deleted at any time. Reading one file depends on nothing but its bytes,
the names under which they came, the records and the program: so files are read in any order, and in other processes.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from canevas_xl import __version__
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.returned import read_returned
from canevas_xl.app.constants import load_constants
from canevas_xl.app.processes import PATIENCE, in_turn, one_by_one
from canevas_xl.app.records import read_record
from canevas_xl.canvas.seal import is_ours, read_token
from canevas_xl.canvas.workbook.asked import asked
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.issued import Constants
from canevas_xl.intake.returns import read_return
from canevas_xl.intake.standing import Arrived
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.answer import Answer
from canevas_xl.model.canvas import Canvas, Token
from canevas_xl.model.dialogue import SILENT, Dialogue
from canevas_xl.model.offer import Change, Identity, Receipt, Return, Standing

NOTHING_ISSUED: Final = "S403"
DIED: Final = "X140"
FORMAT: Final = 7
"""Of what is kept; another one is read again."""
Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""
Files = Mapping[Path, tuple[Receipt, ...]]
"""Stored files, each with all its receipts."""


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
    record = read_record(path)
    subject, fingerprint = record.subject, record.fingerprint
    items = asked(Canvas(subject, subject.campaign.language, fingerprint)).items
    return Issue(
        subject=subject,
        fingerprint=fingerprint,
        erratum=erratum,
        asked=MappingProxyType({item.key: item.consequence for item in items if not item.locked}),
        fixed=frozenset(item.key for item in items if item.locked),
    )


# --- One file ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kept:
    """What was read in one file, as it is kept."""

    key: str
    token: Token | None
    identity: Identity
    answers: dict[str, Answer]
    findings: list[tuple[str, Place, list[tuple[str, Any]]]]
    unread: Standing | None = None
    dialogue: Dialogue = SILENT
    changes: tuple[Change, ...] = ()


_KEPT: Final = TypeAdapter(_Kept)


@dataclass(frozen=True)
class _Job:
    """One file to read, in this process or another."""

    folder: CampaignFolder
    issued: str
    """Hash of the records."""
    path: Path
    came: tuple[Receipt, ...]
    key: str

    @property
    def mark(self) -> Path:
        """An empty file that stands while this one is read."""
        return self.folder.cache / f"{self.path.stem}.lecture"


def _done(job: _Job) -> bytes:
    """Read one file; give the form that is kept."""
    with _begun(job), uncollected():
        return _KEPT.dump_json(_reader(job.folder, job.issued).read(job.path, job.came, job.key))


@contextmanager
def _begun(job: _Job) -> Iterator[None]:
    """Leave a mark while a file is read: one that stays says that the program ended over it, or was ended."""
    with suppress(OSError):
        job.mark.parent.mkdir(exist_ok=True)
        job.mark.touch()
    yield
    with suppress(OSError):
        job.mark.unlink(missing_ok=True)


def _died(job: _Job) -> bytes:
    """Say that a file ended the process which read it.

    Kept without a key, it is read again the next time: somebody else may have ended the process.
    """
    return _KEPT.dump_json(_unread("", found(DIED, None, path=job.came[0].name, reason=f"signal, > {PATIENCE:g} s")))


@contextmanager
def uncollected() -> Iterator[None]:
    """Put off looking for cycles while one file is read.

    Its cells are thousands of values and no cycle: the collector would walk through all of them again and again, for
    a sixth of the time, and find nothing. They go when the last name of them does.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@lru_cache(maxsize=1)
def _reader(folder: CampaignFolder, issued: str) -> _Reader:  # noqa: ARG001 - the hash tells apart what changed
    """The reader of a process, made once for all its files."""
    return _Reader(folder, ledger_of(folder))


@dataclass
class _Reader:
    """What reading needs besides the file."""

    folder: CampaignFolder
    ledger: Ledger
    built: dict[tuple[str, str, bool], Constants] = field(default_factory=dict)

    def read(self, path: Path, came: tuple[Receipt, ...], key: str) -> _Kept:
        """Read a stored file; one that cannot be read is a finding."""
        receipt = came[0]
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != receipt.sha256:
            return _unread(key, found("R309", Place(file=receipt.name), sha256=receipt.sha256[:12]))
        try:
            seen = read_returned(path)
        except Fault as fault:
            return _unread(key, found(fault.code, None, **{**fault.facts, "path": receipt.name}))
        outside = tuple(text for one in came[1:] for text in (one.name, one.subject))
        read = read_return(seen.value, receipt, self.ledger, self._constants, outside)
        value = read.value
        told = [_told(one) for one in (*(_of(one, receipt) for one in seen.findings), *read.findings)]
        return _Kept(key, value.token, value.identity, dict(value.answers), told, None, value.dialogue, value.changes)

    def _constants(self, issue: Issue, language: str, addressed: bool) -> Constants:  # noqa: FBT001 - as Built says
        build = (issue.fingerprint, language, addressed)
        if build not in self.built:
            subject, mark = issue.subject, issue.fingerprint
            self.built[build] = load_constants(self.folder, subject, mark, language, addressed=addressed)
        return self.built[build]


def _of(finding: Finding, receipt: Receipt) -> Finding:
    """Say it of the file as it was called when it came, not of its hash."""
    return found(finding.code, finding.place, **{**dict(finding.facts), "path": receipt.name})


def _unread(key: str, finding: Finding) -> _Kept:
    return _Kept(key, None, Identity(), {}, [_told(finding)], Standing.UNREADABLE)


def _told(finding: Finding) -> tuple[str, Place, list[tuple[str, Any]]]:
    return finding.code, finding.place, list(finding.facts)


# --- All files --------------------------------------------------------------------------------------------------


@dataclass
class Shelf:
    """Where files are read, each once."""

    folder: CampaignFolder
    ledger: Ledger
    executor: Executor | None = None
    """Where files are read that were not yet; this process, where there is none."""
    read_now: int = 0

    def arrived(self, files: Files, progress: Progress) -> Iterator[Arrived]:
        """Give what stands in each file, read now or known, in order.

        Raises:
            Fault: the cache cannot be written.
        """
        known = {path: self._known(path, came) for path, came in files.items()}
        jobs = [self._job(path, came) for path, came in files.items() if known[path] is None]
        self.read_now = len(jobs)
        # A file over which the program once ended is read apart from then on, so that it cannot end this one again.
        marked = {job.path for job in jobs if job.mark.exists()}
        apart = one_by_one(_done, [job for job in jobs if job.path in marked], _died)
        others = [job for job in jobs if job.path not in marked]
        read = in_turn(_done, others, self.executor, _died) if self.executor else map(_done, others)
        for done, (path, came) in enumerate(files.items(), 1):
            kept = known[path]
            if kept is None:
                # Through its stored form, so that what is read now and what was kept are the same to the letter.
                text = next(apart if path in marked else read)
                write_atomically(self._place(path), text, lasting=False)
                kept = _KEPT.validate_json(text)
            progress(done, len(files))
            yield _arrived(kept, came)

    def _job(self, path: Path, came: tuple[Receipt, ...]) -> _Job:
        return _Job(self.folder, self._issued, path, came, self._key(came))

    def _place(self, path: Path) -> Path:
        return self.folder.cache / f"{path.stem}.json"

    @cached_property
    def _issued(self) -> str:
        """Hash of what was issued, and of the program: the same for all files."""
        records = sorted(issue.fingerprint for issues in self.ledger.issues.values() for issue in issues)
        return _hash([FORMAT, __version__, records])

    def _key(self, came: tuple[Receipt, ...]) -> str:
        """Everything but the bytes that what is read depends on."""
        return _hash([self._issued, sorted({text for one in came for text in (one.name, one.subject)})])

    def _known(self, path: Path, came: tuple[Receipt, ...]) -> _Kept | None:
        """What was kept of a file, if the file is still there and was read in the same way."""
        place = self._place(path)
        if not place.exists() or not path.exists():
            return None
        try:
            kept = _KEPT.validate_json(place.read_bytes())
        except ValidationError:
            return None
        return kept if kept.key == self._key(came) else None


def _hash(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _arrived(kept: _Kept, came: tuple[Receipt, ...]) -> Arrived:
    findings = tuple(Finding(code, place, tuple(map(tuple, facts))) for code, place, facts in kept.findings)
    if kept.unread is not None:
        return Arrived(came, None, kept.unread, findings)
    answers = MappingProxyType(kept.answers)
    returned = Return(came[0], kept.token, kept.identity, answers, kept.dialogue, kept.changes)
    return Arrived(came, Checked(returned, findings))
