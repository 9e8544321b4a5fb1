"""A process that is killed just before it changes something on disk: moments are counted, the same on any machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

from canevas_xl.errors import DONE, Fault

CHANGES = frozenset({"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"})
"""What the interpreter tells before it changes something on disk."""


def in_child(work: Callable[[], object]) -> int:
    """Do something in a process of its own; give its exit code, negative for a signal, 3 for a fault."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = DONE
        except Fault as fault:
            code = fault.exit_code
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def dies_at(step: int, folder: Path, work: Callable[[], object]) -> int:
    """Do something in a process that is killed just before its ``step``-th change of a folder; give its exit code."""

    def die(count: int) -> None:
        if count == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return in_child(lambda: _watched(folder, work, die))


def changes_made(folder: Path, work: Callable[[], object]) -> int:
    """Do something in a process of its own; give how often it changed something in a folder."""
    made = get_context("fork").Value("i", 0, lock=False)
    assert in_child(lambda: _watched(folder, work, lambda count: setattr(made, "value", count))) == DONE
    return int(made.value)


def _watched(folder: Path, work: Callable[[], object], told: Callable[[int], None]) -> None:
    count = [0]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event not in CHANGES or not str(arguments[0]).startswith(str(folder)):
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        count[0] += 1
        told(count[0])

    sys.addaudithook(watch)
    work()
