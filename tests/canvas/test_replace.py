"""A factor replaced in one campaign: what may stand in its place, and what stands with it for all to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from shipped import AS_OF, campaign_of, grounds, lot_of

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.canvas.freeze import freeze, thaw
from canevas_xl.canvas.replace import replaced, sets_named
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.findings.finding import Checked
from canevas_xl.impact.characterise import coverage
from canevas_xl.model.campaign import Replacement
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.factor import FactorSet
from canevas_xl.model.plan import WorkbookPlan

DEVICES = "informatique-postes"
MEALS = "restauration-scolaire"
VALUE = Replacement(1, "BC-42513", 0.78, "", "Marché en outre-mer", "Fournisseur d'électricité, 2026")
PROCESS = Replacement(1, "BC-42513", None, "starter@2026.2.0/BC-24303", "Marché à La Réunion", "")


def put(*rows: Replacement, template: str = DEVICES) -> Checked[FactorSet]:
    ground = grounds(template)
    others = {name: shipped_factor_set(name) for name in sets_named(rows) if name == "starter@2026.2.0"}
    return replaced(ground.factors, ground.loaded.template, rows, others)


def codes(*rows: Replacement, template: str = DEVICES) -> list[str]:
    return [one.code for one in put(*rows, template=template).findings]


def test_a_value_stands_in_the_place_of_the_published_one_with_its_source_and_reason() -> None:
    checked = put(VALUE)
    assert checked.findings == ()
    assert checked.value.whole("BC-42513")[0] == 0.78
    process = checked.value.processes["BC-42513"]
    assert (process.cited, process.uncertainty_percent) == ("Fournisseur d'électricité, 2026", None)
    old = checked.value.replaced["BC-42513"]
    assert (old.climate, old.reason, old.process.source_id) == (0.052, "Marché en outre-mer", "42513")


def test_a_process_of_another_set_stands_in_its_place_with_its_own_source() -> None:
    checked = put(PROCESS)
    assert checked.findings == ()
    assert checked.value.whole("BC-42513")[0] == 0.78
    assert checked.value.processes["BC-42513"].source_id == "24303"
    assert checked.value.processes["BC-42513"].id == "BC-42513", "the template names it"


def test_stages_keep_their_shares_under_a_value_of_the_buyer() -> None:
    before = grounds(DEVICES).factors
    after = put(Replacement(1, "BC-27002", 312.0, "", "Modèle précis", "Fiche du fabricant, 2026")).value
    assert after.stages("BC-27002") == before.stages("BC-27002")
    assert after.whole("BC-27002")[0] == pytest.approx(312.0)
    pairs = [(after.impacts("BC-27002", s)[0], before.impacts("BC-27002", s)[0]) for s in after.stages("BC-27002")]
    assert {round((new or 0) / (old or 1), 9) for new, old in pairs if old} == {
        round(312 / (before.whole("BC-27002")[0] or 0), 9)
    }


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (replace(VALUE, process="BC-0"), "C180"),
        (replace(VALUE, reason=""), "C181"),
        (replace(VALUE, value=None), "C182"),
        (replace(VALUE, by="BC-14087"), "C182"),
        (replace(VALUE, source=""), "C183"),
        (replace(PROCESS, by="BC-0"), "C184"),
        (replace(PROCESS, by="base-carbone@99.0/BC-24303"), "C184"),
        (replace(PROCESS, by="BC-14087"), "C185"),
        (replace(PROCESS, by="starter@2026.2.0/BC-15563"), "C188"),
    ],
)
def test_what_cannot_stand_in_its_place_is_said(row: Replacement, code: str) -> None:
    assert codes(row) == [code]


def test_a_value_for_climate_alone_cannot_replace_sixteen_categories() -> None:
    assert codes(Replacement(1, "AGB32-6111", 20.0, "", "Élevage local", "Étude, 2026"), template=MEALS) == ["C186"]


def test_a_factor_is_replaced_once() -> None:
    assert codes(VALUE, replace(VALUE, place=2)) == ["C187"]


def test_a_refused_replacement_leaves_the_set_as_it_was() -> None:
    assert put(replace(VALUE, reason="")).value is grounds(DEVICES).factors


def test_replacements_leave_no_gap_in_what_perimeters_announce() -> None:
    assert coverage(grounds(DEVICES).loaded.template, put(VALUE).value) == ()


def subject_with(row: Replacement) -> Canvas:
    ground = replace(grounds(DEVICES), factors=put(row).value)
    subject = ground.subject(replace(campaign_of(DEVICES), replacements=(row,)), lot_of(DEVICES))
    record = freeze(subject, AS_OF)
    return Canvas(record.subject, "fr", record.fingerprint)


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    return subject_with(VALUE)


@pytest.fixture(scope="module")
def planned(canvas: Canvas) -> WorkbookPlan:
    return plan_canvas(canvas)


def test_the_record_keeps_the_replacement_and_what_stood_there(canvas: Canvas) -> None:
    again = thaw(freeze(canvas.subject, AS_OF).text).subject
    assert again == canvas.subject
    assert again.factors.replaced["BC-42513"].climate == 0.052
    assert again.campaign.replacements == (VALUE,)


def test_factors_and_sources_publish_the_reason_and_both_values(planned: WorkbookPlan) -> None:
    texts = [cell.content for sheet in planned.sheets for cell in sheet.cells if isinstance(cell.content, str)]
    assert any("valeur publiée 0,052 kg" in text for text in texts)
    assert any("Marché en outre-mer" in text for text in texts)
    assert "Remplacé par l'acheteur" in texts
    assert "Fournisseur d'électricité, 2026" in texts
