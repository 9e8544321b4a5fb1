"""Owns calls made in other processes, in order: one that ends its process, or never ends, is told; the others go on."""

from __future__ import annotations

import faulthandler
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final, TypeVar

PATIENCE: Final = 60.0
"""Seconds of the clock that one call may take, thirty times what the longest takes of a processor."""

Call = TypeVar("Call")
Given = TypeVar("Given")


def in_turn(
    function: Callable[[Call], Given],
    calls: Sequence[Call],
    executor: Executor,
    died: Callable[[Call], Given],
    patience: float = PATIENCE,
) -> Iterator[Given]:
    """Give what ``function`` gives for each call, in order.

    A pool whose process died is lost, and does not say over which call: what is left is done one by one.

    Args:
        function: importable by its name.
        calls: what it is given, one after the other.
        executor: where they are made; one with processes of its own makes each :func:`patiently`.
        died: gives what stands for a call that ended its process.
        patience: seconds that one of those done one by one may take.
    """
    done = 0
    try:
        for given in executor.map(function, calls):
            done += 1
            yield given
    except BrokenExecutor:
        yield from one_by_one(function, calls[done:], died, patience)


def patiently(function: Callable[..., Given], patience: float, *call: Any) -> Given:
    """Make a call, and end this process where it takes longer than ``patience`` seconds.

    Only for processes that are there for such calls. The watch is a thread outside of the interpreter: an expression
    that searches without end holds the latter and lets nothing else in.
    """
    with open(os.devnull, "w", encoding="ascii") as nowhere:  # noqa: PTH123 - a device has no folder
        faulthandler.dump_traceback_later(patience, exit=True, file=nowhere)
        try:
            return function(*call)
        finally:
            faulthandler.cancel_dump_traceback_later()


def one_by_one(
    function: Callable[[Call], Given],
    calls: Iterable[Call],
    died: Callable[[Call], Given],
    patience: float = PATIENCE,
) -> Iterator[Given]:
    """Make the calls in a process apart, begun with the first of them and anew after each that died."""
    pool: ProcessPoolExecutor | None = None
    try:
        for call in calls:
            pool = pool or ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            try:
                given = pool.submit(patiently, function, patience, call).result()
            except BrokenExecutor:
                pool.shutdown()
                pool, given = None, died(call)
            yield given
    finally:
        if pool is not None:
            pool.shutdown()
