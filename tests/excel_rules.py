"""What a real Excel is strict about in a workbook's files; beyond any of it, it offers to « repair » what it opened.

Each rule takes the parts of a package and gives what it would refuse. Limits are those that Microsoft publishes
("Excel specifications and limits", "Learn more about names in formulas") and those of the schemas of ECMA-376.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
CLASSIC = frozenset({
    "ABS", "AND", "CHOOSE", "COUNTA", "COUNTIF", "COUNTIFS", "EXACT", "FIND", "HYPERLINK", "IF", "IFERROR", "INDEX",
    "INT", "ISBLANK", "ISERROR", "ISNUMBER", "ISTEXT", "LARGE", "LEN", "LOG10", "MATCH", "MAX", "MID", "MIN", "NA",
    "NOT", "OR", "REPT", "ROUND", "ROW", "SMALL", "SUM", "SUMIFS", "SUMPRODUCT", "TRIM",
})  # fmt: skip
"""Of Excel 2007, without prefix; none is volatile, none (as TEXT does) reads letters that change with the language."""
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
    "mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "drawing", "legacyDrawing", "tableParts", "extLst",
)  # fmt: skip
"""Of what a sheet holds, as the schema wants it."""
UNQUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|General|[-+0#?@.,;%E /():$]')
"""What a number format may hold without quotes."""
TEXT_CONSTANT = re.compile(r'"((?:[^"]|"")*)"')
LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*|[Cc][0-9]*|[Rr][0-9]*[Cc][0-9]*")


class Package:
    """The parts of a workbook by name, and its sheets."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.parts = {name: archive.read(name).decode() for name in archive.namelist()}
        self.size = len(data)

    @cached_property
    def trees(self) -> dict[str, ET.Element]:
        """Every part, parsed."""
        return {name: ET.fromstring(text) for name, text in self.parts.items()}

    @cached_property
    def sheets(self) -> dict[str, ET.Element]:
        """The sheets by part name."""
        return {name: tree for name, tree in self.trees.items() if name.startswith("xl/worksheets/sheet")}

    @cached_property
    def sheet_names(self) -> list[str]:
        """The names on the tabs."""
        return [one.get("name", "") for one in self.trees["xl/workbook.xml"].iter(f"{MAIN}sheet")]

    def formulas(self) -> Iterator[tuple[str, str]]:
        """Every formula with the part it stands in: of cells, validations, looks and names."""
        for name, tree in self.trees.items():
            for tag in ("f", "formula", "formula1", "formula2", "definedName"):
                yield from ((name, one.text or "") for one in tree.iter(MAIN + tag))


def length(text: str) -> int:
    """Count characters as Excel does."""
    return len(text.encode("utf-16-le")) // 2


def parts(package: Package) -> Iterator[str]:
    """Each part has a type and is there; nothing points outside; nothing asks whether to trust it."""
    types = package.trees["[Content_Types].xml"]
    named = {one.get("PartName", "").lstrip("/") for one in types.iter(f"{TYPES}Override")}
    endings = {one.get("Extension") for one in types.iter(f"{TYPES}Default")}
    yield from (f"no such part: {name}" for name in named - package.parts.keys())
    for name in package.parts:
        if name not in named and name.rpartition(".")[2] not in endings:
            yield f"no type: {name}"
        if "calcChain" in name or "external" in name or "vba" in name:
            yield f"not wanted: {name}"
        if name.endswith(".rels"):
            yield from _targets(package, name)


def _targets(package: Package, name: str) -> Iterator[str]:
    folder = name.rpartition("_rels/")[0]
    for one in package.trees[name]:
        if one.get("TargetMode") == "External":
            yield f"leads outside: {one.get('Target')}"
            continue
        target = one.get("Target", "")
        path = target.lstrip("/") if target.startswith("/") else folder + target
        while "../" in path:
            path = re.sub(r"[^/]+/\.\./", "", path, count=1)
        if path not in package.parts:
            yield f"no such target: {target} of {name}"


def names(package: Package) -> Iterator[str]:
    """Names of sheets and of areas."""
    for name in package.sheet_names:
        if not 0 < length(name) <= 31 or set(name) & set("[]:*?/\\") or name.strip("'") != name:
            yield f"sheet {name}"
    yield from (f"twice: {one}" for one, n in Counter(map(str.casefold, package.sheet_names)).items() if n > 1)
    seen: Counter[tuple[str, str | None]] = Counter()
    for one in package.trees["xl/workbook.xml"].iter(f"{MAIN}definedName"):
        name = one.get("name", "")
        seen[name.casefold(), one.get("localSheetId")] += 1
        if not name.startswith("_xlnm.") and (
            not re.fullmatch(r"[^\W\d][\w.]{0,254}", name) or LIKE_A_CELL.fullmatch(name)
        ):
            yield f"name {name}"
    yield from (f"twice: {one}" for one, n in seen.items() if n > 1)


