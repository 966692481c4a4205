"""Measures on the CGCS2000 ellipsoid: length, area, azimuth, and the sixteen sectors of a course text."""

from __future__ import annotations

from typing import Any, ClassVar, Final, overload

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from gis.errors import Invalid

FloatArray = NDArray[np.float64]

GEOD: Final = Geod(a=6_378_137.0, rf=298.257222101)
"""The CGCS2000 ellipsoid (GB/T 22021: semi-axis in metres, inverse flattening)."""

SECTORS: Final = (
    "北", "北偏东北", "东北", "东偏东北", "东", "东偏东南", "东南", "南偏东南",
    "南", "南偏西南", "西南", "西偏西南", "西", "西偏西北", "西北", "北偏西北",
)  # fmt: skip
"""The sixteen true-north sectors clockwise; the first reaches from 348°45′ to 11°15′."""

_BOUNDARIES: Final = np.arange(16) * 22.5 + 11.25


class NotGeographic(Invalid):
    """Measures on the ellipsoid need longitude and latitude."""

    code: ClassVar[str] = "not-geographic"


@overload
def length_m(geometries: BaseGeometry) -> float: ...
@overload
def length_m(geometries: pd.Series) -> pd.Series: ...
@overload
def length_m(geometries: NDArray[Any] | list[Any]) -> FloatArray: ...
def length_m(geometries: Any) -> Any:
    """Geodesic length in metres.

    Parameters
    ----------
    geometries
        GeoSeries, array or list of geometries, or one; longitude and latitude in degrees. Lines are measured vertex
        to vertex, polygons by all their rings, points and empty geometries are 0, None is NaN.

    Returns
    -------
    Series, array or float
        As given; a Series keeps the index.

    Raises
    ------
    NotGeographic
        If a GeoSeries says that its coordinates are plane ones.
    """
    return _as_given(geometries, _lengths)


@overload
def area_m2(geometries: BaseGeometry) -> float: ...
@overload
def area_m2(geometries: pd.Series) -> pd.Series: ...
@overload
def area_m2(geometries: NDArray[Any] | list[Any]) -> FloatArray: ...
def area_m2(geometries: Any) -> Any:
    """Geodesic area in square metres, holes taken off, whatever way the rings turn.

    Parameters, returns and errors are those of `length_m`; points and lines are 0, None is NaN.
    """
    return _as_given(geometries, _areas)


