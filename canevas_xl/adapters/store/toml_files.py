"""Owns the reading of authors' TOML files: bytes → data → noun, everything wrong said as findings in our words."""

from __future__ import annotations

import difflib
import json
import math
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from os.path import realpath
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from canevas_xl.errors import Fault
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.template import Texts
from canevas_xl.resources import flatten

N = TypeVar("N", bound=BaseModel)
Data = dict[str, Any]

WRONG_TYPE: Final = {
    "string_type": "T110",
    "float_type": "T111",
    "int_type": "T112",
    "int_from_float": "T112",
    "bool_type": "T113",
    "tuple_type": "T114",
    "list_type": "T114",
    "dict_type": "T115",
    "model_type": "T115",
    "model_attributes_type": "T115",
}
"""What pydantic calls a wrong type → our code."""

EXAMPLES: Final = {
    r"^[A-Z][A-Z0-9_-]{0,15}$": "P01",
    r"^[a-z][a-z0-9_-]{0,39}$": "f01_bread",
    r"^[A-Z0-9]+-[A-Za-z0-9_]+$": "AGB32-6111",
    r"^\d+\.\d+\.\d+$": "1.0.0",
}
"""Shapes of the schema → something that has this shape."""

REFUSED_BY_NOUN: Final = {"fields": "T120", "columns": "T120", "flows": "T121"}
"""The list in which a noun refused itself as a whole → our code."""


def read_file(path: Path, root: Path, shown: str) -> Checked[bytes | None]:
    """Read a file that must lie under ``root``; newlines are made alike, so that hashes do not depend on the system.

    ``shown`` is what messages call it.

    Raises:
        Fault: the file exists and the system does not let it be read.
    """
    place = Place(file=shown)
    try:
        # realpath, because resolve() fails on a link that leads back to itself, on some versions of Python
        if not Path(realpath(path)).is_relative_to(realpath(root)):
            return Checked(None, (found("T102", place, folder=root.name),))
        if not path.is_file():
            return Checked(None, (found("T101", place, file=shown, folder=path.parent.name),))
        return Checked(path.read_bytes().replace(b"\r\n", b"\n"))
    except OSError as trouble:
        raise Fault("T190", file=str(path)) from trouble


def parse_toml(raw: bytes, file: str) -> Checked[Data | None]:
    """Turn bytes into data; a mark of byte order at the start is let through, as editors leave it."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = raw[: wrong.start].count(b"\n") + 1
        return Checked(None, (found("T105", Place(file=file, key=f"l. {line}"), line=line),))
    try:
        return Checked(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        return Checked(None, (_broken(str(wrong), text, file),))


def _broken(reason: str, text: str, file: str) -> Finding:
    """Say where TOML breaks; its own English reason is read only to tell a key given twice from the rest."""
    where = re.search(r"at line (\d+), column (\d+)", reason)
    line, column = (int(where[1]), int(where[2])) if where else (text.count("\n") + 1, 1)
    twice = reason.startswith(("Cannot overwrite", "Cannot declare", "Duplicate", "Cannot redefine"))
    return found("T104" if twice else "T103", Place(file=file, key=f"l. {line}"), line=line, column=column)


def texts_of(data: Data, file: str) -> Checked[Texts]:
    """Flatten a file of words into dotted paths; what is not a text is a finding and left out."""
    flat = flatten(data)
    wrong = tuple(
        found("T110", Place(file=file, key=path), value=_short(value))
        for path, value in flat.items()
        if not isinstance(value, str)
    )
    return Checked(Texts({path: value for path, value in flat.items() if isinstance(value, str)}), wrong)


def noun(schema: type[N], data: Data, file: str) -> Checked[N | None]:
    """Check data against a noun's schema, strictly: ``"1"`` is no number and ``1`` is no truth."""
    odd = tuple(found("T119", Place(file=file, key=path), value=str(value)) for path, value in _not_finite(data))
    if odd:
        return Checked(None, odd)
    try:
        # JSON is the form in which pydantic's strict mode knows lists and texts for tuples and words.
        return Checked(schema.model_validate_json(json.dumps(data, default=str), strict=True))
    except ValidationError as refused:
        return Checked(None, tuple(_findings(refused.errors(include_url=False), schema, data, file)))


