"""Owns the hidden sheets of codes: every list with its labels, every family with its processes, every message."""

from __future__ import annotations

from collections.abc import Iterator

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import (
    HOLD_LIST,
    ITEM_LIST,
    MESSAGE_LIST,
    ORIGIN_LIST,
    ORIGINS,
    REQUIREMENT_LIST,
    YESNO_LIST,
    Places,
)
from canevas_xl.canvas.workbook.problems import MESSAGES
from canevas_xl.canvas.workbook.words import Words
from canevas_xl.model.plan import Content, Stamp
from canevas_xl.model.vocabulary import HOLDS

FORMAT_VERSION = "1"
"""Of the layout of this workbook: readers refuse one that they do not know."""


def fill(sheet: Sheet, places: Places) -> None:
    """Put codes (B), labels (C) and units (D) of all lists; codes and processes of all families; list codes (F)."""
    for code, rows in _blocks(places, sheet.words).items():
        block = places.lists.get(code) or places.families[code]
        for row, (option, label, unit) in zip(range(block.first, block.last + 1), rows, strict=True):
            sheet.put(row, 1, option, look.HIDDEN_TEXT)
            sheet.put(row, 2, label, look.HIDDEN_TEXT)
            sheet.put(row, 3, unit, look.HIDDEN_TEXT)
            sheet.put(row, 5, code, look.HIDDEN_TEXT)


def _blocks(places: Places, words: Words) -> dict[str, list[tuple[str, str, str]]]:
    template = places.template
    blocks = {
        ORIGIN_LIST: [(code, words.term("origin", code), "") for code in ORIGINS],
        YESNO_LIST: [(code, words.term("yesno", code), "") for code in ("OUI", "NON")],
        MESSAGE_LIST: [(str(int(p)), words.say(f"problem.{p.name.lower()}"), "") for p in MESSAGES],
    }
    if HOLD_LIST in places.lists:
        blocks[HOLD_LIST] = [(code, words.say(f"hold.{code.lower()}"), "") for code in HOLDS]
        blocks[REQUIREMENT_LIST] = [
            *((r.code, words.of_template(f"requirements.{r.code}.label"), "") for r in template.requirements),
            ("OTHER", words.say("levers.other"), ""),
        ]
        blocks[ITEM_LIST] = [*_items(places, words), ("OTHER", words.say("thread.other"), "")]
    for choice in template.lists:
        blocks[choice.code] = [
            (o.code, words.of_template(f"lists.{choice.code}.{o.code}"), words.unit(o.unit) if o.unit else "")
            for o in choice.options
        ]
    for family in template.families:
        processes = places.canvas.subject.factors.processes
        blocks[family.code] = [(code, p, words.unit(processes[p].unit)) for code, p in family.members.items()]
    return blocks


def _items(places: Places, words: Words) -> Iterator[tuple[str, str, str]]:
    codes = dict.fromkeys(item.field.code for item in places.judged)
    return ((code, words.of_template(f"fields.{code}.label"), "") for code in codes)


def fill_meta(sheet: Sheet, places: Places) -> None:
    """Put what names this workbook and everything it stands on, by key."""
    for column, code in enumerate(("KEY", "LABEL", "VALUE")):
        sheet.put(0, column, code, look.CODE)
    subject = places.canvas.subject
    facts: dict[str, Content] = {
        "TOKEN": Stamp("token"),
        "CAMPAIGN": subject.campaign.code,
        "LOT": str(subject.lot.number),
        "ROUND": str(subject.campaign.round),
        "PHASE": subject.campaign.phase.value,
        "TEMPLATE": f"{subject.template.id}@{subject.template.version}",
        "FACTORS": f"{subject.factors.id}@{subject.factors.version}",
        "METHOD": subject.method.id,
        "FINGERPRINT": places.canvas.fingerprint,
        "LANGUAGE": places.canvas.language,
        "FORMAT": FORMAT_VERSION,
    }
    for row, (key, value) in enumerate(facts.items(), start=1):
        sheet.put(row, 0, f"META.{key}", look.HIDDEN_TEXT)
        sheet.put(row, 1, key.lower(), look.HIDDEN_TEXT)
        sheet.put(row, 2, value, look.HIDDEN_TEXT)
