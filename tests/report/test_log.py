"""*Journal* tells when a return came, which is what a deadline is compared with, beside when it was collected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scored import outcome

from canevas_xl.report.sheets.log import log_rows
from canevas_xl.report.words import OutcomeWords

COLLECTED = {
    "kind": "received", "at": "2026-11-23T00:34:02+01:00", "received": "2026-11-16T11:59:00+01:00", "name": "a.xlsx",
    "sha256": "0" * 64, "twin": False,
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_return_says_when_it_came_and_when_it_was_collected(language: str) -> None:
    told = replace(outcome(), events=(COLLECTED,))
    (row,) = log_rows(told, OutcomeWords.of(language))["log.events"]
    assert row[0] == "2026-11-23 00:34"
    assert "2026-11-16 11:59" in str(row[-1])
    assert "a.xlsx" in str(row[-1])
