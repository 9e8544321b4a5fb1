"""Importing a publisher's file: a set in the user's folder, whole or not at all, once."""

from __future__ import annotations

import errno
import hashlib
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from publishers import RELEASE, base_carbone_file, by_stage_file, elements, synthesis, synthesis_file
from surroundings import small_quota, without_right_to_write

from canevas_xl.adapters.store import packages, shelves
from canevas_xl.adapters.store.factor_sets import load_factor_set
from canevas_xl.adapters.store.packages import State, alone
from canevas_xl.adapters.store.shelves import factor_set, factor_sets, user_data_folder, user_shelf
from canevas_xl.app.factor_imports import Format, Imported, Wish, import_factors, write_own_model
from canevas_xl.app.factors import find, left_out, list_sets, show
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import found
from canevas_xl.findings.messages import fault_message
from canevas_xl.sources.own import headers

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def agribalyse(*files: Path, release: str = RELEASE, replace: bool = False) -> Imported:
    return import_factors(Wish(Format.AGRIBALYSE, files, release, replace=replace), TODAY)


def base_carbone(file: Path, release: str = RELEASE) -> Imported:
    return import_factors(Wish(Format.BASE_CARBONE, (file,), release), TODAY)


def state_of(folder: Path) -> dict[str, str]:
    """Every file below a folder, by its hash."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_what_was_imported_loads_like_a_shipped_set(tmp_path: Path) -> None:
    done = agribalyse(synthesis_file(tmp_path))
    assert (done.state, done.harvest.reference) == (State.NEW, "agribalyse@9.9")
    assert load_factor_set(done.folder).findings == ()
    loaded = factor_set("agribalyse@9.9")
    assert set(loaded.processes) == {"AGB99-100", "AGB99-200", "AGB99-300"}
    assert loaded.words["AGB99-100"] == ("crus",)
    assert loaded.impacts("AGB99-100", "total") == done.harvest.candidates[0].values["total"]


def test_importing_twice_changes_nothing_and_says_so(tmp_path: Path, own_folder: Path) -> None:
    agribalyse(synthesis_file(tmp_path))
    before = state_of(own_folder)
    assert agribalyse(synthesis_file(tmp_path)).state is State.UNCHANGED
    assert state_of(own_folder) == before


def test_a_new_release_stands_beside_the_old(tmp_path: Path) -> None:
    agribalyse(synthesis_file(tmp_path))
    agribalyse(synthesis_file(tmp_path), release="9.10")
    imported = [one.reference for one in factor_sets() if not one.shipped]
    assert imported == ["agribalyse@9.9", "agribalyse@9.10"]


def test_the_other_half_of_agribalyse_completes_the_set(tmp_path: Path) -> None:
    both = agribalyse(synthesis_file(tmp_path), by_stage_file(tmp_path)).folder
    expected = (both / "factors.csv").read_text("utf-8")
    agribalyse(by_stage_file(tmp_path), release="8.0")
    done = agribalyse(synthesis_file(tmp_path), release="8.0")
    assert done.state is State.REPLACED
    assert (done.folder / "factors.csv").read_text("utf-8").replace("AGB80", "AGB99") == expected
    assert agribalyse(by_stage_file(tmp_path), release="8.0").state is State.UNCHANGED


def test_accents_and_spaces_in_paths_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANEVAS_DATA", str(tmp_path / "données d'été"))
    (tmp_path / "téléchargés").mkdir()
    done = agribalyse(synthesis_file(tmp_path / "téléchargés", name="synthèse (1).csv"))
    assert load_factor_set(done.folder).findings == ()
    assert agribalyse(synthesis_file(tmp_path / "téléchargés", name="synthèse (1).csv")).state is State.UNCHANGED


def test_a_data_folder_that_is_a_file_is_said(tmp_path: Path, own_folder: Path) -> None:
    own_folder.write_text("", "utf-8")
    with pytest.raises(Fault, match="X101"):
        agribalyse(synthesis_file(tmp_path))


def test_two_files_of_one_name_in_two_folders_are_two_files(tmp_path: Path) -> None:
    (tmp_path / "detail").mkdir()
    split = by_stage_file(tmp_path).rename(tmp_path / "detail" / "agribalyse.csv")
    done = agribalyse(synthesis_file(tmp_path, name="agribalyse.csv"), split)
    assert {len(one.values) for one in done.harvest} == {7}
    assert sorted(path.stem for path in (done.folder / "originals").iterdir()) == ["by_stage", "synthesis"]


def test_other_contents_under_a_release_that_is_there_are_refused(tmp_path: Path, own_folder: Path) -> None:
    agribalyse(synthesis_file(tmp_path))
    before = state_of(own_folder)
    with pytest.raises(WrongUse, match="F110"):
        agribalyse(synthesis_file(tmp_path, synthesis()[:2]))
    assert state_of(own_folder) == before
    assert agribalyse(synthesis_file(tmp_path, synthesis()[:2]), replace=True).state is State.REPLACED
    assert len(factor_set("agribalyse@9.9").processes) == 2


def test_a_half_that_was_damaged_since_is_said_and_written_again(tmp_path: Path) -> None:
    folder = agribalyse(synthesis_file(tmp_path)).folder
    (folder / "originals" / "synthesis.csv").write_text("broken", "utf-8")
    with pytest.raises(Fault, match="F113"):
        agribalyse(by_stage_file(tmp_path))
    assert agribalyse(synthesis_file(tmp_path)).state is State.REPLACED
    assert agribalyse(by_stage_file(tmp_path)).state is State.REPLACED
    assert agribalyse(synthesis_file(tmp_path)).state is State.UNCHANGED


def test_a_damaged_set_is_written_again(tmp_path: Path) -> None:
    folder = agribalyse(synthesis_file(tmp_path)).folder
    (folder / "factors.csv").write_text("broken", "utf-8")
    with pytest.raises(Fault, match="F113"):
        factor_set("agribalyse@9.9")
    assert agribalyse(synthesis_file(tmp_path)).state is State.REPLACED
    assert load_factor_set(folder).findings == ()


def test_a_set_whose_rows_block_is_said_to_be_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = load_factor_set(agribalyse(synthesis_file(tmp_path)).folder)
    monkeypatch.setattr(shelves, "load_factor_set", lambda _: loaded.with_findings([found("F018", id="x")]))
    with pytest.raises(Fault, match="F113"):
        factor_set("agribalyse@9.9")


def test_what_cannot_be_read_back_is_not_installed(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "_process", lambda one: (one.id, *["?"] * 18))
    with pytest.raises(Fault, match="F114"):
        agribalyse(synthesis_file(tmp_path))
    assert state_of(own_folder) == {}


@pytest.mark.parametrize("step", ["_write", "_put"])
def test_a_full_disk_leaves_the_sets_as_they_were(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    agribalyse(synthesis_file(tmp_path))
    before = state_of(own_folder)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(packages, step, full)
    with pytest.raises(Fault, match="X104"):
        agribalyse(synthesis_file(tmp_path), release="10.0")
    assert state_of(own_folder) == before


@pytest.mark.skipif(sys.platform == "win32", reason="limits and rights as POSIX systems have them")
@pytest.mark.parametrize(("trouble", "code"), [("full", "X104"), ("read-only", "X102")])
def test_a_disk_that_takes_nothing_leaves_the_sets_as_they_were(
    tmp_path: Path, own_folder: Path, trouble: str, code: str
) -> None:
    agribalyse(synthesis_file(tmp_path))
    before = state_of(own_folder)
    path = synthesis_file(tmp_path, synthesis()[:2])
    shelf = user_shelf()
    with small_quota(1024) if trouble == "full" else without_right_to_write(shelf), pytest.raises(Fault, match=code):
        agribalyse(path, replace=True)
    assert state_of(own_folder) == before


def test_two_imports_at_once_are_kept_apart(tmp_path: Path, own_folder: Path) -> None:
    path = synthesis_file(tmp_path)
    with alone(user_shelf()), pytest.raises(Fault, match="F139"):
        agribalyse(path)
    assert state_of(own_folder) == {}
    assert agribalyse(path).state is State.NEW


KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from canevas_xl.app.factor_imports import Format, Wish, import_factors
count = 0
def watch(event, _):
    global count
    if event in ("os.mkdir", "os.rename", "shutil.rmtree"):
        count += 1
        if count == int(sys.argv[3]):
            os._exit(9)
sys.addaudithook(watch)
import_factors(Wish(Format.AGRIBALYSE, (Path(sys.argv[1]),), sys.argv[2], replace=True), date(2026, 11, 22))
"""


