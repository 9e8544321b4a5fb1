"""Owns the tables that a factor set may hold besides its processes and factors: words, families, posts, marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Final

from canevas_xl.adapters.store.tables import decoded, lines, read_bytes
from canevas_xl.errors import Fault
from canevas_xl.model.factor_import import Post, Ratings

WORDS: Final = "words.csv"
FAMILIES: Final = "families.csv"
SCORES: Final = "published_scores.csv"
POSTS: Final = "posts.csv"
RATINGS: Final = "ratings.csv"
LEFT_OUT: Final = "left_out.csv"
INDEX: Final = "index.csv"
COLUMNS: Final = MappingProxyType(
    {
        WORDS: ("process", "words"),
        FAMILIES: ("family", "choice", "process", "label_fr", "label_en"),
        SCORES: ("process", "single_score_mpt"),
        POSTS: ("process", "kind", "name", "value"),
        RATINGS: ("process", *(one.name for one in fields(Ratings))),
        LEFT_OUT: ("source", "source_id", "name_fr", "reason", "detail"),
    }
)


@dataclass(frozen=True, slots=True)
class Details:
    """What a set says of its processes besides what is computed with."""

    scores: Mapping[str, float]
    """Published single scores, mPt."""
    posts: Mapping[str, tuple[Post, ...]]
    ratings: Mapping[str, Ratings]
    left_out: tuple[tuple[str, ...], ...]
    """Rows of the source that did not go in: source, identifier, name, reason, detail."""


def words_of(texts: Mapping[str, str], folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Give the other words under which processes can be found, from a package's texts.

    Raises:
        Fault: F005, the columns are others.
    """
    rows = _rows(texts, folder, WORDS)
    return MappingProxyType({row[0]: tuple(word.strip() for word in row[1].split(";") if word.strip()) for row in rows})


def families_of(texts: Mapping[str, str], folder: Path) -> Mapping[str, Mapping[str, str]]:
    """Give what the set answers to closed families: family → choice → process.

    Raises:
        Fault: F005, the columns are others.
    """
    families: dict[str, dict[str, str]] = {}
    for row in _rows(texts, folder, FAMILIES):
        families.setdefault(row[0], {})[row[1]] = row[2]
    return MappingProxyType({family: MappingProxyType(choices) for family, choices in families.items()})


def read_details(folder: Path) -> Details:
    """Read what a set says besides what is computed with; what it has not is empty.

    Raises:
        Fault: F004 a file is not UTF-8; F005 its columns are others, or a number is none.
    """
    texts = {name: decoded(read_bytes(folder / name), folder / name) for name in COLUMNS if (folder / name).is_file()}
    posts: dict[str, tuple[Post, ...]] = {}
    try:
        for process, kind, name, value in _rows(texts, folder, POSTS):
            posts[process] = (*posts.get(process, ()), Post(kind, name, float(value)))
        scores = {row[0]: float(row[1]) for row in _rows(texts, folder, SCORES)}
        ratings = {
            row[0]: Ratings(*(float(mark) if mark else None for mark in row[1:]))
            for row in _rows(texts, folder, RATINGS)
        }
    except ValueError as error:
        raise Fault("F005", file=str(folder), expected=(), found=str(error)) from error
    return Details(
        MappingProxyType(scores),
        MappingProxyType(posts),
        MappingProxyType(ratings),
        tuple(_rows(texts, folder, LEFT_OUT)),
    )


def _rows(texts: Mapping[str, str], folder: Path, name: str) -> Iterator[tuple[str, ...]]:
    if name not in texts:
        return
    columns = COLUMNS[name]
    for line in lines(texts[name], columns, folder / name):
        if len(line.cells) != len(columns):
            raise Fault("F005", file=f"{folder / name}:{line.number}", expected=columns, found=line.cells)
        yield line.cells
