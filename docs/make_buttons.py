"""Owns the page of buttons: written from the registry and its texts, so that it cannot lag behind them."""

from __future__ import annotations

from pathlib import Path

from canevas_xl.addin.registry import ACTIONS, Action, Group, Needs
from canevas_xl.resources import texts

PAGE = Path(__file__).with_name("boutons.md")
LANGUAGE = "fr"
HEAD = """# Les boutons

Les mêmes dans le ruban d'Excel, dans le menu de LibreOffice et dans la fenêtre `canevas-xl bureau`. Chacun a sa
commande : ce qu'un bouton fait, une ligne tapée le fait aussi. Pour les installer :
[guide-installation.md](guide-installation.md).

Cette page est écrite par `docs/make_buttons.py` à partir du registre des actions ; ne la modifiez pas à la main.
"""
COLUMNS = "| bouton | ce qu'il fait | il travaille sur | il demande | commande de canevas-xl |\n|---|---|---|---|---|"
NEEDS = {Needs.NOTHING: "–", Needs.CAMPAIGN: "la campagne", Needs.SELECTION: "la cellule sélectionnée"}


def page() -> str:
    """Give the page: a table for each group of buttons."""
    return HEAD + "".join(_group(group) for group in Group)


def _group(group: Group) -> str:
    rows = "\n".join(_row(action) for action in ACTIONS.values() if action.group is group)
    title = texts("addin", LANGUAGE)[f"group.{group}"]
    return f"\n## {title}\n\n{COLUMNS}\n{rows}\n"


def _row(action: Action) -> str:
    said = texts("addin", LANGUAGE)
    asked = ", ".join(said[f"ask.{ask}"] for ask in action.asks) or "–"
    command = f"`{action.command}`" if action.command else "–"
    label, tip = said[f"action.{action.name}.label"], said[f"action.{action.name}.tip"]
    return f"| **{label}** | {tip} | {NEEDS[action.needs]} | {asked} | {command} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
