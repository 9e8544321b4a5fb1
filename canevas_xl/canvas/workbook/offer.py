"""Owns *Mon offre*: one answer per row, its helps, what counts of it, and what the buyer fixed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, inputs, states
from canevas_xl.canvas.workbook.asked import Item
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.names import Names
from canevas_xl.canvas.workbook.places import Entry, Kind, Places
from canevas_xl.canvas.workbook.problems import Problem
from canevas_xl.canvas.workbook.values import Values, label_of, unit_of
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.answer import Answer
from canevas_xl.model.formula import Area, Formula, SameRow
from canevas_xl.model.plan import Content, LookWhen, Style
from canevas_xl.model.template import Field, FieldType, Table
from canevas_xl.rules.build import eq, if_, if_error, na

HEADS = {
    grid.LABEL: "label", grid.VALUE: "value", grid.UNIT: "unit", grid.ORIGIN: "origin", grid.EVIDENCE: "evidence",
    grid.CONF: "conf", grid.KEPT: "kept", grid.STATE: "state", grid.EXAMPLE: "example",
}  # fmt: skip

_HELP = 118
"""Letters that fit from the column of origins to the end of the grid."""


def fill(sheet: Sheet, places: Places) -> None:
    """Put everything of *Mon offre* under its title bar."""
    heads(sheet)
    sheet.heads_repeated = True
    writer = _Writer(sheet, places, sheet.words, Values(places, Names(places)))
    for index, entry in enumerate(places.entries):
        writer.write(grid.BODY + index, entry)
    state_looks(sheet, grid.BODY + len(places.entries) - 1)


def heads(sheet: Sheet) -> None:
    """Put the codes and titles of the columns of answers."""
    grid.codes_row(sheet)
    titles = {column: sheet.words.say(f"head.{name}") for column, name in HEADS.items()}
    sheet.heads(grid.HEAD_ROW, titles, right=frozenset({grid.VALUE, grid.KEPT}))


def state_looks(sheet: Sheet, last_row: int) -> None:
    """Colour what is to fill and what is to look at; the sign and the word stand in the state's column."""
    problem = SameRow(grid.PROBLEM)

    def when(column: int, test: Formula, fill: str | None, colour: str | None, edge: str | None) -> None:
        area = Area(sheet.code, grid.BODY, column, last_row, column)
        sheet.looks.append(LookWhen(area, test, fill=fill, colour=colour, border=edge, bold=column == grid.STATE))

    missing, doubt = eq(problem, int(Problem.MISSING)), states.to_look_at(problem)
    when(grid.VALUE, missing, look.FILL, None, look.FILL_EDGE)
    when(grid.VALUE, doubt, look.LOOK, look.LOOK_INK, look.LOOK_EDGE)
    when(grid.ORIGIN, eq(problem, int(Problem.ORIGIN_MISSING)), look.FILL, None, look.FILL_EDGE)
    when(grid.EVIDENCE, eq(problem, int(Problem.EVIDENCE_MISSING)), look.FILL, None, look.FILL_EDGE)
    when(grid.STATE, states.to_fill(problem), look.FILL, look.INK, None)
    when(grid.STATE, doubt, look.LOOK, look.LOOK_INK, None)


