"""Owns whose a returned workbook is: its token, wherever it stands, and who says to answer.

A token may stand in the hidden sheet of identity, in every visible sheet, in the properties of the file, in its name
and in the subject of the message. All that stand inside must agree; what stands outside only confirms, or helps where
the inside was lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.answers import Question, questions
from canevas_xl.intake.contents import Contents, contents
from canevas_xl.intake.locate import Located
from canevas_xl.intake.parse import plain
from canevas_xl.intake.reading import SUPPLIER, Reading, labels_of
from canevas_xl.model.canvas import Subject, Token
from canevas_xl.model.cells import Workbook
from canevas_xl.model.offer import Identity
from canevas_xl.model.template import LoadedTemplate

VALUE: Final = "VALUE"
MOST_VARIANTS: Final = 20
SIRET_DIGITS: Final = 14
SIREN_DIGITS: Final = 9
LA_POSTE: Final = "356000000"
"""SIREN whose establishments do not follow Luhn's rule: their digits add up to a multiple of five instead."""
YESNO: Final = labels_of("terms", "yesno", ("OUI", "NON"))
_SIGN: Final = "CX1-"
_CANDIDATE: Final = re.compile(r"CX1-[A-Z0-9-]{20,40}")
_IDENTIFIER: Final = re.compile(r"(?=(?:.*[0-9]){4})[A-Z0-9]{5,20}")
"""A company's identifier in some country: letters and figures, four of them at least."""


