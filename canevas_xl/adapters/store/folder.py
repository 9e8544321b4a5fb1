"""Owns a campaign's folder: where each file lies, the frozen records, the secret and the register.

The register is a folder of small immutable files, one per event, written atomically: it survives synchronised
folders and network shares, where databases break.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.errors import Fault

CAMPAIGN: Final = "campagne.xlsx"
_RECORD: Final = re.compile(r"L(\d+)-R(\d+)(?:-E(\d+))?\.json")


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
        """Where issued canvases lie."""
        return self.path / "envois"

    @property
    def frozen(self) -> Path:
        """Where frozen records lie."""
        return self.path / "gel"

    @property
    def register(self) -> Path:
        """Where events lie."""
        return self.path / "registre"

    def reference(self, lot: int) -> Path:
        """The buyer's own canvas of a lot, with the reference scenario."""
        return self.path / "reference" / f"reference-L{lot}.xlsx"

    def secret(self) -> bytes:
        """Give the secret that seals tokens; make it the first time.

        Raises:
            Fault: X106, the file is there and is not a secret.
        """
        path = self.frozen / "cle.txt"
        if not path.exists():
            write_atomically(path, (secrets.token_hex(32) + "\n").encode())
        text = path.read_text("ascii", errors="replace").strip()
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise Fault("X106", path=str(path))
        return bytes.fromhex(text)

    def records(self, lot: int, round_: int) -> tuple[Path, ...]:
        """Frozen records of one lot and round, the first issue and then its errata, in order."""
        found = []
        for path in self.frozen.glob("L*.json") if self.frozen.is_dir() else ():
            match = _RECORD.fullmatch(path.name)
            if match and (int(match[1]), int(match[2])) == (lot, round_):
                found.append((int(match[3] or 0), path))
        return tuple(path for _, path in sorted(found))

    def record_path(self, lot: int, round_: int, erratum: int) -> Path:
        """Where a frozen record is written."""
        return self.frozen / (f"L{lot}-R{round_}.json" if erratum == 0 else f"L{lot}-R{round_}-E{erratum}.json")

    def add_event(self, event: Event) -> bool:
        """Register an event; say whether it is a new one."""
        path = self.register / f"{event.kind}-{event.identity}.json"
        if path.exists():
            return False
        entry = {"kind": event.kind, "at": event.at.isoformat(), **event.facts}
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True, indent=1)
        write_atomically(path, (text + "\n").encode())
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
                found.append((entry["at"], path.name, entry))
            except (ValueError, KeyError, TypeError) as error:
                raise Fault("X106", path=str(path)) from error
        return tuple(entry for _, _, entry in sorted(found, key=lambda one: one[:2]))
