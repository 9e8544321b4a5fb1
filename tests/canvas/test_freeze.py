"""The frozen record holds everything that an impact or a note depends on, and is read back as strictly as written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from shipped import AS_OF, TEMPLATES, answers_in, campaign_of, grounds, lot_of

from canevas_xl.canvas.freeze import LONGEST, canonical, freeze, thaw
from canevas_xl.impact.assess import assess
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, RequirementChoice, Supplier
from canevas_xl.model.canvas import Subject
from canevas_xl.model.vocabulary import Phase

SCHOOL = "restauration-scolaire"
CRITERIA = (
    Criterion("P", "Prix", CriterionKind.PRICE, 60.0, "F1"),
    Criterion("I", "Impact", CriterionKind.IMPACT, 40.0, "F5", low=0.9, high=2.0, bands=((1.0, 1.0), (2.0, 0.5))),
)


def subject_of(template: str = SCHOOL) -> Subject:
    campaign = replace(
        campaign_of(template),
        requirements=(RequirementChoice("R1", "Quatre repas végétariens sur vingt.", "minimum", adjustable=True),),
        suppliers=(Supplier("S001", "Alpha", "a@alpha.example", "fr", (1,)),),
    )
    return grounds(template).subject(campaign, replace(lot_of(template), criteria=CRITERIA))


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("filling", ["half", "full"])
def test_what_is_read_back_causes_the_same_impacts(template: str, filling: str) -> None:
    subject = subject_of(template)
    thawed = thaw(freeze(subject, AS_OF).text).subject
    answers = answers_in(template, filling)
    before, after = (assess(one.template, one.lot, answers, (one.factors, one.method)) for one in (subject, thawed))
    assert before.indicators == after.indicators
    assert before.points == after.points
    assert [one.line for one in before.contributions] == [one.line for one in after.contributions]
    for mine, theirs in zip(before.contributions, after.contributions, strict=True):
        np.testing.assert_array_equal(mine.impacts, theirs.impacts)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_record_is_its_own_record(template: str) -> None:
    record = freeze(subject_of(template), AS_OF)
    assert thaw(record.text) == record
    assert freeze(record.subject, AS_OF) == record


def criterion(place: int, **changes: object) -> Callable[[Subject], Subject]:
    def changed(subject: Subject) -> Subject:
        criteria = list(subject.lot.criteria)
        criteria[place] = replace(criteria[place], **changes)  # type: ignore[arg-type]
        return replace(subject, lot=replace(subject.lot, criteria=tuple(criteria)))

    return changed


def stated(**changes: object) -> Callable[[Subject], Subject]:
    return lambda subject: replace(subject, campaign=replace(subject.campaign, **changes))  # type: ignore[arg-type]


def declared(change: Callable[[dict[str, Any]], None]) -> Callable[[Subject], Subject]:
    def changed(subject: Subject) -> Subject:
        template = subject.template.model_dump()
        change(template)
        return replace(subject, template=type(subject.template).model_validate(template))

    return changed


def one_factor(subject: Subject) -> Subject:
    process = subject.template.flows[0].process or next(iter(subject.template.families[0].members.values()))
    place = (process, subject.factors.stages(process)[0])
    row = subject.factors.factors[place]
    factors = {**subject.factors.factors, place: ((row[0] or 0.0) * (1 + 1e-12), *row[1:])}
    return replace(subject, factors=replace(subject.factors, factors=MappingProxyType(factors)))


def one_weighting(subject: Subject) -> Subject:
    weighting = {**subject.method.weighting, "cch": 0.21}
    return replace(subject, method=replace(subject.method, weighting=MappingProxyType(weighting)))


def one_portion(subject: Subject) -> Subject:
    return replace(subject, lot=replace(subject.lot, parameters={**subject.lot.parameters, "G_BEEF": 71.0}))


def one_word(subject: Subject) -> Subject:
    path = next(path for path in subject.texts["fr"] if path.startswith("fields.") and path.endswith(".label"))
    words = MappingProxyType({**subject.texts["fr"], path: "Autre question"})
    return replace(subject, texts=MappingProxyType({**subject.texts, "fr": words}))


def one_default(template: dict[str, Any]) -> None:
    next(one for one in template["fields"] if one["default"])["default"]["value"] = 1.25


def one_order(template: dict[str, Any]) -> None:
    chosen = next(one for one in template["lists"] if len(one["options"]) > 1)
    chosen["options"] = tuple(reversed(chosen["options"]))


def one_quantity(template: dict[str, Any]) -> None:
    template["flows"][0]["quantity"] += " * 1.01"


REQUIREMENT = RequirementChoice("R1", "Cinq repas végétariens sur vingt.", "minimum", adjustable=True)
CHANGES: dict[str, Callable[[Subject], Subject]] = {
    "factor": one_factor,
    "weighting of a category": one_weighting,
    "portion": one_portion,
    "words of an item": one_word,
    "default": declared(one_default),
    "order of a list": declared(one_order),
    "quantity": declared(one_quantity),
    "weight": criterion(1, weight=39.0),
    "formula": criterion(1, formula="F2"),
    "low": criterion(1, low=0.8),
    "high": criterion(1, high=2.1),
    "bands": criterion(1, bands=((1.0, 1.0), (2.0, 0.6))),
    "fan": criterion(0, fan=3.0),
    "tie": criterion(0, tie_break=1),
    "phase": stated(phase=Phase.NEGOTIATION),
    "deadline": lambda one: stated(deadline=one.campaign.deadline + timedelta(minutes=1))(one),
    "round": stated(round=2),
    "sub-criteria": criterion(1, parts=(CRITERIA[0],)),
    "weight of a sub-criterion": criterion(1, parts=(replace(CRITERIA[0], weight=61.0),)),
    "what costs are made of": lambda one: replace(one, lot=replace(one.lot, costing=Costing(years=5, discount=3.0))),
    "requirement": stated(requirements=(REQUIREMENT,)),
    "lot": lambda one: replace(one, lot=replace(one.lot, title="Autre lot")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_matters_is_in_the_fingerprint(change: str) -> None:
    subject = subject_of()
    assert freeze(CHANGES[change](subject), AS_OF).fingerprint != freeze(subject, AS_OF).fingerprint


def test_who_is_asked_is_not_in_it() -> None:
    subject = subject_of()
    more = Supplier("S002", "Bêta", "b@beta.example", "en", (1,))
    asked = replace(subject.campaign, suppliers=(*subject.campaign.suppliers, more), open_canvas=True)
    record = freeze(replace(subject, campaign=asked), AS_OF)
    assert record == freeze(subject, AS_OF)
    for secret in ("Alpha", "a@alpha.example", "S001"):
        assert secret not in record.text


def test_a_whole_number_is_the_real_number_it_stands_for() -> None:
    subject = subject_of()
    whole = {code: int(value) if value == int(value) else value for code, value in subject.lot.parameters.items()}
    assert freeze(replace(subject, lot=replace(subject.lot, parameters=whole)), AS_OF) == freeze(subject, AS_OF)


def test_the_fingerprint_is_the_same_in_every_process() -> None:
    code = "from test_freeze import *; print(freeze(subject_of(), AS_OF).fingerprint)"
    here = os.path.dirname(__file__)  # noqa: PTH120 - a path for another process
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "TZ": "Asia/Tokyo",
                 "PYTHONPATH": os.pathsep.join((here, os.path.dirname(here)))},  # noqa: PTH120 - the same
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert seen == {freeze(subject_of(), AS_OF).fingerprint}


def test_a_record_from_before_sub_criteria_and_costs_is_still_read() -> None:
    record = freeze(subject_of(), AS_OF)
    data = json.loads(record.text)
    assert data["lot"].pop("costing") is None
    assert [one.pop("parts") for one in data["lot"]["criteria"]] == [[], []]
    before = thaw(canonical(data))
    assert before.subject.lot == record.subject.lot
    assert before.fingerprint != record.fingerprint


def altered(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Put ``value`` at a dotted path of the record; ``None`` takes it out."""

    def alter(data: dict[str, Any]) -> None:
        *way, last = path.split(".")
        here: Any = data
        for step in way:
            here = here[int(step)] if isinstance(here, list) else here[step]
        if value is None:
            del here[last]
        else:
            here[int(last) if isinstance(here, list) else last] = value

    return alter


