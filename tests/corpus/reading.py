"""A campaign, and the reading of many returns in a process of its own, which says what it found and what it took."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from canvases import TEMPLATE, Bench
from returned import IN_TIME, ISSUED, issued, typed

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.collect import NAMED, collect
from canevas_xl.app.consolidate import consolidate_campaign
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.reading import Shelf, ledger_of
from canevas_xl.app.score import issued_records
from canevas_xl.canvas.seal import read_token
from canevas_xl.intake.returns import offer_of

STARTS = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.startfile", "os.system", "os.fork")
"""Events of a program that reaches out or starts another."""


@dataclass(frozen=True)
class Told:
    """What one process said of a batch."""

    kept: Mapping[str, tuple[str, ...]]
    """Codes said of each file in which no workbook was seen, by its name."""
    read: Mapping[str, tuple[str, ...]]
    """Codes said of each file when it was read, by its name."""
    seconds: Mapping[str, float]
    """Of the processor, ours and our children's, by name."""
    memory: float
    """MB at most, ours or a child's; not a number where the system does not tell."""
    counting: int
    """Offers of the consolidation."""
    reached_out: frozenset[str]
    """Connections opened and programs started."""


def bench(path: Path) -> Bench:
    """Issue a campaign, then an erratum."""
    folder, first = issued(path, TEMPLATE)
    before = issued_records(folder)[1]
    code = before.subject.template.parameters[0].code
    low = before.subject.lot.parameters[code]
    typed(folder.workbook, folder.workbook, {(f"P.{code}", "L1"): low + 1, ("CONS.ERRATUM", "VALUE"): "Chiffre faux"})
    done = issue_campaign(folder, ISSUED)
    assert not done.blocked, done.findings
    tokens = [copy.token for copy in done.copies]
    return Bench(
        issued_records(folder)[1], before, tokens[0], str(read_token(first[0].name)), tokens[1], folder.secret()
    )


def in_own_process(path: Path, drop: Path) -> Told:
    """Collect and read what lies in a folder, in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(read_all, path, drop).result()


def read_all(path: Path, drop: Path) -> Told:
    """Collect, read each file alone, then consolidate."""
    reached: set[str] = set()
    sys.addaudithook(lambda event, _: reached.add(event) if event.startswith(STARTS) else None)
    folder = CampaignFolder(path)
    taken = collect(folder, [drop], IN_TIME, IN_TIME)
    seen = {one.receipt.name for one in taken.taken if one.workbook}
    kept = _kept(folder, [path for path in sorted(drop.iterdir()) if path.name not in seen])
    files = {one.stored: (one.receipt,) for one in taken.taken if one.workbook}
    spent = [_spent()]
    arrived = list(Shelf(folder, ledger_of(folder)).arrived(files, lambda _, __: spent.append(_spent())))
    names = [came[0].name for came in files.values()]
    seconds = {name: after - before for name, before, after in zip(names, spent, spent[1:], strict=False)}
    read = {one.receipts[0].name: tuple(sorted(_codes(one))) for one in arrived}
    done = consolidate_campaign(folder, IN_TIME)
    return Told(kept, read, seconds, _peak(), len(done.consolidation.offers), frozenset(reached))


def _kept(folder: CampaignFolder, paths: list[Path]) -> dict[str, tuple[str, ...]]:
    """Say again what is said of files that are kept and not read: of a few at once, since a finding names no more."""
    told = {path.name: list[str]() for path in paths}
    for few in (paths[place : place + NAMED] for place in range(0, len(paths), NAMED)):
        for finding in collect(folder, few, IN_TIME, IN_TIME).findings:
            for name in (name for names in _lists(finding.facts) for name in names):
                told[str(name)].append(finding.code)
    return {name: tuple(codes) for name, codes in told.items()}


def _peak() -> float:
    """MB at most of this process and its children, as Linux counts them: by the process's own count, for the other
    begins with that of its parent.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    import resource  # noqa: PLC0415 - exists on POSIX only

    told = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmHWM"))
    return max(int(told.split()[1]), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _spent() -> float:
    """Seconds of the processor, of this process and of its children that ended (Windows does not tell theirs)."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _lists(facts: tuple[tuple[str, object], ...]) -> Iterator[list[object]]:
    return (fact for _, fact in facts if isinstance(fact, list))


def _codes(arrived: object) -> list[str]:
    if arrived.read is None:  # type: ignore[attr-defined]
        return [one.code for one in arrived.findings]  # type: ignore[attr-defined]
    returned = arrived.read.value  # type: ignore[attr-defined]
    about = offer_of(returned, {"S001": "Société d'essai"}).findings if returned.token else ()
    return [one.code for one in (*arrived.read.findings, *about)]  # type: ignore[attr-defined]
