"""Owns the actions that need no campaign: help and about."""

from __future__ import annotations

from canevas_xl import __version__
from canevas_xl.addin.context import Context, Told
from canevas_xl.addin.wording import Words

PATH = ("new", "check", "issue", "drafts", "collect", "consolidate", "ask", "decide", "trace")
"""Buttons in the order in which a campaign needs them."""


def help_(context: Context) -> Told:
    """Say what to do, in which order."""
    words = Words(context.language)
    steps = [words.say(f"help.{name}", place=place, button=words.button(name)) for place, name in enumerate(PATH, 1)]
    return Told(words.text(words.say("help.intro"), steps, words.say("help.more")))


def about(context: Context) -> Told:
    """Say which version this is, under which licence, and where faults are written down."""
    words = Words(context.language)
    log = words.say("about.log", path=context.log) if context.log else ""
    return Told(words.text(words.say("about.version", version=__version__), words.say("about.licence"), log))
