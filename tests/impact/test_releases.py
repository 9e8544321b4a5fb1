"""The release before: which rows it lends, and when a ranking hangs on it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from rivals import criteria, examples, offer, record
from shipped import grounds

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.canvas.freeze import freeze, reachable_processes, thaw
from canevas_xl.impact.figures import total
from canevas_xl.impact.releases import release_before, release_of
from canevas_xl.impact.verdict import verdict_on_offers
from canevas_xl.model.canvas import Subject
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.impact import Fitness
from canevas_xl.model.score import LotScores
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS
from canevas_xl.report.scores import score_lot

MEALS = "restauration-scolaire"
EARLIER = "starter@2025.1.0"


def before(factors: FactorSet) -> FactorSet | None:
    template = grounds(MEALS).loaded.template
    return release_before(factors, reachable_processes(template), [shipped_factor_set(EARLIER)])


def subject(previous: FactorSet | None) -> Subject:
    return replace(record(MEALS).subject, previous=previous)


def scored(previous: FactorSet | None, indicator: str = CLIMATE) -> LotScores:
    judged = replace(criteria(0.9, 2.0)[1], indicator=indicator)
    lot = replace(record(MEALS).subject.lot, criteria=(judged,))
    offers = [offer(name, answers) for name, answers in examples(MEALS).items()]
    return score_lot(replace(subject(previous), lot=lot), "0" * 64, offers, (), ()).value


def test_releases_are_numbers_and_years_in_brackets_are_not() -> None:
    process = grounds(MEALS).factors.processes["BC-42513"]
    assert release_of(process) == (23, 6)
    assert release_of(replace(process, source_version="3.1.1 (2023)")) < release_of(
        replace(process, source_version="3.2 (2024)")
    )


def test_foods_take_the_values_of_agribalyse_3_1_1_and_the_rest_stays() -> None:
    factors = grounds(MEALS).factors
    previous = before(factors)
    assert previous is not None
    assert previous.version == EARLIER
    assert previous.whole("AGB32-28201")[0] == pytest.approx(10.1, rel=0.01)
    assert factors.whole("AGB32-28201")[0] == pytest.approx(6.58, rel=0.01)
    assert previous.whole("BC-42513") == factors.whole("BC-42513")
    assert previous.processes["AGB32-28201"].source_version == "3.1.1 (2023)"


def test_a_later_release_a_loss_and_another_unit_lend_nothing() -> None:
    now = shipped_factor_set(EARLIER)
    assert release_before(now, ["AGB311-6111"], [grounds(MEALS).factors]) is None
    old = now.processes["AGB311-6111"]
    other = replace(now, processes=MappingProxyType({old.id: replace(old, unit="L")}))
    assert release_before(grounds(MEALS).factors, ["AGB32-6111"], [other]) is None
    blank = {key: (row[0], *(None,) * 15) for key, row in now.factors.items()}
    poorer = replace(now, factors=MappingProxyType(blank))
    assert release_before(grounds(MEALS).factors, ["AGB32-6111"], [poorer]) is None


def test_the_record_keeps_the_release_before() -> None:
    frozen = freeze(subject(before(grounds(MEALS).factors)), record(MEALS).as_of)
    again = thaw(frozen.text).subject.previous
    assert again is not None
    assert again.whole("AGB32-28201") == before(grounds(MEALS).factors).whole("AGB32-28201")  # type: ignore[union-attr]


def test_a_record_from_before_it_was_kept_is_still_read() -> None:
    text = record(MEALS).text
    assert '"previous":null' in text
    older = text.replace(',"previous":null', "").replace(',"replaced":[]', "").replace(',"replacements":[]', "")
    assert thaw(older).subject == record(MEALS).subject


def test_without_an_earlier_release_nothing_is_said() -> None:
    scores = scored(None)
    assert scores.before is None
    assert scores.verdict is not None
    assert not any(reason.code.startswith("received_order") for reason in scores.verdict.reasons)


def test_an_order_that_holds_is_said() -> None:
    scores = scored(before(grounds(MEALS).factors))
    assert scores.before is not None
    assert scores.before.sources == ("AGRIBALYSE 3.1.1 (2023)",)
    assert scores.before.turned == ()
    assert scores.verdict is not None
    assert "received_order_holds" in [reason.code for reason in scores.verdict.reasons]


def upside_down(factors: FactorSet, categories: tuple[str, ...] = INDICATORS) -> FactorSet:
    """A release before in which beef weighed nothing to speak of and lentils a great deal, in some categories."""
    rows = dict(factors.factors)
    for (process, stage), row in factors.factors.items():
        if process in {"AGB32-6111", "AGB32-20586"}:
            size = 0.001 if process == "AGB32-6111" else 60.0
            rows[process, stage] = tuple(
                value * size if value is not None and code in categories else value
                for code, value in zip(INDICATORS, row, strict=True)
            )
    return replace(factors, factors=MappingProxyType(rows))


def test_an_order_that_turns_is_said_with_the_offers_and_the_points_do_not_move() -> None:
    plain, turning = scored(None), scored(upside_down(grounds(MEALS).factors))
    assert turning.before is not None
    assert turning.before.turned
    lighter, other, category = turning.before.turned[0]
    now = {one.offer.key: total(one.impacts).known for one in turning.offers}
    assert (category, now[lighter] < now[other]) == (CLIMATE, True)
    assert [one.notes for one in turning.offers] == [one.notes for one in plain.offers]
    assert turning.verdict is not None
    assert "received_order_turns" in [reason.code for reason in turning.verdict.reasons]


def test_an_order_is_looked_at_on_the_categories_that_criteria_use() -> None:
    previous = upside_down(grounds(MEALS).factors, ("ldu",))
    on_climate, on_land = scored(previous), scored(previous, "ldu")
    assert on_climate.before is not None
    assert on_climate.before.turned == ()
    assert on_land.before is not None
    assert {category for _, _, category in on_land.before.turned} == {"ldu"}
    assert on_land.verdict is not None
    assert "received_order_turns" in [reason.code for reason in on_land.verdict.reasons]


def test_data_whose_order_turns_by_far_are_not_fit_to_choose() -> None:
    turning = scored(upside_down(grounds(MEALS).factors))
    assert turning.verdict is not None
    assert turning.verdict.fitness is not Fitness.CHOOSE
    rivals = [one.impacts for one in turning.offers]
    held = verdict_on_offers(grounds(MEALS).loaded.template, rivals, grounds(MEALS).factors, None, rivals)
    assert held is not None
    assert "received_order_turns" not in [reason.code for reason in held.reasons]
