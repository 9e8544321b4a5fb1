"""Owns the registry of actions: what each button is called, looks like and asks. Ribbon, menus, window, guide follow.

It is data and imports nothing of the program, so that a ribbon can be built, and the status bar speak, before anything
heavy is loaded. What an action does stands in ``addin.actions``, under the same name. Labels and tips are texts
``addin``: ``action.<name>.label``, ``.tip``; ``group.<name>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Group(StrEnum):
    """Where a button stands, in order."""

    CAMPAIGN = "campaign"
    RETURNS = "returns"
    RESULTS = "results"
    ABOUT = "about"


class Ask(StrEnum):
    """What is asked before an action starts, by whoever can ask: Excel's VBA, the window, LibreOffice.

    The value is the name under which the answer arrives.
    """

    NEW_FOLDER = "new_folder"
    """A folder to make a campaign in: path."""
    TEMPLATE = "template"
    """One of the shipped templates: its identifier."""
    FILES = "files"
    """Files that came back, or a folder of them: paths, one per line."""
    RECEIVED = "received"
    """When they came, where no message says it: year-month-day hour:minute; empty for the date of each file."""
    UNTIL = "until"
    """Until when suppliers can answer, written alike; empty for what was said before, or the deadline."""
    CHOICE = "choice"
    """``accept`` or ``refuse``."""
    REASON = "reason"
    """A sentence that can be given to candidates."""


OPTIONAL: Final = frozenset({Ask.RECEIVED, Ask.UNTIL})
"""What may be left empty."""


class Needs(StrEnum):
    """What an action works on."""

    NOTHING = "nothing"
    CAMPAIGN = "campaign"
    """The folder of a campaign: that of the active workbook, or the one chosen in the window."""
    SELECTION = "selection"
    """The same, and the cell that is selected in its workbook."""


@dataclass(frozen=True, slots=True)
class Action:
    """One button."""

    name: str
    """Lower-case letters and ``_``: id of the control, word of the command line."""
    group: Group
    icon: str
    """An image of Office (imageMso)."""
    command: str
    """The command of ``canevas-xl`` that does the same; empty for help and about."""
    needs: Needs = Needs.CAMPAIGN
    asks: tuple[Ask, ...] = ()
    large: bool = False


ACTIONS: Final = MappingProxyType(
    {
        action.name: action
        for action in (
            Action("new", Group.CAMPAIGN, "FileNew", "new", Needs.NOTHING, (Ask.TEMPLATE, Ask.NEW_FOLDER), large=True),
            Action("check", Group.CAMPAIGN, "ReviewAcceptChange", "check", large=True),
            Action("issue", Group.CAMPAIGN, "FileSaveAsExcelXlsx", "issue", large=True),
            Action("drafts", Group.CAMPAIGN, "FileSendAsAttachment", "send", large=True),
            Action("collect", Group.RETURNS, "FileOpen", "collect", asks=(Ask.FILES, Ask.RECEIVED), large=True),
            Action("consolidate", Group.RETURNS, "DataRefreshAll", "consolidate", large=True),
            Action("validate", Group.RETURNS, "DataValidation", "validate", large=True),
            Action("ask", Group.RETURNS, "ReviewNewComment", "ask", asks=(Ask.UNTIL,)),
            Action("decide", Group.RETURNS, "ReviewTrackChanges", "decide", Needs.SELECTION, (Ask.CHOICE, Ask.REASON)),
            Action("score", Group.RESULTS, "CalculateNow", "score", large=True),
            Action("trace", Group.RESULTS, "TracePrecedents", "trace", Needs.SELECTION, large=True),
            Action("help", Group.ABOUT, "Help", "", Needs.NOTHING),
            Action("about", Group.ABOUT, "Info", "", Needs.NOTHING),
        )
    }
)
"""Every button, by name, in order."""

SHOWING: Final = frozenset({"consolidate", "validate", "score", "decide"})
"""Actions that write the results, after which one looks at them."""
