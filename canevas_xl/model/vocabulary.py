"""Owns the closed lists of words that templates, campaigns and workbooks share; texts name them in ``texts/terms``."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Phase(StrEnum):
    """Where the discussion stands; it decides which sheets, sections and items appear."""

    SOURCING = "sourcing"
    CONSULTATION = "consultation"
    NEGOTIATION = "negotiation"
    FEEDBACK = "feedback"
    EXECUTION = "execution"


class ControlledBy(StrEnum):
    """Who decides how much a flow weighs."""

    SUPPLIER = "supplier"
    BUYER = "buyer"
    REGULATION = "regulation"
    GENERIC = "generic"


class Origin(StrEnum):
    """How a supplier came to a value, or why there is none. The codes stand in the returned workbooks."""

    MEASURED = "MES"
    CALCULATED = "CAL"
    DOCUMENT = "DOC"
    ESTIMATED = "EST"
    NOT_KNOWN = "ND"
    NOT_APPLICABLE = "SO"


class Status(StrEnum):
    """What an answer is worth: none of these is ever turned into another."""

    GIVEN = "given"
    DEFAULT = "default"
    NOT_KNOWN = "not_known"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"


HOLDS: Final = ("TECHNICAL", "COST", "SUPPLY", "DELAY", "DATA", "RULE")
"""What can hold a supplier back."""

STAGES: Final = (
    "agriculture", "materials", "supply", "forming", "processing", "manufacturing", "assembly", "packaging",
    "transport", "retail", "consumption", "kitchen", "containers", "delivery", "use", "end_of_life",
)  # fmt: skip
"""Life-cycle stages, in order of display. Factors that hold several say which; a flow names its own.

One vocabulary for factors and flows, so that the linter can see a flow whose stage a factor already holds.
"""

TOTAL: Final = "total"
"""The stage code of a factor published as one value over all the stages it contains."""

INDICATORS: Final = (
    "cch", "ozd", "ior", "pco", "pma", "htn", "htc", "acd", "fwe", "swe", "tre", "etf", "ldu", "wtu", "fru", "mru",
)  # fmt: skip
"""The 16 impact categories of EF 3.1, by their usual trigrams, in the order of the method."""

CLIMATE: Final = "cch"
