"""A campaign from *new* to *issue*, as the command line and the buttons run it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from office import Office

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.check import check_campaign
from canevas_xl.app.issue import issue_campaign, licence_findings
from canevas_xl.app.new import new_campaign
from canevas_xl.app.subjects import open_campaign
from canevas_xl.canvas.freeze import freeze, thaw
from canevas_xl.canvas.seal import is_ours, read_token
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.impact.verdict import SUPPLIER_DECIDES
from canevas_xl.intake.locate import locate
from canevas_xl.model.vocabulary import ControlledBy

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
TEMPLATES = ("restauration-scolaire", "mobilier-bureau", "informatique-postes")


@pytest.fixture
def folder(tmp_path: Path) -> CampaignFolder:
    """A campaign folder with the shipped school-meal example."""
    return example(tmp_path)


def example(tmp_path: Path, template: str = "restauration-scolaire") -> CampaignFolder:
    new_campaign(template, tmp_path / "campagne", NOW, language="fr", example=True)
    return CampaignFolder(tmp_path / "campagne")


def edit(folder: CampaignFolder, key: str, column: str, value: float | str | None) -> None:
    """Type in the buyer's workbook, as a spreadsheet program would."""
    spot = locate(read_cells(folder.workbook)).spot(key, column)
    assert spot is not None, (key, column)
    book = openpyxl.load_workbook(folder.workbook)
    book[spot.place.sheet][spot.place.cell] = value
    book.save(folder.workbook)


def codes(findings: object) -> list[str]:
    return [finding.code for finding in findings]  # type: ignore[attr-defined]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_shipped_example_can_be_issued_as_it_is(tmp_path: Path, template: str) -> None:
    folder = example(tmp_path, template)
    issued = issue_campaign(folder, NOW)
    assert not issued.blocked
    assert [copy.supplier for copy in issued.copies] == [s.name for s in open_campaign(folder, NOW).campaign.suppliers]
    assert len({copy.path.read_bytes() for copy in issued.copies}) == 4


def test_every_copy_carries_its_own_token_in_every_place(folder: CampaignFolder) -> None:
    for copy in issue_campaign(folder, NOW).copies:
        token = read_token(copy.path.name)
        assert token is not None
        assert str(token) == copy.token
        workbook = read_cells(copy.path)
        visible = {sheet.name for sheet in workbook.sheets if not sheet.hidden}
        holding = {s.name for s in workbook.sheets if any(cell.value == copy.token for cell in s.cells.values())}
        assert visible < holding
        assert copy.token in dict(workbook.properties).values()


def test_a_token_is_recognised_by_the_campaign_that_made_it_and_by_no_other(folder: CampaignFolder) -> None:
    issued = issue_campaign(folder, NOW)
    fingerprint = issued.records[0][1]
    token = read_token(issued.copies[0].token)
    assert token is not None
    assert is_ours(token, (folder.secret(), fingerprint))
    assert not is_ours(replace(token, supplier="S999"), (folder.secret(), fingerprint))
    assert not is_ours(token, (b"another campaign's secret", fingerprint))


def test_no_supplier_reads_of_another(folder: CampaignFolder) -> None:
    issued = issue_campaign(folder, NOW)
    names = {copy.supplier for copy in issued.copies}
    for copy in issued.copies:
        texts = [str(c.value) for sheet in read_cells(copy.path).sheets for c in sheet.cells.values()]
        assert not [text for text in texts for name in names - {copy.supplier} if name in text]


def test_issuing_the_same_campaign_twice_gives_the_same_bytes_and_no_new_event(folder: CampaignFolder) -> None:
    first = issue_campaign(folder, NOW)
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    second = issue_campaign(folder, NOW + timedelta(days=1))
    after = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    assert before == after
    assert first.records == second.records
    assert not any(copy.new for copy in second.copies)


def test_events_say_what_was_frozen_and_issued(folder: CampaignFolder) -> None:
    issue_campaign(folder, NOW)
    kinds = [event["kind"] for event in folder.events()]
    assert sorted(kinds) == ["frozen", "issued", "issued", "issued", "issued"]


