"""Owns telling by its first bytes what a received file may be; its name and extension are never believed."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MIB: Final = 1 << 20
LARGEST_FILE: Final = 15 * MIB
"""Of anything that is kept: larger than this nothing is one of our workbooks."""

NOT_A_ZIP: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What the standard library raises on a zip that is broken, encrypted or packed in another way."""


class Kind(StrEnum):
    """What a file may be."""

    WORKBOOK = "workbook"
    MESSAGE = "message"
    MAILBOX = "mailbox"
    """Many messages in one file (mbox)."""
    ARCHIVE = "archive"
    OUTLOOK = "outlook"
    """A message in Outlook's own format (.msg)."""
    TNEF = "tnef"
    """``winmail.dat``: attachments wrapped in a format of Outlook's."""
    EMPTY = "empty"
    PAGE = "page"
    """HTML, often under the name of a workbook."""
    LINK = "link"
    """A shortcut to a file that is elsewhere."""
    PROGRAM = "program"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Content:
    """What a file may be."""

    kind: Kind
    extension: str
    """Under which it is kept: one that says so, but for what a double click would start or follow."""


_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_PLAIN: Final = (
    (b"%PDF-", ".pdf"), (b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"Rar!", ".rar"),
    (b"7z\xbc\xaf", ".7z"), (b"{\\rtf", ".rtf"), (b"BM", ".bmp"), (b"II*\x00", ".tif"), (b"MM\x00*", ".tif"),
    (b"\x1f\x8b", ".gz"), (b"BZh", ".bz2"), (b"\xfd7zXZ\0", ".xz"), (b"\x28\xb5\x2f\xfd", ".zst"), (b"MSCF", ".cab"),
    (b"-----BEGIN PGP MESSAGE", ".asc"), (b"-----BEGIN PKCS7", ".p7m"), (b"-----BEGIN CMS", ".p7m"),
)  # fmt: skip
_OUTRIGHT: Final = (
    (b"MZ\x90\0", Content(Kind.PROGRAM, ".bin")),
    (b"\x7fELF", Content(Kind.PROGRAM, ".bin")),
    (bytes.fromhex("4c0000000114020000000000c000000000000046"), Content(Kind.LINK, ".bin")),
    (bytes.fromhex("789f3e22"), Content(Kind.TNEF, ".dat")),
)
_INSIDE: Final = (
    (4, b"ftyphei", ".heic"), (4, b"ftypmif", ".heic"), (8, b"WEBP", ".webp"), (257, b"ustar", ".tar"),
)  # fmt: skip
"""Signs that stand further on: where, what, and the extension."""
_SIGNED: Final = re.compile(rb"\x30[\x80-\x84].{0,4}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]", re.DOTALL)
"""A file wrapped in its signature, or encrypted for somebody (CMS, RFC 5652)."""
_LINK: Final = re.compile(
    rb"""(?i)\{[^{}]*"(?:doc_id|url)"|(?:[^\r\n]{0,200}+[\r\n]++){0,6}?\[(?:InternetShortcut|Desktop Entry)\]"""
    rb"""|<\?xml[^<]*+(?:<!DOCTYPE plist[^<]*+)?+<plist|bplist00|https?://\S++\s*+\Z"""
)
"""Shortcuts of Google Drive, Windows, Linux and macOS; and a text that is one address."""
LONGEST_LINK: Final = 4_096
"""Bytes of a shortcut."""
_SAVED_PAGE: Final = b"X-Document-Type: Workbook"
"""A workbook that Excel saved as a web page in one file (.mht), which looks like a message."""
_IN_WORKBOOK: Final = (
    ("xl/workbook.bin", ".xlsb"), ("xl/", ".xlsx"), ("Index/Document.iwa", ".numbers"), ("Index.zip", ".numbers"),
)  # fmt: skip
_IN_DOCUMENT: Final = (("word/", ".docx"), ("ppt/", ".pptx"), ("visio/", ".vsdx"))
_SPREADSHEET: Final = b"opendocument.spreadsheet"
_CONTAINER: Final = b"vnd.etsi.asic"
"""A zip of files and their signatures."""
_IN_OLE: Final = (
    ("__substg1.0_", Content(Kind.OUTLOOK, ".msg")),
    ("EncryptedPackage", Content(Kind.WORKBOOK, ".xls")),
    ("WordDocument", Content(Kind.OTHER, ".doc")),
    ("PowerPoint Document", Content(Kind.OTHER, ".ppt")),
    ("Workbook", Content(Kind.WORKBOOK, ".xls")),
    ("Book", Content(Kind.WORKBOOK, ".xls")),
)
_XML_SHEETS: Final = (b"urn:schemas-microsoft-com:office:spreadsheet", _SPREADSHEET)
_TEXT_SHEETS: Final = (b"ID;PWXL", b"ID;PSCALC", b"TABLE\r\n0,1", b"TABLE\n0,1")
"""How SYLK and DIF begin; a table of texts may begin with ``ID;Prix``."""
_HEAD: Final = 8192
_PAGE: Final = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE)
_TOKEN: Final = re.compile(rb"CX1-[A-Z0-9]{6}-[A-Z0-9]{4}-L")
_CODES: Final = re.compile(rb'(?:^|(?<=[\r\n]))[ \t;,]*+"?KEY"?[;,\t]')
"""The row of column codes in a canvas's sheet that was saved as text; empty lines are not looked through again."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
FROM_LINE: Final = re.compile(
    rb"(?:\A|(?<=\n))From (?=[^\r\n]{0,300}?\b\d{1,2}:\d{2}[^\r\n]{0,60}?\d{4})[^\r\n]{0,500}+\r?\n(?=[!-9;-~]++:)"
)
"""Starts a message in a mailbox file: with a date, and a header after it, unlike a sentence that begins so.

