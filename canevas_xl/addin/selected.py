"""Owns the actions on what is selected: decide on a finding, trace a figure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from canevas_xl import resources
from canevas_xl.addin.campaign import answer, campaign_folder, saved
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.registry import Ask
from canevas_xl.addin.returns import shown_in
from canevas_xl.addin.wording import MOST, Words
from canevas_xl.app.consolidate import consolidate_campaign
from canevas_xl.app.decide import decide as decide_finding
from canevas_xl.app.results import outcome_of
from canevas_xl.app.score import score_campaign, score_consolidation
from canevas_xl.app.showing import figure_pointed, pointed
from canevas_xl.app.trace import figure_in
from canevas_xl.errors import WrongUse
from canevas_xl.findings.messages import message
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.intake.decisions import ACCEPT, REFUSE
from canevas_xl.intake.structure import sheet_name
from canevas_xl.model.figure import IMPACTS, FigureKind
from canevas_xl.model.impact import Step
from canevas_xl.report.live import VALIDATED
from canevas_xl.report.tracing import FigureTrace

LIST: Final = "findings.list"
CHOICES: Final = frozenset({ACCEPT, REFUSE})


# --- Decide -----------------------------------------------------------------------------------------------------


def decide(context: Context) -> Told:
    """Register a decision on the finding that is selected, and say which others are the same.

    Raises:
        WrongUse: G107, no finding is selected; X119, it no longer exists; G106, the choice or the reason is missing.
    """
    words = Words(context.language)
    number = _number(context)
    choice, reason = answer(context, Ask.CHOICE), answer(context, Ask.REASON)
    if choice not in CHOICES:
        raise WrongUse("G106", label=words.say(f"ask.{Ask.CHOICE}"))
    folder = campaign_folder(context)
    before = consolidate_campaign(folder, context.now, progress=context.progress).consolidation
    mine = next((one for one in before.said if one.id == number), None)
    if mine is None:
        raise WrongUse("X119", finding=number)
    new = decide_finding(folder, number, choice, reason, context.now)
    after = consolidate_campaign(folder, context.now).consolidation
    shown = shown_in(context, folder, score_consolidation(folder, after, context.now), VALIDATED)
    done = words.say(f"decide.{choice}" if new else "decide.same", finding=number, reason=reason)
    step = "decide" if any(one.waits for one in after.said) else "consolidate"
    said = message(mine.finding, context.language)
    return Told(
        words.text(done, said, _alike(mine, after, words), shown, saved(context, folder), words.next(step)),
    )


def _number(context: Context) -> str:
    """Give the number of the finding whose row is selected."""
    there = pointed(context.grid)
    number = there.cell("FINDING") if there is not None and there.block.name == LIST else None
    if not isinstance(number, str) or not number:
        words = Words(context.language)
        sheet = sheet_name("FINDINGS", context.language)
        raise WrongUse("G107", sheet=sheet, button=words.button("consolidate"))
    return number


def _alike(mine: Said, found: Consolidation, words: Words) -> Iterator[str]:
    """Name the same finding on other offers: what is accepted for one is accepted for all, or it is said why not."""
    names = {offer.key: words.offer(offer) for offer in found.offers}
    others = [
        one
        for one in found.said
        if (one.finding.code, one.finding.place.key) == (mine.finding.code, mine.finding.place.key)
        if one.id != mine.id
    ]
    if others:
        yield words.say("decide.alike", count=len(others))
    for one in others[:MOST]:
        state = "open" if one.decision is None else "accepted" if one.decision.accepted else "refused"
        name = names.get(one.key, one.finding.place.file) if one.key else one.finding.place.file
        yield words.say("decide.other", name=name, finding=one.id, state=words.say(f"decide.{state}"))
    if len(others) > MOST:
        yield words.say("told.more", count=len(others) - MOST)


# --- Trace ------------------------------------------------------------------------------------------------------


def trace(context: Context) -> Told:
    """Follow the figure that is selected to its lines, their factors and sources.

    Raises:
        WrongUse: G108, the selected cell is no figure of an offer.
    """
    words, there = Words(context.language), pointed(context.grid)
    if there is None:
        raise _no_figure(context)
    folder = campaign_folder(context)
    scores = score_campaign(folder, context.now, progress=context.progress)
    figure = figure_pointed(there, outcome_of(folder, scores))
    if figure is None:
        raise _no_figure(context)
    followed = figure_in(scores, str(figure))
    return Told(
        words.text(
            _figure(followed, words), _notes(followed, words), _steps(followed, words),
            words.say("trace.source", set=followed.lines.factor_set) if followed.lines else "",
            saved(context, folder),
        )
    )  # fmt: skip


def _no_figure(context: Context) -> WrongUse:
    sheets = ", ".join(sheet_name(code, context.language) for code in ("IMPACTS", "COMPARE", "NOTES"))
    return WrongUse("G108", sheets=sheets, button=Words(context.language).button("consolidate"))


def _figure(followed: FigureTrace, words: Words) -> list[str]:
    """Say what the figure is, and of how much of it only a part is known."""
    amount = f"{words.number(followed.amount)} {_unit(followed, words)}".strip()
    facts = {"figure": str(followed.figure), "offer": words.offer(followed.offer), "amount": amount}
    unknown = words.say("trace.unknown", count=followed.unknown) if followed.unknown else ""
    return [words.say("trace.figure", **facts), unknown]


def _unit(followed: FigureTrace, words: Words) -> str:
    """Give the unit: of an impact, per functional unit; EUR or points are said by the criterion."""
    figure, subject = followed.figure, followed.subject
    of = subject.texts[words.language]["template.functional_unit_short"]
    if figure.kind is FigureKind.INDEX:
        return words.say("trace.per", unit="mPt", of=of)
    if figure.kind not in IMPACTS:
        return words.say("trace.points") if figure.kind is FigureKind.POINTS else ""
    category = next(one for one in subject.method.categories if one.code == figure.indicator)
    return words.say("trace.per", unit=category.unit(words.language), of=of)


def _notes(followed: FigureTrace, words: Words) -> Iterator[str]:
    for one in followed.notes:
        yield words.say(
            "trace.note", criterion=one.criterion.label, formula=one.criterion.formula, value=one.value,
            note=one.note, weight=one.criterion.weight, points=one.points,
        )  # fmt: skip


def _steps(followed: FigureTrace, words: Words) -> Iterator[str]:
    steps = followed.lines.steps if followed.lines else ()
    for step in steps[:MOST]:
        yield _step(step, followed, words)
    if len(steps) > MOST:
        yield words.say("trace.more", count=len(steps) - MOST, figure=str(followed.figure))


def _step(step: Step, followed: FigureTrace, words: Words) -> str:
    """Say a line: quantity × factor = impact, and where the factor is written."""
    texts, terms = followed.subject.texts[words.language], resources.texts("terms", words.language)
    stage = "" if followed.figure.kind is FigureKind.STAGE else terms[f"stage.{step.stage}"]
    row = texts[f"rows.{step.row}"] if step.row else ""
    label = " · ".join(part for part in (texts[f"flows.{step.flow}"], row, stage) if part)
    if step.quantity is None or step.factor is None or step.amount is None:
        return words.say("trace.line_unknown", label=label)
    facts = {"quantity": step.quantity, "factor": step.factor, "amount": step.amount}
    default = words.say("trace.default") if step.on_default else ""
    unit = terms.get(f"unit.{step.unit}", step.unit)
    return words.say("trace.line", label=label, unit=unit, source=step.source, default=default, **facts)
