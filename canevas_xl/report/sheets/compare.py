"""Owns the rows of *Comparaison* and *Robustesse*: which offer weighs less, by how much, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isclose
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.impact.figures import share_on_defaults, total
from canevas_xl.impact.gaps import LIKELY, THRESHOLD
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.score import LotScores, OfferGap, ScoredOffer
from canevas_xl.report.outcome import Blocks, Content, Dressed, Outcome, Rows
from canevas_xl.report.results import PERCENT
from canevas_xl.report.words import OutcomeWords, amount, left_out, sentences

SAME: Final = 1e-9
"""Relative difference up to which offers tie."""
RANKS: Final = 10
"""The first ranks are shown; further ones decide nothing."""
RANKS_HEAD: Final = replace(look.HEAD, indent=1)


def by_weight(lot: LotScores) -> list[ScoredOffer]:
    """Give the offers that are compared, the lightest first; an offer that waits for a decision is not."""
    compared = [one for one in lot.offers if one.ranked is not None and total(one.impacts).complete]
    return sorted(compared, key=lambda one: total(one.impacts).known)


def compare_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Answer in words first, then list offers from the lightest to the heaviest."""
    summary = [
        row
        for lot in outcome.scores
        for row in sentences(_sentences(lot, outcome.consolidation, words), strong=True)
    ]  # fmt: skip
    rows = [_compared(lot, one, words) for lot in outcome.scores for one in by_weight(lot)]
    return {"compare.summary": tuple(summary), "compare.offers": tuple(rows)}


def _sentences(lot: LotScores, found: Consolidation, words: OutcomeWords) -> Iterator[str]:
    ordered = by_weight(lot)
    number = lot.subject.lot.number
    if not ordered:
        yield words.say("compare.none" if lot.offers else "compare.nothing", lot=number)
    else:
        yield _answer(lot, ordered, words)
    if len(ordered) > 1 and not _equal(ordered[0], ordered[1]):
        gap = _gap(lot, ordered[0], ordered[1])
        if gap is not None:
            yield _certain(gap, ordered, words)
            facts = {"other": words.offer(ordered[1].offer), "unit": words.climate_unit(lot.subject)}
            yield words.say("compare.why", **facts, reasons=" · ".join(_reasons(lot, gap, words)))
    for one in ordered:
        share = share_on_defaults(one.impacts)
        if share > 0:
            yield words.say("compare.defaults", name=words.offer(one.offer), share=words.percent(share))
    yield from _left_out(lot, ordered, found, words)


def _answer(lot: LotScores, ordered: list[ScoredOffer], words: OutcomeWords) -> str:
    lightest, heaviest = ordered[0], ordered[-1]
    low, high = total(lightest.impacts).known, total(heaviest.impacts).known
    facts = {
        "lot": lot.subject.lot.number,
        "name": words.offer(lightest.offer),
        "total": low,
        "unit": words.climate_unit(lot.subject),
    }
    if len(ordered) == 1:
        return words.say("compare.alone", **facts)
    if _equal(lightest, ordered[1]):
        same = [words.quoted(one.offer) for one in ordered if _equal(lightest, one)]
        return words.say("compare.equal", **facts, names=", ".join(same))
    next_one = total(ordered[1].impacts).known
    less = {"gap": words.percent((next_one - low) / next_one), "other": words.offer(ordered[1].offer)}
    if len(ordered) == 2:  # noqa: PLR2004 - the next one is the heaviest
        return words.say("compare.lighter", **facts, **less)
    most = {"heaviest": words.offer(heaviest.offer), "most": words.percent((high - low) / high)}
    return words.say("compare.lightest", **facts, **less, **most)


def _equal(one: ScoredOffer, other: ScoredOffer) -> bool:
    """Say whether two offers weigh the same, as far as notes are told apart."""
    return isclose(total(one.impacts).known, total(other.impacts).known, rel_tol=SAME)


def _certain(gap: OfferGap, ordered: list[ScoredOffer], words: OutcomeWords) -> str:
    likely, needed = gap.own_data.probability >= LIKELY, round(100 * LIKELY)
    chances = words.chances(gap.own_data.probability)
    facts = {
        "name": words.offer(ordered[0].offer),
        "other": words.offer(ordered[1].offer),
        "chances": chances if likely else min(chances, needed - 1),  # what rounds to it is not enough
        "needed": needed,
        "threshold": words.percent(THRESHOLD),
    }
    if gap.discernible:
        return words.say("compare.sure", **facts)
    return words.say("compare.small" if likely else "compare.unsure", **facts)


