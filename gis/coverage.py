"""Who lives within reach of a facility, by distances on the ellipsoid.

Counts come from distances, never from buffer polygons: a buffer is a polygon of straight edges inside the circle and
loses the points between. A search tree over earth-centred coordinates finds the nearest facility by the chord through
the earth; the chord is turned into a distance along the ellipsoid. Within 20 km the two differ from the geodesic by
less than 0.05 m, and whatever lies that close to the limit is measured again as a geodesic (Karney 2013), so that no
decision depends on the approximation. The catchments' outline is for the map only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from scipy.spatial import cKDTree

from gis.crs import CrsMismatch, require_same_crs
from gis.errors import N_, Invalid

Floats = NDArray[np.float64]

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257222101  # CGCS2000, GB 22021
_ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
_GEOD = Geod(a=SEMI_MAJOR_M, f=FLATTENING)
_DOUBT_M = 0.1
_DOUBT_RATIO = 1e-5

MAX_DISTANCE_M = 100_000.0


class BadDistance(Invalid):
    """A distance that is not a positive number up to 100 km."""

    code = "bad-distance"


@dataclass(frozen=True)
class CoverageResult:
    """What a coverage question gives.

    Parameters
    ----------
    kinds, distance_m, weight, asof
        The question: facility kinds, reach in metres, the weight's key, the day (None: as at today).
    method
        How it was counted, ``{"zh": …, "en": …}``.
    facilities
        How many facilities took part.
    total
        ``weight``, ``covered``, ``share`` (None where the weight is 0), ``villages``, ``villages_covered``,
        ``villages_uncovered``, ``unknown`` (villages without a value of the weight, counted as 0).
    counties, towns
        One row a division with ``code``, ``name`` and the same sums; towns also ``county_code`` and ``county``.
    villages
        One row a village: ``uuid``, ``name``, ``code``, ``town_code``, ``county_code``, ``weight``, ``covered`` (bool),
        ``nearest_m`` (NA where there is no facility at all), geometry in EPSG:4490.
    outline
        The catchments' union for the map, in degrees, or None where it was not asked for.
    """

    kinds: tuple[str, ...]
    distance_m: float
    weight: str
    asof: str | None
    method: dict[str, str]
    facilities: int
    total: dict[str, Any]
    counties: pd.DataFrame
    towns: pd.DataFrame
    villages: gpd.GeoDataFrame
    outline: shapely.Geometry | None = None
    sources: tuple[str, ...] = field(default_factory=tuple)


def require_distance(distance_m: float) -> float:
    """The distance itself, or `BadDistance`."""
    if not (np.isfinite(distance_m) and 0 < distance_m <= MAX_DISTANCE_M):
        raise BadDistance(
            N_("A distance must be more than 0 and at most %(limit)s metres, not %(given)s."),
            limit=f"{MAX_DISTANCE_M:.0f}",
            given=f"{distance_m}",
        )
    return float(distance_m)


def earth_centred(lon: Floats, lat: Floats) -> Floats:
    """Earth-centred coordinates in metres, shape (n, 3), of degrees on the CGCS2000 ellipsoid at height 0."""
    lam, phi = np.radians(lon), np.radians(lat)
    normal = SEMI_MAJOR_M / np.sqrt(1 - _ECCENTRICITY_2 * np.sin(phi) ** 2)
    return np.column_stack(
        (
            normal * np.cos(phi) * np.cos(lam),
            normal * np.cos(phi) * np.sin(lam),
            normal * (1 - _ECCENTRICITY_2) * np.sin(phi),
        )
    )


def nearest(origins: gpd.GeoSeries, targets: gpd.GeoSeries, *, limit_m: float | None = None) -> pd.DataFrame:
    """The nearest target of each origin.

    Parameters
    ----------
    origins, targets
        Points in degrees (EPSG:4490 or equal). Empty and missing points take no part.
    limit_m
        Origins without a target within this many metres get none; None: no limit.

    Returns
    -------
    DataFrame
        On the index of ``origins``: ``target`` (label in the index of ``targets``, NA where there is none) and
        ``distance_m`` (Float64, NA where there is none).

    Examples
    --------
    >>> import geopandas as gpd
    >>> homes = gpd.GeoSeries.from_xy([119.10, 119.20], [36.71, 36.71], crs=4490)
    >>> canteens = gpd.GeoSeries.from_xy([119.11], [36.71], crs=4490)
    >>> nearest(homes, canteens)["distance_m"].round(1).tolist()
    [893.5, 8041.4]
    """
    distance, place = _nearest(*_lonlat(origins), *_lonlat(targets))
    found = np.isfinite(distance)
    if limit_m is not None:
        found &= distance <= limit_m
    labels = pd.Series(pd.NA, index=origins.index, dtype="object")
    labels[found] = targets.index.to_numpy()[place[found]]
    distances = pd.array(np.where(found, distance, np.nan), dtype="Float64")
    distances[~found] = pd.NA
    return pd.DataFrame({"target": labels, "distance_m": distances}, index=origins.index)


def _lonlat(points: gpd.GeoSeries) -> tuple[Floats, Floats]:
    return shapely.get_x(points.to_numpy()), shapely.get_y(points.to_numpy())


def nearest_m(lon: Floats, lat: Floats, target_lon: Floats, target_lat: Floats) -> Floats:
    """Distance in metres from each point to the nearest target; NaN where a point or every target is missing."""
    return _nearest(lon, lat, target_lon, target_lat)[0]


def _nearest(lon: Floats, lat: Floats, target_lon: Floats, target_lat: Floats) -> tuple[Floats, NDArray[np.intp]]:
    distance = np.full(lon.shape, np.nan)
    place = np.zeros(lon.shape, dtype=np.intp)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    there = np.flatnonzero(np.isfinite(target_lon) & np.isfinite(target_lat))
    if known.size == 0 or there.size == 0:
        return distance, place
    tree = cKDTree(earth_centred(target_lon[there], target_lat[there]))
    chord, which = tree.query(earth_centred(lon[known], lat[known]))
    place[known] = there[which]
    # the arc of a circle that bends as the ellipsoid does here on average
    phi = np.radians(lat[known])
    radius = SEMI_MAJOR_M * np.sqrt(1 - _ECCENTRICITY_2) / (1 - _ECCENTRICITY_2 * np.sin(phi) ** 2)
    distance[known] = 2 * radius * np.arcsin(np.minimum(chord / (2 * radius), 1))
    return distance, place


def within(
    lon: Floats, lat: Floats, target_lon: Floats, target_lat: Floats, distance_m: float
) -> tuple[NDArray[np.bool_], Floats]:
    """Which points have a target within the distance, and the distance to the nearest.

    Points closer to the limit than the method's error are measured again as geodesics.
    """
    distance, place = _nearest(lon, lat, target_lon, target_lat)
    doubtful = np.flatnonzero(np.abs(distance - distance_m) <= np.maximum(_DOUBT_M, _DOUBT_RATIO * distance_m))
    if doubtful.size:
        _, _, exact = _GEOD.inv(lon[doubtful], lat[doubtful], target_lon[place[doubtful]], target_lat[place[doubtful]])
        distance[doubtful] = exact
    return distance <= distance_m, distance


def cover(
    places: gpd.GeoDataFrame, facilities: gpd.GeoDataFrame, *, distance_m: float, weight: str | None = None
) -> gpd.GeoDataFrame:
    """Which places have a facility within reach.

    Parameters
    ----------
    places, facilities
        Points in degrees, both in the same geographic system (EPSG:4490 or 4326).
    distance_m
        Reach in metres along the ellipsoid, more than 0 and at most 100 km.
    weight
        A numeric column of ``places``; None: each place weighs 1. Missing values weigh 0.

    Returns
    -------
    GeoDataFrame
        The places, on their index, with ``covered`` (bool), ``nearest_m`` (Float64, NA where nothing can be measured)
        and ``weight_covered`` (the weight where covered, else 0).

    Raises
    ------
    BadDistance, CrsMismatch
        Also where the system is a plane one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> villages = gpd.GeoDataFrame(
    ...     {"name": ["甲村", "乙村"], "people": [900, 600]},
    ...     geometry=gpd.points_from_xy([119.10, 119.20], [36.71, 36.71]), crs=4490)
    >>> canteens = gpd.GeoDataFrame(geometry=gpd.points_from_xy([119.11], [36.71]), crs=4490)
    >>> answer = cover(villages, canteens, distance_m=1000, weight="people")
    >>> answer["covered"].tolist(), float(answer["weight_covered"].sum())
    ([True, False], 900.0)
    """
    require_distance(distance_m)
    if not require_same_crs(places, facilities).is_geographic:
        raise CrsMismatch(
            N_("Coverage is measured from longitudes and latitudes, not from plane coordinates."),
            hint=N_("Transform both first: GeoDataFrame.to_crs(4490)."),
        )
    covered, distance = within(*_lonlat(places.geometry), *_lonlat(facilities.geometry), distance_m)
    weights = (
        np.ones(len(places)) if weight is None else places[weight].astype("Float64").fillna(0).to_numpy(np.float64)
    )
    nearest_column = pd.array(distance, dtype="Float64")
    nearest_column[np.isnan(distance)] = pd.NA
    return places.assign(covered=covered, nearest_m=nearest_column, weight_covered=np.where(covered, weights, 0.0))


def sums(groups: pd.Series, names: pd.Series, weights: Floats, covered: NDArray[np.bool_]) -> pd.DataFrame:
    """Covered weight and villages of each group.

    Parameters
    ----------
    groups
        Shape (villages,), each village's division code.
    names
        Index of codes, the divisions' names; a division without villages is listed with zeros.

    Returns
    -------
    DataFrame
        ``code``, ``name``, ``weight``, ``covered``, ``share`` (NA where the weight is 0), ``villages``,
        ``villages_covered``; in the order of ``names``.
    """
    codes = pd.Index(names.index)
    place = codes.get_indexer(groups.to_numpy())
    known = place >= 0
    count = len(codes)

    def total(values: Floats) -> Floats:
        return np.bincount(place[known], weights=values[known], minlength=count).astype(np.float64)

    weight = total(weights)
    hit = total(weights * covered)
    share = pd.array(np.divide(hit, weight, out=np.full(count, np.nan), where=weight > 0), dtype="Float64")
    share[weight <= 0] = pd.NA
    return pd.DataFrame(
        {
            "code": codes.to_numpy(),
            "name": names.to_numpy(),
            "weight": weight,
            "covered": hit,
            "share": share,
            "villages": total(np.ones(len(groups))).astype(np.int64),
            "villages_covered": total(covered.astype(np.float64)).astype(np.int64),
        }
    )


def outline(lon: Floats, lat: Floats, distance_m: float, *, corners: int = 48) -> shapely.Geometry:
    """The union of the circles round the points, in degrees, for the map only.

    Each circle is a polygon of ``corners`` corners whose area equals the circle's; radii follow the ellipsoid's
    curvature along the meridian and the parallel.
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    points = np.unique(np.column_stack((lon[known], lat[known])), axis=0)
    if not len(points):
        return shapely.MultiPolygon()
    phi = np.radians(points[:, 1])
    root = 1 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    meridian = SEMI_MAJOR_M * (1 - _ECCENTRICITY_2) / root**1.5
    normal = SEMI_MAJOR_M / np.sqrt(root)
    angle = np.linspace(0, 2 * np.pi, corners + 1)
    swell = np.sqrt((2 * np.pi / corners) / np.sin(2 * np.pi / corners))
    radius = distance_m * swell
    east = np.degrees(radius / (normal * np.cos(phi)))[:, None] * np.cos(angle)
    north = np.degrees(radius / meridian)[:, None] * np.sin(angle)
    rings = np.stack((points[:, :1] + east, points[:, 1:] + north), axis=-1)
    rings[:, -1] = rings[:, 0]
    return shapely.union_all(shapely.polygons(rings))
