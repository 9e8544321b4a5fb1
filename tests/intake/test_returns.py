"""A workbook that came back becomes a return; what was not said is told apart by what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from types import MappingProxyType

import edits
import pytest
import shipped

from canevas_xl.canvas.seal import is_ours, make_token, read_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.canvas.workbook.asked import asked
from canevas_xl.findings.finding import Checked
from canevas_xl.findings.messages import message, remedy
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.issued import Constants, constants_of
from canevas_xl.intake.returns import offer_of, read_return
from canevas_xl.model.answer import Answer, Answers
from canevas_xl.model.canvas import Canvas
from canevas_xl.model.cells import Sheet, SheetCell, Workbook
from canevas_xl.model.offer import Identity, OfferKey, Receipt, Return
from canevas_xl.model.plan import Link, SheetPlan
from canevas_xl.model.vocabulary import Origin

TEMPLATE, SECRET = "informatique-postes", b"secret"
CANVAS = shipped.canvas_of(TEMPLATE, "fr", {})
TOKEN = make_token("TESTER", "S001", 1, 1, (SECRET, CANVAS.fingerprint))
RECEIPT = Receipt("0" * 64, f"canevas_{TOKEN}.xlsx", 1, datetime(2026, 9, 2, tzinfo=UTC), "file")
ITEMS = asked(CANVAS).items
ISSUE = Issue(
    CANVAS.subject, CANVAS.fingerprint, 0,
    {item.key: item.consequence for item in ITEMS if not item.locked}, frozenset(i.key for i in ITEMS if i.locked),
)  # fmt: skip


@cache
def constants(language: str) -> Constants:
    plan = plan_canvas(Canvas(CANVAS.subject, language, CANVAS.fingerprint))
    return constants_of(plan, CANVAS.fingerprint, addressed=True)


def workbook(answers: Answers, language: str = "fr") -> Workbook:
    """Its constants as cells: formulas and stamps aside."""
    canvas = Canvas(CANVAS.subject, language, CANVAS.fingerprint, MappingProxyType(dict(answers)))
    return Workbook(tuple(Sheet(sheet.name, dict(constants_in(sheet))) for sheet in plan_canvas(canvas).sheets))


def constants_in(sheet: SheetPlan) -> Iterator[tuple[tuple[int, int], SheetCell]]:
    for cell in sheet.cells:
        content = cell.content.text if isinstance(cell.content, Link) else cell.content
        if isinstance(content, float | int | str) and content != "":
            yield (cell.row, cell.column), SheetCell(content)


def read(answers: Answers, issue: Issue = ISSUE) -> Checked[Return]:
    return read_book(workbook(answers), issue)


def read_book(book: Workbook, issue: Issue = ISSUE) -> Checked[Return]:
    ledger = Ledger({(1, 1): (issue,)}, read_token, lambda token, mark: is_ours(token, (SECRET, mark)))
    return read_return(book, RECEIPT, ledger, lambda _, told, __: constants(told))


def codes(checked: Checked[Return]) -> list[str]:
    """Codes, without those that follow from there being no formulas and no token in these cells."""
    return [one.code for one in checked.findings if one.code not in {"R344", "R304"}]


FULL = shipped.answers_in(TEMPLATE, "full")
KEY, META = "DEV1.Q3", 8


def test_a_full_return_says_nothing() -> None:
    checked = read(FULL)
    assert checked.value.token == TOKEN
    assert codes(checked) == []
    given = {key: one.value for key, one in checked.value.answers.items() if one.value is not None}
    assert given == {key: one.value for key, one in FULL.items()}


def test_the_build_is_recognised_by_its_language() -> None:
    english = workbook(FULL, "en")
    assert codes(read_book(english)) == []
    place = next(at for at, cell in english.sheets[META].cells.items() if cell.value == "META.LANGUAGE")
    lying = edits.with_cell(english, META, (place[0], 2), SheetCell("fr"))
    assert codes(read_book(lying)) == ["R340"]


@pytest.mark.parametrize(
    ("consequence", "answer", "expected"),
    [
        ("default", Answer(KEY, None), ["R320"]),
        ("blocks", Answer(KEY, None), ["R321"]),
        ("none", Answer(KEY, None), []),
        ("default", Answer(KEY, None, Origin.NOT_KNOWN), []),
        ("blocks", Answer(KEY, None, Origin.NOT_KNOWN), []),
        ("default", Answer(KEY, None, Origin.NOT_APPLICABLE), ["R322"]),
        ("default", replace(FULL[KEY], origin=None), ["R323"]),
    ],
)
def test_what_is_not_said_has_its_own_consequence(consequence: str, answer: Answer, expected: list[str]) -> None:
    issue = replace(ISSUE, asked={**ISSUE.asked, KEY: consequence})
    checked = read({**FULL, KEY: answer}, issue)
    assert codes(checked) == expected
    for finding in checked.findings:
        for language in shipped.LANGUAGES:
            assert "{" not in message(finding, language) + remedy(finding, language)


def test_what_the_buyer_fixed_is_never_read_as_an_answer() -> None:
    assert "DEV1.Q1" in ISSUE.fixed
    assert "DEV1.Q1" not in read(FULL).value.answers


def test_a_return_that_is_not_ours_is_read_no_further() -> None:
    stranger = replace(RECEIPT, name="devis.xlsx")
    ledger = Ledger({(1, 1): (ISSUE,)}, read_token, lambda *_: True)
    checked = read_return(workbook(FULL), stranger, ledger, lambda _, told, __: constants(told))
    assert (checked.value.token, checked.value.answers) == (None, {})
    assert [one.code for one in checked.findings] == ["R301"]
    with pytest.raises(ValueError, match="0000"):
        offer_of(checked.value, {})


def test_an_offer_is_called_as_the_buyer_calls_its_supplier() -> None:
    who = Identity("Ana Informatique", "73282932000074", "Ana", 3, True, False)
    returned = Return(RECEIPT, TOKEN, who, {})
    assert offer_of(returned, {"S001": "Alpha"}).value.name == "Alpha"
    assert offer_of(returned, {}).value.name == "Ana Informatique"
    assert offer_of(returned, {}).value.key == OfferKey(1, "S001", 1, 3)


def test_what_was_read_before_changes_nothing() -> None:
    tampered = edits.with_cell(workbook(FULL), 0, (0, 0), SheetCell("Autre chose"))
    before = [read(FULL), read_book(tampered), read({})]
    assert [read_book(tampered), read({}), read(FULL)] == [before[1], before[2], before[0]]
    assert codes(before[0]) != codes(before[1])
