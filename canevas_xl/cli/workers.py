"""Owns the processes in which many returns are read: started only when there are enough files to be worth it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import Any, Final, TypeVar

from canevas_xl.app.processes import PATIENCE, patiently

PROCESSES: Final = 2
WORTH_IT: Final = 60
"""Files from which two processes are done sooner: each takes about a second to start (benchmarks/README.md)."""
CHUNK: Final = 4
"""Files that a process is handed at once."""
T = TypeVar("T")


class Workers(Executor):
    """Runs a few calls here, and many in processes of their own, begun anew: nothing of this one goes along."""

    def __init__(self, worth_it: int = WORTH_IT, patience: float = PATIENCE) -> None:
        """``worth_it`` is how many calls start the processes, ``patience`` the seconds that one may take there."""
        self._worth_it = worth_it
        self._patience = patience
        self._pool: ProcessPoolExecutor | None = None

    @property
    def started(self) -> bool:
        """Say whether processes were started."""
        return self._pool is not None

    def map(
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = CHUNK,
    ) -> Iterator[T]:
        """Give what ``fn`` gives, in order."""
        calls = list(zip(*iterables, strict=False))
        if len(calls) < self._worth_it:
            return (fn(*call) for call in calls)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn"))
        patient = partial(patiently, fn, self._patience)
        return self._pool.map(patient, *zip(*calls, strict=True), timeout=timeout, chunksize=chunksize)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:  # noqa: FBT001, FBT002 - as inherited
        """End the processes; what was not begun is left."""
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)
