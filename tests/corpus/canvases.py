"""Returns that open well and are odd all the same: how each is made from an issued canvas, and what is said of it.

All begin as the same good return, of which nothing at all is said; what differs is planned, so that each takes a
twentieth of a second to make.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from xml.sax.saxutils import escape

from recipes import Parts, packed, parts_of
from shipped import answers_in

from canevas_xl.adapters.xlsx.stamp import Stencil
from canevas_xl.adapters.xlsx.write import workbook_bytes
from canevas_xl.canvas.fill import fill, inputs
from canevas_xl.canvas.freeze import FrozenRecord
from canevas_xl.canvas.seal import make_token
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.model.canvas import Canvas, Token
from canevas_xl.model.formula import Literal, Use
from canevas_xl.model.plan import CellPlan, Content, SheetPlan, Stamp, WorkbookPlan
from canevas_xl.rules.spreadsheet import column_letters

TEMPLATE = "mobilier-bureau"
Pair = tuple[str, str]
IDENTITY: Mapping[Pair, float | str] = {
    ("ID.NAME", "VALUE"): "Ateliers Réunis", ("ID.SIRET", "VALUE"): "73282932000074",
    ("ID.SIGNATORY", "VALUE"): "Ana Roux, gérante", ("ID.VARIANT", "VALUE"): 0.0,
    ("ID.ATTEST", "VALUE"): "OUI", ("ID.CONSENT", "VALUE"): "NON",
}  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """What returns are made from."""

    record: FrozenRecord
    """That counts."""
    before: FrozenRecord
    """Issued first, and replaced by an erratum."""
    token: str
    old_token: str
    """Of the same supplier, before the erratum."""
    other: str
    """Another supplier's token."""
    secret: bytes
    addressed: bool = True
    """Whether the canvas names its supplier."""

    @cached_property
    def plan(self) -> WorkbookPlan:
        """The good return."""
        return self.planned(self.record)

    @cached_property
    def good(self) -> bytes:
        """Its file."""
        return self.saved(self.plan)

    def planned(self, record: FrozenRecord, language: str = "fr") -> WorkbookPlan:
        """Fill the canvas of a record in full."""
        canvas = Canvas(record.subject, language, record.fingerprint, MappingProxyType(answers_in(TEMPLATE, "full")))
        return fill(plan_canvas(canvas, supplier_known=self.addressed), IDENTITY)

    def saved(self, plan: WorkbookPlan, token: str | None = None) -> bytes:
        """Write a return, and stamp it."""
        values = {
            "token": self.token if token is None else token,
            "supplier": "Société d'essai",
            "supplier_code": "S001",
        }
        return Stencil.from_bytes(workbook_bytes(plan)).copy(values)

    def sealed(self, **changes: object) -> str:
        """A token of this campaign's with something else in it, and the right seal for it."""
        token = Token(*re.fullmatch(r"CX1-(\w+)-(\w+)-L(\d+)-R(\d+)-(\w+)", self.token).groups())  # type: ignore[union-attr,arg-type]
        parts = {
            "campaign": token.campaign,
            "supplier": token.supplier,
            "lot": int(token.lot),
            "round": int(token.round),
        }
        told = {**parts, **changes}
        made = make_token(
            told["campaign"], told["supplier"], told["lot"], told["round"], (self.secret, self.record.fingerprint)
        )  # type: ignore[arg-type]
        return str(made)


Make = Callable[[Bench], bytes]


@dataclass(frozen=True, slots=True)
class Odd:
    """One return."""

    name: str
    """As it arrives; ``{other}`` stands for another supplier's token."""
    codes: tuple[str, ...]
    """All that is said of it."""
    make: Make
    language: str = "fr"


# --- How they are made ------------------------------------------------------------------------------------------


def spot(plan: WorkbookPlan, pair: Pair) -> tuple[str, tuple[int, int]]:
    """Sheet and place of an input."""
    return next((sheet.code, place) for sheet in plan.sheets for one, place in inputs(sheet) if one == pair)


