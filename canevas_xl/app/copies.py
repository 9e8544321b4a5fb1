"""Owns which copies lie in the outbox: those to send now, one per supplier and lot, and no others.

A copy that was issued stays as it is, byte for byte, until its supplier must get another one: after an erratum, in a
new round, or because the name or the language of the supplier was corrected. The old copy is then set aside, never
destroyed; so is that of a supplier who is not asked any more.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.adapters.store.handover import Handover
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.constants import constants_file
from canevas_xl.canvas.freeze import FrozenRecord
from canevas_xl.canvas.seal import OPEN, make_token, read_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.errors import Fault
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.answer import Answers
from canevas_xl.model.campaign import Campaign, Supplier
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.plan import WorkbookPlan

Previous = Mapping[str, Mapping[int, Answers]]
"""Supplier's code → lot → the answers with which its canvas comes filled."""
Count = Callable[[int, int], None]
_PREFIX: Final = "canevas_L"
_SUFFIX: Final = ".xlsx"
_LONGEST_SLUG: Final = 30


@dataclass(frozen=True, slots=True)
class IssuedCopy:
    """One workbook that lies in the outbox."""

    path: Path
    token: str
    supplier: str
    lot: int
    new: bool
    """False when it lay there already."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What copies of one lot are made with."""

    record: FrozenRecord
    secret: bytes
    stencils: dict[tuple[str, bool], Stencil] = field(default_factory=dict)
    """By language and whether a supplier is named: a canvas is built once, and only if a copy is needed."""
    plans: dict[tuple[str, bool], WorkbookPlan] = field(default_factory=dict)
    """What was built, by the same: returns are compared with its constants."""

    @property
    def lot(self) -> int:
        """Number of the lot."""
        return self.record.subject.lot.number

    def token(self, supplier: Supplier) -> str:
        """Name the copy of one supplier."""
        campaign = self.record.subject.campaign
        seal_with = (self.secret, self.record.fingerprint)
        return str(make_token(campaign.code, supplier.code, self.lot, campaign.round, seal_with))

    def copy(self, supplier: Supplier, token: str, answers: Answers | None) -> bytes:
        """Make the copy of one supplier: stamped, or built apart where it comes filled."""
        key = (supplier.language, supplier.code != OPEN)
        if answers:
            stencil = self._stencil(*key, answers)
        elif key in self.stencils:
            stencil = self.stencils[key]
        else:
            stencil = self.stencils[key] = self._stencil(*key, {})
        return stencil.copy({"token": token, "supplier": supplier.name, "supplier_code": supplier.code})

    def _stencil(self, language: str, known: bool, answers: Answers) -> Stencil:  # noqa: FBT001 - a key's two halves
        canvas = Canvas(self.record.subject, language, self.record.fingerprint, answers)
        plan = self.plans[language, known] = plan_canvas(canvas, supplier_known=known)
        return Stencil.from_bytes(workbook_bytes(plan))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One copy that must lie in the outbox, and the same facts as the register tells them."""

    supplier: Supplier
    token: str
    name: str

    @property
    def facts(self) -> dict[str, object]:
        """What another copy is made for when it differs."""
        shown = {"supplier": self.supplier.name, "language": self.supplier.language}
        return {"token": self.token, "file": self.name, **shown}


def uncounted(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms copies are made."""

    now: datetime
    events: tuple[Mapping[str, Any], ...]
    """What the register tells."""
    force: bool = False
    """Copies that somebody altered in the outbox may be replaced."""
    previous: Previous = field(default_factory=dict)
    count: Count = uncounted
    """Called after each copy, with how many are done and how many there are."""


def prepare_copies(
    handover: Handover, campaign: Campaign, seals: Sequence[Seal], terms: Terms
) -> tuple[tuple[IssuedCopy, ...], tuple[Finding, ...]]:
    """Prepare the copies that are missing, and let those leave that are not to be sent any more.

    Raises:
        Fault: X105, a copy was altered in the outbox and may not be replaced; X103, it is open elsewhere.
    """
    issued = _last_issued(terms.events)
    copies = []
    addressed = [(seal, supplier) for seal in seals for supplier in _addressees(campaign, seal.lot)]
    for seal, supplier in addressed:
        wanted = _wanted(seal, supplier)
        new = _prepare(handover, seal, wanted, issued.get(_whose(wanted.token), {}), terms)
        copies.append(IssuedCopy(handover.folder.outbox / wanted.name, wanted.token, supplier.name, seal.lot, new))
        terms.count(len(copies), len(addressed))
    for seal in seals:
        _prepare_constants(handover, seal)
    told = _set_aside(handover, campaign, {copy.path.name for copy in copies}, terms.now)
    return tuple(copies), told


