"""The importers at full scale, on the files that ADEME publishes."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from canevas_xl.adapters.store.packages import State
from canevas_xl.app.factor_imports import Format, Imported, Wish, import_factors
from canevas_xl.app.factors import check, find
from canevas_xl.cli import main
from canevas_xl.errors import WrongUse
from canevas_xl.model.vocabulary import TOTAL
from canevas_xl.sources import base_carbone_layout as layout

pytestmark = pytest.mark.official
TODAY = date(2026, 11, 22)
DEFECTIVE = ["25998", "26013", "26034", "26037", "26232", "27029", "9901"]


@pytest.fixture(scope="module", autouse=True)
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder of this module's own."""
    folder = tmp_path_factory.mktemp("imports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANEVAS_DATA", str(folder))
        yield folder


@pytest.fixture(scope="module")
def official(reference_data: Path) -> Path:
    return reference_data / "official"


@pytest.fixture(scope="module")
def base_carbone(official: Path) -> Imported:
    return import_factors(Wish(Format.BASE_CARBONE, (official / "base-carbone-v23.6.xlsx",)), TODAY)


def agribalyse(*files: Path, release: str | None = None) -> Imported:
    return import_factors(Wish(Format.AGRIBALYSE, files, release, replace=True), TODAY)


@pytest.mark.parametrize("layout_of_file", ["synthese", "detail-par-etape"])
def test_agribalyse_3_1_1_goes_in_whole(
    official: Path, layout_of_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path))
    done = agribalyse(official / f"agribalyse-3.1.1-{layout_of_file}.csv")
    assert done.harvest.reference == "agribalyse@3.1.1"
    assert (done.harvest.counts.read, done.harvest.rejected) == (2518, ())
    assert done.harvest.counts.max_relative_error is not None
    assert done.harvest.counts.max_relative_error <= 1e-5


@pytest.mark.parametrize("layout_of_file", ["synthese", "detail-par-etape"])
def test_agribalyse_3_2_goes_in_but_for_its_seven_defective_rows(
    official: Path, layout_of_file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path))
    done = agribalyse(official / f"agribalyse-3.2-{layout_of_file}.csv")
    assert done.harvest.counts.read == 2451
    assert sorted(one.identifier for one in done.harvest.rejected) == DEFECTIVE
    assert done.harvest.counts.max_relative_error is not None
    assert done.harvest.counts.max_relative_error <= 0.0054


def test_both_files_of_3_2_give_six_stages_and_the_published_total(official: Path) -> None:
    done = agribalyse(official / "agribalyse-3.2-detail-par-etape.csv", official / "agribalyse-3.2-synthese.csv")
    assert {len(one.values) for one in done.harvest} == {7}
    assert sum(bool(one.process.same_as) for one in done.harvest) == 883
    by_code = {one.process.source_id: one.process for one in done.harvest}
    assert by_code["11194"].withdrawn == "stages_do_not_add_up"
    assert by_code["22000"].withdrawn == "declared_wrong"
    assert sum(one.code in {"F132", "F137"} for one in done.findings) == 34


def test_the_command_gives_the_figures_as_one_object(official: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factors", "import", "agribalyse", str(official / "agribalyse-3.2-synthese.csv"), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert (value["rows_read"], value["rows_accepted"], value["rows_rejected"]) == (2451, 2444, 7)
    assert sorted(one["identifier"] for one in value["rejected"]) == DEFECTIVE
    assert {one["code"] for one in value["rejected"]} == {"F120"}


def test_files_of_two_releases_are_refused(official: Path) -> None:
    with pytest.raises(WrongUse, match="F109"):
        agribalyse(official / "agribalyse-3.1.1-synthese.csv", official / "agribalyse-3.2-detail-par-etape.csv")


def test_a_file_of_another_release_is_refused(official: Path) -> None:
    with pytest.raises(WrongUse, match="F107"):
        agribalyse(official / "agribalyse-3.1.1-synthese.csv", release="3.2")
    with pytest.raises(WrongUse, match="F107"):
        agribalyse(official / "agribalyse-3.1.1-synthese.csv", release="3.0")
    with pytest.raises(WrongUse, match="F104"):
        agribalyse(official / "agribalyse-4-detail-par-etape-sample.csv")


def test_a_file_cut_between_two_rows_is_refused_by_its_count(official: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    lines = (official / "agribalyse-3.1.1-synthese.csv").read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:1200]))
    with pytest.raises(WrongUse, match="F109"):
        agribalyse(path)


