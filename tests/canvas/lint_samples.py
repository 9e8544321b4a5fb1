"""A small template with nothing wrong, as data to spoil one thing at a time, and a tiny factor set beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from canevas_xl.canvas.lint import lint
from canevas_xl.findings.finding import Finding
from canevas_xl.findings.messages import message, remedy
from canevas_xl.model.factor import FactorSet, Licence, Process
from canevas_xl.model.method import Category, Method
from canevas_xl.model.template import Template, Texts
from canevas_xl.model.vocabulary import INDICATORS
from canevas_xl.resources import flatten

TEMPLATE = """
id = "cafe"
version = "1.0.0"
factor_set = "tiny@1.0.0"
method = "ef-3.1"
phases = ["sourcing", "consultation"]
functional_unit = { unit = "meal", per = "1", total = "N" }
stages = ["agriculture", "processing", "kitchen", "delivery"]
perimeters = [{ code = "plate", indicators = ["all"] }, { code = "service", indicators = ["cch"] }]
parameters = [{ code = "N", unit = "meal", default = 1000, hard = { min = 1 }, group = "NEED" }]
sections = [{ code = "CUP" }, { code = "LEGS" }]
scale = { low = 0.1, high = 2 }

[[lists]]
code = "ENERGY"
options = [{ code = "GAS", unit = "kWh" }, { code = "POWER", unit = "kWh" }]

[[lists]]
code = "MODE"
options = [{ code = "TRUCK" }, { code = "TRAIN" }]

[[families]]
code = "energy"
list = "ENERGY"
members = { GAS = "TINY-GAS", POWER = "TINY-POWER" }

[[families]]
code = "freight"
list = "MODE"
members = { TRUCK = "TINY-TRUCK", TRAIN = "TINY-TRAIN" }

[[fields]]
code = "E1"
section = "CUP"
type = "choice"
list = "ENERGY"
default = { value = "GAS" }
evidence = true
scored = true
contractual = true
minutes = 1

[[fields]]
code = "E2"
section = "CUP"
type = "number"
unit = "kWh"
unit_follows = "E1"
per = "N"
hard = { min = 0, max = 10 }
plausible = { min = 0.5, max = 2 }
plausible_by = [{ when = "E1 = 'POWER'", min = 0.5, max = 1 }]
default = { value = "2 * N", formula = true }
evidence = true
scored = true
contractual = true
minutes = 2

[[fields]]
code = "P1"
section = "CUP"
type = "number"
unit = "g"
hard = { min = 0, max = 50 }
plausible = { min = 5, max = 20 }
default = { value = 10, kind = "neutral" }
evidence = true
scored = true
contractual = true
minutes = 1

[[fields]]
code = "A1"
section = "CUP"
type = "text"
consequence = "none"
feeds = "information"
minutes = 1

[[tables]]
code = "LEGS"
section = "LEGS"
rows = ["LEG1", "LEG2"]
open = true
required_rows = 1
defaults = { "LEG1.T1" = "TRUCK", "LEG1.T2" = 500 }

[[tables.columns]]
code = "T1"
type = "choice"
list = "MODE"
evidence = true
scored = true
contractual = true
minutes = 1

[[tables.columns]]
code = "T2"
type = "number"
unit = "km"
hard = { min = 0, max = 2000 }
plausible = { min = 1, max = 500 }
default = { value = 500 }
evidence = true
scored = true
contractual = true
minutes = 1

[[derived]]
code = "MASS"
formula = "P1 / 1000"
unit = "kg"
shown = true

[[flows]]
code = "food"
perimeter = "plate"
stage = "own"
process = "TINY-FOOD"
quantity = "MASS"
unit = "kg"
controlled_by = "supplier"
proxy = true

[[flows]]
code = "energy"
perimeter = "service"
stage = "kitchen"
family = "energy"
by = "E1"
quantity = "E2 / N"
unit = "kWh"
controlled_by = "supplier"
replaces = ["generic"]

[[flows]]
code = "generic"
perimeter = "service"
stage = "kitchen"
process = "TINY-POWER"
quantity = "if(known(E2), 0, 1)"
unit = "kWh"
controlled_by = "generic"
default_data = true

[[flows]]
code = "legs"
perimeter = "service"
stage = "delivery"
each = "LEGS"
family = "freight"
by = "T1"
quantity = "MASS / 1000 * T2"
unit = "t.km"
controlled_by = "supplier"

[[rules]]
code = "SOME"
holds = "E2 > 0"
severity = "doubt"
about = ["E2"]

[[requirements]]
code = "R1"
kind = "minimum"
governs = ["legs"]
items = ["T2"]

[reference]
E1 = "GAS"
E2 = 1000
P1 = 10
"LEG1.T1" = "TRUCK"
"LEG1.T2" = 100
"""

TEXTS = """
[template]
title = "Café"
short = "Café"
purpose = "Compare cafés."
functional_unit = "One cup."
functional_unit_short = "cup"
method_note = "Published factors."
rc_unit = "per cup"
verdict = "Fit to orient."

[perimeters]
plate = "Plate"
service = "Service"

[parameters.N]
label = "Cups a year"
help = "As in the contract."

[groups]
NEED = "The need"

[lists.ENERGY]
GAS = "Gas"
POWER = "Electricity"

