"""The generated expressions of tests/parity serve here too."""

from __future__ import annotations

import sys
from pathlib import Path

PARITY = str(Path(__file__).resolve().parent.parent / "parity")
if PARITY not in sys.path:
    sys.path.append(PARITY)