def with_cell(
    plan: WorkbookPlan, sheet: str, at: tuple[int, int], content: Content, cached: object = None
) -> WorkbookPlan:
    """Put something in one cell, whatever stands there and however it is locked."""

    def put(one: SheetPlan) -> SheetPlan:
        style = next((cell.style for cell in one.cells if (cell.row, cell.column) == at), one.cells[0].style)
        kept = tuple(cell for cell in one.cells if (cell.row, cell.column) != at)
        made = CellPlan(*at, content, style, cached)  # type: ignore[arg-type]
        return replace(one, cells=tuple(sorted((*kept, made), key=lambda cell: (cell.row, cell.column))))

    return replace(plan, sheets=tuple(put(one) if one.code == sheet else one for one in plan.sheets))


def typed(values: Mapping[Pair, float | str | None]) -> Make:
    """Type in inputs."""

    def make(bench: Bench) -> bytes:
        parts = parts_of(bench.good)
        for pair, value in values.items():
            told = ("", b"")
            if isinstance(value, str):
                told = (' t="inlineStr"', f'<is><t xml:space="preserve">{escape(value)}</t></is>'.encode())
            elif value is not None:
                told = ("", b"<v>%r</v>" % value)
            parts = with_raw(bench, parts, pair, *told)
        return packed(parts)

    return make


def with_raw(bench: Bench, parts: Parts, pair: Pair, attributes: str, inside: bytes) -> Parts:
    """Write one cell anew in a file, as it stands there; its style stays unless another is given."""
    code, (row, column) = spot(bench.plan, pair)
    name = f"xl/worksheets/sheet{[sheet.code for sheet in bench.plan.sheets].index(code) + 1}.xml"
    address = f"{column_letters(column)}{row + 1}"
    old = re.search(rf'<c r="{address}"( s="\d+")?[^>]*?(/>|>.*?</c>)'.encode(), parts[name])
    assert old, pair
    style = "" if " s=" in attributes else (old[1] or b"").decode()
    new = f'<c r="{address}"{style}{attributes}>'.encode() + inside + b"</c>"
    return {**parts, name: parts[name].replace(old[0], new, 1)}


def formula(pair: Pair, cached: float) -> Make:
    """Leave a formula in an input: 1 + 1, which the file says gives something else."""

    def make(bench: Bench) -> bytes:
        sheet, at = spot(bench.plan, pair)
        return bench.saved(with_cell(bench.plan, sheet, at, Use("+", (Literal(1.0), Literal(1.0))), cached))

    return make


def truth(pair: Pair) -> Make:
    """Type VRAI in an input, which a program keeps as 1 with another type."""
    return lambda bench: packed(with_raw(bench, parts_of(bench.good), pair, ' t="b"', b"<v>1</v>"))


def error(pair: Pair) -> Make:
    """Leave an error in an input, as pasting one does."""
    return lambda bench: packed(with_raw(bench, parts_of(bench.good), pair, ' t="e"', b"<v>#DIV/0!</v>"))


def locked(sheet: str, which: Callable[[CellPlan], bool], content: Content) -> Make:
    """Change the first locked constant of a sheet that is such."""

    def make(bench: Bench) -> bytes:
        page = next(one for one in bench.plan.sheets if one.code == sheet)
        cell = next(cell for cell in page.cells if cell.style.locked and which(cell))
        return bench.saved(with_cell(bench.plan, sheet, (cell.row, cell.column), content))

    return make


def text(start: str) -> Callable[[CellPlan], bool]:
    """A text that begins so."""
    return lambda cell: isinstance(cell.content, str) and cell.content.startswith(start)


def is_number(cell: CellPlan) -> bool:
    """A number."""
    return isinstance(cell.content, float) and cell.content not in {0.0, 1.0}


def on_sheet(code: str, change: Callable[[SheetPlan], SheetPlan]) -> Make:
    """Change a whole sheet."""

    def make(bench: Bench) -> bytes:
        sheets = tuple(change(one) if one.code == code else one for one in bench.plan.sheets)
        return bench.saved(replace(bench.plan, sheets=sheets))

    return make


def row_of(sheet: SheetPlan, key: str) -> int:
    """Where a key stands."""
    return next(cell.row for cell in sheet.cells if cell.column == 0 and cell.content == key)


def without_row(key: str) -> Callable[[SheetPlan], SheetPlan]:
    """Remove the row of a key."""

    def change(sheet: SheetPlan) -> SheetPlan:
        gone = row_of(sheet, key)
        kept = (cell for cell in sheet.cells if cell.row != gone)
        return replace(sheet, cells=tuple(replace(one, row=one.row - (one.row > gone)) for one in kept), validations=())

    return change


