"""What the documents say is true: commands parse, files exist, links lead somewhere, lists are complete."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.check import check_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.app.templates import check_templates
from canevas_xl.canvas.lint.words import LONGEST_HELP, LONGEST_LABEL
from canevas_xl.cli.arguments import parse_arguments
from canevas_xl.findings.catalogue import Audience, kinds
from canevas_xl.impact import difference, verdict
from canevas_xl.model import template as schema
from canevas_xl.model.campaign_keys import INPUT_SHEETS
from canevas_xl.model.vocabulary import ControlledBy

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
FENCE = re.compile(r"^[ \t]*```(\w*)\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
ROOMS = ("canevas_xl", "workbook_templates", "factors", "tests", "benchmarks", "docs")


def text(page: Path) -> str:
    return page.read_text("utf-8")


def prose(page: Path) -> str:
    return FENCE.sub("", text(page))


def commands(page: Path) -> Iterator[str]:
    """Commands quoted in a page: on their own lines in blocks, or between backticks."""
    for _, block in FENCE.findall(text(page)):
        for piece in re.split(r"\n|&&", block):
            match = re.match(r"\s*(?:\S*/)?(canevas-xl .+)", piece)
            if match:
                yield match[1].strip()
    yield from re.findall(r"`(canevas-xl [^`]+)`", prose(page))


QUOTED = [(page.name, command) for page in PAGES for command in commands(page)]


def test_commands_are_quoted_in_the_readme_and_the_guide() -> None:
    assert {"README.md", "guide-acheteur.md", "templates.md"} <= {page for page, _ in QUOTED}


@pytest.mark.parametrize(("page", "command"), QUOTED)
def test_every_quoted_command_is_understood(page: str, command: str) -> None:
    words = shlex.split(command)[1:]
    assert parse_arguments(words, "fr").command, page


def anchor(title: str) -> str:
    """The anchor that a heading gets on usual forges."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if target.startswith("http"):
            continue
        file, _, mark = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        assert path.exists(), target
        if mark:
            titles = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
            assert mark in {anchor(title) for title in titles}, target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_ours_that_is_named_exists(page: Path) -> None:
    named = re.findall(rf"(?:{'|'.join(ROOMS)})/[\w./-]*[\w/]", re.sub(r"\S*<\S*", "", prose(page)))
    for path in named:
        assert (ROOT / path).exists(), path


def test_no_page_names_a_path_of_a_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(?:tmp|root|work|home|usr)\b", text(page)), page.name


# --- templates.md -----------------------------------------------------------------------------------------------

HEADINGS = {
    "Template": schema.Template, "Functional unit": schema.FunctionalUnit, "Scale": schema.Scale,
    "Perimeter": schema.Perimeter, "Parameter": schema.Parameter, "Range": schema.Range, "List": schema.ChoiceList,
    "Option": schema.Option, "Family": schema.Family, "Section": schema.Section, "Field": schema.Field,
    "Plausible bounds that depend": schema.PlausibleBy, "Default": schema.Default, "Table": schema.Table,
    "Derived": schema.Derived, "Flow": schema.Flow, "Rule": schema.Rule, "Requirement": schema.Requirement,
    "Fragment used": schema.UseFragment, "Fragment": schema.Fragment,
}  # fmt: skip


def under(title: str) -> str:
    """What stands under a heading of the third level."""
    match = re.search(rf"^### {title}\n(.*?)(?=^##)", text(DOCS / "templates.md"), re.MULTILINE | re.DOTALL)
    assert match, title
    return match[1]


def test_every_class_of_the_schema_has_its_table_of_keys() -> None:
    classes = {
        each
        for each in vars(schema).values()
        if isinstance(each, type) and issubclass(each, BaseModel) and each not in {BaseModel, schema.Noun}
    }
    assert classes == set(HEADINGS.values())


@pytest.mark.parametrize(("title", "noun"), HEADINGS.items(), ids=list(HEADINGS))
def test_every_key_of_a_template_is_explained_and_no_other(title: str, noun: type[BaseModel]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*)\|", under(title), re.MULTILINE)
    assert [key for key, _ in rows] == list(noun.model_fields)
    for key, default in rows:
        assert noun.model_fields[key].is_required() == (not default.strip()), key


