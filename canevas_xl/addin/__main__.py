"""Owns the entry that the launcher starts: ``python -I -X utf8 -m canevas_xl.addin ACTION --wb=NAME …``."""

from __future__ import annotations

import sys

from canevas_xl.addin.launch import main

sys.exit(main())
