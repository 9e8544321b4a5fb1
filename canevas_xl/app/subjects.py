"""Owns the gathering: from a template's reference or a campaign's folder to the subjects that canvases are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.templates import find_template, load_template
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Checked, Finding
from canevas_xl.intake.campaign import read_campaign
from canevas_xl.model.campaign import Campaign, Lot
from canevas_xl.model.canvas import Subject
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import LoadedTemplate


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


def open_campaign(folder: CampaignFolder, now: datetime) -> OpenCampaign:
    """Read ``campagne.xlsx``.

    Raises:
        WrongUse: X108, there is no campaign in the folder.
        Fault: the file cannot be read, or its template is not one of ours.
    """
    if not folder.workbook.exists():
        raise WrongUse("X108", path=str(folder.path))
    workbook = read_cells(folder.workbook)
    reference = dict(workbook.properties).get("canevas-template", "")
    found = ground(reference)
    read: Checked[Campaign | None] = read_campaign(workbook, found.loaded, now)
    return OpenCampaign(found, read.value, read.findings)
