"""The window outside Excel, on a virtual screen: its buttons do what the commands do."""

from __future__ import annotations

import gc
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from endless import PATIENCE
from presence import missing

from canevas_xl.addin.outside import figures_shown, findings_shown
from canevas_xl.addin.registry import ACTIONS
from canevas_xl.cli import bureau as command
from canevas_xl.cli import main

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        missing("Xvfb is not installed")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        yield f":{told.readline().strip()}"
    server.terminate()
    server.wait()


class Window:
    """The open window, and what was typed or clicked in it."""

    def __init__(self, shown: Any) -> None:
        self.shown = shown
        self.closed = False

    def click(self, action: str) -> str:
        """Click a button and wait until the action has ended; give what the window then says."""
        before = self.said
        self.shown.buttons[action].invoke()
        until = time.monotonic() + PATIENCE
        while self.said == before or str(self.shown.buttons[action]["state"]) == "disabled":
            assert time.monotonic() < until, f"{action} did not end"
            self.shown.root.update()
            time.sleep(0.02)
        return self.said.removeprefix(before)

    @property
    def said(self) -> str:
        return str(self.shown.text.get("1.0", "end-1c"))


@pytest.fixture
def window(
    display: str, demo: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    tkinter = pytest.importorskip("tkinter", reason="this Python has no tkinter")
    folder = tmp_path / "l'école d'à côté"
    shutil.copytree(demo("mobilier-bureau"), folder)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    root = tkinter.Tk()
    opened = Window(command.window(root, "fr", folder))
    yield opened
    if not opened.closed:
        root.destroy()
    opened.shown = None
    del root
    gc.collect()  # here: in the thread of a later window's action, Tcl would end the program


def test_every_action_has_its_button(window: Window) -> None:
    assert set(window.shown.buttons) == set(ACTIONS)


def test_a_button_says_what_the_action_says(window: Window) -> None:
    said = window.click("check")
    assert said.startswith("Vérifier la campagne")
    assert "Relever les retours" in said, "what is next is said"


def test_results_are_written_beside_the_campaign(window: Window, tmp_path: Path) -> None:
    results = tmp_path / "l'école d'à côté" / "resultats.xlsx"
    results.unlink()
    said = window.click("consolidate")
    assert results.exists()
    assert "points" in said
    assert "sélectionnez" not in said, "the window offers a list"


def test_what_can_be_chosen_is_said_in_words_and_once(window: Window) -> None:
    folder = Path(window.shown.folder.get())
    figures = [one.label for one in figures_shown(folder, "fr")]
    findings = [one.label for one in findings_shown(folder, "fr")]

    assert len(figures) == len(set(figures))
    assert len(findings) == len(set(findings))
    assert any(re.fullmatch(r"Burolia · lot 1 : [\d,]+ points sur 100", one) for one in figures)
    assert all(re.search(r" \(n° [0-9A-F]{10}\)$", one) for one in findings)


def test_a_finding_is_chosen_from_a_list_and_decided(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([lambda choices: choices[0], lambda choices: choices[0], lambda _: "Vérifié au téléphone."])
    monkeypatch.setattr("canevas_xl.addin.bureau.Question", typed(answers))
    said = window.click("decide")
    assert "Vérifié au téléphone." in said
    assert list((Path(window.shown.folder.get()) / "registre").glob("decided-*.json"))


def test_a_question_that_may_stay_empty_does_and_one_that_is_given_up_starts_nothing(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "canevas_xl.addin.bureau.filedialog.askopenfilenames", lambda **_: (str(tmp_path / "absent.eml"),)
    )
    monkeypatch.setattr("canevas_xl.addin.bureau.Question", typed(iter([lambda _: ""])))
    assert "absent.eml" in window.click("collect")
    before = window.said
    monkeypatch.setattr("canevas_xl.addin.bureau.Question", typed(iter([lambda _: None])))
    window.shown.buttons["collect"].invoke()
    assert window.said == before
    assert str(window.shown.buttons["collect"]["state"]) == "normal"


def test_closing_waits_until_the_action_that_runs_can_stop(window: Window, tmp_path: Path) -> None:
    shown, results = window.shown, tmp_path / "l'école d'à côté" / "resultats.xlsx"
    gone: list[bool] = []
    shown.root.bind("<Destroy>", lambda event: gone.append(True) if event.widget is shown.root else None)
    shown.buttons["consolidate"].invoke()
    shown.close()
    assert (gone, shown.stop.is_set()) == ([], True)
    until = time.monotonic() + PATIENCE
    while not gone and time.monotonic() < until:
        shown.root.update()
        time.sleep(0.02)
    window.closed = bool(gone)
    assert gone
    assert results.exists()


def test_a_mistake_in_the_window_itself_is_told_and_written_down(
    window: Window, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    window.shown.root.after(1, lambda: int("x"))
    until = time.monotonic() + PATIENCE
    while not window.said and time.monotonic() < until:
        window.shown.root.update()
    assert "imprévue" in window.said


def test_what_cannot_be_done_is_said_in_one_sentence(window: Window, tmp_path: Path) -> None:
    window.shown.folder.set(str(tmp_path))
    said = window.click("consolidate")
    assert "Traceback" not in said
    assert "campagne" in said


def test_a_window_that_cannot_be_opened_is_a_fault_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":4077")
    assert main(["bureau", "--lang", "fr"]) == 3
    said = capsys.readouterr()
    assert "X137" in said.out + said.err


def typed(answers: Iterator[Callable[[tuple[str, ...]], str | None]]) -> type:
    """A question that is answered at once, as if somebody had."""

    class Typed:
        def __init__(self, _root: Any, _words: Any, _label: str, choices: tuple[str, ...] = (), **_: str) -> None:
            self.given = next(answers)(choices)

    return Typed
