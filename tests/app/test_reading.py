"""Reading a file leaves the process as it was."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from canevas_xl.app.reading import uncollected


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    was = gc.isenabled()
    yield
    (gc.enable if was else gc.disable)()


def test_nothing_is_collected_while_a_file_is_read() -> None:
    with uncollected():
        assert not gc.isenabled()


def test_the_collector_is_then_as_it_was() -> None:
    for begin in (gc.enable, gc.disable):
        begin()
        was = gc.isenabled()
        with uncollected():
            pass
        assert gc.isenabled() is was


def test_the_collector_goes_on_after_a_file_that_cannot_be_read() -> None:
    gc.enable()
    with pytest.raises(RuntimeError), uncollected():
        raise RuntimeError
    assert gc.isenabled()