TAMPERED = {
    "another format": altered("format", 2),
    "no format": altered("format", None),
    "no lot": altered("lot", None),
    "a key too many": altered("lot.bonus", 1),
    "a text for a number": altered("lot.parameters", {"N": "36000"}),
    "a truth for a number": altered("campaign.round", True),
    "a date that is none": altered("as_of", "2026-13-01"),
    "another phase": altered("campaign.phase", "party"),
    "texts in a list": altered("texts", []),
    "no factors of a process": altered("factors.factors", []),
    "a factor that is a text": altered("factors.factors.0.2.0", "0.5"),
    "a short row of factors": altered("factors.factors.0.2", [1.0]),
    "another stage": altered("factors.factors.0.1", "nowhere"),
    "no licence": altered("factors.licences", []),
    "no process": altered("factors.processes", []),
    "no category": altered("method.categories", []),
    "a category that cannot be normalised": altered("method.normalisation.cch", 0.0),
    "a template that is a text": altered("template", "x"),
}


@pytest.mark.parametrize("tampering", TAMPERED)
def test_a_record_that_is_not_one_is_refused(tampering: str) -> None:
    data = json.loads(freeze(subject_of(), AS_OF).text)
    TAMPERED[tampering](data)
    with pytest.raises(ValueError, match=r"."):
        thaw(canonical(data))


