"""Python, our own calculation, IronCalc and LibreOffice give the same value to every generated expression."""

from __future__ import annotations

from pathlib import Path

import ironcalc
import pytest
from office import Office
from parity_cases import RESULT, Case, agree, generated, pinned, plain, scope_of, workbook

from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.model.plan import WorkbookPlan
from canevas_xl.rules.evaluate import evaluate
from canevas_xl.rules.parse import parse, shown
from canevas_xl.rules.spreadsheet import recalculated

Shown = list[object]


@pytest.fixture(scope="module")
def batch() -> list[Case]:
    return pinned() + generated(420)


@pytest.fixture(scope="module")
def plan(batch: list[Case]) -> WorkbookPlan:
    return recalculated(workbook(batch))


@pytest.fixture(scope="module")
def file(plan: WorkbookPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parity") / "parity.xlsx"
    path.write_bytes(workbook_bytes(plan))
    return path


def disagreements(batch: list[Case], shown_values: Shown) -> list[str]:
    """Word every case in which an engine shows something else than Python says."""
    said = [plain(evaluate(case.tree, scope_of(case))) for case in batch]
    return [
        f"row {row + 1}: {shown(case.tree)} with {case.typed}, {case.rows}: {due!r} and {seen!r}"
        for row, (case, due, seen) in enumerate(zip(batch, said, shown_values, strict=True))
        if not agree(due, seen)
    ]


def test_the_batch_holds_numbers_codes_truths_and_unknowns(batch: list[Case]) -> None:
    said = [plain(evaluate(case.tree, scope_of(case))) for case in batch]
    kinds = {kind: sum(type(value) is kind for value in said) for kind in (float, str, bool, type(None))}
    assert len(batch) >= 350
    assert min(kinds.values()) >= 20, kinds


def test_every_generated_expression_is_read_back_from_its_text(batch: list[Case]) -> None:
    assert [parse(shown(case.tree)) for case in batch] == [case.tree for case in batch]


def test_our_own_cached_values_agree_with_python(batch: list[Case], plan: WorkbookPlan) -> None:
    cached: Shown = [cell.cached for cell in plan.sheets[0].cells if cell.column == RESULT]
    assert disagreements(batch, cached) == []


def test_ironcalc_agrees_with_python(batch: list[Case], file: Path) -> None:
    model = ironcalc.load_from_xlsx(str(file), "en", "UTC", "en")
    model.evaluate()
    assert disagreements(batch, [model.get_cell_value(0, row + 1, RESULT + 1) for row in range(len(batch))]) == []


@pytest.mark.office
def test_libreoffice_agrees_with_python(batch: list[Case], file: Path, soffice: str, tmp_path: Path) -> None:
    with Office(soffice, tmp_path) as office, office.open(file) as book:
        book.recalculate()
        values = book.values(book.sheet_names[0])
    assert disagreements(batch, [values.get((row, RESULT)) for row in range(len(batch))]) == []
