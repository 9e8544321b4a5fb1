"""Owns the keys, columns and lists by which the buyer's workbook is written and found again."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

LOTS: Final = 4
CRITERIA: Final = 6
"""Of one lot."""
SUPPLIERS: Final = 200
OFFERS: Final = 300
DECISIONS: Final = 200

CONSULTATION: Final = (
    "TITLE", "BUYER", "PHASE", "PROCEDURE", "NATURE", "AMOUNT", "DATE", "HOUR", "ZONE", "CONTACT", "EMAIL", "CHANNEL",
    "PROFILE", "LANG", "OPEN", "SPREAD", "ROUND", "ERRATUM",
)  # fmt: skip
"""Answers of the sheet *Consultation*, in order."""
IDENTITY: Final = ("CODE", "TEMPLATE", "FACTORS")
"""Locked constants of the same sheet."""
LOT_COLUMNS: Final = tuple(f"L{number}" for number in range(1, LOTS + 1))
LOT_TITLE: Final = "LOT.TITLE"
REQUIREMENT_COLUMNS: Final = ("TEXT", "CLAUSE", "KIND", "ADJUST")
ITEM_COLUMNS: Final = ("ASKED", "CONSEQ")
CRITERION_COLUMNS: Final = (
    "LABEL", "CODE", "KIND", "WEIGHT", "FORMULA", "INDICATOR", "LOW", "HIGH", "FAN", "BANDS", "TIE",
)  # fmt: skip
SUPPLIER_COLUMNS: Final = ("NAME", "CODE", "EMAIL", "LANG", "LOTS")
OFFER_COLUMNS: Final = ("SUPPLIER", "LOT", "VARIANT", "PRICE", "N1", "N2", "N3", "REMARK")
DECISION_COLUMNS: Final = ("FINDING", "SUPPLIER", "DECISION", "REASON")

INPUT_SHEETS: Final = ("GUIDE", "CONS", "LOTS", "REQS", "ITEMS", "CRIT", "SUPP", "OFFERS", "DECISIONS")
"""Codes of the sheets, in order."""

FIXED: Final = MappingProxyType(
    {
        "KIND": ("list.kind", ("minimum", "scored", "clause", "variant", "information")),
        "CONSEQ": ("list.conseq", ("default", "blocks", "none")),
        "CRITERION": ("list.criterion", ("price", "impact", "other")),
        "FORMULA": ("list.formula", ("F1", "F2", "F3", "F4", "F5", "F6", "F7")),
        "CHANNEL": ("list.channel", ("email", "profile")),
        "NATURE": ("list.nature", ("supplies", "works")),
        "LANGUAGE": ("list.language", ("fr", "en")),
        "DECISION": ("list.decision", ("accept", "refuse", "ask")),
        "PROCEDURE": ("procedure", ("p1", "p2", "p3", "p4", "p5", "p6", "p7")),
    }
)
"""List → (where the texts ``campaign`` label it, codes in order)."""
TERMS: Final = MappingProxyType(
    {
        "PHASE": ("phase", ("sourcing", "consultation", "negotiation", "feedback", "execution")),
        "YESNO": ("yesno", ("OUI", "NON")),
    }
)
"""The same, labelled by the texts ``terms``."""


def consultation_key(code: str) -> str:
    """Key of an answer of *Consultation*."""
    return f"CONS.{code}"


def parameter_key(code: str) -> str:
    """Key of a buyer's parameter on *Lots*; columns are those of the lots."""
    return f"P.{code}"


def row_key(key: str) -> str:
    """Key of a table cell that the buyer fixes on *Lots* (``T.DEV1.Q1``)."""
    return f"T.{key}"


def requirement_key(code: str) -> str:
    """Key of a requirement."""
    return f"R.{code}"


def item_key(code: str) -> str:
    """Key of an item on *Postes*."""
    return f"I.{code}"


def criterion_key(lot: int, place: int) -> str:
    """Key of the criterion in the ``place``-th row (from 1) of a lot."""
    return f"L{lot}.C{place}"


def supplier_key(place: int) -> str:
    """Key of the ``place``-th row of suppliers, from 1."""
    return f"SUP.{place:03d}"


def offer_key(place: int) -> str:
    """Key of the ``place``-th row of prices and notes."""
    return f"OFF.{place:03d}"


def decision_key(place: int) -> str:
    """Key of the ``place``-th decision."""
    return f"DEC.{place:03d}"
