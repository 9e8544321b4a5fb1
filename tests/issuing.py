"""A campaign in memory and a folder to issue it in, for tests that need no buyer's workbook."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from shipped import campaign_of, grounds, lot_of

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.adapters.store.handover import alone
from canevas_xl.app.copies import Previous, Terms
from canevas_xl.app.issue import Issued, issue_opened
from canevas_xl.app.subjects import OpenCampaign
from canevas_xl.model.campaign import Campaign, Lot, Supplier

TEMPLATE = "informatique-postes"
"""The quickest to build."""
NOW = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
ALPHA = Supplier("ALFA", "Alpha & Fils", "contact@alpha.example", "fr", (1,))
BETA = Supplier("BETA", "Société Bêta", "bonjour@beta.example", "fr", (1,))


def lots(count: int = 1) -> tuple[Lot, ...]:
    """Lots that differ by their number and title."""
    return tuple(replace(lot_of(TEMPLATE), number=number, title=f"Lot {number}") for number in range(1, count + 1))


def campaign(*suppliers: Supplier, **changes: object) -> Campaign:
    """A campaign of one lot and two suppliers, but for the changes."""
    asked = suppliers or (ALPHA, BETA)
    return replace(campaign_of(TEMPLATE), suppliers=asked, lots=lots(), **changes)  # type: ignore[arg-type]


def folder_in(path: Path) -> CampaignFolder:
    """An empty campaign folder."""
    (path / "marché").mkdir()
    return CampaignFolder(path / "marché")


def issue(
    folder: CampaignFolder,
    what: Campaign,
    now: datetime = NOW,
    *,
    force: bool = False,
    previous: Previous | None = None,
    template: str = TEMPLATE,
) -> Issued:
    """Issue a campaign as the command does once it has read and checked it."""
    opened = OpenCampaign(grounds(template), what, ())
    with alone(folder):
        return issue_opened(folder, opened, Terms(now, folder.events(), force, previous or {}))


def outbox(folder: CampaignFolder) -> list[str]:
    """Names of the copies to send."""
    return sorted(path.name for path in folder.outbox.glob("*.xlsx"))


def set_aside(folder: CampaignFolder) -> list[str]:
    """Names of the copies that are not to be sent any more."""
    return sorted(path.name for path in folder.replaced.glob("*.xlsx"))


def everything(folder: CampaignFolder) -> dict[str, bytes]:
    """Every file of the folder, hidden ones too."""
    files = (path for path in folder.path.rglob("*") if path.is_file())
    return {str(path.relative_to(folder.path)): path.read_bytes() for path in files}
