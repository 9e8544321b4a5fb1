"""Owns the reading of the buyer's workbook: cells become a campaign, with everything that must be said about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from canevas_xl import resources
from canevas_xl.findings.finding import Checked, found
from canevas_xl.intake import parse
from canevas_xl.intake.costing import read_costing
from canevas_xl.intake.criteria import begun, read_criteria
from canevas_xl.intake.locate import Located, locate
from canevas_xl.intake.parse import Doubt
from canevas_xl.intake.reading import Reading, labels_of, template_labels
from canevas_xl.intake.replacements import read_replacements
from canevas_xl.intake.structure import check_structure
from canevas_xl.intake.suppliers import is_email, read_suppliers
from canevas_xl.model import campaign_keys as keys
from canevas_xl.model.campaign import Campaign, Channel, ItemChoice, Lot, RequirementChoice, Supplier, leaves
from canevas_xl.model.cells import Workbook
from canevas_xl.model.template import Field, FieldType, LoadedTemplate, Range, Template
from canevas_xl.model.vocabulary import Phase
from canevas_xl.rules.effort import MOST_ANSWERS, MOST_MINUTES, answered, largest_effort

VALUE: Final = "VALUE"
USUAL_ZONE: Final = "Europe/Paris"
USUAL_SPREAD: Final = 10.0
THRESHOLDS: Final = {"supplies": 60_000.0, "works": 100_000.0}
"""EUR before tax from which offers go through the buyer profile, since 1 April 2026 (DOMAIN §5)."""
SPARE_DAYS: Final = 5
_CODE: Final = re.compile(r"[A-Z0-9]{6}")
PHASES: Final = labels_of("terms", *keys.TERMS["PHASE"])
YESNO: Final = labels_of("terms", *keys.TERMS["YESNO"])
CHANNELS: Final = labels_of("campaign", *keys.FIXED["CHANNEL"])
NATURES: Final = labels_of("campaign", *keys.FIXED["NATURE"])
LANGUAGES: Final = labels_of("campaign", *keys.FIXED["LANGUAGE"])
PROCEDURES: Final = labels_of("campaign", *keys.FIXED["PROCEDURE"])
KINDS: Final = labels_of("campaign", *keys.FIXED["KIND"])
CONSEQUENCES: Final = labels_of("campaign", *keys.FIXED["CONSEQ"])
TENDERS: Final = frozenset({"p4", "p5"})
"""Codes of calls for tenders, among the procedures."""
OFFERS_ASKED: Final = frozenset({Phase.CONSULTATION, Phase.NEGOTIATION})
"""Phases in which what comes back is an offer."""


def read_campaign(workbook: Workbook, loaded: LoadedTemplate, now: datetime) -> Checked[Campaign | None]:
    """Read ``campagne.xlsx`` as its buyer left it, whatever program saved it.

    Args:
        workbook: its cells.
        loaded: the template that it was made from, with its words.
        now: the clock, with its time zone.

    Returns:
        The campaign, or None where something was lost or a decisive answer cannot be read; C1.. findings.
    """
    located = locate(workbook)
    language = written_in(located)
    told = f"{loaded.template.id}@{loaded.template.version}"
    actual = located.content(keys.consultation_key("TEMPLATE"), VALUE)
    if actual is not None and actual != told:
        spot = located.spots[keys.consultation_key("TEMPLATE"), VALUE]
        return Checked(None, (found("C114", spot.place, actual=actual, expected=told),))
    structure = tuple(check_structure(located, loaded.template, language))
    if any(finding.blocks for finding in structure):
        return Checked(None, structure)
    reading = Reading(located, findings=list(structure))
    campaign = _campaign(reading, loaded, language, now)
    return Checked(campaign, tuple(reading.findings))


def written_in(located: Located) -> str:
    """The language in which the workbook was made."""
    label = located.content(keys.consultation_key("TITLE"), "LABEL")
    for language in resources.LANGUAGES:
        if label == resources.texts("campaign", language)["cons.TITLE.label"]:
            return language
    return resources.LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class _Terms:
    """Answers of *Consultation* on which others depend."""

    code: str
    phase: Phase | None
    deadline: datetime | None
    channel: Channel | None
    round: int | None
    language: str
    open_canvas: bool


def _campaign(reading: Reading, loaded: LoadedTemplate, language: str, now: datetime) -> Campaign | None:
    texts = resources.texts("campaign", language)
    template = loaded.template
    terms = _terms(reading, texts, language, now)
    amount = reading.number(keys.consultation_key("AMOUNT"), VALUE, Range(min=0))
    _check_channel(reading, terms, amount)
    _check_phase(reading, terms)
    spread = reading.number(keys.consultation_key("SPREAD"), VALUE, Range(min=0, max=100), {"%"})
    lots = _lots(reading, loaded, texts, terms)
    heads = {code: texts[f"supp.head.{code}"] for code in keys.SUPPLIER_COLUMNS}
    numbers = [lot.number for lot in lots]
    suppliers = read_suppliers(reading, terms.code, numbers, terms.language, heads)
    _check_asked(reading, numbers, suppliers, terms)
    items = _items(reading, template)
    _check_effort(reading, template, items, lots)
    _check_delay(reading, template, items, terms.deadline, now)
    requirements = tuple(_requirement(reading, loaded, one.code, language) for one in template.requirements)
    if terms.phase is None or terms.deadline is None or terms.channel is None or terms.round is None or not lots:
        return None

    def text(code: str) -> str:
        return reading.text(keys.consultation_key(code), VALUE)

    procedure = PROCEDURES.get(parse.folded(text("PROCEDURE")), text("PROCEDURE"))
    return Campaign(
        code=terms.code, title=text("TITLE"), template=f"{template.id}@{template.version}", phase=terms.phase,
        procedure=procedure, amount=amount, deadline=terms.deadline, buyer=text("BUYER"),
        contact=text("CONTACT"), email=text("EMAIL"), channel=terms.channel, profile=text("PROFILE"),
        language=terms.language, round=terms.round, erratum=text("ERRATUM"), open_canvas=terms.open_canvas,
        lots=lots, suppliers=suppliers, items=items, requirements=requirements,
        price_spread=USUAL_SPREAD if spread is None else spread, replacements=read_replacements(reading),
    )  # fmt: skip


def _terms(reading: Reading, texts: Mapping[str, str], language: str, now: datetime) -> _Terms:
    key = keys.consultation_key
    for code in ("TITLE", "BUYER", "PHASE", "DATE", "HOUR", "CONTACT", "EMAIL", "CHANNEL", "ROUND"):
        reading.missing(key(code), VALUE, texts[f"cons.{code}.label"])
    email = reading.text(key("EMAIL"), VALUE)
    if email and not is_email(email):
        reading.say("C113", reading.place(key("EMAIL"), VALUE), text=email)
    code = reading.text(key("CODE"), VALUE).upper()
    if not _CODE.fullmatch(code):
        reading.say("C112", reading.place(key("CODE"), VALUE), label=texts["cons.CODE.label"])
    phase = reading.choice(key("PHASE"), VALUE, PHASES)
    channel = reading.choice(key("CHANNEL"), VALUE, CHANNELS)
    return _Terms(
        code=code,
        phase=Phase(phase) if phase else None,
        deadline=_deadline(reading, now),
        channel=Channel(channel) if channel else None,
        round=_round(reading),
        language=reading.choice(key("LANG"), VALUE, LANGUAGES) or language,
        open_canvas=reading.choice(key("OPEN"), VALUE, YESNO) == "OUI",
    )


def _round(reading: Reading) -> int | None:
    key = keys.consultation_key("ROUND")
    content = reading.content(key, VALUE)
    value = parse.number(content)
    if value is None:
        return None
    if isinstance(value, Doubt) or value < 1 or value != int(value):
        reading.say("C125", reading.place(key, VALUE), text=reading.text(key, VALUE))
        return None
    return int(value)


def _deadline(reading: Reading, now: datetime) -> datetime | None:
    day, hour, zone = _day(reading), _hour(reading), _zone(reading)
    if day is None or hour is None or zone is None:
        return None
    deadline = datetime.combine(day, hour, tzinfo=zone)
    if deadline <= now:
        place = reading.place(keys.consultation_key("DATE"), VALUE)
        reading.say("C122", place, deadline=deadline)
    return deadline


def _day(reading: Reading) -> date | None:
    key = keys.consultation_key("DATE")
    content = reading.content(key, VALUE)
    day = parse.day(content)
    if isinstance(day, Doubt):
        told = "C121" if day is Doubt.AMBIGUOUS else "C120"
        reading.say(told, reading.place(key, VALUE), text=content)
        return None
    return day


def _hour(reading: Reading) -> time | None:
    key = keys.consultation_key("HOUR")
    content = reading.content(key, VALUE)
    hour = parse.hour(content)
    if isinstance(hour, Doubt):
        reading.say("C123", reading.place(key, VALUE), text=content)
        return None
    return hour


def _zone(reading: Reading) -> ZoneInfo | None:
    key = keys.consultation_key("ZONE")
    name = reading.text(key, VALUE) or USUAL_ZONE
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        reading.say("C124", reading.place(key, VALUE), text=name)
        return None


def _check_channel(reading: Reading, terms: _Terms, amount: float | None) -> None:
    """C126, C127: offers above the thresholds go through the buyer profile, whose address is then needed."""
    key = keys.consultation_key
    nature = reading.choice(key("NATURE"), VALUE, NATURES) or "supplies"
    threshold = THRESHOLDS[nature]
    if terms.channel is Channel.EMAIL and terms.phase in OFFERS_ASKED and amount is not None and amount >= threshold:
        reading.say("C126", reading.place(key("CHANNEL"), VALUE), threshold=int(threshold))
    if terms.channel is Channel.PROFILE and not reading.text(key("PROFILE"), VALUE):
        reading.say("C127", reading.place(key("PROFILE"), VALUE))


def _check_phase(reading: Reading, terms: _Terms) -> None:
    """C128: calls for tenders, open or restricted, are awarded without negotiation (CCP L2124-2)."""
    place = reading.place(keys.consultation_key("PHASE"), VALUE)
    procedure = PROCEDURES.get(parse.folded(reading.text(keys.consultation_key("PROCEDURE"), VALUE)))
    if terms.phase is Phase.NEGOTIATION and procedure in TENDERS:
        reading.say("C128", place)


def _lots(reading: Reading, loaded: LoadedTemplate, texts: Mapping[str, str], terms: _Terms) -> tuple[Lot, ...]:
    heads = {code: texts[f"crit.head.{code}"] for code in keys.CRITERION_COLUMNS}
    costs = {code: texts[f"cost.{code}.label"] for code in keys.COST_ROWS}
    lots = []
    for number, column in enumerate(keys.LOT_COLUMNS, 1):
        title = reading.text(keys.LOT_TITLE, column)
        if not title and number == 1:
            reading.missing(keys.LOT_TITLE, column, texts["lots.title_label"])
        elif not title:
            if begun(reading, number):
                reading.say("C141", reading.place(keys.LOT_TITLE, column), lot=number)
            continue
        needs_criteria = terms.phase in OFFERS_ASKED or begun(reading, number)
        criteria = read_criteria(reading, loaded, number, heads) if needs_criteria else ()
        costing = read_costing(reading, loaded, number, leaves(criteria), costs)
        lots.append(Lot(number, title, _parameters(reading, loaded.template, column),
                        _rows(reading, loaded, column, number), criteria, costing))  # fmt: skip
    return tuple(lots)


def _parameters(reading: Reading, template: Template, column: str) -> dict[str, float]:
    """Read the buyer's parameters of a lot; an empty cell means the template's default, as the sheet says."""
    values = {}
    for one in template.parameters:
        value = reading.number(keys.parameter_key(one.code), column, one.hard, {one.unit})
        values[one.code] = one.default if value is None else value
    return values


def _rows(reading: Reading, loaded: LoadedTemplate, column: str, lot: int) -> dict[str, float | str]:
    """Read what the buyer fixes in tables."""
    values: dict[str, float | str] = {}
    for table in loaded.template.tables:
        fixed = [one for one in table.columns if one.fixed_by_buyer]
        if not fixed:
            continue
        told = len(reading.findings)
        rows = {row: _row(reading, loaded, row, fixed, column) for row in table.rows}
        readable = len(reading.findings) == told
        label = loaded.texts[resources.LANGUAGES[0]].get(f"tables.{table.code}.label", table.code)
        for row, cells in rows.items():
            values |= cells
            if readable and 0 < len(cells) < len(fixed):
                gap = next(f"{row}.{one.code}" for one in fixed if f"{row}.{one.code}" not in cells)
                reading.say("C143", reading.place(keys.row_key(gap), column), lot=lot, row=row, table=label)
        if readable and table.rows_by_lot and not any(rows.values()):
            first = keys.row_key(f"{table.rows[0]}.{fixed[0].code}")
            reading.say("C142", reading.place(first, column), lot=lot, table=label)
    return values


def _row(reading: Reading, loaded: LoadedTemplate, row: str, fixed: list[Field], column: str) -> dict[str, float | str]:
    values: dict[str, float | str] = {}
    for one in fixed:
        key = keys.row_key(f"{row}.{one.code}")
        value: float | str | None
        if one.type is FieldType.CHOICE:
            value = reading.choice(key, column, template_labels(loaded, str(one.list)))
        elif one.type is FieldType.INTEGER:
            value = reading.counted(key, column, one.hard, {one.unit})
        elif one.type is FieldType.NUMBER:
            value = reading.number(key, column, one.hard, {one.unit})
        else:
            value = reading.text(key, column) or None
        if value is not None:
            values[f"{row}.{one.code}"] = value
    return values


def _items(reading: Reading, template: Template) -> tuple[ItemChoice, ...]:
    """Read what is asked, and what follows when it is missing; an empty cell means the template's choice."""
    choices = []
    for field in (one.field for one in answered(template)):
        key = keys.item_key(field.code)
        asked = reading.choice(key, "ASKED", YESNO) != "NON"
        consequence = reading.choice(key, "CONSEQ", CONSEQUENCES) or field.consequence
        choices.append(ItemChoice(field.code, asked, consequence))
        if field.scored and not asked:
            reading.say("C162", reading.place(key, "ASKED"), item=field.code)
        free = field.consequence == "blocks" or field.contractual
        if asked and consequence == "blocks" and not free:
            reading.say("C163", reading.place(key, "CONSEQ"), item=field.code)
    return tuple(choices)


