"""Owns the door to a workbook file that comes from elsewhere: what may be opened, and how much of it.

Everything is judged before a parser sees it: size, what the first bytes say (never the extension), the entries
of the zip, then the XML part by part, without entities and within bounds.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from canevas_xl.adapters.xlsx.foreign import kind_of, kind_of_zip
from canevas_xl.errors import Fault

MISSING: Final = "X121"
CANNOT_OPEN: Final = "X122"
TOO_LARGE: Final = "X123"
NOT_A_WORKBOOK: Final = "X124"
PASSWORD: Final = "X125"  # noqa: S105 - a code, not a secret
DAMAGED: Final = "X126"
UNSAFE: Final = "X127"

MIB: Final = 1 << 20
LARGEST_FILE: Final = 15 * MIB
LARGEST_PART: Final = 60 * MIB
LARGEST_WHOLE: Final = 150 * MIB
MOST_ENTRIES: Final = 2_000
HIGHEST_RATIO: Final = 200
"""Honest sheets pack 10 to 40 times; beyond this, a part over 1 MiB is there to fill the memory."""
DEEPEST: Final = 64
"""Elements inside one another: spreadsheets need fewer than twenty."""
FLAT: Final = 1_000
"""Ends of elements in a document of which nothing is built: with no more of them, it cannot be deep enough to harm."""
MOST_ELEMENTS: Final = 600_000
"""Of XML, over all parts and however often one is read: about two seconds of work."""
OPENING: Final = 1_000
"""What opening a part costs, counted in elements."""
MOST_INSIDE: Final = 200_000
"""Elements of one row, one text or one list of styles, which are looked at whole."""
MOST_NAMES: Final = 1_000
"""Of elements and attributes in one part; the parser remembers each."""
LONGEST_TAG: Final = MIB
"""Bytes between one ``<`` and the next: a cell's text has 32,767 characters at most."""
AT_ONCE: Final = LONGEST_TAG
"""Bytes of a part that may be looked at whole, which is several times faster: nothing so small can hold a text, a row
or a list longer than the bounds above, nor fill the memory."""
BLOCK: Final = MIB // 2
"""Bytes given to the parser at once. Expat before 2.6 starts an unfinished tag or comment over with each block, so
small blocks would make a long one take minutes."""

_BROKEN: Final = (
    ET.ParseError, zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError,
    LookupError,
)  # fmt: skip
"""What zipfile and the parser raise over bytes that do not fit together."""
_TAGS: Final = re.compile(rb"</|/>|<(?!\?)")
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_MANIFEST: Final = "META-INF/manifest.xml"
MACROS: Final = "vbaproject.bin"
"""How the name of a part ends, in small letters, that holds macros."""


@dataclass(slots=True)
class Budget:
    """What may still be read of a file, over all its parts: sheets may name one part a thousand times."""

    bytes: int = LARGEST_WHOLE
    elements: int = MOST_ELEMENTS


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook's zip, judged and in memory."""

    file: str
    archive: zipfile.ZipFile
    names: frozenset[str]
    budget: Budget

    def elements(self, part: str, *wanted: str) -> Iterator[ET.Element]:
        """Give each element of ``part`` whose local name is wanted, whole, in order; forget the others as they pass.

        Raises:
            Fault: X126 where the XML is broken or cut short, X127 where it declares entities or nests too deep.
        """
        try:
            whole = self.at_once(part)
            root = None if whole is None else _tree(whole)
            if whole is not None and root is not None:
                self.spend(whole)
                yield from _outermost(root, frozenset(wanted))
                return
            self.budget.elements -= OPENING
            with self.archive.open(part) as stream:
                guarded = _Guarded(stream, self.file, self.budget)
                yield from _elements(guarded, self.file, frozenset(wanted), self.budget)
        except _BROKEN as problem:
            raise Fault(DAMAGED, path=self.file, reason=part) from problem

    def at_once(self, part: str) -> bytes | None:
        """Give a part whole, None where it is larger than :data:`AT_ONCE` and must be looked at in a stream.

        Raises:
            Fault: X126 where it cannot be unpacked.
        """
        try:
            with self.archive.open(part) as stream:
                # One byte more than allowed, whatever the entry declares: it may lie.
                whole = stream.read(AT_ONCE + 1)
        except _BROKEN as problem:
            raise Fault(DAMAGED, path=self.file, reason=part) from problem
        return whole if len(whole) <= AT_ONCE else None

    def spend(self, whole: bytes) -> None:
        """Count a part that was looked at whole; at that pace an element costs less, and half the tags are counted.

        Raises:
            Fault: X127 where the file holds more than may be read of it.
        """
        self.budget.bytes -= len(whole)
        self.budget.elements -= OPENING + whole.count(b"<") // 2
        if self.budget.bytes < 0 or self.budget.elements < 0:
            raise Fault(UNSAFE, path=self.file, reason="XML")


