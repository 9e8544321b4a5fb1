"""Owns the commands about the add-in for Excel: build it, install it, say what is installed, remove it."""

from __future__ import annotations

import argparse
from pathlib import Path

from canevas_xl.addin import install as installing
from canevas_xl.addin.install import Status, user_desk
from canevas_xl.addin.libreoffice import install_extension, installer, remove_extension, write_extension
from canevas_xl.addin.places import user_places
from canevas_xl.addin.xlam import published_fingerprint
from canevas_xl.cli.show import Screen
from canevas_xl.errors import DONE


def addin(words: argparse.Namespace, screen: Screen) -> int:
    """Run ``addin build|install|status|remove``; ``status`` when no action is named."""
    if words.action == "build":
        return _build(Path(words.out), screen)
    if words.action == "install":
        if words.libreoffice:
            return _install_extension(screen)
        return _lay_out(Path(words.out), screen) if words.out else _install(screen)
    if words.action == "remove":
        return _remove_extension(screen) if words.libreoffice else _remove(screen)
    return _status(screen)


def _install_extension(screen: Screen) -> int:
    extension = install_extension(user_places(), installer())
    return _done(screen, "extension_installed", (extension,), "extension_restart")


def _remove_extension(screen: Screen) -> int:
    removed = remove_extension(user_places(), installer())
    return _done(screen, "removed" if removed else "nothing", removed)


def _build(folder: Path, screen: Screen) -> int:
    path, fingerprint = installing.build(folder)
    extension = write_extension(folder)
    screen.line("addin.built", "bold")
    screen.whole(f"  {path}")
    screen.line("addin.as_published" if fingerprint == published_fingerprint() else "addin.not_as_published")
    screen.whole(f"  {fingerprint}")
    screen.line("addin.extension_built")
    screen.whole(f"  {extension}")
    screen.object({"file": str(path), "sha256": fingerprint, "extension": str(extension)})
    return DONE


def _lay_out(folder: Path, screen: Screen) -> int:
    return _done(screen, "laid_out", installing.lay_out(folder), "guide")


def _install(screen: Screen) -> int:
    return _done(screen, "installed", installing.install(user_desk()), "restart")


def _remove(screen: Screen) -> int:
    removed = installing.remove(user_desk())
    return _done(screen, "removed" if removed else "nothing", removed)


def _done(screen: Screen, said: str, files: tuple[Path, ...], then: str = "") -> int:
    """Say what was done, to which files, and what to do next."""
    screen.line(f"addin.{said}", "bold")
    for path in files:
        screen.whole(f"  {path}")
    if then:
        screen.line(f"addin.{then}")
    screen.object({"files": [str(path) for path in files]})
    return DONE


def _status(screen: Screen) -> int:
    found = installing.status(user_desk())
    screen.line(_state(found), "bold")
    screen.whole(f"  {found.addin}")
    if found.interpreter:
        screen.line("addin.interpreter_bad" if found.trouble else "addin.interpreter", reason=found.trouble)
        screen.whole(f"  {found.interpreter}")
    screen.line("addin.log")
    screen.whole(f"  {found.log}")
    if not found.current or found.trouble:
        screen.next("addin", "install")
    screen.object(
        {
            "file": str(found.addin), "installed": found.installed, "current": found.current,
            "interpreter": found.interpreter, "trouble": found.trouble, "log": str(found.log),
        }
    )  # fmt: skip
    return DONE


def _state(found: Status) -> str:
    if not found.installed:
        return "addin.absent"
    return "addin.current" if found.current else "addin.outdated"
