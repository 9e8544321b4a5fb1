"""Owns a real canvas for measures: the shipped school-meal template, as a campaign of one lot would issue it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import MappingProxyType

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.templates import find_template, load_template
from canevas_xl.canvas.workbook.plan import plan_canvas
from canevas_xl.model.campaign import Campaign, Channel, ItemChoice, Lot, RequirementChoice
from canevas_xl.model.canvas import Canvas, Subject
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import Phase

TEMPLATE = "restauration-scolaire"


def canvas_plan() -> WorkbookPlan:
    """Plan the supplier's workbook of the template, in French, in the sourcing phase (all its sheets)."""
    loaded = load_template(find_template(TEMPLATE)).value
    if loaded is None:
        raise LookupError(TEMPLATE)
    template = loaded.template
    lot = Lot(1, "Repas livrés", {one.code: one.default for one in template.parameters if one.default is not None})
    subject = Subject(
        _campaign(template, lot),
        lot,
        template,
        MappingProxyType(dict(loaded.texts)),
        shipped_factor_set(template.factor_set),
        shipped_method(template.method),
    )
    return plan_canvas(Canvas(subject, "fr", "0" * 64))


def _campaign(template: Template, lot: Lot) -> Campaign:
    return Campaign(
        code="BENCH1",
        title="Restauration scolaire",
        template=f"{template.id}@{template.version}",
        phase=Phase.SOURCING,
        procedure="",
        amount=None,
        deadline=datetime(2027, 1, 15, 11, tzinfo=UTC),
        buyer="Commune d'exemple",
        contact="Service des achats",
        email="achats@exemple.fr",
        channel=Channel.EMAIL,
        profile="",
        language="fr",
        round=1,
        erratum="",
        open_canvas=False,
        lots=(lot,),
        suppliers=(),
        items=tuple(ItemChoice(one.code, asked=True, consequence=one.consequence) for one in template.fields),
        requirements=tuple(
            RequirementChoice(one.code, "", one.kind, adjustable=one.adjustable) for one in template.requirements
        ),
        price_spread=15.0,
    )
