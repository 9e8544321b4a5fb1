"""A whole campaign done by buttons alone, in the simulated Excel, ends with the figures of the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clicking import Buyer, Rows
from simulated.excel import SimulatedExcel, simulated_excel

from canevas_xl.adapters.store.files import write_atomically
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.sample_offers import SampleOffer, sample_offers
from canevas_xl.adapters.store.samples import sample_campaign
from canevas_xl.adapters.xlsx.cells import read_cells
from canevas_xl.addin.context import Told
from canevas_xl.addin.registry import ACTIONS
from canevas_xl.addin.wording import TALLEST, _height
from canevas_xl.app.demo import _bids, filled_return
from canevas_xl.app.issue import issue_campaign
from canevas_xl.app.score import issued_records
from canevas_xl.cli import main

__all__ = ["simulated_excel"]

TEMPLATE = "mobilier-bureau@1.0.0"
NOW = datetime.now(ZoneInfo("Europe/Paris"))
THEN = NOW - timedelta(days=37)
"""The example's deadline is 35 days after that."""
ARRIVED = NOW - timedelta(days=7)


@dataclass
class Campaign:
    """What was clicked, and what came of it."""

    folder: Path
    told: dict[str, Told] = field(default_factory=dict)
    ranking: Rows = field(default_factory=list)
    totals: Rows = field(default_factory=list)
    findings: Rows = field(default_factory=list)
    beside: object = None
    """What the buyer typed beside the results."""


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """The campaign, from the first button to the last, in a folder with an awkward name."""
    with pytest.MonkeyPatch.context() as patch:
        excel = next(simulated_excel.__wrapped__(patch))  # type: ignore[attr-defined]  # for the whole module
        place = tmp_path_factory.mktemp("achats") / "L'été & Cie (2) = 50 %"
        yield clicked_through(excel, place)


def clicked_through(excel: SimulatedExcel, place: Path) -> Campaign:
    """Click on every button, in order."""
    campaign = Campaign(place)
    told = campaign.told
    buyer = Buyer(excel, place, THEN, book=excel.app.books.add())
    told["new"] = buyer.clicks("new", template="mobilier-bureau", new_folder=str(place))
    buyer.opens()
    buyer.types(sample_campaign(TEMPLATE, "fr", THEN.date()))
    for action in ("check", "issue", "drafts"):
        told[action] = buyer.clicks(action)
    samples = sample_offers(TEMPLATE)
    returns = suppliers_answer(place, samples)
    buyer.now = NOW
    told["collect"] = buyer.clicks("collect", files=f"{returns}\n")
    buyer.types(dict(_bids(samples)))
    buyer.open_book.sheets["Notes"].api.Unprotect("")
    buyer.open_book.sheets["Suivi"].range("M20").value = "rappeler M. Dupont"
    told["validate"] = buyer.clicks("validate")
    told["ask"] = buyer.clicks("ask", until=f"{NOW + timedelta(days=5):%Y-%m-%d} 12:00")
    blocking = next(n for n, row in enumerate(buyer.sees("findings.list")) if row["SEVERITY"] == "Bloquant")
    buyer.selects("findings.list", blocking, "MESSAGE")
    told["decide"] = buyer.clicks("decide", choice="accept", reason="Erreur purement matérielle")
    for action in ("consolidate", "score"):
        told[action] = buyer.clicks(action)
    buyer.selects("impacts.totals", 1, "KNOWN")
    for action in ("trace", "help", "about"):
        told[action] = buyer.clicks(action)
    campaign.ranking, campaign.totals = buyer.sees("notes.ranking"), buyer.sees("impacts.totals")
    campaign.findings = buyer.sees("findings.list")
    campaign.beside = buyer.open_book.sheets["Suivi"].range("M20").value
    return campaign


