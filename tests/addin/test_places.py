"""The user's places on each system, and the folders of workbooks that Excel knows by a web address."""

from __future__ import annotations

from pathlib import Path

import pytest

from canevas_xl.addin.places import Places, campaign_folder, is_web_address, user_places

ADDRESS = "https://mairie-my.sharepoint.example/personal/h/Documents/Cantine/campagne.xlsx"
HOME = Path("/home/hélène")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "data", tmp_path / "logs")


@pytest.mark.parametrize(
    ("system", "environment", "data", "log"),
    [
        ("win32", {"LOCALAPPDATA": "/L"}, "/L/canevas-xl", "/L/canevas-xl/logs/canevas-xl.log"),
        ("win32", {}, f"{HOME}/AppData/Local/canevas-xl", f"{HOME}/AppData/Local/canevas-xl/logs/canevas-xl.log"),
        (
            "darwin", {"XDG_DATA_HOME": "/ignored"}, f"{HOME}/Library/Application Support/canevas-xl",
            f"{HOME}/Library/Logs/canevas-xl/canevas-xl.log",
        ),
        ("linux", {}, f"{HOME}/.local/share/canevas-xl", f"{HOME}/.local/state/canevas-xl/canevas-xl.log"),
        ("linux", {"XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s"}, "/d/canevas-xl", "/s/canevas-xl/canevas-xl.log"),
    ],
)  # fmt: skip
def test_places_lie_where_the_system_expects_them(
    system: str, environment: dict[str, str], data: str, log: str
) -> None:
    found = user_places(system, environment, HOME)

    assert (str(found.data), str(found.log)) == (data, log)


def test_a_local_workbook_lies_in_its_folder(places: Places) -> None:
    assert campaign_folder("/c/L'été", "/c/L'été/campagne.xlsx", places) == Path("/c/L'été")
    assert not places.data.exists()


@pytest.fixture(autouse=True)
def campaign(tmp_path: Path) -> None:
    """Let there be a campaign in the folder."""
    (tmp_path / "campagne.xlsx").touch()


def test_a_web_address_is_asked_once_and_then_remembered(places: Places, tmp_path: Path) -> None:
    assert campaign_folder("", ADDRESS, places) is None

    assert campaign_folder(str(tmp_path), ADDRESS, places) == tmp_path
    assert campaign_folder("", ADDRESS, places) == tmp_path
    assert campaign_folder("", ADDRESS.replace("campagne", "resultats"), places) == tmp_path
    assert campaign_folder("", ADDRESS.replace("Cantine", "Voirie"), places) is None


def test_a_remembered_folder_that_is_gone_is_asked_again(places: Places, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "campagne.xlsx").touch()
    campaign_folder(str(tmp_path / "old"), ADDRESS, places)
    (tmp_path / "old").rename(tmp_path / "new")

    assert campaign_folder("", ADDRESS, places) is None


def test_a_folder_without_a_campaign_is_used_once_and_asked_again(places: Places, tmp_path: Path) -> None:
    (tmp_path / "wrong").mkdir()

    assert campaign_folder(str(tmp_path / "wrong"), ADDRESS, places) == tmp_path / "wrong"
    assert campaign_folder("", ADDRESS, places) is None


def test_a_workbook_never_saved_has_no_folder(places: Places) -> None:
    assert campaign_folder("", "Classeur1", places) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}'])
def test_a_damaged_map_only_means_to_ask_again(places: Places, tmp_path: Path, text: str) -> None:
    places.data.mkdir()
    places.folders.write_text(text, "utf-8")

    assert campaign_folder("", ADDRESS, places) is None
    assert campaign_folder(str(tmp_path), ADDRESS, places) == tmp_path


@pytest.mark.parametrize(
    ("workbook", "web"), [(ADDRESS, True), ("HTTP://x/y.xlsx", True), ("C:\\https\\y.xlsx", False)]
)
def test_web_addresses_are_told_from_paths(workbook: str, *, web: bool) -> None:
    assert is_web_address(workbook) is web
