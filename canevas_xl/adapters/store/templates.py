"""Owns the way to templates: which are shipped, which one a reference names, and how its folder becomes a template."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from pydantic import BaseModel

from canevas_xl.adapters.store.fragments import merged
from canevas_xl.adapters.store.toml_files import Data, noun, parse_toml, read_file, texts_of
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.template import Fragment, LoadedTemplate, Template, Texts
from canevas_xl.resources import LANGUAGES, data_folder

T = TypeVar("T")
N = TypeVar("N", bound=BaseModel)

TEMPLATE_FILE: Final = "template.toml"
FRAGMENT_FILE: Final = "fragment.toml"
CHANGES_FILE: Final = "CHANGES.md"
FRAGMENTS: Final = "fragments"
"""The folder beside the templates that holds the parts they share."""

NAME: Final = r"[a-z][a-z0-9_-]*"
VERSION: Final = r"\d+\.\d+\.\d+"
REFERENCE: Final = re.compile(rf"({NAME})(?:@({VERSION}))?")


@dataclass(frozen=True, slots=True)
class TemplateFolder:
    """One version of one template, and where it lies."""

    id: str
    version: str
    folder: Path

    @property
    def reference(self) -> str:
        """What a campaign names it by."""
        return f"{self.id}@{self.version}"


class _Reading:
    """One load: gathers the findings, and the bytes that the template's fingerprint covers."""

    def __init__(self, root: Path) -> None:
        """Read nothing outside ``root``."""
        self.root = root
        self.findings: list[Finding] = []
        self.digest = hashlib.sha256()

    @property
    def blocked(self) -> bool:
        """Say whether something found so far forbids going on."""
        return any(finding.blocks for finding in self.findings)

    def data(self, path: Path, shown: str) -> Data | None:
        """Read one file as data."""
        raw = self.taken(read_file(path, self.root, shown))
        if raw is None:
            return None
        self.digest.update(f"{shown}\0{len(raw)}\0".encode() + raw)
        return self.taken(parse_toml(raw, shown))

    def noun(self, schema: type[N], folder: Path, file: str, shown: str) -> N | None:
        """Read one declaration."""
        data = self.data(folder / file, shown + file)
        return None if data is None else self.taken(noun(schema, data, shown + file))

    def words(self, folder: Path, shown: str) -> dict[str, Texts]:
        """Read the words of every language; those of a broken file are none."""
        words: dict[str, Texts] = {}
        for language in LANGUAGES:
            file = f"texts.{language}.toml"
            data = self.data(folder / file, shown + file)
            words[language] = Texts({}) if data is None else self.taken(texts_of(data, shown + file))
        return words

    def taken(self, checked: Checked[T]) -> T:
        """Keep the findings, give the value."""
        self.findings += checked.findings
        return checked.value


def shipped_templates(root: Path | None = None) -> tuple[TemplateFolder, ...]:
    """List every version of every template under ``root`` (default: what ships), oldest version first."""
    top = data_folder("workbook_templates") if root is None else root
    folders = (path.parent for path in top.glob(f"*/*/{TEMPLATE_FILE}") if path.parent.parent.name != FRAGMENTS)
    listed = [TemplateFolder(path.parent.name, path.name, path) for path in folders]
    known = [each for each in listed if re.fullmatch(NAME, each.id) and re.fullmatch(VERSION, each.version)]
    return tuple(sorted(known, key=lambda each: (each.id, _number(each.version))))


def find_template(reference: str, root: Path | None = None) -> Path:
    """Give the folder of ``restauration-scolaire`` (its newest version) or ``restauration-scolaire@1.0.0``.

    Raises:
        WrongUse: no such template; the fault lists those that exist.
    """
    shipped = shipped_templates(root)
    wanted = REFERENCE.fullmatch(reference)
    name, version = wanted.groups() if wanted else (None, None)
    fitting = [each for each in shipped if each.id == name and version in {None, each.version}]
    if not fitting:
        raise WrongUse("T191", wanted=reference, known=[each.reference for each in shipped] or "–")
    return fitting[-1].folder


