"""Owns the measure of reading returns: a thousand workbooks on two processes, against what inflating and parsing cost.

Run it from the project's folder: ``python benchmarks/returns.py``. Ratios come from one run, in which all ways take
turns over the same files; times are measured on a sample and extrapolated to all returns.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache, partial
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from xml.parsers import expat

import openpyxl

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.sample_offers import sample_offers
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.constants import load_constants
from canevas_xl.app.demo import filled_return
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.app.reading import ledger_of, uncollected
from canevas_xl.app.score import issued_records
from canevas_xl.canvas.seal import read_token
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.issued import Constants
from canevas_xl.intake.returns import read_return
from canevas_xl.model.offer import Receipt

TEMPLATE = "restauration-scolaire@1.0.0"
ISSUED = datetime(2026, 9, 1, 9, tzinfo=UTC)
RETURNS = 1_000
PROCESSES = 2
ROUNDS = 3
DIFFERENT = 12
"""Files of the sample that differ; the others have the same bytes as one of them."""
MANY = 100.0
"""An answer beyond it is varied from one file to the next."""
GOALS = {"floor": 6.0, "worker": 100.0}
READ = ("[Content", "_rels/.rels", "docProps/custom", "xl/workbook", "xl/_rels/", "xl/worksheets/sheet", "xl/shared")
"""Parts that hold what is read, and styles, which say what is a date."""


# --- The ways: each reads one file ------------------------------------------------------------------------------


def floor(path: Path, _: Path) -> int:
    """Inflate and parse the parts that are read, without looking at anything."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith((*READ, "xl/styles"))]
        for name in names:
            expat.ParserCreate().Parse(archive.read(name), True)  # noqa: FBT003 - the parser takes it by position
    return len(names)


def cells(path: Path, _: Path) -> int:
    """Read every cell: values and formulas."""
    return sum(len(sheet.cells) for sheet in read_cells(path).sheets)


def whole(path: Path, folder: Path) -> int:
    """Do the whole job: identity, answers, comparison of every locked constant, checks."""
    ledger, built = desk(folder)
    receipt = Receipt("0" * 64, path.name, path.stat().st_size, ISSUED, "file")
    with uncollected():  # as the program reads a file
        read = read_return(read_cells(path), receipt, ledger, built)
    return len(read.value.answers)


def with_openpyxl(path: Path, _: Path) -> int:
    """Read every cell: openpyxl gives values and formulas in two loads."""
    count = 0
    for values in (True, False):
        book = openpyxl.load_workbook(path, data_only=values)
        count = sum(cell.value is not None for sheet in book for row in sheet.iter_rows() for cell in row)
        book.close()
    return count


def with_calamine(path: Path, _: Path) -> int:
    """Read every value; calamine gives formulas apart, and they are left out."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - it need not be installed

    book = CalamineWorkbook.from_path(path)
    sheets = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    return sum(value not in {"", None} for sheet in sheets for row in sheet for value in row)


@cache
def desk(folder: Path) -> tuple[Ledger, Callable[[Issue, str, bool], Constants]]:
    """Give what a worker needs besides the files, once."""
    campaign = CampaignFolder(folder)

    kept: dict[tuple[str, str, bool], Constants] = {}

    def built(issue: Issue, language: str, addressed: bool) -> Constants:  # noqa: FBT001 - as readers call it
        key = (issue.fingerprint, language, addressed)
        if key not in kept:
            kept[key] = load_constants(campaign, issue.subject, issue.fingerprint, language, addressed=addressed)
        return kept[key]

    return ledger_of(campaign), built


# --- The measure ------------------------------------------------------------------------------------------------


WAYS: Mapping[str, Callable[[Path, Path], int]] = {
    "floor": floor,
    "cells": cells,
    "whole": whole,
    "openpyxl": with_openpyxl,
    "calamine": with_calamine,
}


def read_one(path: Path, way: str, folder: Path) -> tuple[float, float, int]:
    """Read one file in a worker: seconds of its processor, its peak memory in MB, what was counted."""
    start = time.process_time()
    count = WAYS[way](path, folder)
    spent = time.process_time() - start
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, count


def run(pool: Executor, way: str, files: list[Path], folder: Path) -> tuple[float, float, float]:
    """Read all files: seconds of processor, seconds on the clock, peak memory of a worker in MB."""
    start = time.perf_counter()
    spent, peak = 0.0, 0.0
    for seconds, memory, count in pool.map(partial(read_one, way=way, folder=folder), files, chunksize=3):
        assert count, "every file holds something"
        spent, peak = spent + seconds, max(peak, memory)
    return spent, time.perf_counter() - start, peak


def resident() -> float:
    """Give the resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def returns(folder: Path, count: int) -> Iterator[Path]:
    """Issue the example campaign and fill ``count`` returns as its samples say."""
    new_campaign(TEMPLATE, folder, ISSUED, language="fr", example=True)
    issued = issue_campaign(CampaignFolder(folder), ISSUED)
    record = issued_records(CampaignFolder(folder))[1]
    whose = {token.supplier for copy in issued.copies if (token := read_token(copy.token))}
    samples = [one for one in sample_offers(TEMPLATE) if not one.tamper and one.supplier in whose]
    made: list[bytes] = []
    for number in range(count):
        if number < DIFFERENT:
            sample = samples[number % len(samples)]
            answers = {key: vary(value, number) for key, value in sample.answers.items()}
            made.append(filled_return(record, sample.model_copy(update={"answers": answers}), issued.copies, "fr")[1])
        path = folder / f"retour-{number:04d}.xlsx"
        path.write_bytes(made[number % DIFFERENT])
        yield path


