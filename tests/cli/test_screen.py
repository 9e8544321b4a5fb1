"""What the terminal shows: nothing cut, few paragraphs, the next command; and one object for programs."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from canevas_xl.cli.counting import counting
from canevas_xl.cli.show import Screen
from canevas_xl.cli.telling import FEW, together
from canevas_xl.errors import OUTSIDE, Fault
from canevas_xl.findings.finding import Finding, Place, found

LONG_NAME = "canevas_L1_R1_cuisine-des-trois-vallees_CX1-EXEMPL-S001-L1-R1-ABCDEFGHIJKL.xlsx"


def screen(language: str = "fr", width: int = 80, *, as_json: bool = False) -> Screen:
    return Screen(language, as_json, Console(file=io.StringIO(), width=width, highlight=False))


def shown(one: Screen) -> str:
    assert isinstance(one.console.file, io.StringIO)
    return one.console.file.getvalue()


def words(text: str) -> str:
    return " ".join(text.split())


def missing(cell: str, label: str) -> Finding:
    return found("C112", Place(sheet="Consultation", cell=cell), label=label)


def test_what_is_missing_on_one_sheet_is_one_point() -> None:
    one = screen()
    points = one.findings([missing("C8", "Objet de l'achat"), missing("C9", "Acheteur")])
    assert points == 1
    assert words(shown(one)) == (
        "✗ C112 Consultation : Il manque 2 réponses : Objet de l'achat (C8), Acheteur (C9). Remplissez ces cellules."
    )


def test_a_single_finding_says_where_what_and_what_to_do() -> None:
    one = screen("en")
    assert one.findings([missing("C8", "Subject")]) == 1
    assert words(shown(one)) == "✗ C112 Consultation, cell C8: An answer is missing: Subject. Fill in the cell."


def test_many_of_one_kind_are_told_by_the_first_and_where_the_others_are() -> None:
    many = [found("C113", Place(sheet="Fournisseurs", cell=f"D{row}"), text="x") for row in range(9, 30)]
    one = screen()
    assert one.findings(many) == 1
    said = words(shown(one))
    assert "cellule D9" in said
    assert "De même : D10, D11, D12, D13, D14, D15, D16, D17 et 12 autres." in said
    assert len(together(many[:FEW], "fr")) == FEW


def test_what_blocks_comes_first_and_the_order_of_the_workbook_is_kept() -> None:
    doubt = found("C134", Place(sheet="Critères"), lot=1)
    first, second = missing("C8", "a"), found("C153", Place(sheet="Fournisseurs"))
    assert [told.first for told in together([doubt, first, second], "fr")] == [first, second, doubt]


@pytest.mark.parametrize("width", [40, 80])
def test_a_table_hides_nothing(width: int) -> None:
    one = screen(width=width)
    one.table(["Lot", "Fichier"], [("1", LONG_NAME)])
    assert "…" not in shown(one)
    assert LONG_NAME in "".join(line.removeprefix("1").strip() for line in shown(one).splitlines()[2:])


def test_paths_and_commands_are_one_line_to_copy() -> None:
    one = screen(width=40)
    one.whole(f"  {LONG_NAME}")
    one.next("check", "Mes campagnes/cantine scolaire 2027")
    lines = shown(one).splitlines()
    assert lines[0] == f"  {LONG_NAME}"
    assert lines[1] == 'Ensuite :  canevas-xl check "Mes campagnes/cantine scolaire 2027"'


def test_a_program_that_listens_gets_one_object_and_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    one = screen(as_json=True)
    one.line("check.clean")
    one.findings([missing("C8", "a")])
    one.table(["a"], [("b",)])
    one.next("check", "x")
    assert shown(one) == ""
    assert one.fault(Fault("X104", path="a.xlsx")) == OUTSIDE
    said = capsys.readouterr()
    assert said.err == ""
    assert json.loads(said.out)["fault"]["code"] == "X104"


def test_no_bar_moves_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (False, True):
        with counting(screen(as_json=as_json), "issue.writing") as count:
            count(1, 1000)
    assert capsys.readouterr() == ("", "")


def test_a_bar_moves_on_a_terminal_when_there_is_something_to_wait_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    with counting(screen(), "issue.writing") as count:
        for done in range(1, 1001):
            count(done, 1000)
    said = capsys.readouterr()
    assert said.out == ""
    assert "1000/1000" in said.err
