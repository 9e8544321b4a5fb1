"""Owns the names of figures: one text per figure of an offer, the same in results, in the data package and in `trace`.

``L1.S001.total`` · ``L1.S001.stage.delivery`` · ``L1.S001.line.f01`` · ``L1.S001.line.f1.DESK`` (a row of a table) ·
``L1.S001.index.assiette`` (the weighted index of a perimeter) · ``L1.S001.value.C2`` and ``L1.S001.note.C2`` (of a
criterion) · ``L1.S001.points`` (the total). A variant stands after the supplier: ``L1.S001.V1.total``. Impacts are
those on climate change, per functional unit; ``@acd`` at the end names another category.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from canevas_xl.model.offer import OfferKey
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS


class FigureKind(StrEnum):
    """What a figure is."""

    TOTAL = "total"
    STAGE = "stage"
    LINE = "line"
    INDEX = "index"
    """Weighted, of one perimeter, mPt."""
    VALUE = "value"
    """What a criterion looks at."""
    NOTE = "note"
    POINTS = "points"


IMPACTS: Final = frozenset({FigureKind.TOTAL, FigureKind.STAGE, FigureKind.LINE})
"""Figures that are in a category of the method."""
_BARE: Final = frozenset({FigureKind.TOTAL, FigureKind.POINTS})
_SHAPE: Final = re.compile(
    r"L(?P<lot>[1-9]\d?)\.(?P<supplier>=?[^.@\s]+)(?:\.V(?P<variant>\d{1,2}))?"
    r"\.(?P<kind>total|stage|line|index|value|note|points)(?:\.(?P<code>[^.@\s]+))?(?:\.(?P<row>[^.@\s]+))?"
    r"(?:@(?P<indicator>[a-z]{3}))?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Names one figure of one offer."""

    lot: int
    supplier: str
    variant: int
    kind: FigureKind
    code: str = ""
    """The stage, the flow, the perimeter or the criterion; empty for totals."""
    row: str = ""
    """Row of the flow's table."""
    indicator: str = CLIMATE

    def __str__(self) -> str:
        """Give the name."""
        variant = [f"V{self.variant}"] if self.variant else []
        parts = [f"L{self.lot}", self.supplier, *variant, self.kind, self.code, self.row]
        return ".".join(part for part in parts if part) + (f"@{self.indicator}" if self.indicator != CLIMATE else "")

    def of(self, key: OfferKey) -> bool:
        """Say whether it is a figure of that offer."""
        return (self.lot, self.supplier, self.variant) == (key.lot, key.supplier, key.variant)


def figure_of(key: OfferKey, kind: FigureKind, code: str = "", row: str = "", indicator: str = CLIMATE) -> Figure:
    """Name a figure of an offer."""
    return Figure(key.lot, key.supplier, key.variant, kind, code, row, indicator)


def read_figure(text: str) -> Figure | None:
    """Read a name; None where it is none."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return None
    kind, code, row = FigureKind(match["kind"]), match["code"] or "", match["row"] or ""
    indicator = match["indicator"] or CLIMATE
    named = bool(code) != (kind in _BARE) and (not row or kind is FigureKind.LINE)
    if not named or indicator not in INDICATORS or (match["indicator"] and kind not in IMPACTS):
        return None
    return Figure(int(match["lot"]), match["supplier"], int(match["variant"] or 0), kind, code, row, indicator)
