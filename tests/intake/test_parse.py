"""What a typed text means, or that it cannot be told."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.intake.parse import Doubt, choice, day, hour, number, plain


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1 234,50", 1234.5),
        ("1\u202f234,50", 1234.5),
        ("1\u00a0234", 1234),
        ("1.234,50", 1234.5),
        ("1,234.50", 1234.5),
        ("1.234.567", 1234567),
        ("1'234", 1234),
        ("-3", -3),
        ("−3", -3),
        ("0,125", 0.125),
        (",5", 0.5),
        ("１２,５", 12.5),
        ("0", 0),
        (7, 7),
        (None, None),
        ("", None),
        ("1.234", Doubt.AMBIGUOUS),
        ("12,345", Doubt.AMBIGUOUS),
        ("12 kg", Doubt.UNREADABLE),
        ("5 %", Doubt.UNREADABLE),
        ("1 2", Doubt.UNREADABLE),
        ("1,2,3", Doubt.UNREADABLE),
        ("NaN", Doubt.UNREADABLE),
        ("12¹", Doubt.UNREADABLE),
        ("10 ²", Doubt.UNREADABLE),
        ("5①", Doubt.UNREADABLE),
        ("1½", Doubt.UNREADABLE),
        ("10\n200", Doubt.UNREADABLE),
        ("1\t234", Doubt.UNREADABLE),
        ("12\n", 12),
        ("0 123", Doubt.UNREADABLE),
        ("0.123,5", Doubt.UNREADABLE),
        ("1e3", Doubt.UNREADABLE),
        (float("inf"), Doubt.UNREADABLE),
    ],
)
def test_numbers(typed: float | str | None, value: object) -> None:
    assert number(typed) == value


def test_a_raised_figure_in_a_unit_is_no_part_of_the_number() -> None:
    assert number("3 m²", {"m²"}) == number("3 m2", {"m²"}) == 3


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_number_written_in_french_or_english_is_itself(value: object) -> None:
    english = f"{value:,.2f}"
    french = english.replace(",", "\u202f").replace(".", ",")
    assert number(french) == float(str(value))
    assert number(english) == float(str(value))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        ("15/12/2026", date(2026, 12, 15)),
        ("15.12.2026", date(2026, 12, 15)),
        ("12/15/2026", date(2026, 12, 15)),
        ("05/05/2026", date(2026, 5, 5)),
        ("05/06/2026", Doubt.AMBIGUOUS),
        ("2026-02-30", Doubt.UNREADABLE),
        ("15/12/26", Doubt.UNREADABLE),
        (46371, date(2026, 12, 15)),
        (12, Doubt.UNREADABLE),
        (None, None),
    ],
)
def test_days(typed: float | str | None, value: object) -> None:
    assert day(typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12:00", time(12)),
        ("12:00:00", time(12)),
        ("17h30", time(17, 30)),
        ("17 h", time(17)),
        ("9", time(9)),
        (0.5, time(12)),
        ("2026-12-15T16:30:00", time(16, 30)),
        ("25:00", Doubt.UNREADABLE),
        ("midi", Doubt.UNREADABLE),
        (12, Doubt.UNREADABLE),
        (None, None),
    ],
)
def test_hours(typed: float | str | None, value: object) -> None:
    assert hour(typed) == value


def test_labels_are_compared_without_case_spaces_and_invisible_characters() -> None:
    labels = {"oui": "OUI", "prix": "price"}
    assert choice(" Oui\u200b ", labels) == "OUI"
    assert choice("PRIX", labels) == "price"
    assert choice("Prixx", labels) is Doubt.UNREADABLE
    assert choice(None, labels) is None


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)
