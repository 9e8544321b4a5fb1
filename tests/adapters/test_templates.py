"""Loading templates: TOML and words become a template, and each thing wrong becomes one finding."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from annotated_types import Gt

from canevas_xl.adapters.store.templates import find_template, load_template, shipped_templates
from canevas_xl.adapters.store.toml_files import noun
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import fault_message, message, remedy
from canevas_xl.model.template import LoadedTemplate, Noun

TEMPLATE = """
id = "cafe"
version = "1.2.0"
factor_set = "tiny@1.0.0"
method = "ef-3.1"
phases = ["consultation"]
functional_unit = { unit = "meal", per = "1", total = "N" }
stages = ["kitchen", "delivery"]
perimeters = [{ code = "service", indicators = ["cch"] }]
parameters = [{ code = "N", unit = "meal", default = 1000 }, { code = "WEEKS", unit = "week", default = 36 }]
sections = [{ code = "CUP" }]
scale = { low = 0.1, high = 2 }

[[lists]]
code = "YESNO"
options = [{ code = "OUI" }, { code = "NON" }]

[[fields]]
code = "K1"
section = "CUP"
type = "number"
unit = "kWh"
hard = { min = 0, max = 100 }
default = { value = 12.5 }

[[flows]]
code = "f01"
perimeter = "service"
stage = "kitchen"
process = "BC-42513"
quantity = "K1 / N"
unit = "kWh"
controlled_by = "supplier"
"""

USE = """
[[fragments]]
fragment = "round@1.0.0"
section = "CUP"
perimeter = "service"
bind = { W = "WEEKS + 1", N = "N" }
"""

FRAGMENT = """
id = "round"
version = "1.0.0"
open_names = ["W", "N"]

[[lists]]
code = "YESNO"
options = [{ code = "OUI" }, { code = "NON" }]

[[fields]]
code = "D1"
type = "number"
unit = "km"
asked_if = "W > 0"
per = "N"
default = { value = "2 * W", formula = true }
plausible_by = [{ when = "W = 3", min = 1 }]

[[tables]]
code = "LEGS"
section = "HOST"
rows = ["LEG1"]
columns = [{ code = "T2", type = "number", unit = "km" }]

[[derived]]
code = "WIDE"
formula = "W * D1"

[[flows]]
code = "f60"
perimeter = "host"
stage = "delivery"
process = "BC-25775"
quantity = "if(D1 = 'W', 1, WW + W * 1E2 * W1 / N)"
unit = "L"
controlled_by = "supplier"

