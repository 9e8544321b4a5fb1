"""Owns *Facteurs et sources*: every factor that an answer can reach, and everything the estimate stands on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from canevas_xl.canvas import look
from canevas_xl.canvas.workbook import grid, inputs
from canevas_xl.canvas.workbook.grid import Sheet
from canevas_xl.canvas.workbook.places import Places
from canevas_xl.canvas.workbook.words import PERCENT, Words
from canevas_xl.model.campaign import Costing, Criterion, CriterionKind, every_criterion
from canevas_xl.model.factor import Impacts, Process
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS

CLIMATE_COLUMN = grid.VALUE
BLANK = "–"
"""What stands where a source publishes no value: a blank is never zero."""
_WHY = 95
"""Letters from the column of reasons to the end of the grid."""
_SHOWN = grid.WIDTHS[grid.VALUE] - 1


def stage_column(places: Places, stage: str) -> int:
    """Where the climate values of a stage stand, per unit of a process (hidden)."""
    return grid.USED + places.stages.index(stage)


def indicator_column(places: Places, code: str) -> int:
    """Where the values of a category stand, over all stages (hidden)."""
    return grid.USED + len(places.stages) + places.indicators.index(code)


def fill(sheet: Sheet, places: Places) -> None:
    """Put factors, then method, default values, criteria, licences and the fingerprint."""
    heads = {"label": grid.LABEL, "factor": grid.VALUE, "per": grid.UNIT, "source": grid.ORIGIN,
             "validity": grid.EVIDENCE, "year": grid.CONF, "uncertainty": grid.KEPT, "proxy": grid.STATE}  # fmt: skip
    titles = {column: sheet.words.say(f"sources.head.{name}") for name, column in heads.items()}
    titles[grid.KEY] = sheet.words.say("sources.head.key")
    if places.indicators:
        titles[grid.EXAMPLE] = sheet.words.say("sources.head.index")
    sheet.heads(grid.HEAD_ROW, titles, right=frozenset({grid.VALUE, grid.EXAMPLE}))
    stand_ins = {flow.process for flow in places.template.flows if flow.proxy}
    for position, process in enumerate(places.processes):
        _process(sheet, places, places.sources.first + position, process, proxy=process in stand_ins)
    row = places.sources.last + 2
    for part in (_replaced, _method, _weighting, _defaults, _criteria, _licences, _identity):
        row = part(sheet, places, row)


def _process(sheet: Sheet, places: Places, row: int, code: str, *, proxy: bool) -> None:
    factors, words = places.canvas.subject.factors, sheet.words
    process, whole = factors.processes[code], factors.whole(code)
    climate = whole[INDICATORS.index(CLIMATE)]
    sheet.put(row, grid.KEY, code, replace(look.KEY, wrap=True))
    name = process.name(words.language)
    sheet.put(row, grid.LABEL, name, look.CELL)
    sheet.put(row, CLIMATE_COLUMN, BLANK if climate is None else climate, look.FACTOR)
    sheet.put(row, grid.UNIT, words.say("sources.per", unit=words.unit(process.unit)), look.UNIT_WRAPPED)
    source = process.cited
    sheet.put(row, grid.ORIGIN, source, look.CELL)
    sheet.put(row, grid.EVIDENCE, _validity(places, words, process), look.SMALL_WRAPPED)
    year = str(process.reference_year) if process.reference_year else BLANK
    sheet.put(row, grid.CONF, year, look.CELL)
    known = process.uncertainty_percent
    sheet.put(row, grid.KEPT, BLANK if known is None else f"± {words.measured(known, PERCENT)}", look.CELL)
    stand_in = words.say("sources.proxy") if proxy else ""
    state = words.say("sources.replaced") if code in factors.replaced else stand_in
    sheet.put(row, grid.STATE, state, look.SMALL_WRAPPED)
    if places.indicators:
        index = _index(places, whole)
        sheet.put(row, grid.EXAMPLE, BLANK if index is None else index, look.FACTOR)
    _hidden(sheet, places, row, code)
    widths = ((name, grid.LABEL), (source, grid.ORIGIN), (_validity(places, words, process), grid.EVIDENCE))
    sheet.tall(row, max(grid.lines(text, grid.WIDTHS[column]) for text, column in widths))


def _hidden(sheet: Sheet, places: Places, row: int, code: str) -> None:
    factors = places.canvas.subject.factors
    own = factors.stages(code)
    climate = INDICATORS.index(CLIMATE)
    for stage in places.stages:
        value = factors.impacts(code, stage)[climate] if stage in own else 0.0
        sheet.put(row, stage_column(places, stage), BLANK if value is None else value, look.HIDDEN)
    whole = factors.whole(code)
    for indicator in places.indicators:
        known = whole[INDICATORS.index(indicator)]
        sheet.put(row, indicator_column(places, indicator), BLANK if known is None else known, look.HIDDEN)


def _index(places: Places, whole: Impacts) -> float | None:
    """The EF index in millipoints per unit; None unless all of its categories are known."""
    method = places.canvas.subject.method
    points = [method.points(c) * v for c, v in zip(INDICATORS, whole, strict=True) if v is not None]
    return sum(points) if len(points) == len(INDICATORS) else None


def _validity(places: Places, words: Words, process: Process) -> str:
    if process.valid_until is None:
        return words.say("sources.no_end")
    year = str(process.valid_until.year)
    over = process.valid_until < places.canvas.subject.campaign.deadline.date()
    return words.say("sources.passed" if over else "sources.valid", year=year)


def _replaced(sheet: Sheet, places: Places, row: int) -> int:
    """Say which factors the buyer replaced: what is published, what counts, why."""
    factors, words = places.canvas.subject.factors, sheet.words
    if not factors.replaced:
        return row
    sheet.section(row, words.say("sources.replacements"))
    for code, old in factors.replaced.items():
        facts = {
            "name": old.process.name(words.language),
            "published": BLANK if old.climate is None else words.number(old.climate),
            "cited": old.process.cited,
            "reason": old.reason,
            "unit": words.unit(old.process.unit),
        }
        text = words.say("sources.replacement", **facts)
        sheet.put(row + 1, grid.KEY, code, replace(look.KEY, wrap=True))
        for line in wrapped(text, int(sum(grid.WIDTHS[grid.LABEL :]))):
            row += 1
            sheet.put(row, grid.LABEL, line, look.TEXT)
    return row + 2


def _method(sheet: Sheet, places: Places, row: int) -> int:
    words, template = sheet.words, places.template
    method = places.canvas.subject.method
    sheet.section(row, words.say("sources.method"))
    texts = [words.of_template("template.functional_unit"), words.of_template("template.method_note")]
    texts += [
        words.say(
            "sources.perimeter",
            label=words.of_template(f"perimeters.{p.code}") or p.code,
            indicators=words.say("sources.sixteen" if p.code in places.wide else "sources.climate"),
        )
        for p in template.perimeters
    ]
    texts.append(words.say("sources.assessed", method=method.title))
    number = 1
    while words.of_template(f"notes.{number}"):
        texts.append(words.of_template(f"notes.{number}"))
        number += 1
    texts += [
        words.say(
            "sources.stand_in",
            label=words.of_template(f"flows.{flow.code}"),
            why=words.of_template(f"flows_proxy.{flow.code}"),
        )
        for flow in template.flows
        if flow.proxy
    ]
    for text in filter(None, texts):
        row += 1
        broad = sum(grid.WIDTHS[grid.LABEL :])
        for line in wrapped(text, int(broad)):
            sheet.put(row, grid.LABEL, line, look.TEXT)
            row += 1
        row -= 1
    return row + 2


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines that fit beside each other's columns without merged cells."""
    found, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            found.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*found, line]