def row_twice(key: str, other: float) -> Callable[[SheetPlan], SheetPlan]:
    """Insert a copy of a row below it, with another answer."""

    def change(sheet: SheetPlan) -> SheetPlan:
        row = row_of(sheet, key)
        copy = [replace(one, row=row + 1) for one in sheet.cells if one.row == row]
        copy = [replace(one, content=other) if one.column == 2 else one for one in copy]
        moved = [replace(one, row=one.row + (one.row > row)) for one in sheet.cells]
        cells = sorted((*moved, *copy), key=lambda one: (one.row, one.column))
        return replace(sheet, cells=tuple(cells), validations=())

    return change


def rows_moved(first: str, last: str) -> Callable[[SheetPlan], SheetPlan]:
    """Sort the rows between two keys the other way round."""

    def change(sheet: SheetPlan) -> SheetPlan:
        low, high = row_of(sheet, first), row_of(sheet, last)
        cells = [replace(one, row=low + high - one.row) if low <= one.row <= high else one for one in sheet.cells]
        return replace(sheet, cells=tuple(sorted(cells, key=lambda one: (one.row, one.column))), validations=())

    return change


def cut_and_pasted(source: Pair, target: Pair) -> Make:
    """Move an answer to where another is asked: its own cell is left empty."""

    def make(bench: Bench) -> bytes:
        sheet, at = spot(bench.plan, source)
        page = next(one for one in bench.plan.sheets if one.code == sheet)
        value = next(cell.content for cell in page.cells if (cell.row, cell.column) == at)
        moved = with_cell(with_cell(bench.plan, sheet, at, None), sheet, spot(bench.plan, target)[1], value)
        return bench.saved(moved)

    return make


def pasted(*codes: str) -> Make:
    """The values of some sheets, alone, in a new workbook."""

    def plain(cells: Iterable[CellPlan]) -> tuple[CellPlan, ...]:
        return tuple(cell for cell in cells if cell.content is None or isinstance(cell.content, float | str | Stamp))

    def make(bench: Bench) -> bytes:
        sheets = (replace(one, cells=plain(one.cells)) for one in bench.plan.sheets if one.code in codes)
        bare = tuple(replace(one, validations=(), looks=(), charts=(), protected=False) for one in sheets)
        return bench.saved(replace(bench.plan, sheets=bare, names=(), properties=()))

    return make


def without_sheet(name: bytes) -> Make:
    """Delete a sheet, as a spreadsheet program does: nothing names it any more."""

    def make(bench: Bench) -> bytes:
        parts = parts_of(bench.saved(bench.plan))
        book = parts["xl/workbook.xml"]
        cut = re.sub(rb'<sheet name="' + name + rb'"[^>]*/>', b"", book)
        assert cut != book
        return packed({**parts, "xl/workbook.xml": cut})

    return make


def mixed(bench: Bench) -> bytes:
    """*Accueil* of one supplier and *Mon offre* of another."""
    ours, others = parts_of(bench.saved(bench.plan)), parts_of(bench.saved(bench.plan, bench.other))
    sheet = "xl/worksheets/sheet1.xml"
    texts = re.findall(rb"<si>.*?</si>", others["xl/sharedStrings.xml"], re.DOTALL)
    inline = re.sub(
        rb' t="s"><v>(\d+)</v>', lambda at: b' t="inlineStr"><is>' + texts[int(at[1])][4:-5] + b"</is>", others[sheet]
    )
    return packed({**ours, sheet: inline})


def merged(first: Pair, second: Pair) -> Make:
    """Merge two inputs: the second loses what stood in it."""

    def make(bench: Bench) -> bytes:
        (sheet, at), (_, below) = spot(bench.plan, first), spot(bench.plan, second)
        parts = parts_of(bench.saved(with_cell(bench.plan, sheet, below, None)))
        area = f"C{at[0] + 1}:C{below[0] + 1}".encode()
        page = parts["xl/worksheets/sheet2.xml"]
        assert at[1] == below[1] == 2
        if b"<mergeCells" in page:
            page = re.sub(rb"<mergeCells[^>]*>", b'<mergeCells><mergeCell ref="' + area + b'"/>', page)
        else:
            page = page.replace(
                b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="' + area + b'"/></mergeCells>'
            )
        return packed({**parts, "xl/worksheets/sheet2.xml": page})

    return make


