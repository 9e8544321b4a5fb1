"""Owns the one step by which an issue becomes true: prepared whole where nobody looks, then put in place.

What is prepared lies in a hidden folder inside the campaign's and is worth nothing: whoever comes next throws it
away. Renaming that folder is the step: it is done or not, whatever happens to the program, the disk or the power.
From then on the issue is decided; whoever comes next goes on putting things in place, each move leaving a state
that holds:

1. records: a copy without its record could never be scored, a record without copies harms nobody;
2. events of the register;
3. copies that are replaced leave the outbox, so that it never holds two for one supplier;
4. the new copies come in.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.files import fault_of, move, refuse_held, write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.adapters.store.locks import lock
from canevas_xl.errors import Fault

PREPARED: Final = ".emission-en-cours"
DECIDED: Final = ".emission-prete"
ASIDE: Final = "remplaces.json"
BUSY: Final = "X118"


@contextlib.contextmanager
def alone(folder: CampaignFolder) -> Iterator[None]:
    """Let nobody else issue in this folder, and first finish or forget what an interrupted issue left there.

    The system forgets the lock when the program ends, however it ends. On a network share that knows no locks, two
    issues at once are not kept apart.

    Raises:
        Fault: X118, somebody else is issuing; or the folder cannot be written.
    """
    with _locked(folder):
        try:
            if (folder.path / PREPARED).is_dir():
                shutil.rmtree(folder.path / PREPARED)
            if (folder.path / DECIDED).is_dir():
                _put_in_place(folder)
        except OSError as problem:
            raise fault_of(problem, Path(problem.filename or folder.path)) from problem
        yield


@dataclass(slots=True)
class Handover:
    """What one issue will put in place."""

    folder: CampaignFolder
    aside: list[tuple[str, str]] = field(default_factory=list)
    """(name in the outbox, name among those replaced)."""

    def put(self, target: Path, data: bytes, *, lasting: bool = True) -> None:
        """Prepare a file; ``lasting`` waits until the disk holds it, what can be made again need not wait.

        Raises:
            Fault: it cannot be written.
        """
        path = self.folder.path / PREPARED / target.relative_to(self.folder.path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as stream:
                stream.write(data)
                if lasting:
                    stream.flush()
                    os.fsync(stream.fileno())
        except OSError as problem:
            raise fault_of(problem, target) from problem

    def register(self, event: Event) -> None:
        """Prepare an event, unless it is registered."""
        path = self.folder.register / event.file
        if not path.exists():
            self.put(path, event.text.encode())

    def set_aside(self, copy: Path) -> str:
        """Let a copy leave the outbox; give its name among those replaced.

        Raises:
            Fault: X103, another program holds it.
        """
        refuse_held(copy)
        taken = {name for _, name in self.aside}
        name, count = copy.name, 1
        while name in taken or (self.folder.replaced / name).exists():
            count += 1
            name = f"{copy.stem}-{count}{copy.suffix}"
        self.aside.append((copy.name, name))
        return name

    def decide(self) -> None:
        """Make it true, and put everything in place.

        Raises:
            Fault: something cannot be written. Nothing has happened yet, or the next issue goes on from there.
        """
        prepared = self.folder.path / PREPARED
        if not prepared.is_dir() and not self.aside:
            return
        try:
            self.put(self.folder.path / ASIDE, json.dumps(self.aside).encode())
            for place in (self.folder.frozen, self.folder.register, self.folder.outbox):
                _expect_right(place)
            move(prepared, self.folder.path / DECIDED)
            _put_in_place(self.folder)
        except OSError as problem:
            raise fault_of(problem, Path(problem.filename or self.folder.path)) from problem

    def forget(self) -> None:
        """Throw away what was prepared and not decided."""
        shutil.rmtree(self.folder.path / PREPARED, ignore_errors=True)


def _expect_right(place: Path) -> None:
    """Find out before anything is decided that a folder cannot be made, or refuses what comes in."""
    place.mkdir(exist_ok=True)
    if not os.access(place, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place / "*"))


def _put_in_place(folder: CampaignFolder) -> None:
    """Go through the four moves; those that were made already are found made."""
    decided = folder.path / DECIDED
    for place in (folder.frozen, folder.register):
        _move_in(decided / place.name, place)
    aside = decided / ASIDE
    for name, kept in json.loads(aside.read_text("utf-8")) if aside.exists() else ():
        here, there = folder.outbox / name, folder.replaced / kept
        # Where the old copy lies there already, the one of that name here is the new one.
        if here.exists() and not there.exists():
            folder.replaced.mkdir(exist_ok=True)
            move(here, there)
    _move_in(decided / folder.outbox.name, folder.outbox)
    # Everything is in its place: what cannot be cleared away now harms nobody, and the next issue clears it. But not
    # the list: read again once those copies are thrown away, it would set the new ones aside.
    aside.unlink(missing_ok=True)
    shutil.rmtree(decided, ignore_errors=True)


def _move_in(source: Path, target: Path) -> None:
    if not source.is_dir():
        return
    target.mkdir(exist_ok=True)
    for path in sorted(source.iterdir()):
        try:
            move(path, target / path.name)
        except OSError as problem:
            if problem.errno != errno.EXDEV:
                raise
            # The folder is a link to another disk.
            write_atomically(target / path.name, path.read_bytes())


@contextlib.contextmanager
def _locked(folder: CampaignFolder) -> Iterator[None]:
    """Lock the folder; on Windows, where folders cannot be, the campaign's workbook, which then cannot be replaced."""
    what = folder.workbook if sys.platform == "win32" else folder.path
    handle = None
    # Nothing to lock, or no right to: reading the campaign says it better.
    with contextlib.suppress(OSError):
        handle = os.open(what, os.O_RDONLY)
    try:
        if handle is not None and not lock(handle):
            raise Fault(BUSY, path=str(folder.path))
        yield
    finally:
        if handle is not None:
            os.close(handle)
