"""Owns the use case *collect*: what came back is stored under its hash and registered; nothing is read yet.

The bytes are stored before the register tells of them, so that a run that is cut short leaves at worst a file of
which nothing is said, and the next run says it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from canevas_xl.adapters.mail.contents import Kind
from canevas_xl.adapters.mail.drops import Clock, Piece, files_under, pieces
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.app.send import drafts_folder
from canevas_xl.app.subjects import open_campaign
from canevas_xl.canvas.seal import read_token
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.offer import FILE, MAIL, Receipt
from canevas_xl.model.vocabulary import Phase
from canevas_xl.report.live import RESULTS

RECEIVED: Final = "received"
OTHER: Final = "received_other"
NAMED: Final = 8
"""Names said in one finding; all of them stand in the register."""
_LONGEST_NAME: Final = 36
_NAMED_OTHERS: Final = {
    **dict.fromkeys((".pdf", ".png", ".jpg", ".gif", ".bmp", ".tif", ".heic", ".webp"), "M445"),
    **dict.fromkeys((".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".cab", ".tar", ".asc", ".p7m"), "M447"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".txt", ".ppt", ".pptx", ".vsdx"), "M448"),
}
"""What is said of files that are no workbooks, by what their bytes say they are."""
_NAMED_KINDS: Final = {Kind.MESSAGE: "M424", Kind.PAGE: "M446", Kind.LINK: "M449", Kind.PROGRAM: "M450"}
_SLACK: Final = timedelta(minutes=10)
"""Clocks of servers differ by so much."""


class State(StrEnum):
    """What a run makes of a file."""

    NEW = "new"
    KNOWN = "known"
    """The same file came the same way before: nothing is registered again."""
    TWIN = "twin"
    """The same bytes came another way before."""
    CORRECTED = "corrected"
    """Known, but the buyer now states another time of receipt."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that came, as the register knows it."""

    receipt: Receipt
    label: str
    """Whose canvas its name says it is, or its name."""
    stored: Path
    clock: Clock
    state: State
    workbook: bool
    """It may be an answer; otherwise it is kept and not read."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What came, and what is said of it."""

    taken: tuple[Taken, ...]
    findings: tuple[Finding, ...]
    sealed_until: datetime | None
    """In a consultation, the deadline before which nothing is read; None where one may consolidate."""

    @property
    def blocked(self) -> bool:
        """Say whether something could not be taken."""
        return any(finding.blocks for finding in self.findings)


def inbox(folder: CampaignFolder) -> Path:
    """Where what came lies, under its hash."""
    return folder.path / "recus"


def receipts(folder: CampaignFolder) -> tuple[tuple[Receipt, Path], ...]:
    """Every receipt of a workbook that the register tells of, with where its bytes lie, in order of time.

    Where the buyer stated another time for a receipt, the last statement counts.

    Raises:
        Fault: X106, a file of the register cannot be read.
    """
    last = {_way(event): event for event in folder.events() if event["kind"] == RECEIVED}
    told = [(_receipt(event), inbox(folder) / str(event["file"])) for event in last.values()]
    return tuple(sorted(told, key=lambda one: (one[0].received, one[0].sha256, one[0].name)))


