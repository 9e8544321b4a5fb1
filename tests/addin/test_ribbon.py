"""The ribbon is drawn from the registry, and every callback that it names exists in the add-in's VBA."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from canevas_xl import resources
from canevas_xl.addin.registry import ACTIONS, Ask, Group, Needs
from canevas_xl.addin.ribbon import NAMESPACE, ribbon_xml
from canevas_xl.addin.xlam import vba_modules

ROOT = ET.fromstring(ribbon_xml())
ALLOWED = {
    "tab": {"id", "tag", "getLabel", "insertAfterMso"},
    "group": {"id", "tag", "getLabel"},
    "button": {"id", "tag", "size", "imageMso", "getLabel", "getSupertip", "onAction"},
}
"""What customUI allows there (read in the schema of 2009/07), and we use."""
LONGEST_TAG = 1024


def elements(kind: str) -> list[ET.Element]:
    return list(ROOT.iter(f"{{{NAMESPACE}}}{kind}"))


def test_one_tab_stands_in_the_ribbon_and_nothing_of_excels_is_hidden() -> None:
    assert [element.tag.partition("}")[2] for element in ROOT.iter()][:4] == ["customUI", "ribbon", "tabs", "tab"]
    assert ROOT[0].get("startFromScratch") == "false"
    assert len(elements("tab")) == 1


@pytest.mark.parametrize("kind", ALLOWED)
def test_controls_have_the_attributes_that_the_schema_knows(kind: str) -> None:
    assert {frozenset(element.keys()) for element in elements(kind)} == {frozenset(ALLOWED[kind])}


def test_groups_and_buttons_stand_in_the_order_of_the_registry() -> None:
    drawn = [(group.get("id"), [button.get("id") for button in group]) for group in elements("group")]

    assert drawn == [
        (f"canevas_{group}", [action.name for action in ACTIONS.values() if action.group is group]) for group in Group
    ]


def test_every_id_is_unique_and_an_xml_name() -> None:
    ids = [element.get("id", "") for kind in ALLOWED for element in elements(kind)]

    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_]+", one) for one in ids)


@pytest.mark.parametrize("button", elements("button"), ids=lambda button: button.get("id"))
def test_the_tag_of_a_button_says_its_words_what_it_needs_and_what_it_asks(button: ET.Element) -> None:
    *words, needs, asks = button.get("tag", "").split("|")

    action = ACTIONS[button.get("id", "")]
    assert words == [
        resources.texts("addin", language)[f"action.{action.name}.{part}"]
        for part in ("label", "tip")
        for language in ("fr", "en")
    ]
    assert (Needs(needs), tuple(Ask(ask) for ask in asks.split(",") if ask)) == (action.needs, action.asks)
    assert len(button.get("tag", "")) <= LONGEST_TAG


def test_every_callback_exists_with_the_signature_that_excel_calls() -> None:
    signatures = {
        "getLabel": r"\(control As IRibbonControl, ByRef returnedVal\)",
        "getSupertip": r"\(control As IRibbonControl, ByRef returnedVal\)",
        "onAction": r"\(control As IRibbonControl\)",
    }
    modules = vba_modules()
    called = {(name, value) for element in ROOT.iter() for name, value in element.items() if name in signatures}

    assert {name for name, _ in called} == set(signatures)
    for name, callback in called:
        module, procedure = callback.split(".")
        assert re.search(rf"^Public Sub {procedure}{signatures[name]}$", modules[module], re.MULTILINE), callback
