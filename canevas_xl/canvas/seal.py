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

_SHAPE: Final = re.compile(r"CX1-([A-Z0-9]{6})-([A-Z0-9]{4})-L([1-9]\d?)-R([1-9]\d?)-([A-Z2-7]{12})")


def make_token(campaign: str, supplier: str, lot: int, round_: int, seal_with: tuple[bytes, str]) -> Token:
    """Name one copy; ``seal_with`` is the campaign's secret and the frozen record's fingerprint."""
    return Token(campaign, supplier, lot, round_, _seal(f"CX1-{campaign}-{supplier}-L{lot}-R{round_}", seal_with))


def read_token(text: str) -> Token | None:
    """Find a token anywhere in a text; None where there is none, or two that differ."""
    found = {match.groups() for match in _SHAPE.finditer(text)}
    if len(found) != 1:
        return None
    campaign, supplier, lot, round_, seal = found.pop()
    return Token(campaign, supplier, int(lot), int(round_), seal)


def is_ours(token: Token, seal_with: tuple[bytes, str]) -> bool:
    """Say whether this campaign issued that token with that record."""
    expected = make_token(token.campaign, token.supplier, token.lot, token.round, seal_with)
    return hmac.compare_digest(expected.seal, token.seal)


def _seal(text: str, seal_with: tuple[bytes, str]) -> str:
    secret, fingerprint = seal_with
    digest = hmac.new(secret, f"{text}|{fingerprint}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:12]
