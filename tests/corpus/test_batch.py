"""Many returns of which some are bad: the good ones are all consolidated, the bad ones all named.

A few in each run; ``CANEVAS_BATCH=1000`` reads a thousand on two processes, and says how long it took.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from canvases import TEMPLATE, Bench, typed
from recipes import FILES
from returned import IN_TIME, issued

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.collect import collect
from canevas_xl.app.consolidate import consolidate_campaign
from canevas_xl.app.score import issued_records
from canevas_xl.canvas.seal import read_token
from canevas_xl.cli.workers import Workers
from canevas_xl.intake.identify import is_siret
from canevas_xl.model.offer import Standing

MANY = int(os.environ.get("CANEVAS_BATCH", "40"))
BAD = MANY // 20 if MANY > 100 else MANY // 10


def siret(number: int) -> str:
    """A SIRET that follows its check digit, one for each number."""
    start = f"732829320{number:04d}"
    return next(start + digit for digit in "0123456789" if is_siret(start + digit))


@pytest.fixture
def campaign(tmp_path: Path) -> tuple[CampaignFolder, Bench]:
    """A campaign with a canvas that names nobody: any company answers."""
    folder, copies = issued(tmp_path, TEMPLATE, {("CONS.OPEN", "VALUE"): "Oui"})
    record = issued_records(folder)[1]
    token = str(read_token(copies[-1].name))
    return folder, Bench(record, record, token, token, token, folder.secret(), addressed=False)


def test_the_good_are_consolidated_and_the_bad_are_named(
    campaign: tuple[CampaignFolder, Bench], tmp_path: Path
) -> None:
    folder, bench = campaign
    drop = tmp_path / "retours"
    drop.mkdir()
    good = {f"retour {number:04d}.xlsx" for number in range(MANY - BAD)}
    for number, name in enumerate(sorted(good)):
        (drop / name).write_bytes(
            typed({("ID.SIRET", "VALUE"): siret(number), ("E1", "VALUE"): 4 + number / 1000})(bench)
        )
    kinds = [one for one in FILES if one.code.startswith("X")]
    bad = {}
    for number in range(BAD):
        kind = kinds[number % len(kinds)]
        name = f"{number:03d} {kind.name}"
        bad[name] = kind.code
        (drop / name).write_bytes(kind.make(typed({("E1", "VALUE"): 5 + number / 1000})(bench)))
    start = time.perf_counter()
    collect(folder, [drop], IN_TIME, IN_TIME)
    with Workers() as workers:
        done = consolidate_campaign(folder, IN_TIME, executor=workers).consolidation
    sys.stderr.write(f"{MANY} returns, {BAD} bad: {time.perf_counter() - start:.1f} s\n")
    assert {one.receipt.name for one in done.offers} == good
    unread = {one.receipt.name: one.findings[0].code for one in done.set_aside if one.standing is Standing.UNREADABLE}
    twins = {one.receipt.name for one in done.set_aside if one.standing is Standing.TWIN}
    assert {name: code for name, code in bad.items() if name not in twins} == unread
