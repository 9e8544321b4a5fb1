"""Owns what lies in the paths that a buyer gives: folders, archives, messages and mailboxes, down to single files.

Everything is bounded, and what is beyond a bound is said; nothing that is found is opened further than to learn
whether it holds other files.
"""

from __future__ import annotations

import mmap
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from canevas_xl.adapters.mail.archives import is_junk, unzip
from canevas_xl.adapters.mail.contents import LARGEST_FILE, MIB, Content, Kind, content_of
from canevas_xl.adapters.mail.read import Attachment, Mail, Trouble, read_mail, split_mailbox, tidy
from canevas_xl.findings.finding import Finding, Place, found

LARGEST_MESSAGE: Final = 60 * MIB
MOST_FILES: Final = 20_000
MOST_FOLDERS_DEEP: Final = 12
_HEAD: Final = 16_384
_WITHOUT_FILE: Final = Content(Kind.MESSAGE, ".eml")
_NOT_ALL_TAKEN: Final = Content(Kind.OTHER, ".eml")


class Clock(StrEnum):
    """Who says when something came."""

    SERVER = "server"
    """The last mail server that took it."""
    SENDER = "sender"
    FILE = "file"
    """The disk: when the file was last written."""
    STATED = "stated"
    """The buyer."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from."""

    label: str
    """What the buyer gave: a file's name."""
    identity: str
    """Tells this way of coming from any other: ``file:<name>`` or ``mail:<Message-ID>``."""
    received: datetime
    """Naive where a message states no time zone."""
    clock: Clock
    sender: str = ""
    subject: str = ""
    forwarded: bool = False
    notice: bool = False
    """A server's notice, or an automatic answer: what is in it is no answer of a supplier's."""

    @property
    def by_mail(self) -> bool:
        """Say whether a message brought it."""
        return self.identity.startswith("mail:")


@dataclass(frozen=True, slots=True)
class Piece:
    """One file that came."""

    name: str
    data: bytes
    content: Content
    origin: Origin

    @property
    def may_be_workbook(self) -> bool:
        """Say whether its first bytes, and how it came, allow it to be an answer."""
        return self.content.kind is Kind.WORKBOOK and not self.origin.notice


Found = Iterator[Piece | Finding]


def files_under(paths: Iterable[Path], skipped: Collection[Path] = ()) -> Iterator[Path | Finding]:
    """Give the files of the paths, folders opened in order of name; what is in ``skipped`` only if named itself."""
    hidden = {path.resolve() for path in skipped}
    count = 0
    for path in paths:
        for one in _under(path, hidden, 0) if path.is_dir() else (path,):
            count += isinstance(one, Path)
            if count > MOST_FILES:
                yield found("M426", Place(file=str(path)))
                return
            yield one


def _under(folder: Path, hidden: set[Path], depth: int) -> Iterator[Path | Finding]:
    if depth > MOST_FOLDERS_DEEP:
        yield found("M426", Place(file=str(folder)))
        return
    try:
        inside = sorted(folder.iterdir())
    except OSError as problem:
        yield _cannot_open(folder, problem)
        return
    for path in inside:
        if is_junk(path.name) or path.resolve() in hidden:
            continue
        if path.is_dir():
            # A link to a folder may lead back to where one is.
            yield from () if path.is_symlink() else _under(path, hidden, depth + 1)
        else:
            yield path


def pieces(path: Path) -> Found:
    """Give every file that a file is, or holds; findings name what could not be taken."""
    try:
        stated = path.stat()
        origin = Origin(path.name, f"file:{path.name}", datetime.fromtimestamp(stated.st_mtime, UTC), Clock.FILE)
        if not path.is_file():
            return
        if stated.st_size <= LARGEST_FILE:
            yield from _sorted(tidy(path.name), path.read_bytes(), origin)
        else:
            yield from _large(path, stated.st_size, origin)
    except OSError as problem:
        yield _cannot_open(path, problem)


def _cannot_open(path: Path, problem: OSError) -> Finding:
    return found("M428", Place(file=path.name), reason=problem.strerror or type(problem).__name__)


