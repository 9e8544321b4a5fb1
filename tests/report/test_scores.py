"""A lot's scores: who is compared, who waits, and every figure followed home."""

from __future__ import annotations

from dataclasses import replace

import pytest
from examples import DEVICES, FURNITURE
from rivals import bid, bids_of, by_supplier, examples, offer, record, scored, without

from canevas_xl.findings.messages import message, remedy
from canevas_xl.impact.figures import by_line, score, total
from canevas_xl.model.figure import FigureKind
from canevas_xl.model.score import LotScores
from canevas_xl.report.scores import score_lot
from canevas_xl.report.tracing import figures_of, trace_named
from canevas_xl.rules.scope import Status

MEALS, DESKS, COMPUTERS = "restauration-scolaire", "mobilier-bureau", "informatique-postes"


def everyone(template: str) -> LotScores:
    return scored(template, [offer(supplier, answers) for supplier, answers in examples(template).items()]).value


def test_furniture_and_computers_score_as_published() -> None:
    desks = {supplier: one.values["C2"] for supplier, one in by_supplier(everyone(DESKS)).items()}
    assert {name: round(desks[f"S{name:0>3}"], 3) for name in FURNITURE} == {
        name: per_year for name, (_, _, per_year) in FURNITURE.items()
    }
    laptops = [row for row in DEVICES.values() if row[0] == "LAPTOP"]
    computers = [one.values["C2"] for _, one in sorted(by_supplier(everyone(COMPUTERS)).items())]
    # by stage, where the published figures are of the whole device
    assert computers == pytest.approx([per_year for *_, per_year in laptops], rel=0.005)


def test_silence_is_scored_with_the_published_default_and_shown_without() -> None:
    silent = by_supplier(everyone(DESKS))["S00D"]
    assert total(silent.impacts).complete
    assert total(silent.as_given).unknown > 0
    assert silent.notes["C2"] == 0


def test_an_offer_without_its_mass_is_not_scored_and_the_others_are() -> None:
    answers = examples(DESKS)
    offers = [offer("S00A", answers["S00A"]), offer("S00B", without(answers["S00B"], "DESK.M0"))]
    checked = scored(DESKS, offers)
    assert [finding.code for finding in checked.findings] == ["S101"]
    assert all(message(checked.findings[0], language) for language in ("fr", "en"))
    first, second = checked.value.offers
    assert (first.ranked.rank if first.ranked else None, second.ranked) == (1, None)
    assert first.notes["C1"] == 100
    assert checked.value.verdict is None


def test_an_impact_that_no_criterion_looks_at_keeps_no_offer_out() -> None:
    answers, issued = examples(DESKS), record(DESKS)
    offers = [offer("S00A", answers["S00A"]), offer("S00B", without(answers["S00B"], "DESK.M0"))]
    price = replace(issued.subject.lot.criteria[0], weight=100.0)
    subject = replace(issued.subject, lot=replace(issued.subject.lot, criteria=(price,)))
    checked = score_lot(subject, issued.fingerprint, offers, (), bids_of(offers))
    assert checked.findings == ()
    assert sorted(one.ranked.rank or 0 for one in checked.value.offers if one.ranked) == [1, 2]


def test_variants_stand_beside_base_offers() -> None:
    answers = examples(DESKS)
    offers = [offer("S00A", answers["S00A"]), offer("S00A", answers["S00R"], variant=1)]
    lot = scored(DESKS, offers, [bid(one.key, 1000.0) for one in offers]).value
    assert [(one.offer.key.variant, one.ranked.rank if one.ranked else None) for one in lot.offers] == [(1, 1), (0, 2)]
    assert [one.ranked.offer for one in lot.offers if one.ranked] == [0, 1]


def test_bids_of_other_lots_are_left_aside() -> None:
    (one,) = [offer("S00A", examples(DESKS)["S00A"])]
    elsewhere = bid(replace(one.key, lot=2), 10.0)
    assert scored(DESKS, [one], [*bids_of([one]), elsewhere]).findings == ()


def test_an_offer_without_a_row_and_a_row_without_an_offer() -> None:
    one = offer("S00A", examples(DESKS)["S00A"])
    checked = scored(DESKS, [one], [bid(replace(one.key, variant=2), 10.0)])
    assert [finding.code for finding in checked.findings] == ["S102", "S103"]
    assert all(remedy(finding, "fr") for finding in checked.findings)


def test_an_offer_that_a_finding_stops_is_not_asked_for_its_price() -> None:
    one = offer("S00A", examples(DESKS)["S00A"])
    assert scored(DESKS, [one], [], [one.key]).findings == ()


