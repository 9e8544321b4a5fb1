"""Owns the samples that ship with templates: example campaigns as data, filled into workbooks that we make."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from canevas_xl.errors import WrongUse
from canevas_xl.resources import data_folder

_DAYS_FROM_NOW: Final = re.compile(r"today\+(\d{1,3})")


def sample_campaign(reference: str, language: str, today: date) -> Mapping[tuple[str, str], float | str]:
    """Give the inputs of a template's example campaign, by key and column code, worded in ``language``.

    ``today+30`` in the sample becomes the ISO date thirty days on: an example is never too late.

    Raises:
        WrongUse: X112, the template ships no example.
    """
    folder = data_folder("workbook_templates").joinpath(*reference.split("@"), "sample")
    if not (folder / "campaign.toml").is_file():
        raise WrongUse("X112", template=reference)
    inputs = _inputs(folder / "campaign.toml") | _inputs(folder / f"campaign.{language}.toml")
    return MappingProxyType({place: _dated(value, today) for place, value in inputs.items()})


def _inputs(path: Path) -> dict[tuple[str, str], float | str]:
    """Read one file; ``campaign.<language>.toml`` says only what that language words otherwise."""
    if not path.is_file():
        return {}
    tables = tomllib.loads(path.read_text("utf-8"))
    return {
        (key, column): value
        for key, columns in tables.items()
        for column, value in (columns if isinstance(columns, dict) else {"VALUE": columns}).items()
    }


def _dated(value: float | str, today: date) -> float | str:
    days = _DAYS_FROM_NOW.fullmatch(value) if isinstance(value, str) else None
    return (today + timedelta(days=int(days[1]))).isoformat() if days else value
