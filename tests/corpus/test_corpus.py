"""Nothing that comes back crashes, hangs, misleads or is lost: a bad file ends in its finding, and the good go on."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from canvases import CANVASES, Bench, Odd
from reading import Told, bench, in_own_process
from recipes import FILES, Bad

GOOD = "comme il faut.xlsx"
SECONDS = 8
"""Far above what each takes of a processor (2 at most), so that a busy machine fails nothing."""
MEGABYTES = 500


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Bench]:
    path = tmp_path_factory.mktemp("corpus")
    return path / "campagne", bench(path)


@pytest.fixture(scope="module")
def told(desk: tuple[Path, Bench]) -> Told:
    """All bad files and odd returns, and one good return among them, read as one batch."""
    path, made = desk
    drop = path.parent / "retours"
    drop.mkdir()
    for bad in FILES:
        (drop / bad.name).write_bytes(bad.make(made.good))
    for odd in CANVASES:
        (drop / odd.name.format(other=made.other)).write_bytes(odd.make(made))
    return in_own_process(path, drop)


def test_there_are_a_hundred_bad_files_at_least() -> None:
    names = [one.name for one in (*FILES, *CANVASES)]
    assert len(names) == len(set(names))
    assert len(FILES) >= 100
    assert sum(bool(one.codes) for one in CANVASES) >= 30


@pytest.mark.parametrize("bad", FILES, ids=lambda bad: bad.name)
def test_a_bad_file_ends_in_its_finding(told: Told, bad: Bad) -> None:
    assert {**told.read, **told.kept}[bad.name] == (bad.code,)


@pytest.mark.parametrize("odd", CANVASES, ids=lambda odd: odd.name)
def test_an_odd_return_is_understood_or_named(told: Told, desk: tuple[Path, Bench], odd: Odd) -> None:
    assert told.read[odd.name.format(other=desk[1].other)] == odd.codes


def test_each_file_is_done_with_soon(told: Told) -> None:
    slow = {name: round(seconds, 1) for name, seconds in told.seconds.items() if seconds > SECONDS}
    assert not slow


def test_no_file_fills_the_memory(told: Told) -> None:
    if math.isnan(told.memory):
        pytest.skip("this system does not tell what memory a process took at most")
    assert told.memory < MEGABYTES


def test_no_bad_file_stops_the_good_one(told: Told) -> None:
    assert told.read[GOOD] == ()
    assert told.counting


def test_no_connection_is_opened_and_no_program_started_but_the_reader_of_old_workbooks(told: Told) -> None:
    assert {event for event in told.reached_out if not event.startswith(("subprocess.", "os.posix_spawn"))} == set()
