"""Owns the actions on what comes back: collect, ask, validate, score, consolidate; results go into the grid."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.addin.campaign import answer, campaign_folder, is_own, results_are_open, saved, stated, worth_telling
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.registry import Ask
from canevas_xl.addin.wording import MOST, Words
from canevas_xl.app import collect as collecting
from canevas_xl.app.collect import State
from canevas_xl.app.consolidate import Consolidated, consolidate_campaign
from canevas_xl.app.requests import ask_suppliers
from canevas_xl.app.results import RESULTS, outcome_of, write_results
from canevas_xl.app.score import CampaignScores, score_consolidation
from canevas_xl.app.send import drafts_folder
from canevas_xl.app.showing import EVERY, show
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.messages import message
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.intake.structure import sheet_name
from canevas_xl.model.score import LotScores
from canevas_xl.report.live import VALIDATED
from canevas_xl.report.sheets.follow import next_step

CHANGED_SINCE_ISSUE: Final = frozenset({"S301", "S302", "S303", "S304", "S305", "S306", "S307"})
"""What ``canvas.drift`` says of a campaign that is no longer what was sent."""


def collect(context: Context) -> Told:
    """Store and register the files that were chosen."""
    folder, words = campaign_folder(context), Words(context.language)
    paths = [Path(line) for line in answer(context, Ask.FILES).splitlines() if line.strip()]
    came = collecting.collect(folder, paths, context.now, stated(context, Ask.RECEIVED, "M442"))
    workbooks = [one for one in came.taken if one.workbook]
    fresh = sum(one.state in {State.NEW, State.TWIN} for one in workbooks)
    done = words.say("collect.done" if workbooks else "collect.none", count=len(workbooks), new=fresh)
    findings = words.findings(worth_telling(came.findings, context, folder))
    step = words.next("consolidate") if workbooks and came.sealed_until is None else ""
    return Told(words.text(done, findings, step), waits=came.blocked)


def ask(context: Context) -> Told:
    """Write one request for clarification per supplier whose offer leaves something unclear."""
    folder, words = campaign_folder(context), Words(context.language)
    asked = ask_suppliers(folder, context.now, stated(context, Ask.UNTIL, "M415"), drafts=True)
    findings = words.findings(worth_telling(asked.findings, context, folder))
    removed = words.say("requests.removed", count=len(asked.removed)) if asked.removed else ""
    if not asked.requests or asked.until is None:
        return Told(words.text(findings or words.say("requests.none"), removed), waits=asked.blocked)
    names = [words.say("requests.to", name=one.name, count=len(one.points)) for one in asked.requests[:MOST]]
    more = words.say("told.more", count=len(asked.requests) - MOST) if len(asked.requests) > MOST else ""
    done = words.say(
        "requests.done", count=len(asked.requests), new=sum(one.new for one in asked.requests),
        until=asked.until.strftime(words.say("told.moment")), path=drafts_folder(folder),
    )  # fmt: skip
    step = words.next("collect")
    return Told(words.text(done, names, more, removed, findings, saved(context, folder), step), waits=asked.blocked)


def validate(context: Context) -> Told:
    """Read the returns, and fill what is known without scores."""
    folder, words = _results_folder(context), Words(context.language)
    consolidated = consolidate_campaign(folder, context.now, progress=context.progress)
    scores = score_consolidation(folder, consolidated.consolidation, context.now)
    shown = shown_in(context, folder, scores, VALIDATED)
    waits = consolidated.blocked
    return Told(
        words.text(
            _read(consolidated, words), _waiting(consolidated.consolidation, words),
            words.findings(worth_telling(consolidated.findings, context, folder)), shown, saved(context, folder),
            _step(folder, scores, context, "score"),
        ),
        waits,
    )  # fmt: skip


def score(context: Context) -> Told:
    """Compute impacts, notes and ranks, unless the campaign no longer says what was sent.

    Raises:
        WrongUse: G109, it does not.
    """
    folder, words = _results_folder(context), Words(context.language)
    consolidated = consolidate_campaign(folder, context.now, progress=context.progress)
    scores = score_consolidation(folder, consolidated.consolidation, context.now)
    changes = [message(one, context.language) for one in scores.findings if one.code in CHANGED_SINCE_ISSUE]
    if changes:
        raise WrongUse("G109", changes=" ".join(changes[:MOST]), button=words.button("issue"))
    shown = shown_in(context, folder, scores, frozenset(EVERY) - VALIDATED)
    return Told(
        words.text(
            [line for lot in scores.lots for line in _ranking(lot, consolidated.consolidation, words)],
            words.findings(worth_telling(scores.findings, context, folder)), shown, saved(context, folder),
            _step(folder, scores, context),
        ),
        consolidated.blocked,
    )  # fmt: skip


def consolidate(context: Context) -> Told:
    """Validate and score, fill all sheets, and write the workbook and the package of results."""
    folder, words = _results_folder(context), Words(context.language)
    consolidated = consolidate_campaign(folder, context.now, progress=context.progress)
    scores = score_consolidation(folder, consolidated.consolidation, context.now)
    files, held = _written(folder, scores, words)
    shown = shown_in(context, folder, scores, EVERY)
    findings = worth_telling((*consolidated.findings, *scores.findings), context, folder)
    return Told(
        words.text(
            _read(consolidated, words),
            [line for lot in scores.lots for line in _ranking(lot, consolidated.consolidation, words)],
            _waiting(consolidated.consolidation, words), words.findings(findings, MOST // 2), shown, files,
            saved(context, folder), _step(folder, scores, context),
        ),
        consolidated.blocked or held,
    )  # fmt: skip


def _results_folder(context: Context) -> CampaignFolder:
    if results_are_open(context):
        raise WrongUse("G102")
    return campaign_folder(context)


def _written(folder: CampaignFolder, scores: CampaignScores, words: Words) -> tuple[str, bool]:
    """Write the files; one that is open elsewhere leaves the sheets of the open workbook as right as they are."""
    try:
        workbook, _ = write_results(folder, scores)
    except Fault as fault:
        return words.fault(fault), True
    return words.say("results.written", file=workbook.name), False


def shown_in(
    context: Context, folder: CampaignFolder, scores: CampaignScores, codes: Collection[str]
) -> list[str]:  # fmt: skip
    """Show results where they can be: in the sheets of the campaign's workbook, or in the file of results.

    Returns:
        What there is to say of it.
    """
    words, grid = Words(context.language), context.grid
    if not grid.live and grid.name == RESULTS:
        write_results(folder, scores)
        return []
    if grid.live and not is_own(context, folder):
        return [words.say("results.elsewhere", file=folder.workbook.name)]
    shown = show(grid, outcome_of(folder, scores), codes)
    left = [words.say("results.left", sheet=sheet, count=count) for sheet, count in shown.left_out]
    gone = [sheet_name(code, context.language) for code in shown.missing]
    return [
        *([words.say("results.no_room", left=", ".join(left), file=RESULTS)] if left else []),
        *([words.say("results.gone", sheets=", ".join(gone), file=RESULTS)] if gone else []),
    ]


# --- In words ---------------------------------------------------------------------------------------------------


def _read(consolidated: Consolidated, words: Words) -> list[str]:
    found = consolidated.consolidation
    if consolidated.sealed_until is not None:
        until = consolidated.sealed_until.strftime(words.say("told.moment"))
        return [words.say("validate.sealed", until=until, count=consolidated.files)]
    answered = {(one.key.lot, one.key.supplier) for one in found.offers}
    doubts = sum(one.decision is None and one.finding.kind.severity is Severity.DOUBT for one in found.said)
    silent = words.say("validate.silent", count=len(found.silent)) if found.silent else ""
    facts = {"offers": len(found.offers), "suppliers": len(answered), "doubts": doubts}
    return [words.say("validate.read", **facts), silent]


def _waiting(found: Consolidation, words: Words) -> Iterator[str]:
    """Name what has to be decided, offer by offer."""
    names = {offer.key: words.offer(offer) for offer in found.offers}
    waiting = [one for one in found.said if one.waits]
    if waiting:
        yield words.say("validate.waiting", count=len(waiting))
    for one in waiting[:MOST]:
        name = names.get(one.key, one.finding.place.file) if one.key else one.finding.place.file
        said = message(one.finding, words.language)
        yield words.say("validate.point", name=name, finding=one.id, message=said)
    if len(waiting) > MOST:
        yield words.say("told.more", count=len(waiting) - MOST)


def _step(folder: CampaignFolder, scores: CampaignScores, context: Context, last: str = "") -> str:
    """Say what is next, as the results say it; in Excel a finding is decided on by selecting it.

    ``last`` is the button that shows what there is to compare, where it is not shown yet.
    """
    words, step = Words(context.language), next_step(outcome_of(folder, scores))
    if step == "compare" and last:
        return words.next(last)
    if step == "decide" and context.grid.live:
        return words.say("validate.select", button=words.button("decide"))
    return words.clicked(resources.texts("results", context.language)[f"follow.next_{step}"])


def _ranking(lot: LotScores, found: Consolidation, words: Words) -> Iterator[str]:
    number = lot.subject.lot.number
    yield words.say("score.lot" if lot.offers else "score.none", lot=number, title=lot.subject.lot.title)
    for one in lot.offers[:MOST]:
        if one.ranked is not None and one.ranked.rank is not None:
            total = words.points(one.ranked.total)
            yield words.say("score.offer", rank=one.ranked.rank, name=words.offer(one.offer), total=total)
        else:
            key = "score.refused" if found.refused(one.offer.key) else "score.waits"
            yield words.say(key, name=words.offer(one.offer))
    if len(lot.offers) > MOST:
        yield words.say("told.more", count=len(lot.offers) - MOST)
    if lot.verdict is not None:
        said, fitness = resources.texts("verdict", words.language), lot.verdict.fitness
        advice = said[f"after_opening.what_to_do.{fitness}"]
        yield words.say("score.verdict", fitness=said[f"fitness.{fitness}"], advice=advice)
