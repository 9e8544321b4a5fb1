"""Owns taking received messages apart: who, when, and every file in them, however broken or nested they are.

A message is material to judge: nothing in it is obeyed, and no form of it makes this stop. The stages are the tree
of its parts; messages inside (forwarded ones); and the raw text, where a file can still be found when the tree is
broken.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr, parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

from canevas_xl.adapters.mail.contents import FROM_LINE, LARGEST_FILE, Kind, content_of

MOST_PARTS: Final = 2_000
MOST_LEVELS: Final = 60
"""Parts inside one another; honest messages need fewer than ten."""
MOST_WORK: Final = 30_000_000
"""Of the parser, about two seconds: it compares each line with the marks of all parts around it."""
LONGEST_TEXT: Final = 200
"""Characters kept of a name, a subject or an address."""
_YEARS: Final = range(1990, 2200)
_SIGNATURES: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_NEVER_A_BODY: Final = frozenset({Kind.WORKBOOK, Kind.ARCHIVE, Kind.OUTLOOK, Kind.TNEF, Kind.PROGRAM})
"""What is a file wherever it stands in a message; anything else may be its text, as a page or a lone address is."""
_SEALED: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_BASE64_FILE: Final = re.compile(rb"(?m)^[ \t]*((?:UEsDB|0M8R4KGx)[A-Za-z0-9+/]*(?:\r?\n[ \t]*[A-Za-z0-9+/]+)*={0,2})")
"""What zips and older workbooks begin with, as base64 writes it."""


class Trouble(StrEnum):
    """Why a message may hold more than was found."""

    SEALED = "sealed"
    """Encrypted, or signed in a way that wraps the whole."""
    TOO_MUCH = "too_much"
    """Too many parts, or too deep inside one another."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who a message came from, and when."""

    identity: str = ""
    """Its Message-ID, or a hash of it."""
    sender: str = ""
    """Address of the author."""
    subject: str = ""
    received: datetime | None = None
    """When the last server took it, as its topmost readable ``Received`` says; naive where that states no zone."""
    stated: datetime | None = None
    """When its sender says it was written."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file of a message."""

    name: str
    """Empty where it has none."""
    data: bytes
    envelope: Envelope
    """Of the message that it stood in, which may be inside another."""
    forwarded: bool = False
    recovered: bool = False
    """Found in the raw text, because the message is broken."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A message taken apart."""

    envelope: Envelope
    attachments: tuple[Attachment, ...]
    too_large: tuple[str, ...] = ()
    """Names of attachments over the bound."""
    troubles: tuple[Trouble, ...] = ()
    undelivered: tuple[str, ...] = ()
    """Addresses that a server's notice says were not reached; ``?`` where it names none."""
    automatic: bool = False
    """Written by a program: a notice of delivery or an answer of absence."""


class _Tolerant(Compat32):
    """Headers with raw letters are read as UTF-8, or else as Windows wrote them."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Give a header's text; no longer than 4,000 signs, since its parameters take the square of that to tell."""
        del name
        text = _letters(value.encode("utf-8", "surrogateescape")) if isinstance(value, str) else str(value)
        return text[: 20 * LONGEST_TEXT]


_POLICY: Final = _Tolerant()


@dataclass
class _Reading:
    attachments: list[Attachment] = field(default_factory=list)
    too_large: list[str] = field(default_factory=list)
    troubles: set[Trouble] = field(default_factory=set)
    undelivered: list[str] = field(default_factory=list)
    parts: int = 0


@dataclass(frozen=True, slots=True)
class _Part:
    message: Message
    envelope: Envelope
    level: int
    forwarded: bool


def read_mail(data: bytes) -> Mail:
    """Take a message apart; never raises, whatever it holds."""
    reading = _Reading()
    message = _parsed(data)
    if message is None:
        envelope = replace(_envelope(Message(_POLICY)), identity=_hash(data))
        reading.troubles.add(Trouble.TOO_MUCH)
        automatic = False
    else:
        envelope = _envelope(message)
        envelope = replace(envelope, identity=envelope.identity or _hash(data))
        automatic = _is_automatic(message)
        _walk(_Part(message, envelope, 0, forwarded=False), reading)
    _recover(data, envelope, reading)
    taken, left, troubles = tuple(reading.attachments), tuple(reading.too_large), tuple(sorted(reading.troubles))
    return Mail(envelope, taken, left, troubles, tuple(dict.fromkeys(reading.undelivered)), automatic)