def _weighting(sheet: Sheet, places: Places, row: int) -> int:
    if not places.indicators:
        return row
    words, method = sheet.words, places.canvas.subject.method
    sheet.section(row, words.say("sources.weighting"))
    titles = {grid.LABEL: "category", grid.VALUE: "normalisation", grid.UNIT: "unit", grid.ORIGIN: "weight"}
    heads = {column: words.say(f"sources.head.{name}") for column, name in titles.items()}
    sheet.heads(row + 1, heads, right=frozenset({grid.VALUE, grid.ORIGIN}))
    sheet.glue(row, row + 1 + len(method.categories))
    row += 2
    for category in method.categories:
        sheet.put(row, grid.KEY, category.code, look.KEY)
        sheet.put(row, grid.LABEL, category.name(words.language), look.CELL)
        sheet.put(row, grid.VALUE, method.normalisation[category.code], look.SCIENTIFIC)
        sheet.put(row, grid.UNIT, category.unit(words.language), look.UNIT_WRAPPED)
        sheet.put(row, grid.ORIGIN, 100 * method.weighting[category.code], replace(look.NUMBER, size=10))
        sheet.tall(row, grid.lines(category.unit(words.language), grid.WIDTHS[grid.UNIT]))
        row += 1
    return row + 1


def _defaults(sheet: Sheet, places: Places, row: int) -> int:
    words = sheet.words
    sheet.section(row, words.say("sources.defaults"))
    titles = {grid.LABEL: "item", grid.VALUE: "default", grid.ORIGIN: "why"}
    sheet.heads(row + 1, {column: words.say(f"sources.head.{name}") for column, name in titles.items()})
    row += 2
    seen: set[str] = set()
    for item in places.judged:
        code = item.field.code
        if code in seen or item.field.default is None:
            continue
        seen.add(code)
        sheet.put(row, grid.KEY, code, look.KEY)
        label = words.of_template(f"fields.{code}.label")
        sheet.put(row, grid.LABEL, label, look.CELL)
        shown = inputs.default_shown(words, item) or words.say("default.by_rule")
        sheet.put(row, grid.VALUE, shown, look.CELL)
        sheet.tall(row, max(grid.lines(label, grid.WIDTHS[grid.LABEL]), grid.lines(shown, _SHOWN)))
        why = words.of_template(f"fields.{code}.why_default")
        for line in wrapped(why, _WHY):
            sheet.put(row, grid.ORIGIN, line, look.SMALL)
            row += 1
    return _table_defaults(sheet, places, row) + 1


