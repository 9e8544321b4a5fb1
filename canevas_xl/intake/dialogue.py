"""Owns the reading of what a return says beside its offer: levers, messages, feedback; never scored, stopping nothing.

Inputs are found by key, as all others. What was typed instead of a choice is kept as text: a thought is not lost for
want of a list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.finding import Checked, Finding, found
from canevas_xl.intake import parse
from canevas_xl.intake.locate import Located
from canevas_xl.intake.parse import Doubt
from canevas_xl.intake.reading import labels_of
from canevas_xl.model.dialogue import LEVERS, MESSAGES, Dialogue, Feedback, Lever, Message
from canevas_xl.model.template import LoadedTemplate
from canevas_xl.model.vocabulary import HOLDS

VALUE: Final = "VALUE"
OTHER: Final = "OTHER"
_YESNO: Final = labels_of("terms", "yesno", ("OUI", "NON"))
_MINUTES: Final = frozenset({"min", "min.", "minutes", "minute", "mn"})
_LEVER: Final = ("REQUIREMENT", "HOLD", "CHANGE", "EFFECT", "PRICE", "DELAY")
"""Columns of a lever, in the order of :class:`Lever`."""


def read_dialogue(located: Located, loaded: LoadedTemplate) -> Checked[Dialogue]:
    """Read what a canvas says beside its offer; nothing where it has no such sheets.

    Args:
        located: the inputs of the canvas.
        loaded: its template, with its words.

    Returns:
        Levers and messages in the order of their keys; R370 where an answer to *Bilan* cannot be understood.
    """
    findings: list[Finding] = []
    levers, messages = tuple(_levers(located, loaded)), tuple(_messages(located, loaded))
    return Checked(Dialogue(levers, messages, _feedback(located, loaded, findings)), tuple(findings))


def _levers(located: Located, loaded: LoadedTemplate) -> Iterator[Lever]:
    typed = {key: [_text(located, key, code) for code in _LEVER] for key in _keys("LV", LEVERS)}
    if any(map(any, typed.values())):
        codes = [one.code for one in loaded.template.requirements]
        known = _labels(loaded, "requirements", codes, "levers.other")
        for key, (requirement, hold, change, effect, price, delay) in typed.items():
            if any(typed[key]):
                choices, place = (_chosen(requirement, known), _chosen(hold, _HOLDS)), _cell(located, key, "CHANGE")
                yield Lever(key, *choices, change, effect, price, delay, place)


def _messages(located: Located, loaded: LoadedTemplate) -> Iterator[Message]:
    typed = {key: _text(located, key, "MESSAGE") for key in _keys("TH", MESSAGES)}
    if any(typed.values()):
        items = _items(loaded)
        for key, text in typed.items():
            if text:
                yield Message(key, text, _chosen(_text(located, key, "ITEM"), items), _cell(located, key, "MESSAGE"))


def _feedback(located: Located, loaded: LoadedTemplate, findings: list[Finding]) -> Feedback | None:
    typed = {number: _text(located, f"FB{number}", VALUE) for number in range(1, 6)}
    if not any(typed.values()):
        return None
    items = _items(loaded)
    minutes = parse.number(located.written("FB1", VALUE), _MINUTES)
    again = parse.choice(typed[5], _YESNO)
    for key, value in (("FB1", minutes), ("FB5", again)):
        spot = located.spot(key, VALUE)
        if isinstance(value, Doubt) and spot is not None:
            findings.append(found("R370", spot.place, text=spot.content))
    return Feedback(
        minutes=minutes if isinstance(minutes, float) and minutes >= 0 else None,
        changed=typed[2],
        useless=_chosen(typed[3], items),
        impossible=_chosen(typed[4], items),
        again=None if not again or isinstance(again, Doubt) else again == "OUI",
    )


def _keys(prefix: str, count: int) -> Iterator[str]:
    return (f"{prefix}{number:02d}" for number in range(1, count + 1))


def _text(located: Located, key: str, code: str) -> str:
    content = located.content(key, code)
    return "" if content is None else content if isinstance(content, str) else f"{content:.15g}"


def _cell(located: Located, key: str, code: str) -> str:
    spot = located.spot(key, code)
    return f"{spot.place.sheet} {spot.place.cell}" if spot else ""


def _chosen(text: str, labels: Mapping[str, str]) -> str:
    """The code of a label; the text itself where it is none."""
    return labels.get(parse.folded(text), text) if text else ""


def _items(loaded: LoadedTemplate) -> Mapping[str, str]:
    template = loaded.template
    columns = [column.code for table in template.tables for column in table.columns]
    codes = [*(field.code for field in template.fields), *columns]
    return _labels(loaded, "fields", codes, "thread.other")


def _labels(loaded: LoadedTemplate, family: str, codes: list[str], other: str) -> Mapping[str, str]:
    """Folded labels in every language, and the codes themselves, → codes; with the choice that stands last."""
    labels = {parse.folded(code): code for code in (*codes, OTHER)}
    for language, texts in loaded.texts.items():
        labels.setdefault(parse.folded(resources.texts("workbook", language)[other]), OTHER)
        for code in codes:
            label = texts.get(f"{family}.{code}.label")
            if label:
                labels.setdefault(parse.folded(label), code)
    return MappingProxyType(labels)


def _hold_labels() -> Mapping[str, str]:
    labels = {parse.folded(code): code for code in HOLDS}
    for language in resources.LANGUAGES:
        texts = resources.texts("workbook", language)
        labels |= {parse.folded(texts[f"hold.{code.lower()}"]): code for code in HOLDS}
    return MappingProxyType(labels)


_HOLDS: Final = _hold_labels()
