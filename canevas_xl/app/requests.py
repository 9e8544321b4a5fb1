"""Owns the use case *ask*: one request for clarification per supplier, in its language, on its own offers alone.

Everybody concerned is asked at once and until the same moment. Asking again without anything new to ask changes
nothing: neither the drafts nor the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from canevas_xl import resources
from canevas_xl.adapters.mail.compose import Facts, Letter, as_text, compose, mailbox, on_one_line, one_line
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.app.consolidate import Consolidated, consolidate_campaign
from canevas_xl.app.copies import slug
from canevas_xl.app.send import ABOVE_THRESHOLD, drafts_folder, short
from canevas_xl.app.subjects import open_campaign
from canevas_xl.canvas.seal import make_token
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding, found
from canevas_xl.intake.identify import Issue
from canevas_xl.intake.requests import Point, points
from canevas_xl.model.campaign import Campaign, Channel, Supplier
from canevas_xl.model.offer import Offer, OfferKey

ASKED: Final = "asked"
_OURS: Final = re.compile(r"precisions_R[0-9]+_[a-z0-9-]+_[A-Z0-9]+\.(eml|txt)")


@dataclass(frozen=True, slots=True)
class Request:
    """What one supplier is asked."""

    supplier: str
    """Four characters, or ``=`` and the identifier that the offer of an open canvas declares."""
    name: str
    language: str
    points: tuple[Point, ...]
    text: str
    """Subject and body, as they can be pasted anywhere."""
    path: Path
    """Its draft: a message, or a text where e-mail is not the way."""
    new: bool
    """Whether something here was never asked, or is now asked until another moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Every request, and what is said of asking."""

    requests: tuple[Request, ...]
    until: datetime | None
    """The moment until which everybody can answer; None where nothing is asked, or where it is still to be stated."""
    removed: tuple[str, ...]
    """Names of earlier drafts that have nothing left to ask."""
    findings: tuple[Finding, ...]
    proposed: datetime | None = None
    """A moment that would do, where it is still to be stated."""

    @property
    def blocked(self) -> bool:
        """Say whether somebody cannot be asked, or the campaign's workbook must be mended first."""
        return any(finding.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the requests of a campaign share."""

    folder: CampaignFolder
    campaign: Campaign
    """As frozen: a request says what the canvas said."""
    addresses: Mapping[str, Supplier]
    """As the buyer's workbook now states them."""
    consolidated: Consolidated
    until: datetime | None
    """None: still to be stated."""
    by_email: bool
    told: tuple[Mapping[str, Any], ...]
    """What the register says was asked in this round."""

    def words(self, language: str) -> Words:
        """How dates are written."""
        texts, terms = resources.texts("workbook", language), resources.texts("terms", language)
        return Words(language, self.campaign.phase, texts, terms, {})

    @property
    def due(self) -> str:
        """The moment as the register keeps it."""
        return self.until.isoformat() if self.until else ""


def ask_suppliers(folder: CampaignFolder, now: datetime, until: datetime | None = None, *, drafts: bool) -> Asked:
    """Word one request per supplier whose offers leave something to clarify; write the drafts if told so.

    Args:
        folder: the campaign's.
        now: the clock.
        until: when answers are due, the same for all; naive: in the campaign's zone. As last asked, or else the
            deadline of the campaign, where it is not stated. Once these are past it must be stated: until then
            requests can be looked at (M416), not written.
        drafts: write them to ``DIR/messages`` and tell the register; else nothing is written.

    Raises:
        WrongUse: S403, nothing was issued; X108, there is no campaign in the folder; M411, answers would be due in
            the past.
        Fault: a file cannot be read or written.
    """
    opened = open_campaign(folder, now)
    campaign = opened.campaign
    if campaign is None:
        return Asked((), None, (), opened.findings)
    consolidated = consolidate_campaign(folder, now)
    asking = {key: asked for key, asked in _to_ask(consolidated, campaign) if asked}
    if not asking:
        return Asked((), None, _removed(folder, set()) if drafts else (), (found("M410"),))
    above = any(finding.code == ABOVE_THRESHOLD for finding in opened.findings)
    desk = _desk(folder, campaign, consolidated, until, above=above)
    requests = _requests(desk, asking)
    proposed = None
    if desk.until and desk.until <= now and any(request.new for request, _, _ in requests):
        proposed = _proposed(now, campaign)
        if drafts or until is not None:
            raise WrongUse("M411", until=desk.until, example=_typed(proposed))
        desk = replace(desk, until=None)
        requests = _requests(desk, asking)
    findings = (*_about(desk, asking, proposed), *(one for _, _, problem in requests for one in problem))
    ready = [(request, data) for request, data, problem in requests if not any(one.blocks for one in problem)]
    if drafts:
        for request, data in ready:
            _write(desk, request, data, now)
    removed = _removed(folder, {request.path.name for request, _, _ in requests}) if drafts else ()
    return Asked(tuple(request for request, _ in ready), desk.until, removed, findings, proposed)


def _desk(
    folder: CampaignFolder, campaign: Campaign, consolidated: Consolidated, until: datetime | None, *, above: bool
) -> _Desk:
    """Put together what requests share; ``above``: offers of such an amount do not go by e-mail."""
    frozen = _issue(consolidated, consolidated.consolidation.offers[0].key).subject.campaign
    told = tuple(event for event in folder.events() if event["kind"] == ASKED and event.get("round") == frozen.round)
    return _Desk(
        folder=folder,
        campaign=frozen,
        addresses={one.code: one for one in campaign.suppliers},
        consolidated=consolidated,
        until=_due(until, told, campaign),
        by_email=frozen.channel is Channel.EMAIL and not above,
        told=told,
    )


def _to_ask(consolidated: Consolidated, campaign: Campaign) -> Iterator[tuple[OfferKey, tuple[Point, ...]]]:
    languages = {one.code: one.language for one in campaign.suppliers}
    for offer in consolidated.consolidation.offers:
        frozen = _issue(consolidated, offer.key).subject.campaign
        language = languages.get(offer.key.supplier, frozen.language)
        yield offer.key, points(consolidated.consolidation, offer.key, frozen.phase, language)


def _issue(consolidated: Consolidated, key: OfferKey) -> Issue:
    return consolidated.ledger.last(key.lot, key.round)


def _by_supplier(asking: Mapping[OfferKey, tuple[Point, ...]]) -> dict[str, tuple[Point, ...]]:
    found_: dict[str, tuple[Point, ...]] = {}
    for key, asked in asking.items():
        found_[key.supplier] = (*found_.get(key.supplier, ()), *asked)
    return found_


def _due(stated: datetime | None, told: Iterable[Mapping[str, Any]], campaign: Campaign) -> datetime:
    """When answers are due: as stated, else as last asked, else the deadline."""
    zone = campaign.deadline.tzinfo
    if stated is not None:
        return stated.replace(tzinfo=zone) if stated.tzinfo is None else stated.astimezone(zone)
    last = max(told, key=lambda event: str(event["at"]), default=None)
    return campaign.deadline if last is None else datetime.fromisoformat(str(last["until"])).astimezone(zone)


def _proposed(now: datetime, campaign: Campaign) -> datetime:
    """A week from now, at noon."""
    there = (now + timedelta(days=7)).astimezone(campaign.deadline.tzinfo)
    return there.replace(hour=12, minute=0, second=0, microsecond=0)


def _typed(moment: datetime) -> str:
    """A moment as the buyer types it."""
    return moment.strftime("%Y-%m-%d %H:%M")


def _about(desk: _Desk, asking: Mapping[OfferKey, tuple[Point, ...]], proposed: datetime | None) -> list[Finding]:
    """What the buyer must know of asking in this phase, by this channel, and whether a moment must be stated."""
    every = [point for asked in asking.values() for point in asked]
    concerned = len({key.supplier for key in asking})
    findings = [found("M416", example=_typed(proposed))] if proposed else []
    if not desk.by_email:
        findings.append(found("M412", folder=drafts_folder(desk.folder).name))
    if any(point.kind == "regularisation" for point in every):
        findings.append(found("M413", count=concerned))
    return findings


# --- One request ------------------------------------------------------------------------------------------------


def _requests(
    desk: _Desk, asking: Mapping[OfferKey, tuple[Point, ...]]
) -> list[tuple[Request, bytes, tuple[Finding, ...]]]:
    return [_request(desk, supplier, asked) for supplier, asked in _by_supplier(asking).items()]


def _request(desk: _Desk, supplier: str, asked: tuple[Point, ...]) -> tuple[Request, bytes, tuple[Finding, ...]]:
    """Give a request, the bytes of its draft, and why it cannot be sent as it should."""
    offers = [one for one in desk.consolidated.consolidation.offers if one.key.supplier == supplier]
    name, who = offers[0].name, desk.addresses.get(supplier)
    language = who.language if who else desk.campaign.language
    letter = _letter(desk, offers, asked, language)
    sender, recipient = mailbox(desk.campaign.buyer, desk.campaign.email), mailbox(name, who.email if who else "")
    problem: tuple[Finding, ...] = ()
    if desk.by_email and sender is None:
        problem = (found("M408", text=one_line(desk.campaign.email)),)
    elif desk.by_email and who is None:
        problem = (found("M414", supplier=name),)
    elif desk.by_email and recipient is None:
        problem = (found("M407", supplier=name, text=one_line(who.email if who else "")),)
    text = f"{letter.subject}\n\n{as_text(letter)}"
    mail = desk.by_email and sender is not None and recipient is not None
    data = compose(letter, sender, recipient) if mail and sender and recipient else text.encode()
    mark = re.sub(r"[^A-Z0-9]", "", supplier.upper())
    file = f"precisions_R{desk.campaign.round}_{slug(name)}_{mark}.{'eml' if mail else 'txt'}"
    path = drafts_folder(desk.folder) / file
    new = not {point.id for point in asked} <= _told_already(desk, supplier)
    return Request(supplier, name, language, asked, text, path, new), data, problem


def _told_already(desk: _Desk, supplier: str) -> set[str]:
    """Numbers of what a supplier was asked already until this moment."""
    mine = (event for event in desk.told if event.get("code") == supplier and event.get("until") == desk.due)
    return {str(point["finding"]) for event in mine for point in event.get("points", ())}


def _letter(desk: _Desk, offers: list[Offer], asked: tuple[Point, ...], language: str) -> Letter:
    texts, campaign, words = resources.texts("requests", language), desk.campaign, desk.words(language)
    title, until, day = one_line(campaign.title), texts["until_open"], texts["until_open"]
    if desk.until:
        until = words.moment(desk.until)
        day = resources.texts("mail", language)["day"].format(
            day=desk.until.day, month=words.texts[f"month.m{desk.until.month}"], year=desk.until.year
        )
    facts = {
        "buyer": one_line(campaign.buyer), "contact": one_line(campaign.contact), "email": one_line(campaign.email),
        "profile": one_line(campaign.profile) or texts["profile_unnamed"], "title": title, "until": until,
    }  # fmt: skip
    lots = {one.key.lot for one in offers}
    token = _token(desk, offers[0].key) if len(lots) == 1 else ""
    subject = texts["subject_token" if token else "subject"]
    return Letter(
        language=language,
        subject=subject.format(title=short(title), day=day, token=token),
        body=(
            texts["greeting"],
            texts["intro"].format(**facts),
            *_listed(asked, texts),
            texts[f"rule.{campaign.phase}"],
            texts["equal"],
            texts["by_email" if desk.by_email else "by_profile"].format(**facts),
            texts["ask"].format(**facts),
            texts["sign"].format(**facts),
        ),
    )


def _listed(asked: tuple[Point, ...], texts: Mapping[str, str]) -> Iterator[str | Facts]:
    """Word each point: where it stands, what was read, what is asked."""
    before: OfferKey | None = None
    for number, point in enumerate(asked, 1):
        if point.key != before:
            key = "variant" if point.key.variant > 0 else "offer"
            yield texts[key].format(lot=point.key.lot, variant=point.key.variant)
            before = point.key
        where, kind = point.where or texts["whole"], texts[f"kind.{point.kind}"]
        pairs = (
            (texts["point"].format(number=number), texts["place"].format(where=where, id=point.id, kind=kind)),
            (texts["read"], point.read),
            (texts["asked"], point.asked),
        )
        yield Facts(tuple((label, on_one_line(value)) for label, value in pairs), quoted=True)


def _token(desk: _Desk, key: OfferKey) -> str:
    if key.supplier.startswith("="):
        return ""
    issue = _issue(desk.consolidated, key)
    seal_with = (desk.folder.secret(), issue.fingerprint)
    return str(make_token(desk.campaign.code, key.supplier, key.lot, key.round, seal_with))


# --- Writing ----------------------------------------------------------------------------------------------------


def _write(desk: _Desk, request: Request, data: bytes, now: datetime) -> None:
    """Write a draft, then tell the register unless it knows all of it."""
    if not request.path.is_file() or request.path.read_bytes() != data:
        write_atomically(request.path, data, lasting=False)
    if request.new:
        facts = {
            "supplier": request.name,
            "code": request.supplier,
            "round": desk.campaign.round,
            "points": [_as_event(point) for point in request.points],
            "until": desk.due,
            "file": request.path.name,
        }
        desk.folder.add_event(Event(ASKED, now, facts))


def _as_event(point: Point) -> dict[str, Any]:
    """A point as the register keeps it: what was asked can be shown when it is long settled."""
    return {
        "finding": point.id,
        "lot": point.key.lot,
        "variant": point.key.variant,
        "where": point.where,
        "read": point.read,
        "asked": point.asked,
    }


def _removed(folder: CampaignFolder, kept: set[str]) -> tuple[str, ...]:
    """Take away requests that have nothing left to ask."""
    gone = []
    for path in sorted(drafts_folder(folder).glob("precisions_*")):
        if _OURS.fullmatch(path.name) and path.name not in kept:
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return tuple(gone)
