"""Owns the use case *demo*: the whole loop on a shipped example, with real factors and five invented returns.

The returns are the issued canvases, filled as data says and sealed with the tokens that were issued; one of them is
tampered with. They are collected, consolidated and scored like any others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.sample_offers import SampleOffer, sample_offers
from canevas_xl.adapters.store.samples import sample_campaign
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.app.collect import Collected, collect
from canevas_xl.app.consolidate import consolidate_campaign
from canevas_xl.app.copies import IssuedCopy
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.new import EXAMPLE_CODE, campaign_plan, new_campaign
from canevas_xl.app.results import write_results
from canevas_xl.app.score import CampaignScores, issued_records, score_consolidation
from canevas_xl.app.subjects import ground, open_campaign
from canevas_xl.canvas.fill import fill
from canevas_xl.canvas.freeze import FrozenRecord
from canevas_xl.canvas.seal import read_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign_keys import offer_key
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.plan import CellPlan, WorkbookPlan
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import Origin
from canevas_xl.rules.effort import answered
from canevas_xl.rules.spreadsheet import recalculated

ISSUED_BEFORE = timedelta(days=37)
"""The example's deadline is 35 days after its issue, and so two days before the demo is run."""
RETURNED_BEFORE = timedelta(days=7)
STEPS = ("new", "issue", "fill", "collect", "prices", "consolidate", "score", "results")
"""In order."""
Step = Callable[[str], None]
"""Told the name of each step when it begins."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What the loop gave."""

    folder: CampaignFolder
    collected: Collected
    scores: CampaignScores
    files: tuple[Path, ...]
    """Results first."""


def run_demo(folder: CampaignFolder, template: str, language: str, now: datetime, step: Step = lambda _: None) -> Demo:
    """Run the whole loop in a folder.

    Raises:
        WrongUse: no such template, or it ships no example; or the folder holds a campaign already.
        Fault: the folder cannot be written.
    """
    then = now - ISSUED_BEFORE
    step("new")
    declared = ground(template).loaded.template
    reference = f"{declared.id}@{declared.version}"
    samples = sample_offers(reference)
    new_campaign(reference, folder.path, then, language=language, example=True)
    step("issue")
    issued = issue_campaign(folder, then)
    step("fill")
    returns = folder.path / "retours-exemple"
    record = issued_records(folder)[1]
    campaign = open_campaign(folder, then).campaign
    languages = {one.code: one.language for one in campaign.suppliers} if campaign else {}
    for sample in samples:
        name, data = filled_return(record, sample, issued.copies, languages[sample.supplier])
        write_atomically(returns / name, data)
    step("collect")
    collected = collect(folder, [returns], now, received=now - RETURNED_BEFORE)
    step("prices")
    typed = {**sample_campaign(reference, language, then.date()), **dict(_bids(samples))}
    plan = campaign_plan(ground(reference), EXAMPLE_CODE, language, then.date(), typed)
    write_atomically(folder.workbook, workbook_bytes(plan))
    step("consolidate")
    consolidated = consolidate_campaign(folder, now)
    step("score")
    scores = score_consolidation(folder, consolidated.consolidation, now)
    step("results")
    return Demo(folder, collected, scores, write_results(folder, scores))


def _bids(samples: Iterable[SampleOffer]) -> Iterable[tuple[tuple[str, str], float | str]]:
    """Give what the buyer types on *Prix et notes*."""
    for place, sample in enumerate(samples, 1):
        key = offer_key(place)
        yield (key, "SUPPLIER"), sample.supplier
        yield (key, "LOT"), 1.0
        yield (key, "VARIANT"), float(sample.variant)
        yield (key, "PRICE"), sample.price
        for n, note in enumerate(sample.notes, 1):
            yield (key, f"N{n}"), note


def filled_return(
    record: FrozenRecord, sample: SampleOffer, copies: Iterable[IssuedCopy], language: str
) -> tuple[str, bytes]:
    """Fill an issued canvas as a sample says; give the name and the bytes of the file that comes back.

    Raises:
        StopIteration: no canvas was issued to the sample's supplier.
    """
    copy = next(one for one in copies if _supplier(one) == sample.supplier)
    answers = _answers(record.subject.template, sample)
    canvas = Canvas(record.subject, language, record.fingerprint, MappingProxyType(answers))
    identity: Mapping[tuple[str, str], float | str] = {
        ("ID.NAME", "VALUE"): copy.supplier,
        ("ID.SIRET", "VALUE"): sample.siret,
        ("ID.SIGNATORY", "VALUE"): sample.signatory,
        ("ID.VARIANT", "VALUE"): float(sample.variant),
        ("ID.ATTEST", "VALUE"): "OUI",
        ("ID.CONSENT", "VALUE"): "OUI",
    }
    plan = recalculated(_tampered(fill(plan_canvas(canvas), identity), sample.tamper))
    values = {"token": copy.token, "supplier": copy.supplier, "supplier_code": sample.supplier}
    data = Stencil.from_bytes(workbook_bytes(plan)).copy(values)
    suffix = f"_V{sample.variant}.xlsx" if sample.variant else ".xlsx"
    return copy.path.stem + suffix, data


def _supplier(copy: IssuedCopy) -> str:
    token = read_token(copy.token)
    return token.supplier if token else ""


def _answers(template: Template, sample: SampleOffer) -> dict[str, Answer]:
    scored = {one.field.code for one in answered(template) if one.field.scored}
    given = {}
    for key, value in sample.answers.items():
        evidenced = key.rpartition(".")[2] in scored
        evidence = "" if key in sample.without_evidence or not evidenced else f"Annexe {key}"
        given[key] = Answer(key, value, Origin.DOCUMENT if evidenced else None, evidence)
    return given | {key: Answer(key, None, Origin.NOT_KNOWN) for key in sample.unknown}


def _tampered(plan: WorkbookPlan, changes: Mapping[str, float]) -> WorkbookPlan:
    """Change locked parameters, as somebody might who takes the protection off."""
    if not changes:
        return plan
    sheets = []
    for sheet in plan.sheets:
        rows = {cell.row: str(cell.content) for cell in sheet.cells if cell.column == 0 and cell.content in changes}
        cells = tuple(_changed(cell, rows, changes) for cell in sheet.cells)
        sheets.append(replace(sheet, cells=cells))
    return replace(plan, sheets=tuple(sheets))


def _changed(cell: CellPlan, rows: Mapping[int, str], changes: Mapping[str, float]) -> CellPlan:
    if cell.row in rows and isinstance(cell.content, float):
        return replace(cell, content=changes[rows[cell.row]])
    return cell
