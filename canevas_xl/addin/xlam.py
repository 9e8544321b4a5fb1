"""Owns the file that Excel opens: canevas.xlam, made of plain texts, the same bytes every time.

It holds three VBA modules (``addin/vba``), a fourth made from the texts, and the ribbon. It holds no setting, no date
and no name of a machine, so that its fingerprint can be published, and an IT department can sign or allow it once.
Parts are stored uncompressed: programs that compress differ from machine to machine.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from canevas_xl import __version__, resources
from canevas_xl.adapters.store.files import fault_of
from canevas_xl.addin.ribbon import ribbon_xml
from canevas_xl.app.templates import list_templates
from canevas_xl.errors import Fault

FILE_NAME: Final = "canevas.xlam"
HASH_NAME: Final = "canevas.xlam.sha256"
PUBLISHED: Final = Path(__file__).with_name(HASH_NAME)
"""The fingerprint of this version's file, as ``sha256sum --check`` reads it."""
CODE_PAGE: Final = "cp1252"
BUILDER_MISSING: Final = "X134"
_MODULES: Final = ("CanevasLauncher", "CanevasQuestions", "CanevasRibbon")
_TEXTS: Final = "CanevasTexts"
_RIBBON_PART: Final = "customUI/customUI14.xml"
_RELATIONS_PART: Final = "_rels/.rels"
_RELATION: Final = (
    '<Relationship Id="rIdCanevas" Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility" '
    f'Target="{_RIBBON_PART}"/></Relationships>'
)
_DATE: Final = (1980, 1, 1, 0, 0, 0)
_CORE_PART: Final = "docProps/core.xml"
_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Canevas</dc:title><dc:creator>canevas-xl</dc:creator>'
    "</cp:coreProperties>"
)


def xlam_bytes() -> bytes:
    """Make the add-in.

    Raises:
        Fault: X134, the package that writes VBA projects is not installed; X104 or X110, no room for a temporary file.
    """
    try:
        with tempfile.TemporaryDirectory() as folder:
            parts = _project(Path(folder) / FILE_NAME)
    except OSError as problem:
        raise fault_of(problem, Path(tempfile.gettempdir(), FILE_NAME)) from problem
    parts[_RIBBON_PART] = ribbon_xml()
    parts[_CORE_PART] = _CORE.encode()
    parts[_RELATIONS_PART] = parts[_RELATIONS_PART].replace(b"</Relationships>", _RELATION.encode())
    return _packed(parts)


def _project(path: Path) -> dict[str, bytes]:
    """Write an empty add-in with our modules; give its parts."""
    with _excel_file().create_new(path) as book:
        project = book.vba_project()
        for name, text in sorted(vba_modules().items()):
            project.add_module(name, text.replace("\n", "\r\n"))
        project.delete_module("Module1")
        book.save()
    return _parts(path)


def _excel_file() -> Any:
    """Give pyOpenVBA's files of Excel; the command line works without that package."""
    try:
        return importlib.import_module("pyopenvba").ExcelFile
    except ImportError as problem:
        raise Fault(BUILDER_MISSING, module=problem.name or "pyopenvba") from problem


def fingerprint(data: bytes) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_line(data: bytes) -> str:
    """Write the fingerprint as ``sha256sum`` does."""
    return f"{fingerprint(data)}  {FILE_NAME}\n"


def published_fingerprint() -> str:
    """Give the published fingerprint of this version."""
    return PUBLISHED.read_text("ascii").split()[0]


def vba_modules() -> Mapping[str, str]:
    """Give the VBA modules by name: their code, without the line that names them."""
    folder = resources.PACKAGE / "addin" / "vba"
    read = {name: (folder / f"{name}.bas").read_text("utf-8").partition("\n")[2] for name in _MODULES}
    return {name: text.replace("@VERSION@", __version__) for name, text in read.items()} | {_TEXTS: _texts_module()}


def _texts_module() -> str:
    """Write the sentences of VBA as code: one function that gives them by key, in the language of Excel."""
    french, english = (_sentences(language) for language in resources.LANGUAGES)
    lines = [
        "Option Explicit",
        "Option Private Module",
        "",
        "'Made from the texts of the program (texts/addin.*.toml): do not edit.",
        "",
        "Public Function Sentence(ByVal Key As String) As String",
        "    Select Case Key",
    ]
    for key in sorted(french):
        lines.append(f'        Case "{key}"')
        lines += _chosen(french[key], english[key])
    return "\n".join([*lines, "    End Select", "End Function", ""])


def _sentences(language: str) -> dict[str, str]:
    """Give the texts of the launcher, and the shipped templates as lines ``identifier=title``."""
    texts = resources.texts("addin", language)
    said = {key.removeprefix("launcher."): text.strip() for key, text in texts.items() if key.startswith("launcher.")}
    return said | {"templates": "\n".join(f"{card.id}={card.title}" for card in list_templates(language))}


def _chosen(french: str, english: str) -> list[str]:
    return [
        '            If Language() = "fr" Then',
        *_assigned(french),
        "            Else",
        *_assigned(english),
        "            End If",
    ]


def _assigned(text: str) -> list[str]:
    """Assign a text line by line: a line of VBA holds 1,023 characters, and 24 continuations.

    Raises:
        UnicodeEncodeError: it holds a letter that VBA cannot (outside code page 1252).
    """
    text.encode(CODE_PAGE)
    quoted = ['"' + line.replace('"', '""') + '"' for line in text.split("\n")]
    first, *others = quoted
    return [
        f"                Sentence = {first}",
        *(f"                Sentence = Sentence & vbLf & {one}" for one in others),
    ]


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: Mapping[str, bytes]) -> bytes:
    """Pack parts: the list of types first, as programs expect, then by name; one date for all."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(parts, key=lambda part: (not part.startswith("[Content_Types]"), part)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.create_system = 0
            package.writestr(entry, parts[name])
    return packed.getvalue()
