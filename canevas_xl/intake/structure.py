"""Owns what is said when the buyer's workbook has lost something: sheets, rows, columns, or gained keys twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.locate import Located
from canevas_xl.intake.parse import folded
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.template import Template

MOST_NAMED: Final = 6
"""Lost inputs that a message names."""
LATER: Final = frozenset({"PARENT", *keys.NOTE_COLUMNS[3:], *keys.COST_COLUMNS})
"""Columns that came after the first campaigns."""
Expected = dict[str, list[tuple[str, str]]]
"""(key, column code) by the sheet's code."""


def expected_inputs(template: Template, located: Located) -> Expected:
    """Every input that must be found; of rows of fixed capacity those that are there, and at least one."""
    columns = keys.LOT_COLUMNS
    parameters = [keys.parameter_key(one.code) for one in template.parameters]
    rows = [
        keys.row_key(f"{row}.{column.code}")
        for table in template.tables
        for row in table.rows
        for column in table.columns
        if column.fixed_by_buyer
    ]
    items = [field.code for field in template.fields] + [
        column.code for table in template.tables for column in table.columns if not column.fixed_by_buyer
    ]
    replacements = [keys.replacement_key(place + 1) for place in range(keys.REPLACEMENTS)]
    costs = [keys.cost_key(code) for code in keys.cost_rows(template)]
    there = located.keys()

    def capacity(every: list[str], codes: tuple[str, ...]) -> list[tuple[str, str]]:
        kept = [key for key in every if key in there] or every[:1]
        # Workbooks made before a column came have none of it: what it would say is then left unsaid.
        laid_out = (code for code in codes if code not in LATER or any((key, code) in located.spots for key in kept))
        return _pairs(kept, tuple(laid_out))

    return {
        "CONS": _pairs([keys.consultation_key(code) for code in (*keys.CONSULTATION, *keys.IDENTITY)], ("VALUE",)),
        "LOTS": _pairs([keys.LOT_TITLE, *parameters, *rows], columns),
        "REQS": _pairs([keys.requirement_key(one.code) for one in template.requirements], keys.REQUIREMENT_COLUMNS),
        "ITEMS": _pairs([keys.item_key(code) for code in items], keys.ITEM_COLUMNS),
        # A sheet that came after the first campaigns.
        "FACTS": capacity(replacements, keys.REPLACEMENT_COLUMNS) if any(key in there for key in replacements) else [],
        "CRIT": capacity(
            [keys.criterion_key(lot + 1, place + 1) for lot in range(keys.LOTS) for place in range(keys.CRITERIA)],
            keys.CRITERION_COLUMNS,
        )
        + (_pairs(costs, columns) if any(key in there for key in costs) else []),
        "SUPP": capacity([keys.supplier_key(place + 1) for place in range(keys.SUPPLIERS)], keys.SUPPLIER_COLUMNS),
        "OFFERS": capacity([keys.offer_key(place + 1) for place in range(keys.OFFERS)], keys.OFFER_COLUMNS),
        "DECISIONS": capacity([keys.decision_key(place + 1) for place in range(keys.DECISIONS)], keys.DECISION_COLUMNS),
    }


def _pairs(every: list[str], codes: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, code) for key in every for code in codes]


def check_structure(located: Located, template: Template, language: str) -> Iterator[Finding]:
    """C101 to C105: what was lost, renamed, copied with its key or typed beside the rows laid out."""
    for sheet, pairs in expected_inputs(template, located).items():
        name = sheet_name(sheet, language)
        lost = [pair for pair in pairs if pair not in located.spots]
        if pairs and len(lost) == len(pairs):
            yield found("C101", Place(sheet=name), expected=name, count=len(pairs))
        elif lost:
            named = [f"{key} ({code})" for key, code in lost[:MOST_NAMED]] + ["…"] * (len(lost) > MOST_NAMED)
            yield found("C102", Place(sheet=name), expected=name, count=len(lost), keys=named)
        yield from _renamed(located, sheet, pairs, name)
    for first, second in located.duplicates:
        yield found("C104", second.place, key=first.key, first=_where(first.place), second=_where(second.place))
    for stray in located.strays:
        yield found("C105", stray.place, text=stray.content)


def _renamed(located: Located, sheet: str, pairs: list[tuple[str, str]], name: str) -> Iterator[Finding]:
    names = {folded(sheet_name(sheet, language)) for language in resources.LANGUAGES}
    actual = {located.spots[pair].sheet for pair in pairs if pair in located.spots}
    for other in sorted(actual):
        if folded(other) not in names:
            yield found("C103", Place(sheet=other), expected=name, actual=other)


def sheet_name(sheet: str, language: str) -> str:
    """The name of a sheet of the buyer's workbook."""
    return resources.texts("campaign", language)[f"sheet.{sheet}.name"]


def _where(place: Place) -> str:
    return f"{place.sheet} {place.cell}"
