"""What differs from what was issued is said, field by field; what may change is not."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from rivals import record
from shipped import TEMPLATES, grounds

from canevas_xl.canvas.drift import changed_by_buyer, changed_by_release
from canevas_xl.canvas.freeze import FrozenRecord, freeze
from canevas_xl.findings.finding import Finding
from canevas_xl.model.campaign import (
    Campaign,
    Costing,
    Criterion,
    CriterionKind,
    ItemChoice,
    Lot,
    RequirementChoice,
    Supplier,
)

ISSUED = record("restauration-scolaire")


def campaign(*lots: Lot, **changes: object) -> Campaign:
    return replace(ISSUED.subject.campaign, lots=lots, **changes)


def facts(findings: tuple[Finding, ...]) -> list[tuple[str, dict[str, object]]]:
    return [(finding.code, dict(finding.facts)) for finding in findings]


def test_what_was_issued_differs_in_nothing() -> None:
    assert changed_by_buyer(ISSUED, campaign(ISSUED.subject.lot)) == ()


def test_suppliers_and_the_expected_spread_of_prices_may_change() -> None:
    more = campaign(
        ISSUED.subject.lot, suppliers=(Supplier("NEWS", "N", "n@n.example", "fr", (1,)),), price_spread=20.0
    )
    assert changed_by_buyer(ISSUED, more) == ()


def test_a_weight_a_bound_and_a_formula_are_told_apart() -> None:
    price, impact, other = ISSUED.subject.lot.criteria
    changed = (replace(price, weight=50.0, formula="F2"), replace(impact, high=1.5), other)
    said = changed_by_buyer(ISSUED, campaign(replace(ISSUED.subject.lot, criteria=changed)))
    assert [finding.code for finding in said] == ["S301", "S302", "S302"]
    assert dict(said[0].facts) == {"criterion": "Prix", "before": 60.0, "after": 50.0}
    assert dict(said[2].facts)["after"] == "F5 · impact · cch · L=0.9 · H=1.5 · =1"


def test_criteria_that_come_and_go_are_named() -> None:
    first, *others = ISSUED.subject.lot.criteria
    changed = (replace(first, code="C9", label="Autre prix"), *others)
    said = changed_by_buyer(ISSUED, campaign(replace(ISSUED.subject.lot, criteria=changed)))
    assert facts(said) == [("S303", {"criterion": "Prix"}), ("S303", {"criterion": "Autre prix"})]


def test_sub_criteria_and_what_costs_are_made_of_are_compared_too() -> None:
    price, impact, other = ISSUED.subject.lot.criteria
    parts = (replace(impact, code="A", weight=60.0), replace(other, code="B", weight=40.0))
    group = Criterion("G", "Environnement", CriterionKind.GROUP, 40.0, "", parts=parts)
    costing = Costing(years=5, discount=3.0, maintenance=True)
    lot = replace(ISSUED.subject.lot, criteria=(price, group), costing=costing)
    issued = freeze(replace(ISSUED.subject, lot=lot), ISSUED.as_of)
    assert changed_by_buyer(issued, campaign(issued.subject.lot)) == ()
    changed = replace(group, parts=(replace(parts[0], weight=70.0), parts[1]))
    said = changed_by_buyer(issued, campaign(replace(lot, criteria=(price, changed))))
    assert facts(said) == [("S301", {"criterion": "Impact", "before": 60.0, "after": 70.0})]
    fewer = replace(group, parts=parts[:1])
    assert [one.code for one in changed_by_buyer(issued, campaign(replace(lot, criteria=(price, fewer))))] == [
        "S302", "S303",
    ]  # fmt: skip
    dearer = replace(lot, costing=replace(costing, discount=4.0))
    assert facts(changed_by_buyer(issued, campaign(dearer))) == [
        ("S304", {"lot": 1, "parameter": "discount", "before": 3.0, "after": 4.0})
    ]


def test_parameters_and_what_the_buyer_fixed_in_tables() -> None:
    lot = ISSUED.subject.lot
    parameters = MappingProxyType({**lot.parameters, "N": 12000.0})
    said = changed_by_buyer(ISSUED, campaign(replace(lot, parameters=parameters)))
    assert facts(said) == [("S304", {"lot": 1, "parameter": "N", "before": 36000.0, "after": 12000.0})]
    computers = record("informatique-postes")
    rows = MappingProxyType({"DEV1.Q1": "DESKTOP", "DEV1.QTY": 10.0})
    other = replace(computers.subject.campaign, lots=(replace(computers.subject.lot, rows=rows),))
    assert [finding.code for finding in changed_by_buyer(computers, other)] == ["S304"]


def test_items_requirements_and_terms() -> None:
    said = changed_by_buyer(
        ISSUED,
        campaign(
            replace(ISSUED.subject.lot, title="Un autre lot"),
            items=(ItemChoice("K2", asked=False, consequence="default"),),
            requirements=(RequirementChoice("R1", "Plus", "minimum", adjustable=True),),
            deadline=ISSUED.subject.campaign.deadline.replace(hour=18),
        ),
    )
    assert facts(said) == [("S305", {"items": ["K2"]}), ("S306", {"terms": ["deadline", "requirements", "lot"]})]


def test_a_lot_that_is_gone() -> None:
    assert facts(changed_by_buyer(ISSUED, campaign())) == [("S307", {"lot": 1})]


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_release_that_issued_differs_in_nothing(template: str) -> None:
    issued = record(template)
    ground = grounds(template)
    now = ground.subject(issued.subject.campaign, issued.subject.lot)
    assert changed_by_release(issued, ground.loaded.template, now) == ()


def released(issued: FrozenRecord, **changes: object) -> list[tuple[str, dict[str, object]]]:
    now = replace(issued.subject, **changes)
    return facts(changed_by_release(issued, now.template, now))


def test_a_release_with_another_factor_default_or_weighting() -> None:
    factors, template, method = ISSUED.subject.factors, ISSUED.subject.template, ISSUED.subject.method
    row = factors.factors["BC-42513", "total"]
    heavier = replace(factors, factors={**factors.factors, ("BC-42513", "total"): (9.0, *row[1:])})
    assert released(ISSUED, factors=heavier) == [
        ("S308", {"set": "starter@2026.1.0", "count": 1, "processes": ["BC-42513"]})
    ]
    fewer = replace(factors, processes={k: v for k, v in factors.processes.items() if k != "BC-42513"})
    assert [code for code, _ in released(ISSUED, factors=fewer)] == ["S308"]
    silent = [one.model_copy(update={"default": None}) if one.code == "K2" else one for one in template.fields]
    other = template.model_copy(update={"fields": tuple(silent)})
    assert released(ISSUED, template=other) == [("S309", {"template": "restauration-scolaire@1.0.0", "items": ["K2"]})]
    even = replace(method, weighting=dict.fromkeys(method.weighting, 1 / 16))
    assert released(ISSUED, method=even) == [("S310", {"method": "ef-3.1"})]
