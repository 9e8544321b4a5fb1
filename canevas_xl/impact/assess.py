"""Owns the whole way from answers to impacts, for one offer and for the reference scenario of a template."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

from canevas_xl.impact.characterise import characterise
from canevas_xl.impact.inventory import inventory
from canevas_xl.model.answer import Answers, answers_of
from canevas_xl.model.campaign import Lot
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import Origin
from canevas_xl.rules.scope import build_scope


def assess(
    template: Template,
    lot: Lot,
    answers: Answers,
    data: tuple[FactorSet, Method],
    missing: Literal["unknown", "default"] = "unknown",
) -> Impacts:
    """Give the impacts of one offer.

    Args:
        template: what was asked.
        lot: the need: parameters, and what the buyer fixed in tables.
        answers: by key.
        data: factors and method, as frozen at issue.
        missing: ``default`` when offers are scored: silence gets the published default.
    """
    factors, method = data
    scope = build_scope(template, answers, lot.parameters, lot.rows, missing=missing)
    return characterise(inventory(template, scope), template, factors, method)


def generic_lot(template: Template) -> Lot:
    """Give the need of the template's reference: its parameters' defaults, and the columns that buyers fix."""
    fixed = {column.code for table in template.tables for column in table.columns if column.fixed_by_buyer}
    rows = {key: value for key, value in template.reference.items() if key.rpartition(".")[2] in fixed}
    parameters = MappingProxyType({parameter.code: parameter.default for parameter in template.parameters})
    return Lot(1, "", parameters, MappingProxyType(rows))


def reference_answers(template: Template) -> Answers:
    """Give the answers of the template's reference, as estimates."""
    lot = generic_lot(template)
    return answers_of({k: v for k, v in template.reference.items() if k not in lot.rows}, Origin.ESTIMATED)
