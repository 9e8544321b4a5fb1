"""``factors`` as it is typed: one line per result, one JSON object for programs, refusals that leave all as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from publishers import RELEASE, base_carbone_file, synthesis, synthesis_file
from rich.console import Console

from canevas_xl import resources
from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.cli import main
from canevas_xl.cli.factor_view import unit_name
from canevas_xl.cli.show import Screen
from canevas_xl.errors import BLOCKED, DONE, MISUSED
from canevas_xl.sources import agribalyse_layout as agribalyse


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data folder of the test's own."""
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path / "data"))


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = DONE) -> dict[str, Any]:
    """Run a command with ``--json`` and give its object."""
    assert main(["factors", *words, "--json", "--lang", "fr"]) == code
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = DONE) -> str:
    assert main(["factors", *words, "--lang", "fr"]) == code
    return capsys.readouterr().out


def test_an_import_tells_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*synthesis(), synthesis()[0] | {agribalyse.NAMES[0]: "400"}]
    rows[1]["Score unique EF"] = "9"
    value = told(capsys, "import", "agribalyse", str(synthesis_file(tmp_path, rows)), "--release", RELEASE)
    assert (value["rows_read"], value["rows_accepted"], value["rows_rejected"]) == (4, 3, 1)
    assert value["max_relative_error"] < 1e-6
    assert [(one["line"], one["identifier"], one["code"]) for one in value["rejected"]] == [(3, "200", "F120")]
    assert "postes_checked" not in value


def test_an_import_of_base_carbone_tells_its_posts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = told(capsys, "import", "base-carbone", str(base_carbone_file(tmp_path)), "--release", RELEASE)
    assert (value["postes_checked"], value["postes_equal"]) == (1, 1)
    assert (value["rows_read"], value["rows_accepted"], value["rows_rejected"], value["rows_set_aside"]) == (5, 4, 0, 1)


def test_a_second_import_says_that_nothing_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("import", "agribalyse", str(synthesis_file(tmp_path)), "--release", RELEASE)
    assert "importé" in said(capsys, *words)
    assert "rien n'a changé" in said(capsys, *words)


def test_a_refusal_is_one_object_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    value = told(capsys, "import", "agribalyse", str(path), code=MISUSED)
    assert "F101" in json.dumps(value)


def test_a_file_of_another_kind_is_refused_by_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "achats.csv"
    path.write_text("Article;Prix\nChaise;12\n", "cp1252")
    fault = told(capsys, "import", "base-carbone", str(path), code=MISUSED)["fault"]
    assert (fault["code"], "Article, Prix" in fault["message"]) == ("F104", True)


@pytest.mark.parametrize("words", [("import",), ("import", "agribalyse"), ("import", "ecoinvent", "x.csv"), ("show",)])
def test_words_that_are_missing_are_said(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factors", *words, "--lang", "fr"]) == MISUSED
    assert "X109" in capsys.readouterr().err


def test_options_may_stand_between_the_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(synthesis_file(tmp_path))
    assert main(["factors", "import", "--json", "agribalyse", "--release", RELEASE, path]) == DONE
    assert json.loads(capsys.readouterr().out)["rows_read"] == 3


def test_a_search_answers_in_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "find", "pois", "chiche")
    line = next(line for line in shown.splitlines() if line.startswith("AGB32-20516"))
    for part in ("kg éq. CO2 par kg", "agriculture", "AGRIBALYSE 3.2", "2024", "incertitude inconnue", "DQR", "16/16"):
        assert part in line


def test_every_unit_of_a_factor_has_a_name_in_both_languages() -> None:
    units = {one.unit for one in shipped_factor_set("starter@2026.1.0").processes.values()} | {"EUR", "m2", "hour"}
    for language in resources.LANGUAGES:
        one = Screen(language, as_json=True, console=Console())
        assert all(unit_name(unit, one) for unit in units)
    assert unit_name("item", Screen("fr", as_json=True, console=Console())) == "unité"


def test_a_search_says_what_is_the_same_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert "même donnée que" in said(capsys, "find", "lentille")


def test_a_search_says_what_is_past_its_validity_and_still_published(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "find", "ordinateur", "portable")
    assert "validité passée le 20/12/2021, toujours publiée comme valide" in shown


