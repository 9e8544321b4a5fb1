"""The demo, as a first user runs it; and its figures, computed a second time by code that shares nothing with it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from office import Office
from shipped import TEMPLATES

from canevas_xl.cli import main

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("agriculture", "processing", "packaging", "transport", "retail", "consumption")


@pytest.fixture(scope="module")
def demos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    made = {}
    for template in TEMPLATES:
        folder = tmp_path_factory.mktemp("demo") / template
        assert main(["demo", str(folder), "--template", template, "--lang", "fr"]) == 0
        made[template] = folder
    return made


@pytest.fixture(scope="module")
def office(soffice: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office(soffice, tmp_path_factory.mktemp("office")) as started:
        yield started


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "donnees" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("template", TEMPLATES)
def test_five_offers_come_out_one_of_them_tampered_with(demos: dict[str, Path], template: str) -> None:
    folder = demos[template]
    assert len(table(folder, "notes.ranking")) == 5
    blocking = [row for row in table(folder, "findings.list") if row["severity"] == "Bloquant"]
    assert any("verrouillée" in row["message"] for row in blocking)


def test_json_gives_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", str(tmp_path / "d"), "--template", "informatique-postes", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["rank"] for one in told["lots"][0]["offers"]][:1] == [1]


def test_a_second_consolidation_gives_the_same_bytes(demos: dict[str, Path]) -> None:
    folder = demos["informatique-postes"]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts}
    assert main(["consolidate", str(folder), "--lang", "fr"]) == 1, "the tampered offer waits for a decision"
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "cache" not in path.parts}
    assert before == after


def test_a_decision_lets_the_offer_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "d")
    main(["demo", folder, "--template", "informatique-postes", "--json"])
    said = json.loads(capsys.readouterr().out)["said"]
    waiting = [one["id"] for one in said if one["severity"] == "blocks"]
    for finding in waiting:
        assert main(["decide", folder, finding, "accept", "--reason", "Valeur d'origine reprise par l'acheteur"]) == 0
    capsys.readouterr()
    assert main(["score", folder, "--json"]) == 0
    offers = json.loads(capsys.readouterr().out)["lots"][0]["offers"]
    assert sorted(one["rank"] for one in offers) == [1, 2, 3, 4, 5]


@pytest.mark.office
@pytest.mark.parametrize("template", TEMPLATES)
def test_results_hold_no_error_after_recalculation(office: Office, demos: dict[str, Path], template: str) -> None:
    with office.open(demos[template] / "resultats.xlsx") as book:
        book.recalculate()
        values = [value for name in book.sheet_names for value in book.values(name).values()]
    assert not [value for value in values if str(value).startswith("#")]
    assert len(values) > 200


# --- A second computation of school meals: plain arithmetic over the data package and the factor files ------------

GRAMS = {
    "AGB32-6111": ("P01", 70), "AGB32-6510": ("P02", 70), "AGB32-21502": ("P03", 70), "AGB32-28201": ("P04", 70),
    "AGB32-36017": ("P05", 70), "AGB32-28910": ("P06", 60), "AGB32-26043": ("P07", 70), "AGB32-26036": ("P08", 70),
    "AGB32-12115": ("P10", 60), "AGB32-20586": ("P11", 60), "AGB32-20904": ("P12", 80),
}  # fmt: skip
GARNISH = {
    "AGB32-7002": 40, "AGB32-20009": 70, "AGB32-17130": 8, "AGB32-9810": 3 / 20 * 50, "AGB32-9100": 3 / 20 * 50,
    "AGB32-4008": 4 / 20 * 180, "AGB32-20020": 5 / 20 * 150, "AGB32-20061_1": 5 / 20 * 150,
    "AGB32-19860": 10 / 20 * 100, "AGB32-12115": 10 / 20 * 30, "AGB32-13039": 10 / 20 * 120,
    "AGB32-13005": 5 / 20 * 100, "AGB32-13034": 5 / 20 * 120,
}  # fmt: skip
ENERGY = {"Gazole": "BC-25775", "Électricité": "BC-42513"}


def factors() -> dict[tuple[str, str], float]:
    with (ROOT / "factors/sets/starter/2026.1.0/factors.csv").open(encoding="utf-8", newline="") as lines:
        return {(row["process"], row["stage"]): float(row["cch"]) for row in csv.DictReader(lines) if row["cch"]}


def climate(answers: dict[str, str], known: dict[tuple[str, str], float]) -> float:
    """kg CO2 eq. per meal, with the published defaults where a supplier said nothing."""

    def food(process: str) -> float:
        return sum(known[process, stage] for stage in STAGES)

    def given(key: str, default: float) -> float:
        return float(answers[key]) if answers.get(key) else default

    plate = sum(given(code, 0) / 20 * grams / 1000 * food(process) for process, (code, grams) in GRAMS.items())
    plate += given("P09", 0) / 20 * 45 / 1000 * food("AGB32-36017")
    plate += sum(grams / 1000 * food(process) for process, grams in GARNISH.items())
    meals = given("K1", 36_000)
    kitchen = given("K2", 2.5 * meals) / meals * known["BC-42513", "total"]
    kitchen += given("K3", 2.0 * meals) / meals * known["BC-37133", "total"]
    kitchen += given("K4", 0.2 * meals) / meals * known["BC-14087", "total"]
    fibre = given("C2", 25) / 1000 if answers["C1"].startswith("Fibre") else 0.0
    boxes = fibre * (known["DEFRA-19_506_5156_15_1", "total"] + known["BC-34482", "total"])
    used = given("D2", 100) * given("D3", 5) * 36 * given("D4", 14) / 100 * given("D5", 100) / 100 / 36_000
    return plate + kitchen + boxes + used * known[ENERGY[answers["D1"]], "total"]


def test_impacts_and_notes_agree_with_a_second_computation(demos: dict[str, Path]) -> None:
    folder = demos["restauration-scolaire"]
    answers: dict[str, dict[str, str]] = {}
    for row in table(folder, "answers.tidy"):
        name = row["supplier"]
        answers.setdefault(name, {})[row["key"]] = row["value"]
    heads, *values = table(folder, "notes.values")
    columns = {name: column for column, name in heads.items() if column.startswith("o") and name}
    by_label = {row["criterion"]: row for row in values}
    prices = {name: by_label["Prix des prestations"][column] for name, column in columns.items()}
    impacts = {name: by_label["Impact climatique par repas"][column] for name, column in columns.items()}
    qualities = {name: by_label["Qualité des menus et du service"][column] for name, column in columns.items()}
    compared = [name for name, value in impacts.items() if value]
    assert len(compared) == 4
    known = factors()
    notes = {row["criterion"]: row for row in table(folder, "notes.criteria") if row["criterion"]}
    lowest = min(float(prices[name]) for name in compared)
    best = max(float(qualities[name]) for name in compared)
    for name in compared:
        column = columns[name]
        impact = climate(answers[name], known)
        assert float(impacts[name]) == pytest.approx(impact, rel=1e-9)
        expected = {
            "Prix des prestations": 100 * lowest / float(prices[name]),
            "Impact climatique par repas": 100 * min(1.0, max(0.0, (2.0 - impact) / (2.0 - 0.9))),
            "Qualité des menus et du service": 100 * float(qualities[name]) / best,
        }
        for label, note in expected.items():
            assert float(notes[label][column]) == pytest.approx(note, rel=1e-9), (name, label)
        total = 0.45 * expected["Prix des prestations"] + 0.25 * expected["Impact climatique par repas"]
        total += 0.30 * expected["Qualité des menus et du service"]
        assert float(notes["Total pondéré"][column]) == pytest.approx(total, rel=1e-9)


def test_a_decision_on_no_finding_is_refused(demos: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(demos["informatique-postes"])
    assert main(["decide", folder, "0000000000", "accept", "--reason", "x", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["fault"]["code"] == "X119"


def test_a_figure_is_followed_to_its_lines(demos: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", str(demos["mobilier-bureau"]), "L1.S001.total", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["amount"] == pytest.approx(sum(step["amount"] for step in told["steps"]), rel=1e-9)
    assert all(step["source"] for step in told["steps"])


def test_a_demo_is_not_run_over_something(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine", "utf-8")
    assert main(["demo", str(tmp_path)]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