def hidden_rows(bench: Bench) -> bytes:
    """Values in a row far below, which nobody sees."""
    plan = with_cell(bench.plan, "OFFER", (400, 2), 12.0)
    parts = parts_of(bench.saved(plan))
    page = parts["xl/worksheets/sheet2.xml"]
    return packed({**parts, "xl/worksheets/sheet2.xml": page.replace(b'<row r="401"', b'<row r="401" hidden="1"')})


def shown_as(pair: Pair, form: int, value: float) -> Make:
    """A number that the program took for something else, by one of the formats that all know by number."""

    def make(bench: Bench) -> bytes:
        parts = parts_of(bench.good)
        styles = parts["xl/styles.xml"]
        count = int(re.search(rb'<cellXfs count="(\d+)"', styles)[1])  # type: ignore[index]
        styles = re.sub(rb'<cellXfs count="\d+"', b'<cellXfs count="%d"' % (count + 1), styles)
        styles = styles.replace(b"</cellXfs>", b'<xf numFmtId="%d"/></cellXfs>' % form)
        return packed(with_raw(bench, {**parts, "xl/styles.xml": styles}, pair, f' s="{count}"', b"<v>%r</v>" % value))

    return make


def rich(pair: Pair, before: str, look: str, text: str, after: str = "") -> Make:
    """A text of which one part is drawn otherwise."""
    runs = (f"<r><t>{before}</t></r>", f"<r><rPr>{look}</rPr><t>{text}</t></r>", f"<r><t>{after}</t></r>")
    inside = f"<is>{''.join(runs)}</is>".encode()
    return lambda bench: packed(with_raw(bench, parts_of(bench.good), pair, ' t="inlineStr"', inside))


KG = ("E1", "VALUE")
"""Packaging: a number, between 0 and 30 kg."""
DESK = ("DESK.M0", "VALUE")
CHAIR = ("CHAIR.M0", "VALUE")

IDENTITIES = (
    Odd("comme il faut.xlsx", (), lambda bench: bench.good),
    Odd("sans jeton.xlsx", ("R301",), lambda bench: bench.saved(bench.plan, "")),
    Odd("jeton changé.xlsx", ("R305",), lambda bench: bench.saved(bench.plan, bench.token[:-1] + "A2"[bench.token[-1] == "A"])),  # noqa: E501 - one row per return
    Odd("jeton d'un autre fournisseur, sans son sceau.xlsx", ("R305",), lambda bench: bench.saved(bench.plan, bench.token.replace("-S001-", "-S002-"))),  # noqa: E501 - one row per return
    Odd("jeton coupé.xlsx", ("R301",), lambda bench: bench.saved(bench.plan, bench.token[:-3])),
    Odd("autre campagne.xlsx", ("R305",), lambda bench: bench.saved(bench.plan, bench.sealed(campaign="AUTRE2"))),
    Odd("tour inconnu.xlsx", ("R306",), lambda bench: bench.saved(bench.plan, bench.sealed(round=7))),
    Odd("lot inconnu.xlsx", ("R306",), lambda bench: bench.saved(bench.plan, bench.sealed(lot=9))),
    Odd("deux jetons.xlsx", ("R302",), lambda bench: bench.saved(with_cell(bench.plan, "OFFER", (500, 1), bench.other))),  # noqa: E501 - one row per return
    Odd("feuilles de deux fournisseurs.xlsx", ("R302",), mixed),
    Odd("{other}.xlsx", ("R303",), typed({("ID.CONSENT", "VALUE"): "Oui"})),
    Odd("avant l'erratum.xlsx", ("R307",), lambda bench: bench.saved(bench.planned(bench.before), bench.old_token)),
    Odd("SIRET faux.xlsx", ("R311",), typed({("ID.SIRET", "VALUE"): "73282932000075"})),
    Odd("SIREN au lieu du SIRET.xlsx", ("R312",), typed({("ID.SIRET", "VALUE"): "732829320"})),
    Odd("sans SIRET.xlsx", ("R318",), typed({("ID.SIRET", "VALUE"): None})),
    Odd("SIRET en nombre.xlsx", (), typed({("ID.SIRET", "VALUE"): 73282932000074.0})),
    Odd("sans nom.xlsx", ("R313",), typed({("ID.NAME", "VALUE"): None})),
    Odd("sans signataire.xlsx", ("R314",), typed({("ID.SIGNATORY", "VALUE"): "   "})),
    Odd("sans attestation.xlsx", ("R315",), typed({("ID.ATTEST", "VALUE"): "Non"})),
    Odd("variante en lettres.xlsx", ("C208",), typed({("ID.VARIANT", "VALUE"): "deux"})),
    Odd("variante de trop.xlsx", ("R316",), typed({("ID.VARIANT", "VALUE"): 250.0})),
)  # fmt: skip

