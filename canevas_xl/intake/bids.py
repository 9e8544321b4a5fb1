"""Owns the reading of *Prix et notes*: what the buyer typed of each offer after the opening."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from canevas_xl.findings.finding import Checked, Place
from canevas_xl.intake.costing import MONEY
from canevas_xl.intake.locate import locate
from canevas_xl.intake.parse import folded
from canevas_xl.intake.reading import Codes, Reading
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, Measure, leaves
from canevas_xl.model.canvas import Subject
from canevas_xl.model.cells import Workbook
from canevas_xl.model.offer import OfferKey
from canevas_xl.model.score import Bid
from canevas_xl.model.template import Range

CODES: Final = Codes("B311", "B312", "B309", "B310", "B306", "B301")
NOTES: Final = keys.NOTE_COLUMNS
"""Columns of the notes that people give, in the order of the criteria and sub-criteria of kind *other*."""
COSTS: Final = MappingProxyType(
    {"MAINTENANCE": Measure.MAINTENANCE, "DISPOSAL": Measure.DISPOSAL, "RESIDUAL": Measure.RESIDUAL}
)
"""Columns of what offers cost besides their price."""
HIGHEST: Final = 100.0
DECLARED: Final = "="
"""Stands before the identifier that the offer of an open canvas declares (model.offer)."""
_BEGUN: Final = ("SUPPLIER", "PRICE", *NOTES, *COSTS)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row whose offer can be told."""

    place: Place
    bid: Bid


def read_bids(
    workbook: Workbook, subjects: Mapping[int, Subject], suppliers: Mapping[str, str]
) -> Checked[tuple[Bid, ...]]:
    """Read prices and notes, one row per offer.

    Args:
        workbook: the cells of ``campagne.xlsx``.
        subjects: what was issued for each lot in its last round, by lot: its criteria say which notes are due.
        suppliers: code (or ``=`` and the declared identifier) → name, of everybody asked or heard.

    Returns:
        One bid per row whose offer can be told, in order of their keys; of an offer that stands twice none is kept,
        since nobody can say which row is right. Findings B301 to B316.
    """
    reading = Reading(locate(workbook), CODES)
    known = _known(suppliers)
    rows: list[_Row] = []
    for place in range(1, keys.OFFERS + 1):
        key = keys.offer_key(place)
        if any(reading.content(key, code) is not None for code in _BEGUN):
            offer = _offer(reading, key, subjects, known)
            if offer is not None:
                rows.append(_Row(reading.place(key, "SUPPLIER"), _bid(reading, key, offer, subjects[offer.lot])))
    bids = sorted(_once(reading, rows), key=lambda bid: bid.key)
    return Checked(tuple(bids), tuple(reading.findings))


