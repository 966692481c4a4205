"""Geometry on its way into a file: the target's coordinate system, zones, and families that a shapefile keeps apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import FALSE_EASTING_M, FAMILY, WIDTH_DEG, CrsMismatch, transformer
from gis.errors import N_
from gis.findings import Finding

Family = Literal["point", "line", "polygon"]
Geometries = NDArray[np.object_]

_EQUAL_TO_PROJ: Final = frozenset({4326, 4490})
"""Systems between which PROJ changes nothing: to it WGS 84 and CGCS2000 are one."""

_EARTH_RADIUS_M: Final = 6_371_000.0

_FAMILY: Final[Mapping[int, Family]] = MappingProxyType(
    {0: "point", 4: "point", 1: "line", 2: "line", 5: "line", 3: "polygon", 6: "polygon"}
)
_COLLECTION: Final = 7
_MAKERS: Final[tuple[tuple[Family, Callable[[Any], Any]], ...]] = (
    ("point", shapely.multipoints),
    ("line", shapely.multilinestrings),
    ("polygon", shapely.multipolygons),
)


@dataclass(frozen=True)
class Part:
    """The rows of one geometry family: positions in the frame and their geometries."""

    rows: NDArray[np.intp]
    geometries: Geometries


def epsg_of(frame: gpd.GeoDataFrame) -> int:
    """The frame's EPSG code; `CrsMismatch` where it does not say one."""
    code = frame.crs.to_epsg() if frame.crs is not None else None
    if code is None:
        raise CrsMismatch(
            N_("The features have no known coordinate system."), hint=N_("Set the one that they are in, then write.")
        )
    return int(code)


def usable(geometries: Geometries) -> NDArray[np.bool_]:
    """Which geometries can be written: there, not empty, every coordinate finite."""
    there = ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    there[owners[~np.isfinite(coordinates).all(axis=1)]] = False
    return there