@dataclass(frozen=True)
class Issue:
    """One frozen record, as returns are read by it; what all of them need is made once."""

    subject: Subject
    fingerprint: str
    erratum: int
    """0 for the first issue of its lot and round."""
    asked: Mapping[str, str]
    """Key → consequence if missing, for every answer that the canvas asks of its supplier."""
    fixed: frozenset[str]
    """Keys that the buyer answered once for all."""

    @cached_property
    def loaded(self) -> LoadedTemplate:
        """The template as it was issued, with its words."""
        return LoadedTemplate(self.subject.template, self.subject.texts, "")

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What its canvases are read by."""
        return questions(self.loaded)

    @cached_property
    def scored(self) -> frozenset[str]:
        """Codes of fields and columns that count in scores."""
        return frozenset(one.field.code for one in self.questions if one.field.scored)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What one campaign issued, and how its tokens are told."""

    issues: Mapping[tuple[int, int], tuple[Issue, ...]]
    """By lot and round: the first issue, then its errata."""
    read: Callable[[str], Token | None]
    """Finds a token in a text."""
    sealed: Callable[[Token, str], bool]
    """Says whether the campaign made a token with the record of that fingerprint."""

    def last(self, lot: int, round_: int) -> Issue:
        """The issue that counts for a lot and round."""
        return self.issues[lot, round_][-1]

    @property
    def last_rounds(self) -> dict[int, int]:
        """The current round of each lot."""
        return {lot: max(r for number, r in self.issues if number == lot) for lot, _ in sorted(self.issues)}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A token, and where it stood."""

    token: Token
    place: Place
    inside: bool


@dataclass(frozen=True, slots=True)
class Identified:
    """A token that the campaign made, and what it was made with."""

    token: Token
    issue: Issue


def tokens_in(
    workbook: Workbook | Contents, outside: Sequence[str], read: Callable[[str], Token | None]
) -> tuple[Sighting, ...]:
    """Find every token.

    Args:
        workbook: its cells and properties.
        outside: names that the file had, subjects of the messages that brought it.
        read: finds a token in a text.
    """
    return (*_inside(contents(workbook), read), *_outside(outside, read))


def _inside(workbook: Contents, read: Callable[[str], Token | None]) -> Iterator[Sighting]:
    for content in workbook.sheets:
        signed = [at for at, text in content.texts.items() if _SIGN in text]
        signed += [at for at, text in content.shown.items() if _SIGN in text]
        for at in signed:
            for token in _tokens(str(content.sheet.cells[at].value), read):
                yield Sighting(token, Place(sheet=content.sheet.name), inside=True)
    for name, text in workbook.properties.items():
        for token in _tokens(text, read):
            yield Sighting(token, Place(key=name), inside=True)


def _outside(texts: Sequence[str], read: Callable[[str], Token | None]) -> Iterator[Sighting]:
    for text in texts:
        for token in _tokens(text, read):
            yield Sighting(token, Place(file=text), inside=False)


def _tokens(text: str, read: Callable[[str], Token | None]) -> Iterator[Token]:
    for candidate in _CANDIDATE.findall(plain(text)) if _SIGN in text else ():
        token = read(candidate)
        if token is not None:
            yield token


def identify(workbook: Workbook | Contents, outside: Sequence[str], ledger: Ledger) -> Checked[Identified | None]:
    """Say which canvas came back; None, and why, where it is none of ours or cannot be told.

    Args:
        workbook: its cells and properties.
        outside: names that the file had, subjects of the messages that brought it.
        ledger: what the campaign issued.

    Returns:
        R301 … R306.
    """
    sightings = tokens_in(workbook, outside, ledger.read)
    inside = sorted({str(one.token): one.token for one in sightings if one.inside}.items())
    others = sorted({str(one.token): one.token for one in sightings if not one.inside}.items())
    if len(inside) > 1 or (not inside and len(others) > 1):
        return Checked(None, (found("R302", tokens=[text for text, _ in inside or others]),))
    if not inside and not others:
        return Checked(None, (found("R301"),))
    text, token = (inside or others)[0]
    identified = _known(token, ledger)
    if isinstance(identified, Finding):
        return Checked(None, (identified,))
    strangers = [other for other, _ in others if other != text]
    findings = [found("R303", outside=strangers, inside=text)] if inside and strangers else []
    findings += [] if inside else [found("R304", outside=text)]
    return Checked(identified, tuple(findings))


def _known(token: Token, ledger: Ledger) -> Identified | Finding:
    """Verify the seal with each record that could have made it."""
    for issues in ledger.issues.values():
        for issue in issues:
            ours = (issue.subject.campaign.code, issue.subject.lot.number, issue.subject.campaign.round)
            if ours == (token.campaign, token.lot, token.round) and ledger.sealed(token, issue.fingerprint):
                return Identified(token, issue)
    codes = {issue.subject.campaign.code for issues in ledger.issues.values() for issue in issues}
    if token.campaign in codes and (token.lot, token.round) not in ledger.issues:
        return found("R306", token=str(token), lot=token.lot, round=token.round)
    return found("R305", token=str(token))


# --- Who answers ------------------------------------------------------------------------------------------------


def identity_in(located: Located) -> Checked[Identity]:
    """Read who answers, as declared on *Accueil*; nothing is said of what is missing."""
    reading = Reading(located, SUPPLIER)
    variant = reading.number("ID.VARIANT", VALUE)
    unread = located.content("ID.VARIANT", VALUE) is not None and variant is None
    whole = 0 if variant is None else int(variant)
    if unread or (variant is not None and (variant != whole or not 0 <= whole <= MOST_VARIANTS)):
        if not unread:
            reading.say("R316", reading.place("ID.VARIANT", VALUE), text=variant)
        known = None
    else:
        known = whole
    identity = Identity(
        name=reading.text("ID.NAME", VALUE),
        identifier=reading.text("ID.SIRET", VALUE),
        signatory=reading.text("ID.SIGNATORY", VALUE),
        variant=known,
        attested=reading.choice("ID.ATTEST", VALUE, YESNO) == "OUI",
        consent=reading.choice("ID.CONSENT", VALUE, YESNO) == "OUI",
    )
    return Checked(identity, tuple(reading.findings))


def identity_findings(identity: Identity) -> tuple[Finding, ...]:
    """Say what an identity lacks: R310 … R315."""
    findings = [] if identity.name else [found("R313", Place(key="ID.NAME"))]
    findings += _identifier(identity.identifier)
    findings += [] if identity.signatory else [found("R314", Place(key="ID.SIGNATORY"))]
    findings += [] if identity.attested else [found("R315", Place(key="ID.ATTEST"))]
    return tuple(findings)


def _identifier(text: str) -> list[Finding]:
    place, bare = Place(key="ID.SIRET"), declared(text)
    if not bare:
        return [found("R310", place)]
    if len(bare) == SIRET_DIGITS and bare.isdecimal():
        return [] if is_siret(bare) else [found("R311", place, identifier=text)]
    return [] if _IDENTIFIER.fullmatch(bare) and not _cut_siret(bare) else [found("R312", place, identifier=text)]


def _cut_siret(bare: str) -> bool:
    """Say whether figures are a SIREN alone, or a SIRET that lost one: other countries have few numbers like them."""
    return bare.isdecimal() and (len(bare) == SIRET_DIGITS - 1 or (len(bare) == SIREN_DIGITS and _luhn(bare)))


def declared(text: str) -> str:
    """An identifier without what people put between its figures, in capitals: what offers are matched by."""
    return re.sub(r"[\s.\-/_'’]", "", plain(text)).upper()


def is_siret(text: str) -> bool:
    """Say whether fourteen figures follow Luhn's rule, or for La Poste add up to a multiple of five."""
    if len(text) != SIRET_DIGITS or not text.isascii() or not text.isdecimal():
        return False
    return _luhn(text) or (text.startswith(LA_POSTE) and sum(map(int, text)) % 5 == 0)


def _luhn(text: str) -> bool:
    total = 0
    for place, figure in enumerate(map(int, reversed(text))):
        doubled = 2 * figure if place % 2 else figure
        total += doubled // 10 + doubled % 10
    return total % 10 == 0
