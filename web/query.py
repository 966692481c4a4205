"""What a request's query string asks for, checked once for every view."""

from __future__ import annotations

import math
from datetime import date

from flask import request
from werkzeug.datastructures import MultiDict

from gis.errors import N_, Invalid
from layers import days
from layers.coverage import Question
from layers.filters import Filters, parse_bbox

_LARGEST = 2**31 - 1
"""The largest whole number that a column keeps."""


class BadParameter(Invalid):
    """A parameter of the address that is unknown, missing or not what it must be."""

    code = "bad-parameter"


def allow(*names: str) -> MultiDict[str, str]:
    """The request's parameters; one that the address does not know is refused rather than ignored."""
    unknown = [name for name in request.args if name not in (*names, "lang", "v")]
    if unknown:
        raise BadParameter(
            N_("This address does not know the parameter “%(given)s”."),
            hint=N_("It knows: %(known)s."),
            given=", ".join(unknown),
            known=", ".join(sorted(names)) or "-",
        )
    repeated = [name for name in request.args if len(request.args.getlist(name)) > 1]
    if repeated:
        raise BadParameter(
            N_("The parameter “%(given)s” is given more than once."),
            hint=N_("Write several values in one, with commas."),
            given=", ".join(repeated),
        )
    return request.args


def asof() -> date | None:
    """The day ``asof``, None where none is given."""
    text = request.args.get("asof", "")
    return days.parse_day(text) if text else None


def whole(name: str, default: int) -> int:
    """A whole number."""
    text = request.args.get(name, "")
    if not text:
        return default
    try:
        found = int(text[:20])
    except ValueError:
        found = _LARGEST + 1
    if abs(found) > _LARGEST:
        raise BadParameter(N_("“%(name)s” must be a whole number, not “%(text)s”."), name=name, text=text[:80])
    return found


def number(name: str) -> float | None:
    """A finite number, None where none is given."""
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadParameter(N_("“%(name)s” must be a number, not “%(text)s”."), name=name, text=text)
    return value


def required_number(name: str) -> float:
    """A finite number that must be given."""
    value = number(name)
    if value is None:
        raise BadParameter(N_("The parameter “%(name)s” is missing."), name=name)
    return value


def words(name: str) -> tuple[str, ...]:
    """A list written with commas."""
    return tuple(dict.fromkeys(part.strip() for part in request.args.get(name, "").split(",") if part.strip()))


FILTERS = ("asof", "class", "county", "town", "bbox")


def filters() -> Filters:
    """The filters of a layer."""
    box = request.args.get("bbox", "")
    return Filters(
        asof=asof(),
        classes=words("class"),
        county=request.args.get("county", ""),
        town=request.args.get("town", ""),
        bbox=parse_bbox(box) if box else None,
    )


def text(name: str, default: str) -> str:
    """A word."""
    return request.args.get(name, "") or default


def question(*further: str) -> Question:
    """A coverage question; ``further`` are parameters that the address knows besides."""
    allow("kinds", "distance", "weight", "asof", *further)
    return Question(
        kinds=words("kinds"),
        distance_m=required_number("distance"),
        weight=text("weight", "population"),
        asof=asof(),
    )
