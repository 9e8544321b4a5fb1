"""Owns calls made in other processes, in order: one that ends its process is told, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Call = TypeVar("Call")
Given = TypeVar("Given")


def in_turn(
    function: Callable[[Call], Given],
    calls: Sequence[Call],
    executor: Executor,
    died: Callable[[Call], Given],
) -> Iterator[Given]:
    """Give what ``function`` gives for each call, in order.

    A pool whose process died is lost, and does not say over which call: what is left is done one by one.

    Args:
        function: importable by its name.
        calls: what it is given, one after the other.
        executor: where they are made.
        died: gives what stands for a call that ended its process.
    """
    done = 0
    try:
        for given in executor.map(function, calls):
            done += 1
            yield given
    except BrokenExecutor:
        yield from _one_by_one(function, calls[done:], died)


def _one_by_one(
    function: Callable[[Call], Given], calls: Sequence[Call], died: Callable[[Call], Given]
) -> Iterator[Given]:
    """Make the calls in one process at a time, begun anew after each that died."""
    pool: ProcessPoolExecutor | None = None
    try:
        for call in calls:
            pool = pool or ProcessPoolExecutor(1, mp_context=get_context("spawn"))
            try:
                given = pool.submit(function, call).result()
            except BrokenExecutor:
                pool.shutdown()
                pool, given = None, died(call)
            yield given
    finally:
        if pool is not None:
            pool.shutdown()
