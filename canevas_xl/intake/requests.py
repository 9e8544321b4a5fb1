"""Owns what suppliers are asked to clarify on their own offers, and its words.

It says where something was found and what was read there; never what a good answer would be, and nothing of any other
supplier. A buyer never corrects an offer, and a clarification cannot change one (CCP R2161-5); what makes an offer
irregular may be made good, by all whom it concerns and without altering it substantially (CCP R2152-2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.catalogue import Audience, Severity
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import message, remedy, spoken
from canevas_xl.intake.campaign import OFFERS_ASKED
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.model.offer import Change, OfferKey
from canevas_xl.model.vocabulary import Phase

UNUSUAL: Final = frozenset({"C221", "C222", "C229", "R350", "R351"})
"""All asked in the same words: the others' values, the usual range or the likely slip would hint at a good answer."""
RULES: Final = frozenset({"C223", "C224", "C225", "C226"})
"""Published rules across answers: quoted as the canvas says them, without the figure that they would be content with;
which answer is wrong, only the supplier can say."""
NOTHING_TO_MEND: Final = frozenset({"R344"})
"""Formulas that a program rewrote: what they show is never read."""
SETTLED: Final = frozenset({"R320"})
"""Of an offer: the published default stands for silence, and to ask would let the offer be completed."""
AS_SUBMITTED: Final = frozenset(
    {"C204", "C205", "C206", "C207", "C208", "C209", "C210", "C211", "C213", "C220", "C228", "R322", "R343"}
)
"""Their remedies say what to type. Of an offer it is asked what it contains, not to type anything else."""
COPIED: Final = frozenset({"C201", "R307", "R340", "R341", "R342", "R345", "R346", "R347"})
"""Their remedies ask for the canvas again; of an offer, with the same answers."""

TOGETHER: Final = "R342"
"""Tells changes of one sheet together; a supplier is shown each."""
MOST_TOLD: Final = 20
"""Changed cells that one request shows."""


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a supplier is asked, in its language."""

    id: str
    """Number of the finding."""
    key: OfferKey
    where: str
    """Sheet, cell and key as the supplier sees them; empty for the canvas as a whole."""
    kind: str
    """``precision`` or ``regularisation``."""
    read: str
    asked: str


def to_ask(consolidation: Consolidation, key: OfferKey, phase: Phase) -> tuple[Said, ...]:
    """What a supplier can be asked on its offer: what it alone can mend, that nobody decided on, each once."""
    left_out = NOTHING_TO_MEND | (SETTLED if phase in OFFERS_ASKED else frozenset())
    return tuple(
        one
        for one in consolidation.said
        if one.key == key and one.decision is None and one.finding.code not in left_out
        if one.finding.kind.audience is Audience.SUPPLIER and one.finding.kind.severity is not Severity.INFORMATION
    )


def points(consolidation: Consolidation, key: OfferKey, phase: Phase, language: str) -> tuple[Point, ...]:
    """Word what a supplier is asked on its offer, in the order of its findings; none where there is nothing to ask.

    Args:
        consolidation: what is said of each offer.
        key: the offer.
        phase: as frozen; it says what an answer may do.
        language: of the supplier.
    """
    changes = next((offer.changes for offer in consolidation.offers if offer.key == key), ())
    asked = to_ask(consolidation, key, phase)
    return tuple(_point(one, key, phase, language, _of_sheet(one, changes)) for one in asked)


def _of_sheet(one: Said, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Cells that a finding tells together, each on its own."""
    if one.finding.code != TOGETHER:
        return ()
    return tuple(change for change in changes if change.sheet == one.finding.place.sheet and change.was)


def _point(one: Said, key: OfferKey, phase: Phase, language: str, changes: tuple[Change, ...]) -> Point:
    place = one.finding.place
    where = " · ".join(part for part in (place.sheet, place.cell, place.key) if part)
    kind = "regularisation" if one.finding.blocks and phase in OFFERS_ASKED else "precision"
    read, asked = _words(one.finding, phase, language)
    return Point(one.id, key, where, kind, " ".join((read, *_cell_by_cell(changes, language))), asked)


def _cell_by_cell(changes: tuple[Change, ...], language: str) -> list[str]:
    """Say of each cell what was issued and what came back."""
    words = resources.texts("requests", language)
    told = [
        words["changed.now" if one.now else "changed.emptied"].format(cell=one.cell, was=one.was, now=one.now)
        for one in changes[:MOST_TOLD]
    ]
    return told + ["…"] * (len(changes) > MOST_TOLD)


def _words(finding: Finding, phase: Phase, language: str) -> tuple[str, str]:
    """Word what was read and what is asked; every supplier that a point concerns gets the same words."""
    facts = {name: spoken(fact, language) for name, fact in finding.facts}
    words = resources.texts("requests", language)
    if finding.code in UNUSUAL:
        return words["unusual.read"].format_map(facts), words["unusual.asked"]
    if finding.code in RULES:
        return words["rule_broken.read"].format_map(facts), words["rule_broken.asked"].format_map(facts)
    read, asked = message(finding, language), remedy(finding, language)
    if phase in OFFERS_ASKED and finding.code in AS_SUBMITTED:
        asked = words["as_offer.as_submitted"]
    elif phase in OFFERS_ASKED and finding.code in COPIED:
        asked = f"{asked} {words['as_offer.same_answers']}"
    return read, asked
