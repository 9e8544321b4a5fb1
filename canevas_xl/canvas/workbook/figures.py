"""Owns the defined names of a supplier's workbook: inputs and key figures, to point at; readers go by keys."""

from __future__ import annotations

from collections.abc import Iterator

from canevas_xl.canvas.workbook import calc, checks
from canevas_xl.canvas.workbook.inputs import one
from canevas_xl.canvas.workbook.places import Places
from canevas_xl.model.formula import Area, Cell


def names(places: Places) -> tuple[tuple[str, Area], ...]:
    """``IN_<key>`` for each answer (dots become underscores), ``FIG_…`` for what the estimate comes to.

    ``FIG_TOTAL`` is climate change in kg CO2 eq. per functional unit, as far as known; ``FIG_MISSING`` the lines that
    are not; ``FIG_UNITS`` the functional units of the contract; ``FIG_STAGE_<stage>`` parts of the total, and
    ``FIG_IMPACT_<category>`` sums of perimeters that count more than climate.
    """
    cells = {f"IN_{key.replace('.', '_')}": cell for key, cell in places.answers.items()}
    cells |= dict(_figures(places))
    return tuple((name, one(cell)) for name, cell in cells.items())


def _figures(places: Places) -> Iterator[tuple[str, Cell]]:
    yield "FIG_TOTAL", calc.total_cell(places, calc.IMPACT)
    yield "FIG_MISSING", calc.total_cell(places, calc.MISSING)
    yield "FIG_UNITS", calc.units_cell(places)
    yield "FIG_LEFT", checks.LEFT
    yield "FIG_REQUIRED", checks.REQUIRED_TOTAL
    yield "FIG_DONE", checks.DONE_TOTAL
    for stage in places.stages:
        yield f"FIG_STAGE_{stage.upper()}", calc.total_cell(places, calc.stage_column(places, stage))
    for code in places.indicators:
        yield f"FIG_IMPACT_{code.upper()}", calc.total_cell(places, calc.indicator_column(places, code))
