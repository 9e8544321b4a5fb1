"""What tests share: official files, the office program, and the shipped templates and factors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from presence import missing

settings.register_profile(
    "house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def own_surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep whoever runs the tests out of them: imported factor sets, log and language; and the tests out of these."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANEVAS_DATA", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """The folder of official files that ADEME publishes, named by CANEVAS_REFERENCE_DATA."""
    named = os.environ.get("CANEVAS_REFERENCE_DATA", "")
    if not named or not Path(named).is_dir():
        missing("the official data files are not here: set CANEVAS_REFERENCE_DATA to their folder")
    return Path(named)


@pytest.fixture(scope="session")
def soffice() -> str:
    """The path of LibreOffice's program."""
    program = shutil.which("soffice")
    if program is None:
        missing("LibreOffice is not installed")
    return str(program)