def projected(geometries: Geometries, source: int, target: int) -> Geometries:
    """The geometries in another system; between 4490 and 4326 the same ones, as PROJ holds the two for equal.

    M values, which no format here carries through, and heights that are not finite are left out.
    """
    result = _plain(geometries)
    if source == target or {source, target} <= _EQUAL_TO_PROJ:
        return result
    change = transformer(source, target)

    def move(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = change.transform(coordinates[:, 0], coordinates[:, 1])
        return np.column_stack((x, y, *coordinates[:, 2:].T))

    high = shapely.has_z(result)  # apart: transformed together, flat ones would get a height of NaN
    for rows, include_z in ((~high, False), (high, True)):
        if rows.any():
            result[rows] = shapely.transform(result[rows], move, include_z=include_z)
    return result


def _plain(geometries: Geometries) -> Geometries:
    result = geometries.copy()
    measured = shapely.has_m(result)
    high = shapely.has_z(result)
    # by way of WKB: shapely.transform makes every coordinate of an XYZM geometry NaN (2.2)
    if (rows := measured & high).any():
        result[rows] = shapely.from_wkb(shapely.to_wkb(result[rows], output_dimension=3))
    if (rows := measured & ~high).any():
        result[rows] = shapely.from_wkb(shapely.to_wkb(result[rows], output_dimension=2))
    if high.any():
        heights, owners = shapely.get_coordinates(result[high], include_z=True, return_index=True)
        unknown = np.flatnonzero(high)[np.unique(owners[~np.isfinite(heights[:, 2])])]
        result[unknown] = shapely.force_2d(result[unknown])
    return result


def families(geometries: Geometries) -> tuple[dict[Family, Part], NDArray[np.intp], NDArray[np.intp]]:
    """Sort geometries by what one shapefile can hold.

    A geometry collection is taken apart: its row appears once in each family that it has parts of.

    Returns
    -------
    parts
        By family, in the frame's order; families without features are left out.
    bare
        Rows without a usable geometry.
    collections
        Rows that were taken apart.
    """
    there = usable(geometries)
    types = shapely.get_type_id(geometries)
    collections = np.flatnonzero(there & (types == _COLLECTION))
    result: dict[Family, Part] = {}
    taken = {int(row): _parts_of(geometries[row]) for row in collections}
    wanted: tuple[Family, ...] = ("point", "line", "polygon")
    for family in wanted:
        ids = [number for number, name in _FAMILY.items() if name == family]
        rows = np.flatnonzero(there & np.isin(types, ids))
        chosen = geometries[rows]
        extra = {row: parts[family] for row, parts in taken.items() if family in parts}
        if extra:
            rows = np.concatenate((rows, np.fromiter(extra, dtype=np.intp)))
            chosen = np.concatenate((chosen, np.array(list(extra.values()), dtype=object)))
            order = np.argsort(rows, kind="stable")
            rows, chosen = rows[order], chosen[order]
        if rows.size:
            result[family] = Part(rows, chosen)
    return result, np.flatnonzero(~there), collections


def _parts_of(collection: shapely.Geometry) -> dict[Family, shapely.Geometry]:
    pieces: Geometries = np.array([collection], dtype=object)
    while (shapely.get_type_id(pieces) >= 4).any():
        pieces = np.asarray(shapely.get_parts(pieces))
    pieces = pieces[~shapely.is_empty(pieces)]
    kinds = [_FAMILY[number] for number in shapely.get_type_id(pieces).tolist()]
    return {family: make(pieces[[kind == family for kind in kinds]]) for family, make in _MAKERS if family in kinds}


def zone_findings(geometries: Geometries, epsg: int, *, where: str) -> list[Finding]:
    """Warn of features outside the 3° zone of a plane system of the CGCS2000 family.

    Parameters
    ----------
    geometries
        In that system, metres.
    where
        What is written, for the finding.

    Returns
    -------
    list of Finding
        One warning with the number of features, the worst distance from the central meridian and how much longer a
        kilometre is there on the plane than on the ground; none where all lie inside or the system has no zone.
    """
    system = FAMILY.get(epsg)
    if system is None or system.central_meridian is None or not geometries.size:
        return []
    offset = FALSE_EASTING_M + 1e6 * (system.prefix or 0)
    bounds = shapely.bounds(geometries)
    known = np.isfinite(bounds).all(axis=1)
    if not known.any():
        return []
    corners = np.stack([bounds[known][:, pair] for pair in ([0, 1], [0, 3], [2, 1], [2, 3])])
    longitudes, _ = transformer(epsg, 4490).transform(corners[..., 0], corners[..., 1])
    degrees = np.abs(longitudes - system.central_meridian).max(axis=0)
    outside = int(np.count_nonzero(degrees > WIDTH_DEG / 2))
    if not outside:
        return []
    away_m = float(np.abs(corners[..., 0] - offset).max())
    return [
        Finding(
            "outside-zone",
            "warning",
            where,
            N_(
                "%(count)d features lie outside the 3° zone of EPSG:%(epsg)d, at most %(degrees).2f° (%(km).0f km) "
                "from the meridian %(meridian)d°E: there a kilometre is drawn up to %(stretch).0f cm too long."
            ),
            {
                "count": outside,
                "epsg": epsg,
                "degrees": float(degrees.max()),
                "km": away_m / 1000,
                "meridian": system.central_meridian,
                "stretch": 1e5 * (away_m / _EARTH_RADIUS_M) ** 2 / 2,
            },
            N_("Take EPSG:4490 for the whole city, or export each zone in its own system."),
        )
    ]


def without(objects: NDArray[np.object_], rows: NDArray[np.bool_]) -> NDArray[np.object_]:
    """The geometries or other objects with None at some rows."""
    result = objects.copy()
    result[rows] = None
    return result


def geometry_name(family: Family, geometries: Geometries) -> str:
    """OGR's name of a family's type: multi-points where one is multiple, and with Z where one has a height."""
    kind = {"point": "Point", "line": "LineString", "polygon": "Polygon"}[family]
    if family == "point" and (shapely.get_type_id(geometries) == shapely.GeometryType.MULTIPOINT.value).any():
        kind = "MultiPoint"
    return f"{kind} Z" if shapely.has_z(geometries).any() else kind


def family_of(name: str) -> Family:
    """The family of a geometry type's name, such as ``MultiPolygon``; point for what has none of its own."""
    found: dict[str, Family] = {"LineString": "line", "Polygon": "polygon"}
    return found.get(name.removesuffix(" Z").removeprefix("Multi"), "point")


def wkb(geometries: Geometries, name: str) -> NDArray[Any]:
    """Well-known binary for OGR; single points become multi-points where the layer's type asks for it."""
    if name.startswith("MultiPoint"):
        single = shapely.get_type_id(geometries) == 0
        geometries = geometries.copy()
        geometries[single] = shapely.multipoints(geometries[single][:, None])
    return np.asarray(shapely.to_wkb(geometries, output_dimension=3), dtype=object)
