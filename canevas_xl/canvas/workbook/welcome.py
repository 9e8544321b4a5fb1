"""Owns *Accueil*: who asks what, by when, how to answer, who answers, and how far one is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import checks, control, grid, inputs, offer, sources, states
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.identity import IDENTITY, LONGEST_TEXT, MOST_VARIANTS, Identity
from canevas_xl.canvas.workbook.names import Names
from canevas_xl.canvas.workbook.places import CONTROL, IDENTITY_ROW, OFFER, WEIGH, YESNO_LIST, Places
from canevas_xl.canvas.workbook.problems import Problem
from canevas_xl.canvas.workbook.values import FALSE, LIST_CODE, LIST_LABEL, TRUE, Values
from canevas_xl.model.formula import Cell, Formula, SameRow
from canevas_xl.model.plan import Content, Link, Stamp, Style
from canevas_xl.rules.build import (
    add,
    and_,
    cat,
    div,
    eq,
    find,
    if_,
    if_error,
    is_error,
    is_number,
    length,
    look_up,
    max_,
    mid,
    mul,
    na,
    ne,
    repeat,
    round_,
    sub,
    trim,
    use,
)

BAR: Final = 20
"""Squares of the progress bar."""
WIDTHS: Final = (10.0, 41.0, 44.0, 13.0, 9.0, 9.0, 9.0, 9.0, 13.0, 8.0)
"""Of the same whole as the grid; names and functions of people need a wide answer cell."""
FACT_WIDTH: Final = 112
"""Letters of one line to the right of a fact's name."""
PROGRESS_ROWS: Final = 3
"""Between who asks and who answers, at most."""
SIRET: Final = 14
LA_POSTE: Final = "356000000"
"""SIREN of La Poste."""
SPARE: Final = 5.0
"""Height of a row that this canvas does not need."""
DIGITS: Final = "0123456789"
DOUBLED: Final = "0516273849"
"""Each digit stands where the sum of the digits of its double says: 5 stands at 1, because 10 gives 1 + 0."""


def fill(sheet: Sheet, places: Places, *, supplier_known: bool) -> None:
    """Put everything of *Accueil* under its title bar."""
    grid.codes_row(sheet)
    row = _who(sheet, places, grid.HEAD_ROW, supplier_known=supplier_known)
    row = _progress(sheet, places, row)
    for spare in range(row, IDENTITY_ROW - 2):
        sheet.put(spare, grid.LABEL, None)
        sheet.heights[spare] = SPARE
    _identity(sheet, places)
    row = _steps(sheet, IDENTITY_ROW + len(IDENTITY) + 1)
    row = _colours(sheet, row + 1)
    _data(sheet, places, row)
    offer.state_looks(sheet, IDENTITY_ROW + len(IDENTITY) - 1)


def _who(sheet: Sheet, places: Places, row: int, *, supplier_known: bool) -> int:
    words, subject = sheet.words, places.canvas.subject
    campaign, lot = subject.campaign, subject.lot
    title = words.say("welcome.title", title=campaign.title, lot=str(lot.number))
    sheet.put(row, grid.LABEL, title, replace(look.STRONG, size=14, colour=look.DEEP))
    sheet.heights[row] = 28.0
    minutes = sum(item.field.minutes for item in places.judged)
    days = max((item.field.days_to_get for item in places.judged), default=0.0)
    time = words.say("welcome.minutes", minutes=round(minutes))
    if days:
        time += " " + words.say("welcome.days", wait=words.measured(round(days), words.unit("day", round(days))))
    facts: list[tuple[str, Content]] = [
        ("asked_by", campaign.buyer),
        ("for", lot.title or words.of_template("template.title")),
        ("counted", words.of_template("template.functional_unit")),
        ("until", words.moment(campaign.deadline)),
        ("time", time),
        ("contact", f"{campaign.contact} · {campaign.email}"),
    ]
    if campaign.erratum:
        facts.append(("erratum", campaign.erratum))
    if supplier_known:
        facts.insert(0, ("you", Stamp("supplier")))
    spare = IDENTITY_ROW - 2 - PROGRESS_ROWS - (row + 1 + len(facts))
    for name, value in facts:
        row += 1
        sheet.put(row, grid.LABEL, words.say(f"welcome.{name}"), replace(look.TEXT, colour=look.MUTED))
        parts = _in_rows(value, spare) if isinstance(value, str) else [value]
        spare -= len(parts) - 1
        sheet.put(row, grid.VALUE, parts[0], look.TEXT)
        for part in parts[1:]:
            row += 1
            sheet.put(row, grid.VALUE, part, look.TEXT)
    return row + 1