def vary(value: float | str, number: int) -> float | str:
    """Give another file another answer."""
    return value + number if isinstance(value, float) and value > MANY else value


def measure(folder: Path, count: int, rounds: int) -> dict[str, object]:
    """Let all ways take turns over the same files."""
    files = list(returns(folder, count))
    ways = [way for way in WAYS if way != "calamine" or find_spec("python_calamine")]
    for way in WAYS.keys() - ways:
        print(f"{way}: not installed, skipped (pip install python-calamine)")
    spent: dict[str, list[float]] = {way: [] for way in ways}
    clock: dict[str, list[float]] = {way: [] for way in ways}
    peaks = dict.fromkeys(ways, 0.0)
    with ExitStack() as stack:
        fresh = get_context("spawn")
        pools = {way: stack.enter_context(ProcessPoolExecutor(PROCESSES, mp_context=fresh)) for way in ways}
        for way in ways:  # what is read once per worker is not counted
            run(pools[way], way, files[:DIFFERENT], folder)
        before = resident()
        for _ in range(rounds):
            for way in ways:
                seconds, wall, peak = run(pools[way], way, files, folder)
                spent[way].append(seconds)
                clock[way].append(wall)
                peaks[way] = max(peaks[way], peak)
        grown = resident() - before
    ratios = {way: statistics.median(map(share, spent[way], spent["floor"])) for way in ways}
    ahead = {way: statistics.median(map(share, spent[way], spent["whole"])) for way in ways}
    return {
        "file KiB": round(files[0].stat().st_size / 1024),
        "cells": cells(files[0], folder),
        "ms per file": {way: round(1000 * statistics.median(spent[way]) / count, 2) for way in ways},
        f"s for {RETURNS}": {way: round(RETURNS / count * statistics.median(clock[way]), 1) for way in ways},
        "against floor": {way: round(ratio, 2) for way, ratio in ratios.items()},
        "against whole": {way: round(ratio, 2) for way, ratio in ahead.items()},
        "worker MB": {way: round(peak) for way, peak in peaks.items()},
        "parent grew MB": round(grown, 1),
    }


def share(spent: float, other: float) -> float:
    """Give a ratio of one round."""
    return spent / other


def main() -> int:
    """Measure and tell; 1 where a goal is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--files", type=int, default=60)
    words.add_argument("--rounds", type=int, default=ROUNDS)
    told = words.parse_args()
    with tempfile.TemporaryDirectory() as place:
        seen = measure(Path(place) / "campagne", told.files, told.rounds)
    print(json.dumps(seen, indent=1, ensure_ascii=False))
    ratio, worker = seen["against floor"]["whole"], seen["worker MB"]["whole"]  # type: ignore[index]
    return int(ratio > GOALS["floor"] or worker > GOALS["worker"])


if __name__ == "__main__":
    sys.exit(main())