def suppliers_answer(place: Path, samples: tuple[SampleOffer, ...]) -> Path:
    """Fill the issued canvases as the samples say, and let the files arrive a week ago."""
    folder = CampaignFolder(place)
    copies = issue_campaign(folder, THEN).copies
    record = issued_records(folder)[1]
    returns = place.parent / "reçus d'hier"
    for sample in samples:
        name, data = filled_return(record, sample, copies, "fr")
        write_atomically(returns / name, data)
        os.utime(returns / name, (ARRIVED.timestamp(), ARRIVED.timestamp()))
    return returns


def on_the_command_line(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    main(["score", str(campaign.folder), "--json", "--lang", "fr"])
    told = json.loads(capsys.readouterr().out)
    return list(told["lots"][0]["offers"])


def test_every_button_was_clicked_and_none_failed(done: Campaign) -> None:
    assert set(done.told) == set(ACTIONS)
    assert {name for name, told in done.told.items() if told.waits} == {"validate"}


def test_totals_on_the_sheet_are_those_of_the_command_line(
    done: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    offers = on_the_command_line(done, capsys)
    assert [row["TOTAL"] for row in done.ranking] == pytest.approx([one["total"] for one in offers], rel=1e-9)
    assert [row["RANK"] for row in done.ranking] == [one["rank"] for one in offers]
    assert len(offers) == 5


def test_impacts_on_the_sheet_are_those_of_the_command_line(
    done: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    offers = on_the_command_line(done, capsys)
    assert [row["KNOWN"] for row in done.totals] == pytest.approx([one["impact"]["known"] for one in offers], rel=1e-9)


def test_the_command_line_writes_the_same_package(done: Campaign) -> None:
    package = done.folder / "donnees"
    before = {path.name: path.read_bytes() for path in package.iterdir()}
    main(["consolidate", str(done.folder), "--lang", "fr"])
    assert {path.name: path.read_bytes() for path in package.iterdir()} == before


def test_a_decision_shows_in_the_list_of_findings(done: Campaign) -> None:
    blocking = [row["DECISION"] for row in done.findings if row["SEVERITY"] == "Bloquant"]
    assert blocking
    assert all("Erreur purement matérielle" in str(text) for text in blocking)


def test_what_was_typed_beside_the_results_stays(done: Campaign) -> None:
    assert done.beside == "rappeler M. Dupont"


def test_prices_that_were_typed_and_not_saved_count(done: Campaign) -> None:
    told = [cell.value for sheet in read_cells(done.folder / "campagne.xlsx").sheets for cell in sheet.cells.values()]
    assert all(sample.price in told for sample in sample_offers(TEMPLATE))
    assert "campagne.xlsx a été enregistré" in done.told["validate"].text


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("new", "Ouvrez campagne.xlsx"),
        ("check", "Rien ne bloque"),
        ("issue", "Canevas à envoyer : 4"),
        ("drafts", "Brouillons : 4"),
        ("collect", "Classeurs pris : 5, dont nouveaux : 5"),
        ("validate", "à décider : 1"),
        ("ask", "Demandes : 2, dont nouvelles : 2"),
        ("decide", "accepté : Erreur purement matérielle"),
        ("consolidate", "resultats.xlsx"),
        ("score", "points sur 100"),
        ("trace", "ADEME Base Carbone"),
    ],
)
def test_each_message_says_what_was_done(done: Campaign, action: str, said: str) -> None:
    assert said in done.told[action].text


@pytest.mark.parametrize(
    ("action", "following"),
    [
        ("new", "« Vérifier la campagne »"),
        ("check", "« Générer les canevas »"),
        ("issue", "« Préparer les messages »"),
        ("drafts", "« Relever les retours »"),
        ("collect", "« Consolider »"),
        ("validate", "« Préparer les demandes »"),
        ("ask", "« Relever les retours »"),
        ("decide", "« Consolider »"),
        ("consolidate", "lisez les feuilles Comparaison"),
        ("score", "lisez les feuilles Comparaison"),
    ],
)
def test_each_message_ends_with_what_is_next(done: Campaign, action: str, following: str) -> None:
    assert following in done.told[action].text.splitlines()[-1]


def test_messages_fit_on_a_small_screen(done: Campaign) -> None:
    assert {name for name, told in done.told.items() if _height([told.text]) > TALLEST + 1} == set()
