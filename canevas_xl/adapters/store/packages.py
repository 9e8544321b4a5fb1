"""Owns writing a factor set as a data package, and putting it in its place in one step."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.factor_sets import FACTORS, LICENCES, MANIFEST, PROCESSES, LicenceRow, load_factor_set
from canevas_xl.adapters.store.files import fault_of, move
from canevas_xl.adapters.store.locks import lock
from canevas_xl.adapters.store.set_tables import COLUMNS, INDEX, LEFT_OUT, POSTS, RATINGS, SCORES, WORDS
from canevas_xl.adapters.store.shelves import ASIDE, set_aside
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.model.factor import Process
from canevas_xl.model.factor_import import Ratings
from canevas_xl.model.vocabulary import INDICATORS, STAGES, TOTAL
from canevas_xl.sources.harvest import Harvest
from canevas_xl.sources.search import INDEX_COLUMNS, entries

CORE: Final = (PROCESSES, FACTORS, LICENCES)
"""What impacts are computed from: two sets whose core is the same are the same set."""
ORIGINALS: Final = "originals"
_DRAFT: Final = ".import-"
_LOCK: Final = ".lock"

Files = Mapping[str, bytes]


class State(StrEnum):
    """What an import did to the sets."""

    NEW = "new"
    UNCHANGED = "unchanged"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Package:
    """A set as files: its tables with their manifest, and the publisher's files that it keeps."""

    reference: str
    files: Files
    originals: Files


def package(harvest: Harvest, origins: Files, originals: Files) -> Package:
    """Give the files of a set: same rows, same bytes.

    Args:
        harvest: the set.
        origins: the files that it was read from; their sha256 stand in the manifest.
        originals: files to be kept beside it, by name.
    """
    tables = {
        PROCESSES: _table(_names(Process), map(_process, (one.process for one in harvest))),
        FACTORS: _table(("process", "stage", *INDICATORS), _factors(harvest)),
        LICENCES: _table(LicenceRow.model_fields, _licences(harvest)),
        WORDS: _table(COLUMNS[WORDS], ((one.process.id, ";".join(one.words)) for one in harvest if one.words)),
        INDEX: _table(INDEX_COLUMNS, (entry.cells() for entry in entries(harvest.factor_set()))),
    }
    optional: dict[str, list[tuple[str, ...]]] = {
        SCORES: [(one.process.id, repr(one.score)) for one in harvest if one.score is not None],
        POSTS: [(one.process.id, post.kind, post.name, repr(post.value)) for one in harvest for post in one.posts],
        RATINGS: [(one.process.id, *_marks(one.ratings)) for one in harvest if one.ratings],
        LEFT_OUT: [_left_out(harvest, at) for at in range(len(harvest.rejected))],
    }
    tables |= {name: _table(COLUMNS[name], rows) for name, rows in optional.items() if rows}
    return Package(harvest.reference, tables | {MANIFEST: _manifest(harvest, tables, origins)}, originals)


def _names(noun: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(noun))


def _process(one: Process) -> Iterable[str]:
    for name in _names(Process):
        value = getattr(one, name)
        if value is None:
            yield ""
        elif isinstance(value, tuple):
            yield " ".join(value)
        elif isinstance(value, float):
            yield f"{value:g}"
        else:
            yield str(value)


def _factors(harvest: Harvest) -> Iterable[Iterable[str]]:
    for one in harvest:
        for stage in (TOTAL, *STAGES):
            if stage in one.values:
                yield (one.process.id, stage, *("" if v is None else repr(v) for v in one.values[stage]))


def _licences(harvest: Harvest) -> Iterable[Iterable[str]]:
    for one in harvest.licences:
        url = harvest.licence_urls.get(one.code, "")
        yield (one.code, one.title, url, one.attribution, "yes" if one.may_be_sent else "no")


def _marks(ratings: Ratings | None) -> Iterable[str]:
    for name in _names(Ratings):
        mark = getattr(ratings, name)
        yield "" if mark is None else f"{mark:g}"


def _left_out(harvest: Harvest, at: int) -> tuple[str, ...]:
    one = harvest.rejected[at]
    facts = "; ".join(f"{name} {fact}" for name, fact in one.finding.facts)
    return harvest.title, one.identifier, "", one.code, f"line {one.line}: {facts}"


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue().encode()


