"""Owns the loading of factor sets: data packages (CSV and a manifest) → :class:`FactorSet`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from canevas_xl import resources
from canevas_xl.adapters.store.set_tables import families_of, words_of
from canevas_xl.adapters.store.tables import decoded, lines, read_bytes, read_verified
from canevas_xl.errors import Fault, WrongUse
from canevas_xl.findings.finding import Checked, Finding, Place, found
from canevas_xl.model.factor import FactorSet, Impacts, Licence, Process
from canevas_xl.model.units import UNITS
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, STAGES, TOTAL

MANIFEST: Final = "datapackage.json"
PROCESSES: Final = "processes.csv"
FACTORS: Final = "factors.csv"
LICENCES: Final = "licences.csv"
_ISO_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")

Key = tuple[str, str]


def _blank(text: str) -> str | None:
    """Take an empty cell for what it is: nothing, and not zero."""
    return text if text.strip() else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _day(text: str) -> date | None:
    if text and not _ISO_DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text) if text else None


def _unit(code: str) -> str:
    if code not in UNITS:
        raise ValueError(code)
    return code


def _stage(code: str) -> str:
    if code not in STAGES and code != TOTAL:
        raise ValueError(code)
    return code


def _stages(codes: tuple[str, ...]) -> tuple[str, ...]:
    if not set(codes) <= set(STAGES):
        raise ValueError(codes)
    return codes


def _reason(code: str) -> str:
    if code and f"withdrawn.{code}" not in resources.texts("factors", "fr"):
        raise ValueError(code)
    return code


Text = Annotated[str, StringConstraints(min_length=1, pattern=r"\S")]
Number = Annotated[Annotated[float, Field(allow_inf_nan=False)] | None, BeforeValidator(_blank)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Border(BaseModel):
    """What comes from a file: nothing unknown is let in, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Resource(BaseModel):
    """A file of the package. Data packages may say more about it."""

    path: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+\.csv$")]
    hash: Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]


class Manifest(BaseModel):
    """``datapackage.json``: what the package is, and the sha256 of each file and of their list."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\.\d+)?$")]
    sha256: Sha256
    resources: tuple[Resource, ...]


class LicenceRow(Border):
    """One line of ``licences.csv``."""

    code: Text
    title: Text
    url: str
    attribution: Text
    may_be_sent: Literal["yes", "no"]


class ProcessRow(Border):
    """One line of ``processes.csv``, column by column as :class:`Process`."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+-[A-Za-z0-9_]+$")]
    name_fr: Text
    name_en: Text
    unit: Annotated[str, AfterValidator(_unit)]
    group: Text
    source: Text
    source_version: Text
    source_id: Text
    licence: Text
    geography: Text
    reference_year: Annotated[Annotated[int, Field(ge=1900, le=2100)] | None, BeforeValidator(_blank)]
    valid_until: Annotated[date | None, BeforeValidator(_day)]
    uncertainty_percent: Annotated[Annotated[float, Field(ge=0, le=1000)] | None, BeforeValidator(_blank)]
    dqr: Annotated[Annotated[float, Field(ge=1, le=5)] | None, BeforeValidator(_blank)]
    basis: Text
    contains: Annotated[tuple[str, ...], BeforeValidator(_words), AfterValidator(_stages)]
    withdrawn: Annotated[str, AfterValidator(_reason)]
    same_as: str
    note: str


class FactorRow(Border):
    """One line of ``factors.csv``."""

    process: Text
    stage: Annotated[str, AfterValidator(_stage)]
    values: tuple[Number, ...]


R = TypeVar("R", LicenceRow, ProcessRow)

CODES: Final = MappingProxyType(
    {"unit": "F012", "valid_until": "F014", "stage": "F015", "contains": "F015", "withdrawn": "F019"}
)
"""Column → what is said of a value that it cannot hold; F010 for the others."""


@cache
def shipped_factor_set(reference: str) -> FactorSet:
    """Load a factor set that ships with the program (``starter@2026.1.0``), once.

    Raises:
        WrongUse: F001, there is none of that name and version.
        Fault: as :func:`load_factor_set`; F009, its rows have findings that block.
    """
    known = shipped_factor_sets()
    if reference not in known:
        raise WrongUse("F001", reference=reference, known=known)
    checked = load_factor_set(shipped_shelf().joinpath(*reference.split("@")))
    if checked.blocked:
        raise Fault("F009", reference=reference, codes=sorted({finding.code for finding in checked.findings}))
    return checked.value


def shipped_factor_sets() -> tuple[str, ...]:
    """List the factor sets that ship with the program, as ``id@version``, sorted."""
    return tuple(
        f"{path.parent.parent.name}@{path.parent.name}" for path in sorted(shipped_shelf().glob(f"*/*/{MANIFEST}"))
    )


def shipped_shelf() -> Path:
    """Give the folder of the sets that ship with the program."""
    return resources.data_folder("factors") / "sets"


def load_factor_set(folder: Path) -> Checked[FactorSet]:
    """Load a factor set, its files verified against the manifest; bad rows are left out and said, with their line.

    Raises:
        Fault: F002 a file is not there; F003 it is not what the manifest describes; F004 it is not UTF-8; F005 its
            columns are others; F006 the manifest cannot be understood.
    """
    manifest = _manifest(folder / MANIFEST)
    digests = {one.path: one.hash.removeprefix("sha256:") for one in manifest.resources}
    texts = read_verified(folder, digests, manifest.sha256)
    for name in (PROCESSES, FACTORS, LICENCES):
        if name not in texts:
            raise Fault("F006", file=str(folder / MANIFEST), reason=name)
    findings: list[Finding] = []
    licences = _licences(folder, texts, findings)
    processes = _processes(folder, texts, licences, findings)
    factors = _factors(folder, texts, processes, findings)
    findings += _contradictions(processes, factors)
    return Checked(
        FactorSet(
            id=manifest.name,
            version=manifest.version,
            sha256=manifest.sha256,
            processes=MappingProxyType(processes),
            factors=MappingProxyType(factors),
            licences=MappingProxyType(licences),
            words=words_of(texts, folder),
            families=families_of(texts, folder),
        ),
        tuple(findings),
    )


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(decoded(read_bytes(path), path))
    except ValidationError as error:
        raise Fault("F006", file=str(path), reason=str(error.errors()[0]["loc"])) from error


