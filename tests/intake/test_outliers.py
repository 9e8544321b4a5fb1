"""What stands far from the other offers is doubted, robustly; nothing said of one tells anything of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
import tiny_campaign
from shipped import LANGUAGES

from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.outliers import outliers, same_answers
from canevas_xl.model.answer import answers_of
from canevas_xl.model.campaign import Lot
from canevas_xl.model.offer import Identity, Offer, OfferKey, Receipt

LOT = Lot(1, "Lot", {}, {"DEV1.Q1": "LAPTOP", "DEV2.Q1": "SCREEN"})
RECEIPT = Receipt("0", "x.xlsx", 1, datetime(2026, 9, 1, tzinfo=UTC), "file")


def offers(values: Sequence[float | None], key: str = "DEV1.Q3", same: bool = False) -> list[Offer]:  # noqa: FBT001, FBT002
    return [
        Offer(
            OfferKey(1, "S000" if same else f"S{n:03}", 1, n if same else 0),
            f"Firm {n}", Identity(), answers_of({} if value is None else {key: value}), RECEIPT,
        )
        for n, value in enumerate(values)
    ]  # fmt: skip


def far(values: Sequence[float | None], **more: object) -> list[tuple[int, str]]:
    """Places in ``values`` of what was doubted, with the code."""
    every = offers(values, **more)  # type: ignore[arg-type]
    keys = [one.key for one in every]
    return [(keys.index(key), finding.code) for key, finding in outliers(tiny_campaign.LOADED, LOT, every)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([28, 30, 26, 27], []),
        ([28, 30, 26, 300], [(3, "R350")]),
        ([28, 30, 26, 2.5], [(3, "R350")]),
        ([28, 30, 26, 28_000], [(3, "R351")]),
        ([28, 30, 26, 0.0285], [(3, "R351")]),
        ([28, 30, 26, 29, 28_000, 27_500], [(4, "R351"), (5, "R351")]),
        ([28, 28, 28, 28], []),
        ([28, 28, 28, 29], []),
        ([28, 28, 28, 80], []),
        ([28, 28, 28, 90], [(3, "R350")]),
        ([1, 10, 100, 1000], []),
        ([28, 30, 28_000], []),
        ([28, 30, None, None, 28_000], []),
        ([28, 30, 26, 0], []),
        ([28, 30, 26, -5], []),
        ([28, 30, 26, 27, 0], []),
    ],
)
def test_what_is_far_from_the_others_is_doubted(values: list[float | None], expected: list[tuple[int, str]]) -> None:
    assert far(values) == expected


def test_variants_of_one_supplier_are_not_four_offers() -> None:
    assert far([28, 30, 26, 28_000], same=True) == []


def test_what_the_buyer_fixed_is_not_compared() -> None:
    assert far([1, 1, 1, 5000], key="DEV1.Q1") == []


def test_nothing_said_of_one_offer_tells_of_the_others() -> None:
    few, many = ([28, 30, 26, 28_000], [28, 30, 26, 28_000, 31, 25])
    ((_, first),) = outliers(tiny_campaign.LOADED, LOT, offers(few))
    ((_, second),) = outliers(tiny_campaign.LOADED, LOT, offers(many))
    assert first == second
    for language in LANGUAGES:
        text = message(first, language) + remedy(first, language)
        assert "{" not in text
        assert not any(figure in text for figure in ("30", "26", "31", "25", "Firm"))


def test_the_same_answers_are_recognised_only_where_there_are_enough() -> None:
    def firm(number: int, **values: float | str) -> Offer:
        return Offer(OfferKey(1, f"S{number}", 1, 0), str(number), Identity(), answers_of(values), RECEIPT)

    same = {"P01": 4.0, "C1": "REUSED", "I1": "rien"}
    assert [count for *_, count in same_answers([firm(1, **same), firm(2, **same)])] == [3]
    assert list(same_answers([firm(1, P01=4.0), firm(2, P01=4.0)])) == []
    assert list(same_answers([firm(1, **same), firm(2, **{**same, "P01": 5.0})])) == []
