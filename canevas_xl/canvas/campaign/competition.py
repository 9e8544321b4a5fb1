"""Owns the sheets on which offers are asked and compared: *Critères*, *Fournisseurs*, *Prix et notes*, *Décisions*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import PRINTED, Ask, Board, Column, Drawn, Rule, Shown
from canevas_xl.canvas.campaign.note_heads import heads
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.formula import Area, Formula, SameRow
from canevas_xl.model.template import Template
from canevas_xl.rules.build import and_, cat, counta, eq, if_, mul, ne, or_, round_, sumproduct

CRIT_WIDTHS: Final = (36.0, 13.0, 13.0, 22.0, 22.0, 25.0, 26.0, 10.0, 10.0, 11.0, 22.0, 11.0, 28.0)
SUPP_WIDTHS: Final = (44.0, 10.0, 40.0, 14.0, 14.0, 22.0)
OFFERS_WIDTHS: Final = (24.0, 8.0, 11.0, 18.0, *(16.0,) * 6, 15.0, 15.0, 15.0, 44.0)
HEADS_HEIGHT: Final = 80.0
"""Above the notes: room for a criterion's name of some fifty letters."""
DECISIONS_WIDTHS: Final = (26.0, 16.0, 26.0, 80.0)
LOTS_PER_PAGE: Final = 2
ALL: Final = 100.0
"""What the weights of a lot add up to."""
CRITERION_RULES: Final = {
    "LABEL": Rule(high=120),
    "CODE": Rule(high=8),
    "PARENT": Rule(high=8),
    "KIND": Rule("list", list="CRITERION"),
    "WEIGHT": Rule("number", 0, ALL, example=20),
    "FORMULA": Rule("list", list="FORMULA"),
    "INDICATOR": Rule("list", list="INDICATOR"),
    "LOW": Rule("number", example=0.9),
    "HIGH": Rule("number", example=2),
    "FAN": Rule("number", 1, 100, example=2),
    "BANDS": Rule(high=120),
    "TIE": Rule("integer", 1, keys.CRITERIA, example=1),
}
MONEY: Final = "#,##0.00"
MONEY_COLUMNS: Final = frozenset({"PRICE", *keys.COST_COLUMNS})
NUMBERS: Final = frozenset({"WEIGHT", "LOW", "HIGH", "FAN", "TIE"})
CODE, PARENT, WEIGHT = (1 + keys.CRITERION_COLUMNS.index(code) for code in ("CODE", "PARENT", "WEIGHT"))
"""Columns of the sheet."""
COST_RULES: Final = {
    "YEARS": Rule("integer", *keys.COST_BOUNDS["YEARS"], example=5),
    "ENERGY": Rule("list", list="ENERGY"),
    "MAINTENANCE": Rule("list", list="YESNO"),
    "END": Rule("list", list="YESNO"),
}
COST_EXAMPLES: Final = {
    "DISCOUNT": 3, "UNITS": 60, "ENERGY_PRICE": 0.2, "GROWTH": 3, "CARBON": 0.15, "DEDUCTION": 5000, "DLOW": 8,
    "DHIGH": 40,
}  # fmt: skip


def draw_criteria(board: Board, template: Template) -> Formula | str:
    """Draw one block of criteria per lot, with its sum live; the first comes proposed."""
    words = board.words
    board.line(words.say("crit.intro"))
    board.row += 1
    verdicts = [_lot_criteria(board, template, lot) for lot in range(1, keys.LOTS + 1)]
    _costs(board, template)
    return verdicts[0]


def _costs(board: Board, template: Template) -> None:
    """Draw what life-cycle costs and fictitious prices are made of, lots side by side."""
    words = board.words
    board.breaks.append(board.row)
    board.section(words.say("cost.section"))
    board.line(words.say("cost.intro"))
    board.row += 1
    heads = ("LABEL", "UNIT", "BOUNDS", *keys.LOT_COLUMNS)
    board.codes([Column(code, words.say(f"head.{code}")) for code in heads])
    unit = words.of_template("template.functional_unit_short", words.unit(template.functional_unit.unit))
    for code in keys.cost_rows(template):
        low, high = keys.COST_BOUNDS.get(code, (None, None))
        rule = COST_RULES.get(code) or Rule("number", low, high, example=COST_EXAMPLES[code])
        label = words.say(f"cost.{code}.label")
        ask = Ask(rule, title=label, prompt=words.say(f"cost.{code}.prompt", unit=unit))
        shown = words.bounds(low, high)
        drawn: list[Drawn | None] = [
            Shown(label, look.LABEL),
            Shown(words.say(f"cost.{code}.unit", unit=unit), replace(look.UNIT_WRAPPED, indent=1)),
            Shown(shown, replace(look.UNIT, indent=1)) if shown else None,
        ]
        board.keyed(keys.cost_key(code), [*drawn, *[ask] * len(keys.LOT_COLUMNS)])