def is_sound(document: bytes) -> bool:
    """Say whether a small document in UTF-8 is well formed, and not too deep; nothing of it is built."""
    if b"<!" in document or b"\0" in document:
        return False
    try:
        expat.ParserCreate(namespace_separator="}").Parse(document, True)  # noqa: FBT003 - it takes no names
    except expat.ExpatError:
        return False
    if document.count(b"</") <= FLAT:
        return True
    steps = [1 if tag == b"<" else -1 for tag in _TAGS.findall(document)]
    # Attributes may hold what looks like an end: then the sum tells.
    return sum(steps) == 0 and max(accumulate(steps)) <= DEEPEST


def _tree(whole: bytes) -> ET.Element | None:
    """Parse a small document; None where it must be looked at tag by tag, to be understood or refused."""
    if b"<!" in whole or b"\0" in whole:
        return None
    try:
        root = ET.fromstring(whole)
    except (ET.ParseError, ValueError, LookupError):
        return None
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return root
    return None


def _outermost(root: ET.Element, wanted: frozenset[str]) -> Iterator[ET.Element]:
    """Give the wanted elements that are in no other wanted one, in the order in which they end."""
    tags = {element.tag for element in root.iter()}
    named = {tag for tag in tags if local(tag) in wanted}
    left = [root]
    while left:
        element = left.pop()
        if element.tag in named:
            yield element
        else:
            left += reversed(element)


