"""Owns a buyer's own factors: the columns of the model, in French or English, and the proof of each row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from canevas_xl import resources
from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.factor import Impacts, Licence, Process
from canevas_xl.model.factor_import import SourceLine, SourceTable
from canevas_xl.model.units import UNITS
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, STAGES, TOTAL
from canevas_xl.sources import sums
from canevas_xl.sources.cells import (
    Columns,
    Maybe,
    Percent,
    Rating,
    Row,
    Text,
    decimals_as_expected,
    named_few,
    refused,
)
from canevas_xl.sources.harvest import Candidate, Counts, Harvest, Rejected
from canevas_xl.sources.measures import validity

DESCRIBED: Final = (
    "id", "name_fr", "name_en", "unit", "stage", "group", "source", "source_version", "source_id", "licence",
    "may_be_sent", "geography", "reference_year", "valid_until", "uncertainty_percent", "dqr", "basis", "contains",
    "words", "note",
)  # fmt: skip
COLUMNS: Final = (*DESCRIBED, *INDICATORS)
"""The columns of the model, by their keys."""
REQUIRED: Final = ("id", "name_fr", "unit", "source", "licence", CLIMATE)
NUMBERS: Final = ("reference_year", "uncertainty_percent", "dqr", *INDICATORS)
RELEASE: Final = "1.0"
NAME: Final = "own"
_YES: Final = ("oui", "yes", "o", "y")
_NO: Final = ("non", "no", "n", "")


def headers(language: str) -> dict[str, str]:
    """Give the header of each column in ``language``."""
    texts = resources.texts("factors", language)
    return {key: texts[f"own.{key}"] for key in DESCRIBED} | {code: code for code in INDICATORS}


def _day(text: object) -> date | None:
    return validity(str(text))


def _unit(code: str) -> str:
    if code not in UNITS:
        raise ValueError(code)
    return code


def _stage(text: object) -> str:
    code = str(text or TOTAL).strip().lower()
    if code not in STAGES and code != TOTAL:
        raise ValueError(code)
    return code


def _stages(text: object) -> tuple[str, ...]:
    codes = tuple(str(text).replace(",", " ").split())
    if not set(codes) <= set(STAGES):
        raise ValueError(text)
    return codes


def _answer(text: object) -> bool:
    said = str(text).strip().lower()
    if said not in (*_YES, *_NO):
        raise ValueError(text)
    return said in _YES


def _year(text: object) -> object:
    return text or None


class Own(Row):
    """A line of the model: a process, or one stage of it."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name_fr: Text
    name_en: str
    unit: Annotated[str, AfterValidator(_unit)]
    stage: Annotated[str, BeforeValidator(_stage)]
    group: str
    source: Text
    source_version: str
    source_id: str
    licence: Text
    may_be_sent: Annotated[bool, BeforeValidator(_answer)]
    geography: str
    reference_year: Annotated[Annotated[int, Field(ge=1900, le=2100)] | None, BeforeValidator(_year)]
    valid_until: Annotated[date | None, BeforeValidator(_day)]
    uncertainty_percent: Percent
    dqr: Rating
    basis: str
    contains: Annotated[tuple[str, ...], BeforeValidator(_stages)]
    words: str
    note: str
    values: tuple[Maybe, ...]


_CODES: Final = MappingProxyType({"unit": "F122", "valid_until": "F123"})
_FIELDS: Final[Mapping[str, Columns]] = MappingProxyType(
    dict(zip(DESCRIBED, DESCRIBED, strict=True)) | {"values": INDICATORS}
)