[[rules]]
code = "R1"
holds = "D1 <= W"
severity = "doubt"
about = ["D1"]
"""


@pytest.fixture
def cafe(tmp_path: Path) -> Path:
    """A small template, whole."""
    folder = tmp_path / "cafe" / "1.2.0"
    folder.mkdir(parents=True)
    (folder / "template.toml").write_text(TEMPLATE, "utf-8")
    (folder / "texts.fr.toml").write_text('[fields.K1]\nlabel = "Électricité"\nhelp = "Selon facture."\n', "utf-8")
    (folder / "texts.en.toml").write_text('[fields.K1]\nlabel = "Electricity"\nhelp = "As billed."\n', "utf-8")
    (folder / "CHANGES.md").write_text("# Changes\n", "utf-8")
    return folder


@pytest.fixture
def cafe_with_round(cafe: Path) -> Path:
    """The same, using a fragment that lies beside it."""
    at = cafe.parent.parent / "fragments" / "round" / "1.0.0"
    at.mkdir(parents=True)
    (at / "fragment.toml").write_text(FRAGMENT, "utf-8")
    (at / "texts.fr.toml").write_text('[fields]\nD1.label = "Distance"\nK1.label = "Écrasé"\n', "utf-8")
    (at / "texts.en.toml").write_text('[fields]\nD1.label = "Distance"\n', "utf-8")
    append(cafe / "template.toml", USE)
    return cafe


def append(path: Path, more: str) -> None:
    """Add to the end of a file."""
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def swap(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")


def loaded(folder: Path) -> LoadedTemplate:
    """Load what must load without a word."""
    checked = load_template(folder)
    assert checked.findings == ()
    assert checked.value is not None
    return checked.value


def only_finding(folder: Path) -> Finding:
    """Load what has exactly one fault, and see that it can be said in both languages."""
    checked = load_template(folder)
    assert [finding.code for finding in checked.findings] == [checked.findings[0].code]
    for language in ("fr", "en"):
        assert message(checked.findings[0], language)
        assert remedy(checked.findings[0], language)
    return checked.findings[0]


def test_a_whole_template_loads_with_its_words_in_both_languages(cafe: Path) -> None:
    """Declaration, words and fingerprint."""
    template = loaded(cafe)
    assert template.template.fields[0].hard.max == 100
    assert template.texts["fr"]["fields.K1.label"] == "Électricité"
    assert template.texts["en"]["fields.K1.help"] == "As billed."
    assert len(template.sha256) == 64


def test_the_fingerprint_follows_words_and_declaration_but_neither_newlines_nor_the_log_of_changes(cafe: Path) -> None:
    """The same template has the same hash on every system."""
    before = loaded(cafe).sha256
    append(cafe / "CHANGES.md", "more")
    for file in cafe.glob("*.toml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert loaded(cafe).sha256 == before
    swap(cafe / "texts.en.toml", "As billed", "As invoiced")
    assert loaded(cafe).sha256 != before


def test_the_fingerprint_follows_the_fragments(cafe_with_round: Path) -> None:
    """A changed fragment is a changed template."""
    before = loaded(cafe_with_round).sha256
    swap(cafe_with_round.parent.parent / "fragments/round/1.0.0/fragment.toml", "2 * W", "3 * W")
    assert loaded(cafe_with_round).sha256 != before


def test_a_mark_of_byte_order_is_let_through(cafe: Path) -> None:
    """Some editors put one."""
    path = cafe / "template.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    loaded(cafe)


@pytest.mark.parametrize("file", ["template.toml", "texts.fr.toml", "texts.en.toml"])
def test_a_missing_file_is_named(cafe: Path, file: str) -> None:
    """T101."""
    (cafe / file).unlink()
    finding = only_finding(cafe)
    assert (finding.code, finding.place.file) == ("T101", file)


def test_a_file_that_is_a_link_out_of_the_folder_is_refused(cafe: Path, tmp_path: Path) -> None:
    """T102."""
    elsewhere = tmp_path / "texts.fr.toml"
    (cafe / "texts.fr.toml").rename(elsewhere)
    (cafe / "texts.fr.toml").symlink_to(elsewhere)
    assert only_finding(cafe).code == "T102"


def test_broken_toml_is_placed_at_its_line(cafe: Path) -> None:
    """T103, and the sentence of the parser is not shown."""
    swap(cafe / "template.toml", 'id = "cafe"', "id = cafe")
    finding = only_finding(cafe)
    assert (finding.code, finding.place.key) == ("T103", "l. 2")
    assert "Invalid" not in message(finding, "fr")


def test_toml_broken_at_its_end_is_placed_at_the_last_line(cafe: Path) -> None:
    """T103 where the parser gives no line."""
    append(cafe / "texts.fr.toml", 'x = """never closed')
    assert only_finding(cafe).place.key == "l. 4"


@pytest.mark.parametrize("twice", ['id = "cafe"\nid = "tea"', 'id = "cafe"\n[scale]\nlow = 1\n[scale]\nhigh = 2'])
def test_a_key_given_twice_is_said_so(cafe: Path, twice: str) -> None:
    """T104."""
    (cafe / "template.toml").write_text(twice, "utf-8")
    assert only_finding(cafe).code == "T104"


def test_a_file_that_is_not_utf8_is_said_so_with_its_line(cafe: Path) -> None:
    """T105."""
    (cafe / "texts.fr.toml").write_bytes('[fields.K1]\nlabel = "Électricité"\n'.encode("cp1252"))
    finding = only_finding(cafe)
    assert (finding.code, finding.place.key) == ("T105", "l. 2")


def test_an_unknown_key_is_refused_and_the_nearest_is_offered(cafe: Path) -> None:
    """T106."""
    swap(cafe / "template.toml", "quantity =", "quantite = '1'\nquantity =")
    finding = only_finding(cafe)
    assert (finding.code, finding.place.key) == ("T106", "flows[0].quantite (f01)")
    assert "quantity" in remedy(finding, "en")


