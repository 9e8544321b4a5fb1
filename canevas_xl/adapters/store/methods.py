"""Owns the loading of impact assessment methods: TOML and CSV → :class:`Method`."""

from __future__ import annotations

import tomllib
from functools import cache
from math import fsum, isfinite
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from canevas_xl import resources
from canevas_xl.adapters.store.tables import decoded, lines, read_bytes, read_verified
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.model.method import Category, Method
from canevas_xl.model.vocabulary import INDICATORS

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
MANIFEST: Final = "method.toml"
TOLERANCE: Final = 1e-9
"""How far from one the weights may add up, for the arithmetic of binary numbers."""


class MethodManifest(BaseModel):
    """What ``method.toml`` states."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    source: str
    doi: str
    normalisation: str
    sha256: Sha256
    files: dict[str, Sha256]


@cache
def shipped_method(reference: str) -> Method:
    """Load a method that ships with the program (``ef-3.1``), once.

    Raises:
        WrongUse: F001, there is none of that name.
        Fault: as :func:`load_method`.
    """
    folder = resources.data_folder("factors") / "methods"
    known = sorted(place.name for place in folder.iterdir() if (place / MANIFEST).is_file())
    if reference not in known:
        raise WrongUse("F001", reference=reference, known=known)
    return load_method(folder / reference)


def load_method(folder: Path) -> Method:
    """Load a method and prove that it is whole: one normalisation and one weight for each category of the model.

    Raises:
        Fault: F002–F006 the package is broken; F040 the categories are not those of the model; F041 a value is
            missing, doubled, or no positive number; F042 the weights do not add up to one.
    """
    manifest = _manifest(folder / MANIFEST)
    texts = read_verified(folder, manifest.files, manifest.sha256)
    categories = _categories(folder, texts)
    if tuple(category.code for category in categories) != INDICATORS:
        raise Fault("F040", file=str(folder / "categories.csv"), expected=INDICATORS)
    weighting = _values(folder, texts, "weighting.csv", ("code", "share"))
    if abs(fsum(weighting.values()) - 1.0) > TOLERANCE:
        raise Fault("F042", file=str(folder / "weighting.csv"), total=fsum(weighting.values()))
    return Method(
        id=manifest.id,
        title=manifest.title,
        sha256=manifest.sha256,
        categories=categories,
        normalisation=_values(folder, texts, "normalisation.csv", ("code", "per_person")),
        weighting=weighting,
    )


def _manifest(path: Path) -> MethodManifest:
    text = decoded(read_bytes(path), path)
    try:
        return MethodManifest.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Fault("F006", file=str(path), reason=str(error)) from error


def _categories(folder: Path, texts: dict[str, str]) -> tuple[Category, ...]:
    columns = ("code", "name_fr", "name_en", "unit_fr", "unit_en")
    rows = lines(_text(folder, texts, "categories.csv"), columns, folder / "categories.csv")
    return tuple(Category(*line.cells) for line in rows if _whole(line.cells, columns))


def _whole(cells: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    """Say whether a line holds all its words; one that does not is missed among the categories (F040)."""
    return len(cells) == len(columns) and all(cells)


def _text(folder: Path, texts: dict[str, str], name: str) -> str:
    if name not in texts:
        raise Fault("F006", file=str(folder / MANIFEST), reason=name)
    return texts[name]


def _values(folder: Path, texts: dict[str, str], name: str, columns: tuple[str, str]) -> MappingProxyType[str, float]:
    values: dict[str, float] = {}
    for line in lines(_text(folder, texts, name), columns, folder / name):
        code, number = line.cells[0], _positive(line.cells[-1])
        if len(line.cells) != len(columns) or code not in INDICATORS or code in values or number is None:
            raise Fault("F041", file=str(folder / name), category=code)
        values[code] = number
    for code in INDICATORS:
        if code not in values:
            raise Fault("F041", file=str(folder / name), category=code)
    return MappingProxyType(values)


def _positive(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) and number > 0 else None
