"""Templates name closed families, and the factor set answers."""

from __future__ import annotations

from shipped import AS_OF, campaign_of, grounds, lot_of

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.canvas.families import answered
from canevas_xl.canvas.freeze import freeze, thaw
from canevas_xl.canvas.lint import lint
from canevas_xl.model.canvas import Subject
from canevas_xl.model.template import Family, Template

NAME = "informatique-postes"
GROWN = "starter@2026.2.0"


def naming(family: str) -> Template:
    """A shipped template whose first family leaves its members to the set."""
    template = grounds(NAME).loaded.template
    first, *others = template.families
    asked = Family(code=first.code, list=first.list, of_set=family)
    return template.model_copy(update={"families": (asked, *others), "factor_set": GROWN})


def codes(template: Template) -> list[str]:
    found = lint(template, grounds(NAME).loaded.texts, shipped_factor_set(GROWN), shipped_method("ef-3.1"))
    return [one.code for one in found]


def test_the_set_answers_with_the_processes_of_the_choices_that_are_asked() -> None:
    declared = grounds(NAME).loaded.template.families[0]
    options = next(one for one in grounds(NAME).loaded.template.lists if one.code == declared.list).options
    template = answered(naming("computer"), shipped_factor_set(GROWN))
    members = template.families[0].members
    choices = shipped_factor_set(GROWN).families["computer"]
    assert members == {one.code: choices[one.code] for one in options if one.code in choices}
    assert members["LAPTOP"] == declared.members["LAPTOP"]


def test_members_that_a_template_names_stay() -> None:
    template = naming("computer")
    first = template.families[0].model_copy(update={"members": {"LAPTOP": "BC-27004"}})
    kept = answered(template.model_copy(update={"families": (first,)}), shipped_factor_set(GROWN))
    assert kept.families[0].members["LAPTOP"] == "BC-27004"


def test_a_family_that_the_set_does_not_know_leaves_its_list_uncovered() -> None:
    assert "T265" in codes(answered(naming("sofas"), shipped_factor_set(GROWN)))


def test_what_is_issued_names_every_process() -> None:
    ground = grounds(NAME)
    template = answered(naming("computer"), shipped_factor_set(GROWN))
    subject = Subject(
        campaign_of(NAME), lot_of(NAME), template, ground.loaded.texts, shipped_factor_set(GROWN), ground.method
    )
    frozen = thaw(freeze(subject, AS_OF).text).subject
    assert frozen.template.families[0].members == template.families[0].members
    assert set(template.families[0].members.values()) <= set(frozen.factors.processes)


def test_a_template_that_names_all_its_members_is_left_alone() -> None:
    template = grounds(NAME).loaded.template
    assert answered(template, shipped_factor_set(GROWN)) is template
