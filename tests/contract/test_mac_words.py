"""On macOS Excel is spoken to in words that its dictionary knows: the one that xlwings ships. No Mac was at hand."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from xlwings import mac_dict

from canevas_xl.adapters.excel.names import asked
from canevas_xl.adapters.excel.protection import unprotected

PROPERTIES = {name for name, _ in mac_dict.properties}
COMMANDS = {name: {word for word, _ in words} for name, _, words in mac_dict.commands}


class Told:
    """What an Excel for Mac is told, as appscript takes it: a word that is in no dictionary is an error."""

    def __init__(self, *, protected: bool = True, **values: object) -> None:
        self.protected, self.values = protected, values
        self.said: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, word: str) -> Any:
        if word in COMMANDS:
            return lambda **given: self.command(word, given)
        assert word in PROPERTIES, word
        if word == "protection_object":
            return self
        value = self.protected if word == "protect_contents" else self.values.get(word, False)
        return SimpleNamespace(get=lambda: value)

    def command(self, word: str, given: dict[str, Any]) -> None:
        assert set(given) <= COMMANDS[word]
        self.protected = word == "protect_worksheet"
        self.said.append((word, given))


@pytest.fixture(autouse=True)
def mac(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")


def test_protection_comes_back_with_the_same_rights() -> None:
    api = Told(allow_sorting=True, allow_using_pivot_table=True, protect_scenarios=True)

    with unprotected(SimpleNamespace(api=api, name="Notes")):  # type: ignore[arg-type]  # as much of a sheet as is asked
        assert not api.protected

    (off, password), (on, rights) = api.said
    assert (off, password) == ("unprotect", {"password": ""})
    assert on == "protect_worksheet"
    assert {right for right, value in rights.items() if value} == {
        "worksheet_contents", "scenarios", "allow_sorting", "allow_using_pivot_table"
    }  # fmt: skip


def test_a_sheet_that_is_not_protected_is_left_as_it_is() -> None:
    api = Told(protected=False)

    with unprotected(SimpleNamespace(api=api, name="Suivi")):  # type: ignore[arg-type]  # the same
        pass

    assert api.said == []


@pytest.mark.parametrize("name", ["FullName", "ReadOnly"])
def test_what_is_asked_of_a_workbook_is_in_the_dictionary(name: str) -> None:
    asked(Told(), name)
