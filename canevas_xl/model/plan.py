"""Owns the plan of a workbook: sheets, cells, locks, validations, charts. A value; adapters make it a file."""

from __future__ import annotations

from dataclasses import dataclass, field

from canevas_xl.model.formula import Area, Cell, Formula


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks and whether it can be typed in."""

    size: float = 11
    bold: bool = False
    italic: bool = False
    colour: str = "#1F2933"
    fill: str | None = None
    border: str | None = None
    """Colour of a thin border on four sides."""
    border_bottom: str | None = None
    number_format: str = "General"
    align: str = "left"
    vertical: str = "center"
    indent: int = 0
    wrap: bool = False
    locked: bool = True
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Stamp:
    """Text that differs from one supplier to the next; everything else is built once.

    ``name`` is one of ``token``, ``supplier``, ``supplier_code``; ``before`` and ``after`` are constant.
    """

    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link inside the workbook, with its visible text."""

    text: str
    target: Cell
    tip: str = ""


Content = float | str | Formula | Stamp | Link | None
"""A number, a text (always written as text), a formula, a stamped text, a link, or nothing (style only)."""


@dataclass(frozen=True, slots=True)
class CellPlan:
    """One cell, zero-based."""

    row: int
    column: int
    content: Content
    style: Style
    cached: float | str | bool | None = None
    """The value of a formula, filled in by ``rules.spreadsheet.recalculated``; errors are texts like ``#N/A``."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What may be typed in an area. Carries constants, lists and lengths only; longer rules stand in *Contrôle*."""

    area: Area
    kind: str
    """``decimal``, ``integer``, ``list``, ``length``."""
    minimum: float | None = None
    maximum: float | None = None
    source: Area | None = None
    """The labels of a list."""
    title: str = ""
    prompt: str = ""
    """Shown on entering the cell, 255 characters at most."""
    error_title: str = ""
    error: str = ""
    """Shown on refusal: says what to type, with an example."""
    strict: bool = True
    """Refuse; otherwise warn."""


@dataclass(frozen=True, slots=True)
class LookWhen:
    """A conditional look: ``formula`` (with ``SameRow``) true → these attributes. Expression rules only."""

    area: Area
    formula: Formula
    fill: str | None = None
    colour: str | None = None
    bold: bool = False
    border: str | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart over blocks of fixed capacity."""

    at: Cell
    """Top left corner."""
    categories: Area
    values: Area
    title: Cell | str
    """A sentence; a cell when it is live."""
    axis: str
    """The unit on the value axis."""
    alternative_text: str
    width: int = 640
    height: int = 320
    horizontal: bool = True
    colour: str = "#3B6E8F"


@dataclass(frozen=True, slots=True)
class Page:
    """How a sheet prints: A4, fit to width."""

    landscape: bool = False
    repeat_rows: int = 0
    """Rows at the top repeated on each page."""
    header: str = ""
    footer: str | Stamp = ""
    last_row: int | None = None
    """Last row that prints, where a sheet has room for more than anybody prints; None: all."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet."""

    code: str
    """Stable name for formulas and readers."""
    name: str
    """Displayed name, at most 31 characters."""
    cells: tuple[CellPlan, ...]
    widths: tuple[tuple[int, float], ...] = ()
    """(column, width in characters)."""
    heights: tuple[tuple[int, float], ...] = ()
    """(row, height in points)."""
    hidden_columns: tuple[int, ...] = ()
    validations: tuple[Validation, ...] = ()
    looks: tuple[LookWhen, ...] = ()
    charts: tuple[Bars, ...] = ()
    freeze_row: int = 0
    hidden: bool = False
    protected: bool = True
    zoom: int = 100
    page: Page = field(default_factory=Page)
    row_breaks: tuple[int, ...] = ()
    """Rows that start a new printed page."""
    tab: str | None = None
    """Colour of the tab."""


@dataclass(frozen=True, slots=True)
class WorkbookPlan:
    """A whole workbook."""

    title: str
    language: str
    sheets: tuple[SheetPlan, ...]
    names: tuple[tuple[str, Area], ...] = ()
    """Defined names: a cross-check for readers, never their way to an input."""
    properties: tuple[tuple[str, str | Stamp], ...] = ()
    """Custom document properties."""
    author: str = "canevas-xl"
