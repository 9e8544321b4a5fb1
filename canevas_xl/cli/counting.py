"""Owns the bar that moves on stderr while many files are read or written: only for people, only on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from canevas_xl.cli.show import Screen

MANY: Final = 20
"""Below so many there is nothing to wait for."""


@contextmanager
def counting(screen: Screen, doing: str) -> Iterator[Callable[[int, int], None]]:
    """Give ``count(done, total)``, to be called after each file; ``doing`` is a key of the catalogue."""
    console = Console(stderr=True)
    if screen.as_json or not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (TextColumn(screen.say(doing)), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None, visible=False)

        def count(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, visible=total >= MANY)

        yield count
