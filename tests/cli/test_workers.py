"""Many returns are read in processes of their own; a few where the command runs."""

from __future__ import annotations

import os
from pathlib import Path

from canevas_xl.cli.workers import Workers


def test_a_few_files_are_read_here() -> None:
    with Workers() as workers:
        assert list(workers.map(len, ["a", "bb"])) == [1, 2]
        assert not workers.started


def test_many_files_are_read_elsewhere_in_their_order(tmp_path: Path) -> None:
    names = ["a" * n for n in range(7)]
    with Workers(worth_it=len(names)) as workers:
        assert list(workers.map(len, names)) == list(range(7))
        assert os.getpid() not in set(workers.map(_process, [tmp_path] * len(names)))


def _process(_: Path) -> int:
    return os.getpid()
