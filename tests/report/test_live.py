"""Blocks in a workbook that exists already: what fits, formulas as they read there, and the way back from a cell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from scored import outcome

from canevas_xl.model.grid import Rectangle, Seen, Written
from canevas_xl.report.live import VALIDATED, Live, LiveBlock, live_blocks, names_of, placed
from canevas_xl.report.pointed import figure_at
from canevas_xl.report.results import LAYOUTS, blocks, defined_name

CODES = tuple(layout.code for layout in LAYOUTS)
LATER = "Mes notes d'été"


def areas(**changed: Rectangle | None) -> dict[str, Rectangle]:
    """Where blocks are drawn, some of them changed or gone since, by name with ``__`` for the point."""
    drawn = {
        name: Rectangle(
            block.sheet.title(), block.area.first_row, block.area.first_column, block.capacity, len(block.columns)
        )
        for name, block in blocks().items()
    }
    for name, area in changed.items():
        drawn[name.replace("__", ".")] = area  # type: ignore[assignment]  # None is taken out below
    return {defined_name(blocks()[name]): area for name, area in drawn.items() if area is not None}


def area_of(name: str) -> Rectangle:
    return areas()[defined_name(blocks()[name])]


def live(where: dict[str, Rectangle] | None = None) -> Live:
    return as_drawn() if where is None else live_blocks(outcome(), where, CODES)


@cache
def as_drawn() -> Live:
    return live_blocks(outcome(), areas(), CODES)


def block(name: str, told: Live, where: dict[str, Rectangle] | None = None) -> LiveBlock:
    area = (where or areas())[defined_name(blocks()[name])]
    return next(one for one in told.blocks if one.area == area)


def plain(one: LiveBlock) -> Seen:
    """What a program that calculates would show."""
    rows = [[cell.value if isinstance(cell, Written) else cell for cell in row] for row in one.rows]
    return [row + [None] * (one.area.columns - len(row)) for row in rows]


def moved(rows: int, sheet: str) -> dict[str, Rectangle]:
    """The workbook once the buyer has inserted rows above the blocks of *Notes* and renamed it."""
    return {
        name: replace(area, sheet=sheet, top=area.top + rows) if name.startswith("CX_NOTES") else area
        for name, area in areas().items()
    }


# --- Written ----------------------------------------------------------------------------------------------------


def test_totals_are_formulas_that_give_those_of_the_award() -> None:
    totals = [row[4] for row in block("notes.ranking", live()).rows]
    assert all(isinstance(total, Written) for total in totals)
    ranked = [one.ranked.total for one in outcome().scores[0].offers if one.ranked is not None]
    assert [total.value for total in totals if isinstance(total, Written)] == pytest.approx(ranked, rel=1e-9)


def test_formulas_follow_their_blocks_under_the_name_that_the_sheet_now_has() -> None:
    where = moved(7, LATER)
    before, after = block("notes.ranking", live()), block("notes.ranking", live(where), where)
    assert plain(after) == plain(before)
    assert all("'Mes notes d''été'!" in cell.formula for row in after.rows for cell in row if isinstance(cell, Written))


def test_a_supplier_s_text_is_a_text_and_no_formula() -> None:
    names = [row[0] for row in block("notes.ranking", live()).rows]
    assert "=cmd|'/C calc'!A0" in names


def test_the_status_says_how_far_the_results_go() -> None:
    said = "Résultats au 16/12/2026 à 09:00, dernier événement du registre."
    assert block("impacts.status", live()).rows == ((said,),)


def test_only_the_sheets_that_are_asked_for_are_given() -> None:
    sheets = {one.area.sheet for one in live_blocks(outcome(), areas(), VALIDATED).blocks}
    assert sheets == {code.title() for code in VALIDATED}


def test_names_of_sheets_are_those_of_their_blocks() -> None:
    assert names_of(["LOG"]) == {"CX_LOG_EVENTS", "CX_LOG_STATUS"}


def test_signs_and_weight_come_with_the_values() -> None:
    looks = block("notes.criteria", live()).looks
    assert {one.bold for one in looks[0]} == {True, False}, "the total is bold, criteria are not"
    known = blocks()["impacts.totals"].columns.index("KNOWN")
    assert all("0" in one.number_format for one in block("impacts.totals", live()).looks[known])


def test_every_row_has_a_look_in_a_column_that_has_one() -> None:
    for one in live().blocks:
        assert {len(column) for column in one.looks.values()} <= {len(one.rows)}


# --- What does not fit ------------------------------------------------------------------------------------------


def test_rows_without_room_are_counted_in_the_last_row() -> None:
    where = areas(answers__tidy=replace(area_of("answers.tidy"), rows=5))
    every, kept = block("answers.tidy", live()), block("answers.tidy", live(where), where)
    assert kept.rows[:4] == every.rows[:4]
    assert kept.rows[4] == (f"… et {len(every.rows) - 4} autres lignes : voyez « resultats.xlsx ».",)
    assert kept.left_out == len(every.rows) - 4


def test_all_rows_are_given_where_there_is_just_room() -> None:
    rows = len(block("answers.tidy", live()).rows)
    where = areas(answers__tidy=replace(area_of("answers.tidy"), rows=rows))
    assert block("answers.tidy", live(where), where).left_out == 0


@pytest.mark.parametrize(
    "changed",
    [
        {"notes__criteria": replace(area_of("notes.criteria"), rows=2)},
        {"notes__values": replace(area_of("notes.values"), columns=6)},
        {"notes__values": None},
    ],
    ids=["too few rows", "too few columns", "gone"],
)
def test_a_sheet_whose_formulas_would_point_astray_says_where_to_look(changed: dict[str, Rectangle | None]) -> None:
    where = areas(**changed)
    told = live(where)
    assert block("notes.ranking", told, where).rows[0][0] == (
        "Cette feuille ne suffit pas pour toutes les offres, ou ses blocs ont été modifiés : voyez « resultats.xlsx »."
    )
    assert not [cell for one in told.blocks for row in one.rows for cell in row if isinstance(cell, Written)]


def test_a_block_with_another_column_is_not_filled_under_wrong_heads() -> None:
    where = areas(impacts__totals=replace(area_of("impacts.totals"), columns=area_of("impacts.totals").columns + 1))
    told = block("impacts.totals", live(where), where)
    assert len(told.rows) == 1
    assert told.left_out > 0


def test_sheets_from_which_something_was_deleted_are_named() -> None:
    assert live(areas(robust__pairs=None)).missing == ("ROBUST",)
    assert live().missing == ()


def test_notes_have_a_column_for_each_offer_that_there_is_room_for() -> None:
    wide = replace(area_of("notes.criteria"), columns=9)
    there = placed({"CX_NOTES_CRITERIA": wide})["notes.criteria"]
    assert there.columns == ("CRITERION", "LOT", "WEIGHT", "FORMULA", "O1", "O2", "O3", "O4", "O5")


# --- The way back -----------------------------------------------------------------------------------------------


def pointed(name: str, row: int, column: str) -> str | None:
    one = block(name, live())
    there = placed(areas())[name]
    figure = figure_at(outcome(), there, plain(one), row, column)
    return None if figure is None else str(figure)


def code(place: int) -> str:
    return outcome().scores[0].offers[place].offer.key.supplier


@pytest.mark.parametrize(
    ("name", "row", "column", "figure"),
    [
        ("notes.ranking", 0, "TOTAL", "points"),
        ("notes.ranking", 0, "SUPPLIER", "points"),
        ("notes.criteria", 1, "O1", "note.PRIX"),
        ("notes.criteria", 4, "O1", "points"),
        ("notes.values", 2, "O1", "value.CLIMAT"),
        ("compare.offers", 0, "KNOWN", "total"),
    ],
)
def test_a_cell_names_its_figure(name: str, row: int, column: str, figure: str) -> None:
    first = code(0)
    if name == "compare.offers":
        first = "S003"  # the lightest
    assert pointed(name, row, column) == f"L1.{first}.{figure}"


def test_each_offer_has_its_column_of_notes() -> None:
    assert [pointed("notes.criteria", 1, f"O{n}") for n in (1, 2, 3)] == [f"L1.{code(n)}.note.PRIX" for n in range(3)]


def test_every_row_of_impacts_names_a_figure_of_its_own() -> None:
    for name in ("impacts.totals", "impacts.stages"):
        rows = range(len(block(name, live()).rows))
        figures = [pointed(name, row, "KNOWN") for row in rows]
        assert None not in figures
        assert len(set(figures)) == len(figures)


def test_heads_and_words_are_no_figures() -> None:
    assert pointed("notes.criteria", 0, "O1") is None
    assert pointed("notes.criteria", 1, "FORMULA") is None
    assert pointed("compare.summary", 0, "TEXT") is None
    assert pointed("answers.tidy", 0, "VALUE") is None


def test_an_offer_that_is_no_longer_there_is_no_figure() -> None:
    seen = plain(block("notes.ranking", live()))
    seen[0][0] = "Partie depuis"
    assert figure_at(outcome(), placed(areas())["notes.ranking"], seen, 0, "TOTAL") is None
