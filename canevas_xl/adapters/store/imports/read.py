"""Owns reading a publisher's file, CSV or xlsx, as a table of texts; only here is pandas loaded.

A file is refused whole, with what was expected and what was found, as soon as something says that it is not what its
publisher gave: cut, in another encoding, with another separator.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
from python_calamine import CalamineError

from canevas_xl import resources
from canevas_xl.errors import WrongUse
from canevas_xl.model.factor_import import SourceLine, SourceTable

LARGEST: Final = 64 * 1024 * 1024
UNPACKED: Final = 256 * 1024 * 1024
"""Ten times what publishers' largest files have."""
MOST_ROWS: Final = 200_000
_FAR_CELL: Final = re.compile(rb'<c r="(?:[A-Z]{3,}\d+|[A-Z]+\d{7,})"|<row r="\d{7,}"')
"""A cell so far out that a reader which lays sheets out whole would fill the memory: no publisher has it."""
_PIECE: Final = 1024 * 1024
_OVERLAP: Final = 64
"""Longer than the beginning of any cell: none is missed between two pieces."""
_KINDS: Final = ((b"\xd0\xcf\x11\xe0", ".xls"), (b"%PDF", "PDF"), (b"\x1f\x8b", "gzip"), (b"<", "HTML/XML"))
_LONG: Final = re.compile(r"Expected (\d+) fields in line (\d+), saw (\d+)")
_OPEN_QUOTE: Final = "EOF inside string"
_NOTHING: Final = "#N/A"
"""What a spreadsheet writes where a cell has no value."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a publisher writes CSV."""

    separator: str
    encoding: str
    decimal_comma: bool

    @property
    def name(self) -> str:
        """The encoding, as people write it."""
        return _ENCODINGS[self.encoding]


_ENCODINGS: Final = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252 (cp1252)"}

AGRIBALYSE: Final = Dialect(",", "utf-8-sig", decimal_comma=False)
BASE_CARBONE: Final = Dialect(";", "cp1252", decimal_comma=True)


def read_table(path: Path, dialect: Dialect, keep: Collection[str] | None = None) -> SourceTable:
    """Read a file of either kind, told by its first bytes; cells are trimmed, lines without content are dropped.

    Args:
        path: the file.
        dialect: how its CSV layout is written.
        keep: the columns whose cells are wanted; all of them by default.

    Raises:
        WrongUse: F100 it cannot be read; F101 it is empty; F102 another encoding; F103 no table; F105, F128 it was cut.
    """
    data = read_file(path)
    if data.startswith(b"PK\x03\x04"):
        frame, first = _sheet(data, path), 2
        return _table(frame, path, keep, numbers=range(first, first + len(frame)), decimal_comma=False)
    kind = next((name for start, name in _KINDS if data.lstrip().startswith(start)), "")
    if kind:
        raise WrongUse("F103", file=path.name, expected="CSV, .xlsx", found=kind)
    frame, starts = _separated(data, path, dialect)
    return _table(frame, path, keep, numbers=starts, decimal_comma=dialect.decimal_comma)


def own_dialect(path: Path) -> Dialect:
    """Tell how a buyer's own CSV is written: spreadsheets in French save semicolons and decimal commas, in cp1252.

    Raises:
        WrongUse: F100 it cannot be read; F101 it is empty.
    """
    data = read_file(path)
    header = data.split(b"\n", 1)[0]
    semicolon = header.count(b";") > header.count(b",")
    encoding = "utf-8-sig" if header.isascii() or _is_utf8(data) else "cp1252"
    return Dialect(";" if semicolon else ",", encoding, decimal_comma=semicolon)


def read_file(path: Path) -> bytes:
    """Read the bytes of a file.

    Raises:
        WrongUse: F100 it is not there or too large; F101 it is empty.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise WrongUse("F100", file=str(path), reason=_said("folder" if path.is_dir() else "no_file"))
        if size > LARGEST:
            raise WrongUse("F100", file=str(path), reason=_said("large", size=LARGEST >> 20))
        data = path.read_bytes()
    except OSError as problem:
        raise WrongUse("F100", file=str(path), reason=_refusal(problem)) from problem
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        raise WrongUse("F101", file=path.name)
    return data


def _refusal(problem: OSError) -> object:
    """Say in the reader's words why the system does not give a file."""
    known = {FileNotFoundError: "missing", PermissionError: "right"}
    why = known.get(type(problem))
    return _said(why) if why else problem.strerror or type(problem).__name__


def _said(key: str, **facts: object) -> dict[str, str]:
    """Give what was found in both languages, for a message that names it."""
    texts = {language: resources.texts("factors", language)[f"read.{key}"] for language in resources.LANGUAGES}
    return {language: text.format_map(facts) for language, text in texts.items()}


def _separated(data: bytes, path: Path, dialect: Dialect) -> tuple[pd.DataFrame, list[int]]:
    """Give the records under the header, and the line on which each begins."""
    header = data.split(b"\n", 1)[0]
    text = _decoded(data, header, path, dialect)
    first = text.split("\n", 1)[0]
    if dialect.separator not in first:
        other = next((sign for sign in (";", ",", "\t") if sign in first), "")
        if not other:
            raise WrongUse("F103", file=path.name, expected="CSV, .xlsx", found=_said("no_columns"))
        raise WrongUse("F112", file=path.name, expected=dialect.separator, found=other.replace("\t", "TAB"))
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=dialect.separator, dtype=object, header=None, keep_default_na=False,
            skip_blank_lines=False,
        )  # fmt: skip
        starts = _starts(text, path, dialect)
    except pd.errors.EmptyDataError as error:
        raise WrongUse("F101", file=path.name) from error
    except (pd.errors.ParserError, csv.Error) as error:
        raise _broken(str(error), path) from error
    return _headed(frame), starts[1:]