ANSWERS = (
    Odd("texte pour un nombre.xlsx", ("C208",), typed({KG: "environ quatre"})),
    Odd("vrai pour un nombre.xlsx", ("C208",), truth(KG)),
    Odd("autre unité.xlsx", ("C208",), typed({KG: "4 tonnes"})),
    Odd("nombre et note en exposant.xlsx", ("C208",), rich(KG, "4", '<vertAlign val="superscript"/>', "2")),
    Odd("nombre barré et corrigé.xlsx", ("C208",), rich(KG, "", "<strike/>", "1", "2")),
    Odd("nombre en gras.xlsx", ("C214",), rich(KG, "", "<b/>", "4")),
    Odd("nombre et unité.xlsx", ("C214",), typed({KG: "4 kg"})),
    Odd("nombre en texte.xlsx", ("C214",), typed({KG: "4,5"})),
    Odd("deux sens.xlsx", ("C209",), typed({KG: "4.500"})),
    Odd("date en texte.xlsx", ("C208",), typed({KG: "02/03/2026"})),
    Odd("devenu une date.xlsx", ("C208",), shown_as(KG, 14, 46_083)),  # 2-3 became the second of March
    Odd("50 % tapé.xlsx", ("C214",), shown_as(("R1", "VALUE"), 9, 0.5)),
    Odd("50 % tapé, enregistré en nombre.xlsx", ("C229",), typed({("R1", "VALUE"): 0.5})),
    Odd("pour cent de kilogrammes.xlsx", ("C208",), shown_as(KG, 10, 4.0)),
    Odd("chiffres pleine chasse.xlsx", ("C214",), typed({KG: "４"})),
    Odd("chiffres d'une autre écriture.xlsx", ("C214",), typed({KG: "٤"})),
    Odd("invisible dans un nombre.xlsx", ("C214",), typed({KG: "4\u200b,\u200d5"})),
    Odd("sens de lecture renversé.xlsx", ("C214",), typed({KG: "\u202e4\u202c"})),
    Odd("invisible seul.xlsx", ("R320",), typed({KG: "\u200b"})),
    Odd("espaces seuls.xlsx", ("R320",), typed({KG: "   "})),
    Odd("texte de 32 767 signes.xlsx", (), typed({("E1", "EVIDENCE"): "à" * 32_767})),
    Odd("exposant.xlsx", ("C208",), typed({KG: "1e3"})),
    Odd("pas un nombre.xlsx", ("C208",), typed({KG: "NaN"})),
    Odd("infini.xlsx", ("C208",), typed({KG: "inf"})),
    Odd("négatif.xlsx", ("C210",), typed({KG: -4.0})),
    Odd("hors bornes.xlsx", ("C210",), typed({KG: 1e9})),
    Odd("mille fois trop.xlsx", ("C210", "C222"), typed({KG: 4_000.0})),
    Odd("inhabituel.xlsx", ("C221",), typed({KG: 12.0})),
    Odd("pourcentage.xlsx", ("C208",), typed({("R1", "VALUE"): "5 % environ"})),
    Odd("choix inconnu.xlsx", ("C211",), typed({("LEG1.T1", "VALUE"): "Dirigeable"})),
    Odd("choix dans l'autre langue.xlsx", (), typed({("A", "VALUE"): "No"})),
    Odd("formule au cache menteur.xlsx", ("C206",), formula(KG, 4.0)),
    Odd("erreur.xlsx", ("C207",), error(KG)),
    Odd("valeur et non disponible.xlsx", ("C213",), typed({("E1", "ORIGIN"): "Donnée non disponible"})),
    Odd("sans justificatif.xlsx", ("C227",), typed({("E1", "EVIDENCE"): None})),
    Odd("sans origine.xlsx", ("R323",), typed({("E1", "ORIGIN"): None})),
    Odd("réponse oubliée.xlsx", ("R320",), typed({KG: None, ("E1", "ORIGIN"): None})),
    Odd("masses contradictoires.xlsx", ("C224",), typed({DESK: 10.0})),
    Odd("formule dans un texte.xlsx", (), typed({("E1", "EVIDENCE"): '=HYPERLINK("http://192.0.2.1")'})),
)  # fmt: skip

