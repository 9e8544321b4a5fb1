"""Owns ``python -m canevas_xl``: the command line where the script is not on the path."""

import sys

from canevas_xl.cli import main

sys.exit(main())
