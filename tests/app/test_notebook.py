"""Results as data frames: nothing is lost on the way, and nothing that was touched is shown."""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import pandas as pd
import pytest
from rivals import by_supplier, offer, scored
from shipped import AS_OF, campaign_of, grounds

from canevas_xl import notebook
from canevas_xl.errors import Fault
from canevas_xl.findings.messages import fault_message
from canevas_xl.impact.figures import total
from canevas_xl.intake.consolidation import Consolidation
from canevas_xl.model.answer import Answer
from canevas_xl.model.score import LotScores
from canevas_xl.model.vocabulary import Origin
from canevas_xl.report.book import plan_results
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.package import data_package

TEMPLATE = "restauration-scolaire"
AWKWARD = (0.1 + 0.2, 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456789.12345679, 1e16)
"""Numbers that lose something as soon as one digit is dropped."""
TEXTS = ("=1+1", "00123", "12,5", "1e5", "NaN", "inf", "NA", "123", "+33 1", "-", 'deux\nlignes, "guillemets"')
"""Texts that a careless reader takes for something else."""


@pytest.fixture(scope="module")
def lot() -> LotScores:
    """Three offers: whole, awkward numbers, awkward texts."""
    full = {f"P{place:02d}": Answer(f"P{place:02d}", 1.0, Origin.DOCUMENT, "00123") for place in range(1, 13)}
    odd = {f"P{place:02d}": Answer(f"P{place:02d}", number) for place, number in enumerate(AWKWARD, 1)}
    said = {f"P{place:02d}": Answer(f"P{place:02d}", text) for place, text in enumerate(TEXTS, 1)}
    offers = [offer("S001", full), offer("S002", odd), offer("S003", {**said, "P12": Answer("P12", None)})]
    return scored(TEMPLATE, offers).value


@pytest.fixture
def folder(lot: LotScores, tmp_path: Path) -> Path:
    """A campaign's folder with the data package of its results."""
    campaign = campaign_of(TEMPLATE)
    consolidation = Consolidation(offers=tuple(one.offer for one in lot.offers), silent=())
    outcome = Outcome(campaign, consolidation, (lot,), (), AS_OF)
    plan = plan_results(outcome, lot.subject.template, grounds(TEMPLATE).loaded.texts["fr"], "fr")
    (tmp_path / "donnees").mkdir()
    for name, data in data_package(plan, {"campaign": campaign.code}).items():
        (tmp_path / "donnees" / name).write_bytes(data)
    return tmp_path


def bits(number: float) -> bytes:
    return struct.pack(">d", number)


def of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["supplier"].str.contains(name)]


def test_every_number_comes_back_equal_to_the_bit(folder: Path) -> None:
    values = list(of(notebook.answers(folder), "S002")["value"])
    assert [bits(value) for value in values] == [bits(number) for number in AWKWARD]


def test_texts_stay_texts_whatever_they_look_like(folder: Path) -> None:
    answers = notebook.answers(folder)
    assert list(of(answers, "S003")["value"])[: len(TEXTS)] == list(TEXTS)
    assert set(of(answers, "S001")["evidence"]) == {"00123"}


def test_a_text_that_looks_like_a_number_is_no_number(folder: Path) -> None:
    values = of(notebook.answers(folder), "S003").set_index("key")["value"]
    assert values["P08"] == "123"


def test_what_is_empty_stays_empty(folder: Path) -> None:
    answers = of(notebook.answers(folder), "S003").set_index("key")
    assert answers.loc["P12", "value"] is None
    assert set(answers["evidence"]) == {None}
    assert math.isnan(notebook.impacts(folder).query("indicator != 'Changement climatique'")["defaults"].iloc[0])


def test_impacts_are_those_that_were_computed(folder: Path, lot: LotScores) -> None:
    frame = of(notebook.impacts(folder), "S001").set_index("indicator")
    figure = total(by_supplier(lot)["S001"].as_given)
    assert bits(frame.loc["Changement climatique", "known"]) == bits(figure.known)
    assert frame.loc["Changement climatique", "unknown"] == figure.unknown
    assert frame["known"].dtype == "float64"


def test_each_offer_has_one_row_with_its_rank_and_difference(folder: Path, lot: LotScores) -> None:
    frame = notebook.offers(folder)
    assert len(frame) == len(lot.offers)
    assert {"rank", "total", "counted", "difference"} <= set(frame.columns)


def test_each_criterion_of_each_offer_has_one_note(folder: Path, lot: LotScores) -> None:
    frame = notebook.notes(folder)
    criteria = lot.subject.lot.criteria
    assert len(frame) == len(lot.offers) * (len(criteria) + 1), "each criterion, then the totals"
    prices = of(frame, "S001").set_index("criterion")
    assert prices.loc["Prix", "weight"] == 60.0
    assert prices.loc["Prix", "note"] == pytest.approx(by_supplier(lot)["S001"].notes["C1"], rel=1e-12)


def test_every_table_of_the_manifest_is_given(folder: Path) -> None:
    manifest = json.loads((folder / "donnees" / "datapackage.json").read_text("utf-8"))
    assert list(notebook.results(str(folder))) == [one["name"] for one in manifest["resources"]]


@pytest.mark.parametrize("change", [lambda data: data.replace(b"00123", b"00124"), lambda _: b"", None])
def test_a_table_that_was_touched_or_is_gone_is_refused(folder: Path, change: object) -> None:
    path = folder / "donnees" / "answers.tidy.csv"
    if callable(change):
        path.write_bytes(change(path.read_bytes()))
    else:
        path.unlink()
    refused(folder, "N503")


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"resources": [{"name": "../secret", "sha256": ""}]}', '{"resources": 1}']
)
def test_a_manifest_that_describes_nothing_is_refused(folder: Path, text: str) -> None:
    (folder / "donnees" / "datapackage.json").write_text(text, "utf-8")
    refused(folder, "N502")


def test_a_campaign_without_results_is_told_so(tmp_path: Path) -> None:
    refused(tmp_path, "N501")


def refused(folder: Path, code: str) -> None:
    with pytest.raises(Fault) as caught:
        notebook.impacts(folder)
    assert caught.value.code == code
    assert all(str(folder) in fault_message(caught.value, language) for language in ("fr", "en"))
