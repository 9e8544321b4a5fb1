"""Owns the comparison of a canvas that came back with what was issued: every changed constant, once, at its place.

Sheets are found by what they hold, rows by their own content, then by their key, then by where they should stand:
renamed sheets, sorted rows and inserted rows are no changes. Protection prevents mistakes; this detects changes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.contents import Content, Contents, contents
from canevas_xl.intake.issued import Constants, IssuedSheet, Spot, formula_mark, normal
from canevas_xl.intake.locate import HEAD
from canevas_xl.intake.parse import number, plain
from canevas_xl.model.cells import Saved, Workbook
from canevas_xl.model.offer import Change, Locked
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
MOST_LISTED: Final = 200
"""Changes that are listed cell by cell."""
KEY_COLUMN: Final = 0
NOTHING: Final = "∅"
ASKING: Final = frozenset({"WELCOME", "OFFER", "LEVERS", "THREAD"})
"""Sheets that ask something."""

Texts = dict[Spot, str]
Rows = Mapping[int, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A canvas beside what was issued."""

    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    """Cell by cell, at most :data:`MOST_LISTED`; none where it is another workbook."""


def compare(constants: Constants, workbook: Workbook | Contents) -> tuple[Finding, ...]:
    """Say what was changed in a canvas that came back: the findings of :func:`compared`."""
    return compared(constants, workbook).findings


def compared(constants: Constants, workbook: Workbook | Contents) -> Comparison:
    """Say what was changed in a canvas that came back, with every changed cell.

    Args:
        constants: what was issued.
        workbook: what came back.

    Returns:
        R340 … R347, sheet by sheet in the order of issue: none where only answers differ. Of a sheet saved as text
        only its texts are compared: numbers are rounded there as they were shown, and the other sheets are elsewhere.
    """
    seen = contents(workbook)
    there = [_There(content, seen.saved) for content in seen.sheets]
    if seen.saved is Saved.SHOWN:
        constants = replace(constants, sheets=tuple(map(_texts_alone, constants.sheets)))
    pairs = _paired_sheets(constants, there)
    changes: list[list[Change]] = []
    others: list[Change] = []
    lost = [issued for issued in constants.sheets if issued.code not in pairs and seen.saved is not Saved.SHOWN]
    findings = [found("R345", Place(sheet=issued.name), expected=issued.name) for issued in lost]
    for issued in constants.sheets:
        if issued.code in pairs:
            one = _Compared(issued, there[pairs[issued.code]])
            changes.append(list(one.changes()))
            findings += one.asides()
            others += one.other_changes()
    count = sum(map(len, changes)) + sum(len(sheet.constants) for sheet in lost)
    compared_ones = [sheet for sheet in constants.sheets if sheet.code in pairs] + lost
    every = sum(len(sheet.constants) for sheet in compared_ones)
    if count > FOREIGN * every and len(lost) != 1:
        return Comparison((found("R346", count=count, every=every),), ())
    told = (*(finding for one in changes for finding in _told(one)), *findings)
    return Comparison(told, (*(one for each in changes for one in each), *others)[:MOST_LISTED])


def _texts_alone(issued: IssuedSheet) -> IssuedSheet:
    """Leave the numbers of a sheet out of what is compared."""
    texts = {place: _western(text) for place, text in issued.constants.items() if not isinstance(number(text), float)}
    return replace(issued, constants=texts, free=issued.free.union(issued.constants.keys() - texts.keys()))


def _western(text: str) -> str:
    """Write a text in the letters of Western Europe: what many programs do to a .csv, other signs as question marks."""
    return text.encode("cp1252", "replace").decode("cp1252")


def share_changed(constants: Constants, workbook: Workbook | Contents) -> float:
    """The share of issued constants that stand in no sheet at all: which of several builds came back."""
    there = {text for content in contents(workbook).sheets for text in content.texts.values()}
    every = [text for sheet in constants.sheets for text in sheet.constants.values()]
    return sum(text not in there for text in every) / max(1, len(every))


class _There:
    """One sheet that came back."""

    def __init__(self, content: Content, saved: Saved) -> None:
        self.sheet, self.texts, self.formulas = content.sheet, content.texts, content.formulas
        if saved is Saved.SHOWN:
            self.texts = {at: _western(text) for at, text in content.texts.items()}
        self.tells_formulas = saved is Saved.WHOLE
        self._untouched: dict[str, bool] = {}

    @cached_property
    def held(self) -> frozenset[str]:
        """Every constant, wherever it stands."""
        return frozenset(self.texts.values())

    def untouched(self, issued: IssuedSheet) -> bool:
        """Say whether every issued constant stands in its place."""
        if issued.code not in self._untouched:
            places, texts = issued.places
            self._untouched[issued.code] = list(map(self.texts.get, places)) == texts
        return self._untouched[issued.code]

    def alike(self, issued: IssuedSheet) -> float:
        """The share of a sheet's constants that stand here, anywhere."""
        return len(issued.texts & self.held) / max(1, len(issued.texts))


def _paired_sheets(constants: Constants, there: Sequence[_There]) -> dict[str, int]:
    """Find each issued sheet: the one of its name if it holds what it should, else the one that holds most of it."""
    names = {normal(one.sheet.name).casefold(): place for place, one in enumerate(there)}
    pairs: dict[str, int] = {}
    for issued in constants.sheets:
        place = names.get(normal(issued.name).casefold())
        if place is not None and issued.texts:
            one = there[place]
            if one.untouched(issued) or one.alike(issued) >= FOREIGN:
                pairs[issued.code] = place
    for issued in constants.sheets:
        left = [place for place in range(len(there)) if place not in pairs.values()]
        if issued.code not in pairs and left:
            best = max(left, key=lambda place: (there[place].alike(issued), -place))
            if there[best].alike(issued) >= ALIKE:
                pairs[issued.code] = best
    return pairs