def _not_finite(value: object, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, float) and not math.isfinite(value):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _not_finite(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _not_finite(inner, f"{path}[{index}]")


def _findings(errors: list[ErrorDetails], schema: type[BaseModel], data: Data, file: str) -> Iterator[Finding]:
    """Give one finding per place: a value that may be of two types fails twice in pydantic."""
    grouped: dict[str, list[ErrorDetails]] = {}
    for error in errors:
        grouped.setdefault(_path(error, data), []).append(error)
    for path, same_place in grouped.items():
        place = Place(file=file, key=path)
        if len(same_place) > 1 and all(error["type"] in WRONG_TYPE for error in same_place):
            yield found("T116", place, value=_short(same_place[0]["input"]))
        else:
            yield _finding(same_place[0], schema, place)


def _path(error: ErrorDetails, data: Data) -> str:
    """Write ``flows[3].quantity (f04)``: where, and the code of the innermost thing that has one.

    pydantic adds the names of a union's types at the end; the walk stops where the data do.
    """
    written, code, here = "", "", data  # type: Any, str, Any
    for step in error["loc"]:
        inside = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if isinstance(here, dict) and step in here:
            inside = True
        if not inside:
            if error["type"] == "missing":
                written += f".{step}" if written else str(step)
            break
        written += f"[{step}]" if isinstance(step, int) else (f".{step}" if written else str(step))
        here = here[step]
        if isinstance(here, dict) and isinstance(here.get("code"), str):
            code = here["code"]
    return f"{written} ({code})" if code else written


def _finding(error: ErrorDetails, schema: type[BaseModel], place: Place) -> Finding:
    kind, value, context = error["type"], _short(error["input"]), error.get("ctx", {})
    key = str(error["loc"][-1]) if error["loc"] else ""
    code, facts = WRONG_TYPE.get(kind, "T129"), {"value": value}
    match kind:
        case "extra_forbidden":
            code, facts = "T106", {"key": key, "near": _near(key, schema)}
        case "missing":
            code, facts = "T107", {"key": key}
        case "enum" | "literal_error":
            allowed = str(context.get("expected", "")).replace(" or ", ", ")
            code, facts = "T117", {"value": value, "allowed": allowed}
        case "string_pattern_mismatch":
            code, facts = "T118", {"value": value, "example": EXAMPLES.get(str(context.get("pattern")), "P01")}
        case "string_too_long":
            code, facts = "T122", {"limit": str(context["max_length"])}
        case "string_too_short":
            code, facts = "T123", {}
        case "value_error":
            named = next((str(step) for step in reversed(error["loc"]) if isinstance(step, str)), "")
            code, facts = REFUSED_BY_NOUN.get(named, "T129"), {"value": value}
    return found(code, place, **facts)


def _near(key: str, schema: type[BaseModel]) -> str:
    """The known keys that look most like ``key``, of the noun and of those inside it; all of the noun's if none."""
    known = {name for model in _nouns(schema) for name in model.model_fields}
    return ", ".join(difflib.get_close_matches(key, sorted(known), n=3, cutoff=0.5)) or "docs/templates.md"


def _nouns(schema: type[BaseModel]) -> list[type[BaseModel]]:
    """The schema and every noun declared beside it."""
    beside = vars(sys.modules[schema.__module__]).values()
    return [schema, *(each for each in beside if isinstance(each, type) and issubclass(each, BaseModel))]


def _short(value: object) -> str:
    """Show a refused value, cut where it would drown the message."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"  # noqa: PLR2004 - as wide as a line of a message
