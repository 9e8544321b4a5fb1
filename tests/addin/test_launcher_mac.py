"""The launcher on macOS: the same VBA in its other half, and the shell line of its AppleScript. No Mac was at hand."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter import _preprocess as preprocess
from simulated.scripting import Control, World

from canevas_xl.addin.arguments import Arguments, read_arguments
from canevas_xl.addin.places import Places
from canevas_xl.addin.registry import Ask
from canevas_xl.addin.xlam import xlam_bytes
from canevas_xl.resources import PACKAGE

SCRIPT = (PACKAGE / "addin" / "vba" / "canevas-xl.applescript").read_text("utf-8")
TAG = "Valider|Validate|x|x|campaign|"
Answers = dict[str, Callable[[str], str]]


@pytest.fixture
def handlers() -> Answers:
    """What the AppleScript answers, by handler."""
    return {"StartAction": lambda _: "0", "ChooseFolder": lambda _: "/Users/h/Cantine", "ChooseFiles": lambda _: ""}


@pytest.fixture
def tasks() -> list[tuple[str, str]]:
    """Handlers called, with what each was given."""
    return []


@pytest.fixture
def excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, handlers: Answers, tasks: list[tuple[str, str]]
) -> ExcelApplication:
    """An Excel for Mac with the add-in."""
    monkeypatch.setitem(preprocess.DEFAULT_CONSTANTS, "Mac", True)
    (tmp_path / "canevas.xlam").write_bytes(xlam_bytes())
    program = ExcelApplication.open(tmp_path / "canevas.xlam")
    World(tmp_path).move_in(program)

    def task(_interpreter: object, args: list[str], _named: object) -> str:
        script, handler, given = args
        assert script == "canevas-xl.applescript"
        tasks.append((handler, given))
        return handlers[handler](given)

    program.interpreter._intrinsics = {**program.interpreter._intrinsics, "applescripttask": task}
    book = program.add_workbook()
    book.path, book.name = "/Users/h/L'été", "Réponse = 2.xlsx"
    return program


def test_one_text_says_all_to_the_script(excel: ExcelApplication, tasks: list[tuple[str, str]]) -> None:
    excel.answer_dialogs(6, "motif \\ clair")

    excel.run("CanevasRibbon.CanevasAction", Control("decide", "x|x|x|x|selection|choice,reason"))

    handler, given = tasks[0]
    action, workbook, language, application, *request = given.split("\n")
    assert (handler, action, workbook, language) == ("StartAction", "decide", "Réponse = 2.xlsx", "fr")
    assert application
    assert request == [
        "folder=/Users/h/L'été", "workbook=/Users/h/L'été/Réponse = 2.xlsx", "answer.choice=accept",
        "answer.reason=motif \\\\ clair", "",
    ]  # fmt: skip


def test_the_folder_of_a_web_address_is_asked_before(excel: ExcelApplication, tasks: list[tuple[str, str]]) -> None:
    excel.workbook.path = "https://mairie.example/Cantine"

    excel.run("CanevasRibbon.CanevasAction", Control("validate", TAG))

    assert [handler for handler, _ in tasks] == ["ChooseFolder", "StartAction"]
    assert "\nfolder=/Users/h/Cantine\nworkbook=https://mairie.example/" in tasks[1][1]


def test_nothing_starts_where_the_user_gives_up(
    excel: ExcelApplication, tasks: list[tuple[str, str]], handlers: Answers
) -> None:
    handlers["ChooseFolder"] = lambda _: ""
    excel.workbook.path = ""

    excel.run("CanevasRibbon.CanevasAction", Control("validate", TAG))

    assert [handler for handler, _ in tasks] == ["ChooseFolder"]


@pytest.mark.parametrize("answer", ["missing", "no interpreter"])
def test_a_missing_script_or_program_is_said(excel: ExcelApplication, handlers: Answers, answer: str) -> None:
    def absent(_: str) -> str:
        if answer == "missing":
            raise VBARuntimeError(5, "Invalid procedure call or argument")
        return answer

    handlers["StartAction"] = absent

    excel.run("CanevasRibbon.CanevasAction", Control("validate", TAG))

    assert ["canevas-xl addin install" in text for _, text, *_ in excel.dialogs] == [True]


def test_every_handler_that_vba_calls_is_in_the_script(handlers: Answers) -> None:
    assert set(re.findall(r"^on (\w+)\(", SCRIPT, re.MULTILINE)) == set(handlers)


def test_the_shell_line_of_the_script_writes_an_argument_file(tmp_path: Path) -> None:
    places = Places(tmp_path / "l'été", tmp_path)
    request = 'folder=/Users/h/L\'été\nworkbook=/Users/h/$(x) `y` "z".xlsx\nanswer.reason=100 % \\\\ sûr\n'
    path = places.requests / "request-0A1B.txt"

    subprocess.run(
        ["sh", "-c", shell_line("umask 077", theFolder=places.requests, theRequest=request, theFile=path)], check=True
    )

    assert path.stat().st_mode & 0o077 == 0
    assert read_arguments(path, places) == Arguments(
        "/Users/h/L'été", '/Users/h/$(x) `y` "z".xlsx', {Ask.REASON: "100 % \\ sûr"}
    )


def test_the_shell_line_of_the_script_starts_the_program_with_each_word_whole(tmp_path: Path) -> None:
    program = tmp_path / "l'été python"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/words.part"\nmv "{tmp_path}/words.part" "{tmp_path}/words"\n'
    )
    program.chmod(0o755)
    line = shell_line(
        "interpreter", interpreter=program, theAction="check", theWorkbook="a'b $(x) = 2.xlsx",
        theApplication="/Applications/Microsoft Excel", theLanguage="fr", theFile="/l'été/request-1.txt",
    )  # fmt: skip

    subprocess.run(["sh", "-c", line.removesuffix("&")], check=True)

    assert (tmp_path / "words").read_text("utf-8").splitlines() == [
        "-I", "-X", "utf8", "-m", "canevas_xl.addin", "check", "--wb=a'b $(x) = 2.xlsx", "--from_xl=1",
        "--app=/Applications/Microsoft Excel", "--lang=fr", "--arguments=/l'été/request-1.txt",
    ]  # fmt: skip


def shell_line(beginning: str, **values: object) -> str:
    """Work out what a « do shell script » of the AppleScript gives to the shell, as AppleScript does."""
    expression = next(
        found[1]
        for found in re.finditer(r"^\s*do shell script (.+)$", SCRIPT, re.MULTILINE)
        if found[1].removeprefix('"').removeprefix("quoted form of ").startswith(beginning)
    )
    line = ""
    for term in re.findall(r'"(?:[^"\\]|\\.)*"|quoted form of \("--\w+=" & \w+\)|quoted form of \w+', expression):
        if term.startswith('"'):
            line += re.sub(r"\\(.)", r"\1", term[1:-1])
        elif "(" in term:
            option, name = re.findall(r'"(.+)" & (\w+)', term)[0]
            line += shlex.quote(f"{option}{values[name]}")
        else:
            line += shlex.quote(str(values[term.split()[-1]]))
    return line
