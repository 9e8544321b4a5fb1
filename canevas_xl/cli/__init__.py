"""Owns the command line: arguments to use cases, results to short lines, tables or one JSON object."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from canevas_xl.cli.arguments import parse_arguments
from canevas_xl.cli.commands import run
from canevas_xl.cli.show import Screen
from canevas_xl.errors import Fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done, 1 findings that block, 2 wrong use, 3 fault outside (DESIGN §5).
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # old Windows consoles know no « ✗ »
    screen = Screen.for_arguments(given)
    try:
        return run(parse_arguments(given, screen.language), screen)
    except Fault as fault:
        return screen.fault(fault)
    except OSError as problem:
        # The last door: a folder that may not be looked into, a drive that went away.
        reason = problem.strerror or type(problem).__name__
        return screen.fault(Fault("X122", path=problem.filename or "?", reason=reason))
