"""Owns what is said beside an offer: levers and constraints, messages by item, the five answers that close a campaign.

None of it is ever scored, and none of it changes an offer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEVERS: Final = 8
"""Rows of *Leviers et contraintes* in a canvas; their keys are ``LV01``…"""
MESSAGES: Final = 12
"""Rows of *Échanges* in a canvas; their keys are ``TH01``…"""


@dataclass(frozen=True, slots=True)
class Lever:
    """What holds a supplier back, and what it could do if the specification allowed it; all in its own words."""

    key: str
    requirement: str = ""
    """Code of the requirement concerned, ``OTHER``, or the text that was typed instead."""
    hold: str = ""
    """One of :data:`vocabulary.HOLDS`, or the text that was typed instead."""
    change: str = ""
    effect: str = ""
    price: str = ""
    """A range, as written: « 0 à 3 % »."""
    delay: str = ""
    cell: str = ""
    """Sheet and address as the supplier sees them."""


@dataclass(frozen=True, slots=True)
class Message:
    """One question or remark."""

    key: str
    text: str
    item: str = ""
    """Code of the item it is about, ``OTHER``, or the text that was typed instead."""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What somebody who filled a canvas says of it, in the end."""

    minutes: float | None = None
    """Spent on the canvas, in all."""
    changed: str = ""
    """Which data changed the offer; « Non » where none did."""
    useless: str = ""
    """The item that was the least useful: its code, or the text that was typed."""
    impossible: str = ""
    """The item that could not be had."""
    again: bool | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Everything that one return says beside its offer."""

    levers: tuple[Lever, ...] = ()
    messages: tuple[Message, ...] = ()
    feedback: Feedback | None = None
    """None where nothing was answered."""


SILENT: Final = Dialogue()
"""Nothing was said."""
