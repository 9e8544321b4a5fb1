"""Owns the table of codes in ``templates.md``: written from the catalogue, so that it cannot lag behind it."""

from __future__ import annotations

from pathlib import Path

from canevas_xl.findings.catalogue import Audience, kinds

PAGE = Path(__file__).with_name("templates.md")
START = "<!-- codes -->"
END = "<!-- end of codes -->"
FAMILIES = ("T", "E")
"""Codes about templates and about formulas."""


def codes_table() -> str:
    """Give one row per code that an author can meet while writing a template."""
    rows = [
        f"| {kind.code} | {kind.severity} | {kind.message['en'].replace('|', '&#124;')} |"
        for family in FAMILIES
        for code, kind in sorted(kinds().items())
        if code.startswith(family) and kind.audience is Audience.AUTHOR
    ]
    return "\n".join([START, "| code | severity | what it says |", "|---|---|---|", *rows, END])


def with_codes(page: str) -> str:
    """Give the page with the table put anew between its marks."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{codes_table()}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_codes(PAGE.read_text("utf-8")), "utf-8")