def judged_criteria(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Give the criteria and sub-criteria on which people give notes, in the order of the columns that hold them."""
    return tuple(one for one in leaves(criteria) if one.kind is CriterionKind.OTHER)


def _known(suppliers: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Give the codes that a text may mean: a code, a declared identifier with or without its sign, a name."""
    meant: dict[str, set[str]] = {}
    for code, name in suppliers.items():
        for text in (code, code.removeprefix(DECLARED), name):
            if text:
                meant.setdefault(folded(text), set()).add(code)
    return MappingProxyType({text: frozenset(codes) for text, codes in meant.items()})


def _offer(
    reading: Reading, key: str, subjects: Mapping[int, Subject], known: Mapping[str, frozenset[str]]
) -> OfferKey | None:
    """Tell which offer a row speaks of; None where it cannot be told, which is said."""
    supplier, lot = _supplier(reading, key, known), _lot(reading, key, list(subjects))
    variant = reading.whole(key, "VARIANT", Range(min=0, max=20))
    lost = variant is None and reading.located.content(key, "VARIANT") is not None
    if supplier is None or lot is None or lost:
        return None
    return OfferKey(lot, supplier, subjects[lot].campaign.round, variant or 0)


def _supplier(reading: Reading, key: str, known: Mapping[str, frozenset[str]]) -> str | None:
    text = reading.text(key, "SUPPLIER")
    codes = known.get(folded(text), frozenset())
    if len(codes) == 1:
        return next(iter(codes))
    if not reading.broken(key, "SUPPLIER"):
        reading.say("B301", reading.place(key, "SUPPLIER"), text=text or "–")
    return None


def _lot(reading: Reading, key: str, lots: Sequence[int]) -> int | None:
    """Read the lot; where there is only one, it need not be said."""
    content = reading.content(key, "LOT")
    if content is None and len(lots) == 1 and not reading.broken(key, "LOT"):
        return lots[0]
    said = len(reading.findings)
    lot = reading.whole(key, "LOT", Range())
    if lot in lots:
        return lot
    if len(reading.findings) == said and not reading.broken(key, "LOT"):
        reading.say("B302", reading.place(key, "LOT"), text=reading.text(key, "LOT") or "–", known=list(lots))
    return None


def _bid(reading: Reading, key: str, offer: OfferKey, subject: Subject) -> Bid:
    criteria = subject.lot.criteria
    kinds = {one.kind for one in leaves(criteria)}
    price = _price(reading, key, offer, needed=bool(kinds & MONEY))
    notes = MappingProxyType(dict(_notes(reading, key, offer, judged_criteria(criteria))))
    costing = subject.lot.costing if CriterionKind.COST in kinds else None
    return Bid(offer, price, notes, MappingProxyType(dict(_costs(reading, key, offer, costing))))


def _costs(reading: Reading, key: str, offer: OfferKey, costing: Costing | None) -> Iterator[tuple[str, float]]:
    """Read what is due besides the price; say what lacks, and what counts nowhere: zero must be typed."""
    for column, measure in COSTS.items():
        due = costing is not None and (costing.maintenance if measure is Measure.MAINTENANCE else costing.end)
        if not due:
            if reading.content(key, column) is not None:
                reading.say("B315", reading.place(key, column), offer=str(offer), text=reading.text(key, column))
            continue
        said = len(reading.findings)
        amount = reading.number(key, column)
        if amount is None and len(reading.findings) == said and not reading.broken(key, column):
            reading.say("B314", reading.place(key, column), offer=str(offer))
        elif amount is not None and amount < 0:
            reading.say("B316", reading.place(key, column), offer=str(offer), amount=amount)
        elif amount is not None:
            yield measure.value, amount


def _price(reading: Reading, key: str, offer: OfferKey, *, needed: bool) -> float | None:
    said = len(reading.findings)
    price = reading.number(key, "PRICE")
    if price is None:
        if needed and len(reading.findings) == said and not reading.broken(key, "PRICE"):
            reading.say("B304", reading.place(key, "PRICE"), offer=str(offer))
        return None
    if price <= 0:
        reading.say("B305", reading.place(key, "PRICE"), offer=str(offer), price=price)
        return None
    return price


def _notes(reading: Reading, key: str, offer: OfferKey, judged: Sequence[Criterion]) -> Iterator[tuple[str, float]]:
    """Read the notes that are due; say which lack, and which belong to no criterion."""
    for column, criterion in zip(NOTES, judged, strict=False):
        said = len(reading.findings)
        note = reading.number(key, column, Range(min=0, max=HIGHEST))
        if note is not None:
            yield criterion.code, note
        elif len(reading.findings) == said and not reading.broken(key, column):
            reading.say("B307", reading.place(key, column), offer=str(offer), criterion=criterion.label)
    for column in NOTES[len(judged) :]:
        if reading.content(key, column) is not None:
            reading.say("B308", reading.place(key, column), offer=str(offer), text=reading.text(key, column))
    for criterion in judged[len(NOTES) :]:
        reading.say("B313", reading.place(key, NOTES[-1]), offer=str(offer), criterion=criterion.label, most=len(NOTES))


def _once(reading: Reading, rows: Sequence[_Row]) -> Iterator[Bid]:
    """Keep the bids that stand once."""
    places: dict[OfferKey, list[Place]] = {}
    for row in rows:
        places.setdefault(row.bid.key, []).append(row.place)
    for row in rows:
        first, *others = places[row.bid.key]
        if not others:
            yield row.bid
        elif row.place != first:
            reading.say("B303", row.place, offer=str(row.bid.key), first=f"{first.sheet} {first.cell}")