def collect(
    folder: CampaignFolder, paths: Sequence[Path], now: datetime, received: datetime | None = None
) -> Collected:
    """Store and register what lies in ``paths``; the same again changes nothing.

    Args:
        folder: the campaign's.
        paths: files, folders (with all that is in them), archives, messages, mailboxes.
        now: the clock, with its time zone.
        received: when they came, as the buyer says; taken where no mail server says it. Naive: in the campaign's
            zone.

    Raises:
        WrongUse: there is no campaign in the folder, or no such path; nothing is stored then.
        Fault: the folder cannot be written.
    """
    opened = open_campaign(folder, now)
    for path in paths:
        if not path.exists():
            raise WrongUse("X121", path=str(path))
    campaign = opened.campaign
    zone = campaign.deadline.tzinfo if campaign is not None else now.tzinfo
    suppliers = {one.code: one.name for one in campaign.suppliers} if campaign is not None else {}
    desk = _Desk(folder, now, zone or now.tzinfo, received, suppliers)
    for file in files_under(paths, _own(folder)):
        for one in (file,) if isinstance(file, Finding) else pieces(file):
            desk.take(one, named=file in paths)
    findings = [*desk.findings, *desk.summed_up()]
    until = None
    if campaign is not None and campaign.phase is Phase.CONSULTATION and now < campaign.deadline:
        until = campaign.deadline
        findings.append(found("M433", until=until))
    return Collected(tuple(desk.taken), tuple(findings), until)


def _own(folder: CampaignFolder) -> tuple[Path, ...]:
    """What this program wrote in the campaign's folder: no answer lies there."""
    made = (folder.outbox, folder.frozen, folder.register, inbox(folder), drafts_folder(folder))
    return (*made, folder.reference(1).parent, folder.workbook, folder.path / RESULTS)


