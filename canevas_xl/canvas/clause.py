"""Owns the clause on the impact criterion that a buyer pastes into the rules of the consultation."""

from __future__ import annotations

from canevas_xl import resources
from canevas_xl.findings.messages import spoken
from canevas_xl.model.campaign import Criterion, CriterionKind, Lot, leaves
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import Texts
from canevas_xl.model.vocabulary import CLIMATE


def clauses(lot: Lot, texts: Texts, data: tuple[FactorSet, Method], language: str) -> tuple[str, ...]:
    """Word one clause per criterion of the lot that looks at an impact; none where no criterion does.

    Args:
        lot: with its criteria.
        texts: of the template, in ``language``; ``template.rc_unit`` words the functional unit.
        data: the factors, of which the version is named, and the method, which names indicators.
        language: ``fr`` or ``en``.
    """
    factors, method = data
    words = resources.texts("clause", language)
    categories = {category.code: category for category in method.categories}
    return tuple(
        words["impact"].format(
            label=criterion.label,
            indicator=categories[criterion.indicator or CLIMATE].name(language),
            measure=categories[criterion.indicator or CLIMATE].unit(language),
            unit=texts["template.rc_unit"],
            formula=_formula(criterion, words, language),
            factors=f"{factors.id}@{factors.version}",
        )
        for criterion in leaves(lot.criteria)
        if criterion.kind is CriterionKind.IMPACT
    )


def _formula(criterion: Criterion, words: Texts, language: str) -> str:
    """Name a formula; F5 with what its bounds mean."""
    if criterion.formula != "F5" or criterion.low is None or criterion.high is None:
        return criterion.formula
    low, high = spoken(criterion.low, language), spoken(criterion.high, language)
    return words["bounds"].format(formula=criterion.formula, low=low, high=high)
