"""Inputs are found by key and column code, wherever they went."""

from __future__ import annotations

from canevas_xl.intake.locate import locate
from canevas_xl.model.cells import Sheet, SheetCell, Workbook


def sheet(text: str, name: str = "S") -> Sheet:
    """A sheet from lines of cells between bars; a dot is an empty cell."""
    cells = {}
    for row, line in enumerate(text.strip().splitlines()):
        for column, content in enumerate(part.strip() for part in line.split("|")):
            if content != ".":
                cells[row, column] = SheetCell(content)
    return Sheet(name, cells)


def test_a_key_and_a_code_name_one_cell() -> None:
    located = locate(
        Workbook(
            (
                sheet("""
                    .   | Titre
                    KEY | LABEL  | VALUE | UNIT
                    .   | Section
                    P01 | Bœuf   | 4     | plats
                    P02 | Veau   | .     | plats
                    .   | .
                    KEY | NAME   | CODE
                    S1  | Alpha  | ALFA
                """),
            )
        )
    )
    assert located.content("P01", "VALUE") == "4"
    assert located.content("P02", "VALUE") is None
    assert str(located.spots["P02", "VALUE"].place) == "S · C5 · P02"
    assert located.content("S1", "NAME") == "Alpha"
    assert located.spot("S1", "VALUE") is None
    assert located.spot("P01", "NAME") is None
    assert (located.duplicates, located.strays) == ((), ())


def test_a_row_without_key_between_rows_with_one_is_a_stray() -> None:
    located = locate(Workbook((sheet("KEY | NAME | CODE\nS1 | A | X\n. | B | Y\nS2 | . | ."),)))
    assert [(stray.row, stray.content) for stray in located.strays] == [(2, "B")]


def test_a_key_that_stands_twice_is_told_once_with_both_places() -> None:
    first, second = sheet("KEY | A | B\nK | 1 | 2", "One"), sheet("KEY | A | B\nK | 3 | 4", "Two")
    located = locate(Workbook((first, second)))
    assert [(one.sheet, other.sheet) for one, other in located.duplicates] == [("One", "Two")]
    assert located.content("K", "A") == "1"


def test_the_word_key_in_an_answer_opens_nothing() -> None:
    located = locate(Workbook((sheet("KEY | NAME | CODE\nS1 | KEY | ABCD\nS2 | Beta | EFGH"),)))
    assert located.content("S1", "NAME") == "KEY"
    assert located.content("S2", "CODE") == "EFGH"


def test_sheets_without_keys_are_nothing() -> None:
    assert locate(Workbook((sheet("Bonjour | vous"), Sheet("Empty", {})))).keys() == frozenset()


def test_a_code_that_stands_twice_in_its_row_is_told_and_the_first_is_kept() -> None:
    located = locate(Workbook((sheet("KEY | VALUE | UNIT | VALUE\nP01 | 4 | kg | 5"),)))
    assert located.content("P01", "VALUE") == "4"
    assert [(one.content, other.content) for one, other in located.duplicates] == [("4", "5")]


def test_a_block_may_be_opened_by_a_formula() -> None:
    cells = {**sheet(". | VALUE\nP01 | 4").cells, (0, 0): SheetCell("ＫＥＹ ", formula="A9")}
    assert locate(Workbook((Sheet("S", cells),))).content("P01", "VALUE") == "4"


def test_the_columns_of_a_key_may_stand_in_two_sheets() -> None:
    located = locate(Workbook((sheet("KEY | A\nK | 1", "One"), sheet("KEY | B\nK | 2", "Two"))))
    assert (located.content("K", "A"), located.content("K", "B"), located.duplicates) == ("1", "2", ())
    assert {pair: spot.sheet for pair, spot in located.spots.items()} == {("K", "A"): "One", ("K", "B"): "Two"}
    assert located.has("K")
    assert not located.has("A")
