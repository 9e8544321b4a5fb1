"""The names of figures: written once, read back alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canevas_xl.model.figure import IMPACTS, Figure, FigureKind, figure_of, read_figure
from canevas_xl.model.offer import OfferKey
from canevas_xl.model.vocabulary import INDICATORS

BARE = (FigureKind.TOTAL, FigureKind.POINTS)


@pytest.mark.parametrize(
    "text",
    [
        "L1.S001.total", "L1.S001.stage.delivery", "L1.S001.line.f01", "L2.S001.V3.line.f1.DESK", "L1.S001.total@acd",
        "L1.=73282932000074.total", "L1.S001.index.assiette", "L1.S001.note.C2", "L1.S001.points",
    ],
)  # fmt: skip
def test_a_name_is_read_and_written_alike(text: str) -> None:
    assert str(read_figure(f" {text} ")) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "total", "S001.total", "L0.S001.total", "L1.S001", "L1.S001.stage", "L1.S001.total.f01", "L1.S001.sum",
        "L1.S001.stage.delivery.DESK", "L1.S001.total@xyz", "L1.S001.note.C2@acd", "L1.S001.points.C2", "L1..total",
    ],
)  # fmt: skip
def test_what_is_no_name_is_not_read(text: str) -> None:
    assert read_figure(text) is None


@given(
    st.integers(1, 4), st.text("ABCDEFGH23456789", min_size=4, max_size=4), st.integers(0, 20),
    st.sampled_from(list(FigureKind)), st.sampled_from(INDICATORS),
)  # fmt: skip
def test_every_figure_finds_its_way_back(
    lot: int, supplier: str, variant: int, kind: FigureKind, indicator: str
) -> None:
    key = OfferKey(lot, supplier, 1, variant)
    figure = figure_of(key, kind, "" if kind in BARE else "f01", indicator=indicator if kind in IMPACTS else "cch")
    assert read_figure(str(figure)) == figure
    assert figure.of(key)
    assert not figure.of(OfferKey(lot, supplier, 1, variant + 1))
    assert isinstance(figure, Figure)
