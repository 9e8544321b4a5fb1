"""Owns units and dates as publishers write them: normalised, or refused."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from canevas_xl.model.units import UNITS

_MJ_PER_KWH: Final = Decimal("3.6")
_KWH_PER_TOE: Final = Decimal(11630)
_TONNE: Final = Decimal("0.001")
_MONTHS: Final = ("janv", "fevr", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec")
_SERIALS: Final = (40_000, 60_000)
"""Days that Excel counts from 30 December 1899, for dates of 2009 to 2064."""
_EPOCH: Final = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Measure:
    """A publisher's unit in ours: a value per published unit, times ``factor``, is a value per ``unit``."""

    unit: str
    factor: Decimal = Decimal(1)
    of: str = ""
    """What the unit counts where it is not the thing itself (kilograms *of nitrogen*): belongs to the name."""


_PLAIN: Final = {
    "kg": Measure("kg"), "kgdepoidsnet": Measure("kg"), "g": Measure("g"),
    "tonne": Measure("kg", _TONNE), "t": Measure("kg", _TONNE), "tonnededechets": Measure("kg", _TONNE),
    "tonneproduites": Measure("kg", _TONNE), "tonneproduite": Measure("kg", _TONNE),
    "kwh": Measure("kWh"),
    "kwhpci": Measure("kWh_LHV"), "kwh(pci)": Measure("kWh_LHV"), "kwhlhv": Measure("kWh_LHV"),
    "kwhpcs": Measure("kWh_HHV"), "kwh(pcs)": Measure("kWh_HHV"), "kwhhhv": Measure("kWh_HHV"),
    "mjpci": Measure("kWh_LHV", _MJ_PER_KWH), "gjpci": Measure("kWh_LHV", _MJ_PER_KWH / 1000),
    "gjpcs": Measure("kWh_HHV", _MJ_PER_KWH / 1000),
    "teppci": Measure("kWh_LHV", 1 / _KWH_PER_TOE), "teppcs": Measure("kWh_HHV", 1 / _KWH_PER_TOE),
    "litre": Measure("L"), "l": Measure("L"), "m3": Measure("m3"),
    "t.km": Measure("t.km"), "tonne.km": Measure("t.km"), "km": Measure("vehicle.km"),
    "passager.km": Measure("passenger.km"), "personne.km": Measure("passenger.km"),
    "unite": Measure("item"), "appareil": Measure("item"), "livre": Measure("item"),
    "repas": Measure("meal"), "heure": Measure("hour"), "eurodepense": Measure("EUR"),
    "m2": Measure("m2"), "m2shon": Measure("m2"), "m2desol": Measure("m2"), "m2deparoi": Measure("m2"),
    "m2detoiture": Measure("m2"), "m": Measure("m"), "mderoute": Measure("m"), "ml": Measure("m"),
}  # fmt: skip
"""Spellings seen in Base Carbone. ``mL`` is a running metre there, not a millilitre; heat under load stays apart."""
_OF: Final = {
    "tonnedek2o": ("kg", _TONNE, "K2O"), "tonnedep2o5": ("kg", _TONNE, "P2O5"), "tonneden": ("kg", _TONNE, "N"),
    "kgdazoteepandu": ("kg", Decimal(1), "N"), "kgdematiereactive": ("kg", Decimal(1), "matière active"),
    "kgdepoidsvif": ("kg", Decimal(1), "poids vif"), "kgdecuirtraite": ("kg", Decimal(1), "cuir traité"),
    "kgdcoeliminee": ("kg", Decimal(1), "DCO éliminée"), "kgntk": ("kg", Decimal(1), "NTK"),
    "kgh2": ("kg", Decimal(1), "H2"), "kgbiognc": ("kg", Decimal(1), "BioGNC"),
    "tonnedeclinker": ("kg", _TONNE, "clinker"),
}  # fmt: skip
_THOUSAND_EUROS: Final = re.compile(r"keuro(?:\((\d{4})\)ht)?")


def measure(published: str) -> Measure | None:
    """Understand what a Base Carbone value is per (``kgCO2e/tonne de déchets``); None where we have no such unit."""
    text = folded_unit(published).removeprefix("kgco2e/")
    if text in _PLAIN:
        known = _PLAIN[text]
    elif text in _OF:
        known = Measure(*_OF[text])
    elif euros := _THOUSAND_EUROS.fullmatch(text):
        known = Measure("EUR", _TONNE, f"€ {euros[1]} HT" if euros[1] else "€")
    else:
        return None
    return known if known.unit in UNITS else None


def folded_unit(text: str) -> str:
    """Bring spellings of one unit together: no case, accents, spaces or apostrophes."""
    flat = unicodedata.normalize("NFKD", text.replace("²", "2").replace("³", "3")).encode("ascii", "ignore").decode()
    return re.sub(r"[\s'’]", "", flat).lower()


def scaled(value: str, factor: Decimal) -> float:
    """Bring a published value to our unit, exactly where decimals allow it."""
    return float(Decimal(value) * factor)


def validity(text: str) -> date | None:
    """Give the day on which a period of validity ends; None where the source states none.

    Whole years end on 31 December, months on their last day.

    Raises:
        ValueError: it reads like no date.
    """
    said = text.strip().removesuffix(" 00:00:00")
    if said in ("", "nan"):
        return None
    for pattern, read in _FORMS:
        match = pattern.fullmatch(said)
        if match:
            return read(match)
    raise ValueError(text)


def _serial(match: re.Match[str]) -> date:
    days = int(match[0])
    if not _SERIALS[0] <= days < _SERIALS[1]:
        raise ValueError(match[0])
    return _EPOCH + timedelta(days=days)


def _month(match: re.Match[str]) -> date:
    name = unicodedata.normalize("NFKD", match[1]).encode("ascii", "ignore").decode().lower()
    if name not in _MONTHS:
        raise ValueError(match[0])
    year, month = 2000 + int(match[2]), _MONTHS.index(name) + 1
    return date(year, month, monthrange(year, month)[1])


_FORMS: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d"), lambda m: date.fromisoformat(m[0])),
    (re.compile(r"(\d\d)/(\d\d)/(\d{4})"), lambda m: date(int(m[3]), int(m[2]), int(m[1]))),
    (re.compile(r"(?:.*\bannée )?((?:19|20)\d\d)", re.IGNORECASE), lambda m: date(int(m[1]), 12, 31)),
    (re.compile(r"([^\W\d]+)\.?-(\d\d)"), _month),
    (re.compile(r"\d{5}"), _serial),
)
