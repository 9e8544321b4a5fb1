"""Owns the words of actions: texts of the catalogue ``addin``, names of buttons, findings in a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Final

from canevas_xl import resources
from canevas_xl.addin.registry import ACTIONS
from canevas_xl.errors import Fault
from canevas_xl.findings.catalogue import Severity
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import fault_message, message, remedy

if TYPE_CHECKING:
    from canevas_xl.model.offer import Offer  # takes long to load, and the status bar speaks first

SIGNS: Final = {Severity.BLOCKS: "✗", Severity.DOUBT: "!", Severity.INFORMATION: "·"}
"""In the order in which they are told."""
MOST: Final = 6
"""Points of one message: a box with more is not read."""
TALLEST: Final = 20
"""Lines of a message, as they break in a message box: a taller one hides its button on a small screen."""
WIDTH: Final = 95
"""Characters of a line in a message box."""
LAST: Final = 2
"""Lines that always stay: what is next, and what was said just before it."""
_COMMAND: Final = re.compile(
    r"«\scanevas-xl (?P<fr>\w+)\s»|[“\"]canevas-xl (?P<en>\w+)[”\"]|canevas-xl (?P<bare>\w+)(?: DOSSIER| DIR)?"
)
_TYPED: Final = re.compile(r"\s\([^()]*(?:--[a-z]+|canevas-xl \w+)[^()]*\)")
"""What stands in parentheses for those who type commands."""
_BUTTONS: Final = {action.command: action.name for action in ACTIONS.values() if action.command}
HELD: Final = "C116"
"""Said of a workbook that is open; where a button was clicked in it, it was saved first."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language."""

    language: str

    def say(self, key: str, **facts: object) -> str:
        """Give a text of the catalogue, its holes filled; numbers are written in the language."""
        spoken = {name: self.number(fact) if isinstance(fact, float) else fact for name, fact in facts.items()}
        return resources.texts("addin", self.language)[key].format_map(spoken)

    def button(self, action: str) -> str:
        """Give the name of a button."""
        return self.say(f"action.{action}.label")

    def clicked(self, text: str) -> str:
        """Word for who clicks a text of a catalogue, worded for who types: buttons for commands, no options."""

        def named(match: re.Match[str]) -> str:
            action = _BUTTONS.get(match["fr"] or match["en"] or match["bare"])
            return self.say("told.button", button=self.button(action)) if action else match[0]

        return _COMMAND.sub(named, _TYPED.sub("", text))

    def fault(self, fault: Fault) -> str:
        """Say what stopped the work and what to do."""
        return fault_message(fault, self.language, self.clicked)

    def next(self, action: str) -> str:
        """Say which button comes next."""
        return self.say("told.next", button=self.button(action))

    def again(self, action: str) -> str:
        """Say which button to click once the above is mended."""
        return self.say("told.again", button=self.button(action))

    def offer(self, offer: Offer) -> str:
        """Give what to call an offer: the supplier, and the variant if it is one."""
        variant = offer.key.variant
        return self.say("told.variant", name=offer.name, variant=variant) if variant else offer.name

    def number(self, value: float) -> str:
        """Write a number as people do, four significant digits at most; a dash where it is not known."""
        if isnan(value):
            return "–"
        text = f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"  # noqa: PLR2004 - then digits are grouped
        return text.replace(",", "\u202f").replace(".", ",") if self.language == "fr" else text

    def percent(self, share: float) -> str:
        """Write a share, 0 to 1, in per cent."""
        if isnan(share):
            return "–"
        return f"{100 * share:.0f} %" if self.language == "fr" else f"{100 * share:.0f}%"

    def points(self, value: float) -> str:
        """Write points with two decimals, as notes are shown."""
        text = "–" if isnan(value) else f"{value:.2f}"
        return text.replace(".", ",") if self.language == "fr" else text

    def findings(self, findings: Iterable[Finding], most: int = MOST) -> list[str]:
        """Say findings, what blocks first, those of one code together; what would not be read is counted."""
        groups: dict[str, list[Finding]] = {}
        for one in sorted(findings, key=lambda one: list(SIGNS).index(one.kind.severity)):
            groups.setdefault(one.code, []).append(one)
        told = [self._point(group) for group in groups.values()]
        more = [self.say("told.more", count=len(told) - most)] if len(told) > most else []
        return told[:most] + more

    def text(self, *parts: str | Iterable[str]) -> str:
        """Put a message together, line by line; what is empty is left out, and what would not fit on a screen.

        The last lines, which say what is next, always stay.
        """
        every = [line for part in parts for line in ([part] if isinstance(part, str) else part) if line]
        body, end = every[:-LAST], every[-LAST:]
        kept = list(body)
        while kept and _height([*kept, *end]) > TALLEST:
            kept.pop()
        cut = [self.say("told.cut", count=len(body) - len(kept))] if len(kept) < len(body) else []
        return "\n".join((*kept, *cut, *end))

    def _point(self, group: list[Finding]) -> str:
        first = group[0]
        # Without its sheet a key says nothing, and messages name offers themselves.
        place = f"{first.place.sheet} · {first.place.cell or first.place.key}" if first.place.sheet else ""
        where = self.say("told.where", place=place) if place else ""
        also = self.say("told.alike", count=len(group) - 1) if len(group) > 1 else ""
        said = f"{message(first, self.language)} {remedy(first, self.language, self.clicked)}"
        return f"{SIGNS[first.kind.severity]} {where}{said}{also}"


def _height(lines: Iterable[str]) -> int:
    return sum(1 + max(0, len(line) - 1) // WIDTH for text in lines for line in text.split("\n"))
