"""Drafts of a campaign: one per copy that is to be sent, saying what the canvas says, naming nobody else."""

from __future__ import annotations

import shutil
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from string import Formatter

import openpyxl
import pytest
from test_campaign_loop import NOW, codes, example

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.send import Drafts, drafts_folder, short, write_drafts
from canevas_xl.canvas.seal import read_token
from canevas_xl.cli import main
from canevas_xl.errors import WrongUse
from canevas_xl.intake.locate import locate
from canevas_xl.model.vocabulary import Phase


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped school-meal example, issued once for all tests."""
    made = example(tmp_path_factory.mktemp("issued"))
    issue_campaign(made, NOW)
    return made.path


@pytest.fixture
def folder(issued: Path, tmp_path: Path) -> CampaignFolder:
    """A copy of it to play with."""
    return CampaignFolder(Path(shutil.copytree(issued, tmp_path / "campagne")))


def again(folder: CampaignFolder, changes: dict[tuple[str, str], float | str | None]) -> Drafts:
    """Change the campaign, issue it again and write the drafts."""
    type_in(folder, changes)
    assert not issue_campaign(folder, NOW).blocked
    return write_drafts(folder, NOW)


def type_in(folder: CampaignFolder, changes: dict[tuple[str, str], float | str | None]) -> None:
    """Type in the buyer's workbook, as a spreadsheet program would."""
    located = locate(read_cells(folder.workbook))
    book = openpyxl.load_workbook(folder.workbook)
    for place, value in changes.items():
        spot = located.spots[place]
        book[spot.place.sheet][spot.place.cell] = value
    book.save(folder.workbook)


def opened(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_each_copy_has_one_draft_to_its_supplier_with_its_own_workbook(folder: CampaignFolder) -> None:
    made = write_drafts(folder, NOW)
    assert [draft.supplier for draft in made.drafts] == [
        "Cuisine des Trois Vallées", "Les Marmites de l'Ouest", "Société Repas & Co", "Green Spoon Catering"
    ]  # fmt: skip
    for draft in made.drafts:
        message = opened(draft.path)
        (recipient,) = message["To"].addresses
        assert (recipient.display_name, recipient.addr_spec) == (draft.supplier, draft.address)
        (attached,) = message.iter_attachments()
        assert attached.get_content() == (folder.outbox / str(attached.get_filename())).read_bytes()
        assert str(read_token(str(attached.get_filename()))) == str(read_token(message["Subject"])) == draft.token
        assert message["X-Unsent"] == "1"
    assert not made.blocked


def test_a_draft_says_who_asks_by_when_how_long_how_to_answer_and_whom_to_ask(folder: CampaignFolder) -> None:
    message = opened(write_drafts(folder, NOW).drafts[0].path)
    for said in (text(message), text(message, "html")):
        for fact in ("Commune de Val-Fleuri", "à 12 h 00", "25 minutes", "LibreOffice", "macros", "Camille Martin",
                     "commande.publique@val-fleuri.example", "en pièce jointe"):  # fmt: skip
            assert fact in said, fact
    assert [one.addr_spec for one in message["From"].addresses] == ["commande.publique@val-fleuri.example"]


def test_a_long_title_is_cut_between_two_words_in_the_subject() -> None:
    assert short("Repas des écoles") == "Repas des écoles"
    cut = short("Fourniture de repas livrés chauds pour les écoles maternelles, élémentaires et les centres de loisirs")
    assert cut == "Fourniture de repas livrés chauds pour les écoles maternelles, élémentaires et…"


def test_a_supplier_reads_its_own_language(folder: CampaignFolder) -> None:
    message = opened(
        next(draft.path for draft in write_drafts(folder, NOW).drafts if draft.supplier.startswith("Green"))
    )
    assert message["Content-Language"] == "en"
    assert text(message).startswith("Hello,")
    assert '<html lang="en">' in text(message, "html")


def test_no_draft_names_another_supplier(folder: CampaignFolder) -> None:
    drafts = write_drafts(folder, NOW).drafts
    for draft in drafts:
        message = opened(draft.path)
        said = str(message["Subject"]) + text(message) + text(message, "html") + str(message["To"])
        others = [one for other in drafts if other is not draft for one in (other.supplier, other.address, other.token)]
        assert [one for one in others if one in said] == []


def test_a_second_run_gives_the_same_bytes_and_touches_nothing(folder: CampaignFolder) -> None:
    write_drafts(folder, NOW)
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in drafts_folder(folder).iterdir()}
    made = write_drafts(folder, NOW)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in drafts_folder(folder).iterdir()} == before
    assert not any(draft.new for draft in made.drafts)


def test_after_an_erratum_the_drafts_are_replaced(folder: CampaignFolder) -> None:
    before = [draft.token for draft in write_drafts(folder, NOW).drafts]
    made = again(folder, {("P.G_BEEF", "L1"): 80, ("CONS.ERRATUM", "VALUE"): "Le grammage du bœuf était faux."})
    assert all(draft.new for draft in made.drafts)
    assert len(list(drafts_folder(folder).iterdir())) == 4
    assert not set(before) & {str(read_token(opened(draft.path)["Subject"])) for draft in made.drafts}