def _table_defaults(sheet: Sheet, places: Places, row: int) -> int:
    """The values of whole tables that are not known."""
    words = sheet.words
    for table in places.template.tables:
        for key, value in table.defaults.items():
            place, code = key.split(".", 1)
            column = next(field for field in table.columns if field.code == code)
            label = f"{words.of_template(f'rows.{place}')} · {words.of_template(f'fields.{code}.label')}"
            listed = words.of_template(f"lists.{column.list}.{value}") if column.list else ""
            shown = listed or words.measured(float(value), words.unit(column.unit, float(value)))
            sheet.put(row, grid.KEY, key, look.KEY)
            sheet.put(row, grid.LABEL, label, look.CELL)
            sheet.put(row, grid.VALUE, shown, look.CELL)
            sheet.tall(row, max(grid.lines(label, grid.WIDTHS[grid.LABEL]), grid.lines(shown, _SHOWN)))
            sheet.put(row, grid.ORIGIN, words.say("sources.whole_table"), look.SMALL)
            row += 1
    return row


def _criteria(sheet: Sheet, places: Places, row: int) -> int:
    criteria = places.canvas.subject.lot.criteria
    if not criteria:
        return row
    words = sheet.words
    sheet.section(row, words.say("sources.criteria"))
    titles = {grid.LABEL: "criterion", grid.VALUE: "share", grid.ORIGIN: "formula"}
    sheet.heads(row + 1, {column: words.say(f"sources.head.{name}") for column, name in titles.items()},
                right=frozenset({grid.VALUE}))  # fmt: skip
    row += 2
    parts = {part.code for criterion in criteria for part in criterion.parts}
    for criterion in every_criterion(criteria):
        share = words.measured(criterion.weight, PERCENT)
        inside = criterion.code in parts
        sheet.put(row, grid.KEY, criterion.code, look.KEY)
        sheet.put(row, grid.LABEL, criterion.label, replace(look.CELL, indent=2) if inside else look.CELL)
        sheet.put(
            row,
            grid.VALUE,
            words.say("formula.of_criterion", share=share) if inside else share,
            replace(look.CELL, align="right"),
        )
        sheet.tall(row, grid.lines(criterion.label, grid.WIDTHS[grid.LABEL]))
        for line in wrapped(_formula(words, criterion, places.canvas.subject.lot.costing), _WHY):
            sheet.put(row, grid.ORIGIN, line, look.SMALL)
            row += 1
    return row + 1


