"""What runs inside LibreOffice, without LibreOffice: places, questions, the program's output, one action at a time."""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from canevas_xl.addin.arguments import read_arguments
from canevas_xl.addin.extension import COMPONENT, _built
from canevas_xl.addin.places import user_places
from canevas_xl.addin.registry import ACTIONS, Ask

BUILT = _built()


class Base:
    """Stands in for LibreOffice's bases and registrations."""

    def addImplementation(self, *_: object) -> None:  # noqa: N802 - LibreOffice's word
        """Register nothing."""


def module(name: str, **members: object) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(members)
    return made


@pytest.fixture
def component(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The component as LibreOffice loads it: from its file, not from our package."""
    stand_ins = (
        module("uno", systemPathToFileUrl=str),
        module("unohelper", Base=type("Base", (), {}), ImplementationHelper=Base),
        *(module(name) for name in ("com", "com.sun", "com.sun.star", "com.sun.star.awt")),
        module("com.sun.star.awt.MessageBoxType", INFOBOX=1, WARNINGBOX=2),
        module("com.sun.star.beans", PropertyValue=Base),
        module("com.sun.star.task", XJobExecutor=Base),
    )
    for one in stand_ins:
        monkeypatch.setitem(sys.modules, one.__name__, one)
    spec = importlib.util.spec_from_file_location("component", COMPONENT)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this user's settings lie."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "Hélène"))
    place = tmp_path / "Hélène" / "canevas-xl"
    place.mkdir(parents=True)
    return place


class Somebody:
    """Somebody in front of LibreOffice who answers in advance, and remembers what was said."""

    def __init__(self, path: str = "", *answers: str | None) -> None:
        self.built, self.language = BUILT, "fr"
        self.path, self.answers = path, iter(answers)
        self.told: list[str] = []
        self.breaths = 0
        self.document = module("document", isModified=lambda: False)
        self.desktop = module("desktop", getCurrentFrame=lambda: None)

    def say(self, key: str) -> str:
        return str(self.built["texts"][self.language][key])

    def tell(self, _title: str, text: str, *, warn: bool = False) -> None:
        self.told.append(f"! {text}" if warn else text)

    def breathe(self) -> None:
        self.breaths += 1

    def selection(self) -> str:
        return ""

    def folder(self, _title: str) -> str:
        return next(self.answers) or ""

    files = folder

    def form(self, _title: str, _label: str, _choices: object = ()) -> str | None:
        return next(self.answers)


def action(name: str) -> Mapping[str, Any]:
    return next(one for one in BUILT["actions"] if one["name"] == name)


def test_older_libreoffices_can_read_it() -> None:
    ast.parse(COMPONENT.read_text("utf-8"), feature_version=(3, 8))  # LibreOffice 7 on Windows


@pytest.mark.parametrize(
    ("system", "variable"), [("win32", "LOCALAPPDATA"), ("darwin", "HOME"), ("linux", "XDG_DATA_HOME")]
)
def test_it_looks_for_the_users_places_where_the_program_does(
    component: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setattr(sys, "platform", system)
    assert component.places() == user_places(system).data


@pytest.mark.parametrize("text", ["", "{", "[]", '{"interpreter": 3}', '{"interpreter": "/gone/python"}', "\x00"])
def test_settings_that_are_damaged_or_out_of_date_name_no_program_and_that_is_said(
    component: Any, home: Path, text: str
) -> None:
    (home / "settings.json").write_text(text, "utf-8")
    somebody = Somebody()
    component.run("check", somebody)
    assert "addin install --libreoffice" in somebody.told[0]
    assert str(home / "settings.json") in somebody.told[0]


def test_a_program_that_is_installed_for_all_users_serves_without_settings(
    component: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.is_dir()
    monkeypatch.setitem(component.ALL_USERS, sys.platform, ("/nowhere", sys.executable))
    assert component.interpreter() == sys.executable


def test_what_the_program_says_is_read_as_it_comes_however_long(component: Any) -> None:
    somebody = Somebody()
    code = "import sys, time; sys.stdout.write('é' * 300_000); sys.stdout.flush(); time.sleep(0.2); sys.exit(10)"
    ended = component.finished([sys.executable, "-X", "utf8", "-c", code], "Consolider", somebody)
    assert ended == (10, "é" * 300_000)
    assert somebody.breaths > 0


def test_the_argument_file_is_one_that_the_program_reads(component: Any, home: Path) -> None:
    given = {"folder": "L'été = \\n 100 %", "answer.reason": "a\nb", "answer.received": ""}
    path = component.written(given)
    read = read_arguments(path, user_places())
    assert (read.folder, read.answers) == ("L'été = \\n 100 %", {Ask.REASON: "a\nb", Ask.RECEIVED: ""})
    assert list((home / "temp").iterdir()) == []


def test_a_second_click_waits_for_the_first(component: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    actions, somebody = component.Actions.__new__(component.Actions), Somebody()
    actions.office = somebody
    ran: list[str] = []

    def runs(name: str, _: object) -> None:
        ran.append(name)
        actions.trigger("issue")

    monkeypatch.setattr(component, "run", runs)
    actions.trigger("check")
    actions.trigger("validate")
    assert ran == ["check", "validate"]
    assert ["déjà en cours" in text for text in somebody.told] == [True, True]


def test_only_a_cell_of_the_results_counts_as_selected(component: Any, tmp_path: Path) -> None:
    (tmp_path / "campagne.xlsx").touch()
    somebody = Somebody(str(tmp_path / "campagne.xlsx"))
    assert component.asked(action("decide"), "x", somebody) is None
    assert "resultats.xlsx" in somebody.told[0]
    assert "Consolider" in somebody.told[0]


def test_an_optional_question_may_stay_empty_and_any_question_be_given_up(component: Any, tmp_path: Path) -> None:
    (tmp_path / "campagne.xlsx").touch()
    path = str(tmp_path / "campagne.xlsx")
    answered = component.asked(action("collect"), "x", Somebody(path, "/reçus/a.xlsx", ""))
    assert answered == {
        "folder": str(tmp_path),
        "workbook": path,
        "answer.files": "/reçus/a.xlsx",
        "answer.received": "",
    }
    for answers in (["/reçus/a.xlsx", None], [""]):
        assert component.asked(action("collect"), "x", Somebody(path, *answers)) is None


def test_a_program_that_does_not_start_leaves_no_argument_file(component: Any, home: Path, tmp_path: Path) -> None:
    (tmp_path / "python").write_text("no program", "utf-8")
    (home / "settings.json").write_text(json.dumps({"interpreter": str(tmp_path / "python")}), "utf-8")
    with pytest.raises(OSError, match="python"):
        component.run("about", Somebody())
    assert list((home / "temp").iterdir()) == []


def test_every_question_of_the_registry_can_be_asked(component: Any, tmp_path: Path) -> None:
    (tmp_path / "campagne.xlsx").touch()
    somebody = Somebody(str(tmp_path / "campagne.xlsx"), *["x"] * 99)
    somebody.selection = lambda: "1,1,Notes"  # type: ignore[method-assign]  # a cell of the results
    asked = [component.asked(action(name), "x", somebody) for name in ACTIONS]
    assert {key.removeprefix("answer.") for one in asked for key in one if key.startswith("answer.")} == set(Ask)