def sheets_named(package: Package) -> Iterator[str]:
    """Formulas, charts and links name sheets that exist, with their apostrophes doubled."""
    known = {name.replace("'", "''") for name in package.sheet_names}
    said = [text for _, text in package.formulas()]
    for tree in package.trees.values():
        said += [one.text or "" for one in tree.iter(f"{CHART}f")]
        said += [one.get("location", "") for one in tree.iter(f"{MAIN}hyperlink")]
    for text in said:
        for name in re.findall(r"'((?:[^']|'')+)'!", TEXT_CONSTANT.sub('""', text)):
            if name not in known:
                yield f"no sheet {name}: {text}"


def formulas(package: Package) -> Iterator[str]:
    """Lengths, functions, texts inside; no arrays, no functions that need a prefix, none that is volatile."""
    for part, text in package.formulas():
        plain = TEXT_CONSTANT.sub('""', text)
        if text.startswith("=") or length(text) > 8192:
            yield f"{part}: {text[:80]}"
        if any(length(one.replace('""', '"')) > 255 for one in TEXT_CONSTANT.findall(text)):
            yield f"{part}: a text beyond 255 in {text[:80]}"
        for function in set(re.findall(r"([A-Za-z_][\w.]*)\(", plain)) - CLASSIC:
            yield f"{part}: {function}"
        if _deepest(plain) > 64:
            yield f"{part}: too deep: {text[:80]}"
    for part, tree in package.sheets.items():
        yield from (f"{part}: array" for one in tree.iter(f"{MAIN}f") if one.get("t") or one.get("ref"))


def _deepest(plain: str) -> int:
    depth = deepest = 0
    for sign in plain:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    return deepest


def validations(package: Package) -> Iterator[str]:
    """Counts, lengths of messages and rules, one guard a cell."""
    for part, tree in package.sheets.items():
        for group in tree.iter(f"{MAIN}dataValidations"):
            if int(group.get("count", "0")) != len(group) or len(group) > 65_534:
                yield f"{part}: {group.get('count')}"
            guarded = Counter(area for one in group for area in one.get("sqref", "").split())
            yield from (f"{part}: {area} twice" for area, n in guarded.items() if n > 1)
            for one in group:
                for word, most in (("promptTitle", 32), ("errorTitle", 32), ("prompt", 255), ("error", 255)):
                    if length(one.get(word, "")) > most:
                        yield f"{part}: {one.get(word)}"
                if any(length(rule.text or "") > 255 for rule in one):
                    yield f"{part}: a rule beyond 255"


def cells(package: Package) -> Iterator[str]:
    """Order of elements, rows and columns; types; styles and texts that exist; widths and heights."""
    styles = package.trees["xl/styles.xml"]
    formats = len(next(styles.iter(f"{MAIN}cellXfs")))
    looks = len(next(styles.iter(f"{MAIN}dxfs")))
    shared = len(package.trees["xl/sharedStrings.xml"])
    for part, tree in package.sheets.items():
        found = [ORDER.index(child.tag.removeprefix(MAIN)) for child in tree]
        if found != sorted(found):
            yield f"{part}: order"
        rows = [int(row.get("r", "0")) for row in tree.iter(f"{MAIN}row")]
        if rows != sorted(set(rows)) or any(float(row.get("ht", "0")) > 409 for row in tree.iter(f"{MAIN}row")):
            yield f"{part}: rows"
        if any(float(one.get("width", "0")) > 255 for one in tree.iter(f"{MAIN}col")):
            yield f"{part}: columns"
        if any(int(one.get("dxfId", "0")) >= looks for one in tree.iter(f"{MAIN}cfRule")):
            yield f"{part}: looks"
        for one in tree.iter(f"{MAIN}c"):
            kind, value = one.get("t", "n"), one.findtext(f"{MAIN}v") or ""
            if int(one.get("s", "0")) >= formats or kind not in {"n", "s", "str", "e"}:
                yield f"{part}: {one.attrib}"
            if kind == "s" and int(value) >= shared:
                yield f"{part}: text {value}"
            if kind == "n" and value and not re.fullmatch(r"-?\d+(\.\d+)?([Ee][-+]?\d+)?", value):
                yield f"{part}: number {value}"


