"""What a supplier typed is shown as it is, and obeyed nowhere: no formula, link, command, mark-up; and no secret."""

from __future__ import annotations

import base64
import csv
import email
import email.policy
import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from canvases import Bench, typed
from reading import bench
from recipes import packed, parts_of
from returned import received

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.cli import main

ESCAPES = "\x1b]0;titre\x07\x1b[2J\x9b31m\u202eesrevni"
EVIL = (
    "=cmd|' /C calc'!A0", '=HYPERLINK("http://192.0.2.1","ici")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "＝1+1",
    "http://192.0.2.1/suivi", "Bcc: tous@exemple.fr", "[bold red]oui[/]", "{path}", "%s",
    "<script src='http://192.0.2.1'>alert(1)</script>",
)  # fmt: skip
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")


def escaped(text: str) -> str:
    """As programs write signs that XML does not allow."""
    return "".join(f"_x{ord(one):04X}_" if ord(one) < 32 and one not in "\t\n" else one for one in text)


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> tuple[CampaignFolder, Bench, str]:
    """A campaign whose only return says such things wherever one may type; and all that the terminal showed."""
    path = tmp_path_factory.mktemp("texts")
    made, folder = bench(path), CampaignFolder(path / "campagne")
    texts = {
        ("ID.NAME", "VALUE"): EVIL[0],
        ("ID.SIGNATORY", "VALUE"): escaped(ESCAPES),
        ("E1", "VALUE"): escaped(ESCAPES) + EVIL[-1],
    }
    keys = ("A", "R1", "R2", "E2", "G", "DESK.M0", "DESK.M1", "DESK.M2", "DESK.M3", "DESK.M4", "CHAIR.M0", "CHAIR.M1")
    texts |= {(key, "EVIDENCE"): escaped(text) for key, text in zip(keys, EVIL[1:], strict=True)}
    file = path / "réponse \x1b[2J.xlsx"
    parts = parts_of(typed(texts)(made))
    named = parts["xl/workbook.xml"].replace(b'name="Mon offre"', 'name="Mon\u202e offre"'.encode())
    file.write_bytes(packed({**parts, "xl/workbook.xml": named}))
    received(folder, file)
    shown = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", shown)
        patch.setattr("sys.stderr", shown)
        for words in (["consolidate"], ["validate"], ["score"], ["ask", "--drafts", "--until", "2099-01-15 12:00"]):
            main([words[0], str(folder.path), *words[1:], "--lang", "fr"])
    return folder, made, shown.getvalue()


def going_out(folder: CampaignFolder) -> Iterator[tuple[str, bytes]]:
    """Everything that is sent or shown, unpacked."""
    going = [*folder.outbox.rglob("*"), *(folder.path / "messages").rglob("*"), *(folder.path / "donnees").rglob("*")]
    for path in (*going, folder.path / "resultats.xlsx"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path.name} {name}", archive.read(name)) for name in archive.namelist())
        elif path.is_file():
            yield path.name, path.read_bytes()


def test_everything_was_written(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    folder, _, shown = spoken
    assert "C208" in shown
    assert (folder.path / "resultats.xlsx").is_file()
    assert list((folder.path / "messages").rglob("*.eml"))


def test_a_terminal_is_given_nothing_that_it_obeys(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    shown = spoken[2]
    assert [one for one in shown if (ord(one) < 32 and one not in "\n\r") or one in "\x7f\x9b\u202e"] == []


def test_no_text_becomes_a_formula_or_a_link_in_the_results(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    path = spoken[0].path / "resultats.xlsx"
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    formulas = [str(cell.value) for cell in cells if cell.data_type == "f"]
    assert [one for one in formulas if any(word in one for word in ("cmd", "HYPERLINK", "192.0.2.1"))] == []
    assert [cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target] == []
    assert any(cell.value == EVIL[1] for cell in cells), "it is shown as it was typed"
    with zipfile.ZipFile(path) as archive:
        outside = [name for name in archive.namelist() if b'TargetMode="External"' in archive.read(name)]
    assert outside == []


def test_no_text_becomes_a_formula_in_the_tables(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    for path in (spoken[0].path / "donnees").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                for text in row:
                    assert not FORMULA.match(text) or re.fullmatch(r"-?[0-9.eE+-]+", text), (path.name, text)


def test_messages_show_what_was_typed_and_hold_headers_of_ours_alone(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    for path in (spoken[0].path / "messages").rglob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert message["Bcc"] is None
        for kind in ("plain", "html"):
            said = message.get_body((kind,)).get_content()
            assert "alert(1)" in said
            assert [one for one in said if (ord(one) < 32 and one not in "\n\r\t") or one in "\x7f\x9b\u202e"] == []
        assert "<script" not in said
        assert re.findall(r'(?:href|src)="[^"]*192', said) == []


def test_no_secret_goes_out(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    folder, made, shown = spoken
    secret = made.secret
    forms = {
        secret,
        secret.hex().encode(),
        base64.b64encode(secret),
        base64.b32encode(secret),
        secret.hex().upper().encode(),
    }
    seen = [("terminal", shown.encode()), *going_out(folder)]
    assert len(seen) > 50
    assert [name for name, data in seen if any(form in data for form in forms)] == []


def test_no_path_of_a_machine_goes_out(spoken: tuple[CampaignFolder, Bench, str]) -> None:
    folder = spoken[0]
    here = str(folder.path.parent).encode()
    assert [name for name, data in going_out(folder) if here in data] == []
