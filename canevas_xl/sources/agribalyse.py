"""Owns the proof of Agribalyse: each product's score recomputed, its stages added up, twins tied, errors named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from canevas_xl.errors import WrongUse
from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.factor import Impacts, Licence, Process
from canevas_xl.model.factor_import import SourceLine, SourceTable
from canevas_xl.model.method import Method
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL
from canevas_xl.sources import sums
from canevas_xl.sources.agribalyse_layout import (
    BY_STAGE,
    CODE,
    DECLARED_WRONG,
    DEFECTIVE,
    HEADERS,
    NAMES,
    RELEASES,
    SCORE,
    SPLIT_COLUMNS,
    STAGES,
    WHOLE_COLUMNS,
    Layouts,
    Product,
    Split,
    Whole,
    cells_of,
)  # fmt: skip
from canevas_xl.sources.cells import decimals_as_expected, refused
from canevas_xl.sources.harvest import Candidate, Counts, Harvest, Rejected

ID: Final = "agribalyse"
SOURCE: Final = "AGRIBALYSE"
LICENCE: Final = Licence("LO2-AGRIBALYSE", "Licence Ouverte 2.0 (Etalab)", "ADEME, AGRIBALYSE®", may_be_sent=True)
FEW_DIGITS: Final = 3
LICENCE_URL: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


def judge(layouts: Layouts, version: str, method: Method) -> Harvest:
    """Prove every product and give the set.

    Raises:
        WrongUse: F106 the decimal sign is another; F111 the two files do not hold the same products.
    """
    numbers = {
        "synthesis": ("DQR", SCORE, *HEADERS.values()),
        "by_stage": tuple(name for name in BY_STAGE if name not in NAMES),
    }
    for table in layouts.tables:
        decimals_as_expected(table, numbers["synthesis" if table is layouts.synthesis else "by_stage"])
    work = _Work(version, method)
    if layouts.synthesis is not None:
        split = work.splits(layouts.by_stage) if layouts.by_stage else {}
        work.wholes(layouts.synthesis, split, strict=layouts.by_stage is not None)
    elif layouts.by_stage is not None:
        for line, row in work.splits(layouts.by_stage).values():
            work.stages_alone(line, row)
    return work.harvest(layouts)


class _Work:
    """The products of one import, as they are proved."""

    def __init__(self, version: str, method: Method) -> None:
        self.version = version
        self.method = method
        self.rejected: list[Rejected] = []
        self.findings: list[Finding] = []
        self.candidates: dict[str, Candidate] = {}
        self.errors: list[float] = [0.0]
        self.digits = 3

    def reject(self, line: SourceLine, finding: Finding) -> None:
        self.rejected.append(Rejected(line.number, line.cells[CODE], finding))

    def splits(self, table: SourceTable) -> dict[str, tuple[SourceLine, Split]]:
        """Read the file by stage: rows that it cannot hold are rejected, the others given by code."""
        rows: dict[str, tuple[SourceLine, Split]] = {}
        self.digits = sums.usual_digits(line.cells[f"{SCORE} - {STAGES['agriculture']}"] for line in table.lines)
        for line in table.lines:
            place = Place(file=f"{table.file}:{line.number}", key=line.cells[CODE])
            try:
                row = Split.model_validate(cells_of(line, SPLIT_COLUMNS))
            except ValidationError as error:
                self.reject(line, refused(error, place, SPLIT_COLUMNS))
                continue
            if row.code in rows:
                self.reject(line, found("F124", place, id=row.code))
            else:
                rows[row.code] = line, row
        return rows

    def wholes(self, table: SourceTable, split: Mapping[str, tuple[SourceLine, Split]], *, strict: bool) -> None:
        """Prove the products of the synthesis, with their stages where the other file gives them."""
        self.digits = sums.usual_digits(line.cells[SCORE] for line in table.lines)
        stages = _matched(split, table) if strict else {}
        for line in table.lines:
            place = Place(file=f"{table.file}:{line.number}", key=line.cells[CODE])
            try:
                row = Whole.model_validate(cells_of(line, WHOLE_COLUMNS))
            except ValidationError as error:
                self.reject(line, refused(error, place, WHOLE_COLUMNS))
                continue
            if row.code in self.candidates:
                self.reject(line, found("F124", place, id=row.code))
                continue
            recomputed = sums.score(row.values, self.method) or 0.0
            error_of_score = abs(recomputed - row.score)
            if error_of_score > sums.score_tolerance(row.values, row.score, self.digits, self.method):
                self.reject(line, found("F120", place, published=row.score, recomputed=recomputed))
                continue
            if row.score:
                self.errors.append(error_of_score / abs(row.score))
            values: dict[str, Impacts] = {TOTAL: row.values}
            if row.code in stages:
                values |= dict(zip(STAGES, stages[row.code].stages, strict=True))
            self.candidates[row.code] = self.candidate(line, row, values)

    def stages_alone(self, line: SourceLine, row: Split) -> None:
        """Prove a product that is known by its stages only: their scores, added up, are what their values give."""
        place = Place(key=row.code)
        if row.code in DEFECTIVE.get(self.version, frozenset()):
            self.reject(line, found("F126", place, id=row.code))
            return
        lost = {code for code in INDICATORS if not any(values[INDICATORS.index(code)] for values in row.stages)}
        recomputed = sum(sums.score(values, self.method) or 0.0 for values in row.stages)
        published = sum(row.scores)
        pairs = zip(row.stages, row.scores, strict=True)
        rounding = sum(sums.score_tolerance(values, one, self.digits, self.method) for values, one in pairs)
        # Releases of three digits mix them with stages of eight: there the sum proves no more than a hundredth.
        tolerance = max(rounding, sums.CLOSE * published) if self.digits <= FEW_DIGITS else rounding
        if abs(recomputed - published) > tolerance and not lost:
            self.reject(line, found("F120", place, published=published, recomputed=recomputed))
            return
        values: dict[str, Impacts] = dict(zip(STAGES, row.stages, strict=True))
        if lost:
            values = {stage: _blanked(impacts, lost) for stage, impacts in values.items()}
            self.findings.append(found("F132", place, indicator=_named(lost, self.method)))
        elif published:
            self.errors.append(abs(recomputed - published) / abs(published))
        self.candidates[row.code] = self.candidate(line, row, values)

    def candidate(self, line: SourceLine, row: Product, values: Mapping[str, Impacts]) -> Candidate:
        """Describe a product that stood the proof."""
        process = Process(
            id=f"AGB{self.version.replace('.', '')}-{row.code}",
            name_fr=row.name_fr,
            name_en=row.name_en or row.name_fr,
            unit="kg",
            group="food",
            source=SOURCE,
            source_version=RELEASES[self.version].label if self.version in RELEASES else self.version,
            source_id=row.code,
            licence=LICENCE.code,
            geography="France (consumption mix)",
            reference_year=RELEASES[self.version].year if self.version in RELEASES else None,
            valid_until=None,
            uncertainty_percent=None,
            dqr=row.dqr if isinstance(row, Whole) else None,
            basis="EF 3.1",
            contains=tuple(STAGES),
            withdrawn=self._withdrawn(row, values),
            same_as="",
            note=_note(line),
        )
        words = (row.subgroup,) if row.subgroup else ()
        score = row.score if isinstance(row, Whole) else None
        return Candidate(process, values, line.number, words=words, score=score)

    def _withdrawn(self, row: Product, values: Mapping[str, Impacts]) -> str:
        """Say why no list may offer a product."""
        wrong = DECLARED_WRONG.get(self.version)
        if wrong and wrong.fullmatch(f"{row.subgroup} | {row.name_fr}"):
            return "declared_wrong"
        return "removals" if sums.takes_away(values) else ""

    def harvest(self, layouts: Layouts) -> Harvest:
        """Tie what is identical, judge the sums of stages, and give the set."""
        self._mend_lost_stages()
        self._judge_sums(layouts)
        tied = sums.twins({code: _all_values(one) for code, one in self.candidates.items()})
        for code, first in tied.items():
            one = self.candidates[code]
            process = replace(one.process, same_as=self.candidates[first].process.id)
            self.candidates[code] = replace(one, process=process)
        return Harvest(
            id=ID,
            version=self.version,
            title=f"AGRIBALYSE {self.version}, ADEME",
            licences=(replace(LICENCE, attribution=f"{LICENCE.attribution} {self.version}"),),
            licence_urls=MappingProxyType({LICENCE.code: LICENCE_URL}),
            candidates=tuple(self.candidates.values()),
            rejected=tuple(sorted(self.rejected, key=lambda one: (one.line, one.identifier))),
            findings=tuple(self.findings),
            counts=Counts(
                read=len(layouts.tables[0].lines),
                accepted=len(self.candidates),
                max_relative_error=max(self.errors),
            ),
            origins=tuple(table.file for table in layouts.tables),
        )

    def _mend_lost_stages(self) -> None:
        """Take a category whose stages all stand at zero, though the total does not, from a twin; else leave it blank.

        Agribalyse 3.2 writes zero for the freshwater ecotoxicity of every stage of 34 products.
        """
        by_total: dict[Impacts, list[str]] = {}
        for code, one in self.candidates.items():
            if TOTAL in one.values and len(one.values) > 1:
                by_total.setdefault(one.values[TOTAL], []).append(code)
        lost = {code: _lost(self.candidates[code].values) for group in by_total.values() for code in group}
        for code, gone in lost.items():
            if not gone:
                continue
            one = self.candidates[code]
            lender = next((twin for twin in by_total[one.values[TOTAL]] if not lost[twin] & gone), None)
            if lender is None:
                mended = {s: v if s == TOTAL else _blanked(v, gone) for s, v in one.values.items()}
            else:
                mended = {s: _lent(v, self.candidates[lender].values[s], gone) for s, v in one.values.items()}
            remark = f"by stage, {' '.join(sorted(gone))}: " + (f"from {lender}, same totals" if lender else "unknown")
            process = replace(one.process, note=f"{one.process.note}; {remark}")
            self.candidates[code] = replace(one, values=mended, process=process)
            facts = {"indicator": _named(gone, self.method)}
            self.findings.append(found("F137" if lender else "F132", Place(key=code), **facts))

    def _judge_sums(self, layouts: Layouts) -> None:
        """Say which products are not the sum of their stages; far off in climate change, no list offers them.

        Raises:
            WrongUse: F111, most of them are not: a column of one file is not that of the other.
        """
        apart = 0
        for code, one in self.candidates.items():
            if TOTAL not in one.values or len(one.values) == 1:
                continue
            gaps = sums.stage_gaps([one.values[stage] for stage in STAGES], one.values[TOTAL])
            wide = {name: gap for name, gap in gaps.items() if gap > sums.FAR}
            if not wide:
                continue
            apart += 1
            worst = max(wide, key=lambda name: wide[name])
            facts = {"indicator": _named({worst}, self.method), "percent": round(100 * wide[worst], 1)}
            self.findings.append(found("F131", Place(key=code), **facts))
            if CLIMATE in wide and not one.process.withdrawn:
                process = replace(one.process, withdrawn="stages_do_not_add_up")
                self.candidates[code] = replace(one, process=process)
        if apart > len(self.candidates) / 2:
            first, second = (table.file for table in layouts.tables)
            raise WrongUse("F111", first=first, second=second)


def _matched(split: Mapping[str, tuple[SourceLine, Split]], table: SourceTable) -> dict[str, Split]:
    """Find each product's stages. The synthesis of 3.2 lost the zeros at the start of five codes.

    Raises:
        WrongUse: F111, one file has products that the other has not.
    """
    short = {(code.lstrip("0"), row.name_fr): code for code, (_, row) in split.items()}
    matched: dict[str, Split] = {}
    alone: list[str] = []
    for line in table.lines:
        code = line.cells[CODE]
        other = code if code in split else short.get((code.lstrip("0"), line.cells[NAMES[3]]))
        if other is None:
            alone.append(code)
        else:
            matched[code] = split[other][1]
    if len(alone) > len(table.lines) // 20:
        raise WrongUse("F111", first=table.file, second=", ".join(alone[:5]))
    return matched


def _note(line: SourceLine) -> str:
    said = ["per kg consumed, farm to plate"]
    for column, word in (
        ("Préparation", "preparation"),
        ("Livraison", "delivery"),
        ("Matériau d'emballage", "packaging"),
    ):
        if line.cells.get(column):
            said.append(f"{word}: {line.cells[column]}")
    return "; ".join(said)


def _lost(values: Mapping[str, Impacts]) -> set[str]:
    """Give the categories whose stages all stand at zero although the total does not."""
    stages = [impacts for stage, impacts in values.items() if stage != TOTAL]
    return {
        code
        for position, code in enumerate(INDICATORS)
        if values[TOTAL][position] and not any(impacts[position] for impacts in stages)
    }


def _blanked(values: Impacts, codes: set[str]) -> Impacts:
    return tuple(None if code in codes else value for code, value in zip(INDICATORS, values, strict=True))


def _lent(values: Impacts, lender: Impacts, codes: set[str]) -> Impacts:
    pairs = zip(INDICATORS, values, lender, strict=True)
    return tuple(other if code in codes else value for code, value, other in pairs)


def _named(codes: Iterable[str], method: Method) -> dict[str, str]:
    """Name categories in both languages."""
    chosen: Sequence[str] = [code for code in INDICATORS if code in set(codes)]
    categories = {one.code: one for one in method.categories}
    return {language: ", ".join(categories[code].name(language) for code in chosen) for language in ("fr", "en")}


def _all_values(one: Candidate) -> object:
    """What identical products share: all 16 totals, or all stages where no total is published."""
    return one.values[TOTAL] if TOTAL in one.values else tuple(one.values.values())
