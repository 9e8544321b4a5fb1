"""What buttons refuse, what they tell, and that each does what its command does, whatever is open."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from clicking import Buyer
from returned import IN_TIME, ISSUED, LATE, answered, issued, received
from simulated.dispatch import DISP_E_EXCEPTION, ComError
from simulated.excel import SimulatedExcel

from canevas_xl import resources
from canevas_xl.adapters.excel.grid import ExcelGrid
from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.sample_offers import sample_offers
from canevas_xl.adapters.xlsx.file_grid import FileGrid
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.addin.actions import FUNCTIONS
from canevas_xl.addin.context import Context, Stopped
from canevas_xl.addin.registry import ACTIONS, Ask
from canevas_xl.addin.selected import _alike
from canevas_xl.addin.wording import TALLEST, Words, _height
from canevas_xl.app.demo import _answers
from canevas_xl.app.grid import Grid
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.app.results import outcome_of
from canevas_xl.app.score import issued_records, score_campaign
from canevas_xl.app.showing import EVERY, show
from canevas_xl.canvas.fill import fill
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.cli import main
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Place, found
from canevas_xl.findings.messages import fault_message
from canevas_xl.intake.consolidation import Consolidation, Said
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.grid import Selection
from canevas_xl.model.offer import Decision, OfferKey
from canevas_xl.report.live import names_of
from canevas_xl.rules.spreadsheet import recalculated

NOW = datetime.now(ZoneInfo("Europe/Paris"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign with five returns, consolidated on the command line."""
    folder = tmp_path_factory.mktemp("demo") / "campagne d'été"
    assert main(["demo", str(folder), "--template", "mobilier-bureau", "--lang", "fr"]) == 0
    return folder


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(demo, tmp_path / "L'été = 2"))


@pytest.fixture
def buyer(simulated_excel: SimulatedExcel, folder: Path) -> Buyer:
    """Somebody with the campaign's workbook open."""
    made = Buyer(simulated_excel, folder, NOW)
    made.opens()
    return made


def in_file(path: Path, selected: Selection | None = None) -> FileGrid:
    return FileGrid(path, partial(write_atomically, path), selected=selected)


def context(grid: Grid, folder: Path | None, **answers: str) -> Context:
    return Context(grid, folder, {Ask(name): text for name, text in answers.items()}, "fr", NOW, lambda *_: None)


# --- What is refused, in a sentence ------------------------------------------------------------------------------


def test_each_button_has_its_function() -> None:
    assert list(FUNCTIONS) == list(ACTIONS)


@pytest.mark.parametrize("action", [name for name, one in ACTIONS.items() if one.needs == "campaign"])
def test_a_workbook_outside_of_any_campaign_is_refused(tmp_path: Path, action: str) -> None:
    for place in (tmp_path, None):
        given = {ask.value: "x" for ask in ACTIONS[action].asks}
        with pytest.raises(WrongUse, match="G101"):
            FUNCTIONS[action](context(in_file(tmp_path / "x.xlsx"), place, **given))


@pytest.mark.parametrize("action", ["validate", "score", "consolidate"])
def test_results_are_not_written_into_their_own_open_workbook(buyer: Buyer, action: str) -> None:
    buyer.opens(buyer.folder / "resultats.xlsx")
    with pytest.raises(WrongUse, match="G102"):
        buyer.clicks(action)