def test_a_frozen_record_is_read_back_to_the_same_text(folder: CampaignFolder) -> None:
    issue_campaign(folder, NOW)
    record = thaw(folder.records(1, 1)[0].read_text("utf-8"))
    assert freeze(record.subject, record.as_of).text == record.text


@pytest.mark.parametrize(
    ("key", "column", "value"),
    [("P.G_BEEF", "L1", 80), ("L1.C2", "WEIGHT", 20), ("L1.C2", "HIGH", 2.5), ("CONS.DATE", "VALUE", "2026-11-30")],
)
def test_a_changed_campaign_is_not_issued_twice_in_one_round(
    folder: CampaignFolder, key: str, column: str, value: float | str
) -> None:
    issue_campaign(folder, NOW)
    before = sorted(folder.outbox.iterdir())
    edit(folder, key, column, value)
    if column == "WEIGHT":
        edit(folder, "L1.C1", "WEIGHT", 50)
    issued = issue_campaign(folder, NOW)
    assert "I102" in codes(issued.findings)
    assert issued.blocked
    assert sorted(folder.outbox.iterdir()) == before


def test_a_changed_campaign_is_issued_in_a_new_round(folder: CampaignFolder) -> None:
    issue_campaign(folder, NOW)
    edit(folder, "P.G_BEEF", "L1", 80)
    edit(folder, "CONS.ROUND", "VALUE", 2)
    issued = issue_campaign(folder, NOW)
    assert not issued.blocked
    assert all("-R2-" in copy.token for copy in issued.copies)
    assert len(list(folder.outbox.glob("*.xlsx"))) == len(list(folder.replaced.glob("*.xlsx"))) == 4


def test_an_erratum_goes_to_all_and_is_registered(folder: CampaignFolder) -> None:
    first = issue_campaign(folder, NOW)
    edit(folder, "P.G_BEEF", "L1", 80)
    edit(folder, "CONS.ERRATUM", "VALUE", "Le grammage du bœuf était faux.")
    issued = issue_campaign(folder, NOW)
    assert not issued.blocked
    assert issued.records != first.records
    assert len(folder.records(1, 1)) == 2
    assert [event["reason"] for event in folder.events() if event["kind"] == "erratum"] == [
        "Le grammage du bœuf était faux."
    ]
    assert not any(copy.new for copy in issue_campaign(folder, NOW).copies)


def test_one_more_supplier_can_be_asked_later(folder: CampaignFolder) -> None:
    first = issue_campaign(folder, NOW)
    for column, value in {"NAME": "Traiteur du Bourg", "EMAIL": "a@bourg.example", "LOTS": "1"}.items():
        edit(folder, "SUP.005", column, value)
    issued = issue_campaign(folder, NOW)
    assert issued.records == first.records
    assert [copy.supplier for copy in issued.copies if copy.new] == ["Traiteur du Bourg"]


def test_an_open_canvas_names_nobody(folder: CampaignFolder) -> None:
    edit(folder, "CONS.OPEN", "VALUE", "Oui")
    issued = issue_campaign(folder, NOW)
    assert [copy.supplier for copy in issued.copies][-1] == ""
    assert "-OPEN-" in issued.copies[-1].token


def test_a_factor_whose_licence_forbids_sending_is_named(folder: CampaignFolder) -> None:
    opened = open_campaign(folder, NOW)
    assert opened.campaign is not None
    subject = opened.ground.subject(opened.campaign, opened.campaign.lots[0])
    code = subject.factors.processes["AGB32-6111"].licence
    forbidden = {**subject.factors.licences, code: replace(subject.factors.licences[code], may_be_sent=False)}
    found = licence_findings(replace(subject, factors=replace(subject.factors, licences=forbidden)))
    assert codes(found) == ["I101"]
    assert "AGB32-6111" in dict(found[0].facts)["factors"]  # type: ignore[operator]


def test_a_campaign_is_not_made_over_another(folder: CampaignFolder) -> None:
    before = folder.workbook.read_bytes()
    with pytest.raises(WrongUse) as caught:
        new_campaign("mobilier-bureau", folder.path, NOW, language="fr")
    assert caught.value.code == "X105"
    assert folder.workbook.read_bytes() == before


