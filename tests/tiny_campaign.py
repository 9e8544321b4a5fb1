"""A template small enough to be read at one glance, with its words, for tests of the buyer's workbook."""

from __future__ import annotations

from types import MappingProxyType

from canevas_xl.model.factor import FactorSet
from canevas_xl.model.template import LoadedTemplate, Template, Texts

TINY = Template.model_validate(
    {
        "id": "tiny", "version": "1.0.0", "factor_set": "starter@2026.1.0", "method": "ef-3.1",
        "phases": ["sourcing", "consultation"], "stages": ["use"],
        "functional_unit": {"unit": "meal", "per": "1", "total": "N"},
        "perimeters": [{"code": "all", "indicators": ["all"]}, {"code": "service", "indicators": ["cch", "fru"]}],
        "parameters": [
            {"code": "N", "unit": "meal", "default": 36000, "hard": {"min": 1}},
            {"code": "W", "unit": "week", "default": 36, "hard": {"min": 1, "max": 52}},
        ],
        "lists": [
            {"code": "DEVICE", "options": [{"code": "LAPTOP"}, {"code": "SCREEN"}]},
            {"code": "BOX", "options": [{"code": "REUSED"}, {"code": "PLASTIC"}]},
        ],
        "sections": [{"code": "S1"}],
        "fields": [
            {
                "code": "P01", "section": "S1", "type": "integer", "unit": "dish", "hard": {"min": 0, "max": 20},
                "default": {"value": 20}, "scored": True, "evidence": True, "contractual": True, "minutes": 8,
                "days_to_get": 2, "controlled_by": "supplier",
            },
            {"code": "C1", "section": "S1", "type": "choice", "list": "BOX", "scored": True, "evidence": True,
             "default": {"value": "PLASTIC"}, "minutes": 1, "days_to_get": 10},
            {"code": "I1", "section": "S1", "type": "text", "consequence": "none", "minutes": 1},
        ],
        "tables": [
            {
                "code": "DEVICES", "section": "S1", "rows": ["DEV1", "DEV2"], "rows_by_lot": True,
                "columns": [
                    {"code": "Q1", "type": "choice", "list": "DEVICE", "fixed_by_buyer": True},
                    {"code": "Q3", "type": "number", "unit": "kWh/year", "minutes": 3, "scored": True,
                     "default": {"value": 60}, "evidence": True},
                ],
            }
        ],
        "flows": [
            {"code": "f1", "perimeter": "service", "stage": "use", "process": "BC-42513", "quantity": "P01",
             "unit": "kWh", "controlled_by": "supplier"}
        ],
        "requirements": [
            {"code": "R1", "kind": "minimum", "governs": ["f1"]},
            {"code": "R2", "kind": "clause", "items": ["I1"], "adjustable": False},
        ],
        "reference": {"P01": 4, "C1": "REUSED"},
        "scale": {"low": 0.9, "high": 2.0},
    }
)  # fmt: skip

FRENCH: Texts = MappingProxyType(
    {
        "template.title": "Petit modèle", "template.short": "Petit modèle",
        "template.functional_unit_short": "repas",
        "parameters.N.label": "Repas par an", "parameters.N.help": "Sur une année entière.",
        "parameters.W.label": "Semaines de service",
        "lists.DEVICE.LAPTOP": "Ordinateur portable", "lists.DEVICE.SCREEN": "Écran",
        "lists.BOX.REUSED": "Réutilisables", "lists.BOX.PLASTIC": "Plastique jetable",
        "sections.S1.label": "Le menu",
        "fields.P01.label": "Plats de bœuf sur 20 repas", "fields.P01.evidence": "Plan alimentaire, ou équivalent",
        "fields.C1.label": "Contenants des repas livrés", "fields.C1.evidence": "Fiche produit, ou équivalent",
        "fields.I1.label": "Remarque",
        "tables.DEVICES.label": "Appareils", "rows.DEV1": "Appareil 1", "rows.DEV2": "Appareil 2",
        "fields.Q1.label": "Type d'appareil", "fields.Q3.label": "Consommation annuelle",
        "fields.Q3.evidence": "Fiche Energy Star, ou équivalent",
        "requirements.R1.label": "Au moins 4 repas végétariens sur 20",
        "requirements.R1.clause": "Le titulaire sert au moins 4 repas végétariens sur 20.",
        "requirements.R2.label": "Suivi annuel",
    }
)  # fmt: skip
ENGLISH: Texts = MappingProxyType(
    {
        **FRENCH,
        "template.title": "Tiny template", "template.short": "Tiny template",
        "template.functional_unit_short": "meal",
        "lists.DEVICE.LAPTOP": "Laptop", "lists.DEVICE.SCREEN": "Screen",
        "lists.BOX.REUSED": "Reusable", "lists.BOX.PLASTIC": "Single-use plastic",
    }
)  # fmt: skip
LOADED = LoadedTemplate(TINY, MappingProxyType({"fr": FRENCH, "en": ENGLISH}), "0" * 64)
FACTORS = FactorSet("starter", "2026.1.0", "0" * 64, {}, {}, {})