def _licences(folder: Path, texts: Mapping[str, str], findings: list[Finding]) -> dict[str, Licence]:
    licences: dict[str, Licence] = {}
    for place, row in _rows(LicenceRow, LICENCES, folder, texts, findings):
        if row.code in licences:
            findings.append(found("F011", place, id=row.code))
            continue
        licences[row.code] = Licence(row.code, row.title, row.attribution, row.may_be_sent == "yes")
    return licences


def _processes(
    folder: Path, texts: Mapping[str, str], licences: Mapping[str, Licence], findings: list[Finding]
) -> dict[str, Process]:
    processes: dict[str, Process] = {}
    for place, row in _rows(ProcessRow, PROCESSES, folder, texts, findings):
        if row.id in processes:
            findings.append(found("F011", place, id=row.id))
        elif row.licence not in licences:
            findings.append(found("F013", place, licence=row.licence))
        else:
            processes[row.id] = Process(**dict(row))
    return processes


def _rows(
    kind: type[R], file: str, folder: Path, texts: Mapping[str, str], findings: list[Finding]
) -> Iterator[tuple[Place, R]]:
    """Give the good lines of a table with their place, and add what is said of the others to ``findings``."""
    columns = tuple(kind.model_fields)
    for line in lines(texts[file], columns, folder / file):
        place = Place(file=f"{file}:{line.number}", key=line.cells[0])
        if len(line.cells) != len(columns):
            findings.append(found("F016", place, expected=len(columns), found=len(line.cells)))
            continue
        try:
            yield place, kind.model_validate(dict(zip(columns, line.cells, strict=True)))
        except ValidationError as error:
            findings += _refusals(error, place, columns)


def _refusals(error: ValidationError, place: Place, columns: tuple[str, ...]) -> Iterable[Finding]:
    for one in error.errors():
        column = next((str(part) for part in one["loc"] if part in columns), str(one["loc"][0]))
        yield found(CODES.get(column, "F010"), place, column=column, value=str(one["input"]))


def _factors(
    folder: Path, texts: Mapping[str, str], processes: Mapping[str, Process], findings: list[Finding]
) -> dict[Key, Impacts]:
    columns = ("process", "stage", *INDICATORS)
    factors: dict[Key, Impacts] = {}
    for line in lines(texts[FACTORS], columns, folder / FACTORS):
        place = Place(file=f"{FACTORS}:{line.number}", key=" ".join(line.cells[:2]))
        if len(line.cells) != len(columns):
            findings.append(found("F016", place, expected=len(columns), found=len(line.cells)))
            continue
        try:
            row = FactorRow.model_validate({"process": line.cells[0], "stage": line.cells[1], "values": line.cells[2:]})
        except ValidationError as error:
            findings += _factor_refusals(error, place)
            continue
        findings += _misplaced(row, place, processes, factors)
        if row.process in processes:
            factors.setdefault((row.process, row.stage), row.values)
    return factors


def _factor_refusals(error: ValidationError, place: Place) -> Iterable[Finding]:
    for one in error.errors():
        column = INDICATORS[int(one["loc"][1])] if one["loc"][0] == "values" else str(one["loc"][0])
        yield found(CODES.get(column, "F010"), place, column=column, value=str(one["input"]))


def _misplaced(
    row: FactorRow, place: Place, processes: Mapping[str, Process], factors: Mapping[Key, Impacts]
) -> Iterable[Finding]:
    if row.process not in processes:
        yield found("F017", place, id=row.process)
    elif (row.process, row.stage) in factors:
        yield found("F011", place, id=f"{row.process} {row.stage}")
    elif row.stage != TOTAL and row.stage not in processes[row.process].contains:
        yield found("F021", place, stage=row.stage)
    if all(value is None for value in row.values):
        yield found("F018", place, id=row.process)


def _contradictions(processes: Mapping[str, Process], factors: Mapping[Key, Impacts]) -> Iterable[Finding]:
    """Say what no single row shows: a process without factors, a false twin, a credit that lists would offer."""
    climate = INDICATORS.index(CLIMATE)
    having = {process for process, _ in factors}
    for one in processes.values():
        place = Place(file=PROCESSES, key=one.id)
        if one.id not in having:
            yield found("F018", place, id=one.id)
        total = factors.get((one.id, TOTAL))
        if one.same_as and (
            one.same_as not in processes or processes[one.same_as].same_as or not _alike(one.id, one.same_as, factors)
        ):
            yield found("F020", place, id=one.id, other=one.same_as)
        value = total[climate] if total else None
        if not one.withdrawn and value is not None and value < 0:
            yield found("F022", place, id=one.id, value=value)


def _alike(one: str, other: str, factors: Mapping[Key, Impacts]) -> bool:
    """Say whether two processes have the same values: their totals, or their stages where none is published."""
    stages = (TOTAL,) if (one, TOTAL) in factors else STAGES
    values = [factors.get((one, stage)) for stage in stages]
    return any(values) and values == [factors.get((other, stage)) for stage in stages]