def test_an_import_killed_at_any_step_leaves_the_old_set_or_the_new(tmp_path: Path) -> None:
    old, new = synthesis_file(tmp_path), synthesis_file(tmp_path, synthesis()[:2], "new.csv")
    step, counts, code = 0, set(), 9
    while code == 9:
        step += 1
        agribalyse(old, replace=True)
        done = subprocess.run([sys.executable, "-c", KILLED, str(new), RELEASE, str(step)], check=False)
        code = done.returncode
        counts.add(len(factor_set(f"agribalyse@{RELEASE}").processes))
    assert (code, counts) == (0, {2, 3})
    assert step > 3
    agribalyse(old, replace=True)
    assert [path.name for path in user_shelf().iterdir()] == ["agribalyse"]


def test_a_set_that_cannot_be_moved_in_leaves_the_old_one(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agribalyse(synthesis_file(tmp_path))
    before = state_of(own_folder)
    replace = Path.replace

    def held(self: Path, target: Path) -> Path:
        if self.name.startswith(".import-") and not self.name.endswith("-old"):
            raise OSError(errno.EACCES, "denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    with pytest.raises(Fault, match="X102"):
        agribalyse(synthesis_file(tmp_path, synthesis()[:2]), replace=True)
    assert state_of(own_folder) == before


def test_refused_files_leave_the_sets_as_they_were(tmp_path: Path, own_folder: Path) -> None:
    agribalyse(synthesis_file(tmp_path))
    before = state_of(own_folder)
    path = synthesis_file(tmp_path, name="cut.csv")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WrongUse, match="F105"):
        agribalyse(path, release="10.0")
    assert state_of(own_folder) == before


def test_where_no_row_can_be_kept_the_first_reason_is_said(tmp_path: Path, own_folder: Path) -> None:
    rows = [row | {"Score unique EF": "9"} for row in synthesis()]
    with pytest.raises(WrongUse, match="F127") as caught:
        agribalyse(synthesis_file(tmp_path, rows))
    assert (caught.value.facts["count"], caught.value.facts["line"]) == (3, 2)
    assert "score publié" in fault_message(caught.value, "fr")
    assert state_of(own_folder) == {}


def test_a_publishers_file_of_which_much_does_not_hold_is_refused_whole(tmp_path: Path, own_folder: Path) -> None:
    moved = {"Particules fines": "3", "Utilisation du sol": "0.001"}
    rows = [synthesis()[0], *(row | moved for row in synthesis()[1:])]
    with pytest.raises(WrongUse, match="F127") as caught:
        agribalyse(synthesis_file(tmp_path, rows))
    assert (caught.value.facts["count"], caught.value.facts["read"]) == (2, 3)
    assert state_of(own_folder) == {}


def test_base_carbone_keeps_posts_marks_and_reasons(tmp_path: Path) -> None:
    rows = elements()
    rows[-1] |= {"Qualité TeR": "4", "Unité français": "kgCO2e/ha.an"}
    rows[0] |= {"Qualité TeR": "5"}
    done = base_carbone(base_carbone_file(tmp_path, rows))
    (laptop,) = show("BC-1", TODAY)
    assert laptop.set.reference == "base-carbone@9.9"
    assert [post.value for post in laptop.posts] == [120, 36]
    assert laptop.ratings is not None
    assert laptop.ratings.technology == 5
    assert "F122" in (done.folder / "left_out.csv").read_text("utf-8")


def test_passed_validity_is_counted(tmp_path: Path) -> None:
    done = base_carbone(base_carbone_file(tmp_path))
    assert [(one.code, dict(one.facts)) for one in done.findings] == [("F133", {"count": 1})]


def test_imported_rows_are_found_beside_shipped_ones(tmp_path: Path) -> None:
    agribalyse(synthesis_file(tmp_path))
    hits = find("carotte crue")
    assert any("agribalyse@9.9" in hit.sets for hit in hits)


def test_one_process_in_two_sets_with_one_value_is_found_once(tmp_path: Path) -> None:
    path = base_carbone_file(tmp_path)
    base_carbone(path)
    base_carbone(path, release="10.0")
    hits = [hit for hit in find("ordinateur") if hit.entry.id == "BC-1"]
    assert sorted(name for hit in hits for name in hit.sets) == ["base-carbone@10.0", "base-carbone@9.9"]


def test_identical_rows_name_each_other(tmp_path: Path) -> None:
    rows = synthesis()
    agribalyse(synthesis_file(tmp_path, [*rows, rows[0] | {"Code AGB": "101", "LCI Name": "Twin"}]))
    twins = {hit.entry.id: [one.id for one in hit.twins] for hit in find("carotte crue") if "AGB99" in hit.entry.id}
    assert twins == {"AGB99-100": ["AGB99-101"], "AGB99-101": ["AGB99-100"]}


def test_a_search_needs_no_more_than_the_index(tmp_path: Path) -> None:
    folder = agribalyse(synthesis_file(tmp_path)).folder
    (folder / "factors.csv").unlink()
    assert find("pain de campagne")


def test_what_the_shipped_set_leaves_out_is_named() -> None:
    assert find("oeufs") == ()
    assert "Oeuf, cru" in left_out("oeufs")
    assert left_out("eggs") == left_out("oeufs")
    assert left_out("zzz") == left_out("") == ()


def test_an_index_that_is_not_the_manifests_is_not_believed(tmp_path: Path) -> None:
    folder = agribalyse(synthesis_file(tmp_path)).folder
    (folder / "index.csv").write_text("id\nx\n", "utf-8")
    with pytest.raises(Fault, match="F113"):
        find("pain de campagne")


def test_sets_are_listed_with_their_origin(tmp_path: Path) -> None:
    agribalyse(synthesis_file(tmp_path))
    card = list_sets()[-1]
    assert (card.set.reference, card.processes, card.origins) == ("agribalyse@9.9", 3, ("synthese.csv",))


def test_uncertainty_and_quality_are_said_or_unknown(tmp_path: Path) -> None:
    base_carbone(base_carbone_file(tmp_path))
    (laptop,), (lorry,) = show("BC-1", TODAY), show("BC-5", TODAY)
    assert (laptop.doubt.stated, laptop.doubt.used) == (50, 50)
    assert laptop.doubt.sigma == pytest.approx(0.2069, abs=1e-4)
    assert laptop.past
    assert (lorry.process.dqr, lorry.process.reference_year, lorry.ratings) == (None, None, None)


def test_whole_products_have_a_floor_of_30_percent(tmp_path: Path) -> None:
    rows = elements()
    rows[0]["Incertitude"] = "10"
    base_carbone(base_carbone_file(tmp_path, rows))
    (laptop,) = show("BC-1", TODAY)
    assert (laptop.doubt.stated, laptop.doubt.used) == (10, 30)


@pytest.mark.parametrize("name", ["../x", "Own", "", "a b", "1own"])
def test_a_name_that_could_be_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WrongUse, match="F119"):
        import_factors(Wish(Format.OWN, (synthesis_file(tmp_path),), name=name), TODAY)