def keyed(table: SourceTable) -> SourceTable:
    """Bring the headers of the model, in either language, to their keys; a column that is not there is blank.

    Raises:
        WrongUse: F104, a column is missing that no row can do without; F129, one stands twice.
    """
    known = {code: code for code in COLUMNS}
    for language in resources.LANGUAGES:
        known |= {_flat(header): key for key, header in headers(language).items()}
    columns = {name: known[_flat(name)] for name in table.columns if _flat(name) in known}
    keys, titles = list(map(known.get, map(_flat, table.columns))), headers("fr")
    missing = [titles[key] for key in REQUIRED if key not in keys]
    if missing:
        raise WrongUse("F104", file=table.file, expected=missing, found=named_few(table.columns))
    twice = [titles[key] for key in COLUMNS if keys.count(key) > 1]
    if twice:
        raise WrongUse("F129", file=table.file, columns=twice)
    blank = dict.fromkeys(COLUMNS, "")
    lines = tuple(
        SourceLine(line.number, blank | {key: line.cells[name] for name, key in columns.items()})
        for line in table.lines
    )
    return SourceTable(table.file, COLUMNS, lines, table.decimal_comma)


def _flat(header: str) -> str:
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode().lower()
    return " ".join(plain.replace("*", " ").split())


def judge(table: SourceTable, name: str, version: str) -> Harvest:
    """Prove every row of a filled model and give the set.

    Args:
        table: the model, with its columns brought to their keys by :func:`keyed`.
        name: how the set is to be called.
        version: its release.

    Raises:
        WrongUse: F106, numbers are written with another decimal sign than the file's layout.
    """
    decimals_as_expected(table, NUMBERS)
    work = _Work(table, name)
    for line in table.lines:
        work.line(line)
    return work.harvest(name, version)


@dataclass(slots=True)
class _Work:
    """The rows of one model, as they are proved."""

    table: SourceTable
    name: str
    candidates: dict[str, Candidate] = field(default_factory=dict)
    licences: dict[tuple[str, bool], Licence] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def line(self, line: SourceLine) -> None:
        """Prove one row: a process, or one more stage of a process."""
        place = Place(file=f"{self.table.file}:{line.number}", key=line.cells["id"])
        try:
            row = Own.model_validate(_cells(line, comma=self.table.decimal_comma))
        except ValidationError as error:
            self.reject(line, _refused(error, place))
            return
        if row.values[INDICATORS.index(CLIMATE)] is None:
            self.reject(line, found("F138", place, column=CLIMATE))
            return
        name = self.identifier(row)
        known = self.candidates.get(name)
        if known is None:
            self.candidates[name] = self.fresh(line, row)
        elif row.stage in known.values or (known.process.source_id, known.process.unit) != (_named(row), row.unit):
            self.reject(line, found("F124", place, id=row.id))
        else:
            self.candidates[name] = self.grown(known, row)

    def identifier(self, row: Own) -> str:
        """Give the identifier of a process; two that differ by a hyphen only become one."""
        return f"{re.sub('[-_]', '', self.name.upper())}-{row.id.replace('-', '_')}"

    def reject(self, line: SourceLine, finding: Finding) -> None:
        self.rejected.append(Rejected(line.number, line.cells["id"], finding))

    def grown(self, known: Candidate, row: Own) -> Candidate:
        """Add a stage, or the total, to a process."""
        values: Mapping[str, Impacts] = {**known.values, row.stage: row.values}
        return Candidate(_holding(known.process, values), values, known.line, known.words)

    def fresh(self, line: SourceLine, row: Own) -> Candidate:
        """Describe a process that was not there yet."""
        terms = (row.licence, row.may_be_sent)
        code = f"{self.name.upper()}-{len(self.licences) + 1}"
        licence = self.licences.setdefault(terms, Licence(code, row.licence, row.source, row.may_be_sent))
        process = Process(
            id=self.identifier(row),
            name_fr=row.name_fr,
            name_en=row.name_en or row.name_fr,
            unit=row.unit,
            group=row.group or "own",
            source=row.source,
            source_version=row.source_version or "—",
            source_id=_named(row),
            licence=licence.code,
            geography=row.geography or "—",
            reference_year=row.reference_year,
            valid_until=row.valid_until,
            uncertainty_percent=row.uncertainty_percent,
            dqr=row.dqr,
            basis=row.basis or "—",
            contains=row.contains,
            withdrawn="",
            same_as="",
            note=row.note,
        )
        values = {row.stage: row.values}
        words = tuple(word.strip() for word in row.words.split(",") if word.strip())
        return Candidate(_holding(process, values), values, line.number, words)

    def harvest(self, name: str, version: str) -> Harvest:
        """Tie what is identical, judge sums and credits, and give the set."""
        self._tie()
        self._judge()
        kept = [licence for licence in self.licences.values() if not licence.may_be_sent]
        for licence in kept:
            count = sum(one.process.licence == licence.code for one in self.candidates.values())
            self.findings.append(found("F134", Place(file=self.table.file), licence=licence.title, count=count))
        return Harvest(
            id=name,
            version=version,
            title=f"{name} {version}",
            licences=tuple(self.licences.values()),
            licence_urls=MappingProxyType({}),
            candidates=tuple(self.candidates.values()),
            rejected=tuple(self.rejected),
            findings=tuple(self.findings),
            counts=Counts(read=len(self.table.lines), accepted=len(self.table.lines) - len(self.rejected)),
            origins=(self.table.file,),
        )

    def _tie(self) -> None:
        """Tie rows with the same sixteen values; the same climate change alone may be chance."""
        whole = {
            name: one.values[TOTAL]
            for name, one in self.candidates.items()
            if TOTAL in one.values and None not in one.values[TOTAL]
        }
        for name, first in sums.twins(whole).items():
            one = self.candidates[name]
            self.candidates[name] = replace(one, process=replace(one.process, same_as=first))

    def _judge(self) -> None:
        """Keep credits off the lists, and products whose stages are not those of their total."""
        for name, one in self.candidates.items():
            gap = _climate_gap(one.values)
            wrong = gap is not None and gap > sums.stage_limit(one.values[TOTAL])
            if wrong and gap is not None:
                facts = {"indicator": _climate_name(), "percent": round(100 * gap, 1)}
                self.findings.append(found("F131", Place(file=self.table.file, key=one.process.source_id), **facts))
            reason = "avoided_emissions" if sums.takes_away(one.values) else "stages_do_not_add_up" if wrong else ""
            self.candidates[name] = replace(one, process=replace(one.process, withdrawn=reason))


