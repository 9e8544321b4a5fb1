"""The launcher in VBA: what it starts, what it asks, what it refuses, and that it obeys no workbook."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._model import Workbook
from pyopenvba.exceptions import VBARuntimeError
from simulated.scripting import ENGLISH, HOME, Control, World, split

from canevas_xl.addin.arguments import Arguments, read_arguments
from canevas_xl.addin.places import user_places
from canevas_xl.addin.registry import ACTIONS, Ask
from canevas_xl.addin.ribbon import NAMESPACE, ribbon_xml
from canevas_xl.addin.xlam import vba_modules, xlam_bytes

AWKWARD = "Réponse = société & Co (2).xlsx"
USER = "%LOCALAPPDATA%\\canevas-xl\\venv\\Scripts\\pythonw.exe"
ALL_USERS = "%ProgramFiles%\\canevas-xl\\venv\\Scripts\\pythonw.exe"
FOLDER_NEEDED = 11
ORDERS = [
    ("Interpreter", "evil.exe"),
    ("python", "\\\\evil\\python.exe"),
    ("PYTHONPATH", "\\\\evil"),
    ("language", "xx"),
]
"""What a supplier's sheet may tell an add-in to do."""


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "canevas.xlam"
    path.write_bytes(xlam_bytes())
    return path


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "C")
    made.real(HOME).mkdir(parents=True)
    made.lay(USER)
    return made


@pytest.fixture
def excel(addin: Path, world: World) -> ExcelApplication:
    """An Excel with the add-in, and the campaign's workbook in front."""
    program = ExcelApplication.open(addin)
    program.application._hwnd = 4242
    world.move_in(program)
    book = program.add_workbook()
    book.path, book.name = "C:\\Achats\\L'été\\nouveau", AWKWARD
    return program


Click = Callable[..., object]


@pytest.fixture
def click(excel: ExcelApplication) -> Click:
    """Click on a button, the user answering what VBA asks in boxes."""

    def clicked(action: str, *answers: object) -> object:
        excel.answer_dialogs(*answers)
        return excel.run("CanevasRibbon.CanevasAction", control(action))

    return clicked


def control(action: str) -> Control:
    """The ribbon's control of an action."""
    for element in ET.fromstring(ribbon_xml()).iter(f"{{{NAMESPACE}}}button"):
        if element.get("id") == action:
            return Control(action, element.get("tag", ""))
    raise KeyError(action)


def words(world: World) -> list[str]:
    return split(world.started[-1])


def handed_over(world: World) -> Arguments:
    """The argument file of the last start, read as the program reads it."""
    places = user_places("linux", {"XDG_DATA_HOME": str(world.drive)})
    places.requests.mkdir(parents=True, exist_ok=True)
    path = places.requests / "request-again.txt"
    path.write_bytes(world.requests[-1])
    return read_arguments(path, places)


def said(excel: ExcelApplication) -> list[str]:
    return [text for _, text, *_ in excel.dialogs]


def test_the_isolated_interpreter_gets_an_action_the_workbook_and_a_file_of_data(click: Click, world: World) -> None:
    click("check")

    program, *given = words(world)
    assert program == f"{HOME}\\canevas-xl\\venv\\Scripts\\pythonw.exe"
    assert given[:6] == ["-I", "-X", "utf8", "-m", "canevas_xl.addin", "check"]
    wb, caller, app, *rest = given[6:-1]
    assert (wb, caller, rest) == (f"--wb={AWKWARD}", "--from_xl=1", ["--hwnd=4242", "--lang=fr"])
    assert re.fullmatch(r"--app=.+\\Microsoft Excel", app)
    assert re.fullmatch(re.escape(f"--arguments={HOME}\\canevas-xl\\temp\\") + r"request-\d{14}-\d{6}\.txt", given[-1])


def test_the_argument_file_says_where_the_workbook_lies(click: Click, world: World) -> None:
    click("check")

    folder = "C:\\Achats\\L'été\\nouveau"
    assert handed_over(world) == Arguments(folder, f"{folder}\\{AWKWARD}")