def test_a_lot_without_criteria_shows_impacts_and_ranks_nobody() -> None:
    issued = record(DESKS)
    subject = replace(issued.subject, lot=replace(issued.subject.lot, criteria=()))
    offers = [offer(supplier, answers) for supplier, answers in examples(DESKS).items()]
    checked = score_lot(subject, issued.fingerprint, offers, (), ())
    assert checked.findings == ()
    assert {one.ranked.rank for one in checked.value.offers if one.ranked} == {None}
    assert len(checked.value.gaps) == 10
    assert checked.value.verdict is not None


def test_nothing_came() -> None:
    checked = scored(DESKS, [])
    assert (checked.value.offers, checked.value.gaps, checked.value.verdict, checked.findings) == ((), (), None, ())


def test_the_rule_on_food_is_looked_at_for_food_only() -> None:
    codes = {
        template: [
            finding.code for finding in scored(template, [offer(*one) for one in examples(template).items()]).findings
        ]
        for template in (MEALS, DESKS)
    }
    assert codes == {MEALS: ["S201"], DESKS: []}


@pytest.mark.parametrize("template", [MEALS, DESKS, COMPUTERS])
def test_every_figure_adds_up_from_its_steps(template: str) -> None:
    lot = everyone(template)
    one = lot.offers[-1]
    for figure in figures_of(lot, one):
        followed = trace_named([lot], str(figure)).value
        assert followed is not None, figure
        if followed.lines and figure.kind not in {FigureKind.NOTE, FigureKind.POINTS}:
            steps = followed.lines.steps
            assert sum(step.amount or 0 for step in steps) == pytest.approx(followed.amount, rel=1e-9, abs=1e-15)
            for step in steps:
                assert step.amount == pytest.approx(step.quantity * step.factor, rel=1e-9, abs=1e-15)
        assert set(followed.answers) == ({(s.flow, s.row) for s in followed.lines.steps} if followed.lines else set())


def test_a_row_of_a_table_and_the_whole_flow() -> None:
    lot = everyone(DESKS)
    row = trace_named([lot], "L1.S00A.line.f1a.DESK").value
    whole = trace_named([lot], "L1.S00A.line.f1a").value
    assert row is not None
    assert whole is not None
    lines = by_line(by_supplier(lot)["S00A"].impacts)
    assert row.amount == pytest.approx(lines["f1a", "DESK"].known)
    assert whole.amount == pytest.approx(lines["f1a", "DESK"].known + lines["f1a", "CHAIR"].known)
    assert {answer.key for answer in row.answers["f1a", "DESK"]} == {"DESK.M1", "R1", "G"}


def test_a_default_is_followed_as_one() -> None:
    followed = trace_named([everyone(DESKS)], "L1.S00D.line.f6b.DESK").value
    assert followed is not None
    used = {answer.key: answer for answer in followed.answers["f6b", "DESK"]}
    assert (used["A"].value, used["A"].status, used["A"].origin) == ("OUI", Status.DEFAULT, None)
    assert followed.lines is not None
    assert followed.lines.steps[0].on_default


def test_the_index_of_a_plate_and_another_category() -> None:
    lot = everyone(MEALS)
    one = by_supplier(lot)["S00A"]
    index = trace_named([lot], "L1.S00A.index.assiette").value
    water = trace_named([lot], "L1.S00A.total@wtu").value
    assert index is not None
    assert water is not None
    assert index.amount == pytest.approx(score(one.impacts, "assiette").known)
    assert water.amount == pytest.approx(total(one.impacts, "wtu").known)
    assert trace_named([lot], "L1.S00A.stage.kitchen@wtu").findings[0].code == "S402"


def test_points_are_followed_to_notes_and_values() -> None:
    lot = everyone(MEALS)
    one = by_supplier(lot)["S00B"]
    points = trace_named([lot], "L1.S00B.points").value
    assert points is not None
    assert one.ranked is not None
    assert points.amount == pytest.approx(one.ranked.total)
    impact = trace_named([lot], "L1.S00B.note.C2").value
    assert impact is not None
    assert impact.amount == pytest.approx(100 * (2.0 - one.values["C2"]) / (2.0 - 0.9))
    assert len(impact.notes[0].compared_with) == 3
    assert impact.lines is not None
    price = trace_named([lot], "L1.S00B.value.C1").value
    assert price is not None
    assert (price.amount, price.lines) == (one.values["C1"], None)


def test_names_that_lead_nowhere_are_answered_with_those_that_do() -> None:
    lot = everyone(MEALS)
    assert trace_named([lot], "total").findings[0].code == "S401"
    for text in ("L1.S999.total", "L2.S00A.total", "L1.S00A.V1.total", "L1.S00A.line.f99", "L1.S00A.note.C9"):
        (said,) = trace_named([lot], text).findings
        assert said.code == "S402"
        assert dict(said.facts)["known"]
    assert trace_named([], "L1.S00A.total").findings[0].code == "S402"
