"""From issued copies that came back to ranks: computed from the records, whatever happened to the campaign since."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import returned
from examples import MEALS

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app import score
from canevas_xl.app.score import CampaignScores, issued_records, score_campaign
from canevas_xl.app.subjects import ground
from canevas_xl.app.trace import trace_figure
from canevas_xl.canvas.freeze import thaw
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.messages import message, remedy
from canevas_xl.impact.figures import by_stage, total

BIDS = {
    ("OFF.001", "SUPPLIER"): "S001", ("OFF.001", "LOT"): 1, ("OFF.001", "PRICE"): 148000, ("OFF.001", "N1"): 70,
    ("OFF.002", "SUPPLIER"): "S002", ("OFF.002", "LOT"): 1, ("OFF.002", "PRICE"): 139000, ("OFF.002", "N1"): 60,
    ("OFF.003", "SUPPLIER"): "S003", ("OFF.003", "LOT"): 1, ("OFF.003", "PRICE"): 155000, ("OFF.003", "N1"): 80,
}  # fmt: skip


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    """School meals: the three worked examples came back, prices and notes are typed."""
    path = tmp_path_factory.mktemp("marché")
    folder, copies = returned.issued(path)
    back = path / "retours"
    back.mkdir()
    filled = [
        returned.answered(copy, back / copy.name, answers)
        for copy, answers in zip(copies, MEALS.values(), strict=False)
    ]
    returned.received(folder, *filled)
    returned.typed(folder.workbook, folder.workbook, BIDS)
    return folder


@pytest.fixture(scope="module")
def scores(campaign: CampaignFolder) -> CampaignScores:
    return score_campaign(campaign, returned.LATE)


def changed(campaign: CampaignFolder, changes: returned.Inputs) -> CampaignScores:
    """Score the same campaign after somebody typed in its workbook."""
    before = campaign.workbook.read_bytes()
    try:
        returned.typed(campaign.workbook, campaign.workbook, changes)
        return score_campaign(campaign, returned.LATE)
    finally:
        campaign.workbook.write_bytes(before)


def outcome(scores: CampaignScores) -> list[object]:
    return [(one.offer.key, one.values, one.notes, one.ranked) for lot in scores.lots for one in lot.offers]


def codes(scores: CampaignScores) -> list[str]:
    return sorted({finding.code for finding in scores.findings})


def test_worked_examples_that_came_back_are_ranked(scores: CampaignScores) -> None:
    (lot,) = scores.lots
    meals = {one.offer.key.supplier: total(one.impacts).known for one in lot.offers}
    assert meals == {
        "S001": pytest.approx(1.25912, rel=0.005),
        "S002": pytest.approx(1.68161, rel=0.005),
        "S003": pytest.approx(1.11567, rel=0.005),
    }
    assert [one.ranked.rank for one in lot.offers if one.ranked] == [1, 2, 3]
    assert lot.verdict is not None
    assert len(lot.gaps) == 3
    assert not {code for code in codes(scores) if code[0] == "B"}


def test_scoring_again_gives_the_same(campaign: CampaignFolder, scores: CampaignScores) -> None:
    again = score_campaign(campaign, returned.LATE)
    assert outcome(again) == outcome(scores)
    assert (again.lots[0].gaps, again.lots[0].verdict, again.findings) == (
        scores.lots[0].gaps,
        scores.lots[0].verdict,
        scores.findings,
    )


def test_what_is_changed_after_issue_is_said_and_changes_no_result(
    campaign: CampaignFolder, scores: CampaignScores
) -> None:
    changes = {
        ("L1.C1", "WEIGHT"): 40,
        ("L1.C2", "WEIGHT"): 30,
        ("L1.C2", "HIGH"): 1.5,
        ("L1.C3", "CODE"): "AUTRE",
        ("P.N", "L1"): 12000,
        ("I.P01", "ASKED"): "NON",
        ("CONS.HOUR", "VALUE"): "18:00",
    }
    after = changed(campaign, changes)
    expected = {"S301", "S302", "S303", "S304", "S305", "S306"}
    assert expected <= set(codes(after))
    assert not expected & set(codes(scores))
    assert outcome(after) == outcome(scores)
    weights = [dict(finding.facts) for finding in after.findings if finding.code == "S301"]
    assert weights[1] == {"criterion": "Impact climatique par repas", "before": 25, "after": 30}
    for finding in after.findings:
        assert all(message(finding, language) and remedy(finding, language) for language in ("fr", "en"))


def test_a_newer_release_is_said_and_changes_no_result(
    campaign: CampaignFolder, scores: CampaignScores, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = ground("restauration-scolaire")
    heavier = {key: tuple(v and 2 * v for v in row) for key, row in shipped.factors.factors.items()}
    silent = [
        one.model_copy(update={"default": None}) if one.code == "K2" else one for one in shipped.loaded.template.fields
    ]
    weights = dict.fromkeys(shipped.method.weighting, 1 / 16)
    newer = replace(
        shipped,
        loaded=replace(shipped.loaded, template=shipped.loaded.template.model_copy(update={"fields": tuple(silent)})),
        factors=replace(shipped.factors, factors=heavier),
        method=replace(shipped.method, weighting=weights),
    )
    monkeypatch.setattr(score, "ground", lambda _: newer)
    after = score_campaign(campaign, returned.LATE)
    assert {"S308", "S309", "S310"} <= set(codes(after))
    assert not {"S308", "S309", "S310"} & set(codes(scores))
    assert outcome(after) == outcome(scores)
    assert "K2" in next(message(one, "fr") for one in after.findings if one.code == "S309")


def test_a_template_that_no_longer_ships_changes_no_result(
    campaign: CampaignFolder, scores: CampaignScores, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(reference: str) -> None:
        raise WrongUse("T191", wanted=reference, known="–")

    monkeypatch.setattr(score, "ground", gone)
    assert outcome(score_campaign(campaign, returned.LATE)) == outcome(scores)


def test_an_offer_without_its_price_or_its_row_is_shown_and_waits(campaign: CampaignFolder) -> None:
    after = changed(campaign, {("OFF.001", "PRICE"): None, ("OFF.003", "VARIANT"): 3})
    waiting = {one.offer.key.supplier: one.ranked is None for lot in after.lots for one in lot.offers}
    assert waiting == {"S001": True, "S002": False, "S003": True}
    assert {"B304", "S102", "S103"} <= set(codes(after))
    assert all(total(one.impacts).complete for one in after.lots[0].offers)


def test_a_campaign_that_cannot_be_read_any_more_is_still_computed(
    campaign: CampaignFolder, scores: CampaignScores
) -> None:
    after = changed(campaign, {("CONS.PHASE", "VALUE"): None})
    assert after.campaign is None
    assert outcome(after) == outcome(scores)


def test_every_figure_of_the_results_can_be_followed_home(campaign: CampaignFolder, scores: CampaignScores) -> None:
    (lot,) = scores.lots
    first = next(one for one in lot.offers if one.offer.key.supplier == "S001")
    whole = trace_figure(campaign, "L1.S001.total", returned.LATE)
    assert whole.amount == pytest.approx(total(first.impacts).known, rel=1e-12)
    assert sum(step.amount or 0 for step in whole.lines.steps) == pytest.approx(whole.amount, rel=1e-12)
    assert whole.fingerprint == issued_records(campaign)[1].fingerprint
    stage = trace_figure(campaign, "L1.S001.stage.kitchen", returned.LATE)
    assert stage.amount == pytest.approx(by_stage(first.impacts)["kitchen"].known, rel=1e-12)
    beef = trace_figure(campaign, "L1.S001.line.f01", returned.LATE)
    (answer,) = beef.answers["f01", ""]
    assert (answer.key, answer.value, answer.evidence) == ("P01", 4.0, "Pièce 3")
    assert answer.cell.startswith("Mon offre ")
    assert {step.source for step in beef.lines.steps} == {"AGRIBALYSE 3.2 (2024), 6111"}


def test_a_figure_that_does_not_exist_is_refused_with_those_that_do(campaign: CampaignFolder) -> None:
    with pytest.raises(WrongUse) as nonsense:
        trace_figure(campaign, "le total de S001", returned.LATE)
    assert nonsense.value.code == "S401"
    with pytest.raises(WrongUse) as nobody:
        trace_figure(campaign, "L1.S009.total", returned.LATE)
    assert nobody.value.code == "S402"
    assert "L1.S001.total" in nobody.value.facts["known"]
    with pytest.raises(WrongUse) as stage:
        trace_figure(campaign, "L1.S001.stage.use", returned.LATE)
    assert "L1.S001.stage.kitchen" in stage.value.facts["known"]


def test_nothing_is_scored_before_anything_is_issued(tmp_path: Path) -> None:
    with pytest.raises(WrongUse) as nothing:
        score_campaign(CampaignFolder(tmp_path), returned.LATE)
    assert nothing.value.code in {"S403", "X108"}


def test_a_damaged_record_stops_the_work(tmp_path: Path) -> None:
    folder = CampaignFolder(tmp_path)
    folder.frozen.mkdir()
    (folder.frozen / "L1-R1.json").write_text("{}", "utf-8")
    with pytest.raises(Fault) as damaged:
        issued_records(folder)
    assert damaged.value.code == "X106"


def test_the_record_that_counts_is_the_last_one(campaign: CampaignFolder) -> None:
    record = issued_records(campaign)[1]
    assert thaw(record.text).subject.campaign.round == 1
