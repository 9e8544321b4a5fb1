"""A buyer of a small town fills a bare campaign in LibreOffice, mends what *check* says, and issues it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import Office
from shipped import TEMPLATES

from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.cli import main
from canevas_xl.errors import BLOCKED, DONE
from canevas_xl.intake.locate import locate

Typed = dict[tuple[str, str], float | str]
DEADLINE = (date.today() + timedelta(days=40)).isoformat()  # noqa: DTZ011 - the buyer's calendar
FIRST: Typed = {
    ("CONS.TITLE", "VALUE"): "Achat de la commune, année 2027",
    ("CONS.BUYER", "VALUE"): "Commune d'Exemple",
    ("CONS.DATE", "VALUE"): DEADLINE,
    ("CONS.CONTACT", "VALUE"): "Secrétariat de mairie",
    ("CONS.EMAIL", "VALUE"): "mairie.exemple.fr",
    ("LOT.TITLE", "L1"): "Lot unique",
    ("SUP.001", "NAME"): "Entreprise Première",
    ("SUP.001", "EMAIL"): "contact@premiere.example",
    ("SUP.001", "LOTS"): 1,
}
"""What one types at first: the address of the town hall lacks its @."""
MENDED: Typed = {("CONS.EMAIL", "VALUE"): "accueil@mairie.exemple.fr"}
DEVICES: Typed = {("T.DEV1.Q1", "L1"): "Ordinateur portable", ("T.DEV1.QTY", "L1"): 12}


def type_in(office: Office, path: Path, typed: Typed) -> None:
    """Type in the sheets and save as xlsx, as LibreOffice does."""
    located = locate(read_cells(path))
    with office.open(path) as book:
        for (key, column), value in typed.items():
            spot = located.spot(key, column)
            assert spot is not None, (key, column)
            book.type(spot.sheet, spot.row, spot.column, value)
        book.recalculate()
        saved = path.with_name("enregistre.xlsx")
        book.save_xlsx(saved)
    saved.replace(path)


def check(capsys: pytest.CaptureFixture[str], folder: Path) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = main(["check", str(folder), "--lang", "fr", "--json"])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("template", TEMPLATES)
def test_from_a_bare_campaign_to_its_canvases(
    soffice: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], template: str
) -> None:
    folder = tmp_path / "achat de la commune"
    assert main(["new", template, str(folder), "--lang", "fr"]) == DONE
    status, told = check(capsys, folder)
    assert status == BLOCKED
    assert {one["code"] for one in told["findings"]} <= {"C112", "C142", "C153"}
    devices = DEVICES if template == "informatique-postes" else {}

    with Office(soffice, tmp_path / "office") as office:
        type_in(office, folder / "campagne.xlsx", FIRST | devices)
        status, told = check(capsys, folder)
        assert status == BLOCKED
        assert [(one["code"], one["sheet"]) for one in told["findings"] if one["severity"] == "blocks"] == [
            ("C113", "Consultation")
        ]
        type_in(office, folder / "campagne.xlsx", MENDED)

    status, told = check(capsys, folder)
    assert status == DONE
    assert told["lots"][0]["who_decides"]
    assert main(["issue", str(folder), "--lang", "fr"]) == DONE
    said = capsys.readouterr().out
    written = [path.name for path in (folder / "envois").glob("*.xlsx")]
    assert len(written) == 1
    assert written[0] in said, "the name is printed whole, to be copied"
