"""Whose a workbook is: all tokens inside agree and are ours; who answers is checked, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
import shipped

from canevas_xl.canvas.seal import is_ours, make_token, read_token
from canevas_xl.intake.identify import (
    Issue,
    Ledger,
    identify,
    identity_findings,
    identity_in,
    is_siret,
    tokens_in,
)
from canevas_xl.intake.locate import locate
from canevas_xl.model.canvas import Token
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.model.offer import Identity

SECRET = b"secret"
FIRST, ERRATUM = "a" * 64, "b" * 64


def sealed(token: Token, fingerprint: str) -> bool:
    return is_ours(token, (SECRET, fingerprint))


def issue(round_: int, fingerprint: str, erratum: int = 0) -> Issue:
    canvas = shipped.canvas_of("informatique-postes", "fr", {})
    campaign = replace(canvas.subject.campaign, round=round_)
    return Issue(replace(canvas.subject, campaign=campaign), fingerprint, erratum, {}, frozenset())


LEDGER = Ledger({(1, 1): (issue(1, FIRST), issue(1, ERRATUM, 1))}, read_token, sealed)
token = partial(make_token, seal_with=(SECRET, FIRST))
OURS = str(token("TESTER", "S001", 1, 1))
OTHER = str(token("TESTER", "S002", 1, 1))


def workbook(*texts: str, prop: str = "") -> Workbook:
    sheets = tuple(Sheet(f"Feuille {n}", {(0, 9): SheetCell(text)}) for n, text in enumerate(texts, 1))
    return Workbook(sheets, {"canevas-xl": prop} if prop else {})


def codes(book: Workbook, *outside: str) -> list[str]:
    return [finding.code for finding in identify(book, outside, LEDGER).findings]


def test_a_token_is_found_wherever_it_stands() -> None:
    for book, outside in [
        (workbook(f"Référence : {OURS}"), ()),
        (workbook("rien", prop=OURS), ()),
        (workbook("rien"), (f"canevas_L1_R1_pres_{OURS} (1).xlsx",)),
        (workbook("rien"), (f"RE: Consultation [{OURS}]",)),
        (workbook(OURS.replace("-", "-\u200b")), ()),
    ]:
        assert {str(one.token) for one in tokens_in(book, outside, read_token)} == {OURS}
        assert identify(book, outside, LEDGER).value is not None


def test_tokens_that_agree_say_nothing() -> None:
    assert codes(workbook(OURS, OURS, prop=OURS), f"{OURS}.xlsx", f"Re: {OURS}") == []


def test_tokens_inside_that_differ_are_not_ours_to_choose() -> None:
    found = identify(workbook(OURS, OTHER), (), LEDGER)
    assert found.value is None
    assert [one.code for one in found.findings] == ["R302"]
    assert codes(workbook("rien"), OURS, OTHER) == ["R302"]


def test_a_name_that_says_otherwise_is_a_doubt_and_the_inside_counts() -> None:
    found = identify(workbook(OURS), (f"{OTHER}.xlsx",), LEDGER)
    assert found.value is not None
    assert str(found.value.token) == OURS
    assert [one.code for one in found.findings] == ["R303"]


def test_a_token_that_only_the_name_bears_is_a_doubt() -> None:
    assert codes(workbook("rien"), f"{OURS}.xlsx") == ["R304"]


def test_a_workbook_without_a_token_is_none_of_ours() -> None:
    assert codes(workbook("Bonjour", "CX1-", "CX1-TESTER-S001-L1-R1-COURT")) == ["R301"]


def test_an_altered_or_foreign_token_is_none_of_ours() -> None:
    assert codes(workbook(OURS.replace("S001", "S002"))) == ["R305"]
    assert codes(workbook(str(token("AUTRES", "S001", 1, 1)))) == ["R305"]
    assert codes(workbook(str(make_token("TESTER", "S001", 1, 1, (b"another", FIRST))))) == ["R305"]


def test_a_lot_or_round_that_was_not_issued_is_named() -> None:
    assert codes(workbook(str(token("TESTER", "S001", 2, 1)))) == ["R306"]
    assert codes(workbook(str(token("TESTER", "S001", 1, 2)))) == ["R306"]


def test_a_seal_of_an_erratum_or_of_what_it_replaced_is_told_apart() -> None:
    older, newer = (
        identify(workbook(str(make_token("TESTER", "S001", 1, 1, (SECRET, mark)))), (), LEDGER).value
        for mark in (FIRST, ERRATUM)
    )
    assert older is not None
    assert newer is not None
    assert (older.issue.erratum, newer.issue.erratum) == (0, 1)


@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048", "35600000009075", "35600000049837"])
def test_a_siret_follows_luhn_or_the_rule_of_la_poste(siret: str) -> None:
    assert is_siret(siret)


@pytest.mark.parametrize(
    "siret", ["73282932000075", "35600000000049", "7328293200007", "732829320000740", "٧٣٢٨٢٩٣٢٠٠٠٠٧٤"]
)
def test_other_numbers_do_not(siret: str) -> None:
    assert not is_siret(siret)


GOOD = Identity("Pré", "732 829 320 00074", "A. Roux", 0, True, False)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"identifier": "BE 0403.170.701"}, []),
        ({"identifier": "HRB 12345"}, []),
        ({"identifier": "GB-123456789"}, []),
        ({"identifier": ""}, ["R310"]),
        ({"identifier": "73282932000075"}, ["R311"]),
        ({"identifier": "732829320"}, ["R312"]),
        ({"identifier": "en cours"}, ["R312"]),
        ({"name": ""}, ["R313"]),
        ({"signatory": ""}, ["R314"]),
        ({"attested": False}, ["R315"]),
    ],
)
def test_who_answers_is_checked(change: dict[str, object], codes: list[str]) -> None:
    assert [one.code for one in identity_findings(replace(GOOD, **change))] == codes  # type: ignore[arg-type]


def identity_rows(**values: object) -> Workbook:
    heads = {(0, column): SheetCell(head) for column, head in enumerate(("KEY", "LABEL", "VALUE"))}
    cells = dict(heads)
    for row, (key, value) in enumerate(values.items(), 1):
        cells[row, 0] = SheetCell(f"ID.{key}")
        if value is not None:
            cells[row, 2] = SheetCell(value)  # type: ignore[arg-type]
    return Workbook((Sheet("Accueil", cells),))


def test_who_answers_is_read_as_typed() -> None:
    book = identity_rows(
        NAME=" Pré  SARL ", SIRET=73282932000074.0, SIGNATORY="A", VARIANT="2", ATTEST="yes", CONSENT=None
    )
    checked = identity_in(locate(book))
    assert checked.value == Identity("Pré SARL", "73282932000074", "A", 2, True, False)
    assert [one.code for one in checked.findings] == ["C214"]  # the variant, typed as a text


@pytest.mark.parametrize(
    ("typed", "variant", "code"), [(1.5, None, "R316"), (-1.0, None, "R316"), ("deux", None, "C208")]
)
def test_a_variant_that_cannot_be_told_is_not_guessed(typed: object, variant: int | None, code: str) -> None:
    checked = identity_in(locate(identity_rows(VARIANT=typed)))
    assert checked.value.variant is variant
    assert [one.code for one in checked.findings] == [code]


def test_an_empty_variant_is_the_base_offer() -> None:
    assert identity_in(locate(identity_rows(VARIANT=None))).value.variant == 0
