"""What the end-to-end tests share: the demo of each template, run once."""

from __future__ import annotations

from pathlib import Path

import pytest
from shipped import TEMPLATES

from canevas_xl.cli import main


@pytest.fixture(scope="session")
def demos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each template's demo, in French."""
    made = {}
    for template in TEMPLATES:
        folder = tmp_path_factory.mktemp("demo") / template
        assert main(["demo", str(folder), "--template", template, "--lang", "fr"]) == 0
        made[template] = folder
    return made
