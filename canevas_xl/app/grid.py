"""Owns the port to a workbook in which results are shown: live in Excel, or a file. Doors satisfy it by their shape."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from canevas_xl.model.grid import Looks, Rectangle, Seen, Selection, Values


class Grid(Protocol):
    """A workbook whose areas have defined names; nothing outside of them is ever changed."""

    @property
    def name(self) -> str:
        """File name of the workbook."""

    @property
    def address(self) -> str:
        """Full path of the workbook, or the web address by which Excel knows it."""

    @property
    def live(self) -> bool:
        """Say whether somebody has it open and may have typed in it since it was saved."""

    def named(self, names: Collection[str]) -> Mapping[str, Rectangle]:
        """Find areas by their defined names, where they now are; names that are gone are left out."""

    def read(self, area: Rectangle) -> Seen:
        """Read all of an area."""

    def write(self, area: Rectangle, rows: Values) -> None:
        """Write rows from the top and empty the rest of the area. Text arrives as text, whatever it begins with.

        Raises:
            Fault: G103, the sheet is protected by a password; nothing is written then.
            ValueError: more rows or columns than the area has.
        """

    def dress(self, area: Rectangle, looks: Looks) -> None:
        """Give cells the looks that say something of what was just written there, where a workbook takes them."""

    def selection(self) -> Selection | None:
        """Tell the selected cell; None where there is none."""

    def status(self, text: str) -> None:
        """Say what is being done; an empty text gives the line back."""

    def tell(self, title: str, text: str, *, warn: bool = False) -> None:
        """Show a message and wait until it was seen."""

    def save(self) -> None:
        """Put on disk what is seen.

        Raises:
            Fault: G104, the workbook cannot be saved.
        """
