"""Owns a plan of the size of a supplier's canvas, made of nothing: for measures that need no template."""

from __future__ import annotations

from canevas_xl.model.formula import Area, Cell, Literal, SameRow, Use
from canevas_xl.model.plan import Bars, CellPlan, LookWhen, Page, SheetPlan, Stamp, Style, Validation, WorkbookPlan

LOCKED = Style(wrap=True)
INPUT = Style(locked=False, fill="#FFF7D6", border="#9AA5B1", align="right", number_format="#,##0.##")
HEAD = Style(bold=True, fill="#3B6E8F", colour="#FFFFFF")
ROWS = 30
FORMULA_COLUMNS = (4, 5, 6)


def synthetic_plan() -> WorkbookPlan:
    """Give 8 sheets (7 visible) with about 1,500 cells, of which about 700 formulas, the token in each sheet."""
    sheets = tuple(_sheet(number) for number in range(8))
    properties = (("canevas_token", Stamp("token")), ("canevas_supplier", Stamp("supplier_code")))
    return WorkbookPlan("Canevas de mesure", "fr", sheets, properties=properties)


def _sheet(number: int) -> SheetPlan:
    code = f"S{number}"
    title = (CellPlan(0, 1, f"Feuille {number}", HEAD), CellPlan(0, 6, Stamp("token"), HEAD))
    who = (CellPlan(1, 1, Stamp("supplier", before="Canevas préparé pour "), LOCKED),)
    rows = tuple(cell for row in range(4, 4 + ROWS) for cell in _row(number, row))
    answers = Area(code, 4, 2, 3 + ROWS, 2)
    chart = Bars(
        Cell(code, 40, 1),
        Area(code, 4, 1, 3 + ROWS, 1),
        Area(code, 4, 4, 3 + ROWS, 4),
        "Ce que pèse chaque poste",
        "kg CO₂e",
        "Barres horizontales, une par poste",
    )
    return SheetPlan(
        code,
        f"Feuille {number}",
        title + who + rows,
        widths=((0, 8), (1, 45), (2, 16), (3, 14)),
        heights=tuple((row, 30.0) for row in range(4, 4 + ROWS)),
        validations=(Validation(answers, "decimal", 0, 1e9, prompt="Tapez un nombre.", error="Tapez un nombre."),),
        looks=(LookWhen(answers, Use("<>", (SameRow(2), Literal(""))), fill="#FFFFFF"),),
        charts=(chart,) if number in {1, 2} else (),
        freeze_row=3,
        hidden=number == 7,
        page=Page(landscape=True, repeat_rows=3, footer=Stamp("token", before="&L", after=f"&RFeuille {number}")),
    )


def _row(number: int, row: int) -> tuple[CellPlan, ...]:
    factor = Cell("S7", row, 2)
    product = Use("IF", (Use("ISNUMBER", (SameRow(2),)), Use("*", (SameRow(2), factor)), Use("NA", ())))
    return (
        CellPlan(row, 0, f"P{number}{row:02d}", LOCKED),
        CellPlan(row, 1, f"Masse de la fourniture numéro {row} de la feuille {number}, par unité livrée", LOCKED),
        CellPlan(row, 2, 0.137 * row + number if number == 7 else None, INPUT),
        CellPlan(row, 3, "kg", LOCKED),
        *(CellPlan(row, column, product, LOCKED, "#N/A") for column in FORMULA_COLUMNS),
    )
