"""The shipped factors against the files that ADEME, JRC and the UK publish."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from canevas_xl import resources
from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL

pytestmark = pytest.mark.official
SCRIPTS = Path(__file__).resolve().parents[2] / "factors"
FOOD_STAGES = {
    "agriculture": "Agriculture",
    "processing": "Transformation",
    "packaging": "Emballage",
    "transport": "Transport",
    "retail": "Supermarché et distribution",
    "consumption": "Consommation",
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [{" ".join(name.split()): cell for name, cell in row.items()} for row in csv.DictReader(stream)]


def points(row: dict[str, str]) -> float:
    method = shipped_method("ef-3.1")
    return sum(method.points(code) * float(row[code]) for code in INDICATORS)


@pytest.fixture(scope="module")
def checks(reference_data: Path) -> list[dict[str, str]]:
    return rows(reference_data / "agribalyse_check.csv")


@pytest.mark.parametrize("script", ["build_starter.py", "build_release.py", "build_method.py"])
def test_building_again_from_the_official_files_gives_the_same_bytes(
    reference_data: Path, tmp_path: Path, script: str
) -> None:
    environment = os.environ | {"CANEVAS_REFERENCE_DATA": str(reference_data)}
    subprocess.run([sys.executable, SCRIPTS / script, tmp_path], check=True, env=environment, capture_output=True)
    built = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(built) >= 4
    for path in built:
        shipped = resources.data_folder("factors") / path.relative_to(tmp_path)
        assert path.read_bytes() == shipped.read_bytes(), path.name


def test_no_blank_of_the_starter_table_became_zero_and_no_value_changed(reference_data: Path) -> None:
    starter = shipped_factor_set("starter@2026.1.0")
    for row in rows(reference_data / "starter_factors.csv"):
        expected = tuple(float(row[code]) if row[code] else None for code in INDICATORS)
        assert starter.impacts(row["id"], TOTAL) == expected


def test_every_zero_by_stage_is_a_zero_of_the_source(reference_data: Path) -> None:
    starter = shipped_factor_set("starter@2026.1.0")
    french = {row["code"]: row["name_fr_agribalyse"] for row in rows(reference_data / "ef31_method.csv")}
    source = {row["Code AGB"]: row for row in rows(reference_data / "official/agribalyse-3.2-detail-par-etape.csv")}
    lent = {("AGB32-19593", "etf"), ("AGB32-19860", "etf"), ("AGB32-5214", "etf")}
    for (process, stage), values in starter.factors.items():
        if stage not in FOOD_STAGES:
            continue
        row = source[process.removeprefix("AGB32-")]
        for code, value in zip(INDICATORS, values, strict=True):
            published = float(row[f"{french[code]} - {FOOD_STAGES[stage]}"])
            if (process, code) in lent:
                assert published == 0, "all six stages stand at 0 in the source, whose total is not 0"
                assert value != 0
            else:
                assert value == published


def test_copies_of_agribalyse_inside_base_carbone_stay_outside(reference_data: Path) -> None:
    assert (reference_data / "official/base-carbone-v23.6.xlsx").is_file()
    starter = shipped_factor_set("starter@2026.1.0")
    copies = [p for p in starter.processes.values() if p.source == "ADEME Base Carbone" and "poids net" in p.note]
    assert copies == []
    assert "BC-41744" not in starter.processes


def test_exact_scores_of_agribalyse_3_1_1_come_out_within_a_hundred_thousandth(checks: list[dict[str, str]]) -> None:
    exact = [row for row in checks if row["agribalyse_version"] == "3.1.1"]
    assert len(exact) == 32
    for row in exact:
        assert points(row) == pytest.approx(float(row["published_score_mPt"]), rel=1e-5), row["name_fr"]


def test_rounded_scores_of_agribalyse_3_2_come_out_and_its_defective_rows_do_not(checks: list[dict[str, str]]) -> None:
    rounded = [row for row in checks if row["agribalyse_version"].startswith("3.2")]
    right = [row for row in rounded if row["expected"].startswith("match")]
    wrong = [row for row in rounded if row["expected"].startswith("MUST FAIL")]
    assert (len(right), len(wrong)) == (14, 2)
    for row in right:
        assert points(row) == pytest.approx(float(row["published_score_mPt"]), rel=0.0054), row["name_fr"]
    for row in wrong:
        assert points(row) != pytest.approx(float(row["published_score_mPt"]), rel=0.0054), row["name_fr"]


def test_factors_of_ef_3_0_would_be_noticed(reference_data: Path, checks: list[dict[str, str]]) -> None:
    older = {row["code"]: float(row["nf_ef30_3digits"]) for row in rows(reference_data / "ef31_method.csv")}
    weights = shipped_method("ef-3.1").weighting
    errors = []
    for row in checks:
        if row["agribalyse_version"] == "3.1.1":
            score = sum(1000 * weights[code] / older[code] * float(row[code]) for code in INDICATORS)
            errors.append(abs(score / float(row["published_score_mPt"]) - 1))
    assert min(errors) > 1e-5, "no product hides the difference"
    assert max(errors) > 0.05


def test_every_published_score_of_agribalyse_3_1_1_comes_out_within_a_hundred_thousandth(reference_data: Path) -> None:
    french = {row["code"]: row["name_fr_agribalyse"] for row in rows(reference_data / "ef31_method.csv")}
    foods = [row for row in rows(reference_data / "official/agribalyse-3.1.1-synthese.csv") if row["Code AGB"]]
    errors = [
        abs(points({code: row[name] for code, name in french.items()}) / float(row["Score unique EF"]) - 1)
        for row in foods
    ]
    assert len(errors) == 2518
    assert max(errors) < 1e-5


def test_all_of_agribalyse_3_2_agrees_with_the_method_but_for_its_seven_defective_rows(reference_data: Path) -> None:
    french = {row["code"]: row["name_fr_agribalyse"] for row in rows(reference_data / "ef31_method.csv")}
    foods = rows(reference_data / "official/agribalyse-3.2-synthese.csv")
    off = set()
    for row in foods:
        if row["Code AGB"]:
            value = points({code: row[name] for code, name in french.items()})
            if abs(value / float(row["Score unique EF"]) - 1) > 0.0054:
                off.add(row["Code AGB"])
    assert off == {"25998", "26232", "26013", "26037", "26034", "27029", "9901"}
    held = {process.source_id for process in shipped_factor_set("starter@2026.1.0").processes.values()}
    assert not off & held


def test_climate_of_the_added_rows_is_what_base_carbone_publishes() -> None:
    starter = shipped_factor_set("starter@2026.1.0")
    climate = INDICATORS.index(CLIMATE)
    expected = {
        "BC-34622": 0.531, "BC-34628": 0.78, "BC-34612": 0.802, "BC-34616": 0.907,
        "BC-27004": 296, "BC-26960": 24.8, "BC-26961": 80.2, "BC-26964": 179,
    }  # fmt: skip
    assert {process: starter.impacts(process, TOTAL)[climate] for process in expected} == expected
