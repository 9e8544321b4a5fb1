"""The shipped templates as canvases, empty, half filled and full, for tests that open real workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType

from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.subjects import Ground, ground
from canevas_xl.canvas.freeze import freeze
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.impact.assess import generic_lot
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.campaign import Campaign, Channel, Lot
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.vocabulary import Origin, Phase
from canevas_xl.rules.effort import answered

TEMPLATES = ("restauration-scolaire", "mobilier-bureau", "informatique-postes")
LANGUAGES = ("fr", "en")
FILLINGS = ("empty", "half", "full", "unusual")
AS_OF = date(2026, 9, 1)
TOKEN = "CX1-TESTER-S001-L1-R1-ABCDEFGHIJKL"  # noqa: S105 - the shape of a token, sealed by nobody


@cache
def grounds(template: str) -> Ground:
    """Load a shipped template once."""
    return ground(template)


def campaign_of(template: str, phase: Phase = Phase.SOURCING, language: str = "fr") -> Campaign:
    """Give a plausible campaign without suppliers."""
    return Campaign(
        code="TESTER", title="Marché d'essai & Cie", template=template, phase=phase, procedure="p2", amount=30000.0,
        deadline=datetime(2026, 12, 15, 11, 0, tzinfo=UTC), buyer="Commune de Val-Fleuri", contact="Camille Martin",
        email="achats@val-fleuri.example", channel=Channel.EMAIL, profile="", language=language, round=1, erratum="",
        open_canvas=False, lots=(), suppliers=(), items=(), requirements=(), price_spread=10.0,
    )  # fmt: skip


def lot_of(template: str) -> Lot:
    """Give the template's generic lot; two kinds of devices for computers."""
    lot = generic_lot(grounds(template).loaded.template)
    if template == "informatique-postes":
        more = {"DEV2.Q1": "SCREEN_L", "DEV2.QTY": 30.0}
        lot = replace(lot, rows=MappingProxyType({**lot.rows, **more}))
    return replace(lot, title="Lot unique")


def answers_in(template: str, filling: str) -> Answers:
    """Give the answers of one filling, each scored one with its origin and evidence."""
    declared = grounds(template).loaded.template
    values = {key: value for key, value in declared.reference.items() if key not in lot_of(template).rows}
    if template == "informatique-postes":
        values |= {"DEV2.Q2": "NEW", "DEV2.Q3": 40.0, "DEV2.Q4": 5.0}
    scored = {one.field.code for one in answered(declared) if one.field.scored}
    full = {
        key: Answer(key, value, Origin.DOCUMENT, "Pièce 3") if key.rpartition(".")[2] in scored else Answer(key, value)
        for key, value in values.items()
    }
    if filling == "empty":
        return {}
    if filling == "half":
        return {key: answer for n, (key, answer) in enumerate(full.items()) if n % 2}
    if filling == "unusual":
        # Every third scored answer is not known, and one is contradictory.
        keys = [key for key, answer in full.items() if answer.origin]
        unknown = {key: Answer(key, None, Origin.NOT_KNOWN) for key in keys[::3]}
        contradictory = {keys[1]: replace(full[keys[1]], origin=Origin.NOT_KNOWN)}
        return {**full, **unknown, **contradictory}
    return full


def canvas_of(template: str, language: str, answers: Answers, phase: Phase = Phase.SOURCING) -> Canvas:
    """Make a canvas of a shipped template."""
    found = grounds(template)
    subject = found.subject(campaign_of(template, phase, language), lot_of(template))
    return Canvas(subject, language, freeze(subject, AS_OF).fingerprint, MappingProxyType(dict(answers)))


def copy_of(plan: WorkbookPlan, supplier: str = "Société d'essai") -> bytes:
    """Write a plan and stamp one copy."""
    values: Mapping[str, str] = {"token": TOKEN, "supplier": supplier, "supplier_code": "S001"}
    return Stencil.from_bytes(workbook_bytes(plan)).copy(values)


def planned(template: str, language: str, filling: str, phase: Phase = Phase.SOURCING) -> WorkbookPlan:
    """Plan the workbook of a shipped template in one filling."""
    return plan_canvas(canvas_of(template, language, answers_in(template, filling), phase))
