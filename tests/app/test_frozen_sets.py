"""What was issued computes from its frozen record for ever, whatever is imported since."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from examples import FURNITURE
from issuing import ALPHA, BETA, NOW, TEMPLATE, campaign, folder_in
from shipped import campaign_of, grounds, lot_of

from canevas_xl import resources
from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.handover import alone
from canevas_xl.adapters.store.shelves import factor_set
from canevas_xl.app.copies import Terms
from canevas_xl.app.issue import issue_opened
from canevas_xl.app.score import issued_records
from canevas_xl.app.subjects import Ground, OpenCampaign
from canevas_xl.app.templates import check_templates
from canevas_xl.errors import WrongUse
from canevas_xl.model.answer import Answer
from canevas_xl.model.campaign import Campaign, Criterion, CriterionKind
from canevas_xl.model.offer import Identity, Offer, OfferKey, Receipt
from canevas_xl.model.score import Bid, LotScores
from canevas_xl.model.vocabulary import Origin
from canevas_xl.report.scores import score_lot

STEEL = "mobilier-bureau"
"""The template that counts steel."""
PRICE = Criterion("PRIX", "Prix", CriterionKind.PRICE, 60, "F1")
CLIMATE = Criterion("CLIMAT", "Climat", CriterionKind.IMPACT, 40, "F5", "cch", 5.0, 60.0, 1)


def imported(data: Path, version: str, *, steel: str) -> str:
    """Stand a copy of the shipped set on the user's shelf, under a name and release of its own."""
    template = grounds(TEMPLATE).loaded.template
    shipped = resources.data_folder("factors").joinpath("sets", *template.factor_set.split("@"))
    place = Path(shutil.copytree(shipped, data / "factors" / "sets" / "mine" / version))
    table = place / "factors.csv"
    table.write_text(table.read_text("utf-8").replace("BC-26729,total,2.211", f"BC-26729,total,{steel}"), "utf-8")
    manifest = json.loads((place / "datapackage.json").read_text("utf-8"))
    listing = ""
    for one in sorted(manifest["resources"], key=lambda each: each["path"]):
        digest = hashlib.sha256((place / one["path"]).read_bytes()).hexdigest()
        one["hash"] = f"sha256:{digest}"
        listing += f"{digest}  {one['path']}\n"
    sealed = {"name": "mine", "version": version, "sha256": hashlib.sha256(listing.encode()).hexdigest()}
    (place / "datapackage.json").write_text(json.dumps(manifest | sealed), "utf-8")
    return f"mine@{version}"


def issued(folder: CampaignFolder, reference: str, name: str = TEMPLATE) -> dict[str, bytes]:
    """Issue a campaign whose template names a set, and give the bytes of its records and copies."""
    shipped = grounds(name)
    template = shipped.loaded.template.model_copy(update={"factor_set": reference})
    ground = Ground(replace(shipped.loaded, template=template), factor_set(reference), shipped.method)
    asked = campaign() if name == TEMPLATE else furniture()
    with alone(folder):
        done = issue_opened(folder, OpenCampaign(ground, asked, ()), Terms(NOW, folder.events(), False, {}))
    assert not done.blocked
    files = (path for place in ("gel", "envois") for path in sorted((folder.path / place).iterdir()))
    return {path.name: path.read_bytes() for path in files if path.is_file()}


def furniture() -> Campaign:
    """A campaign of a template that counts steel."""
    lot = replace(lot_of(STEEL), number=1, criteria=(PRICE, CLIMATE))
    return replace(campaign_of(STEEL), suppliers=(ALPHA, BETA), lots=(lot,))


def scores(folder: CampaignFolder) -> LotScores:
    """Score two offers from the record that was frozen."""
    record = issued_records(folder)[1]
    offers = [returned(1, "A"), returned(2, "B")]
    bids = [Bid(one.key, 1000.0 * number, {}) for number, one in enumerate(offers, start=1)]
    return score_lot(record.subject, record.fingerprint, offers, (), bids).value


def returned(number: int, example: str) -> Offer:
    answers = {key: Answer(key, value, Origin.DOCUMENT, "Pièce 1") for key, value in FURNITURE[example][0].items()}
    key = OfferKey(1, f"S{number:03d}", 1, 0)
    return Offer(key, key.supplier, Identity(), answers, Receipt("0" * 64, "a.xlsx", 1, NOW, "file"))


def test_returns_are_scored_from_the_record_whatever_became_of_its_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data"
    monkeypatch.setenv("CANEVAS_DATA", str(data))
    folder = folder_in(tmp_path)
    issued(folder, imported(data, "1.0", steel="2.211"), STEEL)
    before = scores(folder)
    assert all(one.ranked for one in before.offers)
    (tmp_path / "later").mkdir()
    later = folder_in(tmp_path / "later")
    issued(later, imported(data, "1.1", steel="9.9"), STEEL)
    shutil.rmtree(data / "factors" / "sets" / "mine" / "1.0")
    assert scores(folder) == before
    assert scores(later) != before


def test_an_author_may_name_an_imported_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path / "data"))
    reference = imported(tmp_path / "data", "1.0", steel="2.211")
    folder = tmp_path / STEEL / "1.0.0"
    shutil.copytree(resources.data_folder("workbook_templates") / STEEL / "1.0.0", folder)
    written = (folder / "template.toml").read_text("utf-8")
    named = grounds(STEEL).loaded.template.factor_set
    (folder / "template.toml").write_text(written.replace(named, reference), "utf-8")
    (checked,) = check_templates(folder)
    assert not checked.blocked
    shutil.rmtree(tmp_path / "data")
    with pytest.raises(WrongUse, match="F001"):
        check_templates(folder)


def test_a_campaign_issued_with_one_release_gives_the_same_bytes_after_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path / "data"))
    first = imported(tmp_path / "data", "1.0", steel="2.211")
    folder = folder_in(tmp_path)
    before = issued(folder, first)
    second = imported(tmp_path / "data", "1.1", steel="9.9")
    assert factor_set(second).impacts("BC-26729", "total")[0] == 9.9
    assert issued(folder, first) == before
