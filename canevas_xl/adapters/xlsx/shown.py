"""Owns what people see where it is not what is stored: dates, percentages, truths, figures raised or struck out."""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

_NOT_SHOWN: Final = re.compile(r'"[^"]*+(?:"|$)|\[[^\]]*+(?:\]|$)|\\.|_.|\*.')
"""What is quoted, and not closed, goes to the end: looking for its end from each of a million signs would have none."""


class Shows(Enum):
    """What a number format shows a number as."""

    NUMBER = "number"
    DATE = "date"
    SHARE = "share"


BUILT_IN: Final = {
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), Shows.DATE),
    **dict.fromkeys((9, 10), Shows.SHARE),
}
"""Formats that every program knows by number, but those that show numbers (ECMA-376, 18.8.30)."""


def shows(code: str) -> Shows:
    """Say what a format shows, by what it does to positive numbers."""
    first = _NOT_SHOWN.sub("", code).partition(";")[0]
    if "%" in first:
        return Shows.SHARE
    is_date = re.search("[dmyhs]", first, re.IGNORECASE) and first.lower() not in {"standard", "general"}
    return Shows.DATE if is_date else Shows.NUMBER


def share_text(share: float) -> str:
    """Write a share as the percentage that its cell shows: 0.5 is ``50 %``.

    Three decimals alone could be read as thousands, so a fourth follows them.
    """
    text = f"{100 * share:.15g}"
    return f"{text}{'0' * (len(text.partition('.')[2]) == len('000'))} %"


def truth_text(*, true: bool) -> str:
    """Write a truth as cells show it, in English: read as 1 or 0 it would pass for a quantity."""
    return "TRUE" if true else "FALSE"


class Drawn(Enum):
    """How a part of a text is drawn, where that changes what it says."""

    RAISED = "raised"
    LOWERED = "lowered"
    STRUCK = "struck"


_FIGURES: Final = {
    Drawn.RAISED: str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"),
    Drawn.LOWERED: str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"),
}
_STROKE: Final = "\u0336"
"""Strikes out the sign before it."""


def drawn(text: str, how: Drawn | None) -> str:
    """Write a part of a text so that it reads as it looks: 12 with a raised 2 is no 122, nor is a struck 12 before 15.

    Raised figures and strokes are signs of their own, which no number has.
    """
    if how is None:
        return text
    return text.translate(_FIGURES[how]) if how in _FIGURES else "".join(f"{sign}{_STROKE}" for sign in text)
