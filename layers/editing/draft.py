"""What somebody wants a record to become, as it came: values by field and a geometry, nothing of it believed yet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from gis.errors import N_, Invalid

MOST_VERTICES: Final = 50_000
MOST_REASON: Final = 500
_KINDS: Final = {"Point": 0, "LineString": 1, "Polygon": 2, "MultiLineString": 2, "MultiPolygon": 3}
"""Geometries that a layer may hold, and how deep their coordinates lie."""


class BadDraft(Invalid):
    """A request that is not written as a draft."""

    code = "bad-draft"


class _Keep:
    """The geometry stays as it is."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Final = _Keep()


@dataclass(frozen=True)
class Draft:
    """What a record is to become.

    Parameters
    ----------
    values
        Field to value as text or as JSON has it; None empties it. A field that is not there stays as it is.
    geometry
        EPSG:4490; None takes it away, `KEEP` leaves it.
    extent
        Of a place: the line or area that it covers, beside its point; None leaves what there is.
    version
        Of the record as the editor has seen it; None for a new one.
    why
        The reason, for the change log.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    geometry: BaseGeometry | _Keep | None = KEEP
    extent: BaseGeometry | None = None
    version: int | None = None
    why: str = ""


_MEMBERS: Final = ("values", "geometry", "extent", "version", "why")


def draft_from_json(given: object) -> Draft:
    """A draft that came as JSON: ``values``, ``geometry`` and ``extent`` (GeoJSON), ``version``, ``why``.

    Raises
    ------
    BadDraft
        Naming the member that cannot be understood.
    """
    if not isinstance(given, Mapping):
        raise BadDraft(N_("A record is sent as a JSON object."), hint=_hint(), known=", ".join(_MEMBERS))
    unknown = [str(name)[:80] for name in given if name not in _MEMBERS]
    if unknown:
        raise BadDraft(
            N_("A record to be saved has no member “%(name)s”."),
            hint=_hint(),
            name=unknown[0],
            known=", ".join(_MEMBERS),
        )
    values = given.get("values", {})
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise BadDraft(N_("“values” is an object: field to value."))
    version, why = given.get("version"), given.get("why") or ""
    if version is not None and (type(version) is not int or version < 0):
        raise BadDraft(
            N_("“version” is the number of the version that was seen, not “%(given)s”."), given=_short(version)
        )
    if not isinstance(why, str) or len(why) > MOST_REASON:
        raise BadDraft(N_("The reason is a text of at most %(most)s characters."), most=MOST_REASON)
    return Draft(
        values=values,
        geometry=_geometry(given["geometry"]) if "geometry" in given else KEEP,
        extent=_geometry(given.get("extent")),
        version=version,
        why=why.strip(),
    )


def _hint() -> str:
    return N_("Its members are: %(known)s.")


def _short(value: object) -> str:
    return str(value)[:80]


def _geometry(given: object) -> BaseGeometry | None:
    """A geometry that came as GeoJSON, in degrees without heights."""
    if given is None:
        return None
    if not isinstance(given, Mapping) or str(given.get("type")) not in _KINDS:
        raise BadDraft(
            N_("The geometry is no GeoJSON geometry that a layer may hold."),
            hint=N_("It may be a %(kinds)s."),
            kinds=", ".join(_KINDS),
        )
    kind = str(given["type"])
    counted = _vertices(given.get("coordinates"), _KINDS[kind])
    if counted > MOST_VERTICES:
        raise BadDraft(
            N_("The geometry has %(count)s vertices; at most %(most)s can be saved at once."),
            hint=N_("Import large geometries from a file."),
            count=counted,
            most=MOST_VERTICES,
        )
    try:
        found = shapely.geometry.shape({"type": kind, "coordinates": given["coordinates"]})
    except (ValueError, TypeError, IndexError, AttributeError, ShapelyError) as error:
        raise BadDraft(N_("The geometry cannot be built: %(reason)s."), reason=_short(error).rstrip(".")) from None
    if not isinstance(found, BaseGeometry) or found.is_empty:
        raise BadDraft(N_("The geometry is empty."))
    return found


def _vertices(coordinates: object, depth: int) -> int:
    """How many positions there are, after each was looked at."""
    if not isinstance(coordinates, (list, tuple)):
        raise BadDraft(N_("The geometry's coordinates are not nested as its type asks for."))
    if depth:
        return sum(_vertices(part, depth - 1) for part in coordinates)
    numbers = all(type(value) in (int, float) and math.isfinite(value) for value in coordinates)
    if not numbers or len(coordinates) != 2:
        raise BadDraft(
            N_("“%(position)s” is no position."),
            hint=N_("A position is longitude and latitude in degrees, two finite numbers."),
            position=_short(coordinates),
        )
    if abs(coordinates[0]) > 180 or abs(coordinates[1]) > 90:
        raise BadDraft(
            N_("“%(position)s” is no position."),
            hint=N_("Longitude lies within ±180, latitude within ±90 degrees."),
            position=_short(coordinates),
        )
    return 1
