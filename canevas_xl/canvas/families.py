"""Owns the answer of a factor set to the families that a template names."""

from __future__ import annotations

from canevas_xl.model.factor import FactorSet
from canevas_xl.model.template import Template


def answered(template: Template, factors: FactorSet) -> Template:
    """Fill the members that a template leaves to its factor set; what the set does not know stays out (lint T265).

    The template that results names every process, so that what is issued does not hang on the set any more.
    """
    if not any(family.of_set for family in template.families):
        return template
    options = {one.code: [option.code for option in one.options] for one in template.lists}
    families = []
    for family in template.families:
        choices = factors.families.get(family.of_set or "", {})
        members = {code: choices[code] for code in options.get(family.list, ()) if code in choices}
        families.append(family.model_copy(update={"members": {**members, **family.members}}))
    return template.model_copy(update={"families": tuple(families)})
