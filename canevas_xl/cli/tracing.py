"""Owns the command that follows a figure to its lines, factors and sources."""

from __future__ import annotations

import argparse
import math
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.trace import trace_figure
from canevas_xl.cli.show import Screen, digits
from canevas_xl.errors import DONE
from canevas_xl.model.figure import FigureKind
from canevas_xl.model.impact import Step
from canevas_xl.report.tracing import FigureTrace, Term, TracedNote
from canevas_xl.report.words import OutcomeWords

TRACED: Final = ("flow", "row", "stage", "process", "quantity", "unit", "factor", "amount", "source")
"""What the JSON object says of each line of a trace."""
SHOWN: Final = 12
"""Lines of a trace that are shown on screen, the heaviest first; all of them stand in the JSON object."""
COLUMNS: Final = ("line", "quantity", "factor", "amount", "source")


def trace(words: argparse.Namespace, screen: Screen, now: datetime) -> int:
    """Run ``trace DIR FIGURE``: follow a figure to its lines, factors and sources."""
    followed = trace_figure(CampaignFolder(Path(words.folder)), words.figure, now)
    said = OutcomeWords.of(screen.language)
    amount = f"{digits(followed.amount, screen.language)} {_unit(followed, said)}".strip()
    screen.line("trace.figure", "bold", figure=words.figure, offer=said.offer(followed.offer), amount=amount)
    if followed.unknown:
        screen.line("trace.unknown", count=followed.unknown)
    screen.table([screen.say(f"trace.{name}") for name in COLUMNS], _rows(followed, screen, said))
    for note in followed.notes:
        screen.point(_note(note, screen, said))
        for term in note.terms:
            screen.line("trace.term", **_term(followed, term, screen, said))
    screen.object(
        {
            "figure": words.figure,
            "offer": str(followed.offer.key),
            "amount": None if math.isnan(followed.amount) else followed.amount,
            "unknown": followed.unknown,
            "fingerprint": followed.fingerprint,
            "notes": [_note_object(note) for note in followed.notes],
            "steps": [{name: getattr(step, name) for name in TRACED} for step in _steps(followed)],
        }
    )
    return DONE


def _note(note: TracedNote, screen: Screen, said: OutcomeWords) -> str:
    """Say what the criterion looks at, its note and its points; of a group, what its sub-criteria add up to."""
    facts = {"value": note.value, "note": note.note, "points": note.points}
    shown = {name: digits(fact, screen.language) for name, fact in facts.items()}
    key = "trace.note_of_parts" if note.criterion.parts else "trace.note"
    return screen.say(key, criterion=note.criterion.label, formula=said.formula(note.criterion), **shown)


def _term(followed: FigureTrace, term: Term, screen: Screen, said: OutcomeWords) -> dict[str, str]:
    """Give the words of one term of a cost."""
    subject, costing = followed.subject, followed.subject.lot.costing
    flow = subject.texts[said.language].get(f"flows.{costing.energy}", "") if costing else ""
    return {
        "name": said.say(f"measure.{term.measure}", flow=flow),
        "amount": digits(term.amount, screen.language),
        "unit": said.say(f"measure.unit_{term.measure}", impact=said.climate_unit(subject)),
        "coefficient": digits(term.coefficient, screen.language),
        "product": digits(term.amount * term.coefficient, screen.language),
    }


def _note_object(note: TracedNote) -> dict[str, Any]:
    def plain(value: float) -> float | None:
        return None if math.isnan(value) else value

    return {
        "criterion": note.criterion.code,
        "formula": note.criterion.formula,
        "value": plain(note.value),
        "note": plain(note.note),
        "points": plain(note.points),
        "terms": [
            {"measure": term.measure.value, "amount": plain(term.amount), "coefficient": plain(term.coefficient)}
            for term in note.terms
        ],
    }


def _steps(followed: FigureTrace) -> tuple[Step, ...]:
    return followed.lines.steps if followed.lines else ()


def _unit(followed: FigureTrace, said: OutcomeWords) -> str:
    """Give the unit of the figure, in words."""
    figure, subject = followed.figure, followed.subject
    match figure.kind:
        case FigureKind.VALUE:
            return said.unit_of(followed.notes[0].criterion, subject)
        case FigureKind.NOTE:
            return said.say("unit.of_note")
        case FigureKind.POINTS:
            return said.say("unit.points")
        case FigureKind.INDEX:
            unit = said.say("unit.index")
        case _:
            category = next(one for one in subject.method.categories if one.code == figure.indicator)
            unit = category.unit(said.language)
    return said.say("unit.impact", unit=unit, of=subject.texts[said.language]["template.functional_unit_short"])


def _rows(followed: FigureTrace, screen: Screen, said: OutcomeWords) -> list[tuple[str, ...]]:
    """Give the heaviest lines, and what the others add up to: nothing is left out of the figure unsaid."""
    steps = _steps(followed)
    several = {place for place, count in Counter((step.flow, step.row) for step in steps).items() if count > 1}

    def number(value: float | None) -> str:
        return screen.say("trace.nothing_known") if value is None else digits(value, screen.language)

    rows: list[tuple[str, ...]] = [
        (
            _label(followed, step, said, staged=(step.flow, step.row) in several),
            number(step.quantity)
            + ("" if step.quantity is None else f" {said.terms.get(f'unit.{step.unit}', step.unit)}"),
            number(step.factor),
            number(step.amount),
            step.source,
        )
        for step in steps[:SHOWN]
    ]
    rest = steps[SHOWN:]
    if rest:
        others = sum(step.amount or 0.0 for step in rest)
        rows.append((screen.say("trace.others", count=len(rest)), "", "", number(others), ""))
    return rows


def _label(followed: FigureTrace, step: Step, said: OutcomeWords, *, staged: bool) -> str:
    """Name a line: its flow and row, its stage where the flow comes by stages, and that its quantity is a default."""
    texts = followed.subject.texts[said.language]
    parts = [texts[f"flows.{step.flow}"]]
    parts += [texts[f"rows.{step.row}"]] if step.row else []
    parts += [said.terms[f"stage.{step.stage}"]] if staged else []
    parts += [said.say("trace.default")] if step.on_default else []
    return " · ".join(parts)
