"""The clause for the rules of the consultation is ready to paste: nothing is left to fill in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rivals import criteria
from shipped import LANGUAGES, TEMPLATES, grounds, lot_of

from canevas_xl.canvas.clause import clauses

LOW = {"fr": "1,5", "en": "1.5"}


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_clause_names_the_criterion_the_unit_the_factors_and_the_formula(template: str, language: str) -> None:
    found = grounds(template)
    lot = replace(lot_of(template), criteria=criteria(1.5, 25.0))
    texts = found.loaded.texts[language]
    (clause,) = clauses(lot, texts, (found.factors, found.method), language)
    for part in (
        "Impact",
        texts["template.rc_unit"],
        f"{found.factors.id}@{found.factors.version}",
        "F5",
        LOW[language],
        "25",
    ):
        assert part in clause, part
    assert "{" not in clause


def test_without_a_criterion_on_impact_there_is_no_clause() -> None:
    found = grounds(TEMPLATES[0])
    lot = replace(lot_of(TEMPLATES[0]), criteria=criteria(1.0, 2.0)[:1])
    assert clauses(lot, found.loaded.texts["fr"], (found.factors, found.method), "fr") == ()