def split_mailbox(data: Any) -> Iterator[bytes]:
    """Give each message of a mailbox file (bytes, or a map of them), in order."""
    starts = [match.span() for match in FROM_LINE.finditer(data)]
    for place, (_, start) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(data)
        yield bytes(data[start:end])


def tidy(text: str) -> str:
    """Make a text of others fit for one line of a register or a screen: no control signs, not too long."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else sign for sign in text)
    return " ".join(kept.split())[:LONGEST_TEXT].strip()


def _parsed(data: bytes) -> Message | None:
    lines, marks = (data.count(b"\n" + one) + data.count(b"\r" + one) for one in (b"", b"--"))
    work = lines * (10 + data.lower().count(b"boundary")) + 1_000 * marks
    try:
        return message_from_bytes(data, policy=_POLICY) if work <= MOST_WORK else None
    except RecursionError:
        # The parser calls itself once per level, so only hundreds of levels do this.
        return None


def _walk(root: _Part, reading: _Reading) -> None:
    waiting = [root]
    while waiting:
        part = waiting.pop()
        reading.parts += 1
        if reading.parts > MOST_PARTS or part.level > MOST_LEVELS:
            reading.troubles.add(Trouble.TOO_MUCH)
            continue
        waiting += reversed(_inside(part, reading))


def _inside(part: _Part, reading: _Reading) -> list[_Part]:
    """Take a leaf, or give what a branch holds."""
    message, kind = part.message, part.message.get_content_type()
    children = _children(message)
    if kind == "message/delivery-status":
        reading.undelivered += _undelivered(children)
        return []
    if kind == "multipart/encrypted":
        reading.troubles.add(Trouble.SEALED)
    if not message.is_multipart():
        return _leaf(part, kind, reading)
    if message.get_content_maintype() == "message":
        packed = _packed_message(message, children)
        return [_nested(one, part) for one in ([packed] if packed else children)]
    return [replace(part, message=one, level=part.level + 1) for one in children]


def _children(message: Message) -> list[Message]:
    # A text's payload is not asked for: a character set with strange signs in its name would stop the parser.
    payload = message.get_payload() if message.is_multipart() else []
    return [one for one in payload if isinstance(one, Message)]


def _nested(message: Message, around: _Part) -> _Part:
    """A message inside another speaks for itself; what it does not say, the outer one says."""
    inner = _envelope(message)
    envelope = replace(
        inner,
        identity=around.envelope.identity,
        sender=inner.sender or around.envelope.sender,
        subject=inner.subject or around.envelope.subject,
    )
    return _Part(message, envelope, around.level + 1, forwarded=True)


def _packed_message(around: Message, children: list[Message]) -> Message | None:
    """Some servers encode a message inside another, which the standard forbids and the parser does not undo."""
    coding = _header(around, "Content-Transfer-Encoding").lower()
    if coding not in {"base64", "quoted-printable"} or not children or children[0].keys():
        return None
    if children[0].is_multipart():
        return None
    carrier = Message(_POLICY)
    carrier["Content-Transfer-Encoding"] = coding
    carrier.set_payload(_undecoded(children[0]).decode("ascii", "surrogateescape"))
    return _parsed(_decoded(carrier))


def _leaf(part: _Part, kind: str, reading: _Reading) -> list[_Part]:
    message = part.message
    name, data = _name(message), _decoded(message)
    if kind in _SIGNATURES:
        return []
    if kind in _SEALED and not _is_signature(message, name):
        reading.troubles.add(Trouble.SEALED)
    told = content_of(data).kind if len(data) <= LARGEST_FILE else Kind.OTHER
    is_text = message.get_content_maintype() in {"text", "multipart"} or kind == "message/rfc822"
    is_body = is_text and not name and not _header(message, "Content-Disposition").lower().startswith("attachment")
    if is_body and told not in _NEVER_A_BODY:
        return []
    if told is Kind.EMPTY and not name:
        return []
    if told is Kind.MESSAGE:
        inner = _parsed(data)
        if inner is not None:
            return [_nested(inner, part)]
        reading.troubles.add(Trouble.TOO_MUCH)
    if len(data) > LARGEST_FILE:
        reading.too_large.append(name or "?")
        return []
    reading.attachments.append(Attachment(name, data, part.envelope, part.forwarded))
    return []


def _is_signature(message: Message, name: str) -> bool:
    return name.lower().endswith(".p7s") or _parameter(message, "smime-type") == "certs-only"


def _recover(data: bytes, envelope: Envelope, reading: _Reading) -> None:
    """Find in the raw text the files that the tree of parts does not give."""
    for match, _ in zip(_BASE64_FILE.finditer(data), range(MOST_PARTS), strict=False):
        content = _from_base64(match[1])
        known = any(
            one.data.startswith(content) or content.startswith(one.data) for one in reading.attachments if one.data
        )
        if not known and content_of(content).kind in {Kind.WORKBOOK, Kind.ARCHIVE}:
            if len(content) <= LARGEST_FILE:
                reading.attachments.append(Attachment("", content, envelope, recovered=True))
            elif not reading.too_large:
                reading.too_large.append("?")


def _decoded(message: Message) -> bytes:
    """Give the bytes of a part; of a coding that is broken or unknown, what can be had."""
    coding = _header(message, "Content-Transfer-Encoding").lower()
    try:
        data = message.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        data = None
    if isinstance(data, bytes) and coding != "base64":
        return data
    raw = _undecoded(message)
    if isinstance(data, bytes) and data != raw:
        return data
    return _from_base64(raw) if coding == "base64" else raw


def _undecoded(message: Message) -> bytes:
    """Give the bytes of a part as they travelled; it forgets its coding."""
    del message["Content-Transfer-Encoding"]
    raw = message.get_payload(decode=True)
    return raw if isinstance(raw, bytes) else b""


def _from_base64(text: bytes) -> bytes:
    """Decode base64 with strange signs, without its padding or cut short."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def _undelivered(notices: list[Message]) -> list[str]:
    failed = (one for one in notices if _header(one, "Action").lower() == "failed")
    return [tidy(_header(one, "Final-Recipient").rpartition(";")[2]) or "?" for one in failed]


