"""Owns the writing of drafts: a letter and its attachment become the bytes of one .eml file, always the same.

``X-Unsent`` makes mail programs open the file as a draft; Date and Message-ID are theirs to give.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from email.charset import QP, Charset
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import compat32
from email.utils import formataddr
from html import escape
from typing import Any, Final

LONGEST_HEADER: Final = 250
"""Characters kept of a name or a subject."""
_SUBTYPES: Final = {
    ".xlsx": "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "vnd.oasis.opendocument.spreadsheet",
}
_ATOM: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_WIDE_ATOM: Final = re.compile(r"[^\s\x00-\x20\x7f\"(),:;<>@\[\\\].]+(\.[^\s\x00-\x20\x7f\"(),:;<>@\[\\\].]+)*")
_DOMAIN: Final = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))+")
_LONGEST_ADDRESS: Final = 254
_POLICY: Final = compat32.clone(linesep="\r\n", mangle_from_=False)
_HTML: Final = (
    '<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{subject}</title></head>\n'
    '<body style="font-family: Calibri, Carlito, Arial, sans-serif; font-size: 11pt; line-height: 1.4">\n'
    "{body}\n</body>\n</html>\n"
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address that are safe in a header; made by :func:`mailbox`."""

    name: str
    address: str
    """``local@domain``; the domain in ASCII, the local part as it is."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A short table of what and its value, between two paragraphs."""

    pairs: tuple[tuple[str, str], ...]
    quoted: bool = False
    """Values hold what others typed: no address in them can be clicked."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message says, once, for its text and its HTML."""

    language: str
    subject: str
    body: tuple[str | Facts, ...]
    """Paragraphs and tables, in order."""


def mailbox(name: str, address: str) -> Mailbox | None:
    """Make a mailbox; None where the address cannot stand in a header (it is not one plain ``local@domain``)."""
    local, at, domain = address.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    # A right-to-left mark in an address would show another one than it is.
    hidden = any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"} for sign in local)
    well_formed = _ATOM.fullmatch(local) or (not local.isascii() and _WIDE_ATOM.fullmatch(local) and not hidden)
    if not at or not well_formed or not _DOMAIN.fullmatch(ascii_domain):
        return None
    whole = f"{local}@{ascii_domain}"
    return Mailbox(one_line(name), whole) if len(whole.encode()) <= _LONGEST_ADDRESS else None


def one_line(text: str) -> str:
    """Make a text safe for a header: one line, no control signs, not too long."""
    return on_one_line(text)[:LONGEST_HEADER].strip()


def on_one_line(text: str) -> str:
    """Make a text whole but plain: one line, no control signs."""
    kept = "".join(" " if sign.isspace() or unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(kept.split())


def compose(letter: Letter, sender: Mailbox, recipient: Mailbox, attachment: tuple[str, bytes] | None = None) -> bytes:
    """Write a draft.

    Args:
        letter: what it says.
        sender: who asks.
        recipient: the only one it goes to.
        attachment: file name and bytes, where there is one.

    Returns:
        The .eml file: the same bytes for the same arguments.
    """
    boundary = _boundary(letter, sender, recipient, attachment or ("", b""))
    both = MIMEMultipart("alternative", boundary=f"{boundary}-2")
    both.attach(_body(as_text(letter), "plain"))
    both.attach(_body(as_html(letter), "html"))
    message = both if attachment is None else MIMEMultipart("mixed", boundary=f"{boundary}-1")
    headers: dict[str, Any] = {
        "From": _address(sender, "From"),
        "To": _address(recipient, "To"),
        "Subject": Header(one_line(letter.subject), _best(letter.subject), header_name="Subject"),
        "Content-Language": letter.language,
        "X-Unsent": "1",
    }
    for name, value in headers.items():
        message[name] = value
    if attachment is not None:
        message.attach(both)
        message.attach(_attached(*attachment))
    return message.as_bytes(policy=_POLICY)


def as_text(letter: Letter) -> str:
    """Give the letter as plain text."""
    colon = "\u00a0: " if letter.language == "fr" else ": "
    blocks = [
        "\n".join(f"- {label}{colon}{value}" for label, value in one.pairs) if isinstance(one, Facts) else one
        for one in letter.body
    ]
    return "\n\n".join(blocks) + "\n"


def as_html(letter: Letter) -> str:
    """Give the letter as HTML without images, style sheets or scripts; every text is escaped."""
    body = "\n".join(_table(one) if isinstance(one, Facts) else f"<p>{_linked(one)}</p>" for one in letter.body)
    return _HTML.format(language=letter.language, subject=escape(letter.subject), body=body)


def _table(facts: Facts) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="text-align: left; vertical-align: top; padding: 2px 16px 2px 0">{escape(label)}'
        f'</th><td style="padding: 2px 0">{escape(value) if facts.quoted else _linked(value)}</td></tr>\n'
        for label, value in facts.pairs
    )
    return f"<table>\n{rows}</table>"


def _linked(text: str) -> str:
    """Escape a text; an address of the web in it can be clicked."""
    parts = re.split(r"(https?://[^\s<>\"'«»]+[^\s<>\"'«».,;:)])", text)
    return "".join(
        f'<a href="{escape(part)}">{escape(part)}</a>' if place % 2 else escape(part).replace("\n", "<br>\n")
        for place, part in enumerate(parts)
    )


def _boundary(letter: Letter, sender: Mailbox, recipient: Mailbox, attachment: tuple[str, bytes]) -> str:
    name, data = attachment
    digest = hashlib.sha256(repr((letter, sender, recipient, name)).encode("utf-8", "backslashreplace"))
    digest.update(data)
    return f"canevas-xl-{digest.hexdigest()[:32]}"


def _body(text: str, subtype: str) -> MIMENonMultipart:
    charset = Charset("utf-8")
    charset.body_encoding = QP
    part = MIMENonMultipart("text", subtype, charset="utf-8")
    part.set_payload(text, charset)
    return part


def _best(text: str) -> str:
    """ASCII where that is enough; a text that looks like an encoded word is encoded, so that it stays what it is."""
    return "us-ascii" if text.isascii() and "=?" not in text else "utf-8"


def _address(one: Mailbox, header: str) -> Header | str:
    if not one.address.isascii():
        return _raw(one)
    if _best(one.name) == "us-ascii":
        return Header(formataddr((one.name, one.address)), "us-ascii", header_name=header)
    encoded = Header(one.name, "utf-8", header_name=header)
    encoded.append(f"<{one.address}>", "us-ascii")
    return encoded


def _raw(one: Mailbox) -> str:
    """Write a mailbox whose local part is not ASCII as raw UTF-8: nothing else can say it (RFC 6532)."""
    quoted = one.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{one.address}>'.encode().decode("ascii", "surrogateescape")


def _attached(name: str, data: bytes) -> MIMEApplication:
    suffix = name[name.rfind(".") :].lower()
    part = MIMEApplication(data, _SUBTYPES.get(suffix, "octet-stream"))
    safe = one_line(name)
    # RFC 2231 says other letters than ASCII; mail programs read a plain name best where it is enough.
    part.add_header("Content-Disposition", "attachment", filename=safe if safe.isascii() else ("utf-8", "", safe))
    return part
