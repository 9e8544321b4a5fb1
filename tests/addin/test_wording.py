"""What a button says: buttons by their names, where the command line names commands and options."""

from __future__ import annotations

import re

import pytest

from canevas_xl.addin.registry import ACTIONS
from canevas_xl.addin.wording import Words
from canevas_xl.errors import Fault
from canevas_xl.findings.catalogue import kinds

COMMANDS = {action.command for action in ACTIONS.values() if action.command}
TYPED_ONLY = {"X109", "X112", "F107", "F108", "F109", "F110", "F117", "X132", "X135", "X137"}
"""What no button can meet: a command that is not understood, imports, installing."""


@pytest.mark.parametrize(
    ("language", "typed", "clicked"),
    [
        (
            "fr",
            "Émettez d'abord la campagne : canevas-xl issue.",
            "Émettez d'abord la campagne : « Générer les canevas ».",
        ),
        (
            "fr",
            "Relancez « canevas-xl issue », puis recommencez.",
            "Relancez « Générer les canevas », puis recommencez.",
        ),
        ("en", "Run “canevas-xl consolidate” first.", "Run “Consolidate” first."),
        ("fr", "Lancez canevas-xl consolidate DOSSIER.", "Lancez « Consolider »."),
        ("fr", "Donnez l'heure d'arrivée (--received) ; ou le dossier.", "Donnez l'heure d'arrivée ; ou le dossier."),
        (
            "fr",
            "Cliquez sur « Consolider » (canevas-xl consolidate), puis lisez.",
            "Cliquez sur « Consolider », puis lisez.",
        ),
        ("fr", "S'il a été modifié, déplacez-le (ou ajoutez --force).", "S'il a été modifié, déplacez-le."),
        ("fr", "Cherchez-le avec « canevas-xl factors find ».", "Cherchez-le avec « canevas-xl factors find »."),
    ],
)
def test_commands_become_buttons_and_options_are_left_out(language: str, typed: str, clicked: str) -> None:
    assert Words(language).clicked(typed) == clicked


def test_a_path_that_looks_like_a_command_is_told_as_it_is() -> None:
    path = "/marchés (canevas-xl issue --force)/canevas-xl check"
    assert path in Words("fr").fault(Fault("X102", path=path))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_button_tells_to_type_what_another_button_does(language: str) -> None:
    told = {
        code: Words(language).clicked(f"{kind.message[language]} {kind.remedy[language]}")
        for code, kind in kinds().items()
        if code not in TYPED_ONLY
    }

    assert {
        code for code, text in told.items() if re.search(rf"canevas-xl ({'|'.join(COMMANDS)})\b|\W--[a-z]", text)
    } == set()
