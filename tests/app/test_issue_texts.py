"""Whatever people call themselves arrives as that text, in their own copy and in nobody else's."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from issuing import NOW, campaign, everything, folder_in, issue, lots
from office import Office

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.canvas.seal import read_token
from canevas_xl.model.campaign import Campaign, Supplier

NAMES = (
    "Réponse = société & Co (2)", "../../x", "CON", "a/b\\c:d*e?", "n" * 300, "🥖 Pain", "\u202eélif", "a\x01b\x1fc",
    "=cmd|'/C calc'!A0", "@@token@@", "\ue000token\ue001", "\ue000rien\ue001", "-2+3", "'apostrophe", "_x0041_", "A\nB",
    '"q" & <b>', "Société Bêta", "société bêta",
)  # fmt: skip
SUPPLIERS = tuple(Supplier(f"S{n:03d}", name, f"x{n}@un.example", "fr", (1,)) for n, name in enumerate(NAMES))
ODD = 'L\'été "x" & =1+1 <b> &P \ue000rien\ue001 \x01 {0} %s ' + "z" * 300
"""What a buyer may type in a title."""


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> CampaignFolder:
    """Odd suppliers of an odd buyer, in an odd folder."""
    folder = CampaignFolder(tmp_path_factory.mktemp("issued") / "L'été à Nîmes. ")
    folder.path.mkdir()
    issue(folder, odd(), NOW)
    return folder


def odd() -> Campaign:
    changes: dict[str, Any] = dict.fromkeys(("title", "buyer", "contact", "profile", "procedure"), ODD)
    return replace(campaign(*SUPPLIERS), lots=(replace(lots()[0], title=ODD),), **changes)


def copy_of(folder: CampaignFolder, supplier: Supplier) -> Path:
    return next(folder.outbox.glob(f"*-{supplier.code}-*"))


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


@pytest.mark.parametrize("supplier", SUPPLIERS, ids=lambda one: one.code)
def test_a_name_arrives_as_that_text(issued: CampaignFolder, supplier: Supplier) -> None:
    path = copy_of(issued, supplier)
    values = [cell.value for sheet in read_cells(path).sheets for cell in sheet.cells.values() if cell.formula is None]
    assert supplier.name in values
    assert re.fullmatch(r"canevas_L1_R1_[a-z0-9-]{1,30}_[A-Z0-9-]{30,40}\.xlsx", path.name)


def test_names_that_look_alike_make_files_that_do_not(issued: CampaignFolder) -> None:
    names = [path.name.casefold() for path in issued.outbox.iterdir()]
    assert len(set(names)) == len(NAMES)


def test_what_a_buyer_types_breaks_no_formula_and_no_property(issued: CampaignFolder) -> None:
    path = copy_of(issued, SUPPLIERS[0])
    values = [str(cell.value) for sheet in read_cells(path).sheets for cell in sheet.cells.values()]
    expected = ODD.replace("\ue000", "\ufffd").replace("\ue001", "\ufffd")
    assert any(expected in value for value in values)
    book = openpyxl.load_workbook(path)
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert len(formulas) > 100
    assert max(len(formula) for formula in formulas) <= 8192
    texts = [text.replace('""', '"') for formula in formulas for text in re.findall(r'"((?:[^"]|"")*)"', formula)]
    assert max(map(len, texts)) <= 255
    assert "L'été" in book.properties.creator
    assert len(book.properties.creator) <= 255
    assert len(book.properties.title) <= 255


@pytest.mark.office
def test_libreoffice_opens_it_and_finds_no_error(issued: CampaignFolder, soffice: str, tmp_path: Path) -> None:
    with Office(soffice, tmp_path) as office, office.open(copy_of(issued, SUPPLIERS[8])) as book:
        book.recalculate()
        first = book.values(book.sheet_names[0])
    assert "=cmd|'/C calc'!A0" in first.values()
    assert not [value for value in first.values() if str(value).startswith(("#NAME", "#REF", "#VALUE", "Err:"))]


def test_nothing_of_one_supplier_stands_in_the_copy_of_another_nor_in_the_record(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    asked = tuple(
        Supplier(f"QZ{n}X", f"Maison Zyx{n}wv", f"zyx{n}wv@kj{n}.example", ("fr", "en")[n % 2], (1,)) for n in range(4)
    )
    copies = issue(folder, campaign(*asked, open_canvas=True)).copies
    hidden = {one.code: (one.code, f"Zyx{n}wv", f"zyx{n}wv", f"kj{n}") for n, one in enumerate(asked)}
    for copy in copies:
        token = read_token(copy.token)
        assert token is not None
        content = "".join((copy.path.name, *parts(copy.path), *parts(copy.path).values()))
        others = [word for code, words in hidden.items() if code != token.supplier for word in words]
        assert not [word for word in others if word in content]
        assert "@kj" not in content
    records = "".join(path.read_text("utf-8") for path in folder.frozen.glob("*.json"))
    assert not [word for words in hidden.values() for word in words if word in records]


def test_no_file_says_where_when_or_by_whom_it_was_made_and_the_secret_stays_home(tmp_path: Path) -> None:
    folder = folder_in(tmp_path)
    issue(folder, campaign())
    secret = folder.key.read_text("ascii").strip()
    told = re.compile(r"pytest|/(tmp|home|root)\b|[A-Z]:\\|absPath|\b20(19|2[1-57-9])-\d\d-\d\dT", re.IGNORECASE)
    for path in folder.outbox.iterdir():
        for name, content in parts(path).items():
            assert not told.search(content), name
            assert secret not in content
        with zipfile.ZipFile(path) as package:
            assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert not any(entry.comment or entry.extra for entry in package.infolist())
    elsewhere = {name: data for name, data in everything(folder).items() if not name.endswith("cle.txt")}
    assert not [name for name, data in elsewhere.items() if secret.encode() in data]
