"""Remarks of the shipped factors are kept in English with the data; a French reader reads them in French."""

from __future__ import annotations

import csv
import re

import pytest

from canevas_xl.cli.factor_view import remark
from canevas_xl.resources import data_folder

ENGLISH = re.compile(
    r"\b(per|consumed|farm|plate|significant|rows|same|still|published|valid|not|strictly|uses|representativeness"
    r"|Good|avoided|report|looks|check|jump|petrol|mix|Kingdom)\b"
)
SOURCES = ("Material use >", "Waste disposal >", "Water ")
"""Categories of a publisher are names: they stay."""


def remarks() -> list[str]:
    tables = sorted(data_folder("factors").glob("sets/*/*/processes.csv"))
    rows = [row for table in tables for row in csv.DictReader(table.read_text("utf-8").splitlines())]
    return sorted({row[column] for row in rows for column in ("note", "geography") if row[column]})


def test_no_english_is_left_in_the_remarks_of_shipped_factors() -> None:
    said = {part for text in remarks() for part in remark(text, "fr").split("; ") if not part.startswith(SOURCES)}
    assert len(said) > 20
    assert not {part for part in said if ENGLISH.search(part)}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_numbers_and_what_nobody_translated_stay(language: str) -> None:
    assert remark("mesuré à Brest, 2211 kgCO2e/tonne", language) == "mesuré à Brest, 2211 kgCO2e/tonne"