@dataclass
class _Desk:
    """Where files are stored and registered, one after the other."""

    folder: CampaignFolder
    now: datetime
    zone: tzinfo | None
    stated: datetime | None
    suppliers: Mapping[str, str]
    """Names by code."""
    taken: list[Taken] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _known: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    _hashes: set[str] = field(default_factory=set)
    _issued: set[str] = field(default_factory=set)
    _names: dict[str, dict[str, None]] = field(default_factory=dict)
    """Names by code of the finding that will tell them together."""

    def __post_init__(self) -> None:
        """Read what the register knows."""
        for event in self.folder.events():
            if event["kind"] in {RECEIVED, OTHER}:
                self._know(event)
            elif event["kind"] == "issued":
                self._issued.add(str(event.get("sha256")))

    def take(self, one: Piece | Finding, *, named: bool) -> None:
        """Store and register one file; ``named``: the buyer gave its path itself, not that of a folder around it."""
        if isinstance(one, Finding):
            self.findings.append(one)
            return
        digest = hashlib.sha256(one.data).hexdigest()
        stored = inbox(self.folder) / f"{digest}{one.content.extension}"
        if not stored.is_file() or stored.stat().st_size != len(one.data):
            write_atomically(stored, one.data)
        facts = self._facts(one, digest, stored.name)
        state = self._register(RECEIVED if one.may_be_workbook else OTHER, facts, named=named)
        known = self._known[_way(facts)]
        self._say(one, known, state)
        if state is State.KNOWN and _restates(facts, known):
            self._note("M443", one)
        label = _label(one.name, self.suppliers)
        self.taken.append(Taken(_receipt(known), label, stored, Clock(known["clock"]), state, one.may_be_workbook))

    def summed_up(self) -> list[Finding]:
        """Findings that many files share, each once, with the names."""
        if not self.taken and not self.findings:
            return [found("M439")]
        told = []
        for code in sorted(self._names):
            names = list(self._names[code])
            shown = names[:NAMED] + ["…"] * (len(names) > NAMED)
            told.append(found(code, count=len(names), names=shown))
        return told

    def _facts(self, one: Piece, digest: str, stored: str) -> dict[str, Any]:
        received, clock = self._moment(one)
        origin = one.origin
        return {
            "sha256": digest, "file": stored, "name": one.name, "size": len(one.data),
            "received": received.isoformat(), "clock": clock.value, "source": MAIL if origin.by_mail else FILE,
            "sender": origin.sender, "subject": origin.subject, "origin": origin.identity,
        }  # fmt: skip

    def _moment(self, one: Piece) -> tuple[datetime, Clock]:
        """When it came, in the campaign's zone: a server says it best, then the buyer."""
        received, clock = one.origin.received, one.origin.clock
        if self.stated is not None and (clock is not Clock.SERVER or one.origin.forwarded):
            received, clock = self.stated, Clock.STATED
        zoned = received if received.tzinfo is not None else received.replace(tzinfo=self.zone)
        return zoned.astimezone(self.zone), clock

    def _register(self, kind: str, facts: dict[str, Any], *, named: bool) -> State:
        """Tell the register, unless it knows; a time is stated anew only of what the buyer names itself."""
        known = self._known.get(_way(facts))
        state = State.TWIN if facts["sha256"] in self._hashes else State.NEW
        if known is not None:
            if not named or not _restates(facts, known):
                return State.KNOWN
            state = State.CORRECTED
            facts["corrects"] = known["received"]
        facts["twin"] = known["twin"] if known is not None else state is State.TWIN
        self.folder.add_event(Event(kind, self.now, facts))
        self._know(facts)
        return state

    def _know(self, event: Mapping[str, Any]) -> None:
        self._known[_way(event)] = event
        self._hashes.add(str(event["sha256"]))

    def _say(self, one: Piece, known: Mapping[str, Any], state: State) -> None:
        """Note what is to be said of one file; alike things are said together."""
        kind, clock = one.content.kind, Clock(known["clock"])
        if state is State.TWIN:
            self._note("M436", one)
        if state is State.CORRECTED:
            before, after = (datetime.fromisoformat(known[name]) for name in ("corrects", "received"))
            self.findings.append(found("M441", Place(file=one.name), before=before, after=after))
        if not one.may_be_workbook:
            if not one.origin.notice:
                self._say_other(one, kind)
            return
        if known["sha256"] in self._issued:
            self._note("M435", one)
        if one.origin.forwarded and clock is Clock.SERVER:
            self._note("M432", one)
        if clock in {Clock.SENDER, Clock.FILE}:
            self._note("M430" if clock is Clock.SENDER else "M431", one)
        if self.stated is not None and clock is Clock.SERVER:
            self._note("M437", one)
        if _time(known) > self.now + _SLACK:
            self._note("M438", one)

    def _say_other(self, one: Piece, kind: Kind) -> None:
        # What is in archives and messages that are kept whole was said where they were opened.
        alone = {Kind.OUTLOOK: "M421", Kind.TNEF: "M422", Kind.EMPTY: "M427"}
        if kind in alone:
            self.findings.append(found(alone[kind], Place(file=one.origin.label), names=[one.name]))
        elif kind in _NAMED_KINDS:
            self._note(_NAMED_KINDS[kind], one)
        elif kind is not Kind.ARCHIVE and one.content.extension != ".eml":
            self._note(_NAMED_OTHERS.get(one.content.extension, "M420"), one)

    def _note(self, code: str, one: Piece) -> None:
        short = _label(one.name, self.suppliers)
        self._names.setdefault(code, {})[f"{short} ({one.origin.sender})" if one.origin.sender else short] = None


def _way(event: Mapping[str, Any]) -> tuple[str, str]:
    """The bytes and how they came: what makes a receipt the same."""
    return str(event["sha256"]), str(event["origin"])


def _restates(facts: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Say whether the buyer states another time than the register knows."""
    return bool(facts["clock"] == Clock.STATED and _time(facts) != _time(known))


def _label(name: str, suppliers: Mapping[str, str]) -> str:
    """What to call a file: whose canvas its name says it is, else the name, cut in its middle where it is long."""
    token = read_token(name)
    if token is not None:
        return f"{suppliers.get(token.supplier, token.supplier)}, L{token.lot} R{token.round}"
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[-half:]}"


def _time(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(event["received"]))


def _receipt(event: Mapping[str, Any]) -> Receipt:
    return Receipt(
        sha256=str(event["sha256"]),
        name=str(event["name"]),
        size=int(event["size"]),
        received=_time(event),
        source=str(event["source"]),
        sender=str(event["sender"]),
        subject=str(event["subject"]),
    )
