"""LibreOffice's extension: installed in a private profile, its menu entries clicked, on a virtual screen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from endless import PATIENCE
from presence import missing
from screen import Screen

from canevas_xl.adapters.xlsx.file_grid import FileGrid
from canevas_xl.addin.extension import FILE, IDENTIFIER, SERVICE, extension_bytes

pytestmark = [pytest.mark.office, pytest.mark.gui]
TOOLBAR = f"private:resource/toolbar/addon_{IDENTIFIER}.toolbar"


class Clicked(Screen):
    """LibreOffice with the extension, which starts our program as an installation would."""

    def click(self, action: str, *typed: str) -> str:
        """Trigger an entry of the menu and answer its questions; give what is said last, and dismiss it.

        Lists are left at their first line; texts are typed in the order in which they are asked.
        """
        texts = iter(typed)
        dispatcher = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self.context
        )
        frame = self.desktop.getCurrentFrame()
        order = (frame, f"service:{SERVICE}?{action}", "", 0, ())
        call = threading.Thread(target=dispatcher.executeDispatch, args=order, daemon=True)
        call.start()
        until, said = time.monotonic() + PATIENCE, ""
        while call.is_alive() and time.monotonic() < until:
            said = self.dismissed(texts) or said
            time.sleep(0.1)
        assert not call.is_alive(), f"the message is still there: {said}"
        return said

    def bring(self, path: Path) -> Any:
        """Show a workbook in front, opened if it is not; give its controller."""
        frame = self.desktop.loadComponentFromURL(path.as_uri(), "_default", 0, ()).getCurrentController().Frame
        frame.activate()
        frame.getContainerWindow().toFront()
        return frame.getController()

    def picture(self, path: Path) -> int:
        """Take a picture of the screen; give how many colours are in it."""
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=True)
        told = subprocess.run(["identify", "-format", "%k", str(path)], capture_output=True, check=True)
        return int(told.stdout)


def _install(folder: Path, profile: Path) -> None:
    """Install as a user does; as an administrator the program refuses to, so somebody else is asked."""
    profile.mkdir()
    command = ["unopkg", "add", "--force", f"-env:UserInstallation={profile.as_uri()}", str(folder / FILE)]
    if os.geteuid() == 0:
        for path in (profile, *list(profile.parents)[:-1]):
            path.chmod(0o777 if path == profile else path.stat().st_mode | 0o755)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    done = subprocess.run(
        command, env={**os.environ, "HOME": str(profile)}, capture_output=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that another user may look into."""
    with tempfile.TemporaryDirectory(prefix="canevas-oxt-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def office(soffice: str, place: Path, demo: Callable[[str], Path]) -> Iterator[Clicked]:
    for program in ("Xvfb", "xdotool", "import", "unopkg"):
        if shutil.which(program) is None:
            missing(f"{program} is not installed")
    data = place / "data" / "canevas-xl"
    data.mkdir(parents=True)
    (data / "settings.json").write_text(json.dumps({"interpreter": sys.executable}), "utf-8")
    (place / FILE).write_bytes(extension_bytes())
    _install(place, place / "profile")
    shutil.copytree(demo("mobilier-bureau"), place / "l'école d'à côté")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(place / "data"))
        with Clicked(soffice, place) as started:
            started.show(place / "l'école d'à côté" / "campagne.xlsx")
            yield started


def test_the_toolbar_stands_under_the_others(office: Clicked, tmp_path: Path) -> None:
    layout: Any = office.controller.Frame.LayoutManager
    assert layout.isElementVisible(TOOLBAR)
    assert office.picture(tmp_path / "toolbar.png") > 20


def test_an_entry_runs_the_same_program_as_a_button_and_says_what_it_says(office: Clicked) -> None:
    said = office.click("check")
    assert "Check the campaign" in said
    assert "Collect the returns" in said, "what is next is said"


def test_results_are_shown_once_they_are_made(office: Clicked, place: Path, tmp_path: Path) -> None:
    results = place / "l'école d'à côté" / "resultats.xlsx"
    before = results.stat().st_mtime_ns
    said = office.click("consolidate")
    assert "Consolidate" in said
    assert results.stat().st_mtime_ns > before
    assert str(office.desktop.getCurrentComponent().URL).endswith("resultats.xlsx")
    assert office.picture(tmp_path / "results.png") > 20


def test_results_that_are_open_are_let_go_of_written_and_shown_again(office: Clicked, place: Path) -> None:
    results = place / "l'école d'à côté" / "resultats.xlsx"
    office.bring(results)
    before = results.stat().st_mtime_ns
    assert "Validate" in office.click("validate")
    assert results.stat().st_mtime_ns > before
    assert str(office.desktop.getCurrentComponent().URL).endswith("resultats.xlsx")


def test_a_finding_is_decided_by_answering_what_is_asked(office: Clicked, place: Path) -> None:
    results = place / "l'école d'à côté" / "resultats.xlsx"
    area = FileGrid(results, lambda _: None).named(["CX_FINDINGS_LIST"])["CX_FINDINGS_LIST"]
    controller = office.bring(results)
    sheet = controller.getModel().Sheets.getByName(area.sheet)
    controller.setActiveSheet(sheet)
    controller.select(sheet.getCellByPosition(area.left, area.top))
    said = office.click("decide", "A mere slip: confirmed in writing.")
    assert "accepted: A mere slip: confirmed in writing." in said
    assert list((place / "l'école d'à côté" / "registre").glob("decided-*.json"))


def test_a_cell_of_the_campaign_is_no_finding(office: Clicked, place: Path) -> None:
    office.bring(place / "l'école d'à côté" / "campagne.xlsx")
    assert "Open resultats.xlsx" in office.click("trace")
