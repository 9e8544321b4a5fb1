"""Factor sets and methods as data packages: what is verified, refused, and said."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from canevas_xl import resources
from canevas_xl.adapters.store.factor_sets import load_factor_set, shipped_factor_set, shipped_factor_sets
from canevas_xl.adapters.store.methods import load_method, shipped_method
from canevas_xl.errors import MISUSED, Fault
from canevas_xl.findings.catalogue import kinds
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import fault_message, message, remedy
from canevas_xl.model.vocabulary import TOTAL

Edit = Callable[[list[list[str]]], None]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the shipped set that a test may spoil."""
    shipped = resources.data_folder("factors") / "sets" / "starter" / "2026.1.0"
    return Path(shutil.copytree(shipped, tmp_path / "starter"))


@pytest.fixture
def method(tmp_path: Path) -> Path:
    return Path(shutil.copytree(resources.data_folder("factors") / "methods" / "ef-3.1", tmp_path / "ef"))


def edited(path: Path, edit: Edit) -> None:
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))
    edit(rows)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    path.write_text(stream.getvalue(), "utf-8")


def sealed(package: Path) -> None:
    """Make the manifest agree with the files again, as an author does."""
    manifest = json.loads((package / "datapackage.json").read_text("utf-8"))
    listing = ""
    for one in sorted(manifest["resources"], key=lambda each: each["path"]):
        digest = hashlib.sha256((package / one["path"]).read_bytes()).hexdigest()
        one["hash"] = f"sha256:{digest}"
        listing += f"{digest}  {one['path']}\n"
    manifest["sha256"] = hashlib.sha256(listing.encode()).hexdigest()
    (package / "datapackage.json").write_text(json.dumps(manifest), "utf-8")


def sealed_method(folder: Path) -> None:
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.csv"))}
    whole = hashlib.sha256("".join(f"{value}  {name}\n" for name, value in digests.items()).encode()).hexdigest()
    files = "\n".join(f'"{name}" = "{value}"' for name, value in digests.items())
    (folder / "method.toml").write_text(
        'id = "ef-3.1"\ntitle = "t"\nsource = "s"\ndoi = "d"\nnormalisation = "n"\n'
        f'sha256 = "{whole}"\n\n[files]\n{files}\n',
        "utf-8",
    )


def spoiled(package: Path, file: str, row: int, column: str, value: str) -> tuple[Finding, ...]:
    """Change one cell (rows counted from 1, the header being 0), seal, load, and give what is said."""

    def edit(rows: list[list[str]]) -> None:
        rows[row][rows[0].index(column)] = value

    edited(package / file, edit)
    sealed(package)
    return load_factor_set(package).findings


def test_the_shipped_set_is_found_by_its_reference_and_loaded_once() -> None:
    assert "starter@2026.1.0" in shipped_factor_sets()
    starter = shipped_factor_set("starter@2026.1.0")
    assert (starter.id, starter.version) == ("starter", "2026.1.0")
    assert shipped_factor_set("starter@2026.1.0") is starter


@pytest.mark.parametrize("reference", ["starter@1.0.0", "starter", "", "../../methods@ef-3.1"])
def test_an_unknown_reference_is_wrong_use_and_says_what_there_is(reference: str) -> None:
    with pytest.raises(Fault) as caught:
        shipped_factor_set(reference)
    assert caught.value.exit_code == MISUSED
    assert "starter@2026.1.0" in fault_message(caught.value, "fr")


def test_an_unknown_method_is_wrong_use() -> None:
    with pytest.raises(Fault) as caught:
        shipped_method("ef-3.0")
    assert (caught.value.code, caught.value.exit_code) == ("F001", MISUSED)


def test_the_set_carries_the_sha256_of_its_files(package: Path) -> None:
    listing = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(package.glob("*.csv"))
    )
    assert shipped_factor_set("starter@2026.1.0").sha256 == hashlib.sha256(listing.encode()).hexdigest()


@pytest.mark.parametrize("file", ["processes.csv", "factors.csv", "licences.csv", "published_scores.csv"])
def test_a_file_changed_by_one_byte_is_refused(package: Path, file: str) -> None:
    content = (package / file).read_bytes()
    (package / file).write_bytes(content[:-2] + b"9\n")
    with pytest.raises(Fault) as caught:
        load_factor_set(package)
    assert caught.value.code == "F003"
    assert file in fault_message(caught.value, "en")


