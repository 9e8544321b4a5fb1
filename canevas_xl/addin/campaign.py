"""Owns the actions before returns come: new, check, issue, drafts; and what all actions need of folder and workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.faults import PARIS
from canevas_xl.addin.places import is_web_address
from canevas_xl.addin.registry import Ask
from canevas_xl.addin.wording import HELD, Words
from canevas_xl.app.check import CheckReport, LotReport, check_campaign
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.moments import moment
from canevas_xl.app.new import new_campaign
from canevas_xl.app.results import RESULTS
from canevas_xl.app.send import drafts_folder, write_drafts
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.impact.verdict import advice_on
from canevas_xl.model.campaign import leaf_labels
from canevas_xl.model.vocabulary import ControlledBy

NAMED: Final = 8
"""Canvases that a message names; all of them lie in one folder."""


# --- What all actions need --------------------------------------------------------------------------------------


def answer(context: Context, ask: Ask) -> str:
    """Give what was answered.

    Raises:
        WrongUse: G106, nothing was.
    """
    given = context.answers.get(ask, "").strip()
    if not given:
        raise WrongUse("G106", label=Words(context.language).say(f"ask.{ask}"))
    return given


def stated(context: Context, ask: Ask, code: str) -> datetime | None:
    """Give the moment that was typed; None where the question was left empty.

    Raises:
        WrongUse: with ``code``, it is no date and time.
    """
    given = context.answers.get(ask, "").strip()
    return moment(given, code) if given else None


def campaign_folder(context: Context) -> CampaignFolder:
    """Give the folder of the campaign; its workbook, where it is the one that is open, is saved first.

    Raises:
        WrongUse: G101, the open workbook lies in no campaign's folder.
        Fault: G104, the workbook cannot be saved.
    """
    if context.folder is None:
        raise WrongUse("G101")
    folder = CampaignFolder(context.folder)
    if not folder.workbook.exists():
        raise WrongUse("G101")
    if is_own(context, folder):
        context.grid.status(Words(context.language).say("told.saving", file=context.grid.name))
        context.grid.save()
    return folder


def is_own(context: Context, folder: CampaignFolder) -> bool:
    """Say whether the open workbook is the campaign's."""
    return context.grid.live and context.grid.name.casefold() == folder.workbook.name.casefold()


def saved(context: Context, folder: CampaignFolder) -> str:
    """Say that the workbook was saved, where it was; of a synchronised one, which copy was read.

    Excel saves it at its web address; the copy on this machine, from which is computed, may come later.
    """
    if not is_own(context, folder):
        return ""
    words, file = Words(context.language), context.grid.name
    if not is_web_address(context.grid.address):
        return words.say("told.saved", file=file)
    written = datetime.fromtimestamp(folder.workbook.stat().st_mtime, PARIS)
    return words.say("told.synchronised", file=file, moment=written.strftime(words.say("told.moment")))


def worth_telling(findings: Iterable[Finding], context: Context, folder: CampaignFolder) -> list[Finding]:
    """Leave out that the workbook is open where it is known to be saved."""
    own = context.saved or is_own(context, folder)
    return [one for one in findings if not (own and one.code == HELD)]


# --- New --------------------------------------------------------------------------------------------------------


def new(context: Context) -> Told:
    """Make the folder of a campaign, and say what to open."""
    words = Words(context.language)
    template, path = answer(context, Ask.TEMPLATE), Path(answer(context, Ask.NEW_FOLDER))
    made = new_campaign(template, path, context.now, language=context.language)
    return Told(
        words.text(
            words.say("new.done", template=made.template, path=path),
            words.say("new.open", file=made.files[0].name),
            words.next("check"),
        )
    )


# --- Check ------------------------------------------------------------------------------------------------------


