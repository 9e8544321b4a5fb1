"""Owns the comparison of answers across offers: what stands far from the others is doubted, never corrected.

Robust: the median and its deviation do not follow the value that is wrong. Only what is told of a supplier's own value
leaves here: neither the message nor its facts say anything of the others, and more offers do not change them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from statistics import median
from typing import Final

from canevas_xl import resources
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.intake.answers import fields_by_key
from canevas_xl.intake.labels import label, unit_words
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Lot
from canevas_xl.model.offer import Offer, OfferKey
from canevas_xl.model.template import Field, FieldType, LoadedTemplate
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse
from canevas_xl.rules.scope import Scope, build_scope, row_scope

FEWEST: Final = 4
"""Offers below which nobody can say who is far from whom."""
FAR: Final = 3.5
"""Robust deviations from the median."""
NORMAL: Final = 1.4826
"""The median deviation of a normal variable is its standard deviation over this."""
LEAST_RATIO: Final = 3.0
"""Times the median, or a third of it: nearer than that nothing is far, however alike the others are."""
SLIP: Final = (400.0, 2500.0)
"""Times the median: between these a slip of a thousand is likely."""


def outliers(loaded: LoadedTemplate, lot: Lot, offers: Sequence[Offer]) -> Iterator[tuple[OfferKey, Finding]]:
    """Compare each number with those of the other offers of a lot: R350 far, R351 about a thousand times off.

    Args:
        loaded: the template as it was issued.
        lot: the need.
        offers: of that lot; variants stand beside base offers.
    """
    given = {one.key: one.answers for one in offers}
    scopes = {one.key: build_scope(loaded.template, one.answers, lot.parameters, lot.rows) for one in offers}
    for key, field in fields_by_key(loaded.template):
        if field.type not in {FieldType.NUMBER, FieldType.INTEGER} or field.fixed_by_buyer:
            continue
        sizes = {one.key: _size(loaded, field, key, one, scopes[one.key]) for one in offers}
        for offer, code, way in _far({k: size for k, size in sizes.items() if size is not None}):
            yield offer, _finding(loaded, field, given[offer][key], code, way)


def _size(loaded: LoadedTemplate, field: Field, key: str, offer: Offer, scope: Scope) -> float | None:
    """What is compared: a positive number, per what the template says it depends on."""
    answer = offer.answers.get(key)
    if answer is None or not isinstance(answer.value, float | int) or answer.value <= 0:
        return None
    if field.per is None:
        return float(answer.value)
    row = key.rpartition(".")[0]
    table = next((one.code for one in loaded.template.tables if row in one.rows), None)
    around = row_scope(scope, table, row) if table and row in scope.tables.get(table, {}) else scope
    per = evaluate(parse(field.per), around)
    known = isinstance(per, float | int) and not isinstance(per, bool) and per > 0
    return float(answer.value) / float(per) if known and isinstance(per, float | int) else None


def _far(sizes: Mapping[OfferKey, float]) -> Iterator[tuple[OfferKey, str, str]]:
    """Offers whose size is far from the median: code, and ``high`` or ``low``."""
    suppliers = {key.supplier for key in sizes}
    if len(suppliers) < FEWEST:
        return
    logs = {key: log(size) for key, size in sorted(sizes.items())}
    middle = median(logs.values())
    spread = NORMAL * median(abs(one - middle) for one in logs.values())
    limit = max(FAR * spread, log(LEAST_RATIO))
    for key, one in logs.items():
        away = abs(one - middle)
        if away > limit:
            slipped = log(SLIP[0]) <= away <= log(SLIP[1])
            yield key, "R351" if slipped else "R350", "high" if one > middle else "low"


def _finding(loaded: LoadedTemplate, field: Field, answer: Answer, code: str, way: str) -> Finding:
    sheet, _, cell = answer.cell.rpartition(" ")
    facts: dict[str, object] = {
        "label": label(loaded, answer.key), "value": answer.value, "unit": unit_words(field.unit),
    }  # fmt: skip
    if code == "R351":
        facts["way"] = {one: resources.texts("requests", one)[f"way_{way}"] for one in resources.LANGUAGES}
    return found(code, Place(sheet=sheet, cell=cell, key=answer.key), **facts)


def same_answers(offers: Iterable[Offer], fewest: int = 3) -> Iterator[tuple[Offer, Offer, int]]:
    """Pairs of offers by different suppliers on one lot that give the same answers, with how many.

    Args:
        offers: of any lots.
        fewest: answers that must be given for their being the same to mean something.
    """
    first: dict[tuple[int, tuple[tuple[str, object], ...]], Offer] = {}
    for one in offers:
        given = tuple(sorted((key, answer.value) for key, answer in one.answers.items() if answer.value is not None))
        if len(given) < fewest:
            continue
        other = first.setdefault((one.key.lot, given), one)
        if other.key.supplier != one.key.supplier:
            yield other, one, len(given)
