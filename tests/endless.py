"""When a test says that work would go on without end: far above what it takes anywhere. No goal for speed."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Final

ENDLESS: Final = 30.0
"""Seconds of processor: ten times what the longest takes, less than what the way to be caught takes."""

PATIENCE: Final = 300.0
"""Seconds of the clock after which another program hangs: ten times what the longest takes on a busy machine."""


@contextlib.contextmanager
def coming_to_an_end() -> Iterator[None]:
    """Fail where what is done inside costs as much as only work without a bound does."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < ENDLESS, "it goes on without end"
