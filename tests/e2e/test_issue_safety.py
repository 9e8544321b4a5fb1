"""An issue that is interrupted, wherever, leaves nothing by halves: the next one throws it away or finishes it."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from issuing import ALPHA, BETA, NOW, campaign, everything, folder_in, issue, outbox, set_aside
from killing import dies_at, in_child

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.handover import DECIDED, PREPARED, alone
from canevas_xl.canvas.freeze import thaw
from canevas_xl.canvas.seal import is_ours, read_token
from canevas_xl.errors import DONE, OUTSIDE, Fault
from canevas_xl.model.campaign import Campaign

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a real process is killed, which needs fork")

NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    return folder_in(tmp_path)


def dies_issuing(step: int, folder: CampaignFolder, what: Campaign) -> int:
    """Issue in a process that is killed just before its ``step``-th change of the folder."""
    return dies_at(step, folder.path, lambda: issue(folder, what))


def expect_whole(folder: CampaignFolder, what: Campaign, errata: int = 0) -> None:
    """The outbox holds a copy for each supplier, sealed with the last record; nothing else lies about."""
    assert not [path for path in folder.path.rglob("*") if path.name.startswith(".")]
    records = folder.records(1, what.round)
    assert len(records) == 1 + errata
    record = thaw(records[-1].read_text("utf-8"))
    tokens = [read_token(name) for name in outbox(folder)]
    assert sorted(token.supplier for token in tokens if token) == sorted(one.code for one in what.suppliers)
    assert all(token and is_ours(token, (folder.secret(), record.fingerprint)) for token in tokens)
    issued = [event["token"] for event in folder.events() if event["kind"] == "issued"]
    assert {str(token) for token in tokens} <= set(issued)


def test_a_first_issue_that_is_killed_anywhere_is_issued_whole_by_the_next(tmp_path: Path) -> None:
    what, died = campaign(), 0
    for step in range(1, 100, 4):
        folder = CampaignFolder(tmp_path / f"s{step}")
        folder.path.mkdir()
        code = dies_issuing(step, folder, what)
        assert code in {-signal.SIGKILL, DONE}
        decided = (folder.path / DECIDED).exists() or not (folder.path / PREPARED).exists()
        assert folder.records(1, 1) == () or decided
        assert not issue(folder, what).blocked
        expect_whole(folder, what)
        if code == DONE:
            break
        died += 1
    assert died > 5
    assert code == DONE


def test_an_erratum_that_is_killed_anywhere_is_issued_whole_by_the_next(folder: CampaignFolder, tmp_path: Path) -> None:
    issue(folder, campaign())
    first = outbox(folder)
    what = campaign(erratum="La date était fausse.")
    what = replace(what, deadline=what.deadline + timedelta(days=1))
    died = 0
    for step in range(2, 100, 4):
        copy = CampaignFolder(tmp_path / f"s{step}")
        shutil.copytree(folder.path, copy.path)
        code = dies_issuing(step, copy, what)
        # Whoever looks in between sees one copy for a supplier at most.
        seen = [token.supplier for name in outbox(copy) if (token := read_token(name))]
        assert len(seen) == len(set(seen))
        assert not issue(copy, what).blocked
        expect_whole(copy, what, errata=1)
        assert set_aside(copy) == first
        if code == DONE:
            break
        died += 1
    assert died > 5
    assert code == DONE


def test_a_campaign_that_changes_after_a_kill_is_blocked_only_by_what_was_decided(tmp_path: Path) -> None:
    what = campaign()
    changed = replace(what, deadline=what.deadline + timedelta(days=1))
    seen: set[bool] = set()
    for step in range(8, 60, 6):
        if seen == {True, False}:
            break
        folder = CampaignFolder(tmp_path / f"s{step}")
        folder.path.mkdir()
        assert dies_issuing(step, folder, what) == -signal.SIGKILL
        decided = (folder.path / DECIDED).exists()
        issued = issue(folder, changed)
        assert issued.blocked == decided
        expect_whole(folder, what)
        seen.add(decided)
    assert seen == {True, False}


def test_what_cannot_be_cleared_away_moves_nothing_twice(
    folder: CampaignFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue(folder, campaign())
    what = campaign(replace(ALPHA, language="en"), BETA)  # a new copy of the same name
    with monkeypatch.context() as held:
        held.setattr(shutil, "rmtree", lambda *_, **__: None)
        issue(folder, what)
    assert (folder.path / DECIDED).is_dir()
    shutil.rmtree(folder.replaced)  # the buyer throws away what is no longer sent

    sent = outbox(folder)
    issue(folder, what)
    assert outbox(folder) == sent
    assert set_aside(folder) == []
    assert not (folder.path / DECIDED).exists()


@pytest.mark.parametrize("bytes_", [10, 1_000, 36_000])
def test_a_full_disk_leaves_the_folder_as_it_was(folder: CampaignFolder, bytes_: int) -> None:
    def work() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))
        issue(folder, campaign())

    assert in_child(work) == OUTSIDE
    assert everything(folder) == {}
    assert not issue(folder, campaign()).blocked
    expect_whole(folder, campaign())


def test_a_folder_that_may_not_be_written_is_left_as_it_was(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    before = everything(folder)
    for path in (folder.path, *folder.path.iterdir()):
        path.chmod(0o555)

    def work() -> None:
        os.chdir(folder.path)
        if os.geteuid() == 0:
            os.seteuid(NOBODY)
        issue(CampaignFolder(Path()), campaign(round=2))

    folder.key.chmod(0o444)
    assert in_child(work) == OUTSIDE
    for path in (folder.path, *folder.path.iterdir()):
        path.chmod(0o755)
    assert everything(folder) == before


@pytest.mark.parametrize("place", ["gel", "registre", "envois"])
def test_a_place_that_cannot_be_made_is_found_before_anything_is_decided(folder: CampaignFolder, place: str) -> None:
    (folder.path / place).write_text("a file where a folder should be", "utf-8")
    before = everything(folder)
    with pytest.raises(Fault) as caught:
        issue(folder, campaign())
    assert caught.value.code == "X101"
    assert everything(folder) == before


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_copy_that_is_open_elsewhere_stops_the_erratum_before_it_begins(folder: CampaignFolder, lock: str) -> None:
    copy = issue(folder, campaign()).copies[1].path
    held = copy.with_name(lock.format(copy.name))
    held.write_bytes(b"x")
    before = everything(folder)
    what = campaign(round=2)
    with pytest.raises(Fault) as caught:
        issue(folder, what)
    assert caught.value.code == "X103"
    assert everything(folder) == before
    held.unlink()
    assert not issue(folder, what).blocked
    expect_whole(folder, what)


def test_nobody_issues_where_somebody_does(folder: CampaignFolder) -> None:
    with alone(folder):
        assert in_child(lambda: issue(folder, campaign())) == OUTSIDE
    with alone(folder), pytest.raises(Fault) as caught:
        issue(folder, campaign())
    assert caught.value.code == "X118"
    assert everything(folder) == {}


def test_of_two_issues_at_once_one_is_done_and_the_other_is_it_or_waits(folder: CampaignFolder) -> None:
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            os._exit(in_child(lambda: issue(folder, campaign())))
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert DONE in codes
    assert set(codes) <= {DONE, OUTSIDE}
    issue(folder, campaign())
    expect_whole(folder, campaign())


def test_an_outbox_on_another_disk_is_filled_as_well(folder: CampaignFolder) -> None:
    memory = Path("/dev/shm")  # noqa: S108 - another disk, if there is one; a folder of ours is made in it
    if not memory.is_dir() or memory.stat().st_dev == folder.path.stat().st_dev:
        pytest.skip("there is no second disk here")
    elsewhere = memory / f"canevas-{os.getpid()}-{time.time_ns()}"
    elsewhere.mkdir()
    try:
        folder.outbox.symlink_to(elsewhere)
        issue(folder, campaign())
        issue(folder, campaign(round=2), NOW + timedelta(days=1))
        assert len(outbox(folder)) == len(set_aside(folder)) == 2
    finally:
        shutil.rmtree(elsewhere)
