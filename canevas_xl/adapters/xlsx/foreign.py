"""Owns the names of what comes in the place of a workbook that is read here: told by its first bytes, or its parts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

_SIGNS: Final = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"{\\rtf", "RTF"),
    (b"ID;PWXL", "SYLK (.slk)"),
    (b"ID;PSCALC", "SYLK (.slk)"),
    (b"TABLE\r\n0,1", "DIF (.dif)"),
    (b"TABLE\n0,1", "DIF (.dif)"),
)
_PARTS: Final = (
    ("xl/workbook.bin", "Excel binary (.xlsb)"),
    ("word/document.xml", "Word (.docx)"),
    ("ppt/presentation.xml", "PowerPoint (.pptx)"),
    ("Index/Document.iwa", "iWork (.numbers, .pages)"),
    ("Index.zip", "iWork (.numbers, .pages)"),
)
_MARKUP: Final = (
    (b"opendocument.spreadsheet", "OpenDocument (.fods)"),
    (b"urn:schemas-microsoft-com:office:spreadsheet", "Excel 2003 XML (.xml)"),
)
_PAGES: Final = (b"<html", b"<!doctype html", b"<table")
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_HEAD: Final = 2048
UNNAMED: Final = "?"


def kind_of(data: bytes) -> str:
    """Name what a file is that is no zip; empty where it may be a text."""
    start = data[:_HEAD].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(b"<"):
        other = "HTML" if start.startswith(_PAGES) else "XML" if start.startswith(b"<?xml") else UNNAMED
        return next((kind for name, kind in _MARKUP if name in start), other)
    is_text = b"\0" not in data or data.startswith(_UTF_16)
    return next((kind for sign, kind in _SIGNS if data.startswith(sign)), "" if is_text else UNNAMED)


def kind_of_zip(names: Collection[str]) -> str:
    """Name what a zip of these parts is; empty where nothing tells."""
    return next((kind for part, kind in _PARTS if part in names), "")
