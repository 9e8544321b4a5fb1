"""A small plan that holds one of everything, and values to stamp it with."""

from __future__ import annotations

from canevas_xl.model.formula import Area, Cell, Literal, SameRow, Use
from canevas_xl.model.plan import (
    Bars,
    CellPlan,
    Link,
    LookWhen,
    Page,
    SheetPlan,
    Stamp,
    Style,
    Validation,
    WorkbookPlan,
)

LOCKED = Style()
INPUT = Style(locked=False, fill="#FFF7D6", border="#888888", align="right", number_format="#,##0.##")
OFFER = "Mon offre d'été"
IDENTITY = {"token": "CX1-ABC123-DUPO-L1-R1-0123456789AB", "supplier": "Dupont & Fils", "supplier_code": "DUPO"}

LISTS = SheetPlan(
    "LISTS",
    "Listes",
    tuple(CellPlan(row, 0, text, LOCKED) for row, text in enumerate(("OUI", "NON", "Ne sait pas"))),
    hidden=True,
)


def offer(*more: CellPlan, **changes: object) -> SheetPlan:
    """The visible sheet, with ``more`` cells and other changes."""
    parts: dict[str, object] = {
        "cells": (*CELLS, *more),
        "widths": ((0, 6.0), (1, 30.0)),
        "heights": ((0, 30.0),),
        "hidden_columns": (7,),
        "validations": VALIDATIONS,
        "looks": (FILLED,),
        "charts": (CHART,),
        "freeze_row": 2,
        "zoom": 90,
        "page": Page(landscape=True, repeat_rows=2, header="&LCanevas", footer=Stamp("token", after=" · page &P")),
        "tab": "#3B6E8F",
    }
    return SheetPlan("OFFER", OFFER, **(parts | changes))  # type: ignore[arg-type]


def plan(*more: CellPlan, **changes: object) -> WorkbookPlan:
    """A workbook of two sheets, the first of them hidden."""
    return WorkbookPlan(
        title="Restauration scolaire",
        language="fr",
        sheets=(LISTS, offer(*more, **changes)),
        names=(("CX_LISTE", Area("LISTS", 0, 0, 2, 0)),),
        properties=(("canevas_token", Stamp("token")), ("canevas_fingerprint", "abc")),
    )


CELLS = (
    CellPlan(0, 1, Stamp("token"), LOCKED),
    CellPlan(1, 1, Stamp("supplier", before="Pour ", after=" :"), LOCKED),
    CellPlan(3, 1, "=1+1", LOCKED),
    CellPlan(4, 1, " 00123 ", LOCKED),
    CellPlan(5, 1, 12.5, INPUT),
    CellPlan(5, 2, None, INPUT),
    CellPlan(6, 1, Use("+", (SameRow(2), Literal(1.0))), LOCKED, 1.0),
    CellPlan(7, 1, Use("NA", ()), LOCKED, "#N/A"),
    CellPlan(8, 1, Use("IF", (Literal(1.0), Literal("à compléter"), Literal(""))), LOCKED, "à compléter"),
    CellPlan(9, 1, Link("Aller aux listes", Cell("LISTS", 1, 0), "Les réponses possibles"), LOCKED),
    CellPlan(10, 1, None, INPUT),
    CellPlan(12, 1, "Matières", LOCKED),
    CellPlan(12, 2, 3.0, LOCKED),
    CellPlan(13, 1, "Transport", LOCKED),
    CellPlan(13, 2, Use("NA", ()), LOCKED, "#N/A"),
)
VALIDATIONS = (
    Validation(
        Area("OFFER", 5, 1, 5, 1),
        "decimal",
        minimum=0,
        title="Masse d'emballage par repas servi, en kilogrammes",
        prompt="é" * 300,
        error_title="Valeur refusée",
        error="Tapez un nombre de kilogrammes, par exemple 12,5.",
    ),
    Validation(Area("OFFER", 5, 2, 5, 2), "integer", minimum=1, maximum=20, strict=False),
    Validation(
        Area("OFFER", 10, 1, 10, 1), "list", source=Area("LISTS", 0, 0, 2, 0), error="Choisissez dans la liste."
    ),
    Validation(Area("OFFER", 10, 2, 10, 2), "length", maximum=120),
    Validation(Area("OFFER", 10, 3, 10, 3), "decimal", error="Tapez un nombre."),
)
FILLED = LookWhen(
    Area("OFFER", 5, 1, 5, 1), Use("<>", (SameRow(1), Literal(""))), fill="#FFFFFF", bold=True, border="#2E7D32"
)
CHART = Bars(
    at=Cell("OFFER", 15, 1),
    categories=Area("OFFER", 12, 1, 13, 1),
    values=Area("OFFER", 12, 2, 13, 2),
    title=Cell("OFFER", 8, 1),
    axis="kg CO₂e par repas",
    alternative_text="Ce que pèse chaque étape de l'offre",
)
