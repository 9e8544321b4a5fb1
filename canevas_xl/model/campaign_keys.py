"""Owns the keys, columns and lists by which the buyer's workbook is written and found again."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from canevas_xl.model.template import FieldType, Template, Texts

LOTS: Final = 4
CRITERIA: Final = 12
"""Of one lot, sub-criteria included."""
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
    "LABEL", "CODE", "PARENT", "KIND", "WEIGHT", "FORMULA", "INDICATOR", "LOW", "HIGH", "FAN", "BANDS", "TIE",
)  # fmt: skip
COST_ROWS: Final = (
    "YEARS", "DISCOUNT", "UNITS", "ENERGY", "ENERGY_PRICE", "GROWTH", "MAINTENANCE", "END", "CARBON", "DEDUCTION",
    "DLOW", "DHIGH",
)  # fmt: skip
"""What costs are made of, under the criteria; columns are those of the lots."""
COST_BOUNDS: Final = MappingProxyType(
    {
        "YEARS": (1.0, 60.0), "DISCOUNT": (0.0, 30.0), "UNITS": (0.0, None), "ENERGY_PRICE": (0.0, None),
        "GROWTH": (-30.0, 30.0), "CARBON": (0.0, None), "DEDUCTION": (0.0, None), "DLOW": (None, None),
        "DHIGH": (None, None),
    }
)  # fmt: skip
"""What may be typed there: lowest and highest."""
COST_RATES: Final = ("DISCOUNT", "GROWTH")
"""Those in percent a year."""
NOTE_COLUMNS: Final = tuple(f"N{place}" for place in range(1, 7))
"""Notes that people give, in the order of the criteria and sub-criteria of kind *other*."""
COST_COLUMNS: Final = ("MAINTENANCE", "DISPOSAL", "RESIDUAL")
"""Costs that each offer states, EUR."""
SUPPLIER_COLUMNS: Final = ("NAME", "CODE", "EMAIL", "LANG", "LOTS")
OFFER_COLUMNS: Final = ("SUPPLIER", "LOT", "VARIANT", "PRICE", *NOTE_COLUMNS, *COST_COLUMNS, "REMARK")
DECISION_COLUMNS: Final = ("FINDING", "SUPPLIER", "DECISION", "REASON")

REPLACEMENTS: Final = 12
REPLACEMENT_COLUMNS: Final = ("PROCESS", "VALUE", "BY", "REASON", "SOURCE")

INPUT_SHEETS: Final = ("GUIDE", "CONS", "LOTS", "REQS", "ITEMS", "FACTS", "CRIT", "SUPP", "OFFERS", "DECISIONS")
"""Codes of the sheets, in order."""

FIXED: Final = MappingProxyType(
    {
        "KIND": ("list.kind", ("minimum", "scored", "clause", "variant", "information")),
        "CONSEQ": ("list.conseq", ("default", "blocks", "none")),
        "CRITERION": ("list.criterion", ("price", "impact", "other", "answer", "cost", "fictitious")),
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


ENERGY_UNIT: Final = "kWh"
ENERGY_STAGES: Final = frozenset({"kitchen", "use"})
"""Stages whose energy is paid for by who buys, or by who works for it on the spot."""


def energy_flows(template: Template) -> tuple[str, ...]:
    """Give the flows that a life-cycle cost may count as energy in use, in the order of the template."""
    return tuple(one.code for one in template.flows if one.unit == ENERGY_UNIT and one.stage in ENERGY_STAGES)


def scorable_items(template: Template) -> tuple[str, ...]:
    """Give the keys of answers that a criterion may look at, in order: numbers that bind the firm."""
    numbers = {FieldType.NUMBER, FieldType.INTEGER}
    alone = [one.code for one in template.fields if one.type in numbers and one.contractual]
    rows = [
        f"{row}.{one.code}"
        for table in template.tables
        for row in table.rows
        for one in table.columns
        if one.type in numbers and one.contractual and not one.fixed_by_buyer
    ]
    return (*alone, *rows)


def item_label(texts: Texts, key: str) -> str:
    """Name an answer so that no two have the same name."""
    row, _, code = key.rpartition(".")
    label = texts.get(f"fields.{code}.label", code)
    return f"{texts.get(f'rows.{row}', row)} · {label} ({key})" if row else f"{label} ({key})"


def cost_rows(template: Template) -> tuple[str, ...]:
    """Give the rows of :data:`COST_ROWS` that a template has: those on energy where it has such a flow."""
    energy = {"ENERGY", "ENERGY_PRICE", "GROWTH"} if not energy_flows(template) else set()
    return tuple(code for code in COST_ROWS if code not in energy)


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


def cost_key(code: str) -> str:
    """Key of what costs are made of; columns are those of the lots."""
    return f"K.{code}"


def replacement_key(place: int) -> str:
    """Key of the ``place``-th replaced factor, from 1."""
    return f"FAC.{place:02d}"


def supplier_key(place: int) -> str:
    """Key of the ``place``-th row of suppliers, from 1."""
    return f"SUP.{place:03d}"


def offer_key(place: int) -> str:
    """Key of the ``place``-th row of prices and notes."""
    return f"OFF.{place:03d}"


def decision_key(place: int) -> str:
    """Key of the ``place``-th decision."""
    return f"DEC.{place:03d}"