def test_a_damaged_frozen_record_stops_the_issue(folder: CampaignFolder) -> None:
    issue_campaign(folder, NOW)
    folder.records(1, 1)[0].write_text("{", "utf-8")
    with pytest.raises(Fault) as caught:
        issue_campaign(folder, NOW)
    assert caught.value.code == "X106"


def test_check_says_who_decides_what_on_the_school_meal_reference(folder: CampaignFolder) -> None:
    report = check_campaign(folder, NOW)
    lot = report.lots[0]
    shares = {who: round(100 * share) for who, share in lot.shares.items()}
    assert shares[ControlledBy.BUYER] == pytest.approx(34, abs=1)
    assert shares[ControlledBy.REGULATION] == pytest.approx(44, abs=1)
    assert shares[ControlledBy.SUPPLIER] == pytest.approx(22, abs=1)
    assert lot.reference.complete
    assert lot.reference.known == pytest.approx(1.25912, rel=0.005)
    assert lot.shares[ControlledBy.SUPPLIER] < SUPPLIER_DECIDES
    assert not report.blocked


@pytest.mark.parametrize("template", TEMPLATES)
def test_check_has_nothing_that_blocks_in_a_shipped_example(tmp_path: Path, template: str) -> None:
    report = check_campaign(example(tmp_path, template), NOW)
    assert [finding.code for finding in report.findings if finding.blocks] == []
    assert report.lots[0].weights


def test_what_the_buyer_types_in_its_reference_is_what_check_reads(folder: CampaignFolder) -> None:
    before = check_campaign(folder, NOW).lots[0].reference.known
    path = folder.reference(1)
    spot = locate(read_cells(path)).spot("K2", "VALUE")
    assert spot is not None
    book = openpyxl.load_workbook(path)
    book[spot.place.sheet][spot.place.cell] = 600_000
    book.save(path)
    assert check_campaign(folder, NOW).lots[0].reference.known == pytest.approx(before + 0.052, rel=1e-6)


@pytest.mark.office
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_campaign_that_libreoffice_saved_is_the_same_campaign(tmp_path: Path, soffice: str, template: str) -> None:
    folder = example(tmp_path, template)
    before, issued = open_campaign(folder, NOW), issue_campaign(folder, NOW)
    with Office(soffice, tmp_path) as office, office.open(folder.workbook) as book:
        book.save_xlsx(tmp_path / "saved.xlsx")
    (tmp_path / "saved.xlsx").replace(folder.workbook)
    after = open_campaign(folder, NOW)
    assert after.campaign == before.campaign
    assert [finding.code for finding in after.findings] == [finding.code for finding in before.findings]
    again = issue_campaign(folder, NOW)
    assert again.records == issued.records
    assert not any(copy.new for copy in again.copies)


def test_the_register_holds_small_files_that_anyone_can_read(folder: CampaignFolder) -> None:
    issue_campaign(folder, NOW)
    for path in folder.register.iterdir():
        assert json.loads(path.read_text("utf-8"))["at"].startswith("2026-09-01")
        assert path.stat().st_size < 1000


def test_check_says_that_a_changed_campaign_would_not_be_issued_again(folder: CampaignFolder) -> None:
    issue_campaign(folder, NOW)
    assert not check_campaign(folder, NOW).blocked
    edit(folder, "P.G_BEEF", "L1", 80)
    assert codes(finding for finding in check_campaign(folder, NOW).findings if finding.blocks) == ["I102"]
    assert len(list(folder.frozen.glob("L*.json"))) == 1


def test_the_burden_counts_the_devices_of_the_lot(tmp_path: Path) -> None:
    folder = example(tmp_path, "informatique-postes")
    one = check_campaign(folder, NOW).burden
    edit(folder, "T.DEV2.Q1", "L1", "Écran de 22 pouces et moins")
    edit(folder, "T.DEV2.QTY", "L1", 20)
    two = check_campaign(folder, NOW).burden
    assert one is not None
    assert two is not None
    assert (two.answers, two.minutes) == (2 * one.answers, 2 * one.minutes)