def _climate_name() -> dict[str, str]:
    return {language: resources.texts("factors", language)["own.climate"] for language in resources.LANGUAGES}


def _named(row: Own) -> str:
    return row.source_id or row.id


def _climate_gap(values: Mapping[str, Impacts]) -> float | None:
    """Give how far stages are from the total in climate change; None where one of them is not given."""
    stages = [impacts for stage, impacts in values.items() if stage != TOTAL]
    return sums.stage_gaps(stages, values[TOTAL]).get(CLIMATE) if stages and TOTAL in values else None


def _holding(process: Process, values: Mapping[str, Impacts]) -> Process:
    """Let a process hold the stages that it has values for."""
    held = {*process.contains, *(stage for stage in values if stage != TOTAL)}
    return replace(process, contains=tuple(stage for stage in STAGES if stage in held))


def _cells(line: SourceLine, *, comma: bool) -> dict[str, object]:
    cells = dict(line.cells)
    if comma:
        cells |= {name: cells[name].replace(",", ".") for name in NUMBERS}
    cells["reference_year"] = cells["reference_year"].removesuffix(".0")
    return {**cells, "values": tuple(cells[code] for code in INDICATORS)}


def _refused(error: ValidationError, place: Place) -> Finding:
    """Say the first thing that a row cannot hold; units and dates have words of their own."""
    first = error.errors()[0]
    value = str(first["input"])
    facts = {"unit": {"unit": value}, "valid_until": {"value": value}}.get(str(first["loc"][0]))
    if facts and value:
        return found(_CODES[str(first["loc"][0])], place, **facts)
    told = refused(error, place, _FIELDS)
    said = dict(told.facts)
    titles = {language: headers(language)[str(said["column"])] for language in resources.LANGUAGES}
    return found(told.code, place, **said | {"column": titles})
