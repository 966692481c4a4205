"""Coordinate systems: the CGCS2000 family, zones and prefixes, and the refusals that keep two systems apart.

Arrays are longitude before latitude and east before north, always: the standard's axis order (latitude first in
EPSG:4490, north first in the plane systems) never enters this program.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, overload

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from gis.errors import N_, Invalid
from gis.findings import Finding
from gis.measure import metres_per_degree

FloatArray = NDArray[np.float64]

STORAGE = 4490
"""CGCS2000 geographic: what everything is kept in."""

WIDTH_DEG = 3
FALSE_EASTING_M = 500_000.0
MERCATOR_LIMIT_DEG = float(np.degrees(np.arctan(np.sinh(np.pi))))
"""Latitude at which the Web Mercator square ends, 85.0511°."""

# A plane easting lies within half a zone of the central meridian, 167 km at most in China; neighbours' points may
# reach another half zone beyond it.
_PLAIN_RANGE_M = (100_000.0, 900_000.0)


@dataclass(frozen=True)
class System:
    """One system of the CGCS2000 family.

    Parameters
    ----------
    epsg
        EPSG code.
    central_meridian
        Degrees east; None for the geographic system.
    prefix
        Zone number written before the easting, in millions of metres; None where eastings carry none.
    """

    epsg: int
    central_meridian: int | None
    prefix: int | None


def _family() -> dict[int, System]:
    """Make the table: 4490, then the 3° Gauss-Krüger zones 25 to 45 (75°E to 135°E), with and without prefix.

    EPSG numbers them in order: 4513 to 4533 with the zone as prefix, 4534 to 4554 without.
    """
    table = {STORAGE: System(STORAGE, None, None)}
    for place, zone in enumerate(range(25, 46)):
        table[4513 + place] = System(4513 + place, WIDTH_DEG * zone, zone)
        table[4534 + place] = System(4534 + place, WIDTH_DEG * zone, None)
    return table


FAMILY: Mapping[int, System] = MappingProxyType(_family())
"""EPSG code → system: 4490 and all 3° zones of China, among them 4527 and 4528 (prefixed), 4548 and 4549 (plain)."""


class CrsMismatch(Invalid):
    """Two things that must share a coordinate system do not, or one does not say its own."""

    code: ClassVar[str] = "crs-mismatch"


class UnknownCrs(Invalid):
    """A coordinate system that is not a system."""

    code: ClassVar[str] = "crs-unknown"


class OutsideZones(Invalid):
    """A longitude for which the family has no 3° zone."""

    code: ClassVar[str] = "outside-zones"


class AmbiguousEastings(Invalid):
    """Eastings from which the zone prefix cannot be told."""

    code: ClassVar[str] = "eastings-ambiguous"


@lru_cache(maxsize=64)
def transformer(source_epsg: int, target_epsg: int) -> Transformer:
    """Return the transformer between two systems, longitude or east first on both sides.

    Parameters
    ----------
    source_epsg, target_epsg
        EPSG codes.

    Raises
    ------
    UnknownCrs
        If PROJ knows no such code.

    Examples
    --------
    >>> east, north = transformer(4490, 4549).transform(119.10, 36.71)
    >>> round(east, 3), round(north, 3)
    (419585.333, 4064705.797)
    """
    try:
        return Transformer.from_crs(source_epsg, target_epsg, always_xy=True)
    except CRSError as error:
        raise UnknownCrs(
            "There is no coordinate system EPSG:%(source)s or EPSG:%(target)s.",
            hint="Systems of this program are 4490, 4326, 4527, 4528, 4548 and 4549.",
            source=source_epsg,
            target=target_epsg,
        ) from error


# A handle of PROJ made before a fork must not be used after it.
os.register_at_fork(after_in_child=transformer.cache_clear)


def require_same_crs(first: object, *others: object) -> CRS:
    """Return the coordinate system that all share, or refuse.

    EPSG:4326 and EPSG:4490 are equal to PROJ and are not the same here: who treats them alike has to say so
    (`set_crs(4490, allow_override=True)`).

    Parameters
    ----------
    first, others
        GeoDataFrames, GeoSeries, or whatever pyproj reads as a system: `CRS`, EPSG code, text.

    Raises
    ------
    CrsMismatch
        If one differs, or one has no system at all. geopandas would only warn.
    """
    systems = [_crs_of(thing) for thing in (first, *others)]
    wanted = systems[0]
    for system in systems:
        if wanted is None or system is None or not _same(wanted, system):
            raise CrsMismatch(
                "Coordinate systems differ: %(first)s and %(second)s.",
                hint="Transform one of them first; nothing is transformed in silence.",
                first=_label(wanted),
                second=_label(system) if wanted is not None or system is not None else _label(systems[-1]),
            )
    assert wanted is not None
    return wanted


def _crs_of(thing: object) -> CRS | None:
    value = thing.crs if hasattr(thing, "crs") else thing
    if value is None or isinstance(value, CRS):
        return value
    try:
        return CRS.from_user_input(value)
    except CRSError as error:
        raise UnknownCrs("%(value)s is not a coordinate system.", value=str(value)) from error


def _same(one: CRS, other: CRS) -> bool:
    """Compare by EPSG code where both have one (files spell one system in many ways), else as written."""
    codes = one.to_epsg(), other.to_epsg()
    return codes[0] == codes[1] if None not in codes else one == other


def _label(crs: CRS | None) -> str:
    if crs is None:
        return "none"
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.name)


@overload
def fitting_zone(lon: float) -> int: ...
@overload
def fitting_zone(lon: NDArray[np.floating]) -> NDArray[np.int64]: ...
def fitting_zone(lon: float | NDArray[np.floating]) -> int | NDArray[np.int64]:
    """EPSG code of the 3° zone (without prefix) whose central meridian is nearest.

    Parameters
    ----------
    lon
        Longitude in degrees, one or an array; the boundary meridian itself (118.5°E) belongs to the eastern zone.

    Returns
    -------
    int or array of int
        4548 for 115.5°E to 118.5°E, 4549 for 118.5°E to 121.5°E, and so on through China; the shape of `lon`.

    Raises
    ------
    OutsideZones
        If a longitude is not finite or outside 73.5°E to 136.5°E.

    Examples
    --------
    >>> fitting_zone(118.4999), fitting_zone(118.5)
    (4548, 4549)
    """
    degrees = np.asarray(lon, dtype=np.float64)
    zone = np.floor(np.nan_to_num((degrees + WIDTH_DEG / 2) / WIDTH_DEG, nan=-1.0, posinf=-1.0, neginf=-1.0))
    outside = (zone < 25) | (zone > 45)
    if outside.any():
        raise OutsideZones(
            "No 3° zone for longitude %(lon)s.",
            hint="Longitudes come first and lie between 73.5 and 136.5 degrees east.",
            lon=float(degrees[outside].flat[0]),
        )
    epsg = (zone.astype(np.int64) - 25) + 4534
    return epsg if epsg.ndim else int(epsg)


def project(lon: ArrayLike, lat: ArrayLike, epsg: int) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude (EPSG:4490, degrees) to east and north (metres) of a plane system."""
    east, north = transformer(STORAGE, epsg).transform(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    return np.asarray(east), np.asarray(north)


def unproject(east: ArrayLike, north: ArrayLike, epsg: int) -> tuple[FloatArray, FloatArray]:
    """East and north (metres) of a plane system to longitude and latitude (EPSG:4490, degrees)."""
    lon, lat = transformer(epsg, STORAGE).transform(np.asarray(east, np.float64), np.asarray(north, np.float64))
    return np.asarray(lon), np.asarray(lat)


def prefix_zone(eastings: ArrayLike) -> int | None:
    """Tell from eastings whether they carry a zone prefix.

    Parameters
    ----------
    eastings
        Metres; values that are not finite are left out of the judgement.

    Returns
    -------
    int or None
        The zone (39 for 39,000,000 m and more, EPSG:4527; 40, EPSG:4528), or None for plain eastings.

    Raises
    ------
    AmbiguousEastings
        If there are none, if two zones or prefixed and plain ones are mixed, or if they are neither.
    """
    values = np.asarray(eastings, dtype=np.float64).ravel()
    values = values[np.isfinite(values)]
    zones = np.floor(values / 1e6).astype(np.int64)
    rest = values - zones * 1e6
    sound = (rest >= _PLAIN_RANGE_M[0]) & (rest <= _PLAIN_RANGE_M[1]) & ((zones == 0) | ((zones >= 25) & (zones <= 45)))
    kinds = np.unique(zones)
    if len(kinds) != 1 or not sound.all():
        raise AmbiguousEastings(
            "The zone of these eastings cannot be told: they run from %(low)s to %(high)s m.",
            hint="Eastings are 100,000 to 900,000 m, all without a zone number or all with the same one before them.",
            low=f"{values.min():.0f}" if len(values) else "-",
            high=f"{values.max():.0f}" if len(values) else "-",
        )
    return int(kinds[0]) or None


def suspect_gcj02(
    points: Any,
    references: Any,
    *,
    shift_m: tuple[float, float] = (533.0, 57.0),
    tolerance_m: float = 150.0,
    where: str = "",
) -> Finding | None:
    """Say whether points look like GCJ-02, the shifted system of commercial map sites.

    Beside reference points, by the middle (median) displacement. Beside polygons, by counting: the points that lie
    outside their polygons come back inside when the shift is undone, and do not for shifts of another size or
    direction. Shifted points well inside large polygons cannot be told from sound ones.

    Parameters
    ----------
    points
        GeoSeries or array of points, longitude and latitude in degrees.
    references
        As many points or polygons: where each point should be. Pairs with a missing or empty side are left out.
    shift_m
        How far east and north a GCJ-02 point lies of its true place. Round Weifang 533 m and 57 m; it changes slowly
        over the country and is no transformation: nothing is corrected with it.
    tolerance_m
        How far the displacement from reference points may differ from that.
    where
        What the finding names: the file or layer.

    Returns
    -------
    Finding or None
        Rule `likely-gcj02`, a warning; None if nothing speaks for it, or fewer than three pairs could.
    """
    point, reference = np.asarray(points, dtype=object), np.asarray(references, dtype=object)
    given = ~(shapely.is_missing(point) | shapely.is_empty(point) | shapely.is_missing(reference))
    given &= ~shapely.is_empty(reference)
    point, reference = point[given], reference[given]
    at = shapely.get_type_id(reference) == 0
    xy = shapely.get_coordinates(point)
    east, north = metres_per_degree(xy[:, 1])
    speaks = 0
    if at.sum() >= 3:
        away = xy[at] - shapely.get_coordinates(reference[at])
        moved = np.median(np.stack([away[:, 0] * east[at], away[:, 1] * north[at]], axis=1), axis=0)
        if np.hypot(*(moved - shift_m)) <= tolerance_m:
            speaks = int(at.sum())
    elif not at.any() and len(point):
        step = np.array(shift_m)
        shapely.prepare(reference)

        def outside(move: NDArray[np.float64]) -> int:
            moved = shapely.points(xy + np.stack([move[0] / east, move[1] / north], axis=1))
            return int(np.count_nonzero(~shapely.covers(reference, moved)))

        # no shift, half of it, half as much again, and two at right angles: all must leave more points outside
        left = step @ np.array([[0, 1], [-1, 0]])
        now, undone = outside(0 * step), outside(-step)
        others = [now, outside(-step / 2), outside(-step * 1.5), outside(left), outside(-left)]
        if now >= 3 and min(others) > 2 * undone:
            speaks = now - undone
    if not speaks:
        return None
    return Finding(
        "likely-gcj02",
        "warning",
        where,
        N_("%(count)s of %(total)s points lie about %(east)s m east and %(north)s m north of where they belong."),
        {"count": speaks, "total": len(point), "east": round(shift_m[0]), "north": round(shift_m[1])},
        N_("This is how GCJ-02 coordinates of a commercial map look; ask for the surveyed ones."),
    )


def to_mercator(lon: ArrayLike, lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Longitude and latitude (degrees) to the unit square of Web Mercator: 0,0 is its north-west corner.

    Latitudes beyond 85.0511° are set on the square's edge. For tiles only: never measure here.
    """
    longitude = np.asarray(lon, dtype=np.float64)
    latitude = np.clip(np.asarray(lat, dtype=np.float64), -MERCATOR_LIMIT_DEG, MERCATOR_LIMIT_DEG)
    x = longitude / 360.0 + 0.5
    y = 0.5 - np.arcsinh(np.tan(np.radians(latitude))) / (2 * np.pi)
    return x, np.clip(y, 0.0, 1.0)


def from_mercator(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Inverse of `to_mercator`: the unit square to longitude and latitude in degrees."""
    lon = (np.asarray(x, dtype=np.float64) - 0.5) * 360.0
    lat = np.degrees(np.arctan(np.sinh((0.5 - np.asarray(y, dtype=np.float64)) * 2 * np.pi)))
    return lon, lat
