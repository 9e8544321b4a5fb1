"""The add-in's file: the same bytes every time, and nothing in it that starts by itself or that an IT service fears."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyopenvba import check_file

from canevas_xl import __version__, resources
from canevas_xl.addin import xlam
from canevas_xl.addin.ribbon import ribbon_xml
from canevas_xl.addin.xlam import CODE_PAGE, fingerprint, published_fingerprint, vba_modules, xlam_bytes

DATA = xlam_bytes()
MODULES = vba_modules()
CODE = "\n".join(line for text in MODULES.values() for line in text.splitlines() if not line.lstrip().startswith("'"))
NEEDED = {
    "CreateObject": "makes the two scripting objects below",
    "WScript.Shell": "starts the interpreter, without a command processor between",
    "Shell": "part of WScript.Shell",
    "Run": "its method, and RunAction",
    "ExpandEnvironmentStrings": "finds the user's folder, whatever letters its name holds",
    "CreateTextFile": "writes the argument file",
    "Write": "writes the argument file",
    "applescript": "macOS: AppleScriptTask",
    "Open": "a word of a sentence",
    "Hex Strings": "identifiers of Excel's own classes",
    "Base64 Strings": "words of our own that look like it",
}
"""What olevba calls suspicious and the launcher cannot do without."""
FORBIDDEN = (
    r"\bDeclare\b", r"\bLib\b", r"cmd(\.exe)?\b", r"powershell", r"\bShell\s*\(", r"\bShellExecute", r"\bEnviron\b",
    r"\bSendKeys\b", r"\bChrW?\$?\(", r"\bKill\b", r"https?://(?!\"|\")", r"\bSaveSetting\b", r"\bWorksheets?\b",
    r"\bCells\b", r"\bRange\s*\(", r"\bThisWorkbook\b", r"Auto_?Open", r"Workbook_", r"App_",
)  # fmt: skip


@pytest.fixture(scope="module")
def olevba(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What olevba says of the file; a program of its own, because its import warns of what it uses."""
    path = tmp_path_factory.mktemp("olevba") / xlam.FILE_NAME
    path.write_bytes(DATA)
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "oletools.olevba", "--json", path], capture_output=True, check=True
    ).stdout
    return next(one for one in json.loads(said) if one["type"] == "OpenXML")


def keywords(olevba: dict[str, Any], kind: str) -> set[str]:
    return {one["keyword"] for one in olevba["analysis"] if one["type"] == kind}


def test_two_builds_have_the_same_bytes() -> None:
    assert xlam_bytes() == DATA


def test_the_fingerprint_is_the_published_one() -> None:
    assert fingerprint(DATA) == published_fingerprint(), (
        "the add-in changed: run « canevas-xl addin build --out DIR » and copy DIR/canevas.xlam.sha256 to "
        "canevas_xl/addin/"
    )


def test_no_date_and_no_name_of_a_person_or_machine_is_in_it() -> None:
    with zipfile.ZipFile(io.BytesIO(DATA)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
        book = package.read("xl/workbook.xml").decode()
    assert re.findall(r">([^<>\n]+)<", core) == ["Canevas", "canevas-xl"]
    assert "absPath" not in book
    assert str(date.today().year) not in core  # noqa: DTZ011 - any clock will do


def test_it_is_a_whole_package(tmp_path: Path) -> None:
    (tmp_path / xlam.FILE_NAME).write_bytes(DATA)

    report = check_file(tmp_path / xlam.FILE_NAME)

    assert (report.issues, report.complete) == ((), True)


def test_the_ribbon_is_in_it_and_excel_is_told() -> None:
    with zipfile.ZipFile(io.BytesIO(DATA)) as package:
        assert package.read("customUI/customUI14.xml") == ribbon_xml()
        relations = package.read("_rels/.rels").decode()
        types = package.read("[Content_Types].xml").decode()
    assert 'relationships/ui/extensibility" Target="customUI/customUI14.xml"' in relations
    assert 'Extension="xml"' in types
    assert "addin.macroEnabled" in types


def test_its_sheet_holds_no_setting() -> None:
    with zipfile.ZipFile(io.BytesIO(DATA)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "xl/sharedStrings.xml" not in package.namelist()
    assert "<c " not in sheet


def test_olevba_reads_our_modules_and_the_version(olevba: dict[str, Any]) -> None:
    read = {macro["vba_filename"].removesuffix(".bas"): macro["code"] for macro in olevba["macros"]}

    for name, text in MODULES.items():
        assert text.strip() == read[name].replace("\r\n", "\n").strip()
    assert f'CANEVAS_VERSION As String = "{__version__}"' in read["CanevasLauncher"]


def test_nothing_starts_by_itself(olevba: dict[str, Any]) -> None:
    assert keywords(olevba, "AutoExec") == set()


def test_nothing_else_is_suspicious_than_what_the_launcher_needs(olevba: dict[str, Any]) -> None:
    assert keywords(olevba, "Suspicious") == set(NEEDED)


def test_the_guide_names_every_suspicious_word_and_why_it_is_there() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide-installation.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", guide.partition("`olevba`")[2].partition("###")[0], re.MULTILINE)

    named = {word for row in rows for word in re.findall(r"`([^`]+)`", row)}
    assert named == set(NEEDED) - {"Hex Strings", "Base64 Strings"} | {"pythonw.exe"}


def test_the_only_program_it_names_is_the_interpreter(olevba: dict[str, Any]) -> None:
    assert keywords(olevba, "IOC") == {"pythonw.exe"}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_the_code_uses_nothing_that_antivirus_products_flag_and_reads_no_cell(pattern: str) -> None:
    assert re.findall(pattern, CODE, re.IGNORECASE) == []


@pytest.mark.parametrize("name", sorted(MODULES))
def test_lines_are_short_enough_for_vba_and_letters_known_to_it(name: str) -> None:
    assert max(map(len, MODULES[name].splitlines())) < 1023
    assert MODULES[name].encode(CODE_PAGE)


def test_english_sentences_are_the_same_in_every_code_page() -> None:
    said = [text for key, text in resources.texts("addin", "en").items() if key.startswith("launcher.")]

    assert [text for text in said if not text.isascii()] == []


def test_both_languages_say_the_same_sentences_with_the_same_holes() -> None:
    french, english = (
        {key: text for key, text in resources.texts("addin", language).items() if key.startswith("launcher.")}
        for language in ("fr", "en")
    )

    assert {key: set(re.findall(r"{\w+}", text)) for key, text in french.items()} == {
        key: set(re.findall(r"{\w+}", text)) for key, text in english.items()
    }


def test_every_sentence_that_vba_says_exists_and_every_one_is_said() -> None:
    said = set(re.findall(r'Sentence\("(\w+)"\)', "".join(MODULES[name] for name in MODULES if name != "CanevasTexts")))

    assert said == set(re.findall(r'Case "(\w+)"', MODULES["CanevasTexts"]))
