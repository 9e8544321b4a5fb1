"""Owns what the terminal shows: findings, tables, the next command; or one JSON object for programs."""

from __future__ import annotations

import json
import locale
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from rich.console import Console
from rich.table import Table
from rich.text import Text

from canevas_xl import resources
from canevas_xl.errors import Fault
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import fault_message, message, remedy

_SIGNS = {Severity.BLOCKS: ("✗", "red"), Severity.DOUBT: ("!", "yellow"), Severity.INFORMATION: ("·", "cyan")}


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
        """Print one text of the catalogue; silent when a program listens."""
        if not self.as_json:
            self.console.print(Text(self.say(key, **facts), style=style), soft_wrap=True)

    def next(self, command: str) -> None:
        """Print the next command to type."""
        if not self.as_json:
            text = Text(self.say("next"))
            text.append(f"  {command}", style="bold")
            self.console.print(text, soft_wrap=True)

    def table(self, headers: Iterable[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
        """Print a table; numbers are given as texts, right-aligned where every row has a digit first."""
        lines = [tuple(row) for row in rows]
        if self.as_json or not lines:
            return
        table = Table(title=title or None, title_justify="left", header_style="bold", title_style="bold")
        for column, header in enumerate(headers):
            numeric = all(line[column][:1].isdigit() or line[column][:1] in "-−" for line in lines)
            table.add_column(header, justify="right" if numeric else "left")
        for line in lines:
            table.add_row(*(Text(cell) for cell in line))
        self.console.print(table)

    def findings(self, findings: Iterable[Finding]) -> None:
        """Print findings, blocking first: what, where, what to do."""
        if self.as_json:
            return
        order = list(_SIGNS)
        for one in sorted(findings, key=lambda finding: order.index(finding.kind.severity)):
            sign, colour = _SIGNS[one.kind.severity]
            text = Text(f"{sign} {one.code} ", style=colour)
            text.append(f"[{one.place}] " if str(one.place) else "", style="dim")
            text.append(message(one, self.language), style="default")
            text.append(f" {remedy(one, self.language)}", style="italic default")
            self.console.print(text, soft_wrap=True)

    def fault(self, fault: Fault) -> None:
        """Say what stopped the work: one paragraph on stderr, or the JSON object."""
        said = fault_message(fault, self.language)
        if self.as_json:
            self.object({"fault": {"code": fault.code, "message": said}})
        else:
            Console(stderr=True, highlight=False).print(Text(f"✗ {fault.code} {said}", style="red"), soft_wrap=True)

    def object(self, value: dict[str, Any]) -> None:
        """Print the one JSON object."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")

    def finding_objects(self, findings: Iterable[Finding]) -> list[dict[str, Any]]:
        """Give findings as JSON values."""
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


def _language(given: Sequence[str]) -> str:
    for position, word in enumerate(given):
        asked = given[position + 1] if word == "--lang" and position + 1 < len(given) else word.partition("--lang=")[2]
        if asked in resources.LANGUAGES:
            return asked
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "en" if (named or locale.getlocale()[0] or "").lower().startswith("en") else "fr"
