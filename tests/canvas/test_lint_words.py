"""Lint, words: there in both languages, short, safe in spreadsheets, and silent on where a firm sits or what it is."""

from __future__ import annotations

import pytest
from lint_samples import Sample

from canevas_xl.canvas.lint.wording import check_text


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("template.verdict", "T291"),
        ("perimeters.plate", "T291"),
        ("parameters.N.help", "T291"),
        ("groups.NEED", "T291"),
        ("lists.MODE.TRAIN", "T291"),
        ("sections.CUP.label", "T291"),
        ("fields.A1.example", "T291"),
        ("tables.LEGS.help", "T291"),
        ("rows.LEG2", "T291"),
        ("derived.MASS", "T291"),
        ("flows.legs", "T291"),
        ("rules.SOME", "T291"),
        ("requirements.R1.clause", "T291"),
        ("fields.P1.why_default", "T239"),
        ("fields.E1.evidence", "T244"),
        ("flows_proxy.food", "T269"),
    ],
)
def test_missing_words_are_named_in_the_language_that_lacks_them(path: str, code: str) -> None:
    """T291, and T239, T244, T269 where a reason or a document is what lacks."""
    sample = Sample()
    del sample.texts["en"][path]
    assert [(finding.code, finding.place.file, finding.place.key) for finding in sample.findings()] == [
        (code, "texts.en.toml", path)
    ]


def test_words_made_of_spaces_are_empty() -> None:
    """T292."""
    sample = Sample()
    sample.texts["fr"]["rows.LEG1"] = " \n"
    assert "T292" in sample.codes()


def test_words_that_nothing_shows_are_doubted_and_notes_are_free() -> None:
    """T293."""
    sample = Sample()
    sample.say("fields.Z9.label", "Nothing")
    sample.say("fields.A1.evidence", "Not asked for")
    sample.say("notes.2", "Cups are not counted either.")
    sample.say("examples.LEG2.T2", "60")
    sample.say("examples.LEG9.T2", "60")
    assert sorted(set(sample.places("T293"))) == ["examples.LEG9.T2", "fields.A1.evidence", "fields.Z9.label"]


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("fields.A1.label", 90),
        ("fields.A1.help", 200),
        ("fields.A1.example", 200),
        ("rows.LEG1", 90),
        ("examples.LEG1.T2", 200),
    ],
)
def test_labels_hold_90_characters_and_helps_200(path: str, limit: int) -> None:
    """T287."""
    sample = Sample()
    sample.say(path, "x" * limit)
    assert sample.codes() == set()
    sample.say(path, "x" * (limit + 1))
    assert sample.codes() == {"T287"}


@pytest.mark.parametrize(("one", "other"), [("Électricité", "electricite"), ("Truck", "TRUCK "), ("ﬁbre", "fibre")])
def test_two_choices_equal_without_case_and_accents_are_refused(one: str, other: str) -> None:
    """T284."""
    sample = Sample()
    sample.say("lists.MODE.TRUCK", one)
    sample.say("lists.MODE.TRAIN", other)
    assert "T284" in sample.codes()


@pytest.mark.parametrize("label", ["Truck*", "Truck?", "~Truck", " Truck", "Truck\u00a0 heavy"])
def test_signs_that_spreadsheets_expand_are_refused_in_choices(label: str) -> None:
    """T285."""
    sample = Sample()
    sample.say("lists.MODE.TRUCK", label)
    assert "T285" in sample.codes()


def test_a_question_may_end_with_its_mark() -> None:
    sample = Sample()
    sample.say("fields.E1.label", "Is it gas?")
    assert sample.codes() == set()


@pytest.mark.parametrize("label", ["=Truck", "+Truck", "-Truck", "@Truck", "<Truck", ">Truck", "'Truck", "Tru\u200bck"])
def test_signs_that_spreadsheets_obey_are_refused_at_the_start_of_labels(label: str) -> None:
    """T286."""
    sample = Sample()
    sample.say("fields.A1.label", label)
    assert sample.codes() == {"T286"}