def _prepare_constants(handover: Handover, seal: Seal) -> None:
    """Keep what no supplier may change of each build, beside the record: returns are compared with it."""
    for (_, known), plan in seal.plans.items():
        name, data = constants_file(seal.record.fingerprint, plan, addressed=known)
        path = handover.folder.frozen / name
        if not path.exists():
            handover.put(path, data)


def _prepare(handover: Handover, seal: Seal, wanted: _Wanted, last: Mapping[str, Any], terms: Terms) -> bool:
    """Prepare one copy; False where it lies in the outbox as it must."""
    target = handover.folder.outbox / wanted.name
    there = _digest(target)
    if there is not None and there == last.get("sha256") and _same(wanted, last):
        return False
    supplier = wanted.supplier
    data = seal.copy(supplier, wanted.token, terms.previous.get(supplier.code, {}).get(seal.lot))
    digest = hashlib.sha256(data).hexdigest()
    _register(handover, wanted, last, digest, terms.now)
    if there == digest:
        return False
    if there is not None:
        if there != last.get("sha256") and not terms.force:
            raise Fault("X105", path=str(target))
        _leave(handover, target, terms.now)
    handover.put(target, data, lasting=False)
    return True


def _wanted(seal: Seal, supplier: Supplier) -> _Wanted:
    token, round_ = seal.token(supplier), seal.record.subject.campaign.round
    name = f"{_PREFIX}{seal.lot}_R{round_}_{slug(supplier.name or 'ouvert')}_{token}{_SUFFIX}"
    return _Wanted(supplier, token, name)


def _same(wanted: _Wanted, last: Mapping[str, Any]) -> bool:
    return all(last.get(name) == value for name, value in wanted.facts.items())


def _whose(token: str) -> str:
    """A token without its seal: whose copy, of which lot and round."""
    return token.rpartition("-")[0]


def _last_issued(events: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """What the register says of the last copy that was made for each supplier, lot and round."""
    last: dict[str, Mapping[str, Any]] = {}
    for event in events:
        if event.get("kind") == "issued":
            whose = _whose(str(event.get("token")))
            if _number(event) > _number(last.get(whose, {})):
                last[whose] = event
    return last


def _number(event: Mapping[str, Any]) -> int:
    number = event.get("copy", 0)
    return number if isinstance(number, int) else 0


def _digest(path: Path) -> str | None:
    """Hash a file; None where there is none, or nothing in it."""
    data = path.read_bytes() if path.exists() else b""
    return hashlib.sha256(data).hexdigest() if data else None


def _register(handover: Handover, wanted: _Wanted, last: Mapping[str, Any], digest: str, now: datetime) -> None:
    """Tell the register, unless it knows; copies are counted, so that going back to an earlier one is news too."""
    facts = {**wanted.facts, "sha256": digest}
    if any(last.get(name) != value for name, value in facts.items()):
        handover.register(Event("issued", now, {**facts, "copy": _number(last) + 1}))


def _leave(handover: Handover, copy: Path, now: datetime) -> None:
    """Let a copy leave the outbox, and tell the register."""
    token = read_token(copy.name)
    kept = handover.set_aside(copy)
    handover.register(Event("replaced", now, {"token": str(token), "file": copy.name, "kept": kept}))


def _set_aside(handover: Handover, campaign: Campaign, names: set[str], now: datetime) -> tuple[Finding, ...]:
    """Let leave what is not to be sent: earlier rounds and errata, other names, suppliers not asked any more."""
    suppliers = {supplier.code for supplier in campaign.suppliers} | {OPEN}
    told = []
    for path in _ours(handover.folder, campaign):
        if path.name in names:
            continue
        token = read_token(path.name)
        _leave(handover, path, now)
        if token is not None and token.round == campaign.round and token.supplier not in suppliers:
            told.append(found("I104", Place(file=path.name), supplier=token.supplier))
    if handover.aside:
        told.append(found("I105", count=len(handover.aside), folder=handover.folder.replaced.name))
    return tuple(told)


def _ours(folder: CampaignFolder, campaign: Campaign) -> Iterator[Path]:
    """Every copy of the campaign in the outbox, in order of name."""
    for path in sorted(folder.outbox.iterdir()) if folder.outbox.is_dir() else ():
        token = read_token(path.name)
        if path.name.startswith(_PREFIX) and path.suffix == _SUFFIX and token and token.campaign == campaign.code:
            yield path


def _addressees(campaign: Campaign, lot: int) -> Iterator[Supplier]:
    yield from (supplier for supplier in campaign.suppliers if lot in supplier.lots)
    if campaign.open_canvas:
        yield Supplier(OPEN, "", "", campaign.language, (lot,))


def slug(name: str) -> str:
    """Make a name safe for files on every system: ASCII letters, digits and hyphens, 30 at most."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-") or "fournisseur"