def _is_automatic(message: Message) -> bool:
    is_report = message.get_content_type() == "multipart/report"
    return is_report or _header(message, "Auto-Submitted").lower() not in {"", "no"}


def _envelope(message: Message) -> Envelope:
    times = (_moment(value.rpartition(";")[2]) for value in _headers(message, "Received"))
    return Envelope(
        identity=tidy(_header(message, "Message-ID")),
        sender=tidy(_sender(message)),
        subject=tidy(_words(_header(message, "Subject"))),
        received=next((one for one in times if one is not None), None),
        stated=_moment(_header(message, "Date")),
    )


def _sender(message: Message) -> str:
    for name in ("From", "Sender", "Reply-To", "Return-Path"):
        try:
            address = parseaddr(_header(message, name))[1]
        except (ValueError, IndexError, TypeError, RecursionError):
            address = ""
        if "@" in address:
            return address
    return ""


def _name(message: Message) -> str:
    """The name of a part's file, without any folder."""
    try:
        given = message.get_filename() or ""
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        given = ""
    return tidy(re.split(r"[/\\]", _words(given))[-1])


def _parameter(message: Message, name: str) -> str:
    try:
        return str(message.get_param(name) or "").lower()
    except (ValueError, LookupError, TypeError, IndexError, AttributeError):
        return ""


def _headers(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name) or []]


def _header(message: Message, name: str) -> str:
    return next(iter(_headers(message, name)), "").strip()


def _words(text: str) -> str:
    """Decode the encoded words of a header (RFC 2047), whatever character set they claim."""
    try:
        pieces = decode_header(re.sub(r"\r?\n[ \t]*", " ", text))
    except (HeaderParseError, ValueError, binascii.Error):
        return text
    return "".join(_in_charset(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces)


def _in_charset(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "ascii")
    except (LookupError, ValueError, TypeError):
        return _letters(data)


def _letters(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
