"""What becomes of a canvas that a program filled and saved: who it is, what it answers, what was changed in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from clients import CLIENTS, Client, Typed
from returned import IN_TIME
from shipped import TEMPLATES, answers_in, canvas_of

from canevas_xl.adapters.xlsx.returned import read_returned
from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.canvas.fill import fill, inputs
from canevas_xl.canvas.seal import is_ours, make_token, read_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.canvas.workbook.asked import asked
from canevas_xl.findings.finding import Finding
from canevas_xl.intake.identify import Issue, Ledger
from canevas_xl.intake.issued import Constants, constants_of
from canevas_xl.intake.returns import offer_of, read_return
from canevas_xl.model.formula import Use
from canevas_xl.model.offer import Receipt, Return
from canevas_xl.model.plan import CellPlan, WorkbookPlan
from canevas_xl.rules.spreadsheet import recalculated

__all__ = ["TEMPLATES", "Row", "table_rows"]
SECRET = b"s" * 32
FILLED, TAMPERED = "rempli", "falsifie"
IDENTITY = {
    ("ID.NAME", "VALUE"): "Ateliers Réunis", ("ID.SIRET", "VALUE"): "73282932000074",
    ("ID.SIGNATORY", "VALUE"): "Ana Roux, gérante", ("ID.VARIANT", "VALUE"): 0.0,
    ("ID.ATTEST", "VALUE"): "OUI", ("ID.CONSENT", "VALUE"): "NON",
}  # fmt: skip
FORMS_SAID = frozenset({"X142", "X144"})
"""What is said of a form that tells less than .xlsx: true, and no alarm."""
COUNTS = ("answers", "right", "said", "silently_wrong", "planted", "found")
ON_OFFER = "OFFER"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    client: str
    form: str
    identity: bool
    answers: int
    """Asked and typed."""
    right: int
    said: int
    """Read otherwise, or not at all, and said."""
    silently_wrong: int
    planted: int
    """Changes in locked cells, of those that the form holds."""
    found: int
    besides: tuple[str, ...]
    """Codes of all that is said of the canvas that was only filled, its form apart."""


def _is_sentence(cell: CellPlan) -> bool:
    return isinstance(cell.content, str) and len(cell.content) > 40


class Canvas:
    """An empty canvas of a template, and what is typed in it."""

    def __init__(self, template: str) -> None:
        empty = canvas_of(template, "fr", {})
        self.subject, self.fingerprint = empty.subject, empty.fingerprint
        self.plan = recalculated(plan_canvas(empty))
        self.full = fill(plan_canvas(canvas_of(template, "fr", answers_in(template, "full"))), IDENTITY)
        self.token = make_token("TESTER", "S001", 1, 1, (SECRET, self.fingerprint))

    def file(self, plan: WorkbookPlan) -> bytes:
        """Write and stamp a copy."""
        values = {"token": str(self.token), "supplier": "Ateliers Réunis", "supplier_code": "S001"}
        return Stencil.from_bytes(workbook_bytes(plan)).copy(values)

    def typed(self) -> tuple[Typed, ...]:
        """Every answer, with what stands beside it."""
        return tuple(self._typed())

    def _typed(self) -> Iterator[Typed]:
        for sheet in self.full.sheets:
            cells = {(cell.row, cell.column): cell.content for cell in sheet.cells}
            for _, place in inputs(sheet):
                value = cells[place]
                if isinstance(value, float | str) and value != "":
                    yield Typed(sheet.name, *place, value)

    def planted(self) -> tuple[Typed, ...]:
        """One change each of a label, a factor, a bound, a code of a list and a formula: all locked."""
        return (
            self._changed(ON_OFFER, _is_sentence, "Autre question"),
            self._changed("SOURCES", lambda cell: isinstance(cell.content, float) and 0 < cell.content < 1, 0.0001),
            self._changed("CALC", lambda cell: cell.content == 1.0, 0.5),
            self._changed("LISTS", lambda cell: cell.content == "OUI", "NON"),
            self._changed("CALC", lambda cell: isinstance(cell.content, Use) and isinstance(cell.cached, float), 42.0),
        )

    def _changed(self, code: str, such: object, value: float | str) -> Typed:
        sheet = next(one for one in self.plan.sheets if one.code == code)
        cell = next(one for one in sheet.cells if one.style.locked and such(one))  # type: ignore[operator]
        return Typed(sheet.name, cell.row, cell.column, value)

    @property
    def ledger(self) -> Ledger:
        """What a campaign that issued it knows."""
        made = canvas_of(self.subject.template.id, "fr", {})
        items = asked(made).items
        free = MappingProxyType({item.key: item.consequence for item in items if not item.locked})
        issue = Issue(self.subject, self.fingerprint, 0, free, frozenset(one.key for one in items if one.locked))
        return Ledger({(1, 1): (issue,)}, read_token, lambda token, mark: is_ours(token, (SECRET, mark)))

    def read(self, path: Path) -> tuple[Return, tuple[Finding, ...]]:
        """Read a file that came back, as the program does."""
        seen = read_returned(path)
        receipt = Receipt("0" * 64, path.name, path.stat().st_size, IN_TIME, "file")
        read = read_return(seen.value, receipt, self.ledger, lambda *_: self.constants)
        about = offer_of(read.value, {}).findings if read.value.token else ()
        return read.value, (*seen.findings, *read.findings, *about)

    @property
    def constants(self) -> Constants:
        """What was issued."""
        return _constants(self.subject.template.id)


@cache
def _constants(template: str) -> Constants:
    canvas = canvas_of(template, "fr", {})
    return constants_of(plan_canvas(canvas), canvas.fingerprint, addressed=True)


def table_rows(templates: Sequence[str], folder: Path) -> list[Row]:
    """Let each program that is here fill the canvases of these templates, and read what it saved."""
    rows: list[Row] = []
    for client in CLIENTS:
        if not client.missing():
            each = [_rows(client, template, folder / client.name / template) for template in templates]
            rows += [_added(of_form) for of_form in zip(*each, strict=True)]
    return rows


def _rows(client: Client, template: str, folder: Path) -> list[Row]:
    canvas = Canvas(template)
    folder.mkdir(parents=True)
    empty, best = folder / "canevas.xlsx", folder / "attendu.xlsx"
    empty.write_bytes(canvas.file(canvas.plan))
    best.write_bytes(canvas.file(canvas.full))
    expected, said = canvas.read(best)
    assert said == ()
    jobs = {FILLED: canvas.typed(), TAMPERED: (*canvas.typed(), *canvas.planted())}
    saved = client.run(empty, jobs, folder)
    return [_row(canvas, client.name, form, saved, expected) for form in client.forms]


def _added(rows: Sequence[Row]) -> Row:
    """One row for all templates."""
    counted = {name: sum(getattr(row, name) for row in rows) for name in COUNTS}
    besides = tuple(code for row in rows for code in row.besides)
    return replace(rows[0], identity=all(row.identity for row in rows), besides=besides, **counted)


def _row(canvas: Canvas, client: str, form: str, saved: Mapping[tuple[str, str], Path], expected: Return) -> Row:
    came, said = canvas.read(saved[form, FILLED])
    _, of_tampered = canvas.read(saved[form, TAMPERED])
    wanted = {key: one for key, one in expected.answers.items() if one.value is not None}
    wrong = [key for key, one in wanted.items() if not _same(one, came.answers.get(key))]
    told = set(_keys_told(said))
    planted = [one for one in canvas.planted() if form != "csv" or one.sheet == canvas.plan.sheets[1].name]
    if form == "xls":  # where formulas stand is not told there
        planted = planted[:-1]
    identity = came.token == canvas.token and (form == "csv" or came.identity == expected.identity)
    return Row(
        client=client, form=form, identity=identity, answers=len(wanted), right=len(wanted) - len(wrong),
        said=sum(key in told for key in wrong), silently_wrong=sum(key not in told for key in wrong),
        planted=len(planted), found=len(planted) - len(list(_unseen(planted, of_tampered))),
        besides=tuple(sorted(one.code for one in said if one.code not in FORMS_SAID)),
    )  # fmt: skip


def _same(wanted: object, came: object) -> bool:
    parts = ("value", "origin", "evidence", "confidential")
    return came is not None and all(getattr(wanted, part) == getattr(came, part) for part in parts)


def _keys_told(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield finding.place.key
        for _, fact in finding.facts:
            if isinstance(fact, list):
                yield from map(str, fact)


def _unseen(planted: Sequence[Typed], findings: Sequence[Finding]) -> Iterator[Typed]:
    cells = {(one.place.sheet, one.place.cell) for one in findings}
    lists = ((one, fact) for one in findings for _, fact in one.facts if isinstance(fact, list))
    cells |= {(one.place.sheet, str(cell)) for one, fact in lists for cell in fact}
    alone = {cell for _, cell in cells}
    for one in planted:
        # A sheet saved as text has no name of its own.
        if (one.sheet, one.cell) not in cells and not (("CSV", one.cell) in cells and one.cell in alone):
            yield one
