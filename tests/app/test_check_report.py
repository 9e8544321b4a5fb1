"""What *check* says of criteria: where to mend them, and when the data cannot carry them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.app.check import CheckReport, check_campaign
from canevas_xl.app.new import new_campaign
from canevas_xl.findings.finding import Place

NOW = datetime(2026, 9, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))


def example(folder: Path, template: str, language: str) -> CheckReport:
    new_campaign(template, folder / "campagne", NOW, language=language, example=True)
    return check_campaign(CampaignFolder(folder / "campagne"), NOW)


@pytest.mark.parametrize(("language", "sheet"), [("fr", "Critères"), ("en", "Criteria")])
def test_an_impact_criterion_on_weak_data_is_doubted_on_the_sheet_where_it_stands(
    tmp_path: Path, language: str, sheet: str
) -> None:
    report = example(tmp_path, "informatique-postes", language)
    weak = [one for one in report.findings if one.code == "C170"]
    assert [one.place for one in weak] == [Place(sheet=sheet, key="lot 1")]
    assert report.doubted
    assert not report.blocked


def test_an_impact_criterion_on_sound_data_is_not_doubted(tmp_path: Path) -> None:
    assert "C170" not in [one.code for one in example(tmp_path, "restauration-scolaire", "fr").findings]
