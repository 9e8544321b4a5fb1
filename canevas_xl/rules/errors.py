"""Owns the error of an expression: what an author wrote wrongly, and where."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be used.

    ``code`` is a code of the findings catalogue (``E…``) and ``facts`` what its message names, so that a finding is
    made by ``found(error.code, place, **error.facts)``.
    """

    def __init__(self, code: str, position: int = 0, **facts: object) -> None:
        """Keep the code, the place in the text (characters from 0) and the facts."""
        super().__init__(code, position, facts)
        self.code = code
        self.position = position
        self.facts: dict[str, object] = {"position": position + 1, **facts}

    def __str__(self) -> str:
        """Give code, place and facts, for logs."""
        return f"{self.code} {self.facts}"
