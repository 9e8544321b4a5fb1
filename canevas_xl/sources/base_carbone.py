"""Owns the proof of Base Carbone: posts and gases added up, units and dates normalised, credits and copies apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from canevas_xl.findings.finding import Finding, Place, found
from canevas_xl.model.factor import Impacts, Licence, Process
from canevas_xl.model.factor_import import Post, SourceLine, SourceTable
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL
from canevas_xl.sources import base_carbone_layout as layout
from canevas_xl.sources import sums
from canevas_xl.sources.base_carbone_layout import CODE, KIND, POST, Element, Part
from canevas_xl.sources.cells import decimals_as_expected, refused
from canevas_xl.sources.harvest import Candidate, Counts, Harvest, Rejected
from canevas_xl.sources.measures import Measure, measure, validity

ID: Final = "base-carbone"
SOURCE: Final = "ADEME Base Carbone"
LICENCE: Final = Licence("LO2-BASE-CARBONE", "Licence Ouverte 2.0 (Etalab)", "ADEME, Base Carbone®", may_be_sent=True)
LICENCE_URL: Final = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
STILL_VALID: Final = "still published as valid"
_AVOIDED: Final = re.compile(r"\bévitées?\b", re.IGNORECASE)
_RECYCLING: Final = re.compile(r"\brecyclage - impacts?\b", re.IGNORECASE)
_COPY: Final = re.compile(re.escape(layout.COPIED), re.IGNORECASE)
_CONTRAILS: Final = re.compile(r"\bavec tra[iî]n[ée]es\b", re.IGNORECASE)
UNSAID: Final = "—"
_WHOLE: Final = "France"
_DIGITS: Final = 12


def judge(table: SourceTable, version: str, shipped: Mapping[str, Process]) -> Harvest:
    """Prove every valid generic factor and give the set.

    Args:
        table: the file.
        version: its release.
        shipped: processes that ship, by id: what is known of a row (withdrawn, stages held, English name) stays known.

    Raises:
        WrongUse: F106, the decimal sign is another.
    """
    decimals_as_expected(table, (layout.TOTAL, *layout.GASES))
    work = _Work(table, version, shipped)
    work.read_posts()
    for line in table.lines:
        if line.cells[KIND] != POST:
            work.element(line)
    return work.harvest()


@dataclass(slots=True)
class _Tally:
    """Counts on the way."""

    accepted: int = 0
    aside: int = 0
    posts_checked: int = 0
    posts_equal: int = 0
    gases_checked: int = 0
    gases_equal: int = 0
    worst: float = 0.0


@dataclass(slots=True)
class _Work:
    """The elements of one import, as they are proved."""

    table: SourceTable
    version: str
    shipped: Mapping[str, Process]
    posts: dict[str, list[Post]] = field(default_factory=lambda: defaultdict(list))
    broken: dict[str, Rejected] = field(default_factory=dict)
    """By element: its first post that cannot be read."""
    seen: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    tally: _Tally = field(default_factory=_Tally)

    def place(self, line: SourceLine) -> Place:
        return Place(file=f"{self.table.file}:{line.number}", key=line.cells[CODE])

    def reject(self, line: SourceLine, finding: Finding) -> None:
        self.rejected.append(Rejected(line.number, line.cells[CODE], finding))

    def read_posts(self) -> None:
        """Read the posts of all elements."""
        for line in self.table.lines:
            if line.cells[KIND] != POST:
                continue
            try:
                part = Part.model_validate(layout.cells_of(line, layout.PART_COLUMNS, comma=self.table.decimal_comma))
            except ValidationError as error:
                finding = refused(error, self.place(line), layout.PART_COLUMNS)
                self.broken.setdefault(line.cells[CODE], Rejected(line.number, line.cells[CODE], finding))
                continue
            self.posts[part.code].append(part.post())

    def element(self, line: SourceLine) -> None:
        """Prove one element; what is archived, specific or no factor is checked and set aside."""
        wanted = (line.cells[layout.TYPE], line.cells[layout.STATUS]) == layout.WANTED
        try:
            row = Element.model_validate(layout.cells_of(line, layout.ELEMENT_COLUMNS, comma=self.table.decimal_comma))
        except ValidationError as error:
            self.reject(line, refused(error, self.place(line), layout.ELEMENT_COLUMNS))
            return
        if row.code in self.seen:
            self.reject(line, found("F124", self.place(line), id=row.code))
            return
        self.seen.add(row.code)
        if row.code in self.broken:
            self.rejected.append(self.broken[row.code])
            return
        wrong, gases = self._wrong_sum(line, row), self._wrong_gases(line, row)
        if not wanted:
            self.tally.aside += 1
            return
        if wrong:
            self.reject(line, wrong)
            return
        if gases:
            self.findings.append(gases)
        self._take(line, row)

    def _wrong_sum(self, line: SourceLine, row: Element) -> Finding | None:
        posts = self.posts.get(row.code)
        if not posts:
            return None
        gap = sums.gap((post.value for post in posts), row.total)
        self.tally.posts_checked += 1
        if gap <= sums.CLOSE:
            self.tally.posts_equal += 1
            self.tally.worst = max(self.tally.worst, gap)
            return None
        total = sum(post.value for post in posts)
        return found("F125", self.place(line), published=row.total, total=total)

    def _wrong_gases(self, line: SourceLine, row: Element) -> Finding | None:
        if all(gas is None for gas in row.gases):
            return None
        self.tally.gases_checked += 1
        if sums.gap((gas or 0.0 for gas in row.gases), row.total) <= sums.CLOSE:
            self.tally.gases_equal += 1
            return None
        total = sum(gas or 0.0 for gas in row.gases)
        return found("F130", self.place(line), published=row.total, total=total)

    def _take(self, line: SourceLine, row: Element) -> None:
        unit = measure(line.cells[layout.UNIT])
        if unit is None:
            self.reject(line, found("F122", self.place(line), unit=line.cells[layout.UNIT]))
            return
        if not any(line.cells[name] for name in layout.NAMES_FR):
            self.reject(line, found("F138", self.place(line), column=layout.NAMES_FR[0]))
            return
        try:
            until = validity(line.cells[layout.VALIDITY])
        except ValueError:
            self.reject(line, found("F123", self.place(line), value=line.cells[layout.VALIDITY]))
            return
        self.tally.accepted += 1
        posts = tuple(replace(post, value=_per(post.value, unit)) for post in self.posts.get(row.code, ()))
        values: dict[str, Impacts] = {TOTAL: _climate(_per(row.total, unit))}
        stages = [layout.STAGES.get(post.name) for post in posts]
        if posts and None not in stages and len(set(stages)) == len(stages):
            values |= {str(stage): _climate(post.value) for stage, post in zip(stages, posts, strict=True)}
        process = self._process(line, row, unit, until)
        known = self.shipped.get(process.id)
        own = tuple(stage for stage in values if stage != TOTAL)
        process = replace(
            process,
            name_en=known.name_en if known else process.name_en,
            contains=own or (known.contains if known else ()),
            withdrawn=self._withdrawn(line, row, process) or (known.withdrawn if known else ""),
        )
        tags = (word.strip() for column in layout.TAGS for word in line.cells[column].split(","))
        levels = line.cells[layout.CATEGORY].split(" > ")[-2:]
        words = tuple(dict.fromkeys(word for word in (*tags, *levels) if word))
        self.candidates[row.code] = Candidate(process, values, line.number, words, ratings=row.ratings, posts=posts)

    def _process(self, line: SourceLine, row: Element, unit: Measure, until: date | None) -> Process:
        cells = line.cells
        part, part_en = cells[layout.PART], cells[layout.PART_EN] or cells[layout.PART]
        # 440 power mixes are called alike: the country makes the name.
        where = [f" ({text})" if text and text != _WHOLE else "" for text in (part, part_en)]
        per = f" (par {unit.unit} : {unit.of})" if unit.of else ""
        name_fr = " - ".join(cells[name] for name in layout.NAMES_FR if cells[name]) + where[0] + per
        # Where one part has no English, its French stands in: « Rigid » alone would name seven lorries.
        pairs = zip(layout.NAMES_EN, layout.NAMES_FR, strict=True)
        name_en = " - ".join(text for text in (cells[en] or cells[fr] for en, fr in pairs) if text) + where[1] + per
        release = layout.RELEASES.get(self.version)
        return Process(
            id=f"BC-{row.code}",
            name_fr=name_fr,
            name_en=name_en,
            unit=unit.unit,
            group=layout.group_of(cells[layout.CATEGORY]),
            source=SOURCE,
            source_version=release.label if release else f"V{self.version}",
            source_id=row.code,
            licence=LICENCE.code,
            geography=f"{cells[layout.PLACE]} ({part})" if where[0] else cells[layout.PLACE] or UNSAID,
            reference_year=None,
            valid_until=until,
            uncertainty_percent=row.uncertainty,
            dqr=None,
            basis="GWP100 (Base Carbone)",
            contains=(),
            withdrawn="",
            same_as="",
            note=f"{row.total:g} {cells[layout.UNIT]}; {STILL_VALID} (V{self.version})",
        )

    def _withdrawn(self, line: SourceLine, row: Element, process: Process) -> str:
        """Say why no list may offer a row: the first reason that holds."""
        name = process.name_fr
        reasons = {
            "avoided_emissions": _AVOIDED.search(name),
            "removals": row.total < 0,
            "copy_of_agribalyse": _COPY.search(line.cells[layout.PROGRAMME]),
            "source_error": row.code in layout.KNOWN_ERRORS.get(self.version, frozenset()),
            "contrails_outside_method": _CONTRAILS.search(name),
            "money_is_not_a_quantity": process.group == "monetary",
            "recycling_is_cut_off": _RECYCLING.search(name),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    def harvest(self) -> Harvest:
        """Tie what is identical and give the set."""
        self._tie()
        self._orphans()
        return Harvest(
            id=ID,
            version=self.version,
            title=f"Base Carbone V{self.version}, ADEME",
            licences=(replace(LICENCE, attribution=f"{LICENCE.attribution} V{self.version}"),),
            licence_urls=MappingProxyType({LICENCE.code: LICENCE_URL}),
            candidates=tuple(self.candidates.values()),
            rejected=tuple(sorted(self.rejected, key=lambda one: one.line)),
            findings=tuple(self.findings),
            counts=Counts(
                read=sum(line.cells[KIND] != POST for line in self.table.lines),
                accepted=self.tally.accepted,
                set_aside=self.tally.aside,
                max_relative_error=self.tally.worst,
                posts_checked=self.tally.posts_checked,
                posts_equal=self.tally.posts_equal,
                gases_checked=self.tally.gases_checked,
                gases_equal=self.tally.gases_equal,
            ),
            origins=(self.table.file,),
        )

    def _tie(self) -> None:
        """Tie rows published twice: same name, place, unit and values."""
        described = {
            code: (one.process.name_fr, one.process.geography, one.process.unit, tuple(one.values.items()))
            for code, one in self.candidates.items()
        }
        for code, first in sums.twins(described).items():
            one = self.candidates[code]
            process = replace(one.process, same_as=self.candidates[first].process.id)
            self.candidates[code] = replace(one, process=process)

    def _orphans(self) -> None:
        """Say which posts belong to no element."""
        for code in sorted(set(self.posts) - self.seen):
            self.findings.append(found("F135", Place(file=self.table.file, key=code), id=code))


def _per(value: float, unit: Measure) -> float:
    """Bring a published value to our unit, without the dust of binary fractions."""
    exact = Decimal(repr(value)) * unit.factor
    return float(round(exact, _DIGITS - exact.adjusted())) if exact else 0.0


def _climate(value: float) -> Impacts:
    """Give 16 values of which only climate change is known: a blank is not zero."""
    return tuple(value if code == CLIMATE else None for code in INDICATORS)
