"""The token: plain text, found in any text, made by one campaign with one record and by no other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.canvas.seal import is_ours, make_token, read_token
from canevas_xl.model.canvas import Token

SECRET, RECORD = b"a secret of thirty-two bytes....", "f" * 64
TOKEN = make_token("ABC234", "S001", 1, 1, (SECRET, RECORD))
CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=6, max_size=6)


@given(CODES, CODES.map(lambda code: code[:4]), st.integers(1, 99), st.integers(1, 99))
def test_a_token_is_short_and_plain_and_read_back(campaign: str, supplier: str, lot: int, round_: int) -> None:
    token = make_token(campaign, supplier, lot, round_, (SECRET, RECORD))
    assert re.fullmatch(r"[A-Z0-9-]{1,40}", str(token))
    assert read_token(str(token)) == token
    assert is_ours(token, (SECRET, RECORD))


@pytest.mark.parametrize(
    "text",
    ["{}", "canevas_L1_R1_x_{}.xlsx", "Re: [{}] offre", "{} · Accueil", "copie de {} (2).xlsx", "reponse-{}-2.xlsx",
     "{}\n{}"],
)  # fmt: skip
def test_a_token_is_found_among_other_characters(text: str) -> None:
    assert read_token(text.replace("{}", str(TOKEN))) == TOKEN


@pytest.mark.parametrize(
    "text",
    ["", "CX1", str(TOKEN)[:-1], str(TOKEN) + "A", "X" + str(TOKEN), str(TOKEN).lower(),
     str(TOKEN).replace("R1", "R1\N{ARABIC-INDIC DIGIT THREE}"), str(TOKEN).replace("L1", "L0"),
     str(TOKEN).replace("-", "\N{NON-BREAKING HYPHEN}"), str(TOKEN).replace("S001", "S01")],
)  # fmt: skip
def test_what_only_looks_like_a_token_is_none(text: str) -> None:
    assert read_token(text) is None


def test_two_tokens_that_differ_are_none() -> None:
    other = make_token("ABC234", "S002", 1, 1, (SECRET, RECORD))
    assert read_token(f"{TOKEN} {other}") is None


@pytest.mark.parametrize(
    "changed",
    [replace(TOKEN, campaign="ABC235"), replace(TOKEN, supplier="S002"), replace(TOKEN, lot=2), replace(TOKEN, round=2),
     replace(TOKEN, seal="A" * 12), replace(TOKEN, seal="É" * 12), replace(TOKEN, seal="")],
)  # fmt: skip
def test_a_changed_token_is_not_ours(changed: Token) -> None:
    assert not is_ours(changed, (SECRET, RECORD))


def test_another_secret_or_another_record_gives_another_seal() -> None:
    assert not is_ours(TOKEN, (b"another secret", RECORD))
    assert not is_ours(TOKEN, (SECRET, "e" * 64))


@pytest.mark.parametrize(
    ("campaign", "supplier", "lot", "round_"),
    [("abc234", "S001", 1, 1), ("ABC23", "S001", 1, 1), ("ABC234", "s001", 1, 1), ("ABC234", "S001", 0, 1),
     ("ABC234", "S001", 100, 1), ("ABC234", "S001", 1, 100), ("ABC-34", "S001", 1, 1), ("ABC234", "", 1, 1)],
)  # fmt: skip
def test_codes_that_could_not_be_read_back_make_no_token(campaign: str, supplier: str, lot: int, round_: int) -> None:
    with pytest.raises(ValueError, match="CX1-"):
        make_token(campaign, supplier, lot, round_, (SECRET, RECORD))
