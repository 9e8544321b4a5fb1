"""Owns the understanding of a date and time as a buyer types it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from canevas_xl.errors import WrongUse

_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{1,2}:\d{2}(:\d{2})?\s*(Z|[+-]\d{2}:?\d{2})?")


def moment(text: str, code: str) -> datetime:
    """Understand a date and time; a date alone would silently mean midnight.

    Raises:
        WrongUse: with ``code``, it is not one.
    """
    try:
        if _MOMENT.fullmatch(text.strip()):
            return datetime.fromisoformat(re.sub(r"[T ](\d):", r"T0\1:", text.strip()).replace(" +", "+"))
    except ValueError:
        pass
    raise WrongUse(code, text=text)
