"""Programs with which suppliers fill a canvas: each opens it, types in it, and saves it in the forms it knows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from endless import PATIENCE
from office import Office, property_value

from canevas_xl.rules.spreadsheet import column_letters

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Typed:
    """Something to type: sheet by name, zero-based row and column."""

    sheet: str
    row: int
    column: int
    value: float | str

    @property
    def cell(self) -> str:
        """Its address."""
        return f"{column_letters(self.column)}{self.row + 1}"


Jobs = Mapping[str, Sequence[Typed]]
"""What to type, by the name of the file to save."""
Saved = Mapping[tuple[str, str], Path]
"""By form and name of the job."""


@dataclass(frozen=True, slots=True)
class Client:
    """One program."""

    name: str
    forms: tuple[str, ...]
    run: Callable[[Path, Jobs, Path], Saved]
    """From an empty canvas, what to type, and a folder to work in."""
    missing: Callable[[], str]
    """Why it cannot be run here; empty where it can."""


# --- LibreOffice ------------------------------------------------------------------------------------------------

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "ods": "calc8",
    "xls": "MS Excel 97",
    "csv": "Text - txt - csv (StarCalc)",
}
SEMICOLONS = "59,34,76,1,,1036,false,true,false,false,false,2"
"""The second sheet, in UTF-8, as it is shown in French."""


def with_libreoffice(canvas: Path, jobs: Jobs, folder: Path) -> Saved:
    """Fill it through LibreOffice's own interface, and save it in each form."""
    saved: dict[tuple[str, str], Path] = {}
    with Office(str(shutil.which("soffice")), folder) as office:
        for name, typed in jobs.items():
            with office.open(canvas) as book:
                for one in typed:
                    book.type(one.sheet, one.row, one.column, one.value)
                book.recalculate()
                for form, filter_name in FILTERS.items():
                    path = folder / f"{name}.{form}"
                    options = [property_value("FilterName", filter_name)]
                    if form == "csv":
                        options.append(property_value("FilterOptions", SEMICOLONS))
                    book.document.storeToURL(path.as_uri(), tuple(options))
                    saved[form, name] = path if path.exists() else next(folder.glob(f"{name}-*.{form}"))
    return saved


# --- openpyxl and Gnumeric --------------------------------------------------------------------------------------


def with_openpyxl(canvas: Path, jobs: Jobs, folder: Path) -> Saved:
    """Fill it by openpyxl."""
    saved = {}
    for name, typed in jobs.items():
        book = openpyxl.load_workbook(canvas)
        for one in typed:
            book[one.sheet][one.cell] = one.value
        saved["xlsx", name] = folder / f"{name}.xlsx"
        book.save(saved["xlsx", name])
    return saved


def with_gnumeric(canvas: Path, jobs: Jobs, folder: Path) -> Saved:
    """Fill it by openpyxl, then open it in Gnumeric and save it in each form."""
    filled = folder / "filled"
    filled.mkdir()
    saved = {}
    for (_, name), path in with_openpyxl(canvas, jobs, filled).items():
        for form in ("xlsx", "ods", "xls"):
            target = folder / f"{name}.{form}"
            _run(["ssconvert", str(path), str(target)])
            saved[form, name] = target
    return saved


# --- Programs in JavaScript -------------------------------------------------------------------------------------


def with_javascript(program: str, forms: Sequence[str]) -> Callable[[Path, Jobs, Path], Saved]:
    """Fill it by SheetJS or ExcelJS."""

    def run(canvas: Path, jobs: Jobs, folder: Path) -> Saved:
        saved = {}
        for name, typed in jobs.items():
            answers = folder / f"{name}.json"
            told = [{"sheet": one.sheet, "cell": one.cell, "value": one.value} for one in typed]
            answers.write_text(json.dumps(told), "utf-8")
            for form in forms:
                saved[form, name] = folder / f"{name}.{form}"
                _run(["node", str(HERE / "fill.mjs"), program, str(canvas), str(saved[form, name]), str(answers)])
        return saved

    return run


def _run(command: list[str]) -> None:
    subprocess.run(
        command, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


def _lacks(*programs: str) -> Callable[[], str]:
    def missing() -> str:
        return next((f"{program} is not installed" for program in programs if not shutil.which(program)), "")

    return missing


def _lacks_modules() -> str:
    if not shutil.which("node"):
        return "Node.js is not installed"
    there = (HERE / "node_modules").is_dir()
    return "" if there else "SheetJS and ExcelJS are not here: run npm ci --prefix tests/roundtrips"


CLIENTS = (
    Client("LibreOffice", ("xlsx", "ods", "xls", "csv"), with_libreoffice, _lacks("soffice")),
    Client("Gnumeric", ("xlsx", "ods", "xls"), with_gnumeric, _lacks("ssconvert")),
    Client("openpyxl", ("xlsx",), with_openpyxl, _lacks()),
    Client("SheetJS", ("xlsx", "ods", "xls"), with_javascript("sheetjs", ("xlsx", "ods", "xls")), _lacks_modules),
    Client("ExcelJS", ("xlsx",), with_javascript("exceljs", ("xlsx",)), _lacks_modules),
)


def lacking() -> Iterator[str]:
    """Why some of the programs cannot be run here."""
    return filter(None, dict.fromkeys(client.missing() for client in CLIENTS))