def _large(path: Path, size: int, origin: Origin) -> Found:
    """Only messages and mailboxes may be larger than what is taken out of them."""
    with path.open("rb") as stream:
        kind = content_of(stream.read(_HEAD)).kind
        if kind is Kind.MAILBOX:
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield from _mailbox(data, origin)
            return
    if kind is Kind.MESSAGE and size <= LARGEST_MESSAGE:
        yield from _message(path.read_bytes(), origin)
    else:
        yield _too_large(origin, path.name)


def _sorted(name: str, data: bytes, origin: Origin, *, opened: bool = False) -> Found:
    """Open what holds other files; ``opened``: an archive inside another stays shut."""
    content = content_of(data)
    if content.kind is Kind.MAILBOX:
        yield from _mailbox(data, origin)
    elif content.kind is Kind.MESSAGE:
        yield from _message(data, origin)
    elif content.kind is Kind.ARCHIVE and not opened:
        yield from _archive(name, data, origin)
    else:
        yield Piece(name, data, content, origin)


def _archive(name: str, data: bytes, origin: Origin) -> Found:
    members = unzip(data)
    nested = [inside for inside, content in members.files if content_of(content).kind is Kind.ARCHIVE]
    shut = [tidy(one) or name for one in (*members.refused, *nested)]
    if shut:
        yield found("M429", Place(file=origin.label), archive=name, names=shut)
        yield Piece(name, data, Content(Kind.ARCHIVE, ".zip"), origin)
    elif not members.files:
        yield Piece(name, data, Content(Kind.EMPTY, ".zip"), origin)
    for inside, content in members.files:
        last = tidy(inside.replace("\\", "/").rpartition("/")[2])
        identity = origin.identity if origin.by_mail else f"{origin.identity}/{inside}"
        if inside not in nested:
            yield from _sorted(last, content, replace(origin, identity=identity), opened=True)


def _mailbox(data: bytes | mmap.mmap, origin: Origin) -> Found:
    for message in split_mailbox(data):
        if len(message) > LARGEST_MESSAGE:
            yield _too_large(origin, origin.label)
        else:
            yield from _message(message, origin)


def _message(data: bytes, origin: Origin) -> Found:
    mail = read_mail(data)
    outer = _mail_origin(mail, origin)
    place = Place(file=origin.label, key=outer.subject)
    yield from _said_of(mail, place)
    for number, one in enumerate(mail.attachments, 1):
        envelope = one.envelope
        inner = replace(outer, sender=envelope.sender, subject=envelope.subject, forwarded=one.forwarded)
        yield from _sorted(_named(one, number), one.data, inner)
    if mail.troubles or mail.undelivered or mail.too_large:
        yield from _whole(data, outer, _NOT_ALL_TAKEN)
    elif not mail.attachments:
        yield from _whole(data, outer, _WITHOUT_FILE)


def _named(one: Attachment, number: int) -> str:
    return one.name or f"{number}{content_of(one.data).extension}"


def _mail_origin(mail: Mail, around: Origin) -> Origin:
    envelope = mail.envelope
    received, clock = around.received, around.clock
    if envelope.received is not None:
        received, clock = envelope.received, Clock.SERVER
    elif envelope.stated is not None:
        received, clock = envelope.stated, Clock.SENDER
    return Origin(
        label=around.label,
        identity=f"mail:{envelope.identity}",
        received=received,
        clock=clock,
        sender=envelope.sender,
        subject=envelope.subject,
        notice=bool(mail.undelivered),
    )


def _said_of(mail: Mail, place: Place) -> Iterator[Finding]:
    if mail.undelivered:
        yield found("M434", place, names=mail.undelivered)
    if mail.too_large:
        yield found("M425", place, limit=LARGEST_FILE // MIB, names=mail.too_large)
    if Trouble.SEALED in mail.troubles:
        yield found("M423", place)
    if Trouble.TOO_MUCH in mail.troubles:
        yield found("M426", place)
    recovered = sum(one.recovered for one in mail.attachments)
    if recovered:
        yield found("M440", place, count=recovered)


def _whole(data: bytes, origin: Origin, content: Content) -> Found:
    """Keep the message itself: it is all there is, or holds what could not be taken."""
    if len(data) <= LARGEST_FILE:
        yield Piece(tidy(f"{origin.subject or origin.label}.eml"), data, content, origin)
    else:
        yield _too_large(origin, origin.label)


def _too_large(origin: Origin, name: str) -> Finding:
    return found("M425", Place(file=origin.label), limit=LARGEST_FILE // MIB, names=[name])