def maker(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_buttons_is_that_of_the_registry() -> None:
    assert maker("make_buttons").page() == text(DOCS / "boutons.md"), "run docs/make_buttons.py"


def test_the_table_of_codes_is_that_of_the_catalogue() -> None:
    page = text(DOCS / "templates.md")
    assert maker("make_tables").with_codes(page) == page, "run docs/make_tables.py"
    authors = {code for code, kind in kinds().items() if kind.audience is Audience.AUTHOR and code[0] in "TE"}
    assert authors <= set(re.findall(r"^\| ([TE]\d{3}) \|", page, re.MULTILINE))


def test_the_first_template_loads_and_the_linter_has_nothing_to_say(tmp_path: Path) -> None:
    folder = tmp_path / "banc-public" / "1.0.0"
    folder.mkdir(parents=True)
    files = re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)^```", text(DOCS / "templates.md"), re.MULTILINE | re.DOTALL)
    assert [name for name, _ in files] == ["template.toml", "texts.fr.toml", "texts.en.toml", "CHANGES.md"]
    for name, content in files:
        (folder / name).write_text(content, "utf-8")
    (checked,) = check_templates(folder)
    assert checked.findings == ()


def test_lengths_of_texts_are_those_of_the_linter() -> None:
    assert f"Labels hold at most {LONGEST_LABEL} characters, helps and examples at most {LONGEST_HELP}" in " ".join(
        text(DOCS / "templates.md").split()
    )


# --- the other pages --------------------------------------------------------------------------------------------


def test_every_code_that_is_named_exists() -> None:
    for page in PAGES:
        for code in re.findall(r"\b[ACEITX]\d{3}\b", prose(page)):
            assert code in kinds(), (page.name, code)


def test_every_room_is_in_the_picture_of_the_house() -> None:
    page = text(DOCS / "architecture.md")
    package = ROOT / "canevas_xl"
    rooms = {path.name for path in package.iterdir() if (path / "__init__.py").exists()} - {"adapters"}
    rooms |= {f"adapters/{path.name}" for path in (package / "adapters").iterdir() if (path / "__init__.py").exists()}
    rooms |= {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    assert rooms == set(re.findall(r"^\| `([\w/]+)` \|", page, re.MULTILINE))


def test_every_sheet_to_fill_is_explained_to_the_buyer() -> None:
    names = resources.texts("campaign", "fr")
    for sheet in INPUT_SHEETS:
        assert f"*{names[f'sheet.{sheet}.name']}*" in text(DOCS / "guide-acheteur.md"), sheet


def test_every_formula_and_phase_is_explained_to_the_buyer() -> None:
    page = text(DOCS / "guide-acheteur.md")
    for formula in ("F1", "F2", "F3", "F4", "F5", "F6", "F7"):
        assert re.search(rf"^\| {formula} ", page, re.MULTILINE)
    terms = resources.texts("terms", "fr")
    for key, name in terms.items():
        if key.startswith("phase."):
            assert re.search(rf"^\| {name} \|", page, re.MULTILINE), name


def test_the_supplier_reads_of_no_mark_and_no_rank() -> None:
    page = text(DOCS / "guide-fournisseur.md").lower()
    assert not re.search(r"\b(?:scores?|rangs?|not(?:e|es|é|és|ée|ées|er|ation)|points|classements?)\b", page)


def test_supplier_sheets_carry_the_names_that_the_guide_uses() -> None:
    names = {name for key, name in resources.texts("workbook", "fr").items() if key.startswith("sheet.")}
    page = text(DOCS / "guide-fournisseur.md")
    for name in names - {"Listes", "Identité", "Calcul"}:
        assert f"*{name}*" in page, name


def percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def test_thresholds_of_the_verdict_are_those_of_the_code() -> None:
    page = " ".join(text(DOCS / "method.md").split())
    assert f"more than {percent(verdict.WEAK_REFERENCE)}" in page
    assert f"more than {percent(verdict.WEAK_DIFFERENCE)}" in page
    assert f"under {percent(verdict.ALIKE)}" in page
    assert f"below {percent(verdict.SUPPLIER_DECIDES)}" in page
    assert f"half-width of {difference.DOUBTFUL:.0f} % or more" in page
    for floor in (difference.WHOLE_PRODUCT_FLOOR, difference.PROXY_FLOOR, difference.UNSTATED):
        assert f"| {floor:.0f} % |" in page


# --- figures ----------------------------------------------------------------------------------------------------

SHIPPED = {"restauration-scolaire": "school meals", "mobilier-bureau": "furniture", "informatique-postes": "computers"}


@pytest.mark.parametrize("template", SHIPPED)
def test_figures_of_the_shipped_examples_are_those_that_check_gives(template: str, tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    new_campaign(template, tmp_path / "campaign", now, language="fr", example=True)
    (lot,) = check_campaign(CampaignFolder(tmp_path / "campaign"), now).lots
    row = re.search(rf"^\| {SHIPPED[template]} \|.*$", text(DOCS / "method.md"), re.MULTILINE)
    assert row is not None
    said = {reason.code: dict(reason.facts) for reason in lot.verdict.reasons}
    weak = said.get("weak_part") or said["weak_difference"]
    enough = said.get("sound_difference")
    assert f"| {lot.reference.known:.3f} per " in row[0]
    assert f"| {percent(lot.shares[ControlledBy.SUPPLIER])} |" in row[0]
    assert (f"| {enough['threshold']} % |" if enough else "| not within 50 % |") in row[0]
    assert f"| {weak['percent']} % | fit to {lot.verdict.fitness} |" in row[0]
    if template == "restauration-scolaire":
        guide = text(DOCS / "guide-acheteur.md")
        for weight in lot.weights:
            assert f"| {percent(weight.published)} | {percent(weight.effective)} |" in guide
        for share in lot.shares.values():
            assert not share or percent(share) in guide
