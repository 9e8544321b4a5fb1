"""What tests say of something that is not on this machine."""

from __future__ import annotations

import os

import pytest


def missing(reason: str) -> None:
    """Skip with a plain reason; in CI, where everything is installed, fail instead."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
