"""The shipped templates pass their own linter."""

from __future__ import annotations

import pytest

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.adapters.store.templates import TemplateFolder, load_template, shipped_templates
from canevas_xl.canvas.lint import lint


@pytest.mark.parametrize("shipped", shipped_templates(), ids=lambda shipped: shipped.reference)
def test_a_shipped_template_loads_and_lints_without_a_word(shipped: TemplateFolder) -> None:
    loaded = load_template(shipped.folder)
    assert loaded.findings == ()
    assert loaded.value is not None
    template = loaded.value.template
    found = lint(template, loaded.value.texts, shipped_factor_set(template.factor_set), shipped_method(template.method))
    assert found == ()
