"""Polygons that a line cuts: how much of each lies on either side."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString

from gis.linear.reference import locate, vertex_chainages
from gis.measure import NotGeographic, area_m2


def areas_by_side(line: LineString, polygons: Any) -> pd.DataFrame:
    """Areas of polygons left and right of a line.

    Parameters
    ----------
    line
        Longitude and latitude in degrees; left and right are as it runs.
    polygons
        GeoSeries, array or list of polygons, valid ones; missing and empty ones, and those that the line does not
        touch, have all their area on the side on which they lie.

    Returns
    -------
    DataFrame
        On the index of `polygons`: ``left_m2`` and ``right_m2`` (geodesic), ``cut`` (the line parts it: both sides have
        an area) and ``ends_inside`` (an end of the line lies in it; what is beyond the end has no side and is counted
        with the nearest place of the line).

    Raises
    ------
    NotALine
        If the line is none.
    NotGeographic
        If a GeoSeries has plane coordinates.
    """
    vertex_chainages(line)
    if isinstance(polygons, gpd.GeoSeries) and polygons.crs is not None and not polygons.crs.is_geographic:
        raise NotGeographic(
            "Areas are measured on the ellipsoid, and %(crs)s has plane coordinates.",
            hint="Transform to EPSG:4490 first.",
            crs=polygons.crs.name,
        )
    index = polygons.index if isinstance(polygons, pd.Series) else pd.RangeIndex(len(polygons))
    shapes = np.asarray(polygons, dtype=object)
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    touched = np.zeros(len(shapes), dtype=bool)
    shapely.prepare(line)
    touched[there] = shapely.intersects(line, shapes[there])
    faces: list[Any] = []
    owner: list[int] = []
    for row in np.flatnonzero(there).tolist():
        parts = _faces(line, shapes[row]) if touched[row] else [shapes[row]]
        faces += parts
        owner += [row] * len(parts)
    areas = area_m2(np.array(faces, dtype=object)) if faces else np.empty(0)
    inside = shapely.point_on_surface(np.array(faces, dtype=object)) if faces else np.empty(0, dtype=object)
    left = locate(line, inside).offset_m >= 0 if faces else np.empty(0, dtype=bool)
    sums = [np.bincount(np.array(owner, dtype=int)[side], areas[side], len(shapes)) for side in (left, ~left)]
    ends = shapely.points(shapely.get_coordinates(line)[[0, -1]])
    ends_inside = np.zeros(len(shapes), dtype=bool)
    for row in np.flatnonzero(touched).tolist():
        ends_inside[row] = bool(shapely.contains_properly(shapes[row], ends).any())
    return pd.DataFrame(
        {"left_m2": sums[0], "right_m2": sums[1], "cut": (sums[0] > 0) & (sums[1] > 0), "ends_inside": ends_inside},
        index=index,
    )


def _faces(line: LineString, polygon: Any) -> list[Any]:
    """The pieces into which a line cuts a polygon, holes left out."""
    west, south, east, north = shapely.bounds(polygon)
    margin = max(east - west, north - south)
    # the line reaches beyond the polygon on both sides: an end computed on its edge would lie a hair off it
    near = shapely.clip_by_rect(line, west - margin, south - margin, east + margin, north + margin)
    edges = shapely.union(shapely.boundary(polygon), near)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    inside: list[Any] = pieces[shapely.contains(polygon, shapely.point_on_surface(pieces))].tolist()
    return inside or [polygon]