def test_a_missing_key_is_placed_where_it_should_stand(cafe: Path) -> None:
    """T107."""
    swap(cafe / "template.toml", 'quantity = "K1 / N"\n', "")
    finding = only_finding(cafe)
    assert (finding.code, finding.place.key) == ("T107", "flows[0].quantity (f01)")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('unit = "kWh"\nhard', "unit = 3\nhard", "T110"),
        ("max = 100", 'max = "100"', "T111"),
        ("hard = {", "max_length = 1.5\nhard = {", "T112"),
        ("hard = {", 'evidence = "yes"\nhard = {', "T113"),
        ('phases = ["consultation"]', 'phases = "consultation"', "T114"),
        ("hard = { min = 0, max = 100 }", "hard = 100", "T115"),
        ("value = 12.5", "value = [12]", "T116"),
        ('phases = ["consultation"]', 'phases = ["consulting"]', "T117"),
        ('code = "K1"', 'code = "k 1"', "T118"),
        ("max = 100", "max = nan", "T119"),
        ("max = 100", "max = -inf", "T119"),
        ('type = "number"', 'type = "choice"', "T120"),
        ('process = "BC-42513"', 'process = "BC-42513"\nby = "K1"', "T121"),
        ('"K1 / N"', f'"{"1 + " * 300}1"', "T122"),
        ('"K1 / N"', '""', "T123"),
    ],
)
def test_each_kind_of_wrong_value_has_its_own_sentence(cafe: Path, old: str, new: str, code: str) -> None:
    """T110 to T123, one finding each."""
    swap(cafe / "template.toml", old, new)
    finding = only_finding(cafe)
    assert finding.code == code
    assert finding.place.file == "template.toml"


def test_an_unforeseen_refusal_still_has_a_sentence_of_ours() -> None:
    """T129: a rule that the schema might gain one day."""

    class Odd(Noun):
        much: Annotated[int, Gt(3)]

    assert [finding.code for finding in noun(Odd, {"much": 2}, "template.toml").findings] == ["T129"]


def test_a_date_is_no_number(cafe: Path) -> None:
    """TOML knows dates, templates do not."""
    swap(cafe / "template.toml", "max = 100", "max = 2026-01-01")
    assert only_finding(cafe).code == "T111"


def test_words_must_be_texts(cafe: Path) -> None:
    """T110 for texts, with their path."""
    append(cafe / "texts.en.toml", "example = 12\n")
    finding = only_finding(cafe)
    assert (finding.code, finding.place.file, finding.place.key) == ("T110", "texts.en.toml", "fields.K1.example")


def test_all_faults_are_told_at_once(cafe: Path) -> None:
    """An author mends everything in one go."""
    swap(cafe / "template.toml", "max = 100", 'max = "100"')
    swap(cafe / "template.toml", 'quantity = "K1 / N"\n', "")
    (cafe / "texts.en.toml").unlink()
    assert sorted(finding.code for finding in load_template(cafe).findings) == ["T101", "T107", "T111"]


def test_a_fragment_stands_where_its_template_puts_it(cafe_with_round: Path) -> None:
    """Section, perimeter, block, and words under the template's own."""
    whole = loaded(cafe_with_round)
    template = whole.template
    assert template.fragments == ()
    assert [field.code for field in template.fields] == ["K1", "D1"]
    assert (template.fields[1].section, template.fields[1].block) == ("CUP", "round")
    assert (template.tables[0].section, template.tables[0].columns[0].block) == ("CUP", "round")
    assert [flow.perimeter for flow in template.flows] == ["service", "service"]
    assert whole.texts["fr"]["fields.D1.label"] == "Distance"
    assert whole.texts["fr"]["fields.K1.label"] == "Électricité"


def test_open_names_are_bound_in_every_formula_and_nothing_else_is_touched(cafe_with_round: Path) -> None:
    """Codes in quotes, longer names and exponents stay."""
    template = loaded(cafe_with_round).template
    distance, flow = template.fields[1], template.flows[1]
    assert distance.asked_if == "(WEEKS + 1) > 0"
    assert distance.per == "N"
    assert distance.default is not None
    assert distance.default.value == "2 * (WEEKS + 1)"
    assert distance.plausible_by[0].when == "(WEEKS + 1) = 3"
    assert template.derived[0].formula == "(WEEKS + 1) * D1"
    assert template.rules[0].holds == "D1 <= (WEEKS + 1)"
    assert flow.quantity == "if(D1 = 'W', 1, WW + (WEEKS + 1) * 1E2 * W1 / N)"


def test_a_divisor_divides_the_quantities_of_the_fragment_only(cafe_with_round: Path) -> None:
    """A fragment may count per year what its template counts per meal."""
    append(cafe_with_round / "template.toml", 'flow_unit_divisor = "N * 2"\n')
    flows = loaded(cafe_with_round).template.flows
    assert flows[0].quantity == "K1 / N"
    assert flows[1].quantity.endswith(") / (N * 2)")


def test_a_list_declared_alike_on_both_sides_is_one_list(cafe_with_round: Path) -> None:
    """Yes and no are yes and no."""
    assert [each.code for each in loaded(cafe_with_round).template.lists] == ["YESNO"]


