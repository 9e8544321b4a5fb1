"""Owns the token: plain text that names one copy of a canvas, sealed so that a changed one is noticed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import Final

from canevas_xl.model.canvas import Token

OPEN: Final = "OPEN"
"""Stands where a canvas names no supplier."""

# Nothing that could belong to a token may touch it: a longer one would else be read as a shorter one.
_SHAPE: Final = re.compile(
    r"(?<![A-Za-z0-9])CX1-([A-Z0-9]{6})-([A-Z0-9]{4})-L([1-9][0-9]?)-R([1-9][0-9]?)-([A-Z2-7]{12})(?![A-Z0-9])"
)


def make_token(campaign: str, supplier: str, lot: int, round_: int, seal_with: tuple[bytes, str]) -> Token:
    """Name one copy; ``seal_with`` is the campaign's secret and the frozen record's fingerprint.

    Raises:
        ValueError: the codes have another shape, so that the token could not be read back.
    """
    seal = _seal(f"CX1-{campaign}-{supplier}-L{lot}-R{round_}", seal_with)
    token = Token(campaign, supplier, lot, round_, seal)
    if read_token(str(token)) != token:
        raise ValueError(str(token))
    return token


def read_token(text: str) -> Token | None:
    """Find a token anywhere in a text, letter by letter as it was made; None without one, or with two that differ."""
    found = {match.groups() for match in _SHAPE.finditer(text)}
    if len(found) != 1:
        return None
    campaign, supplier, lot, round_, seal = found.pop()
    return Token(campaign, supplier, int(lot), int(round_), seal)


def is_ours(token: Token, seal_with: tuple[bytes, str]) -> bool:
    """Say whether this campaign issued that token with that record."""
    expected = _seal(str(token).rpartition("-")[0], seal_with)
    return hmac.compare_digest(expected.encode(), token.seal.encode())


def _seal(text: str, seal_with: tuple[bytes, str]) -> str:
    secret, fingerprint = seal_with
    digest = hmac.new(secret, f"{text}|{fingerprint}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:12]