[lists.MODE]
TRUCK = "Truck"
TRAIN = "Train"

[sections]
CUP = { label = "The cup", help = "What is served." }
LEGS = { label = "Delivery", help = "From the kitchen." }

[fields.E1]
label = "Energy of the kitchen"
help = "The one that heats."
evidence = "A bill, or equivalent / ou équivalent"

[fields.E2]
label = "Energy used"
help = "Over a year."
example = "1000"
evidence = "A bill, or equivalent / ou équivalent"

[fields.P1]
label = "Portion"
help = "Net grams."
example = "10"
evidence = "A sheet, or equivalent / ou équivalent"
why_default = "Read in the annex."

[fields.A1]
label = "Remark"
help = "If need be."
example = "None"

[fields.T1]
label = "Mode"
help = "The vehicle."
evidence = "A note, or equivalent / ou équivalent"

[fields.T2]
label = "Kilometres"
help = "Driven."
example = "100"
evidence = "A note, or equivalent / ou équivalent"

[tables.LEGS]
label = "Legs"
help = "Two at most."

[rows]
LEG1 = "Leg 1"
LEG2 = "Leg 2"

[derived]
MASS = "Mass served"

[flows]
food = "Food"
energy = "Kitchen"
generic = "Kitchen of which nothing is known"
legs = "Delivery"

[flows_proxy]
food = "No better row."

[rules]
SOME = "Give the energy."

[requirements.R1]
label = "Short legs"
clause = "No leg is longer than 500 km."

[notes]
1 = "Dishes are not counted."
"""

UNITS = {"TINY-GAS": "kWh", "TINY-POWER": "kWh", "TINY-TRUCK": "t.km", "TINY-TRAIN": "t.km", "TINY-FOOD": "kg"}
CLIMATE = {"TINY-GAS": 0.3, "TINY-POWER": 0.05, "TINY-TRUCK": 0.1, "TINY-TRAIN": 0.01}


def _process(process: str, unit: str) -> dict[str, Any]:
    contains = ("agriculture", "processing") if process == "TINY-FOOD" else ()
    return {
        "id": process, "name_fr": process, "name_en": process, "unit": unit, "group": "food", "source": "Tiny",
        "source_version": "1", "source_id": process, "licence": "OPEN", "geography": "FR", "reference_year": 2025,
        "valid_until": None, "uncertainty_percent": None, "dqr": None, "basis": "EF 3.1", "contains": contains,
        "withdrawn": "", "same_as": "", "note": "",
    }  # fmt: skip


class Sample:
    """The clean template, its words, and its factors: open to any change before it is linted."""

    def __init__(self) -> None:
        self.data: dict[str, Any] = tomllib.loads(TEMPLATE)
        self.texts = {language: flatten(tomllib.loads(TEXTS)) for language in ("fr", "en")}
        self.processes = {process: _process(process, unit) for process, unit in UNITS.items()}
        climate_only = (None,) * (len(INDICATORS) - 1)
        self.factors: dict[tuple[str, str], tuple[float | None, ...]] = {
            (process, "total"): (value, *climate_only) for process, value in CLIMATE.items()
        }
        for stage in ("agriculture", "processing"):
            self.factors["TINY-FOOD", stage] = (1.5,) * len(INDICATORS)

    def of(self, part: str, code: str) -> dict[str, Any]:
        """One table of the declaration."""
        return next(each for each in self.data[part] if each["code"] == code)

    def column(self, code: str) -> dict[str, Any]:
        """One column of the table of legs."""
        return next(each for each in self.data["tables"][0]["columns"] if each["code"] == code)

    def add(self, part: str, **keys: Any) -> None:
        """One more table of the declaration."""
        self.data[part].append(keys)

    def say(self, path: str, text: str | None) -> None:
        """Change words in both languages; None removes them."""
        for words in self.texts.values():
            words.pop(path, None)
            if text is not None:
                words[path] = text

    def findings(self) -> tuple[Finding, ...]:
        """Lint it; every finding must be sayable in both languages."""
        factors = FactorSet(
            id="tiny",
            version="1.0.0",
            sha256="0" * 64,
            processes={process: Process(**keys) for process, keys in self.processes.items()},
            factors=self.factors,
            licences={"OPEN": Licence("OPEN", "Open", "Tiny", may_be_sent=True)},
        )
        categories = tuple(Category(code, code, code, "u", "u") for code in INDICATORS)
        ones = dict.fromkeys(INDICATORS, 1.0)
        texts = {language: Texts(words) for language, words in self.texts.items()}
        method = Method("ef-3.1", "EF 3.1", "0" * 64, categories, ones, ones)
        found = lint(Template.model_validate(self.data), texts, factors, method)
        for finding in found:
            assert all(list(self._sentences(finding, language)) for language in ("fr", "en"))
        return found

    @staticmethod
    def _sentences(finding: Finding, language: str) -> Iterator[str]:
        yield message(finding, language)
        yield remedy(finding, language)

    def codes(self) -> set[str]:
        """What is said, by code."""
        return {finding.code for finding in self.findings()}

    def places(self, code: str) -> list[str]:
        """Where something is said."""
        return [finding.place.key for finding in self.findings() if finding.code == code]
