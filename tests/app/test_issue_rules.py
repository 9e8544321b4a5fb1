"""What may be issued after what: errata, rounds, corrections of suppliers; and what then lies in the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from issuing import ALPHA, BETA, NOW, campaign, everything, folder_in, issue, lots, outbox, set_aside
from shipped import grounds

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.issue import Issued
from canevas_xl.canvas.freeze import thaw
from canevas_xl.canvas.seal import is_ours, read_token
from canevas_xl.errors import Fault
from canevas_xl.intake.answers import read_answers
from canevas_xl.intake.locate import locate
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Campaign
from canevas_xl.model.vocabulary import Origin


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    return folder_in(tmp_path)


def codes(issued: Issued) -> list[str]:
    return [finding.code for finding in issued.findings]


def later(what: Campaign, days: int = 1) -> Campaign:
    """A change on which every lot depends."""
    return replace(what, deadline=what.deadline + timedelta(days=days))


def with_lot(what: Campaign, number: int, **parameters: float) -> Campaign:
    """A change on which one lot depends."""
    changed = tuple(
        replace(lot, parameters={**lot.parameters, **parameters}) if lot.number == number else lot for lot in what.lots
    )
    return replace(what, lots=changed)


def test_the_outbox_holds_the_copies_to_send_and_no_others_after_an_erratum(folder: CampaignFolder) -> None:
    first = issue(folder, campaign())
    second = issue(folder, later(campaign(erratum="La date était fausse.")))
    assert "I105" in codes(second)
    assert outbox(folder) == sorted(copy.path.name for copy in second.copies)
    assert set_aside(folder) == sorted(copy.path.name for copy in first.copies)
    kinds = [event["kind"] for event in folder.events()]
    assert kinds.count("replaced") == kinds.count("issued") / 2 == 2


def test_one_erratum_excuses_one_change(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    issue(folder, later(campaign(erratum="La date était fausse.")))
    before = everything(folder)
    again = issue(folder, later(campaign(erratum="la date  était FAUSSE."), 2))
    assert codes(again) == ["I102"]
    assert again.blocked
    assert everything(folder) == before
    assert not issue(folder, later(campaign(erratum="Encore fausse."), 2)).blocked
    assert [path.name for path in folder.records(1, 1)] == ["L1-R1.json", "L1-R1-E1.json", "L1-R1-E2.json"]


def test_an_erratum_without_a_change_changes_nothing(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    before = everything(folder)
    assert not issue(folder, campaign(erratum="Rien à dire.")).blocked
    assert everything(folder) == before


def test_an_erratum_on_one_lot_leaves_the_other_as_it_is(folder: CampaignFolder) -> None:
    both = tuple(replace(one, lots=(1, 2)) for one in (ALPHA, BETA))
    two = replace(campaign(*both), lots=lots(2))
    parameter = next(iter(two.lots[0].parameters))
    issue(folder, two)
    issued = issue(folder, replace(with_lot(two, 1, **{parameter: 17.0}), erratum="Le lot 1 était faux."))
    assert not issued.blocked
    assert [(copy.lot, copy.new) for copy in issued.copies] == [(1, True), (1, True), (2, False), (2, False)]
    assert (len(folder.records(1, 1)), len(folder.records(2, 1))) == (2, 1)
    # Nor does the reason given for one lot excuse a later change of the other.
    changed = replace(with_lot(two, 1, **{parameter: 17.0}), erratum="Le lot 1 était faux.")
    assert codes(issue(folder, with_lot(changed, 2, **{parameter: 18.0}))) == ["I102"]


def test_an_erratum_of_which_the_record_was_lost_is_not_written_over(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    issue(folder, later(campaign(erratum="Un.")))
    issue(folder, later(campaign(erratum="Deux."), 2))
    folder.record_path(1, 1, 1).unlink()
    issue(folder, later(campaign(erratum="Trois."), 3))
    assert folder.record_path(1, 1, 3).exists()


@pytest.mark.parametrize("rounds", [(2,), (1, 3), (1, 2, 1)])
def test_rounds_follow_each_other(folder: CampaignFolder, rounds: tuple[int, ...]) -> None:
    *before, last = rounds
    for round_ in before:
        assert not issue(folder, campaign(round=round_)).blocked
    kept = everything(folder)
    assert codes(issue(folder, campaign(round=last))) == ["I103"]
    assert everything(folder) == kept


def test_copies_of_an_earlier_round_are_set_aside(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    issue(folder, campaign(round=2))
    assert all("-R2-" in name for name in outbox(folder))
    assert all("-R1-" in name for name in set_aside(folder))


@pytest.mark.parametrize("correction", [{"name": "Alpha et Filles"}, {"language": "en"}])
def test_a_corrected_supplier_gets_another_copy_and_the_old_one_is_set_aside(
    folder: CampaignFolder, correction: dict[str, str]
) -> None:
    first = issue(folder, campaign())
    old = first.copies[0].path.read_bytes()
    corrected = replace(ALPHA, **correction)  # type: ignore[arg-type]
    second = issue(folder, campaign(corrected, BETA))
    assert second.records == first.records
    assert [copy.new for copy in second.copies] == [True, False]
    assert len(outbox(folder)) == 2
    assert [(folder.replaced / name).read_bytes() for name in set_aside(folder)] == [old]
    # The token names the same supplier, lot and round: whichever copy comes back is understood.
    assert second.copies[0].token == first.copies[0].token
    # Going back is a correction like another.
    third = issue(folder, campaign())
    assert third.copies[0].path.read_bytes() == old
    assert len(set_aside(folder)) == 2
    numbers = [event["copy"] for event in folder.events() if event["kind"] == "issued" and "ALFA" in event["token"]]
    assert sorted(numbers) == [1, 2, 3]


def test_a_corrected_address_changes_no_copy(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    before = everything(folder)
    issue(folder, campaign(replace(ALPHA, email="nouvelle@alpha.example"), BETA))
    assert everything(folder) == before


def test_the_copy_of_a_supplier_who_is_not_asked_any_more_is_set_aside_and_named(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    issued = issue(folder, campaign(BETA))
    assert codes(issued) == ["I104", "I105"]
    assert dict(issued.findings[0].facts)["supplier"] == "ALFA"
    assert ["ALFA" in name for name in set_aside(folder)] == [True]
    assert issue(folder, campaign()).copies[0].path.exists()


def test_a_copy_that_somebody_altered_is_not_replaced_unasked_nor_destroyed(folder: CampaignFolder) -> None:
    path = issue(folder, campaign()).copies[0].path
    issued = path.read_bytes()
    path.write_bytes(b"what the supplier sent back")
    with pytest.raises(Fault) as caught:
        issue(folder, campaign())
    assert caught.value.code == "X105"
    assert path.read_bytes() == b"what the supplier sent back"
    assert not list(folder.path.glob(".*"))
    issue(folder, campaign(), force=True)
    assert path.read_bytes() == issued
    assert [(folder.replaced / name).read_bytes() for name in set_aside(folder)] == [b"what the supplier sent back"]


def test_a_copy_that_was_moved_away_is_made_again_alike(folder: CampaignFolder) -> None:
    path = issue(folder, campaign()).copies[0].path
    issued, events = path.read_bytes(), folder.events()
    path.unlink()
    assert [copy.new for copy in issue(folder, campaign(), NOW + timedelta(days=3)).copies] == [True, False]
    assert path.read_bytes() == issued
    assert folder.events() == events


def test_files_that_are_not_ours_stay_in_the_outbox(folder: CampaignFolder) -> None:
    issue(folder, campaign())
    for name in ("lettre.docx", "autre.xlsx", "~$canevas_L1_R1_CX1-TESTER-ALFA-L1-R1-ABCDEFGHIJKL.xlsx"):
        (folder.outbox / name).write_bytes(b"x")
    issue(folder, campaign(round=2))
    assert {path.name for path in folder.outbox.iterdir()} > {"lettre.docx", "autre.xlsx"}
    assert len(set_aside(folder)) == 2


def test_an_open_canvas_can_be_added_later(folder: CampaignFolder) -> None:
    first = issue(folder, campaign())
    second = issue(folder, campaign(open_canvas=True))
    assert second.records == first.records
    assert [copy.new for copy in second.copies] == [False, False, True]


def lose(folder: CampaignFolder) -> None:
    folder.key.unlink()


def shorten(folder: CampaignFolder) -> None:
    folder.key.write_text("abc", "ascii")


def retell(folder: CampaignFolder) -> None:
    """Change a record so that it is still well formed."""
    path = folder.records(1, 1)[0]
    path.write_text(path.read_text("utf-8").replace("Lot 1", "Lot 9", 1), "utf-8")


def break_event(folder: CampaignFolder) -> None:
    next(folder.register.iterdir()).write_text("[" * 100_000, "utf-8")


@pytest.mark.parametrize("damage", [lose, shorten, retell, break_event])
def test_a_folder_that_was_damaged_is_not_issued_upon(
    folder: CampaignFolder, damage: Callable[[CampaignFolder], None]
) -> None:
    issue(folder, campaign())
    damage(folder)
    before = everything(folder)
    with pytest.raises(Fault) as caught:
        issue(folder, campaign())
    assert caught.value.code == "X106"
    assert everything(folder) == before


def test_a_record_whose_line_ends_another_system_changed_is_the_same_record(folder: CampaignFolder) -> None:
    first = issue(folder, campaign())
    path = folder.records(1, 1)[0]
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert issue(folder, campaign()).records == first.records


def test_a_record_is_enough_to_recognise_its_tokens(folder: CampaignFolder) -> None:
    for copy in issue(folder, campaign()).copies:
        record = thaw(folder.records(copy.lot, 1)[0].read_text("utf-8"))
        token = read_token(copy.path.name)
        assert token is not None
        assert is_ours(token, (folder.secret(), record.fingerprint))


def test_answers_of_the_round_before_stand_in_the_inputs_and_are_counted(folder: CampaignFolder) -> None:
    answers = {
        "DEV1.Q2": Answer("DEV1.Q2", "NEW"),
        "DEV1.Q3": Answer("DEV1.Q3", 28.0, Origin.DOCUMENT, "Fiche = n° 3"),
        "DEV1.Q4": Answer("DEV1.Q4", 5.0, Origin.DOCUMENT),
    }
    issued = issue(folder, campaign(), previous={"ALFA": {1: answers}})
    filled, blank = (read_cells(copy.path) for copy in issued.copies)
    read = read_answers(filled, grounds("informatique-postes").loaded).value
    assert (read["DEV1.Q2"].value, read["DEV1.Q3"].value, read["DEV1.Q4"].value) == ("NEW", 28.0, 5.0)
    assert (read["DEV1.Q3"].origin, read["DEV1.Q3"].evidence) == (Origin.DOCUMENT, "Fiche = n° 3")
    there, here = locate(filled), locate(blank)
    kept = there.spot("DEV1.Q3", "KEPT")
    assert kept is not None
    assert kept.content == 28.0
    assert here.content("DEV1.Q3", "VALUE") is None
    # Issued again without them, the copy stays as it is.
    assert not any(copy.new for copy in issue(folder, campaign()).copies)