def test_a_row_of_which_no_source_tells_the_stages_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert "étapes non précisées" in said(capsys, "find", "BC-43716")


def test_days_are_written_as_their_readers_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factors", "find", "laptop", "--lang", "en"]) == DONE
    assert "validity passed on 2021-12-20" in capsys.readouterr().out


def test_a_search_names_what_the_set_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Oeuf, cru" in said(capsys, "find", "oeufs")


def test_what_is_not_said_agrees_in_gender(capsys: pytest.CaptureFixture[str]) -> None:
    shown = " ".join(said(capsys, "show", "BC-27002").split())
    assert "Technologie : non précisée. Année : non précisée" in shown


def test_names_with_commas_are_told_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = synthesis()
    twins = [rows[0] | {"Code AGB": f"10{n}", "Nom du Produit en Français": f"Carotte, {n}"} for n in (1, 2)]
    told(capsys, "import", "agribalyse", str(synthesis_file(tmp_path, [*rows, *twins])), "--release", RELEASE)
    assert "Même donnée que : Carotte, 1 ; Carotte, 2." in said(capsys, "show", "AGB99-100")
    assert "même donnée que « Carotte, 1 » et 1 autre(s)" in said(capsys, "find", "AGB99-100")


def test_a_search_in_vain_says_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Essayez" in said(capsys, "find", "xyzzy")
    assert told(capsys, "find", "xyzzy")["found"] == []


def test_the_first_results_are_shown_and_all_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--all" in said(capsys, "find", "plastique")
    count = len(told(capsys, "find", "plastique")["found"])
    assert len([line for line in said(capsys, "find", "plastique", "--all").splitlines() if " · " in line]) == count


def test_a_factor_is_shown_with_all_that_one_cites(capsys: pytest.CaptureFixture[str]) -> None:
    shown = " ".join(said(capsys, "show", "BC-27002").split())
    for part in (
        "n° 27002",
        "Licence Ouverte 2.0",
        "À citer",
        "Matières",
        "± 50 % à 95 %",
        "σ = 0,207",
        "DQR : inconnu",
    ):
        assert part in shown
    one, *_ = told(capsys, "show", "BC-27002")["processes"]
    assert one["uncertainty"] == {
        "stated_percent": 50, "used_percent": 50, "distribution": "lognormal", "sigma": pytest.approx(0.2069, abs=1e-4),
    }  # fmt: skip
    assert one["quality"]["dqr"] is None


def test_a_factor_without_uncertainty_says_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Incertitude : inconnue" in said(capsys, "show", "AGB32-6111")


def test_a_set_is_shown_by_checking_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert "starter@2026.1.0" in said(capsys, "show", "starter@2026.1.0")


def test_sets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "starter@2026.1.0" in {one["set"] for one in told(capsys, "list")["sets"]}
    assert "starter@2026.1.0" in said(capsys)


def test_a_spoiled_set_does_not_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    value = told(capsys, "import", "agribalyse", str(synthesis_file(tmp_path)), "--release", RELEASE)
    (Path(value["folder"]) / "factors.csv").write_text("x", "utf-8")
    checked = told(capsys, "check", "agribalyse", code=BLOCKED)
    assert [one["code"] for one in checked["sets"][0]["findings"]] == ["F003"]


def test_a_set_that_is_not_there_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factors", "check", "nothing@1.0"]) == MISUSED
    assert "F001" in capsys.readouterr().err


def test_the_model_is_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "import", "--model", str(tmp_path / "m.xlsx")) == {"model": str(tmp_path / "m.xlsx")}
    assert (tmp_path / "m.xlsx").stat().st_size > 1000


PROBE = """
import contextlib, io, sys
from canevas_xl.cli import main
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out), contextlib.suppress(SystemExit):
    main({words!r})
heavy = {{"pandas", "python_calamine", "openpyxl", "matplotlib"}} & set(sys.modules)
print(",".join(sorted(heavy)))
"""


@pytest.mark.parametrize(
    "words",
    [["--help"], ["factors", "list"], ["factors", "find", "lentille"], ["factors", "check"], ["check", "nowhere"],
     ["templates", "check"]],
    ids=" ".join,
)  # fmt: skip
def test_pandas_is_loaded_by_imports_only(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE.format(words=words)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == ""
