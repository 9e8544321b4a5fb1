"""Owns the way back from a named figure of the results: to lines, quantities, answers, factors and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from types import MappingProxyType
from typing import Final

from canevas_xl.award.comparison import POINTS
from canevas_xl.award.cost import COSTS, coefficients, prices_impact
from canevas_xl.findings.finding import Checked, found
from canevas_xl.impact.figures import by_line, by_stage, score
from canevas_xl.impact.inventory import keys_behind
from canevas_xl.impact.trace import trace, trace_index
from canevas_xl.model.campaign import Criterion, CriterionKind, Measure, every_criterion, leaves
from canevas_xl.model.canvas import Subject
from canevas_xl.model.figure import IMPACTS, Figure, FigureKind, figure_of, read_figure
from canevas_xl.model.impact import Trace
from canevas_xl.model.offer import Offer, OfferKey
from canevas_xl.model.score import LotScores, ScoredOffer
from canevas_xl.model.vocabulary import CLIMATE, Origin, Status
from canevas_xl.rules.scope import Scope, build_scope, references

MOST_NAMED: Final = 12
"""Names that a message proposes."""


@dataclass(frozen=True, slots=True)
class UsedAnswer:
    """One answer that a line rests on."""

    key: str
    value: float | str | None
    """What counts: the answer, or its published default; None while unknown."""
    status: Status
    origin: Origin | None
    evidence: str
    cell: str
    """Sheet and address in the returned workbook."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a cost: amount × coefficient, EUR."""

    measure: Measure
    amount: float
    """In the unit of the measure; NaN while unknown."""
    coefficient: float
    """EUR per unit, as the published parameters make it."""


@dataclass(frozen=True, slots=True)
class TracedNote:
    """One criterion of one offer."""

    criterion: Criterion
    value: float
    """EUR, impact per functional unit, or a note of people; NaN while unknown, and where sub-criteria look."""
    note: float
    """Out of 100; NaN while unknown or not compared."""
    points: float
    """weight · note / 100."""
    compared_with: tuple[tuple[OfferKey, float], ...]
    """Values of every compared offer, this one included: what lowest, highest and mean are taken from."""
    terms: tuple[Term, ...] = ()
    """Where the value is a cost: what adds up to it, but for a deduction."""


@dataclass(frozen=True, slots=True)
class FigureTrace:
    """A figure followed to everything that it was made of."""

    figure: Figure
    offer: Offer
    subject: Subject
    fingerprint: str
    """Of the frozen record."""
    amount: float
    """The figure; of a sum with unknown lines, what is known; NaN while unknown."""
    unknown: int
    """Lines that are not known."""
    lines: Trace | None
    """Where the figure is an impact, or rests on one."""
    answers: Mapping[tuple[str, str], tuple[UsedAnswer, ...]]
    """By (flow, row) of the lines: the answers that its quantity, its process and the functional unit look at."""
    notes: tuple[TracedNote, ...]
    """Where the figure is a value, a note or a total of points."""


def trace_named(lots: Sequence[LotScores], text: str) -> Checked[FigureTrace | None]:
    """Follow the figure called ``text``, or say that there is none (S401, S402)."""
    figure = read_figure(text)
    if figure is None:
        return Checked(None, (found("S401", text=text),))
    offers = {one.offer.key: (lot, one) for lot in lots for one in lot.offers}
    chosen = next(((lot, one) for key, (lot, one) in offers.items() if figure.of(key)), None)
    if chosen is None:
        known = [str(figure_of(key, FigureKind.TOTAL)) for key in sorted(offers)]
        return Checked(None, (found("S402", text=text, known=known[:MOST_NAMED] or ["–"]),))
    lot, one = chosen
    known = [str(name) for name in figures_of(lot, one)]
    if str(figure_of(one.offer.key, figure.kind, figure.code, figure.row)) not in known:
        near = [name for name in known if f".{figure.kind}" in name]
        return Checked(None, (found("S402", text=text, known=(near or known)[:MOST_NAMED]),))
    followed = _followed(figure, lot, one)
    if figure.kind in IMPACTS and followed.lines is not None and not followed.lines.steps:
        return Checked(None, (found("S402", text=text, known=known[:MOST_NAMED]),))
    return Checked(followed)


def figures_of(lot: LotScores, one: ScoredOffer) -> tuple[Figure, ...]:
    """Name every figure of one offer, on climate change where it is an impact."""
    key, impacts = one.offer.key, one.impacts
    lines = by_line(impacts)
    flows = [flow for flow, row in lines if row]
    named = [
        (FigureKind.TOTAL, "", ""),
        *((FigureKind.STAGE, stage, "") for stage in by_stage(impacts)),
        *((FigureKind.LINE, flow, row) for flow, row in lines),
        *((FigureKind.LINE, flow, "") for flow in dict.fromkeys(flows)),
        *((FigureKind.INDEX, perimeter, "") for perimeter in impacts.indicators if score(impacts, perimeter)),
    ]
    for criterion in every_criterion(lot.subject.lot.criteria):
        named += [(FigureKind.VALUE, criterion.code, "")] if not criterion.parts else []
        named.append((FigureKind.NOTE, criterion.code, ""))
    if lot.subject.lot.criteria:
        named.append((FigureKind.POINTS, "", ""))
    return tuple(figure_of(key, kind, code, row) for kind, code, row in named)


