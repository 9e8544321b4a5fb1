"""The proof of Agribalyse, on tiny files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from publishers import RELEASE, by_stage, food_values, score, synthesis, table

from canevas_xl.adapters.store.methods import shipped_method
from canevas_xl.errors import WrongUse
from canevas_xl.model.vocabulary import INDICATORS, TOTAL
from canevas_xl.sources.agribalyse import judge
from canevas_xl.sources.agribalyse_layout import HEADERS, STAGES, recognised, release_of
from canevas_xl.sources.harvest import Harvest

Rows = list[dict[str, str]]


def harvested(*files: Rows, release: str = RELEASE) -> Harvest:
    return judge(
        recognised(table(rows, f"{at}.csv") for at, rows in enumerate(files)), release, shipped_method("ef-3.1")
    )


def codes(harvest: Harvest) -> list[tuple[int, str, str]]:
    return [(one.line, one.identifier, one.code) for one in harvest.rejected]


def test_products_whose_score_is_right_go_in_with_their_sixteen_values() -> None:
    harvest = harvested(synthesis())
    assert (harvest.counts.read, harvest.counts.accepted, codes(harvest)) == (3, 3, [])
    assert harvest.counts.max_relative_error is not None
    assert harvest.counts.max_relative_error < 1e-6
    assert [one.process.id for one in harvest] == ["AGB99-100", "AGB99-200", "AGB99-300"]
    assert all(set(one.values) == {TOTAL} and None not in one.values[TOTAL] for one in harvest)


def test_a_synthesis_holds_all_six_stages_though_it_does_not_publish_them() -> None:
    assert {one.process.contains for one in harvested(synthesis())} == {tuple(STAGES)}


def test_a_score_that_its_values_do_not_give_rejects_the_row_with_its_line() -> None:
    rows = synthesis()
    rows[1]["Score unique EF"] = str(float(rows[1]["Score unique EF"]) * 1.0001)
    harvest = harvested(rows)
    assert codes(harvest) == [(3, "200", "F120")]
    assert len(harvest.candidates) == 2


def test_a_shifted_column_rejects_the_row() -> None:
    rows = synthesis()
    heads = list(HEADERS.values())
    shifted = [rows[0][head] for head in heads]
    rows[0] |= dict(zip(heads, [shifted[-1], *shifted[:-1]], strict=True))
    assert codes(harvested(rows)) == [(2, "100", "F120")]


@pytest.mark.parametrize(
    ("value", "code"),
    [("", "F138"), ("n.c.", "F121"), ("nan", "F121"), ("inf", "F121"), ("1e999", "F121"), ("1_0", "F121"),
     ("=1+1", "F121")],
)  # fmt: skip
def test_a_value_that_is_no_number_rejects_the_row_and_names_its_column(value: str, code: str) -> None:
    rows = synthesis()
    rows[2]["Utilisation du sol"] = value
    harvest = harvested(rows)
    assert codes(harvest) == [(4, "300", code)]
    assert dict(harvest.rejected[0].finding.facts)["column"] == "Utilisation du sol"


def test_a_value_by_stage_is_named_by_its_own_column() -> None:
    rows = by_stage()
    rows[1]["Particules fines - Transport"] = "x"
    harvest = harvested(rows)
    assert dict(harvest.rejected[0].finding.facts)["column"] == "Particules fines - Transport"


@pytest.mark.parametrize("code", ["20 047", "../x", "é1", "x;y"])
def test_an_identifier_that_nothing_could_be_called_by_rejects_the_row(code: str) -> None:
    rows = synthesis()
    rows[0]["Code AGB"] = code
    assert codes(harvested(rows)) == [(2, code, "F121")]


def test_a_product_without_an_english_name_keeps_its_french_one() -> None:
    rows = synthesis()
    rows[0]["LCI Name"] = ""
    assert harvested(rows).candidates[0].process.name_en == "Carotte, crue"


def test_a_needed_column_that_stands_twice_is_refused() -> None:
    one = table(synthesis())
    with pytest.raises(WrongUse, match="F129") as caught:
        recognised([replace(one, columns=(*one.columns, "DQR"))])
    assert caught.value.facts["columns"] == ["DQR"]


def test_a_product_that_takes_carbon_away_is_off_the_lists() -> None:
    rows = synthesis()
    values = [-value for value in food_values(0)]
    rows[0] |= {"Score unique EF": f"{score(values):.8g}"}
    rows[0] |= {head: f"{value:.8g}" for head, value in zip(HEADERS.values(), values, strict=True)}
    assert harvested(rows).candidates[0].process.withdrawn == "removals"


def test_a_row_twice_is_rejected_the_second_time() -> None:
    rows = synthesis()
    assert codes(harvested([*rows, dict(rows[0])])) == [(5, "100", "F124")]


def test_both_files_give_stages_and_total() -> None:
    harvest = harvested(by_stage(), synthesis())
    assert all(set(one.values) == {TOTAL, *STAGES} for one in harvest)
    assert harvest.findings == ()


def test_the_file_by_stage_alone_is_proved_by_the_scores_of_its_stages() -> None:
    rows = by_stage()
    rows[0]["Score unique EF - Transport"] = str(2 * float(rows[0]["Score unique EF - Transport"]))
    harvest = harvested(rows)
    assert codes(harvest) == [(2, "100", "F120")]
    assert all(set(one.values) == set(STAGES) for one in harvest)


def test_products_known_to_be_wrong_are_rejected_where_the_file_cannot_show_it() -> None:
    rows = by_stage()
    rows[0]["Code AGB"] = "25998"
    assert codes(harvested(rows, release="3.2")) == [(2, "25998", "F126")]


def test_codes_that_lost_their_zeros_are_matched_by_name() -> None:
    rows = by_stage()
    rows[0]["Code AGB"] = "0100"
    assert all(len(one.values) == 7 for one in harvested(synthesis(), rows))


def test_stages_that_stand_at_zero_are_unknown_not_zero() -> None:
    rows = by_stage()
    for stage in STAGES.values():
        rows[0][f"Utilisation du sol - {stage}"] = "0"
    harvest = harvested(synthesis(), rows)
    assert [(one.code, one.place.key) for one in harvest.findings] == [("F132", "100")]
    first = harvest.candidates[0]
    assert {first.values[stage][INDICATORS.index("ldu")] for stage in STAGES} == {None}
    assert first.values[TOTAL][INDICATORS.index("ldu")] is not None


def test_lost_stages_are_taken_from_a_twin() -> None:
    whole, split = synthesis(), by_stage()
    twin = dict(whole[0]) | {"Code AGB": "101"}
    lost = dict(split[0]) | {"Code AGB": "101"} | {f"Utilisation du sol - {stage}": "0" for stage in STAGES.values()}
    harvest = harvested([*whole, twin], [*split, lost])
    assert [(one.code, one.place.key) for one in harvest.findings] == [("F137", "101")]
    assert harvest.candidates[3].values["transport"] == harvest.candidates[0].values["transport"]


def test_stages_that_are_not_the_total_are_said_and_no_list_offers_the_row() -> None:
    rows = by_stage()
    rows[0]["Changement climatique - Transport"] = "9"
    harvest = harvested(synthesis(), rows)
    assert [(one.code, one.place.key) for one in harvest.findings] == [("F131", "100")]
    assert harvest.candidates[0].process.withdrawn == "stages_do_not_add_up"


def test_stages_of_other_categories_than_the_totals_are_refused() -> None:
    rows = by_stage()
    for row in rows:
        for stage in STAGES.values():
            one, other = f"Particules fines - {stage}", f"Utilisation du sol - {stage}"
            row[one], row[other] = row[other], row[one]
    with pytest.raises(WrongUse, match="F111"):
        harvested(synthesis(), rows)


def test_identical_products_are_tied_to_the_first() -> None:
    rows = synthesis()
    harvest = harvested([*rows, dict(rows[1]) | {"Code AGB": "201"}])
    assert {one.process.id: one.process.same_as for one in harvest if one.process.same_as} == {"AGB99-201": "AGB99-200"}


def test_what_its_publisher_declares_wrong_is_off_the_lists() -> None:
    rows = synthesis()
    rows[0] |= {"Nom du Produit en Français": "Quinoa, cru"}
    rows[1] |= {"Sous-groupe d'aliment": "œufs"}
    assert [one.process.withdrawn for one in harvested(rows, release="3.2")] == ["declared_wrong", "declared_wrong", ""]


def test_two_files_of_one_kind_are_refused() -> None:
    with pytest.raises(WrongUse, match="F111"):
        harvested(synthesis(), synthesis())


def test_files_of_other_products_are_refused() -> None:
    rows = [row | {"Code AGB": f"9{row['Code AGB']}"} for row in by_stage()]
    with pytest.raises(WrongUse, match="F111"):
        harvested(synthesis(), rows)


def test_a_column_missing_names_it_and_those_found() -> None:
    rows = [{name: cell for name, cell in row.items() if name != "Particules fines"} for row in synthesis()]
    with pytest.raises(WrongUse) as caught:
        harvested(rows)
    assert caught.value.code == "F104"
    assert caught.value.facts["expected"] == ["Particules fines"]


def test_a_decimal_comma_is_refused_with_its_cell() -> None:
    rows = synthesis()
    rows[1]["Changement climatique"] = "2,5"
    with pytest.raises(WrongUse) as caught:
        harvested(rows)
    assert caught.value.code == "F106"
    assert (caught.value.facts["line"], caught.value.facts["value"]) == (3, "2,5")


def test_a_file_that_has_not_the_rows_of_its_release_is_refused() -> None:
    layouts = recognised([table(synthesis(), "agribalyse-3.1.1-synthese.csv")])
    with pytest.raises(WrongUse) as caught:
        release_of(layouts, None)
    assert caught.value.code == "F109"
    assert (caught.value.facts["expected"], caught.value.facts["found"]) == (2518, 3)


def test_a_file_laid_out_like_another_release_is_refused() -> None:
    rows = [row | {"Matériau d'emballage": "Verre"} for row in synthesis()]
    with pytest.raises(WrongUse) as caught:
        release_of(recognised([table(rows, "x.csv")]), "3.2")
    assert caught.value.code == "F107"
    assert (caught.value.facts["expected"], caught.value.facts["found"]) == ("Agribalyse 3.2", "Agribalyse 3.1.1")


def test_a_release_nobody_knows_is_taken_as_stated() -> None:
    assert release_of(recognised([table(synthesis(), "x.csv")]), RELEASE) == RELEASE