def test_all_answers_arrive_as_they_were_given(click: Click, world: World) -> None:
    click("decide", 7, "Prix confirmé \\n = 12,5 €")

    assert handed_over(world).answers == {Ask.CHOICE: "refuse", Ask.REASON: "Prix confirmé \\n = 12,5 €"}


def test_a_template_is_chosen_by_its_number_and_a_folder_in_a_dialogue(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    world.picked.append(["C:\\Achats\\Cantine"])

    click("new", "9", "x", "3")

    assert handed_over(world).answers == {Ask.TEMPLATE: "restauration-scolaire", Ask.NEW_FOLDER: "C:\\Achats\\Cantine"}
    assert "3   Restauration" in said(excel)[0]
    assert len(said(excel)) == 3  # asked again until the number exists


def test_returns_are_one_folder_or_several_files(click: Click, world: World) -> None:
    world.picked += [["C:\\Reçus"], ["C:\\a;b.xlsx", "C:\\été.eml"]]

    click("collect", 6, 6)
    assert handed_over(world).answers == {Ask.FILES: "C:\\Reçus", Ask.RECEIVED: ""}

    click("collect", 7, 6)
    assert handed_over(world).answers == {Ask.FILES: "C:\\a;b.xlsx\nC:\\été.eml", Ask.RECEIVED: ""}


@pytest.mark.parametrize(("action", "ask"), [("collect", Ask.RECEIVED), ("ask", Ask.UNTIL)])
def test_another_moment_than_the_known_one_can_be_typed(click: Click, world: World, action: str, ask: Ask) -> None:
    world.picked.append(["C:\\Reçus"])
    before = [6] if action == "collect" else []

    click(action, *before, 7, " 2026-10-01 11:30 ")
    assert handed_over(world).answers[ask] == "2026-10-01 11:30"


def test_a_busy_excel_is_said_in_words(click: Click, world: World, excel: ExcelApplication) -> None:
    world.program = lambda _: 12

    click("check")

    (text,) = said(excel)
    assert "en cours de saisie" in text
    assert "12" not in text


@pytest.mark.parametrize(
    ("action", "boxes", "picked"),
    [
        ("decide", [2], []),
        ("decide", [6, "  "], []),
        ("collect", [2], []),
        ("collect", [6], [[]]),
        ("collect", [6, 2], [["C:\\Reçus"]]),
        ("ask", [2], []),
        ("ask", [7, ""], []),
        ("new", [""], []),
        ("new", ["1"], [[]]),
    ],
)
def test_nothing_starts_where_the_user_gives_up(
    click: Click, world: World, action: str, boxes: list[object], picked: list[list[str]]
) -> None:
    world.picked += picked

    click(action, *boxes)

    assert world.started == []


def test_a_web_address_is_handed_over_and_the_folder_asked_only_where_the_program_does_not_know_it(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    excel.workbook.path = "https://mairie.example/Documents/Cantine"
    codes = iter([FOLDER_NEEDED, 0])
    seen: list[Arguments] = []

    def program(_: list[str]) -> int:
        seen.append(handed_over(world))
        return next(codes)

    world.program = program
    world.picked.append(["C:\\OneDrive\\Cantine"])

    click("consolidate")

    assert [one.folder for one in seen] == ["", "C:\\OneDrive\\Cantine"]
    assert {one.name for one in seen} == {AWKWARD}
    assert world.prompts == ["Où est, sur ce poste, le dossier de cette campagne ?"]


def test_giving_up_the_question_for_the_folder_ends_quietly(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    world.program = lambda _: FOLDER_NEEDED
    world.picked.append([])

    click("consolidate")

    assert len(world.started) == 1
    assert said(excel) == []


def test_answers_are_not_asked_again_with_the_folder(click: Click, world: World, excel: ExcelApplication) -> None:
    codes = iter([FOLDER_NEEDED, 0])
    world.program = lambda _: next(codes)
    world.picked.append(["C:\\x"])

    click("decide", 6, "motif")

    assert len(said(excel)) == 2
    assert handed_over(world).answers == {Ask.CHOICE: "accept", Ask.REASON: "motif"}


def test_the_users_setting_comes_before_fixed_places(click: Click, world: World) -> None:
    world.settings["python"] = "C:\\Outils\\python.exe"
    world.lay("C:\\Outils\\python.exe")

    click("check")

    assert words(world)[0] == "C:\\Outils\\python.exe"


def test_what_the_it_department_installed_serves_all_users(click: Click, world: World) -> None:
    world.real(world.expanded(USER)).unlink()
    world.lay(ALL_USERS)

    click("check")

    assert words(world)[0] == "C:\\Program Files\\canevas-xl\\venv\\Scripts\\pythonw.exe"


def test_a_32_bit_excel_finds_what_was_installed_among_64_bit_programs(click: Click, world: World) -> None:
    world.real(world.expanded(USER)).unlink()
    world.lay(ALL_USERS)
    world.variables |= {"PROGRAMFILES": "C:\\Program Files (x86)", "PROGRAMW6432": "C:\\Program Files"}

    click("check")

    assert words(world)[0] == "C:\\Program Files\\canevas-xl\\venv\\Scripts\\pythonw.exe"


def test_a_missing_program_is_said_with_what_to_do(click: Click, world: World, excel: ExcelApplication) -> None:
    world.real(world.expanded(USER)).unlink()

    click("check")

    assert world.started == []
    assert "canevas-xl addin install" in said(excel)[0]
    assert f"{HOME}\\canevas-xl" in said(excel)[0]


def test_the_rule_of_defender_is_recognised_and_the_way_outside_offered(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    world.forbidden = True

    click("check")

    assert "canevas-xl bureau" in said(excel)[0]
    assert "règle de sécurité" in said(excel)[0]


def test_a_folder_that_cannot_be_written_is_not_taken_for_that_rule(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    (world.real(HOME) / "canevas-xl" / "temp").touch()

    click("check")

    assert "n'a pas pu être écrite : Permission denied" in said(excel)[0]


def test_another_refusal_is_told_with_its_reason_and_its_number(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    def refused(_: list[str]) -> int:
        raise VBARuntimeError(5, "Invalid procedure call")

    world.program = refused

    click("check")

    assert "Invalid procedure call (5)" in said(excel)[0]


def test_what_went_wrong_is_kept_before_anything_else_is_called() -> None:
    code = vba_modules()["CanevasLauncher"]
    handler = code.partition("Refused:\n")[2].splitlines()

    assert [line.strip() for line in handler if not line.lstrip().startswith("'")][:2] == [
        "Number = Err.Number", "Reason = Err.Description"
    ]  # fmt: skip
    assert len(re.findall(r"\bErr\.\w", code)) == 2


def test_escape_which_stops_the_program_does_not_break_into_the_macro(click: Click, world: World) -> None:
    seen: list[bool] = []
    world.program = lambda _: seen.append(world.breakable) or 0

    click("check")

    assert seen == [False]


@pytest.mark.parametrize("forbidden", [False, True])
def test_no_argument_file_is_left_behind(click: Click, world: World, *, forbidden: bool) -> None:
    world.forbidden = forbidden

    click("decide", 6, "motif")

    assert list(world.real(f"{HOME}\\canevas-xl\\temp").iterdir()) == []


@pytest.mark.parametrize(("code", "spoken"), [(0, 0), (10, 0), (1, 1), (3, 1), (-1073741819, 1)])
def test_vba_speaks_only_where_the_program_could_not(
    click: Click, world: World, excel: ExcelApplication, code: int, spoken: int
) -> None:
    world.program = lambda _: code

    click("check")

    assert len(said(excel)) == spoken
    assert all(str(code) in text for text in said(excel))


def test_the_status_bar_speaks_first_and_is_given_back(click: Click, world: World, excel: ExcelApplication) -> None:
    seen: list[object] = []
    world.program = lambda _: seen.append(excel.application.status_bar) or 0

    click("check")

    assert seen == ["Canevas : Vérifier la campagne..."]
    assert excel.application.status_bar is False


def test_excels_language_or_the_users_chooses_labels_and_sentences(world: World, excel: ExcelApplication) -> None:
    world.tongue = ENGLISH
    assert excel.run("CanevasTexts.Sentence", "ask_reason") == (
        "Your reason, in a sentence or two, as you could give it to the candidates:"
    )

    world.settings["language"] = "fr"
    assert excel.run("CanevasLauncher.Language") == "fr"


@pytest.mark.parametrize("name", ["", "Check", "check;calc", "check calc", "../check", "--help", "a" * 41, "é", "a1"])
def test_only_plain_names_are_actions(excel: ExcelApplication, world: World, name: str) -> None:
    assert excel.run("CanevasLauncher.IsPlainName", name) is False
    excel.run("CanevasRibbon.CanevasAction", Control(name, "a|b|c|d|nothing|"))
    assert world.started == []


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_has_a_plain_name(excel: ExcelApplication, name: str) -> None:
    assert excel.run("CanevasLauncher.IsPlainName", name) is True


def test_without_a_workbook_one_is_asked_for(addin: Path, world: World) -> None:
    excel = ExcelApplication.open(addin)
    world.move_in(excel)
    excel.application.active_book = None

    excel.run("CanevasRibbon.CanevasAction", control("check"))

    assert world.started == []
    (text,) = said(excel)
    assert text.startswith("Ouvrez d'abord un classeur")
    assert "Activer la modification" in text  # the protected view hides the workbook that is in front


def test_no_cell_of_a_suppliers_workbook_is_obeyed(click: Click, world: World, excel: ExcelApplication) -> None:
    hostile(excel)

    click("check")

    assert words(world)[0] == f"{HOME}\\canevas-xl\\venv\\Scripts\\pythonw.exe"
    assert "evil" not in world.started[-1]
    assert said(excel) == []


def hostile(excel: ExcelApplication) -> Workbook:
    """Bring a supplier's workbook to the front that tells other add-ins what to run."""
    book = excel.add_workbook()
    book.path, book.name = "C:\\Reçus", "x.xlsx"
    for name in ("canevas.conf", "xlwings.conf", "x.py", "canevas-xl.conf"):
        sheet = book.vba_get("Sheets").vba_get("Add")
        sheet.vba_set("Name", name)
        for row, (key, value) in enumerate(ORDERS, 1):
            sheet.vba_get("Range", [f"A{row}"]).vba_set("Value", key)
            sheet.vba_get("Range", [f"B{row}"]).vba_set("Value", value)
    return book


def test_neither_a_formula_nor_a_drawing_of_a_workbook_can_click(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    world.caller = excel.workbook.vba_get("Sheets").vba_get("Item", [1]).vba_get("Range", ["A1"])
    click("check")

    world.caller = "Picture 1"
    click("check")

    assert world.started == []


@pytest.mark.parametrize("name", ['a" & calc & ".xlsx', "$(calc).xlsx", "x --lang=en.xlsx", "a;b|c<d>.xlsx"])
def test_no_name_of_a_workbook_becomes_a_word_of_the_command_line(
    click: Click, world: World, excel: ExcelApplication, name: str
) -> None:
    excel.workbook.name = name

    click("check")

    assert words(world)[7] == f"--wb={name}".replace('"', "")
    assert len(words(world)) == 13
    assert handed_over(world).name == name


def test_a_name_with_percent_signs_is_right_in_the_argument_file(
    click: Click, world: World, excel: ExcelApplication
) -> None:
    excel.workbook.name = "Remise 5 %TEMP%.xlsx"

    click("check")

    assert handed_over(world).name == "Remise 5 %TEMP%.xlsx"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"C:\\a b\\p.exe" -I x', ["C:\\a b\\p.exe", "-I", "x"]),
        ('p --wb="a = b & c.xlsx"', ["p", "--wb=a = b & c.xlsx"]),
        ('p "C:\\x y\\\\" z', ["p", "C:\\x y\\", "z"]),
        ('p a\\\\b d"e f"g h', ["p", "a\\\\b", "de fg", "h"]),
        ('p a\\\\\\"b c d', ["p", 'a\\"b', "c", "d"]),
        ('p ""', ["p", ""]),
    ],
)
def test_command_lines_are_split_as_windows_splits_them(line: str, expected: list[str]) -> None:
    assert split(line) == expected
