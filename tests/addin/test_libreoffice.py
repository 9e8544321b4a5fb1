"""Installing LibreOffice's extension: found, built, or said why not."""

from __future__ import annotations

import json
import shutil
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from canevas_xl.addin.extension import FILE, SERVICE, extension_bytes
from canevas_xl.addin.libreoffice import install_extension, installer, remove_extension, write_extension
from canevas_xl.addin.places import Places
from canevas_xl.addin.registry import ACTIONS
from canevas_xl.errors import Fault

TITLE = "{http://openoffice.org/2001/registry}name"


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(extension_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_is_built_to_the_same_bytes_twice() -> None:
    assert extension_bytes() == extension_bytes()


def test_menu_and_toolbar_have_every_action_in_order() -> None:
    root = ET.fromstring(parts()["Addons.xcu"])
    urls = [prop[0].text for prop in root.iter("prop") if prop.get(TITLE) == "URL"]
    assert urls == [f"service:{SERVICE}?{name}" for name in ACTIONS] * 2


def test_it_asks_what_the_registry_says_in_both_languages() -> None:
    built = json.loads(parts()["actions.json"])
    assert [(one["name"], one["needs"], one["asks"]) for one in built["actions"]] == [
        (action.name, action.needs.value, [ask.value for ask in action.asks]) for action in ACTIONS.values()
    ]
    assert set(built["texts"]["fr"]) == set(built["texts"]["en"])


def test_what_runs_inside_libreoffice_imports_nothing_of_the_program() -> None:
    assert b"import canevas_xl" not in parts()["component.py"]
    assert b"from canevas_xl" not in parts()["component.py"]


def test_where_libreoffice_is_nowhere_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Fault) as caught:
        installer(known=())
    assert caught.value.code == "X135"


def test_a_refusal_is_a_fault_with_its_reason(tmp_path: Path) -> None:
    program = shutil.which("false")
    assert program
    with pytest.raises(Fault) as caught:
        install_extension(Places(tmp_path / "data", tmp_path / "logs"), Path(program))
    assert caught.value.code == "X136"


def test_the_interpreter_is_remembered_for_the_extension(tmp_path: Path) -> None:
    places, program = Places(tmp_path / "data", tmp_path / "logs"), shutil.which("true")
    assert program
    extension = install_extension(places, Path(program))
    assert extension.read_bytes() == extension_bytes()
    assert json.loads(places.settings.read_text("utf-8")) == {"interpreter": sys.executable}


def test_removing_takes_the_extension_and_nothing_else(tmp_path: Path) -> None:
    places, program = Places(tmp_path / "data", tmp_path / "logs"), shutil.which("true")
    assert program
    assert remove_extension(places, Path(program)) == ()
    places.data.mkdir()
    write_extension(places.data)
    assert remove_extension(places, Path(program)) == (places.data / FILE,)
    assert not (places.data / FILE).exists()
