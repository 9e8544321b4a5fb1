"""Owns the use case *trace*: from a named figure of the results back to lines, answers, factors and sources."""

from __future__ import annotations

from datetime import datetime

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.score import CampaignScores, score_campaign
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.report.tracing import FigureTrace, trace_named


def trace_figure(folder: CampaignFolder, figure: str, now: datetime) -> FigureTrace:
    """Compute the campaign again and follow one figure (``L1.S001.stage.delivery``; names in ``model.figure``).

    Raises:
        WrongUse: S401, that is no name of a figure; S402, no offer has it; S403, nothing was issued.
        Fault: a record, the campaign or a return cannot be read.
    """
    return figure_in(score_campaign(folder, now), figure)


def figure_in(scores: CampaignScores, figure: str) -> FigureTrace:
    """Follow a figure of scores that were computed already.

    Raises:
        WrongUse: S401, S402.
    """
    checked = trace_named(scores.lots, figure)
    if checked.value is None:
        raise _refused(checked.findings[0])
    return checked.value


def _refused(finding: Finding) -> WrongUse:
    return WrongUse(finding.code, **dict(finding.facts))
