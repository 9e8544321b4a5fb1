"""What the look promises: everything can be read, whoever looks at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from test_what_excel_refuses import plan

from canevas_xl.canvas import look
from canevas_xl.model.plan import SheetPlan

READABLE = 4.5
"""Contrast of text on its ground that WCAG 2.2 asks for, level AA."""


def luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, as WCAG defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def pairs(sheet: SheetPlan) -> Iterator[tuple[str, str]]:
    """Every text colour with the ground under it, conditional looks over both."""
    for cell in sheet.cells:
        ground = cell.style.fill or look.PAPER
        yield cell.style.colour, ground
        for when in sheet.looks:
            area = when.area
            if area.first_row <= cell.row <= area.last_row and area.first_column <= cell.column <= area.last_column:
                yield when.colour or cell.style.colour, when.fill or ground


@pytest.mark.parametrize("whose", ["unusual", "buyer"])
def test_every_text_can_be_read_on_its_ground(whose: str) -> None:
    found = {
        pair for sheet in plan("restauration-scolaire", "fr", whose).sheets if not sheet.hidden for pair in pairs(sheet)
    }
    assert len(found) > 5
    assert {pair: round(contrast(*pair), 1) for pair in found if contrast(*pair) < READABLE} == {}


def test_contrast_is_measured_as_published() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