def load_template(folder: Path) -> Checked[LoadedTemplate | None]:
    """Read a template's folder, with the fragments it names, from ``../../fragments`` or from what ships.

    The value is None as soon as one finding blocks. The hash covers the declarations and words of the template
    and of its fragments, so that it changes with anything a canvas is made of.

    Raises:
        Fault: a file exists and the system does not let it be read.
    """
    reading = _Reading(folder)
    template = reading.noun(Template, folder, TEMPLATE_FILE, "")
    texts = reading.words(folder, "")
    if template is None:
        return Checked(None, tuple(reading.findings))
    reading.findings += _folder_findings(folder, template)
    fragments: dict[str, Fragment] = {}
    for reference in dict.fromkeys(use.fragment for use in template.fragments):
        fragment, words = _fragment(reading, reference, folder)
        if fragment is not None:
            fragments[reference] = fragment
        texts = {language: Texts({**words.get(language, {}), **texts[language]}) for language in LANGUAGES}
    if reading.blocked:
        return Checked(None, tuple(reading.findings))
    whole = reading.taken(merged(template, fragments, TEMPLATE_FILE))
    if reading.blocked:
        return Checked(None, tuple(reading.findings))
    loaded = LoadedTemplate(whole, MappingProxyType(texts), reading.digest.hexdigest())
    return Checked(loaded, tuple(reading.findings))


def _fragment(reading: _Reading, reference: str, folder: Path) -> tuple[Fragment | None, dict[str, Texts]]:
    """Read one fragment and its words, into the same findings and the same hash."""
    tops = [top for top in _fragment_tops(folder) if _inside(top, reference)]
    if not tops:
        known = sorted({each for top in _fragment_tops(folder) for each in _fragments_in(top)})
        place = Place(file=TEMPLATE_FILE, key="fragments")
        reading.findings.append(found("T130", place, fragment=reference, known=known or "–"))
        return None, {}
    at = tops[0] / reference.replace("@", "/")
    outer, reading.root = reading.root, tops[0]
    shown = f"{FRAGMENTS}/{reference}/"
    fragment = reading.noun(Fragment, at, FRAGMENT_FILE, shown)
    words = reading.words(at, shown)
    reading.root = outer
    return fragment, words


def _fragment_tops(folder: Path) -> tuple[Path, ...]:
    """Where fragments may lie: beside the author's own templates first, then among those that ship."""
    return folder.resolve().parent.parent / FRAGMENTS, data_folder("workbook_templates") / FRAGMENTS


def _inside(top: Path, reference: str) -> bool:
    """Say whether ``reference`` is well formed, so that it cannot climb out of ``top``, and exists."""
    wanted = REFERENCE.fullmatch(reference)
    return wanted is not None and wanted[2] is not None and (top / wanted[1] / wanted[2]).is_dir()


def _fragments_in(top: Path) -> list[str]:
    return [f"{path.parent.parent.name}@{path.parent.name}" for path in top.glob(f"*/*/{FRAGMENT_FILE}")]


def _folder_findings(folder: Path, template: Template) -> list[Finding]:
    """Doubt a folder that is called otherwise than its template, or that does not say what changed."""
    findings = []
    place = Place(file=TEMPLATE_FILE, key="id")
    lies_in, says = "/".join(folder.resolve().parts[-2:]), f"{template.id}/{template.version}"
    if lies_in != says:
        findings.append(found("T134", place, folder=lies_in, template=says))
    if not (folder / CHANGES_FILE).is_file():
        findings.append(found("T135", Place(file=CHANGES_FILE), folder=folder.name))
    return findings


def _number(version: str) -> tuple[int, ...]:
    """Versions are compared as numbers: 1.10.0 is newer than 1.9.0."""
    return tuple(int(part) for part in version.split("."))
