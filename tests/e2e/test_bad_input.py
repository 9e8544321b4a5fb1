"""Bad input on the real command line: one clear finding or fault each, the right exit code, and nothing touched."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from surroundings import small_quota, without_right_to_write

from canevas_xl import resources
from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.cli import main
from canevas_xl.errors import BLOCKED, DONE, MISUSED, OUTSIDE
from canevas_xl.findings.catalogue import kinds
from canevas_xl.intake.locate import locate
from canevas_xl.resources import data_folder

SCHOOL = "restauration-scolaire"
LANGUAGES = ("fr", "en")
both_languages = pytest.mark.parametrize("language", LANGUAGES)
Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Run:
    """What one command gave."""

    exit_code: int
    out: str
    err: str


def run(capsys: Capture, *words: object) -> Run:
    capsys.readouterr()
    exit_code = main([str(word) for word in words])
    said = capsys.readouterr()
    return Run(exit_code, said.out, said.err)


def run_json(capsys: Capture, *words: object) -> tuple[int, dict[str, Any]]:
    """Run with ``--json``: exactly one object on stdout, nothing on stderr."""
    given = run(capsys, *words, "--json")
    assert given.err == ""
    found = json.loads(given.out)
    assert isinstance(found, dict)
    return given.exit_code, found


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything under a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped example, as ``new`` makes it in French."""
    folder = tmp_path_factory.mktemp("exemple") / "cantine"
    assert main(["new", SCHOOL, str(folder), "--example", "--lang", "fr"]) == DONE
    return folder


@pytest.fixture
def campaign(shipped: Path, tmp_path: Path) -> Path:
    """A campaign folder to spoil."""
    return Path(shutil.copytree(shipped, tmp_path / "cantine"))


def expect_fault(capsys: Capture, code: str, exit_code: int, *words: object) -> None:
    """A fault is one paragraph on stderr, or one object: code, what, what to do; never English in a French one."""
    given = run(capsys, *words, "--lang", "fr")
    assert (given.exit_code, given.out) == (exit_code, ""), given
    assert given.err.count(code) == 1
    assert given.err.count("\n") == 1
    assert kinds()[code].remedy["fr"].split("{")[0] in given.err
    status, told = run_json(capsys, *words, "--lang", "en")
    assert status == exit_code
    fault = told["fault"]
    assert (fault["code"], fault["exit_code"]) == (code, exit_code)
    assert kinds()[code].remedy["en"].split("{")[0] in fault["remedy"]
    assert fault["message"]


# ---- the command itself


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek", "x"], "« chek » n'existe pas ; au choix : templates, factors, new, check, issue"),
        ([], "il manque COMMANDE"),
        (["check"], "il manque DOSSIER"),
        (["new", SCHOOL], "il manque DOSSIER"),
        (["check", "x", "y"], "mot en trop : y"),
        (["check", "x", "--forse"], "mot en trop : --forse"),
        (["check", "x", "--lang", "de"], "« de » n'existe pas ; au choix : fr, en"),
        (["check", "x", "--lang"], "--lang attend une valeur"),
    ],
)
def test_words_that_are_not_understood_are_said_in_french(capsys: Capture, words: list[str], said: str) -> None:
    given = run(capsys, *words)
    assert given.exit_code == MISUSED
    assert "X109" in given.err
    assert said in given.err
    assert not re.search(r"argument|invalid|choose|expected|required", given.err)


@both_languages
def test_wrong_words_are_one_json_object_too(capsys: Capture, language: str) -> None:
    status, told = run_json(capsys, "check", "--lang", language)
    assert status == MISUSED
    assert told["fault"]["code"] == "X109"


def test_help_says_what_exit_codes_mean(capsys: Capture) -> None:
    for words in ([], ["issue"], ["templates", "check"]):
        with pytest.raises(SystemExit) as ended:
            main([*words, "--help", "--lang", "fr"])
        assert ended.value.code == DONE
        said = capsys.readouterr().out
        assert "codes de sortie" in said
        assert "usage : canevas-xl" in said
        assert not re.search(r"positional|show this help|exit", said)


def test_an_unknown_template_is_named_with_those_that_exist(capsys: Capture, tmp_path: Path) -> None:
    expect_fault(capsys, "T191", MISUSED, "new", "cantine", tmp_path / "a")
    expect_fault(capsys, "T191", MISUSED, "templates", "show", f"{SCHOOL}@9.9.9")
    assert contents(tmp_path) == {}


# ---- folders and files