@pytest.mark.parametrize("release", ["../1.0", "1", "a.b", "1.0.0.0"])
def test_a_release_that_could_be_no_folder_is_refused(tmp_path: Path, release: str) -> None:
    with pytest.raises(WrongUse, match="F119"):
        agribalyse(synthesis_file(tmp_path), release=release)


def test_one_file_at_a_time_where_one_is_enough(tmp_path: Path) -> None:
    path = base_carbone_file(tmp_path)
    with pytest.raises(WrongUse, match="F118"):
        import_factors(Wish(Format.BASE_CARBONE, (path, path)), TODAY)


def filled(path: Path) -> Path:
    """The model with one factor in it."""
    book = openpyxl.load_workbook(path)
    titles = [one.value for one in book.worksheets[0][1]]
    own = headers("fr")
    cells = {"id": "P-1", "name_fr": "Panneau", "unit": "m3", "source": "FDES", "licence": "libre", "cch": 120.5}
    by_title = {own[key]: value for key, value in cells.items()}
    book.worksheets[0].append([by_title.get(str(title)) for title in titles])
    book.save(path)
    return path


def test_a_buyers_own_factors_go_through_the_model(tmp_path: Path) -> None:
    write_own_model(tmp_path / "own.xlsx", "fr")
    done = import_factors(Wish(Format.OWN, (filled(tmp_path / "own.xlsx"),)), TODAY)
    assert done.harvest.reference == "own@1.0"
    assert factor_set("own@1.0").whole("OWN-P_1")[0] == 120.5


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_an_empty_model_has_nothing_to_import(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"own.{ending}"
    write_own_model(path, "en")
    with pytest.raises(WrongUse, match="F101"):
        import_factors(Wish(Format.OWN, (path,)), TODAY)


def test_a_model_is_never_written_over_a_file(tmp_path: Path) -> None:
    write_own_model(tmp_path / "own.csv", "fr")
    with pytest.raises(Fault, match="X105"):
        write_own_model(tmp_path / "own.csv", "fr")
    with pytest.raises(WrongUse, match="F115"):
        write_own_model(tmp_path / "own.pdf", "fr")


def test_the_name_of_a_shipped_set_cannot_be_taken(tmp_path: Path) -> None:
    write_own_model(tmp_path / "own.xlsx", "fr")
    wish = Wish(Format.OWN, (filled(tmp_path / "own.xlsx"),), "2026.1.0", name="starter")
    with pytest.raises(WrongUse, match="F117"):
        import_factors(wish, TODAY)


def test_a_process_that_no_set_holds_is_said() -> None:
    with pytest.raises(WrongUse, match="F116"):
        show("BC-0", TODAY)


def test_the_data_folder_follows_the_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert user_data_folder() == tmp_path / "data"
    monkeypatch.delenv("CANEVAS_DATA")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert user_data_folder() == tmp_path / "canevas-xl"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert user_data_folder() == Path.home() / ".local" / "share" / "canevas-xl"
    monkeypatch.setattr("sys.platform", "darwin")
    assert user_data_folder() == Path.home() / "Library" / "Application Support" / "canevas-xl"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert user_shelf() == tmp_path / "Local" / "canevas-xl" / "factors" / "sets"
