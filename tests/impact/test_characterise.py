"""From quantities to impacts, and the figures read from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from canevas_xl.findings.messages import message, remedy
from canevas_xl.impact import figures
from canevas_xl.impact.assess import assess, generic_lot, reference_answers
from canevas_xl.impact.characterise import coverage, totals_of_many
from canevas_xl.impact.inventory import inventory
from canevas_xl.model.answer import Answers
from canevas_xl.model.expression import Partial
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Impacts
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template
from canevas_xl.model.vocabulary import INDICATORS, ControlledBy
from canevas_xl.rules.scope import build_scope

# per year of life 2: food 1.5 kg · 3 = 4.5; steel (6 + 4)/2 kg · 2 = 10; way 0.5 t·km · 0.1 = 0.05


@pytest.fixture
def impacts(
    tiny: Template, tiny_factors: FactorSet, method: Method, answered: Callable[..., Answers]
) -> Callable[..., Impacts]:
    def of(missing: str = "unknown", **changes: float | str | None) -> Impacts:
        return assess(tiny, generic_lot(tiny), answered(**changes), (tiny_factors, method), missing)

    return of


def test_the_total_adds_all_perimeters(impacts: Callable[..., Impacts]) -> None:
    assert figures.total(impacts()).known == pytest.approx(14.55)
    assert figures.total(impacts()).unknown == 0


def test_other_indicators_are_known_where_a_perimeter_has_them(impacts: Callable[..., Impacts]) -> None:
    assert figures.total(impacts(), "wtu") == Partial(pytest.approx(4.5), 0)


def test_stages_of_a_process_are_shown_apart(impacts: Callable[..., Impacts]) -> None:
    stages = {stage: part.known for stage, part in figures.by_stage(impacts()).items()}
    expected = {"agriculture": 3, "materials": 10, "packaging": 1.5, "delivery": 0.05}
    assert stages == pytest.approx(expected)
    assert list(stages) == list(expected)


def test_stages_lines_and_controllers_each_add_up_to_the_total(impacts: Callable[..., Impacts]) -> None:
    assessed = impacts()
    for view in (figures.by_stage, figures.by_line, figures.by_controller):
        assert sum(part.known for part in view(assessed).values()) == pytest.approx(14.55)


def test_an_unknown_line_is_counted_once_and_is_never_zero(impacts: Callable[..., Impacts]) -> None:
    assessed = impacts(FOOD=None)
    assert figures.total(assessed) == Partial(pytest.approx(10.05), 1)
    assert figures.by_stage(assessed)["agriculture"] == Partial(0, 1)
    assert figures.score(assessed, "plate") == Partial(0, 1)


def test_a_line_without_process_is_unknown_at_its_stage(impacts: Callable[..., Impacts]) -> None:
    assert figures.by_stage(impacts(MODE=None))["delivery"] == Partial(0, 1)


def test_a_blank_factor_is_never_zero(
    tiny: Template, tiny_factors: FactorSet, method: Method, answered: Callable[..., Answers]
) -> None:
    blank = {**tiny_factors.factors, ("T-STEEL", "total"): (None,) * 16}
    holed = dataclasses.replace(tiny_factors, factors=blank)
    assessed = assess(tiny, generic_lot(tiny), answered(), (holed, method))
    assert figures.total(assessed) == Partial(pytest.approx(4.55), 2)


def test_the_single_score_weighs_all_sixteen_indicators(impacts: Callable[..., Impacts], method: Method) -> None:
    expected = sum(4.5 * method.points(indicator) for indicator in INDICATORS)
    assert figures.score(impacts(), "plate").known == pytest.approx(expected)


def test_a_perimeter_of_climate_alone_has_no_single_score(impacts: Callable[..., Impacts]) -> None:
    assert figures.score(impacts(), "service") is None


def test_each_party_decides_its_share(impacts: Callable[..., Impacts]) -> None:
    shares = figures.who_decides(impacts())
    assert shares[ControlledBy.BUYER] == pytest.approx(4.5 / 14.55)
    assert shares[ControlledBy.SUPPLIER] == pytest.approx(10.05 / 14.55)
    assert shares[ControlledBy.REGULATION] == 0


def test_shares_on_stand_ins_and_defaults(impacts: Callable[..., Impacts]) -> None:
    assert figures.share_on_proxies(impacts()) == pytest.approx(0.05 / 14.55)
    assert figures.share_on_defaults(impacts()) == 0
    assert figures.share_on_defaults(impacts("default", FOOD=None)) == pytest.approx(4.5 / 14.55)


def test_nothing_known_has_no_shares(impacts: Callable[..., Impacts]) -> None:
    nothing = impacts(LIFE=None)
    assert figures.total(nothing) == Partial(0, 4)
    assert np.isnan(figures.share_on_defaults(nothing))
    assert all(np.isnan(share) for share in figures.who_decides(nothing).values())


def test_a_process_without_an_announced_indicator_is_found(tiny: Template, tiny_factors: FactorSet) -> None:
    assert coverage(tiny, tiny_factors) == ()
    wide = tiny.model_copy(
        update={"perimeters": tuple(p.model_copy(update={"indicators": ("cch", "wtu")}) for p in tiny.perimeters)}
    )
    said = coverage(wide, tiny_factors)
    assert [(f.code, dict(f.facts)["process"], dict(f.facts)["indicator"]) for f in said] == [
        ("A101", "T-STEEL", "wtu"),
        ("A101", "T-TRUCK", "wtu"),
        ("A101", "T-TRAIN", "wtu"),
    ]
    assert "T-STEEL" in message(said[0], "fr")
    assert remedy(said[0], "en")


def test_a_process_that_the_set_lacks_is_found(tiny: Template, tiny_factors: FactorSet) -> None:
    processes = {key: row for key, row in tiny_factors.processes.items() if key != "T-TRAIN"}
    said = coverage(tiny, dataclasses.replace(tiny_factors, processes=processes))
    assert [(finding.code, finding.place.key) for finding in said] == [("A102", "way")]


def test_many_offers_at_once_give_the_same_as_one_by_one(
    tiny: Template, tiny_factors: FactorSet, method: Method, answered: Callable[..., Answers]
) -> None:
    offers = [answered(), answered(FOOD=0, MODE="TRAIN"), answered(MODE=None), answered(FOOD=None)]
    inventories = [inventory(tiny, build_scope(tiny, offer, {}, {})) for offer in offers]
    together = totals_of_many(inventories, tiny, tiny_factors, ["cch", "wtu"])
    for i, offer in enumerate(offers):
        alone = assess(tiny, generic_lot(tiny), offer, (tiny_factors, method))
        for j, indicator in enumerate(("cch", "wtu")):
            part = figures.total(alone, indicator)
            assert together[i, j] == pytest.approx(part.known if part.complete else np.nan, nan_ok=True)


def test_the_reference_of_a_template_is_assessed_like_any_offer(
    tiny: Template, tiny_factors: FactorSet, method: Method
) -> None:
    reference = assess(tiny, generic_lot(tiny), reference_answers(tiny), (tiny_factors, method))
    assert figures.total(reference).known == pytest.approx(14.55)
