"""Owns the consolidation: every return of a campaign sorted, and what is said of each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from canevas_xl.findings.finding import Finding
from canevas_xl.model.offer import Decision, Offer, OfferKey, Receipt, Standing


@dataclass(frozen=True, slots=True)
class SetAside:
    """A return that does not count, and why."""

    receipt: Receipt
    standing: Standing
    key: OfferKey | None = None
    findings: tuple[Finding, ...] = ()
    offer: Offer | None = None
    """What it said, where another return of the same supplier counts instead: how far a discussion went."""


@dataclass(frozen=True, slots=True)
class Said:
    """A finding on an offer, with its id and what was decided."""

    id: str
    """Ten characters ``[0-9A-F]``."""
    key: OfferKey | None
    finding: Finding
    decision: Decision | None = None

    @property
    def waits(self) -> bool:
        """Say whether the buyer still has to decide."""
        return self.finding.blocks and self.decision is None

    @property
    def stops(self) -> bool:
        """Say whether the offer is not scored until this is decided; a refusal goes on stopping it."""
        return self.finding.blocks and (self.decision is None or not self.decision.accepted)


@dataclass(frozen=True)
class Consolidation:
    """All returns of a campaign, sorted: which count, which do not, what is said of each."""

    offers: tuple[Offer, ...] = ()
    """One per key, in order of lot, supplier, variant."""
    set_aside: tuple[SetAside, ...] = ()
    said: tuple[Said, ...] = ()
    silent: tuple[tuple[int, str], ...] = ()
    """(lot, supplier) of which nothing came."""

    def stopped(self, key: OfferKey) -> bool:
        """Say whether an offer is not scored: it waits for a decision, or was refused."""
        return key in self._stopped

    def refused(self, key: OfferKey) -> bool:
        """Say whether a blocking finding on an offer was refused: no other decision will let it be scored."""
        return any(one.key == key and one.stops and not one.waits for one in self.said)

    @cached_property
    def _stopped(self) -> frozenset[OfferKey | None]:
        """Found once: every sheet asks it of every offer."""
        return frozenset(one.key for one in self.said if one.stops)