def test_a_folder_that_does_not_exist(capsys: Capture, tmp_path: Path) -> None:
    for command in ("check", "issue"):
        expect_fault(capsys, "X101", MISUSED, command, tmp_path / "absent")
    expect_fault(capsys, "X101", OUTSIDE, "new", SCHOOL, tmp_path / "absent" / "cantine")
    assert contents(tmp_path) == {}


def test_a_folder_without_campaign(capsys: Capture, tmp_path: Path) -> None:
    for command in ("check", "issue"):
        expect_fault(capsys, "X108", MISUSED, command, tmp_path)
    assert contents(tmp_path) == {}


def test_a_path_that_is_no_folder_of_a_template(capsys: Capture, tmp_path: Path) -> None:
    expect_fault(capsys, "X111", MISUSED, "templates", "check", tmp_path / "absent")


def test_a_campaign_is_never_made_over_another_unasked(capsys: Capture, campaign: Path) -> None:
    before = contents(campaign)
    expect_fault(capsys, "X105", MISUSED, "new", SCHOOL, campaign)
    assert contents(campaign) == before
    assert run(capsys, "new", "mobilier-bureau", campaign, "--force").exit_code == DONE
    assert contents(campaign).keys() == before.keys()
    assert contents(campaign) != before


@pytest.mark.parametrize("lock", ["~$campagne.xlsx", ".~lock.campagne.xlsx#"])
def test_a_workbook_that_is_open_elsewhere_is_not_replaced(capsys: Capture, campaign: Path, lock: str) -> None:
    (campaign / lock).touch()
    before = contents(campaign)
    expect_fault(capsys, "X103", OUTSIDE, "new", SCHOOL, campaign, "--force")
    assert contents(campaign) == before


def test_nothing_is_replaced_when_only_the_reference_is_open_elsewhere(capsys: Capture, campaign: Path) -> None:
    (campaign / "reference" / "~$reference-L1.xlsx").touch()
    before = contents(campaign)
    expect_fault(capsys, "X103", OUTSIDE, "new", SCHOOL, campaign, "--force")
    assert contents(campaign) == before


@pytest.mark.parametrize("lock", ["~$campagne.xlsx", ".~lock.campagne.xlsx#"])
def test_a_workbook_that_is_open_elsewhere_is_read_as_it_was_saved(capsys: Capture, campaign: Path, lock: str) -> None:
    (campaign / lock).touch()
    status, told = run_json(capsys, "check", campaign)
    assert status == DONE
    assert [(one["code"], one["severity"], one["file"]) for one in told["findings"]] == [
        ("C116", "doubt", "campagne.xlsx")
    ]


def test_a_folder_without_right_to_write(capsys: Capture, campaign: Path, tmp_path: Path) -> None:
    before = contents(campaign)
    with without_right_to_write(tmp_path):
        expect_fault(capsys, "X102", OUTSIDE, "new", SCHOOL, tmp_path / "neuf")
    with without_right_to_write(campaign):
        expect_fault(capsys, "X102", OUTSIDE, "new", SCHOOL, campaign, "--force")
        expect_fault(capsys, "X102", OUTSIDE, "issue", campaign)
        assert run(capsys, "check", campaign).exit_code == DONE
    assert contents(campaign) == before
    assert [path.name for path in tmp_path.iterdir()] == ["cantine"]


def test_a_full_disk(capsys: Capture, campaign: Path, tmp_path: Path) -> None:
    before = contents(campaign)
    with small_quota():
        expect_fault(capsys, "X104", OUTSIDE, "new", SCHOOL, tmp_path / "neuf")
        expect_fault(capsys, "X104", OUTSIDE, "new", SCHOOL, campaign, "--force")
        expect_fault(capsys, "X104", OUTSIDE, "issue", campaign)
    assert contents(campaign) == before
    assert [path.name for path in tmp_path.iterdir()] == ["cantine"]
    assert run(capsys, "issue", campaign).exit_code == DONE


@pytest.mark.parametrize(
    ("code", "exit_code", "data"),
    [
        ("X124", OUTSIDE, b"Bonjour"),
        ("X125", OUTSIDE, bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "EncryptedPackage".encode("utf-16-le")),
        ("X126", OUTSIDE, b"PK\x03\x04 cut short"),
    ],
)
def test_a_file_that_is_no_readable_workbook(
    capsys: Capture, tmp_path: Path, code: str, exit_code: int, data: bytes
) -> None:
    (tmp_path / "campagne.xlsx").write_bytes(data)
    for command in ("check", "issue"):
        expect_fault(capsys, code, exit_code, command, tmp_path)
    assert contents(tmp_path) == {"campagne.xlsx": data}