def _followed(figure: Figure, lot: LotScores, one: ScoredOffer) -> FigureTrace:
    criteria = lot.subject.lot.criteria
    notes: tuple[TracedNote, ...] = ()
    if figure.kind is FigureKind.POINTS:
        notes = tuple(_note(lot, one, leaf) for leaf in leaves(criteria))
    elif figure.kind in {FigureKind.VALUE, FigureKind.NOTE}:
        named = [*leaves(criteria), *criteria]
        notes = (_note(lot, one, next(criterion for criterion in named if criterion.code == figure.code)),)
    lines = _lines(figure, lot, one, notes)
    return FigureTrace(
        figure=figure,
        offer=one.offer,
        subject=lot.subject,
        fingerprint=lot.fingerprint,
        amount=_amount(figure, lines, notes),
        unknown=lines.total.unknown if lines else 0,
        lines=lines,
        answers=_answers(lot.subject, one.offer, lines),
        notes=notes,
    )


def _lines(figure: Figure, lot: LotScores, one: ScoredOffer, notes: Sequence[TracedNote]) -> Trace | None:
    impacts, factors = one.impacts, lot.subject.factors
    match figure.kind:
        case FigureKind.TOTAL:
            return trace(impacts, factors, figure.indicator)
        case FigureKind.STAGE:
            return trace(impacts, factors, figure.indicator, stage=figure.code)
        case FigureKind.LINE:
            return trace(impacts, factors, figure.indicator, flow=figure.code, row=figure.row or None)
        case FigureKind.INDEX:
            return trace_index(impacts, factors, figure.code)
    costing = lot.subject.lot.costing
    looked_at = [note.criterion for note in notes]
    impact = [one for one in looked_at if one.kind is CriterionKind.IMPACT or prices_impact(one.kind, costing)]
    return trace(impacts, factors, impact[0].indicator or CLIMATE) if impact else None


def _amount(figure: Figure, lines: Trace | None, notes: Sequence[TracedNote]) -> float:
    if figure.kind is FigureKind.VALUE:
        return notes[0].value
    if figure.kind is FigureKind.NOTE:
        return notes[0].note
    if figure.kind is FigureKind.POINTS:
        return sum(note.points for note in notes if note.criterion.weight)
    return lines.total.known if lines else float("nan")


def _note(lot: LotScores, one: ScoredOffer, criterion: Criterion) -> TracedNote:
    code, unknown = criterion.code, float("nan")
    value, note = one.values.get(code, unknown), one.notes[code]
    others = [(other.offer.key, other.values.get(code, unknown)) for other in lot.offers if other.ranked is not None]
    known = tuple((key, amount) for key, amount in others if not isnan(amount))
    return TracedNote(criterion, value, note, criterion.weight * note / POINTS, known, _terms(lot, one, criterion))


def _terms(lot: LotScores, one: ScoredOffer, criterion: Criterion) -> tuple[Term, ...]:
    costing = lot.subject.lot.costing
    if costing is None or criterion.kind not in COSTS:
        return ()
    counted = coefficients(criterion.kind, costing)
    return tuple(Term(measure, one.measures.get(measure.value, float("nan")), per) for measure, per in counted.items())


def _answers(subject: Subject, offer: Offer, lines: Trace | None) -> Mapping[tuple[str, str], tuple[UsedAnswer, ...]]:
    if lines is None:
        return MappingProxyType({})
    template = subject.template
    scope = build_scope(template, offer.answers, subject.lot.parameters, subject.lot.rows, missing="default")
    flows = {flow.code: flow for flow in template.flows}
    unit = references(template, template.functional_unit.per)
    places = dict.fromkeys((step.flow, step.row) for step in lines.steps)
    return MappingProxyType(
        {
            (flow, row): tuple(_used(offer, scope, {*keys_behind(template, flows[flow], row, scope), *unit}))
            for flow, row in places
        }
    )


def _used(offer: Offer, scope: Scope, keys: set[str]) -> Iterator[UsedAnswer]:
    """Give the answers behind a line, in the order of the template."""
    for key, kept in scope.kept.items():
        if key in keys:
            answer = offer.answers.get(key)
            value = kept.value if isinstance(kept.value, float | int | str) else None
            yield UsedAnswer(
                key,
                value,
                kept.status,
                answer.origin if answer else None,
                answer.evidence if answer else "",
                answer.cell if answer else "",
            )
