"""Owns the reading of *Facteurs*: which processes the buyer replaces in this campaign, by what, and why."""

from __future__ import annotations

from canevas_xl.intake.reading import Reading
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Replacement
from canevas_xl.model.template import Range


def read_replacements(reading: Reading) -> tuple[Replacement, ...]:
    """Read the rows that were begun; what they say is judged beside the factors (``canvas.replace``)."""
    rows = (_replacement(reading, place) for place in range(1, keys.REPLACEMENTS + 1))
    return tuple(row for row in rows if row is not None)


def _replacement(reading: Reading, place: int) -> Replacement | None:
    key = keys.replacement_key(place)
    texts = {code: reading.text(key, code).strip() for code in keys.REPLACEMENT_COLUMNS if code != "VALUE"}
    value = reading.number(key, "VALUE", Range(min=0))
    if value is None and not any(texts.values()):
        return None
    return Replacement(place, texts["PROCESS"], value, texts["BY"], texts["REASON"], texts["SOURCE"])
