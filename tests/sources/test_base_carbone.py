"""The proof of Base Carbone, on tiny files."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from publishers import elements, table, with_commas

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.errors import WrongUse
from canevas_xl.model.vocabulary import TOTAL
from canevas_xl.sources import base_carbone_layout as layout
from canevas_xl.sources.base_carbone import judge
from canevas_xl.sources.harvest import Candidate, Harvest

Rows = list[dict[str, str]]


def harvested(rows: Rows | None = None, release: str = "9.9") -> Harvest:
    return judge(table(elements() if rows is None else rows), release, {})


def by_id(harvest: Harvest) -> dict[str, Candidate]:
    return {one.process.source_id: one for one in harvest}


def codes(harvest: Harvest) -> list[tuple[int, str, str]]:
    return [(one.line, one.identifier, one.code) for one in harvest.rejected]


def test_valid_generic_factors_go_in_and_the_others_are_set_aside() -> None:
    harvest = harvested()
    assert set(by_id(harvest)) == {"1", "2", "3", "5"}
    counts = harvest.counts
    assert (counts.read, counts.accepted, counts.set_aside, codes(harvest)) == (5, 4, 1, [])


def test_posts_that_are_stages_become_stages() -> None:
    laptop = by_id(harvested())["1"]
    assert {stage: values[0] for stage, values in laptop.values.items()} == {
        TOTAL: 156, "materials": 120, "assembly": 36,
    }  # fmt: skip
    assert laptop.process.contains == ("materials", "assembly")


def test_posts_that_are_no_stages_stay_posts() -> None:
    rows = elements()
    rows[1][layout.POST_NAME] = "Carburant"
    laptop = by_id(harvested(rows))["1"]
    assert set(laptop.values) == {TOTAL}
    assert [post.name for post in laptop.posts] == ["Carburant", "Assemblage"]


def test_posts_are_counted_even_of_rows_that_stay_outside() -> None:
    rows = elements()
    rows[0][layout.STATUS] = "Archivé"
    counts = harvested(rows).counts
    assert (counts.posts_checked, counts.posts_equal, counts.accepted) == (1, 1, 3)


def test_posts_that_do_not_add_up_reject_the_row() -> None:
    rows = elements()
    rows[1][layout.TOTAL] = "100"
    harvest = harvested(rows)
    assert codes(harvest) == [(2, "1", "F125")]
    assert (harvest.counts.posts_checked, harvest.counts.posts_equal) == (1, 0)


def test_gases_that_do_not_add_up_are_a_doubt() -> None:
    rows = elements()
    rows[-1]["CO2f"] = "0.1"
    harvest = harvested(rows)
    assert [one.code for one in harvest.findings] == ["F130"]
    assert "5" in by_id(harvest)


def test_biogenic_carbon_stays_apart() -> None:
    rows = elements()
    rows[-1]["CO2b"] = "9"
    assert harvested(rows).findings == ()


def test_credits_copies_and_sinks_go_in_and_no_list_offers_them() -> None:
    rows = elements()
    rows.append(rows[-1] | {layout.CODE: "6", layout.TOTAL: "-1", "CO2f": "", "CH4f": ""})
    withdrawn = {code: one.process.withdrawn for code, one in by_id(harvested(rows)).items()}
    assert withdrawn == {"1": "", "2": "avoided_emissions", "3": "copy_of_agribalyse", "5": "", "6": "removals"}


def test_impacts_of_recycling_are_off_the_lists() -> None:
    rows = elements()
    rows[3] |= {"Nom base français": "Carton", "Nom frontière français": "Recyclage - Impacts", layout.TOTAL: "50"}
    assert by_id(harvested(rows))["2"].process.withdrawn == "recycling_is_cut_off"


def test_flights_that_count_contrails_are_off_the_lists() -> None:
    rows = elements()
    rows[-1]["Nom attribut français"] = "2023 - AVEC trainées"
    assert harvested(rows).candidates[-1].process.withdrawn == "contrails_outside_method"


def test_known_errors_of_a_release_are_off_its_lists() -> None:
    rows = elements()
    rows[-1][layout.CODE] = "43660"
    assert by_id(harvested(rows, "23.6"))["43660"].process.withdrawn == "source_error"
    assert by_id(harvested(rows, "24.0"))["43660"].process.withdrawn == ""


def test_tonnes_become_kilograms_exactly() -> None:
    assert by_id(harvested())["2"].values[TOTAL][0] == -0.5


def test_only_climate_is_known() -> None:
    values = by_id(harvested())["5"].values[TOTAL]
    assert values[0] == 0.2
    assert set(values[1:]) == {None}


def test_validity_and_uncertainty_are_carried() -> None:
    laptop = by_id(harvested())["1"].process
    assert (laptop.valid_until, laptop.uncertainty_percent) == (date(2018, 12, 31), 50.0)
    assert by_id(harvested())["2"].process.uncertainty_percent is None


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (layout.UNIT, "kgCO2e/ha.an", "F122"),
        (layout.VALIDITY, "3 ans", "F123"),
        (layout.TOTAL, "", "F138"),
        ("Nom base français", "", "F138"),
        ("CO2f", "1_0", "F121"),
        (layout.TOTAL, "beaucoup", "F121"),
        (layout.UNCERTAINTY, "-5", "F121"),
        ("Qualité TeR", "7", "F121"),
    ],
)
def test_what_a_row_cannot_hold_rejects_it_with_its_line(column: str, value: str, code: str) -> None:
    rows = elements()
    rows[-1] |= {"CO2f": "", "CH4f": "", column: value}
    harvest = harvested(rows)
    assert codes(harvest) == [(8, "5", code)]
    assert dict(harvest.rejected[0].finding.facts).get("column", column) == column
    assert "5" not in by_id(harvest)


def test_a_place_that_is_not_said_is_not_made_up() -> None:
    rows = elements()
    rows[-1][layout.PLACE] = ""
    assert by_id(harvested(rows))["5"].process.geography == "—"


def test_a_post_that_is_no_number_rejects_its_element() -> None:
    rows = elements()
    rows[2][layout.TOTAL] = "x"
    assert codes(harvested(rows)) == [(4, "1", "F121")]


def test_an_element_twice_is_rejected_the_second_time() -> None:
    rows = elements()
    assert codes(harvested([*rows, dict(rows[-1])])) == [(9, "5", "F124")]


def test_posts_of_nobody_are_said() -> None:
    rows = elements()
    rows[1][layout.CODE] = rows[2][layout.CODE] = "77"
    assert [(one.code, one.place.key) for one in harvested(rows).findings] == [("F135", "77")]


def test_a_row_published_twice_is_tied() -> None:
    rows = elements()
    harvest = harvested([*rows, rows[-1] | {layout.CODE: "6"}])
    assert by_id(harvest)["6"].process.same_as == "BC-5"


def test_marks_are_kept_in_their_own_scale_and_zero_is_no_mark() -> None:
    rows = elements()
    rows[-1] |= {"Qualité TeR": "4", "Qualité GR": "0", "Transparence": "4.5"}
    ratings = by_id(harvested(rows))["5"].ratings
    assert ratings is not None
    assert (ratings.technology, ratings.geography, ratings.transparency) == (4, None, 4.5)


def test_the_country_makes_the_name_of_mixes_called_alike() -> None:
    rows = elements()
    rows[-1][layout.PART] = "Kenya"
    one = by_id(harvested(rows))["5"].process
    assert (one.name_fr, one.geography) == ("Rigide (Kenya)", "France continentale (Kenya)")


def test_what_is_known_of_a_shipped_row_stays_known() -> None:
    shipped = shipped_factor_set("starter@2026.1.0").processes["BC-27002"]
    known = replace(shipped, id="BC-5", contains=("use",), withdrawn="value_too_low", name_en="Lorry")
    one = next(c for c in judge(table(elements()), "9.9", {"BC-5": known}) if c.process.id == "BC-5").process
    assert (one.contains, one.withdrawn, one.name_en) == (("use",), "value_too_low", "Lorry")


def test_decimal_commas_are_read_where_the_layout_has_them() -> None:
    rows = with_commas(elements(), layout.NUMBERS)
    harvest = judge(table(rows, decimal_comma=True), "9.9", {})
    assert [one.values for one in harvest] == [one.values for one in harvested()]


def test_marks_may_be_written_with_either_sign() -> None:
    rows = with_commas(elements(), layout.NUMBERS)
    rows[-1]["Transparence"] = "4.5"
    assert by_id(judge(table(rows, decimal_comma=True), "9.9", {}))["5"].ratings is not None


def test_a_decimal_point_in_a_layout_of_commas_is_refused() -> None:
    with pytest.raises(WrongUse, match="F106"):
        judge(table(elements(), decimal_comma=True), "9.9", {})


def test_the_release_stands_in_the_name_of_the_file_or_is_asked_for() -> None:
    assert layout.release_of(table(elements(), "Base_Carbone_V24.0.csv"), None) == "24.0"
    assert layout.release_of(table(elements(), "export.csv"), "24.0") == "24.0"
    with pytest.raises(WrongUse, match="F108"):
        layout.release_of(table(elements(), "export.csv"), None)


def test_a_file_that_has_not_the_rows_of_its_release_is_refused() -> None:
    with pytest.raises(WrongUse) as caught:
        layout.release_of(table(elements(), "base-carbone-v23.6.xlsx"), None)
    assert caught.value.code == "F109"
    assert (caught.value.facts["expected"], caught.value.facts["found"]) == ("12817 + 5799", "5 + 2")


def test_a_column_missing_is_named() -> None:
    rows = [{name: cell for name, cell in row.items() if name != "CH4b"} for row in elements()]
    with pytest.raises(WrongUse) as caught:
        layout.laid_out(table(rows))
    assert (caught.value.code, caught.value.facts["expected"]) == ("F104", ["CH4b"])
