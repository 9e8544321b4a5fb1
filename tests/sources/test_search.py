"""What can be typed, and which answer comes first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from canevas_xl.adapters.store.factor_sets import shipped_factor_set
from canevas_xl.sources.search import INDEX_COLUMNS, Entry, entries, folded, readings, search

STARTER = tuple(entries(shipped_factor_set("starter@2026.1.0")))
GROWN = tuple(entries(shipped_factor_set("starter@2026.2.0")))


def names(query: str, index: tuple[Entry, ...] = STARTER) -> list[str]:
    return [one.name_fr for one in search(query, index)]


def ids(query: str) -> list[str]:
    return [one.id for one in search(query, STARTER)]


def entry(name: str, **more: str) -> Entry:
    blank = dict.fromkeys(INDEX_COLUMNS, "")
    return Entry(**blank | {"id": name, "name_fr": name, "folded_fr": " ".join(folded(name))} | more)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Œufs", ["oeuf"]),
        ("Électricité — mix", ["electricite", "mix"]),
        ("Gaz, bus", ["gaz", "bus"]),
        ("choux", ["chou"]),
        ("verre", ["verre"]),
        ("", []),
    ],
)
def test_case_accents_ligatures_and_plurals_do_not_matter(text: str, words: list[str]) -> None:
    assert folded(text) == words


@pytest.mark.parametrize("query", ["lentille", "LENTILLES", "Lentille ", "lentil", "lentils"])
def test_lentils_are_found_in_both_languages(query: str) -> None:
    found = search(query, STARTER)
    assert found
    assert all("entil" in one.name_fr for one in found[:3])


@pytest.mark.parametrize("query", ["poids lourd", "camion", "HGV", "truck", "heavy truck"])
def test_a_lorry_is_found_by_what_people_call_it(query: str) -> None:
    found = search(query, STARTER)
    assert {one.unit for one in found[:5]} == {"t.km"}
    assert any(one.name_fr.startswith(("Rigide", "Articulé")) for one in found[:3])


def test_the_name_itself_comes_first_then_names_that_begin_with_it() -> None:
    index = (entry("Jus de prune"), entry("Pruneau"), entry("Prune confite"), entry("Prune"))
    assert names("prune", index) == ["Prune", "Prune confite", "Jus de prune", "Pruneau"]


def test_all_words_must_be_met() -> None:
    index = (entry("Papier neuf"), entry("Papier de bureau, recyclé"))
    assert names("papier recyclé", index) == ["Papier de bureau, recyclé"]


def test_other_words_of_a_process_count_after_its_names() -> None:
    index = (entry("Laque PU", folded_words="peinture"), entry("Peinture"))
    assert names("peinture", index) == ["Peinture", "Laque PU"]


def test_what_no_list_offers_comes_later_and_copies_last() -> None:
    index = (
        entry("Carotte", withdrawn="copy_of_agribalyse"),
        entry("Carotte crue", withdrawn="declared_wrong"),
        entry("Carotte râpée"),
    )
    assert names("carotte", index) == ["Carotte râpée", "Carotte crue", "Carotte"]


def test_an_identifier_finds_its_row() -> None:
    assert ids("BC-27002")[0] == "BC-27002"


@pytest.mark.parametrize("query", ["", "  ", "***", "zzzz"])
def test_nothing_is_found_for_nothing(query: str) -> None:
    assert search(query, STARTER) == []


def test_a_synonym_bound_to_a_group_does_not_speak_of_others() -> None:
    plastic = entry("Plastique rigide", group="materials")
    assert search("camion", (plastic,)) == []
    assert search("camion", (replace(plastic, group="transport_freight"),))


def test_a_synonym_is_met_as_a_whole_word_only() -> None:
    assert search("oeufs", (entry("Aubergine", group="food", folded_en="eggplant"),)) == []
    assert search("oeufs", (entry("Blanc", group="food", folded_en="egg white"),))


def test_a_short_word_is_met_as_a_whole_word_only() -> None:
    assert names("pet", (entry("Petit pois"), entry("Plastique PET"))) == ["Plastique PET"]


def test_an_english_article_is_no_drink() -> None:
    process = replace(next(iter(shipped_factor_set("starter@2026.1.0").processes.values())), name_en="Corn on the cob")
    assert Entry.of(process, shipped_factor_set("starter@2026.1.0"), "").folded_en == "corn on cob"


def test_a_value_per_euro_comes_after_everything_that_can_be_counted() -> None:
    index = (entry("Poisson - 2023", withdrawn="money_is_not_a_quantity"), entry("Burger au poisson"))
    assert names("poisson", index) == ["Burger au poisson", "Poisson - 2023"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lentilles", "AGB32-20504"), ("pâtes", "AGB32-9810"), ("steak haché", "AGB32-6250"), ("bœuf", "AGB32-6001"),
        ("yaourt", "AGB32-19860"), ("huile de tournesol", "AGB32-17440"), ("pomme", "AGB32-13050"),
        ("pommes de terre", "AGB32-4008"), ("poulet", "AGB32-36022"), ("lait", "AGB32-19023"), ("pain", "AGB32-7111"),
        ("riz", "AGB32-9100"), ("pois chiches", "AGB32-20516"), ("café", "AGB32-18003"), ("tomate", "AGB32-20047_1"),
        ("poids lourd", "BC-43651"), ("camionnette", "BC-43735"), ("électricité", "BC-43642"),
        ("électricité France", "BC-43642"), ("gaz naturel", "BC-37133"), ("fioul", "BC-14085"),
        ("chauffage urbain", "BC-37089"), ("granulés de bois", "BC-34942"), ("essence", "BC-13988"),
        ("gazole", "BC-25775"), ("gasoil", "BC-25775"), ("TGV", "BC-43256"), ("voiture", "BC-43809"),
        ("carton", "BC-26738"), ("ramette de papier", "BC-24295"), ("ordinateur portable", "BC-27002"),
        ("écran", "BC-27005"), ("chaise de bureau", "BC-26958"), ("bureau", "BC-26961"), ("frigo", "BC-26976"),
        ("eau du robinet", "AGB32-18066"), ("plastique PET", "BC-20832"), ("acier recyclé", "BC-26730"),
        ("béton", "BC-20722"), ("enrobé", "BC-20707"), ("verre", "BC-26741"), ("t-shirt", "BC-27044"),
        ("incinération ordures", "BC-34650"), ("gravier", "BC-20709"),
        ("beef", "AGB32-6001"), ("bread", "AGB32-7160"), ("apple", "AGB32-13050"), ("van", "BC-43735"),
        ("natural gas", "BC-37133"), ("petrol", "BC-25763"), ("plane", "BC-43773"), ("laptop", "BC-27002"),
        ("office chair", "BC-26958"), ("desk", "BC-26961"), ("glass", "BC-26741"), ("tap water", "AGB32-18066"),
    ],
)  # fmt: skip
def test_what_a_buyer_types_finds_first_what_is_meant(query: str, first: str) -> None:
    assert search(query, GROWN)[0].id == first


def test_own_words_are_read_before_synonyms() -> None:
    first, *others = readings("laptop")
    assert (first.words, first.typed) == (("laptop",), True)
    assert others
    assert not any(one.typed for one in others)


def test_an_entry_survives_its_line() -> None:
    assert [Entry.from_cells(one.cells()) for one in STARTER] == list(STARTER)


def test_ordinary_lorries_come_before_rarer_ones_unless_these_are_asked_for() -> None:
    lorries = (
        entry("Rigide - GNC", group="transport_freight"),
        entry("Rigide - 12 à 20 tonnes - Diesel routier", group="transport_freight"),
    )
    assert names("poids lourd", lorries) == ["Rigide - 12 à 20 tonnes - Diesel routier", "Rigide - GNC"]
    assert names("poids lourd GNC", lorries) == ["Rigide - GNC"]


def test_an_electric_train_is_not_rare() -> None:
    trains = (entry("Train électrique", group="transport_freight"), entry("Train à vapeur ancien"))
    assert names("train", trains)[0] == "Train électrique"


def test_the_latest_release_of_a_row_comes_before_the_others() -> None:
    rows = [
        entry("Lentille, verte" + more, source="A", source_id="1", source_version=version)
        for version, more in (("3.2 (2024)", ", sèche"), ("3.1.1", ""), ("3.10", ", crue et sèche"))
    ]
    assert [one.source_version for one in search("lentille", rows)] == ["3.10", "3.1.1", "3.2 (2024)"]


def test_what_somebody_picked_out_comes_before_the_rest_of_a_source() -> None:
    rows = (entry("Électricité 2008"), entry("Électricité, France 2024"))
    assert next(iter(search("electricite", rows, {"Électricité, France 2024"}))).id == "Électricité, France 2024"


def test_among_equals_the_latest_validity_comes_first() -> None:
    rows = [entry(f"Mix {year}", valid_until=f"{year}-12-31") for year in (2022, 2024, 2023)]
    assert names("mix", tuple(rows)) == ["Mix 2024", "Mix 2023", "Mix 2022"]
