"""What came back is stored first, registered once, and never lost; nothing is read."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from mail_samples import SERVER, bounced, message, workbook, zipped

from canevas_xl.adapters.mail import drops
from canevas_xl.adapters.store.folder import CampaignFolder, Event
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.collect import Collected, State, collect, inbox, receipts
from canevas_xl.app.new import new_campaign
from canevas_xl.cli import main
from canevas_xl.errors import WrongUse
from canevas_xl.findings.messages import message as spoken
from canevas_xl.intake.locate import locate

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 10, 2, 9, 0, tzinfo=PARIS)
SAVED = datetime(2026, 10, 1, 18, 0, tzinfo=PARIS)
ARRIVED = datetime(2026, 10, 1, 11, 30, tzinfo=PARIS)
BOOK, OTHER = workbook("a"), workbook("b")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped school-meal example, made once for all tests."""
    path = tmp_path_factory.mktemp("made") / "campagne"
    new_campaign("restauration-scolaire", path, NOW, language="fr", example=True)
    return path


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> CampaignFolder:
    """A copy of it to play with."""
    return CampaignFolder(Path(shutil.copytree(made, tmp_path / "campagne")))


@pytest.fixture
def came(tmp_path: Path) -> Path:
    """The folder in which the buyer saves what comes."""
    path = tmp_path / "retours"
    path.mkdir()
    return path


def put(folder: Path, name: str, data: bytes, when: datetime = SAVED) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (when.timestamp(), when.timestamp()))
    return path


def codes(result: Collected) -> list[str]:
    return sorted(finding.code for finding in result.findings)


def states(result: Collected) -> list[State]:
    return [one.state for one in result.taken]


