"""Result sheets are laid out before there are results: blocks of fixed capacity that never move."""

from __future__ import annotations

from itertools import pairwise

import buyer
import pytest
import tiny_campaign

from canevas_xl.model.formula import Literal
from canevas_xl.report.results import LAYOUTS, LOCKED, PERCENT, blocks, defined_name, with_results

SHEETS = {
    "fr": ["Suivi", "Constats", "Demandes", "Réponses", "Impacts", "Comparaison", "Notes", "Robustesse", "Données",
           "Marges", "Échanges", "Bilan", "Journal"],
    "en": ["Follow-up", "Findings", "Requests", "Answers", "Impacts", "Comparison", "Notes", "Robustness", "Data",
           "Margins", "Exchanges", "Review", "Log"],
}  # fmt: skip


@pytest.mark.parametrize("language", SHEETS)
def test_result_sheets_follow_the_inputs_and_hidden_ones_come_last(language: str) -> None:
    plan = with_results(buyer.bare(language), tiny_campaign.TINY, tiny_campaign.LOADED.texts[language])
    names = [sheet.name for sheet in plan.sheets]
    assert names[10:23] == SHEETS[language]
    assert plan.sheets[-1].hidden
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 31


@pytest.mark.parametrize("language", SHEETS)
def test_each_sheet_says_what_it_will_answer_and_how_to_fill_it(language: str) -> None:
    plan = with_results(buyer.bare(language), tiny_campaign.TINY, tiny_campaign.LOADED.texts[language])
    placed = blocks()
    for layout, sheet in zip(LAYOUTS, plan.sheets[10:23], strict=True):
        cells = {(cell.row, cell.column): cell.content for cell in sheet.cells}
        status = placed[f"{layout.code.lower()}.status"].area
        said = cells[status.first_row, status.first_column]
        assert isinstance(said, str)
        assert "canevas-xl" in said
        assert isinstance(cells[1, 1], str)
        assert sheet.protected == (layout.code in LOCKED)
        assert not any(isinstance(content, Literal) for content in cells.values())


def test_every_column_of_a_block_has_its_words_above_it_and_nothing_in_it() -> None:
    plan = with_results(buyer.bare("fr"), tiny_campaign.TINY, tiny_campaign.FRENCH)
    sheets = {sheet.code: {(c.row, c.column): c.content for c in sheet.cells} for sheet in plan.sheets}
    for block in blocks().values():
        if block.name.endswith((".status", ".summary", ".verdict")):
            continue  # sentences need no head
        cells, area = sheets[block.sheet], block.area
        assert len(block.columns) == area.last_column - area.first_column + 1
        for column in range(area.first_column, area.last_column + 1):
            assert cells[area.first_row - 1, column]
            assert cells.get((area.first_row, column)) is None


def test_blocks_of_one_sheet_never_touch() -> None:
    by_sheet: dict[str, list[tuple[int, int]]] = {}
    for block in blocks().values():
        by_sheet.setdefault(block.sheet, []).append((block.area.first_row, block.area.last_row))
    for spans in by_sheet.values():
        assert all(below[0] > above[1] + 1 for above, below in pairwise(sorted(spans)))


def test_each_block_has_a_defined_name() -> None:
    plan = with_results(buyer.bare("fr"), tiny_campaign.TINY, tiny_campaign.FRENCH)
    assert dict(plan.names)["CX_NOTES_RANKING"] == blocks()["notes.ranking"].area
    assert len({defined_name(block) for block in blocks().values()}) == len(blocks())
    assert blocks()["findings.list"].capacity == 1000


def test_a_small_share_is_not_shown_as_none() -> None:
    assert PERCENT.number_format == '[=0]0%;[<0.005]"<1%";0%'
