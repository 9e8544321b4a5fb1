"""Owns the constants of what was issued: stored once per build beside the frozen record, or planned again from it."""

from __future__ import annotations

from canevas_xl.adapters.store.folder import CampaignFolder
from canevas_xl.canvas.workbook import plan_canvas
from canevas_xl.errors import Fault
from canevas_xl.intake.issued import Constants, constants_from, constants_json, constants_of
from canevas_xl.model.canvas import Canvas, Subject
from canevas_xl.model.plan import WorkbookPlan


def constants_name(fingerprint: str, language: str, *, addressed: bool) -> str:
    """Name of the file that holds the constants of one build, in the folder of frozen records."""
    return f"constantes-{fingerprint[:16]}-{language}{'' if addressed else '-ouvert'}.json"


def constants_file(fingerprint: str, plan: WorkbookPlan, *, addressed: bool) -> tuple[str, bytes]:
    """Give the name and the bytes of that file, for whoever writes an issue as a whole."""
    name = constants_name(fingerprint, plan.language, addressed=addressed)
    return name, constants_json(constants_of(plan, fingerprint, addressed=addressed)).encode()


def load_constants(
    folder: CampaignFolder, subject: Subject, fingerprint: str, language: str, *, addressed: bool
) -> Constants:
    """Read the constants of one build; where none were stored, plan the canvas again from its record.

    Args:
        folder: the campaign's.
        subject: of the frozen record.
        fingerprint: of the same.
        language: of the build.
        addressed: whether it names a supplier.

    Raises:
        Fault: X106, the stored file cannot be read.
    """
    path = folder.frozen / constants_name(fingerprint, language, addressed=addressed)
    if path.exists():
        try:
            return constants_from(path.read_text("utf-8"))
        except ValueError as error:
            raise Fault("X106", path=str(path)) from error
    plan = plan_canvas(Canvas(subject, language, fingerprint), supplier_known=addressed)
    return constants_of(plan, fingerprint, addressed=addressed)
