"""Owns the way to the files that ship with the program: templates, factors and text catalogues.

In a wheel the two data folders lie inside the package; in a checkout they lie beside it. This is the only
module below the adapters that reads files, and it reads only what ships.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

PACKAGE: Final = Path(__file__).resolve().parent
LANGUAGES: Final = ("fr", "en")


@cache
def data_folder(name: str) -> Path:
    """Give the folder ``workbook_templates`` or ``factors``, from the wheel or the checkout.

    Raises:
        FileNotFoundError: neither place holds it, which means a broken installation.
    """
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(name)


@cache
def catalogue(name: str) -> MappingProxyType[str, Any]:
    """Read the TOML catalogue ``texts/<name>.toml`` that ships with the package, once."""
    path = PACKAGE / "texts" / f"{name}.toml"
    return MappingProxyType(tomllib.loads(path.read_text("utf-8")))


@cache
def catalogue_names(folder: str) -> tuple[str, ...]:
    """List the catalogues in ``texts/<folder>/``, as names for :func:`catalogue`, sorted."""
    return tuple(f"{folder}/{path.stem}" for path in sorted((PACKAGE / "texts" / folder).glob("*.toml")))


@cache
def texts(name: str, language: str) -> MappingProxyType[str, str]:
    """Give the catalogue ``<name>.<language>`` flattened: nested tables become dotted keys."""
    return MappingProxyType(flatten(catalogue(f"{name}.{language}")))


def flatten(tables: Any, prefix: str = "") -> dict[str, str]:
    """Turn nested tables of texts into one mapping with dotted keys."""
    flat: dict[str, str] = {}
    for key, value in tables.items():
        if isinstance(value, dict | MappingProxyType):
            flat |= flatten(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value
    return flat