def _in_rows(text: str, spare: int) -> list[str]:
    """Break a fact into one row and as many ``spare`` ones as it needs; a buyer who writes more fills the last."""
    lines = sources.wrapped(text, FACT_WIDTH)
    return [*lines[:spare], " ".join(lines[spare:])] if len(lines) > spare else lines


def _progress(sheet: Sheet, places: Places, row: int) -> int:
    words = sheet.words
    share = div(checks.DONE_TOTAL, max_(checks.REQUIRED_TOTAL, 1))
    full = round_(mul(BAR, share), 0)
    bar = cat(
        repeat("█", full), repeat("░", sub(BAR, full)), "  ",
        checks.DONE_TOTAL, " ", words.say("welcome.of"), " ", checks.REQUIRED_TOTAL,
    )  # fmt: skip
    sheet.put(row, grid.LABEL, words.say("welcome.progress"), replace(look.TEXT, colour=look.MUTED))
    sheet.put(row, grid.VALUE, bar, replace(look.TEXT, colour=look.DEEP, bold=True))
    sheet.put(row + 1, grid.LABEL, words.say("welcome.ready"), replace(look.TEXT, colour=look.MUTED))
    first, *more = control.send_back(places, words)
    sheet.put(row + 1, grid.VALUE, if_(eq(checks.LEFT, 0), first, control.summary(words)), look.STRONG)
    for sentence in more:
        row += 1
        sheet.put(row + 1, grid.VALUE, if_(eq(checks.LEFT, 0), sentence, ""), look.STRONG)
    return row + 2


def _steps(sheet: Sheet, row: int) -> int:
    words = sheet.words
    sheet.section(row, words.say("welcome.steps"))
    targets = (
        Cell(sheet.code, IDENTITY_ROW, grid.VALUE),
        Cell(OFFER, grid.BODY, grid.LABEL),
        Cell(WEIGH, grid.TITLE_ROW, grid.LABEL),
        Cell(CONTROL, grid.TITLE_ROW, grid.LABEL),
    )
    for number, target in enumerate(targets, start=1):
        row += 1
        sheet.put(row, grid.LABEL, Link(words.say(f"welcome.step{number}"), target), look.LINK)
    sheet.glue(row - len(targets), row)
    return row + 1


def _identity(sheet: Sheet, places: Places) -> None:
    words = sheet.words
    sheet.section(IDENTITY_ROW - 2, words.say("welcome.identity"))
    titles = {grid.LABEL: "label", grid.VALUE: "value", grid.STATE: "state"}
    sheet.heads(IDENTITY_ROW - 1, {column: words.say(f"head.{name}") for column, name in titles.items()})
    writer = _Identities(sheet, places, Values(places, Names(places)))
    for position, identity in enumerate(IDENTITY):
        writer.write(IDENTITY_ROW + position, identity)