def _manifest(harvest: Harvest, tables: Files, origins: Files) -> bytes:
    digests = {name: _sha256(content) for name, content in sorted(tables.items())}
    listing = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    content = {
        "profile": "tabular-data-package",
        "name": harvest.id,
        "version": harvest.version,
        "title": harvest.title,
        "sha256": _sha256(listing.encode()),
        "licenses": [
            {"name": one.code, "title": one.title, "path": harvest.licence_urls.get(one.code, "")}
            for one in harvest.licences
        ],
        "sources": [{"title": name, "hash": f"sha256:{_sha256(data)}"} for name, data in sorted(origins.items())],
        "resources": [
            {"name": name.removesuffix(".csv"), "path": name, "format": "csv", "encoding": "utf-8",
             "bytes": len(tables[name]), "hash": f"sha256:{digest}"}
            for name, digest in digests.items()
        ],
    }  # fmt: skip
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextlib.contextmanager
def alone(shelf: Path) -> Iterator[None]:
    """Let nobody else import on this shelf, and first put right what an interrupted import left there.

    Raises:
        Fault: F139, somebody else is importing.
    """
    handle = None
    # Without the right to write there, installing says it better.
    with contextlib.suppress(OSError):
        shelf.mkdir(parents=True, exist_ok=True)
        # On Windows, where folders cannot be locked, a file in it.
        windows = sys.platform == "win32"
        handle = os.open(shelf / _LOCK if windows else shelf, os.O_RDWR | os.O_CREAT if windows else os.O_RDONLY)
    try:
        if handle is not None:
            if not lock(handle):
                raise Fault("F139", path=str(shelf))
            _put_right(shelf)
        yield
    finally:
        if handle is not None:
            os.close(handle)


def _put_right(shelf: Path) -> None:
    """Put back the sets that an interrupted import had moved aside, and forget its drafts."""
    with contextlib.suppress(OSError):
        for waiting in set_aside(shelf):
            if waiting.place.is_dir():
                shutil.rmtree(waiting.folder)
            else:
                move(waiting.folder, waiting.place)
        for draft in shelf.glob(f"{_DRAFT}*"):
            shutil.rmtree(draft)


def install(made: Package, shelf: Path, *, replace: bool) -> State:
    """Put a set on a shelf, whole or not at all: written beside its place, proved by the loader, then renamed.

    Args:
        made: the set.
        shelf: where sets stand.
        replace: whether a set of that name and release with other contents gives way.

    Raises:
        WrongUse: F110, such a set is there, and may not be replaced.
        Fault: X1xx, the folder cannot be written; F009, what was written does not load. The sets are then as before.
    """
    place = shelf.joinpath(*made.reference.split("@"))
    draft = shelf / f"{_DRAFT}{secrets.token_hex(6)}"
    standing = place.is_dir()
    if standing and _whole(place):
        same = all(_holds(place / name, made.files[name]) for name in CORE)
        if same and all(_holds(place / ORIGINALS / name, content) for name, content in made.originals.items()):
            return State.UNCHANGED
        if not (same or replace):
            raise WrongUse("F110", reference=made.reference)
    try:
        _write(draft, made)
        loaded = load_factor_set(draft)
        if loaded.blocked:
            codes = sorted({finding.code for finding in loaded.findings if finding.blocks})
            raise Fault("F114", reference=made.reference, codes=codes)
        _put(draft, place)
    except OSError as problem:
        raise fault_of(problem, place) from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return State.REPLACED if standing else State.NEW


def kept_originals(place: Path) -> dict[str, Path]:
    """Give the publisher's files that an installed set keeps, by what they are."""
    folder = place / ORIGINALS
    return {path.stem: path for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def _holds(path: Path, content: bytes) -> bool:
    """Say whether a file is there with this content."""
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _whole(place: Path) -> bool:
    """Say whether a set on the shelf loads: one that was damaged may be written again."""
    try:
        return not load_factor_set(place).blocked
    except Fault:
        return False


def _write(draft: Path, made: Package) -> None:
    draft.mkdir(parents=True)
    for name, content in made.files.items():
        (draft / name).write_bytes(content)
    if made.originals:
        (draft / ORIGINALS).mkdir()
        for name, content in made.originals.items():
            (draft / ORIGINALS / name).write_bytes(content)


def _put(draft: Path, place: Path) -> None:
    """Move the draft to its place; what stood there is moved aside first, and comes back if the move fails."""
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = draft.with_name(f"{ASIDE}{place.parent.name}@{place.name}")
    moved = place.exists()
    if moved:
        move(place, aside)
    try:
        move(draft, place)
    except OSError:
        if moved:
            move(aside, place)
        raise
    if moved:
        with contextlib.suppress(OSError):
            shutil.rmtree(aside)
