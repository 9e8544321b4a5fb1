"""Owns the gathering: from a template's reference or a campaign's folder to the subjects that canvases are made of."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from canevas_xl.adapters.store.files import refuse_held
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.shelves import factor_set, factor_sets, numbered
from canevas_xl.adapters.store.templates import find_template, load_template
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.lateness import told_late
from canevas_xl.canvas.campaign import TEMPLATE_PROPERTY
from canevas_xl.canvas.families import answered
from canevas_xl.canvas.freeze import reachable_processes
from canevas_xl.canvas.replace import replaced, sets_named
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.impact.releases import release_before
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
    previous: FactorSet | None = None
    """The same processes in the release before, where a campaign was opened and one is there."""

    def subject(self, campaign: Campaign, lot: Lot) -> Subject:
        """Give what the canvases of one lot are made of."""
        texts = MappingProxyType(dict(self.loaded.texts))
        return Subject(campaign, lot, self.loaded.template, texts, self.factors, self.method, self.previous)


def ground(reference: str) -> Ground:
    """Load a shipped template (``id`` or ``id@version``), its factor set and its method.

    Raises:
        WrongUse: no such template.
        Fault: X107, the shipped template is broken.
    """
    checked = load_template(find_template(reference))
    if checked.value is None or checked.blocked:
        raise Fault("X107", template=reference, codes=sorted({finding.code for finding in checked.findings}))
    factors = factor_set(checked.value.template.factor_set)
    template = answered(checked.value.template, factors)
    return Ground(replace(checked.value, template=template), factors, shipped_method(template.method))


def _settled_ground(found_ground: Ground, campaign: Campaign) -> Checked[Ground]:
    """Give the ground with the factors that the campaign replaces, and with the release before.

    Raises:
        Fault: F009, F113, a set that a replacement names is damaged.
    """
    known = {one.reference for one in factor_sets()}
    others = {name: factor_set(name) for name in sets_named(campaign.replacements) if name in known}
    template = found_ground.loaded.template
    checked = replaced(found_ground.factors, template, campaign.replacements, others)
    reachable = [one for one in reachable_processes(template) if one in checked.value.processes]
    before = release_before(checked.value, reachable, _earlier(found_ground.factors))
    return Checked(replace(found_ground, factors=checked.value, previous=before), checked.findings)


def _earlier(factors: FactorSet) -> list[FactorSet]:
    """Load the other sets in which an earlier release may stand; a later release of the same set is none."""
    sets = []
    for one in factor_sets():
        if one.id == factors.id and numbered(one.version) >= numbered(factors.version):
            continue
        with suppress(Fault):  # a damaged set lends nothing; `factors check` says what is wrong with it
            sets.append(factor_set(one.reference))
    return sets


def _located_on(findings: Iterable[Finding], located: Located) -> tuple[Finding, ...]:
    """Give the cell to findings that know their row by its key."""
    spots = {key: spot for (key, code), spot in located.spots.items() if code == "PROCESS"}
    return tuple(replace(one, place=spots[one.place.key].place) if one.place.key in spots else one for one in findings)


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
        settled = _settled_ground(found_ground, read.value)
        found_ground = settled.value
        findings += _located_on(settled.findings, located)
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
