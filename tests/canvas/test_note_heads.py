"""The words above the notes of *Prix et notes* name the criterion that each column is read for."""

from __future__ import annotations

from functools import cache

import buyer
import pytest
import tiny_campaign
from shipped import LANGUAGES

from canevas_xl.canvas.fill import Values
from canevas_xl.intake.bids import judged_criteria
from canevas_xl.intake.campaign import read_campaign
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.rules.spreadsheet import recalculated


def judged(place: int, label: str, weight: float, **more: str) -> Values:
    row = {"LABEL": label, "KIND": "other", "WEIGHT": weight, "FORMULA": "F7", **more}
    return {(f"L2.C{place}", column): value for column, value in row.items()}


def group(place: int, label: str, weight: float, code: str = "") -> Values:
    row: dict[str, float | str | None] = {"LABEL": label, "WEIGHT": weight, "CODE": code or None}
    return {(f"L2.C{place}", column): value for column, value in row.items()}


SCATTERED: Values = {
    ("L2.C1", "WEIGHT"): 40.0,
    ("L2.C2", "WEIGHT"): 20.0,
    **judged(3, "Entretien", 50, PARENT="SAV"),
    **judged(4, "Esthétique", 10),
    **group(5, "Service", 20, "SAV"),
    **judged(6, "Délais", 50, PARENT="sav"),
    **judged(7, "Formation", 100, PARENT="C8"),
    **group(8, "Équipe", 10),
}
"""Sub-criteria before, after and far from their criterion; one criterion without a code."""


@cache
def plan(language: str) -> WorkbookPlan:
    return recalculated(buyer.planned(SCATTERED, language))


def heads(language: str) -> list[str]:
    sheet = next(one for one in plan(language).sheets if one.code == "OFFERS")
    cells = {(cell.row, cell.column): cell for cell in sheet.cells}
    row = next(row for (row, column), cell in cells.items() if column == 0 and cell.content == "KEY") + 1
    first = 1 + keys.OFFER_COLUMNS.index(keys.NOTE_COLUMNS[0])
    return [str(cells[row, first + n].cached) for n in range(len(keys.NOTE_COLUMNS))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_column_names_the_criterion_that_its_notes_are_read_for(language: str) -> None:
    campaign = read_campaign(buyer.plan_cells(plan(language)), tiny_campaign.LOADED, buyer.NOW)
    assert campaign.value is not None, campaign.findings
    by_lot = {lot.number: judged_criteria(lot.criteria) for lot in campaign.value.lots}
    assert [one.label for one in by_lot[2]] == ["Esthétique", "Entretien", "Délais", "Formation"]
    for place, head in enumerate(heads(language)):
        assert head.startswith(f"Note {place + 1}")
        named = [criteria[place].label for criteria in by_lot.values() if place < len(criteria)]
        assert head.count("lot") == len(named)
        assert all(label in head for label in named), head


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_column_that_judges_nothing_has_its_number_alone(language: str) -> None:
    assert heads(language)[-1] == "Note 6"
