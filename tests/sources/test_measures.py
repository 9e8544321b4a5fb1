"""Units and dates as publishers write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from canevas_xl.sources.measures import measure, validity


@pytest.mark.parametrize(
    ("published", "unit", "factor"),
    [
        ("kgCO2e/kg de poids net", "kg", "1"),
        ("kgCO2e/Kg", "kg", "1"),
        ("kgCO2e/tonne de déchets", "kg", "0.001"),
        ("kgCO2e/kWh PCI", "kWh_LHV", "1"),
        ("kgCO2e/kWhPCI", "kWh_LHV", "1"),
        ("kgCO2e/kWh (PCI)", "kWh_LHV", "1"),
        ("kgCO2e/kWh PCS", "kWh_HHV", "1"),
        ("kgCO2e/GJ PCI", "kWh_LHV", "0.0036"),
        ("kgCO2e/MJ PCI", "kWh_LHV", "3.6"),
        ("kgCO2e/tonne.km", "t.km", "1"),
        ("kgCO2e/t.km", "t.km", "1"),
        ("kgCO2e/Litre", "L", "1"),
        ("kgCO2e/m³", "m3", "1"),
        ("kgCO2e/km", "vehicle.km", "1"),
        ("kgCO2e/keuro (2023) HT", "EUR", "0.001"),
    ],
)
def test_spellings_of_a_unit_come_together(published: str, unit: str, factor: str) -> None:
    known = measure(published)
    assert known is not None
    assert (known.unit, known.factor) == (unit, Decimal(factor))


def test_lower_and_higher_heating_values_stay_apart() -> None:
    lower, higher = measure("kgCO2e/tep PCI"), measure("kgCO2e/tep PCS")
    assert lower is not None
    assert higher is not None
    assert lower.unit != higher.unit


def test_a_toe_is_11630_kilowatt_hours() -> None:
    known = measure("kgCO2e/TEP PCI")
    assert known is not None
    assert float(known.factor) == pytest.approx(1 / 11630)


@pytest.mark.parametrize("published", ["kgCO2e/ha.an", "kgCO2e/personne.mois", "kgCO2e/m3 (n)", ""])
def test_a_unit_that_is_not_ours_is_not_guessed(published: str) -> None:
    assert measure(published) is None


def test_kilograms_of_something_else_say_of_what() -> None:
    known = measure("kgCO2e/tonne de N")
    assert known is not None
    assert (known.unit, known.of) == ("kg", "N")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-24 00:00:00", date(2026, 2, 24)),
        ("2023", date(2023, 12, 31)),
        ("Année 2022", date(2022, 12, 31)),
        ("Données valides pour l'année 2024", date(2024, 12, 31)),
        ("déc.-18", date(2018, 12, 31)),
        ("févr-24", date(2024, 2, 29)),
        ("45362", date(2024, 3, 11)),
        ("01/09/2025", date(2025, 9, 1)),
        ("nan", None),
        ("", None),
    ],
)
def test_periods_of_validity_are_understood(text: str, day: date | None) -> None:
    assert validity(text) == day


@pytest.mark.parametrize("text", ["3 ans", "bientôt", "2023-02-30", "99999", "foo-18", "12"])
def test_a_validity_that_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the row is refused by its own code
        validity(text)