@dataclass(slots=True)
class _Writer:
    """Writes rows of *Mon offre*."""

    sheet: Sheet
    places: Places
    words: Words
    values: Values

    def write(self, row: int, entry: Entry) -> None:
        """Write one row."""
        match entry.kind:
            case Kind.SECTION:
                self.sheet.section(row, self.words.of_template(f"sections.{entry.code}.label"))
            case Kind.TABLE:
                self.sheet.put(row, grid.LABEL, self.words.of_template(f"tables.{entry.code}.label"), look.STRONG)
                self.sheet.glue(row, row + 2)
                self._hidden(row, grid.ASKED, self.values.not_known(self._table(entry.code)))
            case Kind.ROW:
                self._row(row, entry)
            case Kind.ITEM if entry.item is not None:
                self._item(row, entry.item)
            case Kind.HELP:
                indent = 1 if entry.item and entry.item.table else 0
                self.sheet.put(row, grid.LABEL, self.words.of_template(entry.code), replace(look.HELP, indent=indent))
                self.sheet.glue(row - 1, row)
            case Kind.DERIVED_HEADING:
                self.sheet.section(row, self.words.say("offer.derived"))
            case Kind.DERIVED:
                self._derived(row, entry)
            case Kind.PARAMETER_HEADING:
                self.sheet.section(row, self.words.say("offer.parameters"))
            case Kind.PARAMETER:
                self._parameter(row, entry)
            case _:
                pass

    def _table(self, code: str) -> Table:
        return next(table for table in self.places.template.tables if table.code == code)

    def _row(self, row: int, entry: Entry) -> None:
        self.sheet.put(row, grid.LABEL, self.places.row_label(entry.row_code), look.ROW_HEADING)
        self.sheet.glue(row, row + 1)
        self.sheet.fill_row(row, look.ROW_HEADING, grid.LABEL)
        self._hidden(row, grid.ASKED, self.values.exists(self._table(entry.code), entry.row_code))

    def _hidden(self, row: int, column: int, content: Content) -> None:
        self.sheet.put(row, column, content, look.HIDDEN)

    def _derived(self, row: int, entry: Entry) -> None:
        derived = entry.derived
        if derived is None:
            return
        label = self.words.of_template(f"derived.{derived.code}")
        self.sheet.put(row, grid.LABEL, label, replace(look.LABEL, indent=1, italic=True))
        value = if_error(self.places.derived[derived.code, entry.row_code], "")
        self.sheet.put(row, grid.KEPT, value, look.KEPT)
        self.sheet.put(row, grid.UNIT, self.words.unit(derived.unit), look.UNIT)

    def _parameter(self, row: int, entry: Entry) -> None:
        parameter = entry.parameter
        if parameter is None:
            return
        value = self.places.canvas.subject.lot.parameters.get(parameter.code, parameter.default)
        path = f"parameters.{parameter.code}"
        self.sheet.put(row, grid.KEY, parameter.code, look.KEY)
        self.sheet.put(row, grid.LABEL, self.words.of_template(f"{path}.label"), look.LABEL)
        self.sheet.put(row, grid.VALUE, float(value), look.numeric(look.GIVEN, whole=not value % 1))
        self.sheet.put(row, grid.UNIT, self.words.unit(parameter.unit, value), look.UNIT)
        self.sheet.put(row, grid.ORIGIN, inputs.fit(self.words.of_template(f"{path}.help"), _HELP), look.SMALL)
        self._breathe(row, self.words.of_template(f"{path}.label"))

    def _item(self, row: int, item: Item) -> None:
        field, path = item.field, f"fields.{item.field.code}"
        label = self.words.of_template(f"{path}.label")
        self.sheet.put(row, grid.KEY, item.key, look.KEY)
        self.sheet.put(row, grid.LABEL, label, replace(look.LABEL, indent=1 if item.table else 0))
        self.sheet.put(row, grid.UNIT, self._unit(item), look.UNIT_WRAPPED)
        example = inputs.example_of(self.words, item)
        self._breathe(row, label, self.words.unit(field.unit), example)
        if item.locked:
            self._locked(row, item)
            return
        answer = self.places.canvas.answers.get(item.key)
        self.sheet.put(row, grid.VALUE, self._typed(item, answer), input_style(field))
        if item.with_origin:
            self._origin(row, answer)
        self.sheet.put(row, grid.EXAMPLE, example, replace(look.EXAMPLE, wrap=True))
        self._judge(row, item)
        self.sheet.validations += inputs.of_item(self.places, self.words, item)

    def _origin(self, row: int, answer: Answer | None) -> None:
        origin = self.words.term("origin", answer.origin) if answer and answer.origin else None
        confidential = self.words.term("yesno", "OUI") if answer and answer.confidential else None
        self.sheet.put(row, grid.ORIGIN, origin, look.INPUT_SMALL)
        self.sheet.put(row, grid.EVIDENCE, (answer.evidence if answer else "") or None, look.INPUT_SMALL_TEXT)
        self.sheet.put(row, grid.CONF, confidential, look.INPUT_SMALL)

    def _typed(self, item: Item, answer: Answer | None) -> Content:
        if answer is None or answer.value is None:
            return None
        if item.field.list is not None:
            return self.words.of_template(f"lists.{item.field.list}.{answer.value}")
        return float(answer.value) if item.numeric else str(answer.value)

    def _locked(self, row: int, item: Item) -> None:
        shown: Content = None
        if item.fixed is not None:
            in_list = self.words.of_template(f"lists.{item.field.list}.{item.fixed}") if item.field.list else None
            shown = in_list or (float(item.fixed) if item.numeric else str(item.fixed))
        style = replace(look.STRONG, wrap=True)
        if isinstance(shown, float):
            style = look.numeric(look.GIVEN, whole=not shown % 1)
            self.sheet.put(row, grid.UNIT, self.words.unit(item.field.unit, shown), look.UNIT_WRAPPED)
        self.sheet.put(row, grid.VALUE, shown, style)
        self.sheet.put(row, grid.STATE, self.words.say("state.fixed"), replace(look.STATE, colour=look.MUTED))
        self._hidden(row, grid.USED, na() if item.fixed is None else item.fixed)
        self._hidden(row, grid.ASKED, 1.0)

    def _judge(self, row: int, item: Item) -> None:
        """Put what counts, how the row stands, and the hidden columns behind both."""
        self._hidden(row, grid.GIVEN, self.values.given())
        self._hidden(row, grid.ORIGIN_CODE, self.values.origin_code() if item.with_origin else "")
        self._hidden(row, grid.ASKED, self.values.asked(item))
        self._hidden(row, grid.USED, self.values.used(item))
        self._hidden(row, grid.DEFAULTED, self.values.defaulted(item))
        self._hidden(row, grid.PROBLEM, self.values.problem(item))
        used = self.places.beside(item.key, grid.USED)
        if item.field.list is not None:
            self.sheet.put(row, grid.KEPT, label_of(self.places, item.field.list, used), replace(look.KEPT, wrap=True))
        elif item.numeric:
            style = _number(look.KEPT, item.field)
            self.sheet.put(row, grid.KEPT, if_error(used, ""), style)
        self.sheet.put(row, grid.STATE, self._state(item), look.STATE)

    def _state(self, item: Item) -> Formula:
        say = self.words.say
        problem, given = self.places.beside(item.key, grid.PROBLEM), self.places.beside(item.key, grid.GIVEN)
        quiet = "" if item.table is not None and item.table.open else say("state.not_asked")
        fine = if_(eq(given, 1), say("state.done"), say("state.optional" if not item.required else "state.answered"))
        fine = if_(eq(self.places.beside(item.key, grid.DEFAULTED), 1), say("state.default"), fine)
        wrong = states.wrong(self.words, problem)
        return if_(eq(self.places.beside(item.key, grid.ASKED), 0), quiet, if_(eq(problem, 0), fine, wrong))

    def _unit(self, item: Item) -> Content:
        own = self.words.unit(item.field.unit)
        follows = item.field.unit_follows
        if follows is None:
            return own
        chooser = self._field(follows)
        if chooser.list is None:
            return own
        chosen = self.values.names.resolver(item.row)(follows)
        return unit_of(self.places, chooser.list, chosen, own)

    def _field(self, code: str) -> Field:
        template = self.places.template
        columns = (column for table in template.tables for column in table.columns)
        return next(field for field in (*template.fields, *columns) if field.code == code)

    def _breathe(self, row: int, label: str, unit: str = "", example: str = "") -> None:
        """Make the row as tall as its longest text needs."""
        texts = ((label, grid.LABEL), (unit, grid.UNIT), (example, grid.EXAMPLE))
        self.sheet.tall(row, max(grid.lines(text, grid.WIDTHS[column] - 2) for text, column in texts))


def input_style(field: Field) -> Style:
    """How the answer cell of a field looks before anything is wrong with it."""
    if field.type is FieldType.CHOICE:
        return look.INPUT_CHOICE
    if field.type is FieldType.TEXT:
        return look.INPUT_TEXT
    return _number(look.INPUT_NUMBER, field)


def _number(style: Style, field: Field) -> Style:
    if inputs.is_date(field):
        return replace(style, number_format="0")
    return look.numeric(style, whole=field.type is FieldType.INTEGER)
