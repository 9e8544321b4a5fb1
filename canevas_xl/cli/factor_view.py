"""Owns what is shown of one factor: values by stage, source, age, quality, uncertainty, twins."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from canevas_xl import resources
from canevas_xl.app.factors import Shown
from canevas_xl.cli.show import Screen
from canevas_xl.findings.messages import spoken
from canevas_xl.model.vocabulary import CLIMATE, INDICATORS, TOTAL

TWINS: Final = 5
"""Rows with the same data that are named."""


def unit_name(unit: str, screen: Screen) -> str:
    """Name one of a unit: the terms say several."""
    texts = resources.texts("cli", screen.language)
    return texts.get(f"factors.one_{unit}") or resources.texts("terms", screen.language)[f"unit.{unit}"]


def day(when: date, screen: Screen) -> str:
    """Write a day as its reader does."""
    return f"{when:%d/%m/%Y}" if screen.language == "fr" else when.isoformat()


def tell(view: Shown, screen: Screen) -> None:
    """Show one process of one set."""
    one, say = view.process, screen.say
    unknown = say("factors.unknown")
    screen.line("factors.in_set", "bold", name=one.name(screen.language), id=one.id, set=view.set.reference)
    facts = {"source": one.source, "version": one.source_version, "source_id": one.source_id}
    screen.line("factors.per", unit=unit_name(one.unit, screen), licence=view.licence, **facts)
    screen.line("factors.cite", attribution=view.attribution.rstrip("."))
    if not view.may_be_sent:
        screen.line("factors.not_to_send")
    if one.withdrawn:
        reason = resources.texts("factors", screen.language)[f"withdrawn.{one.withdrawn}"]
        screen.line("factors.withdrawn", reason=reason)
    _tell_values(view, screen)
    technology = view.ratings.technology if view.ratings else None
    year = str(one.reference_year or say("factors.unsaid"))
    if one.valid_until:
        year += ", " + say("factors.past" if view.past else "factors.until", date=day(one.valid_until, screen))
    screen.line(
        "factors.quality_line",
        geography=remark(one.geography, screen.language),
        technology=say("factors.unsaid") if technology is None else f"{technology:g}/5",
        year=year,
        dqr=unknown if one.dqr is None else spoken(one.dqr, screen.language),
    )
    _tell_marks(view, screen)
    _tell_doubt(view, screen)
    _tell_twins(view, screen)
    if one.note:
        screen.line("factors.note", note=remark(one.note, screen.language))
    screen.show("")


def remark(text: str, language: str) -> str:
    """Say in French what remarks of factors say in English; what is not in the catalogue stays as it was published."""
    if language == "fr":
        for english, french in resources.catalogue("remarks")["french"]:
            text = text.replace(english, french)
    return text


def _tell_values(view: Shown, screen: Screen) -> None:
    """Show climate change by stage, and how many categories are known."""
    at = INDICATORS.index(CLIMATE)
    terms = resources.texts("terms", screen.language)
    headers = [screen.say(f"factors.{name}") for name in ("stage", "value", "known")]
    rows = [
        (
            screen.say("factors.total") if stage == TOTAL else terms[f"stage.{stage}"],
            spoken(values[at], screen.language) if values[at] is not None else screen.say("factors.unknown"),
            screen.say("factors.categories", count=sum(value is not None for value in values)),
        )
        for stage, values in view.values
    ]
    screen.table(headers, rows)
    if view.score is not None:
        screen.line("factors.score", score=spoken(view.score, screen.language))
    if view.posts and len(view.values) == 1:
        posts = (
            screen.say("factors.post", name=post.name or post.kind, value=spoken(post.value, screen.language))
            for post in view.posts
        )
        screen.line("factors.posts", posts=" ; ".join(posts))


def _tell_marks(view: Shown, screen: Screen) -> None:
    ratings = view.ratings
    if ratings is None:
        return
    given = {name: getattr(ratings, name) for name in ratings.__dataclass_fields__}
    marks = [screen.say(f"factors.mark_{name}", mark=f"{mark:g}") for name, mark in given.items() if mark is not None]
    screen.line("factors.marks", marks=", ".join(marks))


def _tell_doubt(view: Shown, screen: Screen) -> None:
    doubt = view.doubt
    sigma = spoken(round(doubt.sigma, 3), screen.language)
    if doubt.used is None:
        screen.line("factors.doubt_unknown", sigma=sigma)
    elif doubt.used == doubt.stated:
        screen.line("factors.doubt", percent=f"{doubt.used:g}", sigma=sigma)
    else:
        screen.line("factors.doubt_floor", stated=f"{doubt.stated:g}", percent=f"{doubt.used:g}", sigma=sigma)


def _tell_twins(view: Shown, screen: Screen) -> None:
    if not view.twins:
        return
    names = " ; ".join(one.name(screen.language) for one in view.twins[:TWINS])
    rest = len(view.twins) - TWINS
    if rest > 0:
        screen.line("factors.twins_more", names=names, count=rest)
    else:
        screen.line("factors.twins", names=names)


def as_object(view: Shown) -> dict[str, Any]:
    """Give one process of one set as a JSON value."""
    one = view.process
    return {
        "set": view.set.reference,
        "id": one.id,
        "name_fr": one.name_fr,
        "name_en": one.name_en,
        "unit": one.unit,
        "group": one.group,
        "source": one.source,
        "source_version": one.source_version,
        "source_id": one.source_id,
        "licence": view.licence,
        "attribution": view.attribution,
        "may_be_sent": view.may_be_sent,
        "basis": one.basis,
        "contains": list(one.contains),
        "values": {stage: dict(zip(INDICATORS, values, strict=True)) for stage, values in view.values},
        "published_single_score": view.score,
        "posts": [{"kind": post.kind, "name": post.name, "value": post.value} for post in view.posts],
        "quality": {
            "geography": one.geography,
            "reference_year": one.reference_year,
            "dqr": one.dqr,
            "marks": {name: getattr(view.ratings, name) for name in view.ratings.__dataclass_fields__}
            if view.ratings
            else None,
        },
        "uncertainty": {
            "stated_percent": view.doubt.stated,
            "used_percent": view.doubt.used,
            "distribution": "lognormal",
            "sigma": view.doubt.sigma,
        },
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "validity_passed": view.past,
        "withdrawn": one.withdrawn or None,
        "same_data": [twin.id for twin in view.twins],
        "note": one.note,
    }