def test_a_workbook_that_cannot_be_saved_is_not_computed_from(buyer: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise ComError(DISP_E_EXCEPTION, "read-only")

    monkeypatch.setattr("xlwings.Book.save", refuses)
    with pytest.raises(Fault, match="G104"):
        buyer.clicks("consolidate")


@pytest.mark.parametrize(("action", "given"), [("new", {"template": "mobilier-bureau"}), ("collect", {"files": " "})])
def test_a_question_without_an_answer_is_refused(folder: Path, action: str, given: dict[str, str]) -> None:
    with pytest.raises(WrongUse, match="G106"):
        FUNCTIONS[action](context(in_file(folder / "resultats.xlsx"), folder, **given))


def test_a_decision_needs_a_finding_and_a_known_choice(buyer: Buyer) -> None:
    buyer.clicks("validate")
    buyer.selects("follow.register", 0, "SUPPLIER")
    with pytest.raises(WrongUse, match="G107"):
        buyer.clicks("decide", choice="accept", reason="x")
    buyer.selects("findings.list", 900, "MESSAGE")
    with pytest.raises(WrongUse, match="G107"):
        buyer.clicks("decide", choice="accept", reason="x")
    buyer.selects("findings.list", 0, "MESSAGE")
    for answers in ({"choice": "perhaps", "reason": "x"}, {"choice": "accept", "reason": " "}):
        with pytest.raises(WrongUse, match="G106"):
            buyer.clicks("decide", **answers)


def test_a_finding_that_no_longer_exists_is_not_decided(buyer: Buyer) -> None:
    buyer.clicks("validate")
    area = ExcelGrid(buyer.open_book).named(["CX_FINDINGS_LIST"])["CX_FINDINGS_LIST"]
    buyer.open_book.sheets[area.sheet].range(area.top + 1, area.left + 6).value = "'0123456789"
    buyer.selects("findings.list", 0, "MESSAGE")
    with pytest.raises(WrongUse, match="X119"):
        buyer.clicks("decide", choice="accept", reason="x")


def test_a_cell_that_is_no_figure_is_not_traced(buyer: Buyer) -> None:
    buyer.open_book.sheets["Consultation"].activate()
    with pytest.raises(WrongUse, match="G108") as refused:
        buyer.clicks("trace")
    said = fault_message(refused.value, "fr")
    assert "« Impacts, Comparaison, Notes »" in said
    assert "« Consolider »" in said


def test_scores_are_refused_once_a_weight_was_changed_and_nothing_is_written(buyer: Buyer) -> None:
    buyer.types({("L1.C1", "WEIGHT"): 50.0})
    with pytest.raises(WrongUse, match="G109") as refused:
        buyer.clicks("score")
    assert buyer.sees("notes.ranking") == []
    assert "Les scores ne sont pas calculés" in fault_message(refused.value, "fr")


# --- What is told -----------------------------------------------------------------------------------------------


def test_consolidating_goes_on_from_the_frozen_record_and_says_what_changed(buyer: Buyer) -> None:
    buyer.types({("L1.C1", "WEIGHT"): 50.0})
    told = buyer.clicks("consolidate")
    assert "96,65 points" in told.text
    assert any(code in told.text for code in ("50", "60"))


def test_results_that_are_open_elsewhere_leave_the_sheets_right(buyer: Buyer) -> None:
    (buyer.folder / "~$resultats.xlsx").write_bytes(b"")
    told = buyer.clicks("consolidate")
    assert told.waits
    assert "resultats.xlsx » est ouvert dans un autre programme" in told.text
    assert len(buyer.sees("notes.ranking")) == 5


def test_another_workbook_of_the_folder_is_left_alone(buyer: Buyer) -> None:
    other = buyer.folder / "Réponse = société & Co (2).xlsx"
    shutil.copy(buyer.folder / "campagne.xlsx", other)
    buyer.opens(other)
    told = buyer.clicks("consolidate")
    assert "Ouvrez campagne.xlsx" in told.text
    assert buyer.sees("notes.ranking") == []


def test_a_deleted_sheet_is_said(buyer: Buyer) -> None:
    buyer.open_book.sheets["Robustesse"].delete()
    assert "Robustesse" in buyer.clicks("score").text


def test_a_refused_finding_is_told_with_the_same_one_of_other_offers() -> None:
    keys = [OfferKey(1, f"S00{n}", 1, 0) for n in (1, 2, 3)]
    doubt = [found("R401", Place(key="P01"), value=float(n)) for n in (1, 2, 3)]
    decided = Decision("B" * 10, accepted=True, reason="x")
    said = [Said(letter * 10, key, one) for letter, key, one in zip("ABC", keys, doubt, strict=True)]
    said[1] = Said("B" * 10, keys[1], doubt[1], decided)
    told = list(_alike(said[0], Consolidation(said=tuple(said)), Words("fr")))
    assert "(2)" in told[0]
    assert [line.split("n° ")[1] for line in told[1:]] == ["BBBBBBBBBB, accepté", "CCCCCCCCCC, à décider"]


def test_a_figure_is_traced_from_the_file_of_results_too(buyer: Buyer) -> None:
    buyer.opens(buyer.folder / "resultats.xlsx")
    buyer.selects("notes.ranking", 0, "TOTAL")
    told = buyer.clicks("trace")
    assert "96,65 points sur 100 (L1.S002.points)" in told.text
    assert "ADEME Base Carbone" in told.text


def test_without_excel_results_are_in_their_file_and_selected_there(folder: Path) -> None:
    path = folder / "resultats.xlsx"
    path.unlink()
    FUNCTIONS["validate"](context(in_file(path), folder))
    area = in_file(path).named(["CX_FINDINGS_LIST"])["CX_FINDINGS_LIST"]
    chosen = in_file(path, Selection(area.sheet, area.top, area.left))
    told = FUNCTIONS["decide"](context(chosen, folder, choice="refuse", reason="Prix inchangé"))
    assert "refusé : Prix inchangé" in told.text
    assert "Prix inchangé" in str(in_file(path).read(area)[0])
    scored = FUNCTIONS["score"](context(in_file(path), folder))
    assert "écartée par votre décision" in scored.text, "what was refused does not wait"


def test_stopping_between_two_canvases_leaves_nothing_half_issued(tmp_path: Path) -> None:
    folder = tmp_path / "arrêtée"
    new_campaign("mobilier-bureau", folder, NOW, language="fr", example=True)

    def stops(done: int, _: int) -> None:
        if done > 1:
            raise Stopped

    given = context(in_file(folder / "resultats.xlsx"), folder)
    with pytest.raises(Stopped):
        FUNCTIONS["issue"](replace(given, progress=stops))
    assert list(CampaignFolder(folder).outbox.glob("*.xlsx")) == []
    assert "Canevas à envoyer : 4, dont nouveaux : 4" in FUNCTIONS["issue"](given).text


def test_a_workbook_that_is_open_is_no_doubt_where_it_is_known_to_be_saved(folder: Path) -> None:
    (folder / "~$campagne.xlsx").write_bytes(b"")
    given = context(in_file(folder / "resultats.xlsx"), folder)
    assert "ouvert dans un tableur" in FUNCTIONS["check"](given).text
    assert "ouvert dans un tableur" not in FUNCTIONS["check"](replace(given, saved=True)).text


# --- What suppliers send ------------------------------------------------------------------------------------------

ODD = {"DESK.M1": "=cmd|'/C calc'!A0", "DESK.M3": "00123", "DESK.M4": "1-2", "CHAIR.M1": "@x"}
"""Evidence that a supplier names, by key of the answer."""


@pytest.fixture
def odd_return(tmp_path: Path) -> tuple[CampaignFolder, Path]:
    """An issued campaign, and a return with odd texts and with sheets that look like settings and programs."""
    folder, _ = issued(tmp_path, "mobilier-bureau")
    record = issued_records(folder)[1]
    copy = issue_campaign(folder, ISSUED).copies[0]
    sample = sample_offers("mobilier-bureau@1.0.0")[0]
    answers = {
        key: replace(answer, evidence=ODD.get(key, answer.evidence))
        for key, answer in _answers(record.subject.template, sample).items()
    }
    canvas = Canvas(record.subject, "fr", record.fingerprint, answers)
    named = {("ID.NAME", "VALUE"): "=1+1", ("ID.SIGNATORY", "VALUE"): "@y", ("ID.ATTEST", "VALUE"): "OUI"}
    plan = recalculated(fill(plan_canvas(canvas), named))
    values = {"token": copy.token, "supplier": copy.supplier, "supplier_code": sample.supplier}
    path = tmp_path / "Réponse = société & Co (2).xlsx"
    path.write_bytes(Stencil.from_bytes(workbook_bytes(plan)).copy(values))
    book = openpyxl.load_workbook(path)
    book.create_sheet("canevas.conf").append(["Interpreter_Win", "evil.exe"])
    book.create_sheet("x.py").append(["raise SystemExit(99)"])
    book.save(path)
    os.utime(path, (IN_TIME.timestamp(), IN_TIME.timestamp()))
    return folder, path


def test_texts_of_a_supplier_arrive_as_those_texts(
    odd_return: tuple[CampaignFolder, Path], simulated_excel: SimulatedExcel
) -> None:
    folder, path = odd_return
    buyer = Buyer(simulated_excel, folder.path, IN_TIME)
    buyer.opens()
    assert "Classeurs pris : 1" in buyer.clicks("collect", files=str(path)).text
    buyer.now = LATE
    buyer.clicks("consolidate")
    assert {str(row["KEY"]): row["EVIDENCE"] for row in buyer.sees("answers.tidy") if row["KEY"] in ODD} == ODD
    file = in_file(folder.path / "resultats.xlsx")
    cells = [cell for row in file.read(file.named(["CX_ANSWERS_TIDY"])["CX_ANSWERS_TIDY"]) for cell in row]
    assert set(ODD.values()) <= set(cells)
    assert [book.name for book in simulated_excel.app.books] == ["campagne.xlsx"]


def test_before_the_deadline_of_a_consultation_nothing_is_read_and_that_is_said(tmp_path: Path) -> None:
    folder, copies = issued(tmp_path, "mobilier-bureau", {("CONS.PHASE", "VALUE"): "Consultation"})
    received(folder, answered(copies[0], tmp_path / "reponse.xlsx", {"R1": 5}))
    given = replace(context(in_file(folder.path / "resultats.xlsx"), folder.path), now=IN_TIME)
    told = FUNCTIONS["consolidate"](given).text
    assert "Fichiers reçus : 1. Aucun n'est lu avant la date limite" in told
    assert "aucune offre n'est lue" in told


# --- Every grid alike -------------------------------------------------------------------------------------------


def test_a_file_and_excel_show_the_same(buyer: Buyer, tmp_path: Path) -> None:
    copy = tmp_path / "copie.xlsx"
    shutil.copy(buyer.folder / "campagne.xlsx", copy)
    folder = CampaignFolder(buyer.folder)
    outcome = outcome_of(folder, score_campaign(folder, NOW))
    grids: list[Grid] = [ExcelGrid(buyer.open_book), in_file(copy)]
    shown = [show(grid, outcome) for grid in grids]
    assert shown[0] == shown[1]
    assert shown[0].left_out == ()
    for name in sorted(names_of(EVERY)):
        (texts, numbers), (other_texts, other_numbers) = (seen(grid, name) for grid in grids)
        assert texts == other_texts, name
        assert numbers == pytest.approx(other_numbers, rel=1e-9), name


def seen(grid: Grid, name: str) -> tuple[list[str], list[float]]:
    """Texts and numbers of a block, cell after cell; empty texts of formulas count as nothing.

    A share is a number in Excel, and read from a file as its cell shows it.
    """
    cells = [share_of(cell) for row in grid.read(grid.named([name])[name]) for cell in row]
    return [cell for cell in cells if cell and isinstance(cell, str)], [c for c in cells if isinstance(c, float)]


def share_of(cell: str | float | None) -> str | float | None:
    share = re.fullmatch(r"(-?[0-9.e+-]+) %", cell) if isinstance(cell, str) else None
    return float(share[1]) / 100 if share else cell


def test_of_a_synchronised_workbook_the_copy_that_was_read_is_dated(buyer: Buyer) -> None:
    buyer.excel.program.workbook.path = "https://mairie.example/Documents/Cantine"
    os.utime(buyer.folder / "campagne.xlsx", (0, 0))
    buyer.excel.program.workbook._file = buyer.folder / "ailleurs.xlsx"  # what Excel saves is in the cloud first

    told = buyer.clicks("check").text

    assert "datée du 01/01/1970 à 01:00" in told
    assert "a été enregistré avant la lecture" not in told


def test_names_of_offers_side_by_side_break_rather_than_run_into_each_other(demo: Path) -> None:
    book = openpyxl.load_workbook(demo / "campagne.xlsx")
    for name in ("CX_NOTES_CRITERIA", "CX_NOTES_VALUES"):
        ((sheet, area),) = book.defined_names[name].destinations
        last = book[sheet][area][0][-1]
        assert last.alignment.wrap_text, name


# --- Words ------------------------------------------------------------------------------------------------------


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    french, english = resources.texts("addin", "fr"), resources.texts("addin", "en")
    assert french.keys() == english.keys()
    assert {key for key in french if holes(french[key]) != holes(english[key])} == set()


def test_a_message_that_is_too_tall_keeps_its_end_and_says_what_was_left_out() -> None:
    text = Words("fr").text("Début", ["x" * 200] * 30, "Enregistré.", "", "Ensuite : « Consolider ».")
    told = text.splitlines()
    assert told[0] == "Début"
    assert told[-3:] == ["… et 25 autres lignes.", "Enregistré.", "Ensuite : « Consolider »."]
    assert _height(told) <= TALLEST + 1


@pytest.mark.parametrize("language", ["fr", "en"])
def test_help_names_the_buttons_in_the_order_of_a_campaign(tmp_path: Path, language: str) -> None:
    words = Words(language)
    given = replace(context(in_file(tmp_path / "x.xlsx"), None), language=language)
    text = FUNCTIONS["help"](given).text
    places = [
        text.index(words.button(name))
        for name in ("new", "check", "issue", "drafts", "collect", "consolidate", "ask", "decide")
    ]
    assert places == sorted(places)


def test_about_says_where_faults_are_written_down(tmp_path: Path) -> None:
    given = replace(context(in_file(tmp_path / "x.xlsx"), None), log=tmp_path / "canevas-xl.log")
    assert str(tmp_path / "canevas-xl.log") in FUNCTIONS["about"](given).text