def held(folder: CampaignFolder) -> dict[str, bytes]:
    """Everything that a campaign's folder holds, by path."""
    return {str(path.relative_to(folder.path)): path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


def test_a_workbook_is_stored_under_its_hash_and_registered_with_its_time(folder: CampaignFolder, came: Path) -> None:
    result = collect(folder, [put(came, "réponse.xlsx", BOOK)], NOW)
    (one,) = result.taken
    assert one.stored.read_bytes() == BOOK
    assert one.stored.name == f"{one.receipt.sha256}.xlsx"
    ((receipt, stored),) = receipts(folder)
    assert (receipt, stored) == (one.receipt, one.stored)
    assert (receipt.name, receipt.size, receipt.received, receipt.source) == ("réponse.xlsx", len(BOOK), SAVED, "file")
    assert (codes(result), states(result)) == (["M431"], [State.NEW])


def test_the_same_again_changes_nothing(folder: CampaignFolder, came: Path) -> None:
    put(came, "a.xlsx", BOOK)
    put(came, "m.eml", message(("b.xlsx", OTHER)).as_bytes())
    put(came, "n.pdf", b"%PDF-1.7")
    collect(folder, [came], NOW)
    before = held(folder)
    result = collect(folder, [came], NOW + timedelta(days=1))
    assert held(folder) == before
    assert set(states(result)) == {State.KNOWN}


def test_the_same_file_moved_touched_or_in_another_folder_is_the_same_receipt(
    folder: CampaignFolder, came: Path
) -> None:
    collect(folder, [put(came, "a.xlsx", BOOK)], NOW)
    result = collect(folder, [put(came / "plus tard", "a.xlsx", BOOK, NOW)], NOW)
    assert states(result) == [State.KNOWN]
    assert [receipt.received for receipt, _ in receipts(folder)] == [SAVED]


def test_the_same_bytes_twice_are_one_file_and_two_receipts_one_of_which_says_twin(
    folder: CampaignFolder, came: Path
) -> None:
    put(came, "a.xlsx", BOOK)
    put(came, "m.eml", message(("b.xlsx", BOOK)).as_bytes())
    result = collect(folder, [came], NOW)
    assert states(result) == [State.NEW, State.TWIN]
    assert len(list(inbox(folder).iterdir())) == 1
    assert sorted(event["twin"] for event in folder.events()) == [False, True]
    assert "M436" in codes(result)


# Who says when


def test_the_time_of_a_message_is_that_of_its_last_server(folder: CampaignFolder, came: Path) -> None:
    result = collect(folder, [put(came, "m.eml", message(("r.xlsx", BOOK)).as_bytes())], NOW)
    (one,) = result.taken
    assert (one.receipt.received, one.clock, one.receipt.source) == (ARRIVED, "server", "mail")
    assert (one.receipt.sender, one.receipt.subject) == ("contact@boeuf.example", "RE: Restauration")
    assert codes(result) == []


def test_a_message_without_a_server_has_the_time_that_its_sender_says_and_that_is_said(
    folder: CampaignFolder, came: Path
) -> None:
    result = collect(folder, [put(came, "m.eml", message(("r.xlsx", BOOK), Received="").as_bytes())], NOW)
    assert result.taken[0].receipt.received == datetime(2026, 10, 1, 11, 0, tzinfo=PARIS)
    assert codes(result) == ["M430"]
    bare = message(("r.xlsx", OTHER), Received="", Date="", Message_ID="")
    result = collect(folder, [put(came, "n.eml", bare.as_bytes())], NOW)
    assert (result.taken[0].receipt.received, result.taken[0].clock) == (SAVED, "file")


def test_the_time_that_the_buyer_states_is_in_the_campaign_s_zone_and_stands_for_files(
    folder: CampaignFolder, came: Path
) -> None:
    result = collect(folder, [put(came, "a.xlsx", BOOK)], NOW, datetime(2026, 10, 1, 11, 30))  # noqa: DTZ001 - as typed
    assert (result.taken[0].receipt.received, result.taken[0].clock) == (ARRIVED, "stated")
    assert codes(result) == []


def test_the_server_s_time_is_not_replaced_by_one_that_is_stated(folder: CampaignFolder, came: Path) -> None:
    result = collect(folder, [put(came, "m.eml", message(("r.xlsx", BOOK)).as_bytes())], NOW, SAVED)
    assert result.taken[0].receipt.received == ARRIVED
    assert codes(result) == ["M437"]


def test_a_time_is_corrected_for_a_file_that_is_named_and_both_stay_in_the_register(
    folder: CampaignFolder, came: Path
) -> None:
    path = put(came, "a.xlsx", BOOK)
    collect(folder, [path], NOW)
    by_folder = collect(folder, [came], NOW, ARRIVED)
    assert (states(by_folder), codes(by_folder)) == ([State.KNOWN], ["M431", "M443"])
    assert [receipt.received for receipt, _ in receipts(folder)] == [SAVED]
    result = collect(folder, [path], NOW + timedelta(hours=1), ARRIVED)
    assert (states(result), codes(result)) == ([State.CORRECTED], ["M441"])
    assert [receipt.received for receipt, _ in receipts(folder)] == [ARRIVED]
    assert len(folder.events()) == 2
    back = collect(folder, [path], NOW + timedelta(hours=2), SAVED)
    assert states(back) == [State.CORRECTED]
    assert [receipt.received for receipt, _ in receipts(folder)] == [SAVED]


def test_a_time_in_the_future_is_said(folder: CampaignFolder, came: Path) -> None:
    assert "M438" in codes(collect(folder, [put(came, "a.xlsx", BOOK, NOW + timedelta(days=1))], NOW))


def test_what_was_forwarded_has_the_time_of_the_forwarding(folder: CampaignFolder, came: Path) -> None:
    outer = message(From="collegue@exemple.fr", Message_ID="<9@exemple.fr>")
    outer.add_attachment(message(("r.xlsx", BOOK), Received=SERVER.format(when="Wed, 30 Sep 2026 08:00:00 +0200")))
    path = put(came, "tr.eml", outer.as_bytes())
    result = collect(folder, [path], NOW)
    assert (result.taken[0].receipt.received, result.taken[0].receipt.sender) == (ARRIVED, "contact@boeuf.example")
    assert codes(result) == ["M432"]
    stated = collect(folder, [path], NOW, datetime(2026, 9, 30, 8, 0, tzinfo=PARIS))
    assert stated.taken[0].state is State.CORRECTED


# What came


def test_folders_archives_messages_and_mailboxes_are_opened(folder: CampaignFolder, came: Path) -> None:
    put(came / "a", "1.xlsx", workbook("1"))
    put(came / "a", "~$1.xlsx", b"lock")
    put(came, "2.zip", zipped({"lot/2.xlsx": workbook("2"), "3.eml": message(("3.xlsx", workbook("3"))).as_bytes()}))
    line = b"From MAILER-DAEMON Thu Oct  1 11:30:00 2026\n"
    mails = [message((f"{n}.xlsx", workbook(f"{n}")), Message_ID=f"<{n}@b.fr>").as_bytes() for n in (4, 5)]
    put(came, "Courrier", line + mails[0] + b"\n" + line + mails[1])
    put(came, "6.eml", message(("6.zip", zipped({"6.xlsx": workbook("6")}))).as_bytes())
    result = collect(folder, [came], NOW)
    assert sorted(one.receipt.name for one in result.taken) == [f"{n}.xlsx" for n in range(1, 7)]
    assert all(one.workbook for one in result.taken)


def test_what_is_no_workbook_is_kept_named_and_no_receipt_of_an_answer(folder: CampaignFolder, came: Path) -> None:
    put(came, "a.pdf", b"%PDF-1.7")
    put(came, "b.xlsx", b"")
    put(came, "c.msg", bytes.fromhex("d0cf11e0a1b11ae1") + "__substg1.0_".encode("utf-16-le"))
    put(came, "d.eml", message(("winmail.dat", bytes.fromhex("789f3e22"))).as_bytes())
    written = message(Message_ID="<5@b.fr>")
    written.add_alternative("<html><body>Bonjour</body></html>", subtype="html")
    put(came, "e.eml", written.as_bytes())
    put(came, "f.eml", b"From: a@b.fr\r\nSubject: x\r\nContent-Type: application/pkcs7-mime\r\n\r\nsecret")
    result = collect(folder, [came], NOW)
    assert codes(result) == ["M421", "M422", "M423", "M424", "M427", "M445", "M448"]
    assert receipts(folder) == ()
    assert len(result.taken) == 7
    assert all(one.stored.is_file() and not one.workbook for one in result.taken)
    assert {event["kind"] for event in folder.events()} == {"received_other"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x89PNG\r\n", "M445"),
        (b"<html><table>CX1</table></html>", "M446"),
        (b"Rar!\x1a\x07", "M447"),
        (b"{\\rtf1 bonjour}", "M448"),
        ("Bonjour, notre référence est CX1-EXEMPL-S001-L1-R1-ABCDEFGHIJKL.".encode(), "M448"),
        (b"\0\1\2\3", "M420"),
        (zipped({}), "M427"),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(
    folder: CampaignFolder, came: Path, data: bytes, code: str
) -> None:
    result = collect(folder, [put(came, "réponse.xls", data)], NOW)
    assert codes(result) == [code]
    assert all(one.stored.read_bytes() == data for one in result.taken)


def test_a_sheet_of_a_canvas_that_was_saved_as_text_may_be_an_answer(folder: CampaignFolder, came: Path) -> None:
    text = "CX1-EXEMPL-S001-L1-R1-ABCDEFGHIJKL;\nKEY;;VALUE\nP01;Bœuf;4\n"
    for number, data in enumerate((text.encode(), text.encode("cp1252"), text.encode("utf-16"))):
        result = collect(folder, [put(came, f"{number}.csv", data)], NOW)
        assert [one.stored.suffix for one in result.taken if one.workbook] == [".csv"]


def test_the_extension_of_a_stored_file_follows_from_its_bytes_and_not_from_its_name(
    folder: CampaignFolder, came: Path
) -> None:
    put(came, "a.exe", BOOK)
    put(came, "b.xlsx", b"%PDF-1.7")
    result = collect(folder, [came], NOW)
    assert [(one.stored.suffix, one.workbook) for one in result.taken] == [(".xlsx", True), (".pdf", False)]


def test_a_notice_of_delivery_is_no_answer_though_it_holds_our_canvas(folder: CampaignFolder, came: Path) -> None:
    result = collect(folder, [put(came, "m.eml", bounced(message(("canevas.xlsx", BOOK))))], NOW)
    assert codes(result) == ["M434"]
    assert receipts(folder) == ()


def test_a_canvas_that_comes_back_as_it_was_issued_is_said(folder: CampaignFolder, came: Path) -> None:
    result = collect(folder, [put(came, "a.xlsx", BOOK)], NOW)
    folder.add_event(Event("issued", NOW, {"token": "x", "file": "x", "sha256": result.taken[0].receipt.sha256}))
    assert "M435" in codes(collect(folder, [came], NOW))


def test_a_file_recovered_from_a_broken_message_is_taken_and_said(folder: CampaignFolder, came: Path) -> None:
    broken = message(("r.xlsx", BOOK)).as_bytes().replace(b"boundary=", b"bound=")
    result = collect(folder, [put(came, "m.eml", broken)], NOW)
    assert [(one.receipt.name, one.workbook) for one in result.taken] == [("1.xlsx", True)]
    assert codes(result) == ["M440"]


def test_what_is_too_large_or_cannot_be_taken_out_blocks_and_the_rest_is_taken(
    folder: CampaignFolder, came: Path
) -> None:
    put(came, "a.xlsx", BOOK)
    put(came, "b.xlsx", b"PK\x03\x04" + bytes(drops.LARGEST_FILE))
    put(came, "c.zip", zipped({"d.zip": zipped({"x": b"x"}), "e.xlsx": OTHER}))
    (came / "f.xlsx").symlink_to(came / "nowhere")
    result = collect(folder, [came], NOW)
    assert {"M425", "M428", "M429"} <= set(codes(result))
    assert [one.receipt.name for one in result.taken if one.workbook] == ["a.xlsx", "e.xlsx"]
    assert result.blocked


def test_folders_too_deep_are_said(folder: CampaignFolder, came: Path) -> None:
    deep = came.joinpath(*("d" * (drops.MOST_FOLDERS_DEEP + 2)))
    deep.mkdir(parents=True)
    put(deep, "a.xlsx", BOOK)
    assert codes(collect(folder, [came], NOW)) == ["M426"]


def test_a_link_to_the_folder_around_it_is_not_followed(folder: CampaignFolder, came: Path) -> None:
    put(came, "a.xlsx", BOOK)
    (came / "encore").symlink_to(came)
    assert len(collect(folder, [came], NOW).taken) == 1


def test_the_campaign_s_own_files_are_no_answers(folder: CampaignFolder) -> None:
    put(folder.outbox, "canevas.xlsx", BOOK)
    put(inbox(folder), "x.xlsx", BOOK)
    put(folder.path / "retours", "a.xlsx", OTHER)
    result = collect(folder, [folder.path], NOW)
    assert [one.receipt.name for one in result.taken] == ["a.xlsx"]


def test_an_empty_folder_is_said(folder: CampaignFolder, came: Path) -> None:
    result = collect(folder, [came], NOW)
    assert (codes(result), result.taken) == (["M439"], ())


def test_a_path_that_does_not_exist_stops_before_anything_is_stored(folder: CampaignFolder, came: Path) -> None:
    with pytest.raises(WrongUse) as caught:
        collect(folder, [put(came, "a.xlsx", BOOK), came / "b.xlsx"], NOW)
    assert caught.value.code == "X121"
    assert not inbox(folder).exists()


# Before the deadline, and when the run is cut short


def test_in_a_consultation_what_comes_before_the_deadline_is_stored_and_not_read(
    folder: CampaignFolder, came: Path
) -> None:
    spot = locate(read_cells(folder.workbook)).spots["CONS.PHASE", "VALUE"]
    book = openpyxl.load_workbook(folder.workbook)
    book[spot.place.sheet][spot.place.cell] = "Consultation"
    book.save(folder.workbook)
    result = collect(folder, [put(came, "a.xlsx", BOOK)], NOW)
    assert "M433" in codes(result)
    said = next(one for one in result.findings if one.code == "M433")
    assert result.sealed_until is not None
    assert f" à {result.sealed_until:%H:%M} est gardé" in spoken(said, "fr")
    assert len(receipts(folder)) == 1
    assert collect(folder, [came], result.sealed_until).sealed_until is None


def test_a_run_that_is_cut_short_is_finished_by_the_next(
    folder: CampaignFolder, came: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        put(came, f"{n}.xlsx", workbook(f"{n}"))
    whole = CampaignFolder(Path(shutil.copytree(folder.path, folder.path.parent / "entière")))
    collect(whole, [came], NOW)
    for moves in range(7):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", dying_after(moves, Path.replace))
            with contextlib.suppress(KeyboardInterrupt):
                collect(folder, [came], NOW)
        assert all((inbox(folder) / event["file"]).is_file() for event in folder.events())
    assert held(folder) == held(whole)


def dying_after(moves: int, rename: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    """Rename files so many times, and then be interrupted."""
    left = iter(range(moves))

    def replace(path: Path, target: Path) -> Path:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return rename(path, target)

    return replace


def test_the_command_shows_what_came_and_the_next_one(
    folder: CampaignFolder, came: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(came, "m.eml", message(("r.xlsx", BOOK)).as_bytes())
    assert main(["collect", str(folder.path), str(came), "--lang", "fr"]) == 0
    said = capsys.readouterr().out
    for words in ("r.xlsx", "contact@boeuf.example", "01/10/2026 11:30", "nouveau", "canevas-xl consolidate"):
        assert words in said
    assert main(["collect", str(folder.path), str(came), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["state"], one["received"]) for one in told["files"]] == [("known", "2026-10-01T11:30:00+02:00")]


@pytest.mark.parametrize("text", ["2026-10-01", "hier", "01/10/2026 11:30", "2026-10-01 25:00"])
def test_a_time_of_receipt_that_is_none_is_wrong_use(
    folder: CampaignFolder, came: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collect", str(folder.path), str(came), "--received", text, "--lang", "fr"]) == 2
    assert "M442" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text", ["2026-10-01 11:30", "2026-10-01T11:30:00", "2026-10-01 09:30Z", "2026-10-01 11:30 +02:00"]
)
def test_a_time_of_receipt_may_name_its_zone(folder: CampaignFolder, came: Path, text: str) -> None:
    put(came, "a.xlsx", BOOK)
    assert main(["collect", str(folder.path), str(came), "--received", text]) == 0
    assert [receipt.received for receipt, _ in receipts(folder)] == [ARRIVED]
