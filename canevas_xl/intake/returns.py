"""Owns the reading of one workbook that came back: from cells to a return, and from a return to an offer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.answers import read_answers
from canevas_xl.intake.changes import Comparison, compared, share_changed
from canevas_xl.intake.contents import Contents, contents
from canevas_xl.intake.dialogue import read_dialogue
from canevas_xl.intake.identify import Issue, Ledger, declared, identify, identity_findings, identity_in
from canevas_xl.intake.issued import Constants
from canevas_xl.intake.judge import judge_answers
from canevas_xl.intake.locate import locate
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.cells import Saved, Workbook
from canevas_xl.model.expression import UNKNOWN
from canevas_xl.model.offer import Identity, Offer, OfferKey, Receipt, Return
from canevas_xl.model.vocabulary import Origin, Status
from canevas_xl.resources import LANGUAGES
from canevas_xl.rules.scope import Scope, build_scope

OPEN: Final = "OPEN"
"""Stands in a token that names no supplier."""
UNKNOWN_VARIANT: Final = -1
"""In the key of an offer that does not say which variant it is: it takes nobody's place."""
MOST_NAMED: Final = 8

Built = Callable[[Issue, str, bool], Constants]
"""Gives the constants of a build: issue, language, whether it names a supplier."""


def read_return(
    workbook: Workbook, receipt: Receipt, ledger: Ledger, built: Built, outside: Sequence[str] = ()
) -> Checked[Return]:
    """Read one workbook that came back. Its totals are never read.

    Args:
        workbook: its cells and properties.
        receipt: how it came.
        ledger: what the campaign issued.
        built: constants to compare with.
        outside: more names and subjects under which the same bytes came.

    Returns:
        The return, its token None (and nothing else read) where it is none of ours; C2.. and R3.. findings.
    """
    seen = contents(workbook)
    identified = identify(seen, tuple(filter(None, (receipt.name, receipt.subject, *outside))), ledger)
    if identified.value is None:
        return Checked(Return(receipt, None, Identity(), MappingProxyType({})), identified.findings)
    token, sealed = identified.value.token, identified.value.issue
    last = ledger.last(token.lot, token.round)
    findings = list(identified.findings)
    if sealed.fingerprint != last.fingerprint:
        findings.append(found("R307", erratum=last.erratum))
    located = locate(seen)
    language = located.content("META.LANGUAGE", "VALUE")
    beside = _compared(seen, sealed, built, (language, token.supplier != OPEN))
    findings += beside.findings
    identity = identity_in(located)
    read = read_answers(located, last.loaded, asked=(*last.asked, *last.fixed), prepared=last.questions)
    answers = MappingProxyType({key: one for key, one in read.value.items() if key not in last.fixed})
    findings += (*identity.findings, *read.findings)
    lot = last.subject.lot
    scope = build_scope(last.subject.template, answers, lot.parameters, lot.rows)
    findings += judge_answers(last.loaded, answers, lot, scope=scope)
    findings += _unsaid(answers, last, scope, frozenset(finding.place.key for finding in read.findings))
    dialogue = read_dialogue(located, last.loaded)
    findings += dialogue.findings
    if seen.saved is Saved.SHOWN:  # there every number is a text
        findings = [finding for finding in findings if finding.code != "C214"]
    returned = Return(receipt, token, identity.value, answers, dialogue.value, beside.changes)
    return Checked(returned, tuple(findings))


def _compared(seen: Contents, issue: Issue, built: Built, says: tuple[object, bool]) -> Comparison:
    """Compare with the build in the language that the canvas says, or where that fits badly, that fits best."""
    told, addressed = says
    first = told if isinstance(told, str) and told in LANGUAGES else issue.subject.campaign.language
    beside = compared(built(issue, first, addressed), seen)
    if not any(finding.code == "R346" for finding in beside.findings):
        return beside
    every = [built(issue, language, addressed) for language in (first, *LANGUAGES)]
    return compared(min(every, key=lambda one: share_changed(one, seen)), seen)


# --- What was not said ------------------------------------------------------------------------------------------


def _unsaid(answers: Answers, issue: Issue, scope: Scope, told: frozenset[str]) -> Iterator[Finding]:
    """Say what is missing: answers, and where they come from; each kind once, with its keys.

    Args:
        answers: as read.
        issue: what was asked.
        scope: what the answers come to.
        told: keys of which something worse was said already; of those that are lost, it was said together.
    """
    asked = {key: how for key, how in issue.asked.items() if key in scope.kept and key in answers and key not in told}
    refused = [key for key in asked if _refused(answers.get(key), scope, key)]
    silent = {key: how for key, how in asked.items() if key not in refused}
    kinds = {
        "R321": [key for key, how in silent.items() if how == "blocks" and _open(scope, key)],
        "R320": [key for key, how in silent.items() if how == "default" and _missing(scope, key)],
        "R322": refused,
        "R323": [key for key in asked if _without_origin(answers.get(key), issue, scope, key)],
    }
    for code, keys in kinds.items():
        if keys:
            first = answers.get(keys[0])
            sheet, _, cell = (first.cell if first else "").rpartition(" ")
            named = keys[:MOST_NAMED] + ["…"] * (len(keys) > MOST_NAMED)
            yield found(code, Place(sheet=sheet, cell=cell, key=keys[0]), count=len(keys), keys=named)


def _missing(scope: Scope, key: str) -> bool:
    return scope.kept[key].status is Status.MISSING


def _open(scope: Scope, key: str) -> bool:
    """Nothing stands for it, whatever was said: no value, and no default either."""
    kept = scope.kept[key]
    return kept.status in {Status.MISSING, Status.NOT_KNOWN} and kept.value is UNKNOWN


def _refused(answer: Answer | None, scope: Scope, key: str) -> bool:
    """*Sans objet* where the question always applies: the answer then counts as missing."""
    said = answer is not None and answer.origin is Origin.NOT_APPLICABLE and answer.value is None
    return said and _missing(scope, key)


def _without_origin(answer: Answer | None, issue: Issue, scope: Scope, key: str) -> bool:
    given = answer is not None and answer.value is not None and answer.origin is None
    return given and scope.kept[key].status is Status.GIVEN and key.rpartition(".")[2] in issue.scored


# --- Offers -----------------------------------------------------------------------------------------------------


def offer_of(returned: Return, names: Mapping[str, str]) -> Checked[Offer]:
    """Make the offer of a return that is ours.

    Args:
        returned: with its token.
        names: of suppliers, by code, as the buyer knows them.

    Returns:
        R310 … R316 on who answers. Without a declared identifier, an open canvas is known by its content; an offer
        that does not say which variant it is takes nobody's place.

    Raises:
        ValueError: the return has no token.
    """
    token, identity = returned.token, returned.identity
    if token is None:
        raise ValueError(returned.receipt.sha256)
    supplier = token.supplier
    if supplier == OPEN:
        supplier = "=" + (declared(identity.identifier) or f"?{returned.receipt.sha256[:8]}")
    variant = UNKNOWN_VARIANT if identity.variant is None else identity.variant
    key = OfferKey(token.lot, supplier, token.round, variant)
    name = names.get(token.supplier) or identity.name or supplier
    findings = [
        # An addressed canvas says who answers: the identifier is then a formality.
        replace(finding, code="R318") if finding.code == "R310" and token.supplier != OPEN else finding
        for finding in identity_findings(identity)
    ]
    offer = Offer(key, name, identity, returned.answers, returned.receipt, returned.dialogue, returned.changes)
    return Checked(offer, tuple(findings))