It is bounded: a long line of hours would otherwise be tried in every way.
"""
_HEADER: Final = re.compile(rb"(?m)^([!-9;-~]+):")
_OF_MAIL: Final = frozenset(
    {b"from", b"to", b"subject", b"date", b"received", b"mime-version", b"message-id", b"return-path",
     b"delivered-to", b"content-type", b"x-unsent", b"reply-to", b"cc"}
)  # fmt: skip
_ENOUGH_HEADERS: Final = 2


def content_of(data: bytes) -> Content:
    """Say what a file may be; a broken one is told by what is left of it."""
    if not data.strip(b"\0\r\n\t "):
        return Content(Kind.EMPTY, ".bin")
    if data.startswith(_ZIP):
        return _zip(data)
    if data.startswith(_OLE):
        return next((told for name, told in _IN_OLE if name.encode("utf-16-le") in data), Content(Kind.OTHER, ".bin"))
    return _signed(data) or _text(data)


def _signed(data: bytes) -> Content | None:
    """Tell what its first bytes say outright."""
    signs = ((0, sign, extension) for sign, extension in _PLAIN)
    for at, sign, extension in (*signs, *_INSIDE):
        if data.startswith(sign, at):
            return Content(Kind.OTHER, extension)
    if _SIGNED.match(data):
        return Content(Kind.OTHER, ".p7m")
    return next((told for sign, told in _OUTRIGHT if data.startswith(sign)), None)


def _zip(data: bytes) -> Content:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            told = _mimetype(archive) if "mimetype" in names else b""
    except NOT_A_ZIP:
        # The directory stands at the end: of a file cut short, the first entry still says what it was.
        told = data[:256]
        names = [data[30 : 30 + int.from_bytes(data[26:28], "little")].decode("utf-8", "replace")]
        if names[0].startswith(("[Content_Types].xml", "_rels/", "docProps/")):
            return Content(Kind.WORKBOOK, ".xlsx")
    for start, extension in _IN_WORKBOOK:
        if any(name.startswith(start) for name in names):
            return Content(Kind.WORKBOOK, extension)
    if _CONTAINER in told:
        return Content(Kind.ARCHIVE, ".zip")
    if "content.xml" in names or "encrypted-package" in names or (names and names[0] == "mimetype"):
        is_sheet = _SPREADSHEET in told or "mimetype" not in names
        return Content(Kind.WORKBOOK, ".ods") if is_sheet else Content(Kind.OTHER, ".odt")
    for start, extension in _IN_DOCUMENT:
        if any(name.startswith(start) for name in names):
            return Content(Kind.OTHER, extension)
    return Content(Kind.ARCHIVE, ".zip")


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    with archive.open("mimetype") as stream:
        return stream.read(256)


def _text(data: bytes) -> Content:
    head = data[:_HEAD]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if len(data) <= LONGEST_LINK and _LINK.match(start):
        return Content(Kind.LINK, ".bin")
    if start.startswith(b"<"):
        is_sheet = any(name in head for name in _XML_SHEETS)
        if not is_sheet and _PAGE.search(start):
            return Content(Kind.PAGE, ".bin")
        return Content(Kind.WORKBOOK, ".xml") if is_sheet else Content(Kind.OTHER, ".bin")
    return _mail(start) or _sheet(data, start) or Content(Kind.OTHER, ".bin" if b"\0" in head else ".txt")


def _mail(start: bytes) -> Content | None:
    if FROM_LINE.match(start):
        return Content(Kind.MAILBOX, ".mbox")
    headers = start.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if _SAVED_PAGE in headers:
        return Content(Kind.PAGE, ".bin")
    names = {name.lower() for name in _HEADER.findall(headers)}
    is_mail = _HEADER.match(start) and len(names & _OF_MAIL) >= _ENOUGH_HEADERS
    return Content(Kind.MESSAGE, ".eml") if is_mail else None


def _sheet(data: bytes, start: bytes) -> Content | None:
    if _is_canvas(data):
        return Content(Kind.WORKBOOK, ".csv")
    return Content(Kind.WORKBOOK, ".txt") if start.startswith(_TEXT_SHEETS) else None


def _is_canvas(data: bytes) -> bool:
    """Say whether a text is a sheet of a canvas: a token stands in it, and a row of codes."""
    text = data.decode("utf-16", "replace").encode() if data.startswith(_UTF_16) else data
    return _TOKEN.search(text) is not None and _CODES.search(text) is not None
