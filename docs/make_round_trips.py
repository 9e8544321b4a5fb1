"""Owns the table of ``round_trips.md``: what becomes of canvases that other programs fill and save.

Run it from the project's folder, with LibreOffice, Gnumeric and Node.js installed and after
``npm ci --prefix tests/roundtrips``: ``python docs/make_round_trips.py``. The tests compare the page with what they
see.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "roundtrips")]

from journeys import TEMPLATES, Row, table_rows  # noqa: E402 - once it can be found

PAGE = Path(__file__).with_name("round_trips.md")
START = "<!-- round trips -->"
END = "<!-- end of round trips -->"
HEADS = (
    "program", "saved as", "identity", "answers right", "wrong, and said", "silently wrong", "changes found",
    "said besides",
)  # fmt: skip


def table(rows: Iterable[Row]) -> str:
    """Give one line per program and form."""
    lines = [
        START,
        f"| {' | '.join(HEADS)} |",
        "|" + "---|" * len(HEADS),
    ]
    for row in rows:
        besides = ", ".join(f"{code} × {row.besides.count(code)}" for code in sorted(set(row.besides)))
        lines.append(
            f"| {row.client} | .{row.form} | {'right' if row.identity else '**wrong**'} | {row.right} of {row.answers} "
            f"| {row.said} | {row.silently_wrong} | {row.found} of {row.planted} | {besides or '–'} |"
        )
    return "\n".join([*lines, END])


def with_table(page: str, rows: Iterable[Row]) -> str:
    """Give the page with the table put anew between its marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{table(rows)}{after}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        seen = table_rows(TEMPLATES, Path(place))
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), seen), "utf-8")
