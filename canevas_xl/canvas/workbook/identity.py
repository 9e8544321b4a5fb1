"""Owns what *Accueil* asks of whoever answers: who, which identifier, base offer or variant, attestation, consent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Identity:
    """One question on *Accueil*; its words stand in the workbooks' texts under ``identity.<code>``."""

    key: str
    kind: Literal["text", "whole", "yesno"]
    required: bool = True

    @property
    def code(self) -> str:
        """The code in the texts: ``name`` for ``ID.NAME``."""
        return self.key.removeprefix("ID.").lower()


IDENTITY: Final = (
    Identity("ID.NAME", "text"),
    Identity("ID.SIRET", "text"),
    Identity("ID.SIGNATORY", "text"),
    Identity("ID.VARIANT", "whole"),
    Identity("ID.ATTEST", "yesno"),
    Identity("ID.CONSENT", "yesno"),
)
LONGEST_TEXT: Final = 120
MOST_VARIANTS: Final = 20
