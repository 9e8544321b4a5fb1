"""Owns the comparison of a canvas that came back with what was issued: every changed constant, once, at its place.

Sheets are found by what they hold, rows by their own content, then by their key, then by where they should stand:
renamed sheets, sorted rows and inserted rows are no changes. Protection prevents mistakes; this detects changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.issued import Constants, IssuedSheet, Spot, formula_mark, normal
from canevas_xl.model.cells import Sheet, Workbook
from canevas_xl.rules.spreadsheet import column_letters

ONE_BY_ONE: Final = 4
"""Changes of one sheet that are told each on its own; more are told together."""
MOST_NAMED: Final = 12
"""Changed cells that a common finding names."""
LONGEST: Final = 60
"""Characters of a content that a finding shows."""
ALIKE: Final = 0.3
"""Share of its constants that a sheet must still hold to be recognised."""
FOREIGN: Final = 0.5
"""Beyond this share of changed constants, somebody else's workbook holds the answers: that is told, not each cell."""
KEY_COLUMN: Final = 0

Texts = dict[Spot, str]
Rows = Mapping[int, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class _Change:
    """One constant that stands otherwise."""

    sheet: str
    cell: str
    key: str
    was: str
    now: str


def compare(constants: Constants, workbook: Workbook) -> tuple[Finding, ...]:
    """Say what was changed in a canvas that came back.

    Args:
        constants: what was issued.
        workbook: what came back.

    Returns:
        R340 … R347, sheet by sheet in the order of issue: none where only answers differ.
    """
    texts = [_texts(sheet) for sheet in workbook.sheets]
    pairs = _paired_sheets(constants, workbook, texts)
    changes: list[list[_Change]] = []
    lost = [issued for issued in constants.sheets if issued.code not in pairs]
    findings = [found("R345", Place(sheet=issued.name), expected=issued.name) for issued in lost]
    for issued in constants.sheets:
        if issued.code not in pairs:
            continue
        place = pairs[issued.code]
        compared = _Compared(issued, workbook.sheets[place], texts[place])
        changes.append(list(compared.changes()))
        findings += compared.asides()
    count = sum(map(len, changes)) + sum(len(sheet.constants) for sheet in lost)
    every = sum(len(sheet.constants) for sheet in constants.sheets)
    if count > FOREIGN * every and len(lost) != 1:
        return (found("R346", count=count, every=every),)
    return (*(finding for one in changes for finding in _told(one)), *findings)


def share_changed(constants: Constants, workbook: Workbook) -> float:
    """The share of issued constants that stand in no sheet at all: which of several builds came back."""
    there = {text for sheet in workbook.sheets for text in _texts(sheet).values()}
    every = [text for sheet in constants.sheets for text in sheet.constants.values()]
    return sum(text not in there for text in every) / max(1, len(every))


def _texts(sheet: Sheet) -> Texts:
    """Constants of a sheet, normalised; formulas aside."""
    texts = {at: normal(cell.value) for at, cell in sheet.cells.items() if cell.formula is None}
    return {at: text for at, text in texts.items() if text}


def _paired_sheets(constants: Constants, workbook: Workbook, texts: list[Texts]) -> dict[str, int]:
    """Find each issued sheet: the one of its name if it holds what it should, else the one that holds most of it."""
    held = [frozenset(one.values()) for one in texts]
    names = {normal(sheet.name).casefold(): place for place, sheet in enumerate(workbook.sheets)}
    pairs: dict[str, int] = {}
    for issued in constants.sheets:
        place = names.get(normal(issued.name).casefold())
        if place is not None and _alike(issued, held[place]) >= FOREIGN:
            pairs[issued.code] = place
    for issued in constants.sheets:
        left = [place for place in range(len(held)) if place not in pairs.values()]
        if issued.code not in pairs and left:
            best = max(left, key=lambda place: (_alike(issued, held[place]), -place))
            if _alike(issued, held[best]) >= ALIKE:
                pairs[issued.code] = best
    return pairs


def _alike(issued: IssuedSheet, held: frozenset[str]) -> float:
    wanted = frozenset(issued.constants.values())
    return len(wanted & held) / max(1, len(wanted))


def _told(changes: list[_Change]) -> Iterator[Finding]:
    """One finding for each change, or one for all where they are many."""
    if len(changes) <= ONE_BY_ONE:
        for one in changes:
            place = Place(sheet=one.sheet, cell=one.cell, key=one.key)
            yield found("R340" if one.now else "R341", place, was=one.was, now=one.now)
        return
    cells = [one.cell for one in changes[:MOST_NAMED]] + ["…"] * (len(changes) > MOST_NAMED)
    first = changes[0]
    place = Place(sheet=first.sheet, cell=first.cell)
    yield found("R342", place, count=len(changes), cells=cells, was=first.was, now=first.now or "∅")


class _Compared:
    """One sheet as issued beside the same sheet as it came back."""

    def __init__(self, issued: IssuedSheet, sheet: Sheet, texts: Texts) -> None:
        self.issued, self.sheet, self.texts = issued, sheet, texts
        untouched = all(texts.get(at) == text for at, text in issued.constants.items())
        self.rows: Mapping[int, int] = {} if untouched else _paired_rows(_by_row(issued.constants), _by_row(texts))
        self._known = sorted(self.rows)
        self.lost = _lost(issued, self.rows)

    def place(self, row: int) -> int:
        """Where an issued row stands now; one without constants, or lost, stands as far as the one above it moved."""
        return self.rows[row] if row in self.rows else _moved(row, self._known, self.rows)

    def changes(self) -> Iterator[_Change]:
        """Every constant that stands otherwise, in the order of the sheet."""
        if not self.rows:
            return
        for (row, column), was in sorted(self.issued.constants.items()):
            if row in self.lost:
                continue
            at = (self.place(row), column)
            cell = self.sheet.cells.get(at)
            now = normal(cell.value) if cell is not None and cell.formula is None else ""
            if cell is not None and cell.formula is not None:
                now = f"={cell.formula}"
            if now != was:
                key = self.issued.constants.get((row, KEY_COLUMN), "")
                yield _Change(self.sheet.name, _address(at), key, _short(was), _short(now))

    def asides(self) -> Iterator[Finding]:
        """What else is not as issued: formulas, and texts where nothing stood."""
        for row, first in self.lost.items():
            key = self.issued.constants.get((row, KEY_COLUMN), "")
            place = Place(sheet=self.sheet.name, cell=_address((self.place(row), 0)), key=key)
            yield found("R347", place, was=_short(first))
        formulas, known = [], set()
        for (row, column), mark in sorted(self.issued.formulas.items()):
            if row in self.lost:
                continue
            at = (self.place(row), column)
            known.add(at)
            cell = self.sheet.cells.get(at)
            if cell is None or cell.formula is None or (cell.formula and formula_mark(cell.formula) != mark):
                formulas.append(_address(at))
        if formulas:
            place = Place(sheet=self.sheet.name, cell=formulas[0])
            yield found("R344", place, count=len(formulas), cells=_named(formulas))
        laid_out = (*self.issued.constants, *self.issued.free)
        known |= {(self.place(row), column) for row, column in laid_out if row not in self.lost}
        added = sorted(at for at in self.texts if at not in known)
        if added:
            text = _short(self.texts[added[0]])
            cells = _named([_address(at) for at in added])
            yield found("R343", Place(sheet=self.sheet.name, cell=_address(added[0])), text=text, cells=cells)


def _named(cells: list[str]) -> list[str]:
    return cells[:MOST_NAMED] + ["…"] * (len(cells) > MOST_NAMED)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _address(at: Spot) -> str:
    return f"{column_letters(at[1])}{at[0] + 1}"


def _by_row(texts: Mapping[Spot, str]) -> dict[int, dict[int, str]]:
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for (row, column), text in texts.items():
        rows[row][column] = text
    return dict(rows)


# --- Rows -------------------------------------------------------------------------------------------------------


def _paired_rows(issued: Rows, there: Rows) -> dict[int, int]:
    """Find each issued row that holds constants: where it stands now. Rows that stand nowhere are left out.

    What is certain comes first: rows that hold everything they held, in place and then anywhere; rows under their
    key; of the rest, whatever holds most of it, or stands where it should.
    """
    pairs = {row: row for row, wanted in issued.items() if _overlap(wanted, there.get(row, {})) == len(wanted)}
    used = set(pairs)
    index = _index(there)
    finders: tuple[Callable[[int, Mapping[int, str]], int | None], ...] = (
        lambda row, wanted: _whole(row, wanted, there, index, used),
        lambda row, wanted: _keyed(row, wanted, index, used),
        lambda row, wanted: _likeliest(wanted, there, used, _moved(row, sorted(pairs), pairs)),
    )
    for find in finders:
        for row in sorted(issued.keys() - pairs.keys()):
            place = find(row, issued[row])
            if place is not None and place not in used:
                pairs[row] = place
                used.add(place)
    return pairs


def _index(there: Rows) -> dict[tuple[int, str], list[int]]:
    index: dict[tuple[int, str], list[int]] = defaultdict(list)
    for row in sorted(there):
        for column, text in there[row].items():
            index[column, text].append(row)
    return index


def _overlap(wanted: Mapping[int, str], held: Mapping[int, str]) -> int:
    return sum(held.get(column) == text for column, text in wanted.items())


def _whole(
    row: int, wanted: Mapping[int, str], there: Rows, index: Mapping[tuple[int, str], list[int]], used: set[int]
) -> int | None:
    """The nearest free row that holds everything the issued one held."""
    column, text = min(wanted.items())
    places = [place for place in index.get((column, text), ()) if place not in used]
    whole = [place for place in places if _overlap(wanted, there[place]) == len(wanted)]
    return min(whole, key=lambda place: abs(place - row), default=None)


def _keyed(
    row: int, wanted: Mapping[int, str], index: Mapping[tuple[int, str], list[int]], used: set[int]
) -> int | None:
    """The nearest free row under the same key."""
    key = wanted.get(KEY_COLUMN)
    places = [place for place in index.get((KEY_COLUMN, key), ()) if place not in used] if key else []
    return min(places, key=lambda place: abs(place - row), default=None)


def _moved(row: int, known: Sequence[int], pairs: Mapping[int, int]) -> int:
    """Where a row stands if it moved as far as the known one above it."""
    above = bisect_left(known, row) - 1
    return row + (pairs[known[above]] - known[above] if above >= 0 else 0)


def _lost(issued: IssuedSheet, pairs: Mapping[int, int]) -> dict[int, str]:
    """Issued rows that stand nowhere any more, with the first thing that stood in each; none where nothing moved."""
    first: dict[int, str] = {}
    for (row, _), text in sorted(issued.constants.items()) if pairs else ():
        if row not in pairs:
            first.setdefault(row, text)
    return first


def _likeliest(wanted: Mapping[int, str], there: Rows, used: set[int], expected: int) -> int:
    """The free row that holds most of what the issued one held; where none holds anything, where it should stand."""
    scored = [
        (_overlap(wanted, held), -abs(place - expected), place) for place, held in there.items() if place not in used
    ]
    best = max(scored, default=(0, 0, expected))
    return best[2] if best[0] else expected
