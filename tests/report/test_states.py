"""Results before everything is there, or where offers are alike: each sheet says what it can, and never nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rivals import bids_of, offer, scored
from shipped import AS_OF, answers_in, campaign_of, grounds

from canevas_xl import resources
from canevas_xl.findings.finding import Place, found
from canevas_xl.intake.consolidation import Consolidation, Said, SetAside
from canevas_xl.model.answer import Answer
from canevas_xl.model.offer import Offer, Standing
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.model.score import Chances
from canevas_xl.model.vocabulary import Phase
from canevas_xl.report.book import plan_results
from canevas_xl.report.outcome import Outcome
from canevas_xl.report.package import data_package, read
from canevas_xl.report.results import blocks, defined_name
from canevas_xl.report.sheets.compare import compare_rows
from canevas_xl.report.sheets.data import data_rows
from canevas_xl.report.sheets.dialogue import margin_rows
from canevas_xl.report.sheets.follow import follow_rows, next_step
from canevas_xl.report.sheets.impacts import impact_rows
from canevas_xl.report.sheets.returns import finding_rows
from canevas_xl.report.words import OutcomeWords

TEMPLATE = "restauration-scolaire"
FRENCH = OutcomeWords.of("fr")


def offers(count: int, **changes: float | None) -> tuple[Offer, ...]:
    """The same answers so many times; the last offer with changes."""
    full = dict(answers_in(TEMPLATE, "full"))
    changed = full | {key: Answer(key, value) for key, value in changes.items()}
    return tuple(
        replace(offer(f"S00{n}", changed if n == count else full), name=f"Cantine {n}") for n in range(1, count + 1)
    )


def outcome(came: Sequence[Offer], *, priced: int = 9, stopped: bool = False, **changes: object) -> Outcome:
    keys = {one.key for one in came} if stopped else set()
    scores = scored(TEMPLATE, came, bids_of(came[:priced]), keys).value
    campaign = replace(campaign_of(TEMPLATE), phase=Phase.CONSULTATION)
    lot = replace(scores, subject=replace(scores.subject, campaign=campaign))
    wrong = found("C208", Place(key="P01"), text="?", example="12,5")
    said = tuple(Said(f"{n:010d}", one.key, wrong) for n, one in enumerate(came))
    consolidation = Consolidation(offers=tuple(came), said=said if stopped else ())
    return Outcome(campaign, replace(consolidation, **changes), (lot,), (), AS_OF)  # type: ignore[arg-type]


def sealed() -> Outcome:
    (came,) = offers(1)
    return outcome((), set_aside=(SetAside(came.receipt, Standing.NOT_YET),))


def with_an_empty_lot(one: Outcome) -> Outcome:
    (lot,) = outcome(()).scores
    second = replace(lot, subject=replace(lot.subject, lot=replace(lot.subject.lot, number=2, title="Le second")))
    return replace(one, scores=(*one.scores, second))


STATES = {
    "nothing came": lambda: outcome((), silent=((1, "S001"), (1, "S002"))),
    "not opened yet": sealed,
    "one offer": lambda: outcome(offers(1)),
    "all wait": lambda: outcome(offers(2), stopped=True),
    "no price": lambda: outcome(offers(2, P01=3.0, P11=4.0), priced=0),
    "equal": lambda: outcome(offers(2)),
    "a lot without offers": lambda: with_an_empty_lot(outcome(offers(2, P01=3.0, P11=4.0))),
    "lacking an answer": lambda: outcome(offers(2, K2=None)),
}


def plan(state: str, language: str = "fr") -> WorkbookPlan:
    loaded = grounds(TEMPLATE).loaded
    return plan_results(STATES[state](), loaded.template, loaded.texts[language], language)


def told(rows: Sequence[Sequence[object]]) -> str:
    cells = (getattr(cell, "content", cell) for row in rows for cell in row)
    return " ".join(str(cell) for cell in cells if cell is not None).replace("\u00a0", " ")


@pytest.mark.parametrize("state", STATES)
def test_no_table_is_empty_without_a_sentence(state: str) -> None:
    made = plan(state)
    areas = dict(made.names)
    sheets = {sheet.code: {(cell.row, cell.column): cell for cell in sheet.cells} for sheet in made.sheets}
    for block in blocks().values():
        area = areas[defined_name(block)]
        assert sheets[block.sheet][area.first_row, area.first_column].content, block.name


@pytest.mark.parametrize("state", STATES)
def test_no_cell_shows_what_only_programs_say(state: str) -> None:
    cells = [cell for sheet in plan(state, "en").sheets for cell in sheet.cells]
    texts = {str(one) for cell in cells for one in (cell.content, cell.cached) if isinstance(one, str)}
    assert not {text for text in texts for word in ("None", "nan", "{", "#N/A") if word in text.split() or "{" in text}


def test_a_sentence_in_the_place_of_rows_is_no_data() -> None:
    files = data_package(plan("nothing came"), {})
    assert all(len(read(files[f"{name}.csv"].decode())) == 1 for name in ("compare.offers", "threads.list"))


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("nothing came", "collect"), ("not opened yet", "sealed"), ("one offer", "compare"), ("all wait", "ask"),
        ("no price", "price"), ("equal", "compare"),
    ],
)  # fmt: skip
def test_one_thing_is_to_be_done_next(state: str, step: str) -> None:
    assert next_step(STATES[state]()) == step


def test_who_has_not_answered_hides_no_results() -> None:
    waiting = outcome(offers(1), silent=((1, "S002"),))
    assert next_step(waiting) == "collect"
    assert "lisez les feuilles Comparaison, Notes et Données" in told(follow_rows(waiting, FRENCH)["follow.summary"])


def test_nobody_is_said_to_have_answered_while_files_lie_unopened() -> None:
    text = told(follow_rows(sealed(), FRENCH)["follow.summary"])
    assert "Fichiers arrivés : 1" in text
    assert "tous ont répondu" not in text
    assert "Comparaison" not in text


@pytest.mark.parametrize("phase", [Phase.SOURCING, Phase.FEEDBACK, Phase.EXECUTION])
def test_prices_are_asked_for_where_points_are_awarded_only(phase: Phase) -> None:
    waiting = STATES["no price"]()
    assert "« Cantine 1 », « Cantine 2 »" in told(follow_rows(waiting, FRENCH)["follow.summary"])
    (lot,) = waiting.scores
    unawarded = replace(lot.subject, campaign=replace(lot.subject.campaign, phase=phase))
    assert next_step(replace(waiting, scores=(replace(lot, subject=unawarded),))) == "compare"


def test_only_the_offer_that_lacks_a_price_is_named() -> None:
    lacking = outcome(offers(2, P01=3.0, P11=4.0), priced=1)
    assert next_step(lacking) == "price"
    text = told(follow_rows(lacking, FRENCH)["follow.summary"])
    assert "Prix ou notes à taper « Cantine 2 »" in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_next_thing_to_do_names_a_button_that_exists(language: str) -> None:
    texts, buttons = resources.texts("results", language), resources.texts("addin", language)
    labels = {text for key, text in buttons.items() if key.startswith("action.") and key.endswith(".label")}
    opening, closing = ("« ", " »") if language == "fr" else ("“", "”")
    for key, text in texts.items():
        if key.startswith("follow.next_") and opening in text:
            assert text.partition(opening)[2].partition(closing)[0] in labels, key


def test_offers_that_weigh_the_same_are_not_ranked_by_weight() -> None:
    text = told(compare_rows(STATES["equal"](), FRENCH)["compare.summary"])
    assert "« Cantine 1 », « Cantine 2 » pèsent le moins, et autant" in text
    assert "Pourquoi" not in text


def test_a_lot_without_offers_is_said_to_have_none() -> None:
    text = told(compare_rows(STATES["a lot without offers"](), FRENCH)["compare.summary"])
    assert "Lot 1 : « Cantine 2 » pèse le moins" in text
    assert "Lot 2 : aucune offre n'a encore été lue." in text
    cells = next(sheet for sheet in plan("a lot without offers").sheets if sheet.code == "NOTES").cells
    assert any("Lot 2 : aucune offre" in str(cell.content).replace("\u00a0", " ") for cell in cells)


def test_what_a_supplier_has_to_do_is_not_told_as_the_buyer_s_to_do() -> None:
    row = finding_rows(STATES["all wait"](), FRENCH)["findings.list"][0]
    assert row[4] == "Pour le fournisseur : Tapez un nombre seul, sans unité, par exemple 12,5."


def test_the_only_offer_is_compared_with_none() -> None:
    rows = compare_rows(STATES["one offer"](), FRENCH)["compare.offers"]
    assert "Seule offre à comparer." in told(rows)
    assert rows[0][5] is None


def test_a_stage_of_which_nothing_is_known_weighs_nothing_that_can_be_read() -> None:
    """The kitchen's energy without its electricity: the known part is a minimum, and what counts stands beside."""
    rows = impact_rows(outcome(offers(2, K2=None, K3=None, K4=None)), FRENCH)["impacts.stages"]
    (kitchen,) = [row for row in rows if row[0] == "Cantine 2" and row[3] == "Énergie de la cuisine"]
    assert kitchen[5] is None
    assert kitchen[6] == 3
    assert kitchen[7].content > 0  # type: ignore[union-attr]


