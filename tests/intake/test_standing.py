"""For one key the last return received in time counts; every other is kept, with the reason why not."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
import shipped

from canevas_xl.canvas.seal import read_token
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.findings.messages import message
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.intake.decisions import finding_id
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.standing import Arrived, Expected, consolidate
from canevas_xl.model.answer import Answer, Answers, answers_of
from canevas_xl.model.canvas import Token
from canevas_xl.model.offer import Decision, Identity, OfferKey, Receipt, Return, Standing
from canevas_xl.model.vocabulary import Phase

TEMPLATE = "informatique-postes"
DEADLINE = datetime(2026, 12, 15, 12, 0, tzinfo=timezone(timedelta(hours=1)))
IN_TIME = DEADLINE - timedelta(days=2)
WHO = Identity("Déclaré", "73282932000074", "A. Roux", 0, True, False)
EXPECTED = Expected({"S001": "Alpha", "S002": "Beta"}, frozenset({(1, "S001"), (1, "S002"), (1, "S003")}))


def issue(round_: int, phase: Phase = Phase.SOURCING) -> Issue:
    subject = shipped.canvas_of(TEMPLATE, "fr", {}).subject
    campaign = replace(subject.campaign, round=round_, deadline=DEADLINE, phase=phase)
    return Issue(replace(subject, campaign=campaign), f"record {round_}", 0, {}, frozenset())


def ledger(*rounds: int, phase: Phase = Phase.SOURCING) -> Ledger:
    issues = {(1, round_): (issue(round_, phase),) for round_ in rounds or (1,)}
    return Ledger(issues, read_token, lambda *_: True)


def answers(**changes: float) -> Answers:
    full = {key: one.value for key, one in shipped.answers_in(TEMPLATE, "full").items() if one.value is not None}
    return MappingProxyType(answers_of({**full, **changes}))


def came(content: str, supplier: str = "S001", at: datetime = IN_TIME, round_: int = 1, **more: object) -> Arrived:
    """A file whose bytes are told by ``content``."""
    receipt = Receipt(content, f"{content}.xlsx", 1, at, "file")
    identity = more.get("identity", WHO)
    given = more.get("answers", answers(**{"DEV1.Q3": 20.0 + sum(map(ord, content)) / 100}))
    findings: tuple[Finding, ...] = more.get("findings", ())  # type: ignore[assignment]
    token = Token("TESTER", supplier, 1, round_, "X" * 12)
    return Arrived((receipt,), Checked(Return(receipt, token, identity, given), findings))  # type: ignore[arg-type]


def sort(
    *arrived: Arrived, issued: Ledger | None = None, decisions: Mapping[str, Decision] | None = None
) -> Consolidation:
    return consolidate(arrived, issued or ledger(), EXPECTED, decisions or {})


def kept(done: Consolidation) -> list[str]:
    return [one.receipt.sha256 for one in done.offers]


def aside(done: Consolidation) -> dict[str, Standing]:
    return {one.receipt.sha256: one.standing for one in done.set_aside}


def codes(done: Consolidation) -> list[str]:
    return [one.finding.code for one in done.said]


def test_the_last_return_in_time_counts() -> None:
    done = sort(
        came("one", at=IN_TIME), came("two", at=IN_TIME + timedelta(hours=1)), came("three", at=IN_TIME - timedelta(1))
    )
    assert kept(done) == ["two"]
    assert aside(done) == {"one": Standing.SUPERSEDED, "three": Standing.SUPERSEDED}


def test_a_blank_return_takes_the_place_of_no_filled_one() -> None:
    nothing = {key: Answer(key, None) for key in answers()}
    done = sort(came("filled"), came("blank", at=IN_TIME + timedelta(hours=1), answers=nothing))
    assert kept(done) == ["filled"]
    assert aside(done) == {"blank": Standing.BLANK}
    assert codes(done) == ["R366"]
    assert not done.stopped(done.offers[0].key)


def test_a_blank_return_counts_where_nothing_else_came_and_gives_way_to_a_filled_one() -> None:
    nothing = {key: Answer(key, None) for key in answers()}
    assert kept(sort(came("blank", answers=nothing))) == ["blank"]
    done = sort(came("blank", answers=nothing), came("filled", at=IN_TIME + timedelta(hours=1)))
    assert (kept(done), aside(done)) == (["filled"], {"blank": Standing.SUPERSEDED})


def test_what_an_earlier_return_said_is_kept_beside_the_one_that_counts() -> None:
    done = sort(came("one"), came("two", at=IN_TIME + timedelta(hours=1)))
    (earlier,) = done.set_aside
    assert earlier.offer is not None
    assert earlier.offer.answers != done.offers[0].answers


def test_the_deadline_is_compared_across_time_zones() -> None:
    utc = UTC
    at_the_minute = datetime(2026, 12, 15, 11, 0, tzinfo=utc)
    assert kept(sort(came("one", at=at_the_minute))) == ["one"]
    done = sort(came("one", at=at_the_minute + timedelta(seconds=1)))
    assert (kept(done), aside(done), codes(done)) == ([], {"one": Standing.LATE}, ["R330"])


def test_a_late_return_is_told_by_the_clock_of_the_deadline() -> None:
    done = sort(came("one", at=datetime(2026, 12, 15, 11, 30, tzinfo=UTC)))
    (late,) = (one.finding for one in done.said)
    assert message(late, "fr").startswith("Reçu le 15/12/2026 à 12:30, après la date limite du 15/12/2026 à 12:00.")


@pytest.mark.parametrize(
    ("file_name", "said"),
    [("Réponse_SOCIETE-BETA.xlsx", ["R319"]), ("Societe_Alpha et Société Bêta.xlsx", []), ("reponse.xlsx", [])],
)
def test_a_file_that_is_named_after_another_supplier_is_doubted(file_name: str, said: list[str]) -> None:
    names = Expected({"S001": "Société Alpha", "S002": "Société Bêta"}, frozenset())
    one = came("a")
    named = replace(one, receipts=(replace(one.receipts[0], name=file_name),))
    done = consolidate([named], ledger(), names, {})
    assert [one.finding.code for one in done.said] == said


def test_a_late_return_does_not_replace_one_in_time() -> None:
    done = sort(came("one"), came("late", at=DEADLINE + timedelta(hours=1)))
    assert kept(done) == ["one"]
    assert aside(done) == {"late": Standing.LATE}
    assert not done.stopped(done.offers[0].key)


def test_a_late_return_counts_once_accepted_except_in_a_consultation() -> None:
    late = came("late", at=DEADLINE + timedelta(hours=1))
    (said,) = sort(late).said
    accepted = {said.id: Decision(said.id, True, "Panne du serveur de messagerie")}
    done = sort(late, decisions=accepted)
    assert kept(done) == ["late"]
    assert not done.stopped(done.offers[0].key)
    refused = {said.id: Decision(said.id, False, "Sans motif valable")}
    assert kept(sort(late, decisions=refused)) == []
    assert kept(sort(late, issued=ledger(phase=Phase.CONSULTATION), decisions=accepted)) == []


def test_the_same_bytes_again_are_twins_and_the_last_receipt_in_time_counts() -> None:
    first, again = IN_TIME - timedelta(days=3), IN_TIME + timedelta(hours=3)
    receipts = tuple(Receipt("one", "one.xlsx", 1, at, "mail") for at in (first, again, DEADLINE + timedelta(1)))
    one = replace(came("one"), receipts=receipts)
    done = sort(one, came("two", at=IN_TIME))
    assert kept(done) == ["one"]
    assert done.offers[0].receipt.received == again
    assert sorted(standing.standing for standing in done.set_aside) == [
        Standing.SUPERSEDED,
        Standing.TWIN,
        Standing.TWIN,
    ]
    assert "R330" not in codes(done)


def test_an_older_round_is_kept_but_does_not_count() -> None:
    done = sort(came("old", round_=1), came("new", supplier="S002", round_=2), issued=ledger(1, 2))
    assert kept(done) == ["new"]
    assert aside(done) == {"old": Standing.OLDER_ROUND}
    assert "R308" in codes(done)
    assert done.silent == ((1, "S001"), (1, "S003"))


def test_variants_are_offers_of_their_own() -> None:
    done = sort(came("base"), came("variant", identity=replace(WHO, variant=2)), came("other", supplier="S002"))
    assert [str(one.key) for one in done.offers] == ["L1 S001 R1", "L1 S001 R1 V2", "L1 S002 R1"]
    assert "R317" not in codes(done)
    alone = sort(came("variant", identity=replace(WHO, variant=2)))
    assert codes(alone) == ["R317"]


def test_an_unreadable_variant_takes_nobodys_place() -> None:
    done = sort(came("base"), came("unclear", identity=replace(WHO, variant=None), at=IN_TIME + timedelta(1)))
    assert len(done.offers) == 2


def test_open_canvases_are_matched_by_declared_identifier() -> None:
    spaced = replace(WHO, identifier="732 829 320 00074")
    other = replace(WHO, identifier="35600000000048")
    done = sort(
        came("one", supplier="OPEN"),
        came("two", supplier="OPEN", identity=spaced, at=IN_TIME + timedelta(1)),
        came("three", supplier="OPEN", identity=other),
    )
    assert kept(done) == ["three", "two"]
    assert [one.key.supplier for one in done.offers] == ["=35600000000048", "=73282932000074"]
    assert [one.name for one in done.offers] == ["Déclaré", "Déclaré"]


def test_open_canvases_without_an_identifier_wait_and_take_nobodys_place() -> None:
    nobody = replace(WHO, identifier="")
    done = sort(came("one", supplier="OPEN", identity=nobody), came("two", supplier="OPEN", identity=nobody))
    assert len(done.offers) == 2
    assert all(done.stopped(one.key) for one in done.offers)
    assert codes(done).count("R310") == 2


def test_without_an_identifier_an_addressed_canvas_is_only_doubted() -> None:
    done = sort(came("one", identity=replace(WHO, identifier="")))
    assert codes(done) == ["R318"]
    assert not done.stopped(done.offers[0].key)


def test_what_is_none_of_ours_or_unread_stops_nobody() -> None:
    receipt = Receipt("x", "x.xlsx", 1, IN_TIME, "file")
    stranger = Arrived((receipt,), Checked(Return(receipt, None, Identity(), {}), (found("R301"),)))
    broken = Arrived((replace(receipt, sha256="y"),), None, Standing.UNREADABLE, (found("X126", path="y", reason="z"),))
    done = sort(stranger, broken, came("one"))
    assert aside(done) == {"x": Standing.NOT_OURS, "y": Standing.UNREADABLE}
    assert kept(done) == ["one"]
    assert not done.stopped(done.offers[0].key)
    assert {one.finding.place.file for one in done.said} == {"x.xlsx"}


def test_nobody_is_silent_while_files_lie_unread() -> None:
    receipt = Receipt("x", "x.xlsx", 1, IN_TIME, "file")
    done = sort(Arrived((receipt,), None, Standing.NOT_YET))
    assert aside(done) == {"x": Standing.NOT_YET}
    assert done.silent == ()
    assert sort().silent == ((1, "S001"), (1, "S002"), (1, "S003"))


def test_the_same_answers_from_two_suppliers_are_information_for_the_buyer_alone() -> None:
    done = sort(came("one", answers=answers()), came("two", supplier="S002", answers=answers()))
    (said,) = [one for one in done.said if one.finding.code == "R331"]
    assert said.key is None
    assert said.finding.kind.audience == "buyer"
    assert not said.stops
    same = sort(came("one", answers=answers()), came("two", identity=replace(WHO, variant=1), answers=answers()))
    assert "R331" not in codes(same)


def test_decisions_follow_their_finding_through_every_run() -> None:
    doubt = found("R340", Place(sheet="Mon offre", cell="B7", key="P01"), was="a", now="b")
    one = came("one", findings=(doubt,))
    key = OfferKey(1, "S001", 1, 0)
    assert sort(one).stopped(key)
    decided = {finding_id(doubt, key): Decision(finding_id(doubt, key), True, "Sans effet")}
    assert not sort(one, decisions=decided).stopped(key)
    elsewhere = replace(doubt, place=replace(doubt.place, cell="B9", sheet="Feuil2"))
    assert not sort(came("one", findings=(elsewhere,)), decisions=decided).stopped(key)
    otherwise = replace(doubt, facts=(("was", "a"), ("now", "c")))
    assert sort(came("one", findings=(otherwise,)), decisions=decided).stopped(key)


def test_a_refusal_goes_on_stopping_the_offer() -> None:
    doubt = found("R315", Place(key="ID.ATTEST"))
    key = OfferKey(1, "S001", 1, 0)
    refused = {finding_id(doubt, key): Decision(finding_id(doubt, key), False, "Non signée")}
    assert sort(came("one", findings=(doubt,)), decisions=refused).stopped(key)


def test_unequal_decisions_on_the_same_doubt_are_said() -> None:
    doubt = found("C221", Place(key="P01"), label="x", value=3.0, unit="kg", low=0, high=1)
    keys = [OfferKey(1, supplier, 1, 0) for supplier in ("S001", "S002")]
    both = [came(s, supplier=s, findings=(doubt,)) for s in ("S001", "S002")]

    def decided(*accepted: bool) -> dict[str, Decision]:
        ids = [finding_id(doubt, key) for key in keys]
        return {one: Decision(one, yes, "motif") for one, yes in zip(ids, accepted, strict=True)}

    assert "R364" in codes(sort(*both, decisions=decided(True, False)))
    assert "R364" not in codes(sort(*both, decisions=decided(True, True)))


def test_the_order_of_files_changes_nothing() -> None:
    every = [came("one"), came("two", at=IN_TIME + timedelta(1)), came("three", supplier="S002"),
             came("four", supplier="OPEN"), came("five", supplier="S003", at=DEADLINE + timedelta(1))]  # fmt: skip
    first = sort(*every)
    for seed in range(10):
        random.Random(seed).shuffle(every)  # noqa: S311 - an order, not a secret
        assert sort(*every) == first


@pytest.mark.parametrize("value", [0.028, 28_000.0])
def test_one_suppliers_document_never_changes_anothers_result(value: float) -> None:
    four = [came(f"S00{n}", supplier=f"S00{n}", answers=answers(**{"DEV1.Q3": 25.0 + n})) for n in range(1, 5)]
    before = sort(*four)
    assert codes(before) == []
    far = came("far", supplier="S005", answers=answers(**{"DEV1.Q3": value}))
    after = sort(*four, far)
    assert after.offers[:4] == before.offers
    assert [(str(one.key), one.finding.code) for one in after.said] == [("L1 S005 R1", "R351")]
    assert not after.said[0].stops
