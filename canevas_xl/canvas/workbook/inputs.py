"""Owns what may be typed in the answers, and what the program says about it: validations with constants only."""

from __future__ import annotations

from typing import Final

from canevas_xl.canvas.workbook import grid
from canevas_xl.canvas.workbook.asked import Item
from canevas_xl.canvas.workbook.places import ORIGIN_LIST, YESNO_LIST, Places
from canevas_xl.canvas.workbook.values import LIST_LABEL
from canevas_xl.canvas.workbook.words import PERCENT, Words
from canevas_xl.model.formula import Area, Cell
from canevas_xl.model.plan import Validation
from canevas_xl.model.template import Field, FieldType
from canevas_xl.model.vocabulary import Phase

BINDING: Final = frozenset({Phase.CONSULTATION, Phase.NEGOTIATION, Phase.EXECUTION})
"""Phases in which an answer binds; in the others the same canvas says that it does not."""
LONGEST_MESSAGE: Final = 255
LONGEST_TITLE: Final = 32
LONGEST_EVIDENCE: Final = 200
YEARS: Final = (1900, 2200)
"""Whole numbers between these, without a unit, are years of the calendar."""
NO_UNIT: Final = "1"
_ENDS: Final = (". ", ".\n")
"""How a sentence ends before another."""


def of_item(places: Places, words: Words, item: Item) -> list[Validation]:
    """The validations of one item: answer, and where it is scored origin, evidence, confidentiality."""
    found = [_answer(places, words, item)]
    if item.with_origin:
        found += [
            _origin(places, words, item),
            _evidence(places, words, item),
            yes_or_no(places, words, places.beside(item.key, grid.CONF), words.say("prompt.conf")),
        ]
    return found


def yes_or_no(places: Places, words: Words, cell: Cell, prompt: str) -> Validation:
    """Ask yes or no."""
    return listed(words, cell, places.list_area(YESNO_LIST, LIST_LABEL), prompt)


def listed(words: Words, cell: Cell, labels: Area, prompt: str) -> Validation:
    """Ask a choice."""
    return Validation(
        area=one(cell), kind="list", source=labels, prompt=fit(prompt, LONGEST_MESSAGE),
        error_title=words.say("refused.title"), error=words.say("refused.list"),
    )  # fmt: skip


def text(words: Words, cell: Cell, longest: int, prompt: str, title: str = "") -> Validation:
    """Ask a text of at most ``longest`` characters."""
    return Validation(
        area=one(cell), kind="length", minimum=0, maximum=longest,
        title=fit(title, LONGEST_TITLE), prompt=fit(prompt, LONGEST_MESSAGE),
        error_title=words.say("refused.title"), error=words.say("refused.length", longest=longest),
    )  # fmt: skip


def whole(words: Words, cell: Cell, lowest: int, highest: int, prompt: str) -> Validation:
    """Ask a whole number."""
    return Validation(
        area=one(cell), kind="integer", minimum=lowest, maximum=highest, prompt=fit(prompt, LONGEST_MESSAGE),
        error_title=words.say("refused.title"),
        error=words.say("refused.integer", expected=words.say("bounds.both", low=lowest, high=highest), unit=""),
    )  # fmt: skip


def one(cell: Cell) -> Area:
    """The area of one cell."""
    return Area(cell.sheet, cell.row, cell.column, cell.row, cell.column)


def fit(message: str, longest: int) -> str:
    """Shorten a message to whole sentences that fit, else to whole words, so that no program cuts it in the middle."""
    while len(message) > longest and any(end in message for end in _ENDS):
        message = message[: max(message.rfind(end) for end in _ENDS) + 1]
    return (
        message
        if len(message) <= longest
        else (message[:longest].rpartition(" ")[0].rstrip(" ,:;") or message[: longest - 1]) + "…"
    )


def on_lines(*sentences: str) -> str:
    """Put sentences one under the other, as many as a message holds: LibreOffice breaks no line itself."""
    message = "\n".join(filter(None, sentences)).replace(". ", ".\n")
    return fit(message, LONGEST_MESSAGE).rstrip("\n")


def example_of(words: Words, item: Item) -> str:
    """What one could type: an example of this row of a table where there is one, else of the field."""
    return words.of_template(f"examples.{item.key}") or words.of_template(f"fields.{item.field.code}.example")


def is_date(field: Field) -> bool:
    """Say whether a whole number is a year of the calendar: nobody writes « 2 024 »."""
    low, high = field.hard.min, field.hard.max
    bounded = low is not None and high is not None and YEARS[0] <= low <= high <= YEARS[1]
    return bounded and field.type is FieldType.INTEGER and field.unit == NO_UNIT


def expected(words: Words, item: Item) -> str:
    """What may be typed: bounds with their unit, in words."""
    low, high, unit = item.field.hard.min, item.field.hard.max, words.unit(item.field.unit)
    if item.field.per is not None:
        return words.say("bounds.any")
    if is_date(item.field):
        return words.say("bounds.both", low=f"{low:.0f}", high=f"{high:.0f}")
    if high is not None:
        most = words.measured(high, unit)
        return words.say("bounds.high", high=most) if low is None else words.say("bounds.both", low=low, high=most)
    return words.say("bounds.any") if low is None else words.say("bounds.low", low=words.measured(low, unit))