def _requirement(reading: Reading, loaded: LoadedTemplate, code: str, language: str) -> RequirementChoice:
    declared = next(one for one in loaded.template.requirements if one.code == code)
    key = keys.requirement_key(code)
    adjustable = reading.choice(key, "ADJUST", YESNO)
    return RequirementChoice(
        code=code,
        text=reading.text(key, "TEXT") or loaded.texts[language].get(f"requirements.{code}.label", code),
        kind=reading.choice(key, "KIND", KINDS) or declared.kind,
        adjustable=declared.adjustable if adjustable is None else adjustable == "OUI",
        clause=reading.text(key, "CLAUSE"),
    )


def _check_asked(reading: Reading, lots: list[int], suppliers: tuple[Supplier, ...], terms: _Terms) -> None:
    """C153, C155: somebody must be asked for each lot."""
    if terms.open_canvas:
        return
    if not suppliers:
        reading.say("C153", reading.place(keys.supplier_key(1), "NAME"))
        return
    if all(one.lots for one in suppliers):
        for lot in lots:
            if not any(lot in one.lots for one in suppliers):
                reading.say("C155", reading.place(keys.LOT_TITLE, f"L{lot}"), lot=lot)


def _check_effort(reading: Reading, template: Template, items: tuple[ItemChoice, ...], lots: tuple[Lot, ...]) -> None:
    """C161: what the largest lot asks of a supplier."""
    asked = {one.code for one in items if one.asked}
    if not lots:
        return
    largest = largest_effort(template, asked, lots)
    answers, minutes = largest.answers, largest.minutes
    if answers > MOST_ANSWERS or minutes > MOST_MINUTES:
        first = keys.item_key(items[0].code)
        reading.say("C161", reading.place(first, "ASKED"), answers=answers, minutes=minutes,
                    most_answers=MOST_ANSWERS, most_minutes=MOST_MINUTES)  # fmt: skip


def _check_delay(
    reading: Reading, template: Template, items: tuple[ItemChoice, ...], deadline: datetime | None, now: datetime
) -> None:
    """C160: the slowest document must be obtainable five days before the deadline."""
    if deadline is None or deadline <= now:
        return
    asked = {one.code for one in items if one.asked}
    slow = [one.field for one in answered(template) if one.field.code in asked]
    worst = max(slow, key=lambda field: field.days_to_get, default=None)
    left = (deadline - now) // timedelta(days=1)
    if worst is not None and worst.days_to_get > max(0, left - SPARE_DAYS):
        reading.say("C160", reading.place(keys.item_key(worst.code), "ASKED"), item=worst.code,
                    days=worst.days_to_get, left=left)  # fmt: skip