def test_a_part_of_an_impact_is_said_to_be_a_minimum() -> None:
    rows = impact_rows(outcome(offers(2, K2=None)), FRENCH)["impacts.totals"]
    known = next(row[5] for row in rows if row[0] == "Cantine 2")
    assert known.style.number_format.startswith('"≥ "')  # type: ignore[union-attr]


def test_the_data_say_which_offer_would_make_them_better() -> None:
    text = told(data_rows(outcome(offers(2, K2=None)), FRENCH)["data.verdict"])
    assert "« Cantine 2 » a laissé à des valeurs par défaut" in text
    assert "Électricité de la cuisine" in text


@pytest.mark.parametrize(
    ("phase", "said", "not_said"),
    [
        (Phase.SOURCING, "Demandez-lui ces données", "ne se complète pas"),
        (Phase.CONSULTATION, "ne se complète pas", "Demandez-lui"),
        (Phase.NEGOTIATION, "ne se complète pas", "Demandez-lui"),
    ],
)
def test_nobody_is_told_to_have_an_offer_completed(phase: Phase, said: str, not_said: str) -> None:
    given = outcome(offers(2, K2=None))
    (lot,) = given.scores
    subject = replace(lot.subject, campaign=replace(lot.subject.campaign, phase=phase))
    text = told(data_rows(replace(given, scores=(replace(lot, subject=subject),)), FRENCH)["data.verdict"])
    assert said in text
    assert not_said not in text


def test_chances_that_are_not_enough_are_not_rounded_to_enough() -> None:
    given = outcome(offers(2, P01=3.0, P11=4.0))
    (lot,) = given.scores
    near = replace(lot.gaps[0], own_data=Chances(0.9055, 0.0, 1.0), discernible=False)
    text = told(compare_rows(replace(given, scores=(replace(lot, gaps=(near,)),)), FRENCH)["compare.summary"])
    assert "que dans 90 cas sur 100 ; il en faudrait 91" in text


def test_the_data_compare_their_share_with_the_limit() -> None:
    text = told(data_rows(outcome(offers(2, K2=None)), FRENCH)["data.verdict"])
    assert "limite de 50 %" in text


@pytest.mark.parametrize(("language", "said"), [("fr", "où vous pouvez agir"), ("en", "where you can act")])
def test_margins_answer_before_anybody_offers_a_lever(language: str, said: str) -> None:
    assert said in told(margin_rows(outcome(offers(2)), OutcomeWords.of(language))["margins.summary"])