def test_a_manifest_that_lists_another_set_of_files_is_refused(package: Path) -> None:
    manifest = json.loads((package / "datapackage.json").read_text("utf-8"))
    manifest["resources"] = manifest["resources"][:-1]
    (package / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(Fault, match="F003"):
        load_factor_set(package)


@pytest.mark.parametrize("file", ["datapackage.json", "processes.csv"])
def test_a_missing_file_is_named(package: Path, file: str) -> None:
    (package / file).unlink()
    with pytest.raises(Fault) as caught:
        load_factor_set(package)
    assert caught.value.code == "F002"
    assert file in fault_message(caught.value, "fr")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', '{"resources": [{"path": "../x.csv"}]}'])
def test_a_manifest_that_is_none_is_refused(package: Path, text: str) -> None:
    (package / "datapackage.json").write_text(text, "utf-8")
    with pytest.raises(Fault, match="F006"):
        load_factor_set(package)


def test_a_manifest_cannot_lead_out_of_its_folder(package: Path) -> None:
    manifest = json.loads((package / "datapackage.json").read_text("utf-8"))
    manifest["resources"][0]["path"] = "../factors.csv"
    (package / "datapackage.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(Fault, match="F006"):
        load_factor_set(package)


def test_a_file_in_another_encoding_is_refused(package: Path) -> None:
    text = (package / "processes.csv").read_text("utf-8")
    (package / "processes.csv").write_bytes(text.encode("cp1252", errors="replace"))
    sealed(package)
    with pytest.raises(Fault, match="F004"):
        load_factor_set(package)


def test_a_byte_order_mark_and_blank_lines_do_no_harm(package: Path) -> None:
    content = (package / "processes.csv").read_bytes()
    (package / "processes.csv").write_bytes(b"\xef\xbb\xbf" + content + b"\n\n")
    sealed(package)
    checked = load_factor_set(package)
    assert checked.findings == ()
    assert dict(checked.value.processes) == dict(shipped_factor_set("starter@2026.1.0").processes)


def test_a_renamed_column_is_refused(package: Path) -> None:
    edited(package / "processes.csv", lambda rows: rows[0].__setitem__(3, "unité"))
    sealed(package)
    with pytest.raises(Fault, match="F005"):
        load_factor_set(package)


def test_an_unclosed_quote_is_refused(package: Path) -> None:
    with (package / "factors.csv").open("a", encoding="utf-8") as stream:
        stream.write('"BC-1,total\n')
    sealed(package)
    with pytest.raises(Fault, match="F005"):
        load_factor_set(package)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("unit", "furlong", "F012"),
        ("unit", "kwh", "F012"),
        ("licence", "GPL", "F013"),
        ("valid_until", "nan", "F014"),
        ("valid_until", "2026", "F014"),
        ("valid_until", "Année 2022", "F014"),
        ("valid_until", "déc.-18", "F014"),
        ("valid_until", "2026-02-30", "F014"),
        ("valid_until", "20260101", "F014"),
        ("contains", "materials selling", "F015"),
        ("contains", "total", "F015"),
        ("withdrawn", "because", "F019"),
        ("id", "bc 1", "F010"),
        ("name_en", "", "F010"),
        ("name_fr", "  ", "F010"),
        ("reference_year", "12", "F010"),
        ("uncertainty_percent", "-5", "F010"),
        ("uncertainty_percent", "10,5", "F010"),
        ("uncertainty_percent", "nan", "F010"),
        ("dqr", "0.5", "F010"),
    ],
)
def test_a_bad_cell_of_a_process_is_said_with_its_line_and_the_row_left_out(
    package: Path, column: str, value: str, code: str
) -> None:
    findings = spoiled(package, "processes.csv", 3, column, value)
    first = findings[0]
    assert first.code == code
    assert first.place.file == "processes.csv:4"
    assert first.blocks
    for language in resources.LANGUAGES:
        assert message(first, language)
        assert remedy(first, language)
    assert "BC-26731" not in load_factor_set(package).value.processes


@pytest.mark.parametrize("value", ["nan", "inf", "1e999", "2,5", "abc", "1 000"])
def test_a_factor_that_is_no_finite_number_is_said_with_its_column(package: Path, value: str) -> None:
    findings = spoiled(package, "factors.csv", 1, "cch", value)
    assert findings[0].code == "F010"
    assert dict(findings[0].facts) == {"column": "cch", "value": value}
    assert findings[0].place.file == "factors.csv:2"


def test_a_blank_factor_is_unknown_and_a_zero_is_a_number(package: Path) -> None:
    edited(package / "factors.csv", lambda rows: rows[1].__setitem__(slice(2, 5), ["1.5", "", "0"]))
    sealed(package)
    checked = load_factor_set(package)
    assert checked.findings == ()
    assert checked.value.impacts("BC-26729", TOTAL)[:3] == (1.5, None, 0.0)


def test_a_process_without_any_value_is_said(package: Path) -> None:
    findings = spoiled(package, "factors.csv", 1, "cch", "")
    assert "F018" in {finding.code for finding in findings}


def test_a_factor_of_nobody_is_said(package: Path) -> None:
    findings = spoiled(package, "factors.csv", 1, "process", "BC-99999")
    assert {finding.code for finding in findings} == {"F017", "F018"}


def test_an_unknown_stage_is_said(package: Path) -> None:
    assert "F015" in {finding.code for finding in spoiled(package, "factors.csv", 1, "stage", "cradle")}


def test_a_stage_that_its_process_does_not_contain_is_said(package: Path) -> None:
    findings = spoiled(package, "factors.csv", 1, "stage", "assembly")
    assert [finding.code for finding in findings] == ["F021"]


