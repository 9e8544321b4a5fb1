"""Owns how Excel's own objects are asked for what xlwings has no word for: in the words of Windows or of macOS."""

from __future__ import annotations

import sys
from typing import Any


def asked(api: Any, name: str) -> Any:
    """Give a property by its name on Windows, ``FullName`` say; on macOS it is called ``full_name``."""
    return getattr(api, snake(name)).get() if sys.platform == "darwin" else getattr(api, name)


def snake(words: str) -> str:
    """Give ``allow_formatting_cells`` for ``AllowFormattingCells``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("_")
