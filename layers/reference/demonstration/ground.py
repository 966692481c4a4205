"""The ground on which everything is laid out: counties, the towns' cells inside them, and tests of where a point lies.

A town's cell is the part of its county that is nearer to the town's point than to any other town point of the same
county: cells are disjoint, and no cell leaves its county.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from layers.reference.demonstration.plane import Bools, Floats, Ints, to_degrees, to_plane

#: Points stay this far (degrees, about 30 m) from a county's line.
MARGIN_DEG = 0.0003


@dataclass
class Ground:
    """Counties and towns with their points.

    Attributes
    ----------
    counties
        The 12 counties: ``code, name, geom``.
    towns
        The 122 towns in the order of their codes, with ``lon, lat, position_source`` and ``county`` (row in counties).
    """

    counties: gpd.GeoDataFrame
    towns: pd.DataFrame

    @cached_property
    def inner(self) -> list[shapely.Geometry]:
        """County polygons drawn in by the margin, prepared."""
        polygons = [shapely.buffer(g, -MARGIN_DEG) for g in self.counties.geom]
        for polygon in polygons:
            shapely.prepare(polygon)
        return polygons

    @cached_property
    def city(self) -> shapely.Geometry:
        """The union of the 12 counties."""
        union = shapely.coverage_union_all(np.asarray(self.counties.geom.values))
        shapely.prepare(union)
        return union

    @cached_property
    def inner_city(self) -> shapely.Geometry:
        """The city drawn in by the margin, prepared."""
        polygon = shapely.buffer(self.city, -MARGIN_DEG)
        shapely.prepare(polygon)
        return polygon

    @cached_property
    def town_county(self) -> Ints:
        """County row of each town."""
        return self.towns["county"].to_numpy(dtype=np.int64)

    @cached_property
    def sites(self) -> Floats:
        """Town points on the plane, shape (122, 2)."""
        return to_plane(self.towns["lon"], self.towns["lat"])

    @cached_property
    def _trees(self) -> list[tuple[Ints, cKDTree]]:
        rows = [np.flatnonzero(self.town_county == county) for county in range(len(self.counties))]
        return [(found, cKDTree(self.sites[found])) for found in rows]

    @cached_property
    def radius(self) -> Floats:
        """Half the distance from each town to its nearest neighbour in the county, in km."""
        out = np.empty(len(self.towns))
        for rows, tree in self._trees:
            out[rows] = tree.query(self.sites[rows], k=2)[0][:, 1] / 2
        return out

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city in degrees."""
        west, south, east, north = (float(v) for v in shapely.bounds(self.city))
        return west, south, east, north

    def within_city(self, start: Floats, end: Floats) -> Bools:
        """Whether the straight connection of each pair of points stays in the city."""
        lines = shapely.linestrings(np.stack([to_degrees(start), to_degrees(end)], axis=1))
        return np.asarray(shapely.covers(self.inner_city, lines))

    def county_at(self, xy: Floats) -> Ints:
        """County row at each point, −1 outside the city or within the margin of a county's line."""
        degrees = to_degrees(xy)
        out = np.full(len(xy), -1, dtype=np.int64)
        for row, polygon in enumerate(self.inner):
            west, south, east, north = shapely.bounds(polygon)
            near = np.flatnonzero(
                (out < 0)
                & (degrees[:, 0] >= west)
                & (degrees[:, 0] <= east)
                & (degrees[:, 1] >= south)
                & (degrees[:, 1] <= north)
            )
            out[near[shapely.contains_xy(polygon, degrees[near])]] = row
        return out

    def town_at(self, xy: Floats) -> Ints:
        """Town row at each point (its cell), −1 where no county is."""
        county = self.county_at(xy)
        out = np.full(len(xy), -1, dtype=np.int64)
        for row, (towns, tree) in enumerate(self._trees):
            here = np.flatnonzero(county == row)
            if len(here):
                out[here] = towns[tree.query(xy[here])[1]]
        return out

    def belongs(self, xy: Floats, town: Ints) -> Bools:
        """Whether each point lies in the cell of its town."""
        degrees = to_degrees(xy)
        out = np.zeros(len(xy), dtype=bool)
        county = self.town_county[town]
        for row, (towns, tree) in enumerate(self._trees):
            here = np.flatnonzero(county == row)
            if len(here):
                nearest = towns[tree.query(xy[here])[1]]
                out[here] = (nearest == town[here]) & shapely.contains_xy(self.inner[row], degrees[here])
        return out

    def scatter(self, rng: np.random.Generator, anchor: Floats, town: Ints, spread_km: Floats | float) -> Floats:
        """Points about anchors that stay in their town's cell.

        Parameters
        ----------
        rng
            Source of chance.
        anchor
            Shape (n, 2), each inside the cell of its town.
        town
            Town row of each point.
        spread_km
            Standard deviation of the offset; halves every few tries for those that fell outside.
        """
        out = anchor.copy()
        open_rows = np.arange(len(anchor))
        spread = np.broadcast_to(np.asarray(spread_km, dtype=float), (len(anchor),)).copy()
        for attempt in range(40):
            if not len(open_rows):
                break
            trial = anchor[open_rows] + rng.normal(size=(len(open_rows), 2)) * spread[open_rows, None]
            good = self.belongs(trial, town[open_rows])
            out[open_rows[good]] = trial[good]
            open_rows = open_rows[~good]
            if attempt % 3 == 2:
                spread[open_rows] *= 0.5
        return out
