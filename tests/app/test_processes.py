"""A call that ends its process is told; nothing else is lost."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from canevas_xl.app.processes import in_turn

KILLED = 9


def test_a_call_that_kills_its_process_is_told_and_the_others_are_made() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        given = list(in_turn(_halved, [1, 2, KILLED, 4, 5, KILLED, 7], pool, _told))
    assert given == ["0.5", "1.0", "died over 9", "2.0", "2.5", "died over 9", "3.5"]


def _halved(number: int) -> str:
    if number == KILLED:
        os.kill(os.getpid(), KILLED)
    return str(number / 2)


def _told(number: int) -> str:
    return f"died over {number}"
