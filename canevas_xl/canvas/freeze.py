"""Owns the frozen record: everything that an impact or a note depends on, as one canonical text with its hash.

What is published at issue is what counts for ever (CJEU C-6/15; CE 362532: weights and method are fixed before
opening). The record therefore holds the rows themselves, not references to releases that may change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from pydantic import TypeAdapter

from canevas_xl.model.campaign import Campaign, Lot
from canevas_xl.model.canvas import Subject
from canevas_xl.model.factor import FactorSet, Licence, Process
from canevas_xl.model.method import Category, Method
from canevas_xl.model.template import Template

FORMAT: Final = 1
"""Of the record; a reader refuses one that it does not know."""

_CAMPAIGN: Final = TypeAdapter(Campaign)
_LOT: Final = TypeAdapter(Lot)
_PROCESS: Final = TypeAdapter(Process)
_LICENCE: Final = TypeAdapter(Licence)


@dataclass(frozen=True, slots=True)
class FrozenRecord:
    """A subject as it was issued."""

    subject: Subject
    as_of: date
    text: str
    """Canonical JSON: no needless spaces, keys in the order of the declaration, one line feed at the end."""

    @property
    def fingerprint(self) -> str:
        """sha256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def reachable_processes(template: Template) -> tuple[str, ...]:
    """Ids of every process that an answer can lead to, in order of first appearance."""
    families = {family.code: family for family in template.families}
    found: dict[str, None] = {}
    for flow in template.flows:
        for process in (flow.process,) if flow.process else families[str(flow.family)].members.values():
            found[str(process)] = None
    return tuple(found)


def freeze(subject: Subject, as_of: date) -> FrozenRecord:
    """Seal a subject: suppliers are not part of it, so that one more can be asked later.

    The record's subject is read back from its text: what is issued today is made of what is kept, nothing more.
    """
    public = replace(subject.campaign, suppliers=(), lots=())
    # pydantic writes dictionaries, not the frozen views that nouns hold
    lot = replace(subject.lot, parameters=dict(subject.lot.parameters), rows=dict(subject.lot.rows))
    record = {
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "campaign": _CAMPAIGN.dump_python(public, mode="json"),
        "lot": _LOT.dump_python(lot, mode="json"),
        "template": subject.template.model_dump(mode="json", exclude_defaults=True),
        "texts": {language: dict(texts) for language, texts in subject.texts.items()},
        "factors": _factors(subject.factors, reachable_processes(subject.template)),
        "method": _method(subject.method),
    }
    return thaw(canonical(record))


def thaw(text: str) -> FrozenRecord:
    """Read a record back.

    Raises:
        ValueError: the text is not a record of this format (pydantic's error is one).
    """
    record = json.loads(text)
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise ValueError("format")
    subject = Subject(
        campaign=_CAMPAIGN.validate_python(record["campaign"]),
        lot=_LOT.validate_python(record["lot"]),
        template=Template.model_validate(record["template"]),
        texts=MappingProxyType({language: MappingProxyType(texts) for language, texts in record["texts"].items()}),
        factors=_factors_back(record["factors"]),
        method=_method_back(record["method"]),
    )
    return FrozenRecord(subject, date.fromisoformat(record["as_of"]), text)


def canonical(value: object) -> str:
    """Write JSON that is the same bytes whenever the value is the same.

    Keys keep their order: that of lists and families is what suppliers see.
    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def unsendable(factors: FactorSet, processes: Iterable[str]) -> tuple[str, ...]:
    """Ids of those processes whose licence forbids sending them on."""
    return tuple(one for one in processes if not factors.licences[factors.processes[one].licence].may_be_sent)


def _factors(factors: FactorSet, processes: tuple[str, ...]) -> dict[str, Any]:
    licences = {factors.processes[process].licence for process in processes}
    return {
        "id": factors.id,
        "version": factors.version,
        "sha256": factors.sha256,
        "processes": [_PROCESS.dump_python(factors.processes[process], mode="json") for process in processes],
        "factors": [
            [process, stage, list(factors.factors[process, stage])]
            for process in processes
            for stage in factors.stages(process)
        ],
        "licences": [_LICENCE.dump_python(factors.licences[code], mode="json") for code in sorted(licences)],
    }


def _factors_back(record: Mapping[str, Any]) -> FactorSet:
    processes = [_PROCESS.validate_python(row) for row in record["processes"]]
    licences = [_LICENCE.validate_python(row) for row in record["licences"]]
    return FactorSet(
        id=record["id"],
        version=record["version"],
        sha256=record["sha256"],
        processes=MappingProxyType({process.id: process for process in processes}),
        factors=MappingProxyType({(process, stage): tuple(row) for process, stage, row in record["factors"]}),
        licences=MappingProxyType({licence.code: licence for licence in licences}),
    )


def _method(method: Method) -> dict[str, Any]:
    return {
        "id": method.id,
        "title": method.title,
        "sha256": method.sha256,
        "categories": [[one.code, one.name_fr, one.name_en, one.unit_fr, one.unit_en] for one in method.categories],
        "normalisation": dict(method.normalisation),
        "weighting": dict(method.weighting),
    }


def _method_back(record: Mapping[str, Any]) -> Method:
    return Method(
        id=record["id"],
        title=record["title"],
        sha256=record["sha256"],
        categories=tuple(Category(*row) for row in record["categories"]),
        normalisation=MappingProxyType(record["normalisation"]),
        weighting=MappingProxyType(record["weighting"]),
    )
