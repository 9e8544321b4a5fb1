"""Owns what the terminal shows: short lines, tables, findings, the next command; or one JSON object for programs."""

from __future__ import annotations

import json
import locale
import math
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from canevas_xl import resources
from canevas_xl.cli.telling import paragraph, sign, together
from canevas_xl.errors import Fault
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import message, remedy


@dataclass(frozen=True, slots=True)
class Screen:
    """Where and how to speak: the language, and whether a program listens."""

    language: str
    as_json: bool
    console: Console

    @classmethod
    def for_arguments(cls, given: Sequence[str]) -> Self:
        """Find the language before the words are understood, so that even a wrong word is answered in it."""
        return cls(_language(given), "--json" in given, Console(highlight=False, soft_wrap=False))

    def say(self, key: str, **facts: object) -> str:
        """Give a text of the catalogue."""
        return resources.texts("cli", self.language)[key].format_map(facts)

    def line(self, key: str, style: str = "", **facts: object) -> None:
        """Print one text of the catalogue, broken between words; silent when a program listens."""
        self.show(Text(self.say(key, **facts), style=style))

    def point(self, text: str) -> None:
        """Print one text as a point of a list."""
        self.show(_beside(Text("  –"), Text(text)))

    def whole(self, text: str, style: str = "") -> None:
        """Print what is copied as it stands (a path, a fingerprint): never cut, never broken by us."""
        if not self.as_json:
            self.console.print(Text(text, style=style), soft_wrap=True)

    def next(self, *command: str) -> None:
        """Print the next command to type."""
        text = Text(self.say("next"))
        text.append("  " + " ".join(_typed(word) for word in ("canevas-xl", *command)), style="bold")
        if not self.as_json:
            self.console.print(text, soft_wrap=True)

    def table(self, headers: Iterable[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """Print a table; numbers are given as texts, right-aligned where every row has a digit first.

        Nothing is ever hidden: what is too long goes on in the next line of its cell.
        """
        lines = [tuple(row) for row in rows]
        if not lines:
            return
        if title:
            self.show(Text(title, style="bold"))
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
        for column, header in enumerate(headers):
            numeric = all(line[column][:1].isdigit() or line[column][:1] in "-−–≥" for line in lines)
            table.add_column(header, justify="right" if numeric else "left", overflow="fold")
        for line in lines:
            table.add_row(*(Text(cell) for cell in line))
        self.show(table)
        self.show(Text(""))

    def findings(self, findings: Iterable[Finding]) -> int:
        """Print findings, blocking first: where, what, what to do; give how many points that makes that block."""
        told = together(findings, self.language)
        for one in told:
            self.show(_beside(sign(one), paragraph(one, self.language)))
        return sum(one.first.blocks for one in told)

    def fault(self, fault: Fault) -> int:
        """Say what stopped the work: one paragraph on stderr, or the JSON object; give the exit code."""
        one = Finding(fault.code, facts=tuple(fault.facts.items()))
        if self.as_json:
            said, advised = message(one, self.language), remedy(one, self.language)
            self.object(
                {"fault": {"code": fault.code, "message": said, "remedy": advised, "exit_code": fault.exit_code}}
            )
            return fault.exit_code
        console = Console(stderr=True, highlight=False)
        for told in together([one], self.language):
            console.print(Text.assemble(sign(told), " ", paragraph(told, self.language)), soft_wrap=True)
        return fault.exit_code

    def show(self, what: RenderableType) -> None:
        """Print anything, unless a program listens."""
        if not self.as_json:
            self.console.print(what)

    def object(self, value: dict[str, Any]) -> None:
        """Print the one JSON object."""
        if self.as_json:
            # A console that knows no accents gets them escaped: programs read both alike.
            plain = "utf" not in (sys.stdout.encoding or "").lower()
            sys.stdout.write(json.dumps(value, ensure_ascii=plain, indent=1, default=str) + "\n")

    def finding_objects(self, findings: Iterable[Finding]) -> list[dict[str, Any]]:
        """Give findings as JSON values, each on its own."""
        return [
            {
                "code": one.code,
                "severity": one.kind.severity.value,
                "file": one.place.file,
                "sheet": one.place.sheet,
                "cell": one.place.cell,
                "key": one.place.key,
                "message": message(one, self.language),
                "remedy": remedy(one, self.language),
            }
            for one in findings
        ]


def digits(value: float, language: str, decimals: int = 4) -> str:
    """Write a number with few decimals, its thousands apart; unknown is a dash."""
    if math.isnan(value):
        return "–"
    text = f"{value:,.{decimals if abs(value) < 10 else 2}f}"  # noqa: PLR2004 - readable
    return text.replace(",", "\u202f").replace(".", ",") if language == "fr" else text


def _beside(mark: Text, text: Text) -> Table:
    """Put a mark beside a paragraph whose lines all begin at the same place."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    return grid


def _typed(word: str) -> str:
    """Write a word as one types it: in double quotes, which all shells know, where it holds a space."""
    return f'"{word}"' if any(letter.isspace() for letter in word) else word


def _language(given: Sequence[str]) -> str:
    for position, word in enumerate(given):
        asked = given[position + 1] if word == "--lang" and position + 1 < len(given) else word.partition("--lang=")[2]
        if asked in resources.LANGUAGES:
            return asked
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "en" if (named or locale.getlocale()[0] or "").lower().startswith("en") else "fr"
