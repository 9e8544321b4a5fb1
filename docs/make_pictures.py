"""Owns the pictures in docs/pictures: every page of every sheet of a supplier's workbook, as LibreOffice prints it.

Needs LibreOffice (``soffice``), poppler (``pdftoppm``, ``pdftotext``) and ImageMagick (``convert``). Usage::

    python docs/make_pictures.py [--language fr] [--fill half] [--out docs/pictures] [TEMPLATE …]

Pictures of the same template and language are replaced, and the index (``README.md``) is written anew.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from canevas_xl import resources
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.subjects import ground
from canevas_xl.canvas.freeze import freeze
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.impact.assess import generic_lot, reference_answers
from canevas_xl.model.answer import Answers
from canevas_xl.model.campaign import Campaign, Channel
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.vocabulary import Phase

SHEETS = ("welcome", "offer", "weigh", "sources", "control", "levers", "thread", "feedback")
TEMPLATES = ("restauration-scolaire", "mobilier-bureau", "informatique-postes")
STAMPS = {"token": "CX1-EXEMPL-S001-L1-R1-AAAAAAAAAAAA", "supplier": "Ateliers du Lac", "supplier_code": "S001"}
RESOLUTION = 90
"""Dots per inch: enough to read."""
COLOURS = 32
"""Of each picture: sheets have few, and a palette keeps the files small."""
LOCALES = {"fr": "fr-FR", "en": "en-GB"}
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
</oor:items>
"""
"""Of a LibreOffice that writes numbers as the readers of the workbook do."""


def main() -> None:
    """Make the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("templates", nargs="*", default=TEMPLATES)
    parser.add_argument("--language", default="fr", choices=("fr", "en"))
    parser.add_argument("--fill", default="half", choices=("empty", "half", "full"))
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "pictures")
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for template in wanted.templates:
        name = f"{template}-{wanted.language}"
        for old in wanted.out.glob(f"{name}-*.png"):
            old.unlink()
        plan = plan_canvas(example(template, wanted.language, wanted.fill))
        for picture in pictures(plan, wanted.out, name):
            print(picture)
    (wanted.out / "README.md").write_text(index(wanted.out), encoding="utf-8")


def example(template: str, language: str, fill: str) -> Canvas:
    """A canvas of a shipped template, with the answers of its reference, or every other one, or none."""
    found = ground(template)
    lot = replace(generic_lot(found.loaded.template), title="Lot unique" if language == "fr" else "Single lot")
    campaign = Campaign(
        code="EXEMPL", title="Marché d'exemple", template=template, phase=Phase.SOURCING, procedure="p2",
        amount=30000.0, deadline=datetime(2026, 12, 15, 12, 0, tzinfo=ZoneInfo("Europe/Paris")),
        buyer="Commune de Val-Fleuri", contact="Camille Martin", email="achats@val-fleuri.example",
        channel=Channel.EMAIL, profile="",
        language=language, round=1, erratum="", open_canvas=False, lots=(lot,), suppliers=(), items=(),
        requirements=(), price_spread=10.0,
    )  # fmt: skip
    subject = found.subject(campaign, lot)
    known = reference_answers(found.loaded.template)
    answers: Answers = {key: replace(answer, evidence="Pièce 3, p. 2") for key, answer in known.items()}
    if fill == "empty":
        answers = {}
    if fill == "half":
        answers = MappingProxyType({key: answer for n, (key, answer) in enumerate(answers.items()) if n % 2})
    return Canvas(subject, language, freeze(subject, date(2026, 9, 1)).fingerprint, answers)


def pictures(plan: WorkbookPlan, out: Path, name: str) -> list[Path]:
    """Print a workbook and cut it into pictures: ``<name>-<sheet>-<page>.png``."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "canvas.xlsx").write_bytes(Stencil.from_bytes(workbook_bytes(plan)).copy(STAMPS))
        profile = f"-env:UserInstallation={(here / 'profile').as_uri()}"
        settings = here / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(SETTINGS.format(locale=LOCALES[plan.language]), encoding="utf-8")
        _run("soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder, str(here / "canvas.xlsx"))
        _run("pdftoppm", "-r", str(RESOLUTION), "-png", str(here / "canvas.pdf"), str(here / "page"))
        made: list[Path] = []
        pages = sorted(here.glob("page-*.png"))
        counts: dict[str, int] = {}
        for number, page in enumerate(pages, start=1):
            code = _sheet_on(plan, here / "canvas.pdf", number)
            counts[code] = counts.get(code, 0) + 1
            made.append(out / f"{name}-{code.lower()}-{counts[code]}.png")
            _run("convert", str(page), "-strip", "+dither", "-colors", str(COLOURS), f"PNG8:{made[-1]}")
    return made


def index(out: Path) -> str:
    """List the pictures of a folder, one line per sheet of each workbook."""
    lines = [
        "# Pictures of the supplier's workbook",
        "",
        "Every printed page of every sheet, half filled, as LibreOffice prints it.",
        "Made by `python docs/make_pictures.py`.",
        "",
        "Two screens, made by `python docs/make_screens.py`: [the toolbar in LibreOffice](libreoffice-toolbar.png) and",
        "[the window outside Excel](bureau.png).",
    ]
    paged = (path for path in out.glob("*.png") if path.stem.rsplit("-", 1)[-1].isdecimal())  # others are screens
    found = sorted(paged, key=lambda path: (path.stem.rsplit("-", 2)[0], int(path.stem.rsplit("-", 1)[1])))
    for name in dict.fromkeys(path.stem.rsplit("-", 2)[0] for path in found):
        template, language = name.rsplit("-", 1)
        lines += ["", f"## {template} ({language})", "", "| sheet | pages |", "|---|---|"]
        mine = [path for path in found if path.stem.rsplit("-", 2)[0] == name]
        for code in SHEETS:
            pages = [path for path in mine if path.stem.rsplit("-", 2)[1] == code]
            links = " · ".join(f"[{path.stem.rsplit('-', 1)[1]}]({path.name})" for path in pages)
            lines += [f"| {_sheet_name(code, language)} | {links} |"] if pages else []
    return "\n".join(lines) + "\n"


def _sheet_name(code: str, language: str) -> str:
    return resources.texts("workbook", language)[f"sheet.{code.upper()}"]


def _sheet_on(plan: WorkbookPlan, pdf: Path, page: int) -> str:
    """Say which sheet a page shows: its footer names it after the token."""
    number = str(page)
    printed = _run("pdftotext", "-f", number, "-l", number, "-raw", str(pdf), "-")
    return next(sheet.code for sheet in plan.sheets if f"{STAMPS['token']} · {sheet.name}" in printed)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
