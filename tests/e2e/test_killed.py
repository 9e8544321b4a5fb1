"""A run that is killed at any moment: nothing is lost or counted twice, and the next run ends as any other."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from killing import changes_made, dies_at

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.collect import collect
from canevas_xl.app.results import write_results
from canevas_xl.app.score import score_campaign

NOW = datetime.now(ZoneInfo("Europe/Paris"))
"""The demo's campaign, which is issued by the clock, is two days past its deadline."""
CAME = NOW - timedelta(days=7)
KILLS = 50
MADE = ("recus", "cache", "donnees")

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a real process is killed, which needs fork")


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


def whole(path: Path) -> None:
    """What a killed run leaves is whole: received files are what their names say, results are a pair or none."""
    for stored in (path / "recus").glob("*.xlsx"):
        assert hashlib.sha256(stored.read_bytes()).hexdigest() == stored.stem
    received = {str(event["sha256"]) for event in CampaignFolder(path).events() if event["kind"] == "received"}
    assert received <= {stored.stem for stored in (path / "recus").glob("*.xlsx")}


def test_a_run_killed_at_fifty_moments_loses_nothing_and_counts_nothing_twice(
    demo: Callable[[str], Path], tmp_path: Path
) -> None:
    shown = demo("informatique-postes")
    expected_folder = fresh(shown, tmp_path / "whole")
    moments = changes_made(expected_folder, lambda: run(expected_folder))
    expected = results(expected_folder)
    drawn = random.Random(20_260_801)  # noqa: S311 - the same moments on every run
    path = fresh(shown, tmp_path / "killed")
    at_work = 0
    for kill in range(KILLS):
        if kill % 5 == 0:  # begin anew, so that every part of a run is hit, not only its end
            shutil.rmtree(path)
            fresh(shown, path)
        at_work += dies_at(drawn.randint(1, moments), path, lambda: run(path)) == -signal.SIGKILL
        whole(path)
    assert at_work > KILLS / 4, "too few runs were killed at work to prove anything"
    run(path)
    assert results(path) == expected
