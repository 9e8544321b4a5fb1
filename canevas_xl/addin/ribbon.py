"""Owns Excel's ribbon: the registry of actions as customUI, whose every control is served by three callbacks in VBA.

A control's id is its action's name; its tag is ``fr label|en label|fr tip|en tip|needs|asks`` (asks joined by commas),
so that labels follow Excel's language and a new button asks for no VBA.
"""

from __future__ import annotations

from typing import Final
from xml.etree import ElementTree as ET

from canevas_xl import resources
from canevas_xl.addin.registry import ACTIONS, Action, Group

NAMESPACE: Final = "http://schemas.microsoft.com/office/2009/07/customui"
_MODULE: Final = "CanevasRibbon"
_LABEL: Final = {"getLabel": f"{_MODULE}.CanevasLabel"}
_BUTTON: Final = {**_LABEL, "getSupertip": f"{_MODULE}.CanevasTip", "onAction": f"{_MODULE}.CanevasAction"}
_BETWEEN: Final = "|"


def ribbon_xml() -> bytes:
    """Draw the tab: one group per group, one button per action, in the order of the registry.

    Raises:
        ValueError: a text holds what separates the parts of a tag.
    """
    root = ET.Element("customUI", {"xmlns": NAMESPACE})
    tabs = ET.SubElement(ET.SubElement(root, "ribbon", {"startFromScratch": "false"}), "tabs")
    tab = ET.SubElement(
        tabs, "tab", {"id": "canevas_tab", "tag": _tag("tab.label"), "insertAfterMso": "TabData", **_LABEL}
    )
    for group in Group:
        drawn = ET.SubElement(tab, "group", {"id": f"canevas_{group}", "tag": _tag(f"group.{group}"), **_LABEL})
        for action in ACTIONS.values():
            if action.group is group:
                _draw(drawn, action)
    drawn_tree: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return drawn_tree


def _draw(group: ET.Element, action: Action) -> None:
    tag = _tag(f"action.{action.name}.label", f"action.{action.name}.tip")
    ET.SubElement(
        group,
        "button",
        {
            "id": action.name,
            "tag": _BETWEEN.join((tag, action.needs, ",".join(action.asks))),
            "size": "large" if action.large else "normal",
            "imageMso": action.icon,
            **_BUTTON,
        },
    )


def _tag(*keys: str) -> str:
    """Give texts, each in every language in the order of ``resources.LANGUAGES``."""
    parts = [resources.texts("addin", language)[key] for key in keys for language in resources.LANGUAGES]
    if any(_BETWEEN in part for part in parts):
        raise ValueError(keys)
    return _BETWEEN.join(parts)
