"""Owns what was issued, to compare with: every locked constant of a canvas as any program would send it back.

Programs rewrite what they save: accents composed otherwise, spaces, the fifteenth digit, ``TRUE`` as ``TRUE()``. What
is compared is therefore normalised on both sides. Formulas are kept apart, only to say that one changed: what they
give is never read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Final

from canevas_xl.intake.parse import plain
from canevas_xl.model.formula import Area, Cell, Formula, Literal, SameRow, Use
from canevas_xl.model.plan import CellPlan, Link, SheetPlan, Stamp, WorkbookPlan
from canevas_xl.rules.spreadsheet import text as formula_text

FORMAT: Final = 2
"""Of the stored form; a reader refuses one that it does not know."""
DIGITS: Final = 12
"""Significant ones that every program keeps."""
Spot = tuple[int, int]
"""Zero-based row and column."""

_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULAS: Final = (Literal, Cell, Area, SameRow, Use)
_PART: Final = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>(?:'(?:[^']|'')*'|[^\W\d]\w*)!)
    |(?P<whole>\$?[A-Z]{1,3}\$?1:\$?[A-Z]{1,3}\$?1048576(?!\d))
    |(?P<column>\$?[A-Z]{1,3}:\$?[A-Z]{1,3})
    |(?P<cell>\$?[A-Z]{1,3}\$?[0-9]{1,7}(?![\w(]))
    |(?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)
    |(?P<truth>(?:TRUE|FALSE)\(\))
    |(?P<space>\s+)""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class IssuedSheet:
    """One sheet as it was issued; places are those of the plan.

    What every comparison with it needs is made once, for the first.
    """

    code: str
    name: str
    constants: Mapping[Spot, str]
    """Locked constants, normalised."""
    formulas: Mapping[Spot, str]
    """Locked formulas, each as a hash of its normalised text."""
    free: frozenset[Spot]
    """Where anything may stand: answers, and what differs from one copy to the next."""

    @cached_property
    def places(self) -> tuple[tuple[Spot, ...], list[str]]:
        """Places of the constants, and beside them what stands there."""
        return tuple(self.constants), list(self.constants.values())

    @cached_property
    def marks(self) -> tuple[tuple[Spot, str], ...]:
        """Formulas in the order of the sheet."""
        return tuple(sorted(self.formulas.items()))

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every constant, wherever it stands."""
        return frozenset(self.constants.values())

    @cached_property
    def laid_out(self) -> frozenset[Spot]:
        """Places where something was issued or may be typed."""
        return self.free.union(self.constants, self.formulas)


@dataclass(frozen=True, slots=True)
class Constants:
    """Everything that no supplier may change, for one build of a canvas."""

    fingerprint: str
    """Of the frozen record."""
    language: str
    addressed: bool
    """Whether the canvas names a supplier: the two builds differ by a row."""
    sheets: tuple[IssuedSheet, ...]


def constants_of(plan: WorkbookPlan, fingerprint: str, *, addressed: bool) -> Constants:
    """List the locked constants of a planned canvas.

    Args:
        plan: as issued.
        fingerprint: of the frozen record that it was made from.
        addressed: whether it names a supplier.
    """
    names = {sheet.code: sheet.name for sheet in plan.sheets}
    sheets = tuple(_sheet(sheet, names) for sheet in plan.sheets)
    return Constants(fingerprint, plan.language, addressed, sheets)


def _sheet(sheet: SheetPlan, names: Mapping[str, str]) -> IssuedSheet:
    constants: dict[Spot, str] = {}
    formulas: dict[Spot, str] = {}
    free: set[Spot] = set()
    for cell in sheet.cells:
        place, content = (cell.row, cell.column), cell.content
        if isinstance(content, Stamp) or not cell.style.locked:
            free.add(place)
        elif isinstance(content, _FORMULAS):
            formulas[place] = formula_mark(formula_text(content, names))
        else:
            constants[place] = _constant(cell)
    kept = {place: text for place, text in constants.items() if text}
    return IssuedSheet(sheet.code, sheet.name, MappingProxyType(kept), MappingProxyType(formulas), frozenset(free))


def _constant(cell: CellPlan) -> str:
    content = cell.content
    if content is None or isinstance(content, Stamp | Formula):
        return ""
    return normal(content.text if isinstance(content, Link) else content)


def normal(value: float | str | None) -> str:
    """What stands in a cell, as every program writes it: nothing is the empty text, a number its first 12 digits."""
    if value is None:
        return ""
    return _normal_text(value) if isinstance(value, str) else _normal_number(float(value))


def _normal_text(value: str) -> str:
    return plain(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), value))


def _normal_number(value: float) -> str:
    # First to the 15 digits that programs keep: what ends in 5 after 12 of them then rounds alike on both sides.
    # Adding zero makes minus zero plain zero.
    return f"{float(f'{value:.15g}') + 0.0:.{DIGITS}g}"


@lru_cache(maxsize=50_000)
def formula_mark(formula: str) -> str:
    """A short hash of a formula's text without what programs rewrite, and without rows, which inserting one shifts."""
    return hashlib.blake2s(_PART.sub(_rewritten, formula).encode(), digest_size=6).hexdigest()


def _rewritten(found: re.Match[str]) -> str:
    return _REWRITTEN[str(found.lastgroup)](found[0])


_REWRITTEN: Final[Mapping[str, Callable[[str], str]]] = {
    "text": str,
    "sheet": lambda _: "!",
    "whole": lambda part: ":".join(re.findall(r"[A-Z]+", part)),
    "column": lambda part: part.replace("$", ""),
    "cell": lambda part: re.sub(r"[$0-9]", "", part) + "#",
    "number": lambda part: _normal_number(float(part)),
    "truth": lambda part: part[:-2],
    "space": lambda _: "",
}
"""By group of the pattern: what programs write in several ways is brought to one."""


# --- The stored form --------------------------------------------------------------------------------------------


def constants_json(constants: Constants) -> str:
    """Write constants as canonical JSON: the same bytes whenever they are the same."""
    value = {
        "format": FORMAT,
        "fingerprint": constants.fingerprint,
        "language": constants.language,
        "addressed": constants.addressed,
        "sheets": [
            {
                "code": sheet.code,
                "name": sheet.name,
                "constants": [[*place, text] for place, text in sorted(sheet.constants.items())],
                "formulas": [[*place, mark] for place, mark in sorted(sheet.formulas.items())],
                "free": [list(place) for place in sorted(sheet.free)],
            }
            for sheet in constants.sheets
        ],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def constants_from(text: str) -> Constants:
    """Read constants back.

    Raises:
        ValueError: the text is not in this form.
    """
    try:
        value = json.loads(text)
        known = value["format"] == FORMAT
        sheets = tuple(_sheet_from(sheet) for sheet in value["sheets"]) if known else ()
        constants = Constants(str(value["fingerprint"]), str(value["language"]), bool(value["addressed"]), sheets)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise ValueError("constants") from error
    if not known:
        raise ValueError("constants")
    return constants


def _sheet_from(value: Mapping[str, Any]) -> IssuedSheet:
    return IssuedSheet(
        code=str(value["code"]),
        name=str(value["name"]),
        constants=MappingProxyType(dict(_places(value["constants"]))),
        formulas=MappingProxyType(dict(_places(value["formulas"]))),
        free=frozenset((int(row), int(column)) for row, column in value["free"]),
    )


def _places(rows: list[list[Any]]) -> Iterator[tuple[Spot, str]]:
    for row, column, text in rows:
        yield (int(row), int(column)), str(text)