def test_a_workbook_that_is_not_a_campaign(capsys: Capture, tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "campagne.xlsx")
    for command in ("check", "issue"):
        expect_fault(capsys, "X114", MISUSED, command, tmp_path)


def test_a_campaign_whose_properties_were_lost_is_still_recognised(capsys: Capture, campaign: Path) -> None:
    book = openpyxl.load_workbook(campaign / "campagne.xlsx")
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    book.save(campaign / "campagne.xlsx")
    assert run(capsys, "check", campaign).exit_code == DONE


# ---- templates


def spoilt_template(tmp_path: Path, old: str, new: str) -> Path:
    folder = Path(shutil.copytree(data_folder("workbook_templates") / SCHOOL / "1.0.0", tmp_path / SCHOOL / "1.0.0"))
    path = folder / "template.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return folder


@both_languages
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('id = "restauration-scolaire"', 'id = "restauration-scolaire', "T103"),
        ("version =", 'colour = "red"\nversion =', "T106"),
    ],
)
def test_a_broken_template_is_told_with_file_and_remedy(
    capsys: Capture, tmp_path: Path, language: str, old: str, new: str, code: str
) -> None:
    folder = spoilt_template(tmp_path, old, new)
    status, told = run_json(capsys, "templates", "check", folder, "--lang", language)
    assert status == BLOCKED
    findings = told["templates"][0]["findings"]
    assert [one["code"] for one in findings] == [code]
    assert "template.toml" in findings[0]["file"]
    assert findings[0]["message"]
    assert findings[0]["remedy"]
    given = run(capsys, "templates", "check", folder, "--lang", language)
    assert given.exit_code == BLOCKED
    assert code in given.out


# ---- the campaign's workbook


Change = Callable[[openpyxl.Workbook], None]


def spoil(campaign: Path, change: Change) -> None:
    """Change the workbook as somebody would in a spreadsheet program."""
    path = campaign / "campagne.xlsx"
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def typed(campaign: Path, key: str, column: str, value: object) -> None:
    spot = locate(read_cells(campaign / "campagne.xlsx")).spot(key, column)
    assert spot is not None, (key, column)
    spoil(campaign, lambda book: book[spot.place.sheet].__setitem__(spot.place.cell, value))


def expect_finding(capsys: Capture, campaign: Path, code: str) -> None:
    """Exactly one finding that blocks, the same from *check* and *issue*; place and remedy; nothing is written."""
    before = contents(campaign)
    status, told = run_json(capsys, "check", campaign, "--lang", "fr")
    assert status == BLOCKED
    blocking = [one for one in told["findings"] if one["severity"] == "blocks"]
    assert [one["code"] for one in blocking] == [code]
    assert blocking[0]["sheet"]
    given = run(capsys, "issue", campaign, "--lang", "fr")
    said = " ".join(given.out.split())
    assert (given.exit_code, given.err) == (BLOCKED, "")
    assert given.out.count(code) == 1
    for part in ("sheet", "cell", "message", "remedy"):
        assert " ".join(blocking[0][part].split()) in said
    assert f"canevas-xl check {campaign}" in said
    english = run(capsys, "issue", campaign, "--lang", "en")
    assert english.exit_code == BLOCKED
    assert kinds()[code].remedy["en"].split("{")[0] in " ".join(english.out.split())
    assert contents(campaign) == before


@pytest.mark.parametrize(
    ("code", "key", "column", "value"),
    [
        ("C108", "P.N", "L1", "beaucoup"),
        ("C109", "CONS.AMOUNT", "VALUE", "1.234"),
        ("C110", "P.N", "L1", -1),
        ("C111", "L1.C1", "KIND", "Beauté"),
        ("C111", "L1.C1", "FORMULA", "F9"),
        ("C111", "L1.C2", "INDICATOR", "Bruit"),
        ("C112", "CONS.TITLE", "VALUE", None),
        ("C113", "SUP.001", "EMAIL", "appels.cuisine3vallees.example"),
        ("C113", "CONS.EMAIL", "VALUE", "mairie"),
        ("C120", "CONS.DATE", "VALUE", "bientôt"),
        ("C122", "CONS.DATE", "VALUE", "2020-01-31"),
        ("C130", "L1.C1", "WEIGHT", 46),
        ("C131", "L1.C2", "LOW", 2.5),
        ("C132", "L1.C2", "LOW", None),
        ("C133", "L1.C1", "WEIGHT", None),
        ("C139", "L1.C1", "CODE", "CLIMAT"),
        ("C150", "SUP.002", "NAME", "CUISINE DES TROIS VALLÉES"),
        ("C151", "SUP.001", "LOTS", None),
        ("C152", "SUP.001", "LOTS", "1, 7"),
        ("C154", "SUP.001", "CODE", "OPEN"),
    ],
)
def test_what_is_typed_wrongly_is_one_finding(
    capsys: Capture, campaign: Path, code: str, key: str, column: str, value: object
) -> None:
    typed(campaign, key, column, value)
    expect_finding(capsys, campaign, code)


