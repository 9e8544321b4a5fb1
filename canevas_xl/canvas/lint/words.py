"""Owns the checks of a template's words: present in both languages, short, safe in spreadsheets, equal to none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from canevas_xl.canvas.lint.declared import Declared, Item, words_place
from canevas_xl.findings.finding import Finding, found
from canevas_xl.model.template import FieldType, Template

LONGEST_LABEL = 90
LONGEST_HELP = 200
EXPANDED = frozenset("*?~")
"""Signs that spreadsheets read as wildcards when they look a label up."""
OBEYED = ("<", ">", "=", "+", "-", "@", "'")
"""Signs that spreadsheets obey, or swallow, at the start of a text."""
TEMPLATE_PATHS = (
    "title", "short", "purpose", "functional_unit", "functional_unit_short", "method_note", "rc_unit", "verdict",
)  # fmt: skip


def check_words(declared: Declared) -> Iterator[Finding]:
    """Run every check of this module."""
    for language in declared.texts:
        yield from check_nothing_is_missing(declared, language)
        yield from check_nothing_is_orphan(declared, language)
        yield from check_lengths(declared, language)
        yield from check_signs(declared, language)
        yield from check_choices_differ(declared, language)


def needed(template: Template, items: tuple[Item, ...]) -> Iterator[str]:
    """Every path that must have words, in each language (docs/templates.md, "Texts")."""
    yield from (f"template.{each}" for each in TEMPLATE_PATHS)
    yield from (f"perimeters.{each.code}" for each in template.perimeters)
    for part in ("parameters", "sections", "tables"):
        yield from (f"{part}.{each.code}.{word}" for each in getattr(template, part) for word in ("label", "help"))
    yield from (f"groups.{code}" for code in dict.fromkeys(each.group for each in template.parameters if each.group))
    yield from (f"lists.{each.code}.{option.code}" for each in template.lists for option in each.options)
    for item in items:
        yield from (f"fields.{item.field.code}.{word}" for word in _field_words(item))
    yield from (f"rows.{row}" for table in template.tables for row in table.rows)
    yield from (f"derived.{each.code}" for each in template.derived if each.shown)
    yield from (f"flows.{flow.code}" for flow in template.flows)
    yield from (f"flows_proxy.{flow.code}" for flow in template.flows if flow.proxy)
    yield from (f"rules.{rule.code}" for rule in template.rules)
    yield from (f"requirements.{each.code}.{word}" for each in template.requirements for word in ("label", "clause"))


def _field_words(item: Item) -> Iterator[str]:
    """What a field must say: an example where something is typed, the document where one is asked for."""
    yield from ("label", "help")
    if item.answered and item.field.type is not FieldType.CHOICE:
        yield "example"
    if item.field.evidence:
        yield "evidence"
    if item.field.default is not None and item.field.default.kind == "neutral":
        yield "why_default"


def allowed(template: Template, items: tuple[Item, ...]) -> Iterator[str]:
    """Paths that may have words without having to."""
    for item in items:
        yield from (f"fields.{item.field.code}.{word}" for word in ("example", "why_default"))
    for table in template.tables:
        yield from (f"examples.{row}.{column.code}" for row in table.rows for column in table.columns)
    yield from (f"derived.{each.code}" for each in template.derived)


def check_nothing_is_missing(declared: Declared, language: str) -> Iterator[Finding]:
    """T291 missing, T292 empty; T239, T244, T269 where a reason or a document is what is missing."""
    texts = declared.texts[language]
    for path in needed(declared.template, declared.items):
        if path in texts and texts[path].strip():
            continue
        at = words_place(language, path)
        if path.endswith(".why_default"):
            yield found("T239", at, name=path.split(".")[1])
        elif path.endswith(".evidence"):
            yield found("T244", at, name=path.split(".")[1])
        elif path.startswith("flows_proxy."):
            yield found("T269", at, flow=path.split(".")[1])
        else:
            yield found("T292" if path in texts else "T291", at, path=path)


def check_nothing_is_orphan(declared: Declared, language: str) -> Iterator[Finding]:
    """T293: words that nothing shows are a rest, or a misspelt path. Notes are numbered freely."""
    known = {*needed(declared.template, declared.items), *allowed(declared.template, declared.items)}
    for path in declared.texts[language]:
        if path not in known and not path.startswith("notes."):
            yield found("T293", words_place(language, path), path=path)


def check_lengths(declared: Declared, language: str) -> Iterator[Finding]:
    """T287: labels hold 90 characters, helps and examples 200."""
    for path, text in declared.texts[language].items():
        said = path.endswith((".help", ".example")) or path.startswith("examples.")
        limit = LONGEST_LABEL if is_label(path) else LONGEST_HELP if said else None
        if limit is not None and len(text) > limit:
            yield found("T287", words_place(language, path), length=len(text), limit=limit)


def is_label(path: str) -> bool:
    """Say whether the words stand in one cell, on one line."""
    first, *rest = path.split(".")
    return (
        path.endswith(".label")
        or (first in {"lists", "rows", "perimeters", "derived", "flows", "groups"} and bool(rest))
        or path in {"template.title", "template.short", "template.functional_unit_short", "template.rc_unit"}
    )


def check_signs(declared: Declared, language: str) -> Iterator[Finding]:
    """T285, T286, T288: nothing in labels that a spreadsheet expands, obeys or swallows; no holes in rules."""
    for path, text in declared.texts[language].items():
        at = words_place(language, path)
        if path.startswith("lists.") and (EXPANDED & set(text) or text != " ".join(text.split())):
            yield found("T285", at, text=text)
        if is_label(path) and (text.startswith(OBEYED) or any(_control(sign) for sign in text)):
            yield found("T286", at, text=text)
        if path.startswith("rules.") and ("{" in text or "}" in text):
            yield found("T288", at)


def _control(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf"}


def check_choices_differ(declared: Declared, language: str) -> Iterator[Finding]:
    """T284: spreadsheets do not tell case apart, and readers hardly accents."""
    for each in declared.template.lists:
        seen: dict[str, str] = {}
        for option in each.options:
            path = f"lists.{each.code}.{option.code}"
            label = declared.texts[language].get(path, "")
            plain = _plain(label)
            if plain and plain in seen:
                yield found("T284", words_place(language, path), text=label, other=seen[plain])
            seen.setdefault(plain, option.code)


def _plain(text: str) -> str:
    """Without accents, case and spaces around."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(sign for sign in spread if not unicodedata.combining(sign)).split())
