"""Owns the sheets that state the need: *Lots*, *Exigences*, *Postes*."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import Ask, Board, Column, Drawn, Rule, Shown
from canevas_xl.canvas.campaign.words import Words
from canevas_xl.model.campaign_keys import LOT_COLUMNS, LOT_TITLE, item_key, parameter_key, requirement_key, row_key
from canevas_xl.model.formula import Area, Cell, Formula, SameRow
from canevas_xl.model.template import Field, FieldType, Parameter, Table, Template
from canevas_xl.rules.build import add, and_, cat, counta, countif, eq, if_, le, lit, round_, sumifs
from canevas_xl.rules.effort import MOST_ANSWERS, MOST_MINUTES, Answered, answered

FIRST_LOT: Final = 5
"""Column of the first lot."""
LOTS_WIDTHS: Final = (44.0, 16.0, 12.0, 16.0, 20.0, 20.0, 20.0, 20.0)
REQS_WIDTHS: Final = (34.0, 46.0, 46.0, 18.0, 12.0)
ITEMS_WIDTHS: Final = (50.0, 12.0, 19.0, 10.0, 10.0, 10.0, 9.0, 56.0)
ASKED: Final = 2


def draw_lots(board: Board, template: Template) -> Formula:
    """Draw the lots side by side: title, parameters of the need, what the buyer fixes in tables."""
    words = board.words
    board.line(words.say("lots.intro"))
    board.row += 1
    board.section(words.say("lots.section_lot"))
    heads = ("LABEL", "UNIT", "DEFAULT", "BOUNDS", *LOT_COLUMNS)
    board.codes([Column(code, words.say(f"head.{code}"), right=code == "DEFAULT") for code in heads])
    title = Ask(Rule(high=150), title=words.say("lots.title_label"), prompt=words.say("lots.title_prompt"))
    titles = [replace(title, required=column == "L1") for column in LOT_COLUMNS]
    help_ = Shown(words.say("lots.title_help"), replace(look.HELP, indent=1, vertical="center"))
    row = board.keyed(LOT_TITLE, (Shown(title.title, look.LABEL), help_, None, None, *titles), 48.0)
    board.row += 1
    if template.parameters:
        unit = words.of_template("template.functional_unit_short", words.unit(template.functional_unit.unit))
        board.section(words.say("lots.section_parameters", unit=unit))
        for parameter in template.parameters:
            _parameter(board, parameter)
        board.row += 1
    empty: Formula = if_(eq(Cell(board.code, row, FIRST_LOT), ""), 1, 0)
    for table in template.tables:
        rows = _fixed_rows(board, template, table)
        if rows is not None and table.rows_by_lot:
            empty = add(empty, if_(eq(counta(rows), 0), 1, 0))
    some = words.say("workbook.left_some_before"), words.say("workbook.left_some_after")
    return if_(eq(empty, 0), words.say("workbook.left_none"), cat(some[0], empty, some[1]))


def _parameter(board: Board, parameter: Parameter) -> None:
    words, code, bounds = board.words, parameter.code, parameter.hard
    label = words.of_template(f"parameters.{code}.label", code)
    prompt = words.say(
        "lots.number_prompt", bounds=words.between(bounds.min, bounds.max), default=words.number(parameter.default)
    )
    ask = Ask(
        Rule("number", bounds.min, bounds.max, example=parameter.default),
        title=label,
        prompt=f"{words.of_template(f'parameters.{code}.help')} {prompt}".strip(),
    )
    drawn: tuple[Drawn, ...] = (
        Shown(label, look.LABEL),
        Shown(words.unit(parameter.unit), replace(look.UNIT_WRAPPED, indent=1)),
        Shown(parameter.default, look.numeric(look.GIVEN)),
        Shown(words.bounds(bounds.min, bounds.max), replace(look.UNIT, indent=1)),
        replace(ask, value=parameter.default),
        *[ask] * (len(LOT_COLUMNS) - 1),
    )
    board.keyed(parameter_key(code), drawn)


def _fixed_rows(board: Board, template: Template, table: Table) -> Area | None:
    """Draw what the buyer fixes in a table; give where it is for the first lot, None where there is nothing to fix."""
    fixed = [column for column in table.columns if column.fixed_by_buyer]
    if not fixed:
        return None
    words = board.words
    board.section(words.say("lots.section_rows", table=words.of_template(f"tables.{table.code}.label", table.code)))
    first = board.row
    for row in table.rows:
        for column in fixed:
            label = f"{words.of_template(f'rows.{row}', row)} · {words.of_template(f'fields.{column.code}.label')}"
            ask = _fixed_ask(words, template, column, label)
            unit = Shown(words.unit(column.unit), replace(look.UNIT, indent=1)) if ask.rule.kind != "list" else None
            bounds = None if ask.rule.kind == "list" else words.bounds(ask.rule.low, ask.rule.high)
            shown = Shown(bounds, replace(look.UNIT, indent=1)) if bounds else None
            # Without one row at least the first lot would ask for nothing.
            needed = replace(ask, required=table.rows_by_lot and row == table.rows[0])
            drawn = (Shown(label, look.LABEL), unit, None, shown, needed, *[ask] * (len(LOT_COLUMNS) - 1))
            board.keyed(row_key(f"{row}.{column.code}"), drawn)
    board.row += 1
    return board.area(first, FIRST_LOT, board.row - 2)


def _fixed_ask(words: Words, template: Template, column: Field, label: str) -> Ask:
    if column.type is FieldType.CHOICE:
        name = next(one.code for one in template.lists if one.code == column.list)
        return Ask(Rule("list", list=f"T.{name}"), title=label, prompt=words.say("lots.choice_prompt"))
    kind = "integer" if column.type is FieldType.INTEGER else "number"
    rule = Rule(kind, column.hard.min, column.hard.max) if column.type is not FieldType.TEXT else Rule()
    return Ask(rule, title=label, prompt=words.of_template(f"fields.{column.code}.help"))


def draw_requirements(board: Board, template: Template) -> Formula | str:
    """Draw what the specification may demand."""
    words, lists = board.words, board.lists
    board.line(words.say("reqs.intro"))
    board.row += 1
    heads = ("LABEL", "TEXT", "CLAUSE", "KIND", "ADJUST")
    board.codes([Column(code, words.say(f"reqs.head.{code}")) for code in heads])
    for one in template.requirements:
        label = words.of_template(f"requirements.{one.code}.label", one.code)
        clause = words.of_template(f"requirements.{one.code}.clause")
        asks = (
            Ask(Rule(high=400), label, prompt=words.say("reqs.prompt_TEXT")),
            Ask(Rule(high=1000), clause or None, prompt=words.say("reqs.prompt_CLAUSE")),
            Ask(Rule("list", list="KIND"), lists.label("KIND", one.kind), prompt=words.say("reqs.prompt_KIND")),
            Ask(Rule("list", list="YESNO"), _yes(words, one.adjustable), prompt=words.say("reqs.prompt_ADJUST")),
        )
        titled = [replace(ask, title=words.say(f"reqs.head.{head}")) for ask, head in zip(asks, heads[1:], strict=True)]
        board.keyed(requirement_key(one.code), (Shown(f"{one.code} · {label}", look.LABEL), *titled))
    return words.say("workbook.left_none")


def draw_items(board: Board, template: Template) -> Formula:
    """Draw what is asked, and what it costs to answer: sums live."""
    words = board.words
    board.line(words.say("items.intro"))
    board.row += 1
    top = board.row
    board.row += 4
    heads = ("LABEL", "ASKED", "CONSEQ", "ANSWERS", "MINUTES", "DAYS", "SCORED", "EVIDENCE")
    right = {"ANSWERS", "MINUTES", "DAYS"}
    board.codes([Column(code, words.say(f"items.head.{code}"), right=code in right) for code in heads])
    first = board.row
    places: dict[str, list[int]] = {}
    for one in answered(template):
        places.setdefault(one.group, []).append(board.row)
        board.keyed(item_key(one.field.code), _item(board, one, places[one.group]))
    last = max(board.row - 1, first)
    return _sums(board, top, first, last)


def _item(board: Board, one: Answered, places: list[int]) -> tuple[Drawn, ...]:
    """Draw one item; ``places`` are the rows of its group so far, which count as one answer together."""
    words, lists, field = board.words, board.lists, one.field
    code = field.code
    counted: Formula = lit(one.counted_rows)
    if len(places) > 1:
        before = countif(board.area(places[0], ASKED, places[-2]), words.yes())
        counted = if_(eq(before, 0), counted, 0)
    figure = look.numeric(replace(look.GIVEN, size=10))
    return (
        Shown(f"{code} · {words.of_template(f'fields.{code}.label', code)}", look.LABEL),
        Ask(
            Rule("list", list="YESNO"), words.yes(),
            title=words.say("items.head.ASKED"), prompt=words.say("items.prompt_ASKED"), required=True,
        ),
        Ask(
            Rule("list", list="CONSEQ"), lists.label("CONSEQ", field.consequence),
            title=words.say("items.head.CONSEQ"), prompt=words.say("items.prompt_CONSEQ"), required=True,
        ),
        Shown(if_(eq(SameRow(ASKED), words.yes()), counted, 0), replace(figure, number_format='#,##0;;"–"')),
        Shown(field.minutes * one.rows, figure),
        Shown(field.days_to_get, figure),
        Shown(words.yes() if field.scored else words.no(), replace(look.UNIT, indent=1)),
        Shown(words.of_template(f"fields.{code}.evidence") or None, replace(look.UNIT_WRAPPED, indent=1)),
    )  # fmt: skip


def _sums(board: Board, top: int, first: int, last: int) -> Formula:
    """Draw the sums above the table; give the sentence of the title bar."""
    words = board.words
    asked = board.area(first, ASKED, last)
    board.put(top, 1, words.say("items.total"), look.STRONG)
    for offset, code in ((0, "ANSWERS"), (1, "MINUTES")):
        column = 4 + offset
        board.put(top, column, words.say(f"items.head.{code}"), look.HEAD_RIGHT)
        total = sumifs(board.area(first, column, last), asked, words.yes())
        board.put(top + 1, column, round_(total, 2), look.numeric(replace(look.GIVEN, bold=True)))
    board.band(top, replace(look.TEXT, border_bottom=look.RULE), 1)
    answers, minutes = Cell(board.code, top + 1, 4), Cell(board.code, top + 1, 5)
    fits = and_(le(answers, MOST_ANSWERS), le(minutes, MOST_MINUTES))
    verdict = if_(fits, words.say("items.fine"), words.say("items.too_much"))
    board.put(top + 1, 1, verdict, look.TEXT)
    return verdict


def _yes(words: Words, truth: bool) -> str:  # noqa: FBT001 - the truth is what is worded
    return words.yes() if truth else words.no()
