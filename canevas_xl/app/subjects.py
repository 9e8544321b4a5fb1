"""Owns the gathering: from a template's reference or a campaign's folder to the subjects that canvases are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.files import refuse_held
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.templates import find_template, load_template
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.lateness import told_late
from canevas_xl.canvas.campaign import TEMPLATE_PROPERTY
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.intake.campaign import read_campaign, written_in
from canevas_xl.intake.locate import Located, locate
from canevas_xl.model.campaign import Campaign, Lot
from canevas_xl.model.campaign_keys import consultation_key
from canevas_xl.model.canvas import Subject
from canevas_xl.model.cells import Workbook
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import LoadedTemplate
from canevas_xl.resources import LANGUAGES


@dataclass(frozen=True, slots=True)
class Ground:
    """A template with the factors and the method that it names."""

    loaded: LoadedTemplate
    factors: FactorSet
    method: Method

    def subject(self, campaign: Campaign, lot: Lot) -> Subject:
        """Give what the canvases of one lot are made of."""
        texts = MappingProxyType(dict(self.loaded.texts))
        return Subject(campaign, lot, self.loaded.template, texts, self.factors, self.method)


def ground(reference: str) -> Ground:
    """Load a shipped template (``id`` or ``id@version``), its factor set and its method.

    Raises:
        WrongUse: no such template.
        Fault: X107, the shipped template is broken.
    """
    checked = load_template(find_template(reference))
    if checked.value is None or checked.blocked:
        raise Fault("X107", template=reference, codes=sorted({finding.code for finding in checked.findings}))
    template = checked.value.template
    return Ground(checked.value, shipped_factor_set(template.factor_set), shipped_method(template.method))


@dataclass(frozen=True, slots=True)
class OpenCampaign:
    """A campaign folder as it was found: the ground is None when its template cannot be told."""

    ground: Ground
    campaign: Campaign | None
    findings: tuple[Finding, ...]
    language: str = LANGUAGES[0]
    """In which the workbook was made, and its sheets are called."""

    @property
    def blocked(self) -> bool:
        """Say whether something must be mended before the campaign can be issued."""
        return any(finding.blocks for finding in self.findings)


def open_campaign(folder: CampaignFolder, now: datetime) -> OpenCampaign:
    """Read ``campagne.xlsx``, as it was last saved.

    Raises:
        WrongUse: X101, there is no such folder; X108, there is no campaign in it; X114, its workbook is another's.
        Fault: the file cannot be read, or its template is not one of ours.
    """
    if not folder.path.is_dir():
        raise WrongUse("X101", path=str(folder.path))
    if not folder.workbook.exists():
        raise WrongUse("X108", path=str(folder.path))
    workbook = read_cells(folder.workbook)
    located = locate(workbook)
    found_ground = ground(_template_of(workbook, located, folder))
    read: Checked[Campaign | None] = read_campaign(workbook, found_ground.loaded, now)
    findings = read.findings
    if read.value is not None:
        subjects = tuple(found_ground.subject(read.value, lot) for lot in read.value.lots)
        findings = told_late(folder, findings, read.value, subjects)
    if _held(folder.workbook):
        findings += (found("C116", Place(file=folder.workbook.name)),)
    return OpenCampaign(found_ground, read.value, findings, written_in(located))


def _held(path: Path) -> bool:
    try:
        refuse_held(path)
    except Fault:
        return True
    return False


def _template_of(workbook: Workbook, located: Located, folder: CampaignFolder) -> str:
    """Find which template a campaign was made from: a property says, or a locked cell where a program lost it."""
    told = dict(workbook.properties).get(TEMPLATE_PROPERTY)
    shown = located.content(consultation_key("TEMPLATE"), "VALUE")
    if not told and not isinstance(shown, str):
        raise WrongUse("X114", path=str(folder.workbook))
    return told or str(shown)
