"""What the data can carry, said before issue."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import pytest

from canevas_xl import resources
from canevas_xl.impact.assess import assess, generic_lot, reference_answers
from canevas_xl.impact.difference import difference, half_width
from canevas_xl.impact.plausible import plausible_offers
from canevas_xl.impact.verdict import advice_on, verdict_before_issue
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Fitness, Reason, Verdict
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template

TODAY = date(2026, 11, 1)


def judged(template: Template, factors: FactorSet, method: Method, count: int = 120) -> Verdict:
    lot = generic_lot(template)
    reference = assess(template, lot, reference_answers(template), (factors, method))
    offers = plausible_offers(template, lot, factors, count)
    return verdict_before_issue(template, reference, offers, factors, TODAY)


def facts(verdict: Verdict, code: str) -> dict[str, object]:
    return next(dict(reason.facts) for reason in verdict.reasons if reason.code == code)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def test_school_meals_can_be_chosen_when_menus_differ_by_about_ten_per_cent(
    shipped: Callable[[str], Template], starter: FactorSet, method: Method
) -> None:
    verdict = judged(shipped("restauration-scolaire"), starter, method)
    assert verdict.fitness is Fitness.CHOOSE
    assert facts(verdict, "sound_difference")["threshold"] == pytest.approx(10, abs=2)
    assert facts(verdict, "supplier_decides_little")["supplier"] == pytest.approx(22, abs=1)


@pytest.mark.parametrize("name", ["mobilier-bureau", "informatique-postes"])
def test_furniture_and_computers_orient_the_need_but_do_not_separate_offers(
    shipped: Callable[[str], Template], starter: FactorSet, method: Method, name: str
) -> None:
    verdict = judged(shipped(name), starter, method)
    assert verdict.fitness is Fitness.ORIENT
    assert codes(verdict)[0] == "weak_difference"


def test_a_whole_product_on_a_factor_uncertain_by_half_never_separates_new_models(
    shipped: Callable[[str], Template], starter: FactorSet, method: Method
) -> None:
    assert facts(judged(shipped("informatique-postes"), starter, method), "weak_difference")["uncertain"] > 80


def test_age_is_said_and_not_punished(shipped: Callable[[str], Template], starter: FactorSet, method: Method) -> None:
    old = judged(shipped("mobilier-bureau"), starter, method)
    assert facts(old, "validity_passed")["percent"] > 50
    fresh = dataclasses.replace(
        starter, processes={k: dataclasses.replace(p, valid_until=None) for k, p in starter.processes.items()}
    )
    new = judged(shipped("mobilier-bureau"), fresh, method)
    assert "validity_passed" not in codes(new)
    assert new.fitness is old.fitness


def test_missing_coverage_is_insufficient(tiny: Template, tiny_factors: FactorSet, method: Method) -> None:
    factors = {**tiny_factors.factors, ("T-TRAIN", "total"): (None,) * 16}
    verdict = judged(tiny, dataclasses.replace(tiny_factors, factors=factors), method)
    assert verdict.fitness is Fitness.INSUFFICIENT
    assert codes(verdict)[0] == "coverage_missing"


def test_an_incomplete_reference_is_insufficient(tiny: Template, tiny_factors: FactorSet, method: Method) -> None:
    holed = tiny.model_copy(update={"reference": {k: v for k, v in tiny.reference.items() if k != "FOOD"}})
    verdict = judged(holed, tiny_factors, method)
    assert verdict.fitness is Fitness.INSUFFICIENT
    assert facts(verdict, "reference_incomplete") == {"lines": 1}


def test_a_reference_on_stand_ins_is_insufficient(tiny: Template, tiny_factors: FactorSet, method: Method) -> None:
    flows = tuple(flow.model_copy(update={"proxy": True}) for flow in tiny.flows)
    verdict = judged(tiny.model_copy(update={"flows": flows}), tiny_factors, method)
    assert verdict.fitness is Fitness.INSUFFICIENT
    assert codes(verdict)[0] == "reference_on_weak_data"


def test_sound_data_are_fit_to_choose(tiny: Template, tiny_factors: FactorSet, method: Method) -> None:
    assert judged(tiny, tiny_factors, method).fitness is Fitness.CHOOSE


def test_offers_that_hardly_differ_cannot_be_separated(tiny: Template, tiny_factors: FactorSet, method: Method) -> None:
    narrow = {"min": 2.0, "max": 2.01}
    fields = tuple(f.model_copy(update={"plausible": type(f.plausible)(**narrow)}) for f in tiny.fields)
    columns = tuple(c.model_copy(update={"plausible": type(c.plausible)(**narrow)}) for c in tiny.tables[0].columns)
    tables = (tiny.tables[0].model_copy(update={"columns": columns}),)
    verdict = judged(tiny.model_copy(update={"fields": fields, "tables": tables}), tiny_factors, method)
    assert verdict.fitness is Fitness.ORIENT
    assert codes(verdict)[0] == "offers_alike"


def test_without_plausible_offers_the_need_can_still_be_oriented(
    tiny: Template, tiny_factors: FactorSet, method: Method
) -> None:
    verdict = judged(tiny, tiny_factors, method, count=1)
    assert verdict.fitness is Fitness.ORIENT
    assert codes(verdict)[0] == "no_plausible_offers"


def test_offers_without_any_impact_have_no_difference(tiny: Template, tiny_factors: FactorSet) -> None:
    nothing = tiny.model_copy(update={"flows": ()})
    offers = plausible_offers(nothing, generic_lot(tiny), tiny_factors, count=5)
    assert offers.impacts["cch"].tolist() == [0.0] * 5
    assert difference(offers, tiny_factors) is None


def test_identical_offers_have_a_difference_of_nothing(tiny: Template, tiny_factors: FactorSet) -> None:
    drawn = plausible_offers(tiny, generic_lot(tiny), tiny_factors, count=2)
    twice = dataclasses.replace(
        drawn, inventories=drawn.inventories[:1] * 3, impacts={"cch": drawn.impacts["cch"][[0, 0, 0]]}
    )
    gap = difference(twice, tiny_factors)
    assert gap is not None
    assert (gap.on_weak, gap.spread) == (0.0, 0.0)


def test_floors_hold_for_whole_products_and_stand_ins(starter: FactorSet) -> None:
    laptop, steel, beef = (starter.processes[p] for p in ("BC-27002", "BC-26729", "AGB32-6111"))
    precise = dataclasses.replace(laptop, uncertainty_percent=10.0)
    assert half_width(precise, proxy=False) == 30
    assert half_width(laptop, proxy=False) == 50
    assert half_width(steel, proxy=False) == 10
    assert half_width(steel, proxy=True) == 50
    assert half_width(beef, proxy=False) is None


def test_what_both_offers_share_does_not_count_in_their_difference(tiny: Template, tiny_factors: FactorSet) -> None:
    fields = tuple(
        f.model_copy(update={"plausible": type(f.plausible)(min=2.0, max=2.0)}) if f.code in {"FOOD", "LIFE"} else f
        for f in tiny.fields
    )
    flows = tuple(flow.model_copy(update={"proxy": flow.code == "food"}) for flow in tiny.flows)
    same_food = tiny.model_copy(update={"fields": fields, "flows": flows})
    gap = difference(plausible_offers(same_food, generic_lot(tiny), tiny_factors, 50), tiny_factors)
    assert gap is not None
    assert gap.on_proxies == pytest.approx(0, abs=1e-12)


def test_every_reason_and_fitness_is_worded_in_both_languages_with_its_facts(
    shipped: Callable[[str], Template], starter: FactorSet, method: Method
) -> None:
    verdicts = [judged(shipped(name), starter, method, 40) for name in ("restauration-scolaire", "mobilier-bureau")]
    for language in resources.LANGUAGES:
        texts = resources.texts("verdict", language)
        assert all(f"fitness.{fitness}" in texts and f"what_to_do.{fitness}" in texts for fitness in Fitness)
        assert "what_to_do.choose_little" in texts
        for verdict in verdicts:
            for reason in verdict.reasons:
                assert texts[f"reason.{reason.code}"].format_map(dict(reason.facts))
    assert set(resources.texts("verdict", "fr")) == set(resources.texts("verdict", "en"))


def test_no_criterion_is_advised_where_candidates_decide_next_to_nothing() -> None:
    little, much = Reason("supplier_decides_little", ()), Reason("supplier_decides", ())
    assert advice_on(Verdict(Fitness.CHOOSE, (much,))) == "choose"
    assert advice_on(Verdict(Fitness.CHOOSE, (little,))) == "choose_little"
    assert advice_on(Verdict(Fitness.ORIENT, (little,))) == "orient"


@pytest.mark.parametrize(("language", "data", "weight"), [("fr", "données", "poids"), ("en", "data", "weight")])
def test_where_little_is_at_stake_the_advice_tells_the_data_from_the_weight(
    language: str, data: str, weight: str
) -> None:
    """The data may be fit to choose while the specification can do more: one sentence for each, so that both agree."""
    said = resources.texts("verdict", language)["what_to_do.choose_little"]
    assert said.index(data) < said.index(weight)
