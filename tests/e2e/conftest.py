"""What the end-to-end tests share: the demo of each template, run once."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from canevas_xl.cli import main


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Gives the folder of a template's demo, in French, which is run when it is first asked for."""

    @cache
    def made(template: str) -> Path:
        folder = tmp_path_factory.mktemp("demo") / template
        with contextlib.redirect_stdout(io.StringIO()):
            assert main(["demo", str(folder), "--template", template, "--lang", "fr"]) == 0
        return folder

    return made
