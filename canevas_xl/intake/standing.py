"""Owns which returns count: for one key the last received in time; every other is kept, with the reason why not.

A canvas that comes back without a single answer takes the place of no filled one.

The order in which files are given changes nothing. Nothing of one offer ever changes another: what is found by looking
at several together is a doubt or information.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.consolidation import Consolidation, Said, SetAside
from canevas_xl.intake.decisions import finding_id, said_of, unequal_decisions
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.outliers import outliers, same_answers
from canevas_xl.intake.returns import offer_of
from canevas_xl.model.offer import Decision, Offer, OfferKey, Receipt, Return, Standing
from canevas_xl.model.vocabulary import Phase

LEAST_NAME: Final = 5
"""Letters of a name that a file's name may hold by chance."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """One stored file: every time it was received, and what was read in it."""

    receipts: tuple[Receipt, ...]
    """Of the same bytes, at least one."""
    read: Checked[Return] | None
    """None where nothing was read."""
    unread: Standing | None = None
    """Why nothing was read."""
    findings: tuple[Finding, ...] = ()
    """What is said of a file that was not read."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Who was asked, and how the buyer calls them."""

    names: Mapping[str, str]
    """Of suppliers, by code."""
    asked: frozenset[tuple[int, str]]
    """(lot, supplier), addressed canvases only."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A return that is ours, as an offer, with all that is said of it."""

    offer: Offer
    issue: Issue
    receipts: tuple[Receipt, ...]
    findings: tuple[Finding, ...]

    @property
    def order(self) -> tuple[datetime, str]:
        """By receipt; files received at the same moment by their content."""
        return self.offer.receipt.received, self.offer.receipt.sha256


@dataclass(slots=True)
class _Sorting:
    """Returns being sorted."""

    decisions: Mapping[str, Decision]
    counting: list[_Entry] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    def put_aside(
        self,
        receipt: Receipt,
        standing: Standing,
        key: OfferKey | None,
        findings: Iterable[Finding],
        offer: Offer | None = None,
    ) -> None:
        """Keep a return that does not count; its findings stop no offer, but can be decided on."""
        placed = tuple(_in_file(finding, receipt) for finding in findings)
        self.aside.append(SetAside(receipt, standing, key, placed, offer))
        if standing in {Standing.SUPERSEDED, Standing.TWIN}:
            return
        for finding in placed:
            number = finding_id(finding, key)
            self.said.append(Said(number, None, finding, self.decisions.get(number)))


def consolidate(
    arrived: Iterable[Arrived], ledger: Ledger, expected: Expected, decisions: Mapping[str, Decision]
) -> Consolidation:
    """Sort everything that came back.

    Args:
        arrived: stored files, in any order.
        ledger: what the campaign issued.
        expected: who was asked.
        decisions: by number of the finding.

    Returns:
        Offers that count, returns that do not, findings with their decisions, and who was silent.
    """
    sorting = _Sorting(decisions)
    for one in sorted(arrived, key=lambda each: each.receipts[0].sha256):
        _sort(one, ledger, expected, sorting)
    kept = sorted(_last_ones(sorting), key=lambda entry: entry.offer.key)
    offers = tuple(entry.offer for entry in kept)
    for entry in kept:
        sorting.said += [
            said_of(_in_file(finding, entry.offer.receipt), entry.offer.key, decisions) for finding in entry.findings
        ]
    sorting.said += _together(offers, ledger, decisions)
    sorting.said += [said_of(finding, None, decisions) for finding in unequal_decisions(sorting.said)]
    return Consolidation(
        offers=offers,
        set_aside=tuple(
            sorted(sorting.aside, key=lambda one: (one.receipt.received, one.receipt.sha256, one.standing))
        ),
        said=tuple(sorted(sorting.said, key=_said_order)),
        silent=_silent(sorting, kept, expected),
    )


def _sort(one: Arrived, ledger: Ledger, expected: Expected, sorting: _Sorting) -> None:
    """Say of one file whether it may count."""
    receipts = sorted(one.receipts, key=lambda each: (each.received, each.name))
    if one.read is None or one.read.value.token is None:
        findings = one.findings if one.read is None else one.read.findings
        sorting.put_aside(receipts[0], one.unread or Standing.NOT_OURS, None, findings)
        _twins(receipts[1:], None, sorting)
        return
    token = one.read.value.token
    last_round, issue = ledger.last_rounds[token.lot], ledger.last(token.lot, token.round)
    deadline = issue.subject.campaign.deadline
    in_time = [each for each in receipts if each.received <= deadline]
    receipt = in_time[-1] if in_time else receipts[0]
    offer = offer_of(replace(one.read.value, receipt=receipt), expected.names)
    key = offer.value.key
    findings = (*one.read.findings, *offer.findings, *_named_after_another(receipt.name, token.supplier, expected))
    _twins([each for each in receipts if each is not receipt], key, sorting)
    if token.round < last_round:
        older = found("R308", round=token.round, last=last_round)
        sorting.put_aside(receipt, Standing.OLDER_ROUND, key, (older,), offer.value)
        return
    received = receipt.received.astimezone(deadline.tzinfo)
    late = () if in_time else (found("R330", received=received, deadline=deadline),)
    if late and not _may_count(late[0], key, issue, sorting.decisions):
        sorting.put_aside(receipt, Standing.LATE, key, late)
        return
    sorting.counting.append(_Entry(offer.value, issue, tuple(receipts), (*late, *findings)))