def _told(changes: list[Change]) -> Iterator[Finding]:
    """One finding for each change, or one for all where they are many."""
    if len(changes) <= ONE_BY_ONE:
        for one in changes:
            place = Place(sheet=one.sheet, cell=one.cell, key=one.key)
            yield found("R340" if one.now else "R341", place, was=one.was, now=one.now)
        return
    cells = [one.cell for one in changes[:MOST_NAMED]] + ["…"] * (len(changes) > MOST_NAMED)
    first = changes[0]
    place = Place(sheet=first.sheet, cell=first.cell)
    yield found("R342", place, count=len(changes), cells=cells, was=first.was, now=first.now or NOTHING)


class _Compared:
    """One sheet as issued beside the same sheet as it came back."""

    def __init__(self, issued: IssuedSheet, there: _There) -> None:
        self.issued, self.sheet, self.texts, self.formulas = issued, there.sheet, there.texts, there.formulas
        self.tells_formulas = there.tells_formulas
        self.rows: Mapping[int, int] = {}
        if not there.untouched(issued):
            self.rows = _paired_rows(_by_row(issued.constants), _by_row(there.texts))
        self._known = sorted(self.rows)
        self.lost = _lost(issued, self.rows)

    def place(self, row: int) -> int:
        """Where an issued row stands now; one without constants, or lost, stands as far as the one above it moved."""
        return self.rows[row] if row in self.rows else _moved(row, self._known, self.rows)

    def changes(self) -> Iterator[Change]:
        """Every constant that stands otherwise, in the order of the sheet."""
        if not self.rows:
            return
        for (row, column), was in sorted(self.issued.constants.items()):
            if row in self.lost:
                continue
            at = (self.place(row), column)
            cell = self.sheet.cells.get(at)
            now = self.texts.get(at, "")
            if cell is not None and cell.formula is not None:
                now = f"={cell.formula}"
            if now != was:
                key = self.issued.constants.get((row, KEY_COLUMN), "")
                kind = _kind(self.issued.code, column, was)
                yield Change(kind, self.sheet.name, _address(at), key, _short(was), _short(now))

    def asides(self) -> Iterator[Finding]:
        """What else is not as issued: formulas, and whatever stands where nothing stood."""
        for row, first in self.lost.items():
            key = self.issued.constants.get((row, KEY_COLUMN), "")
            place = Place(sheet=self.sheet.name, cell=_address((self.place(row), 0)), key=key)
            yield found("R347", place, was=_short(first))
        formulas = self.changed_formulas
        if formulas:
            place = Place(sheet=self.sheet.name, cell=_address(formulas[0]))
            yield found("R344", place, count=len(formulas), cells=_named([_address(at) for at in formulas]))
        laid_out = self._moved(self.issued.laid_out)
        added = sorted(at for at in (*self.texts, *self.formulas) if at not in laid_out)
        for at in (at for at in added if plain(str(self.sheet.value(*at))) == HEAD):
            # Below it answers are read from where it says: whoever looks at the canvas sees others.
            yield found("R340", Place(sheet=self.sheet.name, cell=_address(at)), was=NOTHING, now=HEAD)
        if added:
            text = _short(self.texts.get(added[0]) or f"={self.formulas[added[0]].formula}")
            cells = _named([_address(at) for at in added])
            yield found("R343", Place(sheet=self.sheet.name, cell=_address(added[0])), text=text, cells=cells)

    def other_changes(self) -> Iterator[Change]:
        """Rows that are gone, and formulas, each with what stands there now."""
        for row, first in self.lost.items():
            key = self.issued.constants.get((row, KEY_COLUMN), "")
            kind = Locked.KEY if key else Locked.TEXT
            yield Change(kind, self.sheet.name, _address((self.place(row), 0)), key, _short(first), "")
        for at in self.changed_formulas:
            cell = self.sheet.cells.get(at)
            now = "" if cell is None else f"={cell.formula}" if cell.formula else normal(cell.value)
            yield Change(Locked.FORMULA, self.sheet.name, _address(at), "", "", _short(now))

    @cached_property
    def changed_formulas(self) -> list[Spot]:
        """Where a formula stood that no longer does; none where the form does not say where formulas stand."""
        return list(self._changed_formulas()) if self.tells_formulas else []

    def _changed_formulas(self) -> Iterator[Spot]:
        """Where a formula stood that no longer does, in the order of issue."""
        formulas, moved = self.formulas, bool(self.rows)
        for at, mark in self.issued.marks:
            if moved and at[0] in self.lost:
                continue
            now = (self.place(at[0]), at[1]) if moved else at
            cell = formulas.get(now)
            if cell is None or (cell.formula and formula_mark(cell.formula) != mark):
                yield now

    def _moved(self, places: frozenset[Spot]) -> frozenset[Spot]:
        """Where issued places are now; those of lost rows are nowhere."""
        if not self.rows:
            return places
        return frozenset((self.place(row), column) for row, column in places if row not in self.lost)


def _kind(sheet: str, column: int, was: str) -> Locked:
    """Tell what a locked constant is for, by where it stands and what it is."""
    is_number = isinstance(number(was), float)
    if sheet == "META" or (column == KEY_COLUMN and sheet in ASKING):
        return Locked.KEY
    if sheet == "LISTS":
        return Locked.CHOICE
    if is_number:
        return Locked.FACTOR if sheet == "SOURCES" else Locked.NUMBER
    return Locked.QUESTION if sheet in ASKING else Locked.TEXT


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