def merges(package: Package) -> Iterator[str]:
    """No merged cells at all: they overlap inputs sooner or later."""
    yield from (part for part, tree in package.sheets.items() for _ in tree.iter(f"{MAIN}mergeCell"))


def texts(package: Package) -> Iterator[str]:
    """Lengths; spaces at the ends are kept only where the file says so."""
    for one in package.trees["xl/sharedStrings.xml"].iter(f"{MAIN}t"):
        text = one.text or ""
        if length(text) > 32_767 or (text != text.strip() and one.get(SPACE) != "preserve"):
            yield repr(text[:80])


def formats(package: Package) -> Iterator[str]:
    """Counts of styles; in number formats only what Excel reads, all else between quotes, and no « 12, »."""
    styles = package.trees["xl/styles.xml"]
    numbers = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(f"{MAIN}numFmt")}
    if len(numbers) != len(list(styles.iter(f"{MAIN}numFmt"))) or any(int(one) < 164 for one in numbers):
        yield f"numbers of formats: {sorted(numbers)}"
    for code in numbers.values():
        if length(code) > 255 or code.count(";") > 3 or UNQUOTED.sub("", code) or ".#" in code:
            yield f"format {code}"
    for group, most in (("cellXfs", 64_000), ("fonts", 512), ("numFmts", 200)):
        for one in styles.iter(MAIN + group):
            if len(one) > most or int(one.get("count", "0")) != len(one):
                yield f"{group}: {len(one)}"


def pages(package: Package) -> Iterator[str]:
    """Headers and footers hold 255 characters, sheets 1,026 breaks."""
    for part, tree in package.sheets.items():
        for tag in ("oddHeader", "oddFooter"):
            yield from (f"{part}: {one.text}" for one in tree.iter(MAIN + tag) if length(one.text or "") > 255)
        for one in tree.iter(f"{MAIN}rowBreaks"):
            if len(one) > 1026 or int(one.get("count", "0")) != len(one):
                yield f"{part}: breaks"


def protection(package: Package) -> Iterator[str]:
    """Every sheet that is locked is so without a password that only older programs know."""
    for part, tree in package.sheets.items():
        for one in tree.iter(f"{MAIN}sheetProtection"):
            if one.get("sheet") != "1" or set(one.keys()) & {"password", "algorithmName", "hashValue"}:
                yield f"{part}: {one.attrib}"


def charts(package: Package) -> Iterator[str]:
    """Two axes that cross each other, as many names as values, a text for those who cannot see."""
    for part, tree in package.trees.items():
        if part.startswith("xl/charts/"):
            plotted = [one.get("val") for one in next(tree.iter(f"{CHART}barChart")).iter(f"{CHART}axId")]
            crossing = [one.get("val") for one in tree.iter(f"{CHART}crossAx")]
            if len(plotted) != 2 or sorted(map(str, plotted)) != sorted(map(str, crossing)):
                yield f"{part}: axes {plotted} {crossing}"
            for series in tree.iter(f"{CHART}ser"):
                counts = {one.get("val") for one in series.iter(f"{CHART}ptCount")}
                if len(counts) != 1:
                    yield f"{part}: points {counts}"
        yield from (f"{part}: no text" for one in tree.iter(f"{DRAWING}cNvPr") if not one.get("descr"))


def about(package: Package) -> Iterator[str]:
    """Properties: named once, short; a date of creation as W3C writes it; all computed anew on opening."""
    custom = package.trees.get("docProps/custom.xml")
    if custom is not None:
        found = [(one.get("name", ""), "".join(one.itertext())) for one in custom.iter(f"{PROPERTIES}property")]
        yield from (name for name, value in found if length(name) > 255 or length(value) > 255)
        yield from (name for name, n in Counter(name for name, _ in found).items() if n > 1)
    if not re.search(r">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ</dcterms:created>", package.parts["docProps/core.xml"]):
        yield "no date of creation"
    if next(package.trees["xl/workbook.xml"].iter(f"{MAIN}calcPr")).get("fullCalcOnLoad") != "1":
        yield "not computed on opening"


RULES: tuple[Callable[[Package], Iterator[str]], ...] = (
    parts, names, sheets_named, formulas, validations, cells, merges, texts, formats, pages, protection, charts, about,
)  # fmt: skip