def _named_after_another(file_name: str, supplier: str, expected: Expected) -> Iterator[Finding]:
    """Say where a file's name holds another supplier's name, and not its own."""
    said, names = _letters(file_name), expected.names
    if supplier not in names or _letters(names[supplier]) in said:
        return
    for code, name in sorted(names.items()):
        if code != supplier and len(name) >= LEAST_NAME and _letters(name) in said:
            yield found("R319", file_name=file_name, supplier=names[supplier], other=name)


def _letters(text: str) -> str:
    """Letters and figures alone, without accents or case: names of files lose the rest."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(one for one in apart if not unicodedata.combining(one))))


def _twins(receipts: Iterable[Receipt], key: OfferKey | None, sorting: _Sorting) -> None:
    for receipt in receipts:
        sorting.put_aside(receipt, Standing.TWIN, key, ())


def _may_count(late: Finding, key: OfferKey, issue: Issue, decisions: Mapping[str, Decision]) -> bool:
    """A late return counts only if the buyer accepted it, and never in a consultation."""
    decision = decisions.get(finding_id(late, key))
    return decision is not None and decision.accepted and issue.subject.campaign.phase is not Phase.CONSULTATION


def _in_file(finding: Finding, receipt: Receipt) -> Finding:
    return replace(finding, place=replace(finding.place, file=receipt.name))


def _last_ones(sorting: _Sorting) -> list[_Entry]:
    """For each key the last return that answers anything; those before are superseded, those after are blank."""
    by_key: dict[OfferKey, list[_Entry]] = defaultdict(list)
    for entry in sorting.counting:
        by_key[entry.offer.key].append(entry)
    kept = []
    for key, entries in by_key.items():
        ordered = sorted(entries, key=lambda entry: entry.order)
        last = next((entry for entry in reversed(ordered) if _answers_something(entry.offer)), ordered[-1])
        kept.append(last)
        for entry in ordered:
            receipt = entry.offer.receipt
            if entry.order < last.order:
                sorting.put_aside(receipt, Standing.SUPERSEDED, key, entry.findings, entry.offer)
            elif entry is not last:
                sorting.put_aside(receipt, Standing.BLANK, key, (found("R366", blank=receipt.name),), entry.offer)
    return kept


def _answers_something(offer: Offer) -> bool:
    return any(one.value is not None or one.origin is not None for one in offer.answers.values())


# --- Together ---------------------------------------------------------------------------------------------------


def _together(offers: Sequence[Offer], ledger: Ledger, decisions: Mapping[str, Decision]) -> Iterator[Said]:
    """What is only seen by looking at several offers: for the buyer, and doubts on single values."""
    for first, second, count in same_answers(offers):
        place = Place(key=f"{first.key} · {second.key}")
        finding = found("R331", place, first=first.name, second=second.name, count=count)
        yield said_of(finding, None, decisions)
    base = {(one.key.lot, one.key.supplier) for one in offers if one.key.variant <= 0}
    for one in offers:
        if (one.key.lot, one.key.supplier) not in base:
            yield said_of(found("R317", variant=one.key.variant, name=one.name), one.key, decisions)
    for lot in sorted({one.key.lot for one in offers}):
        of_lot = [one for one in offers if one.key.lot == lot]
        issue, came = ledger.last(lot, of_lot[0].key.round), {one.key: one.receipt for one in of_lot}
        for key, finding in outliers(issue.loaded, issue.subject.lot, of_lot):
            yield said_of(_in_file(finding, came[key]), key, decisions)


def _silent(sorting: _Sorting, kept: Iterable[_Entry], expected: Expected) -> tuple[tuple[int, str], ...]:
    """Who was asked and sent nothing that could be recognised; nobody can be told silent while files lie unread."""
    if any(one.standing is Standing.NOT_YET for one in sorting.aside):
        return ()
    heard = {(entry.offer.key.lot, entry.offer.key.supplier) for entry in kept}
    heard |= {(one.key.lot, one.key.supplier) for one in sorting.aside if one.key and one.standing is Standing.LATE}
    return tuple(sorted(expected.asked - heard))


def _said_order(one: Said) -> tuple[object, ...]:
    place = one.finding.place
    return (
        one.key is None,
        one.key or OfferKey(0, "", 0, 0),
        one.finding.code,
        place.file,
        place.key,
        place.cell,
        one.id,
    )
