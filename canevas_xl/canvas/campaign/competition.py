"""Owns the sheets on which offers are asked and compared: *Critères*, *Fournisseurs*, *Prix et notes*, *Décisions*."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canevas_xl.canvas import look
from canevas_xl.canvas.campaign.board import PRINTED, Ask, Board, Column, Drawn, Rule, Shown
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.formula import Formula, SameRow
from canevas_xl.model.template import Template
from canevas_xl.rules.build import and_, cat, counta, eq, if_, round_, sum_

CRIT_WIDTHS: Final = (34.0, 9.0, 12.0, 10.0, 25.0, 26.0, 10.0, 10.0, 11.0, 22.0, 11.0)
SUPP_WIDTHS: Final = (44.0, 10.0, 40.0, 14.0, 14.0, 22.0)
OFFERS_WIDTHS: Final = (24.0, 8.0, 11.0, 18.0, 12.0, 12.0, 12.0, 50.0)
DECISIONS_WIDTHS: Final = (26.0, 16.0, 26.0, 80.0)
LOTS_PER_PAGE: Final = 2
ALL: Final = 100.0
"""What the weights of a lot add up to."""
CRITERION_RULES: Final = {
    "LABEL": Rule(high=120),
    "CODE": Rule(high=8),
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
NUMBERS: Final = frozenset({"WEIGHT", "LOW", "HIGH", "FAN", "TIE"})


def draw_criteria(board: Board, template: Template) -> Formula | str:
    """Draw one block of criteria per lot, with its sum live; the first comes proposed."""
    words = board.words
    board.line(words.say("crit.intro"))
    board.row += 1
    verdicts = [_lot_criteria(board, template, lot) for lot in range(1, keys.LOTS + 1)]
    return verdicts[0]


def _lot_criteria(board: Board, template: Template, lot: int) -> Formula:
    words = board.words
    if lot % LOTS_PER_PAGE == 1 and lot > 1:
        board.breaks.append(board.row)
    board.section(words.say("crit.lot", n=lot))
    codes = keys.CRITERION_COLUMNS
    board.codes([Column(code, words.say(f"crit.head.{code}"), right=code in NUMBERS) for code in codes])
    first = board.row
    proposed = _proposed(board, template) if lot == 1 else {}
    for place in range(1, keys.CRITERIA + 1):
        values = proposed.get(place, {})
        asks = [
            Ask(
                CRITERION_RULES[code],
                values.get(code),
                title=words.say(f"crit.head.{code}"),
                prompt=words.say(f"crit.prompt_{code}"),
            )
            for code in codes
        ]
        board.keyed(keys.criterion_key(lot, place), asks)
    total = round_(sum_(board.area(first, 4, board.row - 1)), 6)
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
    board.put(board.row, 4, total, replace(look.GIVEN, bold=True, number_format="#,##0.##"))
    board.put(board.row, 5, verdict, replace(look.TEXT, indent=1))
    board.row += 2
    return verdict


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


def draw_offers(board: Board) -> str:
    """Draw the rows of prices and notes, for after the opening."""
    words = board.words
    rules = {"SUPPLIER": Rule(high=60), "LOT": Rule("integer", 1, keys.LOTS, example=1),
             "VARIANT": Rule("integer", 0, 20, example=0), "PRICE": Rule("number", 0, example=45000),
             "REMARK": Rule(high=300)}  # fmt: skip
    note = Rule("number", 0, 100, example=75)
    prompts = {code: words.say("offers.prompt_NOTE") for code in ("N1", "N2", "N3")}
    _capacity(board, "offers", [
        (code, rules.get(code, note), prompts.get(code) or words.say(f"offers.prompt_{code}"))
        for code in keys.OFFER_COLUMNS
    ], [keys.offer_key(place) for place in range(1, keys.OFFERS + 1)])  # fmt: skip
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
    asks = [Ask(rule, title=head, prompt=prompt) for (_, rule, prompt), head in zip(columns, heads, strict=True)]
    board.last_printed = board.row + PRINTED - 1
    for key in rows:
        board.keyed(key, asks)
