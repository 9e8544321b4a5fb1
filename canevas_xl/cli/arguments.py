"""Owns the words of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from canevas_xl import __version__, resources
from canevas_xl.errors import WrongUse


class _Parser(argparse.ArgumentParser):
    """Refuses wrong words the way everything else here does: with a code and a remedy, in the user's language."""

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing argparse's English."""
        raise WrongUse("X109", command=self.prog, words=message)


def parse_arguments(given: Sequence[str], language: str) -> argparse.Namespace:
    """Understand the words; ``--help`` and ``--version`` print and exit.

    Raises:
        WrongUse: X109, they are not understood.
    """
    return _parser(language).parse_args(given)


def _parser(language: str) -> argparse.ArgumentParser:
    say = resources.texts("cli", language)
    common = _Parser(add_help=False)
    common.add_argument("--lang", choices=resources.LANGUAGES, help=say["help.lang"])
    common.add_argument("--json", action="store_true", help=say["help.json"])
    parser = _Parser(prog="canevas-xl", description=say["help.program"], parents=[common])
    parser.add_argument("--version", action="version", version=f"canevas-xl {__version__}", help=say["help.version"])
    commands = parser.add_subparsers(dest="command", required=True, metavar=say["help.command"])

    def command(name: str) -> argparse.ArgumentParser:
        text = say[f"help.{name}"]
        return commands.add_parser(name, help=text, description=text, parents=[common])

    templates = command("templates")
    actions = templates.add_subparsers(dest="action", metavar=say["help.action"])
    actions.add_parser("list", help=say["help.templates_list"], parents=[common])
    show = actions.add_parser("show", help=say["help.templates_show"], parents=[common])
    show.add_argument("template", metavar="ID")
    check = actions.add_parser("check", help=say["help.templates_check"], parents=[common])
    check.add_argument("path", nargs="?", metavar="PATH", help=say["help.templates_path"])

    new = command("new")
    new.add_argument("template", metavar="TEMPLATE")
    new.add_argument("folder", metavar="DIR")
    new.add_argument("--example", action="store_true", help=say["help.example"])
    new.add_argument("--force", action="store_true", help=say["help.force"])
    for name in ("check", "issue"):
        one = command(name)
        one.add_argument("folder", metavar="DIR")
        if name == "issue":
            one.add_argument("--force", action="store_true", help=say["help.force"])
    return parser