SHAPES = (
    Odd("feuille renommée.xlsx", (), on_sheet("OFFER", lambda sheet: replace(sheet, name="Notre réponse"))),
    Odd("lignes triées.xlsx", (), on_sheet("OFFER", rows_moved("DESK.M0", "DESK.M6"))),
    Odd("feuille perdue.xlsx", ("R345",), without_sheet("Contrôle".encode())),
    Odd("Mon offre perdue.xlsx", ("C201", "R345"), without_sheet(b"Mon offre")),
    Odd("valeurs collées dans un classeur neuf.xlsx", ("R313", "R314", "R315", "R318", "R346"), pasted("OFFER")),
    Odd("deux feuilles collées.xlsx", ("R346",), pasted("WELCOME", "OFFER")),
    Odd("ligne supprimée.xlsx", ("C201", "R347"), on_sheet("OFFER", without_row("DESK.M1"))),
    Odd("ligne en double.xlsx", ("C204", "R343"), on_sheet("OFFER", row_twice("E1", 25.0))),
    Odd("cellules fusionnées.xlsx", ("R320",), merged(KG, ("E2", "VALUE"))),
    Odd("couper et coller.xlsx", ("C221", "R320"), cut_and_pasted(KG, ("E2", "VALUE"))),
    Odd("collé hors de sa place.xlsx", ("R320", "R343"), lambda bench: bench.saved(with_cell(fill(bench.plan, {KG: None}), "OFFER", (500, 2), 4.0))),  # noqa: E501 - one row per return
    Odd("valeurs dans une ligne masquée.xlsx", ("R343",), hidden_rows),
    Odd("remarque à côté.xlsx", ("R343",), lambda bench: bench.saved(with_cell(bench.plan, "OFFER", (3, 40), "Voir notre offre"))),  # noqa: E501 - one row per return
    Odd("calcul à côté.xlsx", ("R343",), lambda bench: bench.saved(with_cell(bench.plan, "OFFER", (3, 40), Use("+", (Literal(1.0), Literal(1.0))), 2.0))),  # noqa: E501 - one row per return
    Odd("libellé changé.xlsx", ("R340",), locked("OFFER", text("Masse"), "Masse nette, hors accessoires")),
    Odd("libellé effacé.xlsx", ("R341",), locked("OFFER", text("Masse"), None)),
    Odd("facteur changé.xlsx", ("R340",), locked("SOURCES", is_number, 0.0001)),
    Odd("adresse changée.xlsx", ("R340",), locked("CALC", text("#'Mon offre'!C8"), "#'Mon offre'!C9")),
    Odd("borne changée.xlsx", ("R340",), locked("CALC", lambda cell: cell.content == 1.0, 0.0)),
    Odd("liste changée.xlsx", ("R340",), locked("LISTS", text("OUI"), "NON")),
    Odd("clé changée.xlsx", ("C201", "R340"), locked("OFFER", text("E1"), "E9")),
    Odd("code de colonne effacé.xlsx", ("C201", "R341"), locked("OFFER", text("VALUE"), None)),
    Odd("formule verrouillée remplacée.xlsx", ("R344",), locked("CALC", lambda cell: isinstance(cell.content, Use), 0.0)),  # noqa: E501 - one row per return
    Odd("canevas vide.xlsx", ("R313", "R314", "R315", "R318", "R320", "R321"), lambda bench: bench.saved(plan_canvas(Canvas(bench.record.subject, "fr", bench.record.fingerprint)))),  # noqa: E501 - one row per return
    Odd("en anglais.xlsx", (), lambda bench: bench.saved(bench.planned(bench.record, "en"))),
)  # fmt: skip

CANVASES = (*IDENTITIES, *ANSWERS, *SHAPES)