def _answer(places: Places, words: Words, item: Item) -> Validation:
    cell = places.answers[item.key]
    label = words.of_template(f"fields.{item.field.code}.label")
    example = example_of(words, item)
    if item.field.list is not None:
        return Validation(
            area=one(cell), kind="list", source=places.list_area(item.field.list, LIST_LABEL),
            title=fit(label, LONGEST_TITLE), prompt=_prompt(words, item, words.say("prompt.list")),
            error_title=words.say("refused.title"), error=words.say("refused.list"),
        )  # fmt: skip
    if item.field.type is FieldType.TEXT:
        prompt = _prompt(words, item, words.say("prompt.text", longest=item.field.max_length))
        return text(words, cell, item.field.max_length, prompt, label)
    kind = "integer" if item.field.type is FieldType.INTEGER else "decimal"
    shown = words.say("prompt.example", example=example) if example else "."
    bounds = item.field.hard if item.field.per is None else type(item.field.hard)(min=_floor(item.field.hard.min))
    return Validation(
        area=one(cell), kind=kind, minimum=bounds.min, maximum=bounds.max,
        title=fit(label, LONGEST_TITLE),
        prompt=_prompt(words, item, words.say(f"prompt.{kind}", unit=_of_unit(words, item), example=shown)),
        error_title=words.say("refused.title"),
        error=fit(
            words.say(f"refused.{kind}", expected=expected(words, item), unit=_of_unit(words, item))
            + (" " + words.say("refused.example", example=example) if example else ""),
            LONGEST_MESSAGE,
        ),
    )  # fmt: skip


def _floor(low: float | None) -> float | None:
    """A bound on a ratio says at least the sign of what is typed."""
    return 0.0 if low is not None and low >= 0 else None


def _of_unit(words: Words, item: Item) -> str:
    unit = words.unit(item.field.unit)
    return words.say("prompt.unit", unit=unit) if unit else ""


def _prompt(words: Words, item: Item, how: str) -> str:
    """How to answer; then what else should be known here, as far as it fits."""
    share = ("prompt.percent",) if item.field.unit == PERCENT else ()
    zero = ("prompt.zero", "prompt.if_unknown") if item.with_origin and item.numeric else ()
    binding = ("prompt.contractual",) if item.field.contractual and words.phase in BINDING else ()
    return on_lines(how, *(words.say(key) for key in (*share, *zero, *binding)))


def _origin(places: Places, words: Words, item: Item) -> Validation:
    area = places.list_area(ORIGIN_LIST, LIST_LABEL)
    if item.field.not_applicable is None:
        area = Area(area.sheet, area.first_row, area.first_column, area.last_row - 1, area.last_column)
    return Validation(
        area=one(places.beside(item.key, grid.ORIGIN)), kind="list", source=area,
        title=words.say("prompt.origin_title"), prompt=_not_known(words, item),
        error_title=words.say("refused.title"), error=words.say("refused.list"),
    )  # fmt: skip


def _not_known(words: Words, item: Item) -> str:
    """What choosing *not available* costs."""
    regular = "" if item.consequence == "blocks" else words.say("prompt.regular")
    default = item.field.default
    if default is None:
        key = "prompt.unknown_blocks" if item.consequence == "blocks" else "prompt.unknown"
        return on_lines(words.say(key), regular)
    shown = default_shown(words, item)
    sentence = words.say("prompt.default", value=shown) if shown else words.say("prompt.default_by_rule")
    why = "" if shown else words.of_template(f"fields.{item.field.code}.why_default")
    prudent = words.say("prompt.cautious") if default.kind == "conservative" else ""
    whole = "\n".join(filter(None, (sentence, why, prudent, regular)))
    return (
        on_lines(sentence, why, prudent, regular) if len(whole) <= LONGEST_MESSAGE else on_lines(sentence, why, regular)
    )


def default_shown(words: Words, item: Item) -> str:
    """The published default with its unit, as people read it; empty where there is none, or where a rule gives it."""
    default = item.field.default
    if default is None:
        return ""
    if default.formula:
        return words.of_template(f"fields.{item.field.code}.default")
    if isinstance(default.value, str):
        return words.of_template(f"lists.{item.field.list}.{default.value}") or default.value
    return words.measured(default.value, words.unit(item.field.unit, default.value))


def _evidence(places: Places, words: Words, item: Item) -> Validation:
    wanted = words.of_template(f"fields.{item.field.code}.evidence")
    prompt = on_lines(
        *(words.say("prompt.evidence", wanted=wanted) if wanted else words.say("prompt.evidence_free")).split("\n")
    )
    return text(words, places.beside(item.key, grid.EVIDENCE), LONGEST_EVIDENCE, prompt, words.say("head.evidence"))