def _lot_criteria(board: Board, template: Template, lot: int) -> Formula:
    words = board.words
    if lot % LOTS_PER_PAGE == 1 and lot > 1:
        board.breaks.append(board.row)
    board.section(words.say("crit.lot", n=lot))
    codes = keys.CRITERION_COLUMNS
    board.codes([Column(code, words.say(f"crit.head.{code}"), right=code in NUMBERS) for code in codes])
    board.put(board.row - 1, len(codes) + 1, words.say("crit.head.STATE"), replace(look.HEAD, indent=1))
    first, last = board.row, board.row + keys.CRITERIA - 1
    parents, weights = board.area(first, PARENT, last), board.area(first, WEIGHT, last)
    proposed = _proposed(board, template) if lot == 1 else {}
    for place in range(1, keys.CRITERIA + 1):
        values = proposed.get(place, {})
        asks: list[Drawn] = [
            Ask(
                CRITERION_RULES[code],
                values.get(code),
                title=words.say(f"crit.head.{code}"),
                prompt=words.say(f"crit.prompt_{code}"),
            )
            for code in codes
        ]
        state = Shown(_parts_state(board, place, parents, weights), replace(look.STATE, indent=1))
        board.keyed(keys.criterion_key(lot, place), [*asks, state])
    total = round_(sumproduct(mul(eq(parents, ""), 1), weights), 6)
    verdict = if_(
        eq(total, 0),
        words.say("crit.weights_none"),
        if_(
            eq(total, ALL),
            words.say("crit.weights_right"),
            cat(words.say("crit.weights_before"), total, words.say("crit.weights_after")),
        ),
    )
    board.put(board.row, 1, words.say("crit.weights_label"), look.STRONG)
    board.put(board.row, WEIGHT, total, look.numeric(replace(look.GIVEN, bold=True)))
    board.put(board.row, WEIGHT + 1, verdict, replace(look.TEXT, indent=1))
    board.row += 2
    return verdict


def _parts_state(board: Board, place: int, parents: Area, weights: Area) -> Formula:
    """Say what the weights of a criterion's sub-criteria add up to; nothing where it has none."""
    words = board.words
    code = if_(eq(SameRow(CODE), ""), f"C{place}", SameRow(CODE))
    count = sumproduct(mul(eq(parents, code), 1))
    total = round_(sumproduct(mul(eq(parents, code), 1), weights), 6)
    wrong = cat(words.say("crit.parts_before"), total, words.say("crit.parts_after"))
    said = if_(eq(total, ALL), words.say("crit.parts_right"), wrong)
    return if_(or_(ne(SameRow(PARENT), ""), eq(count, 0)), "", said)


def _proposed(board: Board, template: Template) -> dict[int, dict[str, float | str]]:
    """A usual start: price, impact on published bounds, technical value."""
    words, lists = board.words, board.lists
    kind = {code: lists.label("CRITERION", code) for code in ("price", "impact", "other")}
    formula = {code: lists.label("FORMULA", code) for code in ("F1", "F5", "F7")}
    return {
        1: {
            "LABEL": words.say("crit.price_label"), "CODE": "C1", "KIND": kind["price"], "WEIGHT": 60.0,
            "FORMULA": formula["F1"], "TIE": 2.0,
        },
        2: {
            "LABEL": words.say("crit.impact_label"), "CODE": "C2", "KIND": kind["impact"], "WEIGHT": 20.0,
            "FORMULA": formula["F5"], "INDICATOR": lists.choices["INDICATOR"][0][1], "LOW": template.scale.low,
            "HIGH": template.scale.high, "TIE": 1.0,
        },
        3: {
            "LABEL": words.say("crit.other_label"), "CODE": "C3", "KIND": kind["other"], "WEIGHT": 20.0,
            "FORMULA": formula["F7"],
        },
    }  # fmt: skip