def test_in_a_new_round_the_drafts_of_the_last_one_are_taken_away(folder: CampaignFolder) -> None:
    write_drafts(folder, NOW)
    (drafts_folder(folder) / "à moi.eml").write_text("From: moi", "utf-8")
    made = again(folder, {("CONS.ROUND", "VALUE"): 2})
    assert len(made.removed) == 4
    assert sorted(path.name for path in drafts_folder(folder).iterdir()) == sorted(
        [*(draft.path.name for draft in made.drafts), "à moi.eml"]
    )


def test_a_corrected_address_replaces_the_draft_without_another_issue(folder: CampaignFolder) -> None:
    write_drafts(folder, NOW)
    type_in(folder, {("SUP.001", "EMAIL"): "élodie@bœuf.fr"})
    made = write_drafts(folder, NOW)
    assert [draft.address for draft in made.drafts if draft.new] == ["élodie@xn--buf-fya.fr"]


def test_an_open_canvas_has_no_draft_and_that_is_said(folder: CampaignFolder) -> None:
    made = again(folder, {("CONS.OPEN", "VALUE"): "Oui"})
    assert codes(made.findings) == ["M409"]
    assert len(made.drafts) == 4


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_every_phase_has_its_words_with_the_same_facts_in_both_languages(language: str) -> None:
    texts = resources.texts("mail", language)
    assert {f"intro.{phase}" for phase in Phase} <= texts.keys()
    for key, words in resources.texts("mail", "fr").items():
        assert holes(words) == holes(texts[key]), key


def holes(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_by_the_buyer_profile_a_message_asks_to_file_there_and_not_to_answer_by_mail(folder: CampaignFolder) -> None:
    made = again(
        folder,
        {
            ("CONS.PHASE", "VALUE"): "Consultation", ("CONS.CHANNEL", "VALUE"): "Profil d'acheteur",
            ("CONS.PROFILE", "VALUE"): "https://marches.exemple.fr/1", ("CONS.ROUND", "VALUE"): 2,
        },
    )  # fmt: skip
    assert codes(made.findings) == ["M401"]
    said = text(opened(made.drafts[0].path))
    assert "https://marches.exemple.fr/1" in said
    assert "N'envoyez pas votre offre par courriel" in said
    assert "Posez-la sur le profil d'acheteur" in said
    assert "en répondant à ce message" not in said


def test_above_the_thresholds_the_message_names_the_buyer_profile_even_if_the_campaign_says_mail(
    folder: CampaignFolder,
) -> None:
    made = again(
        folder,
        {("CONS.PHASE", "VALUE"): "Consultation", ("CONS.AMOUNT", "VALUE"): 60000, ("CONS.ROUND", "VALUE"): 2},
    )
    assert codes(made.findings) == ["M402"]
    said = text(opened(made.drafts[0].path))
    assert "profil d'acheteur, indiqué dans les documents de la consultation" in said
    assert "en répondant à ce message" not in said


def test_nothing_is_sent_that_was_not_issued(folder: CampaignFolder) -> None:
    type_in(folder, {("CONS.ROUND", "VALUE"): 2})
    made = write_drafts(folder, NOW)
    assert (codes(made.findings), made.drafts, made.blocked) == (["M403"], (), True)


def test_a_supplier_added_or_renamed_since_the_issue_waits_and_the_others_do_not(folder: CampaignFolder) -> None:
    added = {
        ("SUP.005", "NAME"): "Traiteur du Bourg",
        ("SUP.005", "EMAIL"): "a@bourg.example",
        ("SUP.005", "LOTS"): "1",
    }
    type_in(folder, {**added, ("SUP.001", "NAME"): "Cuisine des Quatre Vallées"})
    made = write_drafts(folder, NOW)
    assert codes(made.findings) == ["M404", "M404"]
    assert len(made.drafts) == 3


def test_a_copy_that_was_opened_and_saved_is_not_sent(folder: CampaignFolder) -> None:
    paths = sorted(folder.outbox.glob("*.xlsx"))
    paths[0].write_bytes(paths[0].read_bytes() + b"x")
    paths[1].unlink()
    made = write_drafts(folder, NOW)
    assert codes(made.findings) == ["M405", "M405"]
    assert len(made.drafts) == 2


def test_an_address_that_cannot_stand_in_a_message_is_said(folder: CampaignFolder) -> None:
    type_in(folder, {("SUP.001", "EMAIL"): '"a"b@exemple.fr'})
    made = write_drafts(folder, NOW)
    assert codes(made.findings) == ["M407"]
    assert len(made.drafts) == 3


def test_without_the_buyer_s_address_there_is_no_draft(folder: CampaignFolder) -> None:
    made = again(folder, {("CONS.EMAIL", "VALUE"): '"a"b@exemple.fr', ("CONS.ROUND", "VALUE"): 2})
    assert (codes(made.findings), made.drafts) == (["M408"], ())


def test_a_folder_without_a_campaign_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        write_drafts(CampaignFolder(tmp_path), NOW)


def test_the_command_gives_its_exit_code_and_what_to_do(
    folder: CampaignFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["send", str(folder.path), "--drafts", "--lang", "fr"]) == 0
    assert "Brouillons : 4" in capsys.readouterr().out
    assert main(["send", str(folder.path), "--lang", "fr"]) == 2
    next(folder.outbox.glob("*.xlsx")).unlink()
    assert main(["send", str(folder.path), "--drafts", "--json"]) == 1
    assert '"code": "M405"' in capsys.readouterr().out