def _left_out(
    lot: LotScores, ordered: list[ScoredOffer], found: Consolidation, words: OutcomeWords
) -> Iterator[str]:  # fmt: skip
    for one in lot.offers:
        if one not in ordered:
            yield words.say(f"compare.{left_out(one.offer.key, found)}", name=words.offer(one.offer))


def _gap(lot: LotScores, left: ScoredOffer, right: ScoredOffer) -> OfferGap | None:
    return next((g for g in lot.gaps if (g.left, g.right) == (left.offer.key, right.offer.key)), None)


def _compared(lot: LotScores, one: ScoredOffer, words: OutcomeWords) -> tuple[Content, ...]:
    ordered = by_weight(lot)
    lightest, most = ordered[0], total(ordered[-1].impacts).known
    known, low = total(one.impacts).known, total(lightest.impacts).known
    gap = _gap(lot, lightest, one)
    key = one.offer.key
    itself = "only" if len(ordered) == 1 else "itself" if one is lightest else "as_light"
    return (
        words.offer(one.offer), float(key.lot), float(key.variant), words.climate_unit(lot.subject),
        amount(known, most), None if itself == "only" else amount(known - low, most),
        None if gap is None else 1 - gap.own_data.probability,
        " · ".join(_reasons(lot, gap, words)) or words.say(f"compare.{itself}"),
    )  # fmt: skip


def _reasons(lot: LotScores, gap: OfferGap | None, words: OutcomeWords) -> Iterator[str]:
    """Name the lines that make most of the difference, with what each adds."""
    for line in gap.lines if gap else ():
        more = line.right - line.left
        label = words.line(lot.subject, (line.flow, line.row))
        yield words.say("compare.reason", label=label, sign="+" if more > 0 else "−", gap=float(f"{abs(more):.3g}"))


def robust_rows(outcome: Outcome, words: OutcomeWords) -> Blocks:
    """Say of each pair how sure it is that one weighs less, and list the pairs."""
    pairs = [(lot, gap) for lot in outcome.scores for gap in lot.gaps]
    sure = sum(gap.discernible for _, gap in pairs)
    needed = {"needed": round(100 * LIKELY), "threshold": words.percent(THRESHOLD)}
    said = [words.say("robust.none")]
    if pairs:
        said = [words.say("robust.summary", count=sure, total=len(pairs)), words.say("robust.threshold", **needed)]
        said += [words.say("robust.same_data"), words.say("robust.ranks")]
    return {
        "robust.summary": sentences([*said, words.say("robust.notice")], strong=True),
        "robust.pairs": _pairs(pairs, words),
        "robust.ranks": tuple(row for lot in outcome.scores for row in _ranks(lot, words)),
    }


def _ranks(lot: LotScores, words: OutcomeWords) -> Iterator[tuple[Content, ...]]:
    """Give how likely each offer holds each rank, on climate and on points; a row of heads stands before."""
    if not lot.ranks:
        return
    title = words.say("notes.lot", lot=lot.subject.lot.number, title=lot.subject.lot.title)
    places = (Dressed(words.say("robust.rank", n=n), look.HEAD_RIGHT) for n in range(1, min(len(lot.ranks), RANKS) + 1))
    yield (Dressed(title, RANKS_HEAD), *(Dressed(None, RANKS_HEAD) for _ in range(3)), *places)
    names = {one.offer.key: words.offer(one.offer) for one in lot.offers}
    for basis in ("by_points", "by_impact"):
        for one in lot.ranks:
            chances = one.by_points if basis == "by_points" else one.by_impact
            if chances:
                yield (
                    names[one.key], words.say(f"robust.{basis}"), float(one.key.lot), float(one.key.variant),
                    *(Dressed(chance, PERCENT) for chance in chances[:RANKS]),
                )  # fmt: skip


def _pairs(pairs: list[tuple[LotScores, OfferGap]], words: OutcomeWords) -> Rows:
    return tuple(_pair(lot, gap, words) for lot, gap in pairs)


def _pair(lot: LotScores, gap: OfferGap, words: OutcomeWords) -> tuple[Content, ...]:
    names = {one.offer.key: words.offer(one.offer) for one in lot.offers}
    chances = gap.own_data
    most = max(abs(part) for other in lot.gaps for part in (other.amount, other.own_data.low, other.own_data.high))
    said = words.say("robust.discernible" if gap.discernible else "robust.alike")
    return (
        names[gap.left], names[gap.right], float(lot.subject.lot.number), chances.probability,
        gap.same_data.probability, words.climate_unit(lot.subject),
        amount(gap.amount, most), amount(chances.low, most), amount(chances.high, most), said,
    )  # fmt: skip
