"""The grids that keep the contract."""

from __future__ import annotations

from pathlib import Path

import pytest
from grids import Bench, in_a_file, in_excel, workbook
from simulated.excel import SimulatedExcel, simulated_excel

__all__ = ["simulated_excel"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook with an awkward name."""
    made = tmp_path / "Réponse = société & Co (2).xlsx"
    made.write_bytes(workbook())
    return made


@pytest.fixture(params=[in_a_file, in_excel], ids=["file", "excel"])
def bench(request: pytest.FixtureRequest, path: Path, simulated_excel: SimulatedExcel) -> Bench:
    """Each grid in turn, on the same workbook."""
    made: Bench = request.param(path, simulated_excel)
    return made


@pytest.fixture
def excel_bench(path: Path, simulated_excel: SimulatedExcel) -> Bench:
    """The grid in which somebody may have changed something meanwhile."""
    return in_excel(path, simulated_excel)