TEXTS: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "not JSON": lambda _: "{",
    "a list": lambda _: "[]\n",
    "null": lambda _: "null\n",
    "deep": lambda _: "[" * 200_000,
    "deep where nobody looks": lambda text: text.replace("{", '{"x":' + "[" * 100_000 + "]" * 100_000 + ",", 1),
    "long": lambda text: text + " " * LONGEST,
    "spaces": lambda text: text.replace(",", ", ", 1),
    "no line feed": lambda text: text.rstrip("\n"),
    "doubled key": lambda text: text.replace('{"format":1,', '{"format":1,"format":1,', 1),
    "not a number": lambda text: text.replace('"price_spread":10.0', '"price_spread":NaN', 1),
    "infinite": lambda text: text.replace('"price_spread":10.0', '"price_spread":1e999', 1),
    "many figures": lambda text: text.replace('"price_spread":10.0', '"price_spread":' + "9" * 5000, 1),
    "half a character": lambda text: text.replace("Marché", "Marché\\ud800", 1),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_not_a_record_is_refused(name: str) -> None:
    text = freeze(subject_of(), AS_OF).text
    changed = TEXTS[name](text)
    assert changed != text
    with pytest.raises(ValueError, match=r"."):
        thaw(changed)


def test_a_deadline_is_read_back_in_its_time_zone_by_name() -> None:
    subject = subject_of()
    deadline = datetime(2026, 12, 28, 12, 0, tzinfo=ZoneInfo("Indian/Reunion"))
    record = freeze(replace(subject, campaign=replace(subject.campaign, deadline=deadline)), AS_OF)
    read = record.subject.campaign.deadline
    assert (read, read.utcoffset(), str(read.tzinfo)) == (deadline, deadline.utcoffset(), "Indian/Reunion")
    assert freeze(record.subject, AS_OF) == record


@pytest.mark.parametrize("zone", ["Nowhere/Else", "../../etc/passwd", "/etc"])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    data = json.loads(freeze(subject_of(), AS_OF).text)
    with pytest.raises(ValueError, match=zone.split("/", maxsplit=1)[0] or "etc"):
        thaw(canonical(data | {"zone": zone}))


def test_a_record_that_names_no_time_zone_is_read_all_the_same() -> None:
    data = json.loads(freeze(subject_of(), AS_OF).text)
    del data["zone"]
    assert thaw(canonical(data)).subject.campaign.deadline == campaign_of(SCHOOL).deadline
