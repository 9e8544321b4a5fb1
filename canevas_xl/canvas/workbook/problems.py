"""Owns the numbers of what can be wrong with one answer: what *Contrôle* says follows from them."""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class Problem(IntEnum):
    """What is wrong with one answer. The first four leave the canvas unfinished."""

    NONE = 0
    MISSING = 1
    CONTRADICTION = 2
    UNREADABLE = 3
    OUT_OF_BOUNDS = 4
    NOT_APPLICABLE_REFUSED = 5
    ORIGIN_MISSING = 6
    EVIDENCE_MISSING = 7
    UNUSUAL = 8
    IDENTIFIER = 9
    RULE = 10
    RULE_DOUBT = 11
    ATTEST = 12
    SHARE = 13
    """Half a percent is nearly always half of all: spreadsheets keep 50 % as 0.5."""


MESSAGES: Final = tuple(problem for problem in Problem if problem is not Problem.NONE)
"""In the order in which LISTS holds their sentences."""
UNSAID: Final = (Problem.ORIGIN_MISSING, Problem.EVIDENCE_MISSING)
"""The answer stands; what is asked beside it does not yet."""
UNFINISHED: Final = Problem.NOT_APPLICABLE_REFUSED
"""Up to this number an answer counts as not given yet."""