def azimuth_deg(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> FloatArray:
    """True azimuth of the geodesic at its first point, degrees clockwise from north, 0 ≤ azimuth < 360.

    Arguments are broadcast against each other; where both points are the same the azimuth is NaN.
    """
    forward, _, distance = _inverse(lon1, lat1, lon2, lat2)
    azimuth = np.mod(forward, 360.0)
    # a tiny negative angle is 360.0 after the remainder
    azimuth = np.where(azimuth >= 360.0, 0.0, azimuth)
    return np.where(distance > 0.0, azimuth, np.nan)


def distance_m(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> FloatArray:
    """Geodesic distance in metres; arguments are broadcast against each other."""
    return _inverse(lon1, lat1, lon2, lat2)[2]


def metres_per_degree(lat: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Metres of one degree eastward and of one degree northward at a latitude, on the ellipsoid.

    For offsets of up to some kilometres: N cos φ · π/180 and M · π/180, with the radii of curvature N and M.
    """
    phi = np.radians(np.asarray(lat, dtype=np.float64))
    root = np.sqrt(1.0 - GEOD.es * np.sin(phi) ** 2)
    east = GEOD.a / root * np.cos(phi) * np.pi / 180.0
    north = GEOD.a * (1.0 - GEOD.es) / root**3 * np.pi / 180.0
    return np.asarray(east), np.asarray(north)


@overload
def sector16(azimuth: float) -> str: ...
@overload
def sector16(azimuth: NDArray[np.floating]) -> NDArray[np.str_]: ...
def sector16(azimuth: float | NDArray[np.floating]) -> str | NDArray[np.str_]:
    """Chinese name of the sector of 22.5° in which an azimuth lies.

    Parameters
    ----------
    azimuth
        Degrees clockwise from true north, one or an array, any turn of the circle. A boundary (11°15′) belongs to
        the sector that begins there.

    Raises
    ------
    Invalid
        If an azimuth is not finite: a direction that does not exist has no name.

    Examples
    --------
    >>> sector16(0.0), sector16(11.25), sector16(348.75), sector16(-45.0)
    ('北', '北偏东北', '北', '西北')
    """
    degrees = np.asarray(azimuth, dtype=np.float64)
    if not np.isfinite(degrees).all():
        raise Invalid("An azimuth is not a finite number.", hint="Two points at one place have no direction.")
    # compared with the exact boundaries: adding half a sector first would round 11°15′ less a hair up
    place = np.searchsorted(_BOUNDARIES, np.mod(degrees, 360.0), side="right") % 16
    names: NDArray[np.str_] = np.asarray(SECTORS)[place]
    return names if names.ndim else str(names)


def _inverse(
    lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Solve the inverse geodetic problem: azimuths forward and back, and the distance."""
    given = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in (lon1, lat1, lon2, lat2)))
    # pyproj works in place on contiguous input: it gets copies
    a, b, c, d = (np.array(value) for value in given)
    forward, back, distance = GEOD.inv(a, b, c, d)
    return np.asarray(forward), np.asarray(back), np.asarray(distance)


def _as_given(geometries: Any, measure: Any) -> Any:
    """Measure an array and hand the result back in the shape of the input."""
    if geometries is None or isinstance(geometries, BaseGeometry):
        one = np.empty(1, dtype=object)
        one[0] = geometries
        return float(measure(one)[0])
    if isinstance(geometries, gpd.GeoDataFrame):
        geometries = geometries.geometry
    if isinstance(geometries, gpd.GeoSeries):
        if geometries.crs is not None and not geometries.crs.is_geographic:
            raise NotGeographic(
                "Lengths and areas are measured on the ellipsoid, and %(crs)s has plane coordinates.",
                hint="Transform to EPSG:4490 first.",
                crs=geometries.crs.name,
            )
        return pd.Series(measure(geometries.to_numpy()), index=geometries.index)
    if isinstance(geometries, pd.Series):
        return pd.Series(measure(geometries.to_numpy(dtype=object)), index=geometries.index)
    return measure(np.asarray(geometries, dtype=object))


def _lines(geometries: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """All lines and rings of the geometries, and the place of the geometry that each comes from."""
    owner = np.arange(len(geometries))
    parts = geometries
    # a collection may hold collections
    while (shapely.get_type_id(parts) >= 4).any():
        parts, places = shapely.get_parts(parts, return_index=True)
        owner = owner[places]
    kind = shapely.get_type_id(parts)
    rings, places = shapely.get_rings(parts[kind == 3], return_index=True)
    line = (kind == 1) | (kind == 2)
    return np.concatenate([parts[line], rings]), np.concatenate([owner[line], owner[kind == 3][places]])


def _lengths(geometries: NDArray[Any]) -> FloatArray:
    lines, owner = _lines(geometries)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    metres = distance_m(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    total: FloatArray = np.bincount(owner[line[1:][same]], weights=metres, minlength=len(geometries)).astype(np.float64)
    total[shapely.is_missing(geometries)] = np.nan
    return total


def _areas(geometries: NDArray[Any]) -> FloatArray:
    parts, owner = geometries, np.arange(len(geometries))
    while (shapely.get_type_id(parts) >= 4).any():
        parts, places = shapely.get_parts(parts, return_index=True)
        owner = owner[places]
    polygon = shapely.get_type_id(parts) == 3
    parts, owner = parts[polygon], owner[polygon]
    total = np.zeros(len(geometries))
    rings, place = shapely.get_rings(parts, return_index=True)
    first = np.concatenate([[True], place[1:] != place[:-1]]) if len(place) else np.zeros(0, dtype=bool)
    for ring, row, outer in zip(rings, owner[place], first, strict=True):
        xy = shapely.get_coordinates(ring)
        area = abs(GEOD.polygon_area_perimeter(xy[:, 0], xy[:, 1])[0])
        total[row] += area if outer else -area
    total[shapely.is_missing(geometries)] = np.nan
    return total
