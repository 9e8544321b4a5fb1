"""Owns the use case *check*: what a campaign is worth before anything is issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

import numpy as np

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.app.issue import issue_findings
from canevas_xl.app.lateness import PAST_AFTER_ISSUE
from canevas_xl.app.subjects import Ground, open_campaign
from canevas_xl.award.cost import prices_impact
from canevas_xl.award.weights import Market, weighed
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.impact.assess import assess, reference_answers
from canevas_xl.impact.figures import by_controller, total, who_decides
from canevas_xl.impact.plausible import plausible_offers
from canevas_xl.impact.verdict import verdict_before_issue
from canevas_xl.intake.answers import read_answers
from canevas_xl.intake.judge import judge_answers
from canevas_xl.intake.structure import sheet_name
from canevas_xl.model.answer import Answers
from canevas_xl.model.campaign import Campaign, CriterionKind, Lot, Measure, every_criterion, leaves
from canevas_xl.model.expression import Partial
from canevas_xl.model.impact import Burden, Fitness, PlausibleOffers, Verdict
from canevas_xl.model.note import EffectiveWeight
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import CLIMATE, ControlledBy
from canevas_xl.report.scores import answered_numbers, yearly_energy
from canevas_xl.rules.effort import largest_effort

UNWEIGHABLE = "A201"
DRAWS = 200
"""Plausible offers drawn per lot: enough for two digits, quick enough to be waited for."""


@dataclass(frozen=True, slots=True)
class LotReport:
    """What one lot is worth."""

    lot: Lot
    reference_file: str
    """The canvas that the reference was read from; empty for the template's generic scenario."""
    reference: Partial
    """kg CO2 eq. per functional unit: what is known, and how many lines are not."""
    shares: Mapping[ControlledBy, float]
    """Who decides what share of the reference, 0 to 1."""
    amounts: Mapping[ControlledBy, Partial]
    """The same in kg CO2 eq. per functional unit."""
    weights: tuple[EffectiveWeight, ...]
    draws: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What one campaign is worth; without a campaign, only the findings say why it cannot be read."""

    ground: Ground
    campaign: Campaign | None
    burden: Burden | None
    lots: tuple[LotReport, ...]
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Say whether the campaign cannot be issued."""
        return any(finding.blocks for finding in self.findings)

    @property
    def doubted(self) -> bool:
        """Say whether there is something to read before issuing."""
        return any(finding.kind.severity is Severity.DOUBT for finding in self.findings)

    @property
    def issued(self) -> bool:
        """Say whether the deadline is past and everything was issued before it."""
        return any(finding.code == PAST_AFTER_ISSUE for finding in self.findings)


def check_campaign(folder: CampaignFolder, now: datetime) -> CheckReport:
    """Read the campaign back and judge it: findings, burden, who decides what, real weights, verdict on the data.

    Raises:
        WrongUse: there is no campaign in the folder.
        Fault: a file cannot be read.
    """
    opened = open_campaign(folder, now)
    campaign = opened.campaign
    if campaign is None:
        return CheckReport(opened.ground, None, None, (), opened.findings)
    findings = list(opened.findings)
    reports = []
    for lot in campaign.lots:
        checked = _lot(folder, opened.ground, campaign, lot, now)
        reports.append(checked.value)
        # What cannot be weighed follows from what was said already.
        told = [one for one in checked.findings if one.code != UNWEIGHABLE or not opened.blocked]
        findings += [_on_criteria(one, lot, opened.language) for one in (*told, *_weak_criteria(checked.value))]
    findings += issue_findings(folder, opened, now)
    asked = [choice.code for choice in campaign.items if choice.asked]
    sums = largest_effort(opened.ground.loaded.template, asked, campaign.lots) if campaign.lots else None
    return CheckReport(opened.ground, campaign, sums, tuple(reports), tuple(findings))


def _lot(folder: CampaignFolder, ground: Ground, campaign: Campaign, lot: Lot, now: datetime) -> Checked[LotReport]:
    template, factors = ground.loaded.template, ground.factors
    read = _reference(folder, ground, lot)
    impacts = assess(template, lot, read.value, (factors, ground.method))
    offers = plausible_offers(template, lot, factors, count=DRAWS)
    market = _market(template, campaign, lot, offers)
    weights = weighed(lot.criteria, market)
    path = folder.reference(lot.number)
    report = LotReport(
        lot=lot,
        reference_file=path.name if path.exists() else "",
        reference=total(impacts),
        shares=who_decides(impacts),
        amounts=by_controller(impacts),
        weights=weights.value,
        draws=len(offers.answers),
        verdict=verdict_before_issue(template, impacts, offers, factors, now.date()),
    )
    return Checked(report, read.findings + weights.findings)


def _market(template: Template, campaign: Campaign, lot: Lot, offers: PlausibleOffers) -> Market:
    """Give plausible offers their prices: around the estimated amount, shared evenly between lots."""
    costing = lot.costing
    items = {one.item for one in leaves(lot.criteria) if one.item}
    answered_by = [answered_numbers(template, lot, answers, items) for answers in offers.answers] if items else []
    measured = {Measure.IMPACT: offers.impacts[CLIMATE]}
    if costing is not None and costing.energy:
        measured[Measure.ENERGY] = np.array([yearly_energy(lines, costing) for lines in offers.inventories])
    return Market(
        impacts=offers.impacts,
        price_spread=campaign.price_spread,
        mean_price=campaign.amount / len(campaign.lots) if campaign.amount else None,
        costing=costing,
        measures=MappingProxyType(measured),
        answers=MappingProxyType({item: np.array([one[item] for one in answered_by]) for item in items}),
    )


def _weak_criteria(report: LotReport) -> list[Finding]:
    """C170: the data orient the need, and yet a criterion separates offers by them."""
    if report.verdict.fitness is Fitness.CHOOSE:
        return []
    costing = report.lot.costing
    judged = [
        one
        for one in leaves(report.lot.criteria)
        if one.kind is CriterionKind.IMPACT or prices_impact(one.kind, costing)
    ]
    return [found("C170", Place(key=one.code), criterion=one.label, weight=one.weight) for one in judged]


def _on_criteria(one: Finding, lot: Lot, language: str) -> Finding:
    """Give the sheet on which a criterion is mended to a finding that knows its code only."""
    if one.place.sheet or one.place.key not in {criterion.code for criterion in every_criterion(lot.criteria)}:
        return one
    return replace(one, place=Place(sheet=sheet_name("CRIT", language), key=f"lot {lot.number}"))


def _reference(folder: CampaignFolder, ground: Ground, lot: Lot) -> Checked[Answers]:
    """Read and judge the buyer's own canvas like any return; without one, the template's scenario stands in."""
    path = folder.reference(lot.number)
    if not path.exists():
        return Checked(MappingProxyType(dict(reference_answers(ground.loaded.template))))
    read = read_answers(read_cells(path), ground.loaded)
    return read.with_findings(judge_answers(ground.loaded, read.value, lot, evidence=False))
