"""From a button of the ribbon to cells: the add-in's own VBA, its command line, the program, the simulated Excel."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from xml.etree import ElementTree as ET

import pytest
import xlwings as xw
from pyopenvba.apps.excel import ExcelApplication
from returned import IN_TIME, LATE, answered, issued
from simulated.excel import SimulatedExcel, simulated_excel, start
from simulated.scripting import HOME, Control, World

from canevas_xl.addin import launch
from canevas_xl.addin.ribbon import NAMESPACE, ribbon_xml
from canevas_xl.addin.xlam import xlam_bytes
from canevas_xl.app.collect import collect

__all__ = ["simulated_excel"]

MODULE = ["-I", "-X", "utf8", "-m", "canevas_xl.addin"]
AWKWARD = "Réponse = société & Co (2).xlsx"


class Late(dt.datetime):
    """A clock that stands still, after the deadline."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Self:
        return cls.fromtimestamp(LATE.timestamp(), tz)


@dataclass
class Chain:
    """A machine with Excel and the add-in."""

    world: World
    excel: SimulatedExcel
    codes: list[int]
    """Exit codes of the program, oldest first."""

    def click(self, action: str) -> None:
        """Click on a button of the ribbon, with the tag that the ribbon gives it."""
        buttons = ET.fromstring(ribbon_xml()).iter(f"{{{NAMESPACE}}}button")
        tag = next(button.get("tag", "") for button in buttons if button.get("id") == action)
        self.excel.program.run("CanevasRibbon.CanevasAction", Control(action, tag))

    def run(self, words: list[str]) -> int:
        """Stand in for Windows: start the program in this process, drive C: being a folder of the test."""
        assert words[: len(MODULE)] == MODULE
        key = "--arguments="
        given = [
            f"{key}{self.world.real(word.removeprefix(key))}" if word.startswith(key) else word
            for word in words[len(MODULE) :]
        ]
        self.codes.append(launch.main(given))
        return self.codes[-1]


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulated_excel: SimulatedExcel) -> Chain:
    """The add-in in an Excel of its own, beside another one that was there before."""
    path = tmp_path / "canevas.xlam"
    path.write_bytes(xlam_bytes())
    program = ExcelApplication.open(path)
    world = World(tmp_path / "C")
    world.real(HOME).mkdir(parents=True)
    world.lay("%LOCALAPPDATA%\\canevas-xl\\venv\\Scripts\\pythonw.exe")
    world.move_in(program)
    made = Chain(world, start(program), [])
    world.program = made.run
    monkeypatch.setenv("XDG_DATA_HOME", str(world.real(HOME)))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(launch, "datetime", Late)
    assert simulated_excel.hwnd != made.excel.hwnd
    return made


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign to which one supplier answered, in a folder with an apostrophe and accents."""
    home = tmp_path_factory.mktemp("Achats") / "L'été à l'école"
    home.mkdir()
    folder, copies = issued(home)
    returned = answered(copies[0], home / "retour.xlsx", {})
    collect(folder, [returned], IN_TIME, IN_TIME)
    return folder.path


def cells(book: xw.Book, sheet: str) -> list[list[object]]:
    return book.sheets[sheet].used_range.options(ndim=2).value  # type: ignore[no-any-return]


def test_a_click_fills_cells_of_the_campaigns_workbook_and_ends_in_a_message(chain: Chain, campaign: Path) -> None:
    book = chain.excel.open(campaign / "campagne.xlsx")
    before = cells(book, "Constats")

    chain.click("validate")

    assert chain.codes == [launch.DONE], chain.excel.shown
    assert [box.title for box in chain.excel.shown] == ["Valider"]
    assert cells(book, "Constats") != before
    assert chain.excel.status == ""
    assert chain.excel.program.dialogs == []  # VBA had nothing to add
    assert list(chain.world.real(f"{HOME}\\canevas-xl\\temp").iterdir()) == []  # the argument file is gone


def test_a_suppliers_workbook_in_front_is_obeyed_in_nothing(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Reçus").mkdir()
    (tmp_path / "Reçus" / "xlwings.py").write_text("raise SystemExit('obeyed')", "utf-8")
    book = chain.excel.app.books.add()
    for name in ("canevas.conf", "xlwings.conf", "x.py"):
        book.sheets.add(name)["A1"].value = [["Interpreter", "evil.exe"], ["PYTHONPATH", str(tmp_path)], ["LOG", "x"]]
    book.save(str(tmp_path / "Reçus" / AWKWARD))
    monkeypatch.setattr(sys, "path", list(sys.path))
    known = list(sys.path)

    chain.click("check")

    assert chain.codes == [launch.TOLD]
    assert "evil" not in chain.world.started[-1]
    assert sys.path == known
    assert [box.title for box in chain.excel.shown] == ["Vérifier la campagne"]
    assert chain.excel.program.dialogs == []


def test_a_workbook_with_an_awkward_name_is_found(chain: Chain, tmp_path: Path) -> None:
    chain.excel.app.books.add().save(str(tmp_path / AWKWARD))

    chain.click("about")

    assert chain.codes == [launch.DONE]
    assert [box.title for box in chain.excel.shown] == ["À propos"]


def test_a_web_address_is_asked_once_for_its_folder(chain: Chain, campaign: Path) -> None:
    book = chain.excel.open(campaign / "campagne.xlsx")
    chain.excel.program.workbook.path = "https://mairie.example/Documents/Cantine"
    chain.world.picked.append([str(campaign)])

    chain.click("drafts")
    chain.click("drafts")

    assert chain.codes == [launch.FOLDER_NEEDED, launch.DONE, launch.DONE], chain.excel.shown
    assert len(chain.world.prompts) == 1
    assert book.name == "campagne.xlsx"


def test_what_goes_wrong_in_the_program_is_told_once_and_logged(
    chain: Chain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    functions: dict[str, Callable[[object], None]] = {"about": broken}
    monkeypatch.setattr(launch, "_functions", lambda: functions)
    chain.excel.app.books.add().save(str(tmp_path / AWKWARD))

    chain.click("about")

    assert chain.codes == [launch.TOLD]
    assert len(chain.excel.shown) + len(chain.excel.program.dialogs) == 1
    log = tmp_path / "state" / "canevas-xl" / "canevas-xl.log"
    assert "ZeroDivisionError" in log.read_text("utf-8")
