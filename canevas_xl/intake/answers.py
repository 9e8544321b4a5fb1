"""Owns the reading of a canvas: cells become answers. Nothing is computed, and no total is ever read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from canevas_xl.findings.finding import Checked, found
from canevas_xl.intake import parse
from canevas_xl.intake.labels import label, unit_words
from canevas_xl.intake.locate import Located, Spot, locate
from canevas_xl.intake.reading import SUPPLIER, Reading, labels_of, template_labels, within
from canevas_xl.intake.slips import slip
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.cells import Workbook
from canevas_xl.model.template import Field, FieldType, LoadedTemplate, Range, Template
from canevas_xl.model.vocabulary import Origin

VALUE: Final = "VALUE"
MOST_NAMED: Final = 6
ORIGINS: Final = labels_of("terms", "origin", [origin.value for origin in Origin])
YESNO: Final = labels_of("terms", "yesno", ("OUI", "NON"))
NOTHING: Final = frozenset({Origin.NOT_KNOWN, Origin.NOT_APPLICABLE})
"""Origins that say why there is no value."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a template asks, ready to be read in any number of canvases."""

    key: str
    field: Field
    labels: Mapping[str, str]
    """Of its list, folded → code; empty where there is none."""


def questions(loaded: LoadedTemplate) -> tuple[Question, ...]:
    """Everything that a template asks: what all its canvases are read by."""
    lists = {one.code: template_labels(loaded, one.code) for one in loaded.template.lists}
    return tuple(Question(key, field, lists.get(field.list or "", {})) for key, field in fields_by_key(loaded.template))


def read_answers(
    workbook: Workbook | Located,
    loaded: LoadedTemplate,
    *,
    asked: Collection[str] | None = None,
    prepared: Sequence[Question] | None = None,
) -> Checked[Answers]:
    """Read what a canvas says, item by item.

    Args:
        workbook: the cells of the canvas, whatever program saved it; or its inputs, where they were located already.
        loaded: its template, with its words.
        asked: keys that must be found (``P01``, ``DESK.M0``); where it is not told, none must.
        prepared: its :func:`questions`, where many canvases are read.

    Returns:
        One answer per item that was found, empty ones included; C2.. findings.
    """
    located = locate(workbook) if isinstance(workbook, Workbook) else workbook
    reading = Reading(located, SUPPLIER)
    _check_structure(reading, located, asked or ())
    answers: dict[str, Answer] = {}
    for question in questions(loaded) if prepared is None else prepared:
        spot = located.spot(question.key, VALUE)
        if spot is not None:
            answers[question.key] = _answer(reading, loaded, question, spot)
    return Checked(MappingProxyType(answers), tuple(reading.findings))


def fields_by_key(template: Template) -> Iterator[tuple[str, Field]]:
    """Every key of a template with what is asked there."""
    for field in template.fields:
        yield field.code, field
    for table in template.tables:
        for row in table.rows:
            for column in table.columns:
                yield f"{row}.{column.code}", column


def _check_structure(reading: Reading, located: Located, asked: Collection[str]) -> None:
    lost = [key for key in asked if located.spot(key, VALUE) is None]
    if lost:
        named = lost[:MOST_NAMED] + ["…"] * (len(lost) > MOST_NAMED)
        reading.findings.append(found("C201", count=len(lost), keys=named))
    for first, second in located.duplicates:
        reading.say("C204", second.place, key=first.key, first=first.place.cell, second=second.place.cell)
    for stray in located.strays:
        reading.say("C205", stray.place, text=stray.content)


def _answer(reading: Reading, loaded: LoadedTemplate, question: Question, spot: Spot) -> Answer:
    key, place = question.key, spot.place
    value = _value(reading, loaded, question)
    told = reading.choice(key, "ORIGIN", ORIGINS)
    origin = Origin(told) if told else None
    if value is not None and origin in NOTHING:
        reading.say("C213", place, value=value, origin=reading.text(key, "ORIGIN"))
    return Answer(
        key=key,
        value=value,
        origin=origin,
        evidence=reading.text(key, "EVIDENCE"),
        confidential=reading.choice(key, "CONF", YESNO) == "OUI",
        cell=f"{place.sheet} {place.cell}",
    )


def _value(reading: Reading, loaded: LoadedTemplate, question: Question) -> float | str | None:
    key, field = question.key, question.field
    match field.type:
        case FieldType.CHOICE:
            return reading.choice(key, VALUE, question.labels)
        case FieldType.NUMBER:
            _check_unit(reading, loaded, key, field)
            return reading.number(key, VALUE, None if field.per else field.hard, _units(field.unit))
        case FieldType.INTEGER:
            return reading.counted(key, VALUE, Range() if field.per else field.hard, _units(field.unit))
        case FieldType.TEXT:
            return reading.text(key, VALUE) or None


@cache
def _units(unit: str) -> frozenset[str]:
    """Words of the unit that is asked: its code, and its names written out or with a stroke (``kWh/an``)."""
    names = unit_words(unit).values()
    return frozenset({unit, *names, *(re.sub(" (par|per) ", "/", name) for name in names)})


def _check_unit(reading: Reading, loaded: LoadedTemplate, key: str, field: Field) -> None:
    """Where a number is about to be refused for its size, say which slip would explain it.

    Only here: a refused value is not handed on, so nobody after can see it.
    """
    value = parse.number(reading.located.written(key, VALUE), _units(field.unit))
    if field.per or not isinstance(value, int | float) or within(value, field.hard):
        return
    usual = [field.plausible, *(Range(min=by.min, max=by.max) for by in field.plausible_by)]
    lows, highs = [each.min for each in usual if each.min is not None], [e.max for e in usual if e.max is not None]
    if not (lows and highs):
        return
    meant = slip(value, field.unit, min(lows), max(highs))
    if meant is not None:
        facts = {"label": label(loaded, key), "value": value, "unit": unit_words(field.unit)}
        reading.say(meant.code, reading.place(key, VALUE), **facts, likely=meant.unit, meant=meant.value)