def test_the_sentence_of_a_rule_has_no_holes() -> None:
    """T288."""
    sample = Sample()
    sample.say("rules.SOME", "It makes {total}.")
    assert sample.codes() == {"T288"}


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("T281", "Part de produits locaux"),
        ("T281", "Le fournisseur est-il local ?"),
        ("T281", "Approvisionnement locale et de saison"),
        ("T281", "Produits en circuit court"),
        ("T281", "Fruits issus de circuits-courts"),
        ("T281", "Exploitations de proximité"),
        ("T281", "Distance depuis le siège social"),
        ("T281", "Distance entre l'école et le siège de votre entreprise"),
        ("T281", "Êtes-vous implanté à moins de 50 km ?"),
        ("T281", "Share of local produce"),
        ("T281", "Locally sourced vegetables"),
        ("T281", "Distance from your headquarters"),
        ("T281", "Short supply chains"),
        ("T282", "Votre entreprise est-elle certifiée ?"),
        ("T282", "L'entreprise dispose-t-elle d'un plan ?"),
        ("T282", "Certification ISO 14001"),
        ("T282", "ISO 14 001 ou équivalent"),
        ("T282", "Décrivez votre politique RSE"),
        ("T282", "Politique environnementale du candidat"),
        ("T282", "Bilan carbone de l'entreprise"),
        ("T282", "Bilan GES de votre société"),
        ("T282", "Système de management environnemental"),
        ("T282", "Your company's environmental policy"),
        ("T282", "Is your company certified?"),
        ("T282", "CSR policy"),
        ("T282", "Annual turnover"),
        ("T283", "Écolabel européen"),
        ("T283", "Produit ecolabel"),
        ("T283", "Norme NF exigée"),
        ("T283", "Bois FSC"),
        ("T283", "Certificat PEFC"),
        ("T283", "Fiche Energy Star"),
        ("T283", "Inscrit à l'EPEAT"),
        ("T283", "Fiche EPREL"),
        ("T283", "Certifié Ecocert"),
        ("T283", "Produits AB"),
        ("T283", "Viande Label Rouge"),
        ("T283", "EU Ecolabel"),
        ("T283", "Nordic Swan"),
        ("T283", "Blaue Engel"),
        ("T283", "Déclaration ISO 14021"),
        ("T283", "Résistance selon EN 527"),
    ],
)
def test_wording_on_place_firm_or_label_is_doubted(code: str, text: str) -> None:
    """T281, T282, T283."""
    assert code in {finding.code for finding in check_text("fr", "fields.P1.label", text)}


@pytest.mark.parametrize(
    "text",
    [
        "Localisez la plaque signalétique",
        "La localisation de la plaque",
        "Livré dans vos locaux",
        "Livraison jusqu'au local de stockage",
        "Entreposé dans un local frais",
        "Livraison dans un local technique",
        "L'heure locale de livraison",
        "La collectivité locale fixe les portions",
        "The local authority sets the portions",
        "Siège et bureau conformes au cahier des charges",
        "Masse du siège, sans emballage",
        "Un siège de bureau",
        "Bilan du marché",
        "Facture au nom de l'entreprise",
        "Bois : gestion durable (FSC, PEFC ou équivalent)",
        "Fiche Energy Star, EPREL ou équivalent",
        "FDES, EPD or equivalent",
        "Déclaration ISO 14021 vérifiable, ou équivalent",
        "Absence d'aluminium",
        "Tableau de composition",
        "Conforme au CCTP",
        "Company name",
    ],
)
def test_wording_that_only_looks_like_it_is_left_alone(text: str) -> None:
    assert list(check_text("fr", "fields.P1.label", text)) == []


def test_what_explains_the_method_may_name_what_it_likes() -> None:
    sample = Sample()
    sample.say("template.method_note", "Local factors, ISO 14044, ISO 14001.")
    sample.say("notes.1", "FSC")
    assert sample.codes() == set()