@pytest.mark.parametrize("reference", ["round@9.0.0", "square@1.0.0", "round", "../cafe@1.2.0", "/round@1.0.0"])
def test_an_unknown_fragment_is_said_with_those_that_exist(cafe_with_round: Path, reference: str) -> None:
    """T130; a path is no reference."""
    swap(cafe_with_round / "template.toml", "round@1.0.0", reference)
    finding = only_finding(cafe_with_round)
    assert finding.code == "T130"
    assert "round@1.0.0" in remedy(finding, "fr")


def test_a_fault_in_a_fragment_names_the_fragments_file(cafe_with_round: Path) -> None:
    """Two files may be called alike."""
    swap(cafe_with_round.parent.parent / "fragments/round/1.0.0/fragment.toml", "open_names", "names")
    finding = only_finding(cafe_with_round)
    assert (finding.code, finding.place.file) == ("T106", "fragments/round@1.0.0/fragment.toml")


def test_a_name_left_open_is_said(cafe_with_round: Path) -> None:
    """T131."""
    swap(cafe_with_round / "template.toml", ', N = "N"', "")
    assert only_finding(cafe_with_round).code == "T131"


def test_a_bound_name_that_is_not_open_is_said(cafe_with_round: Path) -> None:
    """T132."""
    swap(cafe_with_round / "template.toml", 'N = "N"', 'N = "N", X = "1"')
    assert only_finding(cafe_with_round).code == "T132"


def test_a_code_that_both_sides_declare_is_said(cafe_with_round: Path) -> None:
    """T133."""
    swap(cafe_with_round / "template.toml", 'code = "K1"', 'code = "D1"')
    finding = only_finding(cafe_with_round)
    assert finding.code == "T133"
    assert "D1" in message(finding, "fr")


def test_a_folder_called_otherwise_is_doubted_and_still_loads(cafe: Path) -> None:
    """T134."""
    moved = cafe.rename(cafe.parent / "1.3.0")
    assert only_finding(moved).code == "T134"
    assert load_template(moved).value is not None


def test_a_template_without_log_of_changes_is_doubted(cafe: Path) -> None:
    """T135."""
    (cafe / "CHANGES.md").unlink()
    assert only_finding(cafe).code == "T135"


def test_a_file_that_the_system_keeps_closed_is_a_fault_of_the_surroundings(
    cafe: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T190: not the author's doing."""

    def refused(_path: Path) -> bytes:
        raise PermissionError

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(Fault) as fault:
        load_template(cafe)
    assert fault.value.code == "T190"
    assert "template.toml" in fault_message(fault.value, "fr")


def test_a_reference_without_version_means_the_newest_counted_as_numbers(tmp_path: Path) -> None:
    """1.10.0 is newer than 1.9.0."""
    for version in ("1.9.0", "1.10.0", "draft"):
        folder = tmp_path / "cafe" / version
        folder.mkdir(parents=True)
        (folder / "template.toml").touch()
    assert find_template("cafe", tmp_path).name == "1.10.0"
    assert find_template("cafe@1.9.0", tmp_path).name == "1.9.0"
    assert [each.reference for each in shipped_templates(tmp_path)] == ["cafe@1.9.0", "cafe@1.10.0"]


@pytest.mark.parametrize("reference", ["tea", "cafe@2.0.0", "../cafe@1.2.0", "cafe@1.2.0/..", "", "Café"])
def test_an_unknown_template_is_wrong_use_and_those_that_exist_are_listed(cafe: Path, reference: str) -> None:
    """T191."""
    with pytest.raises(WrongUse) as fault:
        find_template(reference, cafe.parent.parent)
    assert fault.value.code == "T191"
    assert fault.value.exit_code == 2
    assert "cafe@1.2.0" in fault_message(fault.value, "fr")


def test_a_file_cut_anywhere_gives_findings_and_never_a_failure(cafe: Path) -> None:
    """Half a download, half a copy."""
    whole = (cafe / "template.toml").read_bytes()
    for end in range(0, len(whole) - 20, 17):
        (cafe / "template.toml").write_bytes(whole[:end])
        checked = load_template(cafe)
        assert checked.value is None
        assert checked.blocked


def test_a_link_that_leads_back_to_itself_is_a_missing_file(cafe: Path) -> None:
    """T101: there is nothing to read."""
    (cafe / "texts.fr.toml").unlink()
    (cafe / "texts.fr.toml").symlink_to("texts.fr.toml")
    assert only_finding(cafe).code == "T101"
