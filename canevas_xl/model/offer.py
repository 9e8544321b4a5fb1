"""Owns what came back: receipts, returns as they were read, and the offers that were understood of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from canevas_xl.model.answer import Answers
from canevas_xl.model.canvas import Token
from canevas_xl.model.dialogue import SILENT, Dialogue

MAIL: Final = "mail"
FILE: Final = "file"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One received file, as the register knows it; its bytes lie under their hash and are never changed."""

    sha256: str
    name: str
    """As it was called when it came."""
    size: int
    """In bytes."""
    received: datetime
    """With its time zone: what the deadline is compared with."""
    source: str
    """``mail`` or ``file``."""
    sender: str = ""
    """Address, when it came by mail."""
    subject: str = ""


@dataclass(frozen=True, slots=True, order=True)
class OfferKey:
    """What makes two offers the same: for one key the last one received before the deadline counts."""

    lot: int
    supplier: str
    """Four characters; for an open canvas ``=`` and the declared identifier."""
    round: int
    variant: int
    """0 is the base offer."""

    def __str__(self) -> str:
        """Give the key as one reads it: ``L1 S001 R1``, with ``V2`` for a variant."""
        return f"L{self.lot} {self.supplier} R{self.round}" + (f" V{self.variant}" if self.variant else "")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who answers, as declared on *Accueil*."""

    name: str = ""
    identifier: str = ""
    """SIRET, or a foreign one."""
    signatory: str = ""
    variant: int | None = 0
    """None where it cannot be read."""
    attested: bool = False
    consent: bool = False


class Locked(StrEnum):
    """What a locked cell is for."""

    QUESTION = "question"
    """What is asked, its unit, its help."""
    CHOICE = "choice"
    """A label or code of a list."""
    KEY = "key"
    """What an answer, or the whole canvas, is found by."""
    FACTOR = "factor"
    NUMBER = "number"
    """A bound, or a parameter of the buyer's."""
    FORMULA = "formula"
    TEXT = "text"
    """Any other, such as a source."""

    @property
    def matters(self) -> bool:
        """Say whether changing it may change what was answered; all else is computed anew from the frozen record."""
        return self in {Locked.QUESTION, Locked.CHOICE, Locked.KEY}


@dataclass(frozen=True, slots=True)
class Change:
    """One locked cell that came back otherwise."""

    kind: Locked
    sheet: str
    """As it came back."""
    cell: str
    key: str
    was: str
    """Empty for a formula, of which only a mark is kept."""
    now: str
    """Empty where nothing stands any more; a formula begins with ``=``."""


@dataclass(frozen=True, slots=True)
class Return:
    """A workbook that came back, as read."""

    receipt: Receipt
    token: Token | None
    """None where there is none, or several that differ."""
    identity: Identity
    answers: Answers
    dialogue: Dialogue = SILENT
    changes: tuple[Change, ...] = ()
    """Of locked cells, one by one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What was understood of a return."""

    key: OfferKey
    name: str
    """What to call it: the supplier's name as the buyer knows it, else as declared."""
    identity: Identity
    answers: Answers
    receipt: Receipt
    dialogue: Dialogue = SILENT
    """What the return says beside the offer; never scored."""
    changes: tuple[Change, ...] = ()
    """Of locked cells, one by one; none has an effect on what is computed."""


class Standing(StrEnum):
    """Why a return does not count; every return is kept all the same."""

    SUPERSEDED = "superseded"
    """A later one came in time for the same key."""
    LATE = "late"
    OLDER_ROUND = "older_round"
    BLANK = "blank"
    """It holds no answer; another return of the same key does."""
    TWIN = "twin"
    """The same bytes came before."""
    NOT_OURS = "not_ours"
    UNREADABLE = "unreadable"
    NOT_YET = "not_yet"
    """In a consultation nothing is read before the deadline."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the buyer decided on one finding."""

    finding: str
    """Id of the finding: stable while code, offer, item and facts are the same."""
    accepted: bool
    reason: str
