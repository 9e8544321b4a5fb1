"""Owns the example returns that ship with templates, as data: who answers what, and what is odd about it."""

from __future__ import annotations

import tomllib

from pydantic import BaseModel, ConfigDict

from canevas_xl.errors import WrongUse
from canevas_xl.resources import data_folder


class SampleOffer(BaseModel):
    """One example return."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    story: str
    """What it is an example of: ``complete``, ``doubts``, ``incomplete``, ``variant``, ``tampered``."""
    supplier: str
    variant: int = 0
    siret: str
    signatory: str
    price: float
    notes: tuple[float, ...] = ()
    """Notes of the criteria that people judge, in order, 0 to 100."""
    answers: dict[str, float | str]
    """By key."""
    unknown: tuple[str, ...] = ()
    """Keys answered as not available."""
    without_evidence: tuple[str, ...] = ()
    tamper: dict[str, float] = {}
    """A buyer's parameter, and what somebody made of it in the locked cell."""


def sample_offers(reference: str) -> tuple[SampleOffer, ...]:
    """Give the example returns of a template.

    Raises:
        WrongUse: X112, the template ships none.
    """
    path = data_folder("workbook_templates").joinpath(*reference.split("@"), "sample", "offers.toml")
    if not path.is_file():
        raise WrongUse("X112", template=reference)
    return tuple(SampleOffer.model_validate(one) for one in tomllib.loads(path.read_text("utf-8"))["offers"])
