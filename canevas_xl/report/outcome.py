"""Owns the outcome: everything that the result sheets and the data package show of a campaign, gathered once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.campaign import Campaign
from canevas_xl.model.formula import Formula
from canevas_xl.model.plan import Style
from canevas_xl.model.score import LotScores

Plain = float | str | Formula | None


@dataclass(frozen=True, slots=True)
class Dressed:
    """A content with a look of its own, where that of its column does not do."""

    content: Plain
    style: Style


Content = Plain | Dressed
"""What one cell of a block holds."""
Rows = tuple[tuple[Content, ...], ...]
Blocks = Mapping[str, Rows]
"""Rows by the name of their block."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One campaign, consolidated and scored."""

    campaign: Campaign
    """As it stands; what was issued is in the scores' subjects."""
    consolidation: Consolidation
    scores: tuple[LotScores, ...]
    events: tuple[Mapping[str, Any], ...]
    """Of the register, in order."""
    as_of: datetime
    """The last event: results do not read a clock."""
