"""Owns the reading of suppliers: who is asked, for which lots, under which code."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from canevas_xl.findings.finding import Place
from canevas_xl.intake.parse import folded
from canevas_xl.intake.reading import Reading, labels_of
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Supplier

LANGUAGES: Final = labels_of("campaign", *keys.FIXED["LANGUAGE"])
LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a generated code is made of: nothing that looks like something else."""
LENGTH: Final = 4
EVERY: Final = frozenset({"tous", "toutes", "all"})
_EMAIL: Final = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>().]+(\.[^@\s,;<>().]+)*\.[^@\s,;<>().\d]{2,}")
_CODE: Final = re.compile(r"(?!OPEN|REF)[A-Z0-9]{4}")
_AND: Final = re.compile(r"\b(lots?|et|and)\b|[,;/+&.\s]+", re.IGNORECASE)


def is_email(text: str) -> bool:
    """Say whether a text looks like one e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def read_suppliers(
    reading: Reading, campaign: str, lots: Sequence[int], language: str, heads: Mapping[str, str]
) -> tuple[Supplier, ...]:
    """Read the rows of suppliers; blank codes are generated from the campaign and the address, always alike.

    Args:
        reading: where findings go.
        campaign: its code.
        lots: numbers of the lots that exist.
        language: of canvases whose supplier states none.
        heads: the words above the columns, by code, for messages.
    """
    rows = [keys.supplier_key(place) for place in range(1, keys.SUPPLIERS + 1)]
    used = [key for key in rows if any(reading.located.content(key, c) is not None for c in ("NAME", "EMAIL", "CODE"))]
    suppliers = {key: _supplier(reading, key, lots, language, heads) for key in used}
    _check_twice(reading, suppliers)
    return with_codes(suppliers.values(), campaign)


def _supplier(reading: Reading, key: str, lots: Sequence[int], language: str, heads: Mapping[str, str]) -> Supplier:
    name, email, code = reading.text(key, "NAME"), reading.text(key, "EMAIL"), reading.text(key, "CODE").upper()
    for column in ("NAME", "EMAIL"):
        reading.missing(key, column, heads[column])
    if email and not is_email(email):
        reading.say("C113", reading.place(key, "EMAIL"), text=email)
    if code and not _CODE.fullmatch(code):
        reading.say("C154", reading.place(key, "CODE"), text=code)
    chosen = reading.choice(key, "LANG", LANGUAGES)
    return Supplier(code, name, email, chosen or language, _lots(reading, key, lots, name or email))


def _lots(reading: Reading, key: str, lots: Sequence[int], name: str) -> tuple[int, ...]:
    text = reading.text(key, "LOTS")
    if not text:
        if not reading.broken(key, "LOTS"):
            reading.say("C151", reading.place(key, "LOTS"), name=name)
        return ()
    if folded(text) in EVERY:
        return tuple(lots)
    parts = [part for part in _AND.split(text) if part and part.strip(",;/+&. \t") and not _AND.fullmatch(part)]
    numbers = [part.upper().removeprefix("L") for part in parts]
    if not numbers or not all(number.isdecimal() and int(number) in lots for number in numbers):
        reading.say("C152", reading.place(key, "LOTS"), text=text, known=list(lots))
        return ()
    return tuple(sorted({int(number) for number in numbers}))


def _check_twice(reading: Reading, suppliers: Mapping[str, Supplier]) -> None:
    """C150: two rows with the same code, address or name."""
    seen: dict[tuple[str, str], str] = {}
    for key, one in suppliers.items():
        same: list[str] = []
        other = ""
        for column, text in (("CODE", one.code), ("EMAIL", one.email), ("NAME", one.name)):
            first = seen.setdefault((column, folded(text)), key) if text else key
            if first != key:
                same.append(text)
                other = other or first
        if same:
            column = "NAME" if one.name else "EMAIL"
            reading.say("C150", reading.place(key, column), other=_where(reading.place(other, column)), same=same)


def _where(place: Place) -> str:
    return f"{place.sheet} {place.cell}"


def with_codes(suppliers: Iterable[Supplier], campaign: str) -> tuple[Supplier, ...]:
    """Give a code to those that have none: the same again for the same campaign and address."""
    every = list(suppliers)
    taken = {one.code for one in every if one.code}
    named: list[Supplier] = []
    for one in every:
        code = one.code or _generated(f"{campaign}|{folded(one.email or one.name)}", taken)
        taken.add(code)
        named.append(replace(one, code=code))
    return tuple(named)


def _generated(seed: str, taken: set[str]) -> str:
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{seed}|{attempt}".encode()).digest()
        code = "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:LENGTH])
        if code not in taken and _CODE.fullmatch(code):
            return code
        attempt += 1
