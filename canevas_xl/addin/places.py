"""Owns the places of one user: settings, log, argument files, and the folders of campaigns opened by a web address."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CAMPAIGN

NAME: Final = "canevas-xl"
_WEB: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of the user who runs the program; none of them is looked for in a workbook's folder."""

    data: Path
    logs: Path

    @property
    def settings(self) -> Path:
        """What ``addin install`` did: which interpreter starts the program (JSON, ``interpreter``)."""
        return self.data / "settings.json"

    @property
    def folders(self) -> Path:
        """Web address of a folder → the same folder on this machine (JSON)."""
        return self.data / "folders.json"

    @property
    def requests(self) -> Path:
        """Where argument files lie between a click and its start: a folder that only this user can write in."""
        return self.data / "temp"

    @property
    def log(self) -> Path:
        """The log (UTF-8)."""
        return self.logs / f"{NAME}.log"


def user_places(
    system: str = sys.platform, environment: Mapping[str, str] = os.environ, home: Path | None = None
) -> Places:
    r"""Find them: ``%LOCALAPPDATA%\canevas-xl`` on Windows, ``~/Library`` on macOS, else the XDG folders.

    VBA and the AppleScript look for argument files in the same folders (``addin/vba``).
    """
    own = home or Path.home()
    if system == "win32":
        data = Path(environment.get("LOCALAPPDATA") or own / "AppData" / "Local") / NAME
        return Places(data, data / "logs")
    if system == "darwin":
        return Places(own / "Library" / "Application Support" / NAME, own / "Library" / "Logs" / NAME)
    data = Path(environment.get("XDG_DATA_HOME") or own / ".local" / "share")
    state = Path(environment.get("XDG_STATE_HOME") or own / ".local" / "state")
    return Places(data / NAME, state / NAME)


def is_web_address(workbook: str) -> bool:
    """Tell whether Excel knows a workbook by a web address, as it does in a folder that OneDrive synchronises."""
    return workbook.lower().startswith(_WEB)


def campaign_folder(folder: str, workbook: str, places: Places) -> Path | None:
    """Find the folder of a workbook on this machine.

    Args:
        folder: what Excel or the user says; empty where nobody knows yet. It is remembered for a web address, if
            there is a campaign in it: a wrong one would never be asked again.
        workbook: full path or web address of the workbook.
        places: where the map of web addresses lies.

    Returns:
        The folder; None where only the user can tell (exit code ``FOLDER_NEEDED``), or for a workbook never saved.

    Raises:
        Fault: what writing the map meets.
    """
    address = workbook.rpartition("/")[0] if is_web_address(workbook) else ""
    known = _known(places)
    if folder:
        if address and known.get(address) != folder and _has_campaign(folder):
            _remember(known | {address: folder}, places)
        return Path(folder)
    found = known.get(address, "")
    return Path(found) if found and _has_campaign(found) else None


def _has_campaign(folder: str) -> bool:
    return (Path(folder) / CAMPAIGN).is_file()


def _known(places: Places) -> dict[str, str]:
    """Read the map; one that cannot be read is empty: the user is asked again."""
    try:
        read = json.loads(places.folders.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    pairs = read.items() if isinstance(read, dict) else ()
    return {address: folder for address, folder in pairs if isinstance(address, str) and isinstance(folder, str)}


def _remember(known: Mapping[str, str], places: Places) -> None:
    places.data.mkdir(parents=True, exist_ok=True)
    write_atomically(places.folders, json.dumps(dict(known), ensure_ascii=False, indent=1).encode())
