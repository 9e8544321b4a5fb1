"""Owns the builder of LibreOffice's extension (.oxt): menu and toolbar from the registry, the same bytes every time."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

from canevas_xl import __version__
from canevas_xl.addin.registry import ACTIONS, OPTIONAL, SHOWING, Action
from canevas_xl.app.templates import list_templates
from canevas_xl.resources import LANGUAGES, texts

FILE: Final = "canevas.oxt"
IDENTIFIER: Final = "org.canevas_xl"
SERVICE: Final = f"{IDENTIFIER}.Actions"
CALC: Final = "com.sun.star.sheet.SpreadsheetDocument,com.sun.star.frame.StartModule"
"""Where the menu stands: a campaign is begun before any workbook is open."""
LOCALES: Final = {"fr": "fr", "en": "en-US"}
COMPONENT: Final = Path(__file__).parent / "oxt" / "component.py"
MANIFEST: Final = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="Addons.xcu" \
manifest:media-type="application/vnd.sun.star.configuration-data"/>
<manifest:file-entry manifest:full-path="CalcWindowState.xcu" \
manifest:media-type="application/vnd.sun.star.configuration-data"/>
<manifest:file-entry manifest:full-path="component.py" \
manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
</manifest:manifest>
"""
LAUNCHER: Final = ("ask_folder", "ask_new_folder", "ask_returns_files", "ask_reason")
"""Questions worded as in Excel."""
_MADE: Final = (2026, 1, 1, 0, 0, 0)


def extension_bytes() -> bytes:
    """Build the extension."""
    parts = {
        "META-INF/manifest.xml": MANIFEST,
        "Addons.xcu": _addons(),
        "CalcWindowState.xcu": _toolbar_state(),
        "actions.json": json.dumps(_built(), ensure_ascii=False, indent=1),
        "component.py": COMPONENT.read_text("utf-8"),
        "description.xml": _description(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return made.getvalue()


def _built() -> dict[str, Any]:
    """What the component needs to ask: it imports nothing of the program."""
    return {
        "actions": [
            {
                "name": action.name,
                "label": {language: _label(action, language) for language in LANGUAGES},
                "needs": action.needs.value,
                "asks": [ask.value for ask in action.asks],
                "writes": action.name in SHOWING,
            }
            for action in ACTIONS.values()
        ],
        "optional": sorted(OPTIONAL),
        "texts": {language: _texts(language) for language in LANGUAGES},
        "templates": {
            language: [{"value": card.reference, "label": card.title} for card in list_templates(language)]
            for language in LANGUAGES
        },
        "choices": {
            language: [
                {"value": choice, "label": texts("addin", language)[f"office.{choice}"]}
                for choice in ("accept", "refuse")
            ]
            for language in LANGUAGES
        },
    }


def _texts(language: str) -> dict[str, str]:
    said = texts("addin", language)
    own = {key.removeprefix("office."): text for key, text in said.items() if key.startswith("office.")}
    own["select_in_results"] = own["select_in_results"].format(button=said["action.consolidate.label"])
    asked = {name: said[f"launcher.{name}"] for name in LAUNCHER}
    return own | asked


def _label(action: Action, language: str) -> str:
    return texts("addin", language)[f"action.{action.name}.label"]


def _addons() -> str:
    menu = "".join(_item(f"m{place:02d}", action) for place, action in enumerate(ACTIONS.values(), 1))
    bar = "".join(_item(f"t{place:02d}", action) for place, action in enumerate(ACTIONS.values(), 1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="Addons" oor:package="org.openoffice.Office">\n'
        '<node oor:name="AddonUI">\n'
        f'<node oor:name="OfficeMenuBar"><node oor:name="{IDENTIFIER}.menu" oor:op="replace">'
        f"{_title({language: texts('addin', language)['tab.label'] for language in LANGUAGES})}"
        f'{_property("Context", CALC)}<node oor:name="Submenu">\n{menu}</node></node></node>\n'
        f'<node oor:name="OfficeToolBar"><node oor:name="{IDENTIFIER}.toolbar" oor:op="replace">\n{bar}</node></node>\n'
        "</node></oor:component-data>\n"
    )


def _toolbar_state() -> str:
    """Give the toolbar its name, and its place under the others."""
    name = _said("UIName", {language: texts("addin", language)["tab.label"] for language in LANGUAGES})
    facts = "".join(
        f'<prop oor:name="{key}" oor:type="xs:{kind}"><value>{value}</value></prop>'
        for key, kind, value in (
            ("Visible", "boolean", "true"),
            ("Docked", "boolean", "true"),
            ("DockingArea", "int", "0"),
            ("DockPos", "string", "0,3"),  # a row of its own: its words are long
        )
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcWindowState" oor:package="org.openoffice.Office.UI">'
        '<node oor:name="UIElements"><node oor:name="States">'
        f'<node oor:name="private:resource/toolbar/addon_{IDENTIFIER}.toolbar" oor:op="replace">{name}{facts}</node>'
        "</node></node></oor:component-data>\n"
    )


def _item(node: str, action: Action) -> str:
    title = _title({language: _label(action, language) for language in LANGUAGES})
    return (
        f'<node oor:name="{node}" oor:op="replace">{_property("URL", f"service:{SERVICE}?{action.name}")}{title}'
        f"{_property('Target', '_self')}{_property('Context', CALC)}</node>\n"
    )


def _property(name: str, value: str) -> str:
    return f'<prop oor:name="{name}" oor:type="xs:string"><value>{escape(value)}</value></prop>'


def _title(said: dict[str, str]) -> str:
    return _said("Title", said)


def _said(name: str, said: dict[str, str]) -> str:
    values = "".join(f'<value xml:lang="{LOCALES[language]}">{escape(text)}</value>' for language, text in said.items())
    return f'<prop oor:name="{name}" oor:type="xs:string">{values}</prop>'


def _description() -> str:
    names = "".join(f'<name lang="{language}">{texts("addin", language)["tab.label"]}</name>' for language in LANGUAGES)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006">'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/>'
        f"<display-name>{names}</display-name></description>\n"
    )
