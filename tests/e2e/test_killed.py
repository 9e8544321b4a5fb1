"""A run that is killed at any moment: nothing is lost or counted twice, and the next run ends as any other."""

from __future__ import annotations

import hashlib
import random
import shutil
import sys
import time
from collections.abc import Mapping
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.collect import collect
from canevas_xl.app.results import write_results
from canevas_xl.app.score import score_campaign

NOW = datetime(2027, 1, 15, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
"""After the deadline of every example, so that returns are opened."""
CAME = datetime(2026, 9, 10, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
KILLS = 50
MADE = ("recus", "cache", "donnees")

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a process at work at once is forked, which Windows cannot"
)


def run(path: Path) -> None:
    """Collect what came and make the results."""
    folder = CampaignFolder(path)
    collect(folder, [path / "retours-exemple"], NOW, received=CAME)
    write_results(folder, score_campaign(folder, NOW))


def fresh(demo: Path, target: Path) -> Path:
    """The demo's campaign with its returns on the doorstep: nothing collected yet."""
    shutil.copytree(demo, target, ignore=lambda _, names: [n for n in names if n in MADE or n.startswith("received")])
    (target / "resultats.xlsx").unlink()
    return target


def results(path: Path) -> Mapping[str, str]:
    """Everything that a run leaves, by its hash; neither what is kept for speed, nor drafts that never took a place."""
    found = (file for file in path.rglob("*") if file.is_file() and not file.name.startswith(".canevas-"))
    files = (file for file in found if "cache" not in file.relative_to(path).parts)
    return {str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def killed(path: Path, after: float) -> bool:
    """Run in another process and kill it; say whether it was still at work."""
    process = get_context("fork").Process(target=run, args=(path,))
    process.start()
    process.join(after)
    at_work = process.is_alive()
    process.kill()
    process.join()
    return at_work


def whole(path: Path) -> None:
    """What a killed run leaves is whole: received files are what their names say, results are a pair or none."""
    for stored in (path / "recus").glob("*.xlsx"):
        assert hashlib.sha256(stored.read_bytes()).hexdigest() == stored.stem
    received = {str(event["sha256"]) for event in CampaignFolder(path).events() if event["kind"] == "received"}
    assert received <= {stored.stem for stored in (path / "recus").glob("*.xlsx")}


def test_a_run_killed_at_fifty_moments_loses_nothing_and_counts_nothing_twice(
    demos: Mapping[str, Path], tmp_path: Path
) -> None:
    demo = demos["mobilier-bureau"]
    start = time.perf_counter()
    expected_folder = fresh(demo, tmp_path / "whole")
    run(expected_folder)
    seconds, expected = time.perf_counter() - start, results(expected_folder)
    moments = random.Random(20_260_801)  # noqa: S311 - the same moments on every run
    path = fresh(demo, tmp_path / "killed")
    at_work = 0
    for kill in range(KILLS):
        if kill % 5 == 0:  # begin anew, so that every part of a run is hit, not only its end
            shutil.rmtree(path)
            fresh(demo, path)
        at_work += killed(path, moments.uniform(0, seconds))
        whole(path)
    assert at_work > KILLS / 4, "too few runs were killed at work to prove anything"
    run(path)
    assert results(path) == expected