def _decoded(data: bytes, header: bytes, path: Path, dialect: Dialect) -> str:
    found = ""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in header:
        found = "UTF-16"
    elif dialect.encoding == "cp1252" and not header.isascii() and _is_utf8(header):
        found = "UTF-8"
    if not found:
        try:
            # Five bytes mean nothing in cp1252; publishers' files may hold them in remarks. The header is proved later.
            return data.decode(dialect.encoding, "replace" if dialect.encoding == "cp1252" else "strict")
        except UnicodeDecodeError as error:
            if error.reason == "unexpected end of data":
                raise WrongUse("F128", file=path.name, expected="CSV", found=_said("half_letter")) from error
            found = "Windows-1252 (cp1252) ?"
            line = data.count(b"\n", 0, error.start) + 1
            raise WrongUse("F102", file=path.name, expected=dialect.name, found=found, line=line) from error
    raise WrongUse("F102", file=path.name, expected=dialect.name, found=found, line=1)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _broken(said: str, path: Path) -> WrongUse:
    """Word what pandas says of a text that is no CSV: a quote never closed, a row with more cells than the header."""
    if long := _LONG.search(said):
        return WrongUse("F105", file=path.name, line=int(long[2]), expected=int(long[1]), found=int(long[3]))
    found = _said("open_quote" if _OPEN_QUOTE in said else "no_cells")
    return WrongUse("F128", file=path.name, expected="CSV", found=found)


def _starts(text: str, path: Path, dialect: Dialect) -> list[int]:
    """Give the line on which each record begins: quoted cells may hold line breaks.

    Raises:
        WrongUse: F105, a record has fewer cells than the header (pandas fills it up in silence): the file was cut.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.separator)
    starts: list[int] = []
    columns, line = None, 1
    for row in reader:
        columns = len(row) if columns is None else columns
        if row and len(row) != columns:
            raise WrongUse("F105", file=path.name, line=line, expected=columns, found=len(row))
        starts.append(line)
        line = reader.line_num + 1
    return starts


def _headed(frame: pd.DataFrame) -> pd.DataFrame:
    """Make the first record the header."""
    named = frame.iloc[1:].copy()
    named.columns = pd.Index([_squeezed(cell) for cell in frame.iloc[0]])
    return named


def _sheet(data: bytes, path: Path) -> pd.DataFrame:
    """Read the first sheet of a workbook."""
    _refuse_unsafe(data, path)
    try:
        frame = pd.read_excel(io.BytesIO(data), engine="calamine", dtype=str, header=None, na_filter=False)
    except (CalamineError, ValueError) as error:
        raise WrongUse("F128", file=path.name, expected=".xlsx", found=_said("no_workbook")) from error
    if frame.empty or len(frame) > MOST_ROWS:
        raise WrongUse("F101", file=path.name)
    return _headed(frame)


def _refuse_unsafe(data: bytes, path: Path) -> None:
    """Refuse what is no workbook, or would fill the memory, before the reader that lays it out whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED:
                raise WrongUse("F103", file=path.name, expected=".xlsx", found=_said("large", size=UNPACKED >> 20))
            sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
            if not sheets:
                raise WrongUse("F103", file=path.name, expected=".xlsx", found=_said("no_sheet"))
            for name in sheets:
                if _has_far_cell(archive, name):
                    raise WrongUse("F103", file=path.name, expected=".xlsx", found=_said("far_cell"))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError) as error:
        raise WrongUse("F128", file=path.name, expected=".xlsx", found=_said("no_workbook")) from error


def _has_far_cell(archive: zipfile.ZipFile, name: str) -> bool:
    """Look through a sheet piece by piece: unpacked whole, it could fill the memory by itself."""
    with archive.open(name) as stream:
        before = b""
        while piece := stream.read(_PIECE):
            if _FAR_CELL.search(before + piece):
                return True
            before = piece[-_OVERLAP:]
    return False


def _table(
    frame: pd.DataFrame, path: Path, keep: Collection[str] | None, *, numbers: Sequence[int], decimal_comma: bool
) -> SourceTable:
    names = [str(name) for name in frame.columns]
    wanted = [(at, name) for at, name in enumerate(names) if name and (keep is None or name in keep)]
    cells = [[_squeezed(cell) for cell in frame.iloc[:, at]] for at, _ in wanted]
    titles = [name for _, name in wanted]
    # Of a file of another kind no column is wanted: whoever knows its layout says which ones are missing.
    lines = tuple(
        SourceLine(number, dict(zip(titles, row, strict=True)))
        for number, row in zip(numbers if wanted else (), zip(*cells, strict=True), strict=True)
        if any(row)
    )
    if not lines and not any(names):
        raise WrongUse("F101", file=path.name)
    return SourceTable(path.name, tuple(name for name in names if name), lines, decimal_comma)


def _squeezed(cell: object) -> str:
    """Collapse no-break and double spaces and line breaks; what no cell holds is nothing."""
    return " ".join(cell.split()) if isinstance(cell, str) and cell != _NOTHING else ""
