"""Owns what each button does: functions of a context, under the names of the registry. Each is one command, thinly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from canevas_xl.addin.about import about, help_
from canevas_xl.addin.campaign import check, drafts, issue, new
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.returns import ask, collect, consolidate, score, validate
from canevas_xl.addin.selected import decide, trace

FUNCTIONS: Final[Mapping[str, Callable[[Context], Told]]] = MappingProxyType(
    {
        "new": new,
        "check": check,
        "issue": issue,
        "drafts": drafts,
        "collect": collect,
        "consolidate": consolidate,
        "validate": validate,
        "ask": ask,
        "decide": decide,
        "score": score,
        "trace": trace,
        "help": help_,
        "about": about,
    }
)
