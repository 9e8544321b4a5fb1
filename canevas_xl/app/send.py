"""Owns the use case *send*: one draft message per issued canvas, for the buyer's own mail program to send."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import shorten
from typing import Any, Final

from canevas_xl import resources
from canevas_xl.adapters.mail.compose import Facts, Letter, Mailbox, compose, mailbox, one_line
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.copies import slug
from canevas_xl.app.records import read_record
from canevas_xl.app.subjects import open_campaign
from canevas_xl.canvas.seal import OPEN, make_token
from canevas_xl.canvas.workbook.asked import asked
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.campaign import OFFERS_ASKED
from canevas_xl.model.campaign import Campaign, Channel, Supplier
from canevas_xl.model.canvas import Canvas, Subject

ABOVE_THRESHOLD: Final = "C126"
"""Said of a campaign that asks for offers by e-mail above the thresholds (DOMAIN §5)."""
REPEATED: Final = frozenset({"C116", "C129"})
"""Said again here: the workbook is open elsewhere, the deadline is past."""
_LONGEST_TITLE: Final = 80
_DRAFT: Final = re.compile(r"L[0-9]+_R[0-9]+_[a-z0-9-]+_[A-Z0-9]{4}\.eml")


@dataclass(frozen=True, slots=True)
class Draft:
    """One message that lies ready."""

    path: Path
    supplier: str
    address: str
    lot: int
    token: str
    new: bool
    """False when the same bytes lay there already."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """What is ready to be sent, what was taken away, and what is said."""

    drafts: tuple[Draft, ...]
    removed: tuple[str, ...]
    """Names of earlier drafts that must not be sent any more."""
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Say whether somebody cannot be written to."""
        return any(finding.blocks for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Issue:
    """One lot as it was issued, with what the register says of its copies."""

    folder: CampaignFolder
    subject: Subject
    fingerprint: str
    copies: Mapping[str, Mapping[str, Any]]
    """The last copy, by token."""
    through_profile: bool

    @property
    def lot(self) -> int:
        return self.subject.lot.number

    def token(self, supplier: str) -> str:
        campaign = self.subject.campaign
        seal_with = (self.folder.secret(), self.fingerprint)
        return str(make_token(campaign.code, supplier, self.lot, campaign.round, seal_with))


def short(title: str) -> str:
    """A title as it stands in a subject: cut between two words where it is long."""
    return shorten(title, _LONGEST_TITLE, placeholder="…")


def drafts_folder(folder: CampaignFolder) -> Path:
    """Where draft messages lie."""
    return folder.path / "messages"


def write_drafts(folder: CampaignFolder, now: datetime) -> Drafts:
    """Write one draft per supplier and lot of the current round; the same campaign twice gives the same bytes.

    The words follow the frozen record: a message says what the canvas says.

    Raises:
        WrongUse: there is no campaign in the folder.
        Fault: a file cannot be read or written.
    """
    opened = open_campaign(folder, now)
    campaign = opened.campaign
    if campaign is None or any(finding.blocks for finding in opened.findings):
        return Drafts((), (), opened.findings)
    above = any(finding.code == ABOVE_THRESHOLD for finding in opened.findings)
    findings = [finding for finding in opened.findings if finding.code in REPEATED]
    findings += _about_profile(campaign, above=above)
    copies = _copies(folder)
    ready: dict[str, tuple[Draft, bytes]] = {}
    for lot in campaign.lots:
        issue = _issued(folder, campaign, lot.number, copies, above=above)
        if issue is None:
            findings.append(found("M403", Place(file=folder.workbook.name), lot=lot.number, round=campaign.round))
            continue
        for one in _lot(issue, campaign):
            if isinstance(one, Finding):
                findings.append(one)
            else:
                ready[one[0].path.name] = one
    drafts = tuple(draft for draft, _ in ready.values())
    for draft, data in ready.values():
        if draft.new:
            write_atomically(draft.path, data, lasting=False)
    return Drafts(drafts, _removed(folder, set(ready)) if ready else (), tuple(findings))


def _about_profile(campaign: Campaign, *, above: bool) -> list[Finding]:
    if above:
        return [found("M402", Place(file="campagne.xlsx"))]
    return [found("M401")] if campaign.channel is Channel.PROFILE else []


def _copies(folder: CampaignFolder) -> dict[str, Mapping[str, Any]]:
    """What the register says of the last copy under each token; copies of one supplier are counted."""
    last: dict[str, Mapping[str, Any]] = {}
    for event in folder.events():
        if event["kind"] == "issued":
            before = last.get(str(event.get("token")), {})
            if _number(event) >= _number(before):
                last[str(event.get("token"))] = event
    return last


def _number(event: Mapping[str, Any]) -> int:
    number = event.get("copy", 0)
    return number if isinstance(number, int) else 0


def _issued(
    folder: CampaignFolder, campaign: Campaign, lot: int, copies: Mapping[str, Mapping[str, Any]], *, above: bool
) -> _Issue | None:
    paths = folder.records(lot, campaign.round)
    if not paths:
        return None
    record = read_record(paths[-1])
    through_profile = above or record.subject.campaign.channel is Channel.PROFILE
    return _Issue(folder, record.subject, record.fingerprint, copies, through_profile)


def _lot(issue: _Issue, campaign: Campaign) -> Iterator[tuple[Draft, bytes] | Finding]:
    """Give each draft of one lot with its bytes, or why there is none."""
    frozen = issue.subject.campaign
    sender = mailbox(frozen.buyer, frozen.email)
    if sender is None:
        yield found("M408", text=one_line(frozen.email))
        return
    for supplier in campaign.suppliers:
        if issue.lot in supplier.lots:
            yield _one(issue, sender, supplier, campaign)
    opened = issue.copies.get(issue.token(OPEN))
    if campaign.open_canvas and opened is not None:
        yield found("M409", lot=issue.lot, path=opened.get("file", ""))


def _one(issue: _Issue, sender: Mailbox, supplier: Supplier, campaign: Campaign) -> tuple[Draft, bytes] | Finding:
    token = issue.token(supplier.code)
    copy = issue.copies.get(token, {})
    if (
        not copy
        or copy.get("supplier", supplier.name) != supplier.name
        or (copy.get("language", supplier.language) != supplier.language)
    ):
        return found("M404", supplier=supplier.name, lot=issue.lot)
    workbook = issue.folder.outbox / str(copy.get("file"))
    data = workbook.read_bytes() if workbook.is_file() else b""
    if hashlib.sha256(data).hexdigest() != copy.get("sha256"):
        return found("M405", path=workbook.name)
    recipient = mailbox(supplier.name, supplier.email)
    if recipient is None:
        return found("M407", supplier=supplier.name, text=one_line(supplier.email))
    letter = _letter(issue, supplier, token)
    message = compose(letter, sender, recipient, (workbook.name, data))
    name = f"L{issue.lot}_R{campaign.round}_{slug(supplier.name)}_{supplier.code}.eml"
    path = drafts_folder(issue.folder) / name
    new = not path.is_file() or path.read_bytes() != message
    return Draft(path, supplier.name, recipient.address, issue.lot, token, new), message


def _letter(issue: _Issue, supplier: Supplier, token: str) -> Letter:
    """Say who asks what, by when, how long it takes, how to answer and whom to ask; nobody else is named."""
    subject, language = issue.subject, supplier.language
    campaign, texts = subject.campaign, resources.texts("mail", language)
    deadline = campaign.deadline
    canvas = Canvas(subject, language, issue.fingerprint)
    words = Words.of(canvas)

    def say(key: str, **facts: object) -> str:
        return texts[key].format_map(facts)

    day = say("day", day=deadline.day, month=words.texts[f"month.m{deadline.month}"], year=deadline.year)
    buyer, title = one_line(campaign.buyer), one_line(campaign.title)
    contact, email = one_line(campaign.contact), one_line(campaign.email)
    is_offer = campaign.phase in OFFERS_ASKED
    facts = Facts(
        (
            (say("fact.what"), words.of_template("template.title")),
            (say("fact.for"), say("fact.lot", title=title, lot=issue.lot, name=one_line(subject.lot.title))),
            (say("fact.until"), words.moment(deadline)),
            (say("fact.time"), _time(canvas)),
            (say("fact.code"), token),
        )
    )  # fmt: skip
    if issue.through_profile:
        profile = one_line(campaign.profile) or say("how.profile_unnamed")
        back = say(
            "how.by_profile_offer" if is_offer else "how.by_profile", profile=profile, moment=words.moment(deadline)
        )
    else:
        back = say("how.by_email", email=email, moment=words.moment(deadline))
    ask = say("ask.by_profile" if issue.through_profile and is_offer else "ask.by_email", contact=contact, email=email)
    return Letter(
        language=language,
        subject=say("subject", title=short(title), lot=issue.lot, day=day, token=token),
        body=(
            say("hello"),
            say(f"intro.{campaign.phase}", buyer=buyer, title=title),
            facts,
            say("how.fill", control=words.texts["sheet.CONTROL"], unknown=words.term("origin", "ND")),
            back,
            ask,
            say("sign", contact=contact, buyer=buyer),
        ),
    )


def _time(canvas: Canvas) -> str:
    """How long answering takes: what *Accueil* sums."""
    texts = resources.texts("mail", canvas.language)
    items = [item.field for item in asked(canvas).items if not item.locked]
    time = texts["time.minutes"].format(minutes=round(sum(field.minutes for field in items)))
    days = max((field.days_to_get for field in items), default=0.0)
    return f"{time} {texts['time.days'].format(days=round(days))}" if days else time


def _removed(folder: CampaignFolder, kept: set[str]) -> tuple[str, ...]:
    """Take away drafts of ours that are not to be sent any more: earlier rounds, suppliers not asked any more."""
    gone = []
    for path in sorted(drafts_folder(folder).glob("*.eml")):
        if _DRAFT.fullmatch(path.name) and path.name not in kept:
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return tuple(gone)