@pytest.mark.parametrize("sheet", ["Lots", "Critères", "Fournisseurs", "Décisions"])
def test_a_sheet_that_has_gone_is_one_finding(capsys: Capture, campaign: Path, sheet: str) -> None:
    spoil(campaign, lambda book: book.remove(book[sheet]))
    expect_finding(capsys, campaign, "C101")


def test_the_sheet_on_which_everything_rests_may_be_the_one_that_has_gone(capsys: Capture, campaign: Path) -> None:
    spoil(campaign, lambda book: book.remove(book["Consultation"]))
    expect_finding(capsys, campaign, "C101")


def test_a_renamed_sheet_is_read_all_the_same(capsys: Capture, campaign: Path) -> None:
    spoil(campaign, lambda book: setattr(book["Lots"], "title", "Nos lots"))
    status, told = run_json(capsys, "check", campaign)
    assert status == DONE
    assert [one["code"] for one in told["findings"]] == ["C103"]


def sort_suppliers(book: openpyxl.Workbook) -> None:
    """Turn the rows of suppliers upside down, keys and all."""
    sheet: Worksheet = book["Fournisseurs"]
    rows = [row for row in sheet.iter_rows(max_col=6) if str(row[0].value).startswith("SUP.")]
    values = [[cell.value for cell in row] for row in rows]
    for row, line in zip(rows, reversed(values), strict=True):
        for cell, value in zip(row, line, strict=True):
            cell.value = value


def test_sorted_rows_change_nothing(capsys: Capture, campaign: Path) -> None:
    _, before = run_json(capsys, "check", campaign)
    spoil(campaign, sort_suppliers)
    status, after = run_json(capsys, "check", campaign)
    assert status == DONE
    assert after == before


# ---- what ships


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation of its own, whose templates and factors can be spoilt."""
    package = tmp_path / "installation"
    package.mkdir()
    (package / "texts").symlink_to(resources.PACKAGE / "texts")
    for name in ("workbook_templates", "factors"):
        shutil.copytree(data_folder(name), package / name)
    caches = (resources.data_folder, shipped_factor_set)
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr(resources, "PACKAGE", package)
    yield package
    for cached in caches:
        cached.cache_clear()


def test_a_template_without_example(capsys: Capture, installation: Path, tmp_path: Path) -> None:
    shutil.rmtree(installation / "workbook_templates" / SCHOOL / "1.0.0" / "sample")
    expect_fault(capsys, "X112", MISUSED, "new", SCHOOL, tmp_path / "neuf", "--example")
    assert not (tmp_path / "neuf").exists()
    assert run(capsys, "new", SCHOOL, tmp_path / "neuf").exit_code == DONE


def test_a_shipped_template_that_somebody_broke(capsys: Capture, installation: Path, tmp_path: Path) -> None:
    path = installation / "workbook_templates" / SCHOOL / "1.0.0" / "template.toml"
    path.write_text(path.read_text("utf-8") + "\n[oops\n", "utf-8")
    expect_fault(capsys, "X107", OUTSIDE, "new", SCHOOL, tmp_path / "neuf")
    assert not (tmp_path / "neuf").exists()


def test_shipped_factors_that_somebody_broke(capsys: Capture, installation: Path, tmp_path: Path) -> None:
    for folder in (installation / "factors" / "sets").glob("*/*"):
        path = folder / "licences.csv"
        header, first, *_ = path.read_text("utf-8").splitlines(keepends=True)
        reseal(folder, path, header + first)
    expect_fault(capsys, "F009", OUTSIDE, "new", SCHOOL, tmp_path / "neuf")
    assert not (tmp_path / "neuf").exists()


def reseal(folder: Path, path: Path, text: str) -> None:
    """Change a file and its hashes, as somebody who knows the format would."""
    path.write_text(text, "utf-8", newline="")
    manifest = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for one in manifest["resources"]:
        if one["path"] == path.name:
            one["hash"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    listed = "".join(
        f"{one['hash'].removeprefix('sha256:')}  {one['path']}\n"
        for one in sorted(manifest["resources"], key=lambda one: one["path"])
    )
    manifest["sha256"] = hashlib.sha256(listed.encode()).hexdigest()
    (folder / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
