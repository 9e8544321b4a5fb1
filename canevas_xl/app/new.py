"""Owns the use case *new*: a campaign folder with the buyer's workbook and a reference canvas, ready to fill."""

from __future__ import annotations

import base64
import contextlib
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from canevas_xl.adapters.store.files import fault_of, move, refuse_held, write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.samples import sample_campaign
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.subjects import Ground, ground
from canevas_xl.canvas.campaign import plan_campaign
from canevas_xl.canvas.fill import Values, fill
from canevas_xl.canvas.freeze import freeze
from canevas_xl.canvas.seal import make_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.errors import WrongUse
from canevas_xl.impact.assess import generic_lot, reference_answers
from canevas_xl.model.campaign import Campaign, Channel
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.vocabulary import Phase
from canevas_xl.report.results import with_results
from canevas_xl.rules.spreadsheet import recalculated

REFERENCE = "REF0"
"""The buyer's own canvas is addressed to this supplier code."""
EXAMPLE_CODE = "EXEMPL"
"""The example's campaign code is constant, so that it can be remade."""
_TIME_TO_ANSWER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class NewCampaign:
    """What was made."""

    template: str
    code: str
    files: tuple[Path, ...]
    """The workbook first."""


def new_campaign(
    template: str, folder: Path, now: datetime, *, language: str, example: bool = False, force: bool = False
) -> NewCampaign:
    """Make the folder with ``campagne.xlsx`` and the reference canvas of the first lot.

    Raises:
        WrongUse: no such template, or X105, files are there already and ``force`` is not given.
        Fault: the folder cannot be written; nothing is left half-written.
    """
    place = CampaignFolder(folder)
    paths = (place.workbook, place.reference(1))
    found = ground(template)
    _expect_room(paths, force=force)
    code = EXAMPLE_CODE if example else _new_code()
    loaded = found.loaded
    reference = f"{loaded.template.id}@{loaded.template.version}"
    inputs = sample_campaign(reference, language, now.date()) if example else {}
    plan = campaign_plan(found, code, language, now.date(), inputs)
    contents = (workbook_bytes(plan), _reference_canvas(found, code, language, now))
    _put_all(place, dict(zip(paths, contents, strict=True)))
    return NewCampaign(reference, code, paths)


def campaign_plan(found: Ground, code: str, language: str, today: date, inputs: Values) -> WorkbookPlan:
    """Plan the buyer's workbook, with some inputs filled, by key and column code."""
    loaded = found.loaded
    texts = loaded.texts[language]
    plan = plan_campaign(loaded.template, texts, found.factors, language=language, code=code, today=today)
    return recalculated(with_results(fill(plan, inputs), loaded.template, texts))


def _expect_room(paths: tuple[Path, ...], *, force: bool) -> None:
    """Find out before any work that something is in the way."""
    for path in paths:
        if path.exists() and not force:
            raise WrongUse("X105", path=str(path))
        if path.exists():
            refuse_held(path)


def _put_all(place: CampaignFolder, files: Mapping[Path, bytes]) -> None:
    """Put all files in place, or none: they are written beside, and moved once all are there."""
    waiting = place.path / ".creation-en-cours"
    was_there = place.path.exists()
    try:
        if not was_there:
            place.path.mkdir()
        for path, data in files.items():
            write_atomically(waiting / path.name, data)
        for path in files:
            path.parent.mkdir(exist_ok=True)
            move(waiting / path.name, path)
    except OSError as problem:
        raise fault_of(problem, place.workbook if was_there else place.path) from problem
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
        if not was_there:
            with contextlib.suppress(OSError):  # not empty: the campaign is in it
                place.path.rmdir()


def _new_code() -> str:
    """Draw a campaign's code: six characters of ``[A-Z2-7]``."""
    return base64.b32encode(secrets.token_bytes(5)).decode()[:6]


def _reference_canvas(found: Ground, code: str, language: str, now: datetime) -> bytes:
    """Build the canvas that the buyer fills for itself, with the template's generic scenario in it."""
    template = found.loaded.template
    campaign = Campaign(
        code=code, title="", template=f"{template.id}@{template.version}", phase=Phase.SOURCING, procedure="",
        amount=None, deadline=now + _TIME_TO_ANSWER, buyer="", contact="", email="", channel=Channel.EMAIL,
        profile="", language=language, round=1, erratum="", open_canvas=False, lots=(), suppliers=(), items=(),
        requirements=(), price_spread=10.0,
    )  # fmt: skip
    subject = found.subject(campaign, generic_lot(template))
    fingerprint = freeze(subject, now.date()).fingerprint
    answers = MappingProxyType(dict(reference_answers(template)))
    stencil = Stencil.from_bytes(workbook_bytes(plan_canvas(Canvas(subject, language, fingerprint, answers))))
    # The buyer's own copy is never sent, so its seal needs no secret.
    token = make_token(code, REFERENCE, 1, 1, (b"reference", fingerprint))
    return stencil.copy({"token": str(token), "supplier": "", "supplier_code": REFERENCE})