def draw_suppliers(board: Board) -> Formula:
    """Draw the rows of suppliers, each saying what it lacks."""
    words = board.words
    board.line(words.say("supp.intro", printed=PRINTED))
    board.row += 1
    heads = (*keys.SUPPLIER_COLUMNS, "STATE")
    board.codes([Column(code, words.say(f"supp.head.{code}")) for code in heads])
    first = board.row
    board.last_printed = first + PRINTED - 1
    rules = {"NAME": Rule(high=120), "CODE": Rule(high=4), "EMAIL": Rule(high=254),
             "LANG": Rule("list", list="LANGUAGE"), "LOTS": Rule(high=20)}  # fmt: skip
    drawn: list[Drawn] = [
        Ask(rules[code], title=words.say(f"supp.head.{code}"), prompt=words.say(f"supp.prompt_{code}"))
        for code in keys.SUPPLIER_COLUMNS
    ]
    name, email, lots = SameRow(1), SameRow(3), SameRow(5)
    state = if_(
        and_(eq(name, ""), eq(email, ""), eq(lots, "")),
        "",
        if_(
            eq(name, ""),
            words.say("supp.state_name"),
            if_(
                eq(email, ""),
                words.say("supp.state_email"),
                if_(eq(lots, ""), words.say("supp.state_lots"), words.say("supp.state_done")),
            ),
        ),
    )
    for place in range(1, keys.SUPPLIERS + 1):
        board.keyed(keys.supplier_key(place), (*drawn, Shown(state, replace(look.STATE, indent=1))))
    count = counta(board.area(first, 1, board.row - 1))
    return if_(eq(count, 0), words.say("supp.nobody"), cat(words.say("supp.count_before"), count))


def draw_offers(board: Board, criteria: Mapping[int, int]) -> str:
    """Draw the rows of prices and notes, for after the opening.

    Args:
        board: the sheet.
        criteria: lot → its first row on *Critères*: each column of notes says which criterion it judges.
    """
    words = board.words
    rules = {"SUPPLIER": Rule(high=60), "LOT": Rule("integer", 1, keys.LOTS, example=1),
             "VARIANT": Rule("integer", 0, 20, example=0), "PRICE": Rule("number", 0, example=45000),
             "REMARK": Rule(high=300)}  # fmt: skip
    note = Rule("number", 0, 100, example=75)
    rules |= dict.fromkeys(keys.COST_COLUMNS, Rule("number", 0, example=1200))
    prompts = {code: words.say("offers.prompt_NOTE") for code in keys.NOTE_COLUMNS}
    _capacity(board, "offers", [
        (code, rules.get(code, note), prompts.get(code) or words.say(f"offers.prompt_{code}"))
        for code in keys.OFFER_COLUMNS
    ], [keys.offer_key(place) for place in range(1, keys.OFFERS + 1)])  # fmt: skip
    above = board.row - keys.OFFERS - 1
    for code, head in zip(keys.NOTE_COLUMNS, heads(words, criteria), strict=True):
        board.put(above, 1 + keys.OFFER_COLUMNS.index(code), head, look.HEAD_RIGHT)
    board.heights[above] = HEADS_HEIGHT
    return words.say("workbook.left_none")


def draw_decisions(board: Board) -> str:
    """Draw the rows of decisions on findings."""
    words = board.words
    rules = {"DECISION": Rule("list", list="DECISION"), "REASON": Rule(high=400)}
    _capacity(board, "decisions", [
        (code, rules.get(code, Rule(high=60)), words.say(f"decisions.prompt_{code}"))
        for code in keys.DECISION_COLUMNS
    ], [keys.decision_key(place) for place in range(1, keys.DECISIONS + 1)])  # fmt: skip
    return words.say("workbook.left_none")


def _capacity(board: Board, name: str, columns: list[tuple[str, Rule, str]], rows: list[str]) -> None:
    """Draw a table of inputs of fixed capacity."""
    words = board.words
    board.line(words.say(f"{name}.intro", printed=PRINTED))
    board.row += 1
    heads = [words.say(f"{name}.head.{code}") for code, _, _ in columns]
    numbers = [rule.kind in {"number", "integer"} for _, rule, _ in columns]
    board.codes([Column(c[0], head, right) for c, head, right in zip(columns, heads, numbers, strict=True)])
    asks = [
        Ask(rule, title=head, prompt=prompt, number_format=MONEY if code in MONEY_COLUMNS else "")
        for (code, rule, prompt), head in zip(columns, heads, strict=True)
    ]
    board.last_printed = board.row + PRINTED - 1
    for key in rows:
        board.keyed(key, asks)