@pytest.mark.parametrize("file", ["processes.csv", "factors.csv", "licences.csv"])
def test_a_row_twice_is_said_and_the_first_one_counts(package: Path, file: str) -> None:
    edited(package / file, lambda rows: rows.append(list(rows[1])))
    sealed(package)
    checked = load_factor_set(package)
    assert [finding.code for finding in checked.findings] == ["F011"]
    assert checked.value.impacts("BC-26729", TOTAL)[0] == 2.211


@pytest.mark.parametrize("file", ["processes.csv", "factors.csv", "licences.csv"])
def test_a_row_of_another_length_is_said(package: Path, file: str) -> None:
    edited(package / file, lambda rows: rows[1].append("more"))
    sealed(package)
    assert load_factor_set(package).findings[0].code == "F016"


@pytest.mark.parametrize("other", ["BC-26730", "BC-00000", "BC-26729"])
def test_a_tie_to_a_row_that_differs_or_is_not_there_is_said(package: Path, other: str) -> None:
    findings = spoiled(package, "processes.csv", 1, "same_as", other)
    assert [finding.code for finding in findings] == ["F020"]


def test_a_credit_that_lists_would_offer_is_said(package: Path) -> None:
    findings = spoiled(package, "factors.csv", 1, "cch", "-2.211")
    assert [finding.code for finding in findings] == ["F022"]
    assert "-2,211" in message(findings[0], "fr")


def test_a_licence_says_yes_or_no_to_sending(package: Path) -> None:
    assert spoiled(package, "licences.csv", 1, "may_be_sent", "perhaps")[0].code == "F010"


def test_a_licence_that_forbids_sending_is_carried(package: Path) -> None:
    assert spoiled(package, "licences.csv", 1, "may_be_sent", "no") == ()
    assert not load_factor_set(package).value.licences["LO2-BASE-CARBONE"].may_be_sent


def test_a_process_is_computed_by_its_stages_in_order_of_display_or_by_its_total() -> None:
    starter = shipped_factor_set("starter@2026.1.0")
    assert starter.stages("BC-27002") == ("materials", "supply", "forming", "assembly", "delivery")
    assert starter.whole("BC-27002")[0] == pytest.approx(156.24)
    by_total = starter.by_total()
    assert by_total.stages("BC-27002") == (TOTAL,)
    assert by_total.whole("BC-27002")[0] == 156
    assert by_total.by_total().factors == by_total.factors


def test_the_method_has_names_and_units_in_both_languages() -> None:
    climate = shipped_method("ef-3.1").categories[0]
    assert (climate.name("fr"), climate.unit("fr")) == ("Changement climatique", "kg éq. CO2")
    assert (climate.name("en"), climate.unit("en")) == ("Climate change", "kg CO2 eq")


def test_a_method_changed_by_one_byte_is_refused(method: Path) -> None:
    path = method / "weighting.csv"
    path.write_bytes(path.read_bytes().replace(b"0.2106", b"0.2107"))
    with pytest.raises(Fault, match="F003"):
        load_method(method)


def test_weights_that_do_not_add_up_to_one_are_refused(method: Path) -> None:
    path = method / "weighting.csv"
    path.write_bytes(path.read_bytes().replace(b"0.2106", b"0.2107"))
    sealed_method(method)
    with pytest.raises(Fault) as caught:
        load_method(method)
    assert caught.value.code == "F042"
    assert "1,0001" in fault_message(caught.value, "fr")


@pytest.mark.parametrize("file", ["weighting.csv", "normalisation.csv"])
@pytest.mark.parametrize(
    "edit",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.append(list(rows[1])),
        lambda rows: rows.append(["xyz", "1"]),
        lambda rows: rows[1].__setitem__(1, ""),
        lambda rows: rows[1].__setitem__(1, "0"),
        lambda rows: rows[1].__setitem__(1, "nan"),
        lambda rows: rows[1].append("more"),
    ],
    ids=["missing", "twice", "unknown", "blank", "zero", "nan", "longer"],
)
def test_each_category_has_exactly_one_positive_normalisation_and_weight(method: Path, file: str, edit: Edit) -> None:
    edited(method / file, edit)
    sealed_method(method)
    with pytest.raises(Fault) as caught:
        load_method(method)
    assert caught.value.code == "F041"
    assert file in fault_message(caught.value, "fr")


def test_a_category_without_its_words_is_refused(method: Path) -> None:
    edited(method / "categories.csv", lambda rows: rows[3].__setitem__(1, ""))
    sealed_method(method)
    with pytest.raises(Fault, match="F040"):
        load_method(method)


def test_a_method_without_one_of_its_tables_is_refused(method: Path) -> None:
    (method / "weighting.csv").unlink()
    sealed_method(method)
    with pytest.raises(Fault, match="F006"):
        load_method(method)


def test_every_code_of_this_family_is_worded_and_asks_its_author() -> None:
    family = [kind for code, kind in kinds().items() if code.startswith("F")]
    assert len(family) >= 20
    for kind in family:
        assert kind.message["fr"].endswith(".")
        assert kind.remedy["en"].endswith(".")
