"""Owns the catalogue of codes: each has a severity, an audience, and texts that say what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from canevas_xl import resources


class Severity(StrEnum):
    """What a finding stops."""

    BLOCKS = "blocks"
    DOUBT = "doubt"
    INFORMATION = "information"


class Audience(StrEnum):
    """Who can mend it."""

    AUTHOR = "author"
    BUYER = "buyer"
    SUPPLIER = "supplier"


@dataclass(frozen=True, slots=True)
class Kind:
    """One code: never reused for another meaning."""

    code: str
    name: str
    severity: Severity
    audience: Audience
    message: MappingProxyType[str, str]
    remedy: MappingProxyType[str, str]


@cache
def kinds() -> MappingProxyType[str, Kind]:
    """Read every code from ``texts/findings/*.toml``.

    Raises:
        ValueError: a code stands in two files.
    """
    found: dict[str, Kind] = {}
    for name in resources.catalogue_names("findings"):
        for code, entry in resources.catalogue(name).items():
            if code in found:
                raise ValueError(code)
            found[code] = Kind(
                code=code,
                name=entry["name"],
                severity=Severity(entry["severity"]),
                audience=Audience(entry["audience"]),
                message=MappingProxyType({lang: entry[lang] for lang in resources.LANGUAGES}),
                remedy=MappingProxyType({lang: entry[f"{lang}_remedy"] for lang in resources.LANGUAGES}),
            )
    return MappingProxyType(found)
