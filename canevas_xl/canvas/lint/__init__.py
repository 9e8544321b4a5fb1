"""Owns the linter: what an author is told about a template before anybody uses it. Pure, and the same on every run."""

from __future__ import annotations

from collections.abc import Mapping

from canevas_xl.canvas.lint.declared import Declared
from canevas_xl.canvas.lint.flows import check_flows
from canevas_xl.canvas.lint.formulas import check_formulas
from canevas_xl.canvas.lint.items import check_items
from canevas_xl.canvas.lint.names import check_names
from canevas_xl.canvas.lint.reference import check_reference_computes, check_reference_values
from canevas_xl.canvas.lint.silence import check_silence
from canevas_xl.canvas.lint.wording import check_wording
from canevas_xl.canvas.lint.words import check_words
from canevas_xl.findings.finding import Finding
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.method import Method
from canevas_xl.model.template import Template, Texts

STRUCTURE = (check_names, check_formulas, check_reference_values)
"""Nothing can be computed while one of these blocks."""
CONTENT = (check_items, check_flows, check_words, check_wording)
OUTCOME = (check_reference_computes, check_silence)


def lint(template: Template, texts: Mapping[str, Texts], factors: FactorSet, method: Method) -> tuple[Finding, ...]:
    """Say everything that is wrong or doubtful about a template, in the order of its parts.

    What takes computing (the reference, whether silence pays) waits until names, formulas and values are in order.
    """
    declared = Declared(template, texts, factors, method)
    structure = [finding for check in STRUCTURE for finding in check(declared)]
    content = [finding for check in CONTENT for finding in check(declared)]
    sound = not any(finding.blocks for finding in structure)
    outcome = [finding for check in OUTCOME for finding in check(declared)] if sound else []
    return (*structure, *content, *outcome)