def check(context: Context) -> Told:
    """Say what must be mended and what the campaign is worth; nothing is written."""
    folder, words = campaign_folder(context), Words(context.language)
    report = check_campaign(folder, context.now)
    findings = worth_telling(report.findings, context, folder)
    if report.blocked:
        blocking = [one for one in findings if one.blocks]
        told = words.text(words.say("check.blocked"), words.findings(blocking), words.again("check"))
        return Told(told, waits=True)
    step = words.say("check.issued", button=words.button("collect")) if report.issued else words.next("issue")
    worth = [line for one in report.lots for line in _lot(one, report, words)]
    return Told(
        words.text(
            "" if report.issued else words.say("check.fine"), _burden(report, words), worth, words.findings(findings),
            saved(context, folder), step,
        )
    )  # fmt: skip


def _burden(report: CheckReport, words: Words) -> str:
    if report.burden is None:
        return ""
    sums = report.burden
    return words.say("check.burden", items=sums.answers, minutes=float(sums.minutes), days=float(sums.days_to_get))


def _lot(one: LotReport, report: CheckReport, words: Words) -> list[str]:
    texts = report.ground.loaded.texts[words.language]
    unit, mine = texts["template.functional_unit_short"], one.shares.get(ControlledBy.SUPPLIER, float("nan"))
    reference = words.say(
        "check.reference" if one.reference.complete else "check.reference_partial", lot=one.lot.number,
        title=one.lot.title, total=float(one.reference.known), unit=unit, share=words.percent(mine),
    )  # fmt: skip
    labels = leaf_labels(one.lot.criteria)
    weights = [
        words.say("check.weight", label=labels[weight.criterion], published=words.percent(weight.published),
                  effective=words.percent(weight.effective))
        for weight in one.weights
    ]  # fmt: skip
    verdicts, fitness = resources.texts("verdict", words.language), one.verdict.fitness
    real = words.say("check.weights", weights=", ".join(weights)) if weights else ""
    data = words.say(
        "check.data", fitness=verdicts[f"fitness.{fitness}"], advice=verdicts[f"what_to_do.{advice_on(one.verdict)}"]
    )
    return [reference, real, data]


# --- Issue and drafts -------------------------------------------------------------------------------------------


def issue(context: Context) -> Told:
    """Freeze the campaign and write its canvases."""
    folder, words = campaign_folder(context), Words(context.language)
    issued = issue_campaign(folder, context.now, count=context.progress)
    findings = worth_telling(issued.findings, context, folder)
    if issued.blocked:
        blocking = [one for one in findings if one.blocks]
        return Told(words.text(words.say("issue.blocked"), words.findings(blocking), words.again("check")), waits=True)
    fresh = [one for one in issued.copies if one.new]
    names = [words.say("told.point", text=one.path.name) for one in fresh[:NAMED]]
    more = words.say("told.more", count=len(fresh) - NAMED) if len(fresh) > NAMED else ""
    key = "issue.done" if fresh else "issue.nothing_new"
    done = words.say(key, count=len(issued.copies), new=len(fresh), path=folder.outbox)
    return Told(
        words.text(done, names, more, words.findings(findings), saved(context, folder), words.next("drafts")),
    )


def drafts(context: Context) -> Told:
    """Write one draft message per canvas."""
    folder, words = campaign_folder(context), Words(context.language)
    made = write_drafts(folder, context.now)
    findings = words.findings(worth_telling(made.findings, context, folder))
    done = ""
    if made.drafts:
        fresh = sum(one.new for one in made.drafts)
        done = words.say("drafts.done", count=len(made.drafts), new=fresh, path=drafts_folder(folder))
    removed = words.say("drafts.removed", count=len(made.removed)) if made.removed else ""
    if made.blocked:
        return Told(words.text(words.say("drafts.blocked"), findings, done, words.again("drafts")), waits=True)
    if not made.drafts:
        return Told(words.text(words.say("drafts.none"), findings, words.next("issue")))
    return Told(words.text(done, removed, findings, saved(context, folder), words.next("collect")))


def results_are_open(context: Context) -> bool:
    """Say whether the open workbook is the one of results, which is rewritten as a whole."""
    return context.grid.live and context.grid.name.casefold() == RESULTS.casefold()
