"""Rules for where a record lies."""

from __future__ import annotations

from functools import cache
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from gis.errors import N_
from gis.validity import find_flaws
from layers.catalogue import layer_named
from layers.records.context import Context, usable
from layers.records.rules.table import Flaws, Mask, Rule, Table
from layers.register.tables import GEOMETRY_COLUMN

FAR_M: Final = 100_000.0
"""From the city's nearest county: what lies farther is a wrong coordinate."""
BORDER_M: Final = 500.0
"""Two surveys of the same borders lie up to about this far apart: a point nearer to its county is hardly outside."""

_MISSING: Final = Rule(
    "place-missing", "error", N_("There is no place for it."), N_("Give coordinates, or set it on the map.")
)
_KIND: Final = Rule(
    "wrong-geometry", "error", N_("It is a %(value)s; the layer takes %(kind)s."), N_("Choose the layer that fits.")
)
_FAR: Final = Rule(
    "far-away",
    "error",
    N_("It lies %(distance)s km away from the city."),
    N_("Check the coordinates, their order and their system."),
)
_OUTSIDE: Final = Rule(
    "outside-county",
    "warning",
    N_("It lies %(distance)s m outside %(county)s, in %(there)s."),
    N_("Correct the place or the county."),
)
_NOWHERE: Final = Rule(
    "outside-county",
    "warning",
    N_("It lies %(distance)s m outside %(county)s."),
    N_("Correct the place or the county."),
)
_AT_BORDER: Final = Rule(
    "outside-county",
    "info",
    N_("It lies %(distance)s m outside %(county)s, at the border."),
    N_("Look at it on the map."),
)
_NEEDED: Final = frozenset({"place-names", "boundary-lines", "stakes", "tripoints", "boundary-points", "place-lines",
                            "place-areas", "place-signs", "division-areas"})  # fmt: skip


def place_needed(layer_key: str) -> bool:
    """Whether a layer's records cannot stand without a place."""
    return layer_key in _NEEDED


@cache
def _kinds(layer_key: str) -> tuple[str, frozenset[str]]:
    geometry = layer_named(layer_key).geometry
    return geometry, frozenset({geometry, geometry.removeprefix("Multi")})


def _present(table: Table) -> Mask:
    geometries = table.geometries
    return np.asarray(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)), dtype=bool)


def kinds(table: Table, _context: Context) -> Flaws:
    """A place where one is needed, of the kind that the layer takes."""
    geometries, present = table.geometries, _present(table)
    kind, taken = _kinds(table.layer_key)
    if place_needed(table.layer_key):
        for row in np.flatnonzero(~present).tolist():
            yield _MISSING.flaw(row, "", None)
    numbers = shapely.get_type_id(geometries)
    wrong = present & ~np.isin(numbers, [_TYPES.index(name) for name in taken])
    for row in np.flatnonzero(wrong).tolist():
        yield _KIND.flaw(row, "", geometries[row].geom_type, kind=kind)


_TYPES: Final = ("Point", "LineString", "LinearRing", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon",
                 "GeometryCollection")  # fmt: skip


def sound(table: Table, _context: Context) -> Flaws:
    """Geometries that are valid and on the earth: `gis.validity.find_flaws`, without what it says of heights."""
    geometries = table.geometries
    rows = np.flatnonzero(_present(table) & ~_plain_points(table))
    if not rows.size:
        return
    frame = gpd.GeoDataFrame(geometry=gpd.GeoSeries(geometries[rows], index=rows, crs=4490))
    for finding in find_flaws(frame):
        if finding.where:
            yield int(finding.where), "", "", finding


def _plain_points(table: Table) -> Mask:
    """Points within the world: there is nothing more to ask of them."""
    west, south, east, north = shapely.bounds(table.geometries).T
    point = shapely.get_type_id(table.geometries) == 0
    with np.errstate(invalid="ignore"):
        return np.asarray(point & (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90), dtype=bool)


def near(table: Table, context: Context) -> Flaws:
    """What lies in the city or near it."""
    if GEOMETRY_COLUMN not in table or not len(context.areas):
        return
    geometries = table.geometries
    on_earth = usable(geometries)
    west, south, east, north = shapely.bounds(geometries).T
    with np.errstate(invalid="ignore"):
        on_earth &= (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    around = shapely.box(*context.areas.total_bounds)
    rows = np.flatnonzero(on_earth & ~shapely.covers(around, geometries))
    if not rows.size:
        return
    distance = context.metres_from_city(geometries[rows])
    for row, metres in zip(rows.tolist(), distance.tolist(), strict=True):
        if metres > FAR_M:
            yield _FAR.flaw(row, "", _coordinates(geometries[row]), distance=f"{metres / 1000:.0f}")


def _coordinates(geometry: shapely.Geometry) -> str:
    x, y = shapely.get_coordinates(geometry)[0]
    return f"{x:.6f}, {y:.6f}"


def in_county(table: Table, context: Context) -> Flaws:
    """Points lie in the county that their code names."""
    if GEOMETRY_COLUMN not in table or "county_code" not in table:
        return
    geometries, codes = table.geometries, table.objects("county_code")
    known = set(context.areas["code"])
    wanted = usable(geometries) & np.fromiter((code in known for code in codes), dtype=bool, count=len(codes))
    there = context.counties_at(geometries)
    rows = np.flatnonzero(wanted & (there != codes))
    distance = context.metres_from_county(geometries[rows], codes[rows])
    for row, metres in zip(rows.tolist(), distance.tolist(), strict=True):
        if not 0 < metres <= FAR_M:  # on the very border, counted to the other side; or far away, which is said already
            continue
        names = {"county": context.divisions.name_of(codes[row]), "distance": f"{metres:.0f}"}
        value = _coordinates(geometries[row])
        if metres <= BORDER_M:
            yield _AT_BORDER.flaw(row, "", value, **names)
        elif there[row] is None:
            yield _NOWHERE.flaw(row, "", value, **names)
        else:
            yield _OUTSIDE.flaw(row, "", value, there=context.divisions.name_of(there[row]), **names)
