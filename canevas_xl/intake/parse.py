"""Owns what a typed text means: numbers, dates, hours, yes or no, labels of lists; or that it cannot be told."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import Final

EPOCH: Final = date(1899, 12, 30)
"""Day 0 of spreadsheets' dates."""
_DAYS: Final = (36526, 73050)
"""Dates between 2000 and 2099, as spreadsheets count days."""
_MINUTES: Final = 24 * 60
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2}([ '’]\d{3})+([.,]\d+)?")
_PLAIN: Final = re.compile(r"[+-]?\d*[.,]?\d+|[+-]?\d+[.,]")
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")
_BOTH: Final = re.compile(r"[+-]?[1-9]\d{0,2}(([.]\d{3})+,\d+|(,\d{3})+[.]\d+)")
_MANY: Final = re.compile(r"[+-]?[1-9]\d{0,2}(([.]\d{3}){2,}|(,\d{3}){2,})")
_LINES: Final = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
"""Between two texts, not inside a number: 10 above 200 is not 10 200."""
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?")
_SLASHED: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_HOUR: Final = re.compile(r"(\d{1,2})(?:[:hH](\d{2})?)?(?::\d{2})?")


class Doubt(Enum):
    """Why a text has no meaning that one may act on."""

    UNREADABLE = "unreadable"
    AMBIGUOUS = "ambiguous"


def number(value: float | str | None, units: Collection[str] = ()) -> float | Doubt | None:
    """Read a number: ``12,5``, ``12.5``, ``1 234,50``, ``1.234,50``; ``1.234`` may be two numbers and is not read.

    Args:
        value: what stands in the cell.
        units: words of the unit that is asked, which may follow the number (``12.5 kg``); any other makes it no number.

    Returns:
        The number; None where nothing stands; a doubt where the text is no number or could be two.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return float(value) if math.isfinite(value) else Doubt.UNREADABLE
    if _LINES.search(value.strip()) or _raised(value):
        return Doubt.UNREADABLE
    return _number(_without_unit(plain(value).replace("−", "-"), units))


def _number(text: str) -> float | Doubt:
    if _THOUSANDS.fullmatch(text):
        return Doubt.AMBIGUOUS
    if _GROUPED.fullmatch(text) or _MANY.fullmatch(text):
        marks = r"[ '’]" if _GROUPED.fullmatch(text) else r"[.,]"
        return float(re.sub(marks, "", text).replace(",", "."))
    if _BOTH.fullmatch(text):
        mark = max(text.rfind("."), text.rfind(","))
        return float(re.sub(r"[.,]", "", text[:mark]) + "." + text[mark + 1 :])
    return float(text.replace(",", ".")) if _PLAIN.fullmatch(text) else Doubt.UNREADABLE


def _raised(text: str) -> bool:
    """Say whether a raised, lowered or circled figure stands elsewhere than in a unit (``m²``): 12¹ is 12 with a note.

    Normalised, it would be one more digit of the number.
    """
    return not text.isascii() and any(
        unicodedata.category(one) == "No" and not before.isalpha() for before, one in pairwise(f" {text}")
    )


def _without_unit(text: str, units: Collection[str]) -> str:
    for unit in sorted(map(folded, units), key=len, reverse=True):
        if unit and not unit[0].isdigit() and folded(text).endswith(unit):
            return text[: len(text) - len(unit)].rstrip()
    return text


def day(value: float | str | None) -> date | Doubt | None:
    """Read a date: ISO (``2026-12-15``), ``15/12/2026``, or days as spreadsheets count them.

    ``05/06/2026`` is the fifth of June in France and the sixth of May elsewhere: ambiguous.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        whole = _DAYS[0] <= value <= _DAYS[1]
        return EPOCH + timedelta(days=int(value)) if whole else Doubt.UNREADABLE
    text = plain(value)
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _SLASHED.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if first != second and max(first, second) <= 12:  # noqa: PLR2004 - both could be a month
            return Doubt.AMBIGUOUS
        return _date(year, second, first) if second <= 12 else _date(year, first, second)  # noqa: PLR2004 - months
    return Doubt.UNREADABLE


def _date(year: int, month: int, day_: int) -> date | Doubt:
    try:
        return date(year, month, day_)
    except ValueError:
        return Doubt.UNREADABLE


def hour(value: float | str | None) -> time | Doubt | None:
    """Read an hour: ``12:00``, ``12h``, ``12h30``, or a share of the day as spreadsheets keep it."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        if not 0 <= value < 1:
            return Doubt.UNREADABLE
        minutes = round(value * _MINUTES) % _MINUTES
        return time(minutes // 60, minutes % 60)
    text = plain(value).replace(" ", "")
    if (match := _ISO.fullmatch(plain(value))) and match[4]:
        return time(int(match[4]), int(match[5]))
    match = _HOUR.fullmatch(text)
    if match is None:
        return Doubt.UNREADABLE
    hours, minutes = int(match[1]), int(match[2] or 0)
    return time(hours, minutes) if hours < 24 and minutes < 60 else Doubt.UNREADABLE  # noqa: PLR2004 - a clock


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Normalise what people and programs do to a text: compatibility forms, invisible and control signs, spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(one for one in text if one.isspace() or unicodedata.category(one) not in {"Cf", "Cc"})
    return " ".join(text.split())


def folded(text: str) -> str:
    """Make texts comparable: spaces, case and invisible characters do not count."""
    return plain(text).casefold()


def choice(value: float | str | None, labels: Mapping[str, str]) -> str | Doubt | None:
    """Read the code of a chosen label.

    Args:
        value: what stands in the cell: a label in any language, or a code.
        labels: folded label or code → code.
    """
    if value is None or value == "":
        return None
    text = value if isinstance(value, str) else f"{value:g}"
    return labels.get(folded(text), Doubt.UNREADABLE)
