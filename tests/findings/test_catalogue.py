"""The catalogue of findings stays honest: each code one name, two languages, the same holes, and a test."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from canevas_xl import resources
from canevas_xl.findings.catalogue import Kind, kinds

TESTS = Path(__file__).resolve().parents[1]
KEYS = {"name", "severity", "audience", "fr", "fr_remedy", "en", "en_remedy"}


def holes(*texts: str) -> set[str]:
    """The facts that texts name."""
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_catalogue_loads_and_no_code_stands_in_two() -> None:
    codes = [code for name in resources.catalogue_names("findings") for code in resources.catalogue(name)]
    assert len(codes) == len(set(codes)) == len(kinds()) > 50


@pytest.mark.parametrize("name", resources.catalogue_names("findings"))
def test_every_entry_has_exactly_the_keys_of_a_finding(name: str) -> None:
    assert {code: set(entry) for code, entry in resources.catalogue(name).items() if set(entry) != KEYS} == {}


def test_codes_are_a_letter_and_three_figures() -> None:
    assert [code for code in kinds() if not re.fullmatch(r"[A-Z]\d{3}", code)] == []


def test_names_are_unique_and_kebab_case() -> None:
    names = Counter(kind.name for kind in kinds().values())
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)
def test_message_and_remedy_say_the_same_facts_in_both_languages(kind: Kind) -> None:
    for texts in (kind.message, kind.remedy):
        assert all(texts[language].strip() for language in resources.LANGUAGES)
        assert holes(texts["fr"]) == holes(texts["en"])
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", hole) for hole in holes(*texts.values()))
        assert all(text[-1] in ".!?»”)" for text in texts.values())


def test_every_code_is_mentioned_in_some_test() -> None:
    written = "\n".join(path.read_text("utf-8") for path in TESTS.rglob("*.py"))
    mentioned = set(re.findall(r"\b[A-Z]\d{3}\b", written))
    assert sorted(set(kinds()) - mentioned) == []