def _formula(words: Words, criterion: Criterion, costing: Costing | None) -> str:
    if criterion.kind is CriterionKind.OTHER:
        return words.say("formula.other")
    if criterion.parts:
        return words.say("formula.parts")
    if criterion.kind in {CriterionKind.COST, CriterionKind.FICTITIOUS} and costing is not None:
        looked_at = " ".join(_cost(words, criterion.kind, costing))
        return f"{looked_at} {_points(words, criterion)}"
    if criterion.item:
        return f"{words.say('formula.answer', item=_item(words, criterion.item))} {_points(words, criterion)}"
    return _points(words, criterion)


def _cost(words: Words, kind: CriterionKind, costing: Costing) -> Iterator[str]:
    """Say what a cost is made of: everything that was published of it."""
    unit = words.of_template("template.functional_unit_short")
    counted = kind is CriterionKind.COST
    yield words.say("cost.whole" if counted else "cost.fictitious", years=costing.years or 0)
    if counted and costing.energy:
        yield words.say(
            "cost.energy",
            flow=words.of_template(f"flows.{costing.energy}"),
            price=costing.energy_price or 0,
            growth=costing.energy_growth,
            units=costing.units or 0,
            unit=unit,
        )
    if counted and costing.maintenance:
        yield words.say("cost.maintenance")
    if counted and costing.end:
        yield words.say("cost.end")
    if costing.carbon_price is not None:
        yield words.say(
            "cost.carbon", price=costing.carbon_price, units=costing.units or 0, years=costing.years or 0, unit=unit
        )
    if not counted and costing.deduction is not None:
        bounds = {"low": costing.low or 0, "high": costing.high or 0}
        yield words.say("cost.deduction", most=costing.deduction, unit=unit, **bounds)
    if counted:
        yield words.say("cost.discount", rate=costing.discount)


def _item(words: Words, key: str) -> str:
    """Name an answer as the sheet *Mon offre* does."""
    row, _, code = key.rpartition(".")
    label = words.of_template(f"fields.{code}.label")
    return f"{words.of_template(f'rows.{row}')} · {label}" if row else label


def _points(words: Words, criterion: Criterion) -> str:
    mirrored = criterion.formula == "F7" and criterion.low is not None and criterion.high is not None
    sentence = words.say("formula.f7_bounds" if mirrored else f"formula.{criterion.formula.lower()}", fan=criterion.fan)
    steps = [words.say("formula.step", top=top, share=100 * part) for top, part in criterion.bands]
    if steps:
        return sentence + " " + " ; ".join(steps) + "."
    if criterion.low is None or criterion.high is None:
        return sentence
    unit = words.of_template("template.functional_unit_short")
    bounds = {CriterionKind.IMPACT: "formula.bounds", CriterionKind.ANSWER: "formula.bounds_answer"}
    return (
        sentence
        + " "
        + words.say(
            bounds.get(criterion.kind, "formula.bounds_money"), low=criterion.low, high=criterion.high, unit=unit
        )
    )


def _licences(sheet: Sheet, places: Places, row: int) -> int:
    factors = places.canvas.subject.factors
    codes = dict.fromkeys(factors.processes[process].licence for process in places.processes)
    sheet.section(row, sheet.words.say("sources.licences"))
    for code in codes:
        licence = factors.licences[code]
        row += 1
        sheet.put(row, grid.LABEL, licence.title, look.CELL)
        sheet.put(row, grid.VALUE, licence.attribution, look.SMALL)
    return row + 2


def _identity(sheet: Sheet, places: Places, row: int) -> int:
    subject, words = places.canvas.subject, sheet.words
    sheet.section(row, words.say("sources.identity"))
    facts = {
        "template": f"{subject.template.id} {subject.template.version}",
        "factors": f"{subject.factors.id} {subject.factors.version}",
        "method_name": subject.method.title,
        "fingerprint": places.canvas.fingerprint,
    }
    for name, value in facts.items():
        row += 1
        sheet.put(row, grid.LABEL, words.say(f"sources.{name}"), look.CELL)
        sheet.put(row, grid.VALUE, value, look.SMALL)
    return row + 2