def test_every_sum_of_base_carbone_is_equal(base_carbone: Imported) -> None:
    counts = base_carbone.harvest.counts
    assert (counts.posts_checked, counts.posts_equal) == (2182, 2182)
    assert (counts.gases_checked, counts.gases_equal) == (1387, 1387)
    assert counts.read == 12817
    assert counts.read == counts.accepted + counts.set_aside + len(base_carbone.harvest.rejected)


def test_copies_credits_and_errors_of_base_carbone_are_off_the_lists(base_carbone: Imported) -> None:
    processes = {one.process.source_id: one for one in base_carbone.harvest}
    reasons = [one.process.withdrawn for one in processes.values()]
    assert reasons.count("copy_of_agribalyse") > 2400
    assert {processes[code].process.withdrawn for code in ("43660", "43661")} == {"source_error"}
    negative = [one for one in base_carbone.harvest if (dict(one.values)[TOTAL][0] or 0.0) < 0]
    assert negative
    assert all(one.process.withdrawn for one in negative)


def test_rejected_rows_of_base_carbone_are_units_and_dates_that_we_do_not_have(base_carbone: Imported) -> None:
    assert {one.code for one in base_carbone.harvest.rejected} == {"F122", "F123"}
    assert sum(one.code == "F123" for one in base_carbone.harvest.rejected) == 5


def test_base_carbone_under_the_name_of_another_release_is_refused(official: Path) -> None:
    with pytest.raises(WrongUse, match="F107"):
        import_factors(Wish(Format.BASE_CARBONE, (official / "base-carbone-v23.6.xlsx",), "22.0"), TODAY)


def official_csv(workbook: Path, out: Path) -> Path:
    """Write the workbook in the layout of the official CSV: semicolons, cp1252, decimal commas."""
    frame = pd.read_excel(workbook, engine="calamine", dtype=str, header=None, na_filter=False)
    rows = frame.to_numpy().tolist()
    numbers = {at for at, name in enumerate(rows[0]) if name in layout.NUMBERS}
    with out.open("w", encoding="cp1252", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(rows[0])
        for row in rows[1:]:
            writer.writerow([cell.replace(".", ",") if at in numbers else cell for at, cell in enumerate(row)])
    return out


def test_the_official_csv_gives_the_same_set_as_the_workbook(
    base_carbone: Imported, official: Path, tmp_path: Path
) -> None:
    path = official_csv(official / "base-carbone-v23.6.xlsx", tmp_path / "Base_Carbone_V23.6.csv")
    done = import_factors(Wish(Format.BASE_CARBONE, (path,)), TODAY)
    assert done.state is State.UNCHANGED
    assert done.harvest.counts == base_carbone.harvest.counts
    assert [one.identifier for one in done.harvest.rejected] == [
        one.identifier for one in base_carbone.harvest.rejected
    ]


def test_imported_sets_pass_the_check(base_carbone: Imported) -> None:
    checked = check(None, TODAY)
    assert base_carbone.harvest.reference in {one.reference for one in checked}
    assert [one.reference for one in checked if one.blocked] == []


def test_what_was_imported_is_found(base_carbone: Imported, official: Path) -> None:
    for version in ("3.1.1", "3.2"):
        agribalyse(official / f"agribalyse-{version}-synthese.csv")
    assert len(base_carbone.harvest.candidates) > 6000
    assert {one.entry.source_version[:3] for one in find("lentille verte")} >= {"3.1", "3.2"}
    assert find("poids lourd")[0].entry.group == "transport_freight"


MEASURED = """
import sys
from pathlib import Path
from canevas_xl.cli import main
assert main(sys.argv[1:]) == 0
told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
sys.stderr.write(told["VmHWM"].split()[0])
"""
"""Says how many KiB it had at most: what the system tells of finished children counts every one of this process."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process how much memory it had")
def test_base_carbone_is_imported_within_a_gigabyte(official: Path, tmp_path: Path) -> None:
    words = ["factors", "import", "base-carbone", "--json", str(official / "base-carbone-v23.6.xlsx")]
    environment = {"CANEVAS_DATA": str(tmp_path), "PATH": "", "LANG": "C.UTF-8"}
    run = subprocess.run([sys.executable, "-c", MEASURED, *words], check=True, capture_output=True, env=environment)
    assert int(run.stderr) < 1024 * 1024
