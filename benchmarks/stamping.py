"""Owns the measure of stamping: a thousand addressed workbooks, against copying files and against building each.

Run it from the project's folder: ``python benchmarks/stamping.py``. Ratios come from one run, in which the three
ways take turns; the time of building is measured on a few workbooks and extrapolated to all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from pathlib import Path

from canvases import canvas_plan
from workbooks import synthetic_plan

from canevas_xl.adapters.store.files import write_new
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.model.plan import WorkbookPlan

ROUNDS = 5
PLANS: Mapping[str, Callable[[], WorkbookPlan]] = {"canvas": canvas_plan, "synthetic": synthetic_plan}
MEMORY_DISK = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder of ours is made in it
"""Where files are written: in memory if the system allows, so that no disk is measured."""
GOALS = {"copy": 3.0, "build": 100.0, "peak": 60.0}


@cache
def identity(number: int) -> Mapping[str, str]:
    """Give one supplier's stamped texts; made before anything is measured, since each way needs them."""
    seal = hashlib.sha256(str(number).encode()).hexdigest()[:12].upper()
    code = f"F{number:03d}"[-4:]
    return {
        "token": f"CX1-BENCH1-{code}-L1-R1-{seal}",
        "supplier": f"Établissements Dupont & Fils n° {number}",
        "supplier_code": code,
    }


def cpu(work: Callable[[], None]) -> float:
    """Measure the seconds of processor, user and system, that ``work`` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def stamp_all(stencil: Stencil, folder: Path, suppliers: Iterable[int]) -> None:
    """Write one stamped copy per supplier, as the program does."""
    for number in suppliers:
        write_new(folder / f"canevas-{number:04d}.xlsx", stencil.copy(identity(number)), force=True, lasting=False)


def copy_all(source: Path, folder: Path, suppliers: Iterable[int]) -> None:
    """Copy a file as many times."""
    for number in suppliers:
        shutil.copyfile(source, folder / f"copie-{number:04d}.xlsx")


def build_all(plan: WorkbookPlan, folder: Path, suppliers: Iterable[int]) -> None:
    """Build a workbook for each supplier, from the same plan."""
    for number in suppliers:
        (folder / f"bati-{number:04d}.xlsx").write_bytes(workbook_bytes(plan))


def measured(plan: WorkbookPlan, suppliers: int, builds: int, folder: Path) -> Mapping[str, list[float]]:
    """Give the milliseconds per workbook of each way, one figure per round, the ways taking turns."""
    stencil = Stencil.from_bytes(workbook_bytes(plan))
    source = folder / "source.xlsx"
    source.write_bytes(stencil.copy(identity(0)))
    copy_all(source, folder, range(20))
    stamp_all(stencil, folder, range(20))
    figures: dict[str, list[float]] = {"copy": [], "stamp": [], "build": []}
    everyone = range(suppliers)
    for number in everyone:
        identity(number)
    for turn in range(ROUNDS):
        few = range(turn * builds // ROUNDS, (turn + 1) * builds // ROUNDS)
        figures["copy"].append(cpu(partial(copy_all, source, folder, everyone)) / suppliers * 1000)
        figures["stamp"].append(cpu(partial(stamp_all, stencil, folder, everyone)) / suppliers * 1000)
        figures["build"].append(cpu(partial(build_all, plan, folder, few)) / len(few) * 1000)
        for path in folder.glob("c*.xlsx"):
            path.unlink()
    return figures


def one_run(plan: WorkbookPlan, suppliers: int) -> dict[str, object]:
    """Write once and stamp all, in a process of its own: the digest of every copy, and the peak of memory, MB."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK) as name:
        stencil = Stencil.from_bytes(workbook_bytes(plan))
        stamp_all(stencil, Path(name), range(suppliers))
        for path in sorted(Path(name).iterdir()):
            digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return {"digest": digest.hexdigest(), "peak": peak_memory()}


def peak_memory() -> float:
    """Give the largest resident size of this process so far, MB."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    # This one also remembers the process that started ours, where it was larger.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_apart(plan: str, suppliers: int, seed: int) -> dict[str, object]:
    """Start :func:`one_run` in a fresh process, its hashes seeded differently."""
    command = [sys.executable, __file__, "--once", "--plan", plan, "--suppliers", str(suppliers)]
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    result: dict[str, object] = json.loads(
        subprocess.run(command, check=True, capture_output=True, env=environment).stdout
    )
    return result


def main() -> None:
    """Measure and print, each figure beside its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=1000)
    parser.add_argument("--builds", type=int, default=20, help="workbooks built; the rest is extrapolated")
    parser.add_argument("--plan", choices=sorted(PLANS), default="canvas", help="a real canvas, or one made of nothing")
    parser.add_argument("--once", action="store_true", help="only build once, stamp, and print digest and peak")
    asked = parser.parse_args()
    if asked.once:
        print(json.dumps(one_run(PLANS[asked.plan](), asked.suppliers)))
        return
    plan = PLANS[asked.plan]()
    describe(plan)
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK) as folder:
        figures = measured(plan, asked.suppliers, asked.builds, Path(folder))
    runs = [run_apart(asked.plan, asked.suppliers, seed) for seed in (1, 2)]
    sys.exit(0 if told(figures, runs, asked.suppliers, asked.builds) else 1)


def describe(plan: WorkbookPlan) -> None:
    """Print what the measured workbook holds."""
    data = workbook_bytes(plan)
    cells = sum(len(sheet.cells) for sheet in plan.sheets)
    formulas = sum(cell.cached is not None for sheet in plan.sheets for cell in sheet.cells)
    parts = len(Stencil.from_bytes(data).parts)
    size = len(data) / 1024
    print(f"{len(plan.sheets)} sheets, {cells} cells, {formulas} formulas, {size:.0f} KiB, {parts} stamped parts")


def told(figures: Mapping[str, list[float]], runs: list[dict[str, object]], suppliers: int, builds: int) -> bool:
    """Print each figure beside its goal; say whether all goals are reached."""
    for way, values in figures.items():
        each = statistics.median(values)
        print(f"{way:6} {each:8.3f} ms of processor per workbook, {each * suppliers / 1000:7.2f} s for {suppliers}")
    copy, stamp, build = (figures[way] for way in ("copy", "stamp", "build"))
    against_copy = statistics.median(ours / theirs for ours, theirs in zip(stamp, copy, strict=True))
    against_build = statistics.median(theirs / ours for ours, theirs in zip(stamp, build, strict=True))
    peak = max(float(str(run["peak"])) for run in runs)
    same = len({run["digest"] for run in runs}) == 1
    print(f"stamping is {against_copy:.2f} x copying (goal: at most {GOALS['copy']:g})")
    print(
        f"building is {against_build:.0f} x stamping (goal: at least {GOALS['build']:g}); {builds} built, extrapolated"
    )
    print(f"peak memory {peak:.0f} MB (goal: at most {GOALS['peak']:g})")
    print(f"second run, in another process: {'same bytes' if same else 'OTHER BYTES'}")
    return same and against_copy <= GOALS["copy"] and against_build >= GOALS["build"] and peak <= GOALS["peak"]


if __name__ == "__main__":
    main()
