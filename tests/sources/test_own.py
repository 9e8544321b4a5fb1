"""A buyer's own factors: the columns of the model, and what each row may hold."""

from __future__ import annotations

from datetime import date

import pytest
from publishers import table

from canevas_xl.errors import WrongUse
from canevas_xl.model.vocabulary import INDICATORS, TOTAL
from canevas_xl.sources.harvest import Harvest
from canevas_xl.sources.own import COLUMNS, headers, judge, keyed

Row = dict[str, str]
GOOD = {"id": "P-1", "name_fr": "Panneau", "unit": "m3", "source": "FDES 12", "licence": "libre", "cch": "120.5"}


def harvested(*rows: Row, language: str = "fr", decimal_comma: bool = False) -> Harvest:
    titles = headers(language)
    named = [{titles[key]: cell for key, cell in (dict.fromkeys(COLUMNS, "") | row).items()} for row in rows]
    return judge(keyed(table(named, decimal_comma=decimal_comma)), "own", "1.0")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_headers_of_either_language_are_understood(language: str) -> None:
    (one,) = harvested(GOOD, language=language).candidates
    assert (one.process.id, one.process.name_en, one.values[TOTAL][0]) == ("OWN-P_1", "Panneau", 120.5)


def test_accents_case_and_stars_of_headers_do_not_matter() -> None:
    rows = [{"IDENTIFIANT *": "a", "nom (francais)": "b", "unite": "kg", "source": "c", "licence": "d", "CCH": "1"}]
    assert keyed(table(rows)).lines[0].cells["unit"] == "kg"


def test_what_the_row_does_not_say_stays_unknown() -> None:
    one = harvested(GOOD).candidates[0]
    assert set(one.values[TOTAL][1:]) == {None}
    process = one.process
    assert (process.uncertainty_percent, process.dqr, process.reference_year, process.valid_until) == (None,) * 4


def test_rows_of_one_identifier_are_its_stages() -> None:
    harvest = harvested(GOOD | {"stage": "materials"}, GOOD | {"stage": "delivery", "cch": "2"})
    (one,) = harvest.candidates
    assert {stage: values[0] for stage, values in one.values.items()} == {"materials": 120.5, "delivery": 2}
    assert one.process.contains == ("materials", "delivery")


def test_a_licence_that_does_not_allow_sending_is_said() -> None:
    harvest = harvested(GOOD | {"may_be_sent": "non"})
    assert [one.code for one in harvest.findings] == ["F134"]
    assert not harvest.licences[0].may_be_sent


def test_a_blank_about_sending_means_no() -> None:
    assert not harvested(GOOD).licences[0].may_be_sent
    assert harvested(GOOD | {"may_be_sent": "Oui"}).licences[0].may_be_sent


def test_a_credit_is_off_the_lists() -> None:
    assert harvested(GOOD | {"cch": "-3"}).candidates[0].process.withdrawn == "avoided_emissions"


def test_dates_and_words_are_read() -> None:
    one = harvested(GOOD | {"valid_until": "2027", "words": "bois, local"}).candidates[0]
    assert (one.process.valid_until, one.words) == (date(2027, 12, 31), ("bois", "local"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "furlong"}, "F122"),
        ({"valid_until": "bientôt"}, "F123"),
        ({"cch": ""}, "F138"),
        ({"cch": "", "wtu": "1"}, "F138"),
        ({"cch": "beaucoup"}, "F121"),
        ({"stage": "cradle"}, "F121"),
        ({"contains": "selling"}, "F121"),
        ({"may_be_sent": "peut-être"}, "F121"),
        ({"dqr": "9"}, "F121"),
        ({"id": "a b"}, "F121"),
        ({"source": ""}, "F138"),
        ({"licence": ""}, "F138"),
        ({"reference_year": "24"}, "F121"),
        ({"cch": "1_000"}, "F121"),
        ({"cch": "inf"}, "F121"),
        ({"unit": ""}, "F138"),
    ],
)
def test_what_a_row_cannot_hold_rejects_it_and_the_rest_goes_in(change: Row, code: str) -> None:
    harvest = harvested(GOOD | change, GOOD | {"id": "P-2"})
    assert [(one.line, one.code) for one in harvest.rejected] == [(2, code)]
    assert len(harvest.candidates) == 1


def test_the_same_row_twice_is_rejected_the_second_time() -> None:
    harvest = harvested(GOOD, GOOD)
    assert [(one.line, one.code) for one in harvest.rejected] == [(3, "F124")]


def test_a_required_column_missing_is_named() -> None:
    with pytest.raises(WrongUse) as caught:
        keyed(table([{"Identifiant": "a"}]))
    assert caught.value.code == "F104"
    assert "Source" in str(caught.value.facts["expected"])


def test_decimal_commas_belong_to_files_with_semicolons() -> None:
    assert harvested(GOOD | {"cch": "1,5"}, decimal_comma=True).candidates[0].values[TOTAL][0] == 1.5
    with pytest.raises(WrongUse, match="F106"):
        harvested(GOOD | {"cch": "1,5"})


def test_a_column_that_stands_twice_is_refused() -> None:
    rows = [{"Identifiant": "a", "Nom (français)": "b", "unité": "kg", "Source": "c", "Licence": "d", "cch": "1"}]
    with pytest.raises(WrongUse, match="F129"):
        keyed(table([rows[0] | {"CCH": "2"}]))


def test_a_refused_cell_is_named_by_the_header_that_its_reader_sees() -> None:
    (one,) = harvested(GOOD | {"dqr": "9"}).rejected
    assert dict(one.finding.facts)["column"] == {language: headers(language)["dqr"] for language in ("fr", "en")}


def test_identifiers_that_would_become_one_are_refused_the_second_time() -> None:
    harvest = harvested(GOOD, GOOD | {"id": "P_1"})
    assert [(one.line, one.code) for one in harvest.rejected] == [(3, "F124")]


def test_a_total_below_zero_is_a_credit_wherever_it_stands() -> None:
    harvest = harvested(GOOD | {"stage": "materials"}, GOOD | {"stage": "total", "cch": "-5"})
    assert harvest.candidates[0].process.withdrawn == "avoided_emissions"


def test_a_credit_of_one_stage_makes_no_credit_of_the_product() -> None:
    harvest = harvested(GOOD | {"stage": "end_of_life", "cch": "-5"}, GOOD | {"stage": "materials"})
    assert harvest.candidates[0].process.withdrawn == ""


def test_stages_far_from_their_total_are_said_and_off_the_lists() -> None:
    harvest = harvested(GOOD | {"stage": "materials", "cch": "1"}, GOOD | {"stage": "total", "cch": "3"})
    assert [one.code for one in harvest.findings if one.code != "F134"] == ["F131"]
    assert harvest.candidates[0].process.withdrawn == "stages_do_not_add_up"


def test_rows_with_the_same_sixteen_values_are_tied() -> None:
    whole = GOOD | dict.fromkeys(INDICATORS, "1")
    one, other = harvested(whole, whole | {"id": "P-2"}).candidates
    assert (one.process.same_as, other.process.same_as) == ("", one.process.id)


def test_the_same_climate_value_alone_ties_nothing() -> None:
    _, other = harvested(GOOD, GOOD | {"id": "P-2"}).candidates
    assert other.process.same_as == ""


def test_a_set_may_have_a_name_with_hyphens_and_underscores() -> None:
    harvest = judge(keyed(table([dict.fromkeys(COLUMNS, "") | GOOD])), "my-own_set", "1.0")
    assert harvest.candidates[0].process.id == "MYOWNSET-P_1"
