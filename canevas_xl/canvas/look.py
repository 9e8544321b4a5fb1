"""Owns the look that all workbooks share: the palette, the named styles, the number formats.

Colours are never alone: every state has a sign and a word beside it. Contrasts of text on its fill are 4.5 or more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from canevas_xl.model.plan import Style

INK: Final = "#1F2933"
MUTED: Final = "#5A6572"
PAPER: Final = "#FFFFFF"
DEEP: Final = "#1D4E5F"
TINT: Final = "#E8F0F2"
RULE: Final = "#C3CDD3"
FILL: Final = "#FFF6CC"
"""To fill."""
FILL_EDGE: Final = "#BFA53A"
LOOK: Final = "#FFE3CC"
"""To look at."""
LOOK_EDGE: Final = "#D9822B"
LOOK_INK: Final = "#8A3B00"
LINK_INK: Final = "#1A5FA8"
BAR: Final = "#2F7A8C"

TEXT: Final = Style(colour=INK)
WRAPPED: Final = Style(colour=INK, wrap=True, vertical="top")
SMALL: Final = Style(size=10, colour=MUTED)
SMALL_WRAPPED: Final = Style(size=10, colour=MUTED, wrap=True)
STRONG: Final = Style(bold=True, colour=INK)
BIG: Final = Style(size=22, bold=True, colour=DEEP, align="right", number_format="#,##0.00")
BIG_UNIT: Final = Style(size=12, colour=DEEP, indent=1)

BAND: Final = Style(size=16, bold=True, colour=PAPER, fill=DEEP)
BAND_TOKEN: Final = Style(size=10, colour=PAPER, fill=DEEP, align="right")
BAND_TEXT: Final = Style(colour=INK, fill=TINT)
BAND_LEFT: Final = Style(bold=True, colour=DEEP, fill=TINT)
BAND_LINK: Final = Style(colour=LINK_INK, fill=TINT, underline=True)

CODE: Final = Style(size=8, colour=MUTED, fill=TINT)
HEAD: Final = Style(size=10, bold=True, colour=DEEP, fill=TINT, wrap=True, border_bottom=RULE)
HEAD_INDENTED: Final = replace(HEAD, indent=1)
HEAD_RIGHT: Final = replace(HEAD, align="right")
KEY: Final = Style(size=9, colour=MUTED)
SECTION: Final = Style(size=13, bold=True, colour=DEEP, border_bottom=DEEP)
ROW_HEADING: Final = Style(bold=True, colour=DEEP, fill=TINT)
LABEL: Final = Style(colour=INK, wrap=True)
HELP: Final = Style(size=10, colour=MUTED)
UNIT: Final = Style(colour=MUTED, size=10, indent=1)
UNIT_WRAPPED: Final = Style(colour=MUTED, size=10, wrap=True, indent=1)
EXAMPLE: Final = Style(size=10, italic=True, colour=MUTED)
STATE: Final = Style(size=10, colour=INK, indent=1)
KEPT: Final = Style(size=10, colour=MUTED, align="right", number_format="#,##0.00")
GIVEN: Final = Style(colour=INK, align="right", number_format="#,##0.00")
"""A constant that somebody else fixed: it looks like paper."""
LINK: Final = Style(colour=LINK_INK, underline=True)
HIDDEN: Final = Style(size=9, colour=MUTED)
HIDDEN_TEXT: Final = Style(size=9, colour=MUTED, number_format="@")

INPUT: Final = Style(colour=INK, border=RULE, locked=False)
INPUT_NUMBER: Final = replace(INPUT, align="right")
INPUT_TEXT: Final = replace(INPUT, number_format="@", wrap=True)
INPUT_CHOICE: Final = replace(INPUT, wrap=True)
INPUT_SMALL: Final = replace(INPUT, size=10, wrap=True)
INPUT_SMALL_TEXT: Final = replace(INPUT_SMALL, number_format="@")

NUMBER: Final = Style(colour=INK, align="right", number_format="#,##0.00")
WHOLE: Final = replace(NUMBER, number_format="#,##0")
IMPACT: Final = replace(NUMBER, number_format="#,##0.000")
IMPACT_OR_NOTHING: Final = replace(NUMBER, number_format='#,##0.000;"−"#,##0.000;')
EFFECT: Final = replace(NUMBER, number_format='+#,##0.000;"−"#,##0.000;0')
"""Excel reads in a number format only the signs that it knows; a true minus stands between quotes."""
FACTOR: Final = replace(NUMBER, number_format="#,##0.0000", size=10)
SCIENTIFIC: Final = replace(NUMBER, number_format="0.00E+00", size=10)
CELL: Final = Style(size=10, colour=INK, wrap=True)

AS_TYPED: Final = "[>=1000]#,##0;General"
"""Numbers as they are typed, thousands apart: no decimals that nobody gave, none that are lost below a thousand."""


def numeric(style: Style, *, whole: bool = False) -> Style:
    """The style with the number format of what people type."""
    return replace(style, number_format="#,##0" if whole else AS_TYPED)
