"""What must hold whatever comes back: fairness between suppliers, silence that never pays, records that never move."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rivals import bid, bids_of, by_supplier, examples, offer, record, scored, without
from shipped import TEMPLATES

from canevas_xl.canvas.freeze import thaw
from canevas_xl.impact.figures import total
from canevas_xl.model.answer import Answer
from canevas_xl.model.score import LotScores
from canevas_xl.report.scores import score_lot
from canevas_xl.rules.effort import answered

EXACT = pytest.approx


def said_of(scores: LotScores, supplier: str) -> tuple[object, ...]:
    one = by_supplier(scores)[supplier]
    notes = {code: EXACT(note, rel=1e-9) for code, note in one.notes.items()}
    return total(one.impacts).known, dict(one.values), notes, one.ranked.rank if one.ranked else None


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_order_of_offers_changes_nothing(template: str) -> None:
    offers = [offer(supplier, answers) for supplier, answers in examples(template).items()][:4]
    first, *others = [scored(template, list(order)).value for order in permutations(offers)]
    assert all(
        [said_of(first, one.key.supplier) for one in offers] == [said_of(other, one.key.supplier) for one in offers]
        for other in others
    )
    assert all(first.gaps == other.gaps and first.verdict == other.verdict for other in others)


@pytest.mark.parametrize("template", TEMPLATES)
def test_swapping_two_suppliers_changes_nothing(template: str) -> None:
    (left, mine), (right, theirs), *others = examples(template).items()
    rest = [offer(supplier, answers) for supplier, answers in others]
    fixed = [bid(one.key, 1200.0) for one in rest]

    def of(names: tuple[str, str]) -> LotScores:
        first, second = offer(names[0], mine), offer(names[1], theirs)
        return scored(
            template, [first, second, *rest], [bid(first.key, 1000.0, 60), bid(second.key, 950.0, 80), *fixed]
        ).value

    straight, swapped = of((left, right)), of((right, left))
    assert said_of(straight, left) == said_of(swapped, right)
    assert said_of(straight, right) == said_of(swapped, left)
    chances = [sorted(repr((gap.same_data, gap.own_data)) for gap in scores.gaps) for scores in (straight, swapped)]
    assert chances[0] == chances[1]


@pytest.mark.parametrize("template", TEMPLATES)
def test_equal_offers_get_equal_notes_and_share_their_rank(template: str) -> None:
    answers = next(iter(examples(template).values()))
    offers = [offer("SAAA", answers), offer("SBBB", answers)]
    scores = scored(template, offers, [bid(one.key, 1000.0) for one in offers]).value
    first, second = scores.offers
    assert first.notes == second.notes
    assert [one.ranked.rank for one in scores.offers if one.ranked] == [1, 1]
    assert all(one.ranked and one.ranked.tied for one in scores.offers)
    assert scores.gaps[0].amount == 0
    assert not scores.gaps[0].discernible


@pytest.mark.parametrize("template", TEMPLATES)
def test_one_suppliers_answers_and_documents_never_change_another_ones_impact(template: str) -> None:
    offers = [offer(supplier, answers) for supplier, answers in examples(template).items()]
    before = scored(template, offers).value
    loud = {
        key: replace(answer, evidence="FDES n° 12, EPD, PCF", confidential=True)
        for key, answer in offers[0].answers.items()
    }
    loud |= {"DEV1.Q6": Answer("DEV1.Q6", 120.0), "DEV1.Q6F": Answer("DEV1.Q6F", 80.0)}
    after = scored(template, [replace(offers[0], answers=loud), *offers[1:]]).value
    for one in offers:
        assert said_of(before, one.key.supplier) == said_of(after, one.key.supplier)
    assert before.gaps == after.gaps


@pytest.mark.parametrize("template", TEMPLATES)
def test_one_more_offer_changes_no_impact_and_no_chance_between_the_others(template: str) -> None:
    offers = [offer(supplier, answers) for supplier, answers in examples(template).items()]
    fewer, all_ = scored(template, offers[:-1]).value, scored(template, offers).value
    kept = {(gap.left, gap.right): gap for gap in all_.gaps}
    assert all(kept[gap.left, gap.right] == gap for gap in fewer.gaps)
    for one in offers[:-1]:
        mine = (by_supplier(scores)[one.key.supplier].notes["C2"] for scores in (fewer, all_))
        assert len(set(mine)) == 1


def scored_items() -> list[tuple[str, str, str]]:
    """Every scored answer of every example; a neutral default is the stated exception, read from the annexed plan."""
    found = []
    for template in TEMPLATES:
        declared = {
            one.field.code: one.field
            for one in answered(record(template).subject.template)
            if one.field.scored and one.field.consequence == "default"
        }
        for supplier, answers in examples(template).items():
            for key in answers:
                field = declared.get(key.rpartition(".")[2])
                if field and not (field.default and field.default.kind == "neutral"):
                    found.append((template, supplier, key))
    return found


@given(st.sampled_from(scored_items()))
@settings(max_examples=80)
def test_leaving_out_a_scored_item_never_lowers_the_impact(item: tuple[str, str, str]) -> None:
    template, supplier, key = item
    answers = examples(template)[supplier]
    told = scored(template, [offer(supplier, answers)]).value.offers[0]
    silent = scored(template, [offer(supplier, without(answers, key))]).value.offers[0]
    assert total(silent.impacts).complete
    assert total(silent.impacts).known >= total(told.impacts).known * (1 - 1e-12)


@given(
    st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 100)), min_size=2, max_size=3),
    st.sampled_from(["F1", "F2", "F3", "F4"]),
)
@settings(max_examples=20)
def test_a_stopped_offer_leaves_the_notes_of_the_others_as_if_it_had_not_come(
    given_: list[tuple[float, float]], formula: str
) -> None:
    template = "restauration-scolaire"
    offers = [offer(supplier, answers) for supplier, answers in examples(template).items()][: len(given_)]
    bids = [bid(one.key, *values) for one, values in zip(offers, given_, strict=True)]
    issued = record(template, formula, formula)
    arguments = (issued.subject, issued.fingerprint)
    stopped = score_lot(*arguments, offers, {offers[0].key}, bids).value
    absent = score_lot(*arguments, offers[1:], (), bids[1:]).value
    for one in absent.offers:
        assert by_supplier(stopped)[one.offer.key.supplier].notes == one.notes
    waiting = by_supplier(stopped)[offers[0].key.supplier]
    assert waiting.ranked is None
    assert np.isnan(list(waiting.notes.values())).all()
    assert waiting.values["C1"] == bids[0].price


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_record_alone_gives_the_same_scores_again(template: str) -> None:
    offers = [offer(supplier, answers) for supplier, answers in examples(template).items()]
    issued = record(template)
    again = thaw(issued.text)
    first = scored(template, offers).value
    second = score_lot(again.subject, again.fingerprint, offers, (), bids_of(offers)).value
    assert [(one.values, one.notes, one.ranked) for one in first.offers] == [
        (one.values, one.notes, one.ranked) for one in second.offers
    ]
    assert (first.gaps, first.verdict) == (second.gaps, second.verdict)
