"""Owns the faults of programs and surroundings: what stops a command, never what a supplier did.

A :class:`Fault` carries a code of the findings catalogue and the facts its message needs; the words, in the
user's language, are found when it is shown (``findings.messages``), so that no text stands inline.
"""

from __future__ import annotations

from typing import Final

DONE: Final = 0
"""Exit code: the command did what was asked."""
BLOCKED: Final = 1
"""Exit code: findings that block."""
MISUSED: Final = 2
"""Exit code: the command was used wrongly."""
OUTSIDE: Final = 3
"""Exit code: a fault of the surroundings (disk, rights, another program)."""


class Fault(Exception):  # noqa: N818 - the field says "fault"; "Error" would say that our program erred
    """Something outside the data stopped the work; ``code`` and ``facts`` make the message."""

    exit_code: int = OUTSIDE

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the catalogue ``code`` and the facts that its message names."""
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        """Give the code and facts, for logs; users read ``findings.messages.fault_message``."""
        return f"{self.code} {self.facts}"


class WrongUse(Fault):
    """The command was asked for something that does not exist or cannot be."""

    exit_code = MISUSED
