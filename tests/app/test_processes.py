"""A call that ends its process, or never ends, is told; nothing else is lost."""

from __future__ import annotations

import os
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from canevas_xl.app.processes import in_turn
from canevas_xl.cli.workers import Workers

KILLED = 9
ENDLESS = 0
CALLS = [1, 2, ENDLESS, 4, 5]


def test_a_call_that_kills_its_process_is_told_and_the_others_are_made() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        given = list(in_turn(_halved, [1, 2, KILLED, 4, 5, KILLED, 7], pool, _told))
    assert given == ["0.5", "1.0", "died over 9", "2.0", "2.5", "died over 9", "3.5"]


def test_a_call_that_never_ends_is_told_and_the_others_are_made() -> None:
    with Workers(worth_it=len(CALLS), patience=1.0) as workers:
        given = list(in_turn(_halved, CALLS, workers, _told, patience=6.0))  # a busy machine may halt any process
    assert given == ["0.5", "1.0", "died over 0", "2.0", "2.5"]


def test_a_call_made_here_is_left_its_time() -> None:
    with Workers(worth_it=len(CALLS) + 1, patience=0.0) as workers:
        assert list(in_turn(len, ["a", "bb"], workers, lambda _: -1, patience=0.0)) == [1, 2]


def _halved(number: int) -> str:
    if number == KILLED:
        os.kill(os.getpid(), KILLED)
    if number == ENDLESS:
        # It holds the interpreter, for longer than the world will last: no thread of Python's could end it.
        re.fullmatch("(a|a)*b", "a" * 200)
    return str(number / 2)


def _told(number: int) -> str:
    return f"died over {number}"
