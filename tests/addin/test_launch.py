"""Between a click and its message: every outcome is told once, in words, and leaves Excel as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwings as xw
from simulated.dispatch import RPC_E_CALL_REJECTED, VBA_E_IGNORE
from simulated.excel import SimulatedExcel

from canevas_xl.addin import actions, faults, launch
from canevas_xl.addin.arguments import Arguments, write_arguments
from canevas_xl.addin.context import Context, Stopped, Told
from canevas_xl.addin.launch import BUSY, DONE, FOLDER_NEEDED, MISUSED, TOLD, main
from canevas_xl.addin.places import Places, user_places
from canevas_xl.addin.registry import Ask

NAME = "Réponse = société & Co (2).xlsx"
Click = Callable[..., int]


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "Hélène"))
    monkeypatch.setenv("HOME", str(tmp_path / "Hélène"))
    return user_places()


@pytest.fixture
def book(simulated_excel: SimulatedExcel, tmp_path: Path) -> xw.Book:
    """A workbook with an awkward name, in a folder with one."""
    folder = tmp_path / "L'été d'Hélène"
    folder.mkdir()
    book = simulated_excel.app.books.add()
    book.save(folder / NAME)
    return simulated_excel.open(folder / NAME)


@pytest.fixture
def click(simulated_excel: SimulatedExcel, book: xw.Book, places: Places, tmp_path: Path) -> Click:  # noqa: ARG001 - open
    """Start as VBA does: with an argument file."""

    def clicked(action: str, folder: Path | str = tmp_path, **answers: str) -> int:
        given = {Ask(name): text for name, text in answers.items()}
        file = write_arguments(Arguments(str(folder), str(tmp_path / "x" / NAME), given), places)
        window = f"--hwnd={simulated_excel.hwnd}"
        return main([action, f"--wb={NAME}", "--from_xl=1", "--app=x", window, "--lang=fr", f"--arguments={file}"])

    return clicked


def put(monkeypatch: pytest.MonkeyPatch, action: Callable[[Context], Told]) -> None:
    """Let the button « Aide » do something else."""
    monkeypatch.setattr(actions, "FUNCTIONS", {**actions.FUNCTIONS, "help": action})


# --- What is asked ----------------------------------------------------------------------------------------------


def test_arguments_are_cut_at_their_first_equals_sign() -> None:
    asked = launch.read_click(["check", f"--wb={NAME}", "--hwnd=42", "--lang=en", "--arguments=C:\\a=b.txt"])
    assert asked is not None
    assert (asked.workbook, asked.window, asked.language, asked.file) == (NAME, 42, "en", "C:\\a=b.txt")


@pytest.mark.parametrize("words", ["", "check", "nothing --wb=x", "check issue --wb=x", "os.system --wb=x"])
@pytest.mark.usefixtures("places")
def test_what_names_no_action_or_no_workbook_is_wrong_use(words: str) -> None:
    assert main(words.split()) == MISUSED


@pytest.mark.usefixtures("places")
def test_a_workbook_that_is_not_open_is_wrong_use(simulated_excel: SimulatedExcel) -> None:
    assert main(["help", "--wb=absent.xlsx", f"--hwnd={simulated_excel.hwnd}"]) == MISUSED


def test_an_unknown_language_is_french() -> None:
    asked = launch.read_click(["help", "--wb=x", "--lang=xx"])
    assert asked is not None
    assert asked.language == "fr"


# --- How it ends ------------------------------------------------------------------------------------------------


def test_an_action_ends_with_its_message(click: Click, simulated_excel: SimulatedExcel) -> None:
    assert click("help") == DONE
    assert [(box.title, "« Consolider »" in box.text) for box in simulated_excel.shown] == [("Aide", True)]
    assert simulated_excel.status == ""


def test_what_the_user_can_mend_is_one_sentence(click: Click, simulated_excel: SimulatedExcel) -> None:
    assert click("check") == TOLD
    (box,) = simulated_excel.shown
    assert "Ouvrez campagne.xlsx" in box.text
    assert "G101" not in box.text


def test_a_mistake_of_ours_is_written_down_and_said_once(
    click: Click, simulated_excel: SimulatedExcel, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Context) -> Told:
        raise RuntimeError("œuf à la coque")

    put(monkeypatch, fails)
    assert click("help") == TOLD
    assert len(simulated_excel.shown) == 1
    assert str(places.log) in simulated_excel.shown[0].text
    assert "œuf à la coque" in places.log.read_text("utf-8")
    assert simulated_excel.status == ""


def test_a_drive_that_went_away_is_no_mistake_of_ours(
    click: Click, simulated_excel: SimulatedExcel, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Context) -> Told:
        raise PermissionError(13, "refusé", "Z:\\achats")

    put(monkeypatch, fails)
    assert click("help") == TOLD
    assert "Z:\\achats" in simulated_excel.shown[0].text
    assert "imprévue" not in simulated_excel.shown[0].text
    assert "PermissionError" in places.log.read_text("utf-8")


def test_stopping_is_no_mistake(click: Click, simulated_excel: SimulatedExcel, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(context: Context) -> Told:
        context.progress(1, 12)
        raise Stopped

    put(monkeypatch, stops)
    assert click("help") == TOLD
    assert simulated_excel.shown[0].text.startswith("Arrêté.")


def test_progress_stands_in_the_status_bar(
    click: Click, simulated_excel: SimulatedExcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def counts(context: Context) -> Told:
        seen.append(simulated_excel.status)
        context.progress(3, 12)
        seen.append(simulated_excel.status)
        return Told("fait")

    put(monkeypatch, counts)
    click("help")
    assert seen == ["Canevas : Aide…", "Canevas : Aide, 3 sur 12 (maintenez Échap pour arrêter)"]


@pytest.mark.parametrize("hresult", [VBA_E_IGNORE, RPC_E_CALL_REJECTED])
def test_a_cell_that_is_being_edited_is_recognised(
    click: Click, simulated_excel: SimulatedExcel, monkeypatch: pytest.MonkeyPatch, hresult: int
) -> None:
    def edits(context: Context) -> Told:
        simulated_excel.refuse(hresult)
        context.grid.status("…")
        return Told("fait")

    put(monkeypatch, edits)
    monkeypatch.setattr("canevas_xl.adapters.excel.attach.ATTEMPTS", 3)
    assert click("help") == TOLD
    assert "Excel est occupé" in simulated_excel.shown[0].text  # G105


@pytest.mark.parametrize("hresult", [VBA_E_IGNORE, RPC_E_CALL_REJECTED])
def test_an_excel_that_is_busy_from_the_start_is_told_apart_for_vba(
    click: Click, simulated_excel: SimulatedExcel, places: Places, monkeypatch: pytest.MonkeyPatch, hresult: int
) -> None:
    monkeypatch.setattr("canevas_xl.adapters.excel.attach.ATTEMPTS", 3)
    simulated_excel.refuse(hresult)
    assert click("help") == BUSY
    assert not places.log.exists()


def test_somebody_who_types_when_the_action_ends_still_gets_its_message(
    click: Click, simulated_excel: SimulatedExcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begins_to_type(_: Context) -> Told:
        simulated_excel.refuse(RPC_E_CALL_REJECTED)
        return Told("fait")

    put(monkeypatch, begins_to_type)
    monkeypatch.setattr("canevas_xl.adapters.excel.attach.ATTEMPTS", 3)
    assert click("help") == DONE
    assert [box.text for box in simulated_excel.shown] == ["fait"]


@pytest.mark.usefixtures("book", "places")
def test_a_refused_argument_file_is_told(simulated_excel: SimulatedExcel, tmp_path: Path) -> None:
    elsewhere = tmp_path / "request-1.txt"
    elsewhere.write_bytes(b"folder=x\n")
    window = f"--hwnd={simulated_excel.hwnd}"
    assert main(["help", f"--wb={NAME}", window, f"--arguments={elsewhere}"]) == TOLD
    assert len(simulated_excel.shown) == 1
    assert elsewhere.exists()


@pytest.mark.usefixtures("book")
def test_a_workbook_in_a_synchronised_folder_needs_the_user_to_say_where_it_is(
    simulated_excel: SimulatedExcel, places: Places
) -> None:
    file = write_arguments(Arguments("", f"https://ville.sharepoint.example/Achats/{NAME}", {}), places)
    window = f"--hwnd={simulated_excel.hwnd}"
    assert main(["check", f"--wb={NAME}", window, f"--arguments={file}"]) == FOLDER_NEEDED
    assert simulated_excel.shown == []
    assert simulated_excel.status == ""


def test_the_log_begins_anew_once_it_is_long(places: Places) -> None:
    places.logs.mkdir(parents=True)
    places.log.write_text("x" * (faults.LARGEST_LOG + 1), "utf-8")
    assert faults.write_down(places, "help", "neuf")
    assert places.log.stat().st_size < 200


def test_a_log_that_cannot_be_written_stops_nothing(
    click: Click, simulated_excel: SimulatedExcel, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Context) -> Told:
        raise RuntimeError

    put(monkeypatch, fails)
    places.log.mkdir(parents=True)
    assert click("help") == TOLD
    assert "imprévue" in simulated_excel.shown[0].text


# --- What a supplier may put in a workbook -----------------------------------------------------------------------


def test_nothing_in_the_open_workbook_is_obeyed(
    click: Click, book: xw.Book, simulated_excel: SimulatedExcel, tmp_path: Path
) -> None:
    evil = tmp_path / "evil"
    for name, cells in {
        "canevas.conf": [["Interpreter_Win", "evil.exe"], ["PYTHONPATH", str(evil)]],
        "xlwings.conf": [["PYTHONPATH", str(evil)], ["SHOW CONSOLE", "True"]],
        "x.py": [["import os; os.makedirs('evil')", None]],
    }.items():
        book.sheets.add(name).range("A1").value = cells
    (book_folder := Path(book.fullname).parent).joinpath("xlwings.py").write_text("raise SystemExit(99)", "utf-8")
    before = list(sys.path)
    assert click("check", book_folder) == TOLD
    assert sys.path == before
    assert not evil.exists()
    assert "Ouvrez campagne.xlsx" in simulated_excel.shown[0].text


def test_a_campaign_is_found_whatever_its_folder_is_called(
    click: Click, simulated_excel: SimulatedExcel, tmp_path: Path
) -> None:
    folder = tmp_path / "L'été & Cie = (2) %TEMP%"
    assert click("new", folder, template="mobilier-bureau", new_folder=str(folder)) == DONE
    assert (folder / "campagne.xlsx").exists()
    assert str(folder) in simulated_excel.shown[0].text


# --- How it starts ----------------------------------------------------------------------------------------------


def in_a_fresh_python(code: str) -> str:
    """Run lines in a Python of their own; give what they print."""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    return run.stdout.strip()


def test_no_button_loads_data_frames_charts_or_units() -> None:
    loaded = in_a_fresh_python(
        "import sys\n"
        "from canevas_xl.addin import launch\n"
        "launch.load_xlwings()\n"
        "import canevas_xl.adapters.excel.attach, canevas_xl.addin.actions\n"
        "print([name for name in (*launch.UNWANTED, 'rich') if sys.modules.get(name)])"
    )
    assert loaded == "[]"


def test_the_status_bar_speaks_before_anything_heavy_is_loaded() -> None:
    said = in_a_fresh_python(
        "import sys\n"
        "from canevas_xl.addin import launch\n"
        "class Grid:\n"
        "    name, live = 'x', True\n"
        "    def status(self, text):\n"
        "        heavy = ('numpy', 'pydantic', 'xlsxwriter', 'canevas_xl.addin.actions')\n"
        "        print(text, [name for name in heavy if name in sys.modules]) if text else None\n"
        "    def tell(self, *_, **__): print('canevas_xl.addin.actions' in sys.modules)\n"
        "click = launch.read_click(['help', '--wb=x'])\n"
        "from canevas_xl.addin.arguments import Arguments\n"
        "places = launch.user_places()\n"
        "grid = Grid()\n"
        "launch.run(click, grid, lambda: launch._context(click, grid, Arguments(), None, places), places)\n"
    )
    assert said.splitlines() == ["Canevas : Aide… []", "True"]


def test_the_entry_of_the_launcher_is_the_package() -> None:
    run = subprocess.run([sys.executable, "-I", "-X", "utf8", "-m", "canevas_xl.addin", "nothing"], check=False)
    assert run.returncode == MISUSED
