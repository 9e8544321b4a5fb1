"""Facts are written as people read them, in their language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from canevas_xl.findings.messages import spoken

NOON = datetime(2027, 1, 15, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("fact", "french", "english"),
    [
        (12.5, "12,5", "12.5"),
        (1_234_567.0, "1234567", "1234567"),
        (0.000_012, "0,000012", "0.000012"),
        (-1_234_567.0, "-1234567", "-1234567"),
        (999_999.7, "1000000", "1000000"),
        (0.0, "0", "0"),
        (1.5e300, "1,5e+300", "1.5e+300"),
        (1.5e-300, "1,5e-300", "1.5e-300"),
        (float("inf"), "inf", "inf"),
        (("a", 0.5), "a, 0,5", "a, 0.5"),
        ({"fr": "oui", "en": "yes"}, "oui", "yes"),
        (NOON, "15/01/2027 à 12:00", "2027-01-15 12:00"),
        ("a\u202eb\x1b[31m", "a b [31m", "a b [31m"),
    ],
)
def test_a_fact_is_written_as_its_reader_writes_it(fact: object, french: str, english: str) -> None:
    assert (spoken(fact, "fr"), spoken(fact, "en")) == (french, english)
