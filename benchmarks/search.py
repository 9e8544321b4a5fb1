"""Owns the measure of a search among factors: over every imported set, against merely reading the same index files.

Run it from the project's folder: ``python benchmarks/search.py --official FOLDER``, where ADEME's files lie as it
publishes them. Each way runs in a fresh process, since a search at the command line starts one; the ways take turns.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

ROUNDS = 9
QUERIES = ("poids lourd", "lentilles", "électricité France")
GOAL = 12.0
FILES = (
    ("agribalyse", "agribalyse-3.1.1-synthese.csv", "agribalyse-3.1.1-detail-par-etape.csv"),
    ("agribalyse", "agribalyse-3.2-synthese.csv", "agribalyse-3.2-detail-par-etape.csv"),
    ("base-carbone", "base-carbone-v23.6.xlsx"),
)


def read_only(shelf: Path) -> Callable[[str], int]:
    """Read every index file with csv, and look at nothing."""

    def run(_: str) -> int:
        count = 0
        for path in sorted(shelf.glob("*/*/index.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                count += len(list(csv.reader(file)))
        return count

    return run


def found(_: Path) -> Callable[[str], int]:
    """Search as ``factors find`` does."""
    from canevas_xl.app.factors import find  # noqa: PLC0415 - the other way loads nothing of ours

    return lambda query: len(find(query))


WAYS: Mapping[str, Callable[[Path], Callable[[str], int]]] = {"read": read_only, "search": found}


def one_run(way: str, shelf: Path, query: str) -> None:
    """Run one way once, its imports done before, and print what it took."""
    work = WAYS[way](shelf)
    start = time.process_time()
    rows = work(query)
    print(json.dumps({"seconds": time.process_time() - start, "rows": rows}))


def run_apart(way: str, shelf: Path, query: str, data: Path) -> dict[str, float]:
    """Run one way in a fresh process."""
    command = [sys.executable, __file__, "--way", way, "--shelf", str(shelf), "--query", query]
    told = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "CANEVAS_DATA": str(data)})
    result: dict[str, float] = json.loads(told.stdout)
    return result


def imported(official: Path) -> None:
    """Import the official files into the folder that ``CANEVAS_DATA`` names."""
    from canevas_xl.app.factor_imports import Format, Wish, import_factors  # noqa: PLC0415 - as above

    for name, *files in FILES:
        import_factors(Wish(Format(name), tuple(official / file for file in files)), date(2026, 1, 1))


def main() -> None:
    """Measure and print, each figure beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--official", type=Path, help="folder of the official files")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--way", choices=sorted(WAYS), help="only run one way once, and print what it took")
    parser.add_argument("--shelf", type=Path, default=Path())
    parser.add_argument("--query", default=QUERIES[0])
    asked = parser.parse_args()
    if asked.way:
        one_run(asked.way, asked.shelf, asked.query)
        return
    if asked.official is None:
        parser.error("--official names the folder of the official files")
    with tempfile.TemporaryDirectory() as name:
        os.environ["CANEVAS_DATA"] = name
        imported(asked.official)
        sys.exit(0 if told(Path(name), asked.rounds) else 1)


def told(data: Path, rounds: int) -> bool:
    """Let the ways take turns, print what each took; say whether the goal is reached."""
    shelf = data / "factors" / "sets"
    reached = True
    for query in QUERIES:
        runs = [{way: run_apart(way, shelf, query, data) for way in WAYS} for _ in range(rounds)]
        each = {way: statistics.median(run[way]["seconds"] for run in runs) * 1000 for way in WAYS}
        ratio = statistics.median(run["search"]["seconds"] / run["read"]["seconds"] for run in runs)
        lines, hits = runs[0]["read"]["rows"], runs[0]["search"]["rows"]
        print(
            f"« {query} »: {hits} results; search {each['search']:.0f} ms of processor, reading {lines} lines"
            f" {each['read']:.0f} ms: {ratio:.1f} x (goal: at most {GOAL:g})"
        )
        reached = reached and ratio <= GOAL
    return reached


if __name__ == "__main__":
    main()
