"""Owns the words of the command line: what may be typed, the help, what is said of words not understood."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, NoReturn

from canevas_xl import __version__, resources
from canevas_xl.errors import WrongUse

_REFUSALS: Final = {
    "required": re.compile(r"the following arguments are required: (?P<words>.+)"),
    "choice": re.compile(r"argument .+?: invalid choice: (?P<words>.+?) \(choose from (?P<known>.+)\)"),
    "unknown": re.compile(r"unrecognized arguments: (?P<words>.+)"),
    "value": re.compile(r"argument (?P<words>.+?): expected one argument"),
}
"""What argparse says in English, by the text that says it here."""


class _Help(argparse.RawDescriptionHelpFormatter):
    """Writes « usage » in the user's language and keeps the lines of the exit codes."""

    def __init__(self, prog: str, *, usage: str) -> None:
        """Keep the word that stands before the usage."""
        super().__init__(prog)
        self._before = usage

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Put our word where argparse would put its own."""
        super().add_usage(usage, actions, groups, self._before if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Knows the options that all commands share; refuses wrong words with a code, in the user's language."""

    def __init__(self, *, say: Mapping[str, str], **named: Any) -> None:
        """Lay out the help: what must be given, then the options."""
        formatter = partial(_Help, usage=say["help.usage"])
        super().__init__(**named, add_help=False, allow_abbrev=False, formatter_class=formatter)
        self._say = say
        self.given = self.add_argument_group(say["help.given"])
        self.options = self.add_argument_group(say["help.options"])
        self.options.add_argument("-h", "--help", action="help", help=say["help.help"])
        self.options.add_argument("--lang", choices=resources.LANGUAGES, help=say["help.lang"])
        self.options.add_argument("--json", action="store_true", help=say["help.json"])

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing argparse's English."""
        raise WrongUse("X109", command=self.prog, words=self._said(message))

    def _said(self, message: str) -> str:
        for name, pattern in _REFUSALS.items():
            match = pattern.fullmatch(message)
            if match:
                facts = {key: text.replace("'", "") for key, text in match.groupdict().items()}
                return self._say[f"wrong.{name}"].format_map(facts)
        return message


def parse_arguments(given: Sequence[str], language: str) -> argparse.Namespace:
    """Understand the words; ``--help`` and ``--version`` print and exit.

    Raises:
        WrongUse: X109, they are not understood.
    """
    model = any(word == "--model" or word.startswith("--model=") for word in given)
    return _parser(resources.texts("cli", language), model=model).parse_args(given)


def _parser(say: Mapping[str, str], *, model: bool = False) -> _Parser:
    """Lay out all commands; ``model``: a model of factors is asked for, and nothing is imported."""
    parser = _Parser(say=say, prog="canevas-xl", description=say["help.program"], epilog=say["help.epilog"])
    version = f"canevas-xl {__version__}"
    parser.options.add_argument("--version", action="version", version=version, help=say["help.version"])
    commands = parser.add_subparsers(
        dest="command", required=True, metavar=say["help.command"], title=say["help.commands"]
    )

    def command(name: str) -> _Parser:
        return _made(commands, name, say[f"help.{name}"], say)

    _add_templates(command("templates"), say)
    _add_factors(command("factors"), say, model=model)
    new = command("new")
    new.given.add_argument("template", metavar=say["help.TEMPLATE"], help=say["help.template"])
    new.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder_new"])
    new.options.add_argument("--example", action="store_true", help=say["help.example"])
    new.options.add_argument("--force", action="store_true", help=say["help.force"])
    check = command("check")
    check.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    issue = command("issue")
    issue.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    issue.options.add_argument("--force", action="store_true", help=say["help.force"])
    _add_exchange(command, say)
    _add_results(command, say)
    _add_addin(command("addin"), say)
    bureau = command("bureau")
    bureau.given.add_argument("folder", metavar=say["help.DIR"], nargs="?", help=say["help.folder"])
    return parser


def _add_addin(addin: _Parser, say: Mapping[str, str]) -> None:
    actions = addin.add_subparsers(dest="action", metavar=say["help.action"], title=say["help.actions"])
    for name, default in (("build", "."), ("install", None)):
        made = _made(actions, name, say[f"help.addin_{name}"], say)
        made.options.add_argument("--out", metavar=say["help.DIR"], default=default, help=say[f"help.out_{name}"])
        if name == "install":
            made.options.add_argument("--libreoffice", action="store_true", help=say["help.libreoffice"])
    _made(actions, "status", say["help.addin_status"], say)
    remove = _made(actions, "remove", say["help.addin_remove"], say)
    remove.options.add_argument("--libreoffice", action="store_true", help=say["help.libreoffice"])


