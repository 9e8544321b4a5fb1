"""Owns a campaign's folder: where each file lies, the frozen records, the secret and the register.

The register is a folder of small immutable files, one per event, written atomically: it survives synchronised
folders and network shares, where databases break.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.errors import Fault

CAMPAIGN: Final = "campagne.xlsx"
_RECORD: Final = re.compile(r"L([0-9]+)-R([0-9]+)(?:-E([0-9]+))?\.json")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a campaign: issued, received, decided, asked, erratum."""

    kind: str
    at: datetime
    facts: Mapping[str, Any]

    @property
    def identity(self) -> str:
        """Hash of what happened, without its time: the same thing happens once."""
        return hashlib.sha256(json.dumps([self.kind, dict(self.facts)], sort_keys=True).encode()).hexdigest()[:20]

    @property
    def file(self) -> str:
        """Name of its file in the register."""
        return f"{self.kind}-{self.identity}.json"

    @property
    def text(self) -> str:
        """What stands in its file."""
        entry = {"kind": self.kind, "at": self.at.isoformat(), **self.facts}
        return json.dumps(entry, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """The folder ``DIR`` of the command line and of the buttons."""

    path: Path

    @property
    def workbook(self) -> Path:
        """The buyer's workbook."""
        return self.path / CAMPAIGN

    @property
    def outbox(self) -> Path:
        """Where the canvases lie that are to be sent, and no others."""
        return self.path / "envois"

    @property
    def replaced(self) -> Path:
        """Where canvases lie that were issued and are not to be sent any more."""
        return self.outbox / "remplaces"

    @property
    def frozen(self) -> Path:
        """Where frozen records lie."""
        return self.path / "gel"

    @property
    def register(self) -> Path:
        """Where events lie."""
        return self.path / "registre"

    @property
    def cache(self) -> Path:
        """Where what was read is kept, and which file is being read: to delete at any time."""
        return self.path / "cache"

    def reference(self, lot: int) -> Path:
        """The buyer's own canvas of a lot, with the reference scenario."""
        return self.path / "reference" / f"reference-L{lot}.xlsx"

    @property
    def key(self) -> Path:
        """Where the secret lies that seals tokens."""
        return self.frozen / "cle.txt"

    def secret(self) -> bytes:
        """Read the secret that seals tokens.

        Raises:
            Fault: X106, the file is lost, or is not a secret.
        """
        try:
            return secret_in(self.key.read_bytes())
        except (FileNotFoundError, ValueError) as error:
            raise Fault("X106", path=str(self.key)) from error

    def records(self, lot: int, round_: int) -> tuple[Path, ...]:
        """Frozen records of one lot and round, the first issue and then its errata, in order."""
        found = [(erratum, path) for place, erratum, path in self._records() if place == (lot, round_)]
        return tuple(path for _, path in sorted(found))

    def last_round(self) -> int:
        """The highest round that was issued for any lot; 0 before the first."""
        return max((round_ for (_, round_), _, _ in self._records()), default=0)

    def next_erratum(self, lot: int, round_: int) -> int:
        """The number of the next erratum of one lot and round."""
        return 1 + max((erratum for place, erratum, _ in self._records() if place == (lot, round_)), default=0)

    def _records(self) -> Iterator[tuple[tuple[int, int], int, Path]]:
        """Every frozen record: (lot, round), number of the erratum (0: the first issue), path."""
        for path in self.frozen.glob("L*.json") if self.frozen.is_dir() else ():
            match = _RECORD.fullmatch(path.name)
            if match:
                yield (int(match[1]), int(match[2])), int(match[3] or 0), path

    def record_path(self, lot: int, round_: int, erratum: int) -> Path:
        """Where a frozen record is written."""
        return self.frozen / (f"L{lot}-R{round_}.json" if erratum == 0 else f"L{lot}-R{round_}-E{erratum}.json")

    def add_event(self, event: Event) -> bool:
        """Register an event; say whether it is a new one."""
        path = self.register / event.file
        if path.exists():
            return False
        write_atomically(path, event.text.encode())
        return True

    def events(self) -> tuple[dict[str, Any], ...]:
        """Read all events, by time and then by name.

        Raises:
            Fault: X106, a file of the register cannot be read.
        """
        found: list[tuple[str, str, dict[str, Any]]] = []
        for path in self.register.glob("*.json") if self.register.is_dir() else ():
            try:
                entry = json.loads(path.read_text("utf-8"))
                found.append((str(entry["at"]), path.name, dict(entry)))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise Fault("X106", path=str(path)) from error
        return tuple(entry for _, _, entry in sorted(found, key=lambda one: one[:2]))


def new_secret() -> bytes:
    """Draw what stands in the file of a new secret."""
    return (secrets.token_hex(32) + "\n").encode()


def secret_in(written: bytes) -> bytes:
    """Understand what stands in the file of a secret.

    Raises:
        ValueError: it is not a secret.
    """
    text = written.decode("ascii").strip()
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(len(text))
    return bytes.fromhex(text)