class _Identities:
    """Writes the rows of identity."""

    def __init__(self, sheet: Sheet, places: Places, values: Values) -> None:
        self.sheet, self.places, self.values = sheet, places, values

    def write(self, row: int, identity: Identity) -> None:
        """Write one question with its answer cell and what is behind it."""
        sheet, words, cell = self.sheet, self.sheet.words, self.places.answers[identity.key]
        path = f"identity.{identity.code}"
        sheet.put(row, grid.KEY, identity.key, look.KEY)
        sheet.put(row, grid.LABEL, words.say(f"{path}.label"), look.LABEL)
        sheet.put(row, grid.VALUE, self._typed(identity), self._style(identity))
        sheet.put(row, grid.UNIT, words.say(f"{path}.help"), replace(look.HELP, indent=1))
        sheet.tall(row, grid.lines(words.say(f"{path}.label"), 1.1 * WIDTHS[grid.LABEL]))
        sheet.put(row, grid.GIVEN, self.values.given(), look.HIDDEN)
        sheet.put(row, grid.USED, self._used(identity), look.HIDDEN)
        sheet.put(row, grid.ASKED, 1.0, look.HIDDEN)
        sheet.put(row, grid.DEFAULTED, 0.0, look.HIDDEN)
        problem = sheet.put(row, grid.PROBLEM, self._problem(identity, row), look.HIDDEN)
        wrong = states.wrong(words, problem)
        sheet.put(row, grid.STATE, if_(eq(problem, 0), words.say("state.done"), wrong), look.STATE)
        prompt = words.say(f"{path}.prompt")
        if identity.kind == "yesno":
            sheet.validations.append(inputs.yes_or_no(self.places, words, cell, prompt))
        elif identity.kind == "whole":
            sheet.validations.append(inputs.whole(words, cell, 0, MOST_VARIANTS, prompt))
        else:
            sheet.validations.append(inputs.text(words, cell, LONGEST_TEXT, prompt))

    def _typed(self, identity: Identity) -> Content:
        answer = self.places.canvas.answers.get(identity.key)
        if answer is None or answer.value is None:
            return 0.0 if identity.kind == "whole" else None
        if identity.kind == "yesno":
            return self.sheet.words.term("yesno", str(answer.value))
        return float(answer.value) if identity.kind == "whole" else str(answer.value)

    def _style(self, identity: Identity) -> Style:
        if identity.kind == "whole":
            return replace(look.INPUT_NUMBER, number_format="0")
        return look.INPUT_TEXT if identity.kind == "text" else look.INPUT_CHOICE

    def _used(self, identity: Identity) -> Formula:
        typed = SameRow(grid.VALUE)
        if identity.kind == "yesno":
            labels = self.places.list_area(YESNO_LIST, LIST_LABEL)
            return look_up(typed, labels, self.places.list_area(YESNO_LIST, LIST_CODE))
        if identity.kind == "whole":
            return if_(is_number(typed), typed, na())
        return if_(eq(SameRow(grid.GIVEN), 1), typed, na())

    def _problem(self, identity: Identity, row: int) -> Formula:
        used, given = Cell(self.sheet.code, row, grid.USED), Cell(self.sheet.code, row, grid.GIVEN)
        judged: Formula = if_(is_error(used), float(Problem.UNREADABLE), 0)
        if identity.code == "siret":
            judged = if_(_wrong_siret(), float(Problem.IDENTIFIER), judged)
        if identity.code == "attest":
            judged = if_(is_error(used), float(Problem.UNREADABLE), if_(eq(used, "OUI"), 0, float(Problem.ATTEST)))
        return if_(eq(given, 0), float(Problem.MISSING), judged)


def _wrong_siret() -> Formula:
    """True where fourteen figures do not follow Luhn's rule; anything else may be a foreign identifier.

    Establishments of La Poste need not: the sum of their figures is then a multiple of five.
    Figures are found as letters in a constant: no program has to make a number of a text, which each does its own way.
    """
    typed = trim(SameRow(grid.VALUE))
    found = (find(mid(typed, place), DOUBLED if place % 2 else DIGITS) for place in range(1, SIRET + 1))
    plain = (find(mid(typed, place), DIGITS) for place in range(1, SIRET + 1))
    by_luhn, by_sum = ne(_rest(found, 10), 0), ne(_rest(plain, 5), 0)
    exempt = eq(mid(typed, 1, len(LA_POSTE)), LA_POSTE)
    return if_error(and_(eq(length(typed), SIRET), by_luhn, if_(exempt, by_sum, TRUE)), FALSE)


def _rest(found: Iterable[Formula], by: int) -> Formula:
    """What is left of the sum of figures, each found one place after its own value."""
    total = sub(add(*found), SIRET)
    return sub(total, mul(by, use("INT", div(total, by))))


def _colours(sheet: Sheet, row: int) -> int:
    words = sheet.words
    sheet.section(row, words.say("welcome.colours"))
    samples = (
        ("missing", replace(look.STATE, fill=look.FILL, border=look.FILL_EDGE)),
        ("done", replace(look.STATE, border=look.RULE)),
        ("doubt", replace(look.STATE, fill=look.LOOK, border=look.LOOK_EDGE, colour=look.LOOK_INK)),
    )
    for name, style in samples:
        row += 1
        sheet.put(row, grid.LABEL, words.say(f"welcome.colour_{name}"), look.TEXT)
        sheet.put(row, grid.VALUE, words.say(f"state.{name}"), style)
    return row + 2


def _data(sheet: Sheet, places: Places, row: int) -> None:
    words = sheet.words
    sheet.section(row, words.say("welcome.data"))
    phase = places.canvas.subject.campaign.phase.value
    for name in (f"phase_{phase}", "same", "unknown", "zero", "secret", "locked", "macros"):
        row += 1
        sheet.put(row, grid.LABEL, words.say(f"welcome.{name}"), look.TEXT)
