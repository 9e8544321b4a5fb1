"""Owns what an action is given: where it works, what was answered, how it shows progress and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from canevas_xl.addin.registry import Ask
from canevas_xl.app.grid import Grid


class Stopped(Exception):  # noqa: N818 - the user stopped: nothing erred
    """The user asked to stop; raised between two items, so that all is well on disk."""


@dataclass(frozen=True, slots=True)
class Context:
    """What one run of an action is given; nothing else is looked at."""

    grid: Grid
    """The workbook where results are shown: live in Excel, or a file."""
    folder: Path | None
    """The campaign's; None for actions that need none."""
    answers: Mapping[Ask, str]
    language: str
    now: datetime
    progress: Callable[[int, int], None]
    """Told (done, all) after each item; raises ``Stopped``."""
    log: Path | None = None
    """Where faults are written down; None where nobody is told."""
    saved: bool = False
    """The campaign's workbook is open elsewhere, and known to be saved."""


@dataclass(frozen=True, slots=True)
class Told:
    """How an action ended, for a person: one short text, and whether something waits for the user."""

    text: str
    waits: bool = False