def _add_results(command: Callable[[str], _Parser], say: Mapping[str, str]) -> None:
    for name in ("consolidate", "validate", "score"):
        command(name).given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    trace = command("trace")
    trace.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    trace.given.add_argument("figure", metavar=say["help.FIGURE"], help=say["help.figure"])
    decide = command("decide")
    decide.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    decide.given.add_argument("finding", metavar=say["help.FINDING"], help=say["help.finding"])
    decide.given.add_argument("choice", choices=("accept", "refuse", "withdraw"), help=say["help.choice"])
    decide.options.add_argument("--reason", metavar=say["help.TEXT"], required=True, help=say["help.reason"])
    demo = command("demo")
    demo.given.add_argument(
        "folder", metavar=say["help.DIR"], nargs="?", default="demo-canevas", help=say["help.folder_demo"]
    )
    demo.options.add_argument(
        "--template", metavar=say["help.TEMPLATE"], default="restauration-scolaire", help=say["help.template"]
    )


def _add_exchange(command: Callable[[str], _Parser], say: Mapping[str, str]) -> None:
    send = command("send")
    send.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    send.options.add_argument("--drafts", action="store_true", required=True, help=say["help.drafts"])
    ask = command("ask")
    ask.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    ask.options.add_argument("--drafts", action="store_true", help=say["help.ask_drafts"])
    ask.options.add_argument("--until", metavar=say["help.WHEN"], help=say["help.until"])
    collect = command("collect")
    collect.given.add_argument("folder", metavar=say["help.DIR"], help=say["help.folder"])
    collect.given.add_argument("paths", metavar=say["help.PATH"], nargs="+", help=say["help.collect_paths"])
    collect.options.add_argument("--received", metavar=say["help.WHEN"], help=say["help.received"])


def _add_templates(templates: _Parser, say: Mapping[str, str]) -> None:
    actions = templates.add_subparsers(dest="action", metavar=say["help.action"], title=say["help.actions"])
    _made(actions, "list", say["help.templates_list"], say)
    show = _made(actions, "show", say["help.templates_show"], say)
    show.given.add_argument("template", metavar=say["help.TEMPLATE"], help=say["help.template"])
    check = _made(actions, "check", say["help.templates_check"], say)
    check.given.add_argument("path", nargs="?", metavar=say["help.PATH"], help=say["help.templates_path"])


def _add_factors(factors: _Parser, say: Mapping[str, str], *, model: bool) -> None:
    actions = factors.add_subparsers(dest="action", metavar=say["help.action"], title=say["help.actions"])
    _made(actions, "list", say["help.factors_list"], say)
    show = _made(actions, "show", say["help.factors_show"], say)
    show.given.add_argument("id", metavar="ID", help=say["help.factors_id"])
    find = _made(actions, "find", say["help.factors_find"], say)
    find.given.add_argument("text", metavar=say["help.TEXT"], nargs="+", help=say["help.factors_text"])
    find.options.add_argument("--all", action="store_true", help=say["help.factors_all"])
    check = _made(actions, "check", say["help.factors_check"], say)
    check.given.add_argument("id", metavar="ID", nargs="?", help=say["help.factors_set"])
    take = _made(actions, "import", say["help.factors_import"], say)
    if not model:
        # Required otherwise: argparse gives optional words up at the first option that stands between them.
        formats = ("agribalyse", "base-carbone", "own")
        take.given.add_argument("format", metavar="FORMAT", choices=formats, help=say["help.factors_format"])
        take.given.add_argument("files", metavar=say["help.FILE"], nargs="+", help=say["help.factors_files"])
    take.options.add_argument("--model", metavar=say["help.FILE"], help=say["help.factors_model"])
    take.options.add_argument("--release", metavar="N", help=say["help.factors_release"])
    take.options.add_argument("--name", metavar=say["help.NAME"], help=say["help.factors_name"])
    take.options.add_argument("--replace", action="store_true", help=say["help.factors_replace"])


def _made(actions: Any, name: str, text: str, say: Mapping[str, str]) -> _Parser:
    made = actions.add_parser(name, help=text, description=text, epilog=say["help.epilog"], say=say)
    if not isinstance(made, _Parser):
        raise TypeError(name)
    return made
