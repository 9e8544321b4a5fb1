"""Every cell is looked at once: constants as every program writes them, formulas apart with the texts they show."""

from __future__ import annotations

import pytest

from canevas_xl.intake import contents as module
from canevas_xl.intake.contents import Content, contents
from canevas_xl.model.cells import Sheet, SheetCell, Workbook


def content(*cells: SheetCell) -> Content:
    """Of a sheet with these cells below one another."""
    return contents(Workbook((Sheet("S", {(row, 0): cell for row, cell in enumerate(cells)}),))).sheets[0]


def test_constants_are_kept_as_every_program_writes_them() -> None:
    seen = content(SheetCell("a\u00a0 b "), SheetCell(0.1 + 0.2), SheetCell(-0.0), SheetCell("#N/A", error=True))
    assert list(seen.texts.values()) == ["a b", "0.3", "0", "#N/A"]


def test_what_holds_nothing_is_no_constant() -> None:
    assert content(SheetCell(""), SheetCell(None), SheetCell(" \u200b ")).texts == {}


def test_formulas_stand_apart_with_the_texts_that_they_show() -> None:
    shown, counted = SheetCell("KEY ", formula="A1"), SheetCell(2.0, formula="1+1")
    seen = content(shown, counted, SheetCell(2.0))
    assert seen.texts == {(2, 0): "2"}
    assert seen.formulas == {(0, 0): shown, (1, 0): counted}
    assert seen.shown == {(0, 0): "KEY "}


def test_what_was_looked_at_is_not_looked_at_again() -> None:
    seen = contents(Workbook((Sheet("S", {(0, 0): SheetCell("x")}),), {"token": "t"}))
    assert contents(seen) is seen
    assert seen.properties == {"token": "t"}


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    memory = module._Normals()
    assert [memory[float(number)] for number in range(10)] == [str(number) for number in range(10)]
    assert len(memory) <= 3