class _Guarded:
    """The stream of a part, which refuses document types: they declare entities, and no spreadsheet writes one."""

    def __init__(self, stream: IO[bytes], file: str, budget: Budget) -> None:
        self._stream = stream
        self._file = file
        self._budget = budget
        self._tail = b""
        self._since_tag = 0

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, once looked at; more than were asked for (see :data:`BLOCK`)."""
        block = self._stream.read(max(size, BLOCK))
        # A zero byte betrays UTF-16 or 32, in which the words below would go unseen.
        seen = (self._tail + block).upper()
        if b"\0" in block or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise Fault(UNSAFE, path=self._file, reason="DOCTYPE")
        self._tail = block[-16:]
        self._budget.bytes -= len(block)
        tags = block.split(b"<")
        longest = max(self._since_tag + len(tags[0]), *map(len, tags))
        self._since_tag = len(tags[-1]) + (self._since_tag if len(tags) == 1 else 0)
        if longest > LONGEST_TAG or self._budget.bytes < 0:
            raise Fault(UNSAFE, path=self._file, reason="XML")
        return block


def _elements(stream: _Guarded, file: str, wanted: frozenset[str], budget: Budget) -> Iterator[ET.Element]:
    above: list[ET.Element] = []
    names: set[str] = set()
    inside = held = 0
    for event, element in ET.iterparse(stream, ("start", "end")):
        is_wanted = local(element.tag) in wanted
        if event == "start":
            above.append(element)
            inside += is_wanted
            held = held + 1 if inside else 0
            names.add(element.tag)
            names.update(element.attrib)
            budget.elements -= 1
            if len(above) > DEEPEST or held > MOST_INSIDE or len(names) > MOST_NAMES or budget.elements < 0:
                raise Fault(UNSAFE, path=file, reason="XML")
            continue
        above.pop()
        inside -= is_wanted
        if is_wanted and not inside:
            yield element
            held = 0
        if not inside and above:
            del above[-1][-1]


def local(name: str) -> str:
    """Give a name without its namespace: strict and transitional files differ in nothing else that is read here."""
    return name.rpartition("}")[2]


class Form(StrEnum):
    """What a file is, as its contents say."""

    XLSX = "xlsx"
    ODS = "ods"
    XLS = "xls"
    """Excel 97-2003."""
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class File:
    """A file in memory, and what it is."""

    name: str
    form: Form
    data: bytes
    archive: zipfile.ZipFile | None = None
    """Where it is a zip: its entries, judged."""


def open_package(path: Path) -> Package:
    """Read a file and judge whether it is an .xlsx workbook that may be parsed; one with macros may not.

    Raises:
        Fault: what :func:`open_file` and :func:`open_zip` refuse, X124 for any other form, X127 for macros.
    """
    file = open_file(path)
    if file.form is not Form.XLSX:
        raise Fault(NOT_A_WORKBOOK, path=file.name, kind=_OTHER_FORMS[file.form])
    package = open_zip(file)
    if any(name.casefold().endswith(MACROS) for name in package.names):
        raise Fault(UNSAFE, path=file.name, reason="macros VBA")
    return package


def open_file(path: Path) -> File:
    """Read a file, and tell by its contents what it is.

    Raises:
        Fault: X121 missing, X122 refused by the system, X123 too large, X124 something else than a workbook or a text,
            X125 encrypted, X126 damaged, X127 a zip with what workbooks do not have.
    """
    data, name = _bytes(path), path.name
    if not data.startswith(_ZIP):
        return File(name, _form(data, name), data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as problem:
        raise Fault(DAMAGED, path=name, reason="zip") from problem
    _judge_entries(archive.infolist(), name)
    return File(name, _form_of_zip(archive, name), data, archive)


def open_zip(file: File) -> Package:
    """Give the parts of a workbook that is a zip.

    Raises:
        Fault: X125 encrypted, X126 damaged.
        ValueError: it is no zip.
    """
    if file.archive is None:
        raise ValueError(file.name)
    package = Package(file.name, file.archive, frozenset(file.archive.namelist()), Budget())
    if _MANIFEST in package.names and b"encryption-data" in (package.at_once(_MANIFEST) or b""):
        raise Fault(PASSWORD, path=file.name)
    return package


_OTHER_FORMS: Final = {Form.ODS: "OpenDocument (.ods)", Form.XLS: "Excel 97-2003 (.xls)", Form.TEXT: "?"}


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise Fault(MISSING, path=str(path)) from problem
    except OSError as problem:
        raise Fault(CANNOT_OPEN, path=path.name, reason=problem.strerror or type(problem).__name__) from problem
    if len(data) > LARGEST_FILE:
        raise Fault(TOO_LARGE, path=path.name, limit=f"{LARGEST_FILE // MIB} MiB")
    if not data:
        raise Fault(DAMAGED, path=path.name, reason="0 B")
    return data


def _form(data: bytes, file: str) -> Form:
    """Tell what a file is that is no zip."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Fault(PASSWORD, path=file)
        return Form.XLS
    kind = kind_of(data)
    if kind:
        raise Fault(NOT_A_WORKBOOK, path=file, kind=kind)
    return Form.TEXT


def _form_of_zip(archive: zipfile.ZipFile, file: str) -> Form:
    names = frozenset(archive.namelist())
    if "encrypted-package" in names:  # an OpenDocument file that is encrypted as a whole
        raise Fault(PASSWORD, path=file)
    if other := kind_of_zip(names):
        raise Fault(NOT_A_WORKBOOK, path=file, kind=other)
    if "content.xml" in names:
        return Form.ODS
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        raise Fault(NOT_A_WORKBOOK, path=file, kind="zip")
    return Form.XLSX


def _judge_entries(entries: list[zipfile.ZipInfo], file: str) -> None:
    names = [entry.filename.replace("\\", "/").lstrip("/").casefold() for entry in entries]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
        raise Fault(UNSAFE, path=file, reason="zip")
    if len(set(names)) < len(names) or _overlap(entries):
        raise Fault(UNSAFE, path=file, reason="zip")
    for entry in entries:
        if entry.flag_bits & 1 or not _ordinary(entry):
            raise Fault(PASSWORD if entry.flag_bits & 1 else UNSAFE, path=file, reason=entry.filename[:60])


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Say whether two entries share bytes, which lets a small file unpack to a huge one."""
    spans = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    return any(start + size >= following for (start, size), (following, _) in pairwise(spans))


def _ordinary(entry: zipfile.ZipInfo) -> bool:
    name = entry.filename
    return (
        ".." not in name.replace("\\", "/").split("/")
        and not name.startswith(("/", "\\"))
        and ":" not in name
        and not stat.S_ISLNK(entry.external_attr >> 16)
        and entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        and entry.file_size <= LARGEST_PART
        and (entry.file_size <= MIB or entry.file_size <= HIGHEST_RATIO * max(1, entry.compress_size))
    )
